"""GIFT: read as Moodle reads it, refused with a reason, and written so that nothing is lost on the way back to us."""

import json
import re
import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from courses.exchange import gift
from courses.exchange.gift_syntax import ARROWS, BLANK
from courses.exchange.html_markdown import markdown
from courses.exchange.imported import Imported
from courses.question import (
    QUESTION,
    Accepted,
    Criterion,
    Essay,
    Figure,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Pair,
    Question,
    ShortText,
    SingleChoice,
    SourceRef,
    Tick,
    TrueFalse,
)
from settings import ROOT

CORPUS = ROOT.parent / "shared" / "bench" / "gift"


def one(text: str) -> Imported:
    reading = gift.read(text)
    assert reading.refused == ()
    (imported,) = reading.imported
    return imported


def question(text: str) -> Any:
    return one(text).question


def reason(text: str) -> str:
    reading = gift.read(text)
    assert reading.imported == ()
    (refused,) = reading.refused
    return refused.reason


# --- the kinds, with examples in the shape of Moodle's documentation ---


def test_single_choice_with_weights_and_feedback() -> None:
    read = question(
        """::Sporet:: Hvor hører en borgers CPR-nummer hjemme? {
            ~I prompten#Nej, aldrig.
            ~%25%I en vedhæftet fil   # Kun i et fagsystem.
            ~%-50%På nettet
            =I fagsystemet#Ja!
            ####Se kodeks.}"""
    )
    assert isinstance(read, SingleChoice)
    assert read.text == "Hvor hører en borgers CPR-nummer hjemme?"
    assert read.feedback == "Se kodeks."
    assert [(option.id, option.text, option.fraction, option.feedback) for option in read.options] == [
        ("a", "I prompten", 0.0, "Nej, aldrig."),
        ("b", "I en vedhæftet fil", 0.25, "Kun i et fagsystem."),
        ("c", "På nettet", -0.5, ""),
        ("d", "I fagsystemet", 1.0, "Ja!"),
    ]


def test_missing_word() -> None:
    assert question("Grant er {~levende =begravet} i graven.").text == "Grant er _____ i graven."
    assert question("{=Asien} er størst.").text == "_____ er størst."
    assert question("[markdown] {=Asien} er **størst**.").text == "_____ er **størst**."


def test_multiple_choice_by_weights() -> None:
    read = one("Hvem? {~%50%Grant ~%50%hans kone ~%-50%ingen ~%-50%hans far}")
    assert isinstance(read.question, MultipleChoice)
    assert [option.correct for option in read.question.options] == [True, True, False, False]
    assert read.warnings == ()


@pytest.mark.parametrize("weights", ["~%70%a ~%30%b ~%-100%c", "~%50%a ~%50%b ~c", "~%50%a ~%50%b ~%-10%c ~%-90%d"])
def test_weights_that_our_rule_does_not_give_are_told(weights: str) -> None:
    assert any("Vægtene er ikke taget med" in warning for warning in one(f"q {{{weights}}}").warnings)


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        ("{T}", (True, "", "")),
        ("{TRUE#forkert}", (True, "", "forkert")),
        ("{TRUE#forkert#rigtigt}", (True, "rigtigt", "forkert")),
        ("{FALSE#forkert#rigtigt}", (False, "forkert", "rigtigt")),
        ("{F##rigtigt}", (False, "", "rigtigt")),
        ("{\n F # forkert\n}", (False, "forkert", "")),
    ],
)
def test_first_feedback_of_true_false_is_for_the_wrong_response(answer: str, expected: tuple[bool, str, str]) -> None:
    read = question(f"Solen står op i øst. {answer}")
    assert isinstance(read, TrueFalse)
    assert (read.answer, read.feedback_true, read.feedback_false) == expected


def test_general_feedback_is_what_stands_behind_the_last_mark() -> None:
    read = question("q {TRUE#w#####g}")
    assert (read.feedback_false, read.feedback_true, read.feedback) == ("w", "", "g")
    assert question("q {=a#b####c####d}").feedback == "d"
    assert question("q {####d}") == Essay(
        id="gift-1",
        text="q",
        feedback="d",
        rubric=(Criterion(id="svar", text="Svaret er fagligt rigtigt og dækker spørgsmålet."),),
    )


def test_matching_with_a_side_too_many() -> None:
    read = question("Find par. {=Danmark -> København =Norge->Oslo\n=Sverige -> Stockholm -> ja = -> Rom}")
    assert isinstance(read, Matching)
    assert [(pair.left, pair.right) for pair in read.pairs] == [
        ("Danmark", "København"),
        ("Norge", "Oslo"),
        ("Sverige", "Stockholm -> ja"),
    ]
    assert read.distractors == ("Rom",)


