"""What answers say against questions, as findings of the quality gate: a published question is judged anew."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from courses.authoring.finding import Finding, Rule, found
from courses.question import Question


class Alarm(Protocol):
    """What the answers to a wording say against it, in Danish; see `courses.analysis_service`."""

    @property
    def question_id(self) -> str: ...
    @property
    def wording(self) -> str: ...
    @property
    def reason(self) -> str: ...


def alarm_findings(
    alarms: Sequence[Alarm], questions: Mapping[str, Question], wordings: Mapping[str, str]
) -> list[Finding]:
    """A finding an alarm, for the questions that still have the wording that was answered. `wordings` are those of the published
    version, whose questions are given only where they are unchanged."""
    return [
        found(
            Rule.ANSWERS,
            questions[alarm.question_id],
            "look",
            alarm.reason,
            "Se på facit og svarmuligheder. Ret spørgsmålet, eller skriv, hvorfor det kan blive stående.",
            subject=alarm.reason,
        )
        for alarm in alarms
        if alarm.question_id in questions and wordings.get(alarm.question_id) == alarm.wording
    ]
