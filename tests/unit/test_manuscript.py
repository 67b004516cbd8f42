"""A manuscript: edits of its parts, what keeps it from being published, and what is different between two."""

import pytest

from courses.authoring.differences import Kind, LineChange, differences
from courses.authoring.manuscript import COURSE, Chapter, Heading, Manuscript, Settings
from courses.course import Course, Lesson, Pool, Practice, Quiz, Slot
from courses.errors import InvalidContent
from courses.question import QUESTION, Question, TrueFalse
from tests.small_course import small_course

SMALL = small_course()


@pytest.fixture
def written() -> Manuscript:
    return Manuscript.of(SMALL)


def question(key: str, text: str = "Jorden er rund.") -> Question:
    return TrueFalse(id=key, text=text, answer=True)


def messages(manuscript: Manuscript) -> str:
    return "\n".join(problem.message for problem in manuscript.problems())


def test_a_course_and_its_manuscript_are_the_same(written: Manuscript) -> None:
    assert written.problems() == []
    assert written.course() == SMALL


def test_a_new_course_says_what_it_lacks_and_is_a_course_when_it_has_it() -> None:
    course = Manuscript(id="ny", title="Ny", summary="Kort", audience="Alle")
    assert "ingen moduler" in messages(course)
    assert "ingen afsluttende prøve" in messages(course)
    with pytest.raises(InvalidContent, match="moduler"):
        course.course()
    course = course.put(Heading(id="m", title="Modul", summary="Om"))
    assert "“Modul” har ingen lektioner" in messages(course)
    course = course.put(question("q"), "m")
    course = course.put(Quiz(id="p", title="Prøve", slots=(Slot(question="q"),)), "m")
    course = course.put(Settings(**{**course.settings.model_dump(), "final": "p"}))
    assert course.problems() == []
    assert isinstance(course.course(), Course)


def test_a_part_is_replaced_where_it_stands(written: Manuscript) -> None:
    key = next(iter(written.questions))
    changed = written.put(question(key, "Et andet spørgsmål."))
    assert list(changed.questions) == list(written.questions)
    assert changed.questions[key].text == "Et andet spørgsmål."


def test_settings_keep_the_modules(written: Manuscript) -> None:
    changed = written.put(written.settings.model_copy(update={"title": "Nyt navn"}))
    assert changed.title == "Nyt navn"
    assert changed.modules == written.modules
    assert changed.certificate == written.certificate


def test_what_others_need_is_not_removed(written: Manuscript) -> None:
    used = next(
        slot.question for one in written.activities if isinstance(one, Quiz) for slot in one.slots if slot.question
    )
    with pytest.raises(InvalidContent, match="bruges i"):
        written.without(f"question:{used}")
    with pytest.raises(InvalidContent, match="afsluttende"):
        written.without(f"activity:{written.final}")
    with pytest.raises(InvalidContent, match="findes ikke længere"):
        written.without("question:findes-ikke")


def test_required_parts_stay_and_come_first() -> None:
    first = Lesson(id="a", title="A", text="Tekst")
    second = Lesson(id="b", title="B", text="Tekst", requires=("a",))
    course = Manuscript(
        id="k",
        title="K",
        summary="S",
        audience="A",
        modules=(Chapter(id="m", title="M", summary="S", activities=(first, second)),),
    )
    with pytest.raises(InvalidContent, match="“B” kræver"):
        course.without("activity:a")
    assert "Ret rækkefølgen" in messages(course.moved("activity:b", -1))
    assert course.moved("activity:b", -5).moved("activity:b", 9).modules == course.modules


def test_pools_and_practices_are_told_apart() -> None:
    quiz = Quiz(id="p", title="P", slots=(Slot(pool=Pool(count=3)), Slot(question="mangler")))
    practice = Practice(id="o", title="Ø", question="q")
    course = Manuscript(
        id="k",
        title="K",
        summary="S",
        audience="A",
        final="p",
        modules=(Chapter(id="m", title="M", summary="S", activities=(quiz, practice), questions=(question("q"),)),),
    )
    said = messages(course)
    assert "trækker 3 spørgsmål, men der er kun 1" in said
    assert "et spørgsmål, der ikke findes mere (mangler)" in said
    assert "promptøvelse, der ikke findes" in said


def test_differences_name_the_part_and_the_line(written: Manuscript) -> None:
    key = "one"
    before = written.questions[key]
    after = QUESTION.validate_python({**before.model_dump(), "text": "Hvad kalder man en prompt?"})
    found = differences(written, written.put(after))
    assert [(one.part, one.kind) for one in found] == [(f"question:{key}", Kind.CHANGED)]
    assert found[0].lines == (LineChange("Spørgsmål", before.text, "Hvad kalder man en prompt?"),)


def test_a_part_is_moved_to_the_end_of_another_module(written: Manuscript) -> None:
    course = written.put(Heading(id="andet", title="Andet", summary="Om"))
    first = course.modules[0]
    activity, asked = first.activities[0], first.questions[0]
    moved = course.transferred(f"activity:{activity.id}", "andet").transferred(f"question:{asked.id}", "andet")
    assert moved.modules[0].activities == first.activities[1:]
    assert moved.chapter("andet").activities == (activity,)
    assert moved.chapter("andet").questions == (asked,)
    assert moved.transferred(f"question:{asked.id}", "andet") == moved
    assert moved.questions == course.questions
    for part, module in ((f"question:{asked.id}", "findes-ikke"), ("question:findes-ikke", "andet")):
        with pytest.raises(InvalidContent):
            course.transferred(part, module)


def test_differences_of_new_gone_and_moved(written: Manuscript) -> None:
    module = written.modules[0].id
    new = written.put(question("ny"), module)
    assert [(one.part, one.kind) for one in differences(written, new)] == [("question:ny", Kind.ADDED)]
    assert [(one.part, one.kind) for one in differences(new, written)] == [("question:ny", Kind.REMOVED)]
    order = [one.id for one in written.modules[0].questions]
    moved = differences(written, written.moved(f"question:{order[0]}", 1))
    assert {one.kind for one in moved} == {Kind.MOVED}
    assert len(moved) == 1
    assert differences(written, written) == []
    assert {one.kind for one in differences(None, written)} == {Kind.ADDED}


def test_the_settings_have_a_name(written: Manuscript) -> None:
    assert written.find(COURSE) == written.settings
    assert written.find("module:findes-ikke") is None
