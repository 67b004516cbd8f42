"""Questions proposed from a source by rule, without any model: true or false, and clozes. Nobody is asked one before it is read.

Each rests on one sentence, quoted word for word. A sentence gives one question at most.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from courses.authoring.cloze_drafts import GapChoice, Terms, gaps, references_in
from courses.authoring.definition_drafts import Definition, definitions
from courses.authoring.gate import Rule, findings
from courses.authoring.likeness import alike
from courses.authoring.quantities import dates_in
from courses.authoring.statement_drafts import marked, true, untrue
from courses.authoring.statements import Statement, statements
from courses.authoring.text_rules import negated
from courses.authoring.wording import name
from courses.question import Accepted, Cloze, Gap, Option, Question, SingleChoice, TrueFalse
from rag.glossary import Term
from rag.index import IndexedPassage

MOST = 30  # drafts of a source
SENTENCE = "Gør sætningen færdig:"
LEAST_USE = 2.0  # what is learned by it (0..3), more or less by what it is about
MIXING = 0.8
_OURS = re.compile(
    r"\b(?:du|dig|medarbejder\w*|leder\w*|kommunen|myndighed\w*|nøgleperson\w*|borger\w*|AI må)\b", re.IGNORECASE
)
# What others did, said or found, and texts about texts: good to read, but nothing to be tested in.
_DISTANT = re.compile(
    r"""
    \b(?:(?!Randers)[A-ZÆØÅ][\wæøå]+\ [Kk]ommunes?|kommuner|kommunerne|Norge|norske?|svenske?|Sverige|hollandsk\w*|EU's
    |EU-Kommissionen\w*|KL|[Dd]irektionen|besluttede|beslutningen|fortæller|viste|sagde|vurderede|foreslår|rundspørge|notat\w*
    |undersøgelse\w*|rapport\w*|gengivelse\w*|AI-univers|[Pp]artnerskab\w*|[Kk]onsorti\w*|projekt\w*|taskforce\w*)\b
    """,
    re.VERBOSE,
)
_TOLD = re.compile(r"\b(?:oplyser|ifølge|siger)\b")
_SMALL = re.compile(r"(?<=[a-zæøå,] )[a-zæøå]\w*")
LONG = 24  # words


@dataclass(frozen=True)
class _Candidate:
    question: Question
    use: float


def drafts_from(passages: Sequence[IndexedPassage], terms: Sequence[Term] = (), most: int = MOST) -> list[Question]:
    """The most useful drafts from the passages of one source, the best first, at most `most`.

    `terms` are those of the dictionary. The same source gives the same drafts.
    """
    texts = [indexed.body for indexed in passages]
    whole = "\n".join(texts)
    dates, references = dates_in(whole), references_in(whole)
    lower = frozenset(_SMALL.findall(whole))
    known = Terms([term.term for term in terms], texts)
    best: list[_Candidate] = []
    for one in statements(passages):
        candidates = [
            *_clozes(one, known, dates, references),
            *_statements(one, dates, lower),
            *_definitions(one, terms),
        ]
        best += _best(candidates, one)
    return _sound([one.question for one in sorted(best, key=lambda one: -one.use)])[:most]


def _sound(ranked: Sequence[Question]) -> list[Question]:
    """Those in which the quality gate finds nothing but a hard text of the source, and that are like none before them."""
    faulty = {one.part for one in findings(ranked, []) if one.rule not in (Rule.ALIKE, Rule.HARD_TO_READ)}
    sound = [one for one in ranked if name(one) not in faulty]
    repeated = {pair.question.id for pair in alike(sound)}
    return [one for one in sound if one.id not in repeated]


def explanation(indexed: IndexedPassage, quote: str) -> str:
    """What is told with the key: where the answer stands, and what stands there."""
    return f"I “{indexed.version.title}”, afsnittet “{indexed.section.heading}”, står der: “{quote}”"


def draft_id(source: str, *said: str) -> str:
    """The id of a draft: the source, and a hash of what it says."""
    return f"{source[:60]}-{hashlib.sha256(chr(0).join(said).encode()).hexdigest()[:10]}"


def _best(candidates: Sequence[_Candidate], statement: Statement) -> list[_Candidate]:
    """The most useful candidate, if any is worth it.

    Among those that are nearly as good chance decides, the same each time, so that the kinds are mixed.
    """
    worth = [one for one in candidates if one.use >= LEAST_USE]
    return sorted(worth, key=lambda one: -one.use - MIXING * _toss(statement.quote, one.question.id))[:1]


def _clozes(
    statement: Statement, terms: Terms, dates: Sequence[str], references: Sequence[str]
) -> Iterator[_Candidate]:
    for choice in (*gaps(statement, dates, references), *terms.gaps(statement)):
        yield _Candidate(_cloze(statement, choice), choice.use + _worth(statement))


def _statements(statement: Statement, dates: Sequence[str], lower: frozenset[str]) -> Iterator[_Candidate]:
    changes = list(untrue(statement, lower, dates))
    if changes:
        change = max(changes, key=lambda one: one.use)
        # by chance, or a look at the wording would tell; a negation is told as it is less often, for it shows in the text
        holds = _toss(statement.quote, "holds") < (0.4 if negated(statement.text) else 0.6)
        text = true(statement) if holds else change.text
        yield _Candidate(_true_false(statement, text, answer=holds), change.use + _worth(statement))


def _definitions(statement: Statement, terms: Sequence[Term]) -> Iterator[_Candidate]:
    for one in definitions(statement, terms):
        yield _Candidate(_single(statement, one), 3.0)


def _worth(statement: Statement) -> float:
    """More where it says what somebody must do, less where it tells of others or is long."""
    length = len(statement.text.split())
    return (
        0.8 * bool(_OURS.search(statement.text))
        - 2.0 * bool(_DISTANT.search(statement.text))
        - 0.4 * (length > LONG)
        - 0.4 * bool(_TOLD.search(statement.text))
    )


def _true_false(statement: Statement, text: str, *, answer: bool) -> TrueFalse:
    why = explanation(statement.indexed, statement.quote)
    return TrueFalse(
        id=draft_id(statement.ref.source, "true_false", text, statement.quote),
        text=marked(text),
        answer=answer,
        feedback=why if answer else f"Det er forkert. {why}",
        sources=(statement.ref,),
    )


def _single(statement: Statement, asked: Definition) -> SingleChoice:
    return SingleChoice(
        id=draft_id(statement.ref.source, "single", asked.question, *asked.others, statement.quote),
        text=asked.question,
        options=_options(statement, asked.meaning, asked.others),
        feedback=explanation(statement.indexed, statement.quote),
        sources=(statement.ref,),
    )


def _cloze(statement: Statement, choice: GapChoice) -> Cloze:
    text = statement.text
    key = text[choice.start : choice.end]
    return Cloze(
        id=draft_id(statement.ref.source, "cloze", key, text, statement.quote),
        text=f"{SENTENCE}\n\n{text[: choice.start]}{{{{svar}}}}{text[choice.end :]}",
        gaps=(_gap(statement, key, choice.others),),
        feedback=explanation(statement.indexed, statement.quote),
        sources=(statement.ref,),
    )


def _gap(statement: Statement, key: str, others: Sequence[str]) -> Gap:
    if not others:
        return Gap(id="svar", accepted=(Accepted(text=key),))
    return Gap(id="svar", options=_options(statement, key, others))


def _options(statement: Statement, key: str, others: Sequence[str]) -> tuple[Option, ...]:
    mixed = sorted((key, *others), key=lambda text: _toss(statement.quote, text))
    return tuple(Option(id="abcdef"[place], text=text, fraction=float(text == key)) for place, text in enumerate(mixed))


def _toss(*said: str) -> float:
    """A number (0..1) that is the same each time."""
    return int(hashlib.sha256("\0".join(said).encode()).hexdigest()[:8], 16) / 0xFFFFFFFF
