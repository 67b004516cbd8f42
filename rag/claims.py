"""What a Danish sentence claims, as far as code can read it, and whether the sentence of a source supports all of it.

Strict on purpose: a faithful sentence that is not understood is lost, a changed one must not pass. Every word that is not
a mere connective must stand in the source, numbers with their neighbours, and the words that turn a meaning (negations,
modal verbs, conditions, limits) must be the same on both sides and bear on the same words. What this cannot see is told in
`docs/adr/0005-checked-generation.md`.
"""

from collections import Counter
from collections.abc import Sequence
from enum import StrEnum

from rag.wording import EXACT, FOREIGN, FREE, MEASURES, MODALS, PLACED, REFERENCES, Token, tokens

AHEAD = 2
AROUND = 3
LEAST_WORDS = 2
NEAR = 2
YES_OR_NO = ("ja", "nej")


class Fault(StrEnum):
    """Why a sentence is not supported: another language, too little said, a number, a turn or a word without support,
    words that have changed places, or a single word left out where it may qualify the next."""

    LANGUAGE = "language"
    THIN = "thin"
    NUMBER = "number"
    TURN = "turn"
    WORD = "word"
    ORDER = "order"
    LEFT_OUT = "left out"


def fault(sentence: str, source: str) -> Fault | None:
    """Why `source`, a whole sentence of a source, does not support `sentence`; None when it does."""
    said, known = tokens(sentence), tokens(source)
    forms = {token.form for token in known}
    if any(token.form in FOREIGN - forms for token in said):
        return Fault.LANGUAGE
    if len({token.form for token in said if token.claims}) < LEAST_WORDS:
        return Fault.THIN
    if not all(_number_stands(said, place, known) for place, token in enumerate(said) if token.number):
        return Fault.NUMBER
    if not _turns_agree(said, known):
        return Fault.TURN
    often = Counter(token.form for token in said if token.claims) - Counter(token.form for token in known)
    if often or not _names_in_order(said, known):
        return Fault.WORD
    if not _in_company(said, known):
        return Fault.ORDER
    if _qualifier_left_out(said, known):
        return Fault.LEFT_OUT
    return None if all(_tied(said, place, known) for place in range(len(said))) else Fault.WORD


