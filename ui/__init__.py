"""Pieces shared by the pages: guard, session state, citations, charts, Danish frame."""
