"""Text recognised without æ, ø and å is mended; everything else stays as it is."""

import json
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.word_errors import mending_errors
from rag.mending import mend, shows_no_danish_letters
from rag.vocabulary import Vocabulary
from tests.damage import GUIDELINES, ROOT, STRANGE, USUAL, damaged, texts, vocabulary

DATA = ROOT / "tests" / "data"
BENCH = ROOT.parent / "shared" / "bench" / "squad_da_a.json"
REAL = (DATA / "direktionen_2024_genkendt.txt").read_text("utf-8")


@pytest.fixture(scope="module")
def known() -> Vocabulary:
    return vocabulary()


def mended_beside_the_real_one(text: str, known: Vocabulary) -> str:
    """`text` as a paragraph of a damaged document."""
    return mend([REAL, text], known).texts[1].text


# --- documents with a corrected copy ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "share"),
    [
        ("direktionen_2024", 0.85),
        ("kom_godt_i_gang", 0.85),
        ("voicebot", 0.6),  # many words that became other real words: lost, male, for
        ("moeder", 0.6),  # specks on the paper became full stops and colons, which nobody mends
    ],
)
def test_a_recognised_document_is_mended_and_no_right_word_is_broken(name: str, share: float) -> None:
    own = {
        "direktionen_2024": "direktionens-beslutning-2024",
        "kom_godt_i_gang": "kom-godt-i-gang",
        "moeder": "moeder-og-referater",
        "voicebot": "voicebot-og-chatbot",
    }[name]
    read, true = ((DATA / f"{name}_{kind}.txt").read_text("utf-8") for kind in ("genkendt", "rettet"))
    found = mending_errors(read, true, vocabulary(own))
    assert found.broken == ()
    assert found.mended_share >= share, found.left


@pytest.mark.parametrize(
    ("read", "meant"),
    [
        ("Pa madet gar det steerkt.", "På mødet"),
        ("Opgaver kan Igses.", "kan løses"),
        ("Sagen gar til direktionen og @konomiudvalget.", "og Økonomiudvalget"),
        ("De andre it-lgsninger gnsker vi ikke.", "it-løsninger ønsker"),
        ("Vi er bade i gang og faerdige.", "både i gang og færdige"),
        ("JKONOMI", "ØKONOMI"),
        ("| lighed med andre kommuner.", "I lighed"),
        ("Loven begreenser anvendelsen af kunstigintelligens.", "begrænser anvendelsen af kunstig intelligens."),
        ("Kommunen bruger Al og en Al-drevet chatbot.", "bruger AI og en AI-drevet"),
        ("Al-Univers er et sted.", "AI-Univers"),
    ],
)
def test_words_are_mended_as_they_were_meant(read: str, meant: str, known: Vocabulary) -> None:
    assert meant in mended_beside_the_real_one(read, known)


@pytest.mark.parametrize(
    "text",
    [
        "The system should be free to use by those who have made a request. Please read the terms and be seen by a human.",
        "Det går bra att använda systemet. Alla har rätt att se vad som står där.",
        "Systemet kan brukes av alle, og det er ikke noe problem. Vi har laget en veileder for ansatte.",
        "Das System ist frei und wird von der Gemeinde genutzt. Die Daten werden nicht gespeichert.",
        "Made in Denmark. Open source er fri software, og machine learning bruges til deep fake og oversharing.",
        "Skriv til lars.bade@randers.dk eller se https://www.randers.dk/omrader/pa-vej?star=1 om sagen.",
        "Brug `pip install omrader` og filen data_pa.txt samt K-1, A4, 5G, fx, ca., bl.a., jf. § 5, nr. 3 og stk. 2.",
        "KL, EU, GDPR, DPIA, OpenAI, ChatGPT, Copilot, DeepL, iPhone og Power BI er navne.",
        "Kontakt Jens Al Hansen og Al Gore i Aabenraa, Lars Bade og Karen Star fra Star Alliance.",
        "Seniorfremtidsforsker Bugge Holm Hansen og Alexandra Instituttet kom med.",
        "Et barn kan have en far og en mor, og huset har en sal, en gade og et rum for alle.",
        "Al mad er spist. Al tale om vold er forbudt. Han er al det, man kan have.",
        "Forside | Randers Kommune | Om os",
        "AI-taksforcen er stavet forkert af forfatteren.",
    ],
)
def test_right_words_in_a_damaged_document_stay(text: str, known: Vocabulary) -> None:
    assert mended_beside_the_real_one(text, known) == text


