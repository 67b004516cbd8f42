"""A prepared machine for the measurements: a data folder of its own with sources, vectors and one conversation.

Nothing of the real installation is touched: folder and database are named in the environment of the measured process,
which outweighs any `.env`.
"""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.corpus import progress
from benchmarks.isolation import alone
from bootstrap import start
from rag.errors import EncoderMissing
from settings import Settings

ASKER = "demo-mette"
QUESTIONS = (
    "Må jeg bruge ChatGPT til at skrive et brev til en borger?",
    "Hvornår skal vi lave en konsekvensanalyse, når vi vil bruge AI?",
    "Hvornår træder højrisikoreglerne i kraft?",
)
UNANSWERABLE = "Hvad koster en månedlig parkeringslicens ved rådhuset?"


@dataclass(frozen=True)
class House:
    """A prepared data folder. `conversation` is one of `ASKER`'s, with answers and a refusal; the inbox holds one question."""

    folder: Path
    conversation: str
    hybrid: bool

    @property
    def environment(self) -> dict[str, str]:
        """The variables that lead a process to the folder."""
        return environment(self.folder)

    @contextmanager
    def copy(self) -> Iterator["House"]:
        """The same house in a folder of its own, so that one measurement does not change what the next one finds."""
        with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as temporary:
            folder = Path(temporary) / "data"
            shutil.copytree(self.folder, folder)
            yield House(folder, self.conversation, self.hybrid)


def environment(folder: Path) -> dict[str, str]:
    """Variables of a process that works in `folder` and nowhere else."""
    return {
        "DATA_DIR": str(folder),
        "DATABASE_URL": f"sqlite:///{folder / 'ai-univers.sqlite3'}",
        "AUTH_MODE": "demo",
        "PUBLIC_URL": "http://localhost:8501",
        "LOG_LEVEL": "ERROR",
    }


@contextmanager
def prepared() -> Iterator[House]:
    """A house that is ready to work: sources read, passages encoded, one conversation kept."""
    progress("Gør en datamappe klar (indlæser og indkoder kilderne)")
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as temporary:
        folder = Path(temporary) / "data"
        conversation, hybrid = alone(environment(folder), _prepare)
        yield House(folder, conversation, hybrid)


def _prepare() -> tuple[str, bool]:
    services = start(Settings())  # type: ignore[call-arg]  # values come from the environment
    try:
        services.search.encode(_report)
    except EncoderMissing as error:
        progress(str(error))
    person = services.people.find(ASKER)
    conversation: str | None = None
    for question in (*QUESTIONS, UNANSWERABLE):
        answer = services.assistant.ask(question)
        conversation, _ = services.conversations.add(person, conversation, question, answer)
    refused = services.assistant.ask(UNANSWERABLE)
    _, turn = services.conversations.add(person, None, UNANSWERABLE, refused)
    services.inbox.send_on(person, turn, "")
    return conversation or "", services.search.current().retriever.hybrid


def _report(done: int, total: int) -> None:
    if done == total or done % 160 == 0:
        progress(f"  {done} af {total} tekststykker indkodet")
