"""What an answer is worth by the response processing of a QTI item, worked out by running it.

Understood are the two standard templates, those of Common Cartridge, and processing of its own that is made of conditions,
comparisons and sums. Anything else (random numbers, patterns, look-up tables …) is refused by name, so that no key is guessed.
Values: a number is a float, an identifier, string or pair a str, a multiple a frozenset, an ordered a tuple, nothing None
(QTI 3.0 Assessment, Section and Item Information Model, "Response Processing").
"""

import math
from collections.abc import Callable, Mapping

from courses.errors import InvalidContent
from courses.exchange.qti_operators import (
    NUMBERS,
    OPERATORS,
    STANDARD,
    UNKNOWN,
    Value,
    bound,
    converted,
    finite,
    gathered,
    tolerances,
    typed,
)
from courses.exchange.xml_guard import Element

Answers = Mapping[str, Value]

SCORE = "SCORE"
MOST_EDGES = 400
MATCH_TEMPLATES = frozenset(["match_correct", "CC2_match", "CC2_match_basic"])
MAP_TEMPLATES = frozenset(["map_response", "CC2_map_response"])
_CONDITIONS = ("qti-response-if", "qti-response-else-if", "qti-response-else")

ENDLESS = f"Pointene regnes ud på en måde, der er for indviklet. {STANDARD}"
NO_KEY = "Opgaven har intet rigtigt svar og ingen point. Angiv det rigtige svar, og eksportér igen."


class Steps:
    """How much may still be worked out for one file, so that an upload cannot keep the server busy."""

    def __init__(self, most: int) -> None:
        self.left = most

    def take(self) -> None:
        """Raises `InvalidContent` when nothing is left."""
        self.left -= 1
        if self.left < 0:
            raise InvalidContent(ENDLESS)


class Declared:
    """A response declaration: `correct` is its correct response (None without), `mapped` the entries of its mapping."""

    def __init__(self, element: Element) -> None:
        self.identifier: str = element.get("identifier", "")
        self.base_type: str = element.get("base-type", "")
        self.cardinality: str = element.get("cardinality", "single")
        self.values: list[Value] = [
            typed(self.base_type, value) for value in element.iterfind("qti-correct-response/qti-value")
        ]
        mapping = element.find("qti-mapping")
        self.has_mapping = mapping is not None
        entries = [] if mapping is None else mapping.findall("qti-map-entry")
        self.entries: list[tuple[Value, float, bool]] = [
            (
                converted(self.base_type, entry.get("map-key", "")),
                finite(entry.get("mapped-value", "")),
                entry.get("case-sensitive", "false") in ("true", "1"),
            )
            for entry in entries
        ]
        # of two entries alike the first counts
        self._exact = {key: worth for key, worth, _ in reversed(self.entries)}
        self._loose = {
            key.casefold(): worth for key, worth, exact in reversed(self.entries) if not exact and isinstance(key, str)
        }
        self._default = finite(mapping.get("default-value", "0")) if self.has_mapping else 0.0
        self._lower, self._upper = (
            (bound(mapping, "lower-bound", -math.inf), bound(mapping, "upper-bound", math.inf))
            if self.has_mapping
            else (-math.inf, math.inf)
        )

    @property
    def correct(self) -> Value:
        """The correct response as a value of its cardinality."""
        return gathered(self.values, self.cardinality)

    def mapped(self, value: Value) -> float:
        """What the mapping gives for an answer; each distinct value counts once, and the bounds hold for the sum."""
        single = value if isinstance(value, frozenset) else (value,)
        parts = set(value) if isinstance(value, tuple) else single
        total = math.fsum(self._one(part) for part in parts if part is not None)
        return min(max(total, self._lower), self._upper)

    def _one(self, value: Value) -> float:
        """An entry in the very letters comes before one in other letters."""
        if value in self._exact:
            return self._exact[value]
        if isinstance(value, str) and self.base_type == "string":
            return self._loose.get(value.casefold(), self._default)
        return self._default


