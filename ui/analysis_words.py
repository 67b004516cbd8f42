"""Words and figures of the analysis: what each figure is, what is good, and how it is written in Danish."""

from courses.item_analysis import Interval
from ui.text import number

FEW = "for få svar"
HELP = {
    "Løsningsprocent": (
        "Hvor stor en del af pointene folk i gennemsnit får (facility). Et højt tal er godt, når alle skal kunne stoffet. "
        "Under 40 % bør spørgsmålet ses efter."
    ),
    "Skelneevne": (
        "Om de, der klarer sig godt i resten af prøven, også klarer sig godt her (diskriminationsindeks). Den går fra -1 til 1. "
        "Fra 0,3 er godt. Under 0 er et tegn på, at facit kan være forkert. Stregen viser, hvor sikkert tallet er: Det sande "
        "tal ligger inden for den 95 ud af 100 gange. Når næsten alle svarer rigtigt, kan skelneevnen ikke blive høj."
    ),
    "Udnyttet skelneevne": (
        "Skelneevnen i forhold til det højeste, den kunne være med de givne svar (discriminative efficiency). Et svært "
        "spørgsmål kan ikke skelne så meget, og her er der taget højde for det. Fra 50 % er godt."
    ),
    "Ved gæt": "Hvor stor en del af pointene man får i gennemsnit ved at svare i blinde.",
    "Tiltænkt vægt": "Hvor stor en del af prøvens point spørgsmålet giver.",
    "Faktisk vægt": (
        "Hvor stor en del af forskellene mellem folks resultater spørgsmålet står for. Den bør ligne den tiltænkte vægt. "
        "Den vises ikke for spørgsmål, som kun nogle har fået."
    ),
}


def percent(share: float | None) -> str:
    """62,5 %, empty where there is nothing."""
    return "" if share is None else f"{number(share * 100, 1)}\u00a0%"


def decimal(value: float | None) -> str:
    """0,27, empty where there is nothing; never -0,00."""
    return "" if value is None else number(round(value, 2) + 0.0, 2)


def interval_text(interval: Interval | None) -> str:
    """0,10 til 0,44"""
    return "" if interval is None else f"{decimal(interval.low)} til {decimal(interval.high)}"
