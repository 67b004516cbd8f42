"""Who may do what."""

from collections.abc import Callable

import pytest

from people.errors import NotAllowed
from people.person import Person
from people.roles import PERMISSIONS, Permission, Role, Scope

P = Permission
OWN, OWN_UNITS, ALL = Scope.OWN, Scope.OWN_UNITS, Scope.ALL
# The whole table, written down a second time: a new right must be given on purpose in two places.
EXPECTED: dict[Permission, dict[Role, Scope]] = {
    P.ASK: dict.fromkeys(Role, OWN),
    P.LEARN: dict.fromkeys(Role, OWN),
    P.READ_SOURCES: dict.fromkeys(Role, ALL),
    P.MANAGE_SOURCES: {Role.TRAINER: ALL, Role.TASKFORCE: ALL},
    P.APPROVE_SOURCES: {Role.TASKFORCE: ALL},
    P.HANDLE_INBOX: {Role.TASKFORCE: ALL},
    P.SEE_QUALITY: {Role.TASKFORCE: ALL, Role.ADMIN: ALL},
    P.MANAGE_COURSES: {Role.TRAINER: ALL, Role.TASKFORCE: ALL},
    P.MANAGE_STEERING: {Role.TRAINER: ALL, Role.TASKFORCE: ALL},
    P.SEE_AREA: {Role.MANAGER: OWN_UNITS, Role.TASKFORCE: ALL},
    P.REMIND: {Role.MANAGER: OWN_UNITS, Role.TASKFORCE: ALL},
    P.IMPORT_STAFF: {Role.ADMIN: ALL},
    P.OPERATE: {Role.ADMIN: ALL},
}


@pytest.mark.parametrize("permission", list(Permission))
@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_just_what_the_table_says(role: Role, permission: Permission) -> None:
    assert PERMISSIONS[role].get(permission) == EXPECTED[permission].get(role)
    assert Person("x", "X", "", frozenset({role})).scope(permission) == EXPECTED[permission].get(role)


def test_the_widest_of_several_roles_counts(person: Callable[..., Person]) -> None:
    assert person("demo", Role.MANAGER).scope(P.SEE_AREA) is Scope.OWN_UNITS
    assert person("demo", Role.MANAGER, Role.TASKFORCE).scope(P.SEE_AREA) is Scope.ALL
    assert person("demo", Role.MANAGER).scope(P.OPERATE) is None


@pytest.mark.parametrize("permission", list(Permission))
def test_somebody_may_do_it(permission: Permission) -> None:
    assert any(permission in given for given in PERMISSIONS.values())


def test_several_roles_add_up(person: Callable[..., Person]) -> None:
    both = person("demo", Role.TRAINER, Role.ADMIN)
    assert both.may(P.MANAGE_SOURCES)
    assert both.may(P.OPERATE)
    assert not both.may(P.APPROVE_SOURCES)


def test_nobody_without_a_role_may_do_anything() -> None:
    stranger = Person("x", "X", "", frozenset())
    assert not any(stranger.may(permission) for permission in Permission)


def test_what_is_not_allowed_says_so_in_danish(employee: Person) -> None:
    with pytest.raises(NotAllowed, match="Du har ikke adgang"):
        employee.require(P.MANAGE_SOURCES)
    employee.require(P.ASK)


def test_every_role_has_a_danish_name() -> None:
    assert len({role.danish for role in Role}) == len(Role)