def _in_company(said: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether every word still has a neighbour it has in the source, so that no two have changed places."""
    mine = [token.form for token in said if token.claims or token.turn]
    theirs = [token.form for token in known if token.claims or token.turn]
    return all(
        any(
            form == other and {*mine[max(place - 1, 0) : place], *mine[place + 1 : place + 2]} & near
            for at, other in enumerate(theirs)
            for near in [{*theirs[max(at - NEAR, 0) : at], *theirs[at + 1 : at + 1 + NEAR]}]
        )
        for place, form in enumerate(mine)
    )


def _qualifier_left_out(said: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether one word alone is missing among words that are kept: "generelle tekster" is not just "tekster".

    A longer piece may be left out; it is a clause or more of a list.
    """
    kept = Counter(token.form for token in said if token.claims)
    stays: list[bool] = []
    for form in (token.form for token in known if token.claims):
        stays.append(kept[form] > 0)
        kept[form] -= 1
    return any(stays[place - 1 : place + 2] == [True, False, True] for place in range(1, len(stays) - 1)) or (
        stays[:2] == [False, True]
    )


def _names_in_order(said: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether names come in the order of the source, so that they have not changed places."""
    names = {token.form for token in (*said, *known) if token.name and token.claims and token.form != "ai"}
    rest = iter(token.form for token in known if token.form in names)
    return all(token.form in rest for token in said if token.form in names)


def _tied(said: Sequence[Token], place: int, known: Sequence[Token]) -> bool:
    """Whether a preposition or "eller" stands before the same thing as in the source, and "og" not where that has "eller"."""
    word, after = said[place].form, _next_claim(said, place)
    before = {token.form for other, token in enumerate(known) if _next_claim(known, other) == after}
    if word in YES_OR_NO and place == 0:
        return known[0].form == word
    if word in EXACT or word in YES_OR_NO:
        return word in before
    return word != "og" or "og" in before or "eller" not in before


def _next_claim(line: Sequence[Token], place: int) -> str | None:
    return next((token.form for token in line[place + 1 :] if token.turn or token.claims), None)


def _number_stands(said: Sequence[Token], place: int, known: Sequence[Token]) -> bool:
    """Whether the number stands in the source beside the same word or number, and among at least one of the same words."""
    return any(
        _beside(said, place, known, other) and _meet(_around(said, place), _around(known, other))
        for other, token in enumerate(known)
        if token.number and token.form == said[place].form
    )


def _beside(said: Sequence[Token], place: int, known: Sequence[Token], other: int) -> bool:
    before, after = _at(said, place - 1), _at(said, place + 1)
    known_before, known_after = _at(known, other - 1), _at(known, other + 1)
    counts = known_after is not None and known_after.claims and known_after.form not in EXACT
    tied_after = _measures(after) or (counts and not _refers(known_before))
    tied_before = _leads_number(before) or _leads_number(known_before)
    return (not tied_after or _form(after) == _form(known_after)) and (
        not tied_before or _form(before) == _form(known_before)
    )


def _measures(token: Token | None) -> bool:
    """Whether a word is the unit of the number before it, or more of the same date or reference."""
    return token is not None and (token.number or token.form in MEASURES)


def _refers(token: Token | None) -> bool:
    """Whether the number after a word is a year or the number of an article, and counts nothing."""
    return token is not None and (token.number or token.form in REFERENCES)


def _leads_number(token: Token | None) -> bool:
    """Whether a word gives the number after it its meaning: fra, til, mindst, senest, bilag, art."""
    if token is None:
        return False
    return token.number or token.turn is not None or token.form in EXACT or token.form in REFERENCES


def _at(line: Sequence[Token], place: int) -> Token | None:
    return line[place] if 0 <= place < len(line) else None


def _around(line: Sequence[Token], place: int) -> set[str]:
    before = [token.form for token in line[:place] if token.claims and not token.number]
    after = [token.form for token in line[place + 1 :] if token.claims and not token.number]
    return {*before[-AROUND:], *after[:AROUND]}


def _meet(mine: set[str], theirs: set[str]) -> bool:
    return not mine or bool(mine & theirs)


def _turns_agree(said: Sequence[Token], known: Sequence[Token]) -> bool:
    """Whether both have the same turns, and those that bear on words bear on the same ones, one to one."""
    if Counter(token.turn for token in said if token.turn) != Counter(token.turn for token in known if token.turn):
        return False
    open_places = [place for place, token in enumerate(known) if token.turn in PLACED]
    for place, token in enumerate(said):
        if token.turn in PLACED:
            match = next((other for other in open_places if _same_turn(said, place, known, other)), None)
            if match is None:
                return False
            open_places.remove(match)
    return not open_places


def _same_turn(said: Sequence[Token], place: int, known: Sequence[Token], other: int) -> bool:
    if said[place].turn is not known[other].turn:
        return False
    if said[place].turn in MODALS and not _same_subject(said, place, known, other):
        return False
    if said[place].turn in MODALS:
        return _meet(_ahead(said, place), _ahead(known, other))
    beside = any(_form(_at(said, place + step)) == _form(_at(known, other + step)) for step in (-1, 1))
    same_end = _next_claim(said, place) == _next_claim(known, other)
    return beside and same_end and _meet(_behind(said, place), _behind(known, other))


def _behind(line: Sequence[Token], place: int) -> set[str]:
    return set([token.form for token in line[:place] if token.claims or token.turn][-AROUND:])


def _form(token: Token | None) -> str | None:
    return token.form if token else None


def _ahead(line: Sequence[Token], place: int) -> set[str]:
    """What a turn bears on: the next words that claim something; at the end of a sentence, the last ones before it."""
    after = [token.form for token in line[place + 1 :] if token.claims or token.turn]
    before = [token.form for token in line[:place] if token.claims or token.turn]
    return set(after[:AHEAD] or before[-AHEAD:])


def _same_subject(said: Sequence[Token], place: int, known: Sequence[Token], other: int) -> bool:
    """Whether the same one may, must or should: the word before the modal verb, or after it where the order is turned."""
    mine, theirs = _neighbours(said, place), _neighbours(known, other)
    if mine[0] == theirs[0] or mine[0] == theirs[1] or mine[1] == theirs[0]:
        return True
    return mine[1] == theirs[1] and mine[1] in FREE  # a pronoun; an infinitive is no subject


def _neighbours(line: Sequence[Token], place: int) -> tuple[str | None, str | None]:
    before = next((token.form for token in reversed(line[:place]) if token.turn is None), None)
    after = next((token.form for token in line[place + 1 :] if token.turn is None), None)
    return before, after
