"""The assistant: privacy gate, search, refusal, answer.

It keeps nothing itself: conversations are stored by their service, and the log of questions gets figures without words.
"""

import logging
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from rag import followup, instructions, privacy, refusal
from rag.answer import EXTRACT, Answer, Outcome, nearest
from rag.errors import InvalidQuestion
from rag.extract import Extractor
from rag.generation import Writer
from rag.index import Snapshot
from rag.retriever import Hit
from rag.search_service import Search, SearchService
from rag.stages import Stage, stage, timed

log = logging.getLogger(__name__)
LOOK_AT = 12
NEAREST = 3
SUGGESTIONS = 3


class Log(Protocol):
    """Where the figures of a question go; never its words."""

    def record(self, answer: Answer, milliseconds: Mapping[Stage, float]) -> None: ...


@dataclass(frozen=True)
class Assistant:
    """Answers from the sources in force. `max_chars` is the longest question accepted; without `log` nothing is counted,
    and without `writer` every answer is made of quotes."""

    search: SearchService
    max_chars: int
    log: Log | None = None
    writer: Writer | None = None

    def ask(self, question: str, writing: Callable[[], None] = lambda: None, earlier: Sequence[str] = ()) -> Answer:
        """The answer to one question; raises `InvalidQuestion`. A question with personal data is blocked before search.

        `earlier` are the questions of the same conversation, oldest first: "og i skolen?" is understood after them.
        `writing` is called when the search is over and a language model is asked, which takes seconds.
        """
        with timed() as watch:
            answer = self._ask(question, writing, earlier)
        # without its time: that would lead from a clock time to a row of the log
        log.info("question %s by %s", answer.status, answer.made_by)
        if self.log is not None:
            self.log.record(answer, watch.milliseconds)
        return answer

    def ask_in(self, question: str, sources: Collection[str]) -> Answer:
        """The answer to one question from these sources alone, in quotes; nothing is counted. Raises `InvalidQuestion`."""
        question = self._acceptable(question)
        if findings := privacy.count(question):
            return Answer(status=Outcome.BLOCKED, findings=findings, cleaned=privacy.cleaned(question))
        search = self.search.current()
        whole = search.retriever.snapshot
        chosen = [passage for passage in whole.passages if passage.version.source_id in sources]
        part = Snapshot(whole.revision, whole.day, chosen, whole.glossary)
        meant = instructions.without_orders(search.spelling.corrected(question))
        found = search.retriever.over(part).look(meant, LOOK_AT)
        # how rare words are, and with that how much is told, is judged among all sources
        seen = refusal.evidence(meant, found, search.extractor, calibrated=search.calibrated)
        shown = Extractor(part).compose(meant, found) if found.hits and refusal.answers(seen) else ()
        return Answer(
            status=Outcome.ANSWERED if shown else Outcome.REFUSED,
            understood="" if meant == question else meant,
            sentences=shown,
            passages=nearest(found.hits, NEAREST),
            hybrid=found.hybrid,
            confidence=round(refusal.confidence(seen), 3),
        )

    def _acceptable(self, question: str) -> str:
        question = " ".join(question.split())
        if not question:
            raise InvalidQuestion("Skriv et spørgsmål først.")
        if len(question) > self.max_chars:
            raise InvalidQuestion(
                f"Spørgsmålet er for langt. Skriv højst {self.max_chars} tegn, og stil ét spørgsmål ad gangen."
            )
        return question

    def _ask(self, question: str, writing: Callable[[], None], earlier: Sequence[str]) -> Answer:
        question = self._acceptable(question)
        meant = followup.understood(question, earlier)
        with stage(Stage.GATE):
            # What is harmless alone may tell about a person together with the question before it.
            findings = privacy.count(question) or privacy.count(meant)
        if findings:
            log.info("question blocked by the privacy gate: %s", findings)
            return Answer(status=Outcome.BLOCKED, findings=findings, cleaned=privacy.cleaned(question))
        with stage(Stage.INDEX):
            search = self.search.current()
            meant = search.spelling.corrected(meant)
        answer = self._answer(search, instructions.without_orders(meant), writing)
        return answer if meant == question else answer.model_copy(update={"understood": meant})

    def _answer(self, search: Search, question: str, writing: Callable[[], None]) -> Answer:
        found = search.retriever.look(question, LOOK_AT)
        hits = found.hits
        with stage(Stage.EXTRACT):
            seen = refusal.evidence(question, found, search.extractor, calibrated=search.calibrated)
            sentences = search.extractor.compose(question, found) if hits and refusal.answers(seen) else ()
        made_by = EXTRACT
        if sentences and self.writer and self.writer.ready:
            writing()
            with stage(Stage.GENERATE):
                written = self.writer.write(question, hits)
            if written:
                sentences, made_by = written.sentences, self.writer.name
        return Answer(
            status=Outcome.ANSWERED if sentences else Outcome.REFUSED,
            made_by=made_by,
            sentences=sentences,
            passages=nearest(hits, NEAREST),
            suggestions=_suggestions(question, hits, search.extractor),
            hybrid=found.hybrid,
            confidence=round(refusal.confidence(seen), 3),
        )


def _suggestions(question: str, hits: list[Hit], extractor: Extractor) -> tuple[str, ...]:
    """Questions that the nearest sections say they answer, without the one just asked."""
    found: list[str] = []
    for hit in hits:
        for known in hit.indexed.section.questions[:1]:
            if known not in found and extractor.asked_before(question, hit.indexed) < 0.95:
                found.append(known)
    return tuple(found[:SUGGESTIONS])
