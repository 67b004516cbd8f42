"""A file of statements, one JSON object a line, that is only ever added to.

A line is written whole, or is mended: a crash may leave the last one cut, and it is cut off before the next is written. The
statements of it are still in the outbox. One process writes at a time.
"""

import json
import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

from filelock import FileLock, Timeout

from courses.xapi.errors import Unavailable
from courses.xapi.outbox import BATCH

BEGINNING = b'{"id": "'
TAIL = 250_000  # bytes that are read at the end at first
LOCK_SECONDS = 10.0


@dataclass(frozen=True, slots=True)
class StatementFile:
    """The file at `path`; made, readable by the owner only, with its first statement."""

    path: Path

    def there(self) -> set[str]:
        """Ids of the last statements, a batch at least. Raises `Unavailable`."""
        try:
            with self.path.open("rb") as file:
                _, whole, _ = _end(file)
                return _ids(whole)
        except FileNotFoundError:
            return set()
        except OSError as error:
            raise _unwritable(error) from error

    def send(self, statements: Sequence[dict[str, Any]]) -> None:
        """Add those that are not among the last ones already; when this returns, they are on the disk.

        Raises `Unavailable` when the file cannot be written, or does not look like one of ours.
        """
        try:
            self.path.parent.mkdir(parents=True, exist_ok=True)
            with FileLock(f"{self.path}.lock", timeout=LOCK_SECONDS):
                new = not self.path.exists()
                handle = os.open(self.path, os.O_RDWR | os.O_CREAT, 0o600)
                with os.fdopen(handle, "r+b") as file:
                    self._add(file, statements)
                if new:
                    _sync_folder(self.path.parent)
        except Timeout as error:
            raise Unavailable("en anden proces skriver i filen") from error
        except OSError as error:
            raise _unwritable(error) from error

    def _add(self, file: BinaryIO, statements: Sequence[dict[str, Any]]) -> None:
        start, whole, cut = _end(file)
        if cut:
            if not (cut.startswith(BEGINNING) or BEGINNING.startswith(cut)):
                raise Unavailable("filens sidste linje er ikke et udsagn; vælg en anden fil")
            file.truncate(start + len(whole))
        there = _ids(whole)
        lines = [json.dumps(one, ensure_ascii=False).encode() + b"\n" for one in statements if one["id"] not in there]
        file.seek(0, os.SEEK_END)
        file.write(b"".join(lines))
        file.flush()
        os.fsync(file.fileno())


def _end(file: BinaryIO) -> tuple[int, bytes, bytes]:
    """The end of a file from a place on: a batch of whole lines at least, and what is cut of a last one."""
    length, size = file.seek(0, os.SEEK_END), TAIL
    while True:
        start = file.seek(max(length - size, 0))
        tail = file.read()
        if start == 0 or tail.count(b"\n") > BATCH + 1:
            whole = tail[: tail.rfind(b"\n") + 1]
            return start, whole, tail[len(whole) :]
        size *= 2


def _unwritable(error: OSError) -> Unavailable:
    return Unavailable(f"filen kan ikke skrives ({error.strerror or type(error).__name__})")


def _ids(lines: bytes) -> set[str]:
    """Ids of the statements in whole lines; a first line may be cut, and lines of others are nobody's."""
    found = set()
    for line in lines.splitlines():
        if line.startswith(BEGINNING):
            found.add(line[len(BEGINNING) : len(BEGINNING) + 36].decode("ascii", "replace"))
    return found


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
