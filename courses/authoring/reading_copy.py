"""A part of a course as lines that a person can read and compare: a Danish label, and the text that stands there."""

from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Any

from courses.authoring.manuscript import Chapter, Heading, Part, Settings
from courses.course import Lesson, Policy, Practice, Quiz, Show, Slot
from courses.question import (
    Accepted,
    Cloze,
    Essay,
    Figure,
    Gap,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    PromptPractice,
    Question,
    ShortText,
    SingleChoice,
    SourceRef,
    TrueFalse,
)
from rag.passages import text_hash

Line = tuple[str, str]
SHOW = {
    Show.AT_ONCE: "Efter hvert svar",
    Show.AFTER_SUBMIT: "Når prøven er afleveret",
    Show.WHEN_DONE: "Når prøven er bestået, eller forsøgene er brugt",
    Show.NEVER: "Aldrig",
}
_YES = {True: "Ja", False: "Nej"}


def lines(part: Part) -> list[Line]:
    """The lines of a part; a label stands once."""
    return list(_LINES[type(part)](part))


def title(part: Part) -> str:
    """What a part is called in a list: its title, or how the text of a question begins."""
    return (
        part.title if isinstance(part, Settings | Heading | Chapter | Lesson | Quiz | Practice) else _short(part.text)
    )


def percent(fraction: float) -> str:
    """0.5 as 50 %"""
    return f"{fraction * 100:.5g} %".replace(".", ",")


def slot_text(slot: Slot, modules: Mapping[str, str] = MappingProxyType({})) -> str:
    """A place of a quiz in words; `modules` gives the titles of modules by id."""
    if slot.pool is None:
        return f"Spørgsmålet {slot.question}"
    among = f" med emnet {', '.join(slot.pool.tags)}" if slot.pool.tags else ""
    where = f" i {', '.join(modules.get(key, key) for key in slot.pool.modules)}" if slot.pool.modules else ""
    return f"{slot.pool.count} tilfældige spørgsmål{among}{where}"


def _short(text: str) -> str:
    first = " ".join(text.split())
    return first if len(first) <= 90 else f"{first[:89].rstrip()}…"


def _settings(part: Settings) -> Iterator[Line]:
    yield "Titel", part.title
    yield "Kort om kurset", part.summary
    yield "Målgruppe", part.audience
    yield "Åbent for alle", _YES[part.open_to_all]
    yield "Afsluttende prøve", part.final or "–"
    if part.certificate:
        rules = part.certificate
        yield "Bevis", f"Gælder {rules.valid_months} måneder, kan fornys {rules.window_days} dage før"
        yield "Fornyes ved genopfriskning", _YES[rules.by_reviews]
    else:
        yield "Bevis", "Intet"


def _heading(part: Heading) -> Iterator[Line]:
    yield "Titel", part.title
    yield "Kort om modulet", part.summary


def _chapter(part: Chapter) -> Iterator[Line]:
    yield "Titel", part.title
    yield "Kort om modulet", part.summary
    yield "Lektioner, prøver og øvelser", ", ".join(f"“{one.title}”" for one in part.activities) or "–"
    yield "Antal spørgsmål", str(len(part.questions))


def _sources(sources: tuple[SourceRef, ...]) -> Iterator[Line]:
    for place, ref in enumerate(sources, 1):
        yield f"Kilde {place}", f"{ref.source}, {ref.section}: “{ref.quote}”"


def _lesson(part: Lesson) -> Iterator[Line]:
    yield "Titel", part.title
    yield "Minutter", str(part.minutes)
    yield "Kræver", ", ".join(part.requires) or "–"
    for place, paragraph in enumerate((one for one in part.text.split("\n\n") if one.strip()), 1):
        yield f"Afsnit {place}", paragraph.strip()
    yield from _sources(part.sources)


def _quiz(part: Quiz) -> Iterator[Line]:
    yield "Titel", part.title
    yield "Om prøven", part.about
    yield "Minutter", str(part.minutes)
    yield "Kræver", ", ".join(part.requires) or "–"
    yield "Frivillig", _YES[part.optional]
    for place, slot in enumerate(part.slots, 1):
        yield f"Plads {place}", slot_text(slot)
    yield from _policy(part.policy)


def _policy(policy: Policy) -> Iterator[Line]:
    yield "Bestået ved", percent(policy.pass_at)
    yield "Forsøg", str(policy.attempts or "Så mange, man vil")
    yield "Timer mellem forsøg", f"{policy.wait_hours:g}".replace(".", ",")
    yield "Tidsgrænse", f"{policy.minutes} minutter" if policy.minutes else "Ingen"
    yield "Hvilket forsøg tæller", policy.scoring.value
    yield "Bland spørgsmål", _YES[policy.shuffle_questions]
    yield "Bland svar", _YES[policy.shuffle_options]
    yield "Facit vises", SHOW[policy.show]


