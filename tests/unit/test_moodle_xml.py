"""Moodle XML: read as Moodle reads it, refused with a reason, and written so that nothing is lost on the way back to us."""

import base64
import io
import json
import re
import time
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from lxml import etree
from PIL import Image

from courses.errors import InvalidContent
from courses.exchange import moodle_xml
from courses.exchange.imported import Imported, Reading
from courses.exchange.moodle_draft import BLANK
from courses.picture import Picture, named_in, prepared
from courses.question import (
    GAP,
    QUESTION,
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
    Question,
    ShortText,
    SingleChoice,
    SourceRef,
    Tick,
    TrueFalse,
)
from settings import ROOT

CORPUS = ROOT.parent / "shared" / "bench" / "moodle_xml"


def png(colour: str) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2), colour).save(out, "PNG")
    return out.getvalue()


RED, BLUE = png("red"), png("blue")
PICTURES = {picture.sha256: picture for picture in map(prepared, (RED, BLUE))}
RED_NAME, BLUE_NAME = PICTURES


def cdata(text: str) -> str:
    return f"<text><![CDATA[{text}]]></text>"


def file(name: str, data: bytes = RED, path: str = "/") -> str:
    return f'<file name="{name}" path="{path}" encoding="base64">{base64.b64encode(data).decode()}</file>'


def answer(fraction: object, text: str, feedback: str = "", more: str = "") -> str:
    told = f'<feedback format="html">{cdata(feedback)}</feedback>' if feedback else ""
    return f'<answer fraction="{fraction}" format="html">{cdata(text)}{told}{more}</answer>'


def asked(kind: str, inside: str, text: str = "Hvad?", *, form: str = "html", files: str = "") -> str:
    return (
        f'<question type="{kind}"><name><text>Navn</text></name>'
        f'<questiontext format="{form}">{cdata(text)}{files}</questiontext>{inside}</question>'
    )


def quiz(*questions: str) -> Reading:
    return moodle_xml.read(f"<?xml version='1.0' encoding='UTF-8'?>\n<quiz>\n{''.join(questions)}</quiz>".encode())


def one(question: str) -> Imported:
    reading = quiz(question)
    assert reading.refused == ()
    (imported,) = reading.imported
    return imported


def question(text: str) -> Any:
    return one(text).question


def reason(text: str) -> str:
    reading = quiz(text)
    assert reading.imported == ()
    (refused,) = reading.refused
    assert refused.reason.endswith(".")
    return refused.reason


def cloze(text: str, **fields: Any) -> Imported:
    return one(asked("cloze", "", text, **fields))


YES_NO = answer(100, "ja") + answer(0, "nej")


# --- the kinds ---


def test_single_choice_with_weights_and_feedback() -> None:
    read = question(
        asked(
            "multichoice",
            "<generalfeedback format='markdown'><text>Se *kodeks*.</text></generalfeedback><defaultgrade>2.5000000</defaultgrade>"
            "<shuffleanswers>1</shuffleanswers><single>true</single><answernumbering></answernumbering>"
            + answer(0, "<p>I prompten</p>", "<b>Nej</b>")
            + answer("33.33333", "I en fil")
            + answer(-50, "På nettet")
            + answer(100, "I fagsystemet"),
            "<p>Hvor hører et <em>CPR-nummer</em> hjemme?</p>",
        )
    )
    assert isinstance(read, SingleChoice)
    assert (read.text, read.feedback) == ("Hvor hører et *CPR-nummer* hjemme?", "Se *kodeks*.")
    assert (read.points, read.shuffle, read.id) == (2.5, True, "navn")
    assert [(option.id, option.text, option.fraction, option.feedback) for option in read.options] == [
        ("a", "I prompten", 0.0, "**Nej**"),
        ("b", "I en fil", 0.3333333, ""),
        ("c", "På nettet", -0.5, ""),
        ("d", "I fagsystemet", 1.0, ""),
    ]


def test_order_is_fixed_where_the_file_says_nothing() -> None:
    assert question(asked("multichoice", YES_NO)).shuffle is False


def test_several_answers() -> None:
    body = "<single>false</single>" + "".join(
        answer(worth, text) for worth, text in [(50, "a"), (50, "b"), (-50, "c"), (-50, "d")]
    )
    read = one(asked("multichoice", body))
    assert isinstance(read.question, MultipleChoice)
    assert [option.correct for option in read.question.options] == [True, True, False, False]
    assert read.warnings == ()


@pytest.mark.parametrize("worths", [(70, 30, -100), (50, 50, 0), (100, 100, 0)])
@pytest.mark.parametrize("kind", ["multichoice", "multichoiceset", "oumultiresponse"])
def test_weights_that_our_rule_does_not_give_are_told(kind: str, worths: tuple[int, ...]) -> None:
    body = "<single>0</single>" + "".join(answer(worth, f"svar {place}") for place, worth in enumerate(worths))
    read = one(asked(kind, body))
    assert isinstance(read.question, MultipleChoice)
    assert any("Vægtene er ikke taget med" in warning for warning in read.warnings)


@pytest.mark.parametrize(
    ("answers", "expected", "told"),
    [
        (answer(100, "true", "R") + answer(0, "false", "F"), (True, "R", "F"), 0),
        (answer(0, "true", "R") + answer(100, "false", "F"), (False, "R", "F"), 0),
        (answer(100, "false", "F") + answer(0, "true", "R"), (False, "R", "F"), 0),
        (answer(0, "Sandt", "R") + answer(100, "Falsk", "F"), (False, "R", "F"), 2),
        (answer(100, "Verdadero") + answer(0, "Falso"), (True, "", ""), 2),
    ],
)
def test_true_or_false(answers: str, expected: tuple[bool, str, str], told: int) -> None:
    read = one(asked("truefalse", answers))
    assert isinstance(read.question, TrueFalse)
    assert (read.question.answer, read.question.feedback_true, read.question.feedback_false) == expected
    assert len(read.warnings) == told


def test_short_answers() -> None:
    read = one(
        asked(
            "shortanswer",
            "<usecase>1</usecase>"
            + answer(100, "a_b*c".replace("*", "\\*"), "Ja")
            + answer(75, " &amp; ")
            + answer(-10, "Betlehem")
            + answer(0, "*", "Alt andet"),
        )
    )
    assert read.question.accepted == (  # type: ignore[union-attr]
        Accepted(text="a_b*c", feedback="Ja"),
        Accepted(text="&amp;", fraction=0.75),
        Accepted(text="Betlehem", fraction=0.0),
    )
    assert read.question.case_sensitive is True  # type: ignore[union-attr]
    assert "Alt andet" in " ".join(read.warnings)
    assert "negativ" in " ".join(read.warnings)


