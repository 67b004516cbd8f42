"""The quality gate: planted flaws are found, the house's own questions pass, and an edit asks anew."""

import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.authoring.gate import Finding, Rule, citation_findings, findings
from courses.content import course_folders, load_course
from courses.course import Lesson
from courses.passages import Shelf
from courses.question import QUESTION, Question
from tests.fakes import indexed, version

SOURCE = {"source": "kilde", "section": "afsnit", "quote": "Adgangen lukkes efter 90 dage."}
PICTURE = "![Et skema](data:image/svg+xml;base64,MDEwMTkwLTEyMzQgMTIzNDU2Nzg=)"


def question(kind: str, text: str, **more: Any) -> Question:
    """A question without flaws of its own."""
    return QUESTION.validate_python(
        {"id": "q-1", "type": kind, "text": text, "feedback": "Det står i kilden.", "sources": [SOURCE], **more}
    )


def single(text: str, right: str, *wrong: str, **more: Any) -> Question:
    """A single choice."""
    options = [{"id": "a", "text": right, "fraction": 1}]
    options += [{"id": f"w{number}", "text": one} for number, one in enumerate(wrong)]
    return question("single", text, options=options, **more)


def multiple(text: str, right: list[str], wrong: list[str], **more: Any) -> Question:
    """A multiple choice."""
    options = [{"id": f"o{n}", "text": one, "correct": n < len(right)} for n, one in enumerate([*right, *wrong])]
    return question("multiple", text, options=options, **more)


def lesson(text: str, **more: Any) -> Lesson:
    """A lesson without flaws of its own."""
    return Lesson.model_validate({"id": "l-1", "title": "En lektion", "text": text, "sources": [SOURCE], **more})


def rules(*questions: Question) -> list[tuple[str, str]]:
    """Rule and severity of what is found."""
    return [(one.rule.value, one.severity) for one in findings(questions, [])]


CLEAN = single("Hvornår lukkes adgangen?", "Efter 90 dage", "Efter 30 dage", "Efter 10 dage")


def test_a_good_question_passes() -> None:
    assert rules(CLEAN) == []


@pytest.mark.parametrize(
    ("flawed", "expected"),
    [
        (
            single(
                "Hvad gør du?",
                "Ringer tilbage på et nummer, som du selv har fundet, og spørger så din leder til råds",
                "Lægger på uden at sige noget",
                "Svarer på spørgsmålet",
            ),
            ("key_longest", "look"),
        ),
        (
            single("Hvad gælder?", "Du må gerne", "Du må altid spørge", "Du må bare ringe"),
            ("absolute_words", "look"),
        ),
        (
            single("Hvad gælder?", "Nogle må gerne", "Alle må gerne", "Ingen må gerne"),
            ("absolute_words", "look"),
        ),
        (question("true_false", "Et svar fra AI er altid rigtigt.", answer=False), ("absolute_words", "look")),
        (multiple("Hvad må du?", ["Skrive", "Læse"], []), ("all_right", "look")),
        (multiple("Hvad må du?", ["Skrive", "Læse", "Alle ovenstående"], ["Slette"]), ("all_of_the_above", "stop")),
        (
            single("Hvad må du?", "Alle de nævnte svar", "Skrive", "Læse", shuffle=False),
            ("all_of_the_above", "look"),
        ),
        (single("Hvad må du?", "Begge svarene ovenfor", "Skrive", "Læse"), ("all_of_the_above", "stop")),
        (single("Hvad må du?", "A og B", "Skrive", "Læse"), ("all_of_the_above", "look")),
        (single("Hvad kan du gøre?", "Alle parter skal høres", "Intet", "Ingen svarer"), None),
        (single("Hvad må du?", "Skrive", "Læse.", "læse"), ("same_options", "stop")),
        (
            question("ordering", "Sæt i rækkefølge.", items=[{"id": "a", "text": "Læs"}, {"id": "b", "text": "Læs!"}]),
            ("same_options", "stop"),
        ),
        (single("Hvad må du?", "Skrive", "Læse", sources=[]), ("no_source", "look")),
        (single("Hvad må du?", "Skrive", "Læse", feedback=" "), ("no_explanation", "look")),
        (
            question("short_text", "Hvad kaldes en prompt med ét ord?", accepted=[{"text": "Prompt"}]),
            ("answer_in_text", "look"),
        ),
        (
            question("cloze", "En chatbot er en {{a}}.", gaps=[{"id": "a", "accepted": [{"text": "chatbot"}]}]),
            ("answer_in_text", "look"),
        ),
        (single("Hvad må du ikke skrive?", "Et CPR-nummer", "En idé"), ("unmarked_negation", "look")),
        (single("Hvad må du IKKE skrive?", "Et CPR-nummer", "En idé"), None),
        (single("Hvad må du **ikke** skrive?", "Et CPR-nummer", "En idé"), None),
        (single("Hvad gør du, når du ikke kender svaret?", "Spørger", "Gætter"), None),
        (single("Værktøjet er ikke godkendt. Hvad gør du?", "Spørger", "Gætter"), None),
        (
            single("Hvad er **ikke** rigtigt?", "Du må ikke skrive CPR-numre", "Du må skrive en idé"),
            ("double_negation", "look"),
        ),
        (single("Hvad er **ikke** ulovligt?", "At skrive", "At dele"), ("double_negation", "look")),
        (question("true_false", "Du må **ikke** bruge AI til en idé.", answer=False), ("double_negation", "look")),
        (question("true_false", "Du må **ikke** skrive CPR-numre.", answer=True), None),
        (single("Hvem ringer du til?", "Borgeren på 010190-1234", "Din leder"), ("personal_data", "stop")),
        (single("Hvad gælder for Mette Hansens depression?", "Tavshedspligt", "Intet"), ("personal_data", "look")),
    ],
)
def test_planted_flaws(flawed: Question, expected: tuple[str, str] | None) -> None:
    if expected is None:
        assert rules(flawed) == []
    else:
        assert rules(flawed) == [expected]


