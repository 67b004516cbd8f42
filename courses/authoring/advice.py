"""Advice in the imperative, said as a statement: "Del ikke …" is "Du må ikke dele …", and its contrary "Du må gerne dele …"."""

import re
from dataclasses import dataclass

from courses.authoring.statements import IMPERATIVES

# Imperative and infinitive; Danish doubles some consonants, so that no rule is safe.
_INFINITIVES = dict(
    pair.split("/")
    for pair in """
    skriv/skrive læs/læse spørg/spørge brug/bruge tjek/tjekke kontrollér/kontrollere vurdér/vurdere kontakt/kontakte
    meld/melde undgå/undgå del/dele indsæt/indsætte gem/gemme slet/slette send/sende vis/vise giv/give lav/lave
    vælg/vælge aftal/aftale fortæl/fortælle løs/løse beskriv/beskrive afklar/afklare undersøg/undersøge angiv/angive
    notér/notere journalisér/journalisere test/teste fjern/fjerne opret/oprette inddrag/inddrage
    dokumentér/dokumentere informér/informere erstat/erstatte formulér/formulere hold/holde ring/ringe afsæt/afsætte
    mål/måle upload/uploade kopiér/kopiere tag/tage oplys/oplyse lad/lade stop/stoppe
    """.split()
)
_ADVICE = re.compile(r"(?P<verb>\w+)(?P<not> ikke)? (?P<rest>.+)")
# A second piece of advice in the sentence, which would not go with the infinitive.
_SECOND = re.compile(rf"\b(?:og|men|eller) (?:svar|{'|'.join(IMPERATIVES)})\b")
_PARTICLE = re.compile(r"(?:af|i|på|først|altid|aldrig|kun|så|selv|straks|også|især|derefter|det|den|dem)\b")


@dataclass(frozen=True)
class Advice:
    """Advice as two statements: one that it makes true, and one that it makes false."""

    holds: str
    fails: str


def advice(sentence: str) -> Advice | None:
    """The statements of a sentence in the imperative; None where it is no single, plain piece of advice."""
    match = _ADVICE.fullmatch(sentence)
    infinitive = _INFINITIVES.get(match["verb"].lower()) if match else None
    if match is None or infinitive is None or _SECOND.search(match["rest"]) or _PARTICLE.match(match["rest"]):
        return None
    rest = f"{infinitive} {match['rest']}"
    if match["not"]:
        return Advice(f"Du må ikke {rest}", f"Du må gerne {rest}")
    return Advice(f"Du bør {rest}", f"Det er unødvendigt at {rest}")
