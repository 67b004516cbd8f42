"""Feedback from answer to task force, and the page Indeks og kvalitet, through the real scripts and services."""

import threading

import pytest
from streamlit.testing.v1 import AppTest

from tests.app.pages import Pages, shown
from tests.app.test_pages import ASK, INBOX, MATERIAL, ask

QUALITY = "pages/admin/indeks.py"
QUESTION = "Hvor store bøder er der efter AI-forordningen?"


def kept(at: AppTest) -> str:
    """Id of the conversation that is open."""
    found = at.query_params["samtale"]
    return str(found[0] if isinstance(found, list) else found)


def press(at: AppTest, label: str) -> AppTest:
    """Press the last button with a label."""
    [button for button in at.button if button.label == label][-1].click().run()
    assert not at.exception
    return at


def give_reason(at: AppTest, reason: str, note: str, with_question: bool = False) -> AppTest:
    """Fill in the form under the last answer and send it."""
    radio = at.radio[-1]
    radio.set_value(next(option for option in radio.options if option == reason))
    at.text_area[-1].set_value(note)
    if with_question:
        at.checkbox[-1].check()
    return press(at, "Send begrundelsen")


# --- feedback -----------------------------------------------------------------------------------------------------


def test_a_no_with_a_reason_reaches_the_inbox_and_is_handled(pages: Pages) -> None:
    at = press(ask(pages, QUESTION), "Nej, det hjalp ikke")
    give_reason(at, "Kilden er forældet", "Bøderne er sat op i torvekøb.")
    assert "det ikke hjalp: kilden er forældet" in shown(at)
    desk = pages.open("taskforce", INBOX, vis="Tilbagemeldinger")
    text = shown(desk)
    assert "Bøderne er sat op i torvekøb." in text
    assert QUESTION not in text
    assert "Mette" not in text
    button = next(item for item in desk.button if item.label == "Markér som behandlet")
    button.click().run()
    assert not desk.exception
    assert "Bøderne er sat op" not in shown(desk)


def test_a_question_is_shown_to_the_task_force_when_it_is_sent_along(pages: Pages) -> None:
    at = press(ask(pages, "Hvad koster en tagsten fra Tirstrup?", "key_person"), "Nej, det hjalp ikke")
    give_reason(at, "Der mangler noget", "", with_question=True)
    assert "tagsten fra Tirstrup" in shown(pages.open("taskforce", INBOX, vis="Tilbagemeldinger"))


def test_feedback_is_there_after_a_reload_and_can_be_changed_and_withdrawn(pages: Pages) -> None:
    at = press(ask(pages, QUESTION, "manager"), "Ja, det hjalp")
    again = pages.open("manager", ASK, samtale=kept(at))
    assert "Du har svaret, at det hjalp." in shown(again)
    press(again, "Fortryd tilbagemeldingen")
    assert "Hjalp svaret dig?" in shown(again)
    press(again, "Nej, det hjalp ikke")
    assert "Du har svaret, at det ikke hjalp." in shown(again)


def test_a_note_with_a_cpr_number_says_why_at_the_form_and_keeps_what_was_written(pages: Pages) -> None:
    at = press(ask(pages, QUESTION), "Nej, det hjalp ikke")
    give_reason(at, "Andet", "Det gælder 010190-1234.")
    assert "CPR-nummer" in shown(at)
    assert at.text_area[-1].value == "Det gælder 010190-1234."
    assert "det ikke hjalp: andet" not in shown(at)
    give_reason(at, "Andet", "Det gælder en borger.")
    assert not at.error
    assert "det ikke hjalp: andet" in shown(at)


def test_feedback_in_a_conversation_that_another_tab_deleted_says_so(pages: Pages) -> None:
    at = ask(pages, QUESTION, "trainer")
    press(pages.open("trainer", ASK, samtale=kept(at)), "Ja, slet samtalen")
    press(at, "Ja, det hjalp")
    assert "Samtalen findes ikke længere" in shown(at)


