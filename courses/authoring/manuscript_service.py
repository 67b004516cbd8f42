"""Use cases of writing: begin a manuscript, read it, change one part at a time, and take a change back."""

from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache, partial
from typing import Any

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.authoring.differences import line_changes
from courses.authoring.manuscript import COURSE, Chapter, Heading, Manuscript, Part, Settings, name_of
from courses.authoring.manuscript_rows import (
    any_row,
    as_lines,
    authors,
    content_of,
    names,
    newest_version,
    open_row,
    open_row_of,
)
from courses.authoring.part_types import STOOD_IN, part_of
from courses.authoring.reading_copy import fingerprint, lines, title
from courses.authoring.tables import ManuscriptChangeRow, ManuscriptRow, PictureRow
from courses.authoring.workshop import OPEN, Changed, ManuscriptLine, ManuscriptView, State
from courses.course_service import CourseService
from courses.errors import Conflict, InvalidContent
from courses.exchange.keys import Keys, key_of
from courses.picture import Picture, named_in
from courses.picture_service import keep
from courses.question import Key
from courses.tables import CourseVersionRow
from people.person import Person
from people.refusals import require_for
from people.roles import Permission
from rag import privacy
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

MOST_QUESTIONS = 5_000  # in one course
LONGEST_HISTORY = 200