class Scoring:
    """The response processing of one item. Raises `InvalidContent` for what it cannot run."""

    def __init__(self, item: Element, steps: Steps) -> None:
        self.declared = {one.get("identifier", ""): Declared(one) for one in item.iterfind("qti-response-declaration")}
        self._steps = steps
        self._done: dict[frozenset[tuple[str, Value]], dict[str, Value]] = {}  # an answer is asked for several times
        self._outcomes = {one.get("identifier", ""): _default(one) for one in item.iterfind("qti-outcome-declaration")}
        self._outcomes.setdefault(SCORE, 0.0)
        self._types = {
            one.get("identifier", ""): one.get("cardinality", "single")
            for one in item.iterfind("qti-outcome-declaration")
        }
        self._rules = item.find("qti-response-processing")
        self.template = _template(self._rules)
        if self.template and self.template not in MATCH_TEMPLATES | MAP_TEMPLATES:
            raise InvalidContent(UNKNOWN.format(f"skabelonen {self.template[:60]}"))
        own = self._rules is not None and len(self._rules) > 0
        # An item may name a template and write it out too; then what is written out is run.
        self.is_declared_only = not own and (not self.template or "RESPONSE" not in self.declared)
        self._program: Callable[[dict[str, Value], Answers], None] = self._written if own else self._standard

    def outcomes(self, answers: Answers) -> dict[str, Value]:
        """Every outcome after the answers, by identifier of the response, are processed."""
        key = frozenset(answers.items())
        if key not in self._done:
            self._done[key] = dict(self._outcomes)
            self._program(self._done[key], answers)
        return self._done[key]

    def score(self, answers: Answers) -> float:
        """The score of the answers."""
        score = self.outcomes(answers)[SCORE]
        if score is None or isinstance(score, bool) or not isinstance(score, float):
            return 0.0
        if not math.isfinite(score):
            raise InvalidContent(UNKNOWN.format("et uendeligt tal"))
        return score

    def looks_only_at_the_key(self, identifier: str) -> bool:
        """Whether the answer counts only as given or not, as equal to the key, and through the mapping."""
        if self._rules is None or not len(self._rules):
            return True
        read = {one.get("identifier") for one in self._rules.iter("qti-variable")}
        for one in self._rules.iter("qti-variable"):
            if one.get("identifier") != identifier:
                continue
            around = one.getparent()
            match around.tag:
                case "qti-is-null":
                    continue
                case "qti-match" if any(
                    other.tag == "qti-correct" and other.get("identifier") == identifier for other in around
                ):
                    continue
                case "qti-set-outcome-value" if around.get("identifier") not in read | {SCORE}:
                    continue
            return False
        return True

    def known(self) -> list[Value]:
        """Every value that an answer may be compared with."""
        written = [] if self._rules is None else list(self._rules.iter("qti-base-value"))
        found = [typed(one.get("base-type", ""), one) for one in written]
        for declared in self.declared.values():
            found += [*declared.values, *(key for key, _, _ in declared.entries)]
        for value in self._outcomes.values():
            found += list(value) if isinstance(value, (frozenset, tuple)) else [value]
        return list(dict.fromkeys(found))

    def comparisons(self) -> list[Element]:
        """The comparisons with a tolerance in the processing."""
        return [] if self._rules is None else list(self._rules.iter("qti-equal"))

    # --- running ------------------------------------------------------------------------------------------------------

    def _standard(self, state: dict[str, Value], answers: Answers) -> None:
        """The standard templates, which read RESPONSE; without any, the key and the mapping say what is meant."""
        chosen = list(self.declared.values()) if self.is_declared_only else [self.declared["RESPONSE"]]
        full = state.get("MAXSCORE") if self.template.startswith("CC2_") else 1.0
        total = 0.0
        for one in chosen:
            self._steps.take()
            given = answers.get(one.identifier)
            maps = self.template in MAP_TEMPLATES or (not self.template and one.has_mapping)
            if given is None:
                continue
            if maps:
                total += one.mapped(given)
            elif given == one.correct:
                total += full if isinstance(full, float) else 1.0
        state[SCORE] = total
        right = "correct" if total == full else "incorrect"
        said = {"CC2_match": answers.get("RESPONSE"), "CC2_map_response": right}
        if self.template in said and "FEEDBACK" in state:
            state["FEEDBACK"] = said[self.template]
        if self.template == "CC2_match_basic" and "FEEDBACKBASIC" in state:
            state["FEEDBACKBASIC"] = right

    def _written(self, state: dict[str, Value], answers: Answers) -> None:
        self._run(self._rules, state, answers)

    def _run(self, rules: Element, state: dict[str, Value], answers: Answers) -> bool:
        """Runs the rules in order; False when one of them ends the processing."""
        for rule in rules:
            self._steps.take()
            match rule.tag:
                case "qti-set-outcome-value":
                    value = self._value(rule[0], state, answers) if len(rule) else None
                    state[rule.get("identifier", "")] = self._fitting(rule.get("identifier", ""), value)
                case "qti-response-condition":
                    if not self._condition(rule, state, answers):
                        return False
                case "qti-response-processing-fragment":
                    if not self._run(rule, state, answers):
                        return False
                case "qti-exit-response":
                    return False
                case _ if rule.tag in _CONDITIONS[:2] and rule is rules[0]:
                    raise InvalidContent(UNKNOWN.format(f"<{rule.tag}>"))
                case _:
                    raise InvalidContent(UNKNOWN.format(f"<{str(rule.tag)[:60]}>"))
        return True

    def _condition(self, condition: Element, state: dict[str, Value], answers: Answers) -> bool:
        for branch in condition:
            if branch.tag not in _CONDITIONS or (branch.tag != _CONDITIONS[2] and not len(branch)):
                raise InvalidContent(UNKNOWN.format(f"<{str(branch.tag)[:60]}>"))
            if branch.tag == _CONDITIONS[2]:
                return self._run(branch, state, answers)
            if self._value(branch[0], state, answers) is True:
                return self._run(branch[1:], state, answers)
        return True

    def _fitting(self, identifier: str, value: Value) -> Value:
        """A single value that is put into a multiple becomes one."""
        if value is not None and self._types.get(identifier) == "multiple" and not isinstance(value, frozenset):
            return frozenset([value])
        return value

    def _value(self, expression: Element, state: dict[str, Value], answers: Answers) -> Value:
        self._steps.take()
        name = expression.get("identifier", "")
        match expression.tag:
            case "qti-base-value":
                return typed(expression.get("base-type", ""), expression)
            case "qti-variable":
                return answers.get(name) if name in self.declared else state.get(name)
            case "qti-correct":
                return self.declared[name].correct if name in self.declared else None
            case "qti-map-response":
                given = answers.get(name)
                return 0.0 if given is None or name not in self.declared else self.declared[name].mapped(given)
            case "qti-null":
                return None
        parts = [self._value(part, state, answers) for part in expression]
        known = OPERATORS.get(str(expression.tag))
        if known is None or not parts:
            raise InvalidContent(UNKNOWN.format(f"<{str(expression.tag)[:60]}>"))
        try:
            return known(expression, parts)
        except (TypeError, ValueError, OverflowError, ZeroDivisionError) as error:
            raise InvalidContent(UNKNOWN.format(f"<{expression.tag}>")) from error


