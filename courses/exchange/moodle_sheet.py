"""One question while it is written as Moodle XML: its element with texts and pictures, our extras, and the warnings so far."""

from decimal import Decimal
from typing import Any

from lxml import etree

from courses.errors import InvalidContent
from courses.exchange.gift_syntax import MOST_ANSWERS, PART_IDS, known_weight, number
from courses.exchange.moodle_draft import TAG
from courses.exchange.moodle_extras import ELEMENT, Extras, written
from courses.exchange.moodle_files import PLUGIN_FILE, encoded, written_name
from courses.exchange.xml_guard import Element
from courses.picture import PICTURE, Find
from courses.question import Accepted, Figure, Question

PICTURE_IN_ANSWER = "Et billede står i et svar. Flyt det til spørgsmålets tekst eller en tilbagemelding."
HTML_IN_TEXT = "En tekst har HTML-koder. Her vises de, som de er skrevet, men Moodle kan læse dem som HTML."
RESERVED = "Teksten har tegnene @@PLUGINFILE@@, som Moodle bruger til filer. Skriv det på en anden måde."


def add_text(parent: Element, text: str) -> None:
    """Put the element in that Moodle keeps every text."""
    etree.SubElement(parent, "text").text = text


def percent(fraction: float) -> str:
    """33.33333 for 0.3333333: the number that reads back as the same share."""
    text = f"{Decimal(repr(fraction)) * 100:f}"
    return (text.rstrip("0").rstrip(".") if "." in text else text) or "0"


class Sheet:
    """The element of one question, the `extras` to go with it, and the warnings so far."""

    def __init__(self, kind: str, picture: Find) -> None:
        self.element = etree.Element("question", type=kind)
        self.extras: dict[str, Any] = {}
        self.warnings: list[str] = []
        self._picture = picture
        self._unseen: list[str] = []

    @property
    def told(self) -> list[str]:
        """The warnings, and what only our own reader takes."""
        if not self._unseen:
            return self.warnings
        return [*self.warnings, f"Står kun i et felt, som Moodle springer over: {', '.join(self._unseen)}."]

    def keep(self, unseen: str, **fields: Any) -> None:
        """Put something into the extras; `unseen` is its Danish name where a user of Moodle would miss it."""
        self.extras |= fields
        if unseen:
            self._unseen.append(unseen)

    def common(self, question: Question, text: str) -> None:
        """The fields that every kind has, before those of the kind; `text` as Moodle writes it."""
        add_text(etree.SubElement(self.element, "name"), question.id)
        self.shown("questiontext", text)
        self.shown("generalfeedback", question.feedback)
        self.say("defaultgrade", number(question.points))
        self.say("idnumber", question.id)

    def finish(self, question: Question) -> None:
        """The fields that every kind has, behind those of the kind."""
        if question.tags:
            tags = etree.SubElement(self.element, "tags")
            for tag in question.tags:
                add_text(etree.SubElement(tags, "tag"), tag)
        if question.sources:
            self.keep("kilder", sources=question.sources)
        if text := written(Extras(**self.extras)):
            self.say(ELEMENT, text)

    def say(self, name: str, text: str) -> None:
        """An element with nothing but a text."""
        etree.SubElement(self.element, name).text = text

    def shown(self, name: str, text: str, parent: Element | None = None) -> None:
        """An element with a Markdown text and the pictures that it shows."""
        self.fill(etree.SubElement(self.element if parent is None else parent, name), text)

    def fill(self, holder: Element, text: str, *, pictures: bool = True) -> None:
        """Put a Markdown text and its pictures into an element."""
        if PLUGIN_FILE.rstrip("/") in text:
            raise InvalidContent(RESERVED)
        if TAG.search(text) and HTML_IN_TEXT not in self.warnings:
            self.warnings.append(HTML_IN_TEXT)
        files: dict[str, str] = {}

        def named(match: Any) -> str:
            if not pictures:
                raise InvalidContent(PICTURE_IN_ANSWER)
            found = self._picture(match[2])
            if found is None:
                self.warnings.append("Et billede i teksten findes ikke mere og er ikke skrevet. Sæt det ind igen.")
                return str(match[0])
            files[written_name(found)] = encoded(found)
            return f"![{match[1]}]({PLUGIN_FILE}{written_name(found)})"

        holder.set("format", "markdown")
        add_text(holder, PICTURE.sub(named, text))
        for name, data in files.items():
            etree.SubElement(holder, "file", name=name, path="/", encoding="base64").text = data

    def answer(self, worth: str, text: str, feedback: str, *, plain: bool = False) -> Element:
        """An answer with its weight in per cent and its feedback; `plain` for a text that is compared as it stands."""
        answer = etree.SubElement(self.element, "answer", fraction=worth)
        if plain:
            answer.set("format", "plain_text")
            add_text(answer, text)
        else:
            self.fill(answer, text, pictures=False)
        self.shown("feedback", feedback, answer)
        return answer

    def parts(self, ids: list[str]) -> None:
        """Keep ids that the reader would not give by itself."""
        if ids != list(PART_IDS[: len(ids)]):
            self.keep("", parts=tuple(ids))

    def unseen_shuffle(self, question: Question) -> None:
        """Keep a fixed order where Moodle has no field for it."""
        if not question.shuffle:
            self.keep("", shuffle=False)

    def weight(self, fraction: float) -> str:
        """The weight in per cent."""
        if not known_weight(fraction):
            self.warnings.append(
                f"Moodle kender ikke vægten {percent(fraction)} %. Vælg den nærmeste karakter ved import."
            )
        return percent(fraction)

    def best(self, answers: tuple[Accepted, ...] | tuple[Figure, ...]) -> None:
        """Moodle wants an answer that gives the whole mark, and we read no more than so many."""
        if len(answers) > MOST_ANSWERS:
            raise InvalidContent(f"Der er {len(answers)} svar. Der må være højst {MOST_ANSWERS}.")
        if not any(one.fraction == 1.0 for one in answers):
            self.warnings.append("Intet svar giver alle point. Moodle kræver et, der giver 100 %.")
