"""Errors of the people package.

PeopleError
├── NotAllowed          the person lacks a permission
└── UnknownPerson       no such person, or no longer active
"""


class PeopleError(Exception):
    """Base; `str(error)` is a Danish sentence for the user."""


class NotAllowed(PeopleError):
    """The person lacks the permission that a use case needs."""

    def __init__(self) -> None:
        super().__init__("Du har ikke adgang til denne handling. Kontakt IT & Digitalisering, hvis du mangler adgang.")


class UnknownPerson(PeopleError):
    """No active person has that id."""

    def __init__(self) -> None:
        super().__init__("Din bruger findes ikke eller er ikke længere aktiv. Log ind igen.")
