"""Use cases about courses as they are kept: publish a version, read one, and tie its questions to the passages they rest on."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, func, select
from sqlalchemy.orm import Session

from courses.content import course_folders, fingerprint, load_course
from courses.course import Course
from courses.errors import InvalidContent, UnknownCourse
from courses.passages import Shelf
from courses.question import Question
from courses.tables import CourseQuestionRow, CourseStatusRow, CourseVersionRow, QuestionRefRow, QuestionVersionRow
from rag.index import IndexedPassage
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)
SYSTEM = "system"
PUBLISHED, RETIRED = "published", "retired"
Passages = Callable[[], Sequence[IndexedPassage]]


@dataclass(frozen=True)
class CourseVersion:
    """A version of a course; `wordings` maps the id of each question to the id of its stored wording."""

    id: str
    number: int
    course: Course
    wordings: dict[str, str]


@dataclass(frozen=True)
class VersionLine:
    """A version of a course in a list; `by` is a person id or `system`, `sha256` of its whole content."""

    id: str
    number: int
    at: datetime
    by: str
    sha256: str


class CourseService:
    """Reads and writes courses in the database behind `engine`; `passages` are those that may be quoted now."""

    def __init__(self, engine: Engine, passages: Passages) -> None:
        self._engine = engine
        self._passages = passages
        # Versions never change, so that a page of a hundred thousand characters is parsed once.
        self._version = lru_cache(maxsize=64)(self._read_version)

    def load_folder(self, folder: Path) -> None:
        """Publish every course of a content folder whose files have changed. Safe to repeat.

        A course whose newest version was written in the app is left alone: files never undo what people wrote. A course whose
        files do not hold is logged and left as it was; the others still load.
        """
        for one in course_folders(folder):
            try:
                files = fingerprint(one)
                if not self._known(files):
                    self._publish_files(load_course(one), files)
            except InvalidContent as error:
                log.error("course %s is left as it was: %s", one.name, error)

    def _known(self, files: str) -> bool:
        with reading(self._engine) as session:
            read = session.scalars(
                select(CourseVersionRow)
                .where(CourseVersionRow.files_sha256 == files)
                .order_by(CourseVersionRow.number.desc())
            ).first()
            newest = _newest(session, read.course_id) if read is not None else None
            return newest is not None and (newest is read or newest.files_sha256 is None)

    def _publish_files(self, course: Course, files: str) -> None:
        with reading(self._engine) as session:
            newest = _newest(session, course.id)
        if newest is not None and newest.files_sha256 is None:
            log.warning(
                "course %s: its files are newer, but version %d was written in the app", course.id, newest.number
            )
            return
        self.publish(course, SYSTEM, files)

    def publish(self, course: Course, by: str, files: str | None = None) -> CourseVersion:
        """Store a course as its newest version; one that is stored just so already stays the version it is.

        `files` is the fingerprint of the files it was read from.
        """
        content = course.model_dump(mode="json")
        digest = _digest(content)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            newest = _newest(session, course.id)
            if newest is None or newest.sha256 != digest:
                row = CourseVersionRow(
                    id=new_id(),
                    course_id=course.id,
                    number=(newest.number if newest else 0) + 1,
                    title=course.title,
                    sha256=digest,
                    files_sha256=files,
                    created_at=now(),
                    created_by=by,
                    content=content,
                )
                session.add(row)
                session.flush()
                shelf = self.shelf()
                for question in course.questions.values():
                    wording = _wording(session, question, course.id, shelf, by)
                    session.add(CourseQuestionRow(version_id=row.id, question_version_id=wording))
                session.add(CourseStatusRow(version_id=row.id, status=PUBLISHED, at=now(), by=by))
                newest = row
        return self._version(newest.id)

    def courses(self) -> list[CourseVersion]:
        """The newest version of every course that is published, by title."""
        with reading(self._engine) as session:
            newest = select(CourseVersionRow.course_id, func.max(CourseVersionRow.number).label("number"))
            of_course = newest.group_by(CourseVersionRow.course_id).subquery()
            same = (CourseVersionRow.course_id == of_course.c.course_id) & (
                CourseVersionRow.number == of_course.c.number
            )
            rows = session.scalars(select(CourseVersionRow.id).join(of_course, same)).all()
            ids = [row for row in rows if _status(session, row) == PUBLISHED]
        return sorted((self._version(key) for key in ids), key=lambda version: version.course.title)

    def current(self, course_id: str) -> CourseVersion:
        """The newest published version of a course; raises `UnknownCourse`."""
        with reading(self._engine) as session:
            row = _newest(session, course_id)
            if row is None or _status(session, row.id) != PUBLISHED:
                raise UnknownCourse
        return self._version(row.id)

    def newest(self, course_id: str) -> CourseVersion | None:
        """The newest version of a course, published or not; None for a course without any."""
        with reading(self._engine) as session:
            row = _newest(session, course_id)
        return self._version(row.id) if row is not None else None

    def shelf(self) -> Shelf:
        """The passages that may be quoted now."""
        return Shelf(self._passages())

    def taken(self, course_id: str) -> set[str]:
        """Ids of questions that only other courses have had; this one cannot use them."""
        with reading(self._engine) as session:
            owners = session.execute(
                select(QuestionVersionRow.question_id, CourseVersionRow.course_id)
                .join(CourseQuestionRow, CourseQuestionRow.question_version_id == QuestionVersionRow.id)
                .join(CourseVersionRow, CourseVersionRow.id == CourseQuestionRow.version_id)
                .distinct()
            ).all()
        own = {question for question, owner in owners if owner == course_id}
        return {question for question, _ in owners} - own

    def versions(self, course_id: str) -> list[VersionLine]:
        """Every version of a course, the newest first."""
        query = select(
            CourseVersionRow.id,
            CourseVersionRow.number,
            CourseVersionRow.created_at,
            CourseVersionRow.created_by,
            CourseVersionRow.sha256,
        ).where(CourseVersionRow.course_id == course_id)
        with reading(self._engine) as session:
            return [VersionLine(*row) for row in session.execute(query.order_by(CourseVersionRow.number.desc()))]

    def version(self, version_id: str) -> CourseVersion:
        """Any version that was ever published; raises `UnknownCourse`."""
        return self._version(version_id)

    def _read_version(self, version_id: str) -> CourseVersion:
        with reading(self._engine) as session:
            row = session.get(CourseVersionRow, version_id)
            if row is None:
                raise UnknownCourse
            wordings = session.execute(
                select(QuestionVersionRow.question_id, QuestionVersionRow.id)
                .join(CourseQuestionRow, CourseQuestionRow.question_version_id == QuestionVersionRow.id)
                .where(CourseQuestionRow.version_id == version_id)
            ).all()
            return CourseVersion(row.id, row.number, Course.model_validate(row.content), {q: v for q, v in wordings})


def _digest(content: dict[str, Any]) -> str:
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _newest(session: Session, course_id: str) -> CourseVersionRow | None:
    query = select(CourseVersionRow).where(CourseVersionRow.course_id == course_id)
    return session.scalars(query.order_by(CourseVersionRow.number.desc()).limit(1)).first()


def _status(session: Session, version_id: str) -> str:
    query = select(CourseStatusRow.status).where(CourseStatusRow.version_id == version_id)
    return session.scalars(query.order_by(CourseStatusRow.id.desc()).limit(1)).first() or ""


def _owners(session: Session, question_id: str) -> set[str]:
    """Ids of the courses that have ever had the question."""
    query = (
        select(CourseVersionRow.course_id)
        .join(CourseQuestionRow, CourseQuestionRow.version_id == CourseVersionRow.id)
        .join(QuestionVersionRow, QuestionVersionRow.id == CourseQuestionRow.question_version_id)
    )
    return set(session.scalars(query.where(QuestionVersionRow.question_id == question_id)))


def _wording(session: Session, question: Question, course_id: str, shelf: Shelf, by: str) -> str:
    """Id of the stored wording of a question; a wording that is new is stored and tied to its passages.

    Raises `InvalidContent` where only other courses have the id, with another wording: reviews and regrades go by it.
    """
    content = question.model_dump(mode="json")
    digest = _digest(content)
    query = select(QuestionVersionRow).where(QuestionVersionRow.question_id == question.id)
    newest = session.scalars(query.order_by(QuestionVersionRow.number.desc()).limit(1)).first()
    if newest is not None and newest.sha256 == digest:
        return newest.id
    if newest is not None and course_id not in _owners(session, question.id):
        raise InvalidContent(
            f"Et andet kursus har et andet spørgsmål med navnet {question.id}. Giv spørgsmålet et nyt navn."
        )
    number = (newest.number if newest else 0) + 1
    row = QuestionVersionRow(
        id=new_id(), question_id=question.id, number=number, sha256=digest, created_at=now(), content=content
    )
    session.add(row)
    session.flush()
    session.add_all(_refs(question, row.id, shelf, by))
    return row.id


def _refs(question: Question, wording: str, shelf: Shelf, by: str) -> Iterable[QuestionRefRow]:
    for place, ref in enumerate(question.sources):
        passage = shelf.holding(ref)
        if passage is None:
            log.warning("question %s rests on a passage of %s that is not there", question.id, ref.source)
        yield QuestionRefRow(
            question_version_id=wording,
            place=place,
            source_id=ref.source,
            anchor=ref.section[:80],
            quote=ref.quote,
            passage=passage.text if passage else "",
            passage_hash=passage.hash if passage else "",
            at=now(),
            by=by,
        )
