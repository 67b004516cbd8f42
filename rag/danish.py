"""Danish words: tokens, stems, character grams and seams."""

import re
from functools import lru_cache
from itertools import pairwise

import Stemmer

_WORD = re.compile(r"[^\W_]+")
_STEMMER = Stemmer.Stemmer("danish")

# "må", "kan", "vil" and "skal" are kept: the rules, and the screening, are about just these words.
STOPWORDS = frozenset(
    """
    af alle alt anden andet andre at begge blev blive bliver da de dem den denne der deres det dette dig din disse
    dog du efter ej eller en end er et fik for fordi fra før få får gøre gør ham han hans har havde have hende
    hendes her hos hun hvad hvem hver hvilke hvilken hvilket hvis hvor hvordan hvorfor hvornår i ikke ind ja jeg jer
    jeres jo kom kommer kunne lave laver man mange med meget men mens mere mig min mine mit mod mon måtte ned nej
    noget nogen nogle nok nu når og også om op os over på så sådan se selv ses sig sin sine sit skulle som til ud
    under var ved vi ville vor vores være været
    """.split()
)


def words(text: str) -> list[str]:
    """Lower-case words and numbers of `text`, in order."""
    return _WORD.findall(text.lower())


def content_words(text: str) -> list[str]:
    """The words that carry meaning: all but `STOPWORDS`."""
    return [word for word in words(text) if word not in STOPWORDS]


@lru_cache(maxsize=200_000)
def stem(word: str) -> str:
    """Snowball stem of a lower-case Danish word."""
    return str(_STEMMER.stemWord(word))


def stems(text: str) -> list[str]:
    """Stems of the content words of `text`."""
    return [stem(word) for word in content_words(text)]


@lru_cache(maxsize=50_000)
def grams(word: str) -> tuple[str, ...]:
    """Character 4- and 5-grams inside one word, with its edges marked; they see into compounds and survive typing errors.

    A word of one or two letters is one gram of its own.
    """
    marked = f"_{word}_"
    if len(marked) <= 4:
        return (marked,)
    return tuple(marked[i : i + size] for size in (4, 5) for i in range(len(marked) - size + 1))


def seams(text: str) -> list[str]:
    """Four letters around every meeting of two words, three ways: they tell which words stand beside each other.

    Unlike pairs of whole words they survive inflection and typing errors away from the seam.
    """
    written = words(text)
    return [f"{before[-left:]} {after[: 4 - left]}" for before, after in pairwise(written) for left in (3, 2, 1)]
