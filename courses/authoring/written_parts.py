"""Parts made from what a person wrote in fields; what does not hold is told in Danish, one thing at a time."""

from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from courses.authoring.manuscript import Heading, Part, Settings
from courses.authoring.part_types import ACTIVITY
from courses.errors import InvalidContent
from courses.question import QUESTION, Kind

Sort = Literal["course", "module", "activity", "question"]

_ADAPTERS: dict[str, TypeAdapter[Any]] = {
    "course": TypeAdapter(Settings),
    "module": TypeAdapter(Heading),
    "activity": ACTIVITY,
    "question": QUESTION,
}
_FIELDS = {
    "text": "Teksten",
    "feedback": "beskeden",
    "unit": "Enheden",
    "about": "Teksten om prøven",
    "pass_at": "grænsen for at bestå",
    "attempts": "antal forsøg",
    "wait_hours": "timer mellem forsøg",
    "window_days": "dage til fornyelse",
    "model_answer": "Et godt svar",
    "requires": "Det, der kræves,",
    "title": "Titlen",
    "summary": "Beskrivelsen",
    "audience": "Målgruppen",
    "options": "Svar",
    "pairs": "Par",
    "items": "Trin",
    "accepted": "Godtaget svar",
    "figures": "Godtaget tal",
    "gaps": "Hul",
    "rubric": "Bedømmelse",
    "needs": "Ord, der skal med",
    "hints": "Hjælp",
    "left": "venstre side",
    "right": "højre side",
    "distractors": "Det, der ikke hører til",
    "sources": "Kilde",
    "quote": "citatet",
    "source": "kilden",
    "section": "afsnittet",
    "slots": "Plads",
    "pool": "puljen",
    "tags": "emnerne",
    "points": "pointene",
    "minutes": "Minutterne",
    "model_prompt": "Den gode prompt",
    "model_result": "Den gode prompts resultat",
    "weak_prompt": "Den svage prompt",
    "weak_result": "Den svage prompts resultat",
    "value": "tallet",
    "tolerance": "afvigelsen",
    "fraction": "andelen af point",
    "most_words": "Højeste antal ord",
    "policy": "Reglerne",
    "question": "Spørgsmålet",
    "count": "antallet",
    "certificate": "Beviset",
    "valid_months": "gyldigheden i måneder",
}
_SAID = {
    "one option must give the whole mark": "Ét af svarene skal give alle point. Sæt det til 100 %.",
    "stands there twice": "To svar, trin eller huller er ens. Ret eller slet det ene.",
    "a distractor must not be": "Noget, der ikke hører til, er også et rigtigt svar. Ret det ene.",
    "the gaps in the text": "Hullerne i teksten passer ikke til listen. Skriv hvert hul én gang i teksten, fx {{1}}.",
    "needs either options": "Et hul skal have enten svarmuligheder, godtagne ord eller godtagne tal.",
    "a slot names": "En plads i prøven mangler sit spørgsmål.",
}


def written(sort: Sort, fields: dict[str, Any]) -> Part:
    """The part with these fields; raises `InvalidContent` with the first thing that does not hold."""
    try:
        return _ADAPTERS[sort].validate_python(fields)  # type: ignore[no-any-return]
    except ValidationError as error:
        raise InvalidContent(_message(error)) from error


_CHOSEN = ("question", "source")  # from a list
_BOUNDS = {
    "greater_than": ("mere end", "gt"),
    "greater_than_equal": ("mindst", "ge"),
    "less_than": ("mindre end", "lt"),
    "less_than_equal": ("højst", "le"),
}
_SHARES = ("fraction", "pass_at")  # typed in per cent


def _message(error: ValidationError) -> str:
    first = error.errors()[0]
    for known, said in _SAID.items():
        if known in first["msg"]:
            return said
    where, kind, told = first["loc"], first["type"], first.get("ctx", {})
    place = _place(where)
    if kind == "too_short":
        return f"{place}: der skal være mindst {told.get('min_length', 1)}. Tilføj det, der mangler."
    if kind in ("string_too_short", "missing"):
        return f"{place} mangler. Skriv noget i feltet."
    if kind in ("string_too_long", "too_long"):
        return f"{place} er for langt. Der må højst være {told.get('max_length')}."
    if kind == "string_pattern_mismatch" and "gaps" in where:
        return f"{place} skal have et navn af bogstaver og tal uden mellemrum, fx 1. Skriv det samme navn i teksten."
    if kind == "string_pattern_mismatch" and where[-1] in _CHOSEN:
        return f"{place} er ikke valgt. Vælg på listen."
    if kind == "string_pattern_mismatch":
        return f"{place} må kun have små bogstaver (a-z), tal og bindestreger."
    if kind in ("int_parsing", "int_from_float", "int_type"):
        return f"{place} skal være et helt tal, fx 5."
    if kind in ("float_parsing", "float_type", "finite_number"):
        return f"{place} er ikke et tal, der kan bruges. Skriv det fx som 72 eller 0,5."
    if kind in _BOUNDS:
        said, name = _BOUNDS[kind]
        unit = " %" if where[-1] in _SHARES else ""
        bound = f"{told[name] * 100 if unit else told[name]:g}".replace(".", ",")
        return f"{place} skal være {said} {bound}{unit}. Ret tallet."
    return f"{place} kan ikke bruges, som det står. Ret det."


def _place(location: tuple[int | str, ...]) -> str:
    """Where the fault is, as the page calls it: “Svar 2” or “Par 1, venstre side”."""
    if len(location) == 2 and location[0] in set(Kind) and location[1] == "text":
        return "Spørgsmålet"
    said: list[str] = []
    for step in location:
        if isinstance(step, int) and said:
            said[-1] += f" {step + 1}"
        elif step == "minutes" and said:
            said.append("tidsgrænsen")
        elif isinstance(step, str) and step in _FIELDS and not (said and step == "text"):
            said.append(_FIELDS[step])
    if not said:
        return "Feltet"
    first, *rest = said
    return ", ".join([first[0].upper() + first[1:], *(one[0].lower() + one[1:] for one in rest)])
