"""One question while it is read from Moodle XML: its texts as Markdown, its pictures, our extras, and the warnings so far."""

import html
import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any

from courses.errors import InvalidContent
from courses.exchange import html_markdown
from courses.exchange.gift_syntax import PART_IDS, number_of
from courses.exchange.keys import key_of
from courses.exchange.moodle_extras import ELEMENT, Extras, extras_of
from courses.exchange.moodle_files import PictureStore, files_of, name_in, without_inline
from courses.exchange.xml_guard import CONTROL, Element
from courses.picture import Picture

BLANK = " \t\n\r"  # what Moodle trims, but for what XML cannot hold
MOST_CHARACTERS = 20_000
TAG = re.compile(r"</?[A-Za-z][A-Za-z0-9]{0,20}(?:\s[^<>]{0,300})?/?>")
_TAG_OR_BREAK = re.compile(r"<[^<>]*>|\n")
_FILE_ADDRESS = re.compile(r"""(?<=\]\()<?(@@PLUGINFILE@@/[^()\s<>]{1,300})>?(?:\s+"[^"\n]*")?(?=\))""")
_PICTURE_ADDRESS = re.compile(r"\]\(picture:([0-9a-f]{64})\)")
_LONGEST = 100_000  # characters of a text before it is read
_ANY_FILE = "@@PLUGINFILE@@"
_YES = frozenset(["1", "true"])

MISSING = (
    "Teksten viser billedet »{}«, som ikke er med i filen. Eksportér igen med billeder, eller fjern det fra teksten."
)
ELSEWHERE = "Et billede ligger et andet sted end i filen ({}). Læg det ind i spørgsmålet i Moodle, og eksportér igen."
NOT_HERE = "Et billede står i et svar, og det kan ikke bruges her. Flyt det til spørgsmålets tekst."
LINKED = "Teksten henviser til en fil, som ikke er et billede. Fjern henvisningen, og læg filen i en lektion."


