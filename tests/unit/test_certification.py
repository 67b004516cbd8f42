"""Periods without gap or overlap, how certificates stand, numbers as people type them, and the sentences of reminders."""

from datetime import date, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.certification import (
    Span,
    Standing,
    certificate_number,
    check_url,
    months_after,
    next_span,
    standing,
    why_closed,
)
from courses.course import CertificateRules
from courses.reminder import Kind, Place, about_certificate, about_deadline

RULES = CertificateRules(valid_months=24, window_days=90)
DAYS = st.dates(date(2020, 1, 1), date(2080, 1, 1))
ANY_RULES = st.builds(CertificateRules, valid_months=st.integers(1, 120), window_days=st.integers(1, 365))
DAY = timedelta(days=1)
NUMBER = "0b6f4c1e-6a59-4a5e-9a80-5d2f0c9d7e21"


# --- months -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        (date(2026, 1, 15), 24, date(2028, 1, 15)),
        (date(2026, 1, 31), 1, date(2026, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2028, 2, 29), 12, date(2029, 2, 28)),
        (date(2028, 2, 29), 48, date(2032, 2, 29)),
        (date(2026, 12, 31), 2, date(2027, 2, 28)),
        (date(2026, 11, 30), 1, date(2026, 12, 30)),
    ],
)
def test_months_end_on_the_same_day_or_the_last_of_a_short_month(day: date, months: int, expected: date) -> None:
    assert months_after(day, months) == expected


@given(DAYS, st.integers(1, 120))
def test_so_many_months_later_is_in_that_month_and_never_a_later_day(day: date, months: int) -> None:
    later = months_after(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day <= day.day
    assert later.day == day.day or (later + DAY).day == 1


# --- periods ------------------------------------------------------------------------------------------------------


def test_the_first_period_begins_on_the_day_of_the_pass() -> None:
    first = next_span(RULES, date(2026, 1, 15), None)
    assert first == Span(date(2026, 1, 15), date(2028, 1, 15), date(2027, 10, 17))


@pytest.mark.parametrize(
    ("day", "begins"),
    [
        (date(2027, 10, 16), None),
        (date(2027, 10, 17), date(2028, 1, 16)),
        (date(2028, 1, 15), date(2028, 1, 16)),
        (date(2028, 1, 16), date(2028, 1, 16)),
        (date(2028, 1, 17), date(2028, 1, 17)),
        (date(2031, 5, 1), date(2031, 5, 1)),
    ],
)
def test_a_renewal_within_the_window_loses_no_time_and_a_late_one_begins_anew(day: date, begins: date | None) -> None:
    renewed = next_span(RULES, day, next_span(RULES, date(2026, 1, 15), None))
    assert (renewed.valid_from if renewed else None) == begins


@given(ANY_RULES, st.lists(st.tuples(DAYS, ANY_RULES), max_size=12))
def test_periods_follow_each_other_whole_without_overlap(
    first: CertificateRules, later: list[tuple[date, CertificateRules]]
) -> None:
    """Whatever the days people pass on, and however the rules change meanwhile."""
    spans: list[Span] = []
    for day, rules in sorted([(date(2020, 1, 1), first), *later], key=lambda pair: pair[0]):
        last = spans[-1] if spans else None
        span = next_span(rules, day, last)
        if span is None:
            assert last is not None and day < last.opens_on
            continue
        assert span.valid_until == months_after(span.valid_from, rules.valid_months)
        assert span.valid_from <= span.opens_on <= span.valid_until
        if last is not None:
            assert span.valid_from > last.valid_until
            assert span.valid_until > last.valid_until
            in_time = day <= last.valid_until
            assert span.valid_from == (last.valid_until + DAY if in_time else day)
        spans.append(span)


@given(ANY_RULES, DAYS)
def test_periods_cannot_be_piled_up_in_advance(rules: CertificateRules, day: date) -> None:
    first = next_span(rules, day, None)
    assert first is not None
    second = next_span(rules, first.opens_on, first)
    assert second is not None
    assert next_span(rules, first.opens_on, second) is None


# --- standing -----------------------------------------------------------------------------------------------------

SPAN = Span(date(2026, 1, 15), date(2028, 1, 15), date(2027, 10, 17))


@pytest.mark.parametrize(
    ("today", "expected"),
    [
        (date(2026, 1, 14), Standing.COMING),
        (date(2026, 1, 15), Standing.VALID),
        (date(2028, 1, 15), Standing.VALID),
        (date(2028, 1, 16), Standing.EXPIRED),
    ],
)
def test_both_ends_of_a_period_count(today: date, expected: Standing) -> None:
    assert standing(SPAN, today, revoked=False) is expected
    assert standing(SPAN, today, revoked=True) is Standing.REVOKED


@pytest.mark.parametrize(
    ("rules", "has_any", "last", "today", "why"),
    [
        (RULES, False, None, date(2027, 1, 1), "Du har ikke et bevis"),
        (None, True, SPAN, date(2028, 1, 1), "udstedes ikke længere"),
        (RULES, True, SPAN, date(2027, 10, 16), "fra 17. oktober 2027"),
        (RULES, True, SPAN, date(2027, 10, 17), "^$"),
        (RULES, True, SPAN, date(2030, 1, 1), "^$"),
        (RULES, True, None, date(2027, 1, 1), "^$"),
    ],
)
def test_the_way_to_a_renewal_is_open_or_says_why_not(
    rules: CertificateRules | None, has_any: bool, last: Span | None, today: date, why: str
) -> None:
    import re

    assert re.search(why, why_closed(rules, has_any, last, today))


# --- numbers ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "typed",
    [
        NUMBER,
        NUMBER.upper(),
        f"  {NUMBER}\n",
        NUMBER.replace("-", ""),
        NUMBER.replace("-", "–"),
        NUMBER.replace("-", " - "),
        f"{NUMBER[:20]}\n{NUMBER[20:]}",
        f"Bevisets nummer: {NUMBER}.",
        f"urn:uuid:{NUMBER}",
        check_url("https://ai.randers.dk", NUMBER),
    ],
)
def test_a_number_is_found_however_it_is_typed(typed: str) -> None:
    assert certificate_number(typed) == NUMBER


