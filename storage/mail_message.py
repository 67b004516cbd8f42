"""A mail as it goes over the wire: plain text, the same bytes each time it is made.

A server may have taken a mail and died before it said so; then it is sent again. `Message-ID` and `Date` are made of the row, so
that the two are alike and a mailbox that knows duplicates keeps one (Exchange: Message-ID and time of submission, for 7 days).
"""

import re
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+")


@dataclass(frozen=True, slots=True)
class Sender:
    """Whom mails come from."""

    address: str
    name: str


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A mail on its way: the row's id, the address it goes to, and what it says. `made_at` is when it was written."""

    id: str
    address: str
    subject: str
    text: str
    made_at: datetime


def usable(address: str) -> bool:
    """Whether mail can be sent to an address: ASCII, one @, and nothing that could end a command."""
    return len(address) <= 254 and _ADDRESS.fullmatch(address) is not None


def message_id(mail: Outgoing, sender: Sender) -> str:
    """The mail's name in all mailboxes; tells nothing of whom it is for."""
    return f"<{mail.id}@{sender.address.partition('@')[2]}>"


def as_bytes(mail: Outgoing, sender: Sender) -> bytes:
    """The mail with CRLF line ends, seven bits wide. Raises `ValueError` when it cannot be written as one."""
    message = EmailMessage(policy=SMTP)
    try:
        message["From"] = Address(sender.name, addr_spec=sender.address)
        message["To"] = Address(addr_spec=mail.address)
    except (MessageError, IndexError) as error:  # the parser of addresses raises both
        raise ValueError("an address that cannot be written") from error
    message["Subject"] = " ".join(mail.subject.split())  # a line break would begin another header
    message["Date"] = mail.made_at
    message["Message-ID"] = message_id(mail, sender)
    # Written by a machine (RFC 3834); Exchange asks for its own word: neither absence notes nor receipts come back.
    message["Auto-Submitted"] = "auto-generated"
    message["X-Auto-Response-Suppress"] = "All"
    message.set_content(mail.text, charset="utf-8", cte="quoted-printable")
    return message.as_bytes()
