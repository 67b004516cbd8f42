"""A course while it is written. It may be unfinished: a module without lessons, a course without a last test. What is missing
before it can be published is told as problems; each part by itself always holds.

Parts are named `course`, `module:<id>`, `activity:<id>` and `question:<id>`.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from courses.course import Activity, CertificateRules, Course, Module, Practice, Quiz, pooled
from courses.errors import InvalidContent
from courses.question import Key, PromptPractice, Question, Text

COURSE = "course"
_GONE = "Denne del af kurset findes ikke længere. Gå tilbage til kladden, og prøv derfra."


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Settings(_Part):
    """What a course says of itself; `final` is empty until there is a quiz to name."""

    id: Key
    title: Text
    summary: Text
    audience: Text
    open_to_all: bool = False
    final: str = ""
    certificate: CertificateRules | None = None


class Chapter(_Part):
    """A module that may still be empty."""

    id: Key
    title: Text
    summary: Text
    activities: tuple[Activity, ...] = ()
    questions: tuple[Question, ...] = ()


class Heading(_Part):
    """What a module says of itself."""

    id: Key
    title: Text
    summary: Text


Part = Settings | Heading | Chapter | Activity | Question  # a chapter only where a module is deleted, or comes back


@dataclass(frozen=True)
class Problem:
    """Why a manuscript cannot be published yet, and in which part."""

    part: str
    message: str


class Manuscript(Settings):
    """A whole course, unfinished."""

    modules: tuple[Chapter, ...] = ()

    @classmethod
    def of(cls, course: Course) -> "Manuscript":
        """The manuscript that is the course as it stands."""
        return cls.model_validate(course.model_dump())

    def course(self) -> Course:
        """The finished course; raises `InvalidContent` while there are problems."""
        if found := self.problems():
            raise InvalidContent(found[0].message)
        try:
            return Course.model_validate(self.model_dump())
        except ValidationError as error:
            raise InvalidContent("Kurset hænger ikke sammen. Se kladdens liste over det, der mangler.") from error

    # --- reading --------------------------------------------------------------------------------------------------

    @property
    def settings(self) -> Settings:
        """The course without its modules."""
        return Settings.model_validate(self.model_dump(exclude={"modules"}))

    @property
    def activities(self) -> Iterator[Activity]:
        """All activities in order."""
        return (activity for module in self.modules for activity in module.activities)

    @property
    def questions(self) -> dict[str, Question]:
        """All questions by id."""
        return {question.id: question for module in self.modules for question in module.questions}

    def chapter(self, module_id: str) -> Chapter:
        """The module; raises `InvalidContent`."""
        found = next((module for module in self.modules if module.id == module_id), None)
        if found is None:
            raise InvalidContent(_GONE)
        return found

    def home(self, part: str) -> str:
        """Id of the module that an activity or a question stands in; raises `InvalidContent`."""
        for module in self.modules:
            if _part_in(module, part) is not None:
                return module.id
        raise InvalidContent(_GONE)

    def find(self, part: str) -> Part | None:
        """What the name stands for, None where it is not there."""
        if part == COURSE:
            return self.settings
        for module in self.modules:
            if part == f"module:{module.id}":
                return Heading(id=module.id, title=module.title, summary=module.summary)
            if (found := _part_in(module, part)) is not None:
                return found
        return None

    # --- writing --------------------------------------------------------------------------------------------------

    def put(self, part: Part, module_id: str = "") -> "Manuscript":
        """With `part` in the place of the one that has its name, or at the end (of the module) where none has.

        Raises `InvalidContent` for a chapter that comes back while something in it stands elsewhere.
        """
        if isinstance(part, Settings):
            return self.model_copy(
                update=part.model_dump(exclude={"id", "certificate"}) | {"certificate": part.certificate}
            )
        if isinstance(part, Heading):
            return self._with_heading(part)
        if isinstance(part, Chapter):
            return self._with_chapter(part)
        named = name_of(part)
        known = self.find(named)
        module = self.chapter(self.home(named) if known is not None else module_id)
        field = "activities" if named.startswith("activity:") else "questions"
        kept = getattr(module, field)
        changed = tuple(part if one.id == part.id else one for one in kept) if known is not None else (*kept, part)
        return self._with(module.model_copy(update={field: changed}))

    def without(self, part: str) -> "Manuscript":
        """Without the part; raises `InvalidContent` where others need it."""
        if needed := self._needed_by(part):
            raise InvalidContent(needed)
        kind, _, key = part.partition(":")
        if kind == "module":
            return self.model_copy(update={"modules": tuple(one for one in self.modules if one.id != key)})
        module = self.chapter(self.home(part))
        field = "activities" if kind == "activity" else "questions"
        kept = tuple(one for one in getattr(module, field) if one.id != key)
        return self._with(module.model_copy(update={field: kept}))

    def moved(self, part: str, step: int) -> "Manuscript":
        """With the part `step` places further down (up when negative) among its equals; at an edge it stays."""
        kind, _, key = part.partition(":")
        if kind == "module":
            return self.model_copy(update={"modules": _shifted(self.modules, key, step)})
        module = self.chapter(self.home(part))
        field = "activities" if kind == "activity" else "questions"
        return self._with(module.model_copy(update={field: _shifted(getattr(module, field), key, step)}))

    def transferred(self, part: str, module_id: str) -> "Manuscript":
        """With an activity or a question at the end of another module; in the one it stands in it stays."""
        home, new_home, found = self.chapter(self.home(part)), self.chapter(module_id), self.find(part)
        if home.id == new_home.id or found is None:
            return self
        field = "activities" if part.startswith("activity:") else "questions"
        kept = tuple(one for one in getattr(home, field) if name_of(one) != part)
        left = self._with(home.model_copy(update={field: kept}))
        return left._with(new_home.model_copy(update={field: (*getattr(new_home, field), found)}))

    def _with(self, module: Chapter) -> "Manuscript":
        return self.model_copy(
            update={"modules": tuple(module if one.id == module.id else one for one in self.modules)}
        )

    def _with_heading(self, heading: Heading) -> "Manuscript":
        if self.find(name_of(heading)) is None:
            return self.model_copy(update={"modules": (*self.modules, Chapter(**heading.model_dump()))})
        return self._with(self.chapter(heading.id).model_copy(update=heading.model_dump()))

    def _with_chapter(self, chapter: Chapter) -> "Manuscript":
        there = {name_of(chapter)} if self.find(name_of(chapter)) is not None else set()
        there |= {name for module in self.modules for name in _parts_of(module)} & set(_parts_of(chapter))
        if there:
            raise InvalidContent(
                f"Noget af modulet “{chapter.title}” står allerede i kladden. Slet det der først, og prøv igen."
            )
        return self.model_copy(update={"modules": (*self.modules, chapter)})

    # --- what holds it together -------------------------------------------------------------------------------------

    def _needed_by(self, part: str) -> str:
        kind, _, key = part.partition(":")
        if kind == "module":
            return self._module_needed_by(self.chapter(key))
        if kind == "activity":
            needed = [one.title for one in self.activities if key in one.requires]
            if needed:
                return f"“{needed[0]}” kræver denne del. Ret det først."
            return (
                "Denne prøve er kursets afsluttende. Vælg en anden under Om kurset først." if key == self.final else ""
            )
        used = [one.title for one in self.activities if key in _questions_of(one)]
        return f"Spørgsmålet bruges i “{used[0]}”. Tag det ud der først." if used else ""

    def _module_needed_by(self, module: Chapter) -> str:
        inside, asked = {one.id for one in module.activities}, {one.id for one in module.questions}
        if self.final in inside:
            return "Kursets afsluttende prøve står i modulet. Vælg en anden under Om kurset først."
        for other in self.activities:
            if other.id in inside:
                continue
            if inside & set(other.requires):
                return f"“{other.title}” kræver noget i modulet. Ret det først."
            if asked & _questions_of(other):
                return f"“{other.title}” bruger et af modulets spørgsmål. Tag det ud der først."
            if module.id in _pool_modules(other):
                return f"“{other.title}” trækker spørgsmål fra modulet. Ret det først."
        return ""

    def problems(self) -> list[Problem]:
        """Everything that keeps it from being published; empty when nothing does."""
        found = [] if self.modules else [Problem(COURSE, "Kurset har ingen moduler endnu. Lav et modul.")]
        found += [
            Problem(
                f"module:{module.id}",
                f"Modulet “{module.title}” har ingen lektioner eller prøver endnu. Skriv en lektion.",
            )
            for module in self.modules
            if not module.activities
        ]
        final = next((one for one in self.activities if one.id == self.final), None)
        if not isinstance(final, Quiz):
            found.append(
                Problem(COURSE, "Kurset har ingen afsluttende prøve. Lav en prøve, og vælg den under Om kurset.")
            )
        seen: set[str] = set()
        for activity in self.activities:
            place = f"activity:{activity.id}"
            if set(activity.requires) - seen:
                found.append(
                    Problem(place, f"“{activity.title}” kræver noget, der ikke står før den. Ret rækkefølgen.")
                )
            seen.add(activity.id)
            found += [Problem(place, f"“{activity.title}” {fault}") for fault in self._faults(activity)]
        return found

    def _faults(self, activity: Activity) -> Iterator[str]:
        questions = self.questions
        if isinstance(activity, Practice) and not isinstance(questions.get(activity.question), PromptPractice):
            yield "bruger en promptøvelse, der ikke findes. Vælg en anden."
        if not isinstance(activity, Quiz):
            return
        for slot in activity.slots:
            if slot.question is not None and slot.question not in questions:
                yield f"bruger et spørgsmål, der ikke findes mere ({slot.question}). Vælg et andet."
            elif isinstance(questions.get(slot.question or ""), PromptPractice):
                yield "bruger en promptøvelse som spørgsmål. Promptøvelser er en del for sig."
            elif slot.pool is not None and (there := len(pooled(self.modules, slot.pool))) < slot.pool.count:
                yield (
                    f"trækker {slot.pool.count} spørgsmål, men der er kun {there} at trække af. "
                    "Ret antallet, emnerne eller modulerne."
                )


def name_of(part: Part) -> str:
    """The name of a part."""
    if isinstance(part, Settings):
        return COURSE
    if isinstance(part, Heading | Chapter):
        return f"module:{part.id}"
    return f"{'activity' if hasattr(part, 'kind') else 'question'}:{part.id}"


def _part_in(module: Chapter, part: str) -> Activity | Question | None:
    """The activity or question of that name; asked for each of thousands that a file brings, so no names are made."""
    kind, _, key = part.partition(":")
    kept: tuple[Activity | Question, ...] = {"activity": module.activities, "question": module.questions}.get(kind, ())
    return next((one for one in kept if one.id == key), None)


def _parts_of(module: Chapter | Module) -> dict[str, Activity | Question]:
    parts = (*module.activities, *module.questions)
    return {name_of(one): one for one in parts}


def _questions_of(activity: Activity) -> set[str]:
    if isinstance(activity, Practice):
        return {activity.question}
    return {slot.question for slot in activity.slots if slot.question} if isinstance(activity, Quiz) else set()


def _pool_modules(activity: Activity) -> set[str]:
    slots = activity.slots if isinstance(activity, Quiz) else ()
    return {key for slot in slots if slot.pool is not None for key in slot.pool.modules}


def _shifted(parts: tuple[Any, ...], key: str, step: int) -> tuple[Any, ...]:
    place = next((number for number, one in enumerate(parts) if one.id == key), None)
    if place is None:
        raise InvalidContent(_GONE)
    rest = [one for one in parts if one.id != key]
    rest.insert(min(max(place + step, 0), len(rest)), parts[place])
    return tuple(rest)
