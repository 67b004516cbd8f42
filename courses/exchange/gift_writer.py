"""Questions written as GIFT. What GIFT has no place for stands in comments, and a warning names what Moodle will not see."""

from collections.abc import Callable, Iterable
from typing import Any

from courses.errors import InvalidContent
from courses.exchange.fitting import ODD_SIGNS, fitting
from courses.exchange.gift_syntax import (
    ARROWS,
    BLANK,
    FORMAT,
    MOST_ANSWERS,
    PART_IDS,
    UNUSABLE,
    Note,
    escaped,
    known_weight,
    number,
    weight,
)
from courses.exchange.imported import Written
from courses.picture import named_in
from courses.question import (
    Accepted,
    Essay,
    Figure,
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)


def write(questions: Iterable[Question], category: str = "") -> Written:
    """The questions as one GIFT file, in `category` where there is one; what GIFT cannot hold is left out with a warning."""
    blocks = [f"$CATEGORY: {' '.join(category.split())}\n".replace("\\", "\\\\")] if category.strip() else []
    warnings: list[str] = []
    for question in questions:
        try:
            block, told = _block(question)
        except InvalidContent as error:
            warnings.append(f"{question.id}: Ikke skrevet. {error}")
        else:
            blocks.append(block)
            warnings += [f"{question.id}: {one}" for one in told]
    return Written("\n".join(blocks), tuple(warnings))


def _block(question: Question) -> tuple[str, list[str]]:
    answers = _ANSWERS.get(type(question))
    if answers is None:
        raise InvalidContent(f"GIFT har ikke typen »{Kind(question.type).danish}«.")
    fit = fitting(question, _trimmed)
    sheet = _Sheet(_arrow(fit))
    if fit != question:
        sheet.warnings.append("Mellemrum og linjeskift i begyndelsen og slutningen af en tekst er ikke skrevet.")
    sheet.common(fit)
    sheet.pictures(fit)
    opening, *lines = answers(fit, sheet)
    if len(lines) > MOST_ANSWERS:
        raise InvalidContent(f"Der er {len(lines)} svar. Der må være højst {MOST_ANSWERS}.")
    if fit.feedback:
        lines.append(f"####{sheet.text(fit.feedback)}")
    inside = opening + "".join(f"\n\t{line}" for line in lines) + ("\n" if lines else "")
    comments = "".join(f"// {comment}\n" for comment in sheet.comments)
    return f"{comments}::{fit.id}::[markdown]{escaped(fit.text)}{{{inside}}}\n", sheet.told


