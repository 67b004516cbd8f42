"""Clozes made from a sentence by rule: a number, a date, a "skal" or "må ikke", a limit or a term is left out and chosen."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from courses.authoring.modal_clause import modal_clause
from courses.authoring.quantities import quantities
from courses.authoring.statements import Statement
from rag import danish

# "bør" is not asked for: that nobody is obliged to is no contradiction of it.
_MODALS = {
    ("skal", True): ("kan vælge at", "må ikke"),
    ("skal", False): ("behøver ikke", "må ikke"),
    ("må", True): ("må ikke", "skal"),
    ("må", False): ("må ikke", "skal"),
    ("må ikke", True): ("må gerne", "bør"),
    ("må ikke", False): ("må gerne", "bør"),
}
_LIMITS = (("senest", "tidligst"), ("obligatorisk", "frivillig"), ("mindst", "højst", "præcis"))
_LIMIT = re.compile(
    r"\b(?:senest|tidligst|obligatorisk|frivillig|(?:mindst|højst)(?= (?:de )?(?:\d|én|en gang|to|tre|fire|fem|seks)\b))"
)
_BEFORE = re.compile(r", (før|inden) (?!den første|de )(?=[^\W\d])")
_REFERENCE = re.compile(r"(?<!\w)(?P<kind>[Aa]rtikel|§) (?P<number>\d{1,3})\b(?!\()")
_ARTICLE = re.compile(r"\b(?:en|et|den|det)(?: \w+)? $", re.IGNORECASE)
_NAMED = re.compile(r"\b(?:kaldes|kaldet|hedder)(?: også)?(?: en| et)? $")
_EXPLAINED = re.compile(
    r"""
    ,\ altså\ (?:den|det|de|en|et|at)\b
    | \ (?:er|betyder|dækker|vil\ sige)\ (?:at|en|et|den|det|de|når|[a-zæøå]+(?:er|e),?\ der)\b
    """,
    re.VERBOSE,
)
_LISTED = re.compile(r"(?:,| og| eller) $")
FEWEST_OTHERS = 2
OTHERS = 2
SHORTEST_TERM = 4  # letters; a shorter term, such as AI, stands everywhere


@dataclass(frozen=True)
class GapChoice:
    """Characters `start` to `end` of a sentence left out, `others` to choose among besides them (none: it is written), and `use`,
    how much is learned by it (0..3)."""

    start: int
    end: int
    others: tuple[str, ...]
    use: float


class Terms:
    """Terms that may be left out, in an order where neighbours belong together, and the gender that the texts give them."""

    def __init__(self, terms: Sequence[str], texts: Iterable[str]) -> None:
        self._terms = list(dict.fromkeys(terms))
        self._genders: dict[str, str] = {}
        every = "\n".join(texts)
        for term in self._terms:
            found = re.finditer(rf"\b(en|et) {re.escape(term)}\b", every, re.IGNORECASE)
            articles = {match[1].lower() for match in found}
            if len(articles) == 1:
                self._genders[term] = articles.pop()

    def gaps(self, statement: Statement) -> Iterator[GapChoice]:
        """Terms of a statement that stand in it once, and are not what the whole source is about."""
        about = {*danish.stems(statement.indexed.version.title)}
        for place, term in enumerate(self._terms):
            stems = set(danish.stems(term))
            found = list(re.finditer(rf"(?<![\w-]){re.escape(term)}(?![\w-])", statement.text, re.IGNORECASE))
            if len(found) != 1 or len(term) < SHORTEST_TERM or stems & about or not _defines(statement.text, found[0]):
                continue
            start, end = found[0].span()
            rest = statement.text[:start] + statement.text[end:]
            if stems & set(danish.stems(rest)):
                continue
            article = _ARTICLE.search(statement.text[:start]) is not None
            others = self._others(place, rest, after_article=article)
            capital = start == 0 and not _name(term)
            if len(others) == OTHERS:
                yield GapChoice(start, end, tuple(other.capitalize() if capital else other for other in others), 2.4)

    def _others(self, place: int, rest: str, *, after_article: bool) -> list[str]:
        """The nearest terms that fit the same place: names for a name, and after an article those of the same gender."""
        term = self._terms[place]
        gender = self._genders.get(term)
        said = set(danish.stems(rest)) | set(danish.stems(term))
        ranked = sorted(range(len(self._terms)), key=lambda other: abs(other - place))
        return [
            other
            for other in (self._terms[number] for number in ranked)
            if _name(other) == _name(term)
            and (not after_article or self._genders.get(other, "") == gender)
            and not said & set(danish.stems(other))
        ][:OTHERS]


def gaps(statement: Statement, dates: Sequence[str] = (), references: Sequence[str] = ()) -> Iterator[GapChoice]:
    """What can be left out of a statement, besides terms. `dates` and `references` are those of the source."""
    text = statement.text
    for quantity in quantities(text, dates):
        if len(quantity.others) >= FEWEST_OTHERS:
            yield GapChoice(quantity.start, quantity.end, quantity.others[:3], 3.0 if quantity.deadline else 1.5)
    clause = modal_clause(text)
    if clause and (turned := _MODALS.get((clause.modal + " ikke" * clause.negated, clause.agent))):
        start = len(clause.subject) + 1
        end = len(text) - len(clause.rest) - 1
        yield GapChoice(start, end, turned, 2.6 if clause.negated else 2.3)
    for limits in _LIMITS:
        found = [match for match in _LIMIT.finditer(text) if match[0] in limits]
        if len(found) == 1:
            rest = tuple(limit for limit in limits if limit != found[0][0])
            yield GapChoice(found[0].start(), found[0].end(), rest, 2.4)
    timed = list(_BEFORE.finditer(text))
    if len(timed) == 1 and not text.startswith("Det er "):
        yield GapChoice(timed[0].start(1), timed[0].end(1), ("efter at", "samtidig med at"), 2.4)
    for match in _REFERENCE.finditer(text):
        kind, own = match["kind"].lower(), int(match["number"])
        others = [int(other.split()[1]) for other in references if other.startswith(kind) and other != f"{kind} {own}"]
        near = sorted(others, key=lambda other: abs(other - own))[:OTHERS]
        rest = tuple(map(str, near)) if len(near) == OTHERS else ()
        yield GapChoice(match.start("number"), match.end("number"), rest, 1.3)


def references_in(text: str) -> list[str]:
    """The articles and sections of laws that a text names, each once: "artikel 50", "§ 29"."""
    return list(dict.fromkeys(match[0].lower() for match in _REFERENCE.finditer(text)))


def _name(term: str) -> bool:
    return any(letter.isupper() for letter in term)


def _defines(text: str, match: re.Match[str]) -> bool:
    """Whether the sentence says what the term is."""
    return bool(_NAMED.search(text[: match.start()]) or _EXPLAINED.match(text[match.end() :])) and not _LISTED.search(
        text[: match.start()]
    )
