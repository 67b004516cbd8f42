"""The kinds of questions in Moodle XML, by the name of their type; gaps have modules of their own."""

import re
from collections.abc import Callable

from pydantic import ValidationError

from courses.errors import InvalidContent
from courses.exchange.gift_syntax import MOST_ANSWERS, number_of
from courses.exchange.moodle_cloze import cloze
from courses.exchange.moodle_draft import BLANK, Draft
from courses.exchange.moodle_essay import grader_text
from courses.exchange.moodle_words import word_gaps
from courses.exchange.xml_guard import Element
from courses.question import (
    Accepted,
    Criterion,
    Essay,
    Figure,
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
    Tick,
    TrueFalse,
)

FEWEST, MOST, MOST_ITEMS = 2, 20, 12
ANYTHING = re.compile(r"(?<!\\)\*")
_RUBRIC = Criterion(id="svar", text="Svaret er fagligt rigtigt og dækker spørgsmålet.")

NO_TEXT_WITHOUT_ANSWER = "Her er en tekst uden svar (beskrivelse), så den er ikke et spørgsmål. Læg den i en lektion."
UNKNOWN = "Spørgsmålstypen »{}« kan ikke tages med. Lav det om til en anden type i Moodle, og eksportér igen."
STAR = "Stjerne (*) for hvad som helst kan ikke bruges. Skriv svarene helt ud, eller \\* for en stjerne."


def question_of(draft: Draft) -> Question:
    """The question in this element; raises `InvalidContent` when it cannot be one of ours."""
    kind = (draft.element.get("type") or "").strip()
    if kind == "description":
        raise InvalidContent(NO_TEXT_WITHOUT_ANSWER)
    reader = _KINDS.get(kind)
    if reader is None:
        raise InvalidContent(UNKNOWN.format(_FOREIGN.get(kind, kind[:40]) or "uden navn"))
    try:
        question = reader(draft)
    except ValidationError as error:
        place = " > ".join(map(str, error.errors()[0]["loc"])) or "svarene"
        raise InvalidContent(f"Spørgsmålet kan ikke bruges, som det står ({place}). Ret det, og prøv igen.") from error
    draft.leave()
    return question


def _answers(draft: Draft, name: str = "answer") -> list[Element]:
    found = draft.element.findall(name)
    if len(found) > MOST_ANSWERS:
        raise InvalidContent(
            f"Spørgsmålet har {len(found)} svar. Der må være højst {MOST_ANSWERS}. Del spørgsmålet op."
        )
    return list(found)


def _counted(count: int, what: str, most: int = MOST) -> None:
    if not FEWEST <= count <= most:
        raise InvalidContent(f"Spørgsmålet har {count} {what}. Det skal have mellem {FEWEST} og {most}.")


def _choice(draft: Draft) -> Question:
    # Moodle leaves empty answers out.
    answers = [one for one in _answers(draft) if draft.plain(one) or one.find("file") is not None]
    _counted(len(answers), "svar")
    single = draft.said("single").lower() not in ("false", "0") or draft.element.find("single") is None
    return _single(draft, answers) if single else _multiple(draft, answers)


def _single(draft: Draft, answers: list[Element]) -> Question:
    options = []
    for key, one in zip(draft.parts(len(answers)), answers, strict=True):
        text, feedback = draft.needed(one, "Et svar"), draft.shown(one.find("feedback"))
        options.append(Option(id=key, text=text, fraction=draft.fraction(one), feedback=feedback))
    if not any(option.fraction == 1.0 for option in options):
        raise InvalidContent("Intet svar giver 100 %. Sæt det rigtige svar til 100 % i Moodle, og eksportér igen.")
    return SingleChoice(**draft.common(draft.yes("shuffleanswers", default=False)), options=tuple(options))


def _multiple(draft: Draft, answers: list[Element]) -> Question:
    weights = [draft.fraction(one) for one in answers]
    options = []
    for key, one, weight in zip(draft.parts(len(answers)), answers, weights, strict=True):
        text, feedback = draft.needed(one, "Et svar"), draft.shown(one.find("feedback"))
        options.append(Tick(id=key, text=text, correct=weight > 0, feedback=feedback))
    right = sum(option.correct for option in options)
    if not right and not draft.extras.none_right:
        raise InvalidContent(
            "Intet svar er rigtigt. Giv hvert rigtigt svar en vægt over 0 i Moodle, og eksportér igen."
        )
    # what the rule hits/C - wrong/W gives for each
    ours = [1 / right if option.correct else -1 / (len(options) - right) for option in options]
    if any(abs(one - other) > 1e-4 for one, other in zip(weights, ours, strict=True)):
        draft.warn(
            "Vægtene er ikke taget med: Her tæller rigtige svar lige meget, og forkerte trækker lige meget fra, så alle forkerte "
            "opvejer alle rigtige."
        )
    return MultipleChoice(**draft.common(draft.yes("shuffleanswers", default=False)), options=tuple(options))


