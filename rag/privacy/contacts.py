"""E-mail addresses and street addresses; those of authorities and companies are told apart from private ones."""

import re
from collections.abc import Iterator

from rag.privacy.fiction import invented_number
from rag.privacy.finding import Finding
from rag.privacy.words import words

_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<name>[\w.+-]{1,64}?)(?:@| ?[(\[](?:at|snabel-?a)[)\]] ?)(?P<domain>[\w-]{1,63}(?:\.[\w-]{1,63}){1,4})",
    re.IGNORECASE,
)
_EXAMPLE_DOMAINS = re.compile(
    r"(?:^|\.)(?:example\.(?:com|org|net|dk)|eksempel\.dk|[\w-]+\.(?:test|example|invalid))$", re.IGNORECASE
)


def email_addresses(text: str) -> Iterator[Finding]:
    """E-mail addresses in folded text; a mailbox with the name of an office is public."""
    for match in _EMAIL.finditer(text):
        if _EXAMPLE_DOMAINS.search(match["domain"]) or invented_number(text, match.start(), match.end()):
            continue
        yield Finding("email", *match.span(), match["name"].lower().strip(".") in words("office_mailboxes"))


# Endings that make a word a street in any letters, and endings that do so with a capital only.
_STREET = "vej|vejen|gade|gaden|allé|alle|alléen|stræde|strædet|boulevard|boulevarden|vænge|vænget|torvet|svinget|toften|vangen"
_PERHAPS = (
    "torv|plads|pladsen|parken|park|bakken|bakke|lunden|engen|marken|stien|sti|haven|kaj|kajen|dal|dalen|høj|højen|ager|ageren|krogen"
    "|ringen|kæret|mosen|åsen|brinken|gården|gaarden|husene|skoven|skov|kilden|bro|broen|ager|kanten|kær|banke|banken|vang|tofte|have|gård|holm"
)
_ADDRESS = re.compile(
    rf"(?<![^\W_])(?P<street>(?:(?:[A-ZÆØÅ][\w.']{{0,20}}|[a-zæøå]{{1,3}}\.) ){{0,3}}"
    rf"(?:[^\W\d_]{{2,25}}(?:{_STREET})|[A-ZÆØÅ][^\W\d_]{{1,25}}(?:{_PERHAPS})"
    rf"|(?<=[^\W\d_] )[A-ZÆØÅ]?(?i:{_STREET})|(?<=[a-zæøå.] )(?:Plads|Torv|Park|Bakke)))"
    r"(?:,? (?:nr\.? ?)?)(?P<number>\d{1,3}(?:[A-Za-z]| [A-H])?(?!\w))"
    r"(?P<floor>(?:,? ?(?:(?:st|kl|\d{1,2})\.?(?: ?sal)?[., ]{1,3}(?:th|tv|mf)\b\.?|(?:st|kl)\."
    r"|\d{1,2}\. ?sal\b|(?:lejlighed|lejl\.|dør) ?\d{1,4}))?)"
    r"(?P<town>(?:,? \d{4} [A-ZÆØÅ][\w]{1,20}(?: [A-ZÆØÅ]{1,2}\b)?)?)"
)
_NO_STREET = frozenset(
    "overvej undervej omvej genvej motorvej vej gade bivej udvej hovedvej landevej indgade udgade brigade ringvej cykelsti"
    " frihave teenager manager forhave børnehave opgave udgave begave gave".split()
)
_UNITS = re.compile(
    r" ?(?:kr|%|timer|dage|uger|måneder|år\b|stk|km|m\b|personer|licenser|afdelinger|ting|gange|borgere|biler)", re.I
)
_PUBLIC_PLACES = re.compile(
    r"rådhus|borgerservice|datatilsyn|styrelse|ministeri|kommunen|kommunes|jobcent|bibliotek|skole|plejecent|hospital|sygehus|kontor"
    r"|institut|virksomhed|firma|butik|a/s|aps|museum|kulturhus|holder til|holder møde|mødet|kurs|åbent|café|underværket"
    r"|taskforce|myndighed|hotel|afdeling|lokale|kirke|hallen|sundhedscent|administration|forvaltning|leverandør",
    re.I,
)
_PRIVATE = re.compile(
    r"\bbor\b|\bboede\b|bopæl|bolig|hjemme|adressen|borger(?!service)|familie|\bhun\b|\bhan\b|flytte|nabo|patient|\bmor\b|\bfar\b|elev|beboer",
    re.I,
)
_PUBLIC_ADDRESSES = frozenset(("laksetorvet 1", "carl jacobsens vej 35", "weidekampsgade 10", "landgreven 4"))


def addresses(text: str) -> Iterator[Finding]:
    """Street and house number; public where an office, a school or a company is spoken of and nobody's home is."""
    for match in _ADDRESS.finditer(text):
        street = " ".join(match["street"].split())
        last = street.rsplit(" ", 1)[-1].lower()
        if street.lower() in _NO_STREET or (last in _NO_STREET and not _proper(street)):
            continue
        plain = not match["floor"] and not match["town"]
        if plain and _UNITS.match(text, match.end()):
            continue
        if invented_number(text, match.start(), match.end()):
            continue
        yield Finding("address", match.start(), match.end(), _public(text, match, street))


def _proper(street: str) -> bool:
    """Whether a name stands before the bare word, as in Nørre Allé."""
    return " " in street and street[0].isupper()


def _public(text: str, match: re.Match[str], street: str) -> bool:
    if f"{street} {match['number']}".lower() in _PUBLIC_ADDRESSES:
        return True
    around = text[max(0, match.start() - 70) : match.start()] + " " + text[match.end() : match.end() + 40]
    return bool(_PUBLIC_PLACES.search(around)) and not _PRIVATE.search(around)
