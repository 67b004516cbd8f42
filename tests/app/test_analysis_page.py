"""The page Analyse driven through the real scripts and services."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import connect, start
from settings import get_settings
from tests.app.pages import ROOT, Pages, shown, small_content
from tests.taken_quiz import QUESTIONS, Takers, measured_course, single

ANALYSIS = "pages/trainer/analyse.py"
COURSE = "Målt kursus"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content without courses, and room for data."""
    made = tmp_path_factory.mktemp("analysis")
    small_content(made / "content")
    return made


@pytest.fixture
def pages(clean_environment: None, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATA_DIR", str(folder / "data"))
    monkeypatch.setenv("CONTENT_DIR", str(folder / "content"))
    get_settings.cache_clear()
    return Pages(lambda script: AppTest.from_file(str(ROOT / script), default_timeout=120))


def takers() -> Takers:
    """People who take the quiz in the folder of the pages."""
    house = connect(get_settings())
    return Takers(house.engine, house.courses)


def tables(at: AppTest) -> str:
    return "\n".join(table.value.to_string() for table in at.table)


def test_the_page_grows_with_the_number_of_people(pages: Pages) -> None:
    """Nothing without courses and people, facility from ten, everything from thirty."""
    start(get_settings())
    at = pages.open("trainer", ANALYSIS)
    assert not at.exception
    assert "Der er ingen kurser med prøver endnu" in shown(at)

    people = takers()
    people.courses.publish(measured_course(), "system")
    people.crowd(4)
    at = pages.open("trainer", ANALYSIS)
    assert "Færre end 5 personer" in shown(at)
    assert not at.table

    people.crowd(8, "flere", seed=2)
    at = pages.open("trainer", ANALYSIS)
    assert not at.exception
    assert "12 personer" in shown(at)
    assert "Skelneevnen kommer, når 30 personer har svaret" in shown(at)
    assert "for få svar" in tables(at)

    people.crowd(30, "mange", seed=3)
    at = pages.open("trainer", ANALYSIS)
    assert not at.exception
    assert "bør ses efter. De står først" in shown(at)
    assert "vælger oftere et forkert svar her. Se, om facit er rigtigt" in shown(at)
    first = at.table[0].value
    assert "Hvem må se sagen" in first["Spørgsmål"].iloc[0]
    assert "facit" in first["Ses efter"].iloc[0]
    assert first["Skelneevne"].iloc[0].startswith("-0,")


def test_the_address_names_what_is_looked_at(pages: Pages) -> None:
    at = pages.open("trainer", ANALYSIS, hvilke="Kun dem, der bør ses efter", spoergsmaal="8. Hvad er en prompt?")
    assert not at.exception
    assert at.selectbox(key="spoergsmaal").value == "8. Hvad er en prompt?"
    assert "Ingen vælger “Gør ingenting”" in shown(at)
    assert len(at.table[0].value) == 3
    options = at.table[-1].value
    assert list(options["Facit"]) == ["rigtigt", "forkert", "forkert", "forkert"]
    assert options["Valgt af"].iloc[3] == "0,0\u00a0%"
    whole = pages.open("trainer", ANALYSIS, vis="Prøven som helhed")
    assert [metric.label for metric in whole.metric][:5] == [
        "Gennemsnit",
        "Median",
        "Spredning",
        "Pålidelighed",
        "Usikkerhed",
    ]
    assert all("," in metric.value for metric in whole.metric)
    strange = pages.open("trainer", ANALYSIS, kursus="Findes ikke", vis="xyz", side="99", spoergsmaal="?")
    assert not strange.exception


def test_a_long_quiz_is_shown_a_page_at_a_time_and_every_question_can_be_looked_at(pages: Pages) -> None:
    people = takers()
    more = (*QUESTIONS, *(single(f"ekstra-{place}", f"Ekstra situation {place}?") for place in range(12)))
    people.courses.publish(measured_course(more), "system")
    people.crowd(10, "ny", seed=4)
    at = pages.open("trainer", ANALYSIS)
    assert not at.exception
    assert len(at.table[0].value) == 10
    assert len(at.selectbox(key="spoergsmaal").options) == 22
    last = pages.open("trainer", ANALYSIS, side="3")
    assert len(last.table[0].value) == 2
    alone = pages.open("trainer", ANALYSIS, udgave="2")
    assert "10 personer" in shown(alone)
    assert not alone.exception


def test_texts_of_questions_are_shown_as_they_are_and_start_nothing(pages: Pages) -> None:
    people = takers()
    wild = single("vild", "# [Klik](javascript:alert(1)) **fed** | tabel $x$ :red[rød] :material/home: <b>b</b>")
    people.courses.publish(measured_course((wild, *QUESTIONS[1:])), "system")
    people.crowd(10, "vild", seed=5)
    at = pages.open("trainer", ANALYSIS, udgave="3")
    assert not at.exception
    cell = next(text for text in at.table[0].value["Spørgsmål"] if "Klik" in text)
    assert r"\[Klik\]\(javascript\:alert\(1\)\)" in cell
    assert r"\*\*fed\*\*" in cell


def test_only_trainers_and_the_task_force_find_the_page(pages: Pages) -> None:
    for role in ("employee", "manager", "admin"):
        with pytest.raises(ValueError, match="page"):
            pages.open(role, ANALYSIS)
    assert not pages.open("taskforce", ANALYSIS).exception
