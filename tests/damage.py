"""Texts recognised with the wrong language: real ones with their corrected copies, and healthy ones damaged here."""

import random
import re
from pathlib import Path

from rag.readers import read_document
from rag.vocabulary import Vocabulary

ROOT = Path(__file__).resolve().parents[1]
GUIDELINES = sorted((ROOT / "content" / "guidelines").glob("*.md"))

USUAL = {"å": ["a"], "æ": ["ae", "ee", "eae", "e"], "ø": ["g", "o", "a"]}
# Not the table that the mender works with: half of these it has never heard of.
STRANGE = {"å": ["a", "4", "ä"], "æ": ["e", "ce", "w", "ae"], "ø": ["o", "0", "u", "c", "g"]}


def texts(path: Path) -> list[str]:
    """The blocks of a document."""
    return [block.text for block in read_document(path.name, path.read_bytes()).blocks]


def vocabulary(*without: str) -> Vocabulary:
    """The vocabulary of the shipped guidelines, less those named."""
    return Vocabulary(text for path in GUIDELINES if path.stem not in without for text in texts(path))


def damaged(text: str, looks: dict[str, list[str]], chance: random.Random) -> str:
    """`text` as a program that knows no æ, ø and å might read it."""

    def misread(letter: re.Match[str]) -> str:
        seen = chance.choice(looks[letter.group().lower()])
        return seen.capitalize() if letter.group().isupper() else seen

    return re.sub("[æøåÆØÅ]", misread, re.sub(r"\bAI\b", "Al", text))
