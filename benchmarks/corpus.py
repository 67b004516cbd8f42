"""Material for the scale measurements: many passages recombined from few real ones, with vectors to match.

Latency depends on the number, length and vocabulary of passages, not on what they mean. So sentences of real passages
are recombined with a fixed seed, and the vectors are those of a few hundred really encoded passages with seeded noise,
renormalised: they keep the model's dimensions and its narrow cone, which the graph of the vector index feels.
"""

import random
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from rag.encoder import Encoder
from rag.evaluation import DataSet, SetPassage
from rag.passages import cut
from rag.readers import read_document
from rag.sentences import sentences

SEED = 20_261_123
ENCODED = 300
ENCODED_CHARS = 300  # the first sentences are enough for a vector of the right kind, and take a third of the time
# Noise as long as a third of a vector: neighbours differ about as much as two passages on one topic do.
NOISE = 0.35
DATA_SET = "squad_da_a.json"

Vectors = NDArray[np.float32]


@dataclass(frozen=True)
class Corpus:
    """Real passages and the questions asked of them."""

    name: str
    passages: tuple[SetPassage, ...]
    questions: tuple[str, ...]


def load(folder: Path, content: Path) -> Corpus:
    """The Danish question set in `folder`, or, where it is missing, the guidelines in `content`."""
    path = folder / DATA_SET
    if path.exists():
        data = DataSet.load(path)
        return Corpus(data.name, data.passages, tuple(question.text for question in data.questions))
    return guidelines(content)


def guidelines(content: Path) -> Corpus:
    """The shipped guidelines and the everyday questions that their sections say they answer."""
    passages: list[SetPassage] = []
    questions: dict[str, None] = {}
    for file in sorted((content / "guidelines").glob("*.md")):
        document = read_document(file.name, file.read_bytes())
        title = str(dict(document.front_matter or {}).get("title", file.stem))
        for section in cut(document):
            questions.update(dict.fromkeys(section.questions))
            for passage in section.passages:
                passages.append(SetPassage(id=f"p{len(passages)}", title=title, text=passage.text))
    return Corpus("content", tuple(passages), tuple(questions))


def recombined(passages: Sequence[SetPassage], count: int) -> tuple[SetPassage, ...]:
    """`count` passages, each with the title and the number of sentences of a real one, its sentences drawn from all."""
    draw = random.Random(SEED)
    cuts = [[sentence.text for sentence in sentences(passage.text)] for passage in passages]
    every = [sentence for piece in cuts for sentence in piece]
    found: list[SetPassage] = []
    for number in range(count):
        place = draw.randrange(len(passages))
        text = " ".join(draw.choices(every, k=max(len(cuts[place]), 2)))
        found.append(SetPassage(id=f"r{number:06}", title=passages[place].title, text=text))
    return tuple(found)


def drawn_questions(corpus: Corpus, count: int) -> list[str]:
    """`count` questions in seeded order; repeated where there are fewer."""
    questions = list(dict.fromkeys(corpus.questions))
    random.Random(SEED).shuffle(questions)
    return [questions[number % len(questions)] for number in range(count)]


def real_vectors(corpus: Corpus, encoder: Encoder) -> Vectors:
    """Unit vectors (passages x dimensions) of up to `ENCODED` real passages."""
    texts = [f"{passage.title}. {passage.text}"[:ENCODED_CHARS] for passage in corpus.passages]
    random.Random(SEED).shuffle(texts)
    progress(f"Indkoder {min(ENCODED, len(texts))} tekststykker")
    return np.asarray(encoder.embed_documents(texts[:ENCODED]), np.float32)


class NoisyEncoder:
    """Real vectors for questions; for passages real vectors with seeded noise, without running the model.

    An `Encoder` of its own name, so that its vectors can never meet real ones in a collection.
    """

    def __init__(self, encoder: Encoder, known: Vectors) -> None:
        self.name = f"noisy/{encoder.name}"
        self._encoder = encoder
        self._known = known
        self._random = np.random.default_rng(SEED)

    def embed_query(self, text: str) -> list[float]:
        """The real vector of a question."""
        return self._encoder.embed_query(text)

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        """One noisy unit vector for each text."""
        chosen = self._known[self._random.integers(len(self._known), size=len(texts))]
        noise = self._random.standard_normal(chosen.shape, np.float32) * np.float32(NOISE / np.sqrt(chosen.shape[1]))
        vectors = chosen + noise
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return [row.tolist() for row in vectors]


def progress(text: str) -> None:
    """Say on standard error what is being done, so that a long run does not look dead."""
    print(text, file=sys.stderr, flush=True)
