"""The watch on sources: a question whose passage changed is held back, whoever was tested on it is told, a trainer decides."""

import logging
import threading
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Protocol

from sqlalchemy import Engine, select

from courses import written
from courses.course_service import CourseService, CourseVersion
from courses.errors import InvalidDecision, UnknownCourse
from courses.held_questions import current_ref, held_questions, tie
from courses.question import SourceRef
from courses.sweep import sweep
from courses.tables import (
    CourseQuestionRow,
    QuestionVersionRow,
    QuestionWithdrawalRow,
    SourceUpdateRow,
)
from courses.watch import HeldQuestion, Spread, Standing, Update
from courses.watch_rows import (
    current_refs,
    titles,
    told,
    unfit,
    versions_under_way,
)
from people.person import Person
from people.refusals import note_others
from people.roles import Permission
from rag.answer import Citation
from rag.index import IndexedPassage
from rag.quotes import stands_in
from storage import audit
from storage.base import now
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)
PATIENCE = 2.0  # seconds
Passages = Callable[[], Sequence[IndexedPassage]]


class WatchService:
    """Compares what questions rest on with the `passages` that may be quoted now; the same object as long as nothing changed."""

    def __init__(
        self, engine: Engine, courses: CourseService, passages: Passages, clock: Callable[[], datetime] = now
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._passages = passages
        self._clock = clock
        self._sorted: tuple[Sequence[IndexedPassage], Standing] | None = None
        self._lock = threading.Lock()
        self._swept: Sequence[IndexedPassage] | None = None

    def _standing(self) -> Standing:
        """The passages of this moment, sorted once for each state of the sources."""
        passages = self._passages()
        known = self._sorted
        if known is None or known[0] is not passages:
            known = self._sorted = (passages, Standing(passages))
        return known[1]

    # --- what is not asked ----------------------------------------------------------------------------------------

    def held_back(self, version: CourseVersion) -> frozenset[str]:
        """Ids of the questions of a version that must not be asked now. Two queries."""
        standing = self._standing()
        which = select(CourseQuestionRow.question_version_id).where(CourseQuestionRow.version_id == version.id)
        with reading(self._engine) as session:
            wordings = unfit(session, which, standing)
        return frozenset(question for question, wording in version.wordings.items() if wording in wordings)

    def held_back_wordings(self, wordings: Collection[str]) -> set[str]:
        """The same for some wordings by their ids."""
        if not wordings:
            return set()
        standing = self._standing()
        with reading(self._engine) as session:
            return unfit(session, wordings, standing)

    def stands(self, ref: SourceRef) -> bool:
        """Whether a quote stands word for word where it is said to, in a source that may be quoted now."""
        return self._standing().shelf.holding(ref) is not None

    def citations(self, wording_id: str) -> list[Citation]:
        """The quotes that a wording rests on, as they may be shown now; what does not stand there any more is left out."""
        standing = self._standing()
        with reading(self._engine) as session:
            refs = current_refs(session, [wording_id])
        found = [(standing.find(ref.source_id, ref.anchor, ref.passage_hash), ref.quote) for ref in refs]
        return [Citation.of(indexed, quote) for indexed, quote in found if indexed is not None]

    # --- what people are told -------------------------------------------------------------------------------------

    def sweep(self) -> int:
        """Tell everybody who was tested on a passage that has changed; how many updates that gave. See `courses.sweep`."""
        return sweep(self._engine, self._standing(), self._clock)

    def sweep_if_changed(self) -> None:
        """Sweep when the sources are others than at the last sweep of this process; costs nothing otherwise.

        A page that calls this waits for a short sweep and not for a long one: when thousands were tested on what has changed, it
        goes on in the background.
        """
        passages = self._passages()
        with self._lock:
            if passages is self._swept:
                return
            self._swept = passages
        thread = threading.Thread(target=self._sweep_quietly, name="sweep", daemon=True)
        thread.start()
        thread.join(PATIENCE)

    def _sweep_quietly(self) -> None:
        try:
            self.sweep()
        except Exception:  # nobody is there to read it; the next page tries again
            log.exception("the sweep failed")
            self._swept = None

    def updates(self, person: Person) -> list[Update]:
        """What a person has not read of changes in passages she was tested on, newest first."""
        person.require(Permission.LEARN)
        standing = self._standing()
        query = select(SourceUpdateRow).where(SourceUpdateRow.person_id == person.id)
        with reading(self._engine) as session:
            rows = session.scalars(query.order_by(SourceUpdateRow.at, SourceUpdateRow.id)).all()
            newest = {(row.source_id, row.before_hash): row for row in rows if _holds(row, standing)}
            unread = [row for row in newest.values() if row.read_at is None]
            named = titles(session, {row.source_id for row in unread})
        found = [
            Update(
                row.id,
                standing.title(row.source_id) or named.get(row.source_id, row.source_id),
                row.before,
                row.after,
                row.at,
                standing.find(row.source_id, row.anchor, row.after_hash) or standing.near(row.source_id, row.anchor),
            )
            for row in unread
        ]
        return sorted(found, key=lambda update: update.at, reverse=True)

    def read(self, person: Person, update_id: str) -> None:
        """The person has read an update of her own. Raises `UnknownCourse` for somebody else's."""
        person.require(Permission.LEARN)
        query = select(SourceUpdateRow).where(SourceUpdateRow.id == update_id, SourceUpdateRow.person_id == person.id)
        with transaction(self._engine) as session:
            row = session.scalars(query.with_for_update()).first()
            if row is None:
                owner = select(SourceUpdateRow.person_id).where(SourceUpdateRow.id == update_id)
                note_others(session, person, "update", update_id, owner)
                raise UnknownCourse
            row.read_at = row.read_at or self._clock()

    def spread(self, person: Person) -> list[Spread]:
        """How far each change has come, newest first. Counts, no names."""
        person.require(Permission.MANAGE_COURSES)
        standing = self._standing()
        with reading(self._engine) as session:
            newest = {(row.source_id, row.before_hash): row for row in told(session) if _holds(row, standing)}
            named = titles(session, {source for source, _ in newest})
        found = [
            Spread(
                standing.title(row.source_id) or named.get(row.source_id, row.source_id),
                row.before,
                row.after,
                row.at,
                row.people,
                row.read,
            )
            for row in newest.values()
        ]
        return sorted(found, key=lambda spread: spread.at, reverse=True)

    # --- what trainers decide -------------------------------------------------------------------------------------

    def flagged(self, person: Person) -> list[HeldQuestion]:
        """The questions that are held back in courses that are published or under way, by course."""
        person.require(Permission.MANAGE_COURSES)
        standing = self._standing()
        offered = {version.id: version for version in self._courses.courses()}
        with reading(self._engine) as session:
            under_way = versions_under_way(session) - set(offered)
            versions = [*offered.values(), *map(self._courses.version, sorted(under_way))]
            return held_questions(session, versions, standing)

    def confirm(self, person: Person, wording_id: str, place: int, passage_hash: str, quote: str) -> None:
        """The question is still right: tie a place of it to a passage that stands in the source now.

        Raises `InvalidDecision` when the quote does not stand in the passage word for word, when the passage is not there, or
        when there is nothing to decide any more; `UnknownCourse` without such a place.
        """
        person.require(Permission.MANAGE_COURSES)
        standing = self._standing()
        with transaction(self._engine) as session:
            one_at_a_time(session)
            ref = current_ref(session, wording_id, place)
            if session.get(QuestionWithdrawalRow, wording_id) is not None:
                raise InvalidDecision("Spørgsmålet er trukket tilbage og kan ikke bekræftes.")
            if standing.has(ref.source_id, ref.passage_hash):
                raise InvalidDecision("Der er allerede taget stilling til dette sted. Genindlæs siden.")
            indexed = standing.find(ref.source_id, ref.anchor, passage_hash)
            if indexed is None:
                raise InvalidDecision("Det valgte afsnit står ikke længere i kilden. Genindlæs siden, og vælg igen.")
            if not stands_in(quote, indexed.passage.text):
                raise InvalidDecision("Citatet står ikke ordret i afsnittet. Kopiér det ord for ord fra afsnittet.")
            tie(session, ref, indexed, quote.strip(), person.id, self._clock())

    def withdraw(self, person: Person, wording_id: str, reason: str) -> None:
        """Ask a wording no more. Raises `InvalidDecision` without a reason or when it is withdrawn, and `UnknownCourse`."""
        person.require(Permission.MANAGE_COURSES)
        reason = written.reason(reason, InvalidDecision, "Skriv, hvorfor spørgsmålet skal trækkes tilbage.")
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = session.get(QuestionVersionRow, wording_id)
            if row is None:
                raise UnknownCourse
            if session.get(QuestionWithdrawalRow, wording_id) is not None:
                raise InvalidDecision("Spørgsmålet er allerede trukket tilbage.")
            session.add(
                QuestionWithdrawalRow(question_version_id=wording_id, reason=reason, at=self._clock(), by=person.id)
            )
            audit.record(
                session,
                actor=person.id,
                action="question.withdrawn",
                object_type="question",
                object_id=wording_id,
                before_hash=row.sha256,
            )


class _Change(Protocol):
    """A row about a passage that gave way to another."""

    @property
    def source_id(self) -> str: ...
    @property
    def before_hash(self) -> str: ...
    @property
    def after_hash(self) -> str: ...


def _holds(change: _Change, standing: Standing) -> bool:
    """Whether it is still so: the old passage has not come back, and the new one has not gone again."""
    if standing.has(change.source_id, change.before_hash):
        return False
    return not change.after_hash or standing.has(change.source_id, change.after_hash)
