"""Questions from a spreadsheet saved as CSV: one a row, answers of a cell separated by |.

    slags; spørgsmål; rigtige svar; forkerte svar; forklaring; emner; point; id

`slags` is one of the Danish names in `KINDS`, or its name in our files. For pairs each right answer is `left = right`; for an
order they stand in the right one; for a number it may have its deviation, `72 ± 0,5`.
"""

import csv
import io
import re
from collections.abc import Callable, Iterator
from typing import Any

from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.exchange.gift_syntax import PART_IDS
from courses.exchange.imported import Imported, Reading, Refused
from courses.exchange.keys import Keys, key_of
from courses.grading import number
from courses.question import QUESTION, Kind, Question

MOST_ROWS = 5_000
_COLUMNS = {
    "kind": ("slags", "type", "kind"),
    "text": ("spørgsmål", "question", "text", "spoergsmaal"),
    "right": ("rigtige svar", "rigtigt svar", "correct", "correct answers", "correct answer"),
    "wrong": ("forkerte svar", "forkert svar", "wrong", "wrong answers", "incorrect"),
    "feedback": ("forklaring", "feedback", "explanation"),
    "tags": ("emner", "tags", "topics"),
    "points": ("point", "points", "score"),
    "id": ("id", "nøgle"),
}
KINDS = {
    "ét svar": Kind.SINGLE,
    "et svar": Kind.SINGLE,
    "flere svar": Kind.MULTIPLE,
    "sandt eller falsk": Kind.TRUE_FALSE,
    "par": Kind.MATCHING,
    "rækkefølge": Kind.ORDERING,
    "kort svar": Kind.SHORT_TEXT,
    "tal": Kind.NUMERIC,
}
TEMPLATE = (
    "slags;spørgsmål;rigtige svar;forkerte svar;forklaring;emner;point;id\r\n"
    "ét svar;Hvem har ansvaret for et svar fra en chatbot?;Den medarbejder, der bruger det;Leverandøren|Chatbotten;"
    "Du har ansvaret for det, du sender videre.;ansvar;1;\r\n"
    "flere svar;Hvad skal du kontrollere?;Tal|Navne|Henvisninger;Farven på siden;;kildekritik;1;\r\n"
    "sandt eller falsk;En sprogmodel kan tage fejl.;sandt;;;kildekritik;1;\r\n"
    "par;Hvad hører sammen?;DPIA = konsekvensanalyse|FRIA = analyse af grundrettigheder;;;begreber;1;\r\n"
    "rækkefølge;Hvad kommer først?;Må vi?|Kan vi?|Vil vi?;;;screening;1;\r\n"
    "kort svar;Hvad kalder man en besked til en sprogmodel?;prompt|en prompt;;;begreber;1;\r\n"
    "tal;Hvor mange timer har man til at anmelde et brud?;72;;;gdpr;1;\r\n"
)
_TRUE, _FALSE = ("sandt", "sand", "true", "ja"), ("falsk", "falskt", "false", "nej")
_DEVIATION = re.compile(r"\s*(?:±|\+/-)\s*")


def read(text: str) -> Reading:
    """Every row, imported or refused; raises `InvalidContent` where columns are missing or there are too many rows."""
    table = _rows(text)
    places = _places(next(table, (1, []))[1])
    keys = Keys()
    imported: list[Imported] = []
    refused: list[Refused] = []
    for line, cells in table:
        row = {name: cells[place].strip() if place < len(cells) else "" for name, place in places.items()}
        if not any(row.values()):
            continue
        if len(imported) + len(refused) >= MOST_ROWS:
            raise InvalidContent(f"Filen har mere end {MOST_ROWS} spørgsmål. Del den i mindre filer.")
        try:
            question = _question(row)
        except InvalidContent as error:
            refused.append(Refused(line, str(error), row.get("text", "")[:80]))
            continue
        key = keys.unique(key_of(row.get("id", "")) or _id_of(row["text"], line))
        imported.append(Imported(question.model_copy(update={"id": key}), "", "", line))
    return Reading(tuple(imported), tuple(refused))


