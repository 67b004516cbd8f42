"""Who is exempt is shown as exempt, however she had the course."""

from datetime import date, timedelta
from pathlib import Path

from sqlalchemy import Engine

from courses.steering.area.figures import Choice
from courses.steering.area.standing import State
from courses.steering.exemption_service import ExemptionService
from courses.steering.rule import RuleDraft
from courses.steering.rule_service import RuleService
from people.roles import Role
from tests.small_area import COURSE, SmallArea

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
