"""Evaluations that are kept, and the check of our own everyday questions that runs in the background."""

import logging
import threading
import time
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Engine, select

from people.person import Person
from people.roles import Permission
from rag.evaluation import Result
from rag.search_service import SearchService
from rag.self_check import Miss, check
from rag.tables import EvaluationRow
from storage.base import new_id, now
from storage.session import reading, transaction

log = logging.getLogger(__name__)
OWN_QUESTIONS = "kildernes egne hverdagsspørgsmål"
KEPT_MISSES = 30
PAUSE = 0.01  # seconds between two questions; about a third of the time is left to people who ask
MODES = {"lexical": "kun ord", "hybrid": "ord og betydning"}


@dataclass(frozen=True)
class Evaluation:
    """One evaluation as it is kept: figures by the names of `evaluation.Result`, and the first of the `missed` questions.

    `revision` is that of the sources it searched; None for a data set that brings its own passages.
    """

    at: datetime
    data_set: str
    mode: str
    model: str | None
    revision: int | None
    figures: dict[str, float]
    misses: tuple[Miss, ...]

    @property
    def danish_mode(self) -> str:
        """How was searched, as shown to people."""
        return MODES[self.mode]


@dataclass(frozen=True)
class Progress:
    """How far the running check has come, and what went wrong with the last one."""

    running: bool
    done: int
    total: int
    problem: str | None


class EvaluationService:
    """Keeps evaluations and runs one check at a time in this process."""

    def __init__(self, engine: Engine, search: SearchService) -> None:
        self._engine = engine
        self._search = search
        self._lock = threading.Lock()
        self._progress = Progress(False, 0, 0, None)

    def start(self, person: Person) -> None:
        """Begin to check our own questions in the background; nothing happens while a check is running."""
        person.require(Permission.OPERATE)
        with self._lock:
            if self._progress.running:
                return
            self._progress = Progress(True, 0, 0, None)
        threading.Thread(target=self._run, name="self-check", daemon=True).start()

    def progress(self, person: Person) -> Progress:
        """The state of the check in this process."""
        person.require(Permission.SEE_QUALITY)
        return self._progress

    def last(self, person: Person, count: int = 1) -> list[Evaluation]:
        """The newest `count` evaluations, newest first."""
        person.require(Permission.SEE_QUALITY)
        query = select(EvaluationRow).order_by(EvaluationRow.at.desc(), EvaluationRow.id).limit(count)
        with reading(self._engine) as session:
            return [_view(row) for row in session.scalars(query)]

    def keep(self, result: Result, model: str | None) -> None:
        """Keep the figures of an evaluation made at the command line; no question of the data set is stored."""
        figures = result.model_dump(exclude_none=True, exclude={"name", "mode"})
        self._store(result.name, result.mode, model, None, figures, ())

    def _run(self) -> None:
        problem = None
        try:
            retriever = self._search.current().retriever
            found = check(retriever, self._report, lambda: time.sleep(PAUSE))
            model = self._search.state().model if retriever.hybrid else None
            mode = "hybrid" if retriever.hybrid else "lexical"
            figures = {"questions": float(found.questions), "missed": float(len(found.misses)), **found.figures}
            misses = found.misses[:KEPT_MISSES]
            self._store(OWN_QUESTIONS, mode, model, retriever.snapshot.revision, figures, misses)
        except Exception:  # whatever fails here, people must still be able to ask
            problem = "Evalueringen kunne ikke gøres færdig. Se driftsloggen, og prøv igen."
            log.exception("the check of our own questions failed")
        with self._lock:
            self._progress = Progress(False, 0, 0, problem)

    def _report(self, done: int, total: int) -> None:
        self._progress = Progress(True, done, total, None)

    def _store(
        self,
        data_set: str,
        mode: str,
        model: str | None,
        revision: int | None,
        figures: dict[str, float],
        misses: tuple[Miss, ...],
    ) -> None:
        row = EvaluationRow(
            id=new_id(),
            at=now(),
            data_set=data_set[:200],
            mode=mode,
            model=model,
            revision=revision,
            figures=figures,
            misses=[miss.model_dump() for miss in misses],
        )
        with transaction(self._engine) as session:
            session.add(row)


def _view(row: EvaluationRow) -> Evaluation:
    misses = tuple(Miss.model_validate(miss) for miss in row.misses)
    return Evaluation(row.at, row.data_set, row.mode, row.model, row.revision, row.figures, misses)
