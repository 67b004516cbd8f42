"""When an import ends so much that the file is more likely cut than right, so that somebody must say that it is."""

from dataclasses import dataclass

from people.organisation.staff_plan import Outcome, StaffPlan
from people.organisation.staff_shapes import StaffKind


@dataclass(frozen=True)
class Limit:
    """How many may leave without a question: a share of those there are, at least `few` and at most `many`."""

    few: int
    share: float
    many: int

    def of(self, before: int) -> int:
        """The most that may leave where there are so many before."""
        return max(self.few, min(int(self.share * before), self.many))


PEOPLE = Limit(few=10, share=0.05, many=200)  # a municipality of 10,000 changes one or two in a hundred a month
UNITS = Limit(few=3, share=0.05, many=20)


def unusual(plan: StaffPlan) -> str:
    """What leaves by the import, where it is more than may without a question, as in “240 af 1.000 personer fratræder”; else
    nothing."""
    units = plan.kind is StaffKind.UNITS
    leaving = plan.count(Outcome.UNIT_CLOSED if units else Outcome.LEFT)
    if leaving <= (UNITS if units else PEOPLE).of(plan.before):
        return ""
    told = "enheder lukker" if units else "personer fratræder"
    return f"{leaving:,} af {plan.before:,} {told}".replace(",", ".")
