"""Answers made of the sources' own sentences."""

from hypothesis import given
from hypothesis import strategies as st

from rag.answer import AnswerSentence, quoted
from rag.extract import PER_SOURCE, SENTENCES, SOURCES, Extractor
from rag.index import IndexedPassage
from rag.quotes import stands_in
from rag.retriever import Retriever
from rag.sentences import Sentence, sentences
from rag.source import Level, Status
from tests.fakes import indexed, snapshot, version

LAW = version("lov", Level.LAW)
NATIONAL = version("vejledning", Level.NATIONAL)
MUNICIPAL = version("regler", Level.MUNICIPAL)
PASSAGES = [
    indexed(
        "Referater må laves med AI, når alle deltagere har fået besked om det. (Kilde: K-1)",
        MUNICIPAL,
        "Referater",
        ["Må vi lave referater med AI?"],
    ),
    indexed(
        "En optagelse til referater kræver et lovligt grundlag for behandlingen. (Kilde: GDPR art. 6 – kontrolleres af jura)",
        LAW,
        "Grundlag",
        ["Hvilket grundlag kræver referater med AI?"],
    ),
    indexed(
        "Myndigheden anbefaler, at lydfilen slettes, så snart referater er godkendt af mødet.",
        NATIONAL,
        "Lydfiler",
        ["Hvornår slettes lydfilen til referater?"],
    ),
    indexed("Parkering foran rådhuset koster tolv kroner i timen på hverdage.", version("parkering"), "Parkering"),
]


def answer(question: str, passages: list[IndexedPassage] = PASSAGES) -> tuple[AnswerSentence, ...]:
    shot = snapshot(passages)
    return Extractor(shot).compose(question, Retriever(shot).look(question, 12))


def test_the_sentence_that_answers_is_shown_with_its_place() -> None:
    first = next(item for item in answer("Må vi lave referater med AI?") if item.citations[0].source == "regler")
    assert first.text == "Referater må laves med AI, når alle deltagere har fået besked om det."
    (citation,) = first.citations
    assert (citation.section, citation.version, citation.level) == ("Referater", "1.0", Level.MUNICIPAL)
    assert citation.note == "(Kilde: K-1)"


def test_after_the_answer_law_comes_before_national_before_municipal() -> None:
    ranks = [item.citations[0].level.rank for item in answer("referater med AI lydfilen grundlag")]
    assert len(ranks) == 3
    assert ranks[1:] == sorted(ranks[1:])


def test_what_to_do_comes_last() -> None:
    text = (
        "Kontakt arkivaren om referater fra lange møder. "
        "Ja, du må lave referater med AI på et møde, når alle har fået besked. "
        "Reglen om referater følger af god skik for fortrolige møder i forvaltningen."
    )
    shown = [item.text.split()[0] for item in answer("Må jeg lave referater med AI på et møde?", [indexed(text)])]
    assert shown == ["Ja,", "Reglen", "Kontakt"]


def test_what_awaits_a_legal_check_is_marked() -> None:
    marked = {
        item.citations[0].source: item.citations[0].unchecked for item in answer("Hvilket grundlag kræver referater?")
    }
    assert marked["lov"] is True
    assert not any(unchecked for source, unchecked in marked.items() if source != "lov")


def test_an_unrelated_source_is_left_out() -> None:
    assert "parkering" not in {item.citations[0].source for item in answer("Må vi lave referater med AI?")}


def test_nothing_found_gives_no_sentences() -> None:
    assert answer("Må vi det?", []) == ()


def test_the_same_is_not_said_twice() -> None:
    text = "Referater må laves med AI, når alle deltagere har fået besked om det."
    twins = [indexed(text, version(name), "Referater") for name in ("en", "to", "tre")]
    assert len(answer("Må referater laves med AI?", twins)) == 1


def test_an_answer_is_short() -> None:
    text = [
        f"Regel {name}: referater med AI skal gemmes i {name} på sagen." for name in ("alfa", "beta", "gamma", "delta")
    ]
    many = [
        indexed(f"{line} Og {line.lower()}", version(f"kilde{n}"), f"Afsnit {n}") for n, line in enumerate(text * 2)
    ]
    found = answer("Skal referater med AI gemmes på sagen?", many)
    sources = [item.citations[0].source for item in found]
    assert 1 <= len(found) <= SENTENCES
    assert len(set(sources)) <= SOURCES
    assert all(sources.count(source) <= PER_SOURCE for source in sources)


def test_headings_of_lists_and_questions_are_no_answers() -> None:
    text = "Om referater med AI skal du huske:\nMå referater laves med AI i kommunen?\nSlet lydfilen efter mødet."
    assert {item.text for item in answer("referater med AI", [indexed(text)])} == {"Slet lydfilen efter mødet."}


def test_a_sentence_that_does_not_stand_in_its_passage_is_dropped() -> None:
    passage = indexed("Du må ikke bruge AI til afgørelser.")
    assert quoted(passage, Sentence("Du må bruge AI til afgørelser.", 0, 30)) is None


def test_a_retired_version_is_never_quoted() -> None:
    passage = indexed("Du må bruge AI.", version("gammel", status=Status.RETIRED))
    assert quoted(passage, Sentence("Du må bruge AI.", 0, 15)) is None


def test_a_question_the_section_lists_is_recognised() -> None:
    extractor = Extractor(snapshot(PASSAGES))
    assert extractor.asked_before("Må vi lave referater med AI?", PASSAGES[0]) == 1.0
    assert extractor.asked_before("Hvad koster parkering?", PASSAGES[0]) < 0.3
    assert extractor.asked_before("Hvad koster parkering?", PASSAGES[3]) == 0.0


WORDS = "referater ai må ikke lederen besked grundlag lydfilen slettes sagen borgeren 90 dage art. 5".split()
LINES = st.lists(st.sampled_from(WORDS), min_size=4, max_size=12).map(lambda words: " ".join(words).capitalize() + ".")


@given(st.lists(st.lists(LINES, min_size=1, max_size=4).map(" ".join), min_size=1, max_size=6), st.sampled_from(WORDS))
def test_whatever_the_sources_say_every_sentence_is_a_quote(texts: list[str], word: str) -> None:
    passages = [indexed(text, version(f"kilde{n}"), f"Afsnit {n}") for n, text in enumerate(texts)]
    by_id = {passage.passage.id: passage.passage.text for passage in passages}
    for shown in answer(f"Hvad gælder for {word}?", passages):
        (citation,) = shown.citations
        assert shown.text == citation.quote
        assert stands_in(citation.quote, by_id[citation.passage])
        assert citation.quote in {sentence.text for sentence in sentences(by_id[citation.passage])}
