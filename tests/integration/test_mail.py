"""Mails against a real mail server that fails in every way: none is lost, none is doubled, and nothing personal stays."""

import logging
import ssl
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import default
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from pydantic import SecretStr
from sqlalchemy import Engine, select, update

from benchmarks.lost_mails import Clock, Fate, sender_kills, server_kills, trials, unknowable
from benchmarks.mail_server import CUT, FINE, Book, Fault, Stage, free_port, running
from storage.base import now
from storage.mail_message import Sender, usable
from storage.mail_outbox import ClaimLost, Mail, MailOutbox, pause, rewrite, withdraw, write
from storage.mail_server import MailServer
from storage.mail_service import COPIES, TRIES, UNWELCOME, MailService
from storage.outbox import MailRow
from storage.session import reading, transaction

SENDER = Sender("ai-univers@randers.dk", "AI-Univers, Randers")
TO = "mette.soerensen@randers.dk"
HOUR = timedelta(hours=1)


@pytest.fixture
def server() -> Iterator[tuple[int, Book]]:
    with running() as found:
        yield found


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def service(engine: Engine, server: tuple[int, Book], clock: Clock) -> MailService:
    return made(engine, server[0], clock)


def made(engine: Engine, port: int, clock: Clock, **options: object) -> MailService:
    address = MailServer("127.0.0.1", port, command_seconds=2, end_seconds=2, **options)  # type: ignore[arg-type]
    return MailService(engine, address, SENDER, clock)


def put(
    engine: Engine,
    *keys: str,
    to: str = TO,
    subject: str = "Påmindelse",
    text: str = "Tag kurset.\n",
    at: datetime | None = None,
) -> None:
    with transaction(engine) as session:
        write(session, [Mail(key, "reminder", "mette", to, subject, text, at or now()) for key in keys], now())


def row(engine: Engine, key: str = "en") -> MailRow:
    with reading(engine) as session:
        return session.scalars(select(MailRow).where(MailRow.key == key)).one()


def tried(engine: Engine, tries: int) -> None:
    """As if all mails had been tried so often."""
    with transaction(engine) as session:
        session.execute(update(MailRow).values(tries=tries))


# --- writing ----------------------------------------------------------------------------------------------------------


def test_a_mail_arrives_as_it_was_written_and_leaves_nothing(
    engine: Engine, service: MailService, server: tuple[int, Book]
) -> None:
    put(
        engine,
        "en",
        subject="“Æbler”\r\nBcc: alle@randers.dk",
        text="Kære Åse\n.\n..\nSe https://ai.example.dk/x?y=1\n",
    )
    assert service.deliver().sent == 1
    (stored,) = server[1].stored
    message = message_from_bytes(stored.body, policy=default)
    assert stored.recipient == message["To"] == TO
    assert message["From"] == '"AI-Univers, Randers" <ai-univers@randers.dk>'
    assert message["Subject"] == "“Æbler” Bcc: alle@randers.dk"
    assert message["Bcc"] is None and message["Auto-Submitted"] == "auto-generated"
    assert message.get_content().replace("\r\n", "\n") == "Kære Åse\n.\n..\nSe https://ai.example.dk/x?y=1\n"
    assert message.get_content_type() == "text/plain"
    done = row(engine)
    assert done.id in message["Message-ID"] and done.sent_at is not None
    assert (done.address, done.text, done.problem, done.unanswered) == (None, None, "", 0)


