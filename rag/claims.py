"""What a Danish sentence claims, as far as code can read it, and whether the sentence of a source supports all of it.

Strict on purpose: a faithful sentence that is not understood is lost, a changed one must not pass. Every word that is not
a mere connective must stand in the source, numbers with their neighbours, and the words that turn a meaning (negations,
modal verbs, conditions, limits) must be the same on both sides and bear on the same words. What this cannot see is told in
`docs/adr/0005-checked-generation.md`.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from rag import danish

_TOKEN = re.compile(r"\d+(?:[. \u00a0]\d{3}(?!\d))*(?:,\d+)?|[^\W\d_]+|[%§]")
_ROMAN = re.compile(r"[IVX]+")
AHEAD = 2
AROUND = 3
LEAST_WORDS = 2

# Words without a claim of their own; any other word needs support.
_FREE = frozenset(
    """
    af altså at blandt blev blive bliver både da de dem den denne der deres derfor dermed desuden det dette dig din
    dine disse dit du dvs eksempelvis er et en for fx har have havde her i jer jeres man med nemlig når og også om
    os på s selv sig sin sine sit som samt således så ting ved vi vor vores være været
    """.split()
)
# Words that their stem would confuse with one of another meaning, or that have none.
_EXACT = frozenset(
    "andre eller efter få fra hos ja mellem men mens mere mindre mod nej over siden til under væk".split()
)
_EQUAL = {
    word: group.split()[0]
    for group in (
        "bruge brug bruger brugt anvende anvend anvender anvendt benytte benyt benytter benyttet",
        "skrive skriv skriver indtaste indtast indtaster",
        "leder lederen ledere chef chefen",
        "kontrollere kontrollér kontroller kontrollerer kontrolleret tjekke tjek tjekker tjekket",
        "borger borgeren borgere borgerne borgers borgerens borgernes",
        "art artikel artiklen",
        "ai ki",
    )
    for word in group.split()
}
_NUMBERS = {
    word: str(value)
    for value, word in enumerate(
        """
        nul - to tre fire fem seks syv otte ni ti elleve tolv tretten fjorten femten seksten sytten atten nitten tyve
        """.split()
    )
} | {"tredive": "30", "fyrre": "40", "halvtreds": "50", "tres": "60", "hundrede": "100", "tusind": "1000"}
_UNITS = {
    "%": "procent",
    "pct": "procent",
    "mio": "million",
    "millioner": "million",
    "mia": "milliard",
    "milliarder": "milliard",
    "kr": "kroner",
    "paragraf": "§",
    "pkt": "punkt",
}
_MEASURES = frozenset(
    danish.stem(word) for word in "million milliard procent kroner euro timer dage uger måneder år".split()
)
_REFERENCES = frozenset({"art", "§", "bilag", "punkt", "nr"})
_MONTHS = frozenset("januar februar marts april maj juni juli august september oktober november december".split())
# Words of other languages that no Danish sentence has.
_FOREIGN = frozenset(
    """
    the and you your not is should with this och inte är måste från nicht und ist eine müssen ikkje dere eg bruke noen
    """.split()
)


class Turn(StrEnum):
    """Kinds of words that turn the meaning of a sentence."""

    NOT = "not"
    NONE = "none"
    NEVER = "never"
    WITHOUT = "without"
    ONLY = "only"
    EXCEPT = "except"
    IF = "if"
    MAY = "may"
    MUST = "must"
    SHOULD = "should"
    CAN = "can"
    WILL = "will"
    ALWAYS = "always"
    SOMETIMES = "sometimes"
    PERHAPS = "perhaps"
    LEAST = "least"
    MOST = "most"
    LATEST = "latest"
    EARLIEST = "earliest"
    BEFORE = "before"
    APPROVED = "approved"
    OPEN = "open"
    SAID = "said"
    UNSETTLED = "unsettled"


_TURNS = {
    word: turn
    for turn, words in {
        Turn.NOT: "ikke ej",
        Turn.NONE: "ingen intet ingenting hverken",
        Turn.NEVER: "aldrig",
        Turn.WITHOUT: "uden",
        Turn.ONLY: "kun alene udelukkende blot",
        Turn.EXCEPT: "medmindre undtagen undtaget bortset undtagelse undtagelser dog",
        Turn.IF: "hvis når såfremt forudsat",
        Turn.MAY: "må måtte",
        Turn.MUST: "skal skulle",
        Turn.SHOULD: "bør burde",
        Turn.CAN: "kan kunne",
        Turn.WILL: "vil ville",
        Turn.ALWAYS: "al alle alt altid enhver ethvert hele hver hvert samtlige",
        Turn.SOMETIMES: "delvist enkelte flere mange nogen noget nogle normalt ofte sjælden sjældent typisk udgangspunkt visse",
        Turn.PERHAPS: "formentlig muligt muligvis måske sandsynligvis",
        Turn.LEAST: "mindst",
        Turn.MOST: "højst maksimalt",
        Turn.LATEST: "senest",
        Turn.EARLIEST: "tidligst",
        Turn.BEFORE: "før inden indtil forhånd først",
        Turn.APPROVED: "godkendt godkendte",
        Turn.OPEN: "gratis lukkede lukket privat private åben åbent åbne",
        Turn.SAID: "anbefaler anbefales anbefaling foreslår forslag forventer ifølge mener oplyser udkast vurderer",
        Turn.UNSETTLED: "endnu foreløbig foreløbigt uafklaret",
    }.items()
    for word in words.split()
}
_MODALS = frozenset({Turn.MAY, Turn.MUST, Turn.SHOULD, Turn.CAN, Turn.WILL})
# Those that bear on particular words; of the others only the kinds are compared.
_PLACED = _MODALS | {Turn.NOT, Turn.NONE, Turn.NEVER, Turn.WITHOUT, Turn.ONLY, Turn.EXCEPT, Turn.LEAST, Turn.MOST}


class Fault(StrEnum):
    """Why a sentence is not supported: another language, too little said, a number, a turn or a word without support."""

    LANGUAGE = "language"
    THIN = "thin"
    NUMBER = "number"
    TURN = "turn"
    WORD = "word"


@dataclass(frozen=True)
class Token:
    """A word or number; `form` is what is compared. `name` says that it has a capital letter inside a sentence."""

    form: str
    number: bool = False
    turn: Turn | None = None
    name: bool = False

    @property
    def claims(self) -> bool:
        """Whether it is a word or number that needs support by itself."""
        return self.turn is None and self.form not in _FREE


def tokens(text: str) -> list[Token]:
    """The words and numbers of `text` in order: 1.000 is 1000, "tre" is 3, "mio." is million, "anvende" is "bruge"."""
    found = []
    for match in _TOKEN.finditer(text):
        written = match.group()
        if match.start() > 0 and _ROMAN.fullmatch(written):
            found.append(Token(written, number=True))
        else:
            found.append(_token(written.lower(), name=match.start() > 0 and written[0].isupper()))
    return found


def _token(word: str, *, name: bool) -> Token:
    if word[0].isdigit():
        return Token(re.sub(r"[. \u00a0]", "", word), number=True)
    if word in _NUMBERS or word in _MONTHS:
        return Token(_NUMBERS.get(word, word), number=True)
    word = _EQUAL.get(word, _UNITS.get(word, word))
    plain = word in _FREE or word in _EXACT or word in _TURNS
    return Token(word if plain else danish.stem(word), turn=_TURNS.get(word), name=name)


def fault(sentence: str, source: str) -> Fault | None:
    """Why `source`, a whole sentence of a source, does not support `sentence`; None when it does."""
    said, known = tokens(sentence), tokens(source)
    forms = {token.form for token in known}
    if any(token.form in _FOREIGN - forms for token in said):
        return Fault.LANGUAGE
    if len({token.form for token in said if token.claims}) < LEAST_WORDS:
        return Fault.THIN
    if not all(_number_stands(said, place, known) for place, token in enumerate(said) if token.number):
        return Fault.NUMBER
    if not _turns_agree(said, known):
        return Fault.TURN
    often = Counter(token.form for token in said if token.claims) - Counter(token.form for token in known)
    if often or not _names_in_order(said, known):
        return Fault.WORD
    return None if all(_tied(said, place, known) for place in range(len(said))) else Fault.WORD


def _names_in_order(said: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether names come in the order of the source, so that they have not changed places."""
    names = {token.form for token in (*said, *known) if token.name and token.claims and token.form != "ai"}
    rest = iter(token.form for token in known if token.form in names)
    return all(token.form in rest for token in said if token.form in names)


