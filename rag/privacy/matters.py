"""Names together with health, family, crime or a case: what makes an everyday name sensitive."""

import re
from bisect import bisect_left
from collections.abc import Iterator

from rag.privacy import words
from rag.privacy.fiction import invented_people
from rag.privacy.finding import Finding
from rag.privacy.folded import fold
from rag.privacy.persons import Certainty, PersonName, is_organisation, person_names
from rag.privacy.tokens import Token, tokens

NEAR = 400  # characters between a full name and a matter
DIRECT = 6  # words between a colleague's name and a matter that is said of the colleague
OWN = 3  # words between a genitive and what is owned
_PRONOUNS = frozenset(
    "han hun hans hendes ham hende barnet borgeren eleven personen vedkommende moren faren mor far familien drengen pigen".split()
)
_LINKS = frozenset(
    "med der som om mod på i til af hvor ramt udsat under er har for"
    " en et deres svær svært alvorlig får fået lider bliver"
    " bør skal kan psykisk fysisk kronisk skrev hele mulig ved fra".split()
)
_IS = frozenset("er var som blev bliver har fik får havde".split())
_OF_NOBODY = frozenset("vi jeg man i du kommunen de nogen".split())
_REPORTED = frozenset("at om hvad hvordan hvis når".split())
_ABOUT = frozenset("om på mod vedrørende for af".split())
_FROM = frozenset("fra til i på mod om".split())
_OF_CASE = frozenset(
    "klage klagen ansøgning ansøgningen afslag afgørelse afgørelsen underretning underretningen".split()
)
_PAPERS = _OF_CASE | frozenset(
    "sag sagen journal journalen journalnotat anmeldelse anmeldelsen notat notatet handleplan handleplanen plan planen udtalelse"
    " udtalelsen vurdering vurderingen udredning udredningen bekymring bekymringen bekymret mødet møde rapport"
    " rapporten status statusnotat"
    " indstilling handicapplan observation observationer beskrivelse beskrivelsen dokumentation dokumentationen".split()
)
_PLURALS = re.compile(r".*(?:sager|sagerne|sygdomme|erne|ernes)$")
_PHRASAL = frozenset({"slået fra", "slået til", "slår fra", "slår til", "slået op", "slår op", "slået sammen"})


class _Matters:
    """The sensitive matters of a text, laid out so that a name is judged in no time, however long the text is."""

    def __init__(self, row: list[Token], strong: list[int], weak: list[int]) -> None:
        self.row = row
        self.strong = frozenset(strong)
        self.weak = frozenset(weak)
        self.starts = [row[place].start for place in strong]
        self.strong_sentences = {row[place].sentence for place in strong}
        self.weak_sentences = {row[place].sentence for place in weak}
        self.spoken_of = {token.sentence for token in row if token.low in _PRONOUNS}

    def near(self, start: int) -> bool:
        """Whether a strong matter stands near a place in the text."""
        place = bisect_left(self.starts, start - NEAR)
        return place < len(self.starts) and self.starts[place] <= start + NEAR

    def said_of(self, sentence: int) -> bool:
        """Whether a strong matter stands in a sentence, or in one of the two after it that says he, she, the child …"""
        if sentence in self.strong_sentences:
            return True
        return any(after in self.strong_sentences & self.spoken_of for after in (sentence + 1, sentence + 2))

    def behind(self, name: PersonName, which: frozenset[int], words_away: int) -> bool:
        """Whether one of the matters stands at most so many words behind a name, in its sentence."""
        sentence = self.row[name.last].sentence
        places = range(name.last + 1, min(name.last + 1 + words_away, len(self.row)))
        return any(place in which and self.row[place].sentence == sentence for place in places)


def sensitive_names(text: str) -> Iterator[Finding]:
    """Names in folded text that stand with something sensitive, unless the people in it are said to be invented."""
    row = tokens(text)
    names = person_names(text, row)
    if not names or invented_people(text):
        return
    named = {place for name in names for place in range(name.first, name.last + 1)}
    strong = [p for p in _places(row, "strong", text) if p not in named and not _generic(row, p, named)]
    weak = [p for p in _places(row, "weak", text) if p not in named]
    matters = _Matters(row, strong, weak)
    for name in names:
        if _is_sensitive(matters, name):
            yield Finding("person", row[name.first].start, _end(text, row[name.last]))


def of_health_or_family(text: str) -> bool:
    """Whether a text about one person, who need not be named in it, tells of her health or her family."""
    row = tokens(fold(text).text)
    patterns = words.matters("strong", "health", "family"), words.matters("own")
    return any(not _generic(row, place, set()) for one in patterns for place in _met(row, one))


def _end(text: str, last: Token) -> int:
    """The dot of an initial belongs to the name."""
    return last.end + (len(last.text) == 1 and text[last.end : last.end + 1] == ".")


def _places(row: list[Token], strength: str, text: str) -> list[int]:
    return [
        place
        for place in _met(row, words.matters(strength))
        if not is_organisation(row[place]) and text[max(0, row[place].start - 1) : row[place].start] != "["
    ]


def _met(row: list[Token], patterns: words.WordPatterns) -> list[int]:
    return [
        place
        for place, token in enumerate(row)
        if _matches(patterns, token, two := " ".join(one.low for one in row[place : place + 2]))
        and two not in _PHRASAL
        and not _PLURALS.match(token.low)
    ]


def _matches(patterns: words.WordPatterns, token: Token, two: str) -> bool:
    """Compounds with a hyphen count by each of their parts: HIV-positiv. `two` is the word with the next one."""
    return two in patterns.whole or any(patterns.match(part.rstrip("'")) for part in (token.low, *token.low.split("-")))


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


def _is_sensitive(matters: _Matters, name: PersonName) -> bool:
    row = matters.row
    first, last = row[name.first], row[name.last]
    if name.colleague:
        told = any(token.low in _REPORTED for token in row[name.last + 1 : name.last + DIRECT])
        return not told and matters.behind(name, matters.strong, DIRECT)
    if name.certainty is Certainty.FULL and (matters.near(first.start) or first.sentence in matters.weak_sentences):
        return True
    if matters.said_of(first.sentence):
        return True
    if name.citizen and (matters.weak or name.certainty is Certainty.FULL):
        return True
    own = last.low.endswith(("s", "'")) or name.certainty is Certainty.ROLE
    if own and matters.behind(name, matters.weak, OWN):
        return True
    before = [token.low for token in row[max(0, name.first - 2) : name.first]]
    if len(before) < 2:
        return False
    about = before[1] in _ABOUT and before[0] in _PAPERS
    return about or (before[1] in _FROM and before[0] in _OF_CASE)
