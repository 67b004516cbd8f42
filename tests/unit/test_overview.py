"""The list of sources as a file for spreadsheets."""

import pandas as pd

from rag.overview import as_csv


def test_danish_letters_and_semicolons_survive_and_no_cell_is_a_formula() -> None:
    data = as_csv(pd.DataFrame([{"Titel": "=HYPERLINK(1)", "Ejer": "Børn; Skole", "Version": "1.0"}]))
    assert data.startswith(b"\xef\xbb\xbfTitel;Ejer;Version")
    assert '\'=HYPERLINK(1);"Børn; Skole";1.0' in data.decode("utf-8-sig")
