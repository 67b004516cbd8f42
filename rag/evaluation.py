"""Evaluation of retrieval and refusal on a data set: nDCG, recall, reciprocal rank, latency, risk of wrong answers.

nDCG@10 with binary gain after Järvelin & Kekäläinen (2002); AUROC as the Mann-Whitney statistic.
"""

import json
import time
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError

from rag import refusal
from rag.encoder import Encoder
from rag.errors import RagError
from rag.extract import Extractor
from rag.glossary import Glossary
from rag.index import IndexedPassage, Snapshot
from rag.passages import text_hash
from rag.reranking import Reranker, RerankingRetriever
from rag.retriever import Retriever
from rag.source import Level, PassageView, SectionView, Status, VersionView

Mode = Literal["lexical", "hybrid"]
DEPTH = 10


class UnreadableDataSet(RagError):
    """The file is not a data set in the evaluation form."""


class SetPassage(BaseModel):
    """One passage of a data set."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    text: str


class SetQuestion(BaseModel):
    """One question; `relevant` holds the ids of the passages that answer it."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    text: str
    relevant: tuple[str, ...]
    answerable: bool


class DataSet(BaseModel):
    """Passages and questions in the evaluation form."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    name: str
    language: str
    passages: tuple[SetPassage, ...]
    questions: tuple[SetQuestion, ...]

    @classmethod
    def load(cls, path: Path) -> "DataSet":
        """Read a JSON file; raises `UnreadableDataSet` with what is wrong."""
        try:
            found = cls.model_validate(json.loads(path.read_text("utf-8")))
        except OSError as error:
            raise UnreadableDataSet(f"Filen {path} kan ikke læses. Kontrollér stien.") from error
        except (ValidationError, ValueError) as error:
            message = f"Filen {path.name} er ikke et datasæt i den rigtige form (name, language, passages, questions)."
            raise UnreadableDataSet(message) from error
        if not found.passages or not found.questions:
            raise UnreadableDataSet(f"Filen {path.name} har ingen tekststykker eller ingen spørgsmål.")
        known = {passage.id for passage in found.passages}
        strangers = {wanted for question in found.questions for wanted in question.relevant} - known
        if strangers:
            raise UnreadableDataSet(f"Filen {path.name} henviser til ukendte tekststykker, fx {min(strangers)}.")
        return found


class Result(BaseModel):
    """Figures of one run; the refusal figures are None where the set has no unanswerable questions."""

    name: str
    mode: Mode
    questions: int
    ndcg_at_10: float
    recall_at_1: float
    recall_at_5: float
    recall_at_10: float
    mrr_at_10: float
    latency_ms_p50: float
    latency_ms_p95: float
    refusal_rate_unanswerable: float | None = None
    wrong_refusal_rate: float | None = None
    auroc: float | None = None


def snapshot_of(passages: Sequence[SetPassage], glossary: Glossary) -> Snapshot:
    """The passages of a data set as if each were a section of a source with the passage's title."""
    today = datetime.now(UTC).date()
    return Snapshot(0, today, [_indexed(passage, today) for passage in passages], glossary)


