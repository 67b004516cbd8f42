"""One QTI item while it is read: what its answers are worth, what is said to them, and what there is to tell.

The key is never taken on trust: the item's response processing is run on answers, and what it gives is compared with what
`courses.grading` gives (see `qti_scoring`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from courses.errors import InvalidContent
from courses.exchange.keys import Keys, key_of
from courses.exchange.qti_markup import Texts, taken_out
from courses.exchange.qti_scoring import NO_KEY, Answers, Declared, Scoring, Steps
from courses.exchange.xml_guard import Element
from courses.grading import grade
from courses.question import MultipleChoice, Question
from courses.response import Response

MOST_TRIED = 1024  # answers that are worked out for one item
MOST_POINTS = 100
MOST_FEEDBACK = 100
CLOSE = 1e-6  # points nearer than this are the same
_FEEDBACK = ("qti-feedback-inline", "qti-feedback-block", "qti-modal-feedback")
SEVERAL = "Der er flere opgaver i én. Del den op, så der er ét spørgsmål i hver fil."
CONFLICT = (
    "Det rigtige svar og pointene siger hver sit. Ret opgaven, så det rigtige svar er det, der giver flest point."
)

SEVERAL = "Der er flere opgaver i én. Del den op, så der er ét spørgsmål i hver fil."
CONFLICT = (
    "Det rigtige svar og pointene siger hver sit. Ret opgaven, så det rigtige svar er det, der giver flest point."
)
UNPROVEN = (
    "Pointene regnes ud på en måde, der ikke kan efterprøves for så mange svar. Ret opgaven til en af de to standardmåder "
    "(match_correct eller map_response)."
)
ALL_OR_NOTHING = "I filen giver kun et helt rigtigt svar point. Her giver et delvist rigtigt svar en del af dem."
OTHER_PARTS = "Delvist rigtige svar giver andre point her end i filen."
NO_DEDUCTION = "I filen trækker forkerte kryds ikke fra. Her gør de."
UNDECLARED = "Filen siger ikke, hvordan der gives point. Det angivne rigtige svar giver dem alle."
FEEDBACK_LOST = "Tilbagemeldinger, der afhænger af svaret, er ikke taget med."


@dataclass
class Draft:
    """One item while it is read; `id` is the question's, `warnings` what there is to tell."""

    item: Element
    steps: Steps
    texts: Texts
    id: str
    warnings: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.scoring = Scoring(self.item, self.steps)
        self._feedback = [one for tag in _FEEDBACK for one in self.item.iter(tag)]
        self._said: dict[int, str] = {}
        if len(self._feedback) > MOST_FEEDBACK:
            raise InvalidContent(f"Der er mere end {MOST_FEEDBACK} tilbagemeldinger. Del opgaven op.")

    def tell(self, sentence: str) -> None:
        """Note a warning once."""
        if sentence not in self.warnings:
            self.warnings.append(sentence)

    def declared(self, interaction: Element) -> Declared:
        """The declaration that an interaction answers to; raises `InvalidContent` without one."""
        found = self.scoring.declared.get(interaction.get("response-identifier", ""))
        if found is None:
            raise InvalidContent("En del af opgaven har ikke fået sit svar angivet. Eksportér den igen.")
        return found

    def lift_feedback(self) -> None:
        """Take the feedback out of the body, with its texts."""
        for one in self._feedback:
            if any(inner.tag.endswith("-interaction") for inner in one.iter()):
                raise InvalidContent(SEVERAL)
            if one.tag != "qti-modal-feedback":
                taken_out(one)
        self._said = {place: self.texts.markdown(one) for place, one in enumerate(self._feedback)}

    def said(self, answers: Answers) -> tuple[str, ...]:
        """What is said to an answer."""
        if not self._feedback:
            return ()
        state = self.scoring.outcomes(answers)
        said = []
        for place, one in enumerate(self._feedback):
            value = state.get(one.get("outcome-identifier", ""))
            name = one.get("identifier", "")
            named = name in value if isinstance(value, (frozenset, tuple)) else name == value
            if named == (one.get("show-hide", "show") == "show") and self._said[place]:
                said.append(self._said[place])
        return tuple(dict.fromkeys(said))

    def feedback(self, samples: Iterable[Answers]) -> str:
        """What is said to all answers alike; a warning when there is more."""
        said = [self.said(answers) for answers in samples] if self._feedback else []
        shared = shared_by(said)
        if any(len(one) > len(shared) for one in said):
            self.tell(FEEDBACK_LOST)
        return "\n\n".join(shared)

    def points(self, best: float) -> float:
        """The mark of the question."""
        if best <= CLOSE:
            raise InvalidContent(NO_KEY)
        if best > MOST_POINTS:
            self.tell(f"Opgaven giver {best:g} point i filen. Her er {MOST_POINTS} det højeste.")
        if self.scoring.is_declared_only:
            self.tell(UNDECLARED)
        return min(best, MOST_POINTS)

    def compare(self, question: Question, best: float, tried: Iterable[tuple[Answers, Response]]) -> None:
        """Look whether answers are worth here what they are worth in the file; tell, or refuse when the key would differ."""
        theirs, ours = [], []
        for answers, response in tried:
            theirs.append(max(self.scoring.score(answers), 0.0) / best)
            ours.append(grade(question, response).fraction or 0.0)
        differing = [(their, our) for their, our in zip(theirs, ours, strict=True) if abs(their - our) > CLOSE]
        if any(their > 1 + CLOSE or abs(our - 1) <= CLOSE for their, our in differing):
            raise InvalidContent(CONFLICT)
        if any(abs(their - 1) <= CLOSE for their, _ in differing):
            if not isinstance(question, MultipleChoice):
                raise InvalidContent(CONFLICT)
            self.tell(NO_DEDUCTION)
        elif differing:
            partial = [their for their in theirs if CLOSE < their < 1 - CLOSE]
            self.tell(OTHER_PARTS if partial else ALL_OR_NOTHING)


