"""Files of staff data: whatever they were saved as is read, columns are recognised, and CPR numbers stop the whole file."""

import io
import logging
import random
import unicodedata
import zipfile
from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from people.errors import UnusableStaffFile
from people.organisation import staff_file, workbook
from people.organisation.cpr import cpr_columns, looks_like_cpr
from people.organisation.leadership import leaders
from people.organisation.staff_file import staff_rows
from people.organisation.staff_rows import kind_by_title, staff_lines, unit_lines
from people.organisation.staff_shapes import Field, StaffKind, StaffSheet, recognised
from people.organisation.unit import UnitKind
from tests import staff_files as files

ANNA = ("Anna Åkjær", "anna.aakjaer@eksempel.dk", "DQ100001", "Birkeskolen", "Bo Bøgh")
READ = ("Anna Åkjær", "anna.aakjaer@eksempel.dk", (("delta", "dq100001"),), "Birkeskolen", "Bo Bøgh")


def read(data: bytes) -> StaffSheet:
    return recognised(staff_rows(data))


# --- the file -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "data",
    [
        files.written(files.OWN, ANNA),
        files.written(files.OWN, ANNA, separator=",", encoding="utf-8-sig"),
        files.written(files.OWN, ANNA, separator=",", encoding="utf-8"),
        files.written(files.OWN, ANNA, separator="\t", encoding="utf-16"),
        b"sep=;\r\n" + files.written(files.OWN, ANNA),
        files.workbook(files.OWN, ANNA),
        files.workbook(files.OWN, ANNA, above=[("Udtræk 4. januar",), ()]),
        files.written(("Name", "Email", "Username", "Department", "Manager"), ANNA, separator=","),
    ],
    ids=["cp1252", "bom", "utf-8", "utf-16", "sep", "xlsx", "xlsx with a title", "english"],
)
def test_the_same_person_is_read_from_every_kind_of_file(data: bytes) -> None:
    lines, refused = staff_lines(read(data))
    assert refused == []
    assert [(line.name, line.email, line.keys, line.unit, line.leader) for line in lines] == [READ]


def test_a_comma_in_a_quoted_cell_does_not_make_commas_the_separator() -> None:
    row = ("Åkjær, Anna", "anna@eksempel.dk", "dq1", "Sundhed, Kultur, Omsorg, og, mere", "")
    lines, _ = staff_lines(read(files.written(files.OWN, row)))
    assert (lines[0].name, lines[0].unit) == ("Anna Åkjær", "Sundhed, Kultur, Omsorg, og, mere")


def test_commas_in_names_do_not_make_commas_the_separator_where_they_are_not_in_every_line() -> None:
    place = "Sundhed, Kultur, Omsorg, Udvikling, Miljø & Teknik"
    data = files.written(
        ("Navn", "E-mail", "Afdeling", "Stilling"), ("Anna", "a@b.dk", place, "Pædagog, leder")
    ).replace(b'"', b"")
    lines, refused = staff_lines(read(data))
    assert refused == []
    assert (lines[0].unit, lines[0].job) == (place, "Pædagog, leder")
    titled = b"Udtr\xe6k, 4. januar\r\n" + data
    assert staff_lines(read(titled))[0][0].unit == place


def test_one_bad_byte_does_not_mangle_every_name() -> None:
    data = files.written(files.OWN, ANNA, encoding="utf-8").replace(b"Bo B", b"Bo \xe9 B")
    with pytest.raises(UnusableStaffFile) as refused:
        staff_rows(data)
    assert str(refused.value) == staff_file.MANGLED


def test_letters_of_two_signs_are_the_same_as_those_of_one() -> None:
    written = unicodedata.normalize("NFD", "Anna Åkjær;anna@b.dk;Åskolen")
    [line] = staff_lines(read(f"Navn;E-mail;Afdeling\n{written}\n".encode()))[0]
    assert (line.name, line.unit) == ("Anna Åkjær", "Åskolen")


