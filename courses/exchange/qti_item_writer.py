"""A question as a QTI 3.0 item. Scores are such that other systems give what we give, wherever QTI can say it."""

import math
import re
from collections.abc import Callable, Sequence
from typing import Any

from courses.errors import InvalidContent
from courses.exchange.qti_gap_writer import cloze, numeric, short_text
from courses.exchange.qti_pieces import (
    RESPONSE,
    Parts,
    Sheet,
    float_value,
    identifier,
    item_body,
    made,
    modal_feedback,
    number_text,
    numbers_in,
    outcome_declaration,
    outcome_set,
    response_declaration,
    score_mapping,
    standard_processing,
    texts_in,
    variable,
)
from courses.exchange.xml_guard import Element
from courses.question import (
    GAP,
    Cloze,
    Essay,
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    Tick,
    TrueFalse,
)

_SOLUTION, _CHOSEN = "SOLUTION", "CHOSEN"
_UNUSABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_TITLE = 60

NO_KIND = "QTI har ikke typen “{}”."
CONTROL = "En tekst har usynlige styretegn. Skriv den forfra."
INFINITE = "Et tal er ikke endeligt. Ret det."


def item_element(question: Question, key: str, sheet: Sheet) -> Element:
    """The question as `qti-assessment-item`; raises `InvalidContent` for what QTI cannot hold."""
    parts = _PARTS.get(type(question))
    if parts is None:
        raise InvalidContent(NO_KIND.format(Kind(question.type).danish))
    _check(question.model_dump())
    sheet.unseen("emner", question.tags)
    sheet.unseen("kilder", question.sources)
    responses, outcomes, body, processing, feedback = parts(question, sheet)
    if question.feedback:
        outcomes.append(outcome_declaration(_SOLUTION, "identifier", "shown"))
        feedback.append(modal_feedback(sheet, _SOLUTION, "shown", question.feedback))
    score = outcome_declaration("SCORE", "float", "0", normal_maximum=number_text(question.points), normal_minimum="0")
    if isinstance(question, Essay):
        score.set("external-scored", "human")
    rules = [] if processing is None else [processing]
    shown = re.sub(r"!\[.*?\]\(.*?\)|[*_`#>\\]", "", GAP.sub("…", question.text[:500]))
    title = " ".join(shown.split())[:_TITLE] or key
    return made(
        "qti-assessment-item",
        *responses,
        score,
        *outcomes,
        body,
        *rules,
        *feedback,
        identifier=identifier(key),
        title=title,
        adaptive="false",
        time_dependent="false",
    )


def _check(value: Any) -> None:
    for text in texts_in(value):
        if _UNUSABLE.search(text):
            raise InvalidContent(CONTROL)
    if not all(map(math.isfinite, numbers_in(value))):
        raise InvalidContent(INFINITE)


def _on_choice(
    sheet: Sheet, said: Sequence[tuple[str, str]], cardinality: str
) -> tuple[list[Element], list[Element], list[Element]]:
    """Outcome, rule and texts that say something to what was chosen."""
    texts = [modal_feedback(sheet, _CHOSEN, name, text) for name, text in said if text]
    if not texts:
        return [], [], []
    return (
        [outcome_declaration(_CHOSEN, "identifier", cardinality=cardinality)],
        [outcome_set(_CHOSEN, variable(RESPONSE))],
        texts,
    )


def _scored(rules: list[Element], by_map: bool) -> Element:
    """The processing: a template, or the same written out where feedback is chosen as well."""
    if not rules:
        return standard_processing("map_response" if by_map else "match_correct")
    equal = made("qti-match", variable(RESPONSE), made("qti-correct", identifier=RESPONSE))
    score = (
        outcome_set("SCORE", made("qti-map-response", identifier=RESPONSE))
        if by_map
        else made("qti-response-condition", made("qti-response-if", equal, outcome_set("SCORE", float_value(1))))
    )
    return made("qti-response-processing", score, *rules)


def _single(question: SingleChoice, sheet: Sheet) -> Parts:
    return _one_of(
        sheet,
        question.text,
        question.points,
        [(identifier(one.id), sheet.flow("qti-simple-choice", one.text), one) for one in question.options],
        shuffle=question.shuffle,
    )


def _true_false(question: TrueFalse, sheet: Sheet) -> Parts:
    options = [
        Option(id="true", text="Sandt", fraction=float(question.answer), feedback=question.feedback_true),
        Option(id="false", text="Falsk", fraction=float(not question.answer), feedback=question.feedback_false),
    ]
    choices = [(one.id, made("qti-simple-choice", text=one.text), one) for one in options]
    return _one_of(sheet, question.text, question.points, choices, shuffle=False)


