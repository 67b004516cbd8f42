"""Sentences of the sources, changed so that they say something else: what a model may get wrong and a check must find."""

import random
import re
from collections.abc import Callable, Iterator, Sequence

MONTHS = "januar februar marts april maj juni juli august september oktober november december".split()
NAMES = (
    "ChatGPT Copilot Gemini Claude Microsoft OpenAI Google Datatilsynet Digitaliseringsstyrelsen Ombudsmanden KL "
    "Randers Aarhus Aalborg Folketinget Danmark Norge EU Teams SharePoint"
).split()
MODALS = ("må", "skal", "bør", "kan", "vil")
NEGATIONS = {
    "ikke": "",
    "ingen": "en",
    "intet": "noget",
    "aldrig": "altid",
    "uden": "med",
    "kun": "",
    "nej": "Ja",
    "medmindre": "når",
}
LIMITS = {
    "mindst": "højst", "højst": "mindst", "senest": "tidligst", "før": "efter", "efter": "før", "inden": "efter",
    "alle": "nogle", "altid": "sjældent", "ofte": "altid", "fra": "til", "over": "under", "og": "eller", "hvis": "medmindre",
    "når": "medmindre", "godkendt": "åben", "åben": "godkendt",
}  # fmt: skip
COUNTS = "to tre fire fem seks syv otte ni ti".split()


def _swapped(text: str, found: re.Match[str], new: str) -> str:
    new = new.capitalize() if found.group()[0].isupper() else new
    return " ".join(f"{text[: found.start()]}{new}{text[found.end() :]}".split())


def _word(text: str, words: Sequence[str], chance: random.Random) -> re.Match[str] | None:
    places = [match for match in re.finditer(r"[^\W_]+", text) if match.group().lower() in words]
    return chance.choice(places) if places else None


def number(text: str, chance: random.Random) -> str | None:
    """A digit or a number word changed."""
    found = _word(text, COUNTS, chance)
    digits = list(re.finditer(r"\d", text))
    if digits and (found is None or chance.random() < 0.8):
        digit = chance.choice(digits)
        return _swapped(text, digit, chance.choice([d for d in "0123456789" if d != digit.group()]))
    return _swapped(text, found, chance.choice([w for w in COUNTS if w != found.group().lower()])) if found else None


def month(text: str, chance: random.Random) -> str | None:
    """Another month."""
    found = _word(text, MONTHS, chance)
    return _swapped(text, found, chance.choice([m for m in MONTHS if m != found.group()])) if found else None


def negation_in(text: str, chance: random.Random) -> str | None:
    """An "ikke" put in, after a modal verb where there is one."""
    found = _word(text, (*MODALS, "er", "har", "gælder", "bliver"), chance)
    place = found.end() if found else chance.choice([m.end() for m in re.finditer(r"[^\W_]+(?= )", text)] or [0])
    return f"{text[:place]} {chance.choice(['ikke', 'ikke', 'aldrig', 'kun'])}{text[place:]}" if place else None


def negation_out(text: str, chance: random.Random) -> str | None:
    """A negation taken out or turned round."""
    found = _word(text, tuple(NEGATIONS), chance)
    return _swapped(text, found, NEGATIONS[found.group().lower()]) if found else None


def negation_moved(text: str, chance: random.Random) -> str | None:
    """An "ikke" put somewhere else."""
    found = _word(text, ("ikke",), chance)
    if found is None:
        return None
    rest = _swapped(text, found, "").split()
    old = len(text[: found.start()].split())
    places = [place for place in range(1, len(rest)) if abs(place - old) > 2]
    return " ".join([*rest[: (place := chance.choice(places))], "ikke", *rest[place:]]) if places else None


def name(text: str, chance: random.Random) -> str | None:
    """Another tool, authority, company or place."""
    found = _word(text, tuple(name.lower() for name in NAMES), chance)
    other = [name for name in NAMES if found and name.lower() != found.group().lower()]
    return f"{text[: found.start()]}{chance.choice(other)}{text[found.end() :]}" if found else None


def modal(text: str, chance: random.Random) -> str | None:
    """Another strength: may, must, should, can, will."""
    found = _word(text, MODALS, chance)
    return _swapped(text, found, chance.choice([m for m in MODALS if m != found.group().lower()])) if found else None


def limit(text: str, chance: random.Random) -> str | None:
    """A limit or condition turned round."""
    found = _word(text, tuple(LIMITS), chance)
    return _swapped(text, found, LIMITS[found.group().lower()]) if found else None


KINDS: dict[str, Callable[[str, random.Random], str | None]] = {
    "number": number,
    "month": month,
    "negation in": negation_in,
    "negation out": negation_out,
    "negation moved": negation_moved,
    "name": name,
    "modal": modal,
    "limit": limit,
}


def distortions(texts: Sequence[str], count: int, seed: int = 1) -> Iterator[tuple[str, int, str]]:
    """`count` distortions, no two the same: kind, position of the text in `texts`, changed text. The kinds take turns."""
    chance = random.Random(seed)
    seen = set(texts)
    made = tries = 0
    while made < count and tries < 400 * count:
        kind = list(KINDS)[tries % len(KINDS)]
        place = chance.randrange(len(texts))
        changed = KINDS[kind](texts[place], chance)
        tries += 1
        if changed and changed not in seen:
            seen.add(changed)
            made += 1
            yield kind, place, changed
