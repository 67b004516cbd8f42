"""Settings of the mail server: the municipality's names, and no half an access."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from bootstrap import connect
from settings import Settings, explained


def test_without_any_there_is_no_mail() -> None:
    assert Settings().smtp_host is None and Settings().mail_sender is None


@pytest.mark.parametrize(
    "names",
    [
        ("SMTP_HOST", "SMTP_PORT", "SMTP_SENDER", "SMTP_PASSWORD", "SMTP_SENDER_NAME"),
        (
            "FEEDBACK_SMTP_SERVER",
            "FEEDBACK_SMTP_PORT",
            "FEEDBACK_SMTP_SENDER_EMAIL",
            "FEEDBACK_SMTP_SENDER_PASSWORD",
            "FEEDBACK_SMTP_SENDER_NAME",
        ),
    ],
)
def test_the_municipalitys_names_are_known(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    for name, value in zip(names, ("smtp.randers.dk", "587", "no-reply", "hemmelig", "Randers"), strict=True):
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert (settings.smtp_host, settings.smtp_port, settings.smtp_sender_name) == ("smtp.randers.dk", 587, "Randers")
    assert settings.mail_sender == "no-reply@randers.dk"
    assert "hemmelig" not in repr(settings)


def test_a_whole_address_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SMTP_HOST", "localhost")
    monkeypatch.setenv("SMTP_SENDER", "ai@example.dk")
    assert Settings().mail_sender == "ai@example.dk"


@pytest.mark.parametrize(
    ("port", "word", "at_once", "required"),
    [
        ("25", "auto", False, False),
        ("587", "required", False, True),
        ("465", "auto", True, False),
        ("2465", "implicit", True, False),
    ],
)
def test_how_the_server_is_spoken_to(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, port: str, word: str, at_once: bool, required: bool
) -> None:
    for name, value in (("HOST", "smtp.randers.dk"), ("PORT", port), ("SENDER", "ai"), ("STARTTLS", word)):
        monkeypatch.setenv(f"SMTP_{name}", value)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    mail = connect(Settings()).mail
    assert mail is not None
    assert (mail.server.encrypted_at_once, mail.server.required) == (at_once, required)


@pytest.mark.parametrize(
    ("found", "missing"),
    [
        ({"SMTP_HOST": "h"}, "SMTP_SENDER"),
        ({"SMTP_SENDER": "ai"}, "SMTP_HOST"),
        ({"SMTP_PASSWORD": "hemmelig"}, "SMTP_HOST, SMTP_SENDER"),
        ({"SMTP_HOST": "h", "SMTP_SENDER": "ai", "SMTP_USER": "ai"}, "SMTP_PASSWORD"),
    ],
)
def test_half_an_access_is_refused_in_danish(
    monkeypatch: pytest.MonkeyPatch, found: dict[str, str], missing: str
) -> None:
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    text = explained(caught.value)
    assert f"{missing} mangler" in text and "hemmelig" not in text


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SMTP_PORT", "0"),
        ("SMTP_STARTTLS", "off"),
        ("SMTP_SENDER", "a@b>\r\nRCPT TO:<c"),
        ("SMTP_SENDER", "to adresser@randers.dk"),
        ("SMTP_SENDER_NAME", "AI\r\nBcc: alle"),
    ],
)
def test_values_that_cannot_be_used_are_refused(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=f"(?i){name}"):
        Settings()
