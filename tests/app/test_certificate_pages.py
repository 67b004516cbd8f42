"""One's own certificates, and the public page that checks them, through the real scripts and services."""

from datetime import timedelta
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import Services, connect
from people.person import Person
from people.roles import Role
from settings import get_settings
from storage.base import new_id, now
from tests.app.pages import PEOPLE, Pages, shown, small_content
from tests.certified_house import WRONG, House

MINE = "pages/learner/beviser.py"
CHECK = "pages/everyone/tjek_bevis.py"


@pytest.fixture(scope="module")
def app_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A house of this module's own, in which every test is about somebody new."""
    folder = tmp_path_factory.mktemp("certificates")
    small_content(folder / "content")
    return folder


class Holder:
    """Somebody new, and a course whose certificate holds for a year and can be renewed in its last month."""

    def __init__(self, pages: Pages, folder: Path) -> None:
        pages.app("employee")  # migrates and loads
        self._pages = pages
        self.services: Services = connect(get_settings())
        self.person = Person(new_id(), "Åse Kjærgaard Sørensen", "Skole", frozenset({Role.EMPLOYEE}))
        self.house = House(self.services.engine, folder, self.person, at=now())

    def pass_final(self) -> None:
        self.house.enrol(self.person)
        self.house.take(self.person)

    def earn(self, days_ago: int = 0) -> str:
        self.house.at = now() - timedelta(days=days_ago)
        return self.house.earn(self.person)

    def revoke(self, number: str) -> None:
        trainer = self.services.people.find(PEOPLE["trainer"])
        self.services.certification.revoke(trainer, number, "En anden tog prøven.")

    def mine(self) -> AppTest:
        """The page with one's own certificates."""
        at = self._pages.start("app.py")
        at.session_state["sign_in_person"] = self.person.id
        at = at.run().switch_page(MINE).run()
        assert not at.exception
        return at


@pytest.fixture
def holder(pages: Pages, app_folder: Path) -> Holder:
    return Holder(pages, app_folder)


def labels(at: AppTest) -> list[str]:
    """Labels of all buttons, those that fetch files too."""
    return [button.label for button in at.button] + [one.proto.label for one in at.get("download_button")]


def press(at: AppTest, label: str) -> AppTest:
    """The page after a press on the first button with this label."""
    at = next(button for button in at.button if button.label == label).click().run()
    assert not at.exception
    return at


def check(pages: Pages, number: str, role: str | None = None) -> AppTest:
    """The public page with a number in its address, for somebody who is not signed in."""
    at = pages.alone(role, CHECK)
    at.query_params["bevis"] = number
    at = at.run()
    assert not at.exception
    return at


# --- one's own ----------------------------------------------------------------------------------------------------


def test_without_certificates_the_page_leads_to_the_courses(holder: Holder) -> None:
    assert "Du har ingen beviser endnu" in shown(holder.mine())


def test_a_certificate_is_shown_with_its_files_and_when_it_can_be_renewed(pages: Pages, holder: Holder) -> None:
    number = holder.earn()
    at = holder.mine()
    text = shown(at)
    for said in ("Ægte kursus ai-for-alle", "Gyldigt", number, "til og med", "Du kan forny beviset fra"):
        assert said in text
    assert {"Hent PDF", "Hent badge"} <= set(labels(at))
    assert "Forny med en ny prøve" not in labels(at)
    assert number not in shown(pages.open("trainer", MINE))


def test_a_pass_is_settled_by_opening_the_page(holder: Holder) -> None:
    holder.pass_final()
    assert "Gyldigt" in shown(holder.mine())


def test_a_certificate_that_must_wait_is_told(holder: Holder) -> None:
    holder.pass_final()
    key_file = get_settings().signing_key_path
    key_file.write_bytes(b"not a key")
    text = shown(holder.mine())
    key_file.unlink()
    assert "Du har bestået, men dit bevis kan ikke udstedes lige nu" in text
    assert "nøgle" not in text.lower()
    assert "Gyldigt" in shown(holder.mine())


