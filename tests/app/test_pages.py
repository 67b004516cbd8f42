"""What people meet on the pages, driven through the real scripts and services."""

import re

import pytest
from streamlit.testing.v1 import AppTest

from bootstrap import connect
from settings import get_settings
from tests.app.pages import ROOT, Pages, shown

ASK = "pages/everyone/spoerg.py"
LIBRARY = "pages/everyone/retningslinjer.py"
MATERIAL = "pages/trainer/materiale.py"
INBOX = "pages/taskforce/indbakke.py"

BICYCLES = """# Cykelregler for robotter

## Parkering af robotcykler

Robotcykler skal parkeres bag rådhuset ved port syv.

## Lån af robotcykler

En medarbejder kan låne en robotcykel i otte dage.
"""


def ask(pages: Pages, question: str, role: str = "employee") -> AppTest:
    """The page Spørg after one question."""
    at = pages.open(role, ASK)
    at.chat_input[0].set_value(question).run()
    assert not at.exception
    return at


def test_a_question_gets_exact_quotes_marked_as_draft(pages: Pages) -> None:
    text = shown(ask(pages, "Må jeg bruge ChatGPT til at skrive et brev til en borger?"))
    assert "borger" in text
    assert "Udkast, ikke godkendt" in text
    assert "ordrette citater" in text


def test_a_conversation_is_there_after_a_reload(pages: Pages) -> None:
    at = ask(pages, "Hvor store bøder er der efter AI-forordningen?")
    kept = at.query_params["samtale"]
    again = pages.open("employee", ASK, samtale=kept[0] if isinstance(kept, list) else kept)
    assert "35 millioner euro" in shown(again)


def test_somebody_elses_conversation_stays_closed(pages: Pages) -> None:
    kept = ask(pages, "Hvor store bøder er der efter AI-forordningen?").query_params["samtale"]
    other = pages.open("manager", ASK, samtale=kept[0] if isinstance(kept, list) else kept)
    assert "35 millioner euro" not in shown(other)
    assert "Samtalen findes ikke længere" in shown(other)


def test_one_conversation_or_all_of_them_can_be_deleted(pages: Pages) -> None:
    at = ask(pages, "Hvor store bøder er der efter AI-forordningen?", "manager")
    kept = at.query_params["samtale"]
    at.button(key="ask_delete").click().run()
    assert not at.exception
    assert "35 millioner euro" not in shown(at)
    again = pages.open("manager", ASK, samtale=kept[0] if isinstance(kept, list) else kept)
    assert "Samtalen findes ikke længere" in shown(again)
    for question in ("Hvornår træder højrisikoreglerne i kraft?", "Hvad er en god prompt?"):
        at = ask(pages, question, "manager")
    at.button(key="ask_delete_all").click().run()
    assert not [button for button in pages.open("manager", ASK).button if str(button.key).startswith("open_")]


@pytest.mark.parametrize("number", ["010190-1234", "010190 1234", "0101901234"])
def test_a_cpr_number_is_stopped_and_never_kept(pages: Pages, number: str) -> None:
    at = ask(pages, f"Må jeg skrive om borger {number} i ChatGPT?")
    assert "CPR-nummer" in shown(at)
    assert number not in shown(at)
    assert "samtale" not in at.query_params
    assert "[CPR-nummer]" in at.text_area[0].value


def test_a_stopped_question_says_why_and_can_be_sent_without_what_stopped_it(pages: Pages) -> None:
    at = ask(pages, "Må jeg bruge ChatGPT til et brev til Jens Hansen, der har demens?")
    text = shown(at)
    assert "er ikke søgt på, gemt eller sendt" in text
    assert "Et navn står sammen med noget om helbred" in text
    assert "uden navn og initialer" in text
    assert "Jens" not in text
    at.text_area[0].set_value("Må jeg bruge ChatGPT til at skrive et brev til en borger?")
    next(button for button in at.button if button.label == "Spørg uden oplysningerne").click().run()
    assert not at.exception
    assert "ordrette citater" in shown(at)
    assert "er ikke søgt på" not in shown(at)
    assert "samtale" in at.query_params


def test_what_is_sent_after_cleaning_meets_the_same_gate(pages: Pages) -> None:
    at = ask(pages, "Må jeg skrive om borger 010190-1234 i ChatGPT?")
    at.text_area[0].set_value("Må jeg så skrive 010190 1234 i ChatGPT?")
    next(button for button in at.button if button.label == "Spørg uden oplysningerne").click().run()
    assert "er ikke søgt på, gemt eller sendt" in shown(at)
    assert "1234" not in shown(at)
    assert "samtale" not in at.query_params


