"""Roles, and the one table that says what each role may do, and to whose things."""

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
    MANAGE_STEERING = "manage_steering"
    SEE_AREA = "see_area"
    REMIND = "remind"
    IMPORT_STAFF = "import_staff"
    OPERATE = "operate"


class Scope(StrEnum):
    """Whose things a permission reaches, the narrowest first."""

    OWN = "own"
    OWN_UNITS = "own_units"
    ALL = "all"

    @property
    def width(self) -> int:
        """How wide it is; a wider one takes in those below it."""
        return list(Scope).index(self)


_EVERYONE = {Permission.ASK: Scope.OWN, Permission.READ_SOURCES: Scope.ALL, Permission.LEARN: Scope.OWN}
_TEACHING = {
    Permission.MANAGE_SOURCES: Scope.ALL,
    Permission.MANAGE_COURSES: Scope.ALL,
    Permission.MANAGE_STEERING: Scope.ALL,
}

PERMISSIONS: dict[Role, dict[Permission, Scope]] = {
    Role.EMPLOYEE: _EVERYONE,
    Role.KEY_PERSON: _EVERYONE,
    Role.TRAINER: _EVERYONE | _TEACHING,
    Role.MANAGER: _EVERYONE | {Permission.SEE_AREA: Scope.OWN_UNITS, Permission.REMIND: Scope.OWN_UNITS},
    Role.TASKFORCE: _EVERYONE
    | _TEACHING
    | {
        Permission.APPROVE_SOURCES: Scope.ALL,
        Permission.HANDLE_INBOX: Scope.ALL,
        Permission.SEE_QUALITY: Scope.ALL,
        Permission.SEE_AREA: Scope.ALL,
        Permission.REMIND: Scope.ALL,
    },
    Role.ADMIN: _EVERYONE
    | {Permission.OPERATE: Scope.ALL, Permission.SEE_QUALITY: Scope.ALL, Permission.IMPORT_STAFF: Scope.ALL},
}
