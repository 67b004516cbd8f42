"""Files of an area hold the very rows that are shown, and nothing that a spreadsheet would run."""

import csv
import io
from datetime import date

import openpyxl
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader

from courses.steering.area.counting import Counts
from courses.steering.area.export import as_csv, as_pdf, as_xlsx
from courses.steering.area.figures import Missing, UnitLine
from courses.steering.area.sheet import PURPOSE, AreaReport, Sheet, missing_sheet, percent, units_sheet
from courses.steering.area.standing import State

DAY = date(2026, 6, 15)
MISSING = Missing("p", "Åse Æbelø", "Klubben", "k", "AI for alle", State.OVERDUE, date(2026, 6, 1), 14)


def report(*sheets: Sheet) -> AreaReport:
    return AreaReport(DAY, "Skolen", ("Kursus: AI for alle", "Status: Over fristen"), sheets)


def rows_of_csv(data: bytes) -> list[list[str]]:
    return list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))


def test_each_file_says_when_for_whom_by_which_filters_and_what_for() -> None:
    made = report(missing_sheet([MISSING]))
    about = ["Opgjort 15. juni 2026 for: Skolen", "Kursus: AI for alle", "Status: Over fristen", PURPOSE]
    assert [row[0] for row in rows_of_csv(as_csv(made))[:4]] == about
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))
    assert [cell.value for cell in book["Om rapporten"]["A"]] == about
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(made))).pages)
    assert all(line in " ".join(text.split()) for line in about)


def test_the_same_rows_stand_in_every_file() -> None:
    line = UnitLine("u", "Skolen", Counts(overdue=1, not_started=2, under_way=1, finished=1_234, exempt=1), 0, own=True)
    made = report(missing_sheet([MISSING]), units_sheet([line]))
    expected = [
        ["Åse Æbelø", "Klubben", "AI for alle", "Over fristen", "1. juni 2026", "14 dage"],
        ["Skolen, direkte ansatte", "1.238", "1.234", "99\u00a0%", "1", "1", "2", "1"],
    ]
    csv_rows = rows_of_csv(as_csv(made))
    assert expected[0] in csv_rows
    assert [cell.replace("\u00a0", " ") for cell in expected[1]] in csv_rows
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))
    assert [cell.value for cell in book["Mangler et kursus"][2]] == expected[0]
    assert [cell.value for cell in book["Enheder"][2]] == [
        "Skolen, direkte ansatte",
        1238,
        1234,
        "99\u00a0%",
        1,
        1,
        2,
        1,
    ]
    reader = PdfReader(io.BytesIO(as_pdf(made)))
    text = " ".join(" ".join(page.extract_text() for page in reader.pages).split())
    assert all(cell.replace("\u00a0", " ") in text.replace("\u00a0", " ") for row in expected for cell in row)
    assert str(reader.root_object["/Lang"]) == "da-DK"
    assert "/StructTreeRoot" in reader.root_object


@given(st.lists(st.text(max_size=30), min_size=1, max_size=5), st.sampled_from("=+-@\t\r"))
def test_no_name_starts_a_formula(names: list[str], sign: str) -> None:
    rows = tuple((sign + name, name) for name in names)
    made = report(Sheet("Prøve", ("A", "B"), rows))
    for row in rows_of_csv(as_csv(made)):
        assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in row)


def test_a_formula_in_a_name_stays_a_text_in_the_spreadsheet() -> None:
    made = report(Sheet("Prøve", ("A",), (('=HYPERLINK("http://x")',), ("http://x",))))
    book = openpyxl.load_workbook(io.BytesIO(as_xlsx(made)))
    cells = [book["Prøve"][f"A{line}"] for line in (2, 3)]
    assert [cell.data_type for cell in cells] == ["s", "s"]
    assert all(cell.hyperlink is None for cell in cells)


def test_an_empty_table_and_strange_names_can_be_drawn() -> None:
    made = report(Sheet("Tom", ("A",), ()), Sheet("Vild", ("A",), (("#strong[x] $x$ 😀 漢 \u202e" + "y" * 200,),)))
    text = " ".join(page.extract_text() for page in PdfReader(io.BytesIO(as_pdf(made))).pages)
    assert "Ingen." in text
    assert "#strong[x] $x$" in text


def test_only_all_is_a_hundred_per_cent() -> None:
    assert [percent(share) for share in (None, 0.0, 0.001, 0.5, 0.999, 1.0)] == [
        "–",
        "0\u00a0%",
        "1\u00a0%",
        "50\u00a0%",
        "99\u00a0%",
        "100\u00a0%",
    ]
