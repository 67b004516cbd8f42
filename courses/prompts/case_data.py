"""Case data: numbers of cases and journals, and pasted pieces of a citizen's record. The privacy gate looks for people; this
looks for the case they are in.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from rag.privacy import Finding
from rag.privacy.fiction import invented_number, invented_people
from rag.privacy.folded import fold

CASE_NUMBER = "case_number"
RECORD = "record"
RECORD_WORDS = 40
RECORD_MARKS = 3.0
PAUSE = 1  # sentences without a mark that may stand between two with one

_LABEL = (
    r"sag(?:en|s)?|sager(?:ne)?|journal(?:en|s)?|dok(?:ument)?(?:s|et)?\.?|akt|esdh|acadre|sbsys|workzone|getorganized"
)
_NUMBER_WORD = r"[- ]?(?:nr\b\.?|numre(?:ne)?\b|nummer(?:et)?\b|id\b)(?: (?:er|har|var|hedder))?"
_VALUE = r"(?P<number>(?-i:(?:[A-ZÆØÅ]{1,6}[-/ ]?)?)\d[\w./-]{0,40}(?: ?- ?\d{1,10})?(?<![./-]))"
_LABELLED = re.compile(
    rf"(?<!\w)(?:(?:{_LABEL}|j\.? ?|jour\.? ?)(?: med)?{_NUMBER_WORD}|(?:{_LABEL}))[ \t:#.]{{0,4}}(?<!\w){_VALUE}",
    re.IGNORECASE,
)
# KL's journal plan with a running number (27.00.00-G01-12-24), a year with a running number (2024-12345), 24/12345.
_BARE = re.compile(
    r"(?<![\w.,/-])(?:\d{2}\.\d{2}\.\d{2}[- ][A-ZÆØÅ]\d{2}-\d{1,6}(?:-\d{2,4})?"
    r"|(?:[A-ZÆØÅ]{1,6}-?)?(?:19|20)\d{2}[-/]\d{5,8}|\d{2}/\d{5,6})(?![\w/-])"
)
_YEARS = re.compile(r"(?:19|20)\d\d(?:[-/](?:(?:19|20)?\d\d))?")
_DATE = re.compile(r"\d{1,2}[./-](?:0?[1-9]|1[0-2])[./-](?:\d{4}|\d{2})")
_FEWEST_DIGITS = 4

# In a record the citizen stands without an article: "Borger oplyser". "Borgeren oplyser" is found in ordinary texts as well.
_WHO = r"borgers?|mor|far|barn|ung|elev|beboer|pt\.?|patient|ægtefælles?|hustru|pårørende|ut\.?|undertegnede|ansøger|klient"
_THEY = (
    r"borgeren|moderen|faderen|forældrene|barnet|den unge|eleven|beboeren|patienten|klienten|datteren|sønnen|hun|han"
)
_DOES = (
    r"(?!(?:eller|efter|over|under|der|hver|her|især|samt|ligger|bor|som)\b)"
    r"(?:\w+(?:er|ede|te|es|år)|er|har|fik|kom|gik|var|blev|gav|går|får|sov|græd|sad|stod|bad|sagde|skrev|udeblev|indforstået|orienteret)"
)
_PASSIVE = (
    r"(?:det|der) (?:aftale|vurdere|notere|konkludere|bemærke|oplyse|observere|besigtige|bevilge|visitere|iværksætte|indhente"
    r"|partshøre)s"
)
_STRONG = re.compile(
    rf"(?<!\w)(?<!en )(?<!et )(?<!til )(?:{_WHO}) {_DOES}(?!\w)|(?<!\w){_PASSIVE}(?!\w)"
    r"|(?<!\w)(?:telefonisk kontakt|telefonsamtale|hjemmebesøg hos|besøg i hjemmet|journalnotat|ut\.|u\.t\.)"
    r"|^\W*(?:aftalt|talt|drøftet) (?:med|at)(?!\w)",
    re.IGNORECASE,
)
_WEAK = re.compile(
    rf"(?<!\w)(?:{_THEY}) {_DOES}(?!\w)|(?<!\w)der er (?:givet|talt|aftalt|drøftet|bevilget|observeret|sendt|indhentet)(?!\w)",
    re.IGNORECASE,
)
_DATE_TEXT = r"\d{1,2}(?:[./-]\d{1,2}[./-]\d{2,4}|/\d{1,2}(?=:))(?!\w)"
_DATED = re.compile(rf"(?:^|: )\W*{_DATE_TEXT}")
_DATE_LAST = re.compile(rf"{_DATE_TEXT}\W*$")
_PERSON = re.compile(rf"(?<!\w)(?:{_WHO}|{_THEY})(?!\w)", re.IGNORECASE)
_SENTENCE = re.compile(
    r"[^\n.!?]+(?:(?:(?<=\d)[.]|(?<=kl)[.]|(?<=ut)[.]|(?<=pt)[.]|[.](?=\w))[^\n.!?]+)*[.!?]*", re.IGNORECASE
)
_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class _Line:
    start: int
    end: int
    words: int
    mark: float


def case_data(text: str) -> list[Finding]:
    """Case numbers and pieces of a record in `text`, in order and without overlaps; what the text calls invented is left out."""
    folded = fold(text)
    records = list(_records(folded.text))
    numbers = [
        (start, end)
        for start, end in _numbers(folded.text)
        if not any(start < other_end and other_start < end for other_start, other_end in records)
    ]
    found = [Finding(RECORD, *folded.origin(*span)) for span in records]
    found += [Finding(CASE_NUMBER, *folded.origin(*span)) for span in numbers]
    return sorted(found, key=lambda finding: finding.start)


def _numbers(text: str) -> Iterator[tuple[int, int]]:
    spans = [match.span("number") for match in _LABELLED.finditer(text) if _is_case(match["number"])]
    spans += [match.span() for match in _BARE.finditer(text)]
    last = 0
    for start, end in sorted(spans):
        if start >= last and not invented_number(text, start, end):
            yield start, end
            last = end


def _is_case(number: str) -> bool:
    """Whether what stands after "sag" can be its number: not the year, a date or the third case of an agenda."""
    if _YEARS.fullmatch(number) or _DATE.fullmatch(number):
        return False
    return sum(map(str.isdigit, number)) >= _FEWEST_DIGITS


def _records(text: str) -> Iterator[tuple[int, int]]:
    """Rows of sentences in the style of a record that have marks and words enough."""
    if invented_people(text):
        return
    row: list[_Line] = []
    pause = 0
    for line in _lines(text):
        pause = 0 if line.mark else pause + 1
        if pause > PAUSE:
            yield from _record(row)
            row = []
        elif row or line.mark:
            row.append(line)
    yield from _record(row)


def _record(row: list[_Line]) -> Iterator[tuple[int, int]]:
    if row and not row[-1].mark:
        row = row[:-1]
    if sum(line.mark for line in row) >= RECORD_MARKS and sum(line.words for line in row) >= RECORD_WORDS:
        yield row[0].start, row[-1].end


def _lines(text: str) -> Iterator[_Line]:
    dated = False  # by the end of the line before
    for match in _SENTENCE.finditer(text):
        sentence = match.group()
        if words := len(_WORD.findall(sentence)):
            mark = _mark(sentence, dated=dated or bool(_DATED.search(sentence)))
            dated = bool(_DATE_LAST.search(sentence))
            if mark or not dated:
                yield _Line(*match.span(), words, mark)


def _mark(sentence: str, *, dated: bool) -> float:
    """1 for what is written so in records only, a half for what may be."""
    if _STRONG.search(sentence) or (dated and _PERSON.search(sentence)):
        return 1.0
    return 0.5 if _WEAK.search(sentence) else 0.0
