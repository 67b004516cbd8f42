"""The database, on SQLite and on a real PostgreSQL: migrations, transactions, moments and the audit log."""

import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Engine, delete, func, insert, inspect, select, text, update
from sqlalchemy.exc import IntegrityError, StatementError

import courses.authoring.tables
import courses.steering.area.tables
import courses.steering.tables
import courses.tables
import courses.xapi.tables  # noqa: F401
import governance.tables  # noqa: F401
import people.tables  # noqa: F401
import rag.tables  # noqa: F401
import storage.outbox  # noqa: F401
from people.tables import PersonRow, RoleGrantRow
from settings import ROOT, get_settings
from storage import audit
from storage.audit import AuditEvent
from storage.base import Table, new_id, now
from storage.engine import make_engine, ping
from storage.migrate import migrate
from storage.session import reading, transaction


def together(*tasks: Callable[[], object]) -> list[BaseException]:
    """Run tasks at the same moment in threads; the errors they ended with."""
    errors: list[BaseException] = []
    barrier = threading.Barrier(len(tasks))

    def run(task: Callable[[], object]) -> None:
        barrier.wait()
        try:
            task()
        except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
            errors.append(error)

    threads = [threading.Thread(target=run, args=(task,)) for task in tasks]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return errors


def add_event(engine: Engine, object_id: str = "x") -> None:
    with transaction(engine) as session:
        audit.record(session, actor="demo-tina", action="source.approved", object_type="source", object_id=object_id)


def someone(key: str) -> PersonRow:
    return PersonRow(id=key, name="Nogen", unit="IT", created_at=now(), grants=[])


# --- migrations ---------------------------------------------------------------------------------------------------


def test_the_migrations_lead_from_nothing_to_just_the_tables_of_the_code(bare_engine: Engine) -> None:
    assert inspect(bare_engine).get_table_names() == []
    migrate(bare_engine)
    with bare_engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True, "compare_server_default": True})
        assert compare_metadata(context, Table.metadata) == []


def test_migrating_again_changes_nothing_and_loses_nothing(engine: Engine) -> None:
    add_event(engine)
    migrate(engine)
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 1


def test_processes_that_start_at_once_migrate_once(bare_engine: Engine) -> None:
    engines = [bare_engine, *(make_engine(address(bare_engine), schema_of(bare_engine)) for _ in range(3))]
    errors = together(*(lambda engine=engine: migrate(engine) for engine in engines))
    assert errors == []
    assert set(Table.metadata.tables) <= set(inspect(bare_engine).get_table_names(schema=own_schema(bare_engine)))
    with bare_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM alembic_version")).scalar() == 1
    for engine in engines[1:]:
        engine.dispose()


def test_separate_processes_migrate_the_same_database(bare_engine: Engine) -> None:
    code = (
        "import sys; from storage.engine import make_engine; from storage.migrate import migrate; "
        "migrate(make_engine(sys.argv[1], sys.argv[2]))"
    )
    command = [sys.executable, "-c", code, address(bare_engine), schema_of(bare_engine)]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE) for _ in range(3)]
    for process in started:
        _, errors = process.communicate(timeout=60)
        assert process.returncode == 0, errors.decode()
    add_event(bare_engine)


def test_on_postgresql_the_tables_stand_in_our_own_schema(engine: Engine) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("SQLite has no schemas")
    assert "audit_event" in inspect(engine).get_table_names(schema=schema_of(engine))
    assert "audit_event" not in inspect(engine).get_table_names(schema="public")


def address(engine: Engine) -> str:
    return engine.url.render_as_string(hide_password=False)


def schema_of(engine: Engine) -> str:
    return str(engine.get_execution_options().get("schema", "ai_univers"))


def own_schema(engine: Engine) -> str | None:
    return schema_of(engine) if engine.dialect.name == "postgresql" else None


# --- rows ---------------------------------------------------------------------------------------------------------

PERSONAL = {"person_id", "name", "question", "actor", "note", "turn_id"}


def test_every_table_with_personal_data_states_purpose_and_retention() -> None:
    personal = [table for table in Table.metadata.sorted_tables if PERSONAL & set(table.columns.keys())]
    expected = {
        "person",
        "role_grant",
        "conversation",
        "turn",
        "inbox_item",
        "audit_event",
        "feedback",
        "turn_feedback",
    }
    assert expected <= {table.name for table in personal}
    for table in personal:
        assert table.info.get("purpose"), f"{table.name} states no purpose"
        assert table.info.get("retention"), f"{table.name} states no retention"


def test_a_moment_comes_back_as_the_same_moment_in_utc(engine: Engine) -> None:
    danish_summer = timezone(timedelta(hours=2))
    moment = datetime(2027, 7, 1, 14, 5, 6, 789000, tzinfo=danish_summer)
    with transaction(engine) as session:
        session.add(PersonRow(id="a", name="A", unit="IT", created_at=moment, grants=[]))
    with reading(engine) as session:
        read = session.get_one(PersonRow, "a").created_at
    assert read == moment
    assert read.utcoffset() == timedelta(0)
    assert read.hour == 12


