"""A place where a person stands: a table, how her rows are found in it, and what she gets of them."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import ColumnElement

from governance.data_rights_page_words import PAGE_WORDS

Belongs = Callable[[str], ColumnElement[bool]]
COURSE = {"course_id": "kursus"}
BY = {"at": "tidspunkt", "by": "af"}


class Group(StrEnum):
    """What the tables are about, as headings."""

    ASSISTANT = "Spørgsmål og svar"
    COURSES = "Kurser, prøver og beviser"
    PERSON = "Ansættelse, roller og login"
    MAIL = "Mails og påmindelser"
    OFFICE = "Det, du har gjort i appen"


@dataclass(frozen=True)
class Place:
    """A table with rows about a person. `fields` are columns and their names in the export; `since` is the column that says
    from when a row is."""

    row: Any
    title: str
    group: Group
    belongs: Belongs
    fields: dict[str, str]
    since: str | None = "at"

    @property
    def table(self) -> str:
        """Name of the table."""
        return str(self.row.__tablename__)

    @property
    def purpose(self) -> str:
        """Why it is kept, in words for her."""
        return PAGE_WORDS[self.table][0]

    @property
    def retention(self) -> str:
        """How long it is kept, in words for her."""
        return PAGE_WORDS[self.table][1]


def own(row: Any) -> Belongs:
    """The rows whose `person_id` is hers."""
    return lambda person_id: row.person_id == person_id