def test_a_side_too_many_that_is_right_somewhere_is_told() -> None:
    read = one("Find par. {=a -> 1 =b -> 2 = -> 2}")
    assert isinstance(read.question, Matching)
    assert read.question.distractors == ()
    assert "udeladt" in read.warnings[0]


def test_a_pair_has_no_feedback() -> None:
    read = one("Find par. {=a -> 1 #fint =b -> 2}")
    assert read.question.pairs[0].right == "1 #fint"  # type: ignore[union-attr]
    assert "tilbagemelding" in read.warnings[0]


def test_short_text_with_weights() -> None:
    read = question("Hvor? {=Nazaret#Ja! =%75%Nazareth#Næsten =%0%Betlehem}")
    assert isinstance(read, ShortText)
    assert read.accepted == (
        Accepted(text="Nazaret", feedback="Ja!"),
        Accepted(text="Nazareth", fraction=0.75, feedback="Næsten"),
        Accepted(text="Betlehem", fraction=0.0),
    )


def test_short_text_without_an_equals_sign() -> None:
    assert question("Hvor? {Nazaret}").accepted == (Accepted(text="Nazaret"),)
    assert question("Hvor? {Nazaret =Her}").accepted == (Accepted(text="Nazaret"), Accepted(text="Her"))


def test_written_answers_are_not_made_markdown() -> None:
    read = question("[html]<b>Hvad</b>? {=[html]a_b*&amp; =%50%[x] c}".replace("*", "\\*"))
    assert read.text == "**Hvad**?"
    assert [answer.text for answer in read.accepted] == ["a_b*&amp;", "[x] c"]


@pytest.mark.parametrize(
    ("answers", "figures"),
    [
        ("#1822", [(1822, 0, 1)]),
        ("#1822:5", [(1822, 5, 1)]),
        ("#-1.5e3 : .5", [(-1500, 0.5, 1)]),
        ("#3.141..3.142", [(3.1415, 0.0005, 1)]),
        ("#-2 .. -1", [(-1.5, 0.5, 1)]),
        ("#\n =1822:0 #ja\n =%50%1822:2\n", [(1822, 0, 1), (1822, 2, 0.5)]),
    ],
)
def test_numbers(answers: str, figures: list[tuple[float, float, float]]) -> None:
    read = question(f"Hvornår? {{{answers}}}")
    assert isinstance(read, Numeric)
    assert [(figure.value, figure.tolerance, figure.fraction) for figure in read.figures] == figures


@pytest.mark.parametrize("answers", ["#3:2~#Helt galt", "#=3:2 =%0%*#Helt galt", "=tre =%0%*#Helt galt"])
def test_feedback_for_anything_else_is_told(answers: str) -> None:
    read = one(f"Tal? {{{answers}}}")
    assert len(getattr(read.question, "figures", getattr(read.question, "accepted", ()))) == 1
    assert "Helt galt" in read.warnings[0]


def test_the_order_of_kinds() -> None:
    assert isinstance(question("q {=a -> b ~c}"), SingleChoice)
    assert isinstance(question("q {a -> b}"), ShortText)
    assert isinstance(question("q {=TRUE}"), ShortText)
    assert isinstance(question("q { }"), Essay)


def test_a_lower_case_truth_is_a_short_text_and_told() -> None:
    read = one("q {sandt}")
    assert isinstance(read.question, ShortText)
    assert "TRUE" in read.warnings[0]


# --- spelling ---


def test_escapes() -> None:
    read = question(r"a \{ \} \: \# \= \~ \\ \\n \n \x {=\=1 \# \-> \\\: ~-\n-}")
    assert read.text == "a { } : # = ~ \\ \\n \n \\x"
    assert [option.text for option in read.options] == ["=1 # \\\\-\\> \\\\:", "\\-\n\\-"]


def test_blank_lines_comments_and_line_ends() -> None:
    text = "\ufeff// først\r\n::Et::\r\nFørste  \r\n// midt i\r\n  linje {T}\r\n\r\n \t \r\n// alene\r\n\r\nAnden {F}\r// sidst"
    first, second = gift.read(text).imported
    assert (first.question.text, first.name, first.line) == ("Første\nlinje", "Et", 2)
    assert (second.question.text, second.name, second.line) == ("Anden", "", 10)


def test_a_slash_in_the_middle_is_text() -> None:
    assert question("Se https\\://randers.dk // nu {T}").text == "Se https://randers.dk // nu"


def test_categories() -> None:
    first, second, third = gift.read(
        "A {T}\n\n// skift\n$CATEGORY: $course$/top/GDPR: A\\\\B\n\nB {T}\n\n$CATEGORY: to\nC {T}"
    ).imported
    assert (first.category, second.category, third.category) == ("", "$course$/top/GDPR: A\\B", "to")
    assert third.question.text == "C"


