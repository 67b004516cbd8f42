"""xAPI without a database: statements and their rules, verdicts, pauses, the file, and what counts as the same statement."""

import json
import re
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from courses.course import Lesson, Quiz
from courses.course_service import CourseVersion
from courses.xapi import pseudonym
from courses.xapi.errors import InvalidPseudonymKey
from courses.xapi.narrator import Narrator, Occasion, duration, scores, statement_id, timestamp
from courses.xapi.outbox import FIRST_PAUSE, LONGEST_PAUSE, pause
from courses.xapi.record_store import _is_same, _seconds
from courses.xapi.statement import CMI5, MASTERY, MOVE_ON, SESSION, Statement, VerbId
from courses.xapi.statement_file import StatementFile
from courses.xapi.verdicts import Judged, wanted
from settings import ROOT
from tests.certified_house import course
from tests.record_store_server import _as_returned, fault_of

HOME = "https://ai.example.dk/univers"
NARRATOR = Narrator(HOME, b"k" * 32)
VERSION = CourseVersion("v", 3, course(), {})
AT = datetime(2026, 3, 29, 1, 30, 0, 123456, tzinfo=UTC)


def occasion(event: str = "7d9f3f9e-7e0a-4a7e-9d0e-3a3f5c1c9d11") -> Occasion:
    return Occasion("demo-mette", VERSION, "0b7a2c55-6f0e-4a5d-8f56-0f9e0d5f7a20", event, AT)


def every_statement() -> dict[str, Statement]:
    lesson, quiz = VERSION.course.activity("laes"), VERSION.course.activity("final")
    assert isinstance(lesson, Lesson)
    assert isinstance(quiz, Quiz)
    started = AT - timedelta(seconds=90)
    return {
        "initialized": NARRATOR.initialized(occasion()),
        "completed": NARRATOR.completed(occasion(), lesson, started),
        "passed": NARRATOR.judged(occasion(), quiz, passed=True, share=0.75, pass_at=0.5, started_at=started),
        "failed": NARRATOR.judged(occasion(), quiz, passed=False, share=0.25, pass_at=0.5, started_at=started),
        "satisfied": NARRATOR.satisfied(occasion()),
        "voided": NARRATOR.voided(statement_id("passed", "x"), AT),
    }


# --- statements ---------------------------------------------------------------------------------------------------


def test_each_verb_has_the_address_that_cmi5_and_xapi_give_it() -> None:
    assert {name: one.as_json()["verb"]["id"] for name, one in every_statement().items()} == {
        "initialized": "http://adlnet.gov/expapi/verbs/initialized",
        "completed": "http://adlnet.gov/expapi/verbs/completed",
        "passed": "http://adlnet.gov/expapi/verbs/passed",
        "failed": "http://adlnet.gov/expapi/verbs/failed",
        "satisfied": "https://w3id.org/xapi/adl/verbs/satisfied",
        "voided": "http://adlnet.gov/expapi/verbs/voided",
    }


@pytest.mark.parametrize("verb", every_statement())
def test_a_store_would_take_it_and_it_reads_back_as_it_was(verb: str) -> None:
    statement = every_statement()[verb]
    written = json.loads(json.dumps(statement.as_json(), ensure_ascii=False))
    assert fault_of(written) == ""
    assert next(iter(written)) == "id"
    assert Statement.model_validate(written) == statement


def test_what_cmi5_asks_of_a_result_and_its_context_is_there() -> None:
    found = every_statement()
    for verb, categories in {
        "initialized": set(),
        "completed": {CMI5, MOVE_ON},
        "passed": {CMI5, MOVE_ON},
        "failed": {CMI5, MOVE_ON},
        "satisfied": {CMI5},
        "voided": set(),
    }.items():
        assert found[verb].categories == categories, verb
    for verb in ("completed", "passed", "failed"):
        written = found[verb].as_json()
        assert written["result"]["duration"] == "PT90.00S"
        (published,) = written["context"]["contextActivities"]["grouping"]
        assert published["id"] != written["object"]["id"]
        assert written["context"]["contextActivities"]["parent"][0]["id"] == f"{HOME}/xapi/activities/ai-for-alle"
    assert found["passed"].as_json()["context"]["extensions"][MASTERY] == 0.5
    assert "score" not in found["completed"].as_json()["result"]


