"""Word lists of the privacy gate: names, what is no name, and what makes a name sensitive."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import yaml

_FOLDER = Path(__file__).parent


@lru_cache
def words(name: str) -> frozenset[str]:
    """The words of a list in small letters; lines that begin with # are comments."""
    return frozenset(word.lower() for line in _lines(name) for word in line.split())


@lru_cache
def phrases(name: str) -> frozenset[str]:
    """The lines of a list in small letters."""
    return frozenset(line.lower() for line in _lines(name))


@dataclass(frozen=True)
class WordPatterns:
    """Words to be met whole (or two in a row), by their beginning or by their ending."""

    whole: frozenset[str]
    beginnings: frozenset[str]
    endings: frozenset[str]

    def match(self, word: str) -> bool:
        """Whether a word in small letters, or its genitive, is meant."""
        if word in self.whole or word.removesuffix("s") in self.whole:
            return True
        length = len(word)
        return any(word[:end] in self.beginnings for end in range(3, length + 1)) or any(
            word[start:] in self.endings for start in range(1, length - 3)
        )


@lru_cache
def matters(strength: str, *wanted: str) -> WordPatterns:
    """Sensitive matters that are `strong`, `weak` or `own`: all of them, or those of the `wanted` kinds."""
    kinds: dict[str, str] = yaml.safe_load((_FOLDER / "matters.yaml").read_text("utf-8"))[strength]
    listed = [word for kind, text in kinds.items() if not wanted or kind in wanted for word in text.split()]
    return WordPatterns(
        whole=frozenset(word.replace("_", " ") for word in listed if "*" not in word),
        beginnings=frozenset(word.strip("*") for word in listed if word.endswith("*")),
        endings=frozenset(word.strip("*") for word in listed if word.startswith("*")),
    )


def _lines(name: str) -> list[str]:
    text = (_FOLDER / f"{name}.txt").read_text("utf-8")
    return [line for line in text.splitlines() if line and not line.startswith("#")]
