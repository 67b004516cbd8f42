"""Questions as YAML, in the form of a course's own `questions.yaml`; nothing is lost on the way out or back."""

from collections.abc import Sequence
from typing import Any

import yaml
from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.exchange.imported import Imported, Reading, Refused, Written
from courses.exchange.keys import Keys
from courses.question import QUESTION, Question

NOT_A_LIST = "Filen er ikke en liste af spørgsmål. Hent en eksport herfra, og brug den som skabelon."
DEEPEST = 20  # lists and fields inside each other; a question needs 6
TOO_DEEP = "Filen har alt for mange lister inde i hinanden. Hent en eksport herfra, og brug den som skabelon."
ALIASES = "Filen bruger henvisninger (& og *), som ikke læses. Skriv teksterne helt ud."


# The one in C is ten times as fast, and knows no more.
_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def read(text: str) -> Reading:
    """Every question of the list, imported or refused; raises `InvalidContent` where the file is no list."""
    try:
        _check_events(text)
        root = yaml.compose(text, Loader=_LOADER)
        listed = yaml.load(text, Loader=_LOADER)
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        raise InvalidContent(
            "Filen er ikke skrevet som YAML. Hent en eksport herfra, og brug den som skabelon."
        ) from error
    if not isinstance(listed, list) or not isinstance(root, yaml.SequenceNode):
        raise InvalidContent(NOT_A_LIST)
    keys = Keys()
    imported, refused = [], []
    for node, fields in zip(root.value, listed, strict=True):
        line = node.start_mark.line + 1
        try:
            question = QUESTION.validate_python(fields)
        except ValidationError as error:
            refused.append(Refused(line, _reason(error), _excerpt(fields)))
            continue
        key = keys.unique(question.id)
        warnings = () if key == question.id else (f"Id “{question.id}” stod der to gange og er blevet til “{key}”.",)
        imported.append(Imported(question.model_copy(update={"id": key}), question.id, "", line, warnings))
    return Reading(tuple(imported), tuple(refused))


def _check_events(text: str) -> None:
    """Look the file through as a stream, before a tree is made of it."""
    depth = 0
    for event in yaml.parse(text, Loader=_LOADER):
        if isinstance(event, yaml.AliasEvent):
            raise InvalidContent(ALIASES)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > DEEPEST:
            raise InvalidContent(TOO_DEEP)


def write(questions: Sequence[Question]) -> Written:
    """The questions as a list; fields that have their default are left out."""
    listed = [
        question.model_dump(mode="json", exclude_defaults=True) | {"type": question.type} for question in questions
    ]
    return Written(yaml.dump(listed, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=120), ())


class _Dumper(yaml.SafeDumper):
    """Texts of several lines as blocks, so that a person can read them."""

    def ignore_aliases(self, data: Any) -> bool:
        """Every text is written out."""
        return True


def _as_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text and not any(line != line.rstrip() for line in text.split("\n")) else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _as_text)


def _reason(error: ValidationError) -> str:
    first = error.errors()[0]
    place = " > ".join(str(step) for step in first["loc"]) or "spørgsmålet"
    return f"Feltet {place} kan ikke bruges. Se en eksport herfra for, hvordan det skrives."


def _excerpt(fields: Any) -> str:
    return str(fields.get("text", ""))[:80] if isinstance(fields, dict) else ""
