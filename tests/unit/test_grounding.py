"""The check of a language model's sentences: distortions are found, faithful ones mostly kept, quotes are whole sentences."""

import json
from collections import Counter
from functools import cache
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.distortions import KINDS, distortions
from benchmarks.quotes import guideline_sentences
from rag import claims
from rag.grounding import LONGEST, MOST, Written, check, located
from rag.index import IndexedPassage
from rag.quotes import stands_in
from rag.sentences import sentences
from rag.source import Status
from settings import ROOT
from tests.fakes import indexed, version

DISTORTIONS = 1000
LEAST_KEPT = 27  # of sixty; what was kept when the check was made, so that nobody makes it stricter without noticing
RULE = "Du må ikke skrive CPR-numre i åbne AI-tjenester. (Kilde: K-2)"


@cache
def shelf() -> tuple[tuple[str, IndexedPassage], ...]:
    """Every sentence of the shipped guidelines with its passage."""
    return tuple((text, indexed(passage)) for text, passage in guideline_sentences(ROOT / "content"))


@cache
def faithful() -> tuple[dict[str, str], ...]:
    """Sentences written by hand that say what their source says."""
    return tuple(json.loads((Path(__file__).parents[1] / "data" / "paraphrases.json").read_text("utf-8")))


def kept(text: str, quote: str, passage: IndexedPassage) -> bool:
    """Whether a sentence is shown in its own words."""
    return check([Written(text=text, passage="k1", quote=quote)], {"k1": passage}).own == 1


def test_a_thousand_distorted_quotes_are_all_rejected() -> None:
    accepted = Counter(
        kind
        for kind, place, changed in distortions([text for text, _ in shelf()], DISTORTIONS)
        if located(changed, shelf()[place][1])
    )
    assert accepted == {}


def test_a_thousand_distorted_sentences_with_true_quotes_are_all_rejected() -> None:
    made = list(distortions([text for text, _ in shelf()], DISTORTIONS, seed=2))
    assert {kind for kind, _, _ in made} == set(KINDS)
    passed = [(kind, changed) for kind, place, changed in made if kept(changed, *shelf()[place])]
    assert passed == []


def test_distorted_faithful_sentences_are_all_rejected() -> None:
    made = distortions([item["text"] for item in faithful()], DISTORTIONS, seed=3)
    passed = [
        (kind, changed)
        for kind, place, changed in made
        if kept(changed, faithful()[place]["source"], indexed(faithful()[place]["source"]))
    ]
    assert passed == []


@given(st.data())
def test_any_distortion_of_any_guideline_is_rejected(data: st.DataObject) -> None:
    text, passage = data.draw(st.sampled_from(shelf()))
    change = KINDS[data.draw(st.sampled_from(sorted(KINDS)))]
    changed = change(text, data.draw(st.randoms(use_true_random=False)))
    if changed is not None and changed != text:
        assert not located(changed, passage)
        assert not kept(changed, text, passage)


def test_the_sources_own_sentences_are_kept_and_faithful_ones_not_lost_further() -> None:
    assert sum(kept(text, text, passage) for text, passage in shelf()) >= 0.97 * len(shelf())
    assert len(faithful()) == 60
    assert sum(kept(item["text"], item["source"], indexed(item["source"])) for item in faithful()) >= LEAST_KEPT


@given(st.data())
def test_a_piece_of_a_passage_is_cited_as_whole_sentences_of_it(data: st.DataObject) -> None:
    text, passage = data.draw(st.sampled_from(shelf()))
    words = text.split()
    start = data.draw(st.integers(0, len(words) - 1))
    piece = data.draw(st.sampled_from([" ", "\n", "\u00a0 "])).join(
        words[start : data.draw(st.integers(start, len(words)))]
    )
    for found in located(piece, passage):
        assert found.text in passage.passage.text
        assert stands_in(found.text, passage.passage.text)
        assert found in sentences(passage.passage.text)


def test_a_quote_that_leaves_the_negation_out_is_held_against_the_whole_sentence() -> None:
    passage = indexed(RULE)
    assert not kept("Du kan skrive CPR-numre i åbne AI-tjenester.", "skrive CPR-numre i åbne AI-tjenester", passage)
    assert not kept("Skrive CPR-numre i åbne AI-tjenester.", "skrive CPR-numre i åbne AI-tjenester", passage)
    shown = check([Written(text=RULE[:48], passage="k1", quote="skrive CPR-numre i åbne")], {"k1": passage})
    assert shown.sentences[0].citations[0].quote == "Du må ikke skrive CPR-numre i åbne AI-tjenester."


@pytest.mark.parametrize(
    "quote",
    [
        "",
        "CPR-numre",
        "skrive CPR-numre i",
        "u må ikke skrive CPR-numre i åbne AI-tjenester",
        "Du må ikke skrive CPR-numre i åbne AI-tjeneste",
        "numre i åbne AI-tjenester.",
        "du må ikke skrive CPR-numre i åbne AI-tjenester",
        "Du må ikke skrive … i åbne AI-tjenester.",
        "(Kilde: K-2)",
    ],
)
def test_short_cut_and_changed_quotes_are_none(quote: str) -> None:
    assert located(quote, indexed(RULE)) == []


