"""Models that fail or hang: words answer at once, the administrator reads what happened, and the search recovers."""

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import Engine

from rag.answer import Outcome
from rag.assistant import Assistant
from rag.errors import EncoderFailed, RerankerMissing
from rag.glossary import Glossary
from rag.guard import FAILURES
from rag.search_service import SearchService
from rag.source_service import SourceService
from tests.fakes import FailingEncoder, WordReranker, no_encoder

QUESTION = "Må jeg bruge Copilot?"


@pytest.fixture
def search(sqlite_engine: Engine, content: Path, tmp_path: Path) -> Iterator[Callable[..., SearchService]]:
    """Makes a search service over the small content with a given encoder and, if wanted, a reranker."""
    sources = SourceService(sqlite_engine)
    for path in sorted((content / "guidelines").glob("*.md")):
        sources.ingest_file(path)

    def make(make_encoder: Callable[..., object], reranker: Callable[[str], object] | None = None) -> SearchService:
        return SearchService(
            sources,
            Glossary.load(content),
            tmp_path / "vectors",
            None,
            make_encoder,  # type: ignore[arg-type]
            "en-model" if reranker else None,
            reranker or WordReranker,  # type: ignore[arg-type]
        )

    yield make
    for thread in threading.enumerate():
        if thread.name == "encode":
            thread.join(60)


def ask(search: SearchService) -> bool:
    """Ask; the answer must be right. Whether meaning took part."""
    answer = Assistant(search, 600).ask(QUESTION)
    assert answer.status is Outcome.ANSWERED
    return answer.hybrid


@pytest.mark.parametrize(
    "fault",
    [RuntimeError("native fault"), [float("nan")] * 128, [0.0] * 128, [1.0] * 7, []],
    ids=["raises", "no number", "no direction", "wrong dimension", "empty"],
)
def test_an_encoder_that_fails_is_put_aside_and_words_answer(
    search: Callable[..., SearchService], fault: Exception | list[float]
) -> None:
    encoder = FailingEncoder()
    service = search(lambda _model: encoder)
    service.encode()
    assert ask(service)
    encoder.fault = fault
    for _ in range(FAILURES):
        ask(service)
    assert not ask(service)
    state = service.state()
    assert not state.hybrid
    assert state.problem is not None
    assert state.problem.startswith("Søgning på betydning er sat til side. Den fejlede 3 gange i træk, sidst den ")
    encoder.fault = None
    service.encode(anew=True)
    assert ask(service)
    assert service.state().problem is None


def test_an_encoder_that_hangs_holds_nobody_up(search: Callable[..., SearchService]) -> None:
    release = threading.Event()
    encoders: list[FailingEncoder] = []

    def make(_model: str | None) -> FailingEncoder:
        encoders.append(FailingEncoder())
        return encoders[-1]

    service = search(make)
    service.encode()
    encoders[0].fault = release
    started = time.monotonic()
    ask(service)
    assert not any(ask(service) for _ in range(20))
    assert time.monotonic() - started < 20
    problem = service.state().problem
    assert problem is not None
    assert "holdt op med at svare" in problem
    service.encode(anew=True)
    assert len(encoders) == 2, "new vectors are asked of a new encoder, not of the one that hangs"
    assert ask(service)
    assert service.state().problem is None
    release.set()


def test_an_encoder_that_cannot_encode_at_all_is_explained(search: Callable[..., SearchService]) -> None:
    encoder = FailingEncoder()
    encoder.fault = [float("inf")] * 128
    service = search(lambda _model: encoder)
    with pytest.raises(EncoderFailed, match="giver tal, der ikke kan bruges"):
        service.encode()
    assert not ask(service)
    problem = service.state().problem
    assert problem is not None
    assert "Der søges kun på ord. Det skete den " in problem


def test_new_vectors_that_fail_leave_the_old_ones_in_use(search: Callable[..., SearchService]) -> None:
    class Tiring(FailingEncoder):
        """Fails at the second batch of a rebuild."""

        tired = False

        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            if self.tired:
                raise RuntimeError("out of memory")
            return super().embed_documents(texts)

    encoder = Tiring()
    service = search(lambda _model: encoder)
    service.encode()
    encoder.tired = True
    with pytest.raises(EncoderFailed, match="Årsagen står i driftsloggen"):
        service.encode(anew=True)
    assert ask(service)
    state = service.state()
    assert state.hybrid
    assert state.problem is not None
    assert "Nye tekster findes kun på ord." in state.problem


# --- reranking ----------------------------------------------------------------------------------------------------


def order(search: SearchService, count: int = 10) -> list[str]:
    return [hit.indexed.passage.id for hit in search.current().retriever.search(QUESTION, count)]


@pytest.mark.parametrize("make_encoder", [no_encoder, lambda _model: FailingEncoder()], ids=["words", "meaning"])
def test_a_reranker_decides_the_order_of_what_was_found(
    search: Callable[..., SearchService], make_encoder: Callable[..., object]
) -> None:
    plain, reranking = search(make_encoder), search(make_encoder, lambda _model: WordReranker("lydfil"))
    for service in (plain, reranking):
        service.current()
        try:
            service.encode()
        except Exception:  # noqa: BLE001  without an encoder the reranker still works on what words find
            assert make_encoder is no_encoder
    before, after = plain.current().retriever.search(QUESTION, 20), reranking.current().retriever.search(QUESTION, 20)
    assert {hit.indexed.passage.id for hit in before} == {hit.indexed.passage.id for hit in after}
    assert "lydfil" not in before[0].indexed.to_encode.lower()
    assert "lydfil" in after[0].indexed.to_encode.lower()
    assert [hit.score for hit in after] == [hit.score for hit in before]
    assert order(reranking, 3) == [hit.indexed.passage.id for hit in after[:3]]
    assert reranking.state().reranker == "fake/word-reranker"


@pytest.mark.parametrize("hangs", [False, True])
def test_a_reranker_that_fails_or_hangs_leaves_the_fused_order(
    search: Callable[..., SearchService], hangs: bool
) -> None:
    reranker, release = WordReranker("lydfil"), threading.Event()
    service = search(lambda _model: FailingEncoder(), lambda _model: reranker)
    service.encode()
    moved = order(service)
    reranker.fault = release if hangs else RuntimeError("native fault")
    fused = order(service)
    assert fused != moved
    started = time.monotonic()
    assert all(order(service) == fused for _ in range(5))
    assert time.monotonic() - started < 15
    problem = service.state().problem
    assert problem is not None
    assert problem.startswith("Omrangering af det fundne er sat til side.")
    assert service.state().hybrid
    release.set()


def test_a_reranker_that_cannot_be_loaded_is_named_and_the_search_goes_on(
    search: Callable[..., SearchService],
) -> None:
    def missing(_model: str) -> WordReranker:
        raise RerankerMissing("Modellen en-model kan ikke indlæses. Ret RERANKER_MODEL, eller fjern indstillingen.")

    service = search(lambda _model: FailingEncoder(), missing)
    service.encode()
    assert ask(service)
    state = service.state()
    assert (state.reranker, state.hybrid) == (None, True)
    assert state.problem == "Modellen en-model kan ikke indlæses. Ret RERANKER_MODEL, eller fjern indstillingen."
