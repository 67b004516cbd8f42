"""QTI items in which things are paired or put in order."""

import math
from itertools import combinations, permutations, product

from courses.errors import InvalidContent
from courses.exchange.qti_draft import MOST_TRIED, UNPROVEN, Draft, identified, mixed, prompted
from courses.exchange.qti_scoring import NO_KEY, Answers, Declared
from courses.exchange.xml_guard import Element
from courses.question import Item, Matching, Ordering, Pair


def matched(draft: Draft, body: Element, interaction: Element) -> Matching:
    """Pairs of two lists."""
    declared = draft.declared(interaction)
    sets = [one.findall("qti-simple-associable-choice") for one in interaction.findall("qti-simple-match-set")]
    if len(sets) != 2 or declared.base_type != "directedPair" or declared.cardinality != "multiple":
        raise InvalidContent("Parrene er ikke angivet som par mellem to lister. Eksportér opgaven igen.")
    key = [tuple(value.split(" ")) for value in declared.values]
    if not key:
        key = [tuple(one.split(" ")) for one, worth, _ in declared.entries if worth > 0]
    if not key:
        raise InvalidContent(NO_KEY)
    side = _left_side(sets, key)
    lefts, rights = sets[side], sets[1 - side]
    belongs = {pair[side]: pair[1 - side] for pair in key}
    ids = identified(lefts, 2, 20)
    identified(rights, 1, 40)
    right_texts = {choice.get("identifier", ""): draft.texts.plain(choice) for choice in rights}
    if len(set(right_texts.values())) < len(rights) or not all(right_texts.values()):
        raise InvalidContent("To svar i listen er ens, eller et er tomt. Giv dem hver sin tekst.")
    shuffle = mixed(draft, interaction, [*lefts, *rights])
    pairs = tuple(
        Pair(id=ids[one], left=draft.texts.markdown(choice), right=right_texts[belongs[one]])
        for choice in lefts
        for one in [choice.get("identifier", "")]
    )
    rest = tuple(text for one, text in right_texts.items() if one not in belongs.values())

    def answers(chosen: dict[str, str]) -> Answers:
        value = frozenset(" ".join((one, other) if side == 0 else (other, one)) for one, other in chosen.items())
        return {declared.identifier: value or None}

    best = draft.scoring.score(answers(belongs))
    points = draft.points(best)
    tried = _pairings(draft, declared, belongs, _limits(rights))
    question = Matching(
        id=draft.id,
        feedback=draft.feedback([answers(one) for one in tried]),
        text=prompted(draft, body, interaction),
        points=points,
        shuffle=shuffle,
        pairs=pairs,
        distractors=rest,
    )
    draft.compare(
        question,
        best,
        ((answers(one), {ids[left]: right_texts[right] for left, right in one.items()}) for one in tried),
    )
    return question


def _left_side(sets: list[list[Element]], key: list[tuple[str, ...]]) -> int:
    """The list (0 or 1) in which each belongs to just one of the other."""
    names = [{choice.get("identifier", "") for choice in one} for one in sets]
    if any(len(pair) != 2 or pair[0] not in names[0] or pair[1] not in names[1] for pair in key):
        raise InvalidContent("Et par i det rigtige svar findes ikke i listerne. Ret det, og eksportér igen.")
    for side in (0, 1):
        met = [pair[side] for pair in key]
        if len(set(met)) == len(met) and set(met) == names[side]:
            return side
    raise InvalidContent("Hver linje skal have netop ét rigtigt svar. Her har nogle ingen eller flere. Del opgaven op.")


def _limits(rights: list[Element]) -> dict[str, int]:
    """How often each right side may be used; 0 is without limit."""
    found = {}
    for choice in rights:
        most = choice.get("match-max", "0")
        found[choice.get("identifier", "")] = int(most) if most.isdigit() and len(most) < 4 else 0
    return found


def _pairings(
    draft: Draft, declared: Declared, belongs: dict[str, str], limits: dict[str, int]
) -> list[dict[str, str]]:
    """Answers that are tried: all, or where the processing looks at the key alone, those near the key."""
    lefts, choices = list(belongs), [*limits, ""]
    if len(choices) ** len(lefts) <= MOST_TRIED:
        found = [dict(zip(lefts, chosen, strict=True)) for chosen in product(choices, repeat=len(lefts))]
    elif draft.scoring.looks_only_at_the_key(declared.identifier):
        found = [belongs] + [{**belongs, left: other} for left in lefts for other in choices]
        found += [{left: other} for left in lefts for other in limits]
    else:
        raise InvalidContent(UNPROVEN)
    tried = [{left: right for left, right in one.items() if right} for one in found]
    return [one for one in tried if one and (one == belongs or _allowed(one, limits))]


def _allowed(chosen: dict[str, str], limits: dict[str, int]) -> bool:
    used = list(chosen.values())
    return all(not most or used.count(one) <= most for one, most in limits.items())


def ordered(draft: Draft, body: Element, interaction: Element) -> Ordering:
    """Lines that are put in order."""
    declared = draft.declared(interaction)
    choices = interaction.findall("qti-simple-choice")
    ids = identified(choices, 2, 12)
    if declared.cardinality != "ordered":
        raise InvalidContent("Rækkefølgen er ikke angivet som en liste. Eksportér opgaven igen.")
    key: tuple[str, ...] = tuple(declared.values)
    if not key:
        raise InvalidContent(NO_KEY)
    if sorted(key) != sorted(ids):
        raise InvalidContent("Den rigtige rækkefølge har ikke alle linjer med, netop én gang. Ret den.")
    texts = {choice.get("identifier", ""): draft.texts.plain(choice) for choice in choices}
    if len(set(texts.values())) < len(texts) or not all(texts.values()):
        raise InvalidContent("To linjer i rækkefølgen er ens, eller en er tom. Giv dem hver sin tekst.")
    best = draft.scoring.score({declared.identifier: key})
    points = draft.points(best)
    tried = _orders(draft, declared, key)
    question = Ordering(
        id=draft.id,
        feedback=draft.feedback([{declared.identifier: one} for one in tried]),
        text=prompted(draft, body, interaction),
        points=points,
        items=tuple(Item(id=ids[one], text=texts[one]) for one in key),
    )
    draft.compare(question, best, (({declared.identifier: one}, [ids[name] for name in one]) for one in tried))
    return question


def _orders(draft: Draft, declared: Declared, key: tuple[str, ...]) -> list[tuple[str, ...]]:
    if math.factorial(len(key)) <= MOST_TRIED:
        return list(permutations(key))
    if not draft.scoring.looks_only_at_the_key(declared.identifier):
        raise InvalidContent(UNPROVEN)
    swapped = []
    for first, second in combinations(range(len(key)), 2):
        order = list(key)
        order[first], order[second] = order[second], order[first]
        swapped.append(tuple(order))
    return [key, key[::-1], *swapped]
