"""Use cases about certificates: earn and renew them, fetch them, revoke them, and let anybody check whether one holds.

Whether somebody has passed is decided by the attempts as they are stored, never by a page: `settle` looks, issues what is
missing, and may be called at any time and by any number of processes.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.certificate_pdf import Certificate, draw
from courses.certificate_register import (
    Facts,
    Issued,
    OwnCertificate,
    Record,
    certificate,
    certificates,
    counted,
    is_named,
    matching,
)
from courses.certification import REVIEWS, certificate_number, check_url, next_span
from courses.course_service import CourseService
from courses.enrolment import enrol
from courses.errors import InvalidCredential, NotOpen, UnknownCourse
from courses.issuing import Earned, Issuer
from courses.passed_finals import PassedFinal, unsettled
from courses.reminder import Reminder
from courses.reminders import reminders_of
from courses.renewing import Round, Steady, is_certified, last_span, renewal, round_of, why_not_by_reviews
from courses.revocation import anonymise, checked_reason, revoke
from courses.signing_key import SigningKey
from courses.tables import CertificateRow
from people.person import Person
from people.refusals import note_others, require_for
from people.roles import Permission
from storage.base import now
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Settled:
    """Numbers of the certificates that were issued, and how many finals are passed whose certificate must wait, because the
    key cannot be used now (the log says why)."""

    issued: tuple[str, ...] = ()
    waiting: int = 0


class CertificationService:
    """Certificates in the database behind `engine`. `steady` tells who has kept up with the reviews; `clock` gives the moment,
    in UTC."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        issuer: Issuer,
        steady: Steady,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._issuer = issuer
        self._steady = steady
        self._clock = clock

    def _today(self) -> date:
        return danish_day(self._clock())

    # --- earning --------------------------------------------------------------------------------------------------

    def settle(self, person: Person) -> Settled:
        """Issue what the person has earned and not got yet. Safe to repeat."""
        return self._settle(person.id)

    def settle_all(self) -> Settled:
        """The same for everybody. For the daily round."""
        return self._settle(None)

    def _settle(self, person_id: str | None) -> Settled:
        with reading(self._engine) as session:
            found = unsettled(session, self._courses.version, person_id)
        if not found:
            return Settled()
        try:
            key = self._issuer.key()
        except InvalidCredential as error:
            log.error("%d certificates must wait: %s", len(found), error)
            return Settled(waiting=len(found))
        issued = [self._issue(one, key) for one in found]
        return Settled(tuple(number for number in issued if number is not None))

    def _issue(self, passed: PassedFinal, key: SigningKey) -> str | None:
        course_id = passed.version.course.id
        with transaction(self._engine) as session:
            one_at_a_time(session)
            if is_certified(session, passed.person_id, course_id, passed.cycle):
                return None  # another process was faster
            _, last = last_span(session, passed.person_id, course_id)
            span = next_span(passed.rules, danish_day(passed.at), last)
            if span is None:
                return None
            earned = Earned(passed.person_id, passed.cycle, passed.version, span, passed.attempt_id, passed.at)
            return self._issuer.issue(session, key, earned, self._clock())

    # --- renewing -------------------------------------------------------------------------------------------------

    def renew(self, person: Person, course_id: str) -> None:
        """Begin a new round of a course with its newest version, so that its final can be taken again. A second call changes
        nothing.

        Raises `NotOpen` with the day from which it can be renewed, and `UnknownCourse`.
        """
        person.require(Permission.LEARN)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            found = self._round(session, person, course_id)
            if found.begun:
                return
            version, _ = found.offered()
            enrol(session, person.id, course_id, version.id, person.id, new_cycle=True)

    def renew_by_reviews(self, person: Person, course_id: str) -> str:
        """Renew a certificate of somebody who has kept up with the reviews; the number of the new one.

        Raises `NotOpen` with the reason why not, and `UnknownCourse`.
        """
        person.require(Permission.LEARN)
        today = self._today()
        with reading(self._engine) as session:
            found = self._round(session, person, course_id)
        why = why_not_by_reviews(found, self._steady, person, course_id, today)
        if why is None:
            raise NotOpen("Du kan kun få et nyt bevis ved at bestå den afsluttende prøve.")
        if why:
            raise NotOpen(why)
        try:
            key = self._issuer.key()
        except InvalidCredential as error:
            log.error("%s", error)
            raise NotOpen("Beviset kan ikke udstedes lige nu. Prøv igen i morgen.") from error
        with transaction(self._engine) as session:
            one_at_a_time(session)
            found = self._round(session, person, course_id)  # a second click finds the window closed
            version, rules = found.offered()
            span = next_span(rules, today, found.last)
            if span is None:
                raise NotOpen(found.why)
            cycle = found.cycle
            if not found.begun:
                cycle = enrol(session, person.id, course_id, version.id, person.id, new_cycle=True).cycle
            moment = self._clock()
            return self._issuer.issue(session, key, Earned(person.id, cycle, version, span, REVIEWS, moment), moment)

    def _round(self, session: Session, person: Person, course_id: str) -> Round:
        return round_of(session, self._courses, person.id, course_id, self._today())

    # --- one's own ------------------------------------------------------------------------------------------------

    def mine(self, person: Person) -> list[OwnCertificate]:
        """The person's own certificates: first those that stand, the one that is valid longest at the top, then revoked ones."""
        person.require(Permission.LEARN)
        today = self._today()
        with reading(self._engine) as session:
            records = certificates(session, CertificateRow.person_id == person.id)
            records.sort(key=lambda record: (record.revocation is None, record.period.valid_until), reverse=True)
            # Of each course the last that stands, else the last that was revoked.
            last = {record.period.course_id: record.row.id for record in reversed(records)}
            renewals = {
                number: renewal(self._round(session, person, course_id), self._steady, person, course_id, today)
                for course_id, number in last.items()
            }
        return [record.own(today, renewals.get(record.row.id)) for record in records]

    def pdf(self, person: Person, certificate_id: str) -> bytes:
        """One's own certificate to print. Raises `UnknownCourse`, also for somebody else's, and `NotOpen` when it was revoked."""
        record = self._own(person, certificate_id)
        version = self._courses.version(record.period.version_id)
        return draw(
            Certificate(
                number=record.row.id,
                name=record.row.holder or "",
                course=record.title,
                course_version=str(record.version),
                modules=tuple(module.title for module in version.course.modules),
                issued=danish_day(record.row.issued_at),
                valid_until=record.period.valid_until,
                check_url=check_url(self._issuer.public_url, record.row.id),
                by_reviews=record.period.evidence == REVIEWS,
            )
        )

    def badge(self, person: Person, certificate_id: str) -> str:
        """One's own certificate as a signed Open Badge. Raises as `pdf` does."""
        return self._own(person, certificate_id).row.token

    def _own(self, person: Person, certificate_id: str) -> Record:
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            record = certificate(session, CertificateRow.id == certificate_id, CertificateRow.person_id == person.id)
            if record is None:
                owner = select(CertificateRow.person_id).where(CertificateRow.id == certificate_id)
                note_others(session, person, "certificate", certificate_id, owner)
                raise UnknownCourse
        if record.revocation is not None:
            raise NotOpen("Beviset er tilbagekaldt og kan ikke hentes mere.")
        return record

    def reminders(self, person: Person, today: date) -> list[Reminder]:
        """What the person should be reminded of today, the most urgent first."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return reminders_of(session, self._courses, person.id, today)

    # --- trainers -------------------------------------------------------------------------------------------------

    def issued(self, person: Person, search: str = "", count: int = 20, skip: int = 0) -> list[Issued]:
        """A page of certificates, the last issued first; `search` is a piece of a course's title or the start of a number."""
        person.require(Permission.MANAGE_COURSES)
        with reading(self._engine) as session:
            found = certificates(session, *matching(session, search), count=count, skip=skip)
        return [record.issued(self._today()) for record in found]

    def count_issued(self, person: Person, search: str = "") -> int:
        """How many certificates `issued` has on all pages."""
        person.require(Permission.MANAGE_COURSES)
        with reading(self._engine) as session:
            return counted(session, *matching(session, search))

    def revoke(self, person: Person, certificate_id: str, reason: str) -> None:
        """Take a certificate back; its holder and trainers see why.

        Raises `InvalidCredential` when no usable reason is given or it was revoked before, and `UnknownCourse`.
        """
        require_for(self._engine, person, Permission.MANAGE_COURSES, "certificate", CertificateRow, certificate_id)
        reason = checked_reason(reason)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            revoke(session, certificate_id, person.id, reason, self._clock())

    # --- everybody ------------------------------------------------------------------------------------------------

    def check(self, typed: str) -> Facts | None:
        """What everybody may know of the certificate with the number that was typed; None when there is none."""
        record = self._numbered(typed)
        return record.facts(self._today()) if record else None

    def is_holder(self, typed: str, name: str) -> bool:
        """Whether the certificate with this number was issued to somebody of this name; also after it was anonymised.

        Nothing here counts tries: whoever has a number of 122 random bits has the certificate itself before them, and the
        salted hash of the name besides, in the badge. Unknown numbers cost the same work as known ones.
        """
        return is_named(self._numbered(typed), name)

    def _numbered(self, typed: str) -> Record | None:
        number = certificate_number(typed)
        if number is None:
            return None
        with reading(self._engine) as session:
            return certificate(session, CertificateRow.id == number)

    # --- retention ------------------------------------------------------------------------------------------------

    def anonymise(self, certificate_id: str) -> None:
        """Forget whose a certificate was; it can still be checked. Safe to repeat. Raises `UnknownCourse`."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            anonymise(session, certificate_id)