def test_formats() -> None:
    read = question(
        '[html]<p>Er 2*3 <b>seks</b>?</p> {=[plain]<i>ja</i>#Se <a href\\="https\\://x.dk">x</a> ~[markdown]*nej* ~[v]}'
    )
    assert read.text == "Er 2\\*3 **seks**?"
    assert [option.text for option in read.options] == ["<i>ja</i>", "*nej*", "\\[v\\]"]
    assert read.options[0].feedback == "Se [x](<https://x.dk>)"
    assert question("[foo] er tekst {T}").text == "[foo] er tekst"


def test_texts_without_html_stay_and_tags_in_them_are_told() -> None:
    read = one("[plain]<b>a</b> 2 * 3 &amp; c_d {T}")
    assert read.question.text == "<b>a</b> 2 * 3 &amp; c_d"
    assert len(read.warnings) == 1 and "[html]" in read.warnings[0]


@pytest.mark.parametrize(
    ("written", "escaped"),
    [
        ("Hvad gør __init__?", "Hvad gør \\_\\_init\\_\\_?"),
        ("Hvad er 2*3*4?", "Hvad er 2\\*3\\*4?"),
        ("Mappen C\\\\:_x", "Mappen C\\\\:\\_x"),
        ("Fra $5 til $10", "Fra \\$5 til \\$10"),
        ("\\# er en havelåge", "\\# er en havelåge"),
        ("Vælg\n1. a\n- b", "Vælg\n1\\. a\n\\- b"),
        ("Se [her](x)", "Se \\[her\\](x)"),
    ],
)
def test_signs_that_markdown_would_swallow_show_as_in_moodle(written: str, escaped: str) -> None:
    assert question(f"{written} {{T}}").text == escaped
    assert question(f"[markdown]{written} {{T}}").text == written.replace("\\#", "#").replace("\\\\", "\\")


def test_what_looks_like_emphasis_is_told_where_it_is_none() -> None:
    assert any("[markdown]" in told for told in one("Hvad er **ikke** rigtigt? {T}").warnings)
    assert one("[markdown]Hvad er **ikke** rigtigt? {T}").warnings == ()


@pytest.mark.parametrize("text", ["[html]<p>Løs $$x^2$$</p>", "Løs \\\\(x\\\\)", "[plain]Løs $$x$$"])
def test_a_formula_that_moodle_would_draw_is_told(text: str) -> None:
    assert any("formel" in told for told in one(f"{text} {{T}}").warnings)


def test_answers_outside_the_braces_are_refused() -> None:
    assert "uden for { }" in reason("Hvilken viser en kolonne?\n~df{'a'}\n~df[a]\n=df.a")
    assert "uden for { }" in reason("Hvad? {=a ~b}\n~c")
    assert question("Er 2 + 2 = 4,\neller ~5? {T}").text == "Er 2 + 2 = 4,\neller ~5?"


def test_a_comment_behind_something_is_told() -> None:
    assert any("kommentar" in told for told in one("Er det sandt? // let\n{T}").warnings)
    assert (
        one("Se https\\://randers.dk og //// her? {T}").warnings != one("Se https\\://randers.dk? {T}").warnings == ()
    )


def test_a_text_that_an_equals_sign_cuts_is_told() -> None:
    read = one("Hvordan læses filen? {=Med header=True ~Det kan den ikke}")
    assert "header=True" in read.warnings[0]
    assert one("Hvordan? {=a ~b}").warnings == ()


def test_a_wrong_answer_without_text_before_the_right_one_is_left_out_as_in_moodle() -> None:
    read = question("Would you like {~=some~a few} rice?")
    assert [(option.text, option.fraction) for option in read.options] == [("some", 1.0), ("a few", 0.0)]


def test_what_looks_like_a_weight_but_is_none_is_told() -> None:
    read = one("q {=%50%a ~%33,3%b}")
    assert [option.text for option in read.question.options] == ["%50%a", "%33,3%b"]  # type: ignore[union-attr]
    assert len(read.warnings) == 2


def test_ids() -> None:
    reading = gift.read(
        "::Åben dør!::a {T}\n\n::samme::b {T}\n\nc {T}\n\n// [id:samme] [tag:cpr] se [tag: gdpr ]\n::x::d {T}\n\n"
        "// [id:Ét Ord]\n// [tag:Åben Data] [tag:日本]\ne {T}\n\n// [id:samme]\nf {T}\n\n::日本::g {T}"
    )
    ids = [read.id for read in reading.questions]
    assert ids == ["aaben-doer", "samme-3", "gift-3", "samme", "et-ord", "samme-2", "gift-7"]
    assert reading.questions[3].tags == ("cpr", "gdpr")
    assert reading.questions[4].tags == ("aaben-data",)
    assert [len(read.warnings) for read in reading.imported] == [0, 0, 0, 0, 3, 1, 0]
    assert reading.imported[0].name == "Åben dør!"


