"""Reminders of a person, found in her assignments and certificates."""

from datetime import date

from sqlalchemy.orm import Session

from courses.attempt_rows import attempts_of
from courses.course_service import CourseService
from courses.enrolment import assigned, enrolment
from courses.passed_finals import first_pass
from courses.reminder import Reminder, about_certificate, about_deadline
from courses.renewing import is_certified, last_span
from courses.steering.exemption_rows import exemptions_of


def reminders_of(session: Session, courses: CourseService, person_id: str, today: date) -> list[Reminder]:
    """At most one a course, the most urgent first. Who is exempt from a course is not reminded of it."""
    due = assigned(session, person_id)
    exempt = exemptions_of(session, person_id, today)
    found = []
    for version in courses.courses():
        course = version.course
        if course.id in exempt:
            continue
        has_any, last = last_span(session, person_id, course.id)
        if last is not None:
            if course.certificate is not None:
                begun = not is_certified(session, person_id, course.id, _cycle(session, person_id, course.id))
                found.append(
                    about_certificate(course.id, course.title, last, today, begun=begun, assigned=course.id in due)
                )
        elif course.id in due and (has_any or not _passed(session, courses, person_id, course.id)):
            found.append(about_deadline(course.id, course.title, due[course.id], today))
    return sorted((one for one in found if one is not None), key=lambda one: (one.kind, one.day))


def _cycle(session: Session, person_id: str, course_id: str) -> int:
    newest = enrolment(session, person_id, course_id)
    return newest.cycle if newest else 1


def _passed(session: Session, courses: CourseService, person_id: str, course_id: str) -> bool:
    newest = enrolment(session, person_id, course_id)
    if newest is None:
        return False
    final = courses.version(newest.version_id).course.final
    return first_pass(session, attempts_of(session, person_id, course_id, newest.cycle, final)) is not None
