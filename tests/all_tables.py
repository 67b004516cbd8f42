"""Every table of the house, whichever module it stands in."""

import importlib

from settings import ROOT

PACKAGES = ("storage", "people", "rag", "courses", "governance")


def register_tables() -> None:
    """Import every module that defines a table, so that a new one cannot be forgotten by a test about all of them."""
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            if "__tablename__ =" in path.read_text("utf-8"):
                importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts))
