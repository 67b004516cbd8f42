"""What a lesson cannot show of a document, or shows in another way: gathered while it is read, told by place at the end."""

from enum import Enum

from rag.readers.cleaning import clean_text, one_line
from rag.readers.pdf import page_ranges

PLACES = 12
PLACE_CHARACTERS = 60
FEWEST_SHAPES = 3  # a line or a frame decorates; from here on shapes are taken for a drawing


class Loss(Enum):
    """One kind each; the value is the warning, with `{places}` ("på dias 4", "under “Regler”") for where."""

    CHART = (
        "Diagrammer kan ikke tegnes i en lektion, og der er nogle {places}. Hvor tallene kunne læses, står de som en tabel. "
        "Gem diagrammet som billede (højreklik på det i Office), og indsæt billedet, hvis det skal ses."
    )
    SMART_ART = (
        "SmartArt {places} er taget med som en punktliste. Kontrollér rækkefølgen, eller gem figuren som billede "
        "(højreklik på den i Office), og indsæt billedet."
    )
    VECTOR = (
        "Billeder i formaterne EMF, WMF og SVG kan ikke vises, og de mangler {places}. "
        "Gem dem som PNG (højreklik på dem i Office), og indsæt dem i lektionen."
    )
    MEDIA = (
        "Video og lyd er ikke taget med. Der er noget {places}. "
        "Skriv i lektionen, hvad man ser eller hører, og link til optagelsen."
    )
    EQUATION = "Formler {places} er skrevet som almindelig tekst. Kontrollér dem, eller indsæt dem som billeder."
    EMBEDDED = (
        "Indlejrede filer (fx regneark) {places} er ikke taget med. Skriv det vigtige som tekst eller som en tabel."
    )
    LINKED = (
        "Billeder, der ligger uden for filen, bliver ikke hentet, og de mangler {places}. Indsæt dem selv i lektionen."
    )
    UNREADABLE = (
        "Billeder, der er beskadigede eller for store, mangler {places}. Gør dem mindre, og indsæt dem i lektionen."
    )
    SHAPES = (
        "Pile, linjer og andre former {places} er ikke taget med, kun deres tekst. "
        "Er de en del af en figur, så gem den som billede, og indsæt billedet."
    )
    MERGED = "Tabeller {places} har flettede celler, som er delt igen. Kontrollér, at tabellerne stadig kan læses."
    NESTED = "Tabeller inde i tabeller {places} er taget med som tekst i deres celle. Kontrollér dem."
    HIDDEN = "Der er skjulte dias {places}, og de er taget med. Slet dem, hvis de ikke skal læses."
    LINK = "Links, der ikke fører til en webside eller en mailadresse, er fjernet {places}. Teksten står der stadig."
    PDF_LINK = "Links bag ord kan ikke tages med fra en PDF, og der er nogle {places}. Tilføj de vigtige igen."
    DRAWING = (
        "Der ser ud til at være tegninger eller diagrammer {places}, som ikke kan tages med. "
        "Tag et skærmbillede af dem, og indsæt det i lektionen."
    )


class Losses:
    """Where something was lost. `unit` is "dias" or "side"; where a file has neither, places are headings."""

    def __init__(self, unit: str = "") -> None:
        self.unit = unit
        self._places: dict[Loss, dict[int | str, None]] = {}
        self._shapes: dict[int | str, int] = {}

    def note(self, loss: Loss, place: int | str) -> None:
        """Something of this kind was lost at a slide, a page or under a heading."""
        self._places.setdefault(loss, {})[place] = None

    def shape(self, place: int | str) -> None:
        """A shape without text was met; several in one place are told of as a drawing."""
        self._shapes[place] = self._shapes.get(place, 0) + 1
        if self._shapes[place] == FEWEST_SHAPES:
            self.note(Loss.SHAPES, place)

    def warnings(self) -> list[str]:
        """One sentence a kind."""
        return [
            loss.value.format(places=self._worded(list(self._places[loss]))) for loss in Loss if loss in self._places
        ]

    def _worded(self, places: list[int | str]) -> str:
        numbers = sorted(place for place in places if isinstance(place, int))
        if numbers:
            shown = page_ranges(numbers) if len(numbers) <= PLACES * 3 else f"{page_ranges(numbers[:PLACES])} m.fl."
            return f"på {self.unit} {shown}"
        headings = [_short(str(place)) for place in places[:PLACES]]
        shown = " og ".join(filter(None, [", ".join(headings[:-1]), headings[-1]]))
        return f"{shown} m.fl." if len(places) > PLACES else shown


def _short(heading: str) -> str:
    heading = one_line(clean_text(heading))
    if not heading:
        return "før første overskrift"
    return f"under “{heading[:PLACE_CHARACTERS]}{'…' if len(heading) > PLACE_CHARACTERS else ''}”"
