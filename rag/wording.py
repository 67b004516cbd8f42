"""Danish words as the check of a sentence sees them: numbers in one form, words of equal meaning, words that turn a meaning."""

import re
from dataclasses import dataclass
from enum import StrEnum

from rag import danish

_TOKEN = re.compile(r"\d+(?:[. \u00a0]\d{3}(?!\d))*(?:,\d+)?|[^\W\d_]+|[%§]")
_ROMAN = re.compile(r"[IVX]+")

# Words without a claim of their own; any other word needs support.
FREE = frozenset(
    """
    af altså at blandt blev blive bliver både da de dem den denne der deres derfor dermed desuden det dette dig din
    dine disse dit du dvs eksempelvis er et en for fx har have havde her i ja jer jeres man med nej nemlig når og også om
    os på s selv sig sin sine sit som samt således så ting ved vi vor vores være været
    """.split()
)
# Words that their stem would confuse with one of another meaning, or that have none.
EXACT = frozenset("andre eller efter få fra hos mellem men mens mere mindre mod over siden til under væk".split())
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
MEASURES = frozenset(
    danish.stem(word) for word in "million milliard procent kroner euro timer dage uger måneder år".split()
)
REFERENCES = frozenset({"art", "§", "bilag", "punkt", "nr"})
_MONTHS = frozenset("januar februar marts april maj juni juli august september oktober november december".split())
# Words of other languages that no Danish sentence has.
FOREIGN = frozenset(
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
MODALS = frozenset({Turn.MAY, Turn.MUST, Turn.SHOULD, Turn.CAN, Turn.WILL})
# Those that bear on particular words; of the others only the kinds are compared.
PLACED = MODALS | {Turn.NOT, Turn.NONE, Turn.NEVER, Turn.WITHOUT, Turn.ONLY, Turn.EXCEPT, Turn.LEAST, Turn.MOST}


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
        return self.turn is None and self.form not in FREE


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
    plain = word in FREE or word in EXACT or word in _TURNS
    return Token(word if plain else danish.stem(word), turn=_TURNS.get(word), name=name)
