"""Who may open what: a table of role x page, driven through the real scripts."""

from pathlib import Path

import pytest

from tests.app.pages import PEOPLE, ROOT, Pages, shown
from ui.navigation import PAGES

EVERYONE = set(PEOPLE)
MAY_OPEN = {
    "pages/everyone/forside.py": EVERYONE,
    "pages/everyone/spoerg.py": EVERYONE,
    "pages/everyone/retningslinjer.py": EVERYONE,
    "pages/everyone/ordbog.py": EVERYONE,
    "pages/learner/mine_kurser.py": EVERYONE,
    "pages/learner/kursus.py": EVERYONE,
    "pages/learner/proeve.py": EVERYONE,
    "pages/learner/genopfriskning.py": EVERYONE,
    "pages/learner/opdatering.py": EVERYONE,
    "pages/learner/beviser.py": EVERYONE,
    "pages/everyone/mine_data.py": EVERYONE,
    "pages/trainer/vaerksted.py": {"trainer", "taskforce"},
    "pages/trainer/kladde.py": {"trainer", "taskforce"},
    "pages/trainer/rediger.py": {"trainer", "taskforce"},
    "pages/trainer/udveksling.py": {"trainer", "taskforce"},
    "pages/trainer/lektioner_fra_fil.py": {"trainer", "taskforce"},
    "pages/trainer/forslag.py": {"trainer", "taskforce"},
    "pages/trainer/deltagere.py": {"trainer", "taskforce"},
    "pages/trainer/styring.py": {"trainer", "taskforce"},
    "pages/trainer/spoergsmaal.py": {"trainer", "taskforce"},
    "pages/trainer/analyse.py": {"trainer", "taskforce"},
    "pages/trainer/materiale.py": {"trainer", "taskforce"},
    "pages/manager/mit_omraade.py": {"manager", "taskforce"},
    "pages/manager/evidens.py": {"manager", "taskforce"},
    "pages/taskforce/indbakke.py": {"taskforce"},
    "pages/admin/indeks.py": {"taskforce", "admin"},
    "pages/admin/organisation.py": {"admin"},
}
PUBLIC = {"pages/everyone/tjek_bevis.py"}  # whoever is shown a certificate may check it
CASES = [(role, path, role in roles) for path, roles in MAY_OPEN.items() for role in PEOPLE]


def test_no_script_lies_where_streamlit_would_open_it_without_the_entry() -> None:
    assert not list((ROOT / "pages").glob("*.py"))


def test_the_table_covers_every_page_and_every_script() -> None:
    scripts = {path.relative_to(ROOT).as_posix() for path in (ROOT / "pages").rglob("*.py")}
    assert set(MAY_OPEN) | PUBLIC == scripts == {page.path for page in PAGES}


@pytest.mark.parametrize("path", MAY_OPEN)
def test_the_guard_is_the_first_call_of_every_page(path: str) -> None:
    lines = Path(ROOT / path).read_text("utf-8").splitlines()
    code = [line for line in lines if line and not line.startswith(('"""', "import ", "from "))]
    assert code[0].startswith("visit = guard(Permission.")


@pytest.mark.parametrize(("role", "path", "allowed"), CASES)
def test_a_page_opens_for_the_roles_that_hold_it_and_no_other(
    pages: Pages, role: str, path: str, allowed: bool
) -> None:
    if allowed:
        at = pages.open(role, path)
        assert not at.exception
        assert not at.error
        assert at.title
        return
    with pytest.raises(ValueError, match="page"):
        pages.open(role, path)
    bypass = pages.alone(role, path)
    assert [error.value for error in bypass.error] == [
        "Du har ikke adgang til denne handling. Kontakt IT & Digitalisering, hvis du mangler adgang."
    ]
    assert not bypass.title


@pytest.mark.parametrize("path", MAY_OPEN)
def test_nobody_gets_in_without_signing_in(pages: Pages, path: str) -> None:
    bypass = pages.alone(None, path)
    assert [error.value for error in bypass.error] == ["Du er ikke logget ind. Gå til forsiden, og log ind."]
    assert not bypass.title


@pytest.mark.parametrize("path", sorted(PUBLIC))
def test_a_public_page_tells_nothing_before_it_is_asked(pages: Pages, path: str) -> None:
    at = pages.alone(None, path)
    assert not at.exception
    assert at.title


def test_the_entry_shows_sign_in_for_every_role_and_one_click_is_enough(pages: Pages) -> None:
    at = pages.app(None)
    assert "Velkommen" in at.title[0].value
    assert len(at.button) == len(PEOPLE)
    at.button(key="sign_in_demo-lars").click().run()
    assert at.title[0].value == "AI-univers"
    assert "Lars Leder" in shown(at)
    at.button(key="sign_out").click().run()
    assert "Velkommen" in at.title[0].value
