"""QTI items in which answers are ticked: one, several, or true and false."""

from collections.abc import Sequence
from itertools import chain, combinations

from courses.errors import InvalidContent
from courses.exchange.qti_draft import (
    CLOSE,
    CONFLICT,
    MOST_TRIED,
    UNPROVEN,
    Draft,
    identified,
    mixed,
    prompted,
    share,
    shared_by,
)
from courses.exchange.qti_operators import Value
from courses.exchange.qti_scoring import NO_KEY, Answers, Declared
from courses.exchange.xml_guard import Element
from courses.question import MultipleChoice, Option, Question, SingleChoice, Tick, TrueFalse

_TRUE, _FALSE = frozenset(["sandt", "true"]), frozenset(["falsk", "false"])

ODD = "Svarmulighederne er ikke angivet som ét svar eller flere svar. Eksportér opgaven igen."


def chosen(draft: Draft, body: Element, interaction: Element) -> Question:
    """A single choice, a multiple choice or a true-or-false."""
    declared = draft.declared(interaction)
    choices = interaction.findall("qti-simple-choice")
    most = interaction.get("max-choices", "0" if declared.cardinality == "multiple" else "1")
    most_ticks = int(most) if most.isdigit() and len(most) < 4 else 0
    ids = identified(choices, 2, 20)
    if declared.cardinality == "single" or (declared.cardinality == "multiple" and most_ticks == 1):
        return _single(draft, body, interaction, declared, ids)
    if declared.cardinality != "multiple":
        raise InvalidContent(ODD)
    return _multiple(draft, body, interaction, declared, ids, most_ticks)


def _single(
    draft: Draft, body: Element, interaction: Element, declared: Declared, ids: dict[str, str]
) -> SingleChoice | TrueFalse:
    def answers(one: str) -> Answers:
        return {declared.identifier: frozenset([one]) if declared.cardinality == "multiple" else one}

    worth = {one: draft.scoring.score(answers(one)) for one in ids}
    best = max(worth.values())
    points = draft.points(best)
    if any(worth.get(one, 0.0) < best - CLOSE for one in declared.values):
        raise InvalidContent(CONFLICT)
    said = {one: draft.said(answers(one)) for one in ids}
    shared = shared_by(list(said.values()))
    choices = interaction.findall("qti-simple-choice")
    shuffle = mixed(draft, interaction, choices)
    options = tuple(
        Option(
            id=ids[one],
            text=draft.texts.markdown(choice),
            fraction=share(worth[one], best),
            feedback="\n\n".join(text for text in said[one] if text not in shared),
        )
        for choice in choices
        for one in [choice.get("identifier", "")]
    )
    text = prompted(draft, body, interaction)
    if _says_true_false(options):
        right, wrong = options
        return TrueFalse(
            id=draft.id,
            text=text,
            feedback="\n\n".join(shared),
            points=points,
            answer=right.fraction == 1.0,
            feedback_true=right.feedback,
            feedback_false=wrong.feedback,
        )
    return SingleChoice(
        id=draft.id, text=text, feedback="\n\n".join(shared), points=points, shuffle=shuffle, options=options
    )


def _says_true_false(options: Sequence[Option]) -> bool:
    texts = [option.text.casefold() for option in options]
    fractions = sorted(max(option.fraction, 0.0) for option in options)
    return len(texts) == 2 and texts[0] in _TRUE and texts[1] in _FALSE and fractions == [0.0, 1.0]


def _multiple(
    draft: Draft, body: Element, interaction: Element, declared: Declared, ids: dict[str, str], most: int
) -> MultipleChoice:
    names = list(ids)
    key = _ticked_key(draft, declared, names, most)
    best = draft.scoring.score({declared.identifier: key})
    points = draft.points(best)
    tried = _ticks(draft, declared, names, key, most)
    for ticked in tried:
        full = draft.scoring.score({declared.identifier: ticked}) >= best - CLOSE
        if full and not ticked >= key:
            raise InvalidContent(CONFLICT)
    choices = interaction.findall("qti-simple-choice")
    if 0 < most < len(choices):
        draft.tell(f"I filen kan der højst sættes {most} kryds. Her er der ingen grænse.")
    shared, own = _tick_feedback(draft, declared, tried)
    shuffle = mixed(draft, interaction, choices)
    options = tuple(
        Tick(
            id=ids[choice.get("identifier", "")],
            text=draft.texts.markdown(choice),
            correct=choice.get("identifier", "") in key,
            feedback=own.get(choice.get("identifier", ""), ""),
        )
        for choice in choices
    )
    question = MultipleChoice(
        id=draft.id,
        feedback=shared,
        text=prompted(draft, body, interaction),
        points=points,
        shuffle=shuffle,
        options=options,
    )
    draft.compare(
        question,
        best,
        (({declared.identifier: ticked}, [ids[one] for one in names if one in ticked]) for ticked in tried),
    )
    return question


def _tick_feedback(draft: Draft, declared: Declared, tried: list[frozenset[Value]]) -> tuple[str, dict[str, str]]:
    """What is said to all answers, and to each tick where that is all there is; else a warning."""
    said = {ticked: draft.said({declared.identifier: ticked}) for ticked in tried}
    shared = set(shared_by(list(said.values())))
    own = {
        one: [text for text in said[ticked] if text not in shared]
        for ticked in tried
        if len(ticked) == 1
        for one in ticked
    }
    for ticked, texts in said.items():
        if set(texts) != shared.union(*(own.get(one, []) for one in ticked)):
            return draft.feedback({declared.identifier: ticked} for ticked in tried), {}
    first = next(iter(said.values()), ())
    return "\n\n".join(text for text in first if text in shared), {
        one: "\n\n".join(texts) for one, texts in own.items()
    }


def _ticked_key(draft: Draft, declared: Declared, names: list[str], most: int) -> frozenset[Value]:
    if declared.values:
        key = frozenset(declared.values)
        if not key <= set(names):
            raise InvalidContent("Det rigtige svar er ikke en af svarmulighederne. Ret det, og eksportér igen.")
        return key
    if draft.scoring.looks_only_at_the_key(declared.identifier):
        key = frozenset(one for one, worth, _ in declared.entries if worth > 0 and one in names)
        if not key:
            raise InvalidContent(NO_KEY)
        return key
    tried = _ticks(draft, declared, names, frozenset(), most)
    return max(tried, key=lambda ticked: (draft.scoring.score({declared.identifier: ticked}), -len(ticked)))


def _ticks(
    draft: Draft, declared: Declared, names: list[str], key: frozenset[Value], most: int
) -> list[frozenset[Value]]:
    """Sets of ticks that are tried: all, or where the processing looks at the key alone, those near the key."""
    most = most or len(names)
    if 2 ** len(names) <= MOST_TRIED:
        every = chain.from_iterable(combinations(names, size) for size in range(1, len(names) + 1))
        found = [frozenset(one) for one in every]
    elif draft.scoring.looks_only_at_the_key(declared.identifier):
        changes = chain.from_iterable(combinations(names, size) for size in range(3))
        found = [key ^ frozenset(change) for change in changes] + [frozenset(names)]
        found += [frozenset([one]) for one in names]
    else:
        raise InvalidContent(UNPROVEN)
    return [ticked for ticked in dict.fromkeys(found) if ticked and (len(ticked) <= most or ticked == key)]
