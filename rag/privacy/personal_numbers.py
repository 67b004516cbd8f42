"""CPR numbers, telephone numbers and number plates.

A CPR number is a plausible date and four digits, however they are written. Since 2007 not every number satisfies modulus 11,
so the control digit is not asked for. Replacement numbers have 60 added to the day.
"""

import re
from collections.abc import Iterator
from datetime import date

from rag.privacy.digits import Groups, windows, with_digits_for_letters
from rag.privacy.fiction import invented_number
from rag.privacy.finding import Finding

_SHAPES = frozenset(
    [(10,), (6, 4), (2, 2, 2, 4), (2, 2, 6), (6, 2, 2), (12,), (8, 4), (2, 2, 4, 4), (2, 2, 8), (4, 6), (2, 4, 4)]
)
_EVEN_SHAPES = frozenset([(2,) * 5, (1,) * 10, (1,) * 12])  # the same gap all the way, or the dash where it belongs
_CPR_WORD = re.compile(
    r"(?:cpr|personnum|person-?nr|pers\.?nr|fødselsdag|fødselsdato|født|\bf\.)[^\d\n]{0,30}$", re.IGNORECASE
)
_OTHER_NUMBER = re.compile(
    r"(?:konto|faktura|ordre|\bean\b|ean-|\bgln|isbn|issn|iban|varen|serien|licens|\bp-?n|produktionsenhed|journaln"
    r"|\bj\.? ?nr|sagsn|sags-?id|reg\.? ?nr|regnr|kvittering|referencen|ref\.|rekvisition|kundenr|kundenummer|målernummer"
    r"|stregkode|dokumentn|løbenummer|bestilling|aftalen|kontraktn|udbudsn|bilagsn|\bimei\b|\bmac\b|\bdoi\b|\bhash\b)"
    r"[^\d\n]{0,14}(?:\d{4}[ -]{1,2})?(?:og |konto |kontonr\.? )?$",
    re.IGNORECASE,
)
_EVENT = re.compile(
    r"(?:møde|kl\b|klokken|workshop|kursus|frist|deadline|booket|tid|aftale|dato|\bd\.|den)[^\d\n]{0,12}$", re.I
)
_UNIT = re.compile(
    r"\s{0,2}(?:kr|kroner|dkk|euro|eur|mio|mia|stk|timer|borgere|personer|rækker|m2|km|kg|%)(?!\w)", re.I
)
_SPLIT_CPR = re.compile(
    r"(?:cpr|personnum|fødselsda|født)[^\d\n]{0,30}(?P<day>\d{6}|\d{8}|\d\d[-./ ]\d\d[-./ ](?:\d\d){1,2})"
    r"(?:[^\w\n]{1,4}|[^\d\n]{0,25}(?:løbe|sidste|cifre|ender|ende|slutter|streg|minus|efterfulgt)[^\d\n]{0,25}(?:4[^\d\n]{1,15})?)"
    r"(?P<serial>\d{4})(?!\d)",
    re.IGNORECASE,
)
_LINK = re.compile(r"(?:https?://|www\.)\S*$")
LINK = 200  # characters of a web address that are looked at
_EVENT_YEAR = (
    2015  # a date from this year on with a time of day behind it is an appointment, unless a CPR word says otherwise
)


def cpr_numbers(text: str) -> Iterator[Finding]:
    """CPR numbers in folded text."""
    text = with_digits_for_letters(text)
    for match in _SPLIT_CPR.finditer(text):
        number = re.sub(r"\D", "", match["day"]) + match["serial"]
        if plausible(number) and not invented_number(text, match.start("day"), match.end()):
            yield Finding("cpr", match.start("day"), match.end())
    for groups in windows(text, frozenset({10, 12})):
        if plausible(groups.number) and _is_cpr(text, groups):
            yield Finding("cpr", groups.start, groups.end)


