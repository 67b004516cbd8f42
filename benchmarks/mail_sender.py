"""A process that empties an outbox, in children of its own that it kills: `python -m benchmarks.mail_sender URL SCHEMA PORT`.

Reads a number of seconds and how far its clock is ahead (seconds) a line; answers `killed` or `done` when the child that began
to send then has ended.
"""

import os
import signal
import sys
import time
from datetime import timedelta

from storage.base import now
from storage.engine import make_engine
from storage.mail_message import Sender
from storage.mail_server import MailServer
from storage.mail_service import MailService


def main() -> None:
    """Send and be killed, until there is no more to read."""
    url, schema, port = sys.argv[1:]
    print("ready", flush=True)
    for line in sys.stdin:
        seconds, ahead = (float(part) for part in line.split())
        child = os.fork()
        if child == 0:
            try:
                _send(url, schema, int(port), timedelta(seconds=ahead))
            finally:
                os._exit(0)
        time.sleep(seconds)
        os.kill(child, signal.SIGKILL)
        _, status = os.waitpid(child, 0)
        print("killed" if os.WIFSIGNALED(status) else "done", flush=True)


def _send(url: str, schema: str, port: int, ahead: timedelta) -> None:
    sender = Sender("ai-univers@example.dk", "AI-Univers")
    MailService(make_engine(url, schema), MailServer("127.0.0.1", port), sender, lambda: now() + ahead).deliver()


if __name__ == "__main__":
    main()
