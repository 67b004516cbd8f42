"""Attempts on SQLite and PostgreSQL: nothing that was answered is lost, and nothing that was handed in changes."""

import random
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from courses.attempt import Attempt
from courses.attempt_service import AttemptService
from courses.course import Course, Lesson, Policy, Practice, Scoring, Show
from courses.course_service import CourseService
from courses.enrolment import enrol
from courses.errors import InvalidAssignment, InvalidContent, InvalidResponse, NotOpen, UnknownCourse
from courses.grading import State
from courses.learning_service import LearningService
from courses.progress import Step
from courses.tables import AttemptItemRow, AttemptRow, ItemGradeRow, ResponseEventRow
from courses.teaching_service import TeachingService
from people.errors import NotAllowed
from people.organisation.tables import LookRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from storage.base import now
from storage.session import reading, transaction
from tests.small_course import QUESTIONS, RIGHT, small_course


@dataclass
class World:
    """A small course in a database, two learners, a trainer, and a clock that a test turns."""

    engine: Engine
    learner: Person
    other: Person
    trainer: Person
    held: set[str] = field(default_factory=set)
    at: datetime = datetime(2026, 11, 25, 8, 0, tzinfo=UTC)

    def __post_init__(self) -> None:
        self.courses = CourseService(self.engine, list)
        self.attempts = AttemptService(self.engine, self.courses, lambda _version: self.held, lambda: self.at)
        self.learning = LearningService(self.engine, self.courses, lambda: self.at)
        self.teaching = TeachingService(self.engine, self.courses, lambda: self.at)

    def begun(self, course: Course | None = None, person: Person | None = None) -> Attempt:
        """The final of the course, begun."""
        course = course or small_course()
        person = person or self.learner
        self.courses.publish(course, "system")
        self.learning.begin(person, course.id)
        self.read(course.id, person)
        return self.attempts.get(person, self.attempts.start(person, course.id, "final"))

    def read(self, course_id: str, person: Person | None = None) -> None:
        """The lesson that the final requires, read."""
        learning = self.learning.open(person or self.learner, course_id)
        lesson = learning.version.course.activity("laes")
        assert isinstance(lesson, Lesson)
        self.learning.finish(person or self.learner, learning, lesson)

    def answered(self, attempt: Attempt, answers: dict[str, Any] | None = None) -> Attempt:
        """The attempt with answers by question id, all right where none are given."""
        for item in attempt.items:
            value = (RIGHT if answers is None else answers).get(item.question.id)
            if value is not None:
                self.attempts.answer(self.learner, item.id, value)
        return self.attempts.get(self.learner, attempt.id)


@pytest.fixture
def world(engine: Engine, person: Callable[..., Person]) -> World:
    people = [person("demo-niels", Role.KEY_PERSON), person("demo-mette"), person("demo-ulla", Role.TRAINER)]
    with transaction(engine) as session:
        for one in people:
            session.add(PersonRow(id=one.id, name=one.name, unit=one.unit, created_at=now(), grants=[]))
    return World(engine, *people)


def count(engine: Engine, table: type[Any]) -> int:
    with reading(engine) as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


# --- beginning and resuming ---------------------------------------------------------------------------------------


def test_every_right_answer_passes_with_everything(world: World) -> None:
    attempt = world.answered(world.begun())
    assert attempt.answered == len(RIGHT)
    done = world.attempts.submit(world.learner, attempt.id)
    assert done.result.share == 1.0
    assert done.result.passed
    assert {item.grade.state for item in done.items if item.grade} == {State.CORRECT}