class ManuscriptService:
    """Writes manuscripts in the database behind `engine`. Everything needs `MANAGE_COURSES`."""

    def __init__(self, engine: Engine, courses: CourseService) -> None:
        self._engine = engine
        self._courses = courses
        self._parsed = lru_cache(maxsize=16)(self._parse)

    # --- beginning and reading --------------------------------------------------------------------------------------

    def open(self, person: Person) -> list[ManuscriptLine]:
        """The manuscripts that are being written, the last changed first."""
        person.require(Permission.MANAGE_COURSES)
        states = [state.value for state in OPEN]
        query = select(ManuscriptRow).where(ManuscriptRow.state.in_(states)).order_by(ManuscriptRow.changed_at.desc())
        with reading(self._engine) as session:
            return as_lines(session, session.scalars(query).all())

    def begin(self, person: Person, course_id: str) -> str:
        """Id of the manuscript of a course's next version: the one that is open, else a new one from the newest version."""
        person.require(Permission.MANAGE_COURSES)
        version = self._courses.current(course_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            if there := open_row_of(session, course_id):
                return there.id
            return self._insert(session, person, Manuscript.of(version.course), version.id)

    def create(self, person: Person, name: str, summary: str, audience: str) -> str:
        """Id of the manuscript of a new course; raises `InvalidContent` where something is missing."""
        person.require(Permission.MANAGE_COURSES)
        texts = {"titel": name.strip(), "beskrivelse": summary.strip(), "målgruppe": audience.strip()}
        if missing := [what for what, text in texts.items() if not text]:
            *first, last = missing
            wanted = f"{', '.join(first)} og {last}" if first else last
            raise InvalidContent(f"Kurset mangler {wanted}. Udfyld felterne, og prøv igen.")
        with transaction(self._engine) as session:
            one_at_a_time(session)
            taken = set(session.scalars(select(CourseVersionRow.course_id).distinct()))
            taken |= set(session.scalars(select(ManuscriptRow.course_id).distinct()))
            keys = Keys(taken)
            content = Manuscript(
                id=keys.unique(key_of(name) or "kursus"),
                title=name.strip(),
                summary=summary.strip(),
                audience=audience.strip(),
            )
            _require_impersonal(content.settings)
            return self._insert(session, person, content, None)

    def _insert(self, session: Session, person: Person, content: Manuscript, base: str | None) -> str:
        moment = now()
        row = ManuscriptRow(
            id=new_id(),
            course_id=content.id,
            base_version_id=base,
            version_id=None,
            title=content.title,
            state=State.DRAFT.value,
            revision=1,
            content=content.model_dump(mode="json"),
            created_at=moment,
            created_by=person.id,
            changed_at=moment,
            changed_by=person.id,
        )
        session.add(row)
        session.flush()
        if base is None:
            _note(session, row, person, COURSE, "Nyt kursus", None, _fields(content.settings))
        return row.id

    def read(self, person: Person, manuscript_id: str) -> ManuscriptView:
        """The manuscript as it stands; raises `UnknownManuscript`."""
        self._require(person, manuscript_id)
        with reading(self._engine) as session:
            row = any_row(session, manuscript_id)
            newest = newest_version(session, row.course_id)
            published = newest.id if newest is not None else None
            return ManuscriptView(
                as_lines(session, [row])[0],
                row.revision,
                self._parsed(row.id, row.revision),
                row.base_version_id,
                State(row.state) in OPEN and published != row.base_version_id,
                authors(session, row.id),
            )

    def _parse(self, manuscript_id: str, _revision: int) -> Manuscript:
        with reading(self._engine) as session:
            return content_of(any_row(session, manuscript_id))

    def _require(self, person: Person, manuscript_id: str) -> None:
        require_for(self._engine, person, Permission.MANAGE_COURSES, "manuscript", ManuscriptRow, manuscript_id)

    # --- changing ---------------------------------------------------------------------------------------------------

    def save(self, person: Person, manuscript_id: str, part: Part, seen: str) -> None:
        """Replace a part that is there. `seen` is the fingerprint of the wording that the person began from.

        Raises `Conflict` when it is not the one that stands there now.
        """
        self._require(person, manuscript_id)
        _require_impersonal(part)

        def write(session: Session, content: Manuscript) -> tuple[Manuscript, str]:
            before = content.find(name_of(part))
            if before is None:
                raise Conflict("Denne del er slettet, siden du åbnede den. Kopiér din tekst, og opret delen igen.")
            if fingerprint(before) != seen:
                raise Conflict(
                    "En anden har rettet denne del, siden du åbnede den. Din tekst står her endnu, men er ikke gemt. "
                    "Åbn delen igen i en ny fane, og sammenlign."
                )
            _require_pictures(session, part)
            return content.put(part), f"Rettede {_called(part)}"

        self._change(person, manuscript_id, name_of(part), write)

    def add(
        self,
        person: Person,
        manuscript_id: str,
        parts: Sequence[Part],
        module_id: str = "",
        pictures: Iterable[Picture] = (),
    ) -> list[str]:
        """Put new parts at the end, and give their names. An id that is taken, here or elsewhere, gets a number behind it."""
        return self.take_in(person, manuscript_id, parts, [], module_id, pictures)

    def take_in(
        self,
        person: Person,
        manuscript_id: str,
        new: Sequence[Part],
        changed: Sequence[Part],
        module_id: str,
        pictures: Iterable[Picture],
    ) -> list[str]:
        """As `add` for what is `new`, and replace what is `changed` by those with the same names; all of it or nothing."""
        self._require(person, manuscript_id)
        for part in (*new, *changed):  # takes seconds for a large file, so it is done before others must wait
            _require_impersonal(part)
        kept = list(pictures)
        given: list[str] = []

        def write(session: Session, content: Manuscript) -> Iterable[tuple[Manuscript, str, str]]:
            if len(content.questions) + sum(_kind(part) == "question" for part in new) > MOST_QUESTIONS:
                raise InvalidContent(f"Et kursus kan højst have {MOST_QUESTIONS} spørgsmål. Del det i flere.")
            keep(session, kept, person.id)
            keys = self._keys(session, content)
            for part in changed:
                if content.find(name_of(part)) is None:
                    raise Conflict("En af delene er slettet imens. Læs filen igen.")
                _require_pictures(session, part)
                content = content.put(part)
                yield content, name_of(part), f"Rettede {_called(part)} fra en fil"
            for part in new:
                _require_pictures(session, part)
                made = part.model_copy(update={"id": keys[_kind(part)].unique(part.id)})
                content = content.put(made, "" if isinstance(part, Heading) else module_id or _last_module(content))
                given.append(name_of(made))
                yield content, name_of(made), f"Tilføjede {_called(made)}"

        self._change_many(person, manuscript_id, write)
        return given

    def remove(self, person: Person, manuscript_id: str, part: str) -> None:
        """Take a part out; raises `InvalidContent` where others need it."""

        def write(_session: Session, content: Manuscript) -> tuple[Manuscript, str]:
            found = content.find(part)
            return content.without(part), f"Slettede {_called(found)}" if found is not None else "Slettede"

        self._change(person, manuscript_id, part, write)

    def move(self, person: Person, manuscript_id: str, part: str, step: int) -> None:
        """Move a part among its equals."""

        def write(_session: Session, content: Manuscript) -> tuple[Manuscript, str]:
            found = content.find(part)
            return content.moved(part, step), f"Flyttede {_called(found)}" if found is not None else "Flyttede"

        self._change(person, manuscript_id, part, write)

    def transfer(self, person: Person, manuscript_id: str, part: str, module_id: str) -> None:
        """Move a lesson, quiz, practice or question to the end of another module."""

        def write(_session: Session, content: Manuscript) -> tuple[Manuscript, str]:
            changed, there = content.transferred(part, module_id), content.chapter(module_id).title
            found = content.find(part)
            return changed, f"Flyttede {_called(found)} til “{there}”" if found is not None else "Flyttede"

        self._change(person, manuscript_id, part, write)

    def keep_pictures(self, person: Person, pictures: Iterable[Picture]) -> None:
        """Store pictures, so that a text may show them."""
        person.require(Permission.MANAGE_COURSES)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            keep(session, pictures, person.id)

    def _keys(self, session: Session, content: Manuscript) -> dict[str, Keys]:
        """Ids that are free. Those of questions hold across courses, so the ones that others are writing are taken too."""
        states = [state.value for state in OPEN]
        others = select(ManuscriptRow.id, ManuscriptRow.revision).where(
            ManuscriptRow.state.in_(states), ManuscriptRow.course_id != content.id
        )
        written = {key for one in session.execute(others).all() for key in self._parsed(*one).questions}
        return {
            "module": Keys({module.id for module in content.modules}),
            "activity": Keys({activity.id for activity in content.activities}),
            "question": Keys(set(content.questions) | self._courses.taken(content.id) | written),
        }

    def _change(
        self,
        person: Person,
        manuscript_id: str,
        part: str,
        write: Callable[[Session, Manuscript], tuple[Manuscript, str]],
    ) -> None:
        def one(session: Session, content: Manuscript) -> Iterable[tuple[Manuscript, str, str]]:
            changed, summary = write(session, content)
            yield changed, part, summary

        self._change_many(person, manuscript_id, one)

    def _change_many(
        self,
        person: Person,
        manuscript_id: str,
        write: Callable[[Session, Manuscript], Iterable[tuple[Manuscript, str, str]]],
    ) -> None:
        """All of `write` or nothing. What was sent or approved is a draft again: nobody has seen the new wording."""
        self._require(person, manuscript_id)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = open_row(session, manuscript_id)
            content = content_of(row)
            for changed, part, summary in write(session, content):
                if changed != content:
                    before, after = content.find(part), changed.find(part)
                    note = partial(_note, session, row, person, part, summary)
                    note(_deleted(content, part) if after is None else _fields(before), _fields(after))
                content = changed
            dumped = content.model_dump(mode="json")
            if dumped == row.content:
                return
            row.content = dumped
            row.title = content.title
            row.revision += 1
            row.state = State.DRAFT.value
            row.changed_at, row.changed_by = now(), person.id

    # --- history ----------------------------------------------------------------------------------------------------

    def history(self, person: Person, manuscript_id: str) -> list[Changed]:
        """The last changes, the newest first."""
        self._require(person, manuscript_id)
        query = select(ManuscriptChangeRow).where(ManuscriptChangeRow.manuscript_id == manuscript_id)
        with reading(self._engine) as session:
            rows = session.scalars(query.order_by(ManuscriptChangeRow.id.desc()).limit(LONGEST_HISTORY)).all()
            known = names(session, {row.by for row in rows})
            return [
                Changed(
                    row.id,
                    row.at,
                    known[row.by],
                    row.part,
                    row.summary,
                    line_changes(part_of(row.part, row.before), part_of(row.part, row.after)),
                    began=row.part == COURSE and row.before is None,
                )
                for row in rows
            ]

    def restore(self, person: Person, manuscript_id: str, change_id: int) -> None:
        """Let a part be as it was before a change. What was added then is taken out, what was deleted comes back."""

        def write(session: Session, content: Manuscript) -> Iterable[tuple[Manuscript, str, str]]:
            row = session.get(ManuscriptChangeRow, change_id)
            if row is None or row.manuscript_id != manuscript_id:
                raise InvalidContent("Ændringen findes ikke. Genindlæs siden, og prøv igen.")
            before = part_of(row.part, row.before)
            if row.before is None or before is None:
                if row.part == COURSE:
                    raise InvalidContent("Kurset begyndte her. Vil du ikke have det, så kassér kladden.")
                yield content.without(row.part), row.part, "Fortrød en tilføjelse"
            else:
                whole = isinstance(before, Settings | Heading | Chapter)
                home = "" if whole else _home_again(content, row.before)
                yield content.put(before, home), row.part, f"Gendannede {_called(before)}"

        self._change_many(person, manuscript_id, write)


def _note(
    session: Session,
    row: ManuscriptRow,
    person: Person,
    part: str,
    summary: str,
    before: dict[str, Any] | None,
    after: dict[str, Any] | None,
) -> None:
    session.add(
        ManuscriptChangeRow(
            manuscript_id=row.id,
            revision=row.revision + 1,
            part=part,
            summary=summary,
            before=before,
            after=after,
            at=now(),
            by=person.id,
        )
    )


def _fields(part: Part | None) -> dict[str, Any] | None:
    return part.model_dump(mode="json") if part is not None else None


def _deleted(content: Manuscript, part: str) -> dict[str, Any] | None:
    """What is kept of a part that goes: a module with all that stands in it, anything else with the module it stood in."""
    kind, _, key = part.partition(":")
    if kind == "module":
        return _fields(content.chapter(key))
    found = content.find(part)
    return found.model_dump(mode="json") | {STOOD_IN: content.home(part)} if found is not None else None


def _home_again(content: Manuscript, before: dict[str, Any]) -> str:
    """Id of the module that what was deleted comes back to: the one it stood in, or the last where that is gone."""
    stood_in: str = before.get(STOOD_IN, "")
    return stood_in if any(module.id == stood_in for module in content.modules) else _last_module(content)


def _require_pictures(session: Session, part: Part) -> None:
    """Every picture that a text shows must be there."""
    wanted = set(named_in(part.model_dump_json()))
    known = set(session.scalars(select(PictureRow.sha256).where(PictureRow.sha256.in_(wanted)))) if wanted else set()
    if wanted - known:
        raise InvalidContent("Teksten viser et billede, der ikke er lagt op. Læg billedet op igen, eller tag det ud.")


def _require_impersonal(part: Part) -> None:
    """Contact details and invented people may stand in a course; what stops an uploaded file stops what is typed too."""
    if any(spot.stops for spot in privacy.screen(privacy.Part(label, text) for label, text in lines(part))):
        raise InvalidContent(
            f"{privacy.masked(_called(part))} indeholder noget, der ligner et CPR-nummer, og er ikke gemt. "
            "Fjern nummeret, også hvis det er et eksempel."
        )


def _kind(part: Part) -> str:
    return name_of(part).partition(":")[0]


def _called(part: Part) -> str:
    return f"“{title(part)}”"


def _last_module(content: Manuscript) -> Key:
    if not content.modules:
        raise InvalidContent("Kurset har ingen moduler endnu. Lav et modul først.")
    return content.modules[-1].id
