"""Names together with health, family, crime or a case: what makes an everyday name sensitive."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.privacy import words
from rag.privacy.fiction import invented_people
from rag.privacy.finding import Finding
from rag.privacy.persons import Certainty, PersonName, is_organisation, person_names
from rag.privacy.tokens import Token, tokens

NEAR = 400  # characters between a full name and a matter
DIRECT = 6  # words between a colleague's name and a matter that is said of the colleague
OWN = 3  # words between a genitive and what is owned
_PRONOUNS = frozenset(
    "han hun hans hendes ham hende barnet borgeren eleven personen vedkommende moren faren mor far familien drengen pigen".split()
)
_LINKS = frozenset(
    "med der som om mod på i til af hvor ramt udsat under er har for en et deres svær svært alvorlig får fået lider bliver"
    " bør skal kan psykisk fysisk kronisk skrev hele mulig ved fra".split()
)
_IS = frozenset("er var som blev bliver har fik får havde".split())
_OF_NOBODY = frozenset("vi jeg man i du kommunen de nogen".split())
_OF_CASE = frozenset(
    "sag sagen klage klagen ansøgning ansøgningen underretning underretningen journal journalen anmeldelse anmeldelsen"
    " afgørelse".split()
)
_PLURALS = re.compile(r".*(?:sager|sagerne|sygdomme|erne|ernes)$")
_PHRASAL = frozenset({"slået fra", "slået til", "slår fra", "slår til", "slået op", "slår op", "slået sammen"})


@dataclass(frozen=True)
class _Text:
    text: str
    row: list[Token]
    names: list[PersonName]
    strong: list[int]
    weak: list[int]


def sensitive_names(text: str) -> Iterator[Finding]:
    """Names in folded text that stand with something sensitive, unless the people in it are said to be invented."""
    row = tokens(text)
    names = person_names(text, row)
    if not names or invented_people(text):
        return
    named = {place for name in names for place in range(name.first, name.last + 1)}
    strong = [p for p in _places(row, "strong", text) if p not in named and not _generic(row, p, named)]
    weak = [p for p in _places(row, "weak", text) if p not in named]
    if not strong and not weak:
        return
    whole = _Text(text, row, names, strong, weak)
    for name in names:
        if _is_sensitive(whole, name):
            yield Finding("person", row[name.first].start, _end(text, row[name.last]))


def _end(text: str, last: Token) -> int:
    """The dot of an initial belongs to the name."""
    return last.end + (len(last.text) == 1 and text[last.end : last.end + 1] == ".")


def _places(row: list[Token], strength: str, text: str) -> list[int]:
    patterns = words.matters(strength)
    return [
        place
        for place, token in enumerate(row)
        if _matches(patterns, token)
        and " ".join(one.low for one in row[place : place + 2]) not in _PHRASAL
        and not is_organisation(token)
        and not _PLURALS.match(token.low)
        and text[max(0, token.start - 1) : token.start] != "["
    ]


def _matches(patterns: words.WordPatterns, token: Token) -> bool:
    """Compounds with a hyphen count by each of their parts: HIV-positiv."""
    return any(patterns.match(part.rstrip("'")) for part in (token.low, *token.low.split("-")))


def _generic(row: list[Token], place: int, named: set[int]) -> bool:
    """Whether a matter is said of people in general: borgere med demens, en elev, der har ADHD, sager om vold."""
    for back in range(1, 7):
        at = place - back
        if at < 0 or row[at].sentence != row[place].sentence or at in named:
            return False
        word = row[at].low
        linked = back == 1 or row[at + 1].low in _LINKS
        if word in words.words("general_subjects") and linked:
            return True
        if word in words.words("one_of_many") and linked and at and row[at - 1].low in {"en", "et", "min", "anonym"}:
            said = row[at - 2].low if at > 1 else ""
            return said not in _IS or (at > 2 and row[at - 3].low in _OF_NOBODY)
    return False


def _is_sensitive(whole: _Text, name: PersonName) -> bool:
    row = whole.row
    first, last = row[name.first], row[name.last]
    if name.colleague:
        return any(
            0 < place - name.last <= DIRECT and row[place].sentence == last.sentence for place in whole.strong
        ) and not any(
            row[place].low in {"at", "om", "hvad", "hvordan", "hvis", "når"}
            for place in range(name.last + 1, min(name.last + DIRECT, len(row)))
        )
    if name.certainty is Certainty.FULL:
        if any(abs(row[place].start - first.start) <= NEAR for place in whole.strong):
            return True
        if any(row[place].sentence == first.sentence for place in whole.weak):
            return True
    if any(_said_of(whole, place, name) for place in whole.strong):
        return True
    if name.citizen and (whole.weak or name.certainty is Certainty.FULL):
        return True
    genitive = last.low.endswith(("s", "'"))
    owned = [place for place in whole.weak if 0 < place - name.last <= OWN and row[place].sentence == last.sentence]
    if genitive and owned:
        return True
    if name.certainty is Certainty.ROLE and any(row[place].sentence == first.sentence for place in owned):
        return True
    return (
        name.first > 1
        and row[name.first - 1].low in {"om", "fra", "på", "mod", "vedrørende"}
        and row[name.first - 2].low in _OF_CASE
    )


def _said_of(whole: _Text, place: int, name: PersonName) -> bool:
    """Whether a matter stands in the sentence of a name, or in one of the two after it that speaks of him or her."""
    row = whole.row
    here, there = row[name.first].sentence, row[place].sentence
    if here == there:
        return True
    if not 0 < there - here <= 2:
        return False
    return any(token.low in _PRONOUNS for token in row if token.sentence == there)
