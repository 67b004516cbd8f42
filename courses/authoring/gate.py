"""The quality gate: what should be mended in questions and lessons before they are published. Pure; it changes nothing.

It sees flaws of form that can be explained to the author. Whether a question asks for what matters, a reviewer judges.
"""

from collections.abc import Iterable, Iterator, Sequence

from courses.authoring.finding import Finding, Rule, Severity, found
from courses.authoring.likeness import Alike, alike
from courses.authoring.option_rules import option_findings
from courses.authoring.text_rules import lesson_findings, negated, question_findings
from courses.authoring.wording import shown
from courses.course import Lesson
from courses.passages import Shelf
from courses.question import Question

__all__ = ["Finding", "Rule", "Severity", "citation_findings", "findings"]


def findings(questions: Iterable[Question], lessons: Iterable[Lesson], known: Iterable[Question] = ()) -> list[Finding]:
    """Everything found in questions and lessons, what stops them first. `known` are questions elsewhere, to be compared with."""
    asked = list(questions)
    seen = [one for question in asked for one in (*question_findings(question), *option_findings(question))]
    seen += [one for lesson in lessons for one in lesson_findings(lesson)]
    seen += _alike(asked, list(known))
    return sorted(seen, key=lambda one: one.severity != "stop")


def citation_findings(parts: Iterable[Question | Lesson], shelf: Shelf) -> list[Finding]:
    """Quotes that do not stand word for word in the section of the source that they name."""
    return [
        found(
            Rule.LOST_QUOTE,
            part,
            "stop",
            f"Citatet “{shown(ref.quote)}” står ikke i det afsnit af kilden {ref.source}, som der henvises til.",
            "Vælg afsnittet igen, og citér det ordret.",
            subject=f"{ref.source}#{ref.section}",
        )
        for part in parts
        for ref in part.sources
        if shelf.holding(ref) is None
    ]


def _alike(questions: Sequence[Question], known: Sequence[Question]) -> Iterator[Finding]:
    for pair in alike(questions, known):
        yield found(
            Rule.ALIKE,
            pair.question,
            "look",
            f"“{shown(pair.question.text)}” ligner spørgsmålet {pair.other.id}: “{shown(pair.other.text)}”.{_opposite(pair)}",
            "Behold det bedste af dem, eller gør det tydeligt, at de spørger om hver sit.",
            other=pair.other,
        )


def _opposite(pair: Alike) -> str:
    differ = negated(pair.question.text) != negated(pair.other.text)
    return " Det ene er nægtet, så de kan sige hinanden imod." if differ else ""