def test_numbers_with_a_unit() -> None:
    read = one(
        asked(
            "numerical",
            answer(100, "3.5", "", "<tolerance>0.1</tolerance>")
            + answer(50, "3,4")
            + answer(0, "*", "")
            + "<units><unit><multiplier>1</multiplier><unit_name>kr.</unit_name></unit></units>",
        )
    )
    assert isinstance(read.question, Numeric)
    assert read.question.figures == (Figure(value=3.5, tolerance=0.1), Figure(value=3.4, fraction=0.5))
    assert (read.question.unit, read.warnings) == ("kr.", ())


def test_numbers_as_very_old_files_have_them() -> None:
    read = question(asked("numerical", "<answer>23<tolerance>1</tolerance><fraction>1</fraction></answer>"))
    assert read.figures == (Figure(value=23, tolerance=1),)


def test_matching_with_a_side_too_many() -> None:
    pairs = "".join(
        f'<subquestion format="html">{cdata(left)}<answer><text>{right}</text></answer></subquestion>'
        for left, right in [("<p>Danmark</p>", "København"), ("Norge", "Oslo"), ("", "Rom"), ("", "Oslo"), ("", "")]
    )
    read = one(asked("matching", "<shuffleanswers>false</shuffleanswers>" + pairs))
    assert isinstance(read.question, Matching)
    assert [(pair.left, pair.right) for pair in read.question.pairs] == [("Danmark", "København"), ("Norge", "Oslo")]
    assert (read.question.distractors, read.question.shuffle) == (("Rom",), False)
    assert "udeladt" in read.warnings[0]


def test_ordering() -> None:
    items = "".join(
        f'<answer fraction="{place}.0000000" format="moodle_auto_format"><text>{text}</text></answer>'
        for place, text in enumerate(["Et", "To", "Tre"], 1)
    )
    read = one(asked("ordering", "<selecttype>ALL</selecttype><gradingtype>ABSOLUTE_POSITION</gradingtype>" + items))
    assert isinstance(read.question, Ordering)
    assert [item.text for item in read.question.items] == ["Et", "To", "Tre"]
    assert "Bedømmelsen" in read.warnings[0]


def test_essay() -> None:
    read = one(
        asked(
            "essay",
            "<responseformat>editor</responseformat><attachments>2</attachments><maxwordlimit>300</maxwordlimit>"
            "<graderinfo format='html'><text>Se efter &lt;i&gt;kilder&lt;/i&gt;.</text></graderinfo>"
            "<responsetemplate format='html'><text>Kære …</text></responsetemplate>",
        )
    )
    assert isinstance(read.question, Essay)
    assert (read.question.model_answer, read.question.most_words) == ("Se efter *kilder*.", 300)
    assert "skabelon" in read.warnings[0]
    assert "vedhæftede" in read.warnings[0]
    assert len(read.warnings) == 3


# --- cloze ---


@pytest.mark.parametrize(
    ("code", "gap"),
    [
        ("{1:SHORTANSWER:=Randers}", {"accepted": [{"text": "Randers"}]}),
        ("{:SA:%100%Randers#Ja!~%50%Ranners~*#Nej}", {"accepted": [
            {"text": "Randers", "feedback": "Ja!"}, {"text": "Ranners", "fraction": 0.5},
        ]}),
        ("{2:MW:=a\\}b\\#c&#126;d}", {"accepted": [{"text": "a}b#c~d"}], "points": 2}),
        ("{1:SA:=1 &lt; 2 &amp;&amp; x}", {"accepted": [{"text": "1 < 2 && x"}]}),
        ("{1:NUMERICAL:=23.8:0.1#Godt~%50%23,8:2}", {"figures": [
            {"value": 23.8, "tolerance": 0.1, "feedback": "Godt"}, {"value": 23.8, "tolerance": 2, "fraction": 0.5},
        ]}),
        ("{1:NM:~=-1e3}", {"figures": [{"value": -1000}]}),
        ("{3:MULTICHOICE:ja~=nej#<b>Rigtigt</b>~%-25%måske}", {"points": 3, "options": [
            {"id": "a", "text": "ja"},
            {"id": "b", "text": "nej", "fraction": 1, "feedback": "**Rigtigt**"},
            {"id": "c", "text": "måske", "fraction": -0.25},
        ]}),
        ("{1:MCV:~=a &amp;lt; b~\n c }", {"options": [
            {"id": "a", "text": "a < b", "fraction": 1}, {"id": "b", "text": "c"},
        ]}),
        *((f"{{1:{kind}:=a~b}}", {"options": [{"id": "a", "text": "a", "fraction": 1}, {"id": "b", "text": "b"}]})
          for kind in ("MC", "MCH", "MCS", "MCVS", "MCHS", "MULTICHOICE_V", "MULTICHOICE_HS")),
    ],
)  # fmt: skip
def test_gaps(code: str, gap: dict[str, Any]) -> None:
    read = cloze(f"<p>Før {code} efter.</p>").question
    assert isinstance(read, Cloze)
    assert read.text == "Før {{1}} efter."
    assert read.gaps == (Gap.model_validate({"id": "1"} | gap),)
    assert read.points == gap.get("points", 1)


def test_a_text_with_several_gaps() -> None:
    read = cloze("<ul><li><b>{1:SA:=a}</b></li><li>hul1x {{x}} {1:MCS:=b~c}</li></ul>").question
    assert isinstance(read, Cloze)
    assert read.text == "- **{{1}}**\n- hul1x {\\{x}} {{2}}"
    assert (read.points, read.shuffle) == (2.0, True)
    assert cloze("{1:MC:=b~c}").question.shuffle is False


def test_a_text_with_gaps_pictures_and_line_breaks() -> None:
    text = (
        "<p>Find kommunen,</p>\n<p>Se <img src='@@PLUGINFILE@@/kort.png' alt='Kort' /><br />* Gudenåen: "
        "{1:MULTICHOICE:=Randers#Ja~Aarhus#Nej}<br />* Aarhus Å: {1:MULTICHOICE:%0%Randers~=Aarhus}<br />Største by: "
        "{1:SHORTANSWER:%100%København#Flot!<br />~%50%Aarhus#Nej, den er nummer<br />to.~*#København.}.</p>"
    )
    read = cloze(text, files=file("kort.png"))
    assert isinstance(read.question, Cloze)
    assert read.question.text == (
        f"Find kommunen,\n\nSe ![Kort](picture:{RED_NAME})\n\n\\* Gudenåen: {{{{1}}}}\n\n\\* Aarhus Å: {{{{2}}}}\n\n"
        "Største by: {{3}}."
    )
    assert [answer.feedback for answer in read.question.gaps[2].accepted] == ["Flot!", "Nej, den er nummer\n\nto."]
    assert (read.question.points, len(read.pictures)) == (3, 1)