def _rows(text: str) -> Iterator[tuple[int, list[str]]]:
    head = text.split("\n", 1)[0]
    separator = max(";,\t", key=head.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    while True:
        before = reader.line_num
        try:
            row = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise InvalidContent(
                f"Linje {before + 1} kan ikke læses som en række. Se efter anførselstegn, der ikke er lukket."
            ) from error
        yield before + 1, row


def _places(head: list[str]) -> dict[str, int]:
    known = [" ".join(cell.replace("\ufeff", "").split()).casefold() for cell in head]
    found = {
        name: next((place for place, cell in enumerate(known) if cell in spellings), -1)
        for name, spellings in _COLUMNS.items()
    }
    missing = [_COLUMNS[name][0] for name in ("kind", "text", "right") if found[name] < 0]
    if missing:
        raise InvalidContent(
            f"Filen mangler kolonnen {' og '.join(missing)}. Hent skabelonen, og brug dens overskrifter i første række."
        )
    return {name: place for name, place in found.items() if place >= 0}


def _id_of(text: str, line: int) -> str:
    return key_of(" ".join(text.split()[:8]))[:60].strip("-_") or f"linje-{line}"


def _question(row: dict[str, str]) -> Question:
    named = row["kind"].casefold()
    kind = KINDS.get(named) or next((one for one in Kind if one.value == named), None)
    if kind is None or kind not in _ANSWERS:
        raise InvalidContent(
            f"Slagsen “{row['kind'][:40]}” kan ikke læses her. Brug en af: {', '.join(dict.fromkeys(KINDS))}."
        )
    right, wrong = _parts(row["right"]), _parts(row.get("wrong", ""))
    points = number(row.get("points") or "1")
    if points is None:
        raise InvalidContent("Point er ikke et tal. Skriv det fx som 1 eller 0,5.")
    fields: dict[str, Any] = {
        "type": kind.value,
        "id": "ny",
        "text": row["text"],
        "feedback": row.get("feedback", ""),
        "points": points,
        "tags": [key_of(tag.strip()) for tag in row.get("tags", "").split(",") if key_of(tag.strip())],
        **_ANSWERS[kind](right, wrong),
    }
    try:
        return QUESTION.validate_python(fields)
    except ValidationError as error:
        raise InvalidContent(_reason(error)) from error


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    place = first["loc"][1] if len(first["loc"]) > 1 else ""
    return {
        "text": "Spørgsmålet mangler eller er for langt.",
        "options": "Der skal være mindst to svar og et rigtigt. Svar i samme felt adskilles af |.",
        "pairs": "Der skal være mindst to par, skrevet venstre = højre og adskilt af |.",
        "items": "Der skal være mindst to trin, adskilt af |.",
        "accepted": "Der skal være mindst ét rigtigt svar.",
        "figures": "Der skal være mindst ét rigtigt tal.",
        "points": "Point skal være mere end 0 og højst 100.",
    }.get(str(place), "Rækken hænger ikke sammen. To svar er måske ens, eller et svar mangler.")


def _parts(cell: str) -> list[str]:
    return [part.strip() for part in cell.split("|") if part.strip()]


def _single(right: list[str], wrong: list[str]) -> dict[str, Any]:
    if len(right) != 1:
        raise InvalidContent(
            "Et spørgsmål med ét svar skal have netop ét rigtigt. Brug slagsen flere svar, hvis der er flere."
        )
    options = [(text, 1.0) for text in right] + [(text, 0.0) for text in wrong]
    return {"options": [{"id": key, "text": text, "fraction": share} for key, (text, share) in _lettered(options)]}


def _multiple(right: list[str], wrong: list[str]) -> dict[str, Any]:
    options = [(text, True) for text in right] + [(text, False) for text in wrong]
    return {"options": [{"id": key, "text": text, "correct": correct} for key, (text, correct) in _lettered(options)]}


def _true_false(right: list[str], _wrong: list[str]) -> dict[str, Any]:
    said = right[0].casefold() if len(right) == 1 else ""
    if said not in _TRUE + _FALSE:
        raise InvalidContent("Det rigtige svar skal være sandt eller falsk.")
    return {"answer": said in _TRUE}


def _matching(right: list[str], wrong: list[str]) -> dict[str, Any]:
    pairs = [tuple(part.strip() for part in one.split("=", 1)) for one in right]
    if any(len(pair) != 2 or not all(pair) for pair in pairs):
        raise InvalidContent("Hvert par skrives venstre = højre, og par adskilles af |.")
    return {
        "pairs": [{"id": key, "left": left, "right": other} for key, (left, other) in _lettered(pairs)],
        "distractors": wrong,
    }


def _ordering(right: list[str], _wrong: list[str]) -> dict[str, Any]:
    return {"items": [{"id": key, "text": text} for key, text in _lettered(right)]}


def _short_text(right: list[str], _wrong: list[str]) -> dict[str, Any]:
    return {"accepted": [{"text": text} for text in right]}


def _numeric(right: list[str], _wrong: list[str]) -> dict[str, Any]:
    figures = []
    for one in right:
        value, *deviation = (number(part) for part in _DEVIATION.split(one, maxsplit=1))
        if value is None or None in deviation:
            raise InvalidContent(f"“{one[:40]}” er ikke et tal. Skriv det fx som 72, 0,5 eller 72 ± 0,5.")
        figures.append({"value": value, "tolerance": deviation[0] if deviation else 0.0})
    return {"figures": figures}


def _lettered(parts: list[Any]) -> list[tuple[str, Any]]:
    if len(parts) > len(PART_IDS):
        raise InvalidContent("Der er for mange svar i rækken.")
    return list(zip(PART_IDS, parts, strict=False))


_ANSWERS: dict[Kind, Callable[[list[str], list[str]], dict[str, Any]]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.SHORT_TEXT: _short_text,
    Kind.NUMERIC: _numeric,
}
