"""Words by which a person says that an example is invented. A denial before them ("ikke et opdigtet nummer") takes it back."""

import re

_INVENTED = (
    r"(?:opdigtet|opdigtede|fiktivt?|fiktive|påhittede?|påhittet|fantasi\w*|opfundet|opfundne|konstrueret|konstruerede)"
)
_PEOPLE = (
    r"(?:\w{0,20}person\w*|\w{0,20}borger\w*|navne?\w*|\w{0,10}case\w*|sag|sagen|elev\w*|barn|børn|drenge?\w*|piger?\w*|kvinde\w*|mand\w*"
    r"|patient\w*|beboer\w*|medarbejder\w*|kollega\w*|familie\w*|eksemp\w*|histori\w*|figur\w*|karakter\w*|ansøger\w*|klient\w*|rolle\w*)"
)
_ABOUT_PEOPLE = re.compile(
    rf"\b{_INVENTED} (?:\w+,? ){{0,2}}?{_PEOPLE}"
    rf"|\b(?:tænkt|tænkte) (?:case|eksempel|borger|person|situation|sag|elev|medarbejder)\w*"
    rf"|\b(?:{_PEOPLE}|hun|han|de|det hele) (?:er|var) (?:alle |helt |rent? |fuldstændig )?{_INVENTED}"
    r"|\bvi kalder (?:ham|hende|borgeren|eleven|personen|barnet|medarbejderen|dem)\b"
    r"|\b(?:lad os|vi kan|jeg) kalder? (?:ham|hende|borgeren|eleven|personen|barnet|medarbejderen|dem)\b"
    r"|\btest(?:borger|person|patient|elev|bruger)\w*"
    r"|\beksempel(?:borger|person)\w*|\btesten?sen\b|\bnancy ann berggren\b"
)
_ABOUT_NUMBERS = re.compile(
    rf"\b(?:{_INVENTED}|dummy\w*|pladsholder\w*|eksempel(?:nummer|numre|cpr|-cpr)\w*|test-?(?:nummer|numre|cpr|data|person\w*|borger\w*)"
    r"|vrøvle?nummer\w*|falsk|falske)\b"
)
_DENIAL = re.compile(r"\b(?:ikke|hverken|intet|ingen|aldrig|næppe)\b[^.?!\n]{0,25}$")
_ANOTHER_NUMBER = re.compile(r"\d[\d .\-/]{4,}\d")
_SENTENCE_END = re.compile(r"[.?!\n](?=\s|$)")
BEFORE = 60
AFTER = 30


def invented_people(text: str) -> bool:
    """Whether the text says that the people in it are invented. `text` is folded."""
    low = text.lower()
    return any(not _DENIAL.search(low, max(0, m.start() - 40), m.start()) for m in _ABOUT_PEOPLE.finditer(low))


def invented_number(text: str, start: int, end: int) -> bool:
    """Whether the words right around a number call it invented; they speak for the number nearest to them only."""
    before = text[max(0, start - BEFORE) : start].lower()
    before = before[max((stop.end() for stop in _SENTENCE_END.finditer(before)), default=0) :]
    if others := [stop.end() for stop in _ANOTHER_NUMBER.finditer(before)]:
        _, _, before = before[others[-1] :].partition(",")  # up to the comma, the words speak of the other number
    after = text[end : end + AFTER].lower()
    stops = [stop.start() for one in (_SENTENCE_END, _ANOTHER_NUMBER) if (stop := one.search(after))]
    after = after[: min(stops, default=AFTER)]
    return any(
        not _DENIAL.search(part[: match.start()]) for part in (before, after) for match in _ABOUT_NUMBERS.finditer(part)
    )