def test_fields_in_comments() -> None:
    read = one(
        "// [points:2.5] [shuffle:no] [part:ja] [part:nej]\n// [source:kodeks#regel-1\\]] Indtast \\[ikke\\]\\ncpr.\nq {=a ~b}"
    )
    assert read.warnings == ()
    assert (read.question.points, read.question.shuffle) == (2.5, False)
    assert read.question.sources == (SourceRef(source="kodeks", section="regel-1]", quote="Indtast [ikke]\ncpr."),)
    assert [option.id for option in read.question.options] == ["ja", "nej"]  # type: ignore[union-attr]


def test_fields_in_comments_that_cannot_be_are_told() -> None:
    read = one("// [points:mange] [part:ja]\n// [source:KODEKS] x\n// [source:kodeks#a]\nq {=a ~b}")
    assert (read.question.points, read.question.sources, len(read.warnings)) == (1.0, (), 4)
    essay = one("// [words:3]\n// [criterion:A=1] x\n// [criterion:b=inf] x\n// [criterion:c=2] y\nq {}")
    assert essay.question.rubric == (Criterion(id="c", text="y", points=2),)  # type: ignore[union-attr]
    assert len(essay.warnings) == 3


# --- refusals ---


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Bare en tekst.", "lektion"),
        ("q {=a ~b", "tuborg"),
        ("q }=a ~b{", "tuborg"),
        ("q {=a {b} ~c}", "tuborg"),
        ("q {=a ~b} og {=c ~d}", "tuborg"),
        ("::navn uden slut {T}", "::navn::"),
        ("::navn:: {T}", "ingen tekst"),
        ("q {~a ~b}", "Intet svar er rigtigt"),
        ("q {~%-50%a ~%0%b}", "Intet svar er rigtigt"),
        ("q {~ ~a =b}", "mangler tekst"),
        ("q {=a ~ # hm}", "mangler tekst"),
        ("q {a =b ~c}", "før det første svar"),
        ("q {~a}", "mellem 2 og 20"),
        ("q {=a" + "~b" * 20 + "}", "mellem 2 og 20"),
        ("q {~%200%a ~b}", "mellem -100 og 100"),
        ("q {~%--50%a ~b}", "mellem -100 og 100"),
        ("q {=a -> 1 =b}", "pilen"),
        ("q {=a -> =b -> 2}", "mangler tekst"),
        ("q {=a -> 1 = -> 2}", "mellem 2 og 20"),
        ("q {=Ran*}", "Stjerne"),
        ("q {=a =*}", "Stjerne"),
        ("q {=%0%*}", "intet svar"),
        ("q {=}", "mangler tekst"),
        ("q {#}", "intet svar"),
        ("q {#~#nej}", "intet svar"),
        ("q {#tre}", "ikke et tal"),
        ("q {#3,5}", "punktum"),
        ("q {#5 kg}", "ikke et tal"),
        ("q {#3:}", "ikke et tal"),
        ("q {#3:-1}", "ikke et tal"),
        ("q {#5..1}", "ikke et tal"),
        ("q {#1e999}", "ikke et tal"),
        ("q {#=*}", "ikke et tal"),
        ("q \x00 {T}", "U+0000"),
        ("q \ud800 {T}", "U+D800"),
        ("// \x07\nq {T}", "U+0007"),
        ("x" * 20_001 + "{T}", "for lang"),
        ("q {=" + "x" * 20_001 + "}", "for langt"),
        ("[html]<img src\\=\"a.png\"> hvad? {T}", "<img>"),
        ("[html]q {T####<script>x</script>}", "<script>"),
        ("[html]10<sup>2</sup> {#100}", "<sup>"),
        ("[html]<a href\\=\"@@PLUGINFILE@@/a.pdf\">fil</a> {T}", "link"),
        ("[html]a&\\#1;b {T}", "U+0001"),
        ("q {=a" + "=b" * 1_000 + "}", "højst 1000"),
        ("[html]<p {T}", "HTML-koden"),
        ("[html]<![x {T}", "HTML-koden"),
        ("[html]" + "<b>" * 40 + "x {T}", "indviklet"),
        ("[html]" + "<b>" * 2_001 + "x {T}", "for lang"),
    ],
)  # fmt: skip
def test_refused_with_a_reason(text: str, words: str) -> None:
    said = reason(text)
    assert words in said
    assert said.endswith(".")


def test_a_refusal_names_its_line_and_spares_the_others() -> None:
    reading = gift.read("A {T}\n\n// hm\nB\nb\n\nC {T}")
    assert [read.text for read in reading.questions] == ["A", "C"]
    assert [(refused.line, refused.excerpt) for refused in reading.refused] == [(4, "B")]


