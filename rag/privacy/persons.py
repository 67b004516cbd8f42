"""Names of people in a text, and how much each says about who it is.

Rules and word lists, no statistics: whoever is stopped can be told why. Names of companies, places, products and public people
are left out.
"""

import re
from dataclasses import dataclass
from enum import IntEnum

from rag.privacy.tokens import Token
from rag.privacy.words import phrases, words


class Certainty(IntEnum):
    """How well a name points at one person."""

    SINGLE = 1  # a first name, a last name or initials
    ROLE = 2  # with a word for what the person is to the writer: eleven Amir, min borger Fatima
    FULL = 3  # first and last name, or title and last name


@dataclass(frozen=True)
class PersonName:
    """A name made of tokens `first` to `last`, both included.

    `citizen`: a word such as borger stands before it, or an age or a place of care behind it.
    `colleague`: it is somebody at work, as in Mette fra HR.
    """

    first: int
    last: int
    certainty: Certainty
    citizen: bool = False
    colleague: bool = False


_TITLES = frozenset("hr herr fru fr frk frøken familien ægteparret brødrene søstrene tvillingerne".split())
_PARTICLES = frozenset("de von van der den al el bin bint ibn da di la le du dos abu ben af zu".split())
_WORKPLACES = re.compile(
    r"\s(?:fra|i|hos|på|,)\s(?:HR|IT|GDPR|AI|DPO|KL|IT-\w+|AI-\w+|[Jj]ura\w*"
    r"|[Kk]ommunikation\w*|[Øø]konomi\w*|[Dd]igital\w*|[Ll]øn\w*|[Rr]eception\w*|[Bb]orgerservice|[Jj]obcent\w+|[Ff]orvaltning\w*|[Ss]tab\w*|[Ss]ekretariat\w*|[Tt]askforce\w*|[Uu]dvikling\w*|[Dd]irektion\w*|[Ii]ndkøb\w*"
    r"|[Ss]upport\w*|[Ss]ervicedesk\w*|[Dd]atatilsyn\w*|[Uu]ndervisning\w*|[Bb]ibliotek\w*|[Pp]resse\w*)(?!\w)"
)
_INITIALS = re.compile(r"(?<![^\W_])(?:[A-ZÆØÅ]\.[ -]?){1,2}[A-ZÆØÅ]\.?(?![^\W_])")
_ORGANISATION_ENDING = re.compile(
    r".{2,}(?:forening(?:en)?|styrelsen?|ministeriet|rådet|nævnet|instituttet|skolen?|centre?t|center|fonden|tilsynet|huset"
    r"|hospitalet?|kommune|direktoratet|forbundet|selskabet|partiet|banken|loven|udvalget|afdelingen|forvaltningen|klinikken|gruppen|ordningen|hjemmet|parken)s?$"
)
_LAST_NAME_ENDING = re.compile(
    r".{2,}(?:sen|søn|gaard|gård|ić|vić|vic|ski|ska|cki|cka|wicz|czyk|oğlu|oglu|enko|chuk|ova|yan|poulos|dóttir|dottir"
    r"|strup|quist|kvist|mann)s?$"
)
_AGE = re.compile(r"(?:,| på| \()? ?\d{1,3} år\b")
_IN_CARE = re.compile(
    r" (?:fra|i|på|hos|ved) (?:\d{1,2}\.? ?(?:klasse|[A-Fa-f]\b)|\w{2,12} stue\b|stue \d|børnehave|vuggestue|dagpleje"
    r"|plejehjem|plejecent|bosted"
    r"|herberg|institution|døgn|værested|krisecent|min sagsstamme)"
)
_HE_OR_SHE = frozenset("han hun ham hende hans hendes".split())
_STATES = frozenset(
    "har er fik får blev bliver lider skal kan vil bor går havde var kom kommer mistede misbruger drikker slår sidder ligger døde"
    " trues søger som der".split()
)


def person_names(text: str, row: list[Token]) -> list[PersonName]:
    """The names in folded text whose words are `row`, without overlaps, in order."""
    found: list[PersonName] = []
    place = 0
    while place < len(row):
        name = _name_at(text, row, place)
        if name is None:
            place += 1
            continue
        if not _is_public(text, row, name):
            found.append(name)
        place = name.last + 1
    return found


