"""How much one file may cost: bytes, pages, unpacked size and time."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from rag.readers.errors import TookTooLong


@dataclass(frozen=True)
class Limits:
    """Bounds for reading one file. The defaults fit a municipal guideline with room to spare."""

    max_bytes: int = 20 * 1024 * 1024
    """Size of the uploaded file, bytes."""
    max_pages: int = 1_000
    """Pages of a PDF or slides of a presentation."""
    max_unpacked_bytes: int = 200 * 1024 * 1024
    """Sum of all entries of a docx/pptx after unpacking, bytes."""
    max_xml_bytes: int = 50 * 1024 * 1024
    """Sum of the XML entries alone, bytes; as a tree in memory XML takes about ten times that."""
    max_ratio: int = 200
    """Unpacked bytes per packed byte of one entry (only entries over 1 MB are judged)."""
    max_entries: int = 5_000
    """Entries in a docx/pptx."""
    max_tags: int = 300_000
    """Number of ``<`` in an HTML file."""
    max_seconds: float = 120.0
    """Time for the whole read including text recognition, seconds."""
    max_ocr_pages: int = 50
    """Pages that may be sent through text recognition."""


class Watch:
    """Holds the deadline of one read and passes progress on.

    ``progress`` receives fractions from 0.0 to 1.0 that never fall.
    """

    def __init__(self, limits: Limits, progress: Callable[[float], None] | None = None) -> None:
        self.limits = limits
        self._deadline = time.monotonic() + limits.max_seconds
        self._progress = progress
        self._reported = 0.0

    def part(self, start: float, end: float) -> "Watch":
        """A watch over one part of the read, with the same deadline; its 0.0-1.0 are passed on as `start` to `end`."""
        part = Watch(self.limits, lambda fraction: self.report(start + (end - start) * fraction))
        part._deadline = self._deadline
        return part

    def remaining(self) -> float:
        """Seconds left, 0.0 when the time is up."""
        return max(0.0, self._deadline - time.monotonic())

    def check(self) -> None:
        """Raise TookTooLong when the time is up."""
        if self.remaining() <= 0.0:
            raise TookTooLong(
                f"Filen tog mere end {self.limits.max_seconds:.0f} sekunder at læse. "
                "Del den i mindre filer, eller gem den igen som en enklere fil, og prøv så igen."
            )

    def report(self, fraction: float) -> None:
        """Tell how far the read has come (0.0-1.0), and check the time."""
        self.check()
        self._reported = max(self._reported, min(1.0, fraction))
        if self._progress is not None:
            self._progress(self._reported)
