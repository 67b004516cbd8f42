"""Opening pages in tests."""

import re
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).resolve().parents[2]
FEW = ("ai-forordningen", "generativ-ai-regler", "direktionens-beslutning-2024")
PEOPLE = {
    "employee": "demo-mette",
    "key_person": "demo-niels",
    "trainer": "demo-ulla",
    "manager": "demo-lars",
    "taskforce": "demo-tina",
    "admin": "demo-anders",
}


def small_content(folder: Path) -> Path:
    """A content folder with three of the shipped guidelines, so that tests start quickly."""
    (folder / "guidelines").mkdir(parents=True)
    for name in FEW:
        shutil.copy(ROOT / "content" / "guidelines" / f"{name}.md", folder / "guidelines")
    shutil.copytree(ROOT / "content" / "organisation", folder / "organisation")
    shutil.copy(ROOT / "content" / "glossary.yaml", folder)
    return folder


@dataclass(frozen=True)
class Pages:
    """Opens scripts as a person with a role; None is somebody who has not signed in."""

    start: Callable[[str], AppTest]

    def app(self, role: str | None) -> AppTest:
        """The entry script after its first run."""
        return self._as(self.start("app.py"), role).run()

    def open(self, role: str, path: str, **query: str) -> AppTest:
        """A page through the entry script and its navigation."""
        at = self.app(role)
        for name, value in query.items():
            at.query_params[name] = value
        return at.switch_page(path).run()

    def alone(self, role: str | None, path: str, **query: str) -> AppTest:
        """A page's script run by itself, as nobody should be able to."""
        at = self._as(self.start(path), role)
        for name, value in query.items():
            at.query_params[name] = value
        return at.run()

    @staticmethod
    def _as(at: AppTest, role: str | None) -> AppTest:
        if role:
            at.session_state["sign_in_person"] = PEOPLE[role]
        return at


def shown(at: AppTest) -> str:
    """All text of a page as a person reads it, Markdown escapes undone."""
    kinds = (at.title, at.subheader, at.markdown, at.caption, at.info, at.warning, at.error, at.success)
    return re.sub(r"\\(\W)", r"\1", "\n".join(str(element.value) for kind in kinds for element in kind))