def _one_of(
    sheet: Sheet, text: str, points: float, choices: Sequence[tuple[str, Element, Option]], *, shuffle: bool
) -> Parts:
    for name, choice, _ in choices:
        choice.set("identifier", name)
    right = [name for name, _, option in choices if option.fraction == 1.0]
    plain = len(right) == 1 and points == 1 and all(option.fraction in (0.0, 1.0) for _, _, option in choices)
    mapping = None if plain else score_mapping([(name, one.fraction * points) for name, _, one in choices], points)
    outcomes, rules, said = _on_choice(sheet, [(name, option.feedback) for name, _, option in choices], "single")
    interaction = made(
        "qti-choice-interaction",
        *(choice for _, choice, _ in choices),
        response_identifier=RESPONSE,
        shuffle=str(shuffle).lower(),
        max_choices="1",
    )
    body = item_body(sheet, text, interaction)
    return [response_declaration("identifier", right[:1], mapping)], outcomes, body, _scored(rules, not plain), said


def _multiple(question: MultipleChoice, sheet: Sheet) -> Parts:
    """Each right tick gives its share, each wrong one takes its share: what `courses.grading` does."""
    right = sum(one.correct for one in question.options)
    if not right:
        sheet.warnings.append("QTI har ikke spørgsmål, hvor intet svar er rigtigt. Andre programmer giver ingen point.")
    plus = question.points / max(right, 1)
    minus = -question.points / max(len(question.options) - right, 1)
    named: list[tuple[str, Tick]] = [(identifier(one.id), one) for one in question.options]
    worth = [(name, plus if one.correct else minus) for name, one in named]
    outcomes, rules, said = _on_choice(sheet, [(name, one.feedback) for name, one in named], "multiple")
    interaction = made(
        "qti-choice-interaction",
        *(sheet.flow("qti-simple-choice", one.text, identifier=name) for name, one in named),
        response_identifier=RESPONSE,
        shuffle=str(question.shuffle).lower(),
        max_choices="0",
    )
    response = response_declaration(
        "identifier",
        [name for name, one in named if one.correct],
        score_mapping(worth, question.points),
        cardinality="multiple",
    )
    return [response], outcomes, item_body(sheet, question.text, interaction), _scored(rules, True), said


def _matching(question: Matching, sheet: Sheet) -> Parts:
    # capitals, so that no right side has the identifier of a left one
    rights = {text: f"R{place}" for place, text in enumerate(question.choices, 1)}
    lefts = [
        sheet.flow("qti-simple-associable-choice", pair.left, identifier=identifier(pair.id), match_max="1")
        for pair in question.pairs
    ]
    choices = [
        made("qti-simple-associable-choice", text=text, identifier=name, match_max="0") for text, name in rights.items()
    ]
    key = [f"{identifier(pair.id)} {rights[pair.right]}" for pair in question.pairs]
    share = question.points / len(key)
    interaction = made(
        "qti-match-interaction",
        made("qti-simple-match-set", *lefts),
        made("qti-simple-match-set", *choices),
        response_identifier=RESPONSE,
        shuffle=str(question.shuffle).lower(),
        max_associations=str(len(key)),
    )
    mapping = score_mapping([(pair, share) for pair in key], question.points)
    response = response_declaration("directedPair", key, mapping, cardinality="multiple")
    return [response], [], item_body(sheet, question.text, interaction), standard_processing("map_response"), []


def _ordering(question: Ordering, sheet: Sheet) -> Parts:
    sheet.warnings.append("Andre programmer giver kun point, når hele rækkefølgen er rigtig.")
    sheet.unseen("fast rækkefølge af linjerne", not question.shuffle)
    # in the order of their texts, so that a program that does not shuffle does not give the answer away
    items = sorted(question.items, key=lambda item: item.text)
    interaction = made(
        "qti-order-interaction",
        *(made("qti-simple-choice", text=item.text, identifier=identifier(item.id)) for item in items),
        response_identifier=RESPONSE,
        shuffle="true",
    )
    response = response_declaration(
        "identifier", [identifier(item.id) for item in question.items], cardinality="ordered"
    )
    equal = made("qti-match", variable(RESPONSE), made("qti-correct", identifier=RESPONSE))
    condition = made("qti-response-if", equal, outcome_set("SCORE", float_value(question.points)))
    own = made("qti-response-processing", made("qti-response-condition", condition))
    processing = standard_processing("match_correct") if question.points == 1 else own
    return [response], [], item_body(sheet, question.text, interaction), processing, []


def _essay(question: Essay, sheet: Sheet) -> Parts:
    sheet.unseen("højeste antal ord", True)
    lines = [
        sheet.flow("li", f"{one.text} ({number_text(one.points).replace('.', ',')} point)") for one in question.rubric
    ]
    rubric = made("qti-rubric-block", made("qti-content-body", made("ul", *lines)), view="scorer", use="scoring")
    interaction = made("qti-extended-text-interaction", response_identifier=RESPONSE)
    model = [question.model_answer] if question.model_answer.strip() else []
    return [response_declaration("string", model)], [], item_body(sheet, question.text, interaction, rubric), None, []


# Each gives the response declarations, further outcomes, the body, the processing and the feedback.
_PARTS: dict[type, Callable[[Any, Sheet], Parts]] = {
    SingleChoice: _single,
    MultipleChoice: _multiple,
    TrueFalse: _true_false,
    Matching: _matching,
    Ordering: _ordering,
    ShortText: short_text,
    Numeric: numeric,
    Cloze: cloze,
    Essay: _essay,
}
