"""A process that delivers what is in an outbox, in children of its own that it kills: `python -m tests.xapi_sender`.

Reads a number of seconds a line; answers `killed` or `done` when the child that began to deliver then has ended.
"""

import os
import signal
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import requests  # noqa: F401  loaded once, before the children are made
from pydantic import SecretStr

from courses.tables import CourseVersionRow  # noqa: F401  registers its tables
from courses.xapi.delivery import Delivery, Target
from courses.xapi.outbox import Outbox
from courses.xapi.record_store import RecordStore
from courses.xapi.statement_file import StatementFile
from storage.engine import make_engine
from tests.record_store_server import KEY, SECRET


class SlowOutbox(Outbox):
    """An outbox that takes its time between a delivery and the note of it, where a crash is worst."""

    def delivered(self, ids: Sequence[str]) -> None:
        time.sleep(0.02)
        super().delivered(ids)


def target_of(text: str) -> Target:
    """A store for an address, else a file."""
    return (
        RecordStore(text, SecretStr(KEY), SecretStr(SECRET)) if text.startswith("http") else StatementFile(Path(text))
    )


def main() -> None:
    url, schema, where = sys.argv[1:]
    print("ready", flush=True)
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            try:
                Delivery(SlowOutbox(make_engine(url, schema)), target_of(where)).run(early=True)
            finally:
                os._exit(0)
        time.sleep(float(line))
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


if __name__ == "__main__":
    main()