def edges(scoring: Scoring) -> list[float]:
    """Numbers at which what an answer is worth can change: those it may be compared with, and the ends of their tolerances."""
    known = [value for value in scoring.known() if isinstance(value, float)]
    comparisons = scoring.comparisons()
    if len(known) * (len(comparisons) + 1) > MOST_EDGES:
        raise InvalidContent(ENDLESS)
    found = set(known)
    for expression in comparisons:
        for target in known:
            found.update(_reach(expression, target))
    return sorted(found)


def _reach(expression: Element, target: float) -> list[float]:
    """The ends of what `qti-equal` takes for the target, whichever of the two is the answer."""
    below, above = tolerances(expression)
    match expression.get("tolerance-mode", "exact"):
        case "absolute":
            return [target - below, target + above, target - above, target + below]
        case "relative":
            factors = [1 - below / 100, 1 + above / 100]
            return [target * one for one in factors] + [target / one for one in factors if one]
    return [target]


def _template(rules: Element | None) -> str:
    """The last part of the template's address; hosts, folders and the ending differ between programs."""
    if rules is None:
        return ""
    address: str = rules.get("template") or rules.get("template-location") or ""
    return address.rstrip("/").rsplit("/", 1)[-1].removesuffix(".xml")


def _default(outcome: Element) -> Value:
    base_type = outcome.get("base-type", "")
    values = [typed(base_type, value) for value in outcome.iterfind("qti-default-value/qti-value")]
    found = gathered(values, outcome.get("cardinality", "single"))
    return 0.0 if found is None and base_type in NUMBERS else found
