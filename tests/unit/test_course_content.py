"""The shipped courses: they load, hold together, and every key rests on a passage of a shipped source. Bad files say where."""

import re
from functools import cache
from pathlib import Path

import pytest

from courses.content import course_folders, fingerprint, load_course
from courses.course import Course, Lesson, Practice, Quiz
from courses.errors import InvalidContent
from courses.passages import Shelf
from courses.prompt_practice import assess
from courses.question import Cloze, Essay, PromptPractice, Question, SourceRef
from rag.index import IndexedPassage
from rag.passages import cut
from rag.readers import read_document
from settings import ROOT

FOLDER = ROOT / "content" / "courses"
NAMES = sorted(folder.name for folder in course_folders(FOLDER))


@cache
def shipped(name: str) -> Course:
    """A shipped course."""
    return load_course(FOLDER / name)


@cache
def sections() -> dict[tuple[str, str], list[str]]:
    """Texts of the passages of the shipped guidelines, by source and anchor."""
    found: dict[tuple[str, str], list[str]] = {}
    for path in sorted((ROOT / "content" / "guidelines").glob("*.md")):
        document = read_document(path.name, path.read_bytes())
        for section in cut(document):
            key = (str(document.front_matter["id"]), section.anchor)
            found.setdefault(key, []).extend(passage.text for passage in section.passages)
    return found


def every_question() -> dict[str, Question]:
    """All questions of all courses by id; a shared module's stand once."""
    return {key: question for name in NAMES for key, question in shipped(name).questions.items()}


def holds(ref: SourceRef) -> bool:
    """Whether the quote stands word for word in one passage of the section."""
    wanted = " ".join(ref.quote.split())
    return any(wanted in " ".join(text.split()) for text in sections().get((ref.source, ref.section), []))


def test_three_courses_are_shipped() -> None:
    assert {shipped(name).title for name in NAMES} == {
        "AI for alle",
        "AI for nøglepersoner - ChatGPT og andre chatbotter",
        "AI for nøglepersoner - Microsoft 365 Copilot",
    }
    assert 15 <= shipped("ai-for-alle").minutes <= 25


def test_at_least_a_hundred_questions_each_with_explanation_and_a_passage_that_exists() -> None:
    questions = every_question()
    assert len(questions) >= 100
    assert [key for key, question in questions.items() if not question.feedback.strip()] == []
    assert [key for key, question in questions.items() if not question.sources] == []
    assert [key for key, question in questions.items() for ref in question.sources if not holds(ref)] == []
    assert {question.type for question in questions.values()} == {
        "single",
        "multiple",
        "true_false",
        "matching",
        "ordering",
        "short_text",
        "numeric",
        "cloze",
        "essay",
        "prompt",
    }


@pytest.mark.parametrize("name", NAMES)
def test_lessons_quote_what_stands_in_their_sources(name: str) -> None:
    lessons = [one for one in shipped(name).activities if isinstance(one, Lesson)]
    assert lessons
    for lesson in lessons:
        assert lesson.sources, lesson.id
        assert all(holds(ref) for ref in lesson.sources), lesson.id
        assert "[!prøv]" in lesson.text, lesson.id


@pytest.mark.parametrize("name", NAMES)
def test_texts_are_calm_danish(name: str) -> None:
    course = shipped(name)
    texts = [one.text for one in course.activities if isinstance(one, Lesson)]
    texts += [text for question in course.questions.values() for text in (question.text, question.feedback)]
    without_marks = [re.sub(r"\[!\w+\]|!\[[^\]]*\]\([^)]*\)", "", text) for text in texts]
    assert [text[:80] for text in without_marks if "!" in text] == []


@pytest.mark.parametrize("name", NAMES)
def test_the_final_needs_every_check_and_every_practice_has_its_question(name: str) -> None:
    course = shipped(name)
    final = course.activity(course.final)
    assert isinstance(final, Quiz)
    checks = {one.id for one in course.activities if isinstance(one, Quiz) and one.id.startswith("tjek-")}
    assert checks <= set(final.requires)
    assert any(isinstance(one, Practice) for one in course.activities)
    drawn = sum(slot.pool.count if slot.pool else 1 for slot in final.slots)
    bank = [one for one in course.questions.values() if not isinstance(one, Essay | PromptPractice)]
    assert len(bank) >= 2 * drawn