@pytest.mark.parametrize(
    "error", ["#N/A", "#I/T", "#REF!", "#REFERENCE!", "#VÆRDI!", "#DIV/0!", "#DIVISION/0!", "#NAVN?"]
)
def test_what_excel_could_not_work_out_is_no_value(error: str) -> None:
    lines, _ = staff_lines(read(files.workbook(files.OWN, ("Anna", "a@b.dk", error, "Skole", error))))
    assert (lines[0].keys, lines[0].leader) == ((), "")
    refused = staff_lines(read(files.written(files.OWN, ("Anna", "a@b.dk", "", error, ""))))[1]
    assert "ingen enhed" in refused[0].reason


def test_what_only_begins_as_an_error_is_a_value() -> None:
    lines, _ = staff_lines(read(files.written(files.OWN, ("Anna", "a@b.dk", "", "#1 Skolen", ""))))
    assert lines[0].unit == "#1 Skolen"


def test_lines_are_counted_as_in_the_file() -> None:
    data = b'Navn;E-mail;Afdeling\n\n"Anna\nB";a@b.dk;Skole\nUden;;Skole\n'
    lines, refused = staff_lines(read(data))
    assert [line.line for line in lines] == [3]
    assert [row.line for row in refused] == [5]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", staff_file.EMPTY),
        (b"\xef\xbb\xbf\r\n;;\r\n", staff_file.EMPTY),
        (b"\x00\x01\x02" * 50, staff_file.NOT_TEXT),
        (b"\x81\x8d" * 50, staff_file.NOT_TEXT),
        (b"PK\x03\x04" + b"\x00" * 200, workbook.BROKEN),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 100, workbook.PROTECTED),
        (b"a;" * 200 + b"\n", staff_file.MANY_COLUMNS),
        (b"a;b\n" * (staff_file.MOST_ROWS + 2), staff_file.MANY_ROWS),
        (b"x" * (staff_file.MOST_BYTES + 1), staff_file.LARGE),
    ],
)
def test_what_is_no_table_is_refused_in_danish(data: bytes, said: str) -> None:
    with pytest.raises(UnusableStaffFile) as refused:
        staff_rows(data)
    assert str(refused.value) == said


def repacked(name: str, content: bytes) -> bytes:
    """A workbook where one of its files is another."""
    source, out = zipfile.ZipFile(io.BytesIO(files.workbook(files.OWN, ANNA))), io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as target:
        for entry in source.namelist():
            target.writestr(entry, content if entry == name else source.read(entry))
    return out.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa">]><worksheet/>',
        '<?xml version="1.0" encoding="utf-16"?><!DOCTYPE x><worksheet/>'.encode("utf-16"),
        b" " * 20_000_000,
    ],
    ids=["entities", "document type in utf-16", "bomb"],
)
def test_a_harmful_workbook_is_refused(content: bytes) -> None:
    with pytest.raises(UnusableStaffFile, match="skade"):
        staff_rows(repacked("xl/worksheets/sheet1.xml", content))


@given(st.binary(max_size=400))
def test_any_bytes_are_a_table_or_a_danish_reason(data: bytes) -> None:
    for start in (b"", b"PK\x03\x04", b"Navn;E-mail;Afdeling\n"):
        try:
            sheet = recognised(staff_rows(start + data))
            staff_lines(sheet)
        except UnusableStaffFile as error:
            assert str(error).endswith(".")


# --- columns ------------------------------------------------------------------------------------------------------