def test_what_gaps_lose_is_told() -> None:
    assert "store og små" in " ".join(cloze("{1:SAC:=A}").warnings)
    assert "Forkert by" in " ".join(cloze("{1:SA:=A~*#Forkert by}").warnings)
    assert "kun ét svar" in " ".join(cloze("{1:MC:=A}").warnings)
    assert "giver intet svar alle point" in " ".join(cloze("{1:SA:%50%A}").warnings)
    assert "strong" in " ".join(cloze("{1:MC:=<strong>A</strong>~B}").warnings)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Ingen huller", "ingen huller"),
        ("{1:SHORTANSWER=a}", "»{1:SHORTANSWER=«"),
        ("{1:SA:=a} {2:MULTICHOICE}", "»{2:MULTICHOICE}«"),
        ("{1:SHORTANSWER:=a", "nummer 1"),
        ("{1:SA:=a} {1:MC:=b~c#d", "nummer 2"),
        ("{1:MR:=a~b}", "flere svar"),
        ("{1:MULTIRESPONSE_HS:=a~b}", "flere svar"),
        ("{1:REGEXP:=a}", "REGEXP"),
        ("{1:SA:=}", "mangler tekst"),
        ("{1:SA:a}", "intet rigtigt"),
        ("{1:SA:=Ran*}", "Stjerne"),
        ("{1:NM:=ti}", "ikke et tal"),
        ("{1:NM:=*}", "ikke et tal"),
        ("{1:MC:=a" + "~b" * 20 + "}", "højst 20"),
        ("{1:MC:a~b}", "intet rigtigt"),
        ("{1:MC:%200%a~b}", "mellem -100 og 100"),
        ("{0:SA:=a}", "0 eller"),
        ("{1:MC:=<img src='x'>~b}", "<img>"),
        ("{1:MC:=a#<img src='x'>~b}", "i et svar"),
        ("{1:SA:=a} <script>x</script>", "<script>"),
        ("{1:SA:=a}" * 201, "flere end 200"),
    ],
)
def test_broken_gaps_are_refused(text: str, words: str) -> None:
    assert words in reason(asked("cloze", "", text))


def test_words_for_gaps() -> None:
    words = "".join(
        f"<selectoption><text>{text}</text><group>{group}</group></selectoption>"
        for text, group in [("hurtige", 1), ("ræv", 2), ("dovne", 1), ("hund", 2)]
    )
    text = "<p>Den [[1]] brune [[2]] over den [[3]] [[4]].</p>"
    read = question(asked("gapselect", "<defaultgrade>3</defaultgrade>" + words, text))
    assert isinstance(read, Cloze)
    assert read.text == "Den {{1}} brune {{2}} over den {{3}} {{4}}."
    first = read.gaps[0]
    assert [(option.text, option.fraction) for option in first.options] == [("hurtige", 1.0), ("dovne", 0.0)]
    boxes = "<dragbox><text>a</text><group>1</group><infinite/></dragbox><dragbox><text>b</text></dragbox>"
    assert question(asked("ddwtos", boxes, "[[2]] og [[2]]")).points == 1
    assert "passer ikke" in reason(asked("gapselect", words, "[[5]]"))
    assert "passer ikke" in reason(asked("gapselect", words, "intet"))


# --- texts ---


@pytest.mark.parametrize(
    ("form", "text", "expected"),
    [
        ("html", "Er 2*3 <b>seks</b>&nbsp;&lt;?", "Er 2\\*3 **seks**\u00a0\\<?"),
        ("markdown", "Er 2\\*3 **seks** &amp;?", "Er 2\\*3 **seks** &amp;?"),
        ("plain_text", "Er 2*3 <b>seks</b>?\nJa", "Er 2\\*3 \\<b\\>seks\\</b\\>?\n\nJa"),
        ("moodle_auto_format", "Er <b>det</b>\nslut?", "Er **det**\n\nslut?"),
        ("wiki_like", "Er <b>det</b>", "Er **det**"),
        ("html", "H<sub>2</sub>O og 10<sup>3</sup>", "H₂O og 10³"),
        ("html", "<table><tr><th>a</th><th>b|c</th></tr><tr><td>1</td><td></td></tr></table>",
         "| a | b\\|c |\n| --- | --- |\n| 1 |  |"),
    ],
)  # fmt: skip
def test_formats(form: str, text: str, expected: str) -> None:
    assert question(asked("truefalse", answer(100, "true") + answer(0, "false"), text, form=form)).text == expected


def test_formulas_are_told() -> None:
    read = one(asked("multichoice", YES_NO, "Hvad er \\(x^2\\)?"))
    assert "formel" in read.warnings[0]
    assert one(asked("multichoice", YES_NO, "Det koster $5.")).warnings == ()


def test_texts_without_a_format_have_that_of_the_question() -> None:
    read = question(
        "<question type='multichoice'><questiontext format='plain_text'><text>a*</text></questiontext>"
        "<generalfeedback><text>b*</text></generalfeedback>"
        "<answer fraction='100'><text>c*</text><feedback><text>d*</text></feedback></answer>"
        "<answer fraction='0'><text>e</text></answer></question>"
    )
    assert (read.text, read.feedback, read.options[0].text, read.options[0].feedback) == (
        "a\\*", "b\\*", "c\\*", "d\\*",
    )  # fmt: skip


def test_pictures_in_texts_and_feedback() -> None:
    body = (
        "<generalfeedback format='markdown'><text>![](@@PLUGINFILE@@/sub/b.png)</text>"
        + file("b.png", BLUE, "/sub/")
        + "</generalfeedback>"
        + "<answer fraction='100' format='html'><text>ja</text><feedback format='html'>"
        + cdata("<img src='@@PLUGINFILE@@/a.png' alt='Rød'>")
        + file("a.png")
        + "</feedback></answer>"
        + answer(0, "nej")
    )
    text = '<p>Se <img src="@@PLUGINFILE@@/R%C3%B8d%20%26.png?time=1" alt="En [rød] plet" width="20"/></p>'
    read = one(asked("multichoice", body, text, files=file("Rød &amp;.png") + file("ubrugt.pdf", b"%PDF")))
    shown: Any = read.question
    assert shown.text == f"Se ![En rød plet](picture:{RED_NAME})"
    assert shown.feedback == f"![](picture:{BLUE_NAME})"
    assert shown.options[0].feedback == f"![Rød](picture:{RED_NAME})"
    assert {picture.sha256: picture.data for picture in read.pictures} == {RED_NAME: RED, BLUE_NAME: BLUE}
    assert any("ingen beskrivelse" in warning for warning in read.warnings)
    assert any("»ubrugt.pdf«" in warning for warning in read.warnings)