def _trimmed(text: str, _field: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n").strip(BLANK)
    if UNUSABLE.search(text):
        raise InvalidContent(ODD_SIGNS)
    return text


def _arrow(question: Question) -> str:
    """A sign that stands for "->" where that would be taken for a pair; "" where it would not."""
    match question:
        case Matching():
            texts = [pair.left for pair in question.pairs]
        case ShortText():
            texts = [text for one in question.accepted for text in (one.text, one.feedback)]
        case _:
            texts = []
    if not any("->" in text for text in texts):
        return ""
    everything = question.model_dump_json()
    for arrow in ARROWS:
        if arrow not in everything:
            return arrow
    raise InvalidContent("GIFT kan ikke skrive -> her. Brug en pil som → i teksten.")


class _Sheet:
    """What is written of one question besides its answers: `comments`, and the warnings that are `told`."""

    def __init__(self, arrow: str) -> None:
        self.comments: list[str] = []
        self.warnings: list[str] = []
        self._unseen: list[str] = []
        self._arrow = arrow
        if arrow:
            self.keep(Note("arrow", arrow))
            self.warnings.append(f"I svarene er -> skrevet som {arrow}. Moodle viser og kræver det i stedet.")

    @property
    def told(self) -> list[str]:
        """The warnings, and what only our own reader takes from comments."""
        if not self._unseen:
            return self.warnings
        return [*self.warnings, f"Står kun i kommentarer, som Moodle springer over: {', '.join(self._unseen)}."]

    def pictures(self, question: Question) -> None:
        """GIFT holds no pictures: only the name of each stands there, which nobody else can look up."""
        if named_in(question.model_dump_json()):
            self.warnings.append("Billederne følger ikke med i GIFT. Brug Moodle XML, hvis de skal med.")

    def keep(self, note: Note, unseen: str = "") -> None:
        """Put something into a comment; `unseen` is its Danish name where a user of Moodle would miss it."""
        self.comments.append(str(note))
        if unseen and unseen not in self._unseen:
            self._unseen.append(unseen)

    def common(self, question: Question) -> None:
        """The fields that every kind has, but for the texts."""
        tags = (Note("tag", tag) for tag in question.tags)
        self.comments.append(" ".join(map(str, (Note("id", question.id), *tags))))
        if question.points != 1:
            self.keep(Note("points", number(question.points)), "point")
        if not question.shuffle and not isinstance(question, TrueFalse):
            self.keep(Note("shuffle", "no"), "fast rækkefølge af svarene")
        for one in question.sources:
            self.keep(Note("source", f"{one.source}#{one.section}", one.quote), "kilder")

    def parts(self, ids: list[str]) -> None:
        """Ids of options or pairs that the reader would not give by itself."""
        if ids != list(PART_IDS[: len(ids)]):
            self.comments.append(" ".join(str(Note("part", one)) for one in ids))

    def plain(self, text: str) -> str:
        """A text in a place that has no formats."""
        return escaped(text.replace("->", self._arrow) if self._arrow else text)

    def text(self, text: str) -> str:
        """A Markdown text; the question has said so, unless the text itself looks like a format or a weight."""
        return ("[markdown]" if FORMAT.match(text) or text.startswith("%") else "") + self.plain(text)

    def answer(self, start: str, text: str, feedback: str) -> str:
        """An answer with its feedback; `text` is in its written form."""
        return start + text + (f"#{self.text(feedback)}" if feedback else "")

    def weight(self, fraction: float) -> str:
        """The written weight."""
        if not known_weight(fraction):
            self.warnings.append(
                f"Moodle kender ikke vægten {weight(fraction)}. Vælg den nærmeste karakter ved import."
            )
        return weight(fraction)

    def best(self, answers: tuple[Accepted, ...] | tuple[Figure, ...]) -> None:
        """Moodle wants an answer that gives the whole mark."""
        if not any(one.fraction == 1.0 for one in answers):
            self.warnings.append("Intet svar giver alle point. Moodle kræver et, der giver 100 %.")


def _single(question: SingleChoice, sheet: _Sheet) -> list[str]:
    sheet.parts([option.id for option in question.options])
    lines = [""]
    for option in question.options:
        # Without a ~ Moodle would take the question for a short answer, so only the first right option gets a =.
        start = "=" if option.fraction == 1.0 and not any(line.startswith("=") for line in lines) else "~"
        worth = sheet.weight(option.fraction) if start == "~" and option.fraction else ""
        lines.append(sheet.answer(start + worth, sheet.text(option.text), option.feedback))
    return lines


def _multiple(question: MultipleChoice, sheet: _Sheet) -> list[str]:
    sheet.parts([option.id for option in question.options])
    right = sum(option.correct for option in question.options)
    if not right:
        sheet.keep(Note("key", "none"))
        sheet.warnings.append("Moodle tager ikke imod et spørgsmål, hvor intet svar er rigtigt.")
    plus, minus = 1 / max(right, 1), -1 / max(len(question.options) - right, 1)
    return [""] + [
        sheet.answer(f"~{sheet.weight(plus if one.correct else minus)}", sheet.text(one.text), one.feedback)
        for one in question.options
    ]


def _true_false(question: TrueFalse, sheet: _Sheet) -> list[str]:
    right, wrong = question.feedback_true, question.feedback_false
    if not question.answer:
        right, wrong = wrong, right
    feedback = f"#{sheet.text(wrong)}" if wrong or right else ""
    feedback += f"#{sheet.text(right)}" if right else ""
    return [f"{str(question.answer).upper()}{feedback}"]


def _matching(question: Matching, sheet: _Sheet) -> list[str]:
    sheet.parts([pair.id for pair in question.pairs])
    pairs = [f"={sheet.text(pair.left)} -> {sheet.plain(pair.right)}" for pair in question.pairs]
    return ["", *pairs, *(f"= -> {sheet.plain(right)}" for right in question.distractors)]


def _short_text(question: ShortText, sheet: _Sheet) -> list[str]:
    if question.case_sensitive:
        sheet.keep(Note("case", "exact"), "forskel på store og små bogstaver")
    sheet.best(question.accepted)
    lines = [""]
    for one in question.accepted:
        prefix = "[plain]" if FORMAT.match(one.text) else ""
        text = prefix + sheet.plain(one.text.replace("*", "\\*"))  # a bare * is anything in Moodle
        lines.append(sheet.answer(f"={sheet.weight(one.fraction)}", text, one.feedback))
    return lines


def _numeric(question: Numeric, sheet: _Sheet) -> list[str]:
    if question.unit:
        sheet.keep(Note("unit", question.unit), "enhed")
    sheet.best(question.figures)
    return ["#"] + [
        sheet.answer(f"={sheet.weight(one.fraction)}", f"{number(one.value)}:{number(one.tolerance)}", one.feedback)
        for one in question.figures
    ]


def _essay(question: Essay, sheet: _Sheet) -> list[str]:
    for one in question.rubric:
        sheet.keep(Note("criterion", f"{one.id}={number(one.points)}", one.text), "bedømmelseskriterier")
    if question.model_answer:
        sheet.keep(Note("answer", "", question.model_answer), "modelsvar")
    sheet.keep(Note("words", str(question.most_words)), "højeste antal ord")
    return [""]


# Each gives what stands right behind the opening brace, and a line an answer.
_ANSWERS: dict[type, Callable[[Any, _Sheet], list[str]]] = {
    SingleChoice: _single,
    MultipleChoice: _multiple,
    TrueFalse: _true_false,
    Matching: _matching,
    ShortText: _short_text,
    Numeric: _numeric,
    Essay: _essay,
}