def test_a_moment_without_a_zone_is_refused(engine: Engine) -> None:
    naive = datetime(2027, 7, 1, 14, 5, tzinfo=UTC).replace(tzinfo=None)
    with pytest.raises(StatementError, match="time zone"), transaction(engine) as session:
        session.add(PersonRow(id="a", name="A", unit="IT", created_at=naive, grants=[]))


def test_a_use_case_that_fails_leaves_nothing(engine: Engine) -> None:
    with pytest.raises(RuntimeError), transaction(engine) as session:
        session.add(someone("a"))
        audit.record(session, actor="a", action="x", object_type="person", object_id="a")
        raise RuntimeError("half-way")
    with reading(engine) as session:
        assert session.get(PersonRow, "a") is None
        assert session.scalar(select(func.count()).select_from(AuditEvent)) == 0


def test_reading_never_writes(engine: Engine) -> None:
    with reading(engine) as session:
        session.add(someone("a"))
        session.flush()
    with reading(engine) as session:
        assert session.get(PersonRow, "a") is None


def test_a_row_cannot_point_at_nobody(engine: Engine) -> None:
    with pytest.raises(IntegrityError), transaction(engine) as session:
        session.add(RoleGrantRow(id=new_id(), person_id="nobody", role="admin"))


def test_an_error_does_not_tell_what_people_wrote(engine: Engine) -> None:
    """It ends in the log, with the statement and all that it was given."""
    row = {
        "id": "hemmelig-id",
        "name": "Hemmelig Hansen",
        "unit": "",
        "email": "hemmelig@eksempel.dk",
        "created_at": now(),
    }
    with pytest.raises(IntegrityError) as caught, transaction(engine) as session:
        session.execute(insert(PersonRow), [row, row | {"id": "en anden"}])
    told = "".join(traceback.format_exception(caught.value))
    assert "INSERT INTO person" in told
    assert "emmelig" not in told


def test_concurrent_writers_lose_nothing(engine: Engine) -> None:
    """Each reads, then writes: the transaction that SQLite would refuse if it did not take the lock first."""

    def write(writer: int) -> None:
        for number in range(15):
            with transaction(engine) as session:
                count = session.scalar(select(func.count()).select_from(PersonRow)) or 0
                session.add(someone(f"{writer}-{number}-{count}"))

    errors = together(*(lambda writer=writer: write(writer) for writer in range(4)))
    assert errors == []
    with reading(engine) as session:
        assert session.scalar(select(func.count()).select_from(PersonRow)) == 60


def test_a_reader_is_not_held_up_by_a_writer(engine: Engine) -> None:
    with transaction(engine) as writer:
        writer.add(someone("a"))
        writer.flush()
        with reading(engine) as session:
            assert session.get(PersonRow, "a") is None


def test_ping_tells_whether_the_database_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert ping()
    get_settings.cache_clear()
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    assert not ping()


# --- audit log ----------------------------------------------------------------------------------------------------


def ids(engine: Engine) -> list[int]:
    with reading(engine) as session:
        return list(session.scalars(select(AuditEvent.id).order_by(AuditEvent.id)))


def broken(engine: Engine) -> int | None:
    with reading(engine) as session:
        return audit.verify(session)


def test_an_untouched_log_verifies(engine: Engine) -> None:
    assert broken(engine) is None
    for number in range(5):
        add_event(engine, str(number))
    assert broken(engine) is None


@pytest.mark.parametrize(
    "changed",
    [
        {"actor": "demo-mette"},
        {"action": "source.retired"},
        {"object_id": "another"},
        {"object_type": "person"},
        {"at": datetime(2020, 1, 1, tzinfo=UTC)},
        {"after_hash": "f" * 64},
        {"before_hash": "f" * 64},
        {"chain_hash": "f" * 64},
    ],
    ids=lambda changed: next(iter(changed)),
)
def test_every_changed_field_shows(engine: Engine, changed: dict[str, object]) -> None:
    for number in range(4):
        add_event(engine, str(number))
    victim = ids(engine)[1]
    with transaction(engine) as session:
        session.execute(update(AuditEvent).where(AuditEvent.id == victim).values(**changed))
    assert broken(engine) == victim


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_removed_row_shows_at_the_row_after_it(engine: Engine, place: int) -> None:
    for number in range(4):
        add_event(engine, str(number))
    before = ids(engine)
    with transaction(engine) as session:
        session.execute(delete(AuditEvent).where(AuditEvent.id == before[place]))
    assert broken(engine) == before[place + 1]


def test_swapped_rows_show(engine: Engine) -> None:
    for number in range(3):
        add_event(engine, str(number))
    one, other = ids(engine)[:2]
    with transaction(engine) as session:
        for old, new in ((one, -1), (other, one), (-1, other)):
            session.execute(update(AuditEvent).where(AuditEvent.id == old).values(id=new))
    assert broken(engine) == one


def test_many_writers_keep_one_chain(engine: Engine) -> None:
    errors = together(*(lambda: [add_event(engine, str(number)) for number in range(10)] for _ in range(4)))
    assert errors == []
    assert len(ids(engine)) == 40
    assert broken(engine) is None