def test_a_key_is_written_once_however_many_write_it(engine: Engine) -> None:
    results: list[int] = []

    def put_all(keys: list[str]) -> None:
        with transaction(engine) as session:
            results.append(len(write(session, [Mail(key, "k", "p", TO, "s", "t", now()) for key in keys], now())))

    keys = [f"mail-{number}" for number in range(30)]
    threads = [threading.Thread(target=put_all, args=(keys[::step],)) for step in (1, -1, 1, -1)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == [0, 0, 0, 30]


def test_what_is_written_in_a_transaction_that_fails_is_not_there(
    engine: Engine, service: MailService, server: tuple[int, Book]
) -> None:
    with pytest.raises(RuntimeError), transaction(engine) as session:
        write(session, [Mail("en", "k", "p", TO, "s", "t", now())], now())
        raise RuntimeError
    assert service.deliver().sent == 0 and not server[1].stored


def test_two_who_send_at_once_send_each_mail_once(engine: Engine, server: tuple[int, Book], clock: Clock) -> None:
    put(engine, *(f"mail-{number}" for number in range(60)))
    threads = [threading.Thread(target=made(engine, server[0], clock).deliver) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Counter(Counter(one.name for one in server[1].stored).values()) == {1: 60}


def test_only_what_no_server_can_have_is_withdrawn(
    engine: Engine, service: MailService, server: tuple[int, Book]
) -> None:
    put(engine, "en", "to", "tre")
    server[1].faults.append(Fault(Stage.DOT, CUT))
    service.deliver()  # the first is unsure, the others untouched
    with reading(engine) as session:
        ids = {mail.key: mail.id for mail in session.scalars(select(MailRow))}
        unsure = session.scalars(select(MailRow.id).where(MailRow.unanswered == 1)).all()
    with transaction(engine) as session:
        gone = withdraw(session, ids.values(), "ikke længere aktuel", now())
    assert gone == set(ids.values()) - set(unsure) and len(gone) == 2


def test_what_a_dead_sender_held_is_changed_and_a_slow_one_sends_no_old_words(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock
) -> None:
    put(engine, "en", "to")
    outbox = MailOutbox(engine, clock)
    held = outbox.claim()
    assert held is not None
    with transaction(engine) as session:
        assert not rewrite(session, held.mail.id, clock(), text="nyt")  # its sender may be about to finish
    clock.ahead += HOUR
    with transaction(engine) as session:
        assert rewrite(session, held.mail.id, clock(), text="nyt")
    with pytest.raises(ClaimLost):
        outbox.finishing(held)
    service.deliver()
    assert sorted(b"nyt" in one.body for one in server[1].stored) == [False, True]


# --- a server that dies -----------------------------------------------------------------------------------------------


def test_a_server_that_dies_anywhere_loses_and_doubles_nothing(engine: Engine) -> None:
    """Each fault once or more; copies are only where the server died after it stored a mail, and they are alike."""
    found = trials(engine, 40)
    assert not [(faults, fate) for faults, fate in found if fate.lost or fate.different > 1]
    assert all(fate.copies == 1 for faults, fate in found if not unknowable(faults))


def test_a_server_process_that_is_killed_loses_nothing(engine: Engine) -> None:
    assert_none_lost(server_kills(engine, 3))


def test_a_sender_that_is_killed_loses_nothing(engine: Engine) -> None:
    url = engine.url.render_as_string(hide_password=False)
    assert_none_lost(sender_kills(engine, url, engine.get_execution_options().get("schema", "-"), 6))


def assert_none_lost(fates: list[Fate]) -> None:
    assert fates and not [fate for fate in fates if fate.lost or fate.different > 1]


def test_a_mail_that_may_have_arrived_waits_and_goes_again_unchanged(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock
) -> None:
    put(engine, "en")
    server[1].faults.append(Fault(Stage.KEPT, CUT))
    assert service.deliver().problem == "mailserveren fik hele mailen, men svarede ikke"
    assert row(engine).unanswered == 1
    clock.ahead += timedelta(minutes=14)
    assert service.deliver().sent == 0
    clock.ahead += HOUR
    assert service.deliver().sent == 1
    first, second = server[1].stored
    assert first == second


def test_a_server_that_swallows_mails_is_given_each_only_so_often(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock
) -> None:
    put(engine, "en")
    server[1].faults.extend([Fault(Stage.KEPT, CUT)] * 50)
    for _ in range(20):
        service.deliver()
        clock.ahead += HOUR
    assert len(server[1].stored) == COPIES
    assert "nok kommet frem" in row(engine).problem and row(engine).text is None


@pytest.mark.parametrize(
    ("stage", "answer", "problem"),
    [
        (Stage.RCPT, f"550 5.1.1 <{TO}>: unknown.", "adressen findes ikke (550 5.1.1)"),
        (Stage.RCPT, f"552 5.2.2 {TO} over quota.", "postkassen kan ikke modtage mails (552 5.2.2)"),
        (Stage.DOT, "554 5.6.0 cannot read.", "mailserveren kan ikke læse mailen (554 5.6.0)"),
    ],
)
def test_a_refusal_is_final_and_its_reason_is_kept_without_the_address(
    engine: Engine,
    service: MailService,
    server: tuple[int, Book],
    caplog: pytest.LogCaptureFixture,
    stage: Stage,
    answer: str,
    problem: str,
) -> None:
    put(engine, "en", "to")
    server[1].faults.append(Fault(stage, answer))
    with caplog.at_level(logging.DEBUG, "storage"):
        done = service.deliver()
    assert (done.sent, done.given_up) == (1, 1)
    (refused,) = [one for one in (row(engine, "en"), row(engine, "to")) if one.given_up_at]
    assert refused.problem == problem and refused.address is None and refused.text is None
    assert TO not in caplog.text and "kurset" not in caplog.text
    assert service.state().problems == {problem: 1}


@pytest.mark.parametrize("answer", ["550 5.7.1 relaying denied.", "550 go away."])
def test_a_server_that_refuses_everything_throws_nothing_away(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock, answer: str
) -> None:
    put(engine, "en", "to", "tre")
    server[1].faults.extend([Fault(Stage.RCPT, answer)] * 3)
    assert service.deliver().given_up == 0
    clock.ahead += HOUR
    assert service.deliver().sent == 3


@pytest.mark.parametrize(
    ("stage", "answer"),
    [
        (Stage.RCPT, "550 5.7.1 relaying denied."),
        (Stage.RCPT, "550 go away."),
        (Stage.DOT, "554 5.7.1 not from you."),
        (Stage.RCPT, "550 5.1.8 sender domain does not exist."),
        (Stage.DOT, "553 5.1.7 bad sender."),
        (Stage.MAIL, "550 5.1.8 sender domain does not exist."),
        (Stage.MAIL, "550 5.7.1 sender not allowed."),
    ],
)
def test_days_of_our_own_fault_cost_no_mail(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock, stage: Stage, answer: str
) -> None:
    put(engine, "en", "to", "tre", "fire", "fem")
    tried(engine, TRIES - 2)
    for _ in range(3):
        server[1].faults.extend([Fault(stage, answer)] * 5)
        done = service.deliver()
        assert done.given_up == 0 and answer.partition(" ")[0] in done.problem
        server[1].faults.clear()
        clock.ahead += 2 * HOUR
    server[1].faults.extend([Fault(Stage.RCPT, "450 4.2.1 busy.")] * 5)
    assert service.deliver().given_up == 0  # each has one try left
    clock.ahead += 2 * HOUR
    assert service.deliver().sent == 5


def test_a_server_that_refuses_everything_is_not_asked_for_each_mail(
    engine: Engine, service: MailService, server: tuple[int, Book]
) -> None:
    put(engine, *(f"mail-{number}" for number in range(20)))
    server[1].faults.extend([Fault(Stage.RCPT, "550 5.7.1 relaying denied.")] * 20)
    assert service.deliver().postponed == UNWELCOME
    assert len(server[1].faults) == 20 - UNWELCOME


def test_a_sender_that_is_wrong_ends_the_run_at_once(
    engine: Engine, service: MailService, server: tuple[int, Book]
) -> None:
    put(engine, "en", "to", "tre")
    server[1].faults.extend([Fault(Stage.RCPT, "550 5.1.8 bad sender.")] * 3)
    done = service.deliver()
    assert (done.postponed, done.given_up, done.problem) == (1, 0, "mailserveren afviser afsenderen (550 5.1.8)")


def test_a_mail_that_a_server_refuses_from_us_alone_holds_up_no_other_and_ends(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock
) -> None:
    """Some mailboxes take nothing from machines: the others go before it, so that it is known to be about that one."""
    refusal = Fault(Stage.RCPT, "550 5.7.133 only members may send to this group.")
    put(engine, "gruppe")
    server[1].faults.append(refusal)
    service.deliver()
    tried(engine, TRIES - 2)
    for number in range(2):
        assert service.state().waiting == 1, number
        clock.ahead += 2 * HOUR
        put(engine, f"mail-{number}", at=clock())
        server[1].faults.extend([Fault(Stage.RCPT, FINE), refusal])
        assert service.deliver().sent == 1
    assert row(engine, "gruppe").problem == "mailserveren vil ikke sende adressen for os (550 5.7.133)"
    assert (service.state().sent, service.state().given_up) == (2, 1)


def test_a_plain_refusal_is_final_where_the_server_takes_others(
    engine: Engine, service: MailService, server: tuple[int, Book], clock: Clock
) -> None:
    put(engine, "en")
    server[1].faults.append(Fault(Stage.RCPT, "550 no such user."))
    assert (service.deliver().postponed, service.state().given_up) == (1, 0)
    put(engine, "to")
    clock.ahead += 2 * HOUR
    server[1].faults.extend([Fault(Stage.RCPT, FINE), Fault(Stage.RCPT, "550 no such user.")])
    done = service.deliver()
    assert (done.sent, done.given_up) == (1, 1)
    assert row(engine, "to").sent_at is not None
    assert row(engine, "en").problem == "mailserveren afviste adressen (550)"


def test_after_days_of_trying_a_mail_is_given_up(engine: Engine, clock: Clock) -> None:
    put(engine, "en")
    service = made(engine, free_port(), clock)
    for tried in range(1, TRIES + 1):
        assert service.state().waiting == 1, tried
        service.deliver()
        clock.ahead += HOUR + timedelta(minutes=1)
    assert row(engine).problem == "mailserveren kan ikke nås" and row(engine).given_up_at is not None


def test_pauses_grow_to_an_hour_and_differ() -> None:
    assert pause(1, lambda: 1.0) == timedelta(minutes=1)
    assert pause(3, lambda: 1.0) == timedelta(minutes=4)
    assert pause(99, lambda: 1.0) == HOUR
    assert pause(99, lambda: 0.0) == HOUR / 2


def test_an_address_that_could_say_more_than_an_address_is_not_used(
    engine: Engine, service: MailService, server: tuple[int, Book]
) -> None:
    for wrong in ("", "ingen", "a@b>\r\nRCPT TO:<c@d", "a b@c.dk", "åse@randers.dk", "a@b@c"):
        assert not usable(wrong)
    put(engine, "en", to="a@b>\r\nRCPT TO:<c@d")
    assert service.deliver().given_up == 1 and not server[1].stored


# --- encryption and passwords -----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Key and certificate of a mail server at 127.0.0.1, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "mail")])
    begins = datetime.now(UTC) - timedelta(days=1)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(begins)
        .not_valid_after(begins + timedelta(days=9))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), False)
        .add_extension(x509.BasicConstraints(True, 0), True)
        .sign(key, hashes.SHA256())
    )
    path = tmp_path_factory.mktemp("mail") / "mail.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(private + built.public_bytes(serialization.Encoding.PEM))
    return path