def plausible(number: str) -> bool:
    """Whether 10 or 12 digits (with the century) begin with a day that has been or a replacement number's day."""
    if len(set(number)) == 1:
        return False  # 111111-1111 is what people write when they mean no number
    day, month = int(number[:2]), int(number[2:4])
    day = day - 60 if day > 60 else day
    if len(number) == 12:
        years = [int(number[4:8])] if number[4:6] in ("18", "19", "20") else []
    else:
        years = [1900 + int(number[4:6]), 2000 + int(number[4:6])]
    return any(_is_day(year, month, day) for year in years)


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year, month, day)
    except ValueError:
        return False
    return True


def _is_cpr(text: str, groups: Groups) -> bool:
    before = text[max(0, groups.start - 50) : groups.start]
    if invented_number(text, groups.start, groups.end):
        return False
    if _CPR_WORD.search(before):
        return True
    sizes = groups.sizes
    even = sizes in _EVEN_SHAPES and len({gap.strip() for gap in groups.gaps} - {"-"}) == 1 and groups.gaps[0] == " "
    if sizes not in _SHAPES and not even:
        return False
    if len(sizes) == 1 and (_OTHER_NUMBER.search(before) or in_link(text, groups.start)):
        return False
    if len(sizes) > 1 and groups.gaps[-1].isspace():
        return not _UNIT.match(text, groups.end) and not _is_appointment(groups, before)
    return True


def in_link(text: str, place: int) -> bool:
    """Whether a place in the text is inside a web address."""
    return bool(_LINK.search(text[max(0, place - LINK) : place]))


def _is_appointment(groups: Groups, before: str) -> bool:
    """12-10-2026 1430: a date in its own dress and a time of day."""
    if groups.sizes not in {(2, 2, 2, 4), (2, 2, 4, 4)} or groups.gaps[0].isspace():
        return False
    hour, minute = int(groups.digits[-1][:2]), int(groups.digits[-1][2:])
    year = groups.digits[2]
    recent = len(year) == 4 and int(year) >= _EVENT_YEAR
    near = 20 <= int(year) < 40 if len(year) == 2 else True
    return hour < 24 and minute < 60 and (recent or (near and bool(_EVENT.search(before))))


# --- telephone numbers -----------------------------------------------------------------------------------------------

_PHONE_SHAPES = frozenset([(8,), (2, 2, 2, 2), (4, 4)])
_PHONE_SHAPES_NAMED = _PHONE_SHAPES | {(2, 3, 3), (3, 2, 3), (3, 3, 2), (2, 6)}
_PHONE_WORD = re.compile(
    r"(?:tlf|telefon|mobil|\bring\w*|\bsms|opkald|træffes|fanges|\bkontakt\w*|\bkald)[^\d\n]{0,25}$", re.IGNORECASE
)
_NO_PHONE = re.compile(
    r"(?:\b(?:cvr|se-?nr|sag|j\.? ?nr|ean|isbn|id|version|lov|art\.|artikel|sider?|stk\.|kr|celex|postnr|ip|perioden?|årene|bfe)"
    r"|journal|ordre|faktura|konto|reg\.? ?nr|iban|varen|serien|licens|dokument|licitation|reference|kvittering|rekvisition"
    r"|kundenr|kundenummer|§|bevilling|udbud|matrikel)[^\d\n]{0,14}(?:\d{4}[ -/]{1,2})?$",
    re.IGNORECASE,
)
_OFFICE = re.compile(
    r"(?:datatilsyn|kommune|borgerservice|hovednummer|omstilling|vagttelefon|jobcent|biblioteket|rådhus|hotline|kundeservice|support"
    r"|servicedesk|helpdesk|styrelse|ministeri|nævnet|ombudsmand|politi|lægevagt|region|skole|plejecent|myndighed|leverandør"
    r"|firmaet|virksomhed)[^.?!\n]{0,40}$",
    re.IGNORECASE,
)
_PRIVATE = re.compile(
    r"borger|pårørende|hans |hendes |\bmor\b|\bfar\b|nabo|privat|\bhun\b|\bhan\b|patient|beboer|elev|barn", re.I
)
_OFFICE_NUMBERS = frozenset({"89151515", "33193200", "33703370"})  # Randers Kommune, Datatilsynet, KL
_FOREIGN = re.compile(r"(?<![\d+])(?:\+|00)(?!45)[1-9]\d{0,2}(?:[ .()-]{0,3}\d){6,12}(?!\d)")
_DANISH = re.compile(r"(?<![\d+])(?:\(?\+45\)?|0045)[ .-]{0,2}[2-9](?:[ .-]{0,2}\d){7}(?!\d)")


