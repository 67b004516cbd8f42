"""The gate: find, count and clean. It fails closed: text that cannot be checked counts as personal data."""

import logging
from collections import Counter
from collections.abc import Callable, Iterable

from rag.privacy.contacts import addresses, email_addresses
from rag.privacy.finding import PLACEHOLDERS, Finding
from rag.privacy.folded import fold
from rag.privacy.matters import sensitive_names
from rag.privacy.personal_numbers import cpr_numbers, number_plates, phone_numbers

log = logging.getLogger(__name__)
Detector = Callable[[str], Iterable[Finding]]
DETECTORS: tuple[Detector, ...] = (
    cpr_numbers,
    email_addresses,
    addresses,
    phone_numbers,
    number_plates,
    sensitive_names,
)
ROUNDS = 5


def find_all(text: str, detectors: tuple[Detector, ...] = DETECTORS) -> list[Finding]:
    """Everything found in `text`, public contact details included, in order and without overlaps.

    Where two overlap, the one whose detector comes first is kept.
    """
    try:
        folded = fold(text)
        taken = bytearray(len(folded.text))
        found: list[Finding] = []
        for detector in detectors:
            for one in sorted(detector(folded.text), key=lambda finding: (finding.start, -finding.end)):
                if not any(taken[one.start : one.end]):
                    taken[one.start : one.end] = b"\x01" * (one.end - one.start)
                    found.append(Finding(one.kind, *folded.origin(one.start, one.end), one.public))
        return sorted(found, key=lambda finding: finding.start)
    except Exception as error:  # noqa: BLE001  whatever goes wrong, the text is stopped
        log.error("privacy gate failed: %s", type(error).__name__)  # the message might quote the text
        return [Finding("unchecked", 0, len(text))]


def find(text: str, detectors: tuple[Detector, ...] = DETECTORS) -> list[Finding]:
    """Personal data that stops `text`, in order and without overlaps."""
    return [finding for finding in find_all(text, detectors) if not finding.public]


def count(text: str) -> dict[str, int]:
    """How many of each kind stop `text`; the only thing about personal data that may be logged."""
    return dict(Counter(finding.kind for finding in find(text)))


def cleaned(text: str) -> str:
    """`text` with the kind in brackets in place of each finding. What is left holds no finding."""
    for _ in range(ROUNDS):
        findings = find(text)
        if not findings:
            return text
        for finding in reversed(findings):
            text = f"{text[: finding.start]}[{PLACEHOLDERS[finding.kind]}]{text[finding.end :]}"
    return text if not find(text) else ""
