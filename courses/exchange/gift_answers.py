"""The kinds of questions in GIFT, told apart by their answers as Moodle does, in its order."""

import re
from collections.abc import Callable
from decimal import Decimal

from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.exchange.gift_draft import Draft
from courses.exchange.gift_syntax import BLANK, MOST_ANSWERS, number_of
from courses.question import (
    Accepted,
    Criterion,
    Essay,
    Figure,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Pair,
    Question,
    ShortText,
    SingleChoice,
    Tick,
    TrueFalse,
)

FEWEST, MOST = 2, 20
_TRUTHS = {"T": True, "TRUE": True, "F": False, "FALSE": False}
_ALMOST_TRUTHS = frozenset(["t", "true", "f", "false", "sand", "sandt", "falsk"])
_ANYTHING = re.compile(r"(?<!\\)\*")
_NO_ANSWER = re.compile(r"~[ \t\n]*(?==)")  # `~=right`, a wrong answer without text, which Moodle leaves out
# `header=True` in a text: Moodle takes it for the beginning of the next answer.
_INSIDE_WORD = re.compile(r"\w+[)\]]?=\w+")
_RUBRIC = Criterion(id="svar", text="Svaret er fagligt rigtigt og dækker spørgsmålet.")


def question_of(draft: Draft, answers: str) -> Question:
    """The question with these answers, as structure; raises `InvalidContent` when they cannot be one of ours."""
    try:
        return _kind(answers)(draft, answers)
    except ValidationError as error:
        place = " > ".join(map(str, error.errors()[0]["loc"])) or "svarene"
        raise InvalidContent(f"Spørgsmålet kan ikke bruges, som det står ({place}). Ret det, og prøv igen.") from error


def _kind(answers: str) -> Callable[[Draft, str], Question]:
    if not answers:
        return _essay
    if answers.startswith("#"):
        return _numeric
    if "~" in answers:
        return _choice
    if "=" in answers and "->" in answers:
        return _matching
    if answers.partition("#")[0].strip(BLANK) in _TRUTHS:
        return _true_false
    return _short_text


def _essay(draft: Draft, _answers: str) -> Question:
    rubric = draft.criteria()
    if not rubric:
        draft.warn("GIFT har ingen bedømmelseskriterier, så der er sat ét alment ind. Skriv dem, der skal bruges.")
    fields = draft.common | {"rubric": rubric or (_RUBRIC,), "model_answer": draft.answer()}
    most_words = draft.number_said("words", 10, 5000)
    if most_words is not None:
        fields["most_words"] = int(most_words)
    return Essay(**fields)


def _choice(draft: Draft, answers: str) -> Question:
    _warn_inside_word(draft, answers)
    first, *pieces = re.split(r"(?=[~=])", _NO_ANSWER.sub("", answers))
    if first.strip(BLANK):
        raise InvalidContent(
            "Der står tekst før det første svar. Hvert svar begynder med = (rigtigt) eller ~ (forkert)."
        )
    _counted(len(pieces), "svar")
    return _single(draft, pieces) if "=" in answers else _multiple(draft, pieces)


def _counted(count: int, what: str) -> None:
    if not FEWEST <= count <= MOST:
        raise InvalidContent(f"Spørgsmålet har {count} {what}. Det skal have mellem {FEWEST} og {MOST}.")


def _single(draft: Draft, pieces: list[str]) -> Question:
    options = []
    for key, piece in zip(draft.parts(len(pieces)), pieces, strict=True):
        content = piece[1:].strip(BLANK)
        if piece[0] == "=":
            if content.startswith("%"):
                draft.warn(
                    "Efter = giver et svar altid alle point, og %…% læses som tekst. Skriv ~%50% for en del af dem."
                )
            fraction: float | None = 1.0
        else:
            fraction, content = draft.weighed(content)
        text, _, feedback = content.partition("#")
        text, feedback = draft.needed(text, "Et svar"), draft.markdown(feedback)
        options.append(Option(id=key, text=text, fraction=fraction or 0.0, feedback=feedback))
    return SingleChoice(**draft.common, options=tuple(options))


def _multiple(draft: Draft, pieces: list[str]) -> Question:
    options, weights = [], []
    for key, piece in zip(draft.parts(len(pieces)), pieces, strict=True):
        fraction, content = draft.weighed(piece[1:].strip(BLANK))
        weights.append(fraction or 0.0)
        text, _, feedback = content.partition("#")
        text, feedback = draft.needed(text, "Et svar"), draft.markdown(feedback)
        options.append(Tick(id=key, text=text, correct=weights[-1] > 0, feedback=feedback))
    right = sum(option.correct for option in options)
    if not right and draft.said("key") != "none":
        raise InvalidContent(
            "Intet svar er rigtigt. Skriv = foran det rigtige svar, eller vægte som ~%50% foran hvert rigtigt."
        )
    # what the rule hits/C - wrong/W gives for each
    ours = [1 / right if option.correct else -1 / (len(options) - right) for option in options]
    if any(abs(one - other) > 1e-4 for one, other in zip(weights, ours, strict=True)):
        draft.warn(
            "Vægtene er ikke taget med: Her tæller rigtige svar lige meget, og forkerte trækker lige meget fra, så alle forkerte "
            "opvejer alle rigtige."
        )
    return MultipleChoice(**draft.common, options=tuple(options))