def _tied(said: Sequence[Token], place: int, known: Sequence[Token]) -> bool:
    """Whether a preposition or "eller" stands before the same thing as in the source, and "og" not where that has "eller"."""
    word, after = said[place].form, _next_claim(said, place)
    before = {token.form for other, token in enumerate(known) if _next_claim(known, other) == after}
    if word in _EXACT:
        return word in before
    return word != "og" or "og" in before or "eller" not in before


def _next_claim(line: Sequence[Token], place: int) -> str | None:
    return next((token.form for token in line[place + 1 :] if token.turn or token.claims), None)


def _number_stands(said: Sequence[Token], place: int, known: Sequence[Token]) -> bool:
    """Whether the number stands in the source beside the same word or number, and among at least one of the same words."""
    return any(
        _beside(said, place, known, other) and _meet(_around(said, place), _around(known, other))
        for other, token in enumerate(known)
        if token.number and token.form == said[place].form
    )


def _beside(said: Sequence[Token], place: int, known: Sequence[Token], other: int) -> bool:
    before, after = _at(said, place - 1), _at(said, place + 1)
    known_before, known_after = _at(known, other - 1), _at(known, other + 1)
    tied_after = _measures(after) or (known_after is not None and (known_after.claims or known_after.number))
    tied_before = _leads_number(before) or _leads_number(known_before)
    return (not tied_after or _form(after) == _form(known_after)) and (
        not tied_before or _form(before) == _form(known_before)
    )