def test_two_clicks_at_once_begin_one_attempt(world: World) -> None:
    world.courses.publish(small_course(), "system")
    world.learning.begin(world.learner, "lille-kursus")
    world.read("lille-kursus")
    found: list[str] = []
    barrier = threading.Barrier(6)

    def click() -> None:
        barrier.wait()
        found.append(world.attempts.start(world.learner, "lille-kursus", "final"))

    threads = [threading.Thread(target=click) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert len(found) == 6
    assert len(set(found)) == 1
    assert count(world.engine, AttemptRow) == 1


def test_another_service_finds_everything_where_it_was_left(world: World) -> None:
    attempt = world.begun()
    world.attempts.answer(world.learner, attempt.items[0].id, RIGHT[attempt.items[0].question.id])
    world.attempts.flag(world.learner, attempt.items[1].id, flagged=True)
    after_a_crash = AttemptService(
        world.engine, CourseService(world.engine, list), lambda _version: (), lambda: world.at
    )
    again = after_a_crash.get(world.learner, attempt.id)
    assert again.items[0].response == RIGHT[again.items[0].question.id]
    assert [item.flagged for item in again.items[:3]] == [False, True, False]
    assert [item.order for item in again.items] == [item.order for item in attempt.items]
    assert after_a_crash.start(world.learner, "lille-kursus", "final") == attempt.id


def test_a_course_must_be_begun_and_a_quiz_must_exist(world: World) -> None:
    world.courses.publish(small_course(), "system")
    with pytest.raises(UnknownCourse):
        world.attempts.start(world.learner, "lille-kursus", "final")
    world.learning.begin(world.learner, "lille-kursus")
    for wrong in ("laes", "findes-ikke"):
        with pytest.raises(UnknownCourse):
            world.attempts.start(world.learner, "lille-kursus", wrong)


def test_a_quiz_waits_for_what_it_requires(world: World) -> None:
    world.courses.publish(small_course(), "system")
    world.learning.begin(world.learner, "lille-kursus")
    with pytest.raises(NotOpen, match="Læs"):
        world.attempts.start(world.learner, "lille-kursus", "final")
    assert world.learning.open(world.learner, "lille-kursus").progress.steps["final"] is Step.LOCKED


def test_a_course_that_is_not_open_needs_an_assignment(world: World) -> None:
    world.courses.publish(small_course(open_to_all=False), "system")
    with pytest.raises(NotOpen):
        world.learning.begin(world.learner, "lille-kursus")
    world.teaching.assign(world.trainer, [world.learner.id], "lille-kursus", None)
    world.learning.begin(world.learner, "lille-kursus")


# --- whose it is --------------------------------------------------------------------------------------------------


def test_nobody_reaches_the_attempt_of_another(world: World) -> None:
    attempt = world.begun()
    item = attempt.items[0]
    for call in (
        lambda: world.attempts.get(world.other, attempt.id),
        lambda: world.attempts.submit(world.other, attempt.id),
        lambda: world.attempts.answer(world.other, item.id, RIGHT[item.question.id]),
        lambda: world.attempts.flag(world.other, item.id, flagged=True),
        lambda: world.attempts.check(world.other, item.id),
        lambda: world.attempts.get(world.other, "findes-ikke"),
        lambda: world.attempts.answer(world.learner, "findes-ikke", "a"),
    ):
        with pytest.raises(UnknownCourse):
            call()
    assert count(world.engine, ResponseEventRow) == 0
    nobody = Person("x", "X", "Y", frozenset())
    with pytest.raises(NotAllowed):
        world.attempts.get(nobody, attempt.id)


# --- answering ----------------------------------------------------------------------------------------------------


def test_every_change_is_a_row_and_the_last_one_counts(world: World) -> None:
    attempt = world.begun()
    item = next(one for one in attempt.items if one.question.id == "one")
    for value in ("b", "a", None, "c"):
        world.attempts.answer(world.learner, item.id, value)
    found = next(one for one in world.attempts.get(world.learner, attempt.id).items if one.id == item.id)
    assert found.response == "c"
    assert count(world.engine, ResponseEventRow) == 4


def test_a_forged_answer_is_refused_and_leaves_the_old_one(world: World) -> None:
    attempt = world.begun()
    item = next(one for one in attempt.items if one.question.id == "one")
    world.attempts.answer(world.learner, item.id, "a")
    with pytest.raises(InvalidResponse):
        world.attempts.answer(world.learner, item.id, "z")
    assert world.attempts.get(world.learner, attempt.id).items[item.ordinal - 1].response == "a"


def test_two_tabs_that_answer_at_once_lose_nothing(world: World) -> None:
    attempt = world.begun()
    errors: list[BaseException] = []

    def tab(seed: int) -> None:
        chance = random.Random(seed)  # noqa: S311
        try:
            for _ in range(15):
                item = chance.choice(attempt.items)
                world.attempts.answer(world.learner, item.id, RIGHT[item.question.id])
        except BaseException as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            errors.append(error)

    threads = [threading.Thread(target=tab, args=(seed,)) for seed in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    assert errors == []
    assert count(world.engine, ResponseEventRow) == 30


def test_a_checked_answer_shows_the_key_and_cannot_be_changed(world: World) -> None:
    attempt = world.begun(small_course(policy=Policy(show=Show.AT_ONCE)))
    item = next(one for one in attempt.items if one.question.id == "one")
    with pytest.raises(NotOpen):
        world.attempts.check(world.learner, item.id)  # nothing is answered yet
    world.attempts.answer(world.learner, item.id, "b")
    world.attempts.check(world.learner, item.id)
    world.attempts.check(world.learner, item.id)
    with pytest.raises(NotOpen):
        world.attempts.answer(world.learner, item.id, "a")
    found = world.attempts.get(world.learner, attempt.id).items[item.ordinal - 1]
    assert found.checked
    assert found.grade is not None
    assert found.grade.state is State.WRONG
    assert count(world.engine, ItemGradeRow) == 1


def test_checking_is_refused_where_the_key_comes_later(world: World) -> None:
    attempt = world.begun()
    world.attempts.answer(world.learner, attempt.items[0].id, RIGHT[attempt.items[0].question.id])
    with pytest.raises(NotOpen):
        world.attempts.check(world.learner, attempt.items[0].id)


# --- time ---------------------------------------------------------------------------------------------------------

TIMED = Policy(minutes=10, grace_seconds=30, pass_at=0.6)


def test_answers_are_taken_until_the_grace_is_over_and_then_handed_in(world: World) -> None:
    attempt = world.begun(small_course(policy=TIMED))
    assert attempt.remaining(world.at) == timedelta(minutes=10)
    world.at += timedelta(minutes=10, seconds=29)
    world.answered(attempt)
    world.at += timedelta(seconds=2)
    with pytest.raises(NotOpen):
        world.attempts.answer(world.learner, attempt.items[0].id, None)
    found = world.attempts.get(world.learner, attempt.id)
    assert found.submitted
    assert found.by_time
    assert found.submitted_at == found.deadline_at
    assert found.result.share == 1.0


def test_the_daily_round_hands_in_what_nobody_opens(world: World) -> None:
    attempt = world.begun(small_course(policy=TIMED))
    assert world.attempts.close_overdue() == 0
    world.at += timedelta(hours=1)
    assert world.attempts.close_overdue() == 1
    assert world.attempts.close_overdue() == 0
    assert world.attempts.get(world.learner, attempt.id).submitted


def test_resuming_an_attempt_whose_time_is_over_shows_its_result_and_begins_no_other(world: World) -> None:
    attempt = world.begun(small_course(policy=TIMED))
    world.at += timedelta(hours=1)
    assert world.attempts.start(world.learner, "lille-kursus", "final") == attempt.id
    assert world.attempts.get(world.learner, attempt.id).by_time
    assert world.attempts.start(world.learner, "lille-kursus", "final") != attempt.id


def test_the_key_waits_while_the_last_attempt_is_open(world: World) -> None:
    course = small_course(policy=Policy(attempts=2, pass_at=0.9, show=Show.WHEN_DONE))
    first = world.attempts.submit(world.learner, world.begun(course).id)
    second = world.attempts.start(world.learner, course.id, "final")
    assert world.attempts.standing(world.learner, first) == (False, False)
    world.attempts.submit(world.learner, second)
    assert world.attempts.standing(world.learner, first) == (False, True)


def test_a_question_of_an_open_final_is_not_told_elsewhere(world: World) -> None:
    course = small_course().model_dump(mode="json")
    check = {
        "kind": "quiz",
        "id": "tjek",
        "title": "Tjek",
        "slots": [{"question": "one"}, {"question": "essay"}],
        "policy": {"show": "at_once"},
    }
    course["modules"][0]["activities"].insert(0, check)
    before = world.begun(Course.model_validate(course))
    checked = world.attempts.get(world.learner, world.attempts.start(world.learner, "lille-kursus", "tjek"))
    assert {item.question.id for item in checked.items} == {"essay"}
    world.attempts.submit(world.learner, before.id)
    world.attempts.submit(world.learner, checked.id)
    again = world.attempts.get(world.learner, world.attempts.start(world.learner, "lille-kursus", "tjek"))
    one = next(item for item in again.items if item.question.id == "one")
    world.attempts.answer(world.learner, one.id, "a")
    final = world.attempts.start(world.learner, "lille-kursus", "final")
    assert "one" in {item.question.id for item in world.attempts.get(world.learner, final).items}
    with pytest.raises(NotOpen, match="i gang med"):
        world.attempts.check(world.learner, one.id)


def test_extra_time_is_given_from_the_next_quiz_on(world: World) -> None:
    world.courses.publish(small_course(policy=TIMED), "system")
    world.teaching.give_extra_time(world.trainer, world.learner.id, 50)
    attempt = world.begun(small_course(policy=TIMED))
    assert attempt.remaining(world.at) == timedelta(minutes=15)
    assert world.attempts.extra_percent(world.learner) == 50
    for wrong in (-1, 201):
        with pytest.raises(InvalidAssignment):
            world.teaching.give_extra_time(world.trainer, world.learner.id, wrong)


def test_attempts_and_waiting_time_are_limited(world: World) -> None:
    course = small_course(policy=Policy(attempts=2, wait_hours=2, pass_at=0.6))
    world.attempts.submit(world.learner, world.begun(course).id)
    with pytest.raises(NotOpen, match=r"Du kan begynde et nyt forsøg 25. november 2026 kl. 11.00"):
        world.attempts.start(world.learner, course.id, "final")
    world.at += timedelta(hours=2)
    world.attempts.submit(world.learner, world.attempts.start(world.learner, course.id, "final"))
    world.at += timedelta(days=2)
    with pytest.raises(NotOpen, match="brugt alle dine forsøg"):
        world.attempts.start(world.learner, course.id, "final")


def test_a_trainer_can_give_one_more_attempt(world: World) -> None:
    course = small_course(policy=Policy(attempts=1, pass_at=0.6))
    world.attempts.submit(world.learner, world.begun(course).id)
    with pytest.raises(NotOpen):
        world.attempts.start(world.learner, course.id, "final")
    with pytest.raises(NotAllowed):
        world.teaching.give_attempt(world.learner, world.learner.id, course.id)
    with pytest.raises(UnknownCourse):
        world.teaching.give_attempt(world.trainer, world.other.id, course.id)
    with pytest.raises(InvalidAssignment, match="dig selv"):
        world.teaching.give_attempt(world.trainer, world.trainer.id, course.id)
    world.teaching.give_attempt(world.trainer, world.learner.id, course.id)
    with pytest.raises(InvalidAssignment, match="forsøg tilbage"):
        world.teaching.give_attempt(world.trainer, world.learner.id, course.id)
    assert world.attempts.left(world.learner, course.id, 1, "final", Policy(attempts=1)) == 1
    assert world.attempts.start(world.learner, course.id, "final")


def test_the_same_id_is_the_same_question_in_every_course(world: World) -> None:
    world.courses.publish(small_course(), "system")
    other = QUESTIONS["one"].model_copy(update={"text": "Noget helt andet?"})
    with pytest.raises(InvalidContent, match="one"):
        world.courses.publish(small_course("andet-kursus", questions={"one": other}), "system")
    assert [version.course.id for version in world.courses.courses()] == ["lille-kursus"]


def test_a_renewal_asks_for_the_final_alone(world: World) -> None:
    world.courses.publish(small_course(), "system")
    world.teaching.assign(world.trainer, [world.learner.id], "lille-kursus", date(2099, 1, 1))
    world.attempts.submit(world.learner, world.answered(world.begun()).id)
    with transaction(world.engine) as session:
        version = world.courses.current("lille-kursus").id
        enrol(session, world.learner.id, "lille-kursus", version, world.learner.id, new_cycle=True)
    assert [one.due_on for one in world.learning.mine(world.learner)] == [
        None
    ]  # the old deadline is none for a renewal
    steps = world.learning.open(world.learner, "lille-kursus").progress.steps
    assert (steps["laes"], steps["final"]) == (Step.DONE, Step.OPEN)
    again = world.attempts.get(world.learner, world.attempts.start(world.learner, "lille-kursus", "final"))
    assert (again.cycle, again.number, again.answered) == (2, 1, 0)


@pytest.mark.parametrize(("scoring", "done"), [(Scoring.BEST, True), (Scoring.LAST, False), (Scoring.AVERAGE, False)])
def test_the_attempt_that_counts_decides(world: World, scoring: Scoring, done: bool) -> None:
    course = small_course(policy=Policy(scoring=scoring, pass_at=0.6))
    attempt = world.answered(world.begun(course))
    world.attempts.submit(world.learner, attempt.id)
    world.attempts.submit(world.learner, world.attempts.start(world.learner, course.id, "final"))
    learning = world.learning.open(world.learner, course.id)
    assert (learning.progress.steps["final"] is Step.DONE) is done


# --- what never changes -------------------------------------------------------------------------------------------


def test_handing_in_twice_or_by_many_at_once_changes_nothing(world: World) -> None:
    attempt = world.answered(world.begun(), {"one": "a"})
    threads = [threading.Thread(target=world.attempts.submit, args=(world.learner, attempt.id)) for _ in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    first = world.attempts.get(world.learner, attempt.id)
    world.at += timedelta(days=1)
    assert world.attempts.submit(world.learner, attempt.id) == first
    assert count(world.engine, ItemGradeRow) == len(RIGHT)
    with pytest.raises(NotOpen):
        world.attempts.answer(world.learner, attempt.items[0].id, None)


def test_an_edited_question_changes_no_submitted_attempt(world: World) -> None:
    attempt = world.answered(world.begun())
    before = world.attempts.submit(world.learner, attempt.id)
    one = QUESTIONS["one"].model_copy(update={"text": "Noget helt andet?"})
    world.courses.publish(small_course(questions={"one": one}), "demo-ulla")
    assert world.attempts.get(world.learner, attempt.id) == before


def test_people_under_way_finish_the_version_they_began_unless_they_are_moved(world: World) -> None:
    attempt = world.begun()
    one = QUESTIONS["one"].model_copy(update={"text": "Noget helt andet?"})
    newer = world.courses.publish(small_course(questions={"one": one}), "demo-ulla")
    assert newer.number == 2
    assert world.learning.open(world.learner, "lille-kursus").newer
    with pytest.raises(NotOpen, match="en prøve i gang"):
        world.learning.move(world.learner, "lille-kursus")
    world.attempts.submit(world.learner, attempt.id)
    again = world.attempts.get(world.learner, world.attempts.start(world.learner, "lille-kursus", "final"))
    assert QUESTIONS["one"].text in {item.question.text for item in again.items}
    world.attempts.submit(world.learner, again.id)
    with pytest.raises(NotAllowed):
        world.learning.move_person(world.other, world.learner.id, "lille-kursus")
    world.learning.move_person(world.trainer, world.learner.id, "lille-kursus")
    moved = world.attempts.get(world.learner, world.attempts.start(world.learner, "lille-kursus", "final"))
    assert "Noget helt andet?" in {item.question.text for item in moved.items}


def test_publishing_the_same_again_makes_no_version(world: World) -> None:
    assert world.courses.publish(small_course(), "system").number == 1
    assert world.courses.publish(small_course(), "system").number == 1


# --- drawing ------------------------------------------------------------------------------------------------------


def test_pools_ask_what_is_unseen_first(world: World) -> None:
    course = small_course()
    final = {"slots": [{"pool": {"count": 3, "tags": ["tjek"]}}], "policy": {"pass_at": 0.6}}
    dumped = course.model_dump(mode="json")
    dumped["modules"][0]["activities"][3] |= final
    drawn: list[str] = []
    for turn in range(3):
        attempt = world.begun(Course.model_validate(dumped)) if turn == 0 else None
        attempt = attempt or world.attempts.get(world.learner, world.attempts.start(world.learner, course.id, "final"))
        drawn += [item.question.id for item in attempt.items]
        world.attempts.submit(world.learner, attempt.id)
    assert sorted(drawn) == sorted(RIGHT)


def test_held_back_questions_are_not_asked(world: World) -> None:
    world.held = {"one", "many"}
    assert {item.question.id for item in world.begun().items} == set(RIGHT) - world.held


def test_a_quiz_with_nothing_to_ask_is_closed(world: World) -> None:
    world.held = set(RIGHT)
    with pytest.raises(NotOpen, match="set efter"):
        world.begun()
    assert count(world.engine, AttemptItemRow) == 0
    assert count(world.engine, AttemptRow) == 0


# --- people's marks and marking again -----------------------------------------------------------------------------


def test_an_essay_waits_for_a_trainer_who_is_not_its_author(world: World) -> None:
    world.courses.publish(small_course(), "system")
    world.learning.begin(world.learner, "lille-kursus")
    attempt = world.attempts.get(world.learner, world.attempts.start(world.learner, "lille-kursus", "skriv"))
    world.attempts.answer(world.learner, attempt.items[0].id, "Jeg vil holde et oplæg.")
    assert world.attempts.submit(world.learner, attempt.id).result.pending == 1
    waiting, total = world.teaching.waiting(world.trainer)
    assert total == 1
    assert waiting[0].response == "Jeg vil holde et oplæg."
    own = Person(world.learner.id, "N", "U", frozenset({Role.TRAINER}))
    for who, points in (
        (own, {"r1": 1.0, "r2": 1.0}),
        (world.trainer, {"r1": 1.0}),
        (world.trainer, {"r1": 3.0, "r2": 0.0}),
    ):
        with pytest.raises(InvalidAssignment):
            world.teaching.mark(who, waiting[0].item_id, points, "")
    with pytest.raises(NotAllowed):
        world.teaching.waiting(world.learner)
    world.teaching.mark(world.trainer, waiting[0].item_id, {"r1": 2.0, "r2": 1.0}, "Godt set.")
    found = world.attempts.get(world.learner, attempt.id)
    assert found.result.share == 0.75
    assert found.items[0].reason == "Godt set."
    with pytest.raises(InvalidAssignment, match="allerede vurderet"):
        world.teaching.mark(world.trainer, waiting[0].item_id, {"r1": 0.0, "r2": 0.0}, "")
    assert world.teaching.waiting(world.trainer) == ([], 0)


def test_a_regrade_is_first_a_plan_and_then_new_rows_beside_the_old(world: World) -> None:
    attempt = world.answered(world.begun(), {"word": "konsekvensanalyse"})
    before = world.attempts.submit(world.learner, attempt.id)
    word = QUESTIONS["word"]
    accepted = (*word.accepted, word.accepted[0].model_copy(update={"text": "konsekvensanalyse"}))  # type: ignore[union-attr]
    world.courses.publish(small_course(questions={"word": word.model_copy(update={"accepted": accepted})}), "demo-ulla")
    rows = count(world.engine, ItemGradeRow)
    plan = world.teaching.regrade_plan(world.trainer, "word")
    assert (plan.answers, [(one.before, one.after) for one in plan.changes]) == (1, [(0.0, 1.0)])
    assert count(world.engine, ItemGradeRow) == rows
    with pytest.raises(InvalidAssignment):
        world.teaching.regrade(world.trainer, "word", "  ")
    with pytest.raises(NotAllowed):
        world.teaching.regrade(world.learner, "word", "Jeg vil bestå")
    world.teaching.regrade(world.trainer, "word", "Det andet ord er også rigtigt.")
    world.teaching.regrade(world.trainer, "word", "En gang til.")
    assert count(world.engine, ItemGradeRow) == rows + 1
    after = world.attempts.get(world.learner, attempt.id)
    changed = [(one, two) for one, two in zip(before.items, after.items, strict=True) if one != two]
    assert [two.question.id for _, two in changed] == ["word"]
    assert changed[0][1].question == changed[0][0].question
    assert changed[0][1].reason == "Det andet ord er også rigtigt."
    assert after.result.share > before.result.share


def test_answers_that_do_not_fit_the_new_wording_stay_as_they_are(world: World) -> None:
    attempt = world.answered(world.begun(), {"one": "c"})
    world.attempts.submit(world.learner, attempt.id)
    one = QUESTIONS["one"]
    options = one.options[:2]  # type: ignore[union-attr]
    world.courses.publish(small_course(questions={"one": one.model_copy(update={"options": options})}), "demo-ulla")
    plan = world.teaching.regrade(world.trainer, "one", "Mulighed c er taget ud.")
    assert plan.unfit == 1
    found = world.attempts.get(world.learner, attempt.id)
    assert next(item.grade.fraction for item in found.items if item.question.id == "one" and item.grade) == 0.5


# --- assignments --------------------------------------------------------------------------------------------------


def test_assigning_again_moves_the_deadline_and_keeps_the_old_row(world: World) -> None:
    world.courses.publish(small_course(open_to_all=False), "system")
    first, second = date(2099, 1, 1), date(2099, 2, 1)
    people = [world.learner.id, world.other.id]
    assert world.teaching.assign(world.trainer, people, "lille-kursus", first) == 2
    assert world.teaching.assign(world.trainer, people[:1], "lille-kursus", second) == 0
    mine = world.learning.mine(world.learner)
    assert [(one.assigned, one.due_on) for one in mine] == [(True, second)]
    found, total = world.teaching.participants(world.trainer, "lille-kursus", "nie")
    assert total == 1
    assert found[0].due_on == second
    assert found[0].assignment_id is not None
    with pytest.raises(InvalidAssignment):
        world.teaching.end_assignment(world.trainer, found[0].assignment_id, "")
    world.teaching.end_assignment(world.trainer, found[0].assignment_id, "Har fået en anden opgave")
    assert world.learning.mine(world.learner) == []
    for wrong in ([], ["findes-ikke"]):
        with pytest.raises(InvalidAssignment):
            world.teaching.assign(world.trainer, wrong, "lille-kursus", None)
    for day in (date(2020, 1, 1), "i morgen"):
        with pytest.raises(InvalidAssignment):
            world.teaching.assign(world.trainer, people, "lille-kursus", day)
    assert world.teaching.participants(world.trainer, "lille-kursus", "100%") == ([], 0)


def test_who_is_shown_to_a_trainer_can_see_it_but_not_who_is_not(world: World) -> None:
    for _ in range(2):
        found, _ = world.teaching.participants(world.trainer, "lille-kursus", "nie")
    assert [one.name for one in found] == [world.learner.name]
    world.teaching.participants(world.trainer, "lille-kursus", world.trainer.name)
    with reading(world.engine) as session:
        looks = [(row.person_id, row.by, row.what) for row in session.scalars(select(LookRow))]
    assert looks == [(world.learner.id, world.trainer.id, "participants")]  # once a day, and nobody looks at herself


# --- a prompt in a real model -------------------------------------------------------------------------------------


def test_a_prompt_is_run_only_where_there_is_a_model_and_never_with_personal_data(world: World) -> None:
    world.begun()
    sent: list[str] = []

    def say(prompt: str) -> str | None:
        sent.append(prompt)
        return None if "igen" in prompt else "Kære forældre"

    learning = world.learning.open(world.learner, "lille-kursus")
    practice = learning.version.course.activity("oev")
    assert isinstance(practice, Practice)
    with pytest.raises(NotOpen, match="ingen sprogmodel"):
        world.learning.run(world.learner, learning, practice, "Skriv et brev til forældre i børnehaven.")
    with_model = LearningService(world.engine, world.courses, lambda: world.at, say)
    assert (
        with_model.run(world.learner, learning, practice, "Skriv et brev til forældre i børnehaven.") == "Kære forældre"
    )
    for stopped in ("", "Skriv til borger 010190-1234 om sagen."):
        with pytest.raises(InvalidResponse):
            with_model.run(world.learner, learning, practice, stopped)
    with pytest.raises(NotOpen, match="svarer ikke"):
        with_model.run(world.learner, learning, practice, "Skriv et brev til forældre i børnehaven igen.")
    assert len(sent) == 2
    assert with_model.tries(world.learner, learning, practice) == []
