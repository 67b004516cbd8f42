"""A small course with every kind of question, whose keys rest on the small content of the tests."""

from typing import Any

from courses.course import Course, Policy, Show
from courses.question import (
    Accepted,
    Cloze,
    Criterion,
    Essay,
    Figure,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Pair,
    PromptPractice,
    Question,
    ShortText,
    SingleChoice,
    SourceRef,
    Tick,
    TrueFalse,
)

QUESTIONS: dict[str, Question] = {
    question.id: question
    for question in (
        SingleChoice(
            id="one",
            text="Hvad er en prompt?",
            options=(
                Option(id="a", text="En besked til en sprogmodel", fraction=1.0, feedback="Ja."),
                Option(id="b", text="En fejl i et program"),
                Option(id="c", text="Næsten en besked", fraction=0.5),
            ),
            feedback="En prompt er det, du skriver.",
            tags=("tjek",),
        ),
        MultipleChoice(
            id="many",
            text="Hvad må du ikke skrive?",
            options=(
                Tick(id="a", text="CPR-numre", correct=True),
                Tick(id="b", text="Navne på borgere", correct=True),
                Tick(id="c", text="En opdigtet sag"),
                Tick(id="d", text="Et udkast til en nyhed"),
            ),
            tags=("tjek",),
        ),
        MultipleChoice(
            id="none",
            text="Hvad er rigtigt?",
            options=(Tick(id="a", text="Måner er af ost"), Tick(id="b", text="Fisk går på land")),
            tags=("tjek",),
        ),
        TrueFalse(id="true", text="En sprogmodel kan tage fejl.", answer=True, feedback_false="Jo.", tags=("tjek",)),
        Matching(
            id="pairs",
            text="Hvad hører sammen?",
            pairs=(
                Pair(id="p", left="DPIA", right="Konsekvensanalyse"),
                Pair(id="q", left="FRIA", right="Grundrettigheder"),
                Pair(id="r", left="RAG", right="Opslag i kilder"),
            ),
            distractors=("Løn",),
            tags=("tjek",),
        ),
        Ordering(
            id="order",
            text="Hvad kommer først?",
            items=(Item(id="x", text="Må vi?"), Item(id="y", text="Kan vi?"), Item(id="z", text="Vil vi?")),
            tags=("tjek",),
        ),
        ShortText(
            id="word",
            text="Hvad hedder en konsekvensanalyse forkortet?",
            accepted=(Accepted(text="DPIA"), Accepted(text="Analyse", fraction=0.5)),
            tags=("tjek",),
        ),
        Numeric(
            id="hours",
            text="Hvor mange timer?",
            figures=(Figure(value=72, tolerance=0.5),),
            unit="timer",
            tags=("tjek",),
        ),
        Cloze(
            id="gaps",
            text="Et brud anmeldes inden {{t}} timer til {{w}}.",
            gaps=(
                Gap(id="t", figures=(Figure(value=72),)),
                Gap(id="w", options=(Option(id="dt", text="Datatilsynet", fraction=1.0), Option(id="kl", text="KL"))),
            ),
            tags=("tjek",),
        ),
        Essay(
            id="essay",
            text="Hvordan vil du hjælpe dine kolleger?",
            rubric=(Criterion(id="r1", text="Konkret", points=2), Criterion(id="r2", text="Lovligt", points=2)),
        ),
        PromptPractice(
            id="prompt",
            text="En børnehave vil skrive til forældre om madpakker.",
            needs=(("børnehave",), ("forældre",), ("madpakke",)),
            hints=("Skriv, hvem teksten er til.", "Skriv, hvor lang den skal være."),
            model_prompt="Skriv et brev til forældre i børnehaven om madpakker.",
            model_result="Kære forældre",
            weak_prompt="Skriv om mad",
            weak_result="Mad er godt",
        ),
    )
}
RIGHT: dict[str, Any] = {
    "one": "a",
    "many": ["a", "b"],
    "none": [],
    "true": True,
    "pairs": {"p": "Konsekvensanalyse", "q": "Grundrettigheder", "r": "Opslag i kilder"},
    "order": ["x", "y", "z"],
    "word": " dpia ",
    "hours": "72",
    "gaps": {"t": "72,0", "w": "dt"},
}


def cited(question: Question) -> Question:
    """The question resting on a passage of the small content."""
    ref = SourceRef(source="copilot", section="hvad-copilot-er", quote="Copilot")
    return question.model_copy(update={"sources": (ref,)})


def small_course(
    key: str = "lille-kursus",
    *,
    policy: Policy | None = None,
    questions: dict[str, Question] | None = None,
    open_to_all: bool = True,
    **more: Any,
) -> Course:
    """A course of one module: a lesson, a practice, an essay that is optional, and the final of nine questions.

    The final shows the key after handing in and passes at 60 %, unless `policy` says otherwise.
    """
    bank = {**QUESTIONS, **(questions or {})}
    slots = [{"question": one} for one in RIGHT]
    final = {
        "kind": "quiz",
        "id": "final",
        "title": "Afsluttende prøve",
        "slots": slots,
        "requires": ["laes"],
        "policy": policy or Policy(pass_at=0.6, show=Show.AFTER_SUBMIT),
    }
    return Course.model_validate(
        {
            "id": key,
            "title": "Et lille kursus",
            "summary": "Om lidt af hvert.",
            "audience": "Alle",
            "open_to_all": open_to_all,
            "final": "final",
            "certificate": {"valid_months": 24, "window_days": 90, "by_reviews": True},
            "modules": [
                {
                    "id": "modul",
                    "title": "Modul",
                    "summary": "Kort.",
                    "activities": [
                        {
                            "kind": "lesson",
                            "id": "laes",
                            "title": "Læs",
                            "text": "Før\n\n## Et\n\nTekst om Copilot.\n\n## To\n\nMere.",
                        },
                        {"kind": "practice", "id": "oev", "title": "Øv", "question": "prompt", "requires": ["laes"]},
                        {
                            "kind": "quiz",
                            "id": "skriv",
                            "title": "Skriv",
                            "slots": [{"question": "essay"}],
                            "optional": True,
                        },
                        final,
                    ],
                    "questions": list(bank.values()),
                }
            ],
            **more,
        }
    )