def test_pictures_inside_the_html() -> None:
    code = base64.b64encode(RED).decode()
    read = one(asked("multichoice", YES_NO, f'Se <img alt="x" src="data:image/png;base64,{code}">'))
    assert read.question.text == f"Se ![x](picture:{RED_NAME})"
    assert len(read.pictures) == 1


def test_pictures_as_very_old_files_have_them() -> None:
    old = f"<image>mappe/a.png</image><image_base64>\n{base64.encodebytes(RED).decode()}</image_base64>"
    read = one(asked("multichoice", YES_NO + old))
    assert read.question.text == f"Hvad?\n\n![](picture:{RED_NAME})"
    assert one(asked("multichoice", YES_NO + "<image></image>")).pictures == ()
    assert "ikke er med" in reason(asked("multichoice", YES_NO + "<image>quiz/a.gif</image>"))


@pytest.mark.parametrize(
    ("text", "files", "words"),
    [
        ("<img src='@@PLUGINFILE@@/a.png'>", "", "»a.png«, som ikke er med"),
        ("<img src='https://example.org/a.png'>", "", "example.org"),
        ("<img alt='x'>", "", "uden adresse"),
        ("<img src='@@PLUGINFILE@@/a.png'>", file("a.png", b"ingenting"), "kan ikke læses"),
        (
            "<img src='@@PLUGINFILE@@/a.svg'>",
            file("a.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>"),
            "kan ikke læses",
        ),
        ("<img src='@@PLUGINFILE@@/a.png'>", "<file name='a.png' encoding='base64'>!!</file>", "base64"),
        ("<a href='@@PLUGINFILE@@/a.pdf'>fil</a>", file("a.pdf", b"%PDF"), "link"),
        ("<a href='javascript:alert(1)'>x</a>", "", "link"),
        ("<iframe src='https://example.org'></iframe>", "", "<iframe>"),
        ("<svg onload='x'></svg>", "", "<svg>"),
        ("x<sup>abc</sup>", "", "<sup>"),
        ("<table><tr><td colspan=2>a</td></tr></table>", "", "<table>"),
        ("<table><tr><td>a</td></tr><tr><td>a</td><td>b</td></tr></table>", "", "<table>"),
        ("a&#1;b", "", "U+0001"),
        ("<p>" + "x" * 100_001, "", "længere end"),
        ("x" * 20_001, "", "for lang"),
        ("<p></p>", "", "ingen tekst"),
    ],
)
def test_texts_that_cannot_be_shown_are_refused(text: str, files: str, words: str) -> None:
    assert words in reason(asked("multichoice", YES_NO, text, files=files))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[fil](@@PLUGINFILE@@/a.pdf)", "ikke er et billede"),
        ("Se @@PLUGINFILE@@/a.png", "ikke er et billede"),
        ("![a](@@PLUGINFILE@@/b.png)", "»b.png«"),
    ],
)
def test_markdown_that_shows_no_picture_of_the_file_is_refused(text: str, words: str) -> None:
    assert words in reason(asked("multichoice", YES_NO, text, form="markdown", files=file("a.png")))


def test_pictures_in_answers_are_refused() -> None:
    shown = f"<answer fraction='100' format='html'>{cdata('<img src=@@PLUGINFILE@@/a.png>')}{file('a.png')}</answer>"
    assert "i et svar" in reason(asked("multichoice", shown + answer(0, "nej")))
    left = f"<subquestion format='html'>{cdata('<img src=@@PLUGINFILE@@/a.png>')}{file('a.png')}<answer/></subquestion>"
    assert "i et svar" in reason(asked("matching", left))


# --- what stands around the answers ---


def test_tags_and_id_numbers() -> None:
    tags = (
        "<tags><tag><text>gdpr</text></tag><tag><text>Åben Data</text></tag></tags>"
        "<coursetags><tag><text>kursus</text></tag></coursetags>"
    )
    reading = quiz(
        asked("multichoice", YES_NO + tags + "<idnumber><![CDATA[A & <B>]]></idnumber>"),
        asked("multichoice", YES_NO),
        asked("multichoice", YES_NO + "<idnumber>navn</idnumber>"),
    )
    assert [read.id for read in reading.questions] == ["a-b", "navn-2", "navn"]
    assert reading.questions[0].tags == ("gdpr", "aaben-data", "kursus")
    assert [len(read.warnings) for read in reading.imported] == [2, 0, 0]


def test_categories() -> None:
    def category(path: str) -> str:
        info = "<info format='html'><text>Om &lt;b&gt;GDPR&lt;/b&gt;</text></info><idnumber>1</idnumber>"
        return f"<question type='category'><category>{path}</category>{info}</question>"

    reading = quiz(
        asked("multichoice", YES_NO),
        category("<text>$course$/top/GDPR\n</text>"),
        asked("multichoice", YES_NO),
        category("<text>$course$/top/GDPR/A//B</text>"),
        asked("description", ""),
        asked("multichoice", YES_NO),
        category("gammel"),
        asked("multichoice", YES_NO),
    )
    assert [read.category for read in reading.imported] == ["", "$course$/top/GDPR", "$course$/top/GDPR/A//B", "gammel"]


def test_what_has_no_place_is_named() -> None:
    body = (
        "<penalty>0.25</penalty><hidden>1</hidden><hint format='html'><text>Tænk</text><shownumcorrect/></hint>"
        "<correctfeedback format='html'><text>Flot klaret</text></correctfeedback>"
    )
    read = one(asked("multichoice", YES_NO + body))
    assert "ledetråde, tilbagemelding for hele svaret, fradrag for nye forsøg" in read.warnings[0]
    assert "skjult" in read.warnings[1]


def test_what_moodle_sets_by_itself_is_not_told() -> None:
    body = (
        "<penalty>0.3333333</penalty><hidden>0</hidden><idnumber></idnumber><showstandardinstruction>0</showstandardinstruction>"
        "<correctfeedback format='html'><text>&lt;p&gt;Your answer is correct.&lt;/p&gt;</text></correctfeedback>"
        "<partiallycorrectfeedback><text>Your answer is partially correct.</text></partiallycorrectfeedback>"
        "<incorrectfeedback><text></text></incorrectfeedback><shownumcorrect/><tags/><hint><text></text></hint>"
    )
    assert one(asked("multichoice", YES_NO + body)).warnings == ()


