"""Questions from CSV and YAML, and the character sets of files from elsewhere."""

import codecs

import pytest

from courses.errors import InvalidContent
from courses.exchange import csv_questions, yaml_questions
from courses.exchange.decoding import decoded
from courses.question import (
    Kind,
    Matching,
    MultipleChoice,
    Numeric,
    Ordering,
    Question,
    ShortText,
    SingleChoice,
    TrueFalse,
)
from tests.small_course import QUESTIONS

HEAD = "slags;spørgsmål;rigtige svar;forkerte svar;forklaring;emner;point;id\n"


def row(text: str) -> Question:
    reading = csv_questions.read(HEAD + text)
    assert reading.refused == ()
    (question,) = reading.questions
    return question


def reason(text: str) -> str:
    reading = csv_questions.read(HEAD + text)
    assert reading.imported == ()
    (refused,) = reading.refused
    return refused.reason


def test_the_template_is_read_whole() -> None:
    reading = csv_questions.read(csv_questions.TEMPLATE)
    assert reading.refused == ()
    assert [Kind(one.type) for one in reading.questions] == [
        Kind.SINGLE,
        Kind.MULTIPLE,
        Kind.TRUE_FALSE,
        Kind.MATCHING,
        Kind.ORDERING,
        Kind.SHORT_TEXT,
        Kind.NUMERIC,
    ]


def test_single_choice() -> None:
    read = row("ét svar;Hvad?;Det her;Det der|Noget tredje;Fordi.;gdpr, Ansvar;2,5;mit-id")
    assert isinstance(read, SingleChoice)
    assert read.id == "mit-id"
    assert [(one.id, one.text, one.fraction) for one in read.options] == [
        ("a", "Det her", 1.0),
        ("b", "Det der", 0.0),
        ("c", "Noget tredje", 0.0),
    ]
    assert (read.feedback, read.tags, read.points) == ("Fordi.", ("gdpr", "ansvar"), 2.5)


def test_the_other_kinds() -> None:
    many = row("flere svar;Hvad?;A|B;C;;;;")
    assert isinstance(many, MultipleChoice)
    assert [one.correct for one in many.options] == [True, True, False]
    statement = row("sandt eller falsk;Sandt?;FALSK;;;;;")
    assert isinstance(statement, TrueFalse)
    assert statement.answer is False
    pairs = row("par;Hvad?;a = 1|b = 2 = to;3;;;;")
    assert isinstance(pairs, Matching)
    assert [(one.left, one.right) for one in pairs.pairs] == [("a", "1"), ("b", "2 = to")]
    assert pairs.distractors == ("3",)
    order = row("rækkefølge;Hvad?;x|y|z;;;;;")
    assert isinstance(order, Ordering)
    assert [one.text for one in order.items] == ["x", "y", "z"]
    short = row("kort svar;Hvad?;prompt|en prompt;;;;;")
    assert isinstance(short, ShortText)
    assert [one.text for one in short.accepted] == ["prompt", "en prompt"]
    figure = row("tal;Hvad?;1.234,5 ± 0,5;;;;;")
    assert isinstance(figure, Numeric)
    assert (figure.figures[0].value, figure.figures[0].tolerance) == (1234.5, 0.5)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("fritekst;Skriv;x;;;;;", "Slagsen"),
        ("ét svar;Hvad?;A|B;C;;;;", "netop ét"),
        ("ét svar;Hvad?;A;;;;;", "mindst to svar"),
        ("ét svar;;A;B;;;;", "Spørgsmålet mangler"),
        ("sandt eller falsk;Hvad?;måske;;;;;", "sandt eller falsk"),
        ("par;Hvad?;a|b;;;;;", "venstre = højre"),
        ("par;Hvad?;a = 1;;;;;", "mindst to par"),
        ("rækkefølge;Hvad?;x;;;;;", "mindst to trin"),
        ("tal;Hvad?;mange;;;;;", "ikke et tal"),
        ("tal;Hvad?;;;;;;", "mindst ét rigtigt tal"),
        ("kort svar;Hvad?;;;;;;", "mindst ét rigtigt svar"),
        ("ét svar;Hvad?;A;B;;;mange;", "Point er ikke et tal"),
        ("ét svar;Hvad?;A;B;;;0;", "Point skal være"),
        ("rækkefølge;Hvad?;x|x;;;;;", "ens"),
    ],
)
def test_a_row_is_refused_with_what_to_do(text: str, told: str) -> None:
    assert told in reason(text)


