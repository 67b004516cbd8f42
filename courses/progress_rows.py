"""Progress read from its rows: lessons read, prompts practised, quizzes passed."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from courses.attempt import passes
from courses.attempt_rows import attempts_of, results
from courses.course import Quiz
from courses.course_service import CourseVersion
from courses.progress import Progress
from courses.prompt_practice import DONE
from courses.tables import PromptTryRow, ReadingRow


def progress_of(session: Session, person_id: str, version: CourseVersion, cycle: int) -> Progress:
    """How far a person is in one cycle of a course, judged by the version she takes.

    A later cycle renews by the final alone: what was read, practised and checked in earlier ones counts.
    """
    course = version.course
    begun: set[str] = set()
    done: set[str] = set()
    readings = select(ReadingRow.activity, ReadingRow.read_at).where(
        ReadingRow.person_id == person_id, ReadingRow.course_id == course.id, ReadingRow.cycle <= cycle
    )
    for activity, read_at in session.execute(readings):
        (done if read_at else begun).add(activity)
    tries = select(PromptTryRow.activity, PromptTryRow.fraction).where(
        PromptTryRow.person_id == person_id, PromptTryRow.course_id == course.id, PromptTryRow.cycle <= cycle
    )
    for activity, fraction in session.execute(tries):
        (done if fraction >= DONE else begun).add(activity)
    rows = [
        row
        for row in attempts_of(session, person_id, course.id)
        if row.cycle == cycle or (row.cycle < cycle and row.quiz != course.final)
    ]
    found = results(session, rows)
    for quiz in course.activities:
        if isinstance(quiz, Quiz):
            own = [row for row in rows if row.quiz == quiz.id]
            shares = [found[row.id].share for row in own if row.id in found]
            if passes(quiz.policy, shares):
                done.add(quiz.id)
            elif own:
                begun.add(quiz.id)
    return Progress.of(course, begun, done)
