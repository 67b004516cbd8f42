"""The views of steering: rules that assign courses, exemptions, and the register of key persons."""

from collections.abc import Callable
from datetime import date

import streamlit as st

from courses.errors import CourseError, InvalidAssignment
from courses.steering.person_choice import PersonChoice
from people.roles import Permission
from ui.action import perform
from ui.guard import Visit
from ui.text import parsed_date, plain

WHOLE = "Hele kommunen"
_SAID = "steering_said"
_FOUND = 20  # people in a list to choose from


def say() -> None:
    """What was done last, once."""
    if said := st.session_state.pop(_SAID, None):
        st.success(plain(said), icon=":material/check_circle:")


def done(message: str, *forget: str) -> None:
    """Say it at the top of the page that follows, and empty the fields with these keys."""
    st.session_state[_SAID] = message
    for key in forget:
        st.session_state.pop(key, None)


def button(label: str, icon: str, key: str, action: Callable[..., None], *args: object, primary: bool = False) -> None:
    """A button that does `action` for whoever may steer."""
    st.button(
        label,
        key=key,
        icon=f":material/{icon}:",
        type="primary" if primary else "secondary",
        on_click=perform,
        args=(Permission.MANAGE_STEERING, action, *args),
    )


def pick_course(visit: Visit, key: str, label: str = "Kursus") -> str | None:
    """A list of the courses; the id of the one chosen, None while there is none."""
    titles = {version.course.id: version.course.title for version in visit.services.courses.courses()}
    return st.selectbox(
        label,
        list(titles),
        index=None,
        format_func=lambda course_id: titles.get(course_id, course_id),
        placeholder="Vælg et kursus",
        key=key,
    )


def pick_unit(visit: Visit, label: str, key: str, placeholder: str) -> str | None:
    """A list of the units, each with those above it; the id of the one chosen, None while there is none."""
    paths = {one.id: one.path for one in visit.services.rules.units(visit.person)}
    return st.selectbox(
        label,
        list(paths),
        index=None,
        format_func=lambda unit_id: paths.get(unit_id, unit_id),
        placeholder=placeholder,
        key=key,
        filter_mode="contains",
        help="Skriv en del af navnet for at søge.",
    )


def pick_person(visit: Visit, label: str, key: str) -> str | None:
    """A search for a person, and the people found; the id of the one chosen, None while there is none."""
    wanted = st.text_input(f"Søg efter {label} (navn eller enhed)", key=f"{key}_search")
    people = visit.services.exemptions.people(visit.person, wanted, _FOUND + 1)
    found = {one.id: one for one in people[:_FOUND]}
    if not wanted.strip():
        return None
    if not found:
        st.caption("Ingen har et navn eller en enhed som det. Prøv med færre bogstaver.")
        return None
    if len(people) > _FOUND:
        st.caption(f"Der er flere end {_FOUND}, og kun de første står på listen. Skriv mere af navnet.")
    return st.selectbox(
        f"Vælg {label}",
        list(found),
        index=0 if len(found) == 1 else None,
        format_func=lambda person_id: in_words(found[person_id]) if person_id in found else person_id,
        placeholder="Vælg en person",
        key=f"{key}_{hash(wanted)}",
    )


def in_words(person: PersonChoice) -> str:
    """Kaj Ågård, Åskolen; with the address where two would look alike."""
    known = [person.name, person.unit, person.email]
    return ", ".join(one for one in known if one)


def typed_day(key: str) -> date | None:
    """The day in a field, None when it is empty. Raises `InvalidAssignment` when it is no day."""
    found = parsed_date(str(st.session_state.get(key, "")))
    if isinstance(found, str):
        raise InvalidAssignment(f"“{found}” er ikke en dato. Skriv den fx som 2. december 2027.")
    return found


def shown_error(error: CourseError) -> None:
    """What stands in the way, where the fields are."""
    st.warning(plain(str(error)))
