"""Sources as the rest of the house sees them: levels, statuses, details and what may be quoted when."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from rag.errors import InvalidSource


class Level(StrEnum):
    """Rank of a source; law is shown before national, municipal and local texts."""

    LAW = "law"
    NATIONAL = "national"
    MUNICIPAL = "municipal"
    LOCAL = "local"

    @property
    def danish(self) -> str:
        """Name shown to people."""
        return _LEVELS[self]

    @property
    def rank(self) -> int:
        """0 for law, rising downwards."""
        return list(Level).index(self)


_LEVELS = {
    Level.LAW: "Lov",
    Level.NATIONAL: "National anbefaling",
    Level.MUNICIPAL: "Kommunens retningslinje",
    Level.LOCAL: "Lokal viden",
}


class Status(StrEnum):
    """Life of a version. A draft may be quoted, marked as such; a retired one may not."""

    DRAFT = "draft"
    APPROVED = "approved"
    RETIRED = "retired"

    @property
    def danish(self) -> str:
        """Name shown to people."""
        return {"draft": "Udkast", "approved": "Godkendt", "retired": "Trukket tilbage"}[self.value]


class SourceDetails(BaseModel):
    """What front matter or a trainer says about a version."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)

    id: str = Field(pattern=r"^[a-z0-9]+(-[a-z0-9]+)*$", max_length=80)
    title: str = Field(min_length=3, max_length=300)
    summary: str = Field("", max_length=1000)
    publisher: str = Field(min_length=2, max_length=200)
    level: Level
    status: Status = Status.DRAFT
    version: str = Field(min_length=1, max_length=40)
    valid_from: date
    valid_to: date | None = None
    review_by: date | None = None
    owner: str = Field(min_length=2, max_length=200)
    source_address: str | None = Field(None, max_length=1000)

    @field_validator("version", mode="before")
    @classmethod
    def _text(cls, value: object) -> object:
        return str(value) if isinstance(value, int | float) else value

    @field_validator("source_address")
    @classmethod
    def _web_address(cls, value: str | None) -> str | None:
        if value and not value.startswith(("https://", "http://")):
            raise ValueError("must begin with https://")
        return value or None

    @model_validator(mode="after")
    def _order(self) -> "SourceDetails":
        if self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to is before valid_from")
        return self

    @classmethod
    def parse(cls, values: dict[str, Any], where: str) -> "SourceDetails":
        """Checked details; raises `InvalidSource` with a Danish sentence that names each field."""
        try:
            return cls.model_validate(values)
        except ValidationError as error:
            faults = "; ".join(_fault(item) for item in error.errors())
            raise InvalidSource(
                f"Oplysningerne om {where} kan ikke bruges: {faults}. Ret dem, og prøv igen."
            ) from error


_FIELDS = {
    "id": "kort navn",
    "title": "titel",
    "summary": "resumé",
    "publisher": "udgiver",
    "level": "niveau",
    "status": "status",
    "version": "version",
    "valid_from": "gælder fra",
    "valid_to": "gælder til",
    "review_by": "gennemses senest",
    "owner": "ejer",
    "source_address": "oprindelig adresse",
}
_FAULTS = {
    "missing": "mangler",
    "extra_forbidden": "kendes ikke",
    "string_too_short": "mangler eller er for kort",
    "string_too_long": "er for lang",
    "string_pattern_mismatch": "må kun have små bogstaver a-z, tal og bindestreger",
}


def _fault(item: Any) -> str:
    if not item["loc"]:
        return "gælder til ligger før gælder fra"
    name = str(item["loc"][0])
    return f"“{_FIELDS.get(name, name)}” {_FAULTS.get(item['type'], 'har en ugyldig værdi')}"


@dataclass(frozen=True)
class VersionView:
    """A stored version without its text."""

    id: str
    source_id: str
    number: int
    version: str
    title: str
    summary: str
    publisher: str
    level: Level
    status: Status
    owner: str
    valid_from: date
    valid_to: date | None
    review_by: date | None
    source_address: str | None
    file_name: str
    page_count: int
    warnings: tuple[str, ...]
    created_at: datetime

    def ended(self, day: date) -> bool:
        """Whether the version's time is over on `day`."""
        return self.valid_to is not None and self.valid_to < day


@dataclass(frozen=True)
class PassageView:
    """A passage with its section, for reading and for search.

    `as_read` is the text before its damaged words were mended, None when none was.
    """

    id: str
    text: str
    kinds: tuple[str, ...]
    page: int | None
    hash: str
    as_read: str | None = None


@dataclass(frozen=True)
class SectionView:
    """A section with its passages. `as_read` is the heading before its damaged words were mended, None when none was."""

    heading: str
    anchor: str
    level: int
    path: tuple[str, ...]
    page: int | None
    questions: tuple[str, ...]
    searchable: bool
    passages: tuple[PassageView, ...]
    as_read: str | None = None


def quotable(versions: Iterable[VersionView], day: date) -> VersionView | None:
    """The one version of a source that may be quoted on `day`, or None.

    The newest approved version that has begun; a draft never pushes out approved text. Where none is approved, or the
    approved one has ended, the newest later draft that has begun. What has been succeeded never comes back: not when its
    successor ends, nor when that is retired.
    """
    begun = [version for version in versions if version.valid_from <= day and version.status is not Status.RETIRED]
    approved = max((v for v in begun if v.status is Status.APPROVED), key=lambda v: v.number, default=None)
    if approved is not None and not approved.ended(day):
        return approved
    after = approved.number if approved else 0
    draft = max((v for v in begun if v.number > after), key=lambda v: v.number, default=None)
    return None if draft is None or draft.ended(day) else draft
