"""What is said to the learner about a prompt: one table for the criteria, one for what stands in the way of points."""

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True)
class Part:
    """A part of a prompt: what is said after "du" when it is there, and the advice when it is not. `key` names its signs."""

    key: str
    seen: str
    advice: str


@dataclass(frozen=True)
class Wording:
    """A criterion: its name, its parts, and the advice when none of them is there."""

    key: str
    title: str
    advice: str
    parts: tuple[Part, ...] = ()


GOAL = Wording(
    "goal",
    "Mål",
    "Begynd med, hvad der skal laves, for eksempel “Skriv et brev” eller “Lav en liste”.",
    (
        Part(
            "task",
            "siger, hvad der skal gøres",
            "Skriv med et udsagnsord, hvad der skal gøres, for eksempel “skriv” eller “lav”.",
        ),
        Part(
            "product",
            "nævner det, du vil have lavet",
            "Sig præcist, hvad du vil have lavet, for eksempel et brev eller et referat.",
        ),
    ),
)
CONTEXT = Wording(
    "context",
    "Kontekst",
    "Fortæl, hvem du er, hvad der er sket, og hvad læseren skal vide om situationen.",
)
AUDIENCE = Wording(
    "audience",
    "Målgruppe og tone",
    "Skriv, hvem der skal læse teksten, og hvilken tone den skal have.",
    (
        Part("reader", "nævner, hvem der skal læse teksten", "Skriv også, hvem der skal læse teksten."),
        Part(
            "tone",
            "siger noget om tonen",
            "Skriv også, hvilken tone teksten skal have, eller hvad læserne ved i forvejen.",
        ),
        Part("knowledge", "fortæller, hvad læserne ved", "Skriv også, hvad læserne ved i forvejen."),
    ),
)
FORM = Wording(
    "form",
    "Form",
    "Skriv, hvor lang teksten skal være, hvordan den skal bygges op, og hvilket sprog den skal have.",
    (
        Part("length", "siger, hvor lang teksten skal være", "Skriv også, hvor lang teksten skal være."),
        Part(
            "structure",
            "siger, hvordan teksten skal bygges op",
            "Skriv også, hvordan teksten skal bygges op, for eksempel i punkter.",
        ),
        Part(
            "language",
            "siger, hvilket sprog du vil have",
            "Skriv også, hvilket sprog du vil have, for eksempel uden fagord.",
        ),
    ),
)
SOURCES = Wording(
    "sources",
    "Kildekontrol",
    "Bed om, at kun dit materiale bliver brugt, at intet bliver opfundet, og at tvivl bliver vist.",
    (
        Part(
            "stick",
            "beder om, at kun dit materiale bliver brugt",
            "Bed også om, at kun det materiale, du giver, bliver brugt.",
        ),
        Part(
            "doubt",
            "beder om at få vist, hvad der er usikkert eller mangler",
            "Bed også om at få vist, hvad der er usikkert eller mangler.",
        ),
        Part("invent", "siger, at intet må opfindes", "Skriv også, at intet må opfindes eller gættes."),
        Part("cite", "beder om at få kilderne nævnt", "Bed også om at få nævnt, hvor oplysningerne står."),
        Part("ask", "beder om at blive spurgt, når noget mangler", "Bed også om at blive spurgt, når noget mangler."),
        Part("keep", "beder om, at tal og fakta bliver, som de er", "Bed også om, at tal og datoer bliver, som de er."),
        Part("check", "peger på, hvad der skal kontrolleres", "Skriv også, hvad der skal kontrolleres bagefter."),
    ),
)
ORDER = (GOAL, CONTEXT, AUDIENCE, FORM, SOURCES)
"""The criteria as they are shown."""
FIRST = (GOAL, CONTEXT, SOURCES, AUDIENCE, FORM)
"""The criteria by what helps a prompt most; the order of the next step."""
PRAISED = (SOURCES, AUDIENCE, FORM, CONTEXT, GOAL)
"""The criteria by what is done well most seldom; the order of the praise."""

OFF_CASE = "Opgaven er tydelig, men prompten bruger ingen af casens oplysninger. Skriv, hvad den handler om."
QUESTION = "Du stiller et spørgsmål. Skriv i stedet, hvad du vil have lavet."
PASTED = "Du har sat casen ind. Vælg selv det ud, som er vigtigt for opgaven, og skriv det med dine egne ord."
FULL = "Prompten har det hele; prøv den, og kontrollér svaret mod dit eget materiale."
STOPPED = "Ret det, der er fundet, og send prompten igen."
ORDER_NOTE = "Sætninger om point og bedømmelse er ikke talt med."


class Obstacle(StrEnum):
    """Why a prompt gets no points although nothing in it had to be stopped."""

    SHORT = "short"
    KEYWORDS = "keywords"
    ORDER = "order"
    LANGUAGE = "language"
    COPIED_CASE = "copied_case"
    COPIED_HINT = "copied_hint"
    COPIED_MODEL = "copied_model"

    @property
    def danish(self) -> str:
        """What it is and what to do, in one sentence."""
        return _OBSTACLES[self]


_OBSTACLES = {
    Obstacle.SHORT: "Prompten er for kort til at blive vurderet; skriv mindst otte ord.",
    Obstacle.KEYWORDS: "Det ligner en liste med stikord; skriv hele sætninger om netop denne case.",
    Obstacle.ORDER: "Du beder om point i stedet for at løse opgaven; skriv en prompt til casen.",
    Obstacle.LANGUAGE: "Øvelsen er på dansk; skriv prompten på dansk.",
    Obstacle.COPIED_CASE: "Teksten er næsten den samme som casen; skriv med dine egne ord, hvad du vil have lavet.",
    Obstacle.COPIED_HINT: "Teksten er næsten den samme som rådene; udfyld dem med det, som netop denne case handler om.",
    Obstacle.COPIED_MODEL: "Prompten ligner forslaget til løsning meget; brug det gerne som støtte, men skriv med dine egne ord.",
}
