"""Use cases about drafts of questions: propose some from a source, read them, take one into a course or drop it.

Nobody is asked a draft. What was taken or dropped is remembered, so that it never comes again.
"""

import hashlib
import json
import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session

from courses.authoring import model_drafts
from courses.authoring.likeness import alike
from courses.authoring.model_drafts import Proposals, Reason, Say
from courses.authoring.rule_drafts import drafts_from
from courses.authoring.tables import QuestionDraftRow
from courses.authoring.wording import told
from courses.errors import InvalidDecision
from courses.passages import Shelf
from courses.question import QUESTION, Question, TrueFalse
from people.person import Person
from people.roles import Permission
from rag.glossary import Glossary
from rag.index import IndexedPassage
from rag.quotes import stands_in
from rag.source import PassageView
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

WAITING, TAKEN, DROPPED = "waiting", "taken", "dropped"
RULE, MODEL = "rule", "model"
MOST_ASKED = 12  # passages a model is asked about at a time; each may take as long as its time-out
MOST_SILENT = 2  # passages without an answer after which it is not asked on
Progress = Callable[[str, float], None]


@dataclass(frozen=True)
class Proposed:
    """What came of proposing: how many drafts are `new`, how many were `known` (waiting, taken or dropped before), and how many
    were `dropped` at once, by reason."""

    new: int
    known: int
    dropped: dict[Reason, int]


@dataclass(frozen=True)
class QuestionDraft:
    """A draft that waits. `made_by` is `rule` or `model`; `passage` is where its quote stands, None when it does not any more;
    `title` is that of the source, empty when it may not be quoted now."""

    id: str
    question: Question
    source_id: str
    title: str
    made_by: str
    passage: PassageView | None


class DraftService:
    """The queue of drafts, in the database behind `engine`.

    `passages` are those that may be quoted now; `say` gives what a language model makes of a prompt, where one is configured.
    """

    def __init__(
        self,
        engine: Engine,
        passages: Callable[[], Sequence[IndexedPassage]],
        say: Say | None = None,
        glossary: Glossary | None = None,
    ) -> None:
        self._engine = engine
        self._passages = passages
        self._say = say
        self._terms = glossary.terms if glossary else ()

    @property
    def has_model(self) -> bool:
        """Whether a language model can be asked."""
        return self._say is not None

    def propose(self, person: Person, source_id: str, *, with_model: bool, progress: Progress) -> Proposed:
        """Add drafts from a source to the queue. Safe to repeat: what was proposed before is not proposed again.

        Raises `InvalidDecision` where the source may not be quoted now, or a model is wanted and there is none.
        """
        person.require(Permission.MANAGE_COURSES)
        passages = [one for one in self._passages() if one.version.source_id == source_id]
        if not passages:
            raise InvalidDecision("Kilden kan ikke citeres lige nu. Vælg en kilde, der gælder i dag.")
        progress("Læser kilden", 0.1)
        if with_model:
            return self._keep(person, source_id, self._from_model(source_id, passages, progress), MODEL)
        return self._keep(person, source_id, Proposals(drafts_from(passages, self._terms)), RULE)

    def _from_model(self, source_id: str, passages: Sequence[IndexedPassage], progress: Progress) -> Proposals:
        """Drafts of the passages that the model has made nothing of yet."""
        if self._say is None:
            raise InvalidDecision("Der er ingen sprogmodel at spørge. Lav forslag uden sprogmodel.")
        with reading(self._engine) as session:
            query = _rows(source_id).where(QuestionDraftRow.made_by == MODEL)
            asked = {row.content["sources"][0]["quote"] for row in session.scalars(query)}
        open_ones = [
            one
            for one in passages
            if model_drafts.worth_asking(one) and not any(stands_in(quote, one.body) for quote in asked)
        ]
        # from a place by chance, or passages that give nothing would stand before the others each time
        start = secrets.randbelow(len(open_ones)) if open_ones else 0
        chosen = [*open_ones[start:], *open_ones[:start]][:MOST_ASKED]
        made, silent = Proposals(), 0
        for number, indexed in enumerate(chosen):
            progress(f"Spørger sprogmodellen (afsnit {number + 1} af {len(chosen)})", 0.1 + 0.8 * number / len(chosen))
            found = model_drafts.propose(indexed, self._say)
            made.questions += found.questions
            made.dropped += found.dropped
            silent += found.dropped[Reason.NO_ANSWER]
            if silent >= MOST_SILENT:
                break
        return made

    def _keep(self, person: Person, source_id: str, made: Proposals, made_by: str) -> Proposed:
        dropped = Counter(made.dropped)
        shelf = Shelf(self._passages())
        with transaction(self._engine) as session:
            one_at_a_time(session)
            rows = session.scalars(select(QuestionDraftRow)).all()
            wordings = {row.wording for row in rows}
            fresh = {wording(one): one for one in made.questions}
            known = len(wordings & set(fresh))
            fresh = {key: one for key, one in fresh.items() if key not in wordings}
            # what a changed source said before must not keep out what it says now
            before = [question for row in rows if _stands(question := _question(row), shelf)]
            repeated = {pair.question.id for pair in alike(list(fresh.values()), before)}
            kept = {key: one for key, one in fresh.items() if one.id not in repeated}
            dropped[Reason.ALIKE] += len(fresh) - len(kept)
            at = now()
            for place, (key, one) in enumerate(kept.items()):
                # a microsecond apart, so that the queue keeps the order
                session.add(_row(one, key, source_id, made_by, person, at + timedelta(microseconds=place)))
        return Proposed(len(kept), known, {reason: number for reason, number in dropped.items() if number})

    def count(self, person: Person, source_id: str | None = None) -> int:
        """How many drafts wait, of one source or of all."""
        person.require(Permission.MANAGE_COURSES)
        with reading(self._engine) as session:
            return session.scalar(select(func.count()).select_from(_waiting(source_id).subquery())) or 0

    def waiting(
        self, person: Person, source_id: str | None = None, first: int = 0, count: int = 20
    ) -> list[QuestionDraft]:
        """The drafts that wait, from number `first` (0 is the first), at most `count`.

        The oldest come first, and among those made together the most useful.
        """
        person.require(Permission.MANAGE_COURSES)
        query = _waiting(source_id).order_by(QuestionDraftRow.at, QuestionDraftRow.id).offset(first).limit(count)
        with reading(self._engine) as session:
            rows = session.scalars(query).all()
        passages = self._passages()
        shelf, titles = Shelf(passages), {one.version.source_id: one.version.title for one in passages}
        return [_draft(row, shelf, titles) for row in rows]

    def take(self, person: Person, draft_id: str) -> Question:
        """A draft as a question to be put into a course; it leaves the queue.

        Raises `InvalidDecision` where it is gone or its quote does not stand in the source any more.
        """
        person.require(Permission.MANAGE_COURSES)
        shelf = Shelf(self._passages())
        with transaction(self._engine) as session:
            row = _open(session, draft_id)
            question = _question(row)
            if not _stands(question, shelf):
                raise InvalidDecision(
                    "Kilden er ændret, og citatet står der ikke mere. Vælg forslaget fra, og lav nye forslag."
                )
            _decide(row, TAKEN, person)
        return question

    def drop(self, person: Person, draft_id: str) -> None:
        """Take a draft out of the queue for good; raises `InvalidDecision` where it is gone."""
        person.require(Permission.MANAGE_COURSES)
        with transaction(self._engine) as session:
            _decide(_open(session, draft_id), DROPPED, person)


