"""Which attempts at a quiz should stand told, and as what.

cmi5 9.3 for one registration: one `passed`, and no `failed` after it. So of a person's attempts in one cycle those are told
that failed, up to the first that passed, and that one; what is tried afterwards is practice. A mark that changes the picture
later takes back what does not hold any more; a pass that was told and still holds stays the one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Judged:
    """A submitted attempt: whether the quiz counts as passed with it and those before it, and whether all of it is graded."""

    attempt_id: str
    passed: bool
    graded: bool


def wanted(judged: Sequence[Judged], told: Mapping[str, bool]) -> dict[str, bool]:
    """What should stand told: attempt id -> passed. `judged` are oldest first; `told` is what stands told now."""
    passing = [place for place, one in enumerate(judged) if one.graded and one.passed]
    kept = next((place for place in passing if told.get(judged[place].attempt_id)), None)
    last = kept if kept is not None else next(iter(passing), len(judged))
    found = {one.attempt_id: False for one in judged[:last] if one.graded and not one.passed}
    return found | {one.attempt_id: True for one in judged[last : last + 1]}
