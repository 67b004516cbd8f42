"""GIFT, Moodle's plain text for questions: `read` and `write`.

The rules are those of Moodle's `question/format/gift/format.php`, its oddities included, so that a file means here what it means
there. Where Moodle would guess or lose something, the question is refused or a warning says what happened.

- Our texts are Markdown. `[markdown]` is taken as it stands; in `[plain]`, `[moodle]` and texts without a format, signs that
  Markdown would swallow are escaped, so that they show as in Moodle; `[html]` is made Markdown. Right sides of pairs and written
  answers have no format. Lines and texts lose the blanks at their edges, as in Moodle; a comment line inside a text leaves no
  trace. Weights have five decimals of a per cent.
- What GIFT has no place for (points, fixed order, sources, rubrics …) is written in comments `// [name:value]`, see
  `gift_syntax`. Moodle skips them (it reads `[id:…]` and `[tag:…]`); `read` takes them back, so that nothing is lost on the way
  from us to us.
- Not written: ordering, cloze and prompt practice. Not read: texts without answers, pictures, asterisks for "anything". Feedback
  for any other answer (`~#…`, `=%0%*#…`) is left out with a warning.
"""

from courses.exchange.gift_reader import read
from courses.exchange.gift_writer import write

__all__ = ["read", "write"]