# --- healthy text -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", [*GUIDELINES, ROOT / "README.md", ROOT / "docs" / "privacy.md"], ids=lambda path: path.stem
)
def test_a_healthy_text_is_not_touched(path: Path) -> None:
    whole = texts(path)
    assert [found.text for found in mend(whole, Vocabulary()).texts] == whole
    for text in whole:
        assert mend([text], Vocabulary()).texts[0].text == text


def test_the_dictionary_is_not_touched() -> None:
    text = (ROOT / "content" / "glossary.yaml").read_text("utf-8")
    assert mend([text], Vocabulary()).texts[0].text == text


def test_no_word_of_nine_hundred_healthy_passages_is_changed(known: Vocabulary) -> None:
    if not BENCH.exists():
        pytest.skip(f"{BENCH} is not here; it is outside data")
    passages = [passage["text"] for passage in json.loads(BENCH.read_text("utf-8"))["passages"]]
    assert sum(mend([passage], known).repaired for passage in passages) == 0


def test_right_words_of_healthy_passages_stay_in_a_damaged_document(known: Vocabulary) -> None:
    if not BENCH.exists():
        pytest.skip(f"{BENCH} is not here; it is outside data")
    passages = [passage["text"] for passage in json.loads(BENCH.read_text("utf-8"))["passages"]]
    plain = [line for text in passages[:300] for line in text.split(". ") if not set("æøåÆØÅ") & set(line)]
    outcome = mend([REAL, *plain], known)
    assert outcome.texts[0].repairs
    assert [found.text for found in outcome.texts[1:]] == plain


def test_a_short_danish_sentence_without_special_letters_is_no_damage() -> None:
    assert not shows_no_danish_letters(["Vi tester det nye system i dag."])
    assert not shows_no_danish_letters(["The whole document is in English and has no such letters at all. " * 10])


# --- damage made here -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("looks", "share"), [(USUAL, 0.85), (STRANGE, 0.4)], ids=["usual", "strange"])
def test_damaged_guidelines_are_mended_and_no_right_word_is_broken(looks: dict[str, list[str]], share: float) -> None:
    chance = random.Random(20261123)  # noqa: S311  damage, not secrets
    wrong = mended = 0
    for path in GUIDELINES[::3]:
        whole = texts(path)
        true = "\n\n".join(whole)
        found = mending_errors("\n\n".join(damaged(text, looks, chance) for text in whole), true, vocabulary(path.stem))
        assert found.broken == ()
        wrong += found.wrong_before
        mended += found.mended
    assert mended >= share * wrong


@given(st.lists(st.sampled_from([text for path in GUIDELINES[:4] for text in texts(path)]), max_size=12), st.randoms())
def test_repairs_say_exactly_what_was_changed(healthy: list[str], chance: random.Random) -> None:
    read = [damaged(text, USUAL, chance) for text in healthy]
    for before, found in zip(read, mend(read, Vocabulary()).texts, strict=True):
        rebuilt, at = "", 0
        for repair in found.repairs:
            assert before[repair.start : repair.end] == repair.original != repair.mended
            assert repair.start >= at
            rebuilt, at = rebuilt + before[at : repair.start] + repair.mended, repair.end
        assert rebuilt + before[at:] == found.text


@given(st.text(max_size=300))
def test_text_that_is_not_danish_survives_whatever_it_is(text: str) -> None:
    assert mend([text], Vocabulary()).texts[0].text == text


def test_mending_twice_changes_nothing_more(known: Vocabulary) -> None:
    once = [found.text for found in mend(REAL.split("\n\n"), known).texts]
    assert [found.text for found in mend(once, known).texts] == once


def test_the_word_lists_wait_for_the_first_damaged_document() -> None:
    code = "import sys, bootstrap; print([name for name in ('simplemma', 'wordfreq') if name in sys.modules])"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=True)
    assert found.stdout.strip() == "[]"
