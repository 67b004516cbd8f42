"""Rules of the quality gate about texts: can they be read, are they explained, and do they hold what they must not?"""

import re
from collections.abc import Iterator

from courses.authoring.finding import Finding, Rule, found
from courses.authoring.readability import plain, readability
from courses.authoring.wording import answers, choices, shown, texts, written_keys
from courses.course import Lesson
from courses.question import GAP, PromptPractice, Question, TrueFalse
from rag import privacy
from rag.danish import words
from rag.sentences import sentences

MOST_LESSON, MOST_QUESTION = 45, 50  # LIX
LEAST_SENTENCE = 5  # words; a shorter option is no sentence to be counted
LEAST_WORDS = 20  # the index says nothing about shorter texts: one long word moves it by five
GUESSED = "person"  # a name near a sensitive matter may be that of a system or of an invented person; a number may not
_NOT = r"(?:ikke|ingen|intet|ingenting|aldrig|undtagen|hverken)"
_NEGATION = re.compile(rf"\b{_NOT}\b", re.IGNORECASE)
_CAPITALS = re.compile(rf"\b{_NOT.upper()}\b")
_MARKED = re.compile(r"\*\*[^*\n]+\*\*|__[^_\n]+__")
_TWICE = re.compile(
    rf"\b(?:{_NOT}\b.{{0,40}}\b(?:ikke|ingen|intet|ingenting|aldrig|undtagen|u(?:lovlig|mulig|nødvendig|sandsynlig|tilladelig|gyldig)\w*)"
    r"|ikke (?:er |være |bliver )?(?:forkert\w*|forbudt\w*))\b",
    re.IGNORECASE,
)
_CLAUSE = re.compile(
    r"""
    \s(?=(?:og|men)\ ikke\b)
    | ,\s*(?=(?:(?:og|men|eller)\ )?(?:når|hvis|der|som|at|fordi|så|selv\ ?om|mens|før|inden|da|om|medmindre|hvor\w*|hvad|hvem
        |for|efter|til|uden|men|og|også)\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_SUBORDINATE = re.compile(r"(?:når|hvis|fordi|selv ?om|mens|før|inden|da|medmindre|der|som|at)\b", re.IGNORECASE)


def question_findings(question: Question) -> Iterator[Finding]:
    """What the texts of a question lack or hide."""
    yield from _personal(question)
    yield from _unfounded(question)
    yield from _given_in_text(question)
    yield from _negated(question)
    if not isinstance(question, PromptPractice):
        text = "\n".join([question.text, *(one for one in answers(question) if len(words(one)) >= LEAST_SENTENCE)])
        yield from _hard(question, text, MOST_QUESTION, "Spørgsmålet")


def lesson_findings(lesson: Lesson) -> Iterator[Finding]:
    """The same for a lesson."""
    yield from _personal(lesson)
    if not lesson.sources:
        yield found(
            Rule.NO_SOURCE,
            lesson,
            "look",
            "Lektionen hviler ikke på nogen kilde, så ingen får besked, når reglerne ændrer sig.",
            "Vælg de afsnit, som lektionen bygger på.",
        )
    yield from _hard(lesson, lesson.text, MOST_LESSON, "Lektionen")


def _personal(part: Question | Lesson) -> Iterator[Finding]:
    kinds = dict.fromkeys(kind for text in texts(part) for kind in privacy.count(text))
    if kinds:
        yield found(
            Rule.PERSONAL_DATA,
            part,
            "look" if set(kinds) == {GUESSED} else "stop",
            f"Teksten ser ud til at indeholde personoplysninger ({', '.join(privacy.NAMES[kind] for kind in kinds)}).",
            "Skriv det uden oplysninger, der kan pege på et menneske. "
            "Opdigtede numre skal også ud, for ingen kan se, at de er opdigtede.",
        )


def _unfounded(question: Question) -> Iterator[Finding]:
    if not question.sources:
        yield found(
            Rule.NO_SOURCE,
            question,
            "look",
            "Spørgsmålet har ingen kilde, så ingen kan slå svaret op eller se, når det ændrer sig.",
            "Vælg det afsnit, som svaret står i, og citér det.",
        )
    explained = isinstance(question, TrueFalse) and question.feedback_true.strip() and question.feedback_false.strip()
    if not question.feedback.strip() and not explained:
        yield found(
            Rule.NO_EXPLANATION,
            question,
            "look",
            "Spørgsmålet har ingen forklaring, så den, der svarer forkert, lærer ikke hvorfor.",
            "Skriv en eller to sætninger om, hvorfor svaret er rigtigt.",
        )


def _given_in_text(question: Question) -> Iterator[Finding]:
    asked = f" {' '.join(words(GAP.sub(' ', question.text)))} "
    for key in written_keys(question):
        said = " ".join(words(key))
        if said and f" {said} " in asked and len(said) > 2:
            yield found(
                Rule.ANSWER_IN_TEXT,
                question,
                "look",
                f"Svaret “{shown(key)}” står i selve teksten, så det kan skrives af.",
                "Skriv teksten, så den ikke nævner svaret, eller spørg om noget andet.",
            )
            return


def _negated(question: Question) -> Iterator[Finding]:
    if isinstance(question, PromptPractice):
        return
    asked = _asked(question)
    clause = main_clause(asked)
    turning = _NEGATION.search(clause)
    if twice := _TWICE.search(clause):
        yield _double(question, f"“{shown(twice[0])}” er to nægtelser i samme sætning.")
    elif turning and (
        both := next((one for one in _told_right_or_wrong(question) if _NEGATION.search(main_clause(one))), None)
    ):
        yield _double(question, f"Både spørgsmålet og svaret “{shown(both)}” er nægtet.")
    elif turning and isinstance(question, TrueFalse) and not question.answer:
        yield _double(question, f"Den, der svarer “Falsk” på “{shown(asked)}”, skal nægte en nægtelse.")
    if turning and not _CAPITALS.search(clause) and not any(_NEGATION.search(one) for one in _MARKED.findall(clause)):
        yield found(
            Rule.UNMARKED_NEGATION,
            question,
            "look",
            f"Ordet “{turning[0].lower()}” vender spørgsmålet om og er let at overse i “{shown(clause)}”.",
            "Sæt ordet med fed skrift (**ikke**), eller spørg om det, der gælder.",
        )


def _told_right_or_wrong(question: Question) -> list[str]:
    return [text for choice in choices(question) for text in choice.every]


def _double(question: Question, message: str) -> Finding:
    return found(
        Rule.DOUBLE_NEGATION,
        question,
        "look",
        message,
        "Skriv det positivt, så det er viden og ikke sprog, der afgør svaret.",
    )


def _asked(question: Question) -> str:
    """The sentence that asks: the last one with a question mark, or else the last but for instructions; all of a statement."""
    every = [sentence.text for sentence in sentences(question.text)]
    if isinstance(question, TrueFalse):
        return " ".join(every)
    asking = [sentence for sentence in every if sentence.endswith("?")]
    return asking[-1] if asking else ""


def negated(text: str) -> bool:
    """Whether something is negated in a text."""
    return bool(_NEGATION.search(text))


def main_clause(sentence: str) -> str:
    """The clause that a sentence is about, without the clauses that hang on it."""
    parts = _CLAUSE.split(sentence)
    if len(parts) == 1 and _SUBORDINATE.match(sentence) and "," in sentence:
        return sentence.split(",", 1)[1]
    if _SUBORDINATE.match(parts[0].strip()):
        head, comma, rest = parts[0].partition(",")
        return rest if comma else (parts[1] if len(parts) > 1 else head)
    return parts[0]


def _hard(part: Question | Lesson, text: str, most: int, what: str) -> Iterator[Finding]:
    counted = readability(text)
    if counted.words >= LEAST_WORDS and counted.lix > most:
        share = round(100 * counted.long_words / counted.words)
        yield found(
            Rule.HARD_TO_READ,
            part,
            "look",
            f"{what} har lixtal {counted.lix:.0f}, altså {counted.danish}. "
            f"Der er {counted.words / counted.sentences:.0f} ord i en sætning, "
            f"og {share} % af ordene er på mere end seks bogstaver. {_longest_words(text)}",
            f"Del de lange sætninger, og skift lange ord ud med korte, til lixtallet er højst {most}. "
            "Et fagord, der skal læres, må blive.",
        )


def _longest_words(text: str) -> str:
    longest = sorted(dict.fromkeys(words(plain(text))), key=len, reverse=True)[:3]
    return f"De længste ord er {', '.join(longest[:2])} og {longest[2]}."
