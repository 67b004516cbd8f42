"""QTI 3.0: the key is what the processing gives, what would mean something else is refused, and nothing is lost between us."""

import io
import json
import re
import time
import zipfile
from collections.abc import Callable, Sequence
from typing import Any
from xml.sax.saxutils import escape

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import etree
from markdown_it import MarkdownIt
from PIL import Image

from courses.errors import InvalidContent
from courses.exchange import qti
from courses.exchange.imported import Imported, Reading
from courses.exchange.qti_writer import BESIDE
from courses.grading import grade
from courses.picture import Picture, prepared
from courses.question import (
    Accepted,
    Cloze,
    Criterion,
    Essay,
    Figure,
    Gap,
    Item,
    Matching,
    MultipleChoice,
    Numeric,
    Option,
    Ordering,
    Pair,
    PromptPractice,
    Question,
    ShortText,
    SingleChoice,
    SourceRef,
    Tick,
    TrueFalse,
)
from settings import ROOT

CORPUS = ROOT.parent / "shared" / "bench" / "qti"
NAMESPACE = "http://www.imsglobal.org/xsd/imsqtiasi_v3p0"
PACKAGE = "http://www.imsglobal.org/xsd/qti/qtiv3p0/imscp_v1p1"
TEMPLATES = "https://purl.imsglobal.org/spec/qti/v3p0/rptemplates"
MATCH = f'<qti-response-processing template="{TEMPLATES}/match_correct.xml"/>'
MAP = f'<qti-response-processing template="{TEMPLATES}/map_response.xml"/>'
SCORE = '<qti-outcome-declaration identifier="SCORE" cardinality="single" base-type="float"/>'


# --- small items in the shape of 1EdTech's examples ---


def item(*parts: str, attributes: str = "", root: str = "qti-assessment-item") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{NAMESPACE}" identifier="opgave-1" title="En opgave" '
        f'adaptive="false" time-dependent="false" {attributes}>{"".join(parts)}</{root}>'
    ).encode()


def response(
    *correct: str, cardinality: str = "single", base_type: str = "identifier", mapping: str = "", name: str = "RESPONSE"
) -> str:
    values = "".join(f"<qti-value>{value}</qti-value>" for value in correct)
    key = f"<qti-correct-response>{values}</qti-correct-response>" if correct else ""
    return (
        f'<qti-response-declaration identifier="{name}" cardinality="{cardinality}" base-type="{base_type}">'
        f"{key}{mapping}</qti-response-declaration>"
    )


def mapping(attributes: str = 'default-value="0"', **worth: float | str) -> str:
    entries = "".join(f'<qti-map-entry map-key="{key}" mapped-value="{value}"/>' for key, value in worth.items())
    return f"<qti-mapping {attributes}>{entries}</qti-mapping>"


def choices(*names: str, attributes: str = 'max-choices="1"', prompt: str = "Hvad?") -> str:
    inside = "".join(f'<qti-simple-choice identifier="{name}">Svar {name}</qti-simple-choice>' for name in names)
    return (
        f'<qti-choice-interaction response-identifier="RESPONSE" {attributes}>'
        f"<qti-prompt>{prompt}</qti-prompt>{inside}</qti-choice-interaction>"
    )


def body(*parts: str) -> str:
    return f"<qti-item-body>{''.join(parts)}</qti-item-body>"


def entry(name: str = "RESPONSE") -> str:
    return f'<qti-text-entry-interaction response-identifier="{name}"/>'


def own(*rules: str) -> str:
    return f"<qti-response-processing>{''.join(rules)}</qti-response-processing>"


def variable(name: str = "RESPONSE") -> str:
    return f'<qti-variable identifier="{name}"/>'


def setting(name: str, value: str) -> str:
    return f'<qti-set-outcome-value identifier="{name}">{value}</qti-set-outcome-value>'


def base(value: str | float, base_type: str = "float") -> str:
    return f'<qti-base-value base-type="{base_type}">{value}</qti-base-value>'


def when(condition: str, rules: str, *otherwise: str) -> str:
    rest = "".join(f"<qti-response-else>{one}</qti-response-else>" for one in otherwise)
    return (
        f"<qti-response-condition><qti-response-if>{condition}{rules}</qti-response-if>{rest}</qti-response-condition>"
    )


def is_right(name: str = "RESPONSE") -> str:
    return f'<qti-match>{variable(name)}<qti-correct identifier="{name}"/></qti-match>'


def one(data: bytes) -> Imported:
    reading = qti.read(data)
    assert reading.refused == ()
    (imported,) = reading.imported
    return imported


def question(*parts: str) -> Any:
    return one(item(*parts)).question


def reason(*parts: str, **more: str) -> str:
    reading = qti.read(item(*parts, **more))
    assert reading.imported == ()
    (refused,) = reading.refused
    assert refused.line == 2
    return refused.reason


def test_single_choice_by_match_correct() -> None:
    imported = one(item(response("B"), SCORE, body(choices("A", "B", "C")), MATCH))
    assert imported.question == SingleChoice(
        id="opgave-1",
        text="Hvad?",
        shuffle=False,
        options=(
            Option(id="a", text="Svar A"),
            Option(id="b", text="Svar B", fraction=1.0),
            Option(id="c", text="Svar C"),
        ),
    )
    assert (imported.name, imported.category, imported.line, imported.warnings) == ("En opgave", "", 2, ())


@pytest.mark.parametrize(
    "address",
    [
        "http://www.imsglobal.org/question/qti_v3p0/rptemplates/match_correct",
        "https://www.imsglobal.org/question/qti_v3p0/rptemplates/match_correct.xml",
        f"{TEMPLATES}/match_correct",
        "rptemplates/CC2_match_basic.xml",
    ],
)
def test_templates_are_known_by_the_last_part_of_their_address(address: str) -> None:
    found = question(response("A"), SCORE, body(choices("A", "B")), f'<qti-response-processing template="{address}"/>')
    assert [option.fraction for option in found.options] == [1.0, 0.0]


def test_an_unknown_template_is_refused_by_name() -> None:
    told = reason(
        response("A"), SCORE, body(choices("A", "B")), '<qti-response-processing template="x/map_response_point.xml"/>'
    )
    assert "map_response_point" in told