def _measures(token: Token | None) -> bool:
    """Whether a word is the unit of the number before it, or more of the same date or reference."""
    return token is not None and (token.number or token.form in _MEASURES)


def _leads_number(token: Token | None) -> bool:
    """Whether a word gives the number after it its meaning: fra, til, mindst, senest, bilag, art."""
    if token is None:
        return False
    return token.number or token.turn is not None or token.form in _EXACT or token.form in _REFERENCES


def _at(line: Sequence[Token], place: int) -> Token | None:
    return line[place] if 0 <= place < len(line) else None


def _around(line: Sequence[Token], place: int) -> set[str]:
    before = [token.form for token in line[:place] if token.claims and not token.number]
    after = [token.form for token in line[place + 1 :] if token.claims and not token.number]
    return {*before[-AROUND:], *after[:AROUND]}


def _meet(mine: set[str], theirs: set[str]) -> bool:
    return not mine or bool(mine & theirs)


def _turns_agree(said: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether both have the same turns, and those that bear on words bear on the same ones, one to one."""
    if Counter(token.turn for token in said if token.turn) != Counter(token.turn for token in known if token.turn):
        return False
    open_places = [place for place, token in enumerate(known) if token.turn in _PLACED]
    for place, token in enumerate(said):
        if token.turn in _PLACED:
            match = next((other for other in open_places if _same_turn(said, place, known, other)), None)
            if match is None:
                return False
            open_places.remove(match)
    return not open_places


def _same_turn(said: Sequence[Token], place: int, known: Sequence[Token], other: int) -> bool:
    if said[place].turn is not known[other].turn:
        return False
    if said[place].turn in _MODALS and not _same_subject(said, place, known, other):
        return False
    beside = any(_form(_at(said, place + step)) == _form(_at(known, other + step)) for step in (-1, 1))
    return (beside or said[place].turn in _MODALS) and _meet(_ahead(said, place), _ahead(known, other))


def _form(token: Token | None) -> str | None:
    return token.form if token else None


def _ahead(line: Sequence[Token], place: int) -> set[str]:
    """What a turn bears on: the next words that claim something; at the end of a sentence, the last ones before it."""
    after = [token.form for token in line[place + 1 :] if token.claims or token.turn]
    before = [token.form for token in line[:place] if token.claims or token.turn]
    return set(after[:AHEAD] or before[-AHEAD:])


def _same_subject(said: Sequence[Token], place: int, known: Sequence[Token], other: int) -> bool:
    """Whether the same one may, must or should: the word before the modal verb, or after it where the order is turned."""
    mine, theirs = _neighbours(said, place), _neighbours(known, other)
    if mine[0] == theirs[0] or mine[0] == theirs[1] or mine[1] == theirs[0]:
        return True
    return mine[1] == theirs[1] and not (mine[1] or "").endswith(tuple("aeiouyæøå"))  # an infinitive is no subject


def _neighbours(line: Sequence[Token], place: int) -> tuple[str | None, str | None]:
    before = next((token.form for token in reversed(line[:place]) if token.turn is None), None)
    after = next((token.form for token in line[place + 1 :] if token.turn is None), None)
    return before, after
