"""Roles, and the one table that says what each role may do."""

from enum import StrEnum


class Role(StrEnum):
    """The six roles of the house; a person may hold several."""

    EMPLOYEE = "employee"
    KEY_PERSON = "key_person"
    TRAINER = "trainer"
    MANAGER = "manager"
    TASKFORCE = "taskforce"
    ADMIN = "admin"

    @property
    def danish(self) -> str:
        """Name of the role as shown to people."""
        return _DANISH[self]


_DANISH = {
    Role.EMPLOYEE: "Medarbejder",
    Role.KEY_PERSON: "Nøgleperson",
    Role.TRAINER: "Underviser",
    Role.MANAGER: "Leder",
    Role.TASKFORCE: "AI-taskforce",
    Role.ADMIN: "Administrator",
}


class Permission(StrEnum):
    """What a page or a use case may demand."""

    ASK = "ask"
    LEARN = "learn"
    READ_SOURCES = "read_sources"
    MANAGE_SOURCES = "manage_sources"
    APPROVE_SOURCES = "approve_sources"
    HANDLE_INBOX = "handle_inbox"
    SEE_QUALITY = "see_quality"
    MANAGE_COURSES = "manage_courses"
    OPERATE = "operate"


_EVERYONE = frozenset({Permission.ASK, Permission.READ_SOURCES, Permission.LEARN})

PERMISSIONS: dict[Role, frozenset[Permission]] = {
    Role.EMPLOYEE: _EVERYONE,
    Role.KEY_PERSON: _EVERYONE,
    Role.TRAINER: _EVERYONE | {Permission.MANAGE_SOURCES, Permission.MANAGE_COURSES},
    Role.MANAGER: _EVERYONE,
    Role.TASKFORCE: _EVERYONE
    | {
        Permission.MANAGE_SOURCES,
        Permission.APPROVE_SOURCES,
        Permission.HANDLE_INBOX,
        Permission.SEE_QUALITY,
        Permission.MANAGE_COURSES,
    },
    Role.ADMIN: _EVERYONE | {Permission.OPERATE, Permission.SEE_QUALITY},
}
