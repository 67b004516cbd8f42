"""What the privacy gate finds, and what it says about it."""

from dataclasses import dataclass

NAMES = {
    "cpr": "CPR-nummer",
    "email": "e-mailadresse",
    "phone": "telefonnummer",
    "address": "adresse",
    "plate": "nummerplade",
    "person": "navn sammen med følsomme oplysninger",
    "unchecked": "tekst, der ikke kunne kontrolleres",
}
PLURALS = {
    "cpr": "CPR-numre",
    "email": "e-mailadresser",
    "phone": "telefonnumre",
    "address": "adresser",
    "plate": "nummerplader",
    "person": "navne sammen med følsomme oplysninger",
    "unchecked": "tekster, der ikke kunne kontrolleres",
}
REASONS = {
    "cpr": "Noget i teksten ligner et CPR-nummer, som peger på én bestemt person.",
    "email": "En e-mailadresse viser, hvem der er tale om.",
    "phone": "Et telefonnummer viser, hvem der er tale om.",
    "address": "En privat adresse viser, hvem der er tale om.",
    "plate": "En nummerplade kan slås op og føre til ejeren.",
    "person": "Et navn står sammen med noget om helbred, familie, strafbare forhold eller en sag.",
    "unchecked": "Teksten kunne ikke kontrolleres, og så bliver den stoppet for en sikkerheds skyld.",
}
LESSONS = {
    "cpr": "Skriv “en borger” i stedet for nummeret. Svaret afhænger af reglen, ikke af personen.",
    "email": "Skriv “en borger” eller “en kollega” i stedet for adressen.",
    "phone": "Udelad nummeret, og beskriv situationen.",
    "address": "Skriv “en privat bolig” i stedet for vej og nummer.",
    "plate": "Skriv “en bil” i stedet for nummeret.",
    "person": "Skriv “en borger med …” eller “en medarbejder, der …” uden navn og initialer.",
    "unchecked": "Skriv spørgsmålet igen med dine egne ord.",
}
PLACEHOLDERS = {**NAMES, "person": "navn"}


@dataclass(frozen=True)
class Finding:
    """Personal data of a kind (a key of `NAMES`) at characters `start` to `end`.

    `public` marks contact details of an authority or a company: worth a look in a source, no reason to stop a question.
    """

    kind: str
    start: int
    end: int
    public: bool = False


def named(kind: str, count: int) -> str:
    """1 CPR-nummer, 2 CPR-numre."""
    return f"{count} {NAMES[kind] if count == 1 else PLURALS[kind]}"
