"""Sentences of a source that can be asked about by themselves: whole statements that need nothing from before them."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from courses.question import SourceRef
from rag import privacy
from rag.danish import words
from rag.index import IndexedPassage
from rag.instructions import speaks_to_machine
from rag.sentences import sentences

FEWEST, MOST = 8, 32  # words

# A first word that points back, or that joins a sentence to the one before it.
_POINTS_BACK = frozenset(
    """
    han hun den denne dette disse de der her hver begge samme sådan sådanne således så derfor derved derudover desuden
    dog men og eller også ellers omvendt endelig endvidere derimod tværtimod imidlertid altså alligevel herefter
    dernæst derefter dermed samtidig begrundelsen årsagen formålet resultatet eksemplet listen oversigten teksten
    afsnittet siden tabellen punktet kravet reglen
    """.split()
)
# Words that need something from before wherever they stand.
_NEEDS_BEFORE = re.compile(
    r"""
    \b(?:denne|dette|disse|sådan(?:ne|t)?|ovenfor|nedenfor|ovenstående|følgende|førstnævnte|sidstnævnte|heraf|hertil|herom|hermed
    |heri|dermed|derfor|derudover|desuden|herunder|(?<!kaldes\ )også|imidlertid|derimod|tværtimod|vi|vores|os|jeg|min|mit|mine
    |samme|nævnte|her|heller\ ikke|definitionen|undtagelsen|beslutningen|forslaget|den\ anden|det\ andet|de\ øvrige|i\ stedet
    |ikke\ (?:fundet|gennemgået|afklaret|set)|ifølge\ en\ sekundær|alligevel)\b
    """,
    re.IGNORECASE | re.VERBOSE,
)
# A thing known from before: "Adgangen lukkes", "Ændringen trådte i kraft". These are known to everybody.
_DEFINITE = re.compile(r"[a-zæøå]{3,}(?:en|et|ne)", re.IGNORECASE)
_KNOWN = re.compile(
    r"""
    \w*kommunen|kommunerne|\w*borger(?:en|ne)|\w*leder(?:en|ne)|\w*medarbejder(?:en|ne)|myndighed(?:en|erne)|direktionen|byrådet
    |\w*taskforcen|\w*tilsynet|\w*styrelsen|\w*forordningen|\w*loven|\w*retten|regeringen|\w*kommissionen|staten|folketinget
    |ombudsmanden|udbyderen|idriftsætteren|leverandøren|nøgleperson(?:en|erne)|retningslinjerne|kodekset|screeningen|\w*princippet
    |internettet|intranettet|\w*reglerne|\w*modellen|\w+pligten|\w+ansvaret
    """,
    re.IGNORECASE | re.VERBOSE,
)
_EXPLETIVE = re.compile(
    r"det (?:er|kan|skal|bør|må|kræver|gælder|koster)\b.{0,60}?\b(?:at|hvis|når|om|hvor|hvem)\b", re.IGNORECASE
)
_ANSWER = re.compile(r"(?:ja|nej), (?=\w)", re.IGNORECASE)
_FINITE = frozenset(
    """
    er var bliver blev har havde kan kunne må skal skulle vil ville bør burde gælder betyder kaldes hedder kræver
    bruges bruger viser siger giver får gør laver består handler hører ligger står sker ses findes omfatter dækker
    hjælper henter gemmer sender læser skriver svarer beregner danner foreslår anbefaler vurderer oplyser fortæller
    understøtter beskriver behandler afgør beslutter godkender følger sikrer lukkes slettes gemmes meldes kontrolleres
    vurderes anbefales foreslås forbyder tillader regnes tæller udgør træder begynder slutter indeholder udleder
    forbedrer løser finder udfører bygger styrer tilbyder opsummerer genkender ejer fører rammer erstatter trådte
    """.split()
)
IMPERATIVES = frozenset(
    """
    skriv læs spørg brug tjek kontrollér vurdér kontakt meld undgå husk slå bed lad gør sørg fortæl gem slet del aftal
    begynd ring vælg find ret stop send beskriv overvej afklar undersøg angiv notér journalisér opdel test prøv fjern
    opret giv hold indsæt se sæt tag vis følg log få inddrag dokumentér informér orientér afgræns erstat formulér
    opdigt beregn bliv kør luk åbn lav skab skift tal tænk udpeg
    """.split()
)
# "det" as an object that was named before: "siger det som det første"; not "siger det, når ..."
_OBJECT_BEFORE = re.compile(
    r"""
    \b(?:siger?|gøre?|melde?r?|oplyser?|bruger?|ved|vide|skriver?|ser?)\ (?:det|den|dem)\b
    (?!,?\ (?:at|når|hvis)\b|,\ (?:der|som)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
# No statement, or signs that would mean something in Markdown or as a gap
_FRAGMENT = re.compile(r"[?!:;()\[\]{}|•“”\"…*_#<>`$~\\]|\bhttps?:|\b(?:jf|se)\b\.?\s|\d\.\d", re.IGNORECASE)


@dataclass(frozen=True)
class Statement:
    """A sentence to ask about. `quote` is the sentence as it stands in the source, `text` the same without "Ja," before it."""

    text: str
    quote: str
    indexed: IndexedPassage

    @property
    def ref(self) -> SourceRef:
        """Where it stands."""
        return SourceRef(source=self.indexed.version.source_id, section=self.indexed.section.anchor, quote=self.quote)

    @property
    def advises(self) -> bool:
        """Whether it tells the reader to do something, so that it is neither true nor false."""
        first = words(self.text)[0]
        return first in IMPERATIVES or first.endswith("ér")


def statements(passages: Iterable[IndexedPassage]) -> Iterator[Statement]:
    """The sentences that stand alone, in the order of the source; each text once."""
    seen: set[str] = set()
    for indexed in passages:
        if not indexed.section.searchable:
            continue
        for sentence in sentences(indexed.passage.text):
            text = _without_answer(sentence.text)
            if text not in seen and stands_alone(text) and not _unfit(sentence.text):
                seen.add(text)
                yield Statement(text, sentence.text, indexed)


def stands_alone(text: str) -> bool:
    """Whether a sentence is whole and says what it says without the text around it."""
    said = words(text)
    if not (FEWEST <= len(said) <= MOST and text[0].isupper() and text.endswith(".")) or _FRAGMENT.search(text):
        return False
    if said[0] in _POINTS_BACK or _NEEDS_BEFORE.search(text) or _OBJECT_BEFORE.search(text):
        return False
    if said[0] == "det" and not _EXPLETIVE.match(text):
        return False
    if "systemet" in said and not any(
        "system" in word and word != "systemet" for word in said[: said.index("systemet")]
    ):
        return False
    if said[0] in IMPERATIVES and _DEFINITE.fullmatch(said[1]) and not _KNOWN.fullmatch(said[1]):
        return False
    if _DEFINITE.fullmatch(said[0]) and said[1] in _FINITE | {"trådte", "blev"} and not _KNOWN.fullmatch(said[0]):
        return False
    return said[0] in IMPERATIVES or said[0].endswith("ér") or bool(_FINITE & set(said))


def _without_answer(text: str) -> str:
    rest = _ANSWER.sub("", text, count=1) if _ANSWER.match(text) else text
    return rest[:1].upper() + rest[1:]


def _unfit(text: str) -> bool:
    return bool(privacy.find(text)) or speaks_to_machine(text)
