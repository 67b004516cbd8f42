"""Privacy gate: personal data that must not be searched with, stored or sent.

Found by rules that can be explained: CPR numbers, e-mail addresses, telephone numbers, private addresses, number plates, and
names of people together with health, family, crime or a case.
"""

from rag.privacy.finding import LESSONS, NAMES, REASONS, Finding, named
from rag.privacy.gate import cleaned, count, find, find_all
from rag.privacy.matters import of_health_or_family
from rag.privacy.screening import Part, Screened, Spot, counted, masked, screen

__all__ = [
    "LESSONS",
    "NAMES",
    "REASONS",
    "Finding",
    "Part",
    "Screened",
    "Spot",
    "cleaned",
    "count",
    "counted",
    "find",
    "find_all",
    "masked",
    "named",
    "of_health_or_family",
    "screen",
]
