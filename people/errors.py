"""Errors of the people package.

PeopleError
├── NotAllowed          the person lacks a permission
├── RealPeople          an example cannot be laid among real people
├── UnusableStaffFile   a file of staff data cannot be read, or may not be stored
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


class RealPeople(PeopleError):
    """People or units that are not invented are in the database."""

    def __init__(self) -> None:
        super().__init__(
            "Der er rigtige personer eller enheder i databasen. Indlæs eksempelorganisationen i en tom database i stedet."
        )


class UnusableStaffFile(PeopleError):
    """A file of staff data that cannot be used; the message says why and what to do, and repeats nothing of the file's people."""
