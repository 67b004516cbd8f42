"""Questions read from GIFT: blocks between blank lines, their parts, and ids that are unique."""

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field

from courses.errors import InvalidContent
from courses.exchange.gift_answers import question_of
from courses.exchange.gift_draft import Draft
from courses.exchange.gift_syntax import BLANK, UNUSABLE, hidden, shown
from courses.exchange.imported import Imported, Reading, Refused
from courses.exchange.keys import Keys, key_of
from courses.question import Question

_CATEGORY = "$CATEGORY:"
_EXCERPT = 80

NO_ANSWERS = (
    "Her er en tekst uden svar i { }, så den er ikke et spørgsmål. Læg den i en lektion, eller skriv svar i { }."
)
BRACES = (
    "Skriv svarene i ét sæt tuborgparenteser { }. Der må ikke være tomme linjer inde i spørgsmålet, og tuborgparenteser i "
    "teksten skrives \\{ og \\}."
)
UNREADABLE = "Spørgsmålet har usynlige styretegn (U+{:04X}). Gem filen som tekst i tegnsættet UTF-8, og prøv igen."
NAME = "Navnet begynder med ::, men slutter ikke med ::. Skriv ::navn:: foran teksten, og skriv \\: for et kolon i teksten."
OUTSIDE = "En linje uden for { } begynder med ~ eller =. Svarene skal stå i { }, og i teksten skrives sådan et tegn \\~ og \\=."
COMMENT = (
    "// midt på en linje er ikke en kommentar i GIFT og er taget med som tekst. Slet det, hvis det ikke skal vises."
)
EMPTY = "Spørgsmålet har ingen tekst. Skriv den foran {."

# An answer outside the braces, and a comment behind something; an address has a colon (here also escaped) before its slashes.
_ANSWER_OUTSIDE = re.compile(r"^[ \t]*[~=]", re.MULTILINE)
_LATE_COMMENT = re.compile(r"(?<![:\w/\x01])//")


@dataclass
class _Block:
    """Lines without a blank one between them, each with its number; comments apart."""

    lines: deque[tuple[int, str]] = field(default_factory=deque)
    comments: list[str] = field(default_factory=list)


def read(text: str) -> Reading:
    """Every question of a GIFT file, imported or refused; raises nothing, whatever the text holds.

    Ids come from `[id:…]`, else from the name, else they are `gift-<number>`; one that is taken gets a number behind it.
    """
    category = ""
    found: list[tuple[Draft, Question]] = []
    refused: list[Refused] = []
    for block in _blocks(text):
        while block.lines and block.lines[0][1].startswith(_CATEGORY):
            category = _showable(block.lines.popleft()[1].removeprefix(_CATEGORY).strip(BLANK).replace("\\\\", "\\"))
        if not block.lines:
            continue
        line, first = block.lines[0]
        draft = Draft(line, len(found) + len(refused) + 1, category, block.comments)
        try:
            found.append((draft, _question(draft, "\n".join(content for _, content in block.lines))))
        except InvalidContent as error:
            refused.append(Refused(line, str(error), _showable(first[:_EXCERPT])))
    return Reading(tuple(_identified(found)), tuple(refused))


def _blocks(text: str) -> Iterator[_Block]:
    block = _Block()
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n")
    for place, line in enumerate([*lines, ""], 1):
        content = line.strip(BLANK)
        if content.startswith("//"):
            block.comments.append(content)
        elif content.strip():
            block.lines.append((place, content))
        else:
            yield block
            block = _Block()


def _showable(text: str) -> str:
    return UNUSABLE.sub("\ufffd", text)


def _question(draft: Draft, raw: str) -> Question:
    for part in (raw, *draft.comments):
        if odd := UNUSABLE.search(part):
            raise InvalidContent(UNREADABLE.format(ord(odd[0])))
    text = hidden(raw)
    if text.startswith("::"):
        name, end, text = text[2:].partition("::")
        if not end:
            raise InvalidContent(NAME)
        draft.name = shown(name)
    before, opened, rest = text.partition("{")
    answers, closed, after = rest.partition("}")
    if not opened and "}" not in before:
        raise InvalidContent(NO_ANSWERS)
    if not closed or "}" in before or "{" in answers or "{" in after or "}" in after:
        raise InvalidContent(BRACES)
    if _ANSWER_OUTSIDE.search(before) or _ANSWER_OUTSIDE.search(after):
        raise InvalidContent(OUTSIDE)
    if _LATE_COMMENT.search(text):
        draft.warn(COMMENT)
    if after.strip(BLANK):  # missing word
        before += "_____" + after
    kept, marked, general = answers.rpartition("####")
    draft.state(before, general if marked else "")
    if not draft.text:
        raise InvalidContent(EMPTY)
    return question_of(draft, (kept if marked else general).strip(BLANK))


def _identified(found: list[tuple[Draft, Question]]) -> list[Imported]:
    """The ids that comments give come first, as answers may hang on them."""
    keys = Keys()
    given = {draft.number: keys.unique(draft.id) for draft, _ in found if draft.id}
    imported = []
    for draft, question in found:
        key = given.get(draft.number) or keys.unique(key_of(draft.name) or f"gift-{draft.number}")
        wanted = draft.said("id")
        if wanted and wanted != key:
            draft.warn(
                f"Id »{wanted[:80]}« er blevet til »{key}«, fordi id'er har små bogstaver og tal og kun bruges én gang."
            )
        question = question.model_copy(update={"id": key})
        imported.append(Imported(question, draft.name, draft.category, draft.line, draft.warnings))
    return imported
