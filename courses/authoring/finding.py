"""Findings of the quality gate: what was seen in a question or a lesson, how grave it is, and what to do."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

from courses.authoring.wording import digest, name
from courses.course import Lesson
from courses.question import Question

Severity = Literal["stop", "look"]


class Rule(StrEnum):
    """What the gate looks for."""

    PERSONAL_DATA = "personal_data"
    LOST_QUOTE = "lost_quote"
    SAME_OPTIONS = "same_options"
    ALL_OF_THE_ABOVE = "all_of_the_above"
    ALL_RIGHT = "all_right"
    NO_SOURCE = "no_source"
    NO_EXPLANATION = "no_explanation"
    KEY_LONGEST = "key_longest"
    ABSOLUTE_WORDS = "absolute_words"
    ANSWER_IN_TEXT = "answer_in_text"
    UNMARKED_NEGATION = "unmarked_negation"
    DOUBLE_NEGATION = "double_negation"
    HARD_TO_READ = "hard_to_read"
    ALIKE = "alike"
    ANSWERS = "answers"

    @property
    def danish(self) -> str:
        """The rule as shown to people."""
        return _DANISH[self]


_DANISH = {
    Rule.PERSONAL_DATA: "Personoplysninger",
    Rule.LOST_QUOTE: "Citatet står ikke i kilden",
    Rule.SAME_OPTIONS: "To svar er ens",
    Rule.ALL_OF_THE_ABOVE: "Svar, der henviser til andre svar",
    Rule.ALL_RIGHT: "Alle svar er rigtige",
    Rule.NO_SOURCE: "Ingen kilde",
    Rule.NO_EXPLANATION: "Ingen forklaring",
    Rule.KEY_LONGEST: "Det rigtige svar er længst",
    Rule.ABSOLUTE_WORDS: "Ord, der røber svaret",
    Rule.ANSWER_IN_TEXT: "Svaret står i spørgsmålet",
    Rule.UNMARKED_NEGATION: "Nægtelse, der er let at overse",
    Rule.DOUBLE_NEGATION: "Dobbelt nægtelse",
    Rule.HARD_TO_READ: "Svær at læse",
    Rule.ALIKE: "Ligner et andet spørgsmål",
    Rule.ANSWERS: "Svarene tyder på en fejl",
}


@dataclass(frozen=True)
class Finding:
    """Something the gate has seen. `part` is `question:<id>` or `lesson:<id>`. What is `stop` must be mended before publishing;
    what is `look` may stand when a person says why.

    `key` (at most 200 characters) names the rule, the part and its wording, so that an edit asks anew.
    """

    rule: Rule
    part: str
    severity: Severity
    message: str
    advice: str
    key: str


def found(
    rule: Rule,
    part: Question | Lesson,
    severity: Severity,
    message: str,
    advice: str,
    *,
    other: Question | None = None,
    subject: str = "",
) -> Finding:
    """A finding about a part, or about a question and an `other` it is compared with. `subject` tells findings of one rule in one
    part from each other."""
    wording = digest(*(part,) if other is None else (part, other), subject=subject)
    return Finding(rule, name(part), severity, message, advice, f"{rule}:{name(part)}:{wording}")
