"""Files to fetch: what is made after the page was drawn is made in one place, which asks who is signed in then."""

import ast
from pathlib import Path

import pytest

from settings import ROOT

PAGES = sorted(path for folder in ("ui", "pages") for path in (ROOT / folder).rglob("*.py"))


@pytest.mark.parametrize("path", [one for one in PAGES if one.name != "files.py"], ids=lambda path: path.stem)
def test_only_one_place_has_a_file_made_when_it_is_asked_for(path: Path) -> None:
    for call in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "download_button":
            data = call.args[1] if len(call.args) > 1 else next(one.value for one in call.keywords if one.arg == "data")
            made_now = isinstance(data, ast.Call) and not (
                isinstance(data.func, ast.Name) and data.func.id == "partial"
            )
            assert made_now or isinstance(data, ast.Attribute | ast.Constant), ast.unparse(call)