def test_the_mark_and_the_key_are_not_confused() -> None:
    long_wrong = single(
        "Hvad gør du?",
        "Spørger din leder først",
        "Ringer tilbage på et nummer, som du selv har fundet på nettet, og siger det",
    )
    assert rules(long_wrong) == []
    fair = single("Hvad gælder?", "Du må kun skrive en idé", "Du må kun læse", "Du må altid slette")
    assert rules(fair) == []


def test_hard_texts_are_told_with_their_numbers() -> None:
    hard = (
        "Databehandleraftalen forpligter leverandøren til dokumentation af underdatabehandlernes sikkerhedsforanstaltninger. "
        * 4
    )
    seen = findings([single(hard + "Hvad gælder?", "Ja", "Nej")], [lesson(hard)])
    assert [(one.rule, one.part) for one in seen] == [
        (Rule.HARD_TO_READ, "question:q-1"),
        (Rule.HARD_TO_READ, "lesson:l-1"),
    ]
    assert "lixtal" in seen[1].message
    assert "meget svær" in seen[1].message
    assert findings([], [lesson("Du må gerne spørge. Læs svaret, og ret det. " * 10)]) == []


def test_a_lesson_shows_its_sources_and_no_personal_data_and_a_picture_is_no_text() -> None:
    assert [one.rule for one in findings([], [lesson("Læs det.", sources=[])])] == [Rule.NO_SOURCE]
    stopped = findings([], [lesson("Ring til borgeren på 010190-1234.")])
    assert [(one.rule, one.severity) for one in stopped] == [(Rule.PERSONAL_DATA, "stop")]
    assert "010190" not in stopped[0].message
    assert findings([], [lesson(f"Læs det.\n\n{PICTURE}")]) == []


DEADLINE = "Hvor mange timer har kommunen til at anmelde et databrud til Datatilsynet?"


def test_alike_questions_are_shown_side_by_side() -> None:
    one = question("numeric", DEADLINE, id="en", figures=[{"value": 72}])
    other = question(
        "numeric",
        "Hvor mange timer har en kommune til at anmelde databrud til Datatilsynet?",
        id="to",
        figures=[{"value": 72}],
    )
    (seen,) = findings([one, CLEAN, other], [])
    assert (seen.rule, seen.part) == (Rule.ALIKE, "question:to")
    assert DEADLINE in seen.message
    assert findings([one, CLEAN], [], [other])[0].part == "question:en"
    assert "imod" not in seen.message


