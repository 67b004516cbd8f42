"""Whether units have a certified key person for each track, and somebody to stand in."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from courses.steering.area.figures import EXPIRES_WITHIN, Cover, CoverageLine
from courses.steering.area.tables import CourseStandingRow
from courses.steering.tables import KeyPersonRow
from people.organisation.scope import Unit
from people.organisation.unit import UnitKind
from people.tables import PersonRow


def coverage_of(
    session: Session, units: Mapping[str, Unit], course_id: str | None, day: date, title: Callable[[str], str]
) -> list[CoverageLine]:
    """The lines of some units, the worst first: each institution, and each other unit that has a key person, in each track.

    A track is a course that anybody is key person for today. Whoever has left covers nothing, and leaves the unit and the track
    among the lines until her entry is ended.
    """
    rows = session.scalars(
        select(KeyPersonRow).where(
            KeyPersonRow.valid_from <= day, or_(KeyPersonRow.valid_to.is_(None), KeyPersonRow.valid_to >= day)
        )
    ).all()
    tracks = sorted({row.course_id for row in rows if course_id in (None, row.course_id)})
    of_unit: dict[tuple[str, str], list[KeyPersonRow]] = defaultdict(list)
    for row in rows:
        of_unit[row.unit_id, row.course_id].append(row)
    certified = _certified(session, tracks, day)
    there = _active(session, rows)
    lines = []
    for unit in units.values():
        for track in tracks:
            here = of_unit[unit.id, track]
            if here or unit.kind == UnitKind.INSTITUTION:
                named = [row.person_id for row in here if row.person_id in there]
                until = max((certified[one, track] for one in named if (one, track) in certified), default=None)
                deputy = any(row.deputy_id in there for row in here)
                lines.append(CoverageLine(unit.title, title(track), _cover(bool(named), until, day), until, deputy))
    return sorted(lines, key=lambda line: (list(Cover).index(line.cover), line.deputy, line.unit, line.course_title))


def _active(session: Session, rows: Sequence[KeyPersonRow]) -> set[str]:
    """Those of the key persons and deputies who have not left."""
    named = {row.person_id for row in rows} | {row.deputy_id for row in rows if row.deputy_id}
    return set(session.scalars(select(PersonRow.id).where(PersonRow.id.in_(named), PersonRow.active)))


def _certified(session: Session, tracks: list[str], day: date) -> dict[tuple[str, str], date]:
    query = select(CourseStandingRow.person_id, CourseStandingRow.course_id, CourseStandingRow.valid_until).where(
        CourseStandingRow.course_id.in_(tracks),
        CourseStandingRow.valid_until >= day,
        CourseStandingRow.person_id.in_(select(KeyPersonRow.person_id)),
    )
    return {(person, course): until for person, course, until in session.execute(query) if until is not None}


def _cover(named: bool, until: date | None, day: date) -> Cover:
    if not named:
        return Cover.NOBODY
    if until is None:
        return Cover.NOT_CERTIFIED
    return Cover.EXPIRES if until <= day + timedelta(days=EXPIRES_WITHIN) else Cover.COVERED