@pytest.mark.parametrize(("said", "points"), [("0", 1), ("101", 1), ("mange", 1), ("12.5000000", 12.5)])
def test_points(said: str, points: float) -> None:
    read = one(asked("multichoice", YES_NO + f"<defaultgrade>{said}</defaultgrade>"))
    assert read.question.points == points
    assert len(read.warnings) == (points == 1)


# --- refusals ---


@pytest.mark.parametrize(
    ("element", "words"),
    [
        (asked("description", ""), "lektion"),
        (asked("calculated", YES_NO), "»Beregnet«"),
        (asked("ddmarker", ""), "markører"),
        (asked("nyttigt", ""), "»nyttigt«"),
        ("<question/>", "uden navn"),
        (asked("multichoice", ""), "0 svar"),
        (asked("multichoice", answer(100, "a")), "mellem 2 og 20"),
        (asked("multichoice", YES_NO + answer(0, "x") * 19), "mellem 2 og 20"),
        (asked("multichoice", answer(90, "a") + answer(0, "b")), "100 %"),
        (asked("multichoice", "<single>false</single>" + answer(0, "a") + answer(-5, "b")), "Intet svar er rigtigt"),
        (asked("multichoice", answer("mange", "a") + answer(0, "b")), "»mange«"),
        (asked("multichoice", answer("nan", "a") + answer(0, "b")), "»nan«"),
        (asked("multichoice", answer(1e9, "a") + answer(0, "b")), "mellem -100 og 100"),
        (asked("multichoice", answer(100, "<p></p>") + answer(0, "b")), "mangler tekst"),
        (asked("multichoice", answer(100, "x" * 20_001) + answer(0, "b")), "for langt"),
        (asked("truefalse", ""), "0 svar"),
        (asked("shortanswer", ""), "intet svar"),
        (asked("shortanswer", answer(100, "Ran*")), "Stjerne"),
        (asked("shortanswer", answer(100, "")), "mangler tekst"),
        (asked("shortanswer", answer(100, "a") * 1_001), "højst 1000"),
        (asked("numerical", answer(100, "tre")), "ikke et tal"),
        (asked("numerical", answer(100, "3", "", "<tolerance>-1</tolerance>")), "afvigelse"),
        (asked("numerical", answer(100, "1e999")), "ikke et tal"),
        (asked("numerical", answer(100, "*")), "ikke et tal"),
        (asked("numerical", answer(0, "*")), "intet svar"),
        (asked("numerical", answer(100, "3") + "<units><unit/><unit/></units>"), "flere enheder"),
        (asked("numerical", answer(100, "3") + "<units><unit><multiplier>1000</multiplier></unit></units>"), "omregning"),
        (asked("matching", "<subquestion><text>a</text><answer><text>b</text></answer></subquestion>"), "1 par"),
        (asked("matching", "<subquestion><text>a</text><answer><text></text></answer></subquestion>" * 2), "mangler tekst"),
        (asked("ordering", answer(1, "a")), "1 led"),
        (asked("ordering", answer(1, "a") * 2), "samme tekst"),
        (asked("ordering", "".join(answer(n, f"led {n}") for n in range(13))), "13 led"),
        (asked("essay", "<responseformat>noinline</responseformat>"), "fil"),
        (asked("essay", "", ""), "ingen tekst"),
    ],
)  # fmt: skip
def test_refused_with_a_reason(element: str, words: str) -> None:
    assert words in reason(element)


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"<html/>", "webside"),
        (b"<questestinterop/>", "<quiz>"),
        (b"<quiz/>", "ingen spørgsm"),
        (b"<quiz><question type='essay'/>", "slutter midt"),
        (b"<!DOCTYPE quiz><quiz/>", "dokumenttype"),
        (b"", "tom"),
    ],
)
def test_files_that_cannot_be_read_as_a_whole(data: bytes, words: str) -> None:
    with pytest.raises(InvalidContent, match=words):
        moodle_xml.read(data)


def test_a_refusal_names_its_line_and_spares_the_others() -> None:
    reading = quiz(asked("multichoice", YES_NO), "\n\n", asked("description", ""), "\n", asked("multichoice", YES_NO))
    assert [read.line for read in reading.imported] == [3, 6]
    assert [(refused.line, refused.excerpt) for refused in reading.refused] == [(5, "Navn")]


# --- hostile files ---


@given(
    st.text(alphabet="a1 \n\\{}=~#%:&;.*[]()!<>$\"'\u00a0æSAMCN", max_size=80)
    | st.lists(st.sampled_from(["{1:SA:", "{1:MC:", "{1:NM:", "=", "~", "#", "}", "%50%", "a", "1", "\\", "&amp;"])).map("".join),
    st.sampled_from(["html", "markdown", "plain_text", "moodle_auto_format"]),
    st.sampled_from(["cloze", "multichoice", "shortanswer", "gapselect"]),
)  # fmt: skip
def test_any_text_is_read_without_an_exception(text: str, form: str, kind: str) -> None:
    told = etree.Element("text")
    told.text = text
    code = etree.tostring(told, encoding="unicode")
    body = (
        f"<answer fraction='100' format='{form}'>{code}</answer>"
        + answer(0, "b")
        + "<selectoption><text>a</text></selectoption>"
    )
    element = f"<question type='{kind}'><questiontext format='{form}'>{code}</questiontext>{body}</question>"
    reading = quiz(element)
    assert all(refused.reason.endswith(".") and refused.line == 3 for refused in reading.refused)
    for read in reading.questions:
        assert QUESTION.validate_python(read.model_dump()) == read
    again = (
        moodle_xml.read(moodle_xml.write(reading.questions, PICTURES.get).text.encode())
        if reading.questions
        else reading
    )
    assert (again.questions, again.refused) == (reading.questions, reading.refused)


