"""A cloze as Moodle has it: a text with the code of each gap in its place. See `moodle_cloze` for how such codes are read."""

import html
import re
from typing import Any

from courses.errors import InvalidContent
from courses.exchange import html_markdown
from courses.exchange.gift_syntax import MOST_ANSWERS, PART_IDS, number
from courses.exchange.markdown_html import html as as_html
from courses.exchange.moodle_cloze import LIKE_START, MOST_GAPS, whole_weights
from courses.exchange.moodle_sheet import percent
from courses.question import GAP, Accepted, Cloze, Figure, Gap, Option

_PLACE = re.compile(r"\{#[0-9]+\}")
# Signs of structure, what an HTML editor would change, and the backslash that would hide a sign behind it.
_ENTITIES = {ord(sign): f"&#{ord(sign)};" for sign in '&<>"~}#\\'}

LIKE_A_GAP = "Teksten har et sted, som Moodle ville læse som et hul: »{}«. Skriv det på en anden måde."


def text_with_codes(question: Cloze, warnings: list[str]) -> str:
    """The text in Moodle's writing; `warnings` take what Moodle would not do alike."""
    if len(question.gaps) > MOST_GAPS:
        raise InvalidContent(f"Der er {len(question.gaps)} huller. Der må være højst {MOST_GAPS}.")
    pieces = GAP.split(question.text)
    for piece in pieces[::2]:
        if like := LIKE_START.search(piece) or _PLACE.search(piece):
            raise InvalidContent(LIKE_A_GAP.format(like[0]))
    gaps = _in_text(question)
    weights = whole_weights(tuple(gap.points for gap in gaps))
    if sum(weights) != question.points:
        warnings.append(
            f"Moodle giver {sum(weights)} point, summen af hullernes vægte. Ret det i Moodle, hvis det betyder noget."
        )
    for gap in gaps:
        _check(gap, warnings)
    codes = [gap_code(gap, weight, shuffle=question.shuffle) for gap, weight in zip(gaps, weights, strict=True)]
    return pieces[0] + "".join(f"{code}{piece}" for code, piece in zip(codes, pieces[2::2], strict=True))


def _check(gap: Gap, warnings: list[str]) -> None:
    """Whether the gap can be read again."""
    most = MOST_ANSWERS if not gap.options else len(PART_IDS)
    fractions = [one.fraction for one in _answers(gap)]
    if len(fractions) > most:
        raise InvalidContent(f"Et hul har {len(fractions)} svar. Der må være højst {most}.")
    if len(gap.options) == 1:
        warnings.append("Et hul har kun ét svar at vælge imellem. Moodle kræver to.")
    if max(fractions) <= 0:
        raise InvalidContent("Et hul har intet svar, der giver point. Ret det.")
    if 1.0 not in fractions:
        warnings.append("Et hul har intet svar, der giver alle point. Moodle kræver et, der giver 100 %.")


def gap_code(gap: Gap, weight: int, *, shuffle: bool) -> str:
    """`{1:MC:=Randers~%0%Aarhus#Næsten}`."""
    if gap.options:
        kind = "MCS" if shuffle else "MC"
        texts = [html.escape(one.text, quote=False) for one in gap.options]
    elif gap.accepted:
        kind = "SA"
        texts = [one.text.replace("*", "\\*") for one in gap.accepted]  # a bare * is anything in Moodle
    else:
        kind = "NM"
        texts = [f"{number(one.value)}:{number(one.tolerance)}" for one in gap.figures]
    written = (
        f"{_worth(one.fraction)}{_escaped(text)}{f'#{_escaped(as_html(one.feedback))}' if one.feedback else ''}"
        for one, text in zip(_answers(gap), texts, strict=True)
    )
    return f"{{{weight}:{kind}:{'~'.join(written)}}}"


def gap_extras(question: Cloze) -> dict[str, Any]:
    """What codes cannot say, and the reader would not give by itself; see `Extras`."""
    gaps = _in_text(question)
    ids = tuple(gap.id for gap in gaps)
    found: dict[str, Any] = {}
    if ids != tuple(str(place + 1) for place in range(len(ids))):
        found["gaps"] = ids
    if gaps != list(question.gaps):
        found["gap_order"] = tuple(gap.id for gap in question.gaps)
    options = [tuple(one.id for one in gap.options) for gap in gaps]
    if any(listed != tuple(PART_IDS[: len(listed)]) for listed in options):
        found["gap_options"] = tuple(options)
    points = tuple(gap.points for gap in gaps)
    if whole_weights(points) != list(points):
        found["gap_points"] = points
    feedback = [tuple(_kept(one.feedback) for one in _answers(gap)) for gap in gaps]
    if any(map(any, feedback)):
        found["gap_feedback"] = tuple(feedback)
    return found


def _kept(feedback: str) -> str:
    """Feedback that would read back differently from its HTML."""
    try:
        same = html_markdown.markdown(as_html(feedback))[0] == feedback
    except InvalidContent:
        same = False
    return "" if same else feedback


def _answers(gap: Gap) -> tuple[Option | Accepted | Figure, ...]:
    return (*gap.options, *gap.accepted, *gap.figures)


def _in_text(question: Cloze) -> list[Gap]:
    by_id = {gap.id: gap for gap in question.gaps}
    return [by_id[name] for name in GAP.findall(question.text)]


def _worth(fraction: float) -> str:
    return "=" if fraction == 1.0 else f"%{percent(fraction)}%"


def _escaped(text: str) -> str:
    # Moodle decodes entities first and takes the backslash from \} and \# then.
    return re.sub(r"\\(?=[}#])", r"\\\\", text).translate(_ENTITIES)
