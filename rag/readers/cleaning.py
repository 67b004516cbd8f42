"""Text cleaning shared by all readers: characters, white space, and lines that were wrapped."""

import re
import unicodedata
from collections.abc import Sequence

SOFT_HYPHEN = "\u00ad"

LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st"}

# Word writes bullets in the Symbol and Wingdings fonts, which land in the private use area.
SYMBOL_BULLETS = {"\uf0b7": "•", "\uf0a7": "•", "\uf076": "•", "\uf0d8": "•", "\uf0fc": "•", "\uf02d": "-"}

BULLET = re.compile(r"^(?:[•●○▪■◦‣⁃·*]|[-–—](?=\s))\s*")
NUMBERED = re.compile(r"^(?:\(?\d{1,3}[.)]|\(?[a-zæøå][.)])\s+")

# Words after a hyphen that joins two compounds with a common last part: "børne- og ungeområdet".
COORDINATORS = frozenset({"og", "eller", "samt", "såvel", "men", "til", "og/eller", "hhv.", "henholdsvis"})

ENDS_SENTENCE = re.compile(r"[.!?:…][\"'”’»)\]]*$")


def clean_text(text: str) -> str:
    """Return the text in NFC with only visible characters, spaces, tabs and "\\n".

    Control, bidirectional and other invisible characters, NUL, private-use characters and unpaired
    surrogates go; ligatures become letters; every kind of space becomes a space and every kind of
    line break "\\n". A soft hyphen survives only at the end of a line, where ``join_lines`` needs it.
    """
    text = text.replace("\r\n", "\n")
    text = re.sub(f"{SOFT_HYPHEN}(?![ \t]*(?:\n|$))", "", text)
    # Only the characters that occur are classified, so a long text costs one pass in C.
    table = {ord(char): _replacement(char) for char in set(text)}
    return unicodedata.normalize("NFC", text.translate(table))


def _replacement(char: str) -> str:
    if char in "\n\t" or char == SOFT_HYPHEN:
        return char
    if char in LIGATURES:
        return LIGATURES[char]
    if char in SYMBOL_BULLETS:
        return SYMBOL_BULLETS[char]
    if char in "\r\x0b\x85\u2028":
        return "\n"
    if char in "\x0c\u2029":
        return "\n\n"
    category = unicodedata.category(char)
    if category == "Zs":
        return " "
    if category in {"Cc", "Cf", "Co", "Cs", "Cn"} or "\ufe00" <= char <= "\ufe0f":
        return ""
    return char


def one_line(text: str) -> str:
    """Return cleaned text with each run of white space as one space and no soft hyphens."""
    return " ".join(text.replace(SOFT_HYPHEN, "").split())


def join_lines(lines: Sequence[str]) -> str:
    """Join the lines of one paragraph, mending words that were divided at a line's end."""
    pieces: list[str] = []
    for line in lines:
        line = line.strip()
        if not line:
            continue
        if pieces:
            pieces[-1] = _before(pieces[-1], line)
        pieces.append(line)
    return one_line("".join(pieces))


def _before(line: str, following: str) -> str:
    """Return a line as it stands before the following one: with a space, a hyphen, or neither at its end.

    A hyphen at a line's end is a division mark only when both sides are ordinary lower-case letters.
    It stays in acronym compounds (AI-taskforce), before capitals and digits (covid-19), and in
    coordinated compounds (børne- og ungeområdet). A wrong guess leaves the hyphen rather than
    removing one, because a quote must look like the source.
    """
    if line.endswith(SOFT_HYPHEN):
        return line[:-1]
    if not line.endswith(("-", "\u2010")):
        return f"{line} "
    stem = re.split(r"[\s\-\u2010/(]", line[:-1])[-1]
    first_word = following.split(maxsplit=1)[0]
    if not stem or first_word.rstrip(",;") in COORDINATORS:
        return f"{line} "
    if len(stem) == 1 or not stem[-1].islower() or not following[0].islower() or any(map(str.isdigit, stem)):
        return line
    return line[:-1]


def ends_sentence(text: str) -> bool:
    """True when the text ends in a full stop, question mark, colon or the like."""
    return ENDS_SENTENCE.search(text) is not None


def breaks_early(line: str, following: str, width: float, indent: float = 0.0) -> bool:
    """True when a line was ended on purpose: the next word would have fitted into the column.

    ``width`` is the column's width and ``indent`` the line's own indent, both in characters. Twenty per
    cent are left as slack, since letters differ in width.
    """
    first_word = following.split(maxsplit=1)[0] if following.strip() else ""
    return indent + len(line) + 1 + len(first_word) < 0.8 * width
