"""Items of QTI 3.0 as questions: what can be kept is kept, changes are told, and what would mean something else is refused."""

from typing import Any

from courses.errors import InvalidContent
from courses.exchange.qti_choices import chosen
from courses.exchange.qti_draft import MOST_POINTS, SEVERAL, Draft, blocks_of_rubric, prompted
from courses.exchange.qti_gaps import gapped
from courses.exchange.qti_markup import Picked, Texts, taken_out
from courses.exchange.qti_pairs import matched, ordered
from courses.exchange.qti_scoring import Steps
from courses.exchange.xml_guard import Element
from courses.question import Criterion, Essay, Question

MOST_ELEMENTS = 5_000
MOST_CHARACTERS = 200_000
_GAPS = frozenset(["qti-text-entry-interaction", "qti-inline-choice-interaction"])
_DANISH = {
    "qti-associate-interaction": "forbind to og to",
    "qti-custom-interaction": "eget program",
    "qti-drawing-interaction": "tegn",
    "qti-end-attempt-interaction": "afslut forsøget",
    "qti-gap-match-interaction": "træk ord til huller",
    "qti-graphic-associate-interaction": "forbind steder på et billede",
    "qti-graphic-gap-match-interaction": "træk til steder på et billede",
    "qti-graphic-order-interaction": "rækkefølge på et billede",
    "qti-hotspot-interaction": "vælg på et billede",
    "qti-hottext-interaction": "vælg ord i teksten",
    "qti-media-interaction": "lyd eller video",
    "qti-portable-custom-interaction": "eget program",
    "qti-position-object-interaction": "placér på et billede",
    "qti-select-point-interaction": "peg på et billede",
    "qti-slider-interaction": "skyder",
    "qti-upload-interaction": "aflever en fil",
}
_REFUSED = {
    "qti-template-declaration": "Opgaven laves om for hver person (skabelon). Det kan den ikke her. Lav den med faste tal.",
    "qti-template-processing": "Opgaven laves om for hver person (skabelon). Det kan den ikke her. Lav den med faste tal.",
    "qti-template-inline": "Opgaven laves om for hver person (skabelon). Det kan den ikke her. Lav den med faste tal.",
    "qti-template-block": "Opgaven laves om for hver person (skabelon). Det kan den ikke her. Lav den med faste tal.",
    "qti-printed-variable": "Opgaven viser et tal, der regnes ud. Det kan den ikke her. Skriv tallet i teksten.",
    "qti-assessment-stimulus-ref": "Opgaven har en tekst, der står i en anden fil. Skriv teksten ind i opgaven.",
    "include": "Opgaven henter et stykke fra en anden fil. Skriv det ind i opgaven.",
}
_LEFT_OUT = {
    "qti-stylesheet": "Opgavens eget udseende (typografiark) er ikke taget med.",
    "qti-companion-materials-info": "Opgavens hjælpemidler (fx lommeregner og lineal) er ikke taget med.",
    "qti-catalog-info": "Opgavens hjælpetekster (fx oplæsning og ordforklaringer) er ikke taget med.",
    "qti-context-declaration": "Opgavens indstillinger fra afspilleren er ikke taget med.",
    "qti-info-control": "Hjælp, der kan foldes ud, er ikke taget med.",
}

ADAPTIVE = "Opgaven ændrer sig, mens den besvares (adaptiv). Det kan den ikke her. Lav den som en almindelig opgave."
NO_INTERACTION = "Der er ikke noget at svare på i filen. Vælg en fil med en opgave."
OTHER_KIND = "Opgavetypen “{}” findes ikke her. Lav opgaven om til fx ét svar, flere svar eller par."