class Draft:
    """The element of a question with its `line`, its `number` in the file (both from 1) and its `category`."""

    def __init__(self, element: Element, line: int, number: int, category: str, store: PictureStore) -> None:
        self.element = element
        self.line = line
        self.number = number
        self.category = category
        self.name = self.plain(element.find("name"))
        self.pictures: dict[str, Picture] = {}
        self.extras = Extras()
        self._store = store
        self._warnings: dict[str, None] = {}
        self._unshown: dict[str, None] = {}
        text = element.find("questiontext")
        self._format = (text.get("format") if text is not None else "") or "html"

    def warn(self, message: str) -> None:
        """Say something once."""
        self._warnings[message] = None

    @property
    def warnings(self) -> tuple[str, ...]:
        """What was said, in order."""
        return tuple(self._warnings)

    def take_extras(self) -> None:
        """Read our own element, if there is one."""
        said = self.said(ELEMENT)
        found = extras_of(said) if said else None
        if said and found is None:
            self.warn(f"Elementet <{ELEMENT}> kan ikke læses og er sprunget over.")
        self.extras = found or Extras()

    def said(self, path: str) -> str:
        """The text of the first element there, or ""."""
        return (self.element.findtext(path) or "").strip(BLANK)

    def yes(self, name: str, *, default: bool) -> bool:
        """Whether an element says 1 or true; the default when there is none."""
        return self.said(name).lower() in _YES if self.element.find(name) is not None else default

    def plain(self, holder: Element | None) -> str:
        """A text without a format, as it stands; in very old files it stands right in the element."""
        if holder is None:
            return ""
        found = holder.find("text")
        return ((holder if found is None else found).text or "").strip(BLANK)

    def shown(self, holder: Element | None, *, pictures: bool = True) -> str:
        """A text with a format as Markdown; raises `InvalidContent` for what cannot be shown, and for pictures where they must
        not be."""
        raw = self.plain(holder)
        if holder is None or (not raw and holder.find("file") is None):
            return ""
        return self.formatted(raw, (holder.get("format") or self._format).strip(), files_of(holder), pictures=pictures)

    def formatted(self, raw: str, kind: str, files: dict[str, str], *, pictures: bool = True) -> str:
        """A text in one of Moodle's formats as Markdown."""
        code, inline = without_inline(raw)
        if len(code) > _LONGEST:
            raise InvalidContent(f"En tekst er længere end {_LONGEST:,} tegn. Del spørgsmålet op.".replace(",", "."))
        files = files | inline
        used: set[str] = set()

        def picture(address: str, words: str) -> Picture:
            if not pictures:
                raise InvalidContent(NOT_HERE)
            return self._picture(address, words, files, used)

        if kind == "markdown":
            text = self._own(code, picture)
        else:
            text, dropped = html_markdown.markdown(
                _as_html(code, kind), lambda address, words: picture(address, words).markdown(words)
            )
            if html_markdown.FORMULA.search(code):
                self.warn(html_markdown.FORMULA_TOLD)
            if dropped:
                self.warn(f"Udseendet fra disse HTML-koder er ikke taget med: {', '.join(dropped)}.")
            if odd := CONTROL.search(text):
                raise InvalidContent(f"HTML-teksten har usynlige styretegn (U+{ord(odd[0]):04X}). Slet dem.")
        self._unshown |= dict.fromkeys(name for name in files if name not in used)
        return text.strip(BLANK)

    def needed(self, holder: Element | None, what: str, *, plain: bool = False) -> str:
        """The text of an answer, which must not be empty; `what` is its Danish name."""
        return self.fitting(self.plain(holder) if plain else self.shown(holder, pictures=False), what)

    def fitting(self, text: str, what: str) -> str:
        """The text, if it is neither empty nor too long."""
        if not text:
            raise InvalidContent(f"{what} mangler tekst. Skriv den, eller slet svaret.")
        if len(text) > MOST_CHARACTERS:
            raise InvalidContent(f"{what} er for langt. Der må være højst {MOST_CHARACTERS} tegn. Gør det kortere.")
        return text

    def literal(self, text: str) -> str:
        """A text that is shown as it is written; HTML in it is told."""
        if TAG.search(text):
            self.warn("Et svar har HTML-koder, som vises, som de er skrevet. Ret det.")
        return text

    def fraction(self, answer: Element) -> float:
        """The share of the mark that an answer says in per cent."""
        said = (answer.get("fraction") or "0").strip().replace(",", ".")
        return self.share_of(said)

    def share_of(self, percent: str) -> float:
        """The share that a number of per cent is; exact, as in 33.33333."""
        try:
            value = Decimal(percent)
        except InvalidOperation:
            value = Decimal(1_000)
        if not value.is_finite() or abs(value) > 100:
            raise InvalidContent(f"Vægten »{percent[:20]}« skal være et tal mellem -100 og 100. Ret den.")
        return float(value / 100)

    def at_least_none(self, fraction: float) -> float:
        """For written answers: nothing for less than nothing."""
        if fraction < 0:
            self.warn("En negativ vægt er blevet til 0, fordi et forkert svar ikke koster point her.")
        return max(fraction, 0.0)

    def parts(self, count: int) -> list[str]:
        """Ids for options, pairs or items: those we kept when they fit, else letters."""
        kept = self.extras.parts
        if kept and len(kept) == count == len(set(kept)):
            return list(kept)
        if kept:
            self.warn("Svarenes id'er passer ikke længere til svarene og er erstattet af a, b, c …")
        return list(PART_IDS[:count])

    def common(self, shuffle: bool | None = None, text: str | None = None) -> dict[str, Any]:
        """The fields that every kind has; the id is for now. `shuffle` is what the file shows, `text` a
        text that was read already."""
        if shuffle is None:
            shuffle = self.extras.shuffle is not False
        if text is None:
            text = self.shown(self.element.find("questiontext")) + self.old_picture()
        return {
            "id": f"moodle-{self.number}",
            "text": self._whole(text),
            "feedback": self.shown(self.element.find("generalfeedback")),
            "points": self.points(1.0),
            "tags": self._tags(),
            "sources": self.extras.sources,
            "shuffle": shuffle,
        }

    def _whole(self, text: str) -> str:
        """The text of a question, if it is neither empty nor too long."""
        if not text.strip(BLANK):
            raise InvalidContent("Spørgsmålet har ingen tekst. Skriv den i Moodle, og eksportér igen.")
        if len(text) > MOST_CHARACTERS:
            raise InvalidContent(
                f"Spørgsmålets tekst er for lang. Der må være højst {MOST_CHARACTERS} tegn. Gør den kortere."
            )
        return text

    def old_picture(self) -> str:
        """The picture that files of before Moodle 2 keep in `<image>` and `<image_base64>`."""
        name, data = self.said("image"), self.said("image_base64")
        if not name:
            return ""
        if not data:
            raise InvalidContent(MISSING.format(name[:60]))
        return "\n\n" + self._picture(f"{_ANY_FILE}/{name}", "", {name: data}, set()).markdown("")

    def leave(self) -> None:
        """Say what the file has and we have no place for."""
        left = [danish for danish, there in self._left() if there]
        if left:
            self.warn(f"Har ingen plads her og er ikke taget med: {', '.join(left)}.")
        if self._unshown:
            names = ", ".join(f"»{name[:40]}«" for name in list(self._unshown)[:5])
            self.warn(f"Filer, som teksterne ikke viser, er ikke taget med: {names}.")
        if self.yes("hidden", default=False):
            self.warn("Spørgsmålet er skjult i Moodle.")

    def _left(self) -> list[tuple[str, bool]]:
        hints = any(self.plain(hint) or self.plain(hint.find("hintcontent")) for hint in self.element.findall("hint"))
        combined = [
            self.plain(self.element.find(name))
            for name in ("correctfeedback", "partiallycorrectfeedback", "incorrectfeedback")
        ]
        penalty = number_of(self.said("penalty") or "0")
        return [
            ("ledetråde", hints),
            ("tilbagemelding for hele svaret", any(text and _bare(text) not in _DEFAULTS for text in combined)),
            ("fradrag for nye forsøg", penalty is None or not any(abs(penalty - one) < 0.005 for one in _PENALTIES)),
        ]

    def _own(self, text: str, picture: Callable[[str, str], Picture]) -> str:
        """Markdown, with the names of our pictures for those of Moodle's files."""
        pieces, last = [], 0
        for match in _FILE_ADDRESS.finditer(text):
            opening = text.rfind("![", last, match.start())
            words = text[opening + 2 : match.start() - 2]
            if opening < 0 or "]" in words or "\n" in words:
                raise InvalidContent(LINKED)
            pieces += [text[last : match.start()], f"picture:{picture(match[1], words).sha256}"]
            last = match.end()
        text = "".join([*pieces, text[last:]])
        if _ANY_FILE in text:
            raise InvalidContent(LINKED)
        if any(name not in self.pictures for name in _PICTURE_ADDRESS.findall(text)):
            self.warn("Teksten viser et billede, som ikke følger med i filen. Sæt det ind igen.")
        if TAG.search(text):
            self.warn("Teksten har HTML-koder, som vises, som de er skrevet. Ret dem til Markdown.")
        return text

    def _picture(self, address: str, words: str, files: dict[str, str], used: set[str]) -> Picture:
        name = name_in(address)
        if name is None:
            raise InvalidContent(ELSEWHERE.format(address[:60] or "uden adresse"))
        if name not in files:
            raise InvalidContent(MISSING.format(name[:60]))
        used.add(name)
        picture = self._store.prepared(files[name])
        self.pictures[picture.sha256] = picture
        if not words.strip():
            self.warn("Et billede har ingen beskrivelse for dem, der ikke kan se det. Skriv den i teksten.")
        return picture

    def points(self, default: float) -> float:
        """What the question gives; the default without a number in the file."""
        said = self.said("defaultgrade")
        points = number_of(said) if said else default
        if points is not None and 0 < points <= 100:
            return points
        self.warn(f"»{said[:20]}« point er blevet til 1, fordi et spørgsmål giver mere end 0 og højst 100.")
        return 1.0

    def _tags(self) -> tuple[str, ...]:
        found = self.element.findall("tags/tag") + self.element.findall("coursetags/tag")
        said = [text for text in map(self.plain, found) if text]
        for tag in said:
            if key_of(tag) != tag:
                became = f"blevet til »{key_of(tag)}«" if key_of(tag) else "ikke taget med"
                self.warn(f"Emnet »{tag[:80]}« er {became}, fordi emner har små bogstaver og tal.")
        return tuple(filter(None, map(key_of, said)))


def _as_html(text: str, kind: str) -> str:
    """A text in one of the formats that Moodle makes HTML of; it takes what it does not know for HTML."""
    if kind == "plain_text":
        return html.escape(text, quote=False).replace("\n", "<br>")
    if kind == "moodle_auto_format":
        return _TAG_OR_BREAK.sub(lambda match: "<br>" if match[0] == "\n" else match[0], text)
    return text


def _bare(text: str) -> str:
    return re.sub(r"<[^<>]*>|[\s.!]+", " ", html.unescape(text)).strip().casefold()


_PENALTIES = (0.0, 0.1, 1 / 3, 1.0)  # what Moodle sets by itself, now and formerly
# What Moodle itself writes (core_question, correctfeedbackdefault and so on), and what says the same in Danish.
_DEFAULTS = frozenset(
    ["your answer is correct", "your answer is partially correct", "your answer is incorrect", "dit svar er rigtigt",
     "dit svar er delvist rigtigt", "dit svar er forkert", "dit svar er korrekt", "dit svar er delvist korrekt",
     "svaret er rigtigt", "svaret er delvist rigtigt", "svaret er forkert"]
)  # fmt: skip
