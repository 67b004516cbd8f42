"""The narrator: makes statements of what has happened. Knows the words of cmi5; knows nothing of tables.

Ids are UUIDs of version 5 (RFC 9562) made of the ids of rows, which are random: the same event always gives the same id, so that
sending it twice is harmless, and nobody can find a person by guessing what an id was made of.
"""

import math
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID, uuid5

from courses.course import Lesson, Quiz
from courses.course_service import CourseVersion
from courses.xapi.pseudonym import pseudonym
from courses.xapi.statement import (
    CMI5,
    COURSE,
    LESSON,
    MASTERY,
    MOVE_ON,
    MOVE_ON_RULE,
    QUIZ,
    SESSION,
    Account,
    Activity,
    Agent,
    Context,
    ContextActivities,
    Definition,
    Result,
    Score,
    Statement,
    StatementRef,
    Verb,
    VerbId,
)

NAMESPACE = UUID("5b0e9f0c-6a43-4d5b-9d4e-7f6f3b1c2a90")
PLATFORM, LANGUAGE = "AI-Univers", "da"
STEP = 10_000  # cmi5 gives a mastery score four decimals


@dataclass(frozen=True, slots=True)
class Occasion:
    """Who did something, in which version of a course, in which enrolment (id of the row that began the cycle), and when; `event`
    is what it is known by."""

    person_id: str
    version: CourseVersion
    enrolment: str
    event: str
    at: datetime


def statement_id(kind: str, event: str) -> str:
    """Id of the statement of a kind about an event."""
    return str(uuid5(NAMESPACE, f"{kind}:{event}"))


def timestamp(at: datetime) -> str:
    """A moment in UTC with milliseconds: 2026-11-25T22:58:16.000Z."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def duration(length: timedelta) -> str:
    """A time in ISO 8601 with at most hundredths of a second, as xAPI recommends; never negative."""
    return f"PT{max(length.total_seconds(), 0.0):.2f}S"


def scores(share: float, pass_at: float, *, passed: bool) -> tuple[float | None, float]:
    """The score (None where it would contradict the verb) and the mastery score, both with four decimals.

    An attempt may pass or fail by other attempts' marks too (average, first); cmi5 wants no score then. Rounding never
    carries a score across the mastery score.
    """
    mastery = round(pass_at, 4)
    if (share >= pass_at - 1e-9) is not passed:
        return None, mastery
    scaled = math.floor(share * STEP + 1e-6) / STEP
    return (max(scaled, mastery) if passed else min(scaled, round(mastery - 1 / STEP, 4))), mastery


@dataclass(frozen=True)
class Narrator:
    """Makes statements for the application at `home`; `key` turns people into pseudonyms."""

    home: str
    key: bytes

    def initialized(self, one: Occasion) -> Statement:
        """A course is begun. Not filed under cmi5, whose `initialized` speaks of a part and never of a course (section 9.4)."""
        return self._statement(
            one, VerbId.INITIALIZED, self.course(one.version), None, self._context(one, one.event, ())
        )

    def completed(self, one: Occasion, lesson: Lesson, opened_at: datetime) -> Statement:
        """A lesson is read to its end."""
        result = Result(completion=True, duration=duration(one.at - opened_at))
        context = self._part_context(one, lesson, "Completed")
        return self._statement(one, VerbId.COMPLETED, self._part(one.version, lesson), result, context)

    def judged(
        self, one: Occasion, quiz: Quiz, *, passed: bool, share: float, pass_at: float, started_at: datetime
    ) -> Statement:
        """A quiz is passed or failed with an attempt whose share of the marks is `share`; `pass_at` is its pass mark."""
        scaled, mastery = scores(share, pass_at, passed=passed)
        score = None if scaled is None else Score(scaled=scaled)
        result = Result(score=score, success=passed, duration=duration(one.at - started_at))
        context = self._part_context(one, quiz, "Passed", {MASTERY: mastery})
        verb = VerbId.PASSED if passed else VerbId.FAILED
        return self._statement(one, verb, self._part(one.version, quiz), result, context)

    def satisfied(self, one: Occasion) -> Statement:
        """What a course asks for is done."""
        context = self._context(one, one.event, (CMI5,))
        return self._statement(one, VerbId.SATISFIED, self.course(one.version), None, context)

    def voided(self, target: str, at: datetime) -> Statement:
        """The statement with the id `target` does not hold any more. The application says so, not the person."""
        return Statement(
            id=statement_id("voided", target),
            actor=Agent(account=Account(home_page=self.home, name=PLATFORM)),
            verb=_verb(VerbId.VOIDED),
            object=StatementRef(id=target),
            timestamp=timestamp(at),
        )

    def course(self, version: CourseVersion) -> Activity:
        """A course as an activity."""
        name = {LANGUAGE: version.course.title}
        address = f"{self.home}/xapi/activities/{version.course.id}"
        return Activity(id=address, definition=Definition(name=name, type=COURSE))

    def _part(self, version: CourseVersion, part: Lesson | Quiz) -> Activity:
        name = {LANGUAGE: part.title}
        kind = LESSON if isinstance(part, Lesson) else QUIZ
        address = f"{self.home}/xapi/activities/{version.course.id}/{part.id}"
        return Activity(id=address, definition=Definition(name=name, type=kind))

    def _part_context(
        self, one: Occasion, part: Lesson | Quiz, rule: str, more: dict[str, str | float] | None = None
    ) -> Context:
        # The publisher's id, which must be another than the one in the object (cmi5 8.1 and 9.6.2.3).
        published = Activity(id=f"{self.home}/xapi/published/{one.version.course.id}/{part.id}")
        row = one.event.partition("#")[0]
        return self._context(one, row, (CMI5, MOVE_ON), published, {MOVE_ON_RULE: rule, **(more or {})})

    def _context(
        self,
        one: Occasion,
        session: str,
        categories: tuple[str, ...],
        published: Activity | None = None,
        more: dict[str, str | float] | None = None,
    ) -> Context:
        return Context(
            registration=statement_id("registration", one.enrolment),
            context_activities=ContextActivities(
                category=tuple(Activity(id=category) for category in categories),
                grouping=(published,) if published else None,
                parent=(self.course(one.version),) if published else None,
            )
            if categories
            else None,
            revision=str(one.version.number),
            platform=PLATFORM,
            language=LANGUAGE,
            extensions={SESSION: statement_id("session", session), **(more or {})},
        )

    def _statement(
        self, one: Occasion, verb: VerbId, what: Activity, result: Result | None, context: Context
    ) -> Statement:
        account = Account(home_page=self.home, name=pseudonym(self.key, one.person_id))
        return Statement(
            id=statement_id(verb.name.lower(), one.event),
            actor=Agent(account=account),
            verb=_verb(verb),
            object=what,
            result=result,
            context=context,
            timestamp=timestamp(one.at),
        )


def _verb(verb: VerbId) -> Verb:
    return Verb(id=verb, display={LANGUAGE: verb.danish, "en": verb.name.lower()})