def test_an_upload_with_cpr_numbers_shows_where_and_waits_for_a_reason(pages: Pages) -> None:
    at = pages.open("trainer", MATERIAL)
    text = b"# Vejledning i sager\n\n## Eksempel\n\nBorgeren 010190-1234 og a.b@mail.dk venter.\n"
    at.file_uploader[0].upload("sager.md", text).run()
    seen = shown(at)
    assert "1 CPR-nummer, 1 e-mailadresse" in seen
    assert "“Eksempel”" in seen
    assert "010190" not in seen
    assert "1234" not in seen
    next(button for button in at.button if button.label == "Udgiv").click().run()
    assert "skriv, hvordan du ved det" in shown(at)
    at.text_area(key="material_invented").set_value("Nummeret er fundet på til kurset i maj.")
    next(button for button in at.button if button.label == "Udgiv").click().run()
    assert not at.exception
    assert "er udgivet" in shown(at)


def test_an_empty_question_gets_a_friendly_word(pages: Pages) -> None:
    assert "Skriv et spørgsmål først." in shown(ask(pages, "   "))


def test_a_refused_question_reaches_the_task_force_and_the_reply_comes_back(pages: Pages) -> None:
    at = ask(pages, "Hvad koster en jordbærkage på torvet i Hornslet?")
    assert "Det svarer kilderne ikke på" in shown(at)
    at.text_input[0].set_value("Jeg skal holde en fødselsdag")
    next(button for button in at.button if button.label == "Send til taskforcen").click().run()
    assert "Sendt til AI-taskforcen" in shown(at)
    kept = at.query_params["samtale"]
    desk = pages.open("taskforce", INBOX)
    assert "jordbærkage" in shown(desk)
    desk.text_area[0].set_value("Spørg bageren.")
    next(button for button in desk.button if button.label == "Send svar").click().run()
    assert "jordbærkage" not in shown(desk)
    again = pages.open("employee", ASK, samtale=kept[0] if isinstance(kept, list) else kept)
    assert "Spørg bageren" in shown(again)


def test_an_uploaded_file_is_read_published_and_found_at_once(pages: Pages) -> None:
    at = pages.open("trainer", MATERIAL)
    at.file_uploader[0].upload("cykelregler.md", BICYCLES.encode()).run()
    assert "3 overskrifter, 2 afsnit" in shown(at)
    next(button for button in at.button if button.label == "Udgiv").click().run()
    assert not at.exception
    assert "er udgivet" in shown(at)
    assert "port syv" in shown(ask(pages, "Hvor skal robotcykler parkeres?"))
    twice = pages.open("trainer", MATERIAL)
    twice.file_uploader[0].upload("samme.md", BICYCLES.encode()).run()
    assert "Filen findes allerede" in shown(twice)
    changed = pages.open("trainer", MATERIAL)
    changed.file_uploader[0].upload("nyere.md", BICYCLES.replace("otte", "ni").encode()).run()
    changed.selectbox(key="material_target").set_value("cykelregler-for-robotter").run()
    text = shown(changed)
    assert "1 afsnit er ændret" in "\n".join(expander.label for expander in changed.expander)
    assert "otte dage" in text
    assert "ni dage" in text


def test_a_text_recognised_with_the_wrong_language_is_mended_and_shown_as_it_was_read(pages: Pages) -> None:
    at = pages.open("trainer", MATERIAL)
    at.file_uploader[0].upload("sag.txt", (ROOT / "tests/data/direktionen_2024_genkendt.txt").read_bytes()).run()
    assert not at.exception
    assert re.search(r"Vi har rettet 1\d\d ord, som så ud til at være genkendt forkert", shown(at))
    rows = at.table[0].value.values.tolist()
    assert ["Pa", "På"] in [row[:2] for row in rows]
    assert "På baggrund af mødet" in shown(at)
    at.toggle[0].set_value(True).run()
    assert "Pa baggrund af madet" in shown(at)
    at.toggle[0].set_value(False).run()
    next(field for field in at.text_input if field.label == "Titel").set_value("Direktionens sag om robotcykler")
    next(button for button in at.button if button.label == "Udgiv").click().run()
    assert "er udgivet" in shown(at)
    read = pages.open("employee", LIBRARY, kilde="direktionens-sag-om-robotcykler")
    assert "Vis teksten, som den blev læst" in [expander.label for expander in read.expander]
    drawn = "\n".join(str(element.proto.body) for element in read.get("html"))
    assert "<mark>madet</mark>" in drawn
    assert "baggrund af mødet" in drawn
    answer = shown(ask(pages, "Hvem fik DC-forum et oplæg ved på mødet den 19. marts 2024?"))
    assert "ord rettet efter genkendelse" in answer


