"""Items of QTI 3.0 in which something is written or chosen inside the text: short texts, numbers and clozes."""

from collections.abc import Sequence
from itertools import combinations, pairwise, product

from courses.errors import InvalidContent
from courses.exchange.keys import Keys, key_of
from courses.exchange.qti_draft import (
    ALL_OR_NOTHING,
    CLOSE,
    CONFLICT,
    MOST_TRIED,
    OTHER_PARTS,
    UNPROVEN,
    Draft,
    blocks_of_rubric,
    mixed,
    share,
)
from courses.exchange.qti_operators import Value
from courses.exchange.qti_scoring import NO_KEY, Answers, Declared, edges
from courses.exchange.xml_guard import Element
from courses.question import GAP, Accepted, Cloze, Figure, Gap, Numeric, Option, Question, ShortText

MOST_FIELDS = 40
_BLANK = "_____"
_OTHER = "qti andet svar"

ANYTHING = "Ethvert svar giver point. Angiv de rigtige svar, og eksportér igen."
BRACES = "Teksten har {{…}}, som her betyder et hul. Skriv den om, og eksportér igen."
CASE = "I filen betyder store og små bogstaver noget. Det gør de ikke i huller her."
FORMS = "I filen giver nogle svar også point med andre store og små bogstaver. Her skal de skrives som angivet."
TIED = "Svarene i hullerne giver point i fællesskab, så hvert hul ikke kan rettes for sig. Del opgaven op."


def gapped(draft: Draft, body: Element, found: Sequence[Element]) -> Question:
    """A question of the kind that the fields in the text make: one field is a short text or a number, more are a cloze."""
    blocks_of_rubric(draft, body)
    if GAP.search("".join(body.itertext())):
        raise InvalidContent(BRACES)
    if len(found) > MOST_FIELDS:
        raise InvalidContent(f"Der er flere end {MOST_FIELDS} felter i teksten. Del opgaven op.")
    fields = [_Field(draft, one) for one in found]
    if len({one.declared.identifier for one in fields}) < len(fields):
        raise InvalidContent("To felter har samme svar. Giv dem hver sit response-identifier.")
    worth = _worth(draft, fields)
    alone = len(fields) == 1 and fields[0].element.tag == "qti-text-entry-interaction"
    places = [_BLANK if alone else f"{{{{{one.name(place)}}}}}" for place, one in enumerate(fields, 1)]
    for one, place in zip(fields, places, strict=True):
        _replaced(one.element, draft.texts.place(place))
    text = draft.texts.markdown(body)
    best = sum(max(one.values()) for one in worth)
    points, feedback = draft.points(best), _feedback(draft, fields, worth)
    if not alone:
        gaps = tuple(
            one.gap(place, draft, values) for place, (one, values) in enumerate(zip(fields, worth, strict=True), 1)
        )
        return Cloze(text=text, gaps=gaps, id=draft.id, points=points, feedback=feedback)
    # a field in a line of its own shows nothing that the field under the question does not show
    text = "\n".join(line for line in text.split("\n") if line.strip(" \\") != _BLANK).strip() or text
    if fields[0].is_number:
        return Numeric(text=text, figures=fields[0].figures(worth[0]), id=draft.id, points=points, feedback=feedback)
    accepted, exact = fields[0].accepted(worth[0])
    if exact and fields[0].other_forms(worth[0]):
        draft.tell(FORMS)
    return ShortText(text=text, accepted=accepted, case_sensitive=exact, id=draft.id, points=points, feedback=feedback)