def test_lines_are_counted_through_cells_of_several_lines() -> None:
    reading = csv_questions.read(HEAD + '"ét svar";"Hvad\nsker\nder?";A;B;;;;\nvrøvl;Hvad?;A;B;;;;\n')
    assert reading.imported[0].line == 2
    assert reading.refused[0].line == 5


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_separators_and_english_headings(separator: str) -> None:
    head = separator.join(["Question", "Type", "Correct answers", "Wrong"])
    reading = csv_questions.read(f"{head}\n{separator.join(['Hvad?', 'single', 'A', 'B'])}\n")
    assert [one.text for one in reading.questions] == ["Hvad?"]


def test_missing_columns_and_open_quotes_are_told() -> None:
    with pytest.raises(InvalidContent, match="slags og rigtige svar"):
        csv_questions.read("spørgsmål;svar\nHvad?;A\n")
    with pytest.raises(InvalidContent, match="Linje 2"):
        csv_questions.read(HEAD + '"ét svar;Hvad?;A;B;;;;')


def test_ids_are_unique_and_made_of_the_text() -> None:
    reading = csv_questions.read(HEAD + "sandt eller falsk;Måner er af ost.;falsk;;;;;\n" * 2)
    assert [one.id for one in reading.questions] == ["maaner-er-af-ost", "maaner-er-af-ost-2"]


# --- YAML ---


def test_every_kind_comes_back_from_yaml() -> None:
    written = yaml_questions.write(list(QUESTIONS.values()))
    assert written.warnings == ()
    assert list(yaml_questions.read(written.text).questions) == list(QUESTIONS.values())


def test_texts_of_several_lines_can_be_read_by_people() -> None:
    question = QUESTIONS["true"].model_copy(update={"text": "Første linje\n\nAnden linje: æøå"})
    written = yaml_questions.write([question]).text
    assert "  Anden linje: æøå" in written
    assert yaml_questions.read(written).questions == (question,)


def test_a_question_that_does_not_hold_is_refused_by_its_line() -> None:
    reading = yaml_questions.read(
        "- id: a\n  type: true_false\n  text: Hej\n  answer: true\n- id: b\n  type: vrøvl\n  text: Nej\n"
    )
    assert [one.id for one in reading.questions] == ["a"]
    assert [(one.line, one.excerpt) for one in reading.refused] == [(5, "Nej")]


@pytest.mark.parametrize(
    "text", ["a: 1", "[", "- &x [1]\n- *x\n", "!!python/object:os.system x", "- a\n\t- b", "[" * 5000]
)
def test_what_is_no_list_of_questions_is_refused(text: str) -> None:
    with pytest.raises(InvalidContent):
        reading = yaml_questions.read(text)
        if reading.imported == ():
            raise InvalidContent("")


# --- character sets ---


@pytest.mark.parametrize(
    "data",
    [
        "æøå".encode(),
        codecs.BOM_UTF8 + "æøå".encode(),
        codecs.BOM_UTF16_LE + "æøå".encode("utf-16-le"),
        codecs.BOM_UTF16_BE + "æøå".encode("utf-16-be"),
        "æøå".encode("cp1252"),
    ],
)
def test_danish_letters_in_every_common_set(data: bytes) -> None:
    assert decoded(data) == "æøå"


@pytest.mark.parametrize(
    "data", [b"", b"  \n", b"a\0b", b"PK\x03\x04\x00", b"\x81\x8d", codecs.BOM_UTF16_LE + b"a", b"x" * 5_000_001]
)
def test_what_is_no_text_is_refused(data: bytes) -> None:
    with pytest.raises(InvalidContent):
        decoded(data)
