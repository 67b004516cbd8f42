"""Use cases about how questions do: the analysis of a quiz for trainers, and the questions that should be looked at again.

One person counts once: with the first attempt that she handed in, since the later ones have seen the key. Versions of a course
are taken together, question by question, by their wording; a new wording is a question of its own.
"""

from collections.abc import Container, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from sqlalchemy import CTE, Engine, select
from sqlalchemy.orm import Session

from courses.analysis_privacy import separable, shown_items
from courses.analysis_rows import (
    Marks,
    answers_of,
    fingerprint,
    first_attempts,
    marks_of,
    people_of_quizzes,
    versions_of,
)
from courses.course import Course, Quiz
from courses.course_service import CourseService, CourseVersion
from courses.distractors import OptionFigures, has_options, option_figures
from courses.errors import UnknownCourse
from courses.guessing import guess_share
from courses.item_analysis import Floats, MarkSheet, WholeFigures, analyse
from courses.item_findings import FEWEST, findings
from courses.item_report import UNSHOWN, ItemReport, QuizReport, item_report, spread, whole_shown, worst_first
from courses.question import QUESTION, Question
from courses.tables import QuestionVersionRow
from people.person import Person
from people.roles import Permission
from storage.session import reading


@dataclass(frozen=True)
class AnalysedQuiz:
    """A quiz that can be looked at; `people` is None for fewer than five."""

    course_id: str
    course_title: str
    quiz: str
    title: str
    people: int | None


@dataclass(frozen=True)
class Alarm:
    """A question, in the wording that is asked now, that its author should look at again, and why, in Danish."""

    question_id: str
    wording: str
    reason: str


class AnalysisService:
    """Figures about the questions in the database behind `engine`. Nothing here tells who answered."""

    def __init__(self, engine: Engine, courses: CourseService) -> None:
        self._engine = engine
        self._courses = courses
        # Figures change only when an attempt is handed in or a mark is given; pages ask at every click.
        self._report = lru_cache(maxsize=64)(self._read_report)

    def quizzes(self, trainer: Person) -> list[AnalysedQuiz]:
        """The quizzes of all published courses, in the order of the courses."""
        trainer.require(Permission.MANAGE_COURSES)
        found = []
        with reading(self._engine) as session:
            for version in self._courses.courses():
                people = people_of_quizzes(session, version.course.id)
                for quiz in _quizzes(version.course):
                    count = people.get(quiz.id, 0)
                    shown = count if count >= FEWEST else None
                    found.append(AnalysedQuiz(version.course.id, version.course.title, quiz.id, quiz.title, shown))
        return found

    def of_quiz(self, trainer: Person, course_id: str, quiz: str, version: int | None = None) -> QuizReport:
        """The analysis of a quiz over all versions of its course, or of the `version` with that number.

        Raises `UnknownCourse`, also for a version that too few people have taken to be looked at alone.
        """
        trainer.require(Permission.MANAGE_COURSES)
        return self._current(course_id, quiz, version)

    def alarms(self, course_id: str) -> list[Alarm]:
        """What should reopen the review of questions that a course asks now, from enough answers and beyond chance.

        For the gate that questions pass; it holds no figures of people and asks for no permission.
        """
        course = self._courses.current(course_id).course
        found = {
            (item.question.id, item.wording, finding.text): None
            for quiz in _quizzes(course)
            for item in self._current(course_id, quiz.id, None).items
            for finding in item.findings
            if item.newest and finding.sure
        }
        return [Alarm(*one) for one in found]

    def _current(self, course_id: str, quiz: str, version: int | None) -> QuizReport:
        current = self._courses.current(course_id)
        if not isinstance(current.course.activity(quiz), Quiz):
            raise UnknownCourse
        with reading(self._engine) as session:
            state = fingerprint(session, course_id)
        return self._report(current.id, quiz, version, state)

    def _read_report(self, version_id: str, quiz: str, number: int | None, _state: tuple[object, ...]) -> QuizReport:
        current = self._courses.version(version_id)
        with reading(self._engine) as session:
            first = first_attempts(current.course.id, quiz)
            read = marks_of(session, first)
            taken = versions_of(session, first)
            versions = {key: self._courses.version(key) for key in taken.values()}
            numbers = np.array([versions[taken[attempt]].number for attempt in read.attempts], np.int64)
            offered = separable(~np.isnan(read.marks), numbers)
            looked_at = sorted(versions.values(), key=lambda version: version.number)
            if number is not None:
                if number not in offered:
                    raise UnknownCourse
                looked_at = [version for version in looked_at if version.number == number]
                read = read.of(np.flatnonzero(numbers == number), set(looked_at[0].wordings.values()))
            items, whole, results = _figures(session, first, read, current, looked_at, quiz)
        people = len(read.attempts)
        return QuizReport(
            people=people if people >= FEWEST else None,
            whole=whole_shown(whole),
            spread=spread(results),
            items=worst_first(items),
            versions=offered,
            waiting=int(read.waiting.sum()) if people >= FEWEST else 0,
        )


