"""What stops a prompt before it is assessed: personal data and case data, told by kind and number and never by its text."""

from dataclasses import dataclass

from courses.prompts.case_data import CASE_NUMBER, RECORD, case_data
from rag import privacy

NAMES = {
    CASE_NUMBER: ("sagsnummer eller journalnummer", "sagsnumre eller journalnumre"),
    RECORD: ("uddrag, der ligner en borgers sag", "uddrag, der ligner en borgers sag"),
}
REASONS = {
    **privacy.REASONS,
    CASE_NUMBER: "Et sagsnummer fører direkte til sagen og til den, sagen handler om.",
    RECORD: "Notater fra en sag kan genkendes, også når navn og CPR-nummer er taget ud.",
}
LESSONS = {
    **privacy.LESSONS,
    CASE_NUMBER: "Udelad nummeret, og beskriv, hvilken slags sag det er.",
    RECORD: "Beskriv situationen i to-tre sætninger, som passer på mange borgere.",
}
PLACEHOLDERS = {CASE_NUMBER: "sagsnummer", RECORD: "uddrag fra en sag"}
ROUNDS = 5


@dataclass(frozen=True)
class Found:
    """`count` findings of a kind. `name` is "2 CPR-numre", `reason` why it matters, `lesson` what to write instead."""

    kind: str
    count: int
    name: str
    reason: str
    lesson: str


@dataclass(frozen=True)
class Findings:
    """What was found, and a `cleaned` version to offer; it is empty where the text could not be cleaned."""

    found: tuple[Found, ...]
    cleaned: str

    @property
    def counts(self) -> dict[str, int]:
        """How many of each kind; the only thing about a stopped prompt that may be stored or logged."""
        return {one.kind: one.count for one in self.found}


def screened(text: str) -> Findings | None:
    """What stops `text`; None when nothing does."""
    counts = _counts(text)
    if not counts:
        return None
    found = (Found(kind, count, _named(kind, count), REASONS[kind], LESSONS[kind]) for kind, count in counts.items())
    return Findings(tuple(found), cleaned(text))


def cleaned(text: str) -> str:
    """`text` with the kind in brackets in place of personal data and case data; empty when something would be left."""
    for _ in range(ROUNDS):
        text = privacy.cleaned(text)
        found = case_data(text)
        if not found:
            return text
        for finding in reversed(found):
            text = f"{text[: finding.start]}[{PLACEHOLDERS[finding.kind]}]{text[finding.end :]}"
    return ""


def _counts(text: str) -> dict[str, int]:
    """Findings by kind. A case number that the gate takes for something else is counted once, as what the gate says."""
    people = privacy.find(text)
    counts: dict[str, int] = {}
    for finding in people:
        counts[finding.kind] = counts.get(finding.kind, 0) + 1
    for finding in case_data(text):
        same = any(one.start < finding.end and finding.start < one.end for one in people)
        if finding.kind == RECORD or not same:
            counts[finding.kind] = counts.get(finding.kind, 0) + 1
    return counts


def _named(kind: str, count: int) -> str:
    if kind in NAMES:
        return f"{count} {NAMES[kind][count > 1]}"
    return privacy.named(kind, count)
