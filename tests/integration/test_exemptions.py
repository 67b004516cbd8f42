"""Who is exempt is shown as exempt, however she had the course, and why says nothing of her health or her family."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine

from courses.errors import InvalidAssignment
from courses.steering.area.figures import Choice
from courses.steering.area.standing import State
from courses.steering.exemption_service import ExemptionService
from courses.steering.rule import RuleDraft
from courses.steering.rule_service import RuleService
from people.roles import Role
from tests.small_area import COURSE, SmallArea
from tests.steering_house import SteeringHouse

DAY = date(2026, 2, 2)


def test_the_manager_sees_all_who_are_exempt_as_exempt(engine: Engine, tmp_path: Path) -> None:
    """Of whom by hand, by a rule and before it, the last two have no assignment."""
    area = SmallArea(engine, tmp_path)
    area.on(DAY)
    lars = area.add("lars", "skole", leads=["skole"])
    trainer = area.add("ulla", "stab", Role.TRAINER)
    by_hand, by_rule, before, other = (area.add(key, "klub") for key in ("hånd", "regel", "før", "anden"))
    rules = RuleService(engine, area.courses, lambda: area.at, lambda: area.at.date())
    exemptions = ExemptionService(engine, area.courses, rules, lambda: area.at, lambda: area.at.date())
    area.assign(by_hand, DAY)
    last = DAY + timedelta(days=30)
    exemptions.exempt(trainer, before.id, COURSE, last, "Har ikke opgaver med AI")
    rules.create(trainer, RuleDraft(COURSE, None, "klub", days=10))
    for one in (by_hand, by_rule):
        exemptions.exempt(trainer, one.id, COURSE, last, "Har ikke opgaver med AI")
    counts = area.on(last).area.open(lars).overview(Choice()).counts
    assert {state: counts.of(state) for state in State if counts.of(state)} == {State.EXEMPT: 3, State.OVERDUE: 1}
    assert [one.person_id for one in area.area.open(lars).missing(Choice())[0]] == [other.id]
    area.on(last + timedelta(days=1))
    rules.apply()
    assert area.area.open(lars).overview(Choice()).counts.exempt == 0
    area.standings.rebuild()
    assert area.area.open(lars).overview(Choice()).counts.exempt == 0


@pytest.mark.parametrize(
    "reason",
    [
        "Er gravid og har kræft",
        "Sygemeldt",
        "SYGEMELDT indtil videre",
        "Er på barsel",
        "Barselsorlov",
        "Langtidssygemeldt",
        "Hendes søn er død",
        "Af familiemæssige årsager",
        "Har et handicap",
        "Er under behandling for stress",
        "Skal skilles",
        "Er på sygehuset",
    ],
)
def test_a_reason_of_health_or_family_is_not_kept(engine: Engine, reason: str) -> None:
    house = SteeringHouse(engine)
    kaj = house.hire("kaj", "aaskolen")
    with pytest.raises(
        InvalidAssignment, match=r"helbred eller familie .* Skriv kun om arbejdet, fx “Har ikke opgaver"
    ):
        house.exemptions.exempt(house.trainer, kaj.id, COURSE, None, reason)
    assert house.exemptions.exemptions(house.trainer) == ([], 0)
    house.teaching.assign(house.trainer, [kaj.id], COURSE, None)
    with pytest.raises(InvalidAssignment, match="helbred eller familie"):
        house.teaching.end_assignment(house.trainer, house.live(kaj)[0].id, reason)


@pytest.mark.parametrize(
    "reason",
    [
        "Har ikke opgaver med AI",
        "Er væk fra arbejdet i en periode",
        "Er på orlov",
        "Underviser selv i det",
        "Har taget et kursus, der svarer til det",
        "Går på pension til sommer",
        "Har en anden opgave i sundhedsplejen",
        "Arbejder i Familieafdelingen og tager deres eget kursus",
        "Er kontaktperson for AI i Børn og Skole",
        "Er fratrådt om en måned",
        "Arbejder med borgere med demens og bruger ikke AI",
        "Behandler ikke sager med AI",
    ],
)
def test_a_reason_of_work_is_kept(engine: Engine, reason: str) -> None:
    house = SteeringHouse(engine)
    house.exemptions.exempt(house.trainer, house.hire("kaj", "aaskolen").id, COURSE, None, reason)
    (line,), _ = house.exemptions.exemptions(house.trainer)
    assert line.reason == reason