def test_a_weak_prompt_does_not_pass_its_exercise_and_the_model_is_not_taken_from_the_page() -> None:
    for question in every_question().values():
        if isinstance(question, PromptPractice):
            assert not assess(question, question.weak_prompt).done, question.id
            assert not assess(question, question.model_prompt).done, question.id


def test_gaps_are_named_in_their_texts() -> None:
    for question in every_question().values():
        if isinstance(question, Cloze):
            assert all(f"{{{{{gap.id}}}}}" in question.text for gap in question.gaps)


def test_shelves_find_passages_by_place_and_hash() -> None:
    assert Shelf([]).section("copilot", "x") == []
    assert not Shelf(list[IndexedPassage]()).has("copilot", "0")


# --- files that do not hold ---------------------------------------------------------------------------------------

MODULE = """id: m
title: M
summary: S
activities:
  - {id: l, file: l.md}
  - {kind: quiz, id: q, title: Q, slots: [{question: one}]}
"""
COURSE = "{id: k, title: K, summary: S, audience: Alle, final: q, modules: [k/m]}"
LESSON = "---\ntitle: L\n---\nTekst"
BANK = "- {id: one, type: true_false, text: Er det?, answer: true}"


def write(folder: Path, **files: str) -> Path:
    """A course folder with these files instead of the good ones; a file given as "" is left out."""
    module = folder / "k" / "m"
    module.mkdir(parents=True)
    for name, text in {"course": COURSE, "module": MODULE, "lesson": LESSON, "bank": BANK, **files}.items():
        path = {"course": folder / "k" / "course.yaml", "lesson": module / "l.md", "bank": module / "questions.yaml"}
        if text:
            path.get(name, module / "module.yaml").write_text(text, "utf-8")
    return folder / "k"


def test_a_good_course_loads_and_its_fingerprint_follows_its_files(tmp_path: Path) -> None:
    folder = write(tmp_path)
    before = fingerprint(folder)
    assert load_course(folder).activity("l") is not None
    assert fingerprint(folder) == before
    (folder / "m" / "l.md").write_text(LESSON + " mere", "utf-8")
    assert fingerprint(folder) != before


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"course": "[1]"}, "course.yaml"),
        ({"course": "{id: k, modules: 3}"}, "liste af mapper"),
        ({"course": "a: [b"}, "ikke YAML"),
        ({"course": COURSE.replace("final: q", "final: l")}, "no quiz"),
        ({"course": COURSE.replace("title: K", "titel: K")}, "title: Field required"),
        ({"module": ""}, "module.yaml"),
        ({"module": MODULE.replace("question: one", "question: two")}, "two"),
        ({"module": MODULE.replace("file: l.md", "file: x.md")}, "x.md"),
        ({"module": "{id: m, title: M, summary: S, activities: 3}"}, "activities"),
        ({"lesson": "uden hoved"}, "---"),
        ({"lesson": "---\n- a\n---\nx"}, "navn: værdi"),
        ({"lesson": "---\ntitle: L\n---\n![ord](mangler.svg)"}, "billedet"),
        ({"bank": "{id: one}"}, "liste af spørgsmål"),
        ({"bank": "- {id: one, type: true_false, text: Er det?, answer: måske}"}, "one"),
        ({"bank": BANK + "\n" + BANK}, "one"),
        ({"bank": "- {id: one, type: gæt, text: Er det?}"}, "one"),
    ],
)
def test_a_bad_file_is_named_with_the_place(tmp_path: Path, files: dict[str, str], said: str) -> None:
    with pytest.raises(InvalidContent) as error:
        load_course(write(tmp_path, **files))
    assert said in str(error.value)


def test_a_picture_needs_words_for_those_who_cannot_see_it(tmp_path: Path) -> None:
    folder = write(tmp_path, lesson="---\ntitle: L\n---\n![](p.svg)")
    (folder / "m" / "p.svg").write_text("<svg/>", "utf-8")
    with pytest.raises(InvalidContent, match="ikke kan se det"):
        load_course(folder)
