"""Screening of a document before it is published: what was found, where, in a masked excerpt."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from rag.privacy.finding import Finding
from rag.privacy.gate import find_all

STOPS = frozenset({"cpr", "unchecked"})
CONTEXT = 40
MASK = "•"
SHOWN = 2


@dataclass(frozen=True)
class Part:
    """A piece of a document. `place` tells a person where it stands: page, heading, file name."""

    place: str
    text: str


@dataclass(frozen=True)
class Spot:
    """One finding. `excerpt` has the words around it, and of every finding in it the first two characters at most."""

    kind: str
    place: str
    excerpt: str
    public: bool

    @property
    def stops(self) -> bool:
        """Whether the document may not be published with it."""
        return self.kind in STOPS


class Screened:
    """What has been looked through: `spots` are the places that look like personal data."""

    spots: tuple[Spot, ...]

    @property
    def findings(self) -> dict[str, int]:
        """How much personal data of each kind."""
        return counted(self.spots)

    @property
    def stopped(self) -> bool:
        """Whether it holds something that may not be published, such as a CPR number, unless somebody vouches for it."""
        return any(spot.stops for spot in self.spots)

    @property
    def stopping_places(self) -> str:
        """Where that is, in words."""
        return "; ".join(dict.fromkeys(spot.place for spot in self.spots if spot.stops))


def screen(parts: Iterable[Part]) -> tuple[Spot, ...]:
    """What the parts of a document hold, in order. Numbers that the text calls invented are left out."""
    spots = []
    for part in parts:
        findings = find_all(part.text)
        masked = _masked(part.text, findings)
        for finding in findings:
            if finding.kind == "unchecked":
                spots.append(Spot(finding.kind, part.place, "", public=False))
                continue
            start, end = max(0, finding.start - CONTEXT), min(len(masked), finding.end + CONTEXT)
            excerpt = f"{'…' if start else ''}{' '.join(masked[start:end].split())}{'…' if end < len(masked) else ''}"
            spots.append(Spot(finding.kind, part.place, excerpt, finding.public))
    return tuple(spots)


def masked(text: str) -> str:
    """`text` with what stops a document masked, for a preview."""
    return _masked(text, [finding for finding in find_all(text) if finding.kind in STOPS])


def counted(spots: Iterable[Spot]) -> dict[str, int]:
    """How many of each kind."""
    return dict(Counter(spot.kind for spot in spots))


def _masked(text: str, findings: list[Finding]) -> str:
    """`text` with findings masked, character by character, so that every place in it stays."""
    for finding in findings:
        inside = text[finding.start : finding.end]
        hidden = "".join(MASK if letter.isalnum() else letter for letter in inside[SHOWN:])
        text = text[: finding.start] + inside[:SHOWN] + hidden + text[finding.end :]
    return text
