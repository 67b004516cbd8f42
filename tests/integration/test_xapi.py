"""xAPI: what is told of courses, to whom it is told, and that nothing is lost or told twice whatever breaks."""

import json
import logging
import os
import random
import ssl
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock
from pydantic import SecretStr
from sqlalchemy import Engine, select, update
from typer.testing import CliRunner

import manage
from bootstrap import connect
from courses.course import Lesson
from courses.course_service import CourseVersion
from courses.learning_service import LearningService
from courses.teaching_service import TeachingService
from courses.xapi.collector import Told
from courses.xapi.delivery import Delivered, Delivery
from courses.xapi.errors import InvalidPseudonymKey, Unavailable
from courses.xapi.narrator import Narrator, Occasion
from courses.xapi.outbox import BATCH, LONGEST_PAUSE, Outbox
from courses.xapi.record_store import RecordStore
from courses.xapi.statement_file import StatementFile
from courses.xapi.tables import StatementRow
from courses.xapi.xapi_service import XapiService
from people.person import Person
from people.roles import Role
from settings import ROOT, Settings, get_settings
from storage.base import new_id, now
from storage.session import reading, transaction
from tests.certified_house import PUBLIC_URL, RIGHT, WRONG, House, course
from tests.lives import retention
from tests.record_store_server import KEY, SECRET, Fault, RecordStoreServer, record_store
from tests.small_course import small_course

TRIALS = 25


@pytest.fixture
def store() -> Iterator[RecordStoreServer]:
    with record_store() as server:
        yield server
    assert server.wrong == []


def client(store: RecordStoreServer, secret: str = SECRET) -> RecordStore:
    return RecordStore(store.endpoint, SecretStr(KEY), SecretStr(secret))


class Telling:
    """A house whose courses are told of, at a moment that tests set."""

    def __init__(self, engine: Engine, folder: Path, store: RecordStoreServer, *people: Person) -> None:
        self.house = House(engine, folder, *people)
        self.house.at = datetime.now(UTC)
        self.key_file = folder / "secret" / "xapi.key"
        self.xapi = XapiService(
            engine, self.house.courses, client(store), PUBLIC_URL, self.key_file, lambda: self.house.at
        )
        self.learning = LearningService(engine, self.house.courses, lambda: self.house.at)
        self.teaching = TeachingService(engine, self.house.courses, lambda: self.house.at)

    def later(self, **length: float) -> None:
        self.house.at += timedelta(**length)

    def read(self, person: Person, key: str = "laes", course_id: str = "ai-for-alle", minutes: float = 3) -> None:
        learning = self.learning.open(person, course_id)
        lesson = learning.version.course.activity(key)
        assert isinstance(lesson, Lesson)
        self.learning.place(person, learning, lesson)
        self.later(minutes=minutes)
        self.learning.finish(person, learning, lesson)


@pytest.fixture
def telling(engine: Engine, tmp_path: Path, store: RecordStoreServer, employee: Person, trainer: Person) -> Telling:
    made = Telling(engine, tmp_path, store, employee, trainer)
    made.xapi.round()  # switched on
    made.later(seconds=1)
    return made


def rows(engine: Engine) -> list[StatementRow]:
    with reading(engine) as session:
        return list(session.scalars(select(StatementRow).where(StatementRow.kind != "outbox")))


# --- what is told -------------------------------------------------------------------------------------------------