@pytest.mark.parametrize("typed", ["", "x", NUMBER[:-1], NUMBER.replace("6", "g"), "'; DROP TABLE certificate; --"])
def test_what_is_no_number_is_none(typed: str) -> None:
    assert certificate_number(typed) is None


@given(st.text(max_size=80))
def test_any_text_is_a_number_or_none(typed: str) -> None:
    found = certificate_number(typed)
    assert found is None or str(UUID(found)) == found


def test_a_novel_is_not_searched() -> None:
    assert certificate_number("x" * 1000 + NUMBER) is None


# --- reminders ----------------------------------------------------------------------------------------------------

TODAY = date(2027, 6, 1)


@pytest.mark.parametrize(
    ("due", "kind", "said"),
    [
        (None, None, ""),
        (TODAY + 15 * DAY, None, ""),
        (TODAY + 14 * DAY, Kind.DUE_SOON, "senest 15. juni 2027"),
        (TODAY, Kind.DUE_SOON, "senest i dag"),
        (TODAY - DAY, Kind.OVERDUE, "skulle have været gennemført senest 31. maj 2027"),
    ],
)
def test_a_deadline_is_told_when_it_is_near_or_over(due: date | None, kind: Kind | None, said: str) -> None:
    found = about_deadline("ai", "AI for alle", due, TODAY)
    assert (found.kind if found else None) is kind
    if found:
        assert "“AI for alle”" in found.text and said in found.text
        assert (found.place, found.day) == (Place.COURSE, due)


@pytest.mark.parametrize(
    ("until", "kind", "said"),
    [
        (TODAY + 91 * DAY, None, ""),
        (TODAY + 90 * DAY, Kind.RENEWABLE, "Du kan forny dit bevis"),
        (TODAY + 31 * DAY, Kind.RENEWABLE, "til og med 2. juli 2027"),
        (TODAY + 30 * DAY, Kind.EXPIRES_SOON, "kun til og med 1. juli 2027"),
        (TODAY, Kind.EXPIRES_SOON, "1. juni 2027"),
        (TODAY - DAY, Kind.EXPIRED, "udløb 31. maj 2027"),
        (TODAY - 180 * DAY, Kind.EXPIRED, "Du kan stadig forny"),
        (TODAY - 181 * DAY, None, ""),
    ],
)
def test_a_certificate_is_told_from_its_window_until_half_a_year_after(
    until: date, kind: Kind | None, said: str
) -> None:
    span = Span(until - 700 * DAY, until, until - 90 * DAY)
    found = about_certificate("ai", "AI for alle", span, TODAY, begun=False, assigned=False)
    assert (found.kind if found else None) is kind
    if found:
        assert said in found.text
        assert found.place is Place.CERTIFICATES
        begun = about_certificate("ai", "AI for alle", span, TODAY, begun=True, assigned=False)
        assert begun is not None and begun.place is Place.COURSE


def test_who_is_still_assigned_a_course_is_reminded_of_it_for_ever() -> None:
    span = Span(TODAY - 900 * DAY, TODAY - 200 * DAY, TODAY - 290 * DAY)
    assert about_certificate("ai", "AI for alle", span, TODAY, begun=False, assigned=True) is not None
