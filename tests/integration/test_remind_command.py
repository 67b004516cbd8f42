"""`manage.py remind` as a scheduler runs it, and the web process that sends beside it."""

import json
import sys
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

import manage
from benchmarks.mail_server import Book, running
from bootstrap import Services, connect
from courses.steering.reminder_days import is_quiet
from courses.steering.reminder_service import ReminderService
from courses.tables import AssignmentRow
from people.tables import PersonRow
from settings import get_settings
from storage.mail_message import Sender
from storage.mail_server import MailServer
from storage.mail_service import MailService
from storage.migrate import migrate
from storage.outbox import MailRow
from storage.session import reading, transaction
from tests.certified_house import course


@pytest.fixture
def book() -> Iterator[tuple[int, Book]]:
    with running() as found:
        yield found


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    """A database with a course and somebody who got it just now."""
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    get_settings.cache_clear()
    made = connect(get_settings())
    migrate(made.engine)
    made.courses.publish(course(), "system")
    moment = datetime.now(UTC)
    with transaction(made.engine) as session:
        session.add(PersonRow(id="mette", name="Mette", unit="", email="mette@randers.dk", created_at=moment))
        session.flush()
        session.add(
            AssignmentRow(
                id="1",
                person_id="mette",
                course_id="ai-for-alle",
                at=moment,
                by="s",
                due_on=moment.date() + timedelta(90),
            )
        )
    return made


def run(monkeypatch: pytest.MonkeyPatch, *words: str) -> int:
    monkeypatch.setattr(sys, "argv", ["manage.py", *words])
    get_settings.cache_clear()
    return manage.main()


@pytest.mark.usefixtures("house")
def test_without_a_server_only_a_dry_run_goes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(monkeypatch, "remind") == 2
    assert "Sæt SMTP_HOST og SMTP_SENDER" in capsys.readouterr().err
    assert run(monkeypatch, "remind", "--dry-run", "--json") == 0
    found = json.loads(capsys.readouterr().out)
    assert found["quiet"] or (found["reminders"], found["occasions"]) == (1, {"assigned": 1})


def test_a_run_writes_once_and_names_nobody(
    house: Services, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], book: tuple[int, Book]
) -> None:
    for name, value in (("HOST", "127.0.0.1"), ("PORT", str(book[0])), ("SENDER", "ai")):
        monkeypatch.setenv(f"SMTP_{name}", value)
    for name, value in (
        ("AUTH_MODE", "proxy"),
        ("TRUSTED_PROXIES", "10.0.0.7"),
        ("PUBLIC_URL", "https://ai.randers.dk"),
    ):
        monkeypatch.setenv(name, value)
    assert run(monkeypatch, "remind") == 0
    assert run(monkeypatch, "remind", "--json") == 0
    told = capsys.readouterr()
    assert "mette" not in (told.out + told.err).lower()
    with reading(house.engine) as session:
        rows = session.scalars(select(MailRow)).all()
    quiet = is_quiet(connect(get_settings()).reminders.today())
    assert len(rows) == (0 if quiet else 1)
    assert ("stille dag" in told.out) == ('"quiet": true' in told.out) == quiet


def test_the_web_process_sends_what_waits(house: Services, book: tuple[int, Book]) -> None:
    engine, courses = house.engine, house.courses
    moment = datetime.now(UTC) + timedelta(days=1)
    while is_quiet(moment.date()):
        moment += timedelta(days=1)
    moment = moment.replace(hour=11)

    def clock() -> datetime:
        return moment

    mail = MailService(engine, MailServer("127.0.0.1", book[0]), Sender("ai@randers.dk", "AI"), clock)
    service = ReminderService(engine, courses, mail, "https://ai.randers.dk", clock)
    service.write_due(service.today())
    stop = threading.Event()
    thread = threading.Thread(target=service.work, args=(stop,))
    thread.start()
    deadline = time.monotonic() + 20
    while not book[1].stored and time.monotonic() < deadline:
        time.sleep(0.05)
    stop.set()
    thread.join(10)
    assert not thread.is_alive() and len(book[1].stored) == 1