def test_a_course_is_told_from_beginning_to_end(telling: Telling, store: RecordStoreServer, employee: Person) -> None:
    house = telling.house
    house.enrol(employee)
    telling.read(employee, minutes=3)
    house.take(employee, WRONG)
    telling.later(minutes=10)
    attempt = house.attempts.start(employee, "ai-for-alle", "final")
    telling.later(seconds=90)
    for item in house.attempts.get(employee, attempt).items:
        house.attempts.answer(employee, item.id, RIGHT)
    house.attempts.submit(employee, attempt)
    house.certification.settle(employee)
    telling.later(seconds=1)
    assert telling.xapi.round().delivered == 5
    assert sorted(store.verbs()) == ["completed", "failed", "initialized", "passed", "satisfied"]
    by_verb = {one["verb"]["id"].rpartition("/")[2]: one for one in store.kept.values()}
    completed, passed, satisfied = by_verb["completed"], by_verb["passed"], by_verb["satisfied"]
    assert completed["object"]["id"] == f"{PUBLIC_URL}/xapi/activities/ai-for-alle/laes"
    assert completed["object"]["definition"]["name"] == {"da": "Læs"}
    assert completed["result"] == {"completion": True, "duration": "PT180.00S"}
    assert passed["result"] == {"score": {"scaled": 1.0}, "success": True, "duration": "PT90.00S"}
    assert by_verb["failed"]["result"]["score"] == {"scaled": 0.0}
    assert passed["context"]["extensions"]["https://w3id.org/xapi/cmi5/context/extensions/masteryscore"] == 0.5
    assert satisfied["object"]["definition"]["type"] == "https://w3id.org/xapi/cmi5/activitytype/course"
    assert len({one["context"]["registration"] for one in store.kept.values()}) == 1
    assert {one["context"]["language"] for one in store.kept.values()} == {"da"}


def test_nothing_but_a_pseudonym_tells_who_it_was(telling: Telling, store: RecordStoreServer, employee: Person) -> None:
    telling.house.enrol(employee)
    telling.read(employee)
    telling.house.take(employee)
    telling.house.certification.settle(employee)
    telling.xapi.round()
    everything = json.dumps(list(store.kept.values()), ensure_ascii=False)
    for word in (employee.id, employee.name, "Hvad er rigtigt", "Det her", '"mbox"'):
        assert word not in everything
    (name,) = {one["actor"]["account"]["name"] for one in store.kept.values()}
    assert name == telling.xapi.pseudonym(employee.id)
    assert len(name) == 64
    assert telling.key_file.stat().st_mode & 0o777 == 0o600


def test_what_was_before_it_was_switched_on_is_never_told(
    engine: Engine, tmp_path: Path, store: RecordStoreServer, employee: Person, trainer: Person
) -> None:
    telling = Telling(engine, tmp_path, store, employee, trainer)
    telling.house.enrol(employee)
    telling.house.take(employee, WRONG)
    telling.house.at = now() + timedelta(seconds=1)
    assert telling.xapi.preview() == []
    assert telling.xapi.round().collected == 0
    telling.later(minutes=1)
    telling.read(employee)
    telling.house.take(employee, RIGHT)
    telling.later(days=1)
    telling.xapi.round()
    assert sorted(store.verbs()) == ["completed", "passed"]


def test_nothing_is_told_twice_and_delivered_content_is_forgotten(
    telling: Telling, store: RecordStoreServer, engine: Engine, employee: Person
) -> None:
    telling.house.enrol(employee)
    telling.read(employee)
    telling.house.take(employee)
    assert telling.xapi.round().collected == 3
    for _ in range(3):
        telling.later(hours=1)
        assert telling.xapi.round().collected == 0
    assert len(store.sent) == 1
    assert all(row.statement is None and row.delivered_at for row in rows(engine))
    state = telling.xapi.state()
    assert (state.delivered, state.waiting, state.set_aside, state.problem) == (3, 0, 0, "")


def test_what_is_told_is_forgotten_after_five_years_and_not_told_again(
    telling: Telling, engine: Engine, employee: Person
) -> None:
    """However near the end of the five years it is looked for, and also of a certificate that is still renewed."""
    telling.house.enrol(employee)
    telling.read(employee)
    telling.house.earn(employee)
    assert telling.xapi.round().collected == 4
    telling.house.at = first = telling.house.at.replace(hour=11)
    for days in (5 * 365 - 1, 5 * 365 + 1, 5 * 365 + 2, 5 * 365 + 3, 6 * 365):
        telling.house.at = first + timedelta(days=days)
        retention(telling.house).run(telling.house.at.date())
        assert (len(rows(engine)) == 0) == (days > 5 * 365 + 1)
        assert telling.xapi.round().collected == 0
    assert telling.xapi.state().since is not None  # what the outbox knows of itself stays


def test_practice_after_a_pass_is_not_told(telling: Telling, store: RecordStoreServer, employee: Person) -> None:
    telling.house.enrol(employee)
    for answer in (WRONG, RIGHT, WRONG, RIGHT):
        telling.house.take(employee, answer)
        telling.later(minutes=1)
        telling.xapi.round()
    assert sorted(verb for verb in store.verbs() if verb != "initialized") == ["failed", "passed"]