def test_a_file_that_cannot_be_read_says_why_and_stores_nothing(pages: Pages) -> None:
    at = pages.open("trainer", MATERIAL)
    at.file_uploader[0].upload("regler.pdf", b"MZ\x90\x00 this is a program").run()
    assert at.error
    assert not any(button.label == "Udgiv" for button in at.button)


def test_wrong_dates_are_named_in_danish(pages: Pages) -> None:
    at = pages.open("trainer", MATERIAL)
    at.file_uploader[0].upload("frist.md", b"# Frist for noget\n\nFristen er kort for alle i huset.\n").run()
    next(field for field in at.text_input if field.label.startswith("Gælder fra")).set_value("31-02-2027")
    next(button for button in at.button if button.label == "Udgiv").click().run()
    assert "“gælder fra” har en ugyldig værdi" in shown(at)


def test_only_those_who_may_approve_see_the_button(pages: Pages) -> None:
    assert not any(button.label == "Godkend" for button in pages.open("trainer", MATERIAL).button)
    assert any(button.label == "Godkend" for button in pages.open("taskforce", MATERIAL).button)


def test_a_link_from_somewhere_else_to_a_source_that_is_gone(pages: Pages) -> None:
    at = pages.open("employee", LIBRARY, kilde="findes-ikke")
    assert "Kilden findes ikke" in shown(at)


def test_search_in_the_library_finds_passages(pages: Pages) -> None:
    at = pages.open("employee", LIBRARY)
    at.text_input(key="library_search").set_value("højrisiko bilag III").run()
    assert "bedste først" in shown(at)
    at.text_input(key="library_search").set_value("xyzzyq").run()
    assert "Ingen afsnit" in shown(at)


def test_a_search_with_a_cpr_number_is_not_made(pages: Pages) -> None:
    at = pages.open("employee", LIBRARY)
    at.text_input(key="library_search").set_value("sagen om 010190-1234").run()
    assert "Der er ikke søgt" in shown(at)
    assert "bedste først" not in shown(at)


def test_the_dictionary_finds_a_synonym(pages: Pages) -> None:
    at = pages.open("employee", "pages/everyone/ordbog.py")
    at.text_input(key="glossary_search").set_value("DPIA").run()
    assert "konsekvensanalyse" in shown(at)


def test_the_front_page_takes_a_question_along(pages: Pages) -> None:
    at = pages.app("key_person")
    at.text_input[0].set_value("Hvornår træder højrisikoreglerne i kraft?")
    next(button for button in at.button if button.label == "Spørg").click().run()
    assert "2. december 2027" in shown(at)


def test_an_old_answer_says_when_its_source_has_been_taken_out(pages: Pages) -> None:
    at = pages.open("taskforce", MATERIAL)
    at.file_uploader[0].upload("dronevagt.md", b"# Dronevagt\n\nDronevagten holder til i tagetagen.\n").run()
    next(button for button in at.button if button.label == "Udgiv").click().run()
    asked = ask(pages, "Hvor holder dronevagten til?")
    kept = asked.query_params["samtale"]
    assert "En kilde er ændret eller trukket tilbage" not in shown(asked)
    house = connect(get_settings())
    guard_post = house.search.version_in_force("dronevagt")
    house.sources.retire(house.people.find("demo-tina"), guard_post.id)
    again = pages.open("employee", ASK, samtale=kept[0] if isinstance(kept, list) else kept)
    assert "En kilde er ændret eller trukket tilbage" in shown(again)
    assert "Trukket tilbage" in shown(again)


def test_signing_out_leaves_nothing_for_the_next_person(pages: Pages) -> None:
    at = ask(pages, "Må jeg skrive om borger 010190-1234 i ChatGPT?")
    assert "ask_blocked" in at.session_state
    at.button(key="sign_out").click().run()
    assert "ask_blocked" not in at.session_state