def _name_at(text: str, row: list[Token], place: int) -> PersonName | None:
    token = row[place]
    before = row[place - 1] if place and _joined(text, row, place - 1) else None
    role, citizen = _role(before)
    titled = before is not None and before.low.rstrip(".") in _TITLES
    if _bracketed(text, token):
        return None
    if initials := _initials(text, row, place, role):
        return _finished(text, row, place, initials, Certainty.ROLE if role else Certainty.SINGLE, citizen)
    first = is_first_name(token, row, place, text, role=role)
    last = _extended(text, row, place, first)
    if _organisation(text, row, last):
        return None
    if first and last > place:
        return _finished(text, row, place, last, Certainty.FULL, citizen)
    if _foreign_to_lists(row, place, last, role=role or titled):
        certainty = Certainty.FULL if titled or last > place else Certainty.ROLE
        return _finished(text, row, place, last, certainty, citizen)
    if first:
        return _finished(text, row, place, place, Certainty.ROLE if role else Certainty.SINGLE, citizen)
    if token.capital and not token.first and _known(token, "last_names") and not _is_no_person(token):
        return _finished(text, row, place, place, Certainty.SINGLE, citizen)
    return None


def is_first_name(token: Token, row: list[Token], place: int, text: str, *, role: bool) -> bool:
    """Whether a word is a first name where it stands."""
    if len(token.text) < 2 or _is_no_person(token) or (token.text.isupper() and len(token.text) < 4):
        return False
    if _known(token, "first_names"):
        return True
    if not token.capital:
        return role and token.stem in words("first_names_ambiguous") and token.stem not in {"per", "dag", "line", "min"}
    if _known(token, "first_names_abroad"):
        return True
    if not _known(token, "first_names_ambiguous"):
        return False
    after = row[place + 1] if _joined(text, row, place) else None
    if after is not None and after.low == "og" and place + 2 < len(row) and not row[place + 2].capital:
        return False  # Sol og vind
    followed = after is not None and (after.low in _STATES or (after.capital and _is_last_name(after)))
    return followed or role or not token.first


def _extended(text: str, row: list[Token], place: int, first: bool) -> int:
    """The last token of a name that begins at `place`: middle names, particles, initials and last names are taken along."""
    small = first and not row[place].capital
    last = place
    look = place
    while _joined(text, row, look, initial=True) and look - place < 5:
        token = row[look + 1]
        if (
            token.low in _PARTICLES
            and not small
            and look + 2 < len(row)
            and _joined(text, row, look + 1)
            and row[look + 2].capital
        ):
            look += 1
            continue
        if small:
            fits = (
                _known(token, "last_names")
                or _known(token, "first_names")
                or bool(_LAST_NAME_ENDING.match(token.low) and len(token.low) > 6)
            )
        else:
            one_letter = len(token.text) == 1 and token.capital and text[token.end : token.end + 1] == "."
            fits = one_letter or (token.capital and len(token.text) > 1 and _may_be_last(token))
        if not fits:
            break
        look += 1
        last = look
    return last


def _may_be_last(token: Token) -> bool:
    if token.text.isupper() and len(token.text) < 5:
        return False
    return not _is_no_person(token) or _is_last_name(token)


def _foreign_to_lists(row: list[Token], place: int, last: int, *, role: bool) -> bool:
    """A name that no list knows: after a role or title, or two capitalised words whose second is a last name."""
    token = row[place]
    if (
        not token.capital
        or len(token.text) < 2
        or _is_no_person(token)
        or (token.text.isupper() and len(token.text) < 4)
    ):
        return False
    if role:
        return True
    if last == place:
        return False
    if _is_last_name(row[last]):
        return True
    after = row[last + 1].low if last + 1 < len(row) else ""
    return not token.first and (after in _STATES or any(other.low in _HE_OR_SHE for other in row))


