"""A course with a certificate, and the services that issue it at a moment that tests set."""

from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, select

from courses.attempt_service import AttemptService
from courses.badge_documents import BadgeDocuments
from courses.certificate_register import OwnCertificate
from courses.certification_service import CertificationService
from courses.course import Course
from courses.course_service import CourseService, CourseVersion
from courses.enrolment import enrol, enrolment
from courses.issuing import Issuer
from courses.tables import CertificationPeriodRow
from people.person import Person
from people.tables import PersonRow, RoleGrantRow
from storage import audit
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

PUBLIC_URL = "https://ai.example.dk"
START = datetime(2026, 1, 15, 9, 0, tzinfo=UTC)
RIGHT, WRONG = "a", "b"


@cache
def pem() -> bytes:
    """A private key, made once for all tests."""
    from joserfc.jwk import RSAKey

    return RSAKey.generate_key(2048, private=True).as_pem(private=True)


def course(key: str = "ai-for-alle", **more: Any) -> Course:
    """A course with one lesson and a final of two questions, half of which passes."""
    made: dict[str, Any] = {
        "id": key,
        "title": f"Ægte kursus {key}",
        "summary": "Kurset lærer dig det vigtigste.",
        "audience": "Alle",
        "final": "final",
        "certificate": {"valid_months": 12, "window_days": 30},
        "modules": [
            {
                "id": "grund",
                "title": "Grundlag",
                "summary": "Det første.",
                "activities": [
                    {"kind": "lesson", "id": "laes", "title": "Læs", "text": "Tekst."},
                    {
                        "kind": "quiz",
                        "id": "final",
                        "title": "Afsluttende prøve",
                        "policy": {"pass_at": 0.5, "scoring": more.pop("scoring", "best")},
                        "slots": [{"question": "q1"}, {"question": "q2"}],
                    },
                ],
                "questions": [
                    {
                        "type": "single",
                        "id": name,
                        "text": "Hvad er rigtigt?",
                        "options": [{"id": RIGHT, "text": "Det her", "fraction": 1}, {"id": WRONG, "text": "Det der"}],
                    }
                    for name in ("q1", "q2")
                ],
            }
        ],
    }
    return Course.model_validate(made | more)


class House:
    """The services at a moment that tests set, with people and one course."""

    def __init__(self, engine: Engine, folder: Path, *people: Person, at: datetime = START) -> None:
        self.engine = engine
        self.at = at
        self.is_steady = False
        self.key_file = folder / "key.pem"
        self.key_file.write_bytes(pem())
        self.courses = CourseService(engine, tuple)
        self.attempts = AttemptService(engine, self.courses, lambda _version: (), lambda: self.at)
        issuer = Issuer(self.key_file, PUBLIC_URL)
        self.asked: list[tuple[str, str, date, date]] = []
        self.certification = CertificationService(engine, self.courses, issuer, self.steady, lambda: self.at)
        self.documents = BadgeDocuments(engine, self.courses, issuer, lambda: self.at)
        with transaction(engine) as session:
            for one in people:
                grants = [RoleGrantRow(id=new_id(), role=role.value) for role in one.roles]
                session.add(PersonRow(id=one.id, name=one.name, unit=one.unit, created_at=now(), grants=grants))
        self.version = self.courses.publish(course(), "system")

    def steady(self, person: Person, course_id: str, since: date, until: date) -> bool:
        self.asked.append((person.id, course_id, since, until))
        return self.is_steady

    def on(self, day: date) -> "House":
        """Noon of a day in Denmark."""
        self.at = datetime(day.year, day.month, day.day, 11, tzinfo=UTC)
        return self

    def enrol(self, person: Person, version: CourseVersion | None = None, *, new_cycle: bool = False) -> None:
        version = version or self.version
        with transaction(self.engine) as session:
            one_at_a_time(session)
            enrol(session, person.id, version.course.id, version.id, person.id, new_cycle=new_cycle)

    def take(self, person: Person, answer: str = RIGHT, course_id: str = "ai-for-alle") -> str:
        """An attempt at the final with the same answer everywhere, handed in; its id."""
        attempt = self.attempts.start(person, course_id, "final")
        for item in self.attempts.get(person, attempt).items:
            self.attempts.answer(person, item.id, answer)
        self.attempts.submit(person, attempt)
        return attempt

    def earn(self, person: Person) -> str:
        """A first certificate; its number."""
        self.enrol(person)
        self.take(person)
        (number,) = self.certification.settle(person).issued
        return number

    def newest(self, person: Person) -> OwnCertificate:
        return self.certification.mine(person)[0]

    def cycle(self, person: Person, course_id: str = "ai-for-alle") -> int:
        with reading(self.engine) as session:
            found = enrolment(session, person.id, course_id)
        assert found is not None
        return found.cycle

    def periods(self, person: Person) -> list[CertificationPeriodRow]:
        with reading(self.engine) as session:
            query = select(CertificationPeriodRow).where(CertificationPeriodRow.person_id == person.id)
            return list(session.scalars(query.order_by(CertificationPeriodRow.cycle)))

    def events(self, action: str) -> list[audit.AuditEvent]:
        with reading(self.engine) as session:
            assert audit.verify(session) is None
            return list(session.scalars(select(audit.AuditEvent).where(audit.AuditEvent.action == action)))
