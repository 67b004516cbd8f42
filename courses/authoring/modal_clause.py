"""The modal verb of a Danish main clause whose subject comes first: "Kommunen skal begrunde …", "AI må ikke påvirke …"."""

import re
from dataclasses import dataclass

MODALS = ("må", "skal", "bør", "kan")
_CLAUSE = re.compile(rf"(?P<subject>[^,]+?) (?P<modal>{'|'.join(MODALS)})(?P<not> ikke)? (?P<rest>.+)")
# A first word after which the verb comes before the subject, or a clause that only hangs on another.
_NOT_SUBJECT = frozenset(
    """
    når hvis før inden efter fra siden i ved som for til med på under derfor uden ud om mens da fordi selvom medmindre
    mellem af ifølge nu først sidst derudover især blandt hvor hvad hvem hvordan hvilke hvilken hvornår
    """.split()
)
_RELATIVE = re.compile(
    r"\b(?:der|som|at|hvis|når|hvor|om|fordi|er|har|gælder|oplyser|siger|anbefaler|skriver|besluttede|vurderer)\b"
)
_QUALIFIED = frozenset(
    "kun alene først også altid aldrig normalt typisk højst mindst heller dog derfor selv så som ifølge efter ved for i".split()
)
_INFINITIVE = re.compile(
    r"(?:[a-zæøå]+e|få|gå|se|stå|bo|ske|tro|give|forstå|foregå|indgå|fremgå|opnå|modstå|nå|ses|sås)", re.IGNORECASE
)
_PASSIVE = re.compile(r"[a-zæøå]+es", re.IGNORECASE)
# The subject of these does nothing, so that it can neither be forbidden nor left to choice.
_STATES = frozenset(
    """
    være have kunne blive få vide kende ligge stå bestå indeholde omfatte rumme hedde gælde vare ske foregå fremgå dække
    indgå
    """.split()
)
_SECOND = re.compile(
    r"\b(?:og|men|eller|for|så) (?:\w+ ){0,2}(?:må|skal|bør|kan|er|har|bliver|gælder|får|giver|behøver)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class ModalClause:
    """`subject` `modal` ("ikke" where `negated`) `rest`; the rest begins with the infinitive."""

    subject: str
    modal: str
    negated: bool
    rest: str

    @property
    def verb(self) -> str:
        """The infinitive."""
        return self.rest.split()[0].strip(",.").lower()

    @property
    def passive(self) -> bool:
        """Whether something is done to the subject."""
        return bool(_PASSIVE.fullmatch(self.verb))

    @property
    def agent(self) -> bool:
        """Whether the subject does something by itself, so that it may be forbidden or voluntary."""
        return not self.passive and self.verb not in _STATES

    @property
    def single(self) -> bool:
        """Whether no second finite verb hangs on the same subject."""
        return not _SECOND.search(self.rest)

    def with_modal(self, modal: str) -> str:
        """The sentence with other words in the place of the modal verb and its "ikke"."""
        return f"{self.subject} {modal} {self.rest}"


def modal_clause(sentence: str) -> ModalClause | None:
    """The clause, where the sentence begins with one and its verb stands unqualified; None otherwise."""
    match = _CLAUSE.fullmatch(sentence)
    if match is None or _RELATIVE.search(match["subject"]) or match["subject"].split()[0].lower() in _NOT_SUBJECT:
        return None
    rest = match["rest"].removeprefix("gerne ")
    first = rest.split()[0].strip(",.").lower()
    if first in _QUALIFIED or first == "ikke" or not (_INFINITIVE.fullmatch(first) or _PASSIVE.fullmatch(first)):
        return None
    return ModalClause(match["subject"], match["modal"], match["not"] is not None, rest)
