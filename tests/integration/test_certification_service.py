"""Certificates on both databases: earned by a pass, renewed, revoked, checked by anybody, and their badges by strangers' code."""

import json
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pypdf
import pytest
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3 import OB3VerificationError, OB3Verifier
from openbadgeslib.ob3.status import check_credential_status
from sqlalchemy import Engine, func, select, update

from courses import open_badge, signing_key, status_list
from courses.certificate_register import Facts
from courses.certification import Standing, months_after
from courses.errors import InvalidCredential, NotOpen, UnknownCourse
from courses.reminder import Kind, Place
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    CertificateRow,
    CourseStatusRow,
    ItemGradeRow,
    PublicKeyRow,
)
from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from people.tables import PersonRow
from storage import audit
from storage.base import new_id, now
from storage.session import reading, transaction
from tests.certified_house import PUBLIC_URL, RIGHT, START, WRONG, House, course, pem

DAY = timedelta(days=1)
UNTIL = date(2027, 1, 15)
OPENS = UNTIL - 30 * DAY


@pytest.fixture
def house(engine: Engine, tmp_path: Path, employee: Person, trainer: Person, taskforce: Person) -> House:
    return House(engine, tmp_path, employee, trainer, taskforce)


# --- earning ------------------------------------------------------------------------------------------------------


def test_a_pass_gives_a_period_a_certificate_and_an_event(house: House, employee: Person) -> None:
    house.enrol(employee)
    attempt = house.take(employee)
    settled = house.certification.settle(employee)
    (number,) = settled.issued
    assert settled.waiting == 0
    (period,) = house.periods(employee)
    assert (period.valid_from, period.valid_until, period.window_opens_on) == (date(2026, 1, 15), UNTIL, OPENS)
    assert (period.cycle, period.evidence, period.version_id, period.certified_at) == (
        1,
        attempt,
        house.version.id,
        START,
    )
    (own,) = house.certification.mine(employee)
    assert own.facts == Facts(
        number, "Ægte kursus ai-for-alle", 1, date(2026, 1, 15), date(2026, 1, 15), UNTIL, Standing.VALID, None
    )
    (event,) = house.events("certificate.issued")
    assert (event.actor, event.object_id) == ("system", number)


def test_settling_again_changes_nothing(house: House, employee: Person) -> None:
    house.earn(employee)
    assert house.certification.settle(employee).issued == ()
    assert house.certification.settle_all().issued == ()
    house.take(employee)  # another pass in the same cycle
    assert house.certification.settle(employee).issued == ()
    assert len(house.periods(employee)) == 1


def test_the_pass_counts_on_its_danish_day_however_late_it_is_settled(house: House, employee: Person) -> None:
    house.at = datetime(2026, 6, 30, 22, 30, tzinfo=UTC)  # half past midnight in Denmark
    house.enrol(employee)
    house.take(employee)
    house.on(date(2026, 8, 9))
    house.certification.settle_all()
    assert house.newest(employee).facts.valid_from == date(2026, 7, 1)
    assert house.newest(employee).facts.issued_on == date(2026, 8, 9)


def test_a_failed_an_open_and_another_quiz_give_nothing(house: House, employee: Person) -> None:
    house.enrol(employee)
    house.take(employee, WRONG)
    house.attempts.start(employee, "ai-for-alle", "final")
    assert house.certification.settle(employee).issued == ()
    assert house.certification.settle_all().issued == ()


def test_a_course_without_rules_gives_no_certificates(house: House, employee: Person) -> None:
    plain = house.courses.publish(course("uden", certificate=None), "system")
    house.enrol(employee, plain)
    house.take(employee, course_id="uden")
    assert house.certification.settle(employee).issued == ()


@pytest.mark.parametrize(
    ("scoring", "answers", "passed_with"),
    [
        ("best", [WRONG, RIGHT, WRONG], 1),
        ("last", [RIGHT, WRONG], 0),
        ("last", [WRONG, RIGHT], 1),
        ("first", [WRONG, RIGHT], None),
        ("average", [WRONG, RIGHT], 1),
        ("average", [WRONG, WRONG, RIGHT], None),
    ],
)
def test_the_attempt_that_counts_by_the_policy_decides(
    house: House, employee: Person, scoring: str, answers: list[str], passed_with: int | None
) -> None:
    version = house.courses.publish(course(scoring=scoring), "system")
    house.enrol(employee, version)
    attempts = [house.take(employee, answer) for answer in answers]
    house.certification.settle(employee)
    evidence = [period.evidence for period in house.periods(employee)]
    assert evidence == ([] if passed_with is None else [attempts[passed_with]])


