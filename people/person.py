"""A signed-in person and the check that every use case makes."""

from dataclasses import dataclass

from people.errors import NotAllowed
from people.roles import PERMISSIONS, Permission, Role


@dataclass(frozen=True)
class Person:
    """Who is asking: id, name, where they work and the roles they hold."""

    id: str
    name: str
    unit: str
    roles: frozenset[Role]

    def may(self, permission: Permission) -> bool:
        """Whether one of the person's roles gives `permission`."""
        return any(permission in PERMISSIONS[role] for role in self.roles)

    def require(self, permission: Permission) -> None:
        """Raise `NotAllowed` unless the person may."""
        if not self.may(permission):
            raise NotAllowed
