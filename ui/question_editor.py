"""Fields that write a question, one function a kind; each gives the fields of the question as they stand."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from courses.exchange.keys import key_of
from courses.question import Kind
from ui.editor_fields import Row, number_field, rows, share_field, shown_number, text_field, typed_number

Fields = dict[str, Any]
_MARKDOWN = "Du kan bruge **fed**, *kursiv* og lister med bindestreg."
EXPLAINED = {
    Kind.SINGLE: "Der er ét rigtigt svar. Andre svar kan give en del af pointene.",
    Kind.MULTIPLE: "Sæt kryds ved alle de rigtige. Er ingen rigtige, er “Ingen af dem” det rigtige svar.",
    Kind.TRUE_FALSE: "En påstand, der er sand eller falsk.",
    Kind.MATCHING: "Til hver venstre side hører en højre side.",
    Kind.ORDERING: "Skriv trinene i den rigtige rækkefølge. Deltageren ser dem blandet.",
    Kind.SHORT_TEXT: "Et ord eller nogle få. Svaret sammenlignes præcist med det, du skriver her.",
    Kind.NUMERIC: "Et tal, evt. med en afvigelse til hver side.",
    Kind.CLOZE: "Skriv {{1}}, {{2}} … i teksten, hvor hullerne skal være.",
    Kind.ESSAY: "Et længere svar, som en underviser vurderer efter dine kriterier.",
    Kind.PROMPT: "Deltageren skriver en prompt til en sag. Den bruges i en promptøvelse, ikke i en prøve.",
}


def question_fields(fields: Fields, key: str) -> Fields:
    """The fields of a question of the kind that `fields` names, filled with them.

    What all kinds have goes by the same keys, so that it stays when another kind is chosen for a new question.
    """
    kind = Kind(fields["type"])
    st.caption(EXPLAINED[kind])
    text = text_field("Spørgsmål", fields.get("text", ""), f"{key}_text", tall=120, help=_MARKDOWN)
    answers = _ANSWERS[kind](fields, f"{key}_{kind.value}")
    feedback = text_field(
        "Forklaring til alle, når svaret er givet", fields.get("feedback", ""), f"{key}_feedback", help=_MARKDOWN
    )
    with st.expander("Point, emner og rækkefølge", icon=":material/tune:"):
        points = number_field("Point", fields.get("points", 1.0), f"{key}_points")
        tags = st.text_input(
            "Emner, adskilt af komma (prøver kan trække efter emne)",
            ", ".join(fields.get("tags", ())),
            key=f"{key}_tags",
            max_chars=300,
            persist_state="session",
        )
        shuffle = fields.get("shuffle", True)
        if kind is not Kind.TRUE_FALSE:
            shuffle = st.checkbox(
                "Svarene må vises i tilfældig rækkefølge", shuffle, key=f"{key}_shuffle", persist_state="session"
            )
        else:
            shuffle = False
    return {
        "type": kind.value,
        "id": fields["id"],
        "text": text.strip(),
        "feedback": feedback.strip(),
        "points": points,
        "tags": [key_of(tag.strip()) or tag.strip() for tag in tags.split(",") if tag.strip()],
        "shuffle": shuffle,
        **answers,
    }


def _feedback(row: Row, key: str, label: str = "Besked til dem, der vælger det (kan være tom)") -> str:
    return st.text_input(label, row.get("feedback", ""), key=f"{key}_said", max_chars=2_000, persist_state="session")


def _option(row: Row, key: str) -> Row:
    text = text_field("Svar", row.get("text", ""), f"{key}_text")
    left, right = st.columns([1, 3])
    with left:
        fraction = share_field("Andel af pointene", row.get("fraction", 0.0), f"{key}_share")
    with right:
        said = _feedback(row, key)
    return {"text": text.strip(), "fraction": fraction, "feedback": said}


def _options(fields: list[Row], key: str) -> list[Row]:
    found = rows(f"{key}_options", fields or [{"fraction": 1.0}, {}, {}], "Svar", _option, least=2)
    return [row for row in found if row["text"] or row["fraction"]]


def _single(fields: Fields, key: str) -> Fields:
    return {"options": _options(list(fields.get("options", ())), key)}


def _tick(row: Row, key: str) -> Row:
    text = text_field("Svar", row.get("text", ""), f"{key}_text")
    correct = st.checkbox("Svaret er rigtigt", row.get("correct", False), key=f"{key}_right", persist_state="session")
    return {"text": text.strip(), "correct": correct, "feedback": _feedback(row, key)}


def _multiple(fields: Fields, key: str) -> Fields:
    found = rows(f"{key}_options", list(fields.get("options", ())) or [{}, {}, {}], "Svar", _tick, least=2)
    return {"options": [row for row in found if row["text"] or row["correct"]]}


def _true_false(fields: Fields, key: str) -> Fields:
    answer = st.radio(
        "Facit",
        [True, False],
        index=0 if fields.get("answer", True) else 1,
        format_func={True: "Sandt", False: "Falsk"}.__getitem__,
        horizontal=True,
        key=f"{key}_answer",
        persist_state="session",
    )
    said = {
        name: st.text_input(label, fields.get(name, ""), key=f"{key}_{name}", max_chars=2_000, persist_state="session")
        for name, label in (
            ("feedback_true", "Besked til dem, der svarer sandt (kan være tom)"),
            ("feedback_false", "Besked til dem, der svarer falsk (kan være tom)"),
        )
    }
    return {"answer": answer, **said}


def _pair(row: Row, key: str) -> Row:
    left, right = st.columns(2)
    with left:
        one = text_field("Venstre side", row.get("left", ""), f"{key}_left")
    with right:
        other = text_field("Hører sammen med", row.get("right", ""), f"{key}_right")
    return {"left": one.strip(), "right": other.strip()}


def _matching(fields: Fields, key: str) -> Fields:
    found = rows(f"{key}_pairs", list(fields.get("pairs", ())) or [{}, {}, {}], "Par", _pair, least=2)
    odd = text_field(
        "Svar, der ikke hører nogen steder til, ét på hver linje (kan være tom)",
        "\n".join(fields.get("distractors", ())),
        f"{key}_distractors",
    )
    return {
        "pairs": [row for row in found if row["left"] or row["right"]],
        "distractors": [line.strip() for line in odd.splitlines() if line.strip()],
    }


def _item(row: Row, key: str) -> Row:
    return {"text": text_field("Trin", row.get("text", ""), f"{key}_text").strip()}


def _ordering(fields: Fields, key: str) -> Fields:
    found = rows(f"{key}_items", list(fields.get("items", ())) or [{}, {}, {}], "Trin", _item, least=2, ordered=True)
    return {"items": [row for row in found if row["text"]]}


def _accepted(row: Row, key: str) -> Row:
    text = st.text_input(
        "Godtaget svar", row.get("text", ""), key=f"{key}_text", max_chars=500, persist_state="session"
    )
    left, right = st.columns([1, 3])
    with left:
        fraction = share_field("Andel af pointene", row.get("fraction", 1.0), f"{key}_share")
    with right:
        said = _feedback(row, key, "Besked til dem, der svarer det (kan være tom)")
    return {"text": text.strip(), "fraction": fraction, "feedback": said}


def _without_id(found: list[Row], needed: str) -> list[Row]:
    return [
        {name: value for name, value in row.items() if name != "id"} for row in found if row[needed] not in ("", None)
    ]


def _short_text(fields: Fields, key: str) -> Fields:
    found = rows(f"{key}_accepted", list(fields.get("accepted", ())) or [{}], "Godtaget svar", _accepted)
    exact = st.checkbox(
        "Der er forskel på store og små bogstaver",
        fields.get("case_sensitive", False),
        key=f"{key}_case",
        persist_state="session",
    )
    return {"accepted": _without_id(found, "text"), "case_sensitive": exact}


def _figure(row: Row, key: str) -> Row:
    value = st.text_input(
        "Godtaget tal",
        shown_number(row["value"]) if "value" in row else "",
        key=f"{key}_value",
        max_chars=40,
        persist_state="session",
    )
    tolerance = number_field("Afvigelse til hver side", row.get("tolerance", 0.0), f"{key}_tolerance")
    fraction = share_field("Andel af pointene", row.get("fraction", 1.0), f"{key}_share")
    said = _feedback(row, key, "Besked til dem, der svarer det (kan være tom)")
    found = typed_number(value) if value.strip() else None
    return {"value": found, "tolerance": tolerance, "fraction": fraction, "feedback": said}


def _numeric(fields: Fields, key: str) -> Fields:
    found = rows(f"{key}_figures", list(fields.get("figures", ())) or [{}], "Godtaget tal", _figure)
    unit = st.text_input(
        "Enhed ved siden af feltet (kan være tom)",
        fields.get("unit", ""),
        key=f"{key}_unit",
        max_chars=40,
        persist_state="session",
    )
    return {"figures": _without_id(found, "value"), "unit": unit.strip()}


_GAP_KINDS = {"accepted": "Skrives med ord", "options": "Vælges på en liste", "figures": "Skrives som tal"}


def _gap(row: Row, key: str) -> Row:
    name = st.text_input(
        "Hullets navn i teksten", row.get("name", ""), key=f"{key}_name", max_chars=40, persist_state="session"
    )
    first = next((kind for kind in _GAP_KINDS if row.get(kind)), "accepted")
    kind = st.radio(
        "Sådan udfyldes det",
        list(_GAP_KINDS),
        index=list(_GAP_KINDS).index(first),
        format_func=_GAP_KINDS.__getitem__,
        horizontal=True,
        key=f"{key}_kind",
        persist_state="session",
    )
    points = number_field("Vægt", row.get("points", 1.0), f"{key}_points")
    held = list(row.get(kind, ()))
    found: list[Row]
    if kind == "options":
        found = _options(held, key)
    elif kind == "accepted":
        found = _without_id(rows(f"{key}_accepted", held or [{}], "Godtaget svar", _accepted), "text")
    else:
        found = _without_id(rows(f"{key}_figures", held or [{}], "Godtaget tal", _figure), "value")
    return {"name": name.strip(), "points": points, "options": (), "accepted": (), "figures": (), kind: found}


def _cloze(fields: Fields, key: str) -> Fields:
    # Rows have letters for ids, while gaps go by the names that stand in the text.
    held = [
        {**{name: value for name, value in gap.items() if name != "id"}, "name": gap["id"]}
        for gap in fields.get("gaps", ())
    ]
    found = rows(f"{key}_gaps", held or [{"name": "1"}], "Hul", _gap)
    gaps = [
        {**{name: value for name, value in row.items() if name not in ("id", "name")}, "id": row["name"]}
        for row in found
    ]
    return {"gaps": gaps}


def _criterion(row: Row, key: str) -> Row:
    text = text_field("Det ser bedømmeren efter", row.get("text", ""), f"{key}_text")
    return {"text": text.strip(), "points": number_field("Point", row.get("points", 1.0), f"{key}_points")}


def _essay(fields: Fields, key: str) -> Fields:
    found = rows(f"{key}_rubric", list(fields.get("rubric", ())) or [{}], "Kriterium", _criterion)
    model = text_field(
        "Et godt svar (vises, når svaret er vurderet)", fields.get("model_answer", ""), f"{key}_model", tall=120
    )
    most = number_field("Højeste antal ord", fields.get("most_words", 400), f"{key}_most")
    return {"rubric": [row for row in found if row["text"]], "model_answer": model.strip(), "most_words": most}


def _prompt(fields: Fields, key: str) -> Fields:
    needs = text_field(
        "Ord fra sagen, som en god prompt har med. Én ting på hver linje, andre ord for det samme adskilt af komma",
        "\n".join(", ".join(group) for group in fields.get("needs", ())),
        f"{key}_needs",
        tall=100,
    )
    hints = text_field(
        "Hjælp, som gives lidt ad gangen, ét råd på hver linje",
        "\n".join(fields.get("hints", ())),
        f"{key}_hints",
        tall=100,
    )
    texts = {
        name: text_field(label, fields.get(name, ""), f"{key}_{name}", tall=100).strip()
        for name, label in (
            ("weak_prompt", "En svag prompt"),
            ("weak_result", "Hvad den svage prompt giver"),
            ("model_prompt", "En god prompt"),
            ("model_result", "Hvad den gode prompt giver"),
        )
    }
    groups = [[word.strip() for word in line.split(",") if word.strip()] for line in needs.splitlines()]
    return {
        "needs": [group for group in groups if group],
        "hints": [line.strip() for line in hints.splitlines() if line.strip()],
        **texts,
    }


_ANSWERS: dict[Kind, Callable[[Fields, str], Fields]] = {
    Kind.SINGLE: _single,
    Kind.MULTIPLE: _multiple,
    Kind.TRUE_FALSE: _true_false,
    Kind.MATCHING: _matching,
    Kind.ORDERING: _ordering,
    Kind.SHORT_TEXT: _short_text,
    Kind.NUMERIC: _numeric,
    Kind.CLOZE: _cloze,
    Kind.ESSAY: _essay,
    Kind.PROMPT: _prompt,
}
