"""A signed-in person and the check that every use case makes."""

from dataclasses import dataclass

from people.errors import NotAllowed
from people.roles import PERMISSIONS, Permission, Role, Scope


@dataclass(frozen=True)
class Person:
    """Who is asking: id, name, where they work and the roles they hold."""

    id: str
    name: str
    unit: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles gives `permission`, whomever it reaches."""
        return self.scope(permission) is not None

    def scope(self, permission: Permission) -> Scope | None:
        """The widest scope in which the person's roles give `permission`, None when none does. Which units are her own, and
        who is in them, is in `people.organisation.scope`."""
        given = [PERMISSIONS[role][permission] for role in self.roles if permission in PERMISSIONS[role]]
        return max(given, key=lambda scope: scope.width, default=None)

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the person may."""
        if not self.may(permission):
            raise NotAllowed
