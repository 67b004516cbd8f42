"""One question while it is read from GIFT: its texts as Markdown, what its comments say, and the warnings so far."""

import math
import re
from collections.abc import Callable
from typing import Any

from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.exchange import html_markdown
from courses.exchange.gift_syntax import (
    ALMOST_WEIGHT,
    ARROWS,
    BLANK,
    FORMAT,
    PART_IDS,
    UNUSABLE,
    WEIGHT,
    Note,
    notes,
    number_of,
    shown,
)
from courses.exchange.keys import KEY, key_of
from courses.question import Criterion, SourceRef

MOST_CHARACTERS = 20_000
_LONGEST = 100_000  # characters of a text before it is read
_TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,20}(?:\s[^<>]{0,300})?/?>")


class Draft:
    """`text`, `feedback` and `format` are set by `state`; texts come in as structure (see `gift_syntax.hidden`)."""

    def __init__(self, line: int, number: int, category: str, comments: list[str]) -> None:
        self.line = line
        self.number = number
        self.category = category
        self.comments = comments
        self.name = ""
        self.format = "moodle"
        self.text = ""
        self.feedback = ""
        self._warnings: dict[str, None] = {}
        self._notes = [note for comment in comments for note in notes(comment)]
        arrow = self.said("arrow")
        self._arrow = arrow if arrow and arrow in ARROWS else ""

    def warn(self, message: str) -> None:
        """Say something once."""
        self._warnings[message] = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was said, in order."""
        return tuple(self._warnings)

    def said(self, name: str) -> str:
        """What the first comment of that name says, or ""."""
        return next((note.value for note in self._notes if note.name == name), "")

    @property
    def id(self) -> str:
        """The id that a comment gives, as a key."""
        return key_of(self.said("id"))

    def state(self, text: str, feedback: str) -> None:
        """Take the text of the question, whose format the other texts inherit, and its general feedback."""
        prefix = FORMAT.match(text.strip(BLANK))
        if prefix:
            self.format = prefix[1]
        self.text = self.markdown(text)
        self.feedback = self.markdown(feedback)
        if len(self.text) > MOST_CHARACTERS:
            raise InvalidContent(
                f"Spørgsmålets tekst er for lang. Der må være højst {MOST_CHARACTERS} tegn. Gør den kortere."
            )

    def markdown(self, raw: str) -> str:
        """A text as Markdown; "" for none."""
        raw = raw.strip(BLANK)
        if len(raw) > _LONGEST:
            raise InvalidContent(f"En tekst er længere end {_LONGEST:,} tegn. Del spørgsmålet op.".replace(",", "."))
        prefix = FORMAT.match(raw)
        kind = prefix[1] if prefix else self.format
        text = self.plain(raw[prefix.end() :] if prefix else raw)
        if "@@PLUGINFILE@@" in text:
            self.warn("Teksten henviser til et billede eller en fil, som ikke følger med i GIFT. Ret teksten.")
        if kind != "markdown" and html_markdown.FORMULA.search(text):
            self.warn(html_markdown.FORMULA_TOLD)
        if kind == "html":
            text, dropped = html_markdown.markdown(text)
            if dropped:
                self.warn(f"Udseendet fra disse HTML-koder er ikke taget med: {', '.join(dropped)}.")
            if odd := UNUSABLE.search(text):  # written as &#1;
                raise InvalidContent(f"HTML-teksten har usynlige styretegn (U+{ord(odd[0]):04X}). Slet dem.")
            return text
        if _TAG.search(text):
            self.warn(
                "Teksten har HTML-koder, som vises, som de er skrevet. Skriv [html] foran teksten, hvis de skal virke."
            )
        return text if kind == "markdown" else self._literal(text)

    def _literal(self, text: str) -> str:
        text, emphasis = html_markdown.literal(text)
        if emphasis:
            self.warn(
                "Tegn som *, _ og ` vises, som de er skrevet. Skriv [markdown] foran teksten, hvis de skal fremhæve noget."
            )
        return text

    def plain(self, raw: str) -> str:
        """A text without a format of its own, as it stands."""
        text = shown(raw)
        return text.replace(self._arrow, "->") if self._arrow else text

    def literal(self, raw: str) -> str:
        """A text that answers are compared with: it may name a format, which means nothing."""
        raw = raw.strip(BLANK)
        prefix = FORMAT.match(raw)
        return self.plain(raw[prefix.end() :] if prefix else raw)

    def needed(self, raw: str, what: str, as_text: Callable[[str], str] | None = None) -> str:
        """A text that must not be empty; `what` is its Danish name."""
        text = (as_text or self.markdown)(raw)
        if not text:
            raise InvalidContent(f"{what} mangler tekst. Skriv den, eller slet linjen.")
        if len(text) > MOST_CHARACTERS:
            raise InvalidContent(f"{what} er for langt. Der må være højst {MOST_CHARACTERS} tegn. Gør det kortere.")
        return text

    def weighed(self, raw: str) -> tuple[float | None, str]:
        """The weight an answer begins with as a fraction, None without one, and the rest."""
        found = WEIGHT.match(raw)
        if found is None:
            if almost := ALMOST_WEIGHT.match(raw):
                self.warn(f"{almost[0]} læses som tekst. En vægt skrives uden mellemrum og med punktum: %33.33333%.")
            return None, raw
        try:
            fraction = round(float(found[1]) / 100, 7)
        except ValueError:
            fraction = math.inf
        if not -1 <= fraction <= 1:
            raise InvalidContent(f"Vægten {found[0][:20]} skal ligge mellem -100 og 100. Ret den.")
        return fraction, raw[found.end() :]

    def share(self, raw: str) -> tuple[float, str]:
        """As `weighed` for written answers: the whole mark without a weight, and nothing for less than nothing."""
        fraction, rest = self.weighed(raw)
        if fraction is not None and fraction < 0:
            self.warn("En negativ vægt er blevet til 0, fordi et forkert svar ikke koster point her.")
        return (1.0 if fraction is None else max(fraction, 0.0)), rest

    def parts(self, count: int) -> list[str]:
        """Ids for options or pairs: those in comments when they fit, else letters."""
        kept = [note.value for note in self._notes if note.name == "part"]
        if not kept:
            return list(PART_IDS[:count])
        if len(kept) == count == len(set(kept)) and all(map(KEY.fullmatch, kept)):
            return kept
        self.warn("Svarenes id'er i kommentaren [part:…] passer ikke til svarene og er erstattet af a, b, c …")
        return list(PART_IDS[:count])

    @property
    def common(self) -> dict[str, Any]:
        """The fields that every kind of question has; the id is for now."""
        fields: dict[str, Any] = {"id": f"gift-{self.number}", "text": self.text, "feedback": self.feedback}
        points = self.number_said("points", 0, 100)
        if points is not None:
            fields["points"] = points
        return fields | {"tags": self._tags(), "sources": self._sources(), "shuffle": self.said("shuffle") != "no"}

    def number_said(self, name: str, least: float, most: float) -> float | None:
        """A number above 0 that a comment gives."""
        said = self.said(name)
        value = number_of(said)
        if value is not None and value > 0 and least <= value <= most:
            return value
        if said:
            self.warn(
                f"Kommentaren [{name}:{said[:20]}] er ikke et tal fra {least:g} til {most:g} og er sprunget over."
            )
        return None

    def criteria(self) -> tuple[Criterion, ...]:
        """The rubric that comments give."""
        return tuple(filter(None, (self._criterion(note) for note in self._notes if note.name == "criterion")))

    def answer(self) -> str:
        """The model answer that a comment gives."""
        return next((note.text for note in self._notes if note.name == "answer"), "")

    def _criterion(self, note: Note) -> Criterion | None:
        key, _, points = note.value.partition("=")
        try:
            return Criterion(id=key, text=note.text, points=number_of(points or "1") or 0)
        except ValidationError:
            self._skip(note)
            return None

    def _sources(self) -> tuple[SourceRef, ...]:
        return tuple(filter(None, (self._source(note) for note in self._notes if note.name == "source")))

    def _source(self, note: Note) -> SourceRef | None:
        source, _, section = note.value.partition("#")
        try:
            return SourceRef(source=source, section=section, quote=note.text)
        except ValidationError:
            self._skip(note)
            return None

    def _skip(self, note: Note) -> None:
        self.warn(f"Kommentaren [{note.name}:{note.value[:40]}] kan ikke læses og er sprunget over.")

    def _tags(self) -> tuple[str, ...]:
        said = [note.value for note in self._notes if note.name == "tag"]
        for tag in said:
            if key_of(tag) != tag:
                became = f"blevet til »{key_of(tag)}«" if key_of(tag) else "ikke taget med"
                self.warn(f"Emnet »{tag[:80]}« er {became}, fordi emner har små bogstaver og tal.")
        return tuple(filter(None, map(key_of, said)))
