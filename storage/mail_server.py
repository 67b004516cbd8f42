"""A mail server (SMTP, RFC 5321), and what it may answer.

`hand_over` goes step by step, because one moment matters: before the final dot the server cannot have the mail, after it
only the server knows. `about_to_finish` is called between the two, when everything but the dot is there.
"""

import re
import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType

from pydantic import SecretStr

HERE = ("localhost", "127.0.0.1", "::1")
COMMAND_SECONDS = 60.0
# RFC 5321, 4.5.3.2.6: a server may take that long after the final dot, and giving up early makes duplicates.
END_SECONDS = 600.0
_ENHANCED = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_DOT = re.compile(rb"^\.", re.MULTILINE)
TLS_PORT = 465  # encrypted from the first byte (RFC 8314, 3.3)
# RFC 3463: what is wrong with one recipient or one mail. Under 5.1 some are about the sender, and 5.1.0 may be about either.
_OF_SENDER = ("5.1.7", "5.1.8")
_OF_EITHER = ("5.1.0",)
_REASONS = {
    "5.1.": "adressen findes ikke",
    "5.2.": "postkassen kan ikke modtage mails",
    "5.6.": "mailserveren kan ikke læse mailen",
}


class MailError(Exception):
    """Base; `str(error)` is Danish, and never holds an address or a piece of a mail: servers like to repeat them."""


class Unavailable(MailError):
    """The server takes no mail now: it cannot be reached, is not set up right, or does not want us."""


class Unwelcome(Unavailable):
    """The server takes no mail from this sender; that says nothing of the mail at hand."""


class Postponed(MailError):
    """The server does not take this mail now."""


class Forbidden(Postponed):
    """The server does not take this mail from us: relaying is denied to us, or this recipient takes none from our kind."""


class Refused(MailError):
    """The server will not take this mail. `certain` says that it is about the one it is for, and not about us."""

    def __init__(self, message: str, *, certain: bool) -> None:
        super().__init__(message)
        self.certain = certain


class Unanswered(MailError):
    """The server had the whole mail and was gone before it answered."""


@dataclass(frozen=True, slots=True)
class MailServer:
    """Where mails are handed over. A password is never sent unencrypted, except to this machine; `required` encrypts always, and
    `implicit` from the first byte, as port 465 does anyhow.

    `command_seconds` and `end_seconds` are how long an answer is waited for, the latter after the final dot.
    """

    host: str
    port: int = 25
    user: str | None = None
    password: SecretStr | None = None
    required: bool = False
    implicit: bool = False
    command_seconds: float = COMMAND_SECONDS
    end_seconds: float = END_SECONDS

    @property
    def encrypted_at_once(self) -> bool:
        """Whether the conversation begins encrypted, without STARTTLS."""
        return self.implicit or self.port == TLS_PORT

    def connect(self) -> "Connection":
        """A connection that is ready for mails. Raises `Unavailable`."""
        try:
            smtp = self._open()
        except (OSError, smtplib.SMTPException) as error:
            raise Unavailable(_trouble(error)) from error
        try:
            self._secure(smtp)
        except (OSError, smtplib.SMTPException) as error:
            smtp.close()
            raise Unavailable(_trouble(error)) from error
        except Unavailable:
            smtp.close()
            raise
        return Connection(smtp, self.end_seconds, self.command_seconds)

    def _open(self) -> smtplib.SMTP:
        if self.encrypted_at_once:
            context = ssl.create_default_context()
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.command_seconds, context=context)
        return smtplib.SMTP(self.host, self.port, timeout=self.command_seconds)

    def _secure(self, smtp: smtplib.SMTP) -> None:
        smtp.ehlo_or_helo_if_needed()
        if self.encrypted_at_once:
            pass  # it is already
        elif smtp.has_extn("starttls"):
            smtp.starttls(context=ssl.create_default_context())
            smtp.ehlo()
        elif self.required or (self.password and self.host not in HERE):
            raise Unavailable("mailserveren tilbyder ikke kryptering (STARTTLS), og uden den sendes intet")
        if self.user and self.password:
            smtp.login(self.user, self.password.get_secret_value())


