"""QTI 3.0, 1EdTech's format for questions and tests: `read` and `write`.

- Read are single items and content packages (zip): choice, text entry, inline choice, match, order and extended text
  interactions. What an answer is worth is found by running the item's response processing (`qti_scoring`), so a question is only
  taken when its key is sure; a warning tells where partly right answers are worth something else here.
- Refused by name: adaptive items, templates, shared stimuli, other interactions, several tasks in one, formulas, sound.
- Written is a package of one item a question, a test that lists them, and the pictures. What QTI has no place for (sources,
  tags, ids, feedback on written answers …) stands beside the item in `<item>.aiunivers.json`. `read` takes it back as long as
  the item still says the same; else the item counts, and a warning says so. Prompt practice is not written.
"""

from courses.exchange.qti_reader import read
from courses.exchange.qti_writer import write

__all__ = ["read", "write"]
