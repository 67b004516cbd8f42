"""What blind chance gets at a question, so that a facility near it can be seen for what it is.

As Moodle's question types have it (`get_random_guess_score`), but for orderings, whose mark is counted differently here.
"""

from statistics import fmean

from courses.question import (
    Cloze,
    Gap,
    Matching,
    Numeric,
    Option,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)


def guess_share(question: Question) -> float | None:
    """The share of the mark that chance gives on average; None where guessing has no one meaning: any number of ticks, essays."""
    match question:
        case SingleChoice():
            return _chosen(question.options)
        case TrueFalse():
            return 0.5
        case Matching():
            return 1 / len(question.choices)
        case Ordering():  # each of the n - 1 pairs of neighbours stands in order in 1 of n random orders
            return 1 / len(question.items)
        case Cloze():
            whole = sum(gap.points for gap in question.gaps)
            return sum(gap.points * _gap(gap) for gap in question.gaps) / whole
        case ShortText() | Numeric():
            return 0.0
    return None


def _chosen(options: tuple[Option, ...]) -> float:
    return fmean(max(option.fraction, 0.0) for option in options)


def _gap(gap: Gap) -> float:
    return _chosen(gap.options) if gap.options else 0.0
