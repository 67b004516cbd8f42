"""xAPI statements as they are sent: the parts of xAPI 1.0.3 that are used here, and the rules of cmi5 about them.

Stricter than xAPI where that costs nothing, so that stores of version 1.0.3 and 2.0 take the same statements: context activities
are always lists, timestamps are UTC with milliseconds, nothing is null, no property that is not named here gets in. An actor
has an account and nothing else, so that no name and no address can be sent by mistake.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator
from pydantic.alias_generators import to_camel

Uuid = Annotated[str, Field(pattern=r"^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$")]
Iri = Annotated[str, Field(pattern=r'^[a-z][a-z0-9+.-]*:[^\s<>"{}|\\^`]+$')]
Duration = Annotated[str, Field(pattern=r"^PT\d+(\.\d{1,2})?S$")]
Timestamp = Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$")]
LanguageTag = Annotated[str, Field(pattern=r"^[a-z]{2}(-[A-Z]{2})?$")]
LanguageMap = Annotated[dict[LanguageTag, Annotated[str, Field(min_length=1)]], Field(min_length=1)]
Share = Annotated[float, Field(ge=0, le=1)]

CMI5 = "https://w3id.org/xapi/cmi5/context/categories/cmi5"
MOVE_ON = "https://w3id.org/xapi/cmi5/context/categories/moveon"
SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"
MASTERY = "https://w3id.org/xapi/cmi5/context/extensions/masteryscore"
MOVE_ON_RULE = "https://w3id.org/xapi/cmi5/context/extensions/moveon"
COURSE = "https://w3id.org/xapi/cmi5/activitytype/course"
LESSON = "http://adlnet.gov/expapi/activities/lesson"
QUIZ = "http://adlnet.gov/expapi/activities/assessment"


class VerbId(StrEnum):
    """The verbs that are used: those of cmi5 (section 9.3) that are told of here, and the one that xAPI reserves (2.3.2)."""

    INITIALIZED = "http://adlnet.gov/expapi/verbs/initialized"
    COMPLETED = "http://adlnet.gov/expapi/verbs/completed"
    PASSED = "http://adlnet.gov/expapi/verbs/passed"
    FAILED = "http://adlnet.gov/expapi/verbs/failed"
    SATISFIED = "https://w3id.org/xapi/adl/verbs/satisfied"
    VOIDED = "http://adlnet.gov/expapi/verbs/voided"

    @property
    def danish(self) -> str:
        """How the verb is shown to people."""
        return {
            "INITIALIZED": "begyndte",
            "COMPLETED": "gennemførte",
            "PASSED": "bestod",
            "FAILED": "bestod ikke",
            "SATISFIED": "opfyldte kravene",
            "VOIDED": "trak tilbage",
        }[self.name]


class _Part(BaseModel):
    model_config = ConfigDict(
        extra="forbid", frozen=True, alias_generator=to_camel, validate_by_name=True, serialize_by_alias=True
    )


class Account(_Part):
    """Whom a statement is about, by a name that only means something to the system at `home_page`."""

    home_page: Iri
    name: Annotated[str, Field(min_length=1)]


class Agent(_Part):
    """The actor."""

    object_type: Literal["Agent"] = "Agent"
    account: Account


class Verb(_Part):
    """What was done."""

    id: VerbId
    display: LanguageMap


class Definition(_Part):
    """Name and kind of an activity."""

    name: LanguageMap
    type: Iri


class Activity(_Part):
    """A course, a lesson or a quiz, or a category."""

    object_type: Literal["Activity"] = "Activity"
    id: Iri
    definition: Definition | None = None


class StatementRef(_Part):
    """Another statement."""

    object_type: Literal["StatementRef"] = "StatementRef"
    id: Uuid


class Score(_Part):
    """The share of the marks."""

    scaled: Share


class Result(_Part):
    """What came of it."""

    score: Score | None = None
    success: bool | None = None
    completion: bool | None = None
    duration: Duration | None = None


class ContextActivities(_Part):
    """Activities that a statement is filed under."""

    category: tuple[Activity, ...] | None = None
    grouping: tuple[Activity, ...] | None = None
    parent: tuple[Activity, ...] | None = None


class Context(_Part):
    """In which registration and session it happened, and where. `revision` is the version of the course."""

    registration: Uuid
    context_activities: ContextActivities | None = None
    revision: Annotated[str, Field(min_length=1)]
    platform: Annotated[str, Field(min_length=1)]
    language: LanguageTag
    extensions: dict[Iri, str | float]


class Statement(_Part):
    """A whole statement; one that breaks a rule of cmi5 for its verb cannot be made."""

    id: Uuid
    actor: Agent
    verb: Verb
    object: Annotated[Activity | StatementRef, Field(discriminator="object_type")]
    result: Result | None = None
    context: Context | None = None
    timestamp: Timestamp

    @property
    def categories(self) -> set[str]:
        """Ids of the categories it is filed under."""
        activities = self.context.context_activities if self.context else None
        found = activities.category if activities else None
        return {one.id for one in found or ()}

    def as_json(self) -> dict[str, Any]:
        """The statement as it is sent; nothing in it is null."""
        return self.model_dump(mode="json", exclude_none=True)

    @model_validator(mode="after")
    def _fits_its_verb(self) -> "Statement":
        verb, result = self.verb.id, self.result or Result()
        if (verb is VerbId.VOIDED) != isinstance(self.object, StatementRef):
            raise ValueError("voided, and only voided, speaks of another statement (xAPI 2.3.2)")
        if isinstance(self.object, StatementRef) and self.context is not None:
            raise ValueError("platform and revision belong to activities (xAPI 2.4.6)")
        success = {VerbId.PASSED: True, VerbId.FAILED: False}.get(verb)
        completion = True if verb is VerbId.COMPLETED else None
        if (result.success, result.completion) != (success, completion):
            raise ValueError(f"success and completion do not fit {verb.name} (cmi5 9.5.2, 9.5.3)")
        if result.score is not None and success is None:
            raise ValueError(f"{verb.name} has no score (cmi5 9.5.1)")
        if result.duration is None and not (success is None and completion is None):
            raise ValueError(f"{verb.name} needs a duration (cmi5 9.5.4)")
        if (MOVE_ON in self.categories) == (success is None and completion is None):
            raise ValueError("the category moveOn goes with success or completion (cmi5 9.6.2.2)")
        if self.context is not None and SESSION not in self.context.extensions:
            raise ValueError("a session id is missing (cmi5 9.6.3.1)")
        return self._passes_as_told(success, result.score)

    def _passes_as_told(self, success: bool | None, score: Score | None) -> "Statement":
        mastery = self.context.extensions.get(MASTERY) if self.context else None
        if score is not None and isinstance(mastery, float) and (score.scaled >= mastery) is not success:
            raise ValueError("the score does not fit the verb (cmi5 9.3.4, 9.3.5)")
        return self
