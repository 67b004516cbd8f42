"""True or false, made from a sentence by rule: the sentence itself, or the sentence with one exact change that contradicts it.

A false statement never gets an "ikke" that the source does not have: to call it false, people would have to negate a negation.
"""

import re
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass

from courses.authoring.advice import advice
from courses.authoring.modal_clause import modal_clause
from courses.authoring.quantities import quantities
from courses.authoring.statements import Statement
from courses.authoring.text_rules import main_clause, negated

_DROPPED = re.compile(
    r"\b(?P<verb>må|skal|kan|bør|er|har|bliver|gælder|behøver|betyder) "
    r"(?P<adverb>(?:normalt|typisk|som regel|som udgangspunkt) )?"
    r"ikke (?!kun|længere|endnu|alene|bare|nødvendigvis|altid|nok\b(?! at)|mere|andet|ret\b)"
)
# "Microsoft oplyser, at svar ikke bruges til ...": in a clause with "at" the word stands before the verb
_DROPPED_AFTER_THAT = re.compile(
    r"^(\w+ (?:oplyser|siger|skriver|vurderer), at [^,]{3,60}?(?:, [^,]{3,40} og [^,]{3,60}?)?) ikke (?=\w+(?:es|er|r)\b)"
)
_EXCEPTED = re.compile(
    r"\b(?:men|undtagen|undtaget|medmindre|bortset|kun|hverken|heller|ingen|aldrig|uden at|dog)\b", re.IGNORECASE
)
_TWINS = {
    "mindst": "højst",
    "højst": "mindst",
    "senest": "tidligst",
    "forbudt": "tilladt",
    "ulovligt": "lovligt",
    "obligatorisk": "frivillig",
    "obligatoriske": "frivillige",
    "frivilligt": "obligatorisk",
    "udskudt": "fremrykket",
    "sjældent": "ofte",
    "slået fra": "slået til",
}
_TWIN = re.compile(
    r"""
    \b(?:(?:mindst|højst)(?=\ (?:de\ )?(?:\d|én|to|tre|fire|fem|seks)\b)|senest(?=\ \d)|(?:(?<=\ er\ )|(?<=\ været\ ))forbudt
    |ulovligt|obligatoriske?|frivilligt|udskudt|sjældent|slået\ fra)\b
    """,
    re.VERBOSE,
)
_YOU = frozenset({"du", "man", "i"})
LONGEST_SUBJECT = 4  # words


@dataclass(frozen=True)
class Change:
    """A sentence that contradicts its source, and how much is learned by seeing that (0..3)."""

    text: str
    use: float


def untrue(statement: Statement, lower: Set[str], dates: Sequence[str] = ()) -> Iterator[Change]:
    """Changes of a statement that make it false. `lower` are the words that the source writes with a small first letter."""
    text = statement.text
    if statement.advises:
        if said := advice(text):
            yield Change(said.fails, 2.6)
        return
    yield from _without_not(text)
    yield from _turned(text, lower)
    for quantity in quantities(text, dates):
        yield Change(quantity.replaced(text), 3.0 if quantity.deadline else 1.5)
    if len(_TWIN.findall(text)) == 1 and not negated(text):
        yield Change(_TWIN.sub(lambda match: _TWINS[match[0]], text), 2.5)


def true(statement: Statement) -> str:
    """The statement as it is put when it holds: itself, or what it advises."""
    said = advice(statement.text) if statement.advises else None
    return said.holds if said else statement.text


def marked(text: str) -> str:
    """The text with the word in bold that negates its main clause, so that nobody overlooks it."""
    if not negated(main_clause(text)):
        return text
    return re.sub(r"\b(?:ikke|ingen|intet|aldrig|hverken|undtagen)\b", lambda match: f"**{match[0]}**", text, count=1)


def _without_not(text: str) -> Iterator[Change]:
    """ "AI må ikke …" becomes "AI må …". "ikke" stands after the verb in main clauses only, and those can lose it."""
    if _EXCEPTED.search(text):
        return
    if said := _DROPPED_AFTER_THAT.match(text):
        yield Change(f"{said[1]} {text[said.end() :]}", 2.5)
    found = list(_DROPPED.finditer(text))
    if len(found) != 1 or negated(main_clause(text[: found[0].start()] + text[found[0].end() :])):
        return
    match = found[0]
    modal = match["verb"] in ("må", "skal", "bør")
    yield Change(
        f"{text[: match.start()]}{match['verb']} {match['adverb'] or ''}{text[match.end() :]}", 3.0 if modal else 2.5
    )


def _turned(text: str, lower: Set[str]) -> Iterator[Change]:
    """ "Kommunen skal begrunde …" becomes "Det er frivilligt for kommunen at begrunde …"."""
    clause = modal_clause(text)
    if clause is None or clause.negated or not (clause.agent and clause.single) or negated(main_clause(text)):
        return
    whom = {"må": "forbudt", "skal": "frivilligt"}.get(clause.modal)
    words = clause.subject.split()
    if whom is None or len(words) > LONGEST_SUBJECT or _EXCEPTED.search(text):
        return
    first = words[0].lower()
    subject = " ".join([first if first in lower else words[0], *words[1:]])
    yield Change(f"Det er {whom} {'' if first in _YOU else f'for {subject} '}at {clause.rest}", 2.5)
