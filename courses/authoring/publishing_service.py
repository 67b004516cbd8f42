"""Use cases of a manuscript's way out: what the quality gate finds, review by somebody else, and publishing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.authoring import gate
from courses.authoring.alarms import Alarm, alarm_findings
from courses.authoring.gate import Finding
from courses.authoring.manuscript import Manuscript
from courses.authoring.manuscript_rows import (
    any_row,
    authors,
    content_of,
    names,
    newest_version,
    open_row,
    take_step,
)
from courses.authoring.tables import GateDecisionRow, ManuscriptReviewRow, ManuscriptRow
from courses.authoring.workshop import GateFinding, State, Step, StepTaken
from courses.course import Course, Lesson
from courses.course_service import CourseService, CourseVersion
from courses.errors import InvalidDecision
from courses.question import Question
from courses.written import reason as written_reason
from courses.written import require_impersonal
from people.person import Person
from people.refusals import require_for
from people.roles import Permission
from storage import audit
from storage.base import now
from storage.session import one_at_a_time, reading, transaction

LONGEST_REMARK = 1_000


class PublishingService:
    """Sends, reviews and publishes manuscripts in the database behind `engine`. Everything needs `MANAGE_COURSES`.

    `alarms` gives what the answers to a course's questions say against them.
    """

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        alarms: Callable[[str], Sequence[Alarm]],
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._alarms = alarms
        # What the gate says of a revision does not change, and a page asks for it at every click.
        self._judged = lru_cache(maxsize=32)(self._judge)

    # --- the gate ---------------------------------------------------------------------------------------------------

    def findings(self, person: Person, manuscript_id: str) -> list[GateFinding]:
        """What the gate finds in all that is new or changed since the base, and what answers say against the rest, each with the
        decision that was made."""
        self._require(person, manuscript_id)
        with reading(self._engine) as session:
            row = any_row(session, manuscript_id)
            return self._decided(session, row)

    def accept(self, person: Person, manuscript_id: str, finding: str, why: str) -> None:
        """Let a finding stand. Raises `InvalidDecision` without a reason, and for findings that must be mended."""
        self._require(person, manuscript_id)
        text = written_reason(why, InvalidDecision, "Skriv, hvorfor det kan blive stående.")
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = open_row(session, manuscript_id)
            found = next((one for one in self._decided(session, row) if one.finding.key == finding), None)
            if found is None:
                raise InvalidDecision("Bemærkningen findes ikke længere. Genindlæs siden.")
            if found.finding.severity == "stop":
                raise InvalidDecision("Denne bemærkning skal rettes. Den kan ikke blive stående.")
            session.add(GateDecisionRow(course_id=row.course_id, finding=finding, reason=text, at=now(), by=person.id))

    def _decided(self, session: Session, row: ManuscriptRow) -> list[GateFinding]:
        decisions = session.scalars(
            select(GateDecisionRow).where(GateDecisionRow.course_id == row.course_id).order_by(GateDecisionRow.id)
        ).all()
        newest = {one.finding: one for one in decisions}
        known = names(session, {one.by for one in newest.values()})
        found = []
        for finding in self._found(row):
            decision = newest.get(finding.key)
            found.append(
                GateFinding(finding, decision.reason, known[decision.by]) if decision else GateFinding(finding)
            )
        return sorted(found, key=lambda one: (not one.open, one.finding.severity != "stop"))

    def _found(self, row: ManuscriptRow) -> list[Finding]:
        content = content_of(row)
        base = self._courses.version(row.base_version_id) if row.base_version_id else None
        parts = _new_parts(content, base.course if base is not None else None)
        others = tuple(one.id for one in self._courses.courses() if one.course.id != content.id)
        found = list(self._judged(row.id, row.revision, row.base_version_id, others))
        found += gate.citation_findings(parts, self._courses.shelf())
        if base is None:
            return found
        same = {key: one for key, one in base.course.questions.items() if content.questions.get(key) == one}
        return found + alarm_findings(self._alarms(content.id), same, base.wordings)

    def _judge(
        self, manuscript_id: str, _revision: int, base_id: str | None, others: tuple[str, ...]
    ) -> tuple[Finding, ...]:
        with reading(self._engine) as session:
            content = content_of(any_row(session, manuscript_id))
        parts = _new_parts(content, self._courses.version(base_id).course if base_id else None)
        questions = [one for one in parts if not isinstance(one, Lesson)]
        named = {one.id for one in questions}
        known = [one for key, one in content.questions.items() if key not in named]
        elsewhere = [self._courses.version(key).course.questions for key in others]
        known += [one for asked in elsewhere for key, one in asked.items() if key not in content.questions]
        lessons = [one for one in parts if isinstance(one, Lesson)]
        return tuple(gate.findings(questions, lessons, known))

    # --- review and publishing ----------------------------------------------------------------------------------------

    def send(self, person: Person, manuscript_id: str, remark: str) -> None:
        """Ask somebody else to review it. Raises `InvalidDecision` while something is missing or a finding is open."""
        with self._open(person, manuscript_id) as (session, row):
            if State(row.state) is not State.DRAFT:
                raise InvalidDecision("Kladden er allerede sendt til gennemsyn.")
            self._require_ready(session, row)
            take_step(session, row, Step.SENT, State.IN_REVIEW, person.id, _remark(remark))

    def approve(self, person: Person, manuscript_id: str, revision: int, remark: str) -> None:
        """Say that it may be published as it stood at `revision`.

        Raises `InvalidDecision` for who has written in it, and where it was changed after that.
        """
        with self._open(person, manuscript_id) as (session, row):
            _require_review(row)
            if row.revision != revision:
                raise InvalidDecision(
                    "Kladden er rettet, siden du læste den. Genindlæs siden, og læs forskellene igen."
                )
            if person.id in authors(session, row.id):
                raise InvalidDecision("Du har selv skrevet i kladden. En anden skal gennemse den.")
            self._require_ready(session, row)
            take_step(session, row, Step.APPROVED, State.APPROVED, person.id, _remark(remark))
            audit.record(
                session, actor=person.id, action="course.approved", object_type="manuscript", object_id=manuscript_id
            )

    def send_back(self, person: Person, manuscript_id: str, remark: str) -> None:
        """Give it back with what should be changed."""
        with self._open(person, manuscript_id) as (session, row):
            if State(row.state) not in (State.IN_REVIEW, State.APPROVED):
                raise InvalidDecision("Kladden er ikke sendt til gennemsyn.")
            text = _remark(remark)
            if not text:
                raise InvalidDecision("Skriv, hvad der skal rettes.")
            take_step(session, row, Step.RETURNED, State.DRAFT, person.id, text)

    def publish(self, person: Person, manuscript_id: str) -> CourseVersion:
        """Make it the newest version. People under way finish the version they began.

        Raises `InvalidDecision` unless it is approved as it stands and nothing newer has been published.
        """
        with self._open(person, manuscript_id) as (session, row):
            self._require_approved(session, row)
            course, revision = content_of(row).course(), row.revision
        version = self._courses.publish(course, person.id)
        # Publishing the same course again gives the same version, so a crash between the two steps is mended by a second try.
        with self._open(person, manuscript_id) as (session, row):
            row.version_id = version.id
            if row.revision == revision:
                take_step(session, row, Step.PUBLISHED, State.PUBLISHED, person.id)
            else:  # somebody wrote on between the two steps: that is the draft of the version after this one
                row.base_version_id = version.id
                take_step(session, row, Step.PUBLISHED, State.DRAFT, person.id)
            audit.record(
                session,
                actor=person.id,
                action="course.published",
                object_type="course",
                object_id=f"{course.id} {version.number}",
            )
        return version

    def discard(self, person: Person, manuscript_id: str, why: str) -> None:
        """Give it up. It is kept, but not shown any more."""
        with self._open(person, manuscript_id) as (session, row):
            text = written_reason(why, InvalidDecision, "Skriv, hvorfor kladden kasseres.")
            take_step(session, row, Step.DISCARDED, State.DISCARDED, person.id, text)

    def adopt_newest(self, person: Person, manuscript_id: str) -> None:
        """Let the manuscript build on the version that was published meanwhile; what is written stays as it is."""
        with self._open(person, manuscript_id) as (session, row):
            newest = newest_version(session, row.course_id)
            row.base_version_id = newest.id if newest is not None else None
            row.state = State.DRAFT.value

    def steps(self, person: Person, manuscript_id: str) -> list[StepTaken]:
        """What has happened on its way, the newest first."""
        self._require(person, manuscript_id)
        query = select(ManuscriptReviewRow).where(ManuscriptReviewRow.manuscript_id == manuscript_id)
        with reading(self._engine) as session:
            rows = session.scalars(query.order_by(ManuscriptReviewRow.id.desc())).all()
            known = names(session, {row.by for row in rows})
            return [StepTaken(row.at, known[row.by], Step(row.step), row.note) for row in rows]

    @contextmanager
    def _open(self, person: Person, manuscript_id: str) -> Iterator[tuple[Session, ManuscriptRow]]:
        self._require(person, manuscript_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            yield session, open_row(session, manuscript_id)

    def _require(self, person: Person, manuscript_id: str) -> None:
        require_for(self._engine, person, Permission.MANAGE_COURSES, "manuscript", ManuscriptRow, manuscript_id)

    def _require_ready(self, session: Session, row: ManuscriptRow) -> None:
        content = content_of(row)
        if found := content.problems():
            raise InvalidDecision(f"Kladden mangler noget: {found[0].message}")
        if row.base_version_id and content == Manuscript.of(self._courses.version(row.base_version_id).course):
            raise InvalidDecision("Der er ikke ændret noget i kladden endnu.")
        if left := sum(one.open for one in self._decided(session, row)):
            remarks = "1 bemærkning" if left == 1 else f"{left} bemærkninger"
            raise InvalidDecision(f"Kvalitetskontrollen har {remarks}, der ikke er afgjort. Se under Kontrol.")
        _require_current(session, row)

    def _require_approved(self, session: Session, row: ManuscriptRow) -> None:
        if State(row.state) is not State.APPROVED:
            raise InvalidDecision("Kladden skal gennemses og godkendes af en anden, før den kan udgives.")
        self._require_ready(session, row)


def _new_parts(content: Manuscript, base: Course | None) -> list[Question | Lesson]:
    """The questions and lessons that are not in the version it builds on, as they stand there."""
    lessons = [one for one in content.activities if isinstance(one, Lesson)]
    if base is None:
        return [*content.questions.values(), *lessons]
    old, read = base.questions, list(base.activities)
    questions = [one for key, one in content.questions.items() if old.get(key) != one]
    return [*questions, *(one for one in lessons if one not in read)]


def _require_review(row: ManuscriptRow) -> None:
    if State(row.state) is not State.IN_REVIEW:
        raise InvalidDecision(
            "Kladden er ikke til gennemsyn. Måske er den rettet eller godkendt imens; genindlæs siden."
        )


def _require_current(session: Session, row: ManuscriptRow) -> None:
    newest = newest_version(session, row.course_id)
    if (newest.id if newest is not None else None) != row.base_version_id:
        raise InvalidDecision(
            "Der er udgivet en nyere version, siden kladden blev begyndt. Se forskellene, og byg videre på den nyeste."
        )


def _remark(text: str) -> str:
    text = text.strip()
    if len(text) > LONGEST_REMARK:
        raise InvalidDecision(f"Bemærkningen er for lang. Skriv højst {LONGEST_REMARK} tegn.")
    require_impersonal(text, InvalidDecision, "Bemærkningen")
    return text