class Connection:
    """An open connection; several mails may go through it, one after the other. Broken ones are closed."""

    def __init__(self, smtp: smtplib.SMTP, end_seconds: float, command_seconds: float) -> None:
        self._smtp = smtp
        self._end_seconds = end_seconds
        self._command_seconds = command_seconds

    def __enter__(self) -> "Connection":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether it can still be used."""
        return self._smtp.sock is not None

    def close(self) -> None:
        """Say goodbye; safe to repeat."""
        if self.is_open:
            try:
                self._wait_for(1.0)  # whatever it says to that changes nothing
                self._smtp.quit()
            except (OSError, smtplib.SMTPException):
                self._smtp.close()

    def hand_over(self, sender: str, address: str, body: bytes, about_to_finish: Callable[[], None]) -> None:
        """Give the server a mail; returns when it has accepted it.

        An error of `about_to_finish` goes through, and the mail is not handed over. Raises `MailError` otherwise.
        """
        try:
            self._announce(sender, address)
            self._smtp.send(_DOT.sub(b"..", body))
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            raise Unavailable(_trouble(error)) from error
        try:
            about_to_finish()
        except BaseException:
            self._smtp.close()  # without the dot the server throws it away
            raise
        self._check(*self._finish(), "mailen")

    def _announce(self, sender: str, address: str) -> None:
        code, reply = self._smtp.mail(sender)
        if code != 250:  # about us, and not about whom it is for
            self._reset()
            trouble = Unwelcome if code >= 500 else Unavailable
            raise trouble(f"mailserveren afviser afsenderen ({_codes(code, reply)})")
        code, reply = self._smtp.rcpt(address)
        if code not in (250, 251):
            self._reset()
            self._check(code, reply, "adressen")
        code, reply = self._smtp.docmd("DATA")
        if code != 354:
            self._reset()
            self._check(code, reply, "mailen")

    def _finish(self) -> tuple[int, bytes]:
        try:
            self._wait_for(self._end_seconds)
            self._smtp.send(b".\r\n")
            code, reply = self._smtp.getreply()
            self._wait_for(self._command_seconds)
        except (OSError, smtplib.SMTPException) as error:
            self._smtp.close()
            raise Unanswered("mailserveren fik hele mailen, men svarede ikke") from error
        if not 200 <= code < 600:
            self._smtp.close()
            raise Unanswered("mailserveren svarede noget, der ikke kan forstås")
        return code, reply

    def _wait_for(self, seconds: float) -> None:
        if self._smtp.sock is not None:
            self._smtp.sock.settimeout(seconds)

    def _reset(self) -> None:
        try:
            self._smtp.rset()
        except (OSError, smtplib.SMTPException):
            self._smtp.close()

    def _check(self, code: int, reply: bytes, what: str) -> None:
        """Raise what an answer means, unless it is yes."""
        if 200 <= code < 300:
            return
        codes = _codes(code, reply)
        if code == 421:
            self._smtp.close()
            raise Unavailable(f"mailserveren lukker ({codes})")
        if code < 500:
            raise Postponed(f"mailserveren tager ikke {what} nu ({codes})")
        enhanced = codes.partition(" ")[2]
        if enhanced in _OF_SENDER:
            raise Unwelcome(f"mailserveren afviser afsenderen ({codes})")
        if enhanced.startswith("5.7."):
            # About what we may do, and seldom about this mail: "relay access denied" must not throw everything away.
            raise Forbidden(f"mailserveren vil ikke sende {what} for os ({codes})")
        certain = enhanced[:4] in _REASONS and enhanced not in _OF_EITHER
        reason = _REASONS[enhanced[:4]] if certain else f"mailserveren afviste {what}"
        raise Refused(f"{reason} ({codes})", certain=certain)


def _codes(code: int, reply: bytes) -> str:
    """`550 5.1.1`: what is worth keeping of an answer."""
    found = _ENHANCED.search(reply.decode("ascii", "replace"))
    return f"{code} {found.group(1)}" if found else str(code)


def _trouble(error: Exception) -> str:
    """What is wrong with a server, in Danish, without what it wrote."""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "mailserverens certifikat holder ikke"
    if isinstance(error, ssl.SSLError):
        return "krypteringen til mailserveren kom ikke i gang"
    if isinstance(error, TimeoutError):
        return "mailserveren svarede ikke i tide"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"mailserveren godtager ikke SMTP_USER og SMTP_PASSWORD ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "mailserveren brød forbindelsen"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"mailserveren svarede {error.smtp_code}"
    if isinstance(error, smtplib.SMTPNotSupportedError):
        return "mailserveren kan ikke det, der er brug for (login eller kryptering)"
    return "mailserveren kan ikke nås"
