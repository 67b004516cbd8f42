"""What a person sees of answers worded by a language model, on the real page and over real HTTP."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from settings import get_settings
from tests.app.pages import ROOT, Pages, shown, small_content
from tests.openai_server import KEY, Exchange, ModelServer

ASK = "pages/everyone/spoerg.py"
QUESTION = "Må jeg bruge ChatGPT til at skrive et brev til en borger?"
SOURCE = "Du har ansvaret for brevet til borgeren, og myndigheden skal kunne stå inde for hvert ord i det."
WORDED = "Du har selv ansvaret for brevet til borgeren, og myndigheden skal kunne stå inde for hvert ord i det."
CAPTION = "Formuleret af en sprogmodel ud fra kilderne; hvert punkt er kontrolleret mod citatet."


@pytest.fixture
def server() -> Iterator[ModelServer]:
    with ModelServer().running() as running:
        yield running


@pytest.fixture
def page(server: ModelServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pages:
    """The pages of a house of its own, with the server as its model."""
    small_content(tmp_path / "content")
    names = {
        "DATA_DIR": str(tmp_path / "data"),
        "CONTENT_DIR": str(tmp_path / "content"),
        "OPENAI_BASE_URL": server.openai,
        "OPENAI_API_KEY": KEY,
        "OPENAI_MODEL": "proeve-model",
    }
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    monkeypatch.chdir(ROOT)
    get_settings.cache_clear()
    return Pages(lambda script: AppTest.from_file(str(ROOT / script), default_timeout=60))


def ask(page: Pages) -> AppTest:
    at = page.open("employee", ASK)
    at.chat_input[0].set_value(QUESTION).run()
    assert not at.exception
    return at


def test_a_worded_answer_says_so_shows_each_quote_and_is_there_after_a_reload(page: Pages, server: ModelServer) -> None:
    server.say = lambda exchange: exchange.answer((WORDED, exchange.label(SOURCE), SOURCE))
    at = ask(page)
    kept = at.query_params["samtale"]
    for seen in (at, page.open("employee", ASK, samtale=kept[0] if isinstance(kept, list) else kept)):
        text = shown(seen)
        assert WORDED in text
        assert f"Kilden siger: “{SOURCE}”" in text
        assert CAPTION in text
        assert "ordrette citater" not in text
        assert "ikke godkendt af kommunen" in text


def test_nothing_unchecked_is_shown_and_the_quotes_come_instead(page: Pages, server: ModelServer) -> None:
    def invent(exchange: Exchange) -> None:
        exchange.answer(("Borgeren har ansvaret for alle breve i kommunen.", exchange.label(SOURCE), SOURCE))

    server.say = invent
    text = shown(ask(page))
    assert "Borgeren har ansvaret" not in text
    assert CAPTION not in text
    assert "Svaret er ordrette citater." in text
    assert server.requests == 1


def test_half_an_access_to_a_model_is_told_in_danish(page: Pages, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("OPENAI_MODEL")
    get_settings.cache_clear()
    at = page.app(None)
    assert "men OPENAI_MODEL mangler" in shown(at)
    assert KEY not in shown(at)
