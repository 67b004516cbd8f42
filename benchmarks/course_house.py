"""A prepared machine for the measurements of courses: 300 invented people, each with an open attempt of 60 questions.

Nothing of the real installation is touched, see `benchmarks.house`. A server that works in the folder is a real process.
"""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import progress
from benchmarks.house import House, environment
from benchmarks.isolation import alone
from bootstrap import connect
from courses.course import Course, Module, Policy, Quiz, Show, Slot
from courses.question import Option, SingleChoice
from people.person import Person
from people.roles import Role
from people.service import ExamplePerson
from settings import ROOT, Settings

PEOPLE = 300
ITEMS = 60
COURSE = "maaling"
QUIZ = "proeve"
RIGHT = "a"
OPTIONS = {
    "a": "Spørg en kollega, og slå efter i retningslinjen",
    "b": "Send det afsted, og se hvad der sker",
    "c": "Lad sprogmodellen bestemme",
    "d": "Vent, til nogen spørger",
}
IDS = {text: key for key, text in OPTIONS.items()}
PATIENCE = 120


@dataclass(frozen=True)
class Seat:
    """A person, her open attempt, and the ids of its items in order."""

    person_id: str
    attempt: str
    items: tuple[str, ...]

    @property
    def person(self) -> Person:
        """The person as the services want her, without asking the database."""
        return Person(self.person_id, "", "", frozenset({Role.EMPLOYEE}))


@dataclass(frozen=True)
class CourseHouse:
    """A prepared data folder with a seat for everybody."""

    folder: Path
    seats: tuple[Seat, ...]

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a process to the folder."""
        return environment(self.folder) | {"CONTENT_DIR": str(self.folder / "content")}

    @property
    def database(self) -> Path:
        """The SQLite file."""
        return self.folder / "ai-univers.sqlite3"

    @contextmanager
    def copy(self) -> Iterator["CourseHouse"]:
        """The same house in a folder of its own, so that one measurement does not change what the next one finds."""
        with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as temporary:
            folder = Path(temporary) / "data"
            shutil.copytree(self.folder, folder)
            yield CourseHouse(folder, self.seats)

    def answers(self, after: int = 0) -> list[tuple[str, str]]:
        """Item and option of every stored answer whose row comes after row `after`, oldest first."""
        query = "SELECT item_id, json_extract(response, '$.value') FROM response_event WHERE kind = 'answer' AND id > ?"
        return [(str(item), str(option)) for item, option in self.rows(f"{query} ORDER BY id", after)]

    def last_event(self) -> int:
        """Number of the newest row of answers."""
        return int(self.rows("SELECT coalesce(max(id), 0) FROM response_event")[0][0])

    def rows(self, query: str, *values: str | int) -> list[tuple[str | int | float, ...]]:
        """Run a statement and give what it finds, by a connection of its own: none may be open when a process is forked."""
        with closing(sqlite3.connect(self.database, timeout=PATIENCE)) as connection, connection:
            return connection.execute(query, values).fetchall()


def measured_course() -> Course:
    """A course of one quiz of 60 questions with one right option each; any number of attempts, no time limit."""
    options = tuple(Option(id=key, text=text, fraction=float(key == RIGHT)) for key, text in OPTIONS.items())
    questions = tuple(
        SingleChoice(id=f"q{number}", text=f"Hvad gør du i situation {number}?", options=options)
        for number in range(1, ITEMS + 1)
    )
    quiz = Quiz(
        id=QUIZ,
        title="Målt prøve",
        policy=Policy(show=Show.AFTER_SUBMIT),
        slots=tuple(Slot(question=question.id) for question in questions),
    )
    module = Module(id="modul", title="Modul", summary="Målt.", activities=(quiz,), questions=questions)
    return Course(
        id=COURSE,
        title="Målt kursus",
        summary="Til målinger.",
        audience="Ingen",
        open_to_all=True,
        final=QUIZ,
        modules=(module,),
    )


@contextmanager
def prepared(house: House) -> Iterator[CourseHouse]:
    """A copy of a house that is ready to work, with the course published and everybody's attempt begun."""
    progress(f"Begynder en prøve for {PEOPLE} personer")
    with house.copy() as copy:
        _invent_people(copy.folder / "content")
        made = CourseHouse(copy.folder, ())
        yield CourseHouse(copy.folder, alone(made.environment, _prepare))


def _invent_people(content: Path) -> None:
    """The shipped content with those who are measured as its example people: the demo's cookie lets nobody else in."""
    shutil.copytree(ROOT / "content", content)
    people = [
        ExamplePerson(id=f"maalt-{number:03}", name=f"{number}", unit="Måling", about="Opdigtet", roles=[Role.EMPLOYEE])
        for number in range(1, PEOPLE + 1)
    ]
    told = {"people": [person.model_dump(mode="json") for person in people]}
    (content / "organisation" / "demo_people.yaml").write_text(json.dumps(told), "utf-8")  # JSON is YAML


def _prepare() -> tuple[Seat, ...]:
    services = connect(Settings())  # type: ignore[call-arg]  # values come from the environment
    services.courses.publish(measured_course(), "system")
    services.people.add_examples(list(services.examples))
    seats = []
    for key in (example.id for example in services.examples):
        person = services.people.find(key)
        services.learning.begin(person, COURSE)
        attempt = services.attempts.start(person, COURSE, QUIZ)
        items = tuple(item.id for item in services.attempts.get(person, attempt).items)
        seats.append(Seat(key, attempt, items))
    return tuple(seats)


class Server:
    """`streamlit run app.py` in a process group of its own."""

    def __init__(self, house: CourseHouse, log: Path) -> None:
        self._log = log
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        self.address = f"http://localhost:{port}"
        options = ["--server.port", str(port), "--server.address", "localhost", "--server.headless", "true"]
        with log.open("wb") as output:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "streamlit", "run", "app.py", *options],
                cwd=ROOT,
                env={**os.environ, **house.environment},
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def wait(self) -> None:
        """Until the server accepts connections; raises RuntimeError with its log where it does not."""
        started = time.perf_counter()
        port = int(self.address.rsplit(":", 1)[1])
        while time.perf_counter() - started < PATIENCE and self._process.poll() is None:
            try:
                socket.create_connection(("localhost", port), timeout=1).close()
                return
            except OSError:
                time.sleep(0.01)
        raise RuntimeError(f"{self.address} did not answer:\n{self._log.read_text('utf-8', 'replace')[-2000:]}")

    def kill(self) -> None:
        """kill -9: the process gets no chance to finish anything."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()

    def end(self) -> None:
        """End the server in good order; nothing happens where it has ended already."""
        if self._process.poll() is not None:
            return
        os.killpg(self._process.pid, signal.SIGTERM)
        try:
            self._process.wait(timeout=15)
        except subprocess.TimeoutExpired:
            self.kill()


@contextmanager
def serving(house: CourseHouse) -> Iterator[Server]:
    """A server that works in the house and accepts connections, ended afterwards."""
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as temporary:
        server = Server(house, Path(temporary) / "server.log")
        try:
            server.wait()
            yield server
        finally:
            server.end()
