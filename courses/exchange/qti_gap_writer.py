"""Questions with something to write, as QTI 3.0: short texts, numbers and clozes."""

import re
from collections.abc import Sequence

from lxml import etree

from courses.errors import InvalidContent
from courses.exchange.qti_pieces import (
    RESPONSE,
    Parts,
    Sheet,
    float_value,
    identifier,
    item_body,
    made,
    number_text,
    outcome_set,
    response_declaration,
    score_mapping,
    standard_processing,
    variable,
)
from courses.exchange.xml_guard import Element
from courses.question import GAP, Accepted, Cloze, Figure, Gap, Numeric, ShortText

ODD_GAP = "Et hul står et sted i teksten, hvor QTI ikke kan have det. Flyt det ud af linket eller billedet."


def short_text(question: ShortText, sheet: Sheet) -> Parts:
    sheet.unseen("tilbagemelding på hvert svar", any(one.feedback for one in question.accepted))
    response = _written_response(question.accepted, question.points, RESPONSE, exact=question.case_sensitive)
    field = made("p", made("qti-text-entry-interaction", response_identifier=RESPONSE))
    return [response], [], item_body(sheet, question.text, field), standard_processing("map_response"), []


def numeric(question: Numeric, sheet: Sheet) -> Parts:
    sheet.unseen("tilbagemelding på hvert svar", any(one.feedback for one in question.figures))
    sheet.unseen("enhed", question.unit)
    field = made("p", made("qti-text-entry-interaction", response_identifier=RESPONSE))
    if question.unit:
        field[0].tail = f" {question.unit}"
    response = response_declaration("float", [number_text(_best(question.figures).value)])
    processing = made("qti-response-processing", _figures(question.figures, question.points, RESPONSE))
    return [response], [], item_body(sheet, question.text, field), processing, []


def _written_response(accepted: Sequence[Accepted], points: float, name: str, *, exact: bool) -> Element:
    ranked = sorted(accepted, key=lambda one: -one.fraction)
    mapping = score_mapping([(one.text, one.fraction * points) for one in ranked], points, str(exact).lower())
    return response_declaration("string", [ranked[0].text], mapping, name=name)


def _best(figures: Sequence[Figure]) -> Figure:
    return max(figures, key=lambda one: one.fraction)


def _figures(figures: Sequence[Figure], points: float, name: str) -> Element:
    """Points for a number within the tolerance of a figure; the best figure counts."""
    branches: list[Element] = []
    for one in sorted(figures, key=lambda one: -one.fraction):
        tolerance = number_text(one.tolerance)
        within = made(
            "qti-equal",
            variable(name),
            float_value(one.value),
            tolerance_mode="absolute",
            tolerance=f"{tolerance} {tolerance}",
        )
        total = made("qti-sum", variable("SCORE"), float_value(one.fraction * points))
        tag = "qti-response-else-if" if branches else "qti-response-if"
        branches.append(made(tag, within, outcome_set("SCORE", total)))
    return made("qti-response-condition", *branches)


def cloze(question: Cloze, sheet: Sheet) -> Parts:
    whole = sum(gap.points for gap in question.gaps)
    responses, rules, fields = [], [], {}
    for place, gap in enumerate(question.gaps, 1):
        name, points = f"{RESPONSE}_{place}", question.points * gap.points / whole
        response, rule, field = _gap(gap, points, name, sheet)
        responses.append(response)
        rules.append(rule)
        fields[gap.id] = field
    stem = "qtihul"
    while stem in question.text:
        stem += "x"
    order = GAP.findall(question.text)
    text = GAP.sub(lambda match: f"{stem}{order.index(match[1])}z", question.text)
    content = sheet.blocks("div", text)
    found = _inserted(content, re.compile(rf"{stem}(\d+)z"), [fields[one] for one in order])
    if found != len(order) or stem in str(etree.tostring(content, encoding="unicode")):
        raise InvalidContent(ODD_GAP)
    body = made("qti-item-body", content)
    return responses, [], body, made("qti-response-processing", *rules), []


def _gap(gap: Gap, points: float, name: str, sheet: Sheet) -> tuple[Element, Element, Element]:
    """Declaration, rule and field of a gap."""
    given = made("qti-not", made("qti-is-null", variable(name)))
    total = made("qti-sum", variable("SCORE"), made("qti-map-response", identifier=name))
    mapped = made("qti-response-condition", made("qti-response-if", given, outcome_set("SCORE", total)))
    if gap.options:
        sheet.unseen("tilbagemelding på hvert svar", any(one.feedback for one in gap.options))
        worth = [(identifier(one.id), one.fraction * points) for one in gap.options]
        best = max(gap.options, key=lambda one: one.fraction)
        choices = [made("qti-inline-choice", text=one.text, identifier=identifier(one.id)) for one in gap.options]
        field = made("qti-inline-choice-interaction", *choices, response_identifier=name, shuffle="false")
        return (
            response_declaration("identifier", [identifier(best.id)], score_mapping(worth, points), name=name),
            mapped,
            field,
        )
    field = made("qti-text-entry-interaction", response_identifier=name)
    if gap.accepted:
        sheet.unseen("tilbagemelding på hvert svar", any(one.feedback for one in gap.accepted))
        return _written_response(gap.accepted, points, name, exact=False), mapped, field
    sheet.unseen("tilbagemelding på hvert svar", any(one.feedback for one in gap.figures))
    response = response_declaration("float", [number_text(_best(gap.figures).value)], name=name)
    return response, _figures(gap.figures, points, name), field


def _inserted(content: Element, mark: re.Pattern[str], fields: Sequence[Element]) -> int:
    """Put the fields where their marks stand in the texts; gives how many were put in."""
    count = 0
    for element in list(content.iter()):
        before, *rest = mark.split(element.text or "")
        if rest:
            element.text = before
            for place in reversed(range(0, len(rest), 2)):
                field = fields[int(rest[place])]
                field.tail = rest[place + 1]
                element.insert(0, field)
                count += 1
        before, *rest = mark.split(element.tail or "")
        if rest and element is not content:
            element.tail = before
            around = element.getparent()
            for place in reversed(range(0, len(rest), 2)):
                field = fields[int(rest[place])]
                field.tail = rest[place + 1]
                around.insert(around.index(element) + 1, field)
                count += 1
    return count