def test_mapped_choices_are_shares_of_the_best_within_the_bounds() -> None:
    worth = mapping('default-value="-1" upper-bound="4" lower-bound="-2"', A=8, B=2, C=-8)
    found = question(response("A", mapping=worth), SCORE, body(choices("A", "B", "C", "D")), MAP)
    assert [option.fraction for option in found.options] == [1.0, 0.5, -0.5, -0.25]
    assert found.points == 4


def test_a_key_that_does_not_give_most_points_is_refused() -> None:
    assert "siger hver sit" in reason(response("A", mapping=mapping(A=1, B=2)), SCORE, body(choices("A", "B")), MAP)


def test_an_item_without_key_is_refused() -> None:
    assert "intet rigtigt svar" in reason(response(), SCORE, body(choices("A", "B")), MATCH)


def test_without_response_processing_the_key_counts_and_a_warning_says_so() -> None:
    imported = one(item(response("B"), body(choices("A", "B"))))
    assert imported.question.options[1].fraction == 1.0  # type: ignore[union-attr]
    assert len(imported.warnings) == 1


def test_true_and_false_with_feedback_on_each() -> None:
    said = "".join(
        f'<qti-modal-feedback outcome-identifier="FEEDBACK" identifier="{name}" show-hide="show">'
        f"<qti-content-body><p>{text}</p></qti-content-body></qti-modal-feedback>"
        for name, text in (("ja", "Netop."), ("nej", "Nej."))
    )
    rules = own(
        when(
            is_right(),
            setting("SCORE", base(1)) + setting("FEEDBACK", base("ja", "identifier")),
            setting("FEEDBACK", base("nej", "identifier")),
        )
    )
    texts = (
        '<qti-choice-interaction response-identifier="RESPONSE" max-choices="1"><qti-prompt>Vand er vådt.</qti-prompt>'
        '<qti-simple-choice identifier="s">Sandt</qti-simple-choice><qti-simple-choice identifier="f">Falsk'
        "</qti-simple-choice></qti-choice-interaction>"
    )
    outcome = '<qti-outcome-declaration identifier="FEEDBACK" cardinality="single" base-type="identifier"/>'
    imported = one(item(response("s"), SCORE, outcome, body(texts), rules, said))
    assert imported.question == TrueFalse(
        id="opgave-1", text="Vand er vådt.", answer=True, feedback_true="Netop.", feedback_false="Nej."
    )
    assert imported.warnings == ()


def test_feedback_inside_the_choices_belongs_to_them_and_not_to_their_text() -> None:
    inside = "".join(
        f'<qti-simple-choice identifier="{name}">{name}<qti-feedback-inline outcome-identifier="FB" identifier="{name}" '
        f'show-hide="show">om {name}</qti-feedback-inline> slut</qti-simple-choice>'
        for name in "AB"
    )
    outcome = '<qti-outcome-declaration identifier="FB" cardinality="single" base-type="identifier"/>'
    shown = f'<qti-choice-interaction response-identifier="RESPONSE" max-choices="1">{inside}</qti-choice-interaction>'
    rules = own(setting("FB", variable()), when(is_right(), setting("SCORE", base(3))))
    found = question(response("A"), SCORE, outcome, body("<p>Hvad?</p>", shown), rules)
    assert [(option.text, option.feedback) for option in found.options] == [("A slut", "om A"), ("B slut", "om B")]
    assert found.points == 3


# --- multiple choice ---


def several(worth: str, *correct: str, processing: str = MAP, attributes: str = 'max-choices="0"') -> Imported:
    return one(
        item(
            response(*correct, cardinality="multiple", mapping=worth),
            SCORE,
            body(choices("A", "B", "C", "D", attributes=attributes)),
            processing,
        )
    )


def test_multiple_choice_that_is_graded_as_here_has_no_warning() -> None:
    imported = several(mapping('default-value="-0.5" lower-bound="0"', A=0.5, B=0.5), "A", "B")
    assert [tick.correct for tick in imported.question.options] == [True, True, False, False]  # type: ignore[union-attr]
    assert imported.warnings == ()
    assert imported.question.points == 1


@pytest.mark.parametrize(
    ("worth", "processing", "said"),
    [
        ("", MATCH, "helt rigtigt svar"),
        (mapping('default-value="0"', A=1, B=1), MAP, "trækker forkerte kryds ikke fra"),
        (mapping('default-value="-2" lower-bound="0"', A=1, B=1, C=-1), MAP, "Delvist rigtige"),
        (mapping('default-value="-3" lower-bound="0"', A=2, B=1), MAP, "Delvist rigtige"),
    ],
)
def test_multiple_choice_that_is_graded_otherwise_is_told(worth: str, processing: str, said: str) -> None:
    imported = several(worth, "A", "B", processing=processing)
    assert [tick.correct for tick in imported.question.options] == [True, True, False, False]  # type: ignore[union-attr]
    (warning,) = imported.warnings
    assert said in warning


@pytest.mark.parametrize(
    ("worth", "correct"),
    [
        (mapping('upper-bound="1"', A=1, B=1), ("A", "B")),  # one of them is enough
        (mapping(A=1, B=1, C=1), ("A", "B")),  # a third gives more
        (mapping(A=2, B=-1), ("A", "B")),
    ],
)
def test_multiple_choice_whose_key_is_not_the_best_is_refused(worth: str, correct: tuple[str, ...]) -> None:
    shown = body(choices("A", "B", "C", "D", attributes='max-choices="0"'))
    assert "siger hver sit" in reason(response(*correct, cardinality="multiple", mapping=worth), SCORE, shown, MAP)


def test_the_key_of_a_mapping_alone_is_what_gives_points() -> None:
    imported = several(mapping('default-value="-1" lower-bound="0"', A=1, C=1))
    assert [tick.correct for tick in imported.question.options] == [True, False, True, False]  # type: ignore[union-attr]


def test_a_limit_of_ticks_is_told() -> None:
    imported = several("", "A", "B", processing=MATCH, attributes='max-choices="2"')
    assert any("højst sættes 2 kryds" in warning for warning in imported.warnings)


def test_twenty_choices_are_proven_by_the_template() -> None:
    names = [f"C{number}" for number in range(20)]
    shown = body(choices(*names, attributes='max-choices="0"'))
    found = question(response(*names[:7], cardinality="multiple"), SCORE, shown, MATCH)
    assert [tick.correct for tick in found.options] == [True] * 7 + [False] * 13


