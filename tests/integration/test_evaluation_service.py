"""The check of the sources' own questions, run in the background, and evaluations that are kept."""

import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import Engine

from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from rag.evaluation import Result
from rag.evaluation_service import OWN_QUESTIONS, EvaluationService
from rag.glossary import Glossary
from rag.retriever import Retriever
from rag.search_service import SearchService
from rag.self_check import check
from rag.source_service import SourceService
from tests.fakes import BrokenVectors, WordHashEncoder, indexed, no_encoder, snapshot, version


@pytest.fixture
def admin(person: Callable[..., Person]) -> Person:
    return person("demo-anders", Role.ADMIN)


@pytest.fixture
def sources(engine: Engine, content: Path) -> SourceService:
    service = SourceService(engine)
    for path in sorted((content / "guidelines").glob("*.md")):
        service.ingest_file(path)
    return service


@pytest.fixture
def search(sources: SourceService, content: Path, tmp_path: Path) -> SearchService:
    return SearchService(sources, Glossary.load(content), tmp_path / "vectors", None, lambda _: WordHashEncoder())


@pytest.fixture
def evaluations(engine: Engine, search: SearchService) -> EvaluationService:
    return EvaluationService(engine, search)


def finish() -> None:
    for thread in threading.enumerate():
        if thread.name in ("self-check", "encode"):
            thread.join(60)


def ignore(_done: int, _total: int) -> None:
    """Nobody watches."""


# --- the check ----------------------------------------------------------------------------------------------------


def test_a_question_does_not_find_its_section_by_standing_there_itself() -> None:
    """Only the section whose own text fits is found; the one that merely claims the question is a miss."""
    fits = indexed("Du må optage møder, når alle har fået besked.", heading="Møder", questions=["Må vi optage møder?"])
    claims = indexed("Affald hentes om mandagen.", heading="Affald", questions=["Hvordan journaliserer jeg?"])
    others = [indexed(f"Du kan journalisere sag nummer {number}.", heading=f"Sag {number}") for number in range(8)]
    found = check(Retriever(snapshot([fits, claims, *others])), ignore)
    assert found.questions == 2
    assert found.figures["recall_at_1"] == 0.5
    (miss,) = found.misses
    assert (miss.question, miss.heading) == ("Hvordan journaliserer jeg?", "Affald")


def test_the_section_with_most_misses_comes_first() -> None:
    one = indexed("Affald hentes om mandagen.", heading="Affald", questions=["Hvad er en robot?"])
    two = indexed("Heste spiser havre.", heading="Heste", questions=["Hvem ejer månen?", "Hvor er bussen?"])
    others = [indexed(f"Robot, måne og bus nummer {number}.", heading=f"Nr. {number}") for number in range(8)]
    found = check(Retriever(snapshot([one, two, *others])), ignore)
    assert [miss.heading for miss in found.misses] == ["Heste", "Heste", "Affald"]


def test_a_question_that_two_sections_claim_is_found_in_either() -> None:
    one = indexed("Robotter må ikke køre bus.", heading="Bus", questions=["Må robotter køre bus?"])
    two = indexed("Heste spiser havre.", version("heste"), heading="Heste", questions=["Må robotter køre bus?"])
    found = check(Retriever(snapshot([one, two])), ignore)
    assert (found.questions, found.misses) == (1, ())


def test_meaning_that_fails_leaves_the_words() -> None:
    one = indexed("Robotter må ikke køre bus.", heading="Bus", questions=["Må robotter køre bus?"])
    assert check(Retriever(snapshot([one]), BrokenVectors()), ignore).figures["recall_at_1"] == 1.0


def test_without_everyday_questions_there_are_no_figures() -> None:
    found = check(Retriever(snapshot([indexed("Robotter må ikke køre bus.")])), ignore)
    assert (found.questions, found.figures, found.misses) == (0, {}, ())


# --- in the background --------------------------------------------------------------------------------------------


def test_a_run_is_kept_with_mode_model_and_revision(
    evaluations: EvaluationService, search: SearchService, admin: Person
) -> None:
    search.current()
    finish()
    evaluations.start(admin)
    finish()
    (run,) = evaluations.last(admin)
    assert (run.data_set, run.mode, run.model) == (OWN_QUESTIONS, "hybrid", "fake/word-hash")
    assert run.revision == search.current().retriever.snapshot.revision
    assert run.figures["questions"] == 5
    assert 0 < run.figures["recall_at_5"] <= 1
    assert evaluations.progress(admin).running is False
    assert evaluations.progress(admin).problem is None


def test_without_an_encoder_the_run_says_words_only(
    engine: Engine, sources: SourceService, content: Path, tmp_path: Path, admin: Person
) -> None:
    search = SearchService(sources, Glossary.load(content), tmp_path / "none", None, no_encoder)
    evaluations = EvaluationService(engine, search)
    evaluations.start(admin)
    finish()
    (run,) = evaluations.last(admin)
    assert (run.mode, run.model, run.danish_mode) == ("lexical", None, "kun ord")


def test_starting_twice_runs_once_and_people_can_ask_meanwhile(
    evaluations: EvaluationService, search: SearchService, admin: Person
) -> None:
    search.current()
    finish()
    for _ in range(3):
        evaluations.start(admin)
    assert search.current().retriever.search("Må jeg bruge Copilot?", 3)
    finish()
    assert len(evaluations.last(admin, 10)) == 1
    time.sleep(0.002)
    evaluations.start(admin)
    finish()
    newest, oldest = evaluations.last(admin, 10)
    assert newest.at > oldest.at


def test_a_run_that_fails_says_so_and_can_be_started_again(
    evaluations: EvaluationService, search: SearchService, engine: Engine, admin: Person
) -> None:
    search.current()
    finish()
    broken = EvaluationService(engine.execution_options(schema_translate_map={None: "nowhere"}), search)
    broken.start(admin)
    finish()
    progress = broken.progress(admin)
    assert progress.running is False
    assert progress.problem is not None
    assert "driftsloggen" in progress.problem
    assert evaluations.last(admin) == []
    evaluations.start(admin)
    finish()
    assert len(evaluations.last(admin)) == 1


def test_a_command_line_evaluation_is_kept_without_revision(evaluations: EvaluationService, admin: Person) -> None:
    result = Result(
        name="prøve",
        mode="hybrid",
        questions=2,
        ndcg_at_10=0.9,
        recall_at_1=0.8,
        recall_at_5=0.9,
        recall_at_10=1.0,
        mrr_at_10=0.9,
        latency_ms_p50=3.0,
        latency_ms_p95=4.0,
    )
    evaluations.keep(result, "fake/word-hash")
    (run,) = evaluations.last(admin)
    assert (run.data_set, run.mode, run.revision, run.misses) == ("prøve", "hybrid", None, ())
    assert run.figures["ndcg_at_10"] == 0.9
    assert "auroc" not in run.figures


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.ADMIN])
def test_only_an_administrator_starts_and_rebuilds(
    evaluations: EvaluationService, search: SearchService, person: Callable[..., Person], role: Role
) -> None:
    stranger = person("demo-x", role)
    with pytest.raises(NotAllowed):
        evaluations.start(stranger)
    with pytest.raises(NotAllowed):
        search.rebuild(stranger, ignore)
    if role is not Role.TASKFORCE:
        with pytest.raises(NotAllowed):
            evaluations.last(stranger)
        with pytest.raises(NotAllowed):
            evaluations.progress(stranger)