ENTRA_ROW = (
    *(
        "anna@eksempel.dk",
        "Anna Åkjær",
        "Åkjær",
        "Anna.Aakjaer@eksempel.dk",
        "Anna",
        "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    ),
    *("Member", "Lærer", "Børn & Skole", "True", "Birkeskolen", "89151515", "20304050"),
)
SD_ROW = ("RG", "04711", "Anna", "Åkjær", "Lærer", "4F2A", "Birkeskolen", "2020-08-01", "9999-12-31", "DQ100001")
DELTA_ROW = (
    *("9b1deb4d-3b7d-4bad-9bdd-2b0d7b3dcb6d", "Anna Åkjær", "DQ100001", "anna@eksempel.dk"),
    *("1b9d6bcd-bbfd-4b2d-9b5d-ab8dfbbd4bed", "Birkeskolen", "20304050"),
)


@pytest.mark.parametrize(
    ("headings", "row", "kind", "expected"),
    [
        (
            files.SCHOOL_AD,
            ("Birkeskolen", "annaa", "Anna Åkjær", "anna@eksempel.dk", "DQ100001", "2026-12-01 03:00"),
            StaffKind.SCHOOL_AD,
            {"keys": (("delta", "dq100001"), ("skolead", "annaa")), "unit": "Birkeskolen", "job": ""},
        ),
        (
            files.ENTRA,
            ENTRA_ROW,
            StaffKind.GRAPH,
            {"keys": (("graph", "anna@eksempel.dk"),), "unit": "Birkeskolen", "email": "anna.aakjaer@eksempel.dk"},
        ),
        (
            (*files.SD, "DQ-nummer"),
            SD_ROW,
            StaffKind.SD,
            {"employment": "sd:rg-4711", "unit_key": "4F2A", "since": date(2020, 8, 1), "until": None, "job": "Lærer"},
        ),
        (
            files.DELTA_PEOPLE,
            DELTA_ROW,
            StaffKind.DELTA,
            {"employment": f"delta:{DELTA_ROW[0]}", "unit_key": DELTA_ROW[4], "keys": (("delta", "dq100001"),)},
        ),
    ],
    ids=["Skole-AD", "Entra", "SD", "Delta"],
)
def test_the_shapes_of_known_systems_are_recognised(
    headings: files.Row, row: files.Row, kind: StaffKind, expected: dict[str, object]
) -> None:
    sheet = read(files.written(headings, row))
    assert sheet.kind is kind
    lines, refused = staff_lines(sheet)
    assert refused == []
    assert lines[0].name == "Anna Åkjær"
    assert {name: getattr(lines[0], name) for name in expected} == expected


def test_units_are_recognised_with_their_kind_and_the_unit_above() -> None:
    sheet = read(files.written(files.DELTA_UNITS, ("u1", "Birkeskolen", "u0", "Skole", "Bo Bøgh")))
    assert sheet.kind is StaffKind.UNITS
    lines, _ = unit_lines(sheet)
    assert (lines[0].key, lines[0].title, lines[0].parent, lines[0].kind) == (
        "u1",
        "Birkeskolen",
        "u0",
        UnitKind.INSTITUTION,
    )
    assert lines[0].leader == "Bo Bøgh"


@pytest.mark.parametrize(
    ("headings", "kind"),
    [
        (("Navn", "Overordnet", "Leder"), StaffKind.UNITS),
        (("Navn", "Enhedsid"), StaffKind.UNITS),
        (("Enhedsnavn", "Leder"), StaffKind.UNITS),
        (("uuid", "name", "parentUuid"), StaffKind.UNITS),
        (("Navn", "Afdeling", "E-mail"), StaffKind.OTHER),
    ],
)
def test_a_list_of_units_is_told_from_one_of_people(headings: tuple[str, ...], kind: StaffKind) -> None:
    assert read(files.written(headings, ["x"] * len(headings))).kind is kind


def test_names_and_their_units_are_people_though_nothing_tells_them_apart() -> None:
    with pytest.raises(UnusableStaffFile, match="hverken e-mail eller DQ-nummer"):
        read(files.written(("Navn", "Afdeling", "Leder"), ("Anna", "Skole", "Bo")))


def test_telephone_numbers_and_birthdays_are_left_out_with_a_note() -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Fødselsdato", "Mobil", "Skostørrelse")
    sheet = read(files.written(headings, ("Anna", "a@b.dk", "Skole", "01-01-1990", "20304050", "39")))
    told = {column.heading: column.told for column in sheet.columns if not column.field}
    assert told == {
        "Fødselsdato": "fødselsdage gemmes ikke",
        "Mobil": "telefonnumre gemmes ikke",
        "Skostørrelse": "bruges ikke",
    }


def test_whoever_imports_may_say_what_the_file_is() -> None:
    sheet = recognised(staff_rows(files.written(("Navn", "E-mail"), ("Birkeskolen", "kontor@b.dk"))), StaffKind.UNITS)
    lines, _ = unit_lines(sheet)
    assert lines[0].title == "Birkeskolen"


@pytest.mark.parametrize("headings", [("a", "b"), ("E-mail", "Afdeling")])
def test_a_file_without_names_says_which_headings_it_should_have(headings: tuple[str, str]) -> None:
    with pytest.raises(UnusableStaffFile, match="kolonne med navne"):
        read(files.written(headings, ("x", "y")))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (("", "a@b.dk", "", "Skole", ""), "intet navn"),
        (("Anna", "", "", "Skole", ""), "kan kendes på"),
        (("Anna", "anna snabela b.dk", "", "Skole", ""), "E-mailadressen kan ikke læses"),
        (("Anna", "a@b.dk", "", "", ""), "ingen enhed"),
        (("A" * 201, "a@b.dk", "", "Skole", ""), "mere end 200 tegn"),
        (("Anna", "a@b.dk", "0101901234", "Skole", ""), "ligner et CPR-nummer"),
    ],
)
def test_a_row_that_cannot_be_used_is_refused_with_its_reason_and_the_others_are_read(
    row: tuple[str, ...], said: str
) -> None:
    lines, refused = staff_lines(read(files.written(files.OWN, ANNA, row)))
    assert len(lines) == 1
    assert said in refused[0].reason
    assert "0101901234" not in refused[0].reason