def share(points: float, best: float) -> float:
    """Points as a share of the best, which is exactly 1."""
    return 1.0 if points >= best - CLOSE else max(points / best, -1.0)


def shared_by(said: Sequence[tuple[str, ...]]) -> tuple[str, ...]:
    """The texts that are in all of them."""
    first, *others = said or [()]
    return tuple(text for text in first if all(text in other for other in others))


def prompted(draft: Draft, body: Element, interaction: Element) -> str:
    """The text of the item, with the prompt of its interaction in its place; the title where there is none."""
    blocks_of_rubric(draft, body)
    prompt = interaction.find("qti-prompt")
    shown = prompt if prompt is not None else interaction.makeelement("div")
    shown.tail = interaction.tail
    interaction.getparent().replace(interaction, shown)
    shown.tag = "div"
    return draft.texts.markdown(body) or draft.item.get("title", "").strip() or "Besvar opgaven."


def blocks_of_rubric(draft: Draft, body: Element) -> list[Element]:
    """Take out what only the scorer reads; what the candidate reads becomes part of the text."""
    taken = []
    for block in list(body.iter("qti-rubric-block")):
        views = block.get("view", "candidate").split()
        if "candidate" in views or "testTaker" in views:
            block.tag = "div"
        else:
            taken_out(block)
            taken.append(block)
    if taken and next(body.iter("qti-extended-text-interaction"), None) is None:
        draft.tell("Vejledning til den, der retter, er ikke taget med.")
    return taken


def mixed(draft: Draft, interaction: Element, choices: Sequence[Element]) -> bool:
    """Whether the answers are shown in random order."""
    if interaction.get("shuffle", "false") not in ("true", "1"):
        return False
    if any(choice.get("fixed", "false") in ("true", "1") for choice in choices):
        draft.tell("Nogle af svarene skal blive på deres plads i filen. Her bliver de alle i filens rækkefølge.")
        return False
    return True


def identified(choices: Sequence[Element], least: int, most: int) -> dict[str, str]:
    """Our ids of the choices by theirs; raises `InvalidContent` for too few, too many, or two alike."""
    if not least <= len(choices) <= most:
        raise InvalidContent(f"Der er {len(choices)} svarmuligheder. Der skal være mellem {least} og {most}.")
    keys, ids = Keys(), {}
    for choice in choices:
        ids[choice.get("identifier", "")] = keys.unique(key_of(choice.get("identifier", "")) or "svar")
    if len(ids) < len(choices):
        raise InvalidContent("To svarmuligheder har samme identifier. Eksportér opgaven igen.")
    return ids