def _several(draft: Draft) -> Question:
    answers = _answers(draft)
    _counted(len(answers), "svar")
    return _multiple(draft, answers)


def _true_false(draft: Draft) -> Question:
    """As Moodle reads it: by the words true and false, else, in files of before, the first answer is true."""
    answers = _answers(draft)
    if not 1 <= len(answers) <= 2:
        raise InvalidContent(f"Spørgsmålet har {len(answers)} svar. Sandt eller falsk har to.")
    key, feedback = False, {True: "", False: ""}
    for place, one in enumerate(answers):
        said = draft.plain(one)
        if said not in ("true", "false"):
            draft.warn(f"»{said[:40]}« er læst som {'falsk' if place else 'sandt'}, fordi det står på den plads.")
        truth = said == "true" or (said != "false" and not place)
        key = truth == (draft.fraction(one) == 1.0)
        feedback[truth] = draft.shown(one.find("feedback"))
    common = draft.common(shuffle=False)
    return TrueFalse(**common, answer=key, feedback_true=feedback[True], feedback_false=feedback[False])


def _matching(draft: Draft) -> Question:
    sides, distractors = [], []
    for one in _answers(draft, "subquestion"):
        left = draft.shown(one, pictures=False)
        right = draft.literal(draft.plain(one.find("answer")))
        if left:
            sides.append((draft.fitting(left, "Venstre side af et par"), draft.fitting(right, "Højre side af et par")))
        elif right:
            distractors.append(draft.fitting(right, "Højre side af et par"))
    _counted(len(sides), "par")
    rights = {right for _, right in sides}
    if rights & set(distractors):
        draft.warn("En højre side uden par er udeladt, fordi den også er det rigtige svar i et par.")
    keys = draft.parts(len(sides))
    pairs = tuple(Pair(id=key, left=left, right=right) for key, (left, right) in zip(keys, sides, strict=True))
    common = draft.common(draft.yes("shuffleanswers", default=True))
    return Matching(**common, pairs=pairs, distractors=tuple(one for one in distractors if one not in rights))


def _ordering(draft: Draft) -> Question:
    answers = [one for one in _answers(draft) if draft.plain(one) or one.find("file") is not None]
    _counted(len(answers), "led", MOST_ITEMS)
    items = tuple(
        Item(id=key, text=draft.needed(one, "Et led"))
        for key, one in zip(draft.parts(len(answers)), answers, strict=True)
    )
    if len({item.text for item in items}) < len(items):
        raise InvalidContent("To led har samme tekst. Gør dem forskellige, så der er én rigtig rækkefølge.")
    if any(draft.plain(one.find("feedback")) for one in answers):
        draft.warn("Tilbagemelding til hvert led har ingen plads her og er ikke taget med.")
    if draft.said("selecttype") not in ("", "ALL", "EXACT", "0"):
        draft.warn("Moodle viste kun nogle af leddene ad gangen. Her vises de alle.")
    if draft.said("gradingtype") not in ("", "RELATIVE", "REL", "RELATIVE_NEXT_EXCLUDE_LAST"):
        draft.warn(
            "Bedømmelsen er en anden end i Moodle: Her tæller det, hvor mange led der følger rigtigt efter hinanden."
        )
    return Ordering(**draft.common(), items=items)


def _short_text(draft: Draft) -> Question:
    accepted = []
    for one in _answers(draft):
        fraction, feedback = draft.at_least_none(draft.fraction(one)), draft.shown(one.find("feedback"))
        text = draft.needed(one, "Et svar", plain=True)
        if text == "*" and not fraction:
            _warn_of_rest(draft, feedback)
            continue
        if ANYTHING.search(text):
            raise InvalidContent(STAR)
        accepted.append(Accepted(text=draft.literal(text).replace("\\*", "*"), fraction=fraction, feedback=feedback))
    _check_best(draft, accepted)
    cased = draft.said("usecase") in ("1", "true")
    return ShortText(**draft.common(), accepted=tuple(accepted), case_sensitive=cased)