def test_twenty_choices_with_processing_of_their_own_cannot_be_proven() -> None:
    names = [f"C{number}" for number in range(20)]
    shown = body(choices(*names, attributes='max-choices="0"'))
    rule = when(
        f"<qti-match>{variable()}<qti-multiple>{base('C1', 'identifier')}</qti-multiple></qti-match>",
        setting("SCORE", base(1)),
    )
    assert "efterprøves" in reason(response("C1", cardinality="multiple"), SCORE, shown, own(rule))


# --- fields in the text ---


def test_a_word_in_a_sentence_keeps_its_place() -> None:
    worth = mapping(York=2, Yorkshire=1)
    text = body("<p>Denne søn af ", entry(), "; og alle skyer.</p>")
    found = question(response("York", base_type="string", mapping=worth), SCORE, text, MAP)
    assert found == ShortText(
        id="opgave-1",
        text="Denne søn af _____; og alle skyer.",
        accepted=(Accepted(text="York"), Accepted(text="Yorkshire", fraction=0.5)),
        points=2,
    )


def test_match_correct_compares_letters_as_they_are_written() -> None:
    found = question(response("York", base_type="string"), SCORE, body("<p>By?</p><p>", entry(), "</p>"), MATCH)
    assert found.case_sensitive
    assert found.text == "By?"


def test_a_field_that_takes_anything_is_refused() -> None:
    given_any = own(when(f"<qti-not><qti-is-null>{variable()}</qti-is-null></qti-not>", setting("SCORE", base(1))))
    text = body("<p>By?", entry(), "</p>")
    assert "Ethvert svar" in reason(response("York", base_type="string"), SCORE, text, given_any)


@pytest.mark.parametrize(
    ("condition", "value", "tolerance"),
    [
        (is_right(), 4.0, 0.0),
        (f'<qti-equal tolerance-mode="absolute" tolerance="0.5 0.5">{variable()}{base(4)}</qti-equal>', 4.0, 0.5),
        (
            f"<qti-and><qti-gte>{variable()}{base(3)}</qti-gte><qti-lte>{variable()}{base(9)}</qti-lte></qti-and>",
            6.0,
            3.0,
        ),
    ],
)
def test_numbers_have_the_range_that_the_processing_takes(condition: str, value: float, tolerance: float) -> None:
    rules = own(when(condition, setting("SCORE", base(1))))
    found = question(response("4", base_type="float"), SCORE, body("<p>Hvor meget?", entry(), "</p>"), rules)
    assert found.figures == (Figure(value=value, tolerance=tolerance),)


def test_a_number_without_upper_end_is_refused() -> None:
    rules = own(when(f"<qti-gt>{variable()}{base(3)}</qti-gt>", setting("SCORE", base(1))))
    told = reason(response("4", base_type="float"), SCORE, body("<p>Hvor meget?", entry(), "</p>"), rules)
    assert "over eller under" in told


def inline(name: str, *options: str) -> str:
    inside = "".join(f'<qti-inline-choice identifier="{one}">{one}</qti-inline-choice>' for one in options)
    return f'<qti-inline-choice-interaction response-identifier="{name}">{inside}</qti-inline-choice-interaction>'


def test_gaps_that_are_chosen_and_written_make_a_cloze() -> None:
    rules = own(
        *(
            when(is_right(name), setting("SCORE", f"<qti-sum>{variable('SCORE')}{base(points)}</qti-sum>"))
            for name, points in (("R1", 1), ("R2", 2), ("R3", 1))
        )
    )
    found = question(
        response("York", name="R1"),
        response("vinter", base_type="string", name="R2"),
        response("7", base_type="integer", name="R3"),
        SCORE,
        body(
            "<p>I ", inline("R1", "York", "Kent"), " er <strong>", entry("R2"), "</strong> ", entry("R3"), " uger.</p>"
        ),
        rules,
    )
    assert found.text == "I {{hul1}} er **{{hul2}}** {{hul3}} uger."
    assert [gap.points for gap in found.gaps] == [1.0, 2.0, 1.0]
    assert found.gaps[0].options == (Option(id="york", text="York", fraction=1.0), Option(id="kent", text="Kent"))
    assert found.gaps[1].accepted == (Accepted(text="vinter"),)
    assert found.gaps[2].figures == (Figure(value=7.0),)
    assert found.points == 4


def test_gaps_that_only_count_together_are_told() -> None:
    rules = own(when(f"<qti-and>{is_right('R1')}{is_right('R2')}</qti-and>", setting("SCORE", base(1))))
    text = body("<p>", inline("R1", "a", "b"), inline("R2", "c", "d"), "</p>")
    imported = one(item(response("a", name="R1"), response("d", name="R2"), SCORE, text, rules))
    assert [gap.points for gap in imported.question.gaps] == [0.5, 0.5]  # type: ignore[union-attr]
    assert any("helt rigtigt svar" in warning for warning in imported.warnings)


def test_gaps_that_depend_on_each_other_are_refused() -> None:
    rules = own(
        when(is_right("R1"), setting("SCORE", base(1))),
        when(f"<qti-and>{is_right('R1')}{is_right('R2')}</qti-and>", setting("SCORE", base(3))),
    )
    text = body("<p>", inline("R1", "a", "b"), inline("R2", "c", "d"), "</p>")
    assert "i fællesskab" in reason(response("a", name="R1"), response("d", name="R2"), SCORE, text, rules)


# --- pairs, order, essays ---


def pairs(lefts: Sequence[str], rights: Sequence[str]) -> str:
    sides = [
        "<qti-simple-match-set>"
        + "".join(
            f'<qti-simple-associable-choice identifier="{name}" match-max="{most}">tekst {name}</qti-simple-associable-choice>'
            for name in names
        )
        + "</qti-simple-match-set>"
        for names, most in ((lefts, 1), (rights, 4))
    ]
    return (
        f'<qti-match-interaction response-identifier="RESPONSE" shuffle="true">{"".join(sides)}</qti-match-interaction>'
    )


