"""Use cases about sources: publish a version, approve, retire, read, compare, search titles."""

import hashlib
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from sqlalchemy import Engine, Select, func, select
from sqlalchemy.orm import Session, selectinload

from people.person import Person
from people.roles import Permission
from rag.calendar import today
from rag.changes import Change, changes
from rag.draft import Draft, check_reason, names_cpr, screened
from rag.errors import DuplicateSource, InvalidSource, UnknownSource
from rag.mended_document import MendedDocument, mended
from rag.mending import shows_no_danish_letters
from rag.passages import cut
from rag.readers import Document, read_document
from rag.source import SectionView, SourceDetails, Status, VersionView, quotable
from rag.source_rows import section_row, section_view, version_view
from rag.tables import SectionRow, SourceRow, SourceStatusRow, SourceVersionRow
from storage import audit
from storage.base import new_id, now
from storage.session import one_at_a_time, reading, transaction

SYSTEM = "system"
VOUCHED = "Underviseren har oplyst, at det, der ligner CPR-numre, er opdigtet:"


class SourceService:
    """Reads and writes sources in the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # --- writing -------------------------------------------------------------------------------------------------

    def read_upload(
        self, person: Person, file_name: str, data: bytes, progress: Callable[[float], None] | None = None
    ) -> Draft:
        """Read a file without storing it; raises `UnreadableFile` and `NotAllowed`."""
        person.require(Permission.MANAGE_SOURCES)
        mending = self._mended(read_document(file_name, data, progress=progress))
        document = mending.document
        sections = tuple(cut(document))
        spots = screened(file_name, document, sections)
        return Draft(file_name, data, document, sections, self._twin(data), spots, mending)

    def publish(
        self, person: Person, draft: Draft, details: SourceDetails, *, is_new: bool, invented: str = ""
    ) -> VersionView:
        """Store a version of a source that is new or known. Only those who may approve can publish as approved.

        `invented` is the reason why what looks like CPR numbers in the file is invented; it is kept with the version, and
        the log keeps who said so. Raises `InvalidSource` when a new source's short name is taken or the file holds what
        looks like CPR numbers and no reason is given, `DuplicateSource` when the same file is in use.
        """
        person.require(Permission.MANAGE_SOURCES)
        if details.status is Status.APPROVED:
            person.require(Permission.APPROVE_SOURCES)
        if names_cpr(details):
            raise InvalidSource(
                "Titlen eller oplysningerne indeholder noget, der ligner CPR-numre. Fjern dem, og prøv igen."
            )
        reason = invented.strip()
        if draft.stopped:
            check_reason(draft, reason)
        return self._store(draft, details, person.id, is_new=is_new, invented=reason if draft.stopped else "")

    def approve(self, person: Person, version_id: str) -> None:
        """Approve a draft; raises `InvalidSource` when it is a draft no longer."""
        person.require(Permission.APPROVE_SOURCES)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            version = version_view(_row(session, version_id))
            if version.status is not Status.DRAFT:
                raise InvalidSource("Kun et udkast kan godkendes, og det er versionen ikke længere. Genindlæs siden.")
            _set_status(session, person, version, Status.APPROVED)

    def retire(self, person: Person, version_id: str) -> None:
        """Take a version out. When it is the one in force, the older ones go with it, so that none comes back in its place.

        Whoever may not approve cannot take approved text out. All of it can still be read through old answers.
        """
        person.require(Permission.MANAGE_SOURCES)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            version = version_view(_row(session, version_id))
            family = [version_view(row) for row in session.scalars(_versions(version.source_id))]
            shown = quotable(family, today())
            older = shown is not None and shown.id == version.id
            leaving = [one for one in family if one.id == version.id or (older and one.number < version.number)]
            if any(one.status is Status.APPROVED for one in leaving):
                person.require(Permission.APPROVE_SOURCES)
            for one in leaving:
                if one.status is not Status.RETIRED:
                    _set_status(session, person, one, Status.RETIRED)

    def ingest_file(self, path: Path) -> VersionView | None:
        """Store a Markdown file with front matter (shipped content, `manage.py ingest`). None when nothing is new.

        Raises `UnreadableFile` and `InvalidSource`. The owner of the files is trusted: no person stands behind the call.
        A source that somebody has retired stays retired, whatever the files say.
        """
        data = path.read_bytes()
        if self._known_bytes(data):
            return None
        document = read_document(path.name, data)
        if not document.front_matter:
            raise InvalidSource(f"Filen {path.name} mangler oplysninger øverst (id, title, publisher, level …).")
        details = SourceDetails.parse(dict(document.front_matter), path.name)
        family = self._versions(details.id)
        if family and max(family, key=lambda version: version.number).status is Status.RETIRED:
            raise InvalidSource(
                f"Kilden {details.title} er trukket tilbage. Læg den op under Materiale, hvis den skal gælde igen."
            )
        mending = self._mended(document)
        sections = tuple(cut(mending.document))
        draft = Draft(
            path.name, data, mending.document, sections, None, screened(path.name, mending.document, sections)
        )
        if draft.stopped or names_cpr(details):
            raise InvalidSource(
                f"Filen indeholder noget, der ligner CPR-numre ({draft.stopping_places or 'oplysningerne øverst'}). "
                "Fjern dem, eller skriv ved hvert nummer, at det er opdigtet, og prøv igen."
            )
        return self._store(draft, details, SYSTEM, is_new=not family)

    def _mended(self, document: Document) -> MendedDocument:
        return mended(document, self._well_read)

    def _well_read(self) -> list[str]:
        """The text of what may be quoted today, without what is damaged itself, whether it was mended or not."""
        texts: list[str] = []
        for sections in self.sections_of([version.id for version in self.in_force(today())]).values():
            passages = [passage for section in sections for passage in section.passages]
            if not shows_no_danish_letters([passage.as_read or passage.text for passage in passages]):
                texts += [passage.text for passage in passages]
        return texts

    def _store(
        self, draft: Draft, details: SourceDetails, actor: str, *, is_new: bool, invented: str = ""
    ) -> VersionView:
        if not any(section.passages for section in draft.sections):
            raise InvalidSource(f"Filen {draft.file_name} har ingen tekst, der kan søges i.")
        sha256 = hashlib.sha256(draft.data).hexdigest()
        with transaction(self._engine) as session:
            one_at_a_time(session)
            twin = _in_use(session, sha256)
            if twin:
                raise DuplicateSource(twin.title, twin.version, twin.source_id)
            known = session.get(SourceRow, details.id) is not None
            if known and is_new:
                raise InvalidSource(
                    "Der findes allerede en kilde med det navn. Vælg den som ny version, eller ret titlen."
                )
            if not known:
                session.add(SourceRow(id=details.id, created_at=now()))
                session.flush()
            newest = session.scalar(
                select(func.max(SourceVersionRow.number)).where(SourceVersionRow.source_id == details.id)
            )
            row = SourceVersionRow(
                id=new_id(),
                source_id=details.id,
                number=(newest or 0) + 1,
                file_name=draft.file_name,
                sha256=sha256,
                page_count=draft.document.page_count,
                warnings=[*draft.document.warnings, *([f"{VOUCHED} {invented}"] if invented else [])],
                created_by=actor,
                created_at=now(),
                original=draft.data,
                sections=[section_row(number, section) for number, section in enumerate(draft.sections)],
                **details.model_dump(exclude={"id", "status"}),
            )
            session.add(row)
            session.flush()
            audit.record(
                session,
                actor=actor,
                action="source.published",
                object_type="source_version",
                object_id=row.id,
                after_hash=sha256,
            )
            if invented:
                audit.record(
                    session,
                    actor=actor,
                    action="source.cpr_invented",
                    object_type="source_version",
                    object_id=row.id,
                    after_hash=hashlib.sha256(invented.encode()).hexdigest(),
                )
            # Numbered while the lock is held: `revision` would miss a number that is committed after a higher one.
            row.statuses.append(SourceStatusRow(status=details.status.value, at=now(), by=actor))
            return version_view(row)

    # --- reading -------------------------------------------------------------------------------------------------

    def revision(self) -> int:
        """A number that grows with every stored version and every change of status."""
        with reading(self._engine) as session:
            return session.scalar(select(func.max(SourceStatusRow.id))) or 0

    def in_force(self, day: date) -> list[VersionView]:
        """The version of every source that may be quoted on `day` (see `quotable`), law first, then by title."""
        families: dict[str, list[VersionView]] = {}
        for version in self._versions():
            families.setdefault(version.source_id, []).append(version)
        chosen = [found for family in families.values() if (found := quotable(family, day))]
        return sorted(chosen, key=lambda version: (version.level.rank, version.title))

    def waiting(self, day: date) -> list[VersionView]:
        """Versions that are newer than what may be quoted on `day`: drafts awaiting approval, and what begins later."""
        chosen = {version.source_id: version.number for version in self.in_force(day)}
        found = [
            version
            for version in self._versions()
            if version.status is not Status.RETIRED
            and version.number > chosen.get(version.source_id, 0)
            and not version.ended(day)
        ]
        return sorted(found, key=lambda version: (version.title, version.number))

    def versions(self, source_id: str) -> list[VersionView]:
        """All versions of a source, newest first; raises `UnknownSource`."""
        found = sorted(self._versions(source_id), key=lambda version: -version.number)
        if not found:
            raise UnknownSource
        return found

    def version(self, version_id: str) -> VersionView:
        """One version, whatever its status; raises `UnknownSource`."""
        with reading(self._engine) as session:
            return version_view(_row(session, version_id))

    def sections(self, version_id: str) -> list[SectionView]:
        """The text of a version in reading order."""
        return self.sections_of([version_id])[version_id]

    def sections_of(self, version_ids: Sequence[str]) -> dict[str, list[SectionView]]:
        """The text of several versions in two queries: version id -> sections."""
        query = (
            select(SectionRow)
            .where(SectionRow.version_id.in_(version_ids))
            .order_by(SectionRow.ordinal)
            .options(selectinload(SectionRow.passages))
        )
        texts: dict[str, list[SectionView]] = {version_id: [] for version_id in version_ids}
        with reading(self._engine) as session:
            for row in session.scalars(query):
                texts[row.version_id].append(section_view(row))
        return texts

    def original(self, version_id: str) -> bytes:
        """The file as it was uploaded; raises `UnknownSource`."""
        with reading(self._engine) as session:
            return _row(session, version_id).original

    def changes(self, before_id: str, after_id: str) -> list[Change]:
        """Paragraph differences between two stored versions."""
        return changes(self._paragraphs(before_id), self._paragraphs(after_id))

    def changes_to(self, before_id: str, draft: Draft) -> list[Change]:
        """Paragraph differences between a stored version and a file about to be published."""
        return changes(self._paragraphs(before_id), draft.paragraphs)

    def _paragraphs(self, version_id: str) -> list[str]:
        sections = self.sections(version_id)
        return [line for section in sections for passage in section.passages for line in passage.text.split("\n")]

    def _known_bytes(self, data: bytes) -> bool:
        query = select(SourceVersionRow.id).where(SourceVersionRow.sha256 == hashlib.sha256(data).hexdigest()).limit(1)
        with reading(self._engine) as session:
            return session.scalar(query) is not None

    def _twin(self, data: bytes) -> VersionView | None:
        with reading(self._engine) as session:
            return _in_use(session, hashlib.sha256(data).hexdigest())

    def _versions(self, source_id: str | None = None) -> list[VersionView]:
        with reading(self._engine) as session:
            return [version_view(row) for row in session.scalars(_versions(source_id))]


def _versions(source_id: str | None) -> Select[SourceVersionRow]:
    query = select(SourceVersionRow).options(selectinload(SourceVersionRow.statuses))
    return query if source_id is None else query.where(SourceVersionRow.source_id == source_id)


def _row(session: Session, version_id: str) -> SourceVersionRow:
    row = session.get(SourceVersionRow, version_id, options=[selectinload(SourceVersionRow.statuses)])
    if row is None:
        raise UnknownSource
    return row


def _in_use(session: Session, sha256: str) -> VersionView | None:
    """The version with these bytes that is not retired."""
    views = [version_view(row) for row in session.scalars(_versions(None).where(SourceVersionRow.sha256 == sha256))]
    return next((view for view in views if view.status is not Status.RETIRED), None)


def _set_status(session: Session, person: Person, version: VersionView, status: Status) -> None:
    action = f"source.{status.value}"
    audit.record(session, actor=person.id, action=action, object_type="source_version", object_id=version.id)
    # After the lock that the log holds; see `_store`.
    session.add(SourceStatusRow(version_id=version.id, status=status.value, at=now(), by=person.id))