def _numeric(draft: Draft) -> Question:
    figures = []
    for one in _answers(draft):
        share = number_of((one.findtext("fraction") or "").strip())  # as very old files have it
        fraction = draft.at_least_none(draft.fraction(one) if share is None else draft.share_of(f"{share * 100:g}"))
        text, feedback = draft.plain(one) or "*", draft.shown(one.find("feedback"))
        if text == "*" and not fraction:
            _warn_of_rest(draft, feedback)
            continue
        value, tolerance = _number(text), _number((one.findtext("tolerance") or "").strip() or "0")
        if value is None or tolerance is None or tolerance < 0:
            raise InvalidContent(f"»{text[:40]}« er ikke et tal med en afvigelse. Ret det i Moodle, og eksportér igen.")
        figures.append(Figure(value=value, tolerance=tolerance, fraction=fraction, feedback=feedback))
    _check_best(draft, figures)
    return Numeric(**draft.common(), figures=tuple(figures), unit=_unit(draft))


def _number(text: str) -> float | None:
    """A number with a decimal point, or with a comma where it can mean nothing else."""
    return number_of(text.replace(",", ".") if text.count(",") == 1 and "." not in text else text)


def _unit(draft: Draft) -> str:
    units = draft.element.findall("units/unit")
    if len(units) > 1:
        raise InvalidContent(
            "Spørgsmålet har flere enheder. Her er der højst én. Slet de andre i Moodle, og eksportér igen."
        )
    if not units:
        return ""
    if number_of((units[0].findtext("multiplier") or "1").strip()) != 1:
        raise InvalidContent("Enheden har en omregning. Skriv svaret i den enhed, der vises, og giv den faktoren 1.")
    if draft.said("unitgradingtype") not in ("", "0"):
        draft.warn("Enheden vises ved feltet og er ikke længere en del af svaret.")
    return (units[0].findtext("unit_name") or "").strip(BLANK)


def _essay(draft: Draft) -> Question:
    if draft.said("responseformat") == "noinline":
        raise InvalidContent("Svaret er en fil uden tekst. Her svares der med tekst. Vælg et tekstfelt i Moodle.")
    lost = {
        "skabelon for svaret": draft.plain(draft.element.find("responsetemplate")),
        "vedhæftede filer": draft.said("attachments").strip("0"),
        "færreste ord": draft.said("minwordlimit").strip("0"),
    }
    if left := [danish for danish, there in lost.items() if there]:
        draft.warn(f"Har ingen plads her og er ikke taget med: {', '.join(left)}.")
    rubric, model = draft.extras.rubric, draft.extras.model_answer
    told = draft.shown(draft.element.find("graderinfo"))
    if not rubric:
        draft.warn(
            "Moodle XML har ingen bedømmelseskriterier, så der er sat ét alment ind. Skriv dem, der skal bruges."
        )
    if told and told != grader_text(rubric, model):
        draft.warn(
            "Oplysninger til bedømmere er sat ind som »Et godt svar«, som vises efter bedømmelsen. Se dem efter."
        )
        model = told
    fields = draft.common() | {"rubric": rubric or (_RUBRIC,), "model_answer": model}
    if (words := draft.said("maxwordlimit")) not in ("", "0"):
        most = number_of(words)
        if most is None or not 10 <= most <= 5_000:
            draft.warn(f"Højeste antal ord ({words[:20]}) er ikke et tal fra 10 til 5000 og er sprunget over.")
        else:
            fields["most_words"] = int(most)
    return Essay(**fields)


def _warn_of_rest(draft: Draft, feedback: str) -> None:
    if feedback:
        draft.warn(
            f"Tilbagemeldingen til alle andre svar (»{feedback[:200]}«) er ikke taget med. Skriv den i spørgsmålets forklaring."
        )


def _check_best(draft: Draft, answers: list[Accepted] | list[Figure]) -> None:
    if not answers:
        raise InvalidContent("Spørgsmålet har intet svar. Skriv mindst ét i Moodle, og eksportér igen.")
    if not any(one.fraction == 1.0 for one in answers):
        draft.warn("Intet svar giver alle point.")


_KINDS: dict[str, Callable[[Draft], Question]] = {
    "multichoice": _choice,
    "multichoiceset": _several,
    "oumultiresponse": _several,
    "truefalse": _true_false,
    "shortanswer": _short_text,
    "numerical": _numeric,
    "matching": _matching,
    "match": _matching,
    "ordering": _ordering,
    "essay": _essay,
    "cloze": cloze,
    "multianswer": cloze,
    "gapselect": word_gaps,
    "ddwtos": word_gaps,
}
# The names that users of Moodle see.
_FOREIGN = {
    "calculated": "Beregnet",
    "calculatedsimple": "Enkelt beregnet",
    "calculatedmulti": "Beregnet multiple choice",
    "ddimageortext": "Træk og slip på billede",
    "ddmarker": "Træk og slip markører",
    "randomsamatch": "Tilfældige kortsvar som par",
    "stack": "STACK",
    "coderunner": "CodeRunner",
}