def test_a_regrade_takes_back_what_does_not_hold_and_tells_what_does(
    telling: Telling, store: RecordStoreServer, trainer: Person, employee: Person
) -> None:
    telling.house.enrol(employee)
    telling.house.take(employee, WRONG)
    telling.later(minutes=1)
    telling.xapi.round()
    keys = {"fraction": 1.0}, {"fraction": 0.0}
    for turn in range(3):
        telling.later(minutes=1)
        right = course().model_dump(mode="json")
        for question in right["modules"][0]["questions"]:
            for option, key in zip(question["options"], keys if turn % 2 else keys[::-1], strict=True):
                option.update(key)
        telling.house.courses.publish(course().model_validate(right), "system")
        for question_id in ("q1", "q2"):
            telling.teaching.regrade(trainer, question_id, "Nøglen var forkert.")
        telling.later(minutes=1)
        telling.xapi.round()
        standing = [verb for verb in store.verbs() if verb not in {"initialized", "voided"}]
        assert standing == ["failed" if turn % 2 else "passed"]
    assert Counter(one["verb"]["id"].rpartition("/")[2] for one in store.kept.values())["voided"] == 3
    (actor,) = {one["actor"]["account"]["name"] for one in store.kept.values() if one["verb"]["id"].endswith("voided")}
    assert actor == "AI-Univers"


def test_a_course_without_a_certificate_ends_with_its_final_and_so_does_a_pass_that_is_taken_back(
    telling: Telling, store: RecordStoreServer, trainer: Person, employee: Person
) -> None:
    version = telling.house.courses.publish(course("kort", certificate=None, modules=_modules("kort")), "system")
    telling.house.enrol(employee, version)
    telling.house.take(employee, RIGHT, "kort")
    telling.later(minutes=1)
    telling.xapi.round()
    assert sorted(store.verbs()) == ["initialized", "passed", "satisfied"]
    wrong = version.course.model_dump(mode="json")
    for question in wrong["modules"][0]["questions"]:
        question["options"][0]["fraction"], question["options"][1]["fraction"] = 0.0, 1.0
    telling.house.courses.publish(course().model_validate(wrong), "system")
    for question in wrong["modules"][0]["questions"]:
        telling.teaching.regrade(trainer, question["id"], "Nøglen var forkert.")
    telling.later(minutes=1)
    telling.xapi.round()
    assert sorted(store.verbs()) == ["failed", "initialized", "voided", "voided"]


def _modules(key: str) -> list[dict[str, Any]]:
    modules: list[dict[str, Any]] = course().model_dump(mode="json")["modules"]
    for question in modules[0]["questions"]:
        question["id"] = f"{key}-{question['id']}"
    for slot in modules[0]["activities"][1]["slots"]:
        slot["question"] = f"{key}-{slot['question']}"
    return modules


def test_what_waits_for_a_persons_mark_is_told_when_it_is_marked(
    telling: Telling, store: RecordStoreServer, trainer: Person, employee: Person
) -> None:
    telling.house.enrol(employee, telling.house.courses.publish(small_course(), "system"))
    attempt = telling.house.attempts.start(employee, "lille-kursus", "skriv")
    (item,) = telling.house.attempts.get(employee, attempt).items
    telling.house.attempts.answer(employee, item.id, "Jeg holder et møde om kommunens regler.")
    telling.house.attempts.submit(employee, attempt)
    telling.xapi.round()
    telling.later(days=10)
    telling.xapi.round()
    assert store.verbs() == ["initialized"]
    telling.teaching.mark(trainer, item.id, {"r1": 2, "r2": 2}, "")
    telling.later(minutes=1)
    telling.xapi.round()
    assert sorted(store.verbs()) == ["initialized", "passed"]