def test_pairs_with_a_distractor() -> None:
    key = response("A X", "B X", "C Y", cardinality="multiple", base_type="directedPair")
    imported = one(item(key, SCORE, body("<p>Forbind.</p>", pairs("ABC", "XYZ")), MATCH))
    assert imported.question == Matching(
        id="opgave-1",
        text="Forbind.",
        pairs=(
            Pair(id="a", left="tekst A", right="tekst X"),
            Pair(id="b", left="tekst B", right="tekst X"),
            Pair(id="c", left="tekst C", right="tekst Y"),
        ),
        distractors=("tekst Z",),
    )
    assert len(imported.warnings) == 1  # all or nothing


def test_pairs_in_which_the_second_list_has_one_answer_each_are_turned() -> None:
    key = response("A X", "A Y", "B Z", cardinality="multiple", base_type="directedPair")
    found = question(key, SCORE, body(pairs("AB", "XYZ")), MATCH)
    assert [(pair.left, pair.right) for pair in found.pairs] == [
        ("tekst X", "tekst A"),
        ("tekst Y", "tekst A"),
        ("tekst Z", "tekst B"),
    ]


def test_pairs_in_which_something_belongs_to_several_are_refused() -> None:
    key = response("A X", "A Y", "B Y", cardinality="multiple", base_type="directedPair")
    assert "netop ét rigtigt svar" in reason(key, SCORE, body(pairs("AB", "XY")), MATCH)


def test_order() -> None:
    lines = "".join(f'<qti-simple-choice identifier="{name}">linje {name}</qti-simple-choice>' for name in "ABC")
    shown = f'<qti-order-interaction response-identifier="RESPONSE"><qti-prompt>Ordn.</qti-prompt>{lines}</qti-order-interaction>'
    imported = one(item(response("C", "A", "B", cardinality="ordered"), SCORE, body(shown), MATCH))
    assert [line.text for line in imported.question.items] == ["linje C", "linje A", "linje B"]  # type: ignore[union-attr]
    assert len(imported.warnings) == 1  # all or nothing


def test_order_of_only_some_lines_is_refused() -> None:
    lines = "".join(f'<qti-simple-choice identifier="{name}">{name}</qti-simple-choice>' for name in "ABC")
    shown = f'<qti-order-interaction response-identifier="RESPONSE">{lines}</qti-order-interaction>'
    assert "alle linjer" in reason(response("C", "A", cardinality="ordered"), SCORE, body(shown), MATCH)


ESSAY = (
    '<qti-extended-text-interaction response-identifier="RESPONSE"><qti-prompt>Skriv.</qti-prompt>'
    "</qti-extended-text-interaction>"
)


def test_an_essay_has_its_rubric_from_the_scorers_block() -> None:
    rubric = (
        '<qti-rubric-block view="scorer" use="scoring"><qti-content-body><h1>Sådan</h1><ul><li>Nævner loven (2 point)</li>'
        "<li>Er <b>klar</b></li></ul></qti-content-body></qti-rubric-block>"
    )
    imported = one(item(response(base_type="string"), SCORE, body("<p>Læs.</p>", rubric, ESSAY)))
    assert imported.question == Essay(
        id="opgave-1",
        text="Læs.\n\nSkriv.",
        rubric=(Criterion(id="k1", text="Nævner loven", points=2), Criterion(id="k2", text="Er **klar**")),
    )
    assert imported.warnings == ()


def test_an_essay_without_a_rubric_gets_one_and_a_warning() -> None:
    imported = one(item(response(base_type="string"), SCORE, body(ESSAY)))
    assert len(imported.question.rubric) == 1  # type: ignore[union-attr]
    assert len(imported.warnings) == 1


# --- what is refused or left out by name ---

HOTTEXT = (
    '<qti-hottext-interaction response-identifier="RESPONSE"><p><qti-hottext identifier="A">x</qti-hottext></p>'
    "</qti-hottext-interaction>"
)
TEMPLATE = '<qti-template-declaration identifier="N" cardinality="single" base-type="integer"/>'
PRINTED = '<p><qti-printed-variable identifier="N"/></p>'
FORMULA = '<p>Om <math xmlns="http://www.w3.org/1998/Math/MathML"><mi>x</mi></math></p>'


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ((response("A"), SCORE, body(HOTTEXT), MATCH), "vælg ord i teksten"),
        ((response("A"), SCORE, TEMPLATE, body(choices("A", "B")), MATCH), "skabelon"),
        ((response("A"), SCORE, body(PRINTED, choices("A", "B")), MATCH), "regnes ud"),
        ((response("A"), SCORE, body(FORMULA, choices("A", "B")), MATCH), "<math>"),
        ((response("A"), SCORE, body(choices("A", "B"), choices("C", "D")), MATCH), "flere opgaver i én"),
        ((response("A"), SCORE, body("<p>Intet</p>"), MATCH), "ikke noget at svare på"),
        ((response("A"), SCORE, body(choices("A"))), "svarmuligheder"),
        ((response("A"), SCORE, body(choices("A", "A"))), "samme identifier"),
        ((SCORE, body(choices("A", "B"))), "svar angivet"),
        (
            (response("A"), SCORE, body("<p><img src='http://x.dk/a.png' alt=''/></p>", choices("A", "B")), MATCH),
            "på nettet",
        ),
        ((response("A"), SCORE, body("<p><img src='a.png' alt=''/></p>", choices("A", "B")), MATCH), "hele pakken"),
        ((response("A"), SCORE, body("<script>x</script>", choices("A", "B")), MATCH), "<script>"),
        (
            (
                response("A"),
                SCORE,
                body(choices("A", "B")),
                own(setting("SCORE", "<qti-random-float min='0' max='1'/>")),
            ),
            "random",
        ),
        ((response("A"), SCORE, body(choices("A", "B")), own(setting("SCORE", base("x")))), "skal være et tal"),
        ((response("A"), SCORE, body(choices("A", "B")), own(setting("SCORE", base("1e999")))), "ikke endeligt"),
        ((response(base_type="string"), SCORE, body("<p>{{x}}", entry(), "</p>"), MATCH), "{{…}}"),
    ],
)
def test_what_cannot_be_kept_is_refused_by_name(parts: tuple[str, ...], said: str) -> None:
    told = reason(*parts)
    assert said in told
    assert told.endswith(".")


def test_adaptive_items_are_refused() -> None:
    data = item(response("A"), SCORE, body(choices("A", "B")), MATCH).replace(b'adaptive="false"', b'adaptive="true"')
    (refused,) = qti.read(data).refused
    assert "adaptiv" in refused.reason


