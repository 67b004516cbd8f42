"""The list of sources as a table, for those who own and review them."""

from collections.abc import Sequence

import pandas as pd

from rag.source import VersionView


def overview(versions: Sequence[VersionView]) -> pd.DataFrame:
    """One row a version, Danish headings, dates as ISO so that a spreadsheet sorts them."""
    rows = [
        {
            "Titel": version.title,
            "Niveau": version.level.danish,
            "Status": version.status.danish,
            "Version": version.version,
            "Gælder fra": version.valid_from,
            "Gælder til": version.valid_to,
            "Gennemses senest": version.review_by,
            "Ejer": version.owner,
            "Udgiver": version.publisher,
            "Oprindelig adresse": version.source_address,
        }
        for version in versions
    ]
    return pd.DataFrame(rows)


def as_csv(table: pd.DataFrame) -> bytes:
    """The table as Danish spreadsheets open it: semicolons, UTF-8 with a mark; a cell can never start a formula."""
    safe = table.map(
        lambda cell: f"'{cell}" if isinstance(cell, str) and cell.startswith(("=", "+", "-", "@")) else cell
    )
    return str(safe.to_csv(index=False, sep=";")).encode("utf-8-sig")
