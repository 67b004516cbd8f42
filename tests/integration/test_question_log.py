"""The log of questions on both databases: what it counts, and that no row of it can be tied to a person."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Engine, inspect, select, text, update

from bootstrap import connect, keep_promises
from people.errors import NotAllowed
from people.person import Person
from people.roles import Role
from rag.answer import Answer, AnswerSentence, Citation, Outcome
from rag.assistant import Assistant
from rag.calendar import today
from rag.errors import InvalidQuestion
from rag.glossary import Glossary
from rag.question_log_service import QuestionLogService
from rag.search_service import SearchService
from rag.source_service import SourceService
from rag.stages import Stage
from rag.tables import FeedbackRow, QuestionLogRow
from settings import Settings
from storage import audit
from storage.base import new_id
from storage.engine import make_engine
from storage.migrate import migrate
from storage.session import reading, transaction
from tests.fakes import indexed, no_encoder, version


@pytest.fixture
def questions(engine: Engine) -> QuestionLogService:
    return QuestionLogService(engine, 90)


@pytest.fixture
def admin(person: Callable[..., Person]) -> Person:
    return person("demo-anders", Role.ADMIN)


@pytest.fixture
def assistant(engine: Engine, content: Path, tmp_path: Path, questions: QuestionLogService) -> Assistant:
    """The real assistant by words alone, with the log."""
    sources = SourceService(engine)
    for path in sorted((content / "guidelines").glob("*.md")):
        sources.ingest_file(path)
    search = SearchService(sources, Glossary.load(content), tmp_path / "vectors", None, no_encoder)
    return Assistant(search, 600, questions)


def rows(engine: Engine) -> list[QuestionLogRow]:
    with reading(engine) as session:
        return list(session.scalars(select(QuestionLogRow)))


def answer(source: str = "copilot", status: Outcome = Outcome.ANSWERED, hybrid: bool = True) -> Answer:
    citation = Citation.of(indexed("Du må bruge Copilot.", version(source)), "Du må bruge Copilot.")
    sentences = (AnswerSentence(text=citation.quote, citations=(citation,)),) if status is Outcome.ANSWERED else ()
    return Answer(status=status, sentences=sentences, passages=(citation,), hybrid=hybrid, confidence=0.7312)


# --- what is kept -------------------------------------------------------------------------------------------------


def test_an_answered_question_leaves_figures(assistant: Assistant, engine: Engine) -> None:
    given = assistant.ask("Må jeg bruge Copilot?")
    (row,) = rows(engine)
    assert (row.day, row.outcome, row.hybrid) == (today(), "answered", False)
    assert row.sources == sorted({said.citations[0].source for said in given.sentences})
    assert {"gate", "index", "lexical", "fuse", "extract", "total"} <= set(row.milliseconds)
    assert row.milliseconds["total"] >= row.milliseconds["lexical"] >= 0


def test_a_blocked_question_leaves_only_counts_of_what_was_found(assistant: Assistant, engine: Engine) -> None:
    assert assistant.ask("Må jeg skrive om 010190-1234 og 020290-1234?").status is Outcome.BLOCKED
    (row,) = rows(engine)
    assert (row.outcome, row.findings, row.sources, row.confidence) == ("blocked", {"cpr": 2}, [], None)
    assert set(row.milliseconds) == {"gate", "total"}


def test_a_refused_question_leaves_the_nearest_sources_and_no_words(assistant: Assistant, engine: Engine) -> None:
    question = "Hvor mange hjortetakker hænger der på jordbærkagen i Hornslet?"
    assert assistant.ask(question).status is Outcome.REFUSED
    (row,) = rows(engine)
    assert row.sources
    stored = " ".join(str(getattr(row, name)) for name in QuestionLogRow.__table__.columns.keys())  # noqa: SIM118
    assert not [word for word in question.split() if len(word) > 4 and word in stored]


def test_what_is_no_question_is_not_counted(assistant: Assistant, engine: Engine) -> None:
    with pytest.raises(InvalidQuestion):
        assistant.ask("   ")
    assert rows(engine) == []


def test_a_log_that_cannot_be_written_does_not_take_the_answer_along(
    content: Path, tmp_path: Path, sqlite_engine: Engine
) -> None:
    sources = SourceService(sqlite_engine)
    for path in sorted((content / "guidelines").glob("*.md")):
        sources.ingest_file(path)
    search = SearchService(sources, Glossary.load(content), tmp_path / "vectors", None, no_encoder)
    without_tables = make_engine(f"sqlite:///{tmp_path / 'empty.sqlite3'}")
    assistant = Assistant(search, 600, QuestionLogService(without_tables, 90))
    assert assistant.ask("Må jeg bruge Copilot?").status is Outcome.ANSWERED


# --- nobody can be recognised -------------------------------------------------------------------------------------


def test_the_table_has_no_place_for_words_people_conversations_or_the_time_of_day(engine: Engine) -> None:
    schema = engine.get_execution_options().get("schema")
    columns = {column["name"]: column["type"] for column in inspect(engine).get_columns("question_log", schema)}
    assert set(columns) == {
        "id",
        "day",
        "outcome",
        "confidence",
        "hybrid",
        "milliseconds",
        "sources",
        "findings",
    }
    assert columns["day"].python_type is date
    assert inspect(engine).get_foreign_keys("question_log", schema) == []
    for table in inspect(engine).get_table_names(schema):
        for key in inspect(engine).get_foreign_keys(table, schema):
            assert key["referred_table"] != "question_log"


def test_two_people_who_ask_alike_leave_rows_that_cannot_be_told_apart(
    questions: QuestionLogService, engine: Engine
) -> None:
    for _ in range(2):
        questions.record(answer(), {Stage.TOTAL: 12.34})
    one, other = (
        {name: getattr(row, name) for name in QuestionLogRow.__table__.columns.keys() if name != "id"}  # noqa: SIM118
        for row in rows(engine)
    )
    assert one == other
    assert one["confidence"] == 0.7


def test_the_order_in_which_people_asked_is_not_kept_by_sqlite(sqlite_engine: Engine) -> None:
    questions = QuestionLogService(sqlite_engine, 90)
    for _ in range(12):
        questions.record(answer(), {Stage.TOTAL: 1.0})
    with sqlite_engine.connect() as connection:
        stored = list(connection.execute(text("SELECT id FROM question_log")).scalars())
        assert stored == sorted(stored)
        for table in ("question_log", "feedback", "feedback_source"):
            created = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = :name"), {"name": table})
            assert "WITHOUT ROWID" in created.scalar_one()


# --- figures ------------------------------------------------------------------------------------------------------


def test_the_figures_of_a_period(questions: QuestionLogService, admin: Person, engine: Engine) -> None:
    for _ in range(3):
        questions.record(answer("copilot"), {Stage.TOTAL: 10.0, Stage.GATE: 1.0})
    questions.record(answer("gdpr", Outcome.REFUSED, hybrid=False), {Stage.TOTAL: 50.0})
    questions.record(Answer(status=Outcome.BLOCKED, findings={"cpr": 1}), {Stage.TOTAL: 900.0})
    found = questions.quality(admin, 7)
    assert (found.total.answered, found.total.refused, found.total.blocked) == (3, 1, 1)
    assert (found.total.refusal_rate, found.total.words_only_share) == (0.25, 0.25)
    assert [(use.source_id, use.quoted, use.nearest) for use in found.sources] == [("gdpr", 0, 1), ("copilot", 3, 0)]
    assert [(time.stage, time.count) for time in found.stages] == [(Stage.TOTAL, 4), (Stage.GATE, 3)]
    with transaction(engine) as session:
        session.execute(update(QuestionLogRow).values(day=today() - timedelta(days=7)))
    assert questions.quality(admin, 7).total.searched == 0
    assert questions.quality(admin, 30).total.searched == 4


def test_an_empty_log_gives_no_rate(questions: QuestionLogService, admin: Person) -> None:
    found = questions.quality(admin, 90)
    assert (found.total.refusal_rate, found.stages, found.sources) == (None, (), ())
    assert len(found.weeks) in (13, 14)


@pytest.mark.parametrize("role", [Role.EMPLOYEE, Role.KEY_PERSON, Role.TRAINER, Role.MANAGER])
def test_the_figures_are_for_those_who_answer_for_quality(
    questions: QuestionLogService, person: Callable[..., Person], role: Role
) -> None:
    stranger = person("demo-x", role)
    for attempt in (lambda: questions.quality(stranger, 7), lambda: questions.count(stranger)):
        with pytest.raises(NotAllowed):
            attempt()


# --- deleting -----------------------------------------------------------------------------------------------------


def test_an_administrator_empties_the_log_and_the_audit_log_says_so(
    questions: QuestionLogService, admin: Person, taskforce: Person, engine: Engine
) -> None:
    for _ in range(3):
        questions.record(answer(), {Stage.TOTAL: 1.0})
    with pytest.raises(NotAllowed):
        questions.empty(taskforce)
    assert questions.count(admin) == 3
    assert questions.empty(admin) == 3
    assert questions.empty(admin) == 0
    assert rows(engine) == []
    with reading(engine) as session:
        (event,) = session.query(audit.AuditEvent).all()
    assert (event.actor, event.action, event.object_id) == (admin.id, "question_log.emptied", "3 rows")


def test_the_log_goes_after_its_time_and_repeating_is_safe(questions: QuestionLogService, engine: Engine) -> None:
    for days in (400, 91, 90, 0):
        questions.record(answer(), {Stage.TOTAL: float(days)})
        with transaction(engine) as session:
            fresh = update(QuestionLogRow).where(QuestionLogRow.day == today())
            session.execute(fresh.values(day=today() - timedelta(days=days)))
    with transaction(engine) as session:
        assert questions.remove_old(session, today()) == 2
        assert questions.remove_old(session, today()) == 0
    assert sorted((today() - row.day).days for row in rows(engine)) == [0, 90]


def test_the_daily_promises_follow_the_setting(settings: Settings) -> None:
    house = connect(settings.model_copy(update={"question_log_days": 10}))
    migrate(house.engine)
    house.question_log.record(answer(), {Stage.TOTAL: 1.0})
    with transaction(house.engine) as session:
        opinion = FeedbackRow(
            id=new_id(), day=today(), helpful=True, outcome="answered", reason=None, note="", sources=[]
        )
        session.add(opinion)
        session.flush()
        for table in (QuestionLogRow, FeedbackRow):
            session.execute(update(table).values(day=today() - timedelta(days=11)))
    for _ in range(2):
        keep_promises(house)
    assert rows(house.engine) == []
    with reading(house.engine) as session:
        assert list(session.scalars(select(FeedbackRow))) == []
