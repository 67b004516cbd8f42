"""Rules of the quality gate about options: can the key be guessed without knowing anything?

The flaws are those of T. M. Haladyna, S. M. Downing and M. C. Rodriguez, A Review of Multiple-Choice Item-Writing Guidelines
(2002).
"""

import re
import unicodedata
from collections.abc import Iterator
from statistics import mean

from courses.authoring.finding import Finding, Rule, found
from courses.authoring.wording import Choice, choices, shown
from courses.question import Matching, MultipleChoice, Ordering, Question, SingleChoice, TrueFalse

LONGER = 1.5  # times the mean length of the wrong options
LEAST_KEY = 30  # characters; among shorter options a difference of a word says nothing
_ABSOLUTE = re.compile(
    r"\b(?:altid|aldrig|alle|alt|ingen|intet|ingenting|kun|udelukkende|enhver|ethvert|samtlige|uanset)\b", re.IGNORECASE
)
_STRONG = re.compile(
    r"\b(?:altid|aldrig|udelukkende|enhver|ethvert|samtlige|under ingen omstændigheder)\b", re.IGNORECASE
)
_OTHERS = re.compile(
    r"""
    ^\W*(?:(?:alle|ingen|begge|intet|alt)(?:\ af)?(?:\ det?)?\ (?:andre\ )?
        (?:ovenstående|ovennævnte|nævnte|foregående|svar(?:ene)?|(?:svar)?mulighed\w*|ovenfor)
        (?:\ svar(?:ene)?|\ (?:svar)?mulighed\w*)?(?:\ ovenfor)?(?:\ er\ (?:rigtige?|forkerte?))?
    | (?:alle|ingen|begge)\ er\ (?:rigtige|forkerte))\W*$
    """,
    re.IGNORECASE | re.VERBOSE,
)
_LETTERS = re.compile(r"^\W*(?:(?:både|svar) )?[a-h](?:, [a-h])* og [a-h](?: er rigtige)?\W*$", re.IGNORECASE)
_MIXED = ", men svarene blandes, så det kan stå hvor som helst."


def option_findings(question: Question) -> Iterator[Finding]:
    """What the options of a question give away."""
    yield from _same(question)
    yield from _others(question)
    yield from _all_right(question)
    yield from _longest(question)
    yield from _absolute(question)


def _same(question: Question) -> Iterator[Finding]:
    for texts in _lists(question):
        seen: dict[str, str] = {}
        for text in texts:
            other = seen.setdefault(_bare(text), text)
            if other is not text:
                yield found(
                    Rule.SAME_OPTIONS,
                    question,
                    "stop",
                    f"“{shown(other)}” og “{shown(text)}” er det samme svar.",
                    "Ret det ene, så der er forskel på dem, eller tag det ud.",
                )
                return


def _lists(question: Question) -> Iterator[tuple[str, ...]]:
    """Texts that must differ from each other."""
    for choice in choices(question):
        yield choice.every
    if isinstance(question, Ordering):
        yield tuple(item.text for item in question.items)
    if isinstance(question, Matching):
        yield tuple(pair.left for pair in question.pairs)
        yield question.choices


def _bare(text: str) -> str:
    """A text without what does not make a difference: case, punctuation and white space. Signs such as + and % do."""
    folded = unicodedata.normalize("NFC", text).casefold()
    kept = "".join(" " if unicodedata.category(sign)[0] in "PZ" and sign not in "%§" else sign for sign in folded)
    return " ".join(kept.split()) or folded


def _others(question: Question) -> Iterator[Finding]:
    if not isinstance(question, SingleChoice | MultipleChoice):
        return
    for choice in choices(question):
        for text in choice.every:
            if _OTHERS.match(text) or _LETTERS.match(text):
                # "A og B" may be two things by those names; "alle ovenstående" is nothing else than the other options
                mixed = question.shuffle and not _LETTERS.match(text)
                yield found(
                    Rule.ALL_OF_THE_ABOVE,
                    question,
                    "stop" if mixed else "look",
                    f"Svaret “{shown(text)}” henviser til de andre svar{_MIXED if mixed else '.'}",
                    "Skriv svaret helt ud, eller lav spørgsmålet om til Flere svar, så deltageren sætter krydserne selv.",
                )
                return


def _all_right(question: Question) -> Iterator[Finding]:
    if isinstance(question, MultipleChoice):
        correct = sum(option.correct for option in question.options)
        if correct == len(question.options):
            yield found(
                Rule.ALL_RIGHT,
                question,
                "look",
                "Alle svar er rigtige. Den, der bare sætter kryds ved alt, får fuldt hus.",
                "Tilføj mindst ét svar, der er forkert og ser rimeligt ud.",
            )
    if isinstance(question, SingleChoice) and all(option.fraction == 1.0 for option in question.options):
        yield found(
            Rule.ALL_RIGHT,
            question,
            "stop",
            "Alle svar giver fuldt hus, så spørgsmålet prøver ingenting.",
            "Vælg det ene svar, der er rigtigt.",
        )


def _longest(question: Question) -> Iterator[Finding]:
    for choice in choices(question):
        if not choice.right or not choice.wrong or min(map(len, choice.right)) < LEAST_KEY:
            continue
        right, wrong = mean(map(len, choice.right)), mean(map(len, choice.wrong))
        if right >= LONGER * wrong and min(map(len, choice.right)) > max(map(len, choice.wrong)):
            times = f"{right / wrong:.1f}".replace(".", ",")
            yield found(
                Rule.KEY_LONGEST,
                question,
                "look",
                f"Det rigtige svar er {times} gange så langt som de forkerte i gennemsnit, og længden røber det.",
                "Gør det rigtige svar kortere, eller gør de forkerte lige så udførlige.",
            )
            return


def _absolute(question: Question) -> Iterator[Finding]:
    if isinstance(question, TrueFalse) and not question.answer and (said := _STRONG.search(question.text)):
        yield _given_away(question, said[0], "Udsagnet er falsk")
    given = next((word for choice in choices(question) if (word := _only_in_wrong(choice))), None)
    if given:
        yield _given_away(question, given, "Kun de forkerte svar er så bastante")


def _only_in_wrong(choice: Choice) -> str | None:
    """The absolute word that marks wrong options: a strong one in any of them, or a weaker one in most of them, and none in those
    that are right."""
    if not choice.right or any(_ABSOLUTE.search(text) for text in choice.right):
        return None
    strong = [word[0] for text in choice.wrong if (word := _STRONG.search(text))]
    if strong:
        return strong[0]
    weak = [word[0] for text in choice.wrong if (word := _ABSOLUTE.search(text))]
    return weak[0] if len(weak) > max(1, len(choice.wrong) / 2) else None


def _given_away(question: Question, word: str, why: str) -> Finding:
    return found(
        Rule.ABSOLUTE_WORDS,
        question,
        "look",
        f"{why}, og ordet “{word.lower()}” røber det for den, der kender prøver.",
        "Skriv det forkerte, som nogen i virkeligheden kunne tro det, uden det bastante ord.",
    )
