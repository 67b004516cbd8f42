"""Prompt practice: a prompt that a learner writes for a case is stopped, or assessed by five criteria, without any model.

The machine suggests, by the words it sees; it does not understand the prompt. A stopped prompt may not be stored.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from courses.prompts import wording
from courses.prompts.criteria import CriterionResult, criteria, nothing
from courses.prompts.findings import Findings, Found, screened
from courses.prompts.obstacles import obstacle, own_words
from courses.prompts.reading import read
from courses.prompts.wording import Obstacle
from courses.question import PromptPractice
from rag import danish

__all__ = [
    "DONE",
    "Assessment",
    "Comparison",
    "CriterionResult",
    "Findings",
    "Found",
    "Obstacle",
    "assess",
    "comparison",
    "hint",
]

DONE = 0.6
PRAISED = 2
_NAME = re.compile(r"(?<=[a-zæøå,] )[A-ZÆØÅ][a-zæøå]{2,}")


@dataclass(frozen=True)
class Assessment:
    """What became of a prompt.

    `stopped`: personal data or case data was found; there are no criteria then, and nothing may be stored but
    `stopped.counts`. `obstacle`: why there are no points. `total` is the share (0..1) of all points. `next_step` is the most
    useful improvement, one sentence; `praise` what is good, empty when nothing is yet; `notes` is what was left out of account.
    No text in it comes from the prompt, except `stopped.cleaned`.
    """

    stopped: Findings | None
    criteria: tuple[CriterionResult, ...]
    total: float
    next_step: str
    praise: str
    obstacle: Obstacle | None = None
    notes: tuple[str, ...] = ()

    @property
    def done(self) -> bool:
        """Whether the exercise counts as done."""
        return self.total >= DONE


@dataclass(frozen=True)
class Comparison:
    """Before and after: a weak prompt and what came of it, the learner's own, and a model prompt and what came of it."""

    weak_prompt: str
    weak_result: str
    own: str
    model_prompt: str
    model_result: str


def assess(question: PromptPractice, text: str) -> Assessment:
    """The assessment of a prompt. All of it is searched for personal data; the first 10,000 characters are assessed."""
    if findings := screened(text):
        return Assessment(findings, (), 0.0, wording.STOPPED, "")
    words = own_words(question, read(text))
    notes = (wording.ORDER_NOTE,) if words.ordered else ()
    if found := obstacle(question, words):
        return Assessment(None, nothing(), 0.0, found.danish, "", found, notes)
    results = criteria(words.own, words.whole, question.needs, _names(question), pasted=words.pasted)
    total = sum(one.points for one in results) / sum(one.most for one in results)
    return Assessment(None, results, total, _next_step(results), _praise(results), None, notes)


def hint(question: PromptPractice, number: int) -> str | None:
    """The hint with this number, from 1; None when there is none."""
    return question.hints[number - 1] if 1 <= number <= len(question.hints) else None


def comparison(question: PromptPractice, own: str) -> Comparison:
    """The three prompts side by side; the learner's own is the cleaned one when something in it had to be stopped."""
    findings = screened(own)
    return Comparison(
        question.weak_prompt,
        question.weak_result,
        findings.cleaned if findings else own,
        question.model_prompt,
        question.model_result,
    )


def _next_step(results: Sequence[CriterionResult]) -> str:
    by_key = {one.key: one for one in results}
    inline = [by_key[criterion.key] for criterion in wording.FIRST]
    least = min(inline, key=lambda one: one.points)
    return least.advice if least.points < least.most else wording.FULL


def _praise(results: Sequence[CriterionResult]) -> str:
    """What the best criteria have seen."""
    by_key = {one.key: one for one in results}
    inline = [by_key[criterion.key] for criterion in wording.PRAISED]
    best = sorted((one for one in inline if one.seen), key=lambda one: -one.points)[:PRAISED]
    if not best:
        return ""
    return f"Det er godt, at du {', og at du '.join(one.seen[0] for one in best)}."


def _names(question: PromptPractice) -> frozenset[str]:
    """Names of places and offices: words with a capital inside a sentence of the case, but for those that are needs."""
    needs = {word for group in question.needs for need in group for word in danish.stems(need)}
    return frozenset(name.lower() for name in _NAME.findall(question.text) if danish.stem(name.lower()) not in needs)
