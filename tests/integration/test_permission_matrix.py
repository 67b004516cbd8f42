"""Every service asks for the permission that its row here names, of every role, before it does anything.

A method of a service that takes a person and has no row fails. What is one's own (`OWN`) asks for no permission: whose it is
decides, and `test_other_peoples_things` reaches for other people's.
"""

import inspect
from collections.abc import Callable, Iterator
from dataclasses import fields
from datetime import date
from types import UnionType
from typing import Any, get_args

import pytest

import bootstrap
from bootstrap import Services, connect
from people.errors import NotAllowed
from people.person import Person
from people.roles import Permission, Role
from rag.errors import RagError
from settings import Settings
from storage.migrate import migrate

P = Permission
OWN = "own"
MATRIX: dict[str, dict[Permission | str, tuple[str, ...]]] = {
    "analysis": {P.MANAGE_COURSES: ("of_quiz", "quizzes")},
    "area": {P.SEE_AREA: ("leads", "open")},
    "attempts": {
        P.LEARN: (
            *("answer", "attempts", "check", "extra_percent", "flag"),
            *("get", "left", "standing", "start", "submit"),
        )
    },
    "certification": {
        P.LEARN: ("badge", "mine", "pdf", "reminders", "renew", "renew_by_reviews"),
        P.MANAGE_COURSES: ("count_issued", "issued", "revoke"),
        OWN: ("settle",),
    },
    "conversations": {P.ASK: ("add",), OWN: ("count", "get", "list", "mark_sent_on", "remove", "remove_all", "turn")},
    "data_rights": {
        P.LEARN: (
            *("count_looks", "deletable", "delete", "export"),
            *("holdings", "looks", "seen_by_managers"),
        )
    },
    "drafts": {P.MANAGE_COURSES: ("count", "drop", "propose", "take", "waiting")},
    "evaluations": {P.SEE_QUALITY: ("last", "progress"), P.OPERATE: ("start",)},
    "evidence": {P.SEE_AREA: ("pack",)},
    "exemptions": {P.MANAGE_STEERING: ("end", "exempt", "exemptions", "people"), P.LEARN: ("mine",)},
    "feedback": {
        P.ASK: ("explain", "vote", "withdraw"),
        P.HANDLE_INBOX: ("by_reason", "by_source", "count", "csv", "handle", "items"),
        P.SEE_QUALITY: ("shares",),
        OWN: ("given",),
    },
    "inbox": {P.HANDLE_INBOX: ("count", "items", "reply"), OWN: ("reply_to", "send_on")},
    "key_persons": {P.MANAGE_STEERING: ("appoint", "end", "register", "without")},
    "learning": {
        P.LEARN: ("begin", "finish", "keep_place", "mine", "move", "open", "place", "practise", "run", "tries"),
        P.MANAGE_COURSES: ("move_person",),
    },
    "lessons": {P.LEARN: ("ask",)},
    "manuscripts": {
        P.MANAGE_COURSES: (
            *("add", "begin", "create", "history", "keep_pictures", "move"),
            *("open", "read", "remove", "restore", "save", "take_in", "transfer"),
        )
    },
    "organisation": {P.IMPORT_STAFF: ("below", "search")},
    "publishing": {
        P.MANAGE_COURSES: (
            *("accept", "adopt_newest", "approve", "discard", "findings"),
            *("publish", "send", "send_back", "steps"),
        )
    },
    "question_log": {P.SEE_QUALITY: ("count", "quality"), P.OPERATE: ("empty",)},
    "reminders": {P.LEARN: ("choices", "choose"), P.REMIND: ("remind_now",)},
    "reviews": {P.LEARN: ("answer", "this_week")},
    "rules": {P.MANAGE_STEERING: ("create", "end", "preview", "rules", "units")},
    "search": {P.OPERATE: ("rebuild",)},
    "sign_ins": {P.OPERATE: ("end_all",)},
    "sources": {P.MANAGE_SOURCES: ("publish", "read_upload", "retire"), P.APPROVE_SOURCES: ("approve",)},
    "staff_import": {P.IMPORT_STAFF: ("carry_out", "last_imports", "preview")},
    "teaching": {
        P.MANAGE_COURSES: (
            *("assign", "end_assignment", "give_attempt", "give_extra_time", "mark"),
            *("participants", "regrade", "regrade_plan", "waiting"),
        )
    },
    "watch": {P.LEARN: ("read", "updates"), P.MANAGE_COURSES: ("confirm", "flagged", "spread", "withdraw")},
}
ROWS = [
    (service, method, permission)
    for service, rows in MATRIX.items()
    for permission, methods in rows.items()
    for method in methods
]
GIVEN = [(f"{service}.{method}", permission) for service, method, permission in ROWS]