@pytest.mark.parametrize(
    "unit",
    ["{1:SA:", "{1:MC:=a~", "{1", "=a~", "#", "![", "![a](@@PLUGINFILE@@/", "](", "<b>", "<", "&amp;",
     "src='data:image/png;base64,", "hulq", "[[1]]", "\\", "~%1", "q"],
)  # fmt: skip
@pytest.mark.parametrize("form", ["html", "markdown", "moodle_auto_format"])
def test_a_large_odd_text_takes_linear_time(unit: str, form: str) -> None:
    began = time.perf_counter()
    for size in (90_000, 500_000):
        text = unit * (size // len(unit))
        for kind in ("cloze", "gapselect"):
            quiz(asked(kind, "<selectoption><text>a</text></selectoption>", text, form=form))
    assert time.perf_counter() - began < 20


def test_one_picture_in_very_many_questions_is_prepared_once() -> None:
    large = io.BytesIO()
    Image.new("RGB", (1_500, 1_500), "red").save(large, "PNG")
    shown = asked(
        "multichoice", YES_NO, "<img src='@@PLUGINFILE@@/a.png' alt='x'>", files=file("a.png", large.getvalue())
    )
    began = time.perf_counter()
    assert len(quiz(shown * 500).imported) == 500
    assert time.perf_counter() - began < 20


def test_very_many_pictures_are_refused() -> None:
    shown = [
        asked("multichoice", YES_NO, "<img src='@@PLUGINFILE@@/a.png' alt='x'>", files=file("a.png", png(f"#{n:06x}")))
        for n in range(502)
    ]
    reading = quiz(*shown)
    assert len(reading.imported) == 500
    assert "flere end 500 billeder" in reading.refused[0].reason


def test_our_own_element_is_no_back_door() -> None:
    for said in ("{", "[]", '{"shuffle": "måske"}', '{"text": "andet"}', '{"parts": ["A B"]}', "null", "9" * 600_000):
        read = one(asked("multichoice", YES_NO + f"<aiunivers>{said}</aiunivers>"))
        assert [option.id for option in read.question.options] == ["a", "b"]  # type: ignore[union-attr]
        assert "kan ikke læses" in read.warnings[0]


# --- writing ---

AWKWARD = [
    "]]>", "<![CDATA[", "<", "&", "&amp;", "&#125;", "<b>", "</text>", "<!--",
    "{", "}", "\\}", "\\#", "\\", "~", "#", "=", "%50%", "*",
    "\\*", "_____", "**", "\n", "\n\n", "\r\n", "\r", "\t", "- ", "1. ", "`", "[x](y)", "![", "|",
    "æøå", "😀", "\u00a0", "\u2028",
    "hul", "hulq", "hul0x", "hulq1x", "{{", "}}", "[[1]]", "$x$", '"', "'", " ", "a", "1", "picture:", "true",
]  # fmt: skip
any_text = st.text(alphabet=st.characters(exclude_categories=("Cc", "Cs", "Cn")), max_size=20)
raw_texts = st.one_of(st.lists(st.sampled_from(AWKWARD), max_size=8).map("".join), any_text)
raw_texts = raw_texts.filter(lambda text: "@@PLUGINFILE@@" not in text)  # refused, see below
maybe_texts = raw_texts.map(lambda text: text.strip(BLANK))
texts = maybe_texts.filter(bool)
shown_pictures = st.sampled_from([f"![rød [1](picture:{RED_NAME})", f"![](picture:{BLUE_NAME})"])
rich = st.one_of(texts, st.tuples(maybe_texts, shown_pictures, maybe_texts).map("".join).map(str.strip))
rich = rich.map(lambda text: text.strip(BLANK)).filter(bool)
maybe_rich = st.one_of(maybe_texts, rich)
keys = st.from_regex(r"[a-z0-9][a-z0-9_-]{0,10}", fullmatch=True)
fractions = st.one_of(
    st.sampled_from([0.0, 1.0, 0.5, -0.5, 0.3333333, 0.05]),
    st.floats(min_value=-1, max_value=1),
)
shares = fractions.map(abs)
numbers = st.floats(allow_nan=False, allow_infinity=False)
sizes = st.floats(min_value=0, allow_nan=False, allow_infinity=False)
points = st.floats(min_value=0, max_value=100, exclude_min=True)
sources = st.builds(SourceRef, source=keys, section=raw_texts, quote=raw_texts.filter(bool))
common = {
    "id": keys,
    "text": rich,
    "feedback": maybe_rich,
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


def with_a_key(options: tuple[Any, ...]) -> tuple[Any, ...]:
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


@st.composite
def clozes(draw: st.DrawFn) -> Cloze:
    names = draw(st.lists(st.from_regex(r"[a-zæ0-9_]{1,5}", fullmatch=True), min_size=1, max_size=4, unique=True))
    weights = st.sampled_from([1.0, 2.0, 0.5]) | points
    ways = [
        {"options": parts(st.builds(Option, id=keys, text=texts, fraction=fractions, feedback=maybe_texts)).map(with_a_key)},
        {"accepted": accepted.map(tuple).map(with_a_key)},
        {"figures": figures.map(tuple).map(with_a_key)},
    ]  # fmt: skip
    gaps = [
        draw(st.one_of(*(st.builds(Gap, id=st.just(name), points=weights, **way) for way in ways))) for name in names
    ]
    pieces = [draw(maybe_rich).replace("{{a}}", "") for _ in range(len(names) + 1)]
    text = pieces[0] + "".join(f"{{{{{name}}}}}{piece}" for name, piece in zip(names, pieces[1:], strict=True))
    assume(GAP.findall(text) == names)
    if draw(st.booleans()):
        gaps.reverse()
    fields = {name: draw(strategy) for name, strategy in (common | shuffled).items()} | {"text": text.strip(BLANK)}
    return Cloze(**fields, gaps=tuple(gaps))


options = parts(st.builds(Option, id=keys, text=texts, fraction=fractions, feedback=maybe_rich)).map(with_a_key)
ticks = parts(st.builds(Tick, id=keys, text=texts, correct=st.booleans(), feedback=maybe_rich))
items = parts(st.builds(Item, id=keys, text=texts)).filter(
    lambda found: len({item.text for item in found}) == len(found)
)
accepted = st.lists(st.builds(Accepted, text=texts, fraction=shares, feedback=maybe_texts), min_size=1, max_size=4)
figures = st.lists(
    st.builds(Figure, value=numbers, tolerance=sizes, fraction=shares, feedback=maybe_texts), min_size=1, max_size=4
)
rubrics = st.lists(st.builds(Criterion, id=keys, text=texts, points=points), min_size=1, max_size=3).map(tuple)
KINDS: dict[str, st.SearchStrategy[Any]] = {
    "single": st.builds(SingleChoice, **common, **shuffled, options=options),
    "multiple": st.builds(MultipleChoice, **common, **shuffled, options=ticks),
    "true_false": st.builds(
        TrueFalse, **common, answer=st.booleans(), feedback_true=maybe_rich, feedback_false=maybe_rich
    ),
    "matching": matchings(),
    "ordering": st.builds(Ordering, **common, **shuffled, items=items),
    "short_text": st.builds(
        ShortText, **common, **shuffled, accepted=accepted.map(tuple), case_sensitive=st.booleans()
    ),
    "numeric": st.builds(Numeric, **common, **shuffled, figures=figures.map(tuple), unit=maybe_texts),
    "cloze": clozes(),
    "essay": st.builds(
        Essay, **common, **shuffled, rubric=rubrics, model_answer=raw_texts, most_words=st.integers(10, 5000)
    ),
}


@pytest.mark.parametrize("kind", KINDS)
@given(data=st.data())
def test_what_is_written_reads_back_the_same(kind: str, data: st.DataObject) -> None:
    questions: list[Question] = data.draw(st.lists(KINDS[kind], min_size=1, max_size=3, unique_by=lambda one: one.id))
    written = moodle_xml.write(questions, PICTURES.get, category="$course$/top/GDPR: A//B")
    reading = moodle_xml.read(written.text.encode())
    assert reading.refused == ()
    assert list(reading.questions) == questions
    assert all(read.category == "$course$/top/GDPR: A//B" for read in reading.imported)
    for read in reading.imported:
        assert {picture.sha256 for picture in read.pictures} == set(named_in(read.question.model_dump_json()))
    assert not any("Ikke skrevet" in warning for warning in written.warnings)


@given(KINDS["single"] | KINDS["matching"] | KINDS["cloze"], st.sampled_from([" ", "\t", "\n", "\r\n"]))
def test_blanks_at_the_edges_are_dropped_and_told(asked_for: Question, blank: str) -> None:
    padded = asked_for.model_copy(update={"text": f"{blank}{asked_for.text}{blank}"})
    written = moodle_xml.write([padded], PICTURES.get)
    assert moodle_xml.read(written.text.encode()).questions == (asked_for,)
    assert any("Mellemrum" in warning for warning in written.warnings)


def choice(**fields: Any) -> SingleChoice:
    whole = {"id": "q", "text": "Hvad?", "options": (Option(id="a", text="ja", fraction=1), Option(id="b", text="nej"))}
    return SingleChoice(**whole | fields)


def gap_text(**fields: Any) -> Cloze:
    options = (
        Option(id="a", text="A & <b> ~}#", fraction=1, feedback="**Ja**"),
        Option(id="b", text="=B", fraction=0.3333333),
    )
    whole = {"id": "c", "text": "Se {{by}}.", "gaps": (Gap(id="by", options=options),)}
    return Cloze(**whole | fields)


def test_the_written_form() -> None:
    asked_for = choice(
        text=f"Hvad er 1 < 2 & 3?\n\n![rød](picture:{RED_NAME})",
        feedback="Fordi.",
        points=2,
        tags=("gdpr",),
        shuffle=False,
    )
    written = moodle_xml.write([asked_for], PICTURES.get)
    name = f"{RED_NAME[:20]}.png"
    assert written.warnings == ()
    assert written.text == (
        '<?xml version="1.0" encoding="UTF-8"?>\n<quiz>\n  <question type="multichoice">\n    <name>\n      <text>q</text>\n'
        '    </name>\n    <questiontext format="markdown">\n'
        f"      <text>Hvad er 1 &lt; 2 &amp; 3?\n\n![rød](@@PLUGINFILE@@/{name})</text>\n"
        f'      <file name="{name}" path="/" encoding="base64">{base64.b64encode(RED).decode()}</file>\n'
        '    </questiontext>\n    <generalfeedback format="markdown">\n      <text>Fordi.</text>\n    </generalfeedback>\n'
        "    <defaultgrade>2</defaultgrade>\n    <idnumber>q</idnumber>\n    <single>true</single>\n"
        "    <shuffleanswers>false</shuffleanswers>\n    <answernumbering>abc</answernumbering>\n"
        '    <answer fraction="100" format="markdown">\n      <text>ja</text>\n      <feedback format="markdown">\n'
        "        <text></text>\n      </feedback>\n    </answer>\n"
        '    <answer fraction="0" format="markdown">\n      <text>nej</text>\n      <feedback format="markdown">\n'
        "        <text></text>\n      </feedback>\n    </answer>\n"
        "    <tags>\n      <tag>\n        <text>gdpr</text>\n      </tag>\n    </tags>\n  </question>\n</quiz>\n"
    )


def test_the_written_form_of_a_gap() -> None:
    written = moodle_xml.write([gap_text()], PICTURES.get)
    (text,) = etree.fromstring(written.text.encode()).xpath("//questiontext/text/text()")
    assert text == (
        "Se {1:MCS:=A &#38;amp; &#38;lt;b&#38;gt; &#126;&#125;&#35;#&#60;strong&#62;Ja&#60;/strong&#62;~%33.33333%=B}."
    )


# Moodle's own search for gaps (qtype_multianswer, ANSWER_REGEX), so that what we write is known to be found as one.
ALTERNATIVE = r"(=|%(-?[0-9]+(?:[.,][0-9]*)?)%)?(.+?(?<!\\)(?<!&)(?<!&amp;)(?=[~#}]|$))(#(.*?(?<!\\)(?=[~}]|$)))?"
MOODLE = re.compile(rf"\{{([0-9]*):(?:NM|MCS?|SA):({ALTERNATIVE}(?:~{ALTERNATIVE})*)\}}", re.DOTALL)


@given(KINDS["cloze"])
def test_moodle_finds_the_gaps_that_we_write(asked_for: Cloze) -> None:
    written = moodle_xml.write([asked_for], PICTURES.get)
    (text,) = etree.fromstring(written.text.encode()).xpath("//questiontext/text/text()")
    by_id = {gap.id: gap for gap in asked_for.gaps}
    gaps = [by_id[name] for name in GAP.findall(asked_for.text)]
    found = list(MOODLE.finditer(text))
    assert len(found) == len(gaps)
    for match, gap in zip(found, gaps, strict=True):
        answers = re.findall(rf"~?{ALTERNATIVE}", match[2], re.DOTALL)
        assert len(answers) == len((*gap.options, *gap.accepted, *gap.figures))


def test_kinds_that_moodle_has_not_are_named() -> None:
    practice = {"type": "prompt", "id": "p", "text": "q", "needs": [["a"]], "hints": ["h"]}
    practice |= dict.fromkeys(["model_prompt", "model_result", "weak_prompt", "weak_result"], "x")
    written = moodle_xml.write([QUESTION.validate_python(practice), choice()], PICTURES.get)
    assert [read.id for read in moodle_xml.read(written.text.encode()).questions] == ["q"]
    assert written.warnings == ("p: Ikke skrevet. Moodle har ikke typen »Promptøvelse«.",)


@pytest.mark.parametrize(
    "asked_for",
    [
        choice(text="a\x00b"),
        choice(text="\ufffe"),
        choice(text=" "),
        choice(text="@@PLUGINFILE@@/a"),
        choice(options=(Option(id="a", text=f"![x](picture:{RED_NAME})", fraction=1), Option(id="b", text="b"))),
        Numeric(id="q", text="q", figures=(Figure(value=float("inf")),)),
        Matching(id="q", text="q", pairs=(Pair(id="a", left="a", right="1"), Pair(id="b", left="\t", right="2"))),
        ShortText(id="q", text="q", accepted=(Accepted(text="a"),) * 1_001),
        gap_text(id="q", text="{1:SA:=x} {{by}}"),
        gap_text(id="q", text="{#1} {{by}}"),
        gap_text(id="q", gaps=(Gap(id="by", accepted=(Accepted(text="a", fraction=0.0),)),)),
        gap_text(id="q", gaps=(Gap(id="by", accepted=(Accepted(text="a", feedback=f"![x](picture:{RED_NAME})"),)),)),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_a_file_is_left_out_and_told(asked_for: Question) -> None:
    written = moodle_xml.write([asked_for], PICTURES.get)
    assert "<question" not in written.text
    assert written.warnings[0].startswith("q: Ikke skrevet. ")


def test_what_moodle_would_not_take_is_told() -> None:
    none_right = MultipleChoice(id="m", text="q", options=(Tick(id="a", text="1"), Tick(id="b", text="2")))
    half = ShortText(id="s", text="q", accepted=(Accepted(text="a", fraction=0.5),))
    odd = choice(id="o", options=(*choice().options, Option(id="c", text="måske", fraction=0.42)))
    code = choice(id="p", text="Skriv <b>fed</b>")
    weighed = gap_text(id="g", points=5)
    given = gap_text(id="k", gaps=(Gap(id="by", options=(Option(id="a", text="a", fraction=1),)),))
    gone = choice(id="b", text=f"![x](picture:{'0' * 64})")
    questions = (none_right, half, odd, code, weighed, given, gone)
    written = moodle_xml.write(questions, PICTURES.get)
    assert moodle_xml.read(written.text.encode()).questions == questions
    assert [warning.split(":")[0] for warning in written.warnings] == ["m", "s", "o", "p", "g", "k", "b"]
    assert "42 %" in written.warnings[2]
    assert "Moodle giver 1 point" in written.warnings[4]


# --- files that were changed after we wrote them ---


def changed(question: Question, change: Callable[[str], str]) -> Imported:
    text = moodle_xml.write([question], PICTURES.get).text
    new = change(text)
    assert new != text
    (read,) = moodle_xml.read(new.encode()).imported
    return read


def test_ids_of_options_are_kept_while_they_fit() -> None:
    asked_for = choice(options=(Option(id="ja", text="ja", fraction=1), Option(id="nej", text="nej")))
    edited = changed(asked_for, lambda text: text.replace("<text>ja</text>", "<text>jo</text>"))
    assert [(option.id, option.text) for option in edited.question.options] == [("ja", "jo"), ("nej", "nej")]  # type: ignore[union-attr]
    assert edited.warnings == ()
    more = changed(asked_for, lambda text: text.replace("    <aiunivers>", answer(0, "måske") + "<aiunivers>"))
    assert [option.id for option in more.question.options] == ["a", "b", "c"]  # type: ignore[union-attr]
    assert "passer ikke længere" in more.warnings[0]


def test_what_graders_are_told_wins_over_the_kept_model_answer() -> None:
    asked_for = Essay(id="e", text="q", rubric=(Criterion(id="k", text="Klart"),), model_answer="Mit svar")
    edited = changed(asked_for, lambda text: text.replace("Mit svar</text>", "Et nyt svar</text>"))
    assert isinstance(edited.question, Essay)
    assert edited.question.rubric == asked_for.rubric
    assert "Et nyt svar" in edited.question.model_answer
    assert "bedømmere" in edited.warnings[0]


def test_gaps_win_over_what_was_kept_of_them() -> None:
    asked_for = gap_text(gaps=(gap_text().gaps[0].model_copy(update={"points": 0.5}),), points=1)
    weighed = changed(asked_for, lambda text: text.replace("{1:MCS", "{3:MCS"))
    assert weighed.question.gaps[0].points == 3  # type: ignore[union-attr]
    told = changed(gap_text(), lambda text: text.replace("Ja&amp;#60;", "Nej&amp;#60;"))
    assert told.question.gaps[0].options[0].feedback == "**Nej**"  # type: ignore[union-attr]
    more = changed(gap_text(), lambda text: text.replace("Se {", "Se {1:SA:=x} og {"))
    assert [gap.id for gap in more.question.gaps] == ["1", "2"]  # type: ignore[union-attr]
    assert "Hullernes navne" in more.warnings[0]


def test_a_file_that_went_through_moodle_keeps_what_is_seen() -> None:
    through = changed(
        choice(id="min-id", tags=("a",)),
        lambda text: re.sub("<name>.*?</name>", "<name><text>Nyt</text></name>", text, flags=re.S),
    )
    assert through.question == choice(id="min-id", tags=("a",))


# --- outside examples, not part of this repository ---


@pytest.mark.skipif(not CORPUS.is_dir(), reason=f"no outside examples in {CORPUS}")
def test_outside_examples() -> None:
    """Every question is read or refused with a reason, and what was read survives being written and read again."""
    paths = sorted(CORPUS.glob("**/*.xml"))
    assert paths
    expected = json.loads((CORPUS / "expected.json").read_text("utf-8")) if (CORPUS / "expected.json").exists() else {}
    for path in paths:
        reading = moodle_xml.read(path.read_bytes())
        assert all(refused.reason.endswith(".") for refused in reading.refused), path.name
        pictures: dict[str, Picture] = {
            picture.sha256: picture for read in reading.imported for picture in read.pictures
        }
        written = moodle_xml.write(reading.questions, pictures.get)
        assert not any("Ikke skrevet" in warning for warning in written.warnings), path.name
        if reading.questions:
            assert moodle_xml.read(written.text.encode()).questions == reading.questions, path.name
        if path.name in expected:
            assert [len(reading.imported), len(reading.refused)] == expected[path.name], path.name
