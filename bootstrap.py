"""Wires the services once per process and brings a fresh machine to a working state."""

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Engine

from courses.analysis_service import AnalysisService
from courses.attempt_service import AttemptService
from courses.authoring.draft_service import DraftService
from courses.authoring.manuscript_service import ManuscriptService
from courses.authoring.publishing_service import PublishingService
from courses.certification_service import CertificationService
from courses.course_service import CourseService
from courses.issuing import Issuer
from courses.learning_service import LearningService
from courses.lesson_service import LessonService
from courses.picture_service import PictureService
from courses.review_service import ReviewService
from courses.steering.area.area_service import AreaService
from courses.steering.area.standing_service import StandingService
from courses.steering.evidence.evidence_service import EvidenceService
from courses.steering.exemption_service import ExemptionService
from courses.steering.key_person_service import KeyPersonService
from courses.steering.reminder_service import ReminderService
from courses.steering.rule_service import RuleService
from courses.teaching_service import TeachingService
from courses.watch_service import WatchService
from governance.data_rights_service import DataRightsService
from governance.inbox_service import InboxService
from governance.retention_service import RetentionService
from people.organisation.import_service import StaffImportService
from people.organisation.leaving import let_go
from people.organisation.organisation_service import OrganisationService
from people.person import Person
from people.roles import Role
from people.service import ExamplePerson, PeopleService, example_people
from people.sign_in_service import SignInService
from rag.assistant import Assistant
from rag.calendar import today
from rag.conversation_service import ConversationService
from rag.errors import RagError
from rag.evaluation_service import EvaluationService
from rag.feedback_service import FeedbackService
from rag.generation import ModelAccess, Writer
from rag.glossary import Glossary
from rag.index import IndexedPassage
from rag.question_log_service import QuestionLogService
from rag.readers import UnreadableFile
from rag.search_service import SearchService
from rag.source_service import SourceService
from settings import Settings
from storage.engine import make_engine
from storage.mail_message import Sender
from storage.mail_server import MailServer
from storage.mail_service import MailService
from storage.migrate import migrate

if TYPE_CHECKING:
    from courses.xapi.delivery import Target
    from courses.xapi.xapi_service import XapiService

log = logging.getLogger(__name__)
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Services:
    """Everything a page or a command may call."""

    settings: Settings
    engine: Engine
    people: PeopleService
    organisation: OrganisationService
    staff_import: StaffImportService
    sign_ins: SignInService
    examples: tuple[ExamplePerson, ...]
    sources: SourceService
    glossary: Glossary
    search: SearchService
    assistant: Assistant
    conversations: ConversationService
    feedback: FeedbackService
    question_log: QuestionLogService
    evaluations: EvaluationService
    inbox: InboxService
    retention: RetentionService
    data_rights: DataRightsService
    courses: CourseService
    learning: LearningService
    lessons: LessonService
    attempts: AttemptService
    watch: WatchService
    reviews: ReviewService
    certification: CertificationService
    teaching: TeachingService
    rules: RuleService
    exemptions: ExemptionService
    key_persons: KeyPersonService
    standings: StandingService
    area: AreaService
    evidence: EvidenceService
    analysis: AnalysisService
    pictures: PictureService
    manuscripts: ManuscriptService
    publishing: PublishingService
    drafts: DraftService
    xapi: "XapiService | None"
    mail: MailService | None
    reminders: ReminderService


def quiet(_message: str, _share: float) -> None:
    """Progress for those who do not watch."""


def write_log(level: str) -> None:
    """Log to standard error in the municipality's format, from `level` and up."""
    form = "[%(asctime)s] %(levelname)s - %(name)s - %(module)s:%(funcName)s - %(message)s"
    logging.basicConfig(level=level, format=form, datefmt="%d-%m-%Y %H:%M:%S")
    logging.getLogger("alembic").setLevel("WARNING")


def start(settings: Settings, progress: Progress = quiet) -> Services:
    """Migrate the database, load `content/` and build the lexical index. Safe to repeat; what is there stays."""
    progress("Gør databasen klar", 0.05)
    services = connect(settings)
    migrate(services.engine)
    if settings.auth_mode == "demo":
        services.people.add_examples(list(services.examples))
    files = sorted((settings.content_dir / "guidelines").glob("*.md"))
    for number, path in enumerate(files):
        progress(f"Indlæser kilder ({number + 1} af {len(files)})", 0.1 + 0.7 * number / max(len(files), 1))
        ingest(services.sources, path)
    progress("Bygger søgeindekset", 0.85)
    services.search.current()
    progress("Indlæser kurser", 0.95)
    services.courses.load_folder(settings.content_dir / "courses")
    services.watch.sweep_if_changed()
    if services.assistant.writer:
        threading.Thread(target=services.assistant.writer.prepare, name="writer-prepare", daemon=True).start()
    progress("Klar", 1.0)
    return services


def keep_promises(services: Services) -> None:
    """Delete what has been kept for its time, hand in what is over, and let go of those who have left. Done beside the pages:
    once the process has started, and once a day. Safe to repeat."""
    closed = services.attempts.close_overdue()
    services.certification.settle_all()
    let_go(services.engine, today())
    services.sign_ins.end_old()
    services.watch.sweep()
    log.info("daily round: %d attempts handed in because their time was over", closed)
    log.info("retention (- deleted, ~ anonymised): %s", services.retention.run(today()).summary())


def reckon(services: Services) -> None:
    """Assign by rules, and make the figures of managers anew. Takes half a minute for a whole municipality, so it is done beside
    the pages: once the process has started, and once a day. Safe to repeat."""
    assign_by_rules(services)
    services.standings.rebuild()
    services.area.close_months()


