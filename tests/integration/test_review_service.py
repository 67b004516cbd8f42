"""Spaced reviews on both databases: three a week, marked once, and enough of them renew a certificate."""

import threading
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from fsrs import Card
from sqlalchemy import Engine, select

from courses.errors import InvalidResponse, NotOpen, UnknownCourse
from courses.grading import State
from courses.review_service import ReviewService
from courses.reviews import Week
from courses.tables import QuestionVersionRow, ReviewCardRow, ReviewRow
from people.person import Person
from storage.session import reading
from tests.watched_course import RIGHT, WRONG, School, course, question, rule

ESSAY = {
    "type": "essay",
    "id": "q-stil",
    "text": "Skriv om regler.",
    "rubric": [{"id": "a", "text": "Noget om regler"}],
}


@pytest.fixture
def other(person: Callable[..., Person]) -> Person:
    return person("demo-ole")


@pytest.fixture
def school(engine: Engine, employee: Person, other: Person, trainer: Person) -> School:
    made = School(engine, employee, other, trainer)
    made.publish(course(10))
    made.take(employee)
    return made


def ids(week: Week) -> set[str]:
    return {review.question.id for review in week.reviews}


def answer_all(school: School, person: Person, answer: str = RIGHT) -> None:
    for review in school.reviews.this_week(person).reviews:
        school.reviews.answer(person, review.id, answer)


# --- the week -----------------------------------------------------------------------------------------------------


def test_nobody_is_asked_before_a_course_is_passed(school: School, other: Person) -> None:
    assert (school.reviews.this_week(other).courses, school.reviews.this_week(other).reviews) == ((), ())
    school.begin(other)
    assert school.reviews.this_week(other).reviews == ()
    attempt = school.begin(other)
    school.attempts.submit(other, attempt)
    assert school.reviews.this_week(other).reviews == ()
    school.take(other)
    assert len(school.reviews.this_week(other).reviews) == 3


def test_a_week_has_three_questions_of_different_topics_and_stays_the_same(school: School, employee: Person) -> None:
    week = school.reviews.this_week(employee)
    assert (week.name, week.courses, week.answered, len(ids(week))) == ("2026-W49", ("Kursus kursus",), 0, 3)
    assert len({int(key.removeprefix("q-")) % 3 for key in ids(week)}) == 3
    school.clock.forward(days=4, hours=13)  # Sunday at 23
    assert school.reviews.this_week(employee) == week
    school.clock.forward(hours=2)
    later = school.reviews.this_week(employee)
    assert later.name == "2026-W50"
    assert not {review.id for review in later.reviews} & {review.id for review in week.reviews}


def test_two_tabs_get_the_same_three(school: School, employee: Person) -> None:
    services = [ReviewService(school.engine, school.courses, school.watch, school.clock) for _ in range(4)]
    weeks: list[Week] = []
    errors: list[Exception] = []
    barrier = threading.Barrier(len(services))

    def ask(reviews: ReviewService) -> None:
        barrier.wait()
        try:
            weeks.append(reviews.this_week(employee))
        except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            errors.append(error)

    threads = [threading.Thread(target=ask, args=(service,)) for service in services]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert all(week == weeks[0] for week in weeks)
    assert len(weeks[0].reviews) == 3


def test_whoever_was_away_for_half_a_year_finds_three(school: School, employee: Person) -> None:
    answer_all(school, employee, WRONG)
    school.clock.forward(weeks=26)
    assert len(school.reviews.this_week(employee).reviews) == 3
    with reading(school.engine) as session:
        assert session.query(ReviewRow).count() == 6


def test_everything_comes_round(school: School, employee: Person) -> None:
    seen: set[str] = set()
    for _ in range(8):
        seen |= ids(school.reviews.this_week(employee))
        answer_all(school, employee)
        school.clock.forward(weeks=1)
    assert seen == {f"q-{number}" for number in range(1, 11)}


def test_what_was_wrong_comes_back_the_next_week(school: School, employee: Person) -> None:
    wrong = ids(school.reviews.this_week(employee))
    answer_all(school, employee, WRONG)
    school.clock.forward(weeks=1)
    assert ids(school.reviews.this_week(employee)) == wrong


def test_what_people_mark_and_what_is_held_back_is_not_asked(school: School, other: Person, trainer: Person) -> None:
    made = school.publish(course(key="lille", questions=[question(1), question(2), question(3), ESSAY]))
    attempt = school.begin(other, "lille")
    for item in school.attempts.get(other, attempt).items:
        school.attempts.answer(other, item.id, RIGHT)
    school.attempts.submit(other, attempt)
    assert school.reviews.this_week(other).courses == ()  # the essay waits for its mark
    school.watch.withdraw(trainer, made.wordings["q-stil"], "For svært.")
    school.watch.withdraw(trainer, made.wordings["q-1"], "Forkert.")
    school.put(regel_2="Helt andre ord om journalisering.")
    school.take(other, "lille")
    assert ids(school.reviews.this_week(other)) == {"q-3"}


def test_a_question_that_is_held_back_in_the_week_gives_way_to_another(school: School, employee: Person) -> None:
    week = school.reviews.this_week(employee)
    first, second, third = week.reviews
    school.reviews.answer(employee, first.id, RIGHT)
    for review in (first, second):
        school.put(**{review.question.id.replace("q-", "regel_"): ""})
    now = school.reviews.this_week(employee)
    assert {first.id, third.id} < {review.id for review in now.reviews}
    assert (len(now.reviews), now.answered) == (3, 1)
    with pytest.raises(NotOpen, match="ikke lige nu"):
        school.reviews.answer(employee, second.id, RIGHT)
    answer_all_waiting(school, employee)
    number = int(second.question.id.removeprefix("q-"))
    school.put(**{f"regel_{number}": rule(number)})  # it may be asked again, but three are answered
    assert school.reviews.this_week(employee).answered == 3
    with pytest.raises(NotOpen, match="ikke lige nu"):
        school.reviews.answer(employee, second.id, RIGHT)


