"""`manage.py import-people` and `example-organisation`: what a scheduler relies on."""

import json
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select
from typer.testing import CliRunner, Result

import manage
from bootstrap import connect
from courses.steering.tables import KeyPersonRow
from people.organisation.tables import EmploymentRow
from settings import Settings, get_settings
from storage.session import reading
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


def test_the_object_for_other_programs_names_nobody_and_no_unit(people: Path) -> None:
    kaj = ("Kaj Kjær", "kaj@eksempel.dk", "DQ2", "Birkeskolen", "")
    run("import-people", people)
    people.write_bytes(
        files.written(files.OWN, kaj, ("Anna Lund", *ANNA[1:3], "Museet", "Kaj Kjær"), ("Bo Bøgh", *[""] * 4))
    )
    result = run("import-people", people, "--json")
    found = json.loads(result.stdout)
    assert {(one["line"], one["outcome"], *one["fields"]) for one in found["lines"]} >= {
        (2, "new", "unit"),
        (3, "changed", "name", "unit", "manager"),
        (4, "refused"),
        (None, "leads", "leads"),
    }
    assert [one["reason"] for one in found["lines"] if "reason" in one] == [
        "Rækken har hverken e-mail, DQ-nummer eller andet, som personen kan kendes på."
    ]
    for name in ("Anna", "Kaj", "Lund", "Bøgh", "eksempel.dk", "Museet", "Birkeskolen"):
        assert name not in result.output


def test_a_file_by_which_unusually_many_leave_needs_a_word_more(people: Path) -> None:
    many = [(f"Person {place}", f"p{place}@eksempel.dk", f"DQ{place}", "Birkeskolen", "") for place in range(40)]
    people.write_bytes(files.written(files.OWN, *many))
    run("import-people", people)
    people.write_bytes(files.written(files.OWN, *many[:29]))
    tried = run("import-people", people, "--complete", "--dry-run")
    assert "11 af 40 personer fratræder. Er det rigtigt, så indlæs med --many-leave." in tried.stderr
    refused = run("import-people", people, "--complete")
    assert refused.exit_code == 2
    assert "11 af 40 personer fratræder" in refused.stderr
    assert counts(run("import-people", people, "--complete", "--many-leave", "--json")) == {"left": 11, "unchanged": 29}


def test_the_day_of_an_import_is_the_danish_one(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the clocks are already past midnight here, and not in UTC."""
    monkeypatch.setattr(manage, "today", lambda: date(2028, 2, 29))
    run("import-people", people)
    with reading(connect(get_settings()).engine) as session:
        assert session.scalars(select(EmploymentRow.valid_from)).one() == date(2028, 2, 29)


def test_what_cannot_be_used_at_all_is_one_danish_line(people: Path) -> None:
    people.write_bytes(files.written((*files.OWN, "CPR"), (*ANNA, "")))
    for arguments, said in (
        (("import-people", people), "Fejl: Filen har CPR-numre"),
        (("import-people", "findes-ikke.csv"), "Fejl: findes-ikke.csv findes ikke"),
    ):
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (2, "")
        assert result.stderr.startswith(said)


def test_the_example_is_laid_in_once_and_not_among_real_people(people: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(
        "CONTENT_DIR", str(Path(manage.__file__).parent / "content")
    )  # its key persons have one of the courses
    get_settings.cache_clear()
    assert "er lagt ind" in run("example-organisation", "--people", "200").stdout
    assert "ligger allerede" in run("example-organisation", "--people", "200").stdout
    with reading(connect(get_settings()).engine) as session:
        assert set(session.scalars(select(KeyPersonRow.course_id))) == {"noegleperson-chatgpt"}
    run("import-people", people)
    result = run("example-organisation", "--people", "200")
    assert result.exit_code == 2
    assert "rigtige personer" in result.stderr