@pytest.fixture
def context(certificate: Path) -> ssl.SSLContext:
    made_context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    made_context.load_cert_chain(certificate)
    return made_context


@pytest.fixture
def trusted(certificate: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate))


@pytest.fixture
def sent(sqlite_engine: Engine, clock: Clock) -> Callable[..., str]:
    """Sends a mail through a server; what was wrong, empty when it arrived."""

    def send(port: int, **options: object) -> str:
        put(sqlite_engine, "en")
        return made(sqlite_engine, port, clock, **options).deliver().problem

    return send


@pytest.mark.usefixtures("trusted")
def test_encryption_is_used_where_it_is_offered(context: ssl.SSLContext, sent: Callable[..., str]) -> None:
    with running(context=context) as (port, book):
        assert sent(port) == ""
        assert book.encrypted == [True]


@pytest.mark.usefixtures("trusted")
def test_a_server_that_encrypts_from_the_first_byte_is_spoken_to_so(
    context: ssl.SSLContext, sent: Callable[..., str]
) -> None:
    assert (
        MailServer("mail.example.dk", 465).encrypted_at_once
        and not MailServer("mail.example.dk", 587).encrypted_at_once
    )
    users = [("ai", "rigtig")]
    with running(context=context, implicit=True, users=users) as (port, book):
        assert sent(port, implicit=True, user="ai", password=SecretStr("rigtig")) == ""
        assert book.encrypted == [True]