def assign_by_rules(services: Services) -> None:
    """Give roles as the register of key persons says, and courses as the rules say. After an import of staff too."""
    roles, done = services.key_persons.apply(), services.rules.apply()
    log.info("steering: %d roles changed, %d courses assigned, %d taken back", roles, done.given, done.ended)


def connect(settings: Settings) -> Services:
    """The services, with nothing written or loaded yet."""
    engine = make_engine(settings.sqlalchemy_url, settings.db_schema)
    sources = SourceService(engine)
    glossary = Glossary.load(settings.content_dir)
    search = SearchService(
        sources,
        glossary,
        settings.data_dir / "vectors",
        settings.embedding_model,
        reranker_model=settings.reranker_model,
    )
    conversations = ConversationService(engine, settings.conversation_days)
    question_log = QuestionLogService(engine, settings.question_log_days)
    feedback = FeedbackService(engine, settings.question_log_days)
    inbox = InboxService(engine, conversations)

    def passages() -> Sequence[IndexedPassage]:
        return search.current().retriever.snapshot.passages

    courses = CourseService(engine, passages)
    analysis = AnalysisService(engine, courses)
    standings = StandingService(engine, courses)
    rules = RuleService(engine, courses)
    watch = WatchService(engine, courses, passages)
    reviews = ReviewService(engine, courses, watch)
    attempts = AttemptService(engine, courses, watch.held_back)
    issuer = Issuer(settings.signing_key_path, settings.public_url)

    def steady(person: Person, course_id: str, since: date, until: date) -> bool:
        return reviews.steady(person.id, course_id, since, until)

    default = None if settings.default_role == "none" else Role(settings.default_role)
    mail = _mail(settings, engine)
    writer = _writer(settings)
    assistant = Assistant(search, settings.max_question_chars, question_log, writer)
    return Services(
        settings=settings,
        engine=engine,
        people=PeopleService(engine),
        organisation=OrganisationService(engine),
        staff_import=StaffImportService(engine),
        sign_ins=SignInService(engine, settings.session_hours, default),
        examples=tuple(example_people(settings.content_dir)),
        sources=sources,
        glossary=glossary,
        search=search,
        assistant=assistant,
        conversations=conversations,
        feedback=feedback,
        question_log=question_log,
        evaluations=EvaluationService(engine, search),
        inbox=inbox,
        data_rights=DataRightsService(engine, courses, attempts),
        retention=RetentionService(engine, courses, conversations, question_log, feedback, inbox),
        courses=courses,
        learning=LearningService(engine, courses, say=writer.say if writer else None),
        lessons=LessonService(assistant),
        attempts=attempts,
        watch=watch,
        reviews=reviews,
        certification=CertificationService(engine, courses, issuer, steady),
        teaching=TeachingService(engine, courses),
        rules=rules,
        exemptions=ExemptionService(engine, courses, rules),
        key_persons=KeyPersonService(engine, courses, rules),
        standings=standings,
        area=AreaService(engine, courses, standings),
        evidence=EvidenceService(engine, courses, standings, issuer),
        analysis=analysis,
        pictures=PictureService(engine),
        manuscripts=ManuscriptService(engine, courses),
        publishing=PublishingService(engine, courses, analysis.alarms),
        drafts=DraftService(engine, passages, writer.say if writer else None, glossary),
        xapi=_xapi(settings, engine, courses),
        mail=mail,
        reminders=ReminderService(engine, courses, mail, settings.public_url),
    )


def _writer(settings: Settings) -> Writer | None:
    """The language model that the settings name, if any; it is reached for by the first question, not here."""
    if settings.azure_openai_endpoint and settings.azure_openai_api_key and settings.azure_openai_deployment:
        address, key, model = (
            settings.azure_openai_endpoint,
            settings.azure_openai_api_key,
            settings.azure_openai_deployment,
        )
        version: str | None = settings.azure_openai_api_version
    elif settings.openai_base_url and settings.openai_api_key and settings.openai_model:
        address, key, model = settings.openai_base_url, settings.openai_api_key, settings.openai_model
        version = None
    else:
        return None
    return Writer(ModelAccess(address, key, model, version, settings.model_timeout, settings.model_max_tokens))


def _mail(settings: Settings, engine: Engine) -> MailService | None:
    """What sends mails, where the settings name a server; none is written without."""
    if settings.smtp_host is None or settings.mail_sender is None:
        return None
    user = settings.smtp_user or (settings.mail_sender if settings.smtp_password else None)
    server = MailServer(
        settings.smtp_host,
        settings.smtp_port,
        user,
        settings.smtp_password,
        required=settings.smtp_starttls == "required",
        implicit=settings.smtp_starttls == "implicit",
    )
    return MailService(engine, server, Sender(settings.mail_sender, settings.smtp_sender_name))


def _xapi(settings: Settings, engine: Engine, courses: CourseService) -> "XapiService | None":
    """What tells of courses in xAPI, where the settings say where to; nothing is collected without."""
    target: Target
    # Imported late: a start does not wait for what most do not use.
    if settings.xapi_endpoint and settings.xapi_key and settings.xapi_secret:
        from courses.xapi.record_store import RecordStore

        target = RecordStore(settings.xapi_endpoint, settings.xapi_key, settings.xapi_secret)
    elif settings.xapi_file:
        from courses.xapi.statement_file import StatementFile

        target = StatementFile(settings.xapi_file)
    else:
        return None
    from courses.xapi.xapi_service import XapiService

    return XapiService(engine, courses, target, settings.public_url, settings.xapi_pseudonym_path)


def ingest(sources: SourceService, path: Path) -> None:
    """Load one shipped file; a file that does not hold is logged and left out, the others still load."""
    try:
        sources.ingest_file(path)
    except (RagError, UnreadableFile) as error:
        log.error("%s is left out: %s", path.name, error)
