"""Texts with gaps in Moodle: the code `{1:SHORTANSWER:=Randers~%50%Aarhus#Næsten}`.

The rules are those of `qtype_multianswer_extract_question` (Moodle, `question/type/multianswer/questiontype.php`), without its
search back and forth. A mark of structure behind `\\`, `&` or `&amp;` is text; entities are decoded, then `\\}` and `\\#` are
`}` and `#`.
"""

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from courses.errors import InvalidContent
from courses.exchange import html_markdown
from courses.exchange.gift_syntax import MOST_ANSWERS, PART_IDS, number_of
from courses.exchange.markdown_html import html as as_html
from courses.exchange.moodle_draft import Draft
from courses.exchange.moodle_files import files_of
from courses.question import GAP, Accepted, Cloze, Figure, Gap, Option

START = re.compile(r"\{([0-9]*):([A-Z_]+):")
LIKE_START = re.compile(r"\{[0-9]*:[A-Z_]{2,}[^\s]?")
_FRACTION = re.compile(r"=|%(-?[0-9]+(?:[.,][0-9]*)?)%")
_ANSWER_END = re.compile(r"(?<!\\)(?<!&)(?<!&amp;)[~#}]")
_FEEDBACK_END = re.compile(r"(?<!\\)[~}]")
_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_NUMBER = r"-?(?:[0-9]+[.,]?[0-9]*|[.,][0-9]+)(?:[eE][-+]?[0-9]+)?"
_FIGURE = re.compile(rf"({_NUMBER})(?::({_NUMBER}))?")
_ANYTHING = re.compile(r"(?<!\\)\*")
MOST_GAPS = 200

NUMERICAL = frozenset(["NUMERICAL", "NM"])
WRITTEN = frozenset(["SHORTANSWER", "SA", "MW", "SHORTANSWER_C", "SAC", "MWC"])
CASED = frozenset(["SHORTANSWER_C", "SAC", "MWC"])
SHUFFLED = frozenset(["MULTICHOICE_S", "MCS", "MULTICHOICE_VS", "MCVS", "MULTICHOICE_HS", "MCHS"])
CHOSEN = SHUFFLED | frozenset(["MULTICHOICE", "MC", "MULTICHOICE_V", "MCV", "MULTICHOICE_H", "MCH"])

BROKEN = "Hul nummer {} er ikke skrevet rigtigt ({}). Ret det i Moodle, og eksportér igen."
ONE_ANSWER = "Hul nummer {} har kun ét svar at vælge imellem. Skriv flere."
NO_GAP = "»{}« ligner et hul, men er ikke skrevet færdigt. Ret det i Moodle, og eksportér igen."
SEVERAL = "Hul nummer {} lader flere svar vælges ({}). Her vælges ét. Lav det om til flere huller."


@dataclass(frozen=True)
class _Answer:
    """A piece of the code of a gap; `fraction` is a number of per cent, "" for none."""

    fraction: str
    text: str
    feedback: str


@dataclass(frozen=True)
class _Code:
    """The code of a gap and the text before it."""

    before: str
    weight: str
    kind: str
    answers: list[_Answer]


def cloze(draft: Draft) -> Cloze:
    """The question of a `cloze` element; raises `InvalidContent` when a gap is broken or of a kind that we have not."""
    holder = draft.element.find("questiontext")
    codes, rest = _codes(draft.plain(holder))
    if not codes:
        raise InvalidContent(
            "Teksten har ingen huller. Skriv dem i Moodle som {1:SHORTANSWER:=svar}, og eksportér igen."
        )
    ids = _gap_ids(draft, len(codes))
    pieces = [code.before for code in codes] + [rest]
    gaps = [_gap(draft, place, key, code) for place, (key, code) in enumerate(zip(ids, codes, strict=True))]
    chosen = [code.kind in SHUFFLED for code in codes if code.kind in CHOSEN]
    common = draft.common(any(chosen) if chosen else None, text=with_gaps(draft, holder, pieces, ids))
    points = _weights(draft, [code.weight for code in codes])
    gaps = [gap.model_copy(update={"points": point}) for gap, point in zip(gaps, points, strict=True)]
    common["points"] = draft.points(sum(points))
    return Cloze(**common, gaps=_ordered(draft, gaps))


