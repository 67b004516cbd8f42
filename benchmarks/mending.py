"""Words wrong in recognised documents before and after mending, against their corrected copies, and damage to healthy text.

The vocabulary is what the application would have: the shipped guidelines, less the one that says what the document says.
"""

import json
from itertools import chain
from pathlib import Path

from benchmarks.corpus import progress
from benchmarks.machine import resident
from benchmarks.table import Measurement, at_least, at_most, not_measured
from benchmarks.word_errors import mending_errors
from rag.mending import mend
from rag.readers import read_document
from rag.vocabulary import Vocabulary
from settings import ROOT

MENDED_SHARE = 85
# Name of the two files in tests/data, what it is, and the guideline that says the same.
DOCUMENTS = (
    ("direktionen_2024", "direktionen 2024", "direktionens-beslutning-2024"),
    ("kom_godt_i_gang", "ren side", "kom-godt-i-gang"),
    ("voicebot", "side i anden skrift, kun brugt til at måle", "voicebot-og-chatbot"),
    ("moeder", "side med pletter", "moeder-og-referater"),
)
HEALTHY_SET = "squad_da_a.json"


def measurements(folder: Path, content: Path) -> list[Measurement]:
    """Figures of every document, and what mending does to the healthy text of a set in `folder`."""
    progress("Måler rettelse af tekst, der er genkendt forkert")
    before = resident()
    Vocabulary().commonness("ordliste")
    opened = resident() - before
    rows: list[Measurement] = []
    for name, label, source in DOCUMENTS:
        read, true = (
            (ROOT / "tests" / "data" / f"{name}_{kind}.txt").read_text("utf-8") for kind in ("genkendt", "rettet")
        )
        found = mending_errors(read, true, Vocabulary(_published(content, source)))
        for place in (*found.broken, *found.left):
            progress(f"  {label}: {place.read} -> {place.mended}, skulle være {place.true}")
        share = f"{found.wrong_before} af {found.words} ord forkerte før, {found.wrong_after} efter"
        rows += [
            Measurement(
                f"Forkerte ord rettet, {label}",
                100 * found.mended_share,
                "%",
                at_least(MENDED_SHARE),
                note=share,
            ),
            Measurement(f"Rigtige ord ødelagt, {label}", len(found.broken), bar=at_most(0), digits=0),
        ]
    return [
        *rows,
        *_healthy(folder / HEALTHY_SET, content),
        Measurement("Hukommelse til ordlisterne", opened, "MB", digits=0),
    ]


def _published(content: Path, without: str) -> list[str]:
    paths = [path for path in sorted((content / "guidelines").glob("*.md")) if path.stem != without]
    documents = (read_document(path.name, path.read_bytes()) for path in paths)
    return [block.text for block in chain.from_iterable(document.blocks for document in documents)]


def _healthy(path: Path, content: Path) -> list[Measurement]:
    """Words changed in healthy passages: by themselves, and their sentences without æ, ø and å in a damaged document."""
    alone, beside = "Ord ændret i sund tekst", "Ord ændret i sunde sætninger i et skadet dokument"
    if not path.exists():
        reason = f"{path.name} findes ikke i {path.parent}"
        return [not_measured(alone, reason, at_most(0)), not_measured(beside, reason, at_most(0))]
    passages = [str(passage["text"]) for passage in json.loads(path.read_text("utf-8"))["passages"]]
    known = Vocabulary(_published(content, ""))
    changed = sum(mend([passage], known).repaired for passage in passages)
    sentences = [line for text in passages for line in text.split(". ") if not set("æøåÆØÅ") & set(line)]
    damaged = (ROOT / "tests" / "data" / "direktionen_2024_genkendt.txt").read_text("utf-8")
    repairs = [len(text.repairs) for text in mend([damaged, *sentences], known).texts[1:]]
    return [
        Measurement(alone, changed, bar=at_most(0), digits=0, note=f"{_words(passages)} ord"),
        Measurement(beside, sum(repairs), bar=at_most(0), digits=0, note=f"{_words(sentences)} ord"),
    ]


def _words(texts: list[str]) -> str:
    return f"{sum(len(text.split()) for text in texts):,}".replace(",", ".")
