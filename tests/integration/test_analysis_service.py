"""The analysis of quizzes on SQLite and PostgreSQL, with attempts taken through the real services."""

from collections.abc import Callable

import pytest
from sqlalchemy import Engine

from courses.analysis_service import AnalysisService
from courses.course import Pool, Slot
from courses.errors import UnknownCourse
from courses.item_findings import Kind
from courses.item_report import ItemReport, QuizReport
from courses.question import MultipleChoice
from courses.teaching_service import TeachingService
from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from tests.taken_quiz import (
    COURSE,
    DEAD,
    ESSAY,
    HARD,
    QUESTIONS,
    QUIZ,
    SOUND,
    TICKS,
    WRONG_KEY,
    Takers,
    measured_course,
    single,
)

RIGHT = {**dict.fromkeys((*SOUND, HARD, DEAD), "a"), WRONG_KEY: "b", "udsagn": True, TICKS: ["a", "b"]}


class World(Takers):
    """Takers with the service and a trainer."""

    def __init__(self, engine: Engine, trainer: Person) -> None:
        super().__init__(engine)
        self.trainer = trainer
        self.service = AnalysisService(engine, self.courses)
        self.teaching = TeachingService(engine, self.courses)

    def report(self, version: int | None = None) -> QuizReport:
        return self.service.of_quiz(self.trainer, COURSE, QUIZ, version)

    def items(self) -> dict[str, ItemReport]:
        return {item.question.id: item for item in self.report().items}


@pytest.fixture
def world(engine: Engine, trainer: Person) -> World:
    made = World(engine, trainer)
    made.courses.publish(measured_course(), "system")
    return made


def test_every_fault_that_was_built_in_is_found_and_nothing_else(world: World) -> None:
    world.crowd(40)
    found = {key: {one.kind for one in item.findings if one.sure} for key, item in world.items().items()}
    assert {Kind.AGAINST, Kind.TEMPTING} <= found.pop(WRONG_KEY)
    assert Kind.HARD in found.pop(HARD)
    assert found.pop(DEAD) == {Kind.UNCHOSEN}
    assert set(map(frozenset, found.values())) == {frozenset()}
    report = world.report()
    assert report.people == 40
    assert report.items[0].question.id == WRONG_KEY
    assert report.whole.consistency is not None
    assert sum(report.spread) == 40
    assert [one.share for one in world.items()[DEAD].options][-1] == 0.0


def test_alarms_name_the_wording_and_say_what_to_do(world: World) -> None:
    wordings = world.courses.current(COURSE).wordings
    world.crowd(40)
    alarms = world.service.alarms(COURSE)
    assert {one.question_id for one in alarms} == {WRONG_KEY, HARD, DEAD}
    assert all(wordings[one.question_id] == one.wording for one in alarms)
    assert (
        "De, der klarer sig godt i resten af prøven, vælger oftere et forkert svar her. Se, om facit er rigtigt."
        in [one.reason for one in alarms]
    )


def test_an_alarm_about_a_wording_falls_silent_when_the_question_is_reworded(world: World) -> None:
    world.crowd(40)
    mended = tuple(single(WRONG_KEY, "Hvem må se sagen nu?") if one.id == WRONG_KEY else one for one in QUESTIONS)
    world.courses.publish(measured_course(mended), "system")
    assert {one.question_id for one in world.service.alarms(COURSE)} == {HARD, DEAD}
    assert not world.items()[WRONG_KEY].newest


def test_figures_about_few_people_are_held_back(world: World) -> None:
    world.crowd(4)
    assert world.report().people is None
    assert world.service.quizzes(world.trainer)[0].people is None
    assert all(item.answers is None and item.facility is None and not item.options for item in world.report().items)
    world.crowd(6, "flere")
    assert world.report().people == 10
    assert all(item.facility is not None and item.discrimination is None for item in world.report().items)
    assert world.service.alarms(COURSE) == []


def test_a_person_counts_once_with_the_first_attempt(world: World) -> None:
    people = world.crowd(10)
    before = world.report()
    for person in people:
        world.take(person, RIGHT, begin=False)
    assert world.report() == before
    assert world.service.quizzes(world.trainer)[0].people == 10


def test_what_trainers_try_themselves_is_left_out(world: World) -> None:
    world.crowd(12)
    before = world.items()
    for role in (Role.TRAINER, Role.TASKFORCE):
        world.take(world.person(f"egen-{role}", role), RIGHT)
    assert world.items() == before
    world.take(world.person("leder", Role.MANAGER), RIGHT)
    assert world.report().people == 13


def test_open_attempts_do_not_count(world: World) -> None:
    world.crowd(10)
    late = world.person("i-gang")
    world.learning.begin(late, COURSE)
    world.attempts.start(late, COURSE, QUIZ)
    assert world.report().people == 10


def test_a_regrade_changes_the_figures_at_once(world: World) -> None:
    world.crowd(40)
    before = world.items()[WRONG_KEY]
    mended = tuple(single(WRONG_KEY, "Hvem må se sagen?") if one.id == WRONG_KEY else one for one in QUESTIONS)
    world.courses.publish(measured_course(mended), "system")
    world.teaching.regrade(world.trainer, WRONG_KEY, "Facit var forkert.")
    after = world.items()[WRONG_KEY]
    assert before.discrimination is not None
    assert after.discrimination is not None
    assert before.discrimination < 0 < after.discrimination
    assert Kind.AGAINST not in {one.kind for one in after.findings}