def _matching(draft: Draft, answers: str) -> Question:
    sides, distractors = [], []
    _warn_inside_word(draft, answers)
    for piece in _pieces(answers):
        left, arrow, right = piece.partition("->")
        if not arrow:
            raise InvalidContent("Et par mangler pilen ->. Skriv hvert par som =venstre -> højre.")
        if "#" in right:
            draft.warn("Par kan ikke have tilbagemelding i GIFT. Teksten efter # er læst som en del af højre side.")
        answer = draft.needed(right, "Højre side af et par", draft.plain)
        if left.strip(BLANK):
            sides.append((draft.needed(left, "Venstre side af et par"), answer))
        else:
            distractors.append(answer)
    _counted(len(sides), "par")
    rights = {right for _, right in sides}
    if rights & set(distractors):
        draft.warn("En højre side uden par er udeladt, fordi den også er det rigtige svar i et par.")
    keys = draft.parts(len(sides))
    pairs = tuple(Pair(id=key, left=left, right=right) for key, (left, right) in zip(keys, sides, strict=True))
    return Matching(**draft.common, pairs=pairs, distractors=tuple(one for one in distractors if one not in rights))


def _warn_inside_word(draft: Draft, answers: str) -> None:
    if found := _INSIDE_WORD.search(answers):
        draft.warn(
            f"»{found[0][:40]}« er delt ved =, som begynder et nyt svar. Skriv \\=, hvis tegnet er en del af teksten."
        )


def _pieces(answers: str) -> list[str]:
    first, *rest = answers.split("=")
    if len(rest) >= MOST_ANSWERS:
        raise InvalidContent(f"Spørgsmålet har {len(rest)} svar. Der må være højst {MOST_ANSWERS}. Del spørgsmålet op.")
    return [piece.strip(BLANK) for piece in ([first, *rest] if first.strip(BLANK) else rest)]


def _true_false(draft: Draft, answers: str) -> Question:
    key, wrong, right, *_ = (*answers.split("#", 2), "", "")
    answer = _TRUTHS[key.strip(BLANK)]
    on_wrong, on_right = draft.markdown(wrong), draft.markdown(right)
    fields = draft.common | {"shuffle": False}
    if answer:
        return TrueFalse(**fields, answer=True, feedback_true=on_right, feedback_false=on_wrong)
    return TrueFalse(**fields, answer=False, feedback_true=on_wrong, feedback_false=on_right)


def _short_text(draft: Draft, answers: str) -> Question:
    accepted = []
    _warn_inside_word(draft, answers)
    for piece in _pieces(answers):
        fraction, content = draft.share(piece)
        answer, _, feedback = content.partition("#")
        text, feedback = draft.needed(answer, "Et svar", draft.literal), draft.markdown(feedback)
        if text == "*" and not fraction:
            _warn_of_rest(draft, feedback)
            continue
        if _ANYTHING.search(text):
            raise InvalidContent(
                "Stjerne (*) for hvad som helst kan ikke bruges. Skriv svarene helt ud, eller \\\\* for en stjerne."
            )
        if text.casefold() in _ALMOST_TRUTHS:
            draft.warn(f"»{text}« er læst som et kort svar. Skriv TRUE eller FALSE for sandt eller falsk.")
        accepted.append(Accepted(text=text.replace("\\*", "*"), fraction=fraction, feedback=feedback))
    _check_best(draft, accepted)
    return ShortText(**draft.common, accepted=tuple(accepted), case_sensitive=draft.said("case") == "exact")


def _numeric(draft: Draft, answers: str) -> Question:
    known, other, rest = answers[1:].partition("~")
    if other:
        _warn_of_rest(draft, draft.plain(rest.strip(BLANK).removeprefix("#")))
    figures = []
    for piece in _pieces(known):
        fraction, content = draft.share(piece)
        answer, _, feedback = content.partition("#")
        text, feedback = draft.literal(answer), draft.markdown(feedback)
        if text == "*" and not fraction:
            _warn_of_rest(draft, feedback)
            continue
        value, tolerance = _figure(text)
        figures.append(Figure(value=value, tolerance=tolerance, fraction=fraction, feedback=feedback))
    _check_best(draft, figures)
    return Numeric(**draft.common, figures=tuple(figures), unit=draft.said("unit"))


def _figure(text: str) -> tuple[float, float]:
    """Value and tolerance of `5`, `5:0.1` or `4.9..5.1`."""
    low, dots, high = (part.strip(BLANK) for part in text.partition(".."))
    if dots and number_of(low) is not None and number_of(high) is not None:
        smallest, largest = Decimal(low), Decimal(high)
        if smallest <= largest:
            return float((smallest + largest) / 2), float((largest - smallest) / 2)
    shown, colon, margin = (part.strip(BLANK) for part in text.partition(":"))
    value, tolerance = number_of(shown), number_of(margin if colon else "0")
    if value is not None and tolerance is not None and tolerance >= 0:
        return value, tolerance
    raise InvalidContent(
        f"»{text[:40]}« er ikke et tal, som GIFT kan læse. Skriv 3.5, 3.5:0.1 (tal og afvigelse) eller 3.4..3.6 (fra og til), "
        "med punktum og uden enhed."
    )


def _warn_of_rest(draft: Draft, feedback: str) -> None:
    said = f" (»{feedback[:200]}«)" if feedback else ""
    draft.warn(
        f"Tilbagemeldingen til alle andre svar{said} er ikke taget med. Skriv den i den fælles tilbagemelding efter ####."
    )


def _check_best(draft: Draft, answers: list[Accepted] | list[Figure]) -> None:
    if not answers:
        raise InvalidContent("Spørgsmålet har intet svar. Skriv mindst ét efter =.")
    if not any(one.fraction == 1.0 for one in answers):
        draft.warn("Intet svar giver alle point. Moodle kræver et, der giver 100 %.")