def evaluate(
    data: DataSet,
    glossary: Glossary,
    encoder: Encoder | None,
    limit: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    reranker: Reranker | None = None,
) -> Result:
    """Search every question (the first `limit`) and score the rankings; `encoder` None is the lexical mode.

    A `reranker` is given all the time it wants: its figures tell what it can do, its latency what it costs.
    """
    snapshot = snapshot_of(data.passages, glossary)
    store = None
    if encoder is not None:
        from rag.detailed_vectors import DetailedVectors  # the web process imports this module and may never evaluate

        store = DetailedVectors(None, encoder)
        store.sync(snapshot.texts_to_encode(), progress)
        store.sync_details(snapshot.details_to_encode(), progress)
    retriever = RerankingRetriever(snapshot, store, reranker) if reranker else Retriever(snapshot, store)
    extractor = Extractor(snapshot)
    calibrated = encoder is None or encoder.name == refusal.CALIBRATED_FOR
    questions = data.questions[:limit]
    rankings: list[list[str]] = []
    confidences: list[float] = []
    refused: list[bool] = []
    milliseconds: list[float] = []
    for question in questions:
        started = time.perf_counter()
        found = retriever.look(question.text, DEPTH)
        hits = found.hits
        milliseconds.append((time.perf_counter() - started) * 1000)
        seen = refusal.evidence(question.text, found, extractor, calibrated=calibrated)
        confidences.append(refusal.confidence(seen))
        refused.append(not refusal.answers(seen))
        rankings.append([hit.indexed.passage.id for hit in hits])
    result = Result(
        name=data.name,
        mode="hybrid" if encoder else "lexical",
        questions=len(questions),
        latency_ms_p50=round(float(np.percentile(milliseconds, 50)), 2),
        latency_ms_p95=round(float(np.percentile(milliseconds, 95)), 2),
        **_ranking_figures(questions, rankings),
    )
    return result.model_copy(update=_refusal_figures(questions, confidences, refused))


def _ranking_figures(questions: Sequence[SetQuestion], rankings: Sequence[Sequence[str]]) -> dict[str, float]:
    pairs = [(set(q.relevant), found) for q, found in zip(questions, rankings, strict=True) if q.relevant]

    def mean(values: list[float]) -> float:
        return round(float(np.mean(values)), 4) if values else 0.0

    def recall(depth: int) -> float:
        return mean([len(wanted & set(found[:depth])) / len(wanted) for wanted, found in pairs])

    return {
        "ndcg_at_10": mean([_ndcg(wanted, found) for wanted, found in pairs]),
        "recall_at_1": recall(1),
        "recall_at_5": recall(5),
        "recall_at_10": recall(10),
        "mrr_at_10": mean(
            [next((1 / place for place, key in enumerate(found, 1) if key in wanted), 0.0) for wanted, found in pairs]
        ),
    }


def _ndcg(wanted: set[str], found: Sequence[str]) -> float:
    gain = sum(1 / np.log2(place + 1) for place, key in enumerate(found[:DEPTH], 1) if key in wanted)
    ideal = sum(1 / np.log2(place + 1) for place in range(1, min(len(wanted), DEPTH) + 1))
    return float(gain / ideal)


def _refusal_figures(
    questions: Sequence[SetQuestion], confidences: Sequence[float], refused: Sequence[bool]
) -> dict[str, float]:
    answerable = np.array([question.answerable for question in questions], bool)
    if answerable.all() or not answerable.any():
        return {}
    return {
        "refusal_rate_unanswerable": round(float(np.mean(np.array(refused)[~answerable])), 4),
        "wrong_refusal_rate": round(float(np.mean(np.array(refused)[answerable])), 4),
        "auroc": round(auroc(np.array(confidences), answerable), 4),
    }


def auroc(scores: NDArray[np.float64], positive: NDArray[np.bool_]) -> float:
    """How often (0..1) a positive scores above a negative; ties count half."""
    inside, outside = scores[positive], scores[~positive]
    above = (inside[:, None] > outside).mean() + 0.5 * (inside[:, None] == outside).mean()
    return float(above)


def _indexed(passage: SetPassage, day: date) -> IndexedPassage:
    view = PassageView(passage.id, passage.text, ("paragraph",), None, text_hash(passage.text))
    section = SectionView("", passage.id, 1, (), None, (), True, (view,))
    version = VersionView(
        id=passage.title,
        source_id=passage.title,
        number=1,
        version="1",
        title=passage.title,
        summary="",
        publisher="",
        level=Level.LOCAL,
        status=Status.APPROVED,
        owner="",
        valid_from=day,
        valid_to=None,
        review_by=None,
        source_address=None,
        file_name="",
        page_count=0,
        warnings=(),
        created_at=datetime.now(UTC),
    )
    return IndexedPassage(view, section, version)
