"""Use case: make the pack of evidence for the people one may see, as PDF, XLSX and signed JSON in one zip."""

import io
import json
import zipfile
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.course_service import CourseService
from courses.issuing import Issuer
from courses.signing_key import ALGORITHM, SigningKey
from courses.steering.area.standing_service import StandingService
from courses.steering.area.tables import CourseStandingRow
from courses.steering.evidence.evidence import Evidence, Line, Measure
from courses.steering.evidence.report import report
from courses.steering.evidence.workbook import workbook
from courses.tables import CertificateRevocationRow, CertificateRow, CertificationPeriodRow, CourseVersionRow
from people.looks import note_looks
from people.organisation.scope import employed_on, led_people, units_at
from people.organisation.tables import EmploymentRow
from people.person import Person
from people.roles import Permission, Role, Scope
from people.tables import PersonRow
from rag.calendar import COPENHAGEN
from storage import audit
from storage.base import now
from storage.session import reading, transaction

LOOKED_AT = "evidence"
READ_ME = "laes-mig.txt"
_READ_ME = """Evidens for AI-færdigheder

rapport.pdf      til at læse og arkivere
evidens.xlsx     alle linjer i et regneark
evidens.json     det samme for programmer
evidens.jws      evidens.json underskrevet (JWS, RS256). Nøglen findes på {keys}
"""


@dataclass(frozen=True)
class Pack:
    """A zip file to take away, and what it holds."""

    name: str
    data: bytes
    evidence: Evidence


class EvidenceService:
    """Makes packs from the database behind `engine`; `issuer` signs, `standings` are brought up to date first."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        standings: StandingService,
        issuer: Issuer,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._standings = standings
        self._issuer = issuer
        self._clock = clock

    def pack(self, person: Person) -> Pack:
        """The pack for everybody (task force) or for one's own people (manager). That one has seen them is kept for those in it.

        Raises `NotAllowed`, and `InvalidCredential` when the signing key cannot be used.
        """
        person.require(Permission.SEE_AREA)
        key = self._issuer.key()
        self._standings.refresh()
        moment = self._clock()
        day = moment.astimezone(COPENHAGEN).date()
        all_people = person.scope(Permission.SEE_AREA) is Scope.ALL
        with reading(self._engine) as session:
            seen = _people(session, None if all_people else led_people(session, person.id, day))
            lines = _lines(session, self._versions(session), seen, day)
        evidence = Evidence(
            moment,
            person.name,
            "Randers Kommune" if all_people else "Egne medarbejdere",
            len(seen),
            tuple(self._measures()),
            tuple(line for _, line in lines),
        )
        data = self._zipped(evidence, key)
        self._note(person, {person_id for person_id, _ in lines}, moment)
        return Pack(f"evidens-{day.isoformat()}.zip", data, evidence)

    def _measures(self) -> Iterable[Measure]:
        """The courses that are offered now."""
        for version in self._courses.courses():
            course = version.course
            line = next(one for one in self._courses.versions(course.id) if one.id == version.id)
            yield Measure(
                course.id,
                course.title,
                version.number,
                line.at.astimezone(COPENHAGEN).date(),
                course.audience,
                course.minutes,
                tuple(module.title for module in course.modules),
                line.sha256,
            )

    @staticmethod
    def _versions(session: Session) -> dict[str, tuple[int, str]]:
        """Number and title of every version by id."""
        query = select(CourseVersionRow.id, CourseVersionRow.number, CourseVersionRow.title)
        return {key: (number, title) for key, number, title in session.execute(query)}

    def _zipped(self, evidence: Evidence, key: SigningKey) -> bytes:
        document = json.dumps(evidence.document(), ensure_ascii=False, indent=1).encode()
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(READ_ME, _READ_ME.format(keys=f"{self._issuer.public_url}/badges/keys"))
            archive.writestr("rapport.pdf", report(evidence))
            archive.writestr("evidens.xlsx", workbook(evidence))
            archive.writestr("evidens.json", document)
            archive.writestr("evidens.jws", _signed(document, key))
        return out.getvalue()

    def _note(self, person: Person, looked_at: set[str], moment: datetime) -> None:
        note_looks(self._engine, person.id, looked_at - {person.id}, LOOKED_AT, moment)
        with transaction(self._engine) as session:
            audit.record(
                session, actor=person.id, action="evidence.made", object_type="evidence", object_id=f"{len(looked_at)}"
            )


@dataclass(frozen=True)
class _Seen:
    """A person as the pack names her."""

    name: str
    unit: str
    roles: str


def _people(session: Session, only: set[str] | None) -> dict[str, _Seen]:
    """The active people by id, by name."""
    rows = session.scalars(select(PersonRow).where(PersonRow.active).order_by(PersonRow.name, PersonRow.id)).all()
    return {
        row.id: _Seen(row.name, row.unit, ", ".join(sorted({Role(grant.role).danish for grant in row.grants})))
        for row in rows
        if only is None or row.id in only
    }


def _lines(
    session: Session, versions: dict[str, tuple[int, str]], seen: dict[str, _Seen], day: date
) -> list[tuple[str, Line]]:
    """What the people have begun or finished, by name and course, each with the id of its person."""
    units = _units(session, day)
    certificates = _certificates(session)
    query = select(CourseStandingRow).where(CourseStandingRow.begun_on.is_not(None))
    found = []
    for row in session.scalars(query):
        one = seen.get(row.person_id)
        if one is None:
            continue
        number, title = versions.get(row.version_id or "", (None, row.course_id))
        unit = ", ".join(units.get(row.person_id, ())) or one.unit
        certificate = certificates.get((row.person_id, row.course_id), "")
        found.append(
            (
                row.person_id,
                Line(
                    one.name,
                    unit,
                    one.roles,
                    row.course_id,
                    title,
                    number,
                    row.begun_on,
                    row.finished_on,
                    certificate,
                    row.valid_until if certificate else None,
                ),
            )
        )
    return sorted(found, key=lambda pair: (pair[1].name, pair[0], pair[1].course))


def _units(session: Session, day: date) -> dict[str, list[str]]:
    """The units a person is employed in on `day`."""
    known = units_at(session, day)
    found: dict[str, list[str]] = defaultdict(list)
    for person_id, unit_id in session.execute(
        select(EmploymentRow.person_id, EmploymentRow.unit_id).where(employed_on(day))
    ):
        if unit_id in known:
            found[person_id].append(known[unit_id].title)
    return found


def _certificates(session: Session) -> dict[tuple[str, str], str]:
    """Number of the newest certificate of each person and course that is not revoked."""
    revoked = select(CertificateRevocationRow.certificate_id)
    query = (
        select(CertificationPeriodRow.person_id, CertificationPeriodRow.course_id, CertificateRow.id)
        .join(CertificateRow, CertificateRow.period_id == CertificationPeriodRow.id)
        .where(CertificateRow.id.not_in(revoked))
        .order_by(CertificationPeriodRow.cycle)
    )
    return {(person_id, course_id): number for person_id, course_id, number in session.execute(query)}


def _signed(document: bytes, key: SigningKey) -> str:
    """The document as a compact JWS; the header names the key by its thumbprint."""
    from joserfc import jws

    return jws.serialize_compact({"alg": ALGORITHM, "typ": "JOSE", "kid": key.kid}, document, key.private)