def answer_all_waiting(school: School, person: Person) -> None:
    while waiting := school.reviews.this_week(person).waiting:
        school.reviews.answer(person, waiting.id, RIGHT)


def test_an_edited_question_is_asked_in_the_wording_the_week_began_with(school: School, employee: Person) -> None:
    before = school.reviews.this_week(employee)
    school.publish(course(questions=[question(number, text=f"Nyt {number}?") for number in range(1, 11)]))
    assert school.reviews.this_week(employee) == before
    school.clock.forward(weeks=1)
    assert all(review.question.text.startswith("Nyt") for review in school.reviews.this_week(employee).reviews)


# --- the answer ---------------------------------------------------------------------------------------------------


def test_an_answer_is_marked_kept_and_moves_the_card(school: School, employee: Person) -> None:
    first, second, _ = school.reviews.this_week(employee).reviews
    right, wrong = (school.reviews.answer(employee, one.id, two) for one, two in ((first, RIGHT), (second, WRONG)))
    assert (right.state, wrong.state) == (State.CORRECT, State.WRONG)
    shown = {review.id: review for review in school.reviews.this_week(employee).reviews}
    assert (shown[first.id].response, shown[second.id].response) == (RIGHT, WRONG)
    assert [shown[key].grade for key in (first.id, second.id)] == [right, wrong]
    with reading(school.engine) as session:
        row = session.get_one(ReviewRow, first.id)
        assert (row.fraction, row.at) == (1.0, school.clock.at)
        assert session.get_one(QuestionVersionRow, row.question_version_id).question_id == first.question.id
        cards = {card.question_id: card for card in session.scalars(select(ReviewCardRow))}
    assert set(cards) == {first.question.id, second.question.id}
    assert cards[first.question.id].due_at > cards[second.question.id].due_at > school.clock.at
    assert Card.from_dict(cards[first.question.id].card).due == cards[first.question.id].due_at  # type: ignore[arg-type]


def test_a_second_answer_is_refused_and_changes_nothing(school: School, employee: Person) -> None:
    first = school.reviews.this_week(employee).reviews[0]
    school.reviews.answer(employee, first.id, WRONG)
    with pytest.raises(NotOpen, match="Dit første svar gælder"):
        school.reviews.answer(employee, first.id, RIGHT)
    assert school.reviews.this_week(employee).reviews[0].response == WRONG


def test_two_answers_at_once_count_as_one(school: School, employee: Person) -> None:
    first = school.reviews.this_week(employee).reviews[0]
    outcomes: list[object] = []
    barrier = threading.Barrier(4)

    def answer() -> None:
        barrier.wait()
        try:
            outcomes.append(school.reviews.answer(employee, first.id, RIGHT))
        except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            outcomes.append(error)

    threads = [threading.Thread(target=answer) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(type(outcome).__name__ for outcome in outcomes) == ["Grade", "NotOpen", "NotOpen", "NotOpen"]


def test_what_cannot_be_an_answer_is_refused(school: School, employee: Person, other: Person) -> None:
    first = school.reviews.this_week(employee).reviews[0]
    for person, key in ((other, first.id), (employee, "nowhere")):
        with pytest.raises(UnknownCourse):
            school.reviews.answer(person, key, RIGHT)
    with pytest.raises(InvalidResponse):
        school.reviews.answer(employee, first.id, "z")
    with pytest.raises(NotOpen, match="Svar først"):
        school.reviews.answer(employee, first.id, None)
    school.clock.forward(weeks=1)
    with pytest.raises(NotOpen, match="Ugen er slut"):
        school.reviews.answer(employee, first.id, RIGHT)


# --- renewal ------------------------------------------------------------------------------------------------------


def steady_after(school: School, person: Person, course_id: str = "kursus", since: date | None = None) -> bool:
    today = school.clock.at.date()
    return school.reviews.steady(person.id, course_id, since or today - timedelta(days=700), today)


def test_sixteen_whole_weeks_with_right_answers_renew_a_certificate(school: School, employee: Person) -> None:
    begun = school.clock.at.date()
    for week in range(26):
        if week % 5 in {0, 2, 4} or week == 25:  # 16 of 26
            answer_all(school, employee)
        elif week % 5 == 1:
            first = school.reviews.this_week(employee).reviews[0]
            school.reviews.answer(employee, first.id, RIGHT)
        if week < 25:
            assert not steady_after(school, employee)
            school.clock.forward(weeks=1)
    assert steady_after(school, employee)
    assert steady_after(school, employee, since=begun)
    assert not steady_after(school, employee, since=begun + timedelta(weeks=2))
    assert not steady_after(school, employee, course_id="et-andet")
    school.clock.forward(weeks=6)
    assert not steady_after(school, employee)


def test_whole_weeks_of_wrong_answers_do_not(school: School, employee: Person) -> None:
    for week in range(20):
        answer_all(school, employee, WRONG if week % 3 == 0 else RIGHT)
        school.clock.forward(weeks=1)
    assert not steady_after(school, employee)


def test_each_course_is_renewed_by_its_own_questions(school: School, employee: Person) -> None:
    school.publish(course(key="andet", questions=[question(number) for number in (10, 11, 12)]))
    school.take(employee, "andet")
    for _ in range(20):
        for review in school.reviews.this_week(employee).reviews:
            number = int(review.question.id.removeprefix("q-"))
            school.reviews.answer(employee, review.id, WRONG if number > 9 else RIGHT)
        school.clock.forward(weeks=1)
    assert not steady_after(school, employee, "andet")