def test_two_tabs_leave_the_last_word(pages: Pages) -> None:
    at = ask(pages, QUESTION)
    other = pages.open("employee", ASK, samtale=kept(at))
    press(at, "Ja, det hjalp")
    press(other, "Nej, det hjalp ikke")
    assert "at det ikke hjalp." in shown(pages.open("employee", ASK, samtale=kept(at)))


# --- old answers --------------------------------------------------------------------------------------------------


def test_an_old_answer_keeps_its_words_and_says_that_the_source_has_a_new_version(pages: Pages) -> None:
    text = "# Svævebaner\n\nSvævebanen må bruges af {} medarbejdere ad gangen.\n"
    first = pages.open("taskforce", MATERIAL)
    first.file_uploader[0].upload("baner.md", text.format("tre").encode()).run()
    press(first, "Udgiv")
    asked = ask(pages, "Hvor mange medarbejdere må bruge svævebanen?")
    assert "En kilde er ændret" not in shown(asked)
    second = pages.open("taskforce", MATERIAL)
    second.file_uploader[0].upload("baner2.md", text.format("seks").encode()).run()
    second.selectbox(key="material_target").set_value("svaevebaner").run()
    press(second, "Udgiv")
    again = shown(pages.open("employee", ASK, samtale=kept(asked)))
    assert "af tre medarbejdere" in again
    assert "af seks medarbejdere" not in again
    assert "En kilde er ændret eller trukket tilbage, siden du fik svaret" in again
    assert "af seks medarbejdere" in shown(ask(pages, "Hvor mange medarbejdere må bruge svævebanen?"))


# --- quality ------------------------------------------------------------------------------------------------------


def test_the_page_counts_what_people_asked(pages: Pages) -> None:
    ask(pages, QUESTION)
    ask(pages, "Hvad koster en jordbærkage på torvet i Hornslet?")
    at = pages.open("admin", QUALITY)
    figures = {metric.label: metric.value for metric in at.metric}
    assert int(figures["Spørgsmål"]) >= 2
    assert figures["Afvist"].endswith(" %")
    assert any("Søgning på ord" in table.value.to_string() for table in at.table)
    assert "jordbærkage" not in "\n".join([shown(at), *(table.value.to_string() for table in at.table)])


@pytest.mark.parametrize("period", ["7 dage", "30 dage", "90 dage"])
def test_the_period_is_in_the_address(pages: Pages, period: str) -> None:
    at = pages.open("admin", QUALITY, periode=period)
    assert not at.exception
    weeks = next(table for table in at.table if "Andel afvist" in table.value.columns)
    assert len(weeks.value) == pytest.approx(int(period.split()[0]) / 7, abs=2)


def test_a_period_that_does_not_exist_gives_the_usual_one(pages: Pages) -> None:
    at = pages.open("admin", QUALITY, periode="en evighed")
    assert not at.exception
    assert at.metric


def test_an_evaluation_runs_and_its_result_is_shown(pages: Pages) -> None:
    at = pages.open("admin", QUALITY)
    at.button(key="evaluation_start").click().run()
    assert not at.exception
    for thread in threading.enumerate():
        if thread.name == "self-check":
            thread.join(60)
    done = pages.open("taskforce", QUALITY)
    assert "kildernes egne hverdagsspørgsmål" in shown(done)
    assert any("Rette afsnit blandt de 5 første" in table.value.to_string() for table in done.table)


def test_the_task_force_sees_the_figures_and_only_an_administrator_acts(pages: Pages) -> None:
    ask(pages, QUESTION)
    acts = {"index_rebuild", "evaluation_start", "log_empty"}
    assert acts <= {str(button.key) for button in pages.open("admin", QUALITY).button}
    assert not acts & {str(button.key) for button in pages.open("taskforce", QUALITY).button}


def test_an_emptied_log_says_what_to_do_next(pages: Pages) -> None:
    ask(pages, QUESTION)
    at = pages.open("admin", QUALITY)
    at.button(key="log_empty").click().run()
    assert not at.exception
    assert "Loggen er tømt for" in shown(at)
    assert "Ingen har stillet spørgsmål i perioden" in shown(at)
    assert "log_empty" not in {str(button.key) for button in at.button}
