"""Questions written as Moodle XML: Markdown as it stands, pictures inside, and what Moodle has no place for in `<aiunivers>`."""

from collections.abc import Callable, Sequence
from typing import Any

from lxml import etree

from courses.errors import InvalidContent
from courses.exchange.fitting import ODD_SIGNS, fitting
from courses.exchange.gift_syntax import MOST_ANSWERS, number
from courses.exchange.imported import Written
from courses.exchange.moodle_cloze_writer import gap_extras, text_with_codes
from courses.exchange.moodle_draft import BLANK
from courses.exchange.moodle_essay import grader_text
from courses.exchange.moodle_sheet import PICTURE_IN_ANSWER, Sheet, add_text
from courses.exchange.xml_guard import CONTROL
from courses.picture import Find, named_in
from courses.question import (
    Cloze,
    Essay,
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)

_EXACT = frozenset(["sources", "rubric", "model_answer"])  # stand in <aiunivers> as they are


def write(questions: Sequence[Question], picture: Find, category: str = "") -> Written:
    """The questions as one Moodle XML file, in `category` where there is one (`/` between names, `//` for a slash in one).

    `picture` finds the pictures that texts show. What Moodle cannot hold is left out with a warning.
    """
    root = etree.Element("quiz")
    if path := " ".join(CONTROL.sub(" ", category).split()):
        holder = etree.SubElement(root, "question", type="category")
        add_text(etree.SubElement(holder, "category"), path)
    warnings: list[str] = []
    for question in questions:
        try:
            sheet = _written(question, picture)
        except InvalidContent as error:
            warnings.append(f"{question.id}: Ikke skrevet. {error}")
        else:
            root.append(sheet.element)
            warnings += [f"{question.id}: {one}" for one in sheet.told]
    text = etree.tostring(root, encoding="unicode", pretty_print=True)
    return Written(f'<?xml version="1.0" encoding="UTF-8"?>\n{text}', tuple(warnings))


def _written(question: Question, picture: Find) -> Sheet:
    kind = _KINDS.get(type(question))
    if kind is None:
        raise InvalidContent(f"Moodle har ikke typen »{Kind(question.type).danish}«.")
    fit = fitting(question, _trimmed)
    sheet = Sheet(kind[0], picture)
    if fit != question:
        sheet.warnings.append("Mellemrum og linjeskift i begyndelsen og slutningen af en tekst er ikke skrevet.")
    sheet.common(fit, text_with_codes(fit, sheet.warnings) if isinstance(fit, Cloze) else fit.text)
    kind[1](fit, sheet)
    sheet.finish(fit)
    return sheet


def _trimmed(text: str, field: str) -> str:
    if CONTROL.search(text):
        raise InvalidContent(ODD_SIGNS)
    return text if field.partition(".")[0] in _EXACT else text.strip(BLANK)


def _choice(sheet: Sheet, question: SingleChoice | MultipleChoice, *, single: bool) -> None:
    sheet.say("single", str(single).lower())
    sheet.say("shuffleanswers", str(question.shuffle).lower())
    sheet.say("answernumbering", "abc")
    sheet.parts([option.id for option in question.options])


def _single(question: SingleChoice, sheet: Sheet) -> None:
    _choice(sheet, question, single=True)
    for option in question.options:
        sheet.answer(sheet.weight(option.fraction), option.text, option.feedback)


def _multiple(question: MultipleChoice, sheet: Sheet) -> None:
    _choice(sheet, question, single=False)
    right = sum(option.correct for option in question.options)
    if not right:
        sheet.keep("", none_right=True)
        sheet.warnings.append("Moodle tager ikke imod et spørgsmål, hvor intet svar er rigtigt.")
    plus, minus = 1 / max(right, 1), -1 / max(len(question.options) - right, 1)
    for option in question.options:
        worth = sheet.weight(round(plus if option.correct else minus, 7))  # as many decimals as Moodle's list
        sheet.answer(worth, option.text, option.feedback)


def _true_false(question: TrueFalse, sheet: Sheet) -> None:
    for truth, feedback in ((True, question.feedback_true), (False, question.feedback_false)):
        sheet.answer("100" if truth == question.answer else "0", str(truth).lower(), feedback, plain=True)


