"""What a manager sees of her own units, and what nobody sees."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from courses.steering.area.figures import Choice, Cover, MonthLine
from courses.steering.area.standing import State
from courses.steering.suppression import LEAST
from people.errors import NotAllowed
from people.organisation.tables import EmploymentRow, LookRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.refusals import REFUSED
from people.roles import Role
from storage.audit import AuditEvent
from storage.session import reading, transaction
from tests.certified_house import WRONG
from tests.small_area import COURSE, SmallArea

TODAY = date(2026, 6, 15)
DUE = date(2026, 3, 1)


@pytest.fixture
def area(engine: Engine, tmp_path: Path) -> SmallArea:
    """A school with a club below it, led by Lars, and a staff office that he does not lead."""
    made = SmallArea(engine, tmp_path)
    made.on(date(2026, 2, 2))
    return made


@pytest.fixture
def lars(area: SmallArea) -> Person:
    return area.add("lars", "skole", leads=["skole"])


def months_of(area: SmallArea, manager: Person) -> tuple[MonthLine, ...]:
    return area.area.open(manager).months(Choice())


def looks(engine: Engine) -> list[tuple[str, str]]:
    with reading(engine) as session:
        return sorted((row.person_id, row.by) for row in session.scalars(select(LookRow)))


def reached(engine: Engine) -> list[str]:
    """Units of others that somebody has reached for."""
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.object_id).where(AuditEvent.action == REFUSED)))


def test_a_manager_sees_how_far_her_own_units_are(area: SmallArea, lars: Person) -> None:
    late, begun, done, free, other = (
        area.add(key, unit)
        for key, unit in (
            ("late", "klub"),
            ("begun", "klub"),
            ("done", "skole"),
            ("free", "klub"),
            ("other", "stab"),
        )
    )
    for one in (lars, late, done, free, other):
        area.assign(one, DUE)
    area.assign(begun)
    area.enrol(begun)
    area.earn(done)
    area.exempt(free, None)
    overview = area.on(TODAY).area.open(lars).overview(Choice())
    assert (overview.people, overview.assigned, overview.missing, overview.overdue) == (4, 3, 2, 1)
    counts = overview.counts
    assert [counts.of(state) for state in State] == [1, 0, 1, 1, 1]
    assert [(line.title, line.counts.assigned, line.own) for line in overview.lines] == [
        ("Skolen", 1, True),
        ("Klubben", 2, False),
    ]
    club = area.area.open(lars).overview(Choice(unit_id="klub"))
    assert (club.people, club.counts.finished, club.overdue) == (3, 0, 1)

    found, total = area.area.open(lars).missing(Choice())
    assert [(one.name, one.unit, one.state, one.days) for one in found] == [
        ("Navn late", "Klubben", State.OVERDUE, (TODAY - DUE).days),
        ("Navn begun", "Klubben", State.UNDER_WAY, 0),
    ]
    assert total == 2
    overdue, _ = area.area.open(lars).missing(Choice(state=State.OVERDUE))
    assert [one.person_id for one in overdue] == ["late"]


def test_the_trend_counts_people_where_they_worked_then(area: SmallArea, lars: Person) -> None:
    mette = area.add("mette", "klub")
    area.assign(mette)
    area.earn(mette)
    with transaction(area.engine) as session:
        moved = next(row for row in session.scalars(select(EmploymentRow)) if row.person_id == "mette")
        moved.valid_to = date(2026, 4, 10)
    area.store(area.employment("mette", "stab", first=date(2026, 4, 11)))
    months = months_of(area.on(TODAY), lars)
    assert len(months) == 12
    assert [(line.day.month, line.assigned, line.finished) for line in months[-6:]] == [
        (1, 0, 0),
        (2, 1, 1),
        (3, 1, 1),
        (4, 0, 0),
        (5, 0, 0),
        (6, 0, 0),
    ]


def test_a_closed_unit_keeps_its_past_and_a_moved_one_counts_where_it_was(area: SmallArea, lars: Person) -> None:
    mette = area.add("mette", "klub")
    area.assign(mette)
    with transaction(area.engine) as session:
        placed = session.scalars(select(UnitPlacementRow).where(UnitPlacementRow.unit_id == "klub")).one()
        placed.valid_to = date(2026, 4, 30)
    area.store(area.placed("klub", "stab", "Klubben", date(2026, 5, 1)))
    overview = area.on(TODAY).area.open(lars).overview(Choice())
    assert overview.counts.assigned == 0
    assert [line.assigned for line in months_of(area, lars)[-4:]] == [1, 1, 0, 0]


def test_people_elsewhere_are_seen_by_the_manager_of_their_employment_and_nobody_counts_twice(
    area: SmallArea, lars: Person
) -> None:
    mette = area.add("mette", "stab")
    area.store(area.employment("mette", "klub", primary=False))
    niels = area.add("niels", None)
    area.store(area.employment("niels", "stab", manager="lars"))
    for one in (mette, niels):
        area.assign(one, DUE)
    overview = area.on(TODAY).area.open(lars).overview(Choice())
    assert overview.counts.overdue == overview.overdue == 2
    found, _ = area.area.open(lars).missing(Choice())
    assert {(one.person_id, one.unit) for one in found} == {("mette", "Klubben"), ("niels", "Staben")}
    assert months_of(area, lars)[-1].assigned == 2


def test_a_look_at_somebody_by_name_is_noted_once_a_day(area: SmallArea, lars: Person) -> None:
    for key in ("mette", "niels"):
        area.assign(area.add(key, "klub"), DUE)
    area.on(TODAY).area.open(lars).overview(Choice())
    assert looks(area.engine) == []
    page, total = area.area.open(lars).missing(Choice(), count=1)
    assert (len(page), total) == (1, 2)
    assert looks(area.engine) == [("mette", "lars")]
    area.area.open(lars).missing(Choice())
    area.area.open(lars).missing(Choice())
    assert looks(area.engine) == [("mette", "lars"), ("niels", "lars")]
    area.on(TODAY + timedelta(days=1)).area.open(lars).missing(Choice(), count=1)
    assert len(looks(area.engine)) == 3


def test_nobody_reaches_beyond_her_own_units(area: SmallArea, lars: Person) -> None:
    area.assign(area.add("other", "stab"), DUE)
    area.on(TODAY)
    view = area.area.open(lars)
    for choice in (Choice(unit_id="stab"), Choice(unit_id="by"), Choice(unit_id="findes-ikke")):
        for look in (view.overview, view.missing, view.expiring, view.coverage, view.months, view.scores):
            with pytest.raises(NotAllowed):
                look(choice)
    with pytest.raises(NotAllowed):
        area.area.open(lars, whole=True)
    with reading(area.engine) as session:
        kept = session.execute(
            select(AuditEvent.actor, AuditEvent.object_type, AuditEvent.object_id).where(AuditEvent.action == REFUSED)
        ).all()
    assert sorted(map(tuple, kept)) == [("lars", "unit", "by"), ("lars", "unit", "stab")]  # once a minute, and no slips
    mette = area.add("mette", "skole")
    for person in (mette, area.add("ulla", None, Role.TRAINER), area.add("anders", None, Role.ADMIN)):
        with pytest.raises(NotAllowed):
            area.area.open(person)
    assert area.area.open(lars).missing(Choice()) == ([], 0)
    assert looks(area.engine) == []


@pytest.mark.parametrize("wanted", ["stab", "Staben", "Staben (Kommunen)", "STAB-7"])
def test_a_unit_that_is_asked_for_by_a_name_in_the_address_is_kept(area: SmallArea, lars: Person, wanted: str) -> None:
    with transaction(area.engine) as session:
        session.get_one(OrgUnitRow, "stab").key = "STAB-7"
    view = area.on(TODAY).area.open(lars)
    view.note_reach(wanted)
    view.note_reach(wanted)
    assert reached(area.engine) == ["stab"]  # once a minute


@pytest.mark.parametrize(
    "wanted", ["klub", "Klubben", "Klubben (2)", "skole", "findes ikke", "Lukket", "%", "x" * 5000]
)
def test_a_slip_or_a_unit_of_ones_own_is_not_kept(area: SmallArea, lars: Person, wanted: str) -> None:
    area.store(OrgUnitRow(id="fremmed", key="fremmed", kind="unit"), OrgUnitRow(id="lukket", key="lukket", kind="unit"))
    area.store(area.placed("fremmed", "stab", "Klubben"), area.placed("lukket", "stab", "Lukket"))
    with transaction(area.engine) as session:
        closed = select(UnitPlacementRow).where(UnitPlacementRow.unit_id == "lukket")
        session.scalars(closed).one().valid_to = TODAY - timedelta(days=1)
    area.on(TODAY).area.open(lars).note_reach(wanted)
    assert reached(area.engine) == []


def test_who_may_see_all_units_has_reached_for_nothing(area: SmallArea) -> None:
    tina = area.add("tina", "skole", Role.TASKFORCE, leads=["skole"])
    area.on(TODAY).area.open(tina).note_reach("Staben")
    assert reached(area.engine) == []


def test_the_task_force_sees_counts_of_all_units_and_no_names(area: SmallArea) -> None:
    tina = area.add("tina", "stab", Role.TASKFORCE)
    for unit in ("klub", "skole", "stab"):
        area.assign(area.add(f"en-{unit}", unit), DUE)
    view = area.on(TODAY).area.open(tina, whole=True)
    overview = view.overview(Choice())
    assert overview.overdue == 3
    assert [(line.title, line.counts.overdue) for line in overview.lines] == [("Skolen", 2), ("Staben", 1)]
    for look in (view.missing, view.expiring):
        with pytest.raises(NotAllowed):
            look(Choice())
    assert area.area.open(tina).missing(Choice())[1] == 0
    assert not area.area.leads(tina)


def test_certificates_that_run_out_within_ninety_days(area: SmallArea, lars: Person) -> None:
    mette = area.add("mette", "klub")
    area.earn(mette)
    until = date(2027, 2, 2)
    assert area.on(until - timedelta(days=91)).area.open(lars).expiring(Choice()) == ([], 0)
    ((one,), total) = area.on(until - timedelta(days=90)).area.open(lars).expiring(Choice())
    assert (one.name, one.valid_until, one.days, total) == ("Navn mette", until, 90, 1)
    assert area.area.open(lars).overview(Choice()).expiring == 1
    assert area.on(until + timedelta(days=1)).area.open(lars).expiring(Choice()) == ([], 0)


def test_coverage_by_key_people(area: SmallArea, lars: Person) -> None:
    assert area.area.open(lars).coverage(Choice()) == []
    mette, niels = area.add("mette", "skole"), area.add("niels", "klub")
    area.key_person(niels, "klub")
    lines = area.on(TODAY).area.open(lars).coverage(Choice())
    assert [(line.unit, line.cover, line.deputy) for line in lines] == [
        ("Skolen", Cover.NOBODY, False),
        ("Klubben", Cover.NOT_CERTIFIED, False),
    ]
    area.on(date(2026, 2, 2)).earn(mette)
    area.key_person(mette, "skole", deputy=niels)
    school = next(line for line in area.on(TODAY).area.open(lars).coverage(Choice()) if line.unit == "Skolen")
    assert (school.cover, school.deputy, school.until) == (Cover.COVERED, True, date(2027, 2, 2))
    soon = next(line for line in area.on(date(2027, 1, 1)).area.open(lars).coverage(Choice()) if line.unit == "Skolen")
    assert soon.cover is Cover.EXPIRES


def test_scores_are_shown_of_five_when_the_month_is_over_and_never_of_fewer(area: SmallArea, lars: Person) -> None:
    people = [area.add(f"p{number}", "klub") for number in range(LEAST)]
    for person in people:
        area.enrol(person)
    for person in people[:-1]:
        area.take(person)
    area.on(date(2026, 3, 1)).area.close_months()
    assert area.area.open(lars).scores(Choice()) == ()
    area.take(people[-1], WRONG)
    assert area.area.open(lars).scores(Choice()) == ()
    assert area.on(date(2026, 4, 1)).area.close_months() == 1
    (line,) = area.area.open(lars).scores(Choice())
    assert (line.people, line.mean, line.passed) == (5, 0.8, 0.8)
    area.take(people[-1])
    assert area.on(date(2026, 5, 1)).area.close_months() == 1
    assert area.area.open(lars).scores(Choice(unit_id="klub", course_id=COURSE)) == (line,)
    assert area.area.close_months() == 0