def test_what_is_left_out_is_told() -> None:
    imported = one(
        item(
            response("A"),
            SCORE,
            '<qti-stylesheet href="a.css" type="text/css"/>',
            body("<p>Se", '<qti-info-control title="Hjælp">Et hint</qti-info-control>', " her.</p>", choices("A", "B")),
            "<qti-catalog-info/>",
            MATCH,
        )
    )
    assert imported.question.text == "Se her.\n\nHvad?"
    assert len(imported.warnings) == 3


def test_fixed_choices_are_kept_in_their_place() -> None:
    shown = choices("A", "B", attributes='max-choices="1" shuffle="true"')
    assert question(response("A"), SCORE, body(shown), MATCH).shuffle
    fixed = shown.replace('identifier="B"', 'identifier="B" fixed="true"')
    imported = one(item(response("A"), SCORE, body(fixed), MATCH))
    assert not imported.question.shuffle
    assert len(imported.warnings) == 1


def test_prefixed_names_are_read() -> None:
    data = item(response("A"), SCORE, body("<p>Se <em>her</em></p>", choices("A", "B")), MATCH).decode()
    prefixed = re.sub(r"<(/?)([a-z])", r"<\1q:\2", data).replace("xmlns=", "xmlns:q=")
    assert one(prefixed.encode()).question == one(data.encode()).question


# --- packages ---


def manifest(*resources: tuple[str, str]) -> bytes:
    listed = "".join(
        f'<resource identifier="R{place}" type="{kind}" href="{name}"><file href="{name}"/></resource>'
        for place, (kind, name) in enumerate(resources)
    )
    return f'<manifest xmlns="{PACKAGE}" identifier="m"><resources>{listed}</resources></manifest>'.encode()


ITEM = "imsqti_item_xmlv3p0"
SIMPLE = item(response("A"), SCORE, body(choices("A", "B")), MATCH)


def package(*files: tuple[str, bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return out.getvalue()


def drawn(colour: str = "red") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), colour).save(out, "PNG")
    return out.getvalue()


def test_a_package_with_a_picture_beside_its_item() -> None:
    shown = item(
        response("A"), SCORE, body('<p>Se <img src="../media/a%20b.png" alt="Et skilt"/></p>', choices("A", "B")), MATCH
    )
    data = package(
        ("imsmanifest.xml", manifest(("imsqti_test_xmlv3p0", "test.xml"), (ITEM, "items/a.xml"))),
        ("items/a.xml", shown),
        ("media/a b.png", drawn()),
    )
    (imported,) = qti.read(data).imported
    (picture,) = imported.pictures
    assert picture == prepared(drawn())
    assert picture.markdown("Et skilt") in imported.question.text
    assert imported.category == "items/a.xml"


def test_each_item_is_imported_or_refused_with_its_reason() -> None:
    data = package(
        ("mappe/imsmanifest.xml", manifest(
            (ITEM, "a.xml"), (ITEM, "mangler.xml"), (ITEM, "../../ude.xml"), ("imsqti_item_xmlv2p1", "gammel.xml"),
            (ITEM, "i-stykker.xml"), (ITEM, ""), (ITEM, "b.xml"), (ITEM, "b.xml"),
        )),
        ("mappe/a.xml", SIMPLE),
        ("mappe/b.xml", SIMPLE),
        ("mappe/gammel.xml", SIMPLE),
        ("mappe/i-stykker.xml", SIMPLE[:-5]),
    )  # fmt: skip
    reading = qti.read(data)
    assert [one.question.id for one in reading.imported] == ["opgave-1", "opgave-1-2"]
    said = ["mangler i pakken", "peger ud af pakken", "ældre udgave", "ikke gyldig XML", "intet filnavn"]
    for refused, words in zip(reading.refused, said, strict=True):
        assert words in refused.reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (package(("a.xml", SIMPLE)), "imsmanifest"),
        (package(("imsmanifest.xml", manifest())), "ingen opgaver"),
        (package(("imsmanifest.xml", b"<manifest")), "ikke gyldig XML"),
        (package(("imsmanifest.xml", manifest(*[(ITEM, f"{n}.xml") for n in range(1001)]))), "1000 opgaver"),
        (manifest((ITEM, "a.xml")), "hele pakken"),
        (item(root="qti-assessment-test"), "hele pakken"),
        (item(root="assessmentItem"), "ældre udgave"),
        (b"<questestinterop/>", "QTI 3.0"),
        (b"<quiz/>", "ikke en opgave i QTI 3.0"),
        (b"", "tom"),
        (b"PK\x03\x04...", "beskadiget"),
    ],
)
def test_what_is_no_qti_is_refused_whole(data: bytes, said: str) -> None:
    with pytest.raises(InvalidContent) as refused:
        qti.read(data)
    assert said in str(refused.value)


BOMB = b'<!DOCTYPE a [<!ENTITY a "aaaa">' + b"".join(
    f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">'.replace("&a0;", "&a;").encode() for n in range(1, 12)
)


@pytest.mark.parametrize(
    "data",
    [
        SIMPLE.replace(b"\n<qti", BOMB + b"]>\n<qti", 1),
        SIMPLE.replace(b"\n<qti", b'<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>\n<qti', 1).replace(
            b"Hvad?", b"&x;"
        ),
        SIMPLE.replace(b"Hvad?", b"\xff\xfe"),
        SIMPLE.replace(b"Hvad?", b"<b>" * 3000),
    ],
)
def test_hostile_xml_is_refused_alone_and_in_a_package(data: bytes) -> None:
    start = time.monotonic()
    with pytest.raises(InvalidContent):
        qti.read(data)
    reading = qti.read(
        package(("imsmanifest.xml", manifest((ITEM, "a.xml"), (ITEM, "b.xml"))), ("a.xml", data), ("b.xml", SIMPLE))
    )
    assert (len(reading.imported), len(reading.refused)) == (1, 1)
    assert "root:" not in reading.refused[0].reason
    assert time.monotonic() - start < 2.0  # seconds


def heavy_pictures() -> str:
    return f'<p><img alt="" src="data:image/png;base64,{"A" * 50_000_000}"/></p>'


def many_hints() -> str:
    return "<p>" + "<qti-info-control>x</qti-info-control>y" * 100_000 + "</p>"


def many_words() -> str:
    return "<p>" + "ord " * 2_000_000 + "</p>"