def test_a_new_round_of_a_course_is_a_new_registration(
    telling: Telling, store: RecordStoreServer, employee: Person
) -> None:
    house = telling.house
    house.enrol(employee)
    house.enrol(employee, house.courses.publish(course(title="Ny udgave"), "system"))  # moves: begins nothing
    house.take(employee)
    telling.later(minutes=1)
    telling.xapi.round()
    house.enrol(employee, new_cycle=True)
    house.take(employee)
    telling.later(minutes=1)
    telling.xapi.round()
    assert Counter(store.verbs()) == {"initialized": 2, "passed": 2}
    assert len({one["context"]["registration"] for one in store.kept.values()}) == 2
    assert len({one["actor"]["account"]["name"] for one in store.kept.values()}) == 1


def test_two_who_collect_at_once_tell_everything_once(
    telling: Telling, engine: Engine, employee: Person, trainer: Person
) -> None:
    for one in (employee, trainer):
        telling.house.enrol(one)
        telling.read(one)
        telling.house.take(one)
    barrier = threading.Barrier(4)
    made: list[int] = []

    def collect() -> None:
        barrier.wait()
        made.append(telling.xapi.collect())

    threads = [threading.Thread(target=collect) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(made), sum(made), len(rows(engine))) == (4, 6, 6)


# --- delivering ---------------------------------------------------------------------------------------------------


