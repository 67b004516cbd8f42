"""The privacy gate finds personal data and leaves the law's numbers alone."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag import privacy

DAYS = st.dates(date(1920, 1, 1), date(2026, 12, 31))
SERIALS = st.integers(0, 9999).map(lambda value: f"{value:04d}")
BETWEEN = st.sampled_from(["", "-", " ", ".", "–", "—", "‑", "−", " - ", "/", "\u00a0", " – "])
INSIDE = st.sampled_from(["", " ", ".", "-", "/"])
AFTER = st.sampled_from([" i morgen", ".", ", tak", "?", "/mobil", "-", ")", ""])
# What stands around the number in a sentence.
AROUND = st.sampled_from([("", ""), ("Borgeren ", " har søgt."), ("(", ")"), ("cpr:", ","), ("nr.", "."), ("»", "«")])


@given(DAYS, SERIALS, BETWEEN, INSIDE, AROUND, st.booleans())
def test_every_spelling_of_a_cpr_number_is_found(
    day: date, serial: str, between: str, inside: str, around: tuple[str, str], replacement: bool
) -> None:
    first = f"{day.day + 60 if replacement else day.day:02d}"
    number = inside.join([first, f"{day:%m}", f"{day:%y}"]) + between + serial
    before, after = around
    (found,) = privacy.find(before + number + after)
    assert (found.kind, found.start, found.end) == ("cpr", len(before), len(before) + len(number))
    assert privacy.cleaned(before + number + after) == f"{before}[CPR-nummer]{after}"


@given(st.integers(13, 99), st.integers(0, 99), SERIALS, st.integers(1, 31))
def test_ten_digits_with_no_such_month_are_no_cpr_number(month: int, year: int, serial: str, day: int) -> None:
    assert "cpr" not in privacy.count(f"Faktura {day:02d}{month:02d}{year:02d}{serial} er betalt.")


@given(st.from_regex(r"[0-9]{11,20}", fullmatch=True) | st.from_regex(r"[0-9]{1,9}", fullmatch=True))
def test_longer_and_shorter_numbers_are_no_cpr_number(number: str) -> None:
    assert "cpr" not in privacy.count(f"Konto {number} i banken")


@given(
    st.from_regex(r"[2-9][0-9]{7}", fullmatch=True), st.sampled_from(["", "+45 ", "+45", "0045 "]), AFTER, st.booleans()
)
def test_a_telephone_number_is_found_as_one(number: str, country: str, after: str, spaced: bool) -> None:
    written = country + (" ".join(number[i : i + 2] for i in range(0, 8, 2)) if spaced else number)
    text = f"Ring på {written}{after}"
    dates = {number[4:6], number[:2]} & {"19", "20"}
    expected = {"phone": 1}
    if dates and not country:
        assert privacy.count(text) in ({}, expected)  # may be read as a date with four digits for the year
    else:
        assert privacy.count(text) == expected


@pytest.mark.parametrize("address", ["mette.hansen@randers.dk", "a+b@x.co.uk", "borger_1@mail.example.com"])
def test_an_email_address_is_found(address: str) -> None:
    assert privacy.cleaned(f"Skriv til {address}, tak.") == "Skriv til [e-mailadresse], tak."


@pytest.mark.parametrize(
    "text",
    [
        "Forordning (EU) 2024/1689, art. 5(1)(f), jf. 2016/679.",
        "Gælder fra 02-12-2027 og 2. december 2027 kl. 14.05.",
        "Datoen 02.12.2027 og 2027-12-02 er ens.",
        "CELEX:02024R1689-20260727",
        "Det koster 12.345.678 kr. eller 1.250.000 kr.",
        "Sag 2024-1234, lov nr. 502 af 23. maj 2018.",
        "I 2023, 2024, 2025 og 2026 blev det 10 20 30.",
        "Må jeg skrive et CPR-nummer i ChatGPT?",
    ],
)
def test_dates_laws_amounts_and_the_word_itself_pass(text: str) -> None:
    assert privacy.find(text) == []


def test_only_kinds_are_counted_never_the_data() -> None:
    text = "010190-1234 og 311299-4321, mail a@b.dk, tlf. 86 12 34 56"
    assert privacy.count(text) == {"cpr": 2, "email": 1, "phone": 1}
    assert not any(character.isdigit() for character in privacy.cleaned(text))


@given(st.text(max_size=200))
def test_cleaned_text_is_clean_and_untouched_text_stays(text: str) -> None:
    if not privacy.find(text):
        assert privacy.cleaned(text) == text
    found = privacy.find(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
