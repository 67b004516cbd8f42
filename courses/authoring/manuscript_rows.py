"""Manuscripts read from their rows."""

from collections.abc import Iterable, Sequence

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.authoring.manuscript import Manuscript
from courses.authoring.tables import ManuscriptChangeRow, ManuscriptReviewRow, ManuscriptRow
from courses.authoring.workshop import OPEN, ManuscriptLine, State, Step
from courses.errors import InvalidContent, UnknownManuscript
from courses.tables import CourseVersionRow
from people.tables import PersonRow
from storage.base import now

SYSTEM_NAME = "Systemet"


def open_row(session: Session, manuscript_id: str) -> ManuscriptRow:
    """The row of a manuscript that can still be changed; raises `UnknownManuscript`, or `InvalidContent` when it is over."""
    row = any_row(session, manuscript_id)
    if State(row.state) not in OPEN:
        raise InvalidContent("Kladden er allerede udgivet eller kasseret. Begynd en ny i værkstedet.")
    return row


def any_row(session: Session, manuscript_id: str) -> ManuscriptRow:
    """The row; raises `UnknownManuscript`."""
    row = session.get(ManuscriptRow, manuscript_id)
    if row is None:
        raise UnknownManuscript
    return row


def open_row_of(session: Session, course_id: str) -> ManuscriptRow | None:
    """The open manuscript of a course."""
    states = [state.value for state in OPEN]
    return session.scalar(
        select(ManuscriptRow).where(ManuscriptRow.course_id == course_id, ManuscriptRow.state.in_(states))
    )


def newest_version(session: Session, course_id: str) -> CourseVersionRow | None:
    """The newest version of a course."""
    query = select(CourseVersionRow).where(CourseVersionRow.course_id == course_id)
    return session.scalars(query.order_by(CourseVersionRow.number.desc()).limit(1)).first()


def authors(session: Session, manuscript_id: str) -> frozenset[str]:
    """Ids of all who have changed the manuscript."""
    query = select(ManuscriptChangeRow.by).where(ManuscriptChangeRow.manuscript_id == manuscript_id)
    return frozenset(session.scalars(query.distinct()))


def names(session: Session, person_ids: Iterable[str]) -> dict[str, str]:
    """Names by id; an id that nobody has any more stands for itself."""
    wanted = set(person_ids)
    found = {
        key: name for key, name in session.execute(select(PersonRow.id, PersonRow.name).where(PersonRow.id.in_(wanted)))
    }
    return {key: found.get(key, SYSTEM_NAME if key == "system" else key) for key in wanted}


def as_lines(session: Session, rows: Sequence[ManuscriptRow]) -> list[ManuscriptLine]:
    """The rows as a list shows them."""
    known = names(session, {row.changed_by for row in rows})
    bases = [row.base_version_id for row in rows if row.base_version_id]
    versions = select(CourseVersionRow.id, CourseVersionRow.number).where(CourseVersionRow.id.in_(bases))
    numbers = {key: number for key, number in session.execute(versions)}
    return [
        ManuscriptLine(
            row.id,
            row.course_id,
            row.title,
            State(row.state),
            numbers.get(row.base_version_id or ""),
            row.changed_at,
            known[row.changed_by],
        )
        for row in rows
    ]


def take_step(session: Session, row: ManuscriptRow, step: Step, state: State, by: str, remark: str = "") -> None:
    """Bring the manuscript to a state, and keep who did it at which revision."""
    row.state = state.value
    session.add(
        ManuscriptReviewRow(manuscript_id=row.id, revision=row.revision, step=step.value, note=remark, at=now(), by=by)
    )


def content_of(row: ManuscriptRow) -> Manuscript:
    """What is written."""
    return Manuscript.model_validate(row.content)