class Post:
    """An outbox that is filled by hand, at a moment that tests set."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.at = datetime.now(UTC)
        self.outbox = Outbox(engine, lambda: self.at)
        self.outbox.opened()
        self.narrator = Narrator(PUBLIC_URL, b"k" * 32)
        self.version = CourseVersion("v", 1, course(), {})
        self.ids: set[str] = set()

    def fill(self, count: int) -> list[str]:
        told = []
        for _ in range(count):
            event = new_id()
            one = Occasion("somebody", self.version, event, event, self.at)
            told.append(Told("initialized", event, self.narrator.initialized(one)))
        assert self.outbox.add(told, self.at) == count
        self.ids |= {one.statement.id for one in told}
        return [one.statement.id for one in told]

    def void(self, target: str) -> None:
        self.outbox.add([Told("voided", target, self.narrator.voided(target, self.at))], self.at)

    def run(self, target: Any) -> Delivered:
        return Delivery(self.outbox, target).run()

    def noted(self) -> set[str]:
        return {row.id for row in rows(self.engine) if row.delivered_at}


@pytest.fixture
def post(engine: Engine) -> Post:
    return Post(engine)


def always(fault: Fault) -> Callable[[int], Fault]:
    return lambda _number: fault


def test_statements_go_in_batches(post: Post, store: RecordStoreServer) -> None:
    post.fill(2 * BATCH + 1)
    assert post.run(client(store)) == Delivered(2 * BATCH + 1)
    assert [len(batch) for batch in store.sent] == [BATCH, BATCH, 1]


@pytest.mark.parametrize("fault", [500, 503, 429, 401, 403, 404, 301, "drop", "lose", "cut", "page"])
def test_a_store_that_fails_is_left_alone_longer_and_longer_and_nothing_is_lost(
    post: Post, store: RecordStoreServer, fault: Fault
) -> None:
    post.fill(3)
    store.faults = always(fault)
    slept = []
    for failures in range(1, 12):
        done = post.run(client(store))
        assert (done.delivered, done.set_aside) == (0, 0)
        assert done.problem
        state = post.outbox.state()
        assert (state.failures, state.waiting, state.problem) == (failures, 3, done.problem)
        assert state.resting_until is not None
        before = store.number
        assert post.run(client(store)) == Delivered()  # at rest: nobody is asked
        assert store.number == before
        slept.append((state.resting_until - post.at).total_seconds())
        post.at = state.resting_until + timedelta(seconds=1)
    assert 30 <= slept[0] <= 60
    assert LONGEST_PAUSE / 2 <= slept[-1] <= LONGEST_PAUSE
    store.faults = always(None)
    assert post.run(client(store)) == Delivered(3)
    assert set(store.kept) == post.ids
    assert post.outbox.state().failures == 0


def test_a_store_that_asks_for_more_time_gets_it(post: Post, store: RecordStoreServer) -> None:
    post.fill(1)
    store.faults, store.retry_after = always(429), "1800"
    post.run(client(store))
    until = post.outbox.state().resting_until
    assert until is not None
    assert until - post.at == timedelta(seconds=1800)


def test_a_wrong_secret_stops_everything_and_is_said(
    post: Post, store: RecordStoreServer, caplog: pytest.LogCaptureFixture
) -> None:
    post.fill(3)
    with caplog.at_level(logging.DEBUG):
        done = post.run(client(store, "gættet"))
    assert "401" in done.problem
    assert "401" in caplog.text
    assert post.run(client(store)) == Delivered()
    assert post.narrator.course(post.version).id not in caplog.text
    assert "gættet" not in caplog.text


@pytest.mark.parametrize("bad", [{0}, {BATCH - 1}, {3, 4, 59}])
def test_a_statement_that_is_refused_is_found_and_set_aside_and_the_others_come_through(
    post: Post, store: RecordStoreServer, bad: set[int]
) -> None:
    ids = post.fill(60)
    refused = {ids[place] for place in bad}
    store.refused = lambda statement: statement["id"] in refused
    assert post.run(client(store)) == Delivered(60 - len(bad), len(bad))
    assert set(store.kept) == set(ids) - refused
    assert store.number < 10 + 14 * len(bad)
    post.at += timedelta(days=30)
    before = store.number
    assert post.run(client(store)) == Delivered()
    assert store.number == before
    assert sum(post.outbox.state().problems.values()) == len(bad)
    store.refused = lambda _statement: False
    assert post.outbox.retry() == len(bad)
    assert post.run(client(store)) == Delivered(len(bad))


def test_what_the_store_does_not_take_is_emptied_after_a_year(
    engine: Engine, post: Post, store: RecordStoreServer, tmp_path: Path
) -> None:
    house = House(engine, tmp_path)
    bad, good = post.fill(2)
    store.refused = lambda statement: statement["id"] == bad
    assert post.run(client(store)) == Delivered(1, 1)
    (waiting,) = post.fill(1)
    kept = {bad, waiting}
    for days, left in ((360, kept), (370, set())):
        retention(house).run((post.at + timedelta(days=days)).date())
        assert {row.id for row in rows(engine) if row.statement} == left
    store.refused = lambda _statement: False
    assert post.outbox.retry() == 0
    post.at += timedelta(days=370)
    assert post.run(client(store)) == Delivered()
    assert set(store.kept) == {good}
    assert (post.outbox.state().waiting, post.outbox.state().set_aside) == (0, 0)


def test_a_store_that_refuses_everything_sets_nothing_aside(post: Post, store: RecordStoreServer) -> None:
    post.fill(60)
    store.refused = lambda _statement: True
    done = post.run(client(store))
    assert (done.delivered, done.set_aside) == (0, 0)
    assert "intet" in done.problem
    store.refused = lambda _statement: False
    post.at += timedelta(hours=2)
    assert post.run(client(store)) == Delivered(60)


def test_what_the_store_has_already_is_delivered_only_if_it_is_the_same(post: Post, store: RecordStoreServer) -> None:
    ids = post.fill(20)
    kept = {one.id: one.statement for one in post.outbox.due(20, voiding=False)}
    store.conflicts_on_all = True
    store.kept = {key: kept[key] for key in ids[:10]}
    store.voided = {ids[3]}
    store.kept[ids[5]] = {**kept[ids[5]], "timestamp": "2020-01-01T00:00:00.000Z"}
    other = json.loads(json.dumps(kept[ids[6]]))
    other["actor"]["account"]["name"] = "en anden"
    store.kept[ids[6]] = other
    assert post.run(client(store)) == Delivered(18, 2)
    assert {row.id for row in rows(post.engine) if not row.delivered_at} == {ids[5], ids[6]}
    (problem,) = post.outbox.state().problems
    assert "409" in problem


def test_a_store_that_lets_nothing_be_voided_still_gets_everything_else(post: Post, store: RecordStoreServer) -> None:
    ids = post.fill(3)
    post.run(client(store))
    store.may_void = False
    post.void(ids[0])
    for _ in range(3):
        more = post.fill(2)
        assert post.run(client(store)) == Delivered(2)
        assert set(more) <= set(store.kept)
        post.at += timedelta(hours=1)
    store.may_void = True
    assert post.run(client(store)) == Delivered(1)
    assert store.voided == {ids[0]}


def test_a_slow_store_is_waited_for_and_a_dead_one_is_not(post: Post, store: RecordStoreServer) -> None:
    post.fill(1)
    store.faults = always("slow")
    hasty = RecordStore(store.endpoint, SecretStr(KEY), SecretStr(SECRET), patience=0.05)
    assert "i tide" in post.run(hasty).problem
    post.at += timedelta(hours=2)
    assert post.run(client(store)) == Delivered(1)
    assert len(store.kept) == 1


def test_a_store_that_answers_a_byte_at_a_time_is_given_up(post: Post, store: RecordStoreServer) -> None:
    post.fill(1)
    store.faults = always("drip")
    hasty = RecordStore(store.endpoint, SecretStr(KEY), SecretStr(SECRET), patience=0.5)
    began = time.monotonic()
    assert "i tide" in post.run(hasty).problem
    assert time.monotonic() - began < 5


class _Silent(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.server.asked = True  # type: ignore[attr-defined]

    def log_message(self, format: str, *args: Any) -> None:
        """Quiet."""


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(tmp_path: Path, post: Post) -> None:
    cert = _self_signed(tmp_path)
    server = HTTPServer(("127.0.0.1", 0), _Silent)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(cert)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    post.fill(1)
    try:
        address = f"https://127.0.0.1:{server.server_address[1]}/xapi"
        assert "certifikat" in post.run(RecordStore(address, SecretStr(KEY), SecretStr(SECRET))).problem
    finally:
        server.shutdown()
        server.server_close()
    assert not hasattr(server, "asked")


def _self_signed(folder: Path) -> Path:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    day = timedelta(days=1)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    made = made.serial_number(1).not_valid_before(now() - day).not_valid_after(now() + day)
    path = folder / "cert.pem"
    path.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        + made.sign(key, hashes.SHA256()).public_bytes(serialization.Encoding.PEM)
    )
    return path


# --- nothing lost, nothing doubled --------------------------------------------------------------------------------


class Sender:
    """A process whose children deliver and are killed in the middle."""

    def __init__(self, engine: Engine, where: str) -> None:
        url = engine.url.render_as_string(hide_password=False)
        schema = engine.get_execution_options().get("schema", "ai_univers")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.xapi_sender", url, schema, where],
            cwd=ROOT,
            env=dict(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        assert self._line() == "ready"

    def _line(self) -> str:
        assert self.process.stdout is not None
        return self.process.stdout.readline().strip()

    def go(self, seconds: float) -> str:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{seconds}\n")
        self.process.stdin.flush()
        return self._line()

    def end(self) -> None:
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(timeout=30)


def test_a_sender_that_is_killed_loses_nothing_and_tells_nothing_twice(post: Post, store: RecordStoreServer) -> None:
    chance = random.Random(4)  # noqa: S311
    sender = Sender(post.engine, store.endpoint)
    ends: Counter[str] = Counter()
    try:
        for _ in range(TRIALS):
            post.fill(chance.choice([1, 20, 70]))
            ends[sender.go(chance.uniform(0.005, 0.12))] += 1
            assert post.noted() <= set(store.kept) <= post.ids
    finally:
        sender.end()
    assert ends["killed"] >= TRIALS // 4, ends
    post.at = datetime.now(UTC) + timedelta(hours=2)
    assert post.run(client(store)).problem == ""
    assert set(store.kept) == post.ids == post.noted()


def test_a_store_that_dies_at_any_moment_gets_everything_once(post: Post, store: RecordStoreServer) -> None:
    chance = random.Random(5)  # noqa: S311
    faults: list[Fault] = [None, None, "drop", "lose", "cut", "page", 500, 429, 401]
    store.faults = lambda _number: chance.choice(faults)
    for trial in range(TRIALS):
        store.conflicts_on_all = bool(trial % 2)
        post.fill(chance.choice([1, 10, 60]))
        if trial % 4 == 0:
            timer = threading.Timer(chance.uniform(0, 0.05), store.kill)
            timer.start()
            post.run(client(store))
            timer.join()
            post.run(client(store))
            store.start()
        else:
            post.run(client(store))
        assert post.noted() <= set(store.kept) <= post.ids
        post.at += timedelta(hours=2)
    store.faults = always(None)
    assert post.run(client(store)).problem == ""
    assert set(store.kept) == post.ids == post.noted()
    again = Counter(key for batch in store.sent for key in batch)
    assert max(again.values()) > 1  # some were sent twice, and kept once
    assert post.outbox.state().set_aside == 0


def test_a_writer_that_is_killed_leaves_whole_lines_each_statement_once(post: Post, tmp_path: Path) -> None:
    chance = random.Random(6)  # noqa: S311
    path = tmp_path / "out" / "statements.jsonl"
    sender = Sender(post.engine, str(path))
    ends: Counter[str] = Counter()
    try:
        for trial in range(TRIALS):
            post.fill(chance.choice([1, 20, 70]))
            ends[sender.go(chance.uniform(0.005, 0.12))] += 1
            if trial % 5 == 0 and path.exists() and chance.random() < 0.7:
                _lose_the_end(path, post, chance)
    finally:
        sender.end()
    assert ends["killed"] >= TRIALS // 4, ends
    post.at = datetime.now(UTC) + timedelta(hours=2)
    assert post.run(StatementFile(path)).problem == ""
    written = [json.loads(line)["id"] for line in path.read_text("utf-8").splitlines()]
    assert len(written) == len(set(written))
    assert set(written) == post.ids == post.noted()
    assert path.stat().st_mode & 0o777 == 0o600


def _lose_the_end(path: Path, post: Post, chance: random.Random) -> None:
    """As a power cut does: a line that was being written, and is not noted as delivered, is only there in part."""
    lines = path.read_bytes().splitlines(keepends=True)
    if lines and lines[-1].endswith(b"\n") and json.loads(lines[-1])["id"] not in post.noted():
        lines[-1] = lines[-1][: chance.randrange(1, len(lines[-1]))]
        path.write_bytes(b"".join(lines))


def test_the_database_forgets_what_the_store_has_and_nothing_is_doubled(post: Post, store: RecordStoreServer) -> None:
    """A database that is put back from a backup sends once more what was sent after it."""
    post.fill(30)
    kept = {one.id: one.statement for one in post.outbox.due(30, voiding=False)}
    post.run(client(store))
    with transaction(post.engine) as session:
        for key, statement in kept.items():
            session.execute(
                update(StatementRow).where(StatementRow.id == key).values(statement=statement, delivered_at=None)
            )
    store.conflicts_on_all = True
    assert post.run(client(store)) == Delivered(30)
    assert len(store.kept) == 30


def test_a_line_that_is_not_noted_is_found_although_much_else_is_sent_first(post: Post, tmp_path: Path) -> None:
    """What takes others back goes last: a crash after it was written must not write it again behind a long queue."""
    file = StatementFile(tmp_path / "statements.jsonl")
    (first,) = post.fill(1)
    post.run(file)
    post.void(first)
    (voiding,) = post.outbox.due(1, voiding=True)
    file.send([voiding.statement])  # and the process died
    post.fill(700)
    assert post.run(file).problem == ""
    written = [json.loads(line)["id"] for line in file.path.read_text("utf-8").splitlines()]
    assert len(written) == len(set(written)) == 702
    assert file.path.stat().st_size > 500_000


def test_a_file_of_somebody_else_is_left_alone(post: Post, tmp_path: Path) -> None:
    path = tmp_path / "vigtig.txt"
    path.write_text("Noget helt andet\nuden linjeskift", "utf-8")
    post.fill(1)
    assert "ikke et udsagn" in post.run(StatementFile(path)).problem
    assert path.read_text("utf-8") == "Noget helt andet\nuden linjeskift"


def test_a_folder_that_cannot_be_written_is_a_problem_and_not_a_crash(post: Post, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x", "utf-8")
    with pytest.raises(Unavailable):
        StatementFile(tmp_path / "fil" / "under.jsonl").send([])
    post.fill(1)
    assert post.run(StatementFile(tmp_path / "fil" / "under.jsonl")).problem


# --- the thread and the command -----------------------------------------------------------------------------------


def test_the_work_goes_on_until_it_is_stopped_and_logs_no_content(
    telling: Telling, store: RecordStoreServer, employee: Person, caplog: pytest.LogCaptureFixture
) -> None:
    telling.house.enrol(employee)
    stop = threading.Event()
    with caplog.at_level(logging.DEBUG):
        thread = threading.Thread(target=telling.xapi.work, args=(stop,))
        thread.start()
        until = time.monotonic() + 20
        while not store.kept and time.monotonic() < until:
            time.sleep(0.02)
        stop.set()
        thread.join(20)
    assert not thread.is_alive()
    assert store.verbs() == ["initialized"]
    (statement,) = store.kept.values()
    assert "1 delivered" in caplog.text
    assert statement["actor"]["account"]["name"] not in caplog.text
    assert statement["object"]["definition"]["name"]["da"] not in caplog.text


def test_a_key_that_is_spoilt_is_said_and_never_replaced(telling: Telling, employee: Person) -> None:
    telling.key_file.write_text("kort", "ascii")
    telling.house.enrol(employee)
    with pytest.raises(InvalidPseudonymKey, match=r"xapi\.key"):
        telling.xapi.round()
    assert telling.key_file.read_text("ascii") == "kort"


def test_a_key_that_cannot_be_made_is_said(engine: Engine, store: RecordStoreServer, tmp_path: Path) -> None:
    (tmp_path / "fil").write_text("x", "ascii")
    house = House(engine, tmp_path)
    xapi = XapiService(engine, house.courses, client(store), PUBLIC_URL, tmp_path / "fil" / "xapi.key")
    with pytest.raises(InvalidPseudonymKey):
        xapi.round()


def test_only_one_process_sends_at_a_time(telling: Telling, store: RecordStoreServer, employee: Person) -> None:
    telling.house.enrol(employee)
    with FileLock(f"{telling.key_file}.lock"):
        assert telling.xapi.round().busy
    assert store.kept == {}
    assert telling.xapi.round().delivered == 1


def run(*arguments: str) -> Any:
    return CliRunner().invoke(manage.app, ["xapi", *arguments])


def test_the_command_sends_shows_and_finds(
    monkeypatch: pytest.MonkeyPatch, settings: Settings, store: RecordStoreServer
) -> None:
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CONTENT_DIR", str(settings.content_dir))
    get_settings.cache_clear()
    off = run("--status")
    assert off.exit_code == 2
    assert "XAPI_ENDPOINT" in off.stderr
    for name, value in (("XAPI_ENDPOINT", store.endpoint), ("XAPI_KEY", KEY), ("XAPI_SECRET", SECRET)):
        monkeypatch.setenv(name, value)
    get_settings.cache_clear()
    assert json.loads(run("--status").stdout)["since"] is None
    first = json.loads(run().stdout)
    assert (first["collected"], first["delivered"]) == (0, 0)
    house = connect(get_settings())
    person = Person("demo-mette", "Mette", "IT", frozenset({Role.EMPLOYEE}))
    house.people.add_examples([])
    _enrol(house.engine, house.courses.publish(small_course(), "system"), person)
    dry = json.loads(run("--dry-run").stdout)["statements"]
    assert [one["verb"]["id"].rpartition("/")[2] for one in dry] == ["initialized"]
    assert store.kept == {}
    found = json.loads(run("--pseudonym", person.id).stdout)
    assert dry[0]["actor"]["account"]["name"] == found["pseudonym"]
    assert json.loads(run().stdout)["delivered"] == 1
    assert store.kept[dry[0]["id"]] == dry[0]
    assert json.loads(run("--status").stdout)["delivered"] == 1
    assert run("--status", "--dry-run").exit_code == 2
    store.faults = always(500)
    _enrol(house.engine, house.courses.publish(small_course("andet"), "system"), person)
    failed = run()
    assert failed.exit_code == 1
    assert "HTTP 500" in json.loads(failed.stdout)["problem"]
    assert SECRET not in failed.output


def _enrol(engine: Engine, version: CourseVersion, person: Person) -> None:
    from courses.enrolment import enrol
    from people.tables import PersonRow

    with transaction(engine) as session:
        if session.get(PersonRow, person.id) is None:
            session.add(PersonRow(id=person.id, name=person.name, unit=person.unit, created_at=now()))
            session.flush()
        enrol(session, person.id, version.course.id, version.id, person.id)
