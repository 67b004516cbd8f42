"""`manage.py import-people` and `example-organisation`: what a scheduler relies on."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

import manage
from settings import Settings, get_settings
from tests import staff_files as files

ANNA = ("Anna Åkjær", "anna@eksempel.dk", "DQ3", "Birkeskolen", "")


@pytest.fixture(autouse=True)
def house(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command line works on the test's own data."""
    monkeypatch.setenv("DATA_DIR", str(settings.data_dir))
    monkeypatch.setenv("CONTENT_DIR", str(settings.content_dir))
    get_settings.cache_clear()


@pytest.fixture
def people(tmp_path: Path) -> Path:
    path = tmp_path / "personer.csv"
    path.write_bytes(files.written(files.OWN, ANNA))
    return path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(manage.app, [str(one) for one in arguments])


def counts(result: Result) -> dict[str, int]:
    assert result.exit_code == 0, result.stderr
    found: dict[str, int] = json.loads(result.stdout)["counts"]
    return found


def test_a_dry_run_tells_and_stores_nothing_and_the_second_import_changes_nothing(people: Path) -> None:
    assert counts(run("import-people", people, "--dry-run", "--json")) == {"new": 1, "unit_new": 1}
    assert counts(run("import-people", people, "--json")) == {"new": 1, "unit_new": 1}
    assert counts(run("import-people", people, "--complete", "--json")) == {"unchanged": 1}


def test_rows_that_cannot_be_used_are_told_with_their_line_and_nobodys_name(people: Path) -> None:
    people.write_bytes(files.written(files.OWN, ANNA, ("Bo Bøgh", "", "", "Birkeskolen", "")))
    result = run("import-people", people)
    assert result.exit_code == 1
    assert "Nye personer: 1" in result.stdout
    assert "Linje 3: Rækken har hverken e-mail" in result.stderr
    assert "Bøgh" not in result.output


def test_what_cannot_be_used_at_all_is_one_danish_line(people: Path) -> None:
    people.write_bytes(files.written((*files.OWN, "CPR"), (*ANNA, "")))
    for arguments, said in (
        (("import-people", people), "Fejl: Filen har CPR-numre"),
        (("import-people", "findes-ikke.csv"), "Fejl: findes-ikke.csv findes ikke"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(said)


def test_the_example_is_laid_in_once_and_not_among_real_people(people: Path) -> None:
    assert "er lagt ind" in run("example-organisation", "--people", "200").stdout
    assert "ligger allerede" in run("example-organisation", "--people", "200").stdout
    run("import-people", people)
    result = run("example-organisation", "--people", "200")
    assert result.exit_code == 2
    assert "rigtige personer" in result.stderr