def _figures(
    session: Session,
    first: CTE,
    read: Marks,
    current: CourseVersion,
    taken: Sequence[CourseVersion],
    quiz: str,
) -> tuple[list[ItemReport], WholeFigures, Floats]:
    """The report of each question, the whole, and the result of each attempt."""
    sheet = MarkSheet(read.marks, read.max_marks)
    shown = {read.wordings[column] for column in np.flatnonzero(shown_items(sheet.held))}
    figures = analyse(read.marks, read.max_marks)
    questions = _wordings(session, read.wordings)
    options = _options(session, first, read, sheet, questions, shown)
    places = _places(current, taken, quiz)
    drawn = {key for version in taken for key in _drawn(version.course, quiz)}
    asked = set(current.wordings.values())
    items = []
    for column, wording in enumerate(read.wordings):
        question, one = questions[wording], figures.items[column] if wording in shown else UNSHOWN
        guess = guess_share(question)
        found = findings(question, one, options.get(wording, ()), guess)
        items.append(
            item_report(
                places.get(question.id, len(places) + 1),
                wording,
                question,
                one,
                options.get(wording, ()),
                found,
                guess,
                newest=wording in asked,
                drawn=question.id in drawn,
            )
        )
    return items, figures.whole, sheet.results


def _options(
    session: Session, first: CTE, read: Marks, sheet: MarkSheet, questions: dict[str, Question], shown: Container[str]
) -> dict[str, tuple[OptionFigures, ...]]:
    """Figures of the options of each question that has any; an attempt that holds it without an answer counts as a blank."""
    chosen = [wording for wording in read.wordings if wording in shown and has_options(questions[wording])]
    answers = answers_of(session, first, chosen) if chosen else {}
    found = {}
    for column, wording in enumerate(read.wordings):
        if wording in answers:
            rows = np.flatnonzero(sheet.held[:, column])
            given = [answers[wording].get(read.attempts[row]) for row in rows]
            found[wording] = option_figures(questions[wording], given, sheet.rest(column)[rows])
    return found


def _wordings(session: Session, ids: Sequence[str]) -> dict[str, Question]:
    query = select(QuestionVersionRow.id, QuestionVersionRow.content).where(QuestionVersionRow.id.in_(ids))
    return {key: QUESTION.validate_python(content) for key, content in session.execute(query)}


def _quizzes(course: Course) -> list[Quiz]:
    return [activity for activity in course.activities if isinstance(activity, Quiz)]


def _places(current: CourseVersion, taken: Sequence[CourseVersion], quiz: str) -> dict[str, int]:
    """The number of each question: in the order of the quiz now, pools in the order of the course; earlier ones after them."""
    order = [key for version in (current, *reversed(taken)) for key in _asked(version.course, quiz)]
    return {key: place for place, key in enumerate(dict.fromkeys(order), 1)}


def _asked(course: Course, quiz: str) -> list[str]:
    activity = course.activity(quiz)
    if not isinstance(activity, Quiz):
        return []
    asked: list[str] = []
    for slot in activity.slots:
        asked += [slot.question] if slot.question else []
        asked += [question.id for question in course.pooled(slot.pool)] if slot.pool else []
    return asked


def _drawn(course: Course, quiz: str) -> set[str]:
    """Ids of the questions that a quiz draws from pools."""
    activity = course.activity(quiz)
    fixed = {slot.question for slot in activity.slots} if isinstance(activity, Quiz) else set()
    return {key for key in _asked(course, quiz) if key not in fixed}