def test_a_retired_source_is_not_quoted() -> None:
    passage = indexed(RULE, version("gammel", status=Status.RETIRED))
    checked = check([Written(text=RULE[:48], passage="k1", quote=RULE[:48])], {"k1": passage})
    assert (checked.sentences, dict(checked.faults)) == ((), {"quote": 1})


def test_a_list_item_is_shown_with_the_words_it_hangs_on() -> None:
    passage = indexed(
        "Du må ikke:\n- skrive CPR-numre i åbne tjenester.\n- dele fortrolige kontrakter i åbne tjenester."
    )
    quote = "dele fortrolige kontrakter i åbne tjenester."
    assert not kept("Du kan dele fortrolige kontrakter i åbne tjenester.", quote, passage)
    assert not kept("Del fortrolige kontrakter i åbne tjenester.", quote, passage)
    own = check(
        [Written(text="Du må ikke dele fortrolige kontrakter i åbne tjenester.", passage="k1", quote=quote)],
        {"k1": passage},
    )
    assert [citation.quote for citation in own.sentences[0].citations] == ["Du må ikke:", f"- {quote}"]
    failed = check([Written(text="Del alt det, du har lyst til.", passage="k1", quote=quote)], {"k1": passage})
    assert failed.sentences == ()


def test_a_heading_that_could_turn_a_fragment_leaves_it_out() -> None:
    passage = indexed("indtaste oplysninger om borgere i værktøjet.", heading="Det må du ikke")
    assert not kept("Indtaste oplysninger om borgere i værktøjet.", passage.passage.text, passage)


@pytest.mark.parametrize(
    ("said", "source", "fault"),
    [
        ("Bøden er op til 1000 kroner pr. brud.", "Bøden er op til 1.000 kr. pr. brud.", None),
        ("Svaret kommer inden 3 dage hos kommunen.", "Svaret kommer inden tre dage hos kommunen.", None),
        ("Bøden er 15 millioner euro eller 7 %.", "Bøden er 7 millioner euro eller 15 %.", claims.Fault.NUMBER),
        ("Reglen i bilag I gælder systemer.", "Reglen i bilag III gælder systemer.", claims.Fault.NUMBER),
        ("Reglen følger af art. 5(2) om AI.", "Reglen følger af art. 5(1) om AI.", claims.Fault.NUMBER),
        ("Fristen er flyttet fra 2027 til 2026.", "Fristen er flyttet fra 2026 til 2027.", claims.Fault.NUMBER),
        ("Kommunen skal give borgeren besked.", "Kommunen skal give borgeren besked.", None),
        ("Borgeren skal give kommunen besked.", "Kommunen skal give borgeren besked.", claims.Fault.TURN),
        ("KL kritiserede i svaret Datatilsynet.", "Datatilsynet kritiserede i svaret KL.", claims.Fault.WORD),
        ("Reglen gælder, når ingen klager.", "Reglen gælder, når nogen klager.", claims.Fault.TURN),
        ("Alle værktøjer er godkendt af kommunen.", "Nogle værktøjer er godkendt af kommunen.", claims.Fault.TURN),
        ("Du må bruge værktøjer til idéer.", "Du må bruge godkendte værktøjer til idéer.", claims.Fault.TURN),
        ("Copilot er sikker at bruge.", "Microsoft oplyser, at Copilot er sikker at bruge.", claims.Fault.TURN),
        ("Brug et generelt værktøj til tekster.", "Brug et generelt værktøj til korte tekster.", claims.Fault.LEFT_OUT),
        ("Det er det.", "Det er det.", claims.Fault.THIN),
    ],
)
def test_what_a_source_supports(said: str, source: str, fault: claims.Fault | None) -> None:
    assert claims.fault(said, source) is fault


def test_only_a_few_sentences_of_bounded_length_are_shown() -> None:
    items = [Written(text=text, passage="k", quote=text) for text, _ in shelf()[:50]]
    everything = indexed("\n".join(text for text, _ in shelf()[:50]))
    assert len(check(items, {"k": everything}).sentences) <= MOST
    long = "Du må ikke skrive CPR-numre i åbne AI-tjenester" + " og igen" * LONGEST + "."
    assert dict(check([Written(text=long, passage="k", quote=RULE[:48])], {"k": indexed(RULE)}).faults) == {"length": 1}


@given(st.text(max_size=80), st.text(max_size=80), st.text(max_size=5))
def test_whatever_a_model_writes_the_check_answers(text: str, quote: str, label: str) -> None:
    checked = check([Written(text=text, passage=label, quote=quote)], {"k1": indexed(RULE)})
    for sentence in checked.sentences:
        assert all(stands_in(citation.quote, RULE) for citation in sentence.citations)
