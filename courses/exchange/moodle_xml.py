"""Moodle XML: `read` and `write`.

The rules are those of Moodle's `question/format/xml/format.php` and of the question types it calls, so that a file means here
what it means there. What we cannot hold is refused, or a warning names it.

- Texts in HTML, Moodle's own format and plain text are made Markdown, with their pictures and simple tables; Markdown is taken as
  it stands. Pictures may stand in the text and in feedback, not in answers. Texts lose the blanks at their edges, as in Moodle.
- Read: multiple choice (also of the plug-ins multichoiceset and oumultiresponse), true or false, short answer, numerical,
  matching, ordering, essay, cloze but for gaps with several answers, and selected or dragged words as gaps.
- Written: every kind but prompt practice; ordering needs Moodle 4.4. Texts are written as Markdown. The ID number is our id. What
  Moodle has no place for stands in an element of our own, see `moodle_extras`; a file that went through Moodle has lost it.
"""

from courses.exchange.moodle_reader import read
from courses.exchange.moodle_writer import write

__all__ = ["read", "write"]
