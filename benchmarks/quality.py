"""Quality of retrieval and refusal on Danish question sets (`rag.evaluation`), and whether every quote is a quote.

The sets are outside data, read from the folder given with --data. Encoding one takes minutes.
"""

from pathlib import Path

from benchmarks.corpus import progress
from benchmarks.house import House
from benchmarks.quotes import distortion_measurements, quote_measurements
from benchmarks.table import Bar, Measurement, at_least, not_measured
from rag.encoder import Encoder, make_encoder
from rag.errors import RagError
from rag.evaluation import DataSet, Result, evaluate
from rag.glossary import Glossary

RANKING_SET = "squad_da_a.json"
REFUSAL_SET = "squad2_da_a.json"
LEXICAL_NDCG = 0.86
HYBRID_NDCG = 0.89
WAYS = {False: "kun ord", True: "ord og betydning"}


def measurements(house: House, folder: Path, content: Path, *, thorough: bool) -> list[Measurement]:
    """All figures of quality; `thorough` measures refusal with meaning, too."""
    glossary = Glossary.load(content)
    rows: list[Measurement] = []
    for hybrid, limit in ((False, LEXICAL_NDCG), (True, HYBRID_NDCG)):
        rows += _ranking(folder / RANKING_SET, glossary, at_least(limit), hybrid=hybrid)
    for hybrid in (False, True) if thorough else (False,):
        rows += _refusal(folder / REFUSAL_SET, glossary, hybrid=hybrid)
    rows += quote_measurements(house, folder.parent / "facts" / "questions.yaml")
    return rows + distortion_measurements(content)


def _ranking(path: Path, glossary: Glossary, bar: Bar, *, hybrid: bool) -> list[Measurement]:
    name = f"nDCG@10, {path.stem}, {WAYS[hybrid]}"
    found = _evaluated(path, glossary, hybrid=hybrid)
    if isinstance(found, str):
        return [not_measured(name, found, bar, digits=3)]
    return [
        Measurement(name, found.ndcg_at_10, bar=bar, digits=3),
        Measurement(f"Recall@10, {path.stem}, {WAYS[hybrid]}", found.recall_at_10, digits=3),
    ]


def _refusal(path: Path, glossary: Glossary, *, hybrid: bool) -> list[Measurement]:
    where = f"{path.stem}, {WAYS[hybrid]}"
    found = _evaluated(path, glossary, hybrid=hybrid)
    if isinstance(found, str):
        return [not_measured(f"AUROC, {where}", found)]
    if found.auroc is None or found.refusal_rate_unanswerable is None or found.wrong_refusal_rate is None:
        return [not_measured(f"AUROC, {where}", "sættet har ingen spørgsmål uden svar")]
    return [
        Measurement(f"AUROC, {where}", found.auroc, digits=3),
        Measurement(f"Afvist uden svar, {where}", found.refusal_rate_unanswerable * 100, "%"),
        Measurement(f"Afvist med urette, {where}", found.wrong_refusal_rate * 100, "%"),
    ]


def _evaluated(path: Path, glossary: Glossary, *, hybrid: bool) -> Result | str:
    """The figures of one set, or why there are none."""
    if not path.exists():
        return f"{path.name} findes ikke i {path.parent}"
    progress(f"Måler {path.name}, {WAYS[hybrid]}")
    try:
        encoder: Encoder | None = make_encoder(None) if hybrid else None
        return evaluate(DataSet.load(path), glossary, encoder, progress=_report)
    except RagError as error:
        return str(error)


def _report(done: int, total: int) -> None:
    if done == total or done % 160 == 0:
        progress(f"  {done} af {total} tekststykker indkodet")