def _practice(part: Practice) -> Iterator[Line]:
    yield "Titel", part.title
    yield "Minutter", str(part.minutes)
    yield "Kræver", ", ".join(part.requires) or "–"
    yield "Promptøvelse", part.question


def _question(answers: Callable[[Any], Iterator[Line]]) -> Callable[[Any], Iterator[Line]]:
    def found(part: Question) -> Iterator[Line]:
        yield "Spørgsmål", part.text
        yield from answers(part)
        yield "Forklaring", part.feedback
        yield "Point", f"{part.points:g}".replace(".", ",")
        yield "Emner", ", ".join(part.tags) or "–"
        yield "Svar må blandes", _YES[part.shuffle]
        yield from _sources(part.sources)

    return found


def _worth(text: str, fraction: float, feedback: str) -> str:
    return f"{text} ({percent(fraction)})" + (f" – {feedback}" if feedback else "")


def _options(options: tuple[Option, ...], label: str = "Svar") -> Iterator[Line]:
    for one in options:
        yield f"{label} {one.id}", _worth(one.text, one.fraction, one.feedback)


def _single(part: SingleChoice) -> Iterator[Line]:
    yield from _options(part.options)


def _multiple(part: MultipleChoice) -> Iterator[Line]:
    for one in part.options:
        yield f"Svar {one.id}", _worth(one.text, float(one.correct), one.feedback)


def _true_false(part: TrueFalse) -> Iterator[Line]:
    yield "Facit", "Sandt" if part.answer else "Falsk"
    yield "Til dem, der svarer sandt", part.feedback_true
    yield "Til dem, der svarer falsk", part.feedback_false


def _matching(part: Matching) -> Iterator[Line]:
    for one in part.pairs:
        yield f"Par {one.id}", f"{one.left} → {one.right}"
    yield "Hører ingen steder til", ", ".join(part.distractors) or "–"


def _ordering(part: Ordering) -> Iterator[Line]:
    yield "Rigtig rækkefølge", " → ".join(one.text for one in part.items)


def _texts(accepted: tuple[Accepted, ...], label: str = "Godtaget svar") -> Iterator[Line]:
    for place, one in enumerate(accepted, 1):
        yield f"{label} {place}", _worth(one.text, one.fraction, one.feedback)


def _figures(figures: tuple[Figure, ...], label: str = "Godtaget tal") -> Iterator[Line]:
    for place, one in enumerate(figures, 1):
        value = f"{one.value:.12g} ± {one.tolerance:.12g}".replace(".", ",")
        yield f"{label} {place}", _worth(value, one.fraction, one.feedback)


def _short_text(part: ShortText) -> Iterator[Line]:
    yield from _texts(part.accepted)
    yield "Forskel på store og små bogstaver", _YES[part.case_sensitive]


def _numeric(part: Numeric) -> Iterator[Line]:
    yield from _figures(part.figures)
    yield "Enhed", part.unit or "–"


def _cloze(part: Cloze) -> Iterator[Line]:
    for gap in part.gaps:
        yield from _gap(gap)


def _gap(gap: Gap) -> Iterator[Line]:
    label = f"Hul {gap.id}, svar"
    yield f"Hul {gap.id}, vægt", f"{gap.points:g}".replace(".", ",")
    yield from _options(gap.options, label)
    yield from _texts(gap.accepted, label)
    yield from _figures(gap.figures, label)


def _essay(part: Essay) -> Iterator[Line]:
    for one in part.rubric:
        yield f"Bedømmelse {one.id}", f"{one.text} ({one.points:g} point)".replace(".", ",")
    yield "Et godt svar", part.model_answer
    yield "Højeste antal ord", str(part.most_words)


def _prompt(part: PromptPractice) -> Iterator[Line]:
    for place, group in enumerate(part.needs, 1):
        yield f"Skal med {place}", ", ".join(group)
    for place, hint in enumerate(part.hints, 1):
        yield f"Hjælp {place}", hint
    yield "Svag prompt", part.weak_prompt
    yield "Resultat af den svage", part.weak_result
    yield "God prompt", part.model_prompt
    yield "Resultat af den gode", part.model_result


_LINES: dict[type, Callable[[Any], Iterator[Line]]] = {
    Settings: _settings,
    Heading: _heading,
    Chapter: _chapter,
    Lesson: _lesson,
    Quiz: _quiz,
    Practice: _practice,
    SingleChoice: _question(_single),
    MultipleChoice: _question(_multiple),
    TrueFalse: _question(_true_false),
    Matching: _question(_matching),
    Ordering: _question(_ordering),
    ShortText: _question(_short_text),
    Numeric: _question(_numeric),
    Cloze: _question(_cloze),
    Essay: _question(_essay),
    PromptPractice: _question(_prompt),
}


def fingerprint(part: Part) -> str:
    """Names the wording of a part, so that an edit of something that has changed meanwhile is noticed."""
    return text_hash(part.model_dump_json())
