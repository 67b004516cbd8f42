"""Who may do what."""

from collections.abc import Callable

import pytest

from people.errors import NotAllowed
from people.person import Person
from people.roles import PERMISSIONS, Permission, Role

P = Permission
# The whole table, written down a second time: a new right must be given on purpose in two places.
EXPECTED = {
    Role.EMPLOYEE: set(),
    Role.KEY_PERSON: set(),
    Role.TRAINER: {P.MANAGE_SOURCES, P.MANAGE_COURSES},
    Role.MANAGER: set(),
    Role.TASKFORCE: {P.MANAGE_SOURCES, P.APPROVE_SOURCES, P.HANDLE_INBOX, P.SEE_QUALITY, P.MANAGE_COURSES},
    Role.ADMIN: {P.OPERATE, P.SEE_QUALITY},
}


@pytest.mark.parametrize("role", list(Role))
def test_each_role_may_do_just_what_the_table_says(role: Role) -> None:
    assert PERMISSIONS[role] == EXPECTED[role] | {P.ASK, P.READ_SOURCES, P.LEARN}


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