def test_a_blank_line_inside_a_question_is_explained() -> None:
    reading = gift.read("q {\n=a\n\n~b\n}")
    assert [refused.line for refused in reading.refused] == [1, 4]
    assert "tomme linjer" in reading.refused[0].reason


# --- hostile text ---


@given(st.text(alphabet="a1 \n\t\r\\{}=~#%:-.>*[]/<$&\"'\x00\ufeffæ", max_size=80))
def test_any_text_is_read_without_an_exception(text: str) -> None:
    reading = gift.read(text)
    assert all(refused.reason and refused.line >= 1 for refused in reading.refused)
    assert len({read.id for read in reading.questions}) == len(reading.questions)
    for read in reading.questions:
        assert QUESTION.validate_python(read.model_dump()) == read
    again = gift.read(gift.write(reading.questions).text)
    assert (again.questions, again.refused) == (reading.questions, ())


@pytest.mark.parametrize(
    "unit",
    ["{", "}", "{}", "~a", "=a", "=a->b", "\\", "#", "[id:", "a\n", "//\n", "$CATEGORY:a\n", "%1", "[html]<a ", "\n"],
)
def test_a_large_odd_text_takes_linear_time(unit: str) -> None:
    began = time.perf_counter()
    gift.read("q {=" + unit * (1_000_000 // len(unit)) + "}")
    gift.read("// [id:\\" + unit * (1_000_000 // len(unit)))
    assert time.perf_counter() - began < 20


def test_what_is_shown_of_a_refused_question_can_be_shown() -> None:
    (refused,) = gift.read("$CATEGORY: a\x07\nq \ud800 {T}").refused
    assert refused.excerpt == "q \ufffd {T}"


def test_very_many_warnings_take_linear_time() -> None:
    began = time.perf_counter()
    read = one("//" + "".join(f"[tag:A{number}]" for number in range(50_000)) + "\nq {T}")
    assert len(read.warnings) == len(read.question.tags) == 50_000
    assert time.perf_counter() - began < 20


def test_very_many_questions_of_one_name() -> None:
    reading = gift.read("::x::q {=a ~b}\n\n" * 20_000)
    assert len({read.id for read in reading.questions}) == 20_000


# --- writing ---

AWKWARD = [
    "->", "-", ">", "%", "%50%", "%100%", "[x]", "[html]", "[markdown]", "[plain]", "[", "]", "{", "}", "{{a}}", "\\", "\\n",
    "\\\\", "#", "####", "=", "~", ":", "::", "//", "\n", "\n\n", "\n// ", "$CATEGORY:", "_____", "*", "\\*", "[tag:x]", "[id:y]",
    "TRUE", "T", "<b>", "&amp;", "æ", "→", "⟶", " ", "  ", "\t", "\u00a0", "\u2028", "\ufeff", "a", "1", "\x01"[:0],
]  # fmt: skip
any_text = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs")), max_size=20)
raw_texts = st.one_of(st.lists(st.sampled_from(AWKWARD), max_size=8).map("".join), any_text)
maybe_texts = raw_texts.map(lambda text: text.strip(BLANK))
texts = maybe_texts.filter(bool)
keys = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}", fullmatch=True)
fractions = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5, -0.5, 0.3333333, 0.05]),
    st.integers(-100_000, 100_000).map(lambda number: number / 100_000),
)
shares = fractions.map(abs)
numbers = st.floats(allow_nan=False, allow_infinity=False)
sizes = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
points = st.floats(min_value=0, max_value=100, exclude_min=True)
sources = st.builds(SourceRef, source=keys, section=maybe_texts, quote=texts)
common = {
    "id": keys,
    "text": texts,
    "feedback": maybe_texts,
    "points": st.just(1.0) | points,
    "tags": st.lists(keys, max_size=2).map(tuple),
    "sources": st.lists(sources, max_size=2).map(tuple),
}
shuffled = {"shuffle": st.booleans()}


def parts(strategy: st.SearchStrategy[Any], *, least: int = 2) -> st.SearchStrategy[tuple[Any, ...]]:
    """Parts with ids that are letters in order, as the reader gives them, or any."""

    def lettered(found: list[Any]) -> tuple[Any, ...]:
        return tuple(part.model_copy(update={"id": "abcdefghijklmnopqrst"[place]}) for place, part in enumerate(found))

    listed = st.lists(strategy, min_size=least, max_size=5, unique_by=lambda part: part.id)
    return listed.map(tuple) | listed.map(lettered)


def with_a_key(options: tuple[Option, ...]) -> tuple[Option, ...]:
    if any(option.fraction == 1.0 for option in options):
        return options
    return (*options[:-1], options[-1].model_copy(update={"fraction": 1.0}))


