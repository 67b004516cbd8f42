"""What stands in the way of points: too short, keywords, orders to the marker, another language, or somebody else's words."""

from dataclasses import dataclass

from courses.prompts import overlap
from courses.prompts.criteria import has
from courses.prompts.reading import Reading, danish_words, read
from courses.prompts.signs import ELEMENTS, LABELS, ORDERS
from courses.prompts.wording import Obstacle
from courses.question import PromptPractice
from rag import danish

FEWEST_WORDS = 8
KEYWORD_LABELS = 3
KEYWORD_REST = 4
FILLING = ((":",), ("er",), ("skal",))  # a name followed by one of these and a word says something: "Tone: venlig"
# Measured on tests/data/prompts.yaml: prompts in the learner's own words share at most .12 of the rows with the model prompt and
# .43 of the stems, what the case and the hints give away left out; a lightly changed copy .79 and .63.
COPIED_ROWS = 0.45
FEWEST_ROWS = 8
COPIED_STEMS = 0.55
COPIED_STEMS_ROWS = 0.25
PASTED = 0.8  # share of the case's rows; facts and demands that are carried over word for word stay below
MOSTLY_CASE = 0.6  # share of the prompt's rows
# A case with every tenth word changed (sampled) keeps .84 and .80 of these; prompts with a task of their own that carry the facts
# over word for word have at most .80 and .72.
CASE_STEMS = 0.8
STEMS_OF_CASE = 0.75
PAIR = 2
VERBATIM = 8  # words in a row of a pasted case that are not the learner's own


@dataclass(frozen=True)
class OwnWords:
    """What of a prompt is the learner's: `own` without orders and, where the case is `pasted`, long runs of it; `whole` without
    orders only."""

    own: Reading
    whole: Reading
    ordered: bool
    pasted: bool


def own_words(question: PromptPractice, reading: Reading) -> OwnWords:
    """The learner's own words of a prompt."""
    ordered = {reading.sentence[place] for sign in ORDERS for place in reading.places(sign)}
    whole = reading.without(frozenset(p for p in range(len(reading.words)) if reading.sentence[p] in ordered))
    case = read(question.text)
    pasted = overlap.share_in(case, whole) >= PASTED
    own = whole.without(overlap.verbatim(whole, case, VERBATIM)) if pasted else whole
    return OwnWords(own, whole, bool(ordered), pasted)


def obstacle(question: PromptPractice, words: OwnWords) -> Obstacle | None:
    """The first thing that stands in the way; None when the prompt can be assessed."""
    short = words.whole.length < FEWEST_WORDS
    keywords = _is_list_of_keywords(words.whole, question)
    if words.ordered and (short or keywords):
        return Obstacle.ORDER
    if keywords:
        return Obstacle.KEYWORDS
    if short:
        return Obstacle.SHORT
    if danish_words(words.whole.text) < FEWEST_WORDS:
        return Obstacle.LANGUAGE
    case, hints = read(question.text), tuple(map(read, question.hints))
    if _is_model_again(words.whole, read(question.model_prompt), (case, *hints)):
        return Obstacle.COPIED_MODEL
    if overlap.taken(words.whole, hints) >= PASTED:
        return Obstacle.COPIED_HINT
    if words.own.length < FEWEST_WORDS or _is_case_again(words.whole, case):
        return Obstacle.COPIED_CASE
    return None


def _is_model_again(whole: Reading, model: Reading, given: tuple[Reading, ...]) -> bool:
    """Whether the prompt is the model prompt, or nearly; what the case and the hints give the learner (`given`) is left out."""
    if min(overlap.share_in(whole, model), overlap.share_in(model, whole)) >= PASTED:
        return True
    share = max(overlap.share_in(whole, model, given), overlap.share_in(model, whole, given))
    if overlap.shared(whole, model, given) < FEWEST_ROWS:
        return False
    return share >= COPIED_ROWS or (
        share >= COPIED_STEMS_ROWS and overlap.likeness(whole, model, given) >= COPIED_STEMS
    )


def _is_case_again(whole: Reading, case: Reading) -> bool:
    """Whether most of it is the case's, and the rest has no part of a prompt."""
    same_words = overlap.stems_in(whole, case) >= CASE_STEMS and overlap.stems_in(case, whole) >= STEMS_OF_CASE
    if not same_words and overlap.share_in(whole, case) < MOSTLY_CASE:
        return False
    rest = whole.without(overlap.verbatim(whole, case, PAIR))
    return rest.length < FEWEST_WORDS or not any(has(rest, key) for key in ELEMENTS)


def _is_list_of_keywords(reading: Reading, question: PromptPractice) -> bool:
    """Names of what a prompt should have, with or without words of the case, and next to nothing else."""
    needs = {stem for group in question.needs for need in group for stem in danish.stems(need)}
    (labels,) = LABELS
    is_label = [labels.fits(word, stem) for word, stem in zip(reading.words, reading.stems, strict=True)]
    named = rest = 0
    for place, word in enumerate(reading.words):
        if is_label[place]:
            filled = reading.words[place + 1 : place + 2] in FILLING and not all(is_label[place + 2 : place + 3])
            named += not filled
        elif word.isalnum() and word not in danish.STOPWORDS and reading.stems[place] not in needs:
            rest += 1
    return named >= KEYWORD_LABELS and rest < KEYWORD_REST