def question_of(item: Element, key: str, picked: Picked, steps: Steps) -> tuple[Question, list[str], Texts]:
    """The item (without namespaces) as a question with the id `key`, what there is to tell, and its texts.

    Raises `InvalidContent` with the reason when it cannot be one, and pydantic's `ValidationError` when a text is too long.
    """
    _check(item)
    draft = Draft(item, steps, Texts(item, picked), key)
    body = item.find("qti-item-body")
    for tag, sentence in _LEFT_OUT.items():
        for one in list(item.iter(tag)):
            draft.tell(sentence)
            taken_out(one)
    draft.lift_feedback()
    found = [one for one in body.iter() if one.tag.endswith("-interaction")] if body is not None else []
    question = _by_kind(draft, body, found)
    return question, [*draft.warnings, *draft.texts.told], draft.texts


def _check(item: Element) -> None:
    if sum(1 for _ in item.iter()) > MOST_ELEMENTS or sum(map(len, item.itertext())) > MOST_CHARACTERS:
        raise InvalidContent("Opgaven er for stor. Del den op i flere.")
    if item.get("adaptive", "false") in ("true", "1"):
        raise InvalidContent(ADAPTIVE)
    for element in item.iter():
        if element.tag in _REFUSED:
            raise InvalidContent(_REFUSED[element.tag])
        if element.tag in _DANISH:
            raise InvalidContent(OTHER_KIND.format(_DANISH[element.tag]))


def _by_kind(draft: Draft, body: Element, found: list[Element]) -> Question:
    if not found:
        raise InvalidContent(NO_INTERACTION)
    if {one.tag for one in found} <= _GAPS:
        return gapped(draft, body, found)
    if len(found) > 1:
        raise InvalidContent(SEVERAL)
    (only,) = found
    match only.tag:
        case "qti-choice-interaction":
            return chosen(draft, body, only)
        case "qti-match-interaction":
            return matched(draft, body, only)
        case "qti-order-interaction":
            return ordered(draft, body, only)
        case "qti-extended-text-interaction":
            return _essay(draft, body, only)
    raise InvalidContent(OTHER_KIND.format(only.tag[:60]))


def _essay(draft: Draft, body: Element, interaction: Element) -> Essay:
    declared = draft.declared(interaction)
    blocks = blocks_of_rubric(draft, body)
    rubric = [one for block in blocks for one in _criteria(draft, block)]
    if not rubric:
        rubric = [("Svaret er rigtigt og dækker det, der spørges om.", 1.0)]
        draft.tell("Der er ingen vejledning til den, der retter. Der er sat et almindeligt kriterium ind.")
    if draft.item.find("qti-response-processing") is not None:
        draft.tell("Svaret bliver vurderet af en person her, også hvis filen selv giver point.")
    most = [
        one.get("normal-maximum", "") for one in draft.item.iterfind("qti-outcome-declaration[@identifier='SCORE']")
    ]
    points = _positive(most[0]) if most else 1.0
    model = declared.values[0] if declared.values and isinstance(declared.values[0], str) else ""
    return Essay(
        id=draft.id,
        feedback=draft.feedback([{declared.identifier: model or "svar"}, {declared.identifier: "andet"}]),
        text=prompted(draft, body, interaction),
        points=points,
        model_answer=model.strip(),
        rubric=tuple(
            Criterion(id=f"k{place}", text=text, points=worth) for place, (text, worth) in enumerate(rubric, 1)
        ),
    )


def _criteria(draft: Draft, block: Element) -> list[tuple[str, float]]:
    """The lines of a guide for scorers, with the points that are written behind them."""
    parts: list[Any] = list(block.iter("li")) or list(block.iter("p")) or [block]
    found = []
    for part in parts:
        text = draft.texts.markdown(part)
        words, _, rest = text.rpartition(" (")
        worth = rest.removesuffix(" point)").replace(",", ".") if words and rest.endswith(" point)") else ""
        number = _positive(worth) if worth else 1.0
        if text:
            found.append((words if worth else text, number))
    return found


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        return 1.0
    return number if 0 < number <= MOST_POINTS else 1.0