def _matching(question: Matching, sheet: Sheet) -> None:
    sheet.say("shuffleanswers", str(question.shuffle).lower())
    sheet.parts([pair.id for pair in question.pairs])
    sides = [(pair.left, pair.right) for pair in question.pairs] + [("", right) for right in question.distractors]
    if len(sides) > MOST_ANSWERS:
        raise InvalidContent(f"Der er {len(sides)} svar. Der må være højst {MOST_ANSWERS}.")
    for left, right in sides:
        pair = etree.SubElement(sheet.element, "subquestion")
        sheet.fill(pair, left, pictures=False)
        add_text(etree.SubElement(pair, "answer"), right)


def _ordering(question: Ordering, sheet: Sheet) -> None:
    sheet.unseen_shuffle(question)
    sheet.parts([item.id for item in question.items])
    for name, text in (
        ("layouttype", "VERTICAL"),
        ("selecttype", "ALL"),
        ("selectcount", str(len(question.items))),
        ("gradingtype", "RELATIVE_NEXT_EXCLUDE_LAST"),  # the share of neighbours in order, as here
        ("showgrading", "SHOW"),
        ("numberingstyle", "none"),
    ):
        sheet.say(name, text)
    for place, item in enumerate(question.items, 1):
        answer = etree.SubElement(sheet.element, "answer", fraction=f"{place}.0000000")
        sheet.fill(answer, item.text, pictures=False)


def _short_text(question: ShortText, sheet: Sheet) -> None:
    sheet.unseen_shuffle(question)
    sheet.best(question.accepted)
    sheet.say("usecase", str(int(question.case_sensitive)))
    for one in question.accepted:
        # a bare * is anything in Moodle
        sheet.answer(sheet.weight(one.fraction), one.text.replace("*", "\\*"), one.feedback, plain=True)


def _numeric(question: Numeric, sheet: Sheet) -> None:
    sheet.unseen_shuffle(question)
    sheet.best(question.figures)
    for one in question.figures:
        answer = sheet.answer(sheet.weight(one.fraction), number(one.value), one.feedback, plain=True)
        etree.SubElement(answer, "tolerance").text = number(one.tolerance)
    if question.unit:
        unit = etree.SubElement(etree.SubElement(sheet.element, "units"), "unit")
        etree.SubElement(unit, "multiplier").text = "1"
        etree.SubElement(unit, "unit_name").text = question.unit
    sheet.say("unitgradingtype", "0")
    sheet.say("showunits", "0" if question.unit else "3")  # may be written, or there is none


def _essay(question: Essay, sheet: Sheet) -> None:
    sheet.unseen_shuffle(question)
    sheet.keep("", rubric=question.rubric, model_answer=question.model_answer)
    sheet.say("responseformat", "editor")
    sheet.say("responserequired", "1")
    sheet.say("responsefieldlines", "15")
    sheet.say("maxwordlimit", str(question.most_words))
    sheet.say("attachments", "0")
    sheet.shown("graderinfo", grader_text(question.rubric, question.model_answer))


def _cloze(question: Cloze, sheet: Sheet) -> None:
    if not question.shuffle and not any(gap.options for gap in question.gaps):
        sheet.keep("", shuffle=False)
    if any(named_in(gap.model_dump_json()) for gap in question.gaps):
        raise InvalidContent(PICTURE_IN_ANSWER)
    sheet.keep("", **gap_extras(question))
    if "gap_points" in sheet.extras:
        sheet.keep("vægte på huller")


# Each writes what its kind has of its own.
_KINDS: dict[type, tuple[str, Callable[[Any, Sheet], None]]] = {
    SingleChoice: ("multichoice", _single),
    MultipleChoice: ("multichoice", _multiple),
    TrueFalse: ("truefalse", _true_false),
    Matching: ("matching", _matching),
    Ordering: ("ordering", _ordering),
    ShortText: ("shortanswer", _short_text),
    Numeric: ("numerical", _numeric),
    Essay: ("essay", _essay),
    Cloze: ("cloze", _cloze),
}