def test_answers_that_wait_for_a_mark_are_left_out_until_they_have_one(world: World) -> None:
    world.courses.publish(measured_course((*QUESTIONS[:4], ESSAY)), "system")
    for place in range(12):
        world.take(world.person(f"skriver-{place}"), {**RIGHT, ESSAY.id: "Jeg viser dem, hvordan."})
    report = world.report()
    assert report.waiting == 12
    assert world.items()[ESSAY.id].answers is None
    assert report.whole.mean == pytest.approx(1.0)
    for one in world.teaching.waiting(world.trainer, 20)[0]:
        world.teaching.mark(world.trainer, one.item_id, {"k": 0.5}, "")
    assert world.items()[ESSAY.id].facility == pytest.approx(0.5)
    assert world.report().whole.mean == pytest.approx(4.5 / 5)


def test_blanks_count_as_nothing_and_choose_nothing(world: World) -> None:
    for place in range(12):
        world.take(world.person(f"blank-{place}"), {**RIGHT, DEAD: None if place < 6 else "a"})
    item = world.items()[DEAD]
    assert item.facility == pytest.approx(0.5)
    assert [one.share for one in item.options] == [0.5, 0.0, 0.0, 0.0]


def test_versions_are_taken_together_by_wording_and_can_be_looked_at_alone(world: World) -> None:
    world.crowd(15)
    reworded = (single(SOUND[0], "Hvad gør du i situation 1, når det haster?"), *QUESTIONS[1:])
    world.courses.publish(measured_course(reworded), "system")
    world.crowd(10, "ny", seed=2)
    report = world.report()
    assert report.people == 25
    assert report.versions == (1, 2)
    answers = {(item.question.text, item.newest): item.answers for item in report.items}
    assert answers["Hvad gør du i situation 1?", False] == 15
    assert answers["Hvad gør du i situation 1, når det haster?", True] == 10
    assert answers["Hvad er en prompt?", True] == 25
    assert world.report(1).people == 15
    assert world.report(2).people == 10


def test_a_version_that_few_have_taken_cannot_be_looked_at_alone(world: World) -> None:
    world.crowd(15)
    world.courses.publish(measured_course(QUESTIONS[:-1]), "system")
    world.crowd(3, "ny")
    assert world.report().versions == ()
    for version in (1, 2, 7):
        with pytest.raises(UnknownCourse):
            world.report(version)


def test_who_took_both_versions_counts_in_the_first_only(world: World) -> None:
    people = world.crowd(15)
    world.courses.publish(measured_course((single(SOUND[0], "Hvad gør du, når det haster?"), *QUESTIONS[1:])), "system")
    world.crowd(10, "ny", seed=2)
    world.learning.move(people[0], COURSE)
    before = world.report(2)
    world.take(people[0], RIGHT, begin=False)
    assert world.report(2) == before


def test_questions_from_a_pool_are_compared_though_attempts_hold_different_ones(world: World) -> None:
    bank = tuple(
        single(f"pulje-{place}", f"Puljespørgsmål {place}?").model_copy(update={"tags": ("pulje",)})
        for place in range(6)
    )
    slots = (Slot(question=WRONG_KEY), Slot(pool=Pool(count=5, tags=("pulje",))))
    course = measured_course((*QUESTIONS, *bank), slots)
    world.courses.publish(course, "system")
    world.crowd(50)
    items = world.items()
    drawn = [item for key, item in items.items() if key.startswith("pulje")]
    assert len(drawn) == 6
    assert all(item.drawn for item in drawn)
    assert not items[WRONG_KEY].drawn
    assert sum(item.answers or 0 for item in drawn) == 250
    assert all(
        item.whole_discrimination is not None and item.whole_discrimination > (item.discrimination or 0)
        for item in drawn
    )
    assert world.report().whole.consistency_count == 50


def test_nobody_but_trainers_sees_figures_and_no_figure_says_who(world: World, person: Callable[..., Person]) -> None:
    people = world.crowd(12)
    for role in (Role.EMPLOYEE, Role.KEY_PERSON, Role.MANAGER, Role.ADMIN):
        with pytest.raises(NotAllowed):
            world.service.of_quiz(person("nogen", role), COURSE, QUIZ)
        with pytest.raises(NotAllowed):
            world.service.quizzes(person("nogen", role))
    shown = repr(world.report()) + repr(world.service.quizzes(world.trainer))
    assert not [one.id for one in people if one.id in shown]
    assert "attempt" not in shown


def test_a_course_or_quiz_that_is_not_there_says_so(world: World) -> None:
    with pytest.raises(UnknownCourse):
        world.service.of_quiz(world.trainer, "findes-ikke", QUIZ)
    with pytest.raises(UnknownCourse):
        world.service.of_quiz(world.trainer, COURSE, "findes-ikke")


def test_ticks_of_several_options_add_up_to_more_than_everybody(world: World) -> None:
    world.crowd(12)
    item = world.items()[TICKS]
    assert isinstance(item.question, MultipleChoice)
    assert [one.text for one in item.options][:3] == ["CPR-numre", "Navne på borgere", "En opdigtet sag"]
    assert sum(one.share for one in item.options) > 1