def test_opposites_are_said_to_be_opposites() -> None:
    may = question("true_false", "Medarbejdere må optage et møde med en privat telefon.", id="en", answer=False)
    may_not = question(
        "true_false", "Medarbejdere må **ikke** optage et møde med en privat telefon.", id="to", answer=True
    )
    (seen,) = findings([may, may_not], [])
    assert seen.rule is Rule.ALIKE
    assert "imod" in seen.message


def test_a_question_is_not_compared_with_itself_as_it_was() -> None:
    assert findings([CLEAN], [], [CLEAN]) == []


def test_the_same_instruction_over_other_pairs_is_another_question() -> None:
    def pairs(key: str, *texts: tuple[str, str]) -> Question:
        listed = [{"id": f"p{n}", "left": left, "right": right} for n, (left, right) in enumerate(texts)]
        return question("matching", "Find den forklaring, der hører til hvert begreb.", id=key, pairs=listed)

    one = pairs("en", ("Prompt", "Beskeden til værktøjet"), ("Bias", "Skævhed i en model"))
    other = pairs("to", ("Partshøring", "Borgeren udtaler sig"), ("Aktindsigt", "Borgeren ser sagens papirer"))
    assert findings([one, other], []) == []


def test_an_edit_asks_anew_and_a_rerun_does_not() -> None:
    def only(one: Question) -> Finding:
        (seen,) = findings([one], [])
        return seen

    negated = single("Hvad må du ikke skrive?", "Et CPR-nummer", "En idé", id="q" * 80)
    edited = single("Hvad må du ikke skrive?", "Et CPR-nummer", "En god idé", id="q" * 80)
    assert only(negated).key == only(negated).key != only(edited).key
    assert len(only(negated).key) <= 200


@given(st.text(min_size=1, max_size=80), st.lists(st.text(min_size=1, max_size=40), min_size=2, max_size=4))
def test_any_question_can_be_looked_at(text: str, options: list[str]) -> None:
    told = question("true_false", text, id="q-3", answer=False)
    asked = [single(text, *options), multiple(text, options[:1], options[1:], id="q-2"), told]
    assert {one.part for one in findings(asked, [lesson(text)])} <= {
        "question:q-1",
        "question:q-2",
        "question:q-3",
        "lesson:l-1",
    }


def test_what_stops_comes_first_and_every_rule_has_a_name() -> None:
    seen = findings([single("Hvad må du ikke?", "Skrive", "Læse", "læse", feedback="")], [])
    assert [one.severity for one in seen] == ["stop", "look", "look"]
    assert all(rule.danish for rule in Rule)


def test_a_quote_must_stand_in_the_section_it_names() -> None:
    shelf = Shelf([indexed("Adgangen lukkes  efter 90 dage. Spørg din leder.", version("kilde"))])
    assert citation_findings([CLEAN], shelf) == []
    changed = Shelf([indexed("Adgangen lukkes efter 30 dage. Spørg din leder.", version("kilde"))])
    (seen,) = citation_findings([CLEAN], changed)
    assert (seen.rule, seen.severity, seen.part) == (Rule.LOST_QUOTE, "stop", "question:q-1")
    moved = Shelf([indexed("Adgangen lukkes efter 90 dage.", version("kilde"), heading="Et andet sted")])
    assert len(citation_findings([CLEAN, lesson("Læs det.")], moved)) == 2


def shipped(folder: Path) -> tuple[dict[str, Question], dict[str, Lesson]]:
    """The shipped questions and lessons by id."""
    courses = [load_course(one) for one in course_folders(folder / "courses")]
    lessons = {one.id: one for course in courses for one in course.activities if isinstance(one, Lesson)}
    return {key: one for course in courses for key, one in course.questions.items()}, lessons


def test_the_shipped_courses_pass_but_for_what_a_reviewer_would_say_too(shipped_content: Path) -> None:
    questions, lessons = shipped(shipped_content)
    seen = findings(questions.values(), lessons.values())
    assert [one for one in seen if one.severity == "stop"] == []
    assert len(seen) <= len(questions) * 0.06


def test_two_thousand_questions_are_compared_in_a_few_seconds(shipped_content: Path) -> None:
    questions, _ = shipped(shipped_content)
    many = [one.model_copy(update={"id": f"{key}-{n}"}) for n in range(13) for key, one in questions.items()]
    started = time.perf_counter()
    seen = findings(list(questions.values())[:50], [], many)
    assert time.perf_counter() - started < 10
    assert sum(one.rule is Rule.ALIKE for one in seen) == 50