def test_a_mark_that_is_given_later_passes_on_the_day_of_handing_in(house: House, employee: Person) -> None:
    house.enrol(employee)
    attempt = house.take(employee, WRONG)
    house.on(date(2026, 2, 1))
    assert house.certification.settle(employee).issued == ()
    with transaction(house.engine) as session:
        for item in session.scalars(select(AttemptItemRow.id).where(AttemptItemRow.attempt_id == attempt)):
            grade = {"fraction": 1.0, "state": "correct", "by": "demo-ulla", "reason": "Nøglen var forkert."}
            session.add(ItemGradeRow(item_id=item, at=house.at, **grade))
    house.certification.settle(employee)
    assert house.newest(employee).facts.valid_from == START.date()


def test_a_certificate_is_of_the_version_that_was_passed(house: House, employee: Person) -> None:
    house.enrol(employee)
    house.take(employee)
    newer = house.courses.publish(course(title="Nyt navn"), "system")
    house.enrol(employee, newer)  # moved before anybody settled
    house.certification.settle(employee)
    assert (house.newest(employee).facts.title, house.newest(employee).facts.version) == ("Ægte kursus ai-for-alle", 1)


def test_many_at_once_give_one_certificate_each_with_numbers_of_their_own(
    house: House, employee: Person, trainer: Person, taskforce: Person
) -> None:
    for one in (employee, trainer, taskforce):
        house.enrol(one)
        house.take(one)
    barrier = threading.Barrier(6)

    def settle(number: int) -> tuple[str, ...]:
        barrier.wait()
        if number % 2:
            return house.certification.settle_all().issued
        return house.certification.settle(employee).issued

    with ThreadPoolExecutor(6) as pool:
        issued = [number for found in pool.map(settle, range(6)) for number in found]
    assert len(issued) == len(set(issued)) == 3
    with reading(house.engine) as session:
        assert sorted(session.scalars(select(CertificateRow.status_index))) == [0, 1, 2]
        assert session.scalar(select(func.count()).select_from(PublicKeyRow)) == 1
    assert len(house.events("certificate.issued")) == 3


