"""Standings that are kept up to date step by step are those that would be made from nothing."""

from contextlib import suppress
from dataclasses import asdict
from datetime import date, timedelta
from pathlib import Path
from random import Random

import pytest
from sqlalchemy import Engine, delete, select

from courses.errors import CourseError
from courses.steering.area.board import Board, Standings
from courses.steering.area.standing import Standing
from courses.steering.area.tables import CourseStandingRow, StandingMarkRow
from courses.tables import CertificateRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from storage.base import now
from storage.session import reading, transaction
from tests.certified_house import RIGHT, START, WRONG, course
from tests.small_area import COURSE, SmallArea

TRAINER = Person("underviser", "Ulla", "", frozenset({Role.TRAINER}))


def kept(engine: Engine) -> dict[tuple[str, str], dict[str, object]]:
    fields = tuple(Standing.__dataclass_fields__)
    with reading(engine) as session:
        rows = session.scalars(select(CourseStandingRow))
        return {(row.person_id, row.course_id): {name: getattr(row, name) for name in fields} for row in rows}


def one(area: SmallArea, person: Person) -> dict[str, object]:
    return kept(area.engine)[person.id, COURSE]


def test_a_whole_life_in_a_course(engine: Engine, tmp_path: Path) -> None:
    area = SmallArea(engine, tmp_path)
    mette = area.add("mette", "klub")
    area.standings.refresh()
    assert kept(engine) == {}
    area.assign(mette, date(2026, 3, 1))
    assert area.standings.refresh() == 1
    assert one(area, mette) == asdict(Standing(assigned_on=START.date(), due_on=date(2026, 3, 1)))

    area.enrol(mette)
    area.take(mette, WRONG)
    area.standings.refresh()
    assert (one(area, mette)["cycle"], one(area, mette)["finished_on"]) == (1, None)

    area.on(date(2026, 2, 2)).take(mette)
    area.standings.refresh()
    assert one(area, mette)["finished_on"] == date(2026, 2, 2)
    assert one(area, mette)["valid_until"] is None

    (number,) = area.certification.settle(mette).issued
    area.standings.refresh()
    assert one(area, mette)["valid_until"] == date(2027, 2, 2)

    area.certification.revoke(TRAINER, number, "Prøven blev taget af en anden end den, der står på beviset.")
    area.standings.refresh()
    assert (one(area, mette)["finished_on"], one(area, mette)["valid_until"]) == (None, None)
    assert area.standings.refresh() == 0


def test_a_course_without_a_certificate_is_finished_by_its_final(engine: Engine, tmp_path: Path) -> None:
    area = SmallArea(engine, tmp_path)
    mette = area.add("mette", "klub")
    version = area.courses.publish(course("uden-bevis", certificate=None), "system")
    area.enrol(mette, version)
    area.take(mette, RIGHT, "uden-bevis")
    area.standings.refresh()
    assert kept(engine)[mette.id, "uden-bevis"]["finished_on"] == START.date()


@pytest.mark.parametrize("seed", range(4))
def test_step_by_step_and_from_nothing_give_the_same(engine: Engine, tmp_path: Path, seed: int) -> None:
    chance = Random(seed)  # noqa: S311  a repeatable life, no secret
    area = SmallArea(engine, tmp_path)
    area.at = now() - timedelta(days=1000)  # enrolments are of the real moment, and that comes later
    people = [area.add(f"p{number}", "klub") for number in range(4)]
    assignments: list[str] = []
    for _ in range(30):
        person = chance.choice(people)
        area.on(area.at.date() + timedelta(days=chance.randint(0, 30)))
        with suppress(CourseError):  # what is not open now is life too
            _happen(area, chance, person, assignments)
        if chance.random() < 0.5:
            area.standings.refresh()
    area.standings.refresh()
    step_by_step = kept(engine)
    assert area.standings.rebuild() == 0
    with transaction(engine) as session:
        session.execute(delete(CourseStandingRow))
        session.execute(delete(StandingMarkRow))
    assert area.standings.refresh() == len(step_by_step) > 0
    assert kept(engine) == step_by_step


def _happen(area: SmallArea, chance: Random, person: Person, assignments: list[str]) -> None:
    what = chance.choice(
        ["assign", "unassign", "exempt", "enrol", "wrong", "right", "right", "settle", "renew", "revoke"]
    )
    if what == "assign":
        assignments.append(area.assign(person, chance.choice([None, area.at.date() + timedelta(days=30)])))
    elif what == "unassign" and assignments:
        area.unassign(assignments.pop())
    elif what == "exempt":
        area.exempt(person, chance.choice([None, area.at.date()]))
    elif what == "enrol":
        area.enrol(person)
    elif what in ("wrong", "right"):
        area.take(person, RIGHT if what == "right" else WRONG)
    elif what == "settle":
        area.certification.settle_all()
    elif what == "renew":
        area.certification.renew(person, COURSE)
    elif what == "revoke":
        with reading(area.engine) as session:
            number = session.scalar(select(CertificateRow.id).where(CertificateRow.person_id == person.id))
        if number:
            area.certification.revoke(TRAINER, number, "Prøven blev taget af en anden person.")


def test_a_board_that_reads_what_has_changed_holds_what_is_there(engine: Engine) -> None:
    people, courses, chance = [f"p-{place}" for place in range(6)], ["a", "b"], Random(3)  # noqa: S311  repeatable
    with transaction(engine) as session:
        session.add_all(PersonRow(id=one, name=one, unit="", created_at=now(), grants=[]) for one in people)
    board = Board()
    for revision in range(1, 120):
        with transaction(engine) as session:
            for key in {(chance.choice(people), chance.choice(courses)) for _ in range(chance.randint(1, 3))}:
                row = session.get(CourseStandingRow, key)
                if row is not None and chance.random() < 0.3:
                    session.delete(row)
                    continue
                if row is None:
                    row = CourseStandingRow(person_id=key[0], course_id=key[1], revision=revision)
                    session.add(row)
                row.due_on, row.revision = START.date() + timedelta(days=chance.randint(0, 999)), revision
        if chance.random() < 0.7:  # some changes come together
            with reading(engine) as session:
                assert shown(board.current(session)) == shown(Board().current(session))


def shown(standings: Standings) -> dict[tuple[str, str], list[int]]:
    entries = zip(standings.person.tolist(), standings.course.tolist(), strict=True)
    return {
        (standings.people[person], standings.courses[course]): [
            int(column[place]) for column in standings.days.values()
        ]
        for place, (person, course) in enumerate(entries)
    }