def test_two_names_that_are_too_long_together_are_refused() -> None:
    headings = ("Fornavn", "Efternavn", "E-mail", "Afdeling")
    lines, refused = staff_lines(read(files.written(headings, ("A" * 120, "B" * 120, "a@b.dk", "Skole"))))
    assert lines == []
    assert "mere end 200 tegn" in refused[0].reason


@pytest.mark.parametrize("text", ["01-03-2027", "1/3/2027", "1.3.2027", "2027-03-01", "2027-03-01T00:00:00Z"])
def test_days_are_read_as_people_and_systems_write_them(text: str) -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Ansat fra")
    lines, _ = staff_lines(read(files.written(headings, ("Anna", "a@b.dk", "Skole", text))))
    assert lines[0].since == date(2027, 3, 1)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-12-31T23:00:00Z", date(2027, 1, 1)),
        ("2027-06-30T22:30:00.0000000Z", date(2027, 7, 1)),
        ("2027-06-30T21:59:59+00:00", date(2027, 6, 30)),
        ("2027-01-01T00:00:00+01:00", date(2027, 1, 1)),
        ("2027-01-01T00:00:00", date(2027, 1, 1)),
        ("9999-12-31T23:59:59Z", None),
    ],
)
def test_a_moment_is_the_day_that_it_is_in_denmark(text: str, day: date | None) -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Ansat til")
    lines, refused = staff_lines(read(files.written(headings, ("Anna", "a@b.dk", "Skole", text))))
    assert refused == []
    assert lines[0].until == day


def test_a_moment_that_is_none_is_refused() -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Ansat til")
    for text in ("2027-02-31T23:00:00Z", "2027-01-01T25:00:00Z", "0001-01-01T00:00:00+14:00"):
        _, refused = staff_lines(read(files.written(headings, ("Anna", "a@b.dk", "Skole", text))))
        assert "findes ikke" in refused[0].reason


def test_days_and_numbers_of_a_workbook_are_read() -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Ansat fra", "Tjenestenummer")
    lines, _ = staff_lines(read(files.workbook(headings, ("Anna", "a@b.dk", "Skole", date(2027, 3, 1), 4711.0))))
    assert (lines[0].since, lines[0].employment) == (date(2027, 3, 1), "sd:4711")


def test_a_day_that_is_none_is_refused() -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Ansat fra")
    _, refused = staff_lines(read(files.written(headings, ("Anna", "a@b.dk", "Skole", "31-02-2027"))))
    assert "findes ikke" in refused[0].reason


@pytest.mark.parametrize(
    ("title", "kind"),
    [
        ("Birkeskolen", UnitKind.INSTITUTION),
        ("Plejecenter Solhøj", UnitKind.INSTITUTION),
        ("Skole og Dagtilbud", UnitKind.UNIT),
        ("Team Nord", UnitKind.UNIT),
    ],
)
def test_a_unit_that_is_called_an_institution_is_one(title: str, kind: UnitKind) -> None:
    assert kind_by_title(title) is kind


