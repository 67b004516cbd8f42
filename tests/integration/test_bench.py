"""Retrieval quality on a Danish question set; a change that makes it worse stops here."""

from pathlib import Path

import pytest

from rag.evaluation import DataSet, evaluate
from rag.glossary import Glossary
from settings import ROOT

SQUAD = ROOT.parent / "shared" / "bench" / "squad_da_a.json"


@pytest.mark.skipif(not SQUAD.exists(), reason=f"{SQUAD} is not here (outside data, not part of the repository)")
def test_words_alone_find_danish_passages(shipped_content: Path) -> None:
    result = evaluate(DataSet.load(SQUAD), Glossary.load(shipped_content), None)
    assert result.questions == 1500
    assert result.ndcg_at_10 >= 0.86
    assert result.recall_at_10 >= 0.94
