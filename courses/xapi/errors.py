"""Errors of xAPI; `str(error)` is Danish, for operators, and holds nothing of a statement.

CourseError
└── XapiError
    ├── InvalidPseudonymKey   the key of the pseudonyms cannot be used
    ├── Refused               the store does not take these statements, whenever they are sent
    └── Unavailable           the store takes nothing now
"""

from courses.errors import CourseError


class XapiError(CourseError):
    """Base of the errors of this package."""


class InvalidPseudonymKey(XapiError):
    """The key of the pseudonyms cannot be read, written or used."""

    def __init__(self, name: str) -> None:
        super().__init__(
            f"Nøglen til pseudonymer kan ikke bruges ({name}). Kontrollér rettighederne, eller hent filen fra en sikkerhedskopi. "
            "Slettes den, laves en ny, og så får alle et nyt pseudonym."
        )


class Refused(XapiError):
    """The store does not take these statements; one of them, or the only one, is the reason."""


class Unavailable(XapiError):
    """The store takes nothing now. `status` is the HTTP status, if any; `wait` the seconds it asks to be left alone."""

    def __init__(self, problem: str, status: int | None = None, wait: float = 0.0) -> None:
        super().__init__(problem)
        self.status = status
        self.wait = wait