# --- CPR numbers --------------------------------------------------------------------------------------------------

SPELLINGS = [
    "010190-1234",
    "010190 1234",
    "010190–1234",
    "010190 - 1234",
    "01-01-90-1234",
    "01.01.1990-1234",
    "01 01 90 1234",
    "'010190-1234",
    "CPR: 010190-1234",
    "Anna (010190-1234)",
    "610190-1234",
    "０１０１９０-1234",
    "010190\u200b-1234",
    "010190-1234-1",
    "0101901234-01",
    "010190-1234-Anna",
    "4711-010190-1234",
    "3f2504e0-4f89-41d3-9a0c-0305e82c3301 010190-1234",
]


@pytest.mark.parametrize("number", SPELLINGS)
def test_one_number_in_clear_dress_stops_the_whole_file(number: str, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    headings = ("Navn", "E-mail", "Afdeling", "Bemærkning")
    rows = [("Anna", f"a{place}@b.dk", "Skole", "") for place in range(50)]
    with pytest.raises(UnusableStaffFile) as refused:
        read(files.written(headings, *rows, ("Bo", "bo@b.dk", "Skole", number), encoding="utf-8"))
    assert "kolonnen “Bemærkning”" in str(refused.value)
    assert "1234" not in str(refused.value) + caplog.text


@pytest.mark.parametrize(
    "heading", ["CPR", "CPR-nr.", "Personnummer", "PersonCivilRegistrationIdentifier", "cpr_nummer"]
)
def test_a_heading_is_enough(heading: str) -> None:
    with pytest.raises(UnusableStaffFile, match="CPR-numre"):
        read(files.written((*files.OWN, heading), (*ANNA, "")))


def test_bare_numbers_stop_the_file_also_where_a_spreadsheet_has_dropped_the_zero() -> None:
    headings = ("Navn", "E-mail", "Afdeling", "Nummer")
    people = [
        ("Anna", f"a{place}@b.dk", "Skole", number) for place, number in enumerate((101901234, 2412851111, 311299222.0))
    ]
    with pytest.raises(UnusableStaffFile, match="“Nummer”"):
        read(files.workbook(headings, *people))


def test_a_file_without_headings_does_not_have_its_first_number_repeated() -> None:
    data = files.written(("Anna", "a@b.dk", "010190-1234"), ("Bo", "bo@b.dk", "020290-1234"))
    with pytest.raises(UnusableStaffFile) as refused:
        read(data)
    assert "kolonnen 3" in str(refused.value)
    assert "0190" not in str(refused.value)


@pytest.mark.parametrize(
    "cells",
    [
        ["89151515", "+45 89 15 15 15", "4589151515"],
        ["5798007012345", "5798007012346", "5798007012347"],
        ["2026-12-01 03:00", "2026-12-01T03:00:00Z", "12-10-2026 1430"],
        [
            "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
            "12010190-1234-4abc-9bdd-010190123456",
            "aaaaaaaa-0101-9012-3434-121212121212",
        ],
        ["DQ100001", "04711", "RG-04711"],
        ["1111111111", "9999999999", "4812345678"],
    ],
    ids=["phones", "EAN", "moments", "UUIDs", "user names", "other numbers"],
)
def test_other_numbers_are_none(cells: list[str]) -> None:
    assert cpr_columns(["x"], [[cell] for cell in cells]) == []


def test_a_hundred_thousand_random_uuids_hold_no_number() -> None:
    chance = random.Random(6)  # noqa: S311  the same numbers every time
    uuids = [str(UUID(int=chance.getrandbits(128), version=4)) for _ in range(100_000)]
    assert cpr_columns(["engagementUuid"], ([one] for one in uuids)) == []
    assert not looks_like_cpr("{3F2504E0-4F89-41D3-9A0C-BC6309520649}")
    assert not looks_like_cpr("urn:uuid:3f2504e04f8941d39a0cbc6309520649")


def test_production_units_look_like_days_and_are_told_by_their_heading_and_first_digits() -> None:
    rows = [[f"10033883{place:02}"] for place in range(20)]
    assert cpr_columns(["P-nummer"], rows) == []
    assert cpr_columns(["Nummer"], rows) == [0]


@pytest.mark.parametrize("heading", ["PNR", "Pnummer", "P-nummer"])
def test_a_heading_of_production_units_lets_no_cpr_numbers_through(heading: str) -> None:
    born = [date(1950, 1, 1) + timedelta(days=400 * place) for place in range(20)]
    assert cpr_columns([heading], [[f"{day:%d%m%y}1234"] for day in born]) == [0]
    assert cpr_columns([heading], [["010190-1234"]]) == [0]


@given(
    st.dates(date(1930, 1, 1), date(2010, 12, 31)), st.integers(0, 9999), st.sampled_from(["", "-", " ", "–", " - "])
)
def test_every_cpr_number_is_seen(born: date, serial: int, gap: str) -> None:
    number = f"{born:%d%m%y}{gap}{serial:04}"
    assert looks_like_cpr(number) or len(set(number.replace(gap, ""))) == 1


@given(st.lists(st.integers(0, 9_999_999_999), min_size=60, max_size=60, unique=True))
def test_a_column_of_other_numbers_of_ten_digits_does_not_stop_a_file(numbers: list[int]) -> None:
    cells = [f"{3_100_000_000 + number % 2_900_000_000:010}" for number in numbers]  # days 31 to 59
    real = [cell for cell in cells if looks_like_cpr(cell)]
    if len(real) < 0.3 * len(cells):
        assert cpr_columns(["Nr."], [[cell] for cell in cells]) == []


# --- who leads a unit ---------------------------------------------------------------------------------------------

TREE = {"kommune": None, "skole": "kommune", "team": "skole", "museum": "kommune"}


def led(*employed: tuple[str, str, str | None]) -> set[tuple[str, str]]:
    return leaders(employed, TREE)


def test_who_is_the_manager_of_most_leads_the_unit_and_who_has_one_or_two_does_not() -> None:
    staff = [(f"s{place}", "skole", "kaj") for place in range(5)]
    assert led(("kaj", "skole", "gerda"), *staff, ("ny", "skole", "s1")) == {("kaj", "skole")}


def test_a_manager_above_leads_by_the_leaders_below_also_where_nobody_else_works_there() -> None:
    schools = (("kaj", "skole", "gerda"), ("anna", "skole", "kaj"), ("cille", "skole", "kaj"))
    museum = (("mia", "museum", "gerda"), ("bo", "museum", "mia"), ("dan", "museum", "mia"))
    assert led(("gerda", "kommune", None), *schools, *museum) == {
        ("kaj", "skole"),
        ("mia", "museum"),
        ("gerda", "kommune"),
    }


def test_the_manager_of_one_leader_below_gets_nothing_of_a_unit_that_she_does_not_work_in() -> None:
    found = led(("kaj", "skole", "gerda"), ("anna", "skole", "kaj"), ("bo", "skole", "kaj"))
    assert found == {("kaj", "skole")}


def test_a_manager_from_elsewhere_of_everybody_in_a_unit_leads_it() -> None:
    assert led(("kaj", "skole", None), ("a", "team", "kaj"), ("b", "team", "kaj")) == {("kaj", "team")}


def test_where_two_share_a_unit_evenly_neither_gets_all_of_it() -> None:
    assert led(("a", "skole", "x"), ("b", "skole", "y")) == set()


def test_a_manager_of_somebody_with_two_jobs_leads_only_where_the_file_says() -> None:
    assert led(("a", "skole", "kaj"), ("a", "museum", "mia")) >= {("kaj", "skole"), ("mia", "museum")}
    assert ("kaj", "museum") not in led(("a", "skole", "kaj"), ("a", "museum", "mia"))


def test_who_has_no_manager_counts_and_nobody_leads_herself() -> None:
    assert led(("a", "skole", None), ("b", "skole", None), ("c", "skole", "kaj")) == set()
    assert led(("a", "skole", "a")) == set()


def test_columns_say_in_danish_what_they_are_used_for() -> None:
    assert len({field.danish for field in Field}) == len(Field)