def _codes(text: str) -> tuple[list[_Code], str]:
    """The codes in a text, and the text behind the last."""
    found: list[_Code] = []
    place = 0
    while start := START.search(text, place):
        if len(found) >= MOST_GAPS:
            raise InvalidContent(f"Teksten har flere end {MOST_GAPS} huller. Del spørgsmålet op.")
        answers, end = _answers(text, start.end(), len(found) + 1, start[0])
        found.append(_Code(text[place : start.start()], start[1], start[2], answers))
        place = end
    for piece in (*(code.before for code in found), text[place:]):
        if like := LIKE_START.search(piece):
            raise InvalidContent(NO_GAP.format(like[0]))
    return found, text[place:]


def _answers(text: str, place: int, number: int, code: str) -> tuple[list[_Answer], int]:
    """The answers from a place on, and where the code ends."""
    answers: list[_Answer] = []
    sign = ""
    while sign != "}":
        if text.startswith("~", place) and not answers:
            place += 1
        fraction = _FRACTION.match(text, place)
        begin = fraction.end() if fraction else place
        end = _ANSWER_END.search(text, begin)
        if end is None or len(answers) >= MOST_ANSWERS:
            raise InvalidContent(BROKEN.format(number, code))
        answer, feedback = text[begin : end.start()], ""
        if end[0] == "#":
            behind = end.end()
            end = _FEEDBACK_END.search(text, behind)
            if end is None:
                raise InvalidContent(BROKEN.format(number, code))
            feedback = text[behind : end.start()]
        worth = "" if fraction is None else fraction[1] or "100"
        answers.append(_Answer(worth.replace(",", "."), _decoded(answer), _decoded(feedback)))
        sign, place = end[0], end.end()
    return answers, place


def _decoded(text: str) -> str:
    text = _ENTITY.sub(lambda match: html.unescape(match[0]), text)
    return text.replace("\\}", "}").replace("\\#", "#").strip(" \t\n\r")


def _gap(draft: Draft, place: int, key: str, code: _Code) -> Gap:
    if code.kind.startswith(("MULTIRESPONSE", "MR")):
        raise InvalidContent(SEVERAL.format(place + 1, code.kind))
    reader = _READERS.get(code.kind)
    if reader is None:
        raise InvalidContent(BROKEN.format(place + 1, f"typen {code.kind[:30]} findes ikke"))
    return Gap(id=key, **reader(draft, place, code))


def _chosen(draft: Draft, place: int, code: _Code) -> dict[str, Any]:
    if len(code.answers) > len(PART_IDS):
        raise InvalidContent(BROKEN.format(place + 1, f"der må være højst {len(PART_IDS)} svar"))
    if len(code.answers) == 1:
        draft.warn(ONE_ANSWER.format(place + 1))
    kept = draft.extras.gap_options[place] if place < len(draft.extras.gap_options) else ()
    keys = kept if len(kept) == len(code.answers) == len(set(kept)) else tuple(PART_IDS)
    options = [
        Option(
            id=key,
            text=draft.fitting(list_text(draft, one.text), "Et svar i et hul"),
            fraction=draft.share_of(one.fraction or "0"),
            feedback=_feedback(draft, place, number, one),
        )
        for number, (key, one) in enumerate(zip(keys, code.answers, strict=False))
    ]
    _check_best(draft, place, [option.fraction for option in options])
    return {"options": tuple(options)}


def _written(draft: Draft, place: int, code: _Code) -> dict[str, Any]:
    if code.kind in CASED:
        draft.warn("I huller er der ikke forskel på store og små bogstaver her.")
    accepted = []
    for number, one in enumerate(code.answers):
        fraction = draft.at_least_none(draft.share_of(one.fraction or "0"))
        feedback = _feedback(draft, place, number, one)
        text = draft.fitting(one.text, "Et svar i et hul")
        if text == "*" and not fraction:
            _warn_of_rest(draft, feedback)
            continue
        if _ANYTHING.search(text):
            raise InvalidContent("Stjerne (*) for hvad som helst kan ikke bruges i et hul. Skriv svarene helt ud.")
        accepted.append(Accepted(text=draft.literal(text).replace("\\*", "*"), fraction=fraction, feedback=feedback))
    _check_best(draft, place, [one.fraction for one in accepted])
    return {"accepted": tuple(accepted)}


def _numeric(draft: Draft, place: int, code: _Code) -> dict[str, Any]:
    figures = []
    for number, one in enumerate(code.answers):
        fraction = draft.at_least_none(draft.share_of(one.fraction or "0"))
        feedback = _feedback(draft, place, number, one)
        if one.text == "*" and not fraction:
            _warn_of_rest(draft, feedback)
            continue
        found = _FIGURE.fullmatch(one.text)
        value, tolerance = (
            (number_of((part or "0").replace(",", ".")) for part in found.groups()) if found else (None, None)
        )
        if value is None or tolerance is None or tolerance < 0:
            raise InvalidContent(f"»{one.text[:40]}« i hul nummer {place + 1} er ikke et tal. Skriv 3.5 eller 3.5:0.1.")
        figures.append(Figure(value=value, tolerance=tolerance, fraction=fraction, feedback=feedback))
    _check_best(draft, place, [one.fraction for one in figures])
    return {"figures": tuple(figures)}