@pytest.mark.parametrize(
    ("verb", "change"),
    [
        ("passed", {"result": {"success": False, "duration": "PT1S"}}),
        ("passed", {"result": {"success": True}}),
        ("passed", {"result": {"success": True, "duration": "PT1S", "score": {"scaled": 0.4}}}),
        ("failed", {"result": {"success": False, "duration": "PT1S", "score": {"scaled": 0.6}}}),
        ("failed", {"result": {"success": False, "duration": "PT1S", "score": {"scaled": 1.2}}}),
        ("failed", {"result": {"success": False, "duration": "90 sekunder"}}),
        ("completed", {"result": {"completion": True, "duration": "PT1S", "score": {"scaled": 1.0}}}),
        ("completed", {"result": None}),
        ("satisfied", {"result": {"completion": True, "duration": "PT1S"}}),
        ("satisfied", {"id": "1"}),
        ("satisfied", {"timestamp": "2026-03-29T01:30:00+02:00"}),
        ("satisfied", {"actor": {"mbox": "mailto:mette@example.dk"}}),
        ("satisfied", {"actor": {"account": {"homePage": HOME, "name": "x"}, "name": "Mette"}}),
        ("satisfied", {"object": {"objectType": "Activity", "id": "kursus uden adresse"}}),
        ("satisfied", {"object": {"objectType": "StatementRef", "id": statement_id("a", "b")}}),
        ("satisfied", {"verb": {"id": "http://adlnet.gov/expapi/verbs/waived", "display": {"da": "x"}}}),
        ("satisfied", {"verb": {"id": VerbId.SATISFIED, "display": {}}}),
        ("satisfied", {"remark": "fri tekst"}),
        ("voided", {"object": {"objectType": "Activity", "id": HOME}}),
    ],
)
def test_a_statement_that_breaks_a_rule_cannot_be_made(verb: str, change: dict[str, Any]) -> None:
    written = {**every_statement()[verb].as_json(), **change}
    with pytest.raises(ValidationError):
        Statement.model_validate(written)


def test_a_session_is_never_left_out() -> None:
    written = every_statement()["passed"].as_json()
    del written["context"]["extensions"][SESSION]
    with pytest.raises(ValidationError, match="session"):
        Statement.model_validate(written)


def test_the_same_event_has_the_same_id_and_another_has_another() -> None:
    assert NARRATOR.satisfied(occasion()) == NARRATOR.satisfied(occasion())
    ids = {one.id for one in every_statement().values()} | {NARRATOR.satisfied(occasion("andet")).id}
    assert len(ids) == 7


@given(st.floats(0, 1), st.floats(0, 1), st.booleans())
def test_a_score_never_contradicts_its_verb(share: float, pass_at: float, passed: bool) -> None:
    scaled, mastery = scores(share, pass_at, passed=passed)
    assert mastery == round(mastery, 4)
    if scaled is None:
        assert (share >= pass_at - 1e-9) is not passed
    else:
        assert (scaled >= mastery) is passed
        assert abs(scaled - share) < 2e-4
        assert 0 <= scaled <= 1


@given(st.datetimes(timezones=st.just(UTC)), st.timedeltas(timedelta(days=-1), timedelta(days=400)))
def test_moments_and_lengths_are_written_as_xapi_wants_them(at: datetime, length: timedelta) -> None:
    assert abs(datetime.fromisoformat(timestamp(at)) - at) < timedelta(milliseconds=1)
    found = re.fullmatch(r"PT(\d+\.\d\d)S", duration(length))
    assert found
    assert abs(float(found[1]) - max(length.total_seconds(), 0)) < 0.006


# --- verdicts -----------------------------------------------------------------------------------------------------


def told_after(looks: list[list[Judged]]) -> dict[str, bool]:
    """What stands told after several looks, in which marks may have changed."""
    standing: dict[str, bool] = {}
    for judged in looks:
        standing = wanted(judged, standing)
    return standing


def test_fails_up_to_the_first_pass_and_that_pass_are_told() -> None:
    judged = [Judged("a", False, True), Judged("b", True, True), Judged("c", False, True), Judged("d", True, True)]
    assert told_after([judged]) == {"a": False, "b": True}


def test_a_pass_that_was_told_stays_the_one_when_an_earlier_attempt_turns_out_to_have_passed() -> None:
    before = [Judged("a", False, True), Judged("b", True, True)]
    after = [Judged("a", True, True), Judged("b", True, True)]
    assert told_after([before, after]) == {"b": True}


def test_what_is_not_wholly_graded_is_not_told() -> None:
    assert told_after([[Judged("a", True, False), Judged("b", False, True)]]) == {"b": False}


@given(st.lists(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=5, max_size=5), min_size=1, max_size=6))
def test_a_registration_never_has_two_passes_nor_a_fail_after_one(looks: list[list[tuple[bool, bool]]]) -> None:
    judged = [[Judged(str(place), *one) for place, one in enumerate(look)] for look in looks]
    standing = told_after(judged)
    assert sum(standing.values()) <= 1
    passed = next((key for key, one in standing.items() if one), "9")
    assert all(int(key) <= int(passed) for key in standing)
    last = {one.attempt_id: one for one in judged[-1]}
    assert all(last[key].graded and last[key].passed is one for key, one in standing.items())
    assert wanted(judged[-1], standing) == standing
    if any(one.graded and one.passed for one in judged[-1]):
        assert sum(standing.values()) == 1


# --- pauses -------------------------------------------------------------------------------------------------------


