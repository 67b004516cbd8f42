"""Five criteria of 0 to 2 points: goal, context, audience and tone, form, source control."""

from collections.abc import Sequence
from dataclasses import dataclass

from courses.prompts import wording
from courses.prompts.reading import Reading
from courses.prompts.signs import ELEMENTS
from courses.prompts.wording import Part, Wording
from rag import danish

MOST = 2
MANY = 0.6  # share of the case's aspects that is most of them
NAMED = 3  # missing aspects that are named


@dataclass(frozen=True)
class CriterionResult:
    """`points` of `most`; `comment` says what was seen and what to add, `advice` is the part of it that comes next (empty at full
    points). `seen` are clauses that go with "du"."""

    key: str
    title: str
    points: int
    most: int
    comment: str
    advice: str = ""
    seen: tuple[str, ...] = ()


def criteria(
    own: Reading, whole: Reading, needs: Sequence[Sequence[str]], names: frozenset[str], *, pasted: bool
) -> tuple[CriterionResult, ...]:
    """The results in the order they are shown.

    `own` is what the learner wrote, `whole` the prompt with what was copied from the case; `names` are names of places and
    offices in the case, in small letters; `pasted` says that most of the case was copied.
    """
    covered = [any(_mentions(whole, need) for need in group) for group in needs]
    return (
        _goal(own, on_case=any(covered)),
        _context(own, needs, covered, names, pasted=pasted),
        _parts(own, wording.AUDIENCE),
        _parts(own, wording.FORM),
        _parts(own, wording.SOURCES),
    )


def nothing() -> tuple[CriterionResult, ...]:
    """The criteria of a prompt that is not assessed: no points, and what each of them asks for."""
    return tuple(_result(one, 0, (), one.advice) for one in wording.ORDER)


def has(reading: Reading, key: str) -> bool:
    """Whether a prompt has a part."""
    return any(reading.has(sign) for sign in ELEMENTS[key])


def _goal(own: Reading, *, on_case: bool) -> CriterionResult:
    task, product = wording.GOAL.parts
    made = has(own, "made")
    asked, named = made or has(own, "task"), made or has(own, "product")
    seen = [part for part, there in ((task, asked), (product, named)) if there]
    if asked and named:
        if on_case:
            return _result(wording.GOAL, MOST, seen, "")
        return CriterionResult(
            "goal", wording.GOAL.title, 1, MOST, wording.OFF_CASE, wording.OFF_CASE, tuple(part.seen for part in seen)
        )
    if seen:
        return _result(wording.GOAL, 1, seen, product.advice if asked else task.advice)
    if has(own, "question"):
        return CriterionResult("goal", wording.GOAL.title, 1, MOST, wording.QUESTION, wording.QUESTION)
    return _result(wording.GOAL, 0, (), wording.GOAL.advice)


def _context(
    own: Reading, needs: Sequence[Sequence[str]], covered: list[bool], names: frozenset[str], *, pasted: bool
) -> CriterionResult:
    count = sum(covered)
    placed = has(own, "sender") or bool(names.intersection(own.words))
    some = int(count >= 2 or (count == 1 and placed))
    points = MOST if count >= MANY * len(needs) else some
    title = wording.CONTEXT.title
    if pasted:
        return CriterionResult("context", title, min(points, 1), MOST, wording.PASTED, wording.PASTED)
    missing = [f"“{group[0]}”" for group, there in zip(needs, covered, strict=True) if not there][:NAMED]
    advice = f"Der mangler noget om {_listed(missing)}." if missing else ""
    if not count:
        advice = wording.CONTEXT.advice
    told = f"Du har {count} af {len(needs)} vigtige oplysninger fra casen med."
    seen = ("beskriver situationen",) if points else ()
    return CriterionResult(
        "context", title, points, MOST, " ".join(filter(None, (told, advice))), advice if points < MOST else "", seen
    )


def _parts(own: Reading, criterion: Wording) -> CriterionResult:
    seen = [part for part in criterion.parts if has(own, part.key)]
    points = min(len(seen), MOST)
    rest = [part.advice for part in criterion.parts if part not in seen]
    advice = "" if points == MOST else rest[0] if seen else criterion.advice
    return _result(criterion, points, seen, advice)


def _result(criterion: Wording, points: int, seen: Sequence[Part], advice: str) -> CriterionResult:
    clauses = tuple(part.seen for part in seen)
    told = f"Du {', og du '.join(clauses[:MOST])}." if clauses else ""
    return CriterionResult(
        criterion.key, criterion.title, points, MOST, " ".join(filter(None, (told, advice))), advice, clauses
    )


def _mentions(reading: Reading, need: str) -> bool:
    """Whether the words of a need stand side by side, each by stem or inside a compound."""
    parts = danish.words(need)
    return any(
        all(_same(reading, place + number, part) for number, part in enumerate(parts))
        for place in range(len(reading.words) - len(parts) + 1)
    )


def _same(reading: Reading, place: int, need: str) -> bool:
    word, stem = reading.words[place], reading.stems[place]
    root = danish.stem(need)
    if stem == root:
        return True
    if len(need) < 4 or need.isdigit():
        return False
    return (
        word.startswith(need)
        or word.endswith(need)
        or (len(root) > 4 and (word.startswith(root) or stem.endswith(root)))
    )


def _listed(words: Sequence[str]) -> str:
    """a, b og c"""
    return " og ".join(filter(None, (", ".join(words[:-1]), words[-1])))