@pytest.mark.parametrize("make", [heavy_pictures, many_hints, many_words])
def test_huge_items_are_refused_soon(make: Callable[[], str]) -> None:
    data = item(response("A"), SCORE, body(make(), choices("A", "B")), MATCH)
    start = time.monotonic()
    try:
        assert qti.read(data).imported == ()
    except InvalidContent as error:
        assert str(error).endswith(".")
    assert time.monotonic() - start < 5.0  # seconds


def endless_rules() -> bytes:
    rule = when(is_right(), setting("SCORE", base(1)))
    names = [f"C{number}" for number in range(10)]
    shown = body(choices(*names, attributes='max-choices="0"'))
    return item(response("C1", cardinality="multiple"), SCORE, shown, own(rule * 600))


def endless_fields() -> bytes:
    names = [f"R{number}" for number in range(3000)]
    return item(
        *(response("a", base_type="string", name=name) for name in names),
        SCORE,
        body("<p>", *map(entry, names), "</p>"),
    )


def endless_mapping() -> bytes:
    worth = mapping('default-value="0"', **{f"k{number}": 1 for number in range(4000)})
    return item(response("k1", base_type="string", mapping=worth), SCORE, body("<p>Hvad?", entry(), "</p>"), MAP)


@pytest.mark.parametrize("make", [endless_rules, endless_fields, endless_mapping])
def test_items_that_ask_for_endless_work_are_stopped(make: Callable[[], bytes]) -> None:
    data = make()
    files = [(f"{number}.xml", data) for number in range(8)]
    start = time.monotonic()
    reading = qti.read(package(("imsmanifest.xml", manifest(*((ITEM, name) for name, _ in files))), *files))
    assert len(reading.imported) + len(reading.refused) == 8
    assert time.monotonic() - start < 20.0  # seconds


# --- written and read again ---

FINDING = {picture.sha256: picture for picture in (prepared(drawn("red")), prepared(drawn("blue")))}


def find(sha256: str) -> Picture | None:
    return FINDING.get(sha256)


def again(*questions: Question) -> Reading:
    return qti.read(qti.write(questions, find).data)


def seen_by_others(*questions: Question) -> Reading:
    """What is read of a package from which another program dropped what it does not know."""
    with zipfile.ZipFile(io.BytesIO(qti.write(questions, find).data)) as written:
        return qti.read(
            package(*((name, written.read(name)) for name in written.namelist() if not name.endswith(".json")))
        )


KEYS = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,12}", fullmatch=True)
SIGNS = "abcæøåÆØÅ éüß 😀✓ <>&\"'*_`#[]()!|~\\/{}$-+=.,:;?0123456789\n"
PICTURES = st.sampled_from([picture.markdown("et billede") for picture in FINDING.values()])
WORDS = st.text(st.sampled_from(SIGNS), min_size=1, max_size=40)
TEXTS = st.one_of(
    WORDS,
    st.sampled_from(
        ["**Fed** og *skrå* `kode <a>`", "- en\n- to\n\n> citat", "1. x\n2. y", "[link](<https://x.dk/?a=1&b=2>)"]
    ),
    st.builds(lambda words, picture: f"{words} {picture}", WORDS, PICTURES),
)
FRACTIONS = st.sampled_from([-1.0, -0.5, 0.0, 1 / 3, 0.5])
FINITE = st.floats(-1e9, 1e9, allow_nan=False)
SHARES = st.sampled_from([0.1, 0.5, 1.0])