@st.composite
def matchings(draw: st.DrawFn) -> Matching:
    pairs = draw(parts(st.builds(Pair, id=keys, left=texts, right=texts)))
    rights = {pair.right for pair in pairs}
    distractors = tuple(text for text in draw(st.lists(texts, max_size=2)) if text not in rights)
    fields = {name: draw(strategy) for name, strategy in (common | shuffled).items()}
    return Matching(**fields, pairs=pairs, distractors=distractors)


options = parts(st.builds(Option, id=keys, text=texts, fraction=fractions, feedback=maybe_texts)).map(with_a_key)
ticks = parts(st.builds(Tick, id=keys, text=texts, correct=st.booleans(), feedback=maybe_texts))
accepted = st.lists(st.builds(Accepted, text=texts, fraction=shares, feedback=maybe_texts), min_size=1, max_size=4)
figures = st.lists(
    st.builds(Figure, value=numbers, tolerance=sizes, fraction=shares, feedback=maybe_texts), min_size=1, max_size=4
)
rubrics = st.lists(st.builds(Criterion, id=keys, text=texts, points=points), min_size=1, max_size=3).map(tuple)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "single": st.builds(SingleChoice, **common, **shuffled, options=options),
    "multiple": st.builds(MultipleChoice, **common, **shuffled, options=ticks),
    "true_false": st.builds(
        TrueFalse, **common, answer=st.booleans(), feedback_true=maybe_texts, feedback_false=maybe_texts
    ),
    "matching": matchings(),
    "short_text": st.builds(
        ShortText, **common, **shuffled, accepted=accepted.map(tuple), case_sensitive=st.booleans()
    ),
    "numeric": st.builds(Numeric, **common, **shuffled, figures=figures.map(tuple), unit=maybe_texts),
    "essay": st.builds(
        Essay,
        **common,
        **shuffled,
        rubric=rubrics,
        model_answer=maybe_texts,
        most_words=st.integers(10, 5000),
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_written_reads_back_the_same(kind: str, data: st.DataObject) -> None:
    questions: list[Question] = data.draw(st.lists(KINDS[kind], max_size=3, unique_by=lambda one: one.id))
    written = gift.write(questions, category="Kurser/GDPR: a\\b")
    reading = gift.read(written.text)
    assert reading.refused == ()
    assert list(reading.questions) == questions
    assert all(read.category == "Kurser/GDPR: a\\b" for read in reading.imported)
    assert not any("Ikke skrevet" in warning for warning in written.warnings)


@given(
    KINDS["single"] | KINDS["matching"] | KINDS["short_text"] | KINDS["numeric"],
    st.sampled_from([" ", "\t", "\n", "\r\n"]),
)
def test_blanks_at_the_edges_are_dropped_and_told(written_by: Question, blank: str) -> None:
    padded = written_by.model_copy(update={"text": f"{blank}{written_by.text}{blank}"})
    written = gift.write([padded])
    assert gift.read(written.text).questions == (written_by,)
    assert any("Mellemrum" in warning for warning in written.warnings)


def choice(**fields: Any) -> SingleChoice:
    whole = {"id": "q", "text": "Hvad?", "options": (Option(id="a", text="ja", fraction=1), Option(id="b", text="nej"))}
    return SingleChoice(**whole | fields)


def test_the_written_form() -> None:
    source = SourceRef(source="kodeks", section="cpr", quote="Indtast ikke [tag:x]: CPR")
    asked = choice(
        text="Hvad er {1} = 1?\nSvar:",
        feedback="Fordi #1.",
        points=2,
        tags=("gdpr",),
        sources=(source,),
        options=(
            Option(id="a", text="~ja", fraction=1, feedback="Ja"),
            Option(id="b", text="%50%", fraction=0.3333333),
            Option(id="c", text="også", fraction=1),
            Option(id="d", text="[html]"),
        ),
    )
    written = gift.write([asked], category="Kursus")
    assert written.text == (
        "$CATEGORY: Kursus\n\n"
        "// [id:q] [tag:gdpr]\n"
        "// [points:2]\n"
        "// [source:kodeks#cpr] Indtast ikke \\[tag\\:x\\]\\: CPR\n"
        "::q::[markdown]Hvad er \\{1\\} \\= 1?\\nSvar\\:{\n"
        "\t=\\~ja#Ja\n"
        "\t~%33.33333%[markdown]%50%\n"
        "\t~%100%også\n"
        "\t~[markdown][html]\n"
        "\t####Fordi \\#1.\n"
        "}\n"
    )
    assert written.warnings == ("q: Står kun i kommentarer, som Moodle springer over: point, kilder.",)


def test_a_question_as_it_mostly_is_has_no_warning() -> None:
    assert gift.write([choice()]).warnings == ()
    assert gift.write([]).text == ""


def test_kinds_that_gift_has_not_are_named() -> None:
    ordering = QUESTION.validate_python(
        {"type": "ordering", "id": "o", "text": "q", "items": [{"id": "a", "text": "1"}, {"id": "b", "text": "2"}]}
    )
    cloze = QUESTION.validate_python(
        {"type": "cloze", "id": "c", "text": "{{a}}", "gaps": [{"id": "a", "accepted": [{"text": "x"}]}]}
    )
    practice = {"type": "prompt", "id": "p", "text": "q", "needs": [["a"]], "hints": ["h"]}
    practice |= dict.fromkeys(["model_prompt", "model_result", "weak_prompt", "weak_result"], "x")
    written = gift.write([ordering, choice(), cloze, QUESTION.validate_python(practice)])
    assert [read.id for read in gift.read(written.text).questions] == ["q"]
    assert [warning.split(":")[0] for warning in written.warnings] == ["o", "c", "p"]
    assert "Rækkefølge" in written.warnings[0]


@pytest.mark.parametrize(
    "asked",
    [
        choice(text="a\x00b"),
        choice(text=" "),
        Numeric(id="q", text="q", figures=(Figure(value=float("inf")),)),
        Matching(id="q", text="q", pairs=(Pair(id="a", left="a", right="1"), Pair(id="b", left="\t", right="2"))),
        Matching(
            id="q",
            text="q",
            pairs=(Pair(id="a", left="a", right="1"), Pair(id="b", left="b", right="2")),
            distractors=("1 ",),
        ),
        ShortText(id="q", text=ARROWS, accepted=(Accepted(text="->"),) * 2),
        ShortText(id="q", text="q", accepted=(Accepted(text="a"),) * 1_001),
    ],
)
def test_what_cannot_stand_in_a_file_is_left_out_and_told(asked: Question) -> None:
    written = gift.write([asked])
    assert written.text == ""
    assert written.warnings[0].startswith("q: Ikke skrevet. ")


def test_what_moodle_would_not_take_is_told() -> None:
    none_right = MultipleChoice(id="m", text="q", options=(Tick(id="a", text="1"), Tick(id="b", text="2")))
    half = ShortText(id="s", text="q", accepted=(Accepted(text="a", fraction=0.5),))
    odd = choice(id="o", options=(*choice().options, Option(id="c", text="måske", fraction=0.42)))
    arrow = ShortText(id="p", text="q →", accepted=(Accepted(text="a -> b"),))
    written = gift.write([none_right, half, odd, arrow])
    assert gift.read(written.text).questions == (none_right, half, odd, arrow)
    warned = [warning.split(":")[0] for warning in written.warnings]
    assert warned == ["m", "s", "o", "p"]
    assert "%42%" in written.warnings[2]
    assert "⟶" in written.warnings[3]


# --- HTML ---


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("<p>Et</p>\n<p>To</p>", "Et\n\nTo"),
        ("Et<br>To &lt;tre&gt; &amp;amp; 4", "Et\n\nTo \\<tre\\> \\&amp; 4"),
        ("<strong>Husk!</strong> <em>altid</em> for<b>dom</b>", "**Husk**! *altid* for**dom**"),
        ("<ul><li>a</li>\n<li>b<ol><li>c</li></ol></li></ul>", "- a\n- b\n\n  1. c"),
        ("<blockquote><p>a</p><p>b</p></blockquote>", "> a\n>\n> b"),
        ("Skriv <code>a_*</code>", "Skriv `a_*`"),
        ("<pre>  a\n\n\n  b</pre>", "```\n  a\n\n\n  b\n```"),
        ("1. a <!-- b -->", "1\\. a"),
        ("<h3>Titel</h3>tekst", "**Titel**\n\ntekst"),
        ("<ol start=3>a<li>b</li></ol>", "3. a\n4. b"),
    ],
)
def test_html_as_markdown(html: str, expected: str) -> None:
    assert markdown(html) == (expected, [])