def _check_best(draft: Draft, place: int, fractions: list[float]) -> None:
    if not any(fraction > 0 for fraction in fractions):
        raise InvalidContent(
            f"Hul nummer {place + 1} har intet rigtigt svar. Skriv = foran det i Moodle, og eksportér igen."
        )
    if 1.0 not in fractions:
        draft.warn(f"I hul nummer {place + 1} giver intet svar alle point.")


def list_text(draft: Draft, code: str) -> str:
    """A text that a list shows, without its HTML."""
    text, dropped = html_markdown.plain(code)
    if dropped:
        draft.warn(f"Udseendet fra disse HTML-koder er ikke taget med: {', '.join(dropped)}.")
    return text


def _feedback(draft: Draft, place: int, number: int, answer: _Answer) -> str:
    """Feedback is HTML in Moodle; our Markdown is taken where it still says the same."""
    kept = draft.extras.gap_feedback[place : place + 1]
    own = kept[0][number] if kept and number < len(kept[0]) else ""
    if own and as_html(own) == answer.feedback:
        return own
    return draft.formatted(answer.feedback, "html", {}, pictures=False) if answer.feedback else ""


def _warn_of_rest(draft: Draft, feedback: str) -> None:
    if feedback:
        draft.warn(f"Tilbagemeldingen til alle andre svar i et hul (»{feedback[:200]}«) er ikke taget med.")


def _gap_ids(draft: Draft, count: int) -> list[str]:
    kept = draft.extras.gaps
    if kept and len(kept) == count == len(set(kept)):
        return list(kept)
    if kept:
        draft.warn("Hullernes navne passer ikke længere til hullerne og er erstattet af 1, 2, 3 …")
    return [str(place + 1) for place in range(count)]


def _weights(draft: Draft, said: list[str]) -> list[float]:
    """The points of the gaps: ours where Moodle's whole numbers still are the ones that we wrote."""
    weights = [int(weight) if weight and len(weight) < 4 else 1 if not weight else 0 for weight in said]
    if not all(weights):
        raise InvalidContent("Et hul tæller 0 eller mere end 999 point. Ret tallet foran i Moodle, og eksportér igen.")
    kept = draft.extras.gap_points
    if kept and whole_weights(kept) == weights:
        return list(kept)
    return [float(weight) for weight in weights]


def whole_weights(points: tuple[float, ...]) -> list[int]:
    """The weights as whole numbers from 1 to 999 that stand in nearly the same proportion."""
    if all(point == int(point) and point <= 999 for point in points):
        return [int(point) for point in points]
    least, largest = min(points), max(points)
    factor = next((f for f in range(1, 101) if all(abs(f * p - round(f * p)) < 1e-6 for p in points)), 1 / least)
    factor = min(factor, 999 / largest)
    return [max(round(point * factor), 1) for point in points]


def _ordered(draft: Draft, gaps: list[Gap]) -> tuple[Gap, ...]:
    by_id = {gap.id: gap for gap in gaps}
    order = draft.extras.gap_order
    return tuple(by_id[key] for key in order) if sorted(order) == sorted(by_id) else tuple(gaps)


def with_gaps(draft: Draft, holder: Any, pieces: list[str], ids: list[str]) -> str:
    """The text with our gaps; words stand for them while it becomes Markdown."""
    word = "hul" + "q" * (1 + max(len(run) for piece in pieces for run in re.findall("q*", piece)))
    raw = pieces[0] + "".join(f"{word}{place}x{piece}" for place, piece in enumerate(pieces[1:]))
    kind = (holder.get("format") or "html").strip()
    text = draft.formatted(raw, kind, files_of(holder)) + draft.old_picture()
    # Braces that are no gap of ours.
    text = GAP.sub(lambda match: match[0] if word in match[0] else f"{{\\{match[0][1:]}", text)
    return re.sub(rf"{word}(\d+)x", lambda match: f"{{{{{ids[int(match[1])]}}}}}", text)


_READERS: dict[str, Callable[[Draft, int, _Code], dict[str, Any]]] = (
    dict.fromkeys(CHOSEN, _chosen) | dict.fromkeys(WRITTEN, _written) | dict.fromkeys(NUMERICAL, _numeric)
)
