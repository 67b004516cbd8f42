"""How well the gate tells what must be stopped from what must pass, on a file of cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import yaml
from pydantic import BaseModel, ConfigDict

from rag.privacy.gate import cleaned, count

HOSTILE_TEXTS = (
    *(
        piece * (200_000 // len(piece))
        for piece in ("a", "A", "1", "12 ", "Jens ", "a.b-", "Nørre Store Lille ", "(at) ", "A.B.")
    ),
    *(
        piece * (200_000 // len(piece))
        for piece in ("Jens har kræft og ", "120385-1234 ", "født 120385 ", "ikke en opdigtet ")
    ),
    "Jens Hansen. " * 8_000 + "Kræft. " * 14_000,
    "opdigtet 120385-1234, " * 9_000,
)
"""Texts of about 200,000 characters that would keep a careless rule busy for ever."""


class Case(BaseModel):
    """A text and what must become of it: `pass`, or the kinds that must be found.

    `held_back`: nobody looks at what becomes of it while rules are written.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    kind: str
    expected: Literal["pass"] | tuple[str, ...]
    held_back: bool
    text: str

    @property
    def must_pass(self) -> bool:
        """Whether the text holds no personal data."""
        return self.expected == "pass"

    @property
    def holds(self) -> bool:
        """Whether the gate does what is expected, and what it cleans is clean."""
        found = count(self.text)
        if self.must_pass:
            return not found
        return set(self.expected) <= set(found) and not count(cleaned(self.text))


@dataclass(frozen=True)
class Share:
    """`right` of `total`."""

    right: int
    total: int

    @property
    def percent(self) -> float:
        """0 to 100; 100 of nothing."""
        return 100 * self.right / self.total if self.total else 100.0


def load_cases(path: Path) -> list[Case]:
    """The cases of a YAML file."""
    return [Case.model_validate(case) for case in yaml.safe_load(path.read_text("utf-8"))["cases"]]


def measured(cases: Sequence[Case], *, must_pass: bool, held_back: bool | None = None) -> Share:
    """How many of the cases that must pass (or be stopped) do; all of them, or those held back or not."""
    chosen = [case for case in cases if case.must_pass is must_pass and held_back in (None, case.held_back)]
    return Share(sum(case.holds for case in chosen), len(chosen))
