"""The course pages driven through the real scripts and services, with the shipped short course."""

import shutil
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import connect
from settings import get_settings
from tests.app.pages import ROOT, Pages, shown, small_content
from tests.e2e.courses import right

COURSES = "pages/learner/mine_kurser.py"
COURSE = "pages/learner/kursus.py"
ATTEMPT = "pages/learner/proeve.py"
TEACHING = "pages/trainer/deltagere.py"
KEY = "ai-for-alle"


@pytest.fixture(scope="module")
def course_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content with one course."""
    folder = tmp_path_factory.mktemp("courses")
    small_content(folder / "content")
    shutil.copytree(ROOT / "content" / "courses" / KEY, folder / "content" / "courses" / KEY)
    for name in {ref.stem for ref in (ROOT / "content" / "guidelines").glob("*.md")}:
        shutil.copy(ROOT / "content" / "guidelines" / f"{name}.md", folder / "content" / "guidelines")
    return folder


@pytest.fixture
def pages(clean_environment: None, course_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATA_DIR", str(course_folder / "data"))
    monkeypatch.setenv("CONTENT_DIR", str(course_folder / "content"))
    get_settings.cache_clear()
    return Pages(lambda script: AppTest.from_file(str(ROOT / script), default_timeout=120))


def begun(pages: Pages, role: str) -> AppTest:
    """The course, begun by a person."""
    at = pages.open(role, COURSES)
    begin = [button for button in at.button if button.key == f"begin_{KEY}"]
    if begin:
        at = begin[0].click().run()
    assert not at.exception
    return at


def test_a_course_is_begun_and_shows_the_next_step(pages: Pages) -> None:
    at = begun(pages, "employee")
    assert "0 af 5 dele er gennemført" in str(at.get("progress")[0].proto.text)
    overview = pages.open("employee", COURSE, kursus=KEY)
    assert "Låst" in str(
        [badge.proto.body for badge in overview.get("markdown")]
    ) or "Åbner, når du har gennemført" in shown(overview)


def test_a_lesson_is_resumed_where_it_was_left(pages: Pages) -> None:
    begun(pages, "employee")
    lesson = connect(get_settings()).courses.current(KEY).course.modules[0].activities[0]
    at = pages.open("employee", COURSE, kursus=KEY, **{"del": lesson.id})
    assert "Afsnit 1 af" in str(at.get("progress")[0].proto.text)
    at = at.button(key="lesson_arrow_forward").click().run()
    again = pages.open("employee", COURSE, kursus=KEY, **{"del": lesson.id})
    assert "Afsnit 2 af" in str(again.get("progress")[0].proto.text)


def test_a_locked_part_and_a_course_that_does_not_exist_say_so(pages: Pages) -> None:
    begun(pages, "manager")
    course = connect(get_settings()).courses.current(KEY).course
    at = pages.open("manager", COURSE, kursus=KEY, **{"del": course.final})
    assert "låst" in shown(at)
    assert "Denne del findes ikke" in shown(pages.open("manager", COURSE, kursus=KEY, **{"del": "xyz"}))
    assert "Siden findes ikke" in shown(pages.open("manager", COURSE, kursus="xyz"))
    assert "Siden findes ikke" in shown(pages.open("manager", ATTEMPT, forsoeg="xyz"))


def finished_lessons(pages: Pages, role: str) -> tuple[str, str]:
    """Read every lesson and begin the final; the ids of the attempt and of the person."""
    begun(pages, role)
    house = connect(get_settings())
    person = house.people.find({"key_person": "demo-niels", "taskforce": "demo-tina"}[role])
    learning = house.learning.open(person, KEY)
    for activity in learning.version.course.activities:
        if activity.kind == "lesson":
            house.learning.finish(person, learning, activity)
    return house.attempts.start(person, KEY, learning.version.course.final), person.id


def test_an_answer_is_kept_as_it_is_given_and_nobody_else_sees_it(pages: Pages) -> None:
    attempt_id, person_id = finished_lessons(pages, "key_person")
    at = pages.open("key_person", ATTEMPT, forsoeg=attempt_id)
    assert "Spørgsmål 1 af 6" in shown(at)
    house = connect(get_settings())
    attempt = house.attempts.get(house.people.find(person_id), attempt_id)
    for item in attempt.items:  # flags need no particular kind of question
        if item.ordinal == 1:
            at = next(button for button in at.button if button.key == f"flag_{item.id}").click().run()
    assert house.attempts.get(house.people.find(person_id), attempt_id).items[0].flagged
    other = pages.open("manager", ATTEMPT, forsoeg=attempt_id)
    assert "Siden findes ikke" in shown(other)


def test_an_attempt_is_handed_in_from_the_look_over_all(pages: Pages) -> None:
    attempt_id, _ = finished_lessons(pages, "taskforce")
    at = pages.open("taskforce", ATTEMPT, forsoeg=attempt_id)
    at = next(button for button in at.button if button.label == "Se alle og aflevér").click().run()
    assert "Du mangler at svare på 6 spørgsmål" in shown(at)
    at = at.button(key="attempt_submit").click().run()
    assert not at.exception
    assert "Der skal 80 % til at bestå" in shown(pages.open("taskforce", ATTEMPT, forsoeg=attempt_id))


def test_a_trainer_assigns_with_a_deadline_and_bad_input_is_explained(pages: Pages) -> None:
    at = pages.open("trainer", TEACHING)
    button = next(one for one in at.button if one.label == "Tildel til de valgte")
    at = button.click().run()
    assert "Vælg mindst én person" in shown(at)
    at.checkbox(key="pick_demo-lars").check()
    at.text_input(key="assign_due").set_value("i overmorgen")
    at = next(one for one in at.button if one.label == "Tildel til de valgte").click().run()
    assert "er ikke en dato" in shown(at)
    at.checkbox(key="pick_demo-lars").check()
    at.text_input(key="assign_due").set_value("2. december 2099")
    at = next(one for one in at.button if one.label == "Tildel til de valgte").click().run()
    assert "Kurset er tildelt" in shown(at)
    assert "Tildelt dig" in str(pages.open("manager", COURSES).get("markdown")) or "2. december 2099" in shown(
        pages.open("manager", COURSES)
    )


def test_an_issued_certificate_is_listed_and_can_be_revoked_with_a_reason(pages: Pages) -> None:
    attempt_id, person_id = finished_lessons(pages, "key_person")
    house = connect(get_settings())
    person = house.people.find(person_id)
    for item in house.attempts.get(person, attempt_id).items:
        house.attempts.answer(person, item.id, right(item.question))
    assert house.attempts.submit(person, attempt_id).result.passed
    house.certification.settle(person)
    number = house.certification.mine(person)[0].facts.number
    at = pages.open("trainer", TEACHING, vis="Beviser")
    assert not at.exception
    assert number in shown(at)
    at.text_input(key=f"revoke_reason_{number}").set_value("Udstedt ved en fejl")
    at = next(button for button in at.button if button.label == "Tilbagekald beviset").click().run()
    assert "Beviset er tilbagekaldt" in shown(at)
    assert "Udstedt ved en fejl" in shown(at)


@pytest.mark.parametrize("view", ["Til vurdering", "Vurdér igen", "Beviser"])
def test_the_other_views_of_a_trainer_open(pages: Pages, view: str) -> None:
    at = pages.open("trainer", TEACHING, vis=view)
    assert not at.exception
    assert shown(at)