def phone_numbers(text: str) -> Iterator[Finding]:
    """Danish numbers of eight digits and foreign ones with a country code."""
    for pattern in (_FOREIGN, _DANISH):
        for match in pattern.finditer(text):
            if not invented_number(text, match.start(), match.end()):
                before = text[max(0, match.start() - 60) : match.start()]
                yield Finding("phone", *match.span(), _is_office(re.sub(r"\D", "", match.group())[-8:], before))
    for groups in windows(text, frozenset({8}), 4):
        before = text[max(0, groups.start - 60) : groups.start]
        phone = groups.number[0] in "23456789" and _is_phone(text, groups, before) and not in_link(text, groups.start)
        if phone and not invented_number(text, groups.start, groups.end):
            yield Finding("phone", groups.start, groups.end, _is_office(groups.number, before))


def _is_office(number: str, before: str) -> bool:
    return number in _OFFICE_NUMBERS or (bool(_OFFICE.search(before)) and not _PRIVATE.search(before))


def _is_phone(text: str, groups: Groups, before: str) -> bool:
    word = bool(_PHONE_WORD.search(before))
    if groups.sizes not in (_PHONE_SHAPES_NAMED if word else _PHONE_SHAPES):
        return False
    longer = re.search(r"\d[-./,]$", before) or re.match(r"[-.,/]\d", text[groups.end : groups.end + 2])
    gaps = {gap.strip() for gap in groups.gaps}
    if longer or len(gaps) > 1 or not gaps <= {"", "-", "."} or len(set(groups.number)) == 1:
        return False
    if _UNIT.match(text, groups.end) or re.search(r"\d[ .-]?$", before):
        return word and not re.search(r"\d[ .-]?$", before)
    years = groups.sizes == (4, 4) and all(digits[:2] in ("19", "20") for digits in groups.digits)
    if years or _looks_like_date(groups):
        return word and not years
    return word or not _NO_PHONE.search(before)


def _looks_like_date(groups: Groups) -> bool:
    number = groups.number
    day_first = number[4:6] in ("19", "20") and number[:2] <= "31" and "01" <= number[2:4] <= "12"
    year_first = number[:2] in ("19", "20") and "01" <= number[4:6] <= "12" and number[6:] <= "31"
    return day_first or year_first


# --- number plates ---------------------------------------------------------------------------------------------------

_PLATE = re.compile(r"(?<![^\W_])(?P<letters>[A-Za-z]{2})[ -]?(?P<digits>\d{2}[ .]?\d{3})(?![^\W_]|[.,-]?\d)")
_PLATE_WORD = re.compile(
    r"(?:nummerplade|\bplade|reg\.? ?nr|registreringsnummer|\bbil(?:en)?\b|køretøj|varevogn|knallert)[^\n]{0,30}$", re.I
)
_NO_PLATE = re.compile(
    r"(?:sag|journal|\bj\.? ?nr|ordre|faktura|varen|iso|version|model)\w*[^\w\n]{0,4}$", re.IGNORECASE
)
_NO_PLATE_LETTERS = frozenset(
    "AI IT EU KL HR ID NR KR DK SE NO DE UK US PO SN SR CA DS BS XX AA YY ZZ CE EN IP PC TV PR OG AF ER PÅ TO EN".split()
)


def number_plates(text: str) -> Iterator[Finding]:
    """Danish plates: two letters and five digits; in small letters only where a word for plate or car stands before."""
    for match in _PLATE.finditer(text):
        before = text[max(0, match.start() - 45) : match.start()]
        letters = match["letters"]
        spoken_of = bool(_PLATE_WORD.search(before))
        if (
            letters.upper() in _NO_PLATE_LETTERS
            or (not letters.isupper() and not spoken_of)
            or _NO_PLATE.search(before)
        ):
            continue
        if not invented_number(text, match.start(), match.end()):
            yield Finding("plate", *match.span())
