"""Values of the export in words: questions without their key, answers as they were given, and who did something."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from courses.question import QUESTION, Matching, MultipleChoice, Ordering, Question, SingleChoice
from rag.answer import Answer
from rag.calendar import COPENHAGEN

YOU, SOMEBODY, SYSTEM = "dig", "en anden medarbejder", "systemet"
LOOKS = {
    "missing": "Hvilke kurser du mangler, og fristerne",
    "expiring": "Hvornår dit bevis udløber",
    "evidence": "Dokumentation for oplæring: kurser, datoer og beviser",
    "participants": "Deltagere: kurser, frister og ekstra tid til prøver",
    "exemptions": "Fritagelser og begrundelserne for dem",
    "digest": "Den ugentlige mail til lederen: kurser over fristen",
}


def looked_at(what: str) -> str:
    """What somebody looked at, in Danish."""
    return LOOKS.get(what, "Oplysninger om dine kurser")


def who(value: str | None, person_id: str) -> str | None:
    """Whoever did something, without naming anybody else."""
    if value is None:
        return None
    if value in ("system", "auto"):
        return SYSTEM
    return YOU if value == person_id else SOMEBODY


def asked(question: Mapping[str, Any], order: list[str]) -> dict[str, Any]:
    """A question as it was shown: text and possible answers in that order, and nothing of the key."""
    found = QUESTION.validate_python(question)
    shown: dict[str, Any] = {"tekst": found.text}
    if choices := _choices(found):
        shown["muligheder"] = [choices.get(key, key) for key in order] or sorted(choices.values())
    return shown


def answered(question: Mapping[str, Any], value: Any) -> Any:
    """An answer in the words it was chosen among; what was written stays as it was written."""
    found = QUESTION.validate_python(question)
    choices = _choices(found)
    if isinstance(found, Matching) and isinstance(value, dict):
        left = {pair.id: pair.left for pair in found.pairs}
        return {left.get(key, key): chosen for key, chosen in value.items()}
    if isinstance(value, list):
        return [choices.get(key, key) for key in value]
    return choices.get(value, value) if isinstance(value, str) else value


def _choices(question: Question) -> dict[str, str]:
    match question:
        case SingleChoice() | MultipleChoice():
            return {option.id: option.text for option in question.options}
        case Ordering():
            return {item.id: item.text for item in question.items}
        case Matching():
            return {choice: choice for choice in question.choices}
        case _:
            return {}


def told(answer: Mapping[str, Any]) -> dict[str, Any]:
    """An answer of the assistant: its sentences with their quotes, or the nearest places."""
    found = Answer.model_validate(answer)
    return {
        "udfald": found.status.value,
        "sætninger": [
            {"tekst": sentence.text, "kilder": [f"{one.title}, {one.section}" for one in sentence.citations]}
            for sentence in found.sentences
        ],
        "nærmeste steder": [f"{place.title}, {place.section}" for place in found.passages],
        "skrevet af": found.made_by,
    }


def plain_value(value: Any) -> Any:
    """A value that JSON can hold; moments by Danish time."""
    if isinstance(value, datetime):
        return value.astimezone(COPENHAGEN).isoformat(timespec="seconds")
    return value.isoformat() if isinstance(value, date) else value
