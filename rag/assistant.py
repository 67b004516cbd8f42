"""The assistant: privacy gate, search, refusal, answer. It keeps nothing itself; conversations are stored by their service."""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from rag import privacy, refusal
from rag.answer import EXTRACT, Answer, Outcome, nearest
from rag.errors import InvalidQuestion
from rag.extract import Extractor
from rag.generation import Writer
from rag.retriever import Hit
from rag.search_service import SearchService

log = logging.getLogger(__name__)
LOOK_AT = 12
NEAREST = 3
SUGGESTIONS = 3


@dataclass(frozen=True)
class Assistant:
    """Answers from the sources in force. `max_chars` is the longest question accepted; `writer` words the answers, if any."""

    search: SearchService
    max_chars: int
    writer: Writer | None = None

    def ask(self, question: str, writing: Callable[[], None] = lambda: None) -> Answer:
        """The answer to one question; raises `InvalidQuestion`. A question with personal data is blocked before search.

        `writing` is called when the search is over and a language model is asked, which takes seconds.
        """
        question = " ".join(question.split())
        if not question:
            raise InvalidQuestion("Skriv et spørgsmål først.")
        if len(question) > self.max_chars:
            raise InvalidQuestion(
                f"Spørgsmålet er for langt. Skriv højst {self.max_chars} tegn, og stil ét spørgsmål ad gangen."
            )
        findings = privacy.count(question)
        if findings:
            log.info("question blocked by the privacy gate: %s", findings)
            return Answer(status=Outcome.BLOCKED, findings=findings, cleaned=privacy.cleaned(question))
        return self._answer(question, writing)

    def _answer(self, question: str, writing: Callable[[], None]) -> Answer:
        started = time.perf_counter()
        search = self.search.current()
        hits = search.retriever.search(question, LOOK_AT)
        known = max((search.extractor.asked_before(question, hit.indexed) for hit in hits[:NEAREST]), default=0.0)
        confidence = refusal.confidence(refusal.evidence(hits, known))
        sentences = search.extractor.compose(question, hits) if confidence >= refusal.OPERATING_POINT else ()
        made_by = EXTRACT
        if sentences and self.writer and self.writer.ready:
            writing()
            if written := self.writer.write(question, hits):
                sentences, made_by = written.sentences, self.writer.name
        answer = Answer(
            status=Outcome.ANSWERED if sentences else Outcome.REFUSED,
            made_by=made_by,
            sentences=sentences,
            passages=nearest(hits, NEAREST),
            suggestions=_suggestions(question, hits, search.extractor),
            hybrid=search.retriever.hybrid,
            confidence=round(confidence, 3),
        )
        log.info("question %s by %s in %.0f ms", answer.status, made_by, (time.perf_counter() - started) * 1000)
        return answer


def _suggestions(question: str, hits: list[Hit], extractor: Extractor) -> tuple[str, ...]:
    """Questions that the nearest sections say they answer, without the one just asked."""
    found: list[str] = []
    for hit in hits:
        for known in hit.indexed.section.questions[:1]:
            if known not in found and extractor.asked_before(question, hit.indexed) < 0.95:
                found.append(known)
    return tuple(found[:SUGGESTIONS])