def test_renewing_begins_a_round_and_the_new_certificate_comes_with_the_pass(holder: Holder) -> None:
    holder.earn(days_ago=345)
    at = holder.mine()
    assert "Forny uden prøve: Det kræver" in shown(at)
    at = press(at, "Forny med en ny prøve")
    assert "Fornyelsen er begyndt" in shown(at)
    assert "Du er i gang med at forny beviset" in shown(at)
    assert "Forny med en ny prøve" not in labels(at)
    holder.house.at = now()
    holder.house.take(holder.person, WRONG)
    assert "Gælder senere" not in shown(holder.mine())
    holder.house.take(holder.person)
    text = shown(holder.mine())
    assert text.index("Gælder senere") < text.index("Gyldigt")


def test_who_kept_up_renews_without_a_quiz(holder: Holder, monkeypatch: pytest.MonkeyPatch) -> None:
    from courses.review_service import ReviewService

    monkeypatch.setattr(ReviewService, "steady", lambda *_: True)
    holder.earn(days_ago=345)
    at = press(holder.mine(), "Forny uden prøve")
    assert "Dit bevis er fornyet" in shown(at)
    assert "fornyet med genopfriskning" in shown(at)
    assert "Forny uden prøve" not in labels(at)


def test_a_revoked_certificate_says_why_and_cannot_be_fetched(holder: Holder) -> None:
    holder.revoke(holder.earn())
    at = holder.mine()
    assert "En anden tog prøven." in shown(at)
    assert not {"Hent PDF", "Hent badge"} & set(labels(at))
    assert "Tag prøven igen" in labels(at)
    assert "Forny uden prøve" not in shown(at)


# --- checking -----------------------------------------------------------------------------------------------------


def test_anybody_sees_whether_a_certificate_holds_and_nobody_whose_it_is(pages: Pages, holder: Holder) -> None:
    number = holder.earn(days_ago=3)
    text = shown(check(pages, number))
    assert "Beviset er ægte og gælder." in text
    assert "Ægte kursus ai-for-alle" in text
    assert not [word for word in holder.person.name.split() if word in text]


def test_the_page_opens_through_the_entry_for_who_is_not_signed_in(pages: Pages, holder: Holder) -> None:
    at = pages.start("app.py").run().switch_page(CHECK).run()
    assert not at.exception
    assert at.title[0].value == "Tjek et bevis"


def test_a_name_passes_or_not_and_stands_neither_in_the_page_nor_in_the_address(pages: Pages, holder: Holder) -> None:
    at = check(pages, holder.earn())
    for name, said in (
        (holder.person.name.lower(), "Navnet passer."),
        ("Mette", "Navnet passer ikke."),
        ("", "Skriv navnet"),
    ):
        at.text_input[1].set_value(name)
        at = press(at, "Passer navnet?")
        assert said in shown(at)
        assert not name or name not in shown(at)
        assert list(at.query_params) == ["bevis"]


def test_revoked_and_expired_certificates_are_told_without_a_reason(pages: Pages, holder: Holder) -> None:
    number = holder.earn(days_ago=400)
    assert "Beviset er ægte, men udløb" in shown(check(pages, number))
    holder.revoke(number)
    text = shown(check(pages, number))
    assert "blev tilbagekaldt" in text and "gælder ikke" in text
    assert "prøven" not in text


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("hej", "Det er ikke et bevisnummer"),
        ("x" * 499, "Det er ikke et bevisnummer"),
        ("0b6f4c1e-6a59-4a5e-9a80-5d2f0c9d7e21", "Vi har ikke udstedt et bevis med det nummer"),
    ],
)
def test_what_is_no_number_of_ours_is_told(pages: Pages, holder: Holder, typed: str, said: str) -> None:
    at = pages.alone(None, CHECK)
    at.text_input[0].set_value(typed)
    at = press(at, "Tjek beviset")
    assert said in shown(at)
    assert len(at.text_input) == 1


def test_only_numbers_get_into_the_address(pages: Pages, holder: Holder) -> None:
    number = holder.earn()
    at = pages.alone(None, CHECK)
    at.text_input[0].set_value("Mette Hansen")
    assert not list(press(at, "Tjek beviset").query_params)
    at.text_input[0].set_value(f" {number.upper()} ")
    at = press(at, "Tjek beviset")
    assert at.query_params["bevis"] in (number, [number])
    assert "Beviset er ægte og gælder." in shown(at)
    assert "ikke et bevisnummer" in shown(check(pages, "æ" * 5000))
