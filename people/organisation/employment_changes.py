"""What is told of an employment that becomes another."""

from collections.abc import Mapping
from typing import Any

from people.organisation.staff_known import KnownEmployment
from people.organisation.staff_plan import Change

CLOSED = "en lukket enhed"
FIELDS = {"unit_id": "unit", "manager_id": "manager", "acting_manager_id": "acting_manager"}


def changes_of(
    before: KnownEmployment, changed: Mapping[str, Any], names: Mapping[str, str], titles: Mapping[str, str]
) -> list[Change]:
    """The changes of the values in `changed`; `names` and `titles` are of people and open units. Another key is none."""
    return [
        Change(FIELDS.get(name, name), told)
        for name, after in changed.items()
        if (told := _told(name, before, after, names, titles))
    ]


def _told(name: str, before: KnownEmployment, after: Any, names: Mapping[str, str], titles: Mapping[str, str]) -> str:
    match name:
        case "unit_id":
            return f"flytter fra {titles.get(before.unit_id, CLOSED)} til {titles[after]}"
        case "manager_id":
            return f"leder: {_name(before.manager_id, names)} → {_name(after, names)}"
        case "acting_manager_id":
            return f"fungerende leder: {_name(after, names)}"
        case "acting_until":
            return f"fungerende til {after:%d-%m-%Y}" if after else "fungerende uden slutdato"
        case "title":
            return f"stilling: {after}" if after else "ingen stilling"
        case "valid_to":
            return f"slutter {after:%d-%m-%Y}" if after else "slutter ikke alligevel"
        case "primary":
            return "er nu hovedansættelse" if after else "er ikke længere hovedansættelse"
        case _:
            return ""


def _name(person_id: str | None, names: Mapping[str, str]) -> str:
    return names[person_id] if person_id else "ingen"