def test_a_look_that_is_lost_is_told() -> None:
    assert markdown("<u>a</u>") == ("a", ["u"])
    assert markdown('<span style="color:red">a</span>') == ("a", ["span"])
    assert markdown("<ol type=a><li>x</li></ol>") == ("1. x", ["ol"])
    assert markdown("<b>a</b><i>b</i>") == ("**a**b", ["i"])
    assert "HTML-koder er ikke taget med: u" in one("[html]<u>a</u> {T}").warnings[0]


@given(
    st.lists(
        st.sampled_from(["<b>", "</b>", "<i>", "</i>", "<p>", "<code>", "</code>", "<li>", "a", "*", "_", "`", "- "])
    )
)
def test_html_shows_the_same_as_markdown(tokens: list[str]) -> None:
    renderer = pytest.importorskip("markdown_it").MarkdownIt("commonmark")
    soup = pytest.importorskip("bs4").BeautifulSoup
    html = "".join(tokens)

    def seen(code: str) -> str:
        return re.sub(r"\s+", "", soup(code, "html.parser").get_text())

    assert seen(renderer.render(markdown(html)[0])) == seen(html)


# --- outside examples: fuhrmanator/GIFT-grammar-PEG.js, tests/questions (MIT); not part of this repository ---

# Where that grammar differs from Moodle, whose reading is ours.
DIFFERENT = {
    "comments": "takes // behind text for a comment",
    "type_inferred_multiline_markdown": "keeps [html] before a short answer",
}


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no outside examples in {CORPUS}")
def test_outside_examples() -> None:
    pairs = [path for path in sorted(CORPUS.glob("*.gift")) if path.with_suffix(".json").exists()]
    assert pairs
    for path in pairs:
        if path.stem in DIFFERENT:
            continue
        expected = json.loads(path.with_suffix(".json").read_text("utf-8"))
        expected = [one for one in expected if one["type"] != "Category"]
        reading = gift.read(path.read_text("utf-8"))
        found = {read.line: read.question for read in reading.imported} | {no.line: None for no in reading.refused}
        assert len(found) == len(expected), path.name
        for line, wanted in zip(sorted(found), expected, strict=True):
            if found[line] is None:
                assert wanted["type"] == "Description" or "html" in str(wanted), (path.name, line)
            else:
                check_outside(found[line], wanted, f"{path.name}:{line}")


