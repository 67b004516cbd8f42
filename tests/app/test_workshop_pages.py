"""The workshop's pages through the real scripts and services: bad addresses, faulty input, imports, the gate and review."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from settings import get_settings
from tests.app.pages import ROOT, Pages, shown
from tests.e2e.tiny_content import TEXTS, tiny_content

WORKSHOP = "pages/trainer/vaerksted.py"
MANUSCRIPT = "pages/trainer/kladde.py"
EDITING = "pages/trainer/rediger.py"
EXCHANGE = "pages/trainer/udveksling.py"
FILE_LESSONS = "pages/trainer/lektioner_fra_fil.py"
PROPOSALS = "pages/trainer/forslag.py"
QUESTION = "question:lille-1"
GIFT = """::Sluk:: Hvad gør du, hvis en deltager siger nej til Copilot? {=Slukker#Ja. ~Fortsætter}

Denne tekst har ingen svar.
"""


@pytest.fixture(scope="module")
def workshop_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Content with one course of two questions."""
    folder = tmp_path_factory.mktemp("workshop")
    tiny_content(folder / "content")
    return folder


@pytest.fixture
def pages(clean_environment: None, workshop_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("DATA_DIR", str(workshop_folder / "data"))
    monkeypatch.setenv("CONTENT_DIR", str(workshop_folder / "content"))
    get_settings.cache_clear()
    return Pages(lambda script: AppTest.from_file(str(ROOT / script), default_timeout=120))


@pytest.fixture
def key(pages: Pages) -> Iterator[str]:
    """Id of a manuscript of the published course, given up afterwards so that the next test has a fresh one."""
    at = press(pages.open("trainer", WORKSHOP), "Lav en ny version")
    found = at.query_params["kladde"]
    made = str(found[0] if isinstance(found, list) else found)
    yield made
    at = pages.open("trainer", MANUSCRIPT, kladde=made)
    field(at, "Hvorfor kasseres den?").set_value("Testen er slut.")
    press(at, "Ja, kassér kladden")


def press(at: AppTest, label: str, place: int = -1) -> AppTest:
    """Press a button with a label, the last where there are several."""
    [button for button in at.button if button.label == label][place].click().run()
    assert not at.exception
    return at


def field(at: AppTest, label: str, place: int = 0) -> Any:
    """A text field by its label."""
    return [one for kind in (at.text_input, at.text_area) for one in kind if one.label == label][place]


def settle(pages: Pages, manuscript: str) -> None:
    """Let every finding that may stand do so."""
    at = pages.open("trainer", MANUSCRIPT, kladde=manuscript, vis="Kontrol")
    while any(button.label == "Gem begrundelsen" for button in at.button):
        field(at, "Hvorfor kan det blive stående?").set_value("Det er en prøve.")
        press(at, "Gem begrundelsen", 0)


@pytest.mark.parametrize("path", [MANUSCRIPT, EDITING, EXCHANGE, FILE_LESSONS])
def test_a_page_without_its_manuscript_says_where_to_go(pages: Pages, path: str) -> None:
    for query in ({}, {"kladde": "findes-ikke"}):
        at = pages.open("trainer", path, **query)
        assert not at.exception
        assert "Kladden findes ikke. Gå til Kursusværksted" in shown(at)


def test_addresses_that_name_nothing_open_something_sensible(pages: Pages, key: str) -> None:
    for path, query, said in (
        (MANUSCRIPT, {"vis": "Hest", "modul": "hest"}, "Det, du ikke må skrive"),
        (EDITING, {}, "Vælg i kladden"),
        (EDITING, {"ny": "hest"}, "Vælg i kladden"),
        (EDITING, {"del": "question:hest"}, "findes ikke længere"),
        (EXCHANGE, {"vis": "hest", "modul": "hest"}, "Import og eksport"),
        (FILE_LESSONS, {"modul": "hest"}, "Lektioner fra en fil"),
        (PROPOSALS, {"modul": "hest"}, "Forslag til spørgsmål"),
    ):
        at = pages.open("trainer", path, kladde=key, **query)
        assert not at.exception
        assert said in shown(at)
    assert "Kurset findes ikke" in shown(pages.open("trainer", EXCHANGE, kursus="findes-ikke"))


def test_a_faulty_question_tells_why_and_loses_nothing(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EDITING, kladde=key, ny="question", modul="modul")
    at.selectbox[0].set_value("Tal").run()
    field(at, "Spørgsmål").set_value("Hvor mange timer har man?")
    field(at, "Godtaget tal").set_value("mange")
    field(at, "Emner, adskilt af komma (prøver kan trække efter emne)").set_value("Børn og Skole")
    press(at, "Gem")
    assert "Godtaget tal 1, tallet er ikke et tal" in shown(at)
    assert field(at, "Spørgsmål").value == "Hvor mange timer har man?"
    assert field(at, "Godtaget tal").value == "mange"
    field(at, "Godtaget tal").set_value("1.234,5")
    press(at, "Gem")
    assert "Gemt i kladden." in shown(at)
    assert field(at, "Godtaget tal").value == "1234,5"
    assert field(at, "Emner, adskilt af komma (prøver kan trække efter emne)").value == "boern-og-skole"


def test_what_is_written_stays_when_another_kind_is_chosen_and_when_the_page_is_left(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EDITING, kladde=key, ny="question", modul="modul")
    field(at, "Spørgsmål").set_value("Et langt spørgsmål?").run()
    at.selectbox[0].set_value("Fritekst").run()
    assert field(at, "Spørgsmål").value == "Et langt spørgsmål?"
    at.switch_page(WORKSHOP).run()
    for name, value in {"kladde": key, "ny": "question", "modul": "modul"}.items():
        at.query_params[name] = value
    at.switch_page(EDITING).run()
    assert field(at, "Spørgsmål").value == "Et langt spørgsmål?"
    press(at, "Kassér mine rettelser")
    assert field(at, "Spørgsmål").value == ""


def test_a_part_that_was_opened_and_left_shows_what_is_stored_when_it_is_opened_again(pages: Pages, key: str) -> None:
    mine = pages.open("trainer", EDITING, kladde=key, **{"del": QUESTION})
    theirs = pages.open("taskforce", EDITING, kladde=key, **{"del": QUESTION})
    field(theirs, "Spørgsmål").set_value("Kollegaens ordlyd?")
    press(theirs, "Gem")
    mine.switch_page(WORKSHOP).run()
    mine.query_params["kladde"], mine.query_params["del"] = key, QUESTION
    mine.switch_page(EDITING).run()
    assert field(mine, "Spørgsmål").value == "Kollegaens ordlyd?"
    field(mine, "Spørgsmål").set_value("Min ordlyd?")
    press(mine, "Gem")
    assert "Gemt." in shown(mine)


def test_two_at_once_are_told_and_nothing_of_either_is_lost(pages: Pages, key: str) -> None:
    mine = pages.open("trainer", EDITING, kladde=key, **{"del": QUESTION})
    theirs = pages.open("taskforce", EDITING, kladde=key, **{"del": QUESTION})
    field(theirs, "Spørgsmål").set_value("Kollegaens ordlyd?")
    press(theirs, "Gem")
    field(mine, "Spørgsmål").set_value("Min ordlyd?")
    press(mine, "Gem")
    assert "Det, du har skrevet, er ikke gemt" in shown(mine)
    assert field(mine, "Spørgsmål").value == "Min ordlyd?"
    press(mine, "Kassér mine rettelser")
    assert field(mine, "Spørgsmål").value == "Kollegaens ordlyd?"


def test_an_import_shows_what_is_not_read_and_why_and_brings_nothing_twice(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EXCHANGE, kladde=key, modul="modul")
    at.file_uploader[0].upload("moeder.gift", GIFT.encode(), "text/plain").run()
    assert "1 spørgsmål er læst, 1 er ikke læst" in shown(at)
    assert "Linje 3: Her er en tekst uden svar" in shown(at).replace("*", "")
    press(at, "Læg 1 spørgsmål i kladden")
    assert "1 spørgsmål er lagt i kladden" in shown(at)
    at.file_uploader[0].upload("igen.gift", GIFT.encode(), "text/plain").run()
    assert "står allerede i kladden og er uændret" in shown(at)
    assert not [button for button in at.button if button.label.startswith("Læg ")]


def test_a_hostile_file_is_refused_with_what_to_do(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EXCHANGE, kladde=key)
    hostile = b'<?xml version="1.0"?><!DOCTYPE q [<!ENTITY a SYSTEM "file:///etc/passwd">]><quiz>&a;</quiz>'
    at.file_uploader[0].upload("quiz.xml", hostile, "text/xml").run()
    assert not at.exception
    assert "dokumenttype" in shown(at)


def test_the_gate_keeps_a_manuscript_from_being_sent_until_it_is_settled(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EDITING, kladde=key, **{"del": QUESTION})
    field(at, "Forklaring til alle, når svaret er givet").set_value("")
    press(at, "Gem")
    at = pages.open("trainer", MANUSCRIPT, kladde=key)
    assert "Kvalitetskontrollen har" in shown(at)
    assert "Send til gennemsyn" not in [button.label for button in at.button]
    settle(pages, key)
    at = pages.open("trainer", MANUSCRIPT, kladde=key)
    assert "Send til gennemsyn" in [button.label for button in at.button]


def test_an_author_cannot_approve_and_a_colleague_approves_what_she_has_read(pages: Pages, key: str) -> None:

    def reword(text: str) -> None:
        at = pages.open("trainer", EDITING, kladde=key, **{"del": QUESTION})
        field(at, "Spørgsmål").set_value(text)
        press(at, "Gem")
        settle(pages, key)
        press(pages.open("trainer", MANUSCRIPT, kladde=key), "Send til gennemsyn")

    reword("Du må skrive en borgers navn i en åben AI-tjeneste.")
    mine = pages.open("trainer", MANUSCRIPT, kladde=key)
    assert "venter på, at en anden gennemser den" in shown(mine)
    assert "Godkend" not in [button.label for button in mine.button]
    theirs = pages.open("taskforce", MANUSCRIPT, kladde=key, vis="Forskelle")
    assert TEXTS[0] in shown(theirs)
    reword("Du må skrive en borgers adresse i en åben AI-tjeneste.")
    press(theirs, "Godkend")
    assert "Kladden er rettet, siden du læste den" in shown(theirs)
    assert "er godkendt" not in shown(theirs)
    press(theirs, "Godkend")
    assert "Kladden er godkendt og kan udgives." in shown(theirs)


def test_the_history_takes_back_a_change_but_not_a_move(pages: Pages, key: str) -> None:
    at = pages.open("trainer", MANUSCRIPT, kladde=key, modul="modul")
    next(one for one in at.button if one.key == f"move_{QUESTION}_1").click().run()
    at = pages.open("trainer", MANUSCRIPT, kladde=key, vis="Historik")
    assert "Flyttede" in shown(at)
    assert "Fortryd denne ændring" not in [button.label for button in at.button]
    edit = pages.open("trainer", EDITING, kladde=key, **{"del": QUESTION})
    field(edit, "Spørgsmål").set_value("Noget andet?")
    press(edit, "Gem")
    press(pages.open("trainer", MANUSCRIPT, kladde=key, vis="Historik"), "Fortryd denne ændring", 0)
    assert field(pages.open("trainer", EDITING, kladde=key, **{"del": QUESTION}), "Spørgsmål").value == TEXTS[0]


def test_a_question_is_moved_to_another_module(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EDITING, kladde=key, ny="module")
    field(at, "Titel").set_value("Bagefter")
    field(at, "Kort om modulet").set_value("Det sidste.")
    press(at, "Gem")
    at = pages.open("trainer", MANUSCRIPT, kladde=key, modul="modul")
    next(one for one in at.selectbox if one.key == f"transfer_{QUESTION}").select("bagefter").run()
    assert f"transfer_{QUESTION}" not in [one.key for one in at.selectbox]
    there = pages.open("trainer", MANUSCRIPT, kladde=key, modul="bagefter")
    assert f"transfer_{QUESTION}" in [one.key for one in there.selectbox]
    assert "til “Bagefter”" in shown(pages.open("trainer", MANUSCRIPT, kladde=key, vis="Historik"))


def test_a_picture_that_is_none_does_not_break_the_preview(pages: Pages, key: str) -> None:
    at = pages.open("trainer", EDITING, kladde=key, ny="lesson", modul="modul")
    field(at, "Titel").set_value("Billeder")
    pictures = "![en kat](data:image/png;base64,QUJD)\n\n![en hund](data:image/svg+xml;base64,/////w==)"
    field(at, "Tekst").set_value(f"Se her\n\n{pictures}")
    at.run()
    assert not at.exception
    assert "Billedet kan ikke vises: en kat" in shown(at)
