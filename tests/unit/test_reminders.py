"""Reminders: on which day what is told, which days are quiet, and what the mails say."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.steering import digest, reminder_text
from courses.steering.area.standing import Standing
from courses.steering.digest import Digest, Overdue
from courses.steering.reminder_days import (
    easter,
    holidays,
    is_first_of_week,
    is_quiet,
    may_go,
    next_day,
    opening,
    working_day_before,
)
from courses.steering.reminder_occasion import CURRENT_DAYS, Kind, Occasion, Told, due_today
from rag.calendar import COPENHAGEN

PUBLIC_URL = "https://ai.example.dk"
DAY = date(2026, 11, 25)  # a Wednesday
LONG_AGO = date(2026, 1, 5)


def after(days: int) -> date:
    return DAY + timedelta(days=days)


@pytest.mark.parametrize(
    ("standing", "newly_on", "expected"),
    [
        # assigned
        (Standing(assigned_on=DAY), DAY, Occasion.ASSIGNED),
        (Standing(assigned_on=after(-9)), after(-9), Occasion.ASSIGNED),
        (Standing(assigned_on=after(-10)), after(-10), None),
        (Standing(assigned_on=LONG_AGO), after(-1), Occasion.ASSIGNED),  # again
        (Standing(assigned_on=DAY, due_on=after(60)), DAY, Occasion.ASSIGNED),
        (Standing(assigned_on=DAY, due_on=after(10)), DAY, Occasion.ASSIGNED),  # the 14 days were over before
        (Standing(assigned_on=DAY, due_on=after(-30)), DAY, Occasion.ASSIGNED),
        # before the deadline
        (Standing(assigned_on=LONG_AGO, due_on=after(20)), None, None),
        (Standing(assigned_on=LONG_AGO, due_on=after(14)), None, Occasion.SOON),
        (Standing(assigned_on=LONG_AGO, due_on=after(5)), None, Occasion.SOON),
        (Standing(assigned_on=LONG_AGO, due_on=after(3)), None, Occasion.VERY_SOON),
        (Standing(assigned_on=LONG_AGO, due_on=DAY), None, Occasion.VERY_SOON),
        (Standing(assigned_on=LONG_AGO, due_on=date(2026, 12, 9)), None, Occasion.SOON),
        # after it
        (Standing(assigned_on=LONG_AGO, due_on=after(-1)), None, Occasion.LATE),
        (Standing(assigned_on=LONG_AGO, due_on=after(-6)), None, Occasion.LATE),
        (Standing(assigned_on=LONG_AGO, due_on=after(-7)), None, Occasion.VERY_LATE),
        (Standing(assigned_on=LONG_AGO, due_on=after(-16)), None, Occasion.VERY_LATE),
        (Standing(assigned_on=LONG_AGO, due_on=after(-17)), None, None),
        (Standing(assigned_on=LONG_AGO, due_on=after(-1), begun_on=after(-2)), None, Occasion.LATE),
        # a certificate that ran out is a deadline of its own
        (
            Standing(assigned_on=LONG_AGO, due_on=after(-90), finished_on=after(-400), valid_until=after(-1)),
            None,
            Occasion.LATE,
        ),
        # never
        (Standing(assigned_on=LONG_AGO, due_on=after(-1), finished_on=after(-2)), None, None),
        (Standing(assigned_on=LONG_AGO, due_on=after(-1), exempt_from=LONG_AGO), None, None),
        (Standing(assigned_on=LONG_AGO, due_on=after(-1), exempt_from=LONG_AGO, exempt_to=DAY), None, None),
        (Standing(assigned_on=LONG_AGO, due_on=after(-1), assigned_to=after(-3)), None, None),
        (Standing(begun_on=LONG_AGO), None, None),
        (Standing(), None, None),
    ],
)
def test_the_newest_occasion_of_an_assignment_is_told(
    standing: Standing, newly_on: date | None, expected: Occasion | None
) -> None:
    told = due_today("kursus", "Kursus", standing, DAY, newly_on=newly_on)
    assert (told.occasion if told else None) == expected


def test_an_exemption_that_is_over_lets_reminders_through() -> None:
    standing = Standing(assigned_on=LONG_AGO, due_on=after(-1), exempt_from=LONG_AGO, exempt_to=after(-1))
    assert due_today("kursus", "Kursus", standing, DAY) is not None


@pytest.mark.parametrize(
    ("opens", "until", "expected"),
    [
        (after(0), after(90), Occasion.RENEWABLE),
        (after(-9), after(81), Occasion.RENEWABLE),
        (after(-10), after(80), None),
        (after(1), after(91), None),
        (after(-60), after(30), Occasion.EXPIRES),
        (after(-69), after(21), Occasion.EXPIRES),
        (after(-70), after(20), None),
        (after(0), after(30), Occasion.EXPIRES),
    ],
)
@pytest.mark.parametrize("assigned_on", [None, LONG_AGO])
def test_certificates_are_told_of_when_they_open_and_before_they_end(
    opens: date, until: date, expected: Occasion | None, assigned_on: date | None
) -> None:
    standing = Standing(assigned_on=assigned_on, finished_on=LONG_AGO, valid_until=until)
    told = due_today("kursus", "Kursus", standing, DAY, opens_on=opens)
    assert (told.occasion if told else None) == expected
    assert told is None or told.about == until


def test_nothing_is_said_of_a_certificate_where_the_course_was_taken_away_or_gives_none() -> None:
    withdrawn = Standing(assigned_on=LONG_AGO, assigned_to=after(-3), finished_on=LONG_AGO, valid_until=after(30))
    assert due_today("kursus", "Kursus", withdrawn, DAY, opens_on=DAY) is None
    assert due_today("kursus", "Kursus", Standing(finished_on=LONG_AGO, valid_until=after(30)), DAY) is None


@given(due=st.dates(date(2026, 3, 1), date(2027, 12, 31)))
def test_whoever_does_nothing_hears_of_a_deadline_four_times(due: date) -> None:
    """Day by day, on working days, with what was told remembered: each occasion once, those before the deadline before it."""
    standing, known = Standing(assigned_on=date(2026, 1, 5), due_on=due), {}
    day = date(2026, 2, 1)
    while day < due + timedelta(days=40):
        told = None if is_quiet(day) else due_today("kursus", "Kursus", standing, day)
        if told and told.occasion not in known:
            known[told.occasion] = day
        day += timedelta(days=1)
    assert list(known) == [Occasion.SOON, Occasion.VERY_SOON, Occasion.LATE, Occasion.VERY_LATE]
    assert known[Occasion.SOON] <= due - timedelta(days=14)
    assert known[Occasion.VERY_SOON] <= due - timedelta(days=3)
    assert due < known[Occasion.LATE] < known[Occasion.VERY_LATE] <= due + timedelta(days=7 + CURRENT_DAYS)


def test_what_the_employer_must_say_cannot_be_chosen_away() -> None:
    assert {kind for kind in Kind if not kind.optional} == {Kind.ASSIGNED, Kind.OVERDUE, Kind.MANAGER}


# --- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("year", "expected"),
    [(2024, (3, 31)), (2025, (4, 20)), (2026, (4, 5)), (2027, (3, 28)), (2038, (4, 25)), (2285, (3, 22))],
)
def test_easter(year: int, expected: tuple[int, int]) -> None:
    assert easter(year) == date(year, *expected)


def test_the_holidays_of_a_year() -> None:
    assert {day for day in holidays(2026) if day.weekday() < 5} == {
        date(2026, 1, 1),
        date(2026, 4, 2),
        date(2026, 4, 3),
        date(2026, 4, 6),
        date(2026, 5, 14),
        date(2026, 5, 25),
        date(2026, 6, 5),
        date(2026, 12, 24),
        date(2026, 12, 25),
        date(2026, 12, 31),
    }
    assert date(2026, 5, 1) not in holidays(2026)  # great prayer day is no more


@given(st.dates(date(2020, 1, 1), date(2100, 1, 1)))
def test_between_two_working_days_lie_at_most_five_quiet_ones(day: date) -> None:
    assert (day - working_day_before(day)).days <= 5


def test_the_first_working_day_of_a_week() -> None:
    assert is_first_of_week(date(2026, 11, 23))
    assert not is_first_of_week(date(2026, 11, 24))
    assert not is_first_of_week(date(2026, 4, 6))  # Easter Monday
    assert is_first_of_week(date(2026, 4, 7))


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        ("2026-11-25T06:59", False),
        ("2026-11-25T07:00", True),
        ("2026-11-25T16:59", True),
        ("2026-11-25T17:00", False),
        ("2026-11-28T12:00", False),
        ("2026-12-24T12:00", False),
    ],
)
def test_mails_go_by_day_by_danish_time(moment: str, expected: bool) -> None:
    assert may_go(datetime.fromisoformat(moment).replace(tzinfo=COPENHAGEN).astimezone(UTC)) is expected


def test_after_closing_it_is_the_next_working_day() -> None:
    friday = datetime(2026, 11, 27, 18, 0, tzinfo=COPENHAGEN)
    assert next_day(friday) == date(2026, 11, 30)
    assert next_day(opening(date(2026, 11, 27))) == date(2026, 11, 27)


# --- texts ------------------------------------------------------------------------------------------------------------


def told(occasion: Occasion, **more: object) -> Told:
    return Told("ai-for-alle", "AI for alle", occasion, date(2027, 12, 2), date(2027, 12, 2), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize("occasion", list(Occasion))
def test_a_mail_says_what_when_and_where(occasion: Occasion) -> None:
    text = reminder_text.text("Mette Sørensen", [told(occasion)], PUBLIC_URL, "Lars Leder")
    assert text.startswith("Hej Mette\n\n")
    assert "“AI for alle”" in text and "2. december 2027" in text
    assert "https://ai.example.dk/kursus?kursus=ai-for-alle\n" in text
    assert text.rstrip().endswith("https://ai.example.dk/mine-data")
    assert "!" not in text
    assert "AI for alle" in reminder_text.subject([told(occasion)], "Lars Leder")


def test_a_mail_promises_no_choice_that_there_is_not() -> None:
    """Some kinds always come, and a digest comes on a Tuesday when Monday is a holiday."""
    text = reminder_text.text("Mette", [told(Occasion.LATE)], PUBLIC_URL)
    assert "Nogle påmindelser kan du vælge fra på siden Mine data:\nhttps://ai.example.dk/mine-data" in text
    overdue = (Overdue("p1", "Person 001", "b", "B", DAY),)
    assert "Den sendes ugens første arbejdsdag" in digest.text(Digest("l", "Lars", "l@example.dk", overdue), PUBLIC_URL)


def test_several_courses_are_one_mail() -> None:
    several = [told(Occasion.LATE), Told("data", "Data", Occasion.ASSIGNED, DAY)]
    assert reminder_text.subject(several) == "Påmindelse om 2 kurser"
    text = reminder_text.text("Mette", several, PUBLIC_URL)
    assert text.count("/kursus?kursus=") == 2


def test_a_certificate_that_ran_out_is_called_so() -> None:
    assert "Dit bevis for “AI for alle” udløb 2. december 2027" in reminder_text.sentence(
        told(Occasion.LATE, expired=True)
    )


def test_a_digest_names_people_by_course_and_has_no_names_in_its_subject() -> None:
    overdue = tuple(
        Overdue(f"p{number}", f"Person {number:03}", "kursus", "Et kursus", date(2026, 11, 1)) for number in range(70)
    )
    one = Digest("leder", "Lars Leder", "lars@example.dk", (*overdue, Overdue("p1", "Person 001", "b", "B", DAY)))
    text = digest.text(one, PUBLIC_URL)
    assert one.people == 70
    assert one.named == {"p1", *(f"p{number}" for number in range(59))}  # “B” takes one of the 60 places
    assert "“Et kursus” (70 medarbejdere):" in text and "- og 11 til" in text
    assert "- Person 001, frist 25. november 2026" in text
    assert "Person" not in digest.subject(one)