def unique(part: Callable[..., Any], least: int, most: int, **fields: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Parts with ids of their own."""
    return st.lists(KEYS, min_size=least, max_size=most, unique=True).flatmap(
        lambda ids: st.tuples(*(st.builds(part, id=st.just(one), **fields) for one in ids))
    )


COMMON = {
    "id": KEYS,
    "text": TEXTS,
    "feedback": st.one_of(st.just(""), TEXTS),
    "points": st.sampled_from([0.5, 1.0, 3.0, 100.0]),
    "tags": st.lists(KEYS, max_size=2).map(tuple),
    "sources": st.lists(st.builds(SourceRef, source=KEYS, section=WORDS, quote=WORDS), max_size=1).map(tuple),
    "shuffle": st.booleans(),
}
SAID = st.one_of(st.just(""), WORDS)
SINGLES = unique(Option, 2, 5, text=TEXTS, fraction=FRACTIONS, feedback=SAID).flatmap(
    lambda options: st.builds(
        SingleChoice, **COMMON, options=st.just((options[0].model_copy(update={"fraction": 1.0}), *options[1:]))
    )
)
MULTIPLES = st.builds(
    MultipleChoice, **COMMON, options=unique(Tick, 2, 6, text=TEXTS, correct=st.booleans(), feedback=SAID)
)
TRUTHS = st.builds(
    TrueFalse, **{**COMMON, "shuffle": st.just(False)}, answer=st.booleans(), feedback_true=SAID, feedback_false=SAID
)
MATCHINGS = st.builds(Matching, **COMMON, pairs=unique(Pair, 2, 5, left=TEXTS, right=WORDS))
ORDERINGS = st.lists(WORDS, min_size=2, max_size=6, unique=True).flatmap(
    lambda texts: st.builds(
        Ordering, **COMMON, items=st.just(tuple(Item(id=f"i{place}", text=text) for place, text in enumerate(texts)))
    )
)
ACCEPTED = st.lists(st.builds(Accepted, text=WORDS, fraction=SHARES, feedback=SAID), min_size=1, max_size=3).map(tuple)
FIGURES = st.lists(
    st.builds(Figure, value=FINITE, tolerance=st.sampled_from([0.0, 0.01, 2.5]), fraction=SHARES),
    min_size=1,
    max_size=3,
).map(tuple)
SHORTS = st.builds(ShortText, **COMMON, accepted=ACCEPTED, case_sensitive=st.booleans())
NUMBERS = st.builds(Numeric, **COMMON, figures=FIGURES, unit=st.sampled_from(["", "kg", "%"]))
ESSAYS = st.builds(
    Essay,
    **COMMON,
    rubric=unique(Criterion, 1, 3, text=TEXTS, points=st.sampled_from([0.5, 1.0, 2.0])),
    model_answer=SAID,
    most_words=st.integers(10, 5000),
)
GAPS = st.tuples(
    st.builds(Gap, id=st.just("a"), accepted=ACCEPTED, points=st.sampled_from([0.5, 1.0, 2.0])),
    st.builds(Gap, id=st.just("2_b"), figures=FIGURES),
    st.builds(
        Gap,
        id=st.just("Ø"),
        options=unique(Option, 1, 3, text=WORDS, feedback=SAID).map(
            lambda options: (options[0].model_copy(update={"fraction": 1.0}), *options[1:])
        ),
    ),
)
CLOZE_TEXTS = st.sampled_from(["Æblet", "a < b &"]).map("{} {{{{a}}}} og **{{{{Ø}}}}**\n\n{{{{2_b}}}}.".format)
CLOZES = st.builds(Cloze, **{**COMMON, "text": CLOZE_TEXTS}, gaps=GAPS)
ANY = st.one_of(SINGLES, MULTIPLES, TRUTHS, MATCHINGS, ORDERINGS, SHORTS, NUMBERS, ESSAYS, CLOZES)


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(ANY, min_size=1, max_size=3, unique_by=lambda question: question.id))
def test_what_is_written_here_comes_back_as_it_was(questions: list[Question]) -> None:
    package = qti.write(questions, find)
    assert not any("Ikke skrevet" in warning for warning in package.warnings)
    reading = qti.read(package.data)
    assert reading.refused == ()
    assert reading.questions == tuple(questions)
    for imported in reading.imported:
        assert imported.warnings == ()
        named = set(re.findall(r"picture:([0-9a-f]{64})", imported.question.model_dump_json()))
        assert {picture.sha256 for picture in imported.pictures} == named


def shown(markdown: str) -> str:
    """The text that a reader sees, without blanks."""
    html = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"]).render(markdown)
    return "".join("".join(etree.fromstring(f"<div>{html}</div>").itertext()).split())


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(SINGLES, MULTIPLES))
def test_others_see_the_same_texts_and_give_the_same_points(question: SingleChoice | MultipleChoice) -> None:
    reading = seen_by_others(question)
    if reading.refused:  # a link that leads nowhere, or a key that is empty
        assert re.search(r"link|intet rigtigt|HTML|tom eller", reading.refused[0].reason)
        return
    (found,) = reading.questions
    assert isinstance(found, (SingleChoice, MultipleChoice))
    assert shown(found.text) in (shown(question.text), "") or not shown(question.text)
    assert [shown(option.text) for option in found.options] == [shown(option.text) for option in question.options]
    assert found.points == pytest.approx(question.points)
    theirs = [option.id for option in found.options]
    ours = [option.id for option in question.options]
    for chosen in range(1, 2 ** len(ours)):
        picked = [place for place in range(len(ours)) if chosen >> place & 1]
        if isinstance(question, SingleChoice) and len(picked) > 1:
            continue
        single = isinstance(question, SingleChoice)
        mine, other = [ours[place] for place in picked], [theirs[place] for place in picked]
        assert grade(found, other[0] if single else other).fraction == pytest.approx(
            grade(question, mine[0] if single else mine).fraction
        )


@settings(deadline=None, suppress_health_check=list(HealthCheck))
@given(st.one_of(SHORTS, NUMBERS, CLOZES), st.data())
def test_others_take_the_same_words_and_numbers(question: Any, data: st.DataObject) -> None:
    reading = seen_by_others(question)
    if reading.refused:
        assert re.search(r"link|intet rigtigt|HTML|tom eller", reading.refused[0].reason)
        return
    (found,) = reading.questions
    parts = question.gaps if isinstance(question, Cloze) else (question,)
    best = [max(one.fraction for one in (*_written(part),)) for part in parts]
    answers: dict[str, str] = {}
    for part in parts:
        if isinstance(part, Gap) and part.options:
            answers[part.id] = data.draw(st.sampled_from([option.id for option in part.options]))
        elif isinstance(part, ShortText) or (isinstance(part, Gap) and part.accepted):
            answers[getattr(part, "id", "")] = data.draw(st.sampled_from([one.text for one in part.accepted]))
        else:
            figure = data.draw(st.sampled_from(part.figures))
            away = data.draw(st.sampled_from([0.0, 0.5, -0.9, 3.0]))
            answers[getattr(part, "id", "")] = repr(figure.value + away * figure.tolerance)
    if isinstance(question, Cloze):
        names = dict(zip(re.findall(r"\{\{(\w+)\}\}", question.text), [gap.id for gap in found.gaps], strict=True))  # type: ignore[union-attr]
        theirs: Any = {
            names[one]: _their_option(question, found, (one, names[one]), value) for one, value in answers.items()
        }
        ours: Any = answers
        whole = sum(gap.points * share for gap, share in zip(question.gaps, best, strict=True)) / sum(
            gap.points for gap in question.gaps
        )
    else:
        (theirs,) = answers.values()
        ours, whole = theirs, best[0]
    expected = grade(question, ours).fraction
    assert expected is not None
    assert grade(found, theirs).fraction == pytest.approx(expected / whole, abs=1e-6)


def _written(part: Any) -> tuple[Any, ...]:
    if isinstance(part, ShortText):
        return part.accepted
    return part.figures if isinstance(part, Numeric) else (*part.options, *part.accepted, *part.figures)


def _their_option(question: Cloze, found: Any, names: tuple[str, str], value: str) -> str:
    """The option that stands in the same place."""
    ours, theirs = (
        next(gap.options for gap in one.gaps if gap.id == name)
        for one, name in zip((question, found), names, strict=True)
    )
    return value if not ours else theirs[[option.id for option in ours].index(value)].id


def test_two_questions_of_one_id_both_come_back() -> None:
    first, second = (
        SingleChoice(id="x", text=text, options=(Option(id="a", text="A", fraction=1), Option(id="b", text="B")))
        for text in ("Et", "To")
    )
    assert [(one.id, one.text) for one in again(first, second).questions] == [("x", "Et"), ("x-2", "To")]


EXAMPLE = SingleChoice(
    id="koen",
    text="Hvad siger koen?",
    options=(Option(id="muh", text="Muh", fraction=1, feedback="Ja."), Option(id="vov", text="Vov", fraction=-0.5)),
    tags=("dyr",),
    sources=(SourceRef(source="bog", section="s1", quote="Koen siger muh."),),
    feedback="Det hører man.",
)


def changed(old: str, new: str) -> Imported:
    """The package after somebody changed the item in another program."""
    with zipfile.ZipFile(io.BytesIO(qti.write([EXAMPLE], find).data)) as written:
        files = [(name, written.read(name)) for name in written.namelist()]
    assert any(old.encode() in data for name, data in files if name.endswith("koen.xml"))
    edited = [
        (name, data.replace(old.encode(), new.encode()) if name.endswith("koen.xml") else data) for name, data in files
    ]
    (imported,) = qti.read(package(*edited)).imported
    return imported


def test_an_item_that_was_changed_elsewhere_counts_as_it_stands() -> None:
    imported = changed("Hvad siger koen?", "Hvad siger hunden?")
    assert imported.question.text == "Hvad siger hunden?"
    assert imported.question.sources == ()
    assert any("ændret" in warning for warning in imported.warnings)


def test_a_key_that_was_changed_elsewhere_counts() -> None:
    imported = changed('map-key="vov" mapped-value="-0.5"', 'map-key="vov" mapped-value="1"')
    assert [option.fraction for option in imported.question.options] == [1.0, 1.0]  # type: ignore[union-attr]
    assert any("ændret" in warning for warning in imported.warnings)


def test_an_item_that_was_only_laid_out_anew_keeps_everything() -> None:
    assert changed("><qti-", ">\n   <qti-").question == EXAMPLE


@pytest.mark.parametrize(
    "beside",
    [b"{", b"[]", b'{"type": "single"}', b"\xff", b"[" * 100_000, b" ".join(b"%d" % n for n in range(300_000))],
)
def test_what_stands_beside_an_item_is_not_trusted(beside: bytes) -> None:
    data = package(("imsmanifest.xml", manifest((ITEM, "a.xml"))), ("a.xml", SIMPLE), (f"a{BESIDE}", beside))
    (imported,) = qti.read(data).imported
    assert imported.question.text == "Hvad?"
    assert any("ved siden af" in warning for warning in imported.warnings)


def test_what_stands_beside_another_item_is_not_taken() -> None:
    other = json.dumps(EXAMPLE.model_dump()).encode()
    data = package(("imsmanifest.xml", manifest((ITEM, "a.xml"))), ("a.xml", SIMPLE), (f"a{BESIDE}", other))
    (imported,) = qti.read(data).imported
    assert imported.question.text == "Hvad?"
    assert any("ændret" in warning for warning in imported.warnings)


def test_what_others_will_not_see_is_told() -> None:
    written = qti.write([EXAMPLE], find)
    (warning,) = written.warnings
    assert warning.startswith("koen: ")
    assert "emner, kilder" in warning


def test_what_cannot_be_written_is_told() -> None:
    practice = PromptPractice(
        id="prompt",
        text="Sag",
        needs=(("a",),),
        hints=("b",),
        model_prompt="c",
        model_result="d",
        weak_prompt="e",
        weak_result="f",
    )
    control = EXAMPLE.model_copy(update={"id": "styretegn", "text": "a\x00b"})
    gone = EXAMPLE.model_copy(update={"id": "billede", "text": f"![x](picture:{'0' * 64})"})
    endless = Numeric(id="tal", text="x", figures=(Figure(value=float("inf")),))
    written = qti.write([practice, control, gone, endless, EXAMPLE], find)
    assert [one.split(": ")[0] for one in written.warnings] == ["prompt", "styretegn", "billede", "tal", "koen"]
    assert qti.read(written.data).questions == (EXAMPLE,)


def test_the_package_is_built_as_the_standard_has_it() -> None:
    picture = next(iter(FINDING.values()))
    written = qti.write([EXAMPLE.model_copy(update={"text": picture.markdown("rødt")})], find)
    with zipfile.ZipFile(io.BytesIO(written.data)) as archive:
        names = set(archive.namelist())
        root = etree.fromstring(archive.read("imsmanifest.xml"))
        test = etree.fromstring(archive.read("test.xml"))
        made = etree.fromstring(archive.read("items/koen.xml"))
        assert archive.read(f"pictures/{picture.sha256}.png") == picture.data
    assert root.tag == f"{{{PACKAGE}}}manifest"
    resources = root.findall(f".//{{{PACKAGE}}}resource")
    assert [one.get("type") for one in resources] == ["imsqti_test_xmlv3p0", ITEM]
    listed = {one.get("href") for one in root.iter(f"{{{PACKAGE}}}file")}
    assert listed == names - {"imsmanifest.xml"}
    assert [one.get("href") for one in test.iter(f"{{{NAMESPACE}}}qti-assessment-item-ref")] == ["items/koen.xml"]
    assert {etree.QName(element).namespace for element in made.iter()} == {NAMESPACE}
    order = [etree.QName(element).localname for element in made]
    wanted = [
        "qti-response-declaration", "qti-outcome-declaration", "qti-item-body", "qti-response-processing", "qti-modal-feedback"
    ]  # fmt: skip
    assert list(dict.fromkeys(order)) == wanted
    assert not any(name.startswith("data-") for element in made.iter() for name in element.attrib)


def test_the_same_questions_give_the_same_bytes() -> None:
    assert qti.write([EXAMPLE], find).data == qti.write([EXAMPLE], find).data


def test_texts_are_escaped() -> None:
    nasty = EXAMPLE.model_copy(update={"text": "</p><script>alert(1)</script> & <!DOCTYPE x>"})
    with zipfile.ZipFile(io.BytesIO(qti.write([nasty], find).data)) as archive:
        made = archive.read("items/koen.xml").decode()
    assert "<script" not in made
    assert escape("<script>alert(1)</script>") in made


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the outside examples of QTI 3.0 are not on this machine")
def test_outside_items_are_imported_or_refused_with_a_reason() -> None:
    imported = 0
    for path in sorted(CORPUS.rglob("*.xml")):
        data = path.read_bytes()
        if b"qti-assessment-item " not in data and b"qti-assessment-item\n" not in data:
            continue
        try:
            reading = qti.read(data)
        except InvalidContent as error:
            assert str(error).endswith(".")
            continue
        assert len(reading.imported) + len(reading.refused) == 1
        assert all(refused.reason.endswith(".") for refused in reading.refused)
        imported += len(reading.imported)
        assert (
            again(*reading.questions).questions == reading.questions
            if not reading.imported[:1] or not reading.imported[0].pictures
            else True
        )
    assert imported