def check_outside(read: Any, wanted: dict[str, Any], place: str) -> None:
    """Compare but for white space, and texts in HTML not at all, as we have them in Markdown."""
    kinds = {"MC": {"single", "multiple"}, "TF": {"true_false"}, "Short": {"short_text"}, "Numerical": {"numeric"}}
    kinds |= {"Essay": {"essay"}, "Matching": {"matching"}}
    assert read.type in kinds[wanted["type"]], place
    same(read.text, first_of(wanted, "formattedStem", "stem"), place)
    same(read.feedback, first_of(wanted, "formattedGlobalFeedback", "globalFeedback"), place)
    choices = wanted.get("choices") or []
    match wanted["type"]:
        case "TF":
            assert read.answer == wanted["isTrue"], place
            on_wrong, on_right = (read.feedback_false, read.feedback_true)[:: 1 if read.answer else -1]
            same(on_wrong, first_of(wanted, "trueFormattedFeedback", "trueFeedback", "incorrectFeedback"), place)
            same(on_right, first_of(wanted, "falseFormattedFeedback", "falseFeedback", "correctFeedback"), place)
        case "MC":
            assert len(read.options) == len(choices), place
            for option, choice in zip(read.options, choices, strict=True):
                same(option.text, first_of(choice, "formattedText", "text"), place)
                same(option.feedback, first_of(choice, "formattedFeedback", "feedback"), place)
                weight = 100 if choice["isCorrect"] and choice.get("weight") is None else choice.get("weight") or 0
                right = option.correct if read.type == "multiple" else option.fraction == pytest.approx(weight / 100)
                assert right == (weight > 0 if read.type == "multiple" else True), place
        case "Short":
            kept = [choice for choice in choices if first_of(choice, "text") != "*"]
            assert len(read.accepted) == len(kept), place
            for answer, choice in zip(read.accepted, kept, strict=True):
                same(answer.text, first_of(choice, "text"), place)
                assert answer.fraction == pytest.approx(
                    (100 if choice.get("weight") is None else choice["weight"]) / 100
                ), place
        case "Matching":
            pairs = [
                (first_of(pair, "formattedSubquestion", "subquestion"), pair["subanswer"])
                for pair in wanted["matchPairs"]
            ]
            assert len(read.pairs) == sum(bool(left) for left, _ in pairs), place
            for pair, (left, right) in zip(read.pairs, (one for one in pairs if one[0]), strict=True):
                same(pair.left, left, place)
                same(pair.right, right, place)
        case "Numerical":
            listed = choices if isinstance(choices, list) else [choices]
            asked = [one.get("answer", one.get("text", one)) for one in listed]
            kept = [one for one in asked if isinstance(one, dict)]
            assert len(read.figures) == len(kept), place
            for figure, one in zip(read.figures, kept, strict=True):
                low = one.get("numberLow", one.get("number", 0) - one.get("range", 0))
                high = one.get("numberHigh", one.get("number", 0) + one.get("range", 0))
                assert (figure.value - figure.tolerance, figure.value + figure.tolerance) == pytest.approx(
                    (low, high)
                ), place


def first_of(fields: dict[str, Any], *names: str) -> str:
    """The text of the first field there is; "" for one in HTML is not told from none, so those are marked."""
    found = next((fields[name] for name in names if fields.get(name) is not None), "")
    if isinstance(found, dict):
        return "<html>" if found.get("format") == "html" else str(found["text"])
    return str(found)


def same(ours: str, theirs: str, place: str) -> None:
    if theirs != "<html>":
        assert "".join(ours.split()) == "".join(theirs.split()), place