def test_a_crash_leaves_nothing_behind_and_the_next_round_issues(
    house: House, employee: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    house.enrol(employee)
    house.take(employee)

    def die(*_args: object, **_more: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(audit, "record", die)  # the last step of the transaction
        with pytest.raises(KeyboardInterrupt):
            house.certification.settle(employee)
    assert house.periods(employee) == []
    assert house.certification.check(new_id()) is None
    assert len(house.certification.settle_all().issued) == 1


def test_without_a_usable_key_the_certificate_waits(house: House, employee: Person) -> None:
    house.enrol(employee)
    house.take(employee)
    house.key_file.write_bytes(b"not a key")
    settled = house.certification.settle(employee)
    assert (settled.issued, settled.waiting) == ((), 1)
    house.key_file.write_bytes(pem())
    assert len(house.certification.settle(employee).issued) == 1


# --- renewing -----------------------------------------------------------------------------------------------------


def test_before_the_window_nothing_renews_and_the_day_is_told(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(OPENS - DAY).is_steady = True
    for renew in (house.certification.renew, house.certification.renew_by_reviews):
        with pytest.raises(NotOpen, match=r"fra 16\. december 2026"):
            renew(employee, "ai-for-alle")
    assert house.cycle(employee) == 1
    renewal = house.newest(employee).renewal
    assert renewal is not None
    assert (renewal.begun, renewal.test, renewal.reviews) == (False, renewal.reviews, renewal.test)


def test_a_renewal_in_the_window_follows_the_old_period(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(OPENS)
    house.certification.renew(employee, "ai-for-alle")
    house.certification.renew(employee, "ai-for-alle")  # a double click
    assert house.cycle(employee) == 2
    renewal = house.newest(employee).renewal
    assert renewal is not None and renewal.begun
    assert house.certification.settle(employee).issued == ()  # the old pass is not a new one
    house.on(OPENS + 3 * DAY).take(employee)
    house.certification.settle(employee)
    first, second = house.periods(employee)
    assert second.valid_from == first.valid_until + DAY
    assert second.valid_until == months_after(second.valid_from, 12)
    coming, valid = house.certification.mine(employee)
    assert (coming.facts.status, valid.facts.status) == (Standing.COMING, Standing.VALID)
    assert coming.renewal is not None and "beviset fra 17. december" in coming.renewal.test
    assert valid.renewal is None
    with pytest.raises(NotOpen, match="forny beviset fra"):
        house.certification.renew(employee, "ai-for-alle")


def test_after_the_end_a_renewal_begins_on_the_day_itself(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(UNTIL + 100 * DAY)
    assert house.newest(employee).facts.status is Standing.EXPIRED
    house.certification.renew(employee, "ai-for-alle")
    house.take(employee)
    house.certification.settle(employee)
    assert house.newest(employee).facts.valid_from == UNTIL + 100 * DAY


def test_a_renewal_is_of_the_newest_version_and_its_rules(house: House, employee: Person) -> None:
    house.earn(employee)
    newest = course(title="Nyt navn", certificate={"valid_months": 36, "window_days": 60})
    house.courses.publish(newest, "system")
    house.on(OPENS)
    house.certification.renew(employee, "ai-for-alle")
    house.take(employee)
    house.certification.settle(employee)
    own = house.newest(employee)
    assert (own.facts.title, own.facts.version) == ("Nyt navn", 2)
    assert own.facts.valid_until == months_after(UNTIL + DAY, 36)


def test_a_pass_in_a_round_that_began_too_early_gives_nothing(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(date(2026, 3, 1)).enrol(employee, new_cycle=True)
    house.take(employee)
    assert house.certification.settle(employee).issued == ()


def test_steady_reviews_renew_without_a_quiz(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(OPENS).is_steady = True
    number = house.certification.renew_by_reviews(employee, "ai-for-alle")
    assert house.asked[-1] == (employee.id, "ai-for-alle", START.date(), OPENS)
    own = house.newest(employee)
    assert (own.facts.number, own.by_reviews, own.facts.valid_from) == (number, True, UNTIL + DAY)
    assert [period.evidence for period in house.periods(employee)][1:] == ["reviews"]
    assert house.cycle(employee) == 2
    with pytest.raises(NotOpen, match="forny beviset fra"):
        house.certification.renew_by_reviews(employee, "ai-for-alle")


def test_steady_reviews_end_a_round_that_was_begun(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(OPENS).is_steady = True
    house.certification.renew(employee, "ai-for-alle")
    house.take(employee, WRONG)
    house.certification.renew_by_reviews(employee, "ai-for-alle")
    house.take(employee)
    assert house.certification.settle(employee).issued == ()
    assert [period.cycle for period in house.periods(employee)] == [1, 2]


def test_who_is_not_steady_takes_the_quiz(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(OPENS)
    with pytest.raises(NotOpen, match="jævnligt"):
        house.certification.renew_by_reviews(employee, "ai-for-alle")
    renewal = house.newest(employee).renewal
    assert renewal is not None and renewal.test == "" and "jævnligt" in (renewal.reviews or "")


def test_a_course_may_ask_for_the_quiz_every_time(house: House, employee: Person) -> None:
    rules = {"valid_months": 12, "window_days": 30, "by_reviews": False}
    house.version = house.courses.publish(course(certificate=rules), "system")
    house.earn(employee)
    house.on(OPENS).is_steady = True
    with pytest.raises(NotOpen, match="bestå den afsluttende prøve"):
        house.certification.renew_by_reviews(employee, "ai-for-alle")
    renewal = house.newest(employee).renewal
    assert renewal is not None and renewal.reviews is None


def test_two_clicks_at_once_renew_once(house: House, employee: Person) -> None:
    house.earn(employee)
    house.on(OPENS).is_steady = True
    barrier = threading.Barrier(4)

    def renew(_number: int) -> bool:
        barrier.wait()
        try:
            house.certification.renew_by_reviews(employee, "ai-for-alle")
        except NotOpen:
            return False
        return True

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(renew, range(4))) == 1
    assert [period.cycle for period in house.periods(employee)] == [1, 2]


def test_nobody_renews_what_she_never_had(house: House, employee: Person) -> None:
    for renew in (house.certification.renew, house.certification.renew_by_reviews):
        with pytest.raises(UnknownCourse):
            renew(employee, "ai-for-alle")
    house.enrol(employee)
    for renew in (house.certification.renew, house.certification.renew_by_reviews):
        with pytest.raises(NotOpen, match="Du har ikke et bevis"):
            renew(employee, "ai-for-alle")


def test_a_course_that_is_closed_renews_no_more(house: House, employee: Person) -> None:
    house.earn(employee)
    with transaction(house.engine) as session:
        session.add(CourseStatusRow(version_id=house.version.id, status="retired", at=house.at, by="demo-ulla"))
    house.on(OPENS)
    with pytest.raises(NotOpen, match="udstedes ikke længere"):
        house.certification.renew(employee, "ai-for-alle")
    assert house.newest(employee).facts.status is Standing.VALID


# --- revoking -----------------------------------------------------------------------------------------------------


def test_a_revoked_certificate_is_told_without_the_reason(house: House, employee: Person, trainer: Person) -> None:
    number = house.earn(employee)
    house.on(date(2026, 5, 4))
    house.certification.revoke(trainer, number, "  En anden tog prøven. ")
    facts = house.certification.check(number)
    assert facts is not None
    assert (facts.status, facts.revoked_on) == (Standing.REVOKED, date(2026, 5, 4))
    assert "prøven" not in str(facts)
    own = house.newest(employee)
    assert own.reason == "En anden tog prøven."
    for fetch in (house.certification.pdf, house.certification.badge):
        with pytest.raises(NotOpen, match="tilbagekaldt"):
            fetch(employee, number)
    (event,) = house.events("certificate.revoked")
    assert (event.actor, event.object_id) == (trainer.id, number)


def test_a_revoked_certificate_is_earned_again_by_the_quiz_only(
    house: House, employee: Person, trainer: Person
) -> None:
    house.certification.revoke(trainer, house.earn(employee), "Fejl.")
    assert house.certification.settle(employee).issued == ()  # the old pass is used up
    house.on(date(2026, 5, 4)).is_steady = True
    with pytest.raises(NotOpen, match="bestå den afsluttende prøve"):
        house.certification.renew_by_reviews(employee, "ai-for-alle")
    renewal = house.newest(employee).renewal
    assert renewal is not None and (renewal.test, renewal.reviews) == ("", None)
    house.certification.renew(employee, "ai-for-alle")
    house.take(employee)
    house.certification.settle(employee)
    assert [own.facts.status for own in house.certification.mine(employee)] == [Standing.VALID, Standing.REVOKED]
    assert house.newest(employee).facts.valid_from == date(2026, 5, 4)


def test_a_renewal_that_is_revoked_can_be_earned_again_without_losing_time(
    house: House, employee: Person, trainer: Person
) -> None:
    house.earn(employee)
    house.on(OPENS).is_steady = True
    house.certification.revoke(trainer, house.certification.renew_by_reviews(employee, "ai-for-alle"), "Fejl.")
    renewal = [own.renewal for own in house.certification.mine(employee)]
    assert renewal[0] is not None and renewal[0].test == "" and renewal[1] is None
    house.certification.renew_by_reviews(employee, "ai-for-alle")
    assert house.periods(employee)[2].valid_from == UNTIL + DAY


@pytest.mark.parametrize("reason", ["", " \n", "x" * 501, "Borger 010190-1234 klagede.", "Jens Hansen har demens."])
def test_a_reason_that_is_none_or_holds_personal_data_is_refused(
    house: House, employee: Person, trainer: Person, reason: str
) -> None:
    number = house.earn(employee)
    with pytest.raises(InvalidCredential):
        house.certification.revoke(trainer, number, reason)
    assert house.newest(employee).facts.status is Standing.VALID


def test_the_first_reason_stays(house: House, employee: Person, trainer: Person) -> None:
    number = house.earn(employee)
    house.certification.revoke(trainer, number, "Først.")
    with pytest.raises(InvalidCredential, match="allerede tilbagekaldt"):
        house.certification.revoke(trainer, number, "Igen.")
    with pytest.raises(UnknownCourse):
        house.certification.revoke(trainer, new_id(), "Hvad?")
    assert house.newest(employee).reason == "Først."


@pytest.mark.parametrize("role", [role for role in Role if role not in {Role.TRAINER, Role.TASKFORCE}])
def test_only_those_who_manage_courses_see_and_revoke_others(
    house: House, employee: Person, person: Callable[..., Person], role: Role
) -> None:
    number = house.earn(employee)
    stranger = person("demo-x", role)
    for attempt in (
        lambda: house.certification.issued(stranger),
        lambda: house.certification.count_issued(stranger),
        lambda: house.certification.revoke(stranger, number, "Fordi."),
    ):
        with pytest.raises(NotAllowed):
            attempt()
    assert house.newest(employee).facts.status is Standing.VALID


def test_trainers_find_certificates_by_course_and_number(
    house: House, employee: Person, trainer: Person, taskforce: Person
) -> None:
    number = house.earn(employee)
    other = house.courses.publish(course("chatgpt", title="Nøgleperson for ChatGPT"), "system")
    house.enrol(taskforce, other)
    house.take(taskforce, course_id="chatgpt")
    house.certification.settle(taskforce)

    def found(search: str) -> list[str]:
        issued = house.certification.issued(trainer, search)
        assert house.certification.count_issued(trainer, search) == len(issued)
        return [one.course_id for one in issued]

    assert sorted(found("")) == ["ai-for-alle", "chatgpt"]
    assert found("NØGLEPERSON") == found("chatgpt") == ["chatgpt"]
    assert found(number) == found(number[:8].upper()) == ["ai-for-alle"]
    assert found("%") == found("_") == found("findes ikke") == []
    (one,) = house.certification.issued(trainer, number)
    assert (one.id, one.holder, one.status, one.revocable) == (number, employee.name, Standing.VALID, True)
    pages = [house.certification.issued(trainer, count=1, skip=skip) for skip in (0, 1, 2)]
    assert [len(page) for page in pages] == [1, 1, 0]


# --- whose it is --------------------------------------------------------------------------------------------------


def test_other_peoples_certificates_cannot_be_fetched(house: House, employee: Person, taskforce: Person) -> None:
    number = house.earn(employee)
    assert house.certification.mine(taskforce) == []
    for fetch in (house.certification.pdf, house.certification.badge):
        for key in (number, new_id(), "", "'"):
            with pytest.raises(UnknownCourse):
                fetch(taskforce, key)


def test_the_pdf_says_what_the_certificate_says(house: House, employee: Person, tmp_path: Path) -> None:
    number = house.earn(employee)
    file = tmp_path / "bevis.pdf"
    file.write_bytes(house.certification.pdf(employee, number))
    text = " ".join(" ".join(page.extract_text() for page in pypdf.PdfReader(file).pages).split())
    for said in (employee.name, "Ægte kursus ai-for-alle", number, "15. januar 2027", "Grundlag"):
        assert said in text
    assert f"{PUBLIC_URL}/tjek-bevis?bevis={number}" in text.replace(" ", "")


def test_anybody_checks_facts_and_nobody_reads_a_name(house: House, employee: Person) -> None:
    number = house.earn(employee)
    facts = house.certification.check(f" {PUBLIC_URL}/tjek-bevis?bevis={number.upper()} ")
    assert facts is not None and facts.number == number
    assert employee.name not in str(facts)
    assert not {"holder", "name", "person_id", "reason"} & {field.name for field in fields(Facts)}
    assert house.certification.check(new_id()) is None
    assert house.certification.check("bevis") is None


def test_the_holder_is_known_by_name(house: House, employee: Person) -> None:
    number = house.earn(employee)
    assert house.certification.is_holder(number, f"  {employee.name.upper()} ")
    for name in ("", "Mette", "x" * 10_000, employee.id):
        assert house.certification.is_holder(number, name) == (name.casefold() == employee.name.casefold())
    assert not house.certification.is_holder(new_id(), employee.name)
    assert not house.certification.is_holder("nul\x00", employee.name)


def test_an_anonymised_certificate_still_checks(
    house: House, employee: Person, trainer: Person, taskforce: Person
) -> None:
    number = house.earn(employee)
    before = house.certification.check(number)
    house.certification.anonymise(number)
    house.certification.anonymise(number)
    assert house.certification.check(number) == before
    assert house.certification.is_holder(number, employee.name)
    assert house.certification.mine(employee) == []
    (issued,) = house.certification.issued(trainer)
    assert issued.holder == ""
    assert house.certification.settle_all().issued == ()
    with reading(house.engine) as session:
        row = session.get_one(CertificateRow, number)
    stored = {column.key: str(getattr(row, column.key)) for column in CertificateRow.__table__.columns}
    assert not [column for column, value in stored.items() if employee.name in value or employee.id in value]
    assert len(house.events("certificate.anonymised")) == 1
    with pytest.raises(UnknownCourse):
        house.certification.anonymise(new_id())


def test_a_new_name_of_the_person_changes_no_certificate(house: House, employee: Person) -> None:
    number = house.earn(employee)
    with transaction(house.engine) as session:
        session.execute(update(PersonRow).where(PersonRow.id == employee.id).values(name="Mette Nygift"))
    assert house.certification.is_holder(number, employee.name)
    assert not house.certification.is_holder(number, "Mette Nygift")


# --- badges -------------------------------------------------------------------------------------------------------


def downloaded(house: House) -> Callable[[str], bytes]:
    """What a stranger's program gets from our public addresses."""

    def get(address: str) -> bytes:
        _, _, number = address.rpartition("/badges/status/")
        token = house.documents.status(number)
        assert token is not None
        return token.encode()

    return get


def public_pem(house: House, token: str) -> bytes:
    """The key behind the address in a token's own header."""
    kid = jwt.get_unverified_header(token)["kid"]
    key = house.documents.key(kid.removeprefix(f"{PUBLIC_URL}/badges/keys/"))
    assert key is not None
    return jwt.PyJWK({**key}, algorithm="RS256").key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def verified(house: House, token: str) -> Any:
    """By openbadgeslib, badge and status list each with its own key."""
    credential = OB3Verifier(public_pem(house, token)).verify(token)
    download = downloaded(house)
    listed = public_pem(house, download(f"{PUBLIC_URL}/badges/status/1").decode())
    check_credential_status(credential, download, verify_list=True, list_pubkey_pem=listed)
    return credential


def test_a_badge_verifies_by_somebody_elses_code_until_it_is_revoked(
    house: House, employee: Person, trainer: Person
) -> None:
    house.at = now()
    number = house.earn(employee)
    token = house.certification.badge(employee, number)
    said = verified(house, token)
    assert said.achievement.name == "Ægte kursus ai-for-alle"
    assert employee.name not in json.dumps(jwt.decode(token, options={"verify_signature": False}))
    ours = open_badge.verify(token, house.documents.keys(), now(), ())
    published = house.documents.achievement("ai-for-alle")
    assert published is not None
    assert ours["credentialSubject"]["achievement"] == {
        name: said for name, said in published.items() if name != "@context"
    }
    house.certification.revoke(trainer, number, "Fejl.")
    with pytest.raises(OB3VerificationError):
        verified(house, token)


def test_the_status_list_is_signed_for_a_day_and_names_who_is_revoked(
    house: House, employee: Person, trainer: Person, taskforce: Person
) -> None:
    assert house.documents.status("1") is None
    house.earn(employee)
    house.certification.revoke(trainer, house.earn(taskforce), "Fejl.")
    token = house.documents.status("1")
    assert token is not None
    said = jwt.decode(token, options={"verify_signature": False})
    bits = said["credentialSubject"]["encodedList"]
    assert [status_list.is_set(bits, index) for index in (0, 1, 2)] == [False, True, False]
    assert said["exp"] - said["nbf"] == 24 * 3600
    assert house.documents.status("1") is token  # nothing is signed again within the hour
    house.at += timedelta(hours=1)
    assert house.documents.status("1") != token
    for number in ("0", "2", "-1", "1.5", "x", "", "9" * 40, "١", "1\x00"):
        assert house.documents.status(number) is None


def test_old_badges_verify_after_the_key_file_was_lost(house: House, employee: Person, taskforce: Person) -> None:
    house.at = now()
    token = house.certification.badge(employee, house.earn(employee))
    house.key_file.unlink()
    assert verified(house, token)  # the status list is signed with a new key that is served, too
    status_kid = jwt.get_unverified_header(house.documents.status("1") or "")["kid"].rpartition("/")[2]
    assert house.documents.key(status_kid) is not None
    newer = house.certification.badge(taskforce, house.earn(taskforce))
    assert verified(house, token) and verified(house, newer)
    kids = {jwt.get_unverified_header(one)["kid"] for one in (token, newer)}
    assert len(kids) == 2
    assert {key["kid"] for key in house.documents.key_set()["keys"]} == {kid.rpartition("/")[2] for kid in kids}


def test_asking_for_keys_makes_none_and_a_broken_one_hides_no_old_ones(house: House, employee: Person) -> None:
    house.key_file.unlink()
    assert house.documents.key_set() == {"keys": []}
    assert not house.key_file.exists()
    house.key_file.write_bytes(pem())
    house.earn(employee)
    kid = signing_key.load(house.key_file).kid
    house.key_file.write_bytes(b"not a key")
    assert list(house.documents.keys()) == [kid]
    assert set(house.documents.key(kid) or {}) == {"kty", "n", "e"}
    for name in ("", kid[:-1], kid + "x", "\x00" * 43, "æ" * 43):
        assert house.documents.key(name) is None
    with pytest.raises(InvalidCredential):
        house.documents.status("1")


def test_courses_say_what_their_badges_are_for(house: House) -> None:
    house.courses.publish(course("uden", certificate=None), "system")
    said = house.documents.achievement("ai-for-alle")
    assert said is not None
    assert said["name"] == "Ægte kursus ai-for-alle"
    assert "50 %" in said["criteria"]["narrative"]
    assert house.documents.issuer()["id"] == f"{PUBLIC_URL}/badges/issuer"
    for key in ("uden", "findes-ikke", "", "../x", "\x00"):
        assert house.documents.achievement(key) is None


# --- reminders ----------------------------------------------------------------------------------------------------


def assign(house: House, person: Person, due_on: date | None, course_id: str = "ai-for-alle") -> None:
    with transaction(house.engine) as session:
        session.add(
            AssignmentRow(
                id=new_id(), person_id=person.id, course_id=course_id, due_on=due_on, at=house.at, by="demo-ulla"
            )
        )


def test_deadlines_are_reminded_of_until_the_final_is_passed(house: House, employee: Person) -> None:
    today = START.date()
    assert house.certification.reminders(employee, today) == []
    assign(house, employee, today - DAY)
    (found,) = house.certification.reminders(employee, today)
    assert (found.kind, found.place, found.course_id) == (Kind.OVERDUE, Place.COURSE, "ai-for-alle")
    house.enrol(employee)
    house.take(employee, WRONG)
    assert len(house.certification.reminders(employee, today)) == 1
    house.take(employee)
    assert house.certification.reminders(employee, today) == []


def test_the_end_of_a_certificate_is_reminded_of_once(house: House, employee: Person, trainer: Person) -> None:
    assign(house, employee, START.date() + DAY)
    number = house.earn(employee)

    def kinds(day: date) -> list[Kind]:
        return [one.kind for one in house.on(day).certification.reminders(employee, day)]

    assert kinds(OPENS - DAY) == []
    assert kinds(OPENS) == [Kind.EXPIRES_SOON]
    assert kinds(UNTIL + 400 * DAY) == [Kind.EXPIRED]
    house.on(OPENS).certification.renew(employee, "ai-for-alle")
    (found,) = house.certification.reminders(employee, OPENS)
    assert found.place is Place.COURSE
    house.take(employee)
    house.certification.settle(employee)
    assert kinds(UNTIL) == []
    with transaction(house.engine) as session:
        session.add(CourseStatusRow(version_id=house.version.id, status="retired", at=house.at, by=trainer.id))
    assert kinds(UNTIL + 800 * DAY) == []
    assert number


def test_a_revoked_certificate_makes_the_assignment_due_again(house: House, employee: Person, trainer: Person) -> None:
    assign(house, employee, START.date())
    number = house.earn(employee)
    assert house.certification.reminders(employee, START.date()) == []
    house.certification.revoke(trainer, number, "Fejl.")
    (found,) = house.certification.reminders(employee, START.date() + DAY)
    assert found.kind is Kind.OVERDUE


def test_the_most_urgent_comes_first(house: House, employee: Person) -> None:
    house.earn(employee)
    for key, days in (("bb", 5), ("cc", -5)):
        house.courses.publish(course(key), "system")
        assign(house, employee, OPENS + days * DAY, key)
    found = house.on(OPENS).certification.reminders(employee, OPENS)
    assert [one.kind for one in found] == [Kind.OVERDUE, Kind.EXPIRES_SOON, Kind.DUE_SOON]