def test_a_certificate_is_checked_from_the_first_byte_too(context: ssl.SSLContext, sent: Callable[..., str]) -> None:
    with running(context=context, implicit=True) as (port, book):
        assert sent(port, implicit=True) == "mailserverens certifikat holder ikke"
        assert not book.stored


def test_a_server_that_does_not_encrypt_from_the_first_byte_gets_nothing(
    server: tuple[int, Book], sent: Callable[..., str]
) -> None:
    assert sent(server[0], implicit=True) == "krypteringen til mailserveren kom ikke i gang"
    assert not server[1].stored


def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    context: ssl.SSLContext, sent: Callable[..., str]
) -> None:
    with running(context=context) as (port, book):
        assert sent(port) == "mailserverens certifikat holder ikke"
        assert not book.stored


@pytest.mark.usefixtures("trusted")
def test_a_server_that_offers_encryption_and_refuses_it_gets_nothing(
    context: ssl.SSLContext, sent: Callable[..., str]
) -> None:
    with running(context=context) as (port, book):
        book.faults.append(Fault(Stage.STARTTLS, "454 4.7.0 not now."))
        assert sent(port) == "mailserveren svarede 454"
        assert not book.stored


def test_where_encryption_is_required_nothing_goes_without(server: tuple[int, Book], sent: Callable[..., str]) -> None:
    assert "STARTTLS" in sent(server[0], required=True)
    assert not server[1].stored


@pytest.mark.usefixtures("trusted")
def test_a_password_opens_the_server_and_a_wrong_one_does_not(
    context: ssl.SSLContext, sent: Callable[..., str], clock: Clock
) -> None:
    with running(context=context, users=[("ai", "rigtig")]) as (port, book):
        assert "SMTP_PASSWORD (535)" in sent(port, user="ai", password=SecretStr("forkert"))
        clock.ahead += HOUR
        assert sent(port, user="ai", password=SecretStr("rigtig")) == ""
        assert len(book.stored) == 1
