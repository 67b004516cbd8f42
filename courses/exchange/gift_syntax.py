"""How GIFT is spelt: escapes, formats and weights, and the comments in which we keep what it has no place for.

// [id:cpr-1] [tag:cpr]                   read by Moodle, too
// [points:2] [shuffle:no] [unit:kr.]     fields of the question; also [case:exact], [words:300]
// [key:none]                             multiple choice: no option is right
// [part:ja] [part:nej]                   ids of options or pairs in their order, unless they are a, b, c …
// [arrow:→]                              this sign stands for "->", which GIFT cannot write everywhere
// [source:kodeks#regel-1] Exact quote
// [criterion:klarhed=2] What is looked for
// [answer:] Model answer of an essay
"""

import math
import re
from dataclasses import dataclass

BLANK = " \t\n"  # what Moodle trims; a no-break space stays
FORMAT = re.compile(r"\[(html|markdown|plain|moodle)\]")
WEIGHT = re.compile(r"%(-*[0-9]{1,2}\.?[0-9]*)%")
ALMOST_WEIGHT = re.compile(r"%[ \t]*[-+]?[0-9]{1,3}[.,]?[0-9]{0,6}[ \t]*%")
# Control characters and halves of characters: no text needs them, and UTF-8 and PostgreSQL cannot keep them all.
UNUSABLE = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")
ARROWS = "→⟶➔➜⇾"
# Moodle imports no other weights (question_bank::fraction_options_full), and the same below 0.
_MOODLE_WEIGHTS = (
    0, 1, 0.9, 0.8333333, 0.8, 0.75, 0.7, 0.6666667, 0.6, 0.5, 0.4, 0.3333333, 0.3, 0.25, 0.2, 0.1666667, 0.1428571, 0.125,
    0.1111111, 0.1, 0.05,
)  # fmt: skip
PART_IDS = "abcdefghijklmnopqrst"
MOST_ANSWERS = 1_000

_NUMBER = re.compile(r"[+-]?(?:[0-9]{1,20}(?:\.[0-9]{0,40})?|\.[0-9]{1,40})(?:[eE][+-]?[0-9]{1,3})?")
_ESCAPED = str.maketrans({"\n": "\\n"} | {char: f"\\{char}" for char in "\\#=~{}:"})
# Escaped characters are control characters while the structure is looked for; a text that has some of its own is refused first.
_HIDDEN = {"\\": "\\"} | dict(zip(":#={}~n", "\x01\x02\x03\x04\x05\x06\x07", strict=True))
_SHOWN = str.maketrans("\x01\x02\x03\x04\x05\x06\x07", ":#={}~\n")
_ESCAPE = re.compile(r"\\([\\:#={}~n])")

# An escaped bracket begins nothing, so that a search never runs over the same text twice.
_NOTE = re.compile(
    r"(?<!\\)\[(id|tag|points|shuffle|unit|case|words|key|part|arrow|source|criterion|answer):((?:\\.|[^\[\]\\])*+)\]"
)
_WITH_TEXT = frozenset(["source", "criterion", "answer"])
# The colon too, or Moodle would find a tag in a quote that has "[tag:x]" in it.
_NOTE_ESCAPED = str.maketrans({"\n": "\\n"} | {char: f"\\{char}" for char in "\\[]:"})
_NOTE_ESCAPE = re.compile(r"\\([\\\[\]:n])")


@dataclass(frozen=True)
class Note:
    """Something a comment says; `text` is the rest of the line, where the name takes one."""

    name: str
    value: str
    text: str = ""

    def __str__(self) -> str:
        line = f"[{self.name}:{self.value.translate(_NOTE_ESCAPED)}]"
        return f"{line} {self.text.translate(_NOTE_ESCAPED)}" if self.text else line


def notes(comment: str) -> list[Note]:
    """What a comment line says; anything else in it is for people."""
    content = comment.removeprefix("//").strip(BLANK)
    first = _NOTE.match(content)
    if first and first[1] in _WITH_TEXT:
        return [Note(first[1], _noted(first[2]), _noted(content[first.end() :].strip(BLANK)))]
    return [Note(match[1], _noted(match[2]).strip(BLANK)) for match in _NOTE.finditer(content)]


def _noted(text: str) -> str:
    return _NOTE_ESCAPE.sub(lambda match: "\n" if match[1] == "n" else match[1], text)


def escaped(text: str) -> str:
    """The text as it stands in a file, on one line."""
    return text.translate(_ESCAPED)


def hidden(text: str) -> str:
    """The text with every escaped character out of sight, so that those left are structure; `shown` brings them back."""
    return _ESCAPE.sub(lambda match: _HIDDEN[match[1]], text)


def shown(text: str) -> str:
    """The text that a piece of structure stands for."""
    return text.translate(_SHOWN).strip(BLANK)


def number_of(text: str) -> float | None:
    """The number a text is, with a decimal point; None when it is none, or not finite."""
    value = float(text) if _NUMBER.fullmatch(text) else math.inf
    return value if math.isfinite(value) else None


def number(value: float) -> str:
    """The shortest text that reads back as the same number."""
    return repr(float(value)).removesuffix(".0")


def weight(fraction: float) -> str:
    """`%50%` for a half; five decimals, as in Moodle."""
    return f"%{f'{round(fraction * 100, 5) + 0.0:.5f}'.rstrip('0').rstrip('.')}%"


def known_weight(fraction: float) -> bool:
    """Whether Moodle has this share among the weights of answers."""
    return any(math.isclose(abs(fraction), known, abs_tol=1e-6) for known in _MOODLE_WEIGHTS)
