"""The shipped content: what a reader of the files would complain about."""

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path

import pytest

from people.roles import Role
from people.service import example_people
from rag import privacy
from rag.glossary import Glossary
from rag.passages import CutSection, cut
from rag.readers import Document, read_document
from rag.source import Level, SourceDetails, Status
from settings import ROOT

CONTENT = ROOT / "content"
DECISION = ROOT.parent / "shared" / "real" / "direktionen_brug_af_ai_2024.txt"
GUIDELINES = sorted((CONTENT / "guidelines").glob("*.md"))
ENDS_WITH_SOURCE = re.compile(r"\(Kilde: (?:[^()]|\([^()]*\))+\)$")
KEY = re.compile(r"\bK-[A-ZÆØÅ]{1,3}\d+\b")
each_guideline = pytest.mark.parametrize("path", GUIDELINES, ids=lambda path: path.stem)


@lru_cache
def read(path: Path) -> Document:
    return read_document(path.name, path.read_bytes())


def details(path: Path) -> SourceDetails:
    return SourceDetails.parse(dict(read(path).front_matter), path.name)


def body(path: Path) -> Iterator[CutSection]:
    """The sections with content: not the intro, not the list of sources."""
    return (section for section in cut(read(path)) if section.heading and section.searchable)


def test_there_are_guidelines_of_every_level() -> None:
    assert {details(path).level for path in GUIDELINES} == set(Level)


@each_guideline
def test_it_loads_without_warnings_under_the_name_of_its_file(path: Path) -> None:
    assert details(path).id == path.stem
    assert read(path).warnings == ()
    assert details(path).summary
    assert details(path).review_by is not None


@each_guideline
def test_nothing_is_called_approved_that_the_municipality_has_not_approved(path: Path) -> None:
    found = details(path)
    if found.level is Level.MUNICIPAL or "Randers Kommune" in found.publisher:
        assert found.status is Status.DRAFT


@each_guideline
def test_every_block_names_its_source(path: Path) -> None:
    for section in body(path):
        blocks = [
            (kind, line)
            for passage in section.passages
            if passage.kinds != ("table",)
            for kind, line in zip(passage.kinds, passage.text.split("\n"), strict=True)
        ]
        assert blocks, f"“{section.heading}” has no text outside its tables"
        for _, line in blocks:
            assert ENDS_WITH_SOURCE.search(line), f"“{section.heading}”: {line}"


@each_guideline
def test_every_section_has_everyday_questions(path: Path) -> None:
    for section in body(path):
        assert len(section.questions) >= 2, section.heading
    stated = Counter(question for section in body(path) for question in section.questions)
    assert [question for question, times in stated.items() if times > 1] == []


@each_guideline
def test_every_key_used_is_explained_under_kilder_once(path: Path) -> None:
    used = {key for section in body(path) for passage in section.passages for key in KEY.findall(passage.text)}
    lists = [section for section in cut(read(path)) if not section.searchable]
    lines = [line for section in lists for passage in section.passages for line in passage.text.split("\n")]
    explained = Counter(line.split(":")[0] for line in lines)
    assert used <= explained.keys(), f"not under Kilder: {sorted(used - explained.keys())}"
    assert [key for key, times in explained.items() if times > 1] == []


@each_guideline
def test_nothing_in_it_looks_like_personal_data(path: Path) -> None:
    found = privacy.screen(privacy.Part(path.stem, block.text) for block in read(path).blocks)
    assert not {"cpr", "phone", "address", "plate"} & privacy.counted(found).keys()
    assert not any(spot.stops for spot in found)


@pytest.mark.skipif(not DECISION.exists(), reason=f"{DECISION} is not here (outside data, not part of the repository)")
def test_nothing_in_the_decision_of_2024_looks_like_personal_data() -> None:
    assert privacy.screen(privacy.Part("", block.text) for block in read(DECISION).blocks) == ()


@each_guideline
def test_no_question_that_it_answers_is_blocked(path: Path) -> None:
    for section in body(path):
        for question in section.questions:
            assert privacy.find(question) == [], question


def test_no_two_guidelines_share_a_title() -> None:
    titles = [details(path).title for path in GUIDELINES]
    assert len(set(titles)) == len(titles)


def test_the_glossary_points_at_guidelines_that_exist() -> None:
    known = {path.stem for path in GUIDELINES}
    terms = Glossary.load(CONTENT).terms
    assert {term.source for term in terms if term.source} <= known
    names = Counter(term.term.lower() for term in terms)
    assert [name for name, times in names.items() if times > 1] == []


def test_no_synonym_means_two_things() -> None:
    owners: dict[str, set[str]] = {}
    for term in Glossary.load(CONTENT).terms:
        for form in (term.term, *term.synonyms):
            owners.setdefault(form.lower(), set()).add(term.term)
    assert {form: terms for form, terms in owners.items() if len(terms) > 1} == {}


def test_there_is_an_example_person_for_every_role() -> None:
    people = example_people(CONTENT)
    assert {role for person in people for role in person.roles} == set(Role)
    assert len({person.id for person in people}) == len(people)
    assert all(Role.EMPLOYEE in person.roles for person in people)