class _Field:
    """A field in the text: `tried` are the answers that can make a difference."""

    def __init__(self, draft: Draft, element: Element) -> None:
        self.element = element
        self.declared: Declared = draft.declared(element)
        self.is_number = self.declared.base_type in ("float", "integer")
        if self.declared.cardinality != "single":
            raise InvalidContent("Et felt tager imod flere svar på én gang. Del opgaven op.")
        self.choices = element.findall("qti-inline-choice")
        self._shuffled = element.tag == "qti-inline-choice-interaction" and mixed(draft, element, self.choices)
        if self.choices:
            self.tried: list[Value] = [one.get("identifier", "") for one in self.choices]
            if len(set(self.tried)) < len(self.tried) or len(self.tried) > MOST_TRIED // 4:
                raise InvalidContent("Svarene i et hul har ikke hver sin identifier. Eksportér opgaven igen.")
            self.texts = [draft.texts.plain(one) for one in self.choices]
        elif self.is_number:
            self.edges = edges(draft.scoring)
            self.tried = _probes(self.edges)
        elif self.declared.base_type == "string":
            self.known = [one for one in draft.scoring.known() if isinstance(one, str) and one.strip()]
            if len(self.known) > MOST_TRIED:
                raise InvalidContent(UNPROVEN)
            self.tried = list(
                dict.fromkeys([form for one in self.known for form in (one, one.swapcase(), one.lower(), one.upper())])
            )
        else:
            raise InvalidContent(f"Et felt har svar af typen “{self.declared.base_type[:40]}”, som ikke kendes her.")

    @staticmethod
    def name(place: int) -> str:
        """Id of the gap."""
        return f"hul{place}"

    def gap(self, place: int, draft: Draft, worth: dict[Value, float]) -> Gap:
        """The gap, with its share of the points."""
        best = max(worth.values())
        if best <= CLOSE:
            raise InvalidContent(NO_KEY)
        if self.choices:
            keys = Keys()
            options = tuple(
                Option(
                    id=keys.unique(key_of(one) or "svar"),
                    text=text or "–",
                    fraction=share(worth[one], best),
                )
                for one, text in zip(self.tried, self.texts, strict=True)
            )
            return Gap(id=self.name(place), options=options, points=best)
        if self.is_number:
            return Gap(id=self.name(place), figures=self.figures(worth), points=best)
        accepted, exact = self.accepted(worth)
        if exact:
            draft.tell(CASE)
        return Gap(id=self.name(place), accepted=accepted, points=best)

    def accepted(self, worth: dict[Value, float]) -> tuple[tuple[Accepted, ...], bool]:
        """The texts that give points, and whether letters must be large and small as written."""
        best = max(worth.values())
        if best <= CLOSE:
            raise InvalidContent(NO_KEY)
        right = [one for one in self.known if worth[one] > CLOSE]
        exact = any(
            abs(worth[form] - worth[one]) > CLOSE
            for one in right
            for form in (one.swapcase(), one.lower(), one.upper())
        )
        shares: dict[str, Accepted] = {}
        for one in sorted(right, key=lambda text: -worth[text]):
            text = " ".join(one.split())
            shares.setdefault(text if exact else text.casefold(), Accepted(text=text, fraction=share(worth[one], best)))
        return tuple(shares.values()), exact

    def other_forms(self, worth: dict[Value, float]) -> bool:
        """Whether a text gives points in other letters than it is written in."""
        return any(points > CLOSE for form, points in worth.items() if form not in self.known)

    def figures(self, worth: dict[Value, float]) -> tuple[Figure, ...]:
        """Ranges of numbers that give points, from the step function that the tried numbers show."""
        best = max(worth.values())
        if best <= CLOSE:
            raise InvalidContent(NO_KEY)
        found = []
        for level in sorted({round(one, 9) for one in worth.values() if one > CLOSE}, reverse=True):
            # positions: below, edge, between, edge, …, above
            high = [worth[one] >= level - CLOSE for one in self.tried]
            if high[0] or high[-1]:
                raise InvalidContent("Alle tal over eller under et bestemt tal giver point. Angiv et område i stedet.")
            for first, last in _runs(high):
                low, top = self.edges[(first - 1) // 2], self.edges[last // 2]
                found.append(
                    Figure(
                        value=_rounded((low + top) / 2),
                        tolerance=_rounded((top - low) / 2),
                        fraction=share(level, best),
                    )
                )
        return tuple(found)


def _runs(flags: list[bool]) -> list[tuple[int, int]]:
    """First and last place of each run of true ones."""
    padded = [False, *flags, False]
    starts = [place for place, (before, now) in enumerate(pairwise(padded)) if now and not before]
    ends = [place - 1 for place, (before, now) in enumerate(pairwise(padded)) if before and not now]
    return list(zip(starts, ends, strict=True))


def _rounded(number: float) -> float:
    return float(f"{number:.12g}")


def _probes(found: list[float]) -> list[Value]:
    """Each edge, and a number in every room between and outside them."""
    if not found:
        return [0.0]
    probes: list[Value] = [found[0] - max(1.0, abs(found[0]))]
    for edge, following in pairwise([*found, found[-1] + 2 * max(1.0, abs(found[-1]))]):
        probes += [edge, (edge + following) / 2]
    return probes


def _worth(draft: Draft, fields: list[_Field]) -> list[dict[Value, float]]:
    """What each answer in each field is worth; raises `InvalidContent` when fields depend on each other."""
    nothing: Answers = {one.declared.identifier: None for one in fields}
    if draft.scoring.score(nothing) > CLOSE:
        raise InvalidContent(ANYTHING)
    worth = [
        {value: draft.scoring.score({**nothing, one.declared.identifier: value}) for value in one.tried}
        for one in fields
    ]
    for one in fields:
        if one.declared.base_type == "string" and not one.choices:
            unknown = {**nothing, one.declared.identifier: _OTHER}
            if draft.scoring.score(unknown) > CLOSE:
                raise InvalidContent(ANYTHING)
    if any(not one for one in worth):
        raise InvalidContent(NO_KEY)
    if len(fields) == 1:
        _agree(fields, worth)
        return worth
    if _add_up(draft, fields, worth):
        if any(max(one.values()) <= CLOSE for one in worth):
            raise InvalidContent(NO_KEY)
        _agree(fields, worth)
        return worth
    return _beside_key(draft, fields) or _together(draft, fields)


def _agree(fields: list[_Field], worth: list[dict[Value, float]]) -> None:
    """The declared right answer must give most."""
    for one, values in zip(fields, worth, strict=True):
        best = max(values.values())
        for right in one.declared.values:
            if values.get(right, 0.0) < best - CLOSE:
                raise InvalidContent(CONFLICT)


def _beside_key(draft: Draft, fields: list[_Field]) -> list[dict[Value, float]]:
    """What each answer is worth while the others are right, where these points are added; nothing where they are not.

    Some items forget the points of one field when another is left blank, so blanks are not looked at.
    """
    key = {one.declared.identifier: one.declared.correct for one in fields}
    if None in key.values():
        return []
    worth = []
    for one in fields:
        scores = {value: draft.scoring.score({**key, one.declared.identifier: value}) for value in one.tried}
        unknown = one.declared.base_type == "string" and not one.choices
        least = draft.scoring.score({**key, one.declared.identifier: _OTHER}) if unknown else min(scores.values())
        worth.append({value: score - least for value, score in scores.items()})
    if any(max(one.values()) <= CLOSE for one in worth) or not _add_up(draft, fields, worth, blanks=False):
        return []
    _agree(fields, worth)
    draft.tell(OTHER_PARTS)
    return worth


def _add_up(draft: Draft, fields: list[_Field], worth: list[dict[Value, float]], *, blanks: bool = True) -> bool:
    """Whether the fields' points are added, on all answers or (where only the key counts) on pairs of them."""
    several = [[*one, None] if blanks else list(one) for one in worth]
    count = 1
    for one in several:
        count *= len(one)
    if count <= MOST_TRIED:
        tried = [list(one) for one in product(*several)]
    else:
        tried = []
        for first, second in combinations(range(len(fields)), 2):
            for one, other in product(_kinds(worth[first]), _kinds(worth[second])):
                answers: list[Value] = [None if blanks else min(rest, key=rest.__getitem__) for rest in worth]
                answers[first], answers[second] = one, other
                tried.append(answers)
        tried.append([max(one, key=one.__getitem__) for one in worth])
    for values in tried:
        given = {one.declared.identifier: value for one, value in zip(fields, values, strict=True)}
        expected = sum(one[value] for one, value in zip(worth, values, strict=True) if value is not None)
        if abs(draft.scoring.score(given) - expected) > CLOSE:
            return False
    return True


def _kinds(worth: dict[Value, float]) -> list[Value]:
    """An answer for each number of points."""
    return list({round(points, 9): value for value, points in worth.items()}.values())[:8]


def _together(draft: Draft, fields: list[_Field]) -> list[dict[Value, float]]:
    """Points that are only given when every field is right: each field then gets its share."""
    key = {one.declared.identifier: one.declared.correct for one in fields}
    best = draft.scoring.score(key)
    if best <= CLOSE or None in key.values():
        raise InvalidContent(TIED)
    if not all(draft.scoring.looks_only_at_the_key(one) for one in key):
        raise InvalidContent(UNPROVEN)
    worth = []
    for one in fields:
        values = {value: draft.scoring.score({**key, one.declared.identifier: value}) for value in one.tried}
        if any(CLOSE < points < best - CLOSE or points > best + CLOSE for points in values.values()):
            raise InvalidContent(TIED)
        worth.append({value: best / len(fields) if points > CLOSE else 0.0 for value, points in values.items()})
    draft.tell(ALL_OR_NOTHING)
    return worth


def _feedback(draft: Draft, fields: list[_Field], worth: list[dict[Value, float]]) -> str:
    """What is said to right and wrong answers alike."""
    right, wrong = {}, {}
    for one, values in zip(fields, worth, strict=True):
        right[one.declared.identifier] = max(values, key=values.__getitem__)
        unknown = not one.choices and not one.is_number
        wrong[one.declared.identifier] = _OTHER if unknown else min(values, key=values.__getitem__)
    return draft.feedback([right, wrong])


def _replaced(element: Element, word: str) -> None:
    shown = element.makeelement("span")
    shown.text, shown.tail = word, element.tail
    element.getparent().replace(element, shown)
