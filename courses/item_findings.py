"""What the figures of a question say should be looked at, in plain Danish.

Nearly everybody knowing the answer is no fault: in these courses all are to learn it. A finding is `sure` when chance is an
unlikely cause; only those bring a question back to its author, or a quiz of forty good questions would send a handful back
every week.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from courses.distractors import OptionFigures, has_options
from courses.item_analysis import ItemFigures
from courses.question import Question

FEWEST = 5  # nothing is shown about a question that fewer people have answered (privacy)
FACILITY_FROM = 10
CORRELATION_FROM = 30  # over 20 people the interval of a correlation is about 0.44 to each side
LOW_FACILITY = 0.4
WRONG_CHOICES = 10  # that many choices of wrong options must be made before one that nobody takes means anything
LONGEST_OPTION = 80


class Kind(StrEnum):
    """What is wrong, worst first."""

    AGAINST = "against"
    TEMPTING = "tempting"
    HARD = "hard"
    UNCHOSEN = "unchosen"

    @property
    def danish(self) -> str:
        """What is wrong, in a few words."""
        return _DANISH[self]


_DANISH = {
    Kind.AGAINST: "måske forkert facit",
    Kind.TEMPTING: "et forkert svar lokker",
    Kind.HARD: "svært",
    Kind.UNCHOSEN: "et svar, ingen vælger",
}


@dataclass(frozen=True)
class Finding:
    """A reason to look at a question; `text` is a Danish sentence or two that say what to do."""

    kind: Kind
    text: str
    sure: bool = True


def findings(
    question: Question, item: ItemFigures, options: Sequence[OptionFigures], guess: float | None
) -> tuple[Finding, ...]:
    """What to look at, worst first; `guess` is the share that chance gives. Nothing from too few answers."""
    found = [*_against(question, item), *_tempting(options), *_hard(item, guess), *_unchosen(options)]
    return tuple(sorted(found, key=lambda one: (not one.sure, list(Kind).index(one.kind))))


def _against(question: Question, item: ItemFigures) -> list[Finding]:
    """Moodle flags a negative discrimination index; chance is unlikely where the whole interval is below 0."""
    if item.count < CORRELATION_FROM or item.discrimination is None or item.discrimination >= 0:
        return []
    if item.interval is None or item.interval.high >= 0:
        text = (
            "De, der klarer sig godt i resten af prøven, klarer sig lidt dårligere her. Det kan være tilfældigt. "
            "Se efter igen, når flere har svaret."
        )
        return [Finding(Kind.AGAINST, text, sure=False)]
    choose = "vælger oftere et forkert svar her" if has_options(question) else "klarer sig dårligere her"
    return [Finding(Kind.AGAINST, f"De, der klarer sig godt i resten af prøven, {choose}. Se, om facit er rigtigt.")]


def _tempting(options: Sequence[OptionFigures]) -> list[Finding]:
    """Wrong options that are chosen by those who do well elsewhere."""
    return [
        Finding(
            Kind.TEMPTING,
            f"“{_short(one.text)}” er forkert, men vælges mest af dem, der klarer sig godt i resten af prøven. "
            "Se, om svaret kan forstås som rigtigt.",
        )
        for one in options
        if one.wrong and comparable(one) and one.interval is not None and one.interval.low > 0
    ]


def _hard(item: ItemFigures, guess: float | None) -> list[Finding]:
    if item.count < FACILITY_FROM or item.facility is None or item.facility >= LOW_FACILITY:
        return []
    chance = " Det er ikke bedre end ved gæt." if guess is not None and item.facility <= guess else ""
    text = (
        f"Deltagerne får kun {round(item.facility * 100)} % af pointene.{chance} "
        "Se, om spørgsmålet er til at forstå, og om kurset dækker det."
    )
    return [Finding(Kind.HARD, text, sure=item.count >= CORRELATION_FROM)]


def _unchosen(options: Sequence[OptionFigures]) -> list[Finding]:
    """Wrong options that nobody takes, though wrong answers are given."""
    wrong = [one for one in options if one.wrong]
    if sum(one.chosen for one in wrong) < WRONG_CHOICES:
        return []
    return [
        Finding(
            Kind.UNCHOSEN,
            f"Ingen vælger “{_short(one.text)}”. Skriv en mulighed, man kunne tro på, eller tag den ud.",
        )
        for one in wrong
        if not one.chosen and one.count >= CORRELATION_FROM
    ]


def comparable(option: OptionFigures) -> bool:
    """Whether those who chose an option can be compared with those who did not: enough people in all, and on both sides."""
    return option.count >= CORRELATION_FROM and FEWEST <= option.chosen <= option.count - FEWEST


def _short(text: str) -> str:
    return text if len(text) <= LONGEST_OPTION else text[: LONGEST_OPTION - 1].rstrip() + "…"