def wording(question: Question) -> str:
    """SHA-256 of what a draft asks and rests on, so that none is made twice; its explanation names the source's title and is left
    out."""
    answer = question.answer if isinstance(question, TrueFalse) else None
    said = [question.type, told(question), answer, [ref.model_dump() for ref in question.sources]]
    return hashlib.sha256(json.dumps(said, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def _rows(source_id: str | None) -> Select[QuestionDraftRow]:
    query = select(QuestionDraftRow)
    return query if source_id is None else query.where(QuestionDraftRow.source_id == source_id)


def _waiting(source_id: str | None) -> Select[QuestionDraftRow]:
    return _rows(source_id).where(QuestionDraftRow.state == WAITING)


def _row(question: Question, key: str, source_id: str, made_by: str, person: Person, at: datetime) -> QuestionDraftRow:
    return QuestionDraftRow(
        id=new_id(),
        source_id=source_id,
        anchor=question.sources[0].section[:80],
        content=question.model_dump(mode="json"),
        wording=key,
        made_by=made_by,
        state=WAITING,
        at=at,
        by=person.id,
    )


def _question(row: QuestionDraftRow) -> Question:
    return QUESTION.validate_python(row.content)


def _stands(question: Question, shelf: Shelf) -> bool:
    return all(shelf.holding(ref) is not None for ref in question.sources)


def _draft(row: QuestionDraftRow, shelf: Shelf, titles: dict[str, str]) -> QuestionDraft:
    question = _question(row)
    passage = shelf.holding(question.sources[0])
    return QuestionDraft(row.id, question, row.source_id, titles.get(row.source_id, ""), row.made_by, passage)


def _open(session: Session, draft_id: str) -> QuestionDraftRow:
    one_at_a_time(session)
    row = session.get(QuestionDraftRow, draft_id)
    if row is None or row.state != WAITING:
        raise InvalidDecision("Forslaget er allerede brugt eller valgt fra. Vælg et andet.")
    return row


def _decide(row: QuestionDraftRow, state: str, person: Person) -> None:
    row.state, row.decided_at, row.decided_by = state, now(), person.id
