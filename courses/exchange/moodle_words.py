"""Texts with selected or dragged words in Moodle: `[[1]]` is a gap for the first word, chosen among the words of its group."""

import re

from courses.errors import InvalidContent
from courses.exchange.gift_syntax import MOST_ANSWERS, PART_IDS
from courses.exchange.moodle_cloze import MOST_GAPS, ONE_ANSWER, list_text, with_gaps
from courses.exchange.moodle_draft import Draft
from courses.question import Cloze, Gap, Option

_WORD = re.compile(r"\[\[([0-9]{1,3})\]\]")


def word_gaps(draft: Draft) -> Cloze:
    """The question of a `gapselect` or `ddwtos` element: each gap is chosen among the words of its group."""
    holder = draft.element.find("questiontext")
    words = draft.element.findall("selectoption") + draft.element.findall("dragbox")
    if len(words) > MOST_ANSWERS:
        raise InvalidContent(f"Spørgsmålet har {len(words)} ord. Der må være højst {MOST_ANSWERS}. Del spørgsmålet op.")
    texts = [list_text(draft, draft.plain(word)) for word in words]
    groups = [(word.findtext("group") or "1").strip() for word in words]
    raw = draft.plain(holder)
    numbers = [int(match[1]) for match in _WORD.finditer(raw)]
    if not numbers or len(numbers) > MOST_GAPS or not all(1 <= number <= len(words) for number in numbers):
        raise InvalidContent("Hullerne [[1]], [[2]] … passer ikke til ordene. Ret dem i Moodle, og eksportér igen.")
    ids = [str(place + 1) for place in range(len(numbers))]
    gaps = []
    for key, number in zip(ids, numbers, strict=True):
        choices = [place for place, group in enumerate(groups) if group == groups[number - 1]]
        options = tuple(
            Option(id=f"{place + 1}", text=draft.fitting(texts[place], "Et ord"), fraction=float(place == number - 1))
            for place in choices
        )
        if len(options) > len(PART_IDS):
            raise InvalidContent(
                f"Hul {key} har {len(options)} ord at vælge imellem. Der må være højst {len(PART_IDS)}."
            )
        if len(options) == 1:
            draft.warn(ONE_ANSWER.format(key))
        gaps.append(Gap(id=key, options=options))
    common = draft.common(
        draft.yes("shuffleanswers", default=False), text=with_gaps(draft, holder, _WORD.split(raw)[::2], ids)
    )
    return Cloze(**common, gaps=tuple(gaps))