class Reached(Exception):
    """The person may: the method would have gone on."""


class Asking(Person):
    """A person who lets nothing happen: whoever may is stopped just behind the check, which says what it asked for."""

    def require(self, permission: Permission) -> None:
        super().require(permission)
        raise Reached(permission)


@pytest.fixture(scope="module")
def services(tmp_path_factory: pytest.TempPathFactory) -> Services:
    """The services over an empty database."""
    folder = tmp_path_factory.mktemp("matrix")
    (folder / "content" / "organisation").mkdir(parents=True)
    (folder / "content" / "organisation" / "demo_people.yaml").write_text("people: []\n", "utf-8")
    (folder / "content" / "glossary.yaml").write_text("terms: []\n", "utf-8")
    found = connect(Settings(data_dir=folder / "data", content_dir=folder / "content"))
    migrate(found.engine)
    return found


def classes() -> Iterator[tuple[str, type]]:
    """Every service by its name, also those that only some settings make."""
    for field in fields(Services):
        kinds = _alternatives(field.type)
        yield from ((field.name, kind) for kind in kinds if kind.__module__ != "builtins")


def _alternatives(annotation: Any) -> list[type]:
    if isinstance(annotation, str):
        names = vars(bootstrap)
        return [names[name.strip()] for name in annotation.split("|") if name.strip() in names]
    if isinstance(annotation, UnionType):
        return [one for one in get_args(annotation) if inspect.isclass(one) and one is not type(None)]
    return [annotation] if inspect.isclass(annotation) else []


def takes_person(method: Callable[..., Any]) -> bool:
    """Whether one of the parameters is a person."""
    annotations = [one.annotation for one in inspect.signature(method).parameters.values()]
    return any(one in (Person, "Person") or Person in get_args(one) for one in annotations)


def call(services: Services, name: str, person: Person) -> object:
    """Call a method as a person, with arguments that name nothing there is."""
    service, method = name.split(".")
    bound = getattr(getattr(services, service), method)
    given: dict[str, Any] = {}
    for key, parameter in inspect.signature(bound).parameters.items():
        kind = parameter.annotation
        if kind in (Person, "Person"):
            given[key] = person
        elif parameter.default is inspect.Parameter.empty:
            given[key] = {str: "findes-ikke", int: 1, bool: False, date: date(2026, 1, 1)}.get(kind)
    return bound(**given)


def test_every_method_that_takes_a_person_has_a_row() -> None:
    found = {
        f"{service}.{name}"
        for service, kind in classes()
        for name, method in inspect.getmembers(kind, inspect.isfunction)
        if not name.startswith("_") and takes_person(method)
    }
    rows = [name for name, _ in GIVEN]
    assert len(rows) == len(set(rows))
    assert found - set(rows) == set(), "give it a row in MATRIX"
    assert set(rows) - found == set(), "there is no such method"


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize(("name", "permission"), [row for row in GIVEN if row[1] != OWN])
def test_each_role_gets_as_far_as_its_permissions_reach(
    services: Services, name: str, permission: Permission, role: Role
) -> None:
    person = Asking("ingen", "Ingen", "", frozenset({role}))
    expected = Reached if person.may(permission) else NotAllowed
    with pytest.raises((Reached, NotAllowed)) as stopped:
        call(services, name, person)
    assert stopped.type is expected
    if expected is Reached:
        assert stopped.value.args == (permission,)


@pytest.mark.parametrize(("name", "permission"), [row for row in GIVEN if row[1] != OWN])
def test_nobody_without_a_role_gets_anywhere(services: Services, name: str, permission: Permission) -> None:
    with pytest.raises(NotAllowed):
        call(services, name, Asking("ingen", "Ingen", "", frozenset()))


@pytest.mark.parametrize("role", list(Role))
@pytest.mark.parametrize("name", [name for name, permission in GIVEN if permission == OWN])
def test_what_is_ones_own_is_open_to_every_role(services: Services, name: str, role: Role) -> None:
    try:
        call(services, name, Person("ingen", "Ingen", "", frozenset({role})))
    except NotAllowed:
        pytest.fail(f"{name} is refused to {role}")
    except RagError as error:
        assert "findes ikke" in str(error)  # nothing there is named