def _initials(text: str, row: list[Token], place: int, role: bool) -> int | None:
    """The last token of initials that begin at `place`: J.H., or MK after a role."""
    token = row[place]
    match = _INITIALS.match(text, token.start)
    if (
        match
        and len(token.text) == 1
        and match.group().replace(".", "").replace(" ", "") not in {"NN", "AI", "IT", "EU"}
    ):
        last = place
        while last + 1 < len(row) and row[last + 1].start < match.end():
            last += 1
        after = row[last + 1] if last + 1 < len(row) and _joined(text, row, last, initial=True) else None
        return last if after is None or not after.capital or after.first else None
    if role and token.text.isupper() and 2 <= len(token.text) <= 3 and token.low not in words("abbreviations"):
        return place
    return None


def _finished(text: str, row: list[Token], first: int, last: int, certainty: Certainty, citizen: bool) -> PersonName:
    superior = any(row[at].low in words("superiors") for at in range(max(0, first - 2), first))
    colleague = superior or bool(_WORKPLACES.match(text, row[last].end))
    cared_for = bool(_AGE.match(text, row[last].end) or _IN_CARE.match(text, row[last].end))
    return PersonName(first, last, certainty, citizen or cared_for, colleague)


def _role(before: Token | None) -> tuple[bool, bool]:
    if before is None:
        return False, False
    citizen = before.low in words("citizen_roles")
    return citizen or before.low in words("roles"), citizen


def _organisation(text: str, row: list[Token], last: int) -> bool:
    nouns = words("organisation_nouns")
    if row[last].stem in nouns and not _is_last_name(row[last]):
        return True
    if re.match(r" (?:A/S|ApS|I/S|P/S|K/S|A\.M\.B\.A)", text[row[last].end : row[last].end + 5]):
        return True
    return (
        _joined(text, row, last)
        and row[last + 1].low in nouns
        and (row[last + 1].capital or len(row[last + 1].text) > 5)
    )


def _is_public(text: str, row: list[Token], name: PersonName) -> bool:
    """Whether the name, or the longer one that it ends, is that of a public person: H.C. Andersen, Yuval Noah Harari."""
    known = phrases("public_people")
    for first in range(name.first, max(-1, name.first - 3), -1):
        written = " ".join(text[row[first].start : row[name.last].end].lower().split())
        if any(form in known for form in (written, *(written.removesuffix(mark) for mark in ("'s", "'", "s")))):
            return True
    return False


def _known(token: Token, which: str) -> bool:
    listed = words(which)
    stem = token.stem
    if stem in listed or (stem.endswith("s") and stem[:-1] in listed):
        return True
    parts = stem.split("-")
    return (
        len(parts) > 1
        and all(len(part) > 1 for part in parts)
        and all(part in listed or part.removesuffix("s") in listed for part in parts if part not in _PARTICLES)
    )


def _is_last_name(token: Token) -> bool:
    known = _known(token, "last_names") or _known(token, "last_names_abroad")
    return known or bool(token.capital and _LAST_NAME_ENDING.match(token.low))


def _is_no_person(token: Token) -> bool:
    listed = words("not_people")
    return (
        token.low in listed
        or token.stem.removesuffix("s") in listed
        or ("-" in token.text and token.low.split("-")[0] in listed)
        or is_organisation(token)
    )


def is_organisation(token: Token) -> bool:
    """Whether the word itself says that it is an association, an authority, a school …"""
    return bool(_ORGANISATION_ENDING.match(token.low))


def _joined(text: str, row: list[Token], place: int, *, initial: bool = False) -> bool:
    """Whether nothing but a space (or the dot of an initial or a title) stands between a token and the next one."""
    if place + 1 >= len(row):
        return False
    between = text[row[place].end : row[place + 1].start]
    dotted = (initial and len(row[place].text) == 1) or row[place].low in _TITLES
    return between in (" ", "  ", "\t") or (dotted and between in (". ", "."))


def _bracketed(text: str, token: Token) -> bool:
    """Whether it stands in square brackets, as what the gate itself puts in place of what it takes out."""
    return text[max(0, token.start - 1) : token.start] == "[" and "]" in text[token.end : token.end + 40]