@given(st.integers(1, 10_000), st.floats(0, 1))
def test_pauses_grow_to_an_hour_and_differ(tries: int, chance: float) -> None:
    length = pause(tries, lambda: chance)
    assert FIRST_PAUSE / 2 <= length <= LONGEST_PAUSE
    assert pause(tries + 1, lambda: chance) >= length


@pytest.mark.parametrize(("text", "least", "most"), [("120", 120, 120), ("", 0, 0), ("snart", 0, 0), ("-5", 0, 0)])
def test_retry_after_is_read(text: str, least: float, most: float) -> None:
    assert least <= _seconds(text) <= most


def test_retry_after_may_be_a_date() -> None:
    from email.utils import format_datetime

    assert 3500 < _seconds(format_datetime(datetime.now(UTC) + timedelta(hours=1), usegmt=True)) < 3700
    assert _seconds("Wed, 21 Oct 2015 07:28:00 GMT") == 0


# --- the same statement -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", every_statement())
def test_a_statement_that_comes_back_from_a_store_is_the_same(verb: str) -> None:
    ours = every_statement()[verb].as_json()
    assert _is_same(ours, _as_returned(ours))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("actor", "account", "name"), "en anden"),
        (("verb", "id"), "http://adlnet.gov/expapi/verbs/failed"),
        (("object", "id"), f"{HOME}/xapi/activities/andet"),
        (("result", "score", "scaled"), 0.76),
        (("result", "duration"), "PT1M30S"),
        (("context", "registration"), "11111111-1111-4111-8111-111111111111"),
        (("context", "contextActivities", "category"), []),
        (("timestamp",), "2026-03-29T01:30:01.123Z"),
    ],
)
def test_a_statement_that_differs_is_another(path: tuple[str, ...], value: Any) -> None:
    ours = every_statement()["passed"].as_json()
    theirs = _as_returned(ours)
    inner = theirs
    for name in path[:-1]:
        inner = inner[name]
    inner[path[-1]] = value
    assert not _is_same(ours, theirs)


@given(
    st.recursive(
        st.none() | st.booleans() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
    )
)
def test_nonsense_from_a_store_is_never_the_same(theirs: Any) -> None:
    assert not _is_same(every_statement()["passed"].as_json(), theirs)


# --- the file -----------------------------------------------------------------------------------------------------


def test_a_line_that_was_cut_anywhere_is_mended(tmp_path: Path) -> None:
    first, second = (NARRATOR.satisfied(occasion(event)).as_json() for event in "ab")
    whole = json.dumps(second, ensure_ascii=False).encode() + b"\n"
    path = tmp_path / "statements.jsonl"
    for cut in range(len(whole) + 1):
        path.unlink(missing_ok=True)
        StatementFile(path).send([first])
        with path.open("ab") as file:
            file.write(whole[:cut])
        StatementFile(path).send([second])
        assert [json.loads(line) for line in path.read_text("utf-8").splitlines()] == [first, second]


def test_what_is_there_already_is_not_written_again(tmp_path: Path) -> None:
    statements = [NARRATOR.satisfied(occasion(str(number))).as_json() for number in range(50)]
    file = StatementFile(tmp_path / "statements.jsonl")
    file.send(statements[:30])
    file.send(statements)
    file.send(statements)
    assert len(file.path.read_text("utf-8").splitlines()) == 50


# --- pseudonyms ---------------------------------------------------------------------------------------------------


def test_a_pseudonym_is_steady_and_needs_the_key(tmp_path: Path) -> None:
    key = pseudonym.load(tmp_path / "a" / "key")
    assert key == pseudonym.load(tmp_path / "a" / "key")
    assert (tmp_path / "a" / "key").stat().st_mode & 0o777 == 0o600
    other = pseudonym.load(tmp_path / "b" / "key")
    names = {pseudonym.pseudonym(one, who) for one in (key, other) for who in ("mette", "åse")}
    assert len(names) == 4
    # RFC 4231, test case 2
    assert pseudonym.pseudonym(b"Jefe", "what do ya want for nothing?").startswith("5bdcc146bf60754e6a042426089575c7")


def test_processes_that_start_at_once_get_the_same_key(tmp_path: Path) -> None:
    code = "import sys; from pathlib import Path; from courses.xapi.pseudonym import load; print(load(Path(sys.argv[1])).hex())"
    command = [sys.executable, "-c", code, str(tmp_path / "key")]
    running = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) for _ in range(4)]
    found = {process.communicate(timeout=60)[0].strip() for process in running}
    assert len(found) == 1
    assert len(found.pop()) == 64


@pytest.mark.parametrize("content", [b"", b"kort", b"z" * 64, b"\xff" * 64])
def test_a_file_that_is_no_key_is_refused_and_left_alone(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key"
    path.write_bytes(content)
    with pytest.raises(InvalidPseudonymKey, match="sikkerhedskopi"):
        pseudonym.load(path)
    assert path.read_bytes() == content
