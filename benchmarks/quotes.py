"""Whether every quote shown stands word for word in a valid source, checked against the database and not by the assistant.

A quote holds when its version is in the database, may be quoted today, has the status that the citation shows, and the
cited passage of that version holds the quote as it stands, character by character.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import yaml

from benchmarks.corpus import progress
from benchmarks.distortions import distortions
from benchmarks.house import House
from benchmarks.isolation import alone
from benchmarks.table import Measurement, at_least, at_most, not_measured
from bootstrap import Services, connect
from rag.answer import EXTRACT, Answer, Citation, Outcome
from rag.errors import EncoderMissing, RagError
from rag.grounding import Written, check, located
from rag.index import IndexedPassage
from rag.passages import cut
from rag.readers import read_document
from rag.sentences import sentences
from rag.source import Level, PassageView, SectionView, Status, VersionView
from settings import Settings

DISTORTIONS = 1000
SHORT = 25


@dataclass(frozen=True)
class Count:
    """What was asked, answered and shown; `faults` are citations that do not hold, in words."""

    questions: int
    answered: int
    shown: int
    nearest: int
    faults: tuple[str, ...]


def quote_measurements(house: House, questions: Path) -> list[Measurement]:
    """Share of quotes that hold, over the sections' own questions and everyday ones from a file, where it is there."""
    name = "Viste citater, der står ordret i en gyldig kilde"
    progress("Kontrollerer citater")
    extra = _extra(questions)
    with house.copy() as copy:
        found = alone(copy.environment, _check, extra)
    if not found.shown:
        return [not_measured(name, "intet spørgsmål blev besvaret", at_least(100), "%")]
    for fault in found.faults:
        progress(f"  {fault}")
    share = 100 * (1 - len(found.faults) / (found.shown + found.nearest))
    note = f"{found.shown} citater i svar og {found.nearest} nærmeste afsnit, {found.questions} spørgsmål"
    return [
        Measurement(name, share, "%", at_least(100), note=note),
        Measurement("Spørgsmål fra kilderne, der besvares", 100 * found.answered / found.questions, "%"),
    ]


def guideline_sentences(content: Path) -> Iterator[tuple[str, str]]:
    """Each sentence of the shipped guidelines that may be quoted, with the text of its passage; tables are left out."""
    for path in sorted((content / "guidelines").glob("*.md")):
        for section in cut(read_document(path.name, path.read_bytes())):
            for passage in section.passages if section.heading and section.searchable else ():
                if "table" not in passage.kinds:
                    yield from ((s.text, passage.text) for s in sentences(passage.text) if len(s.text) >= SHORT)


def distortion_measurements(content: Path) -> list[Measurement]:
    """How many changed quotes, and changed sentences with a true quote, the check of a language model lets through."""
    progress("Forvansker citater")
    found = list(guideline_sentences(content))
    changes = list(distortions([text for text, _ in found], DISTORTIONS))
    quotes = sentences_ = 0
    for _, place, changed in changes:
        text, passage = found[place]
        indexed = _alone(passage)
        quotes += bool(located(changed, indexed))
        sentences_ += check([Written(text=changed, passage="k1", quote=text)], {"k1": indexed}).own
    count = f"{len(changes):,}".replace(",", ".")
    return [
        Measurement(f"Forvanskede citater godtaget ({count})", quotes, bar=at_most(0), digits=0),
        Measurement(f"Forvanskede sætninger med ægte citat godtaget ({count})", sentences_, bar=at_most(0), digits=0),
    ]


def _alone(text: str) -> IndexedPassage:
    """A passage as the assistant finds it, without a database."""
    passage = PassageView("p", text, ("paragraph",), None, "")
    section = SectionView("Afsnit", "afsnit", 2, ("Afsnit",), None, (), True, (passage,))
    day = _today()
    version = VersionView(
        id="v", source_id="k", number=1, version="1.0", title="Kilde", summary="", publisher="Randers Kommune",
        level=Level.MUNICIPAL, status=Status.APPROVED, owner="IT", valid_from=day, valid_to=None, review_by=None,
        source_address=None, file_name="k.md", page_count=0, warnings=(), created_at=datetime.now(UTC),
    )  # fmt: skip
    return IndexedPassage(passage, section, version)


def _extra(path: Path) -> list[str]:
    if not path.exists():
        return []
    return [str(entry["question"]) for entry in yaml.safe_load(path.read_text("utf-8"))]


def _check(extra: list[str]) -> Count:
    services = connect(Settings())  # type: ignore[call-arg]  # values come from the environment
    with suppress(EncoderMissing):
        services.search.encode()  # meaning is on from the first question
    own = _section_questions(services)
    shelf = _Shelf(services)
    answered = shown = nearest = 0
    faults: list[str] = []
    for number, question in enumerate([*own, *extra]):
        answer = services.assistant.ask(question)
        answered += answer.status is Outcome.ANSWERED and number < len(own)
        shown += sum(len(sentence.citations) for sentence in answer.sentences)
        nearest += len(answer.passages)
        faults += [f"{question}: {fault}" for fault in _faults(answer, shelf)]
    return Count(len(own), answered, shown, nearest, tuple(faults))


def _section_questions(services: Services) -> list[str]:
    found: dict[str, None] = {}
    for version in services.sources.in_force(_today()):
        for section in services.sources.sections(version.id):
            found.update(dict.fromkeys(section.questions))
    return list(found)


def _faults(answer: Answer, shelf: "_Shelf") -> list[str]:
    faults = []
    for sentence in answer.sentences:
        if not sentence.citations:
            faults.append(f"en sætning uden citat: {sentence.text[:80]}")
        for citation in sentence.citations:
            fault = shelf.fault(citation)
            if fault is None and answer.made_by == EXTRACT and sentence.text not in citation.quote:
                fault = "sætningen står ikke i sit citat"
            if fault:
                faults.append(f"{fault}: {citation.quote[:80]}")
    faults += [f"{fault}: {place.quote[:80]}" for place in answer.passages if (fault := shelf.fault(place))]
    return faults


class _Shelf:
    """The versions and passages as the database holds them, read once each."""

    def __init__(self, services: Services) -> None:
        self._services = services
        self._versions: dict[str, tuple[VersionView, dict[str, str]]] = {}

    def fault(self, citation: Citation) -> str | None:
        """What is wrong with a citation, or None."""
        try:
            version, passages = self._read(citation.version_id)
        except RagError:
            return "ukendt udgave"
        if version.status is not citation.status or version.source_id != citation.source:
            return "udgaven vises med forkert kilde eller status"
        day = _today()
        ended = version.valid_to is not None and version.valid_to < day
        if version.status is Status.RETIRED or version.valid_from > day or ended:
            return "udgaven gælder ikke i dag"
        if not citation.quote.strip() or citation.quote not in passages.get(citation.passage, ""):
            return "citatet står ikke ordret i afsnittet"
        return None

    def _read(self, version_id: str) -> tuple[VersionView, dict[str, str]]:
        if version_id not in self._versions:
            sections = self._services.sources.sections(version_id)
            texts = {passage.id: passage.text for section in sections for passage in section.passages}
            self._versions[version_id] = self._services.sources.version(version_id), texts
        return self._versions[version_id]


def _today() -> date:
    return date.today()  # noqa: DTZ011  a source is in force by the local calendar
