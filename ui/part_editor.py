"""Fields that write a course, a module, a lesson, a quiz or a practice; each gives the fields of the part as they stand."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from courses.authoring.manuscript import Heading, Manuscript, Settings
from courses.authoring.reading_copy import SHOW, title
from courses.course import Quiz, Scoring, Show
from courses.question import PromptPractice
from ui.editor_fields import Row, number_field, rows, share_field, text_field

Fields = dict[str, Any]
SCORING = {
    Scoring.BEST: "Det bedste",
    Scoring.LAST: "Det seneste",
    Scoring.FIRST: "Det første",
    Scoring.AVERAGE: "Gennemsnittet",
}
CALLOUTS = "Fremhæv en boks ved at begynde linjen med > [!husk], > [!advarsel], > [!eksempel] eller > [!prøv]. "


def course_fields(part: Settings, content: Manuscript, key: str) -> Fields:
    """What a course says of itself."""
    name = st.text_input("Titel", part.title, key=f"{key}_title", max_chars=200, persist_state="session")
    summary = text_field("Kort om kurset", part.summary, f"{key}_summary")
    audience = st.text_input("Målgruppe", part.audience, key=f"{key}_audience", max_chars=300, persist_state="session")
    free = st.checkbox(
        "Alle kan begynde kurset uden at få det tildelt", part.open_to_all, key=f"{key}_open", persist_state="session"
    )
    quizzes = {one.id: one.title for one in content.activities if isinstance(one, Quiz)}
    final = st.selectbox(
        "Afsluttende prøve",
        ["", *quizzes],
        index=[*quizzes].index(part.final) + 1 if part.final in quizzes else 0,
        format_func=lambda one: quizzes.get(one, "Vælg, når prøven er lavet"),
        key=f"{key}_final",
        persist_state="session",
    )
    rules = part.certificate
    certified = st.checkbox(
        "Giv et bevis, når kurset er gennemført", rules is not None, key=f"{key}_certified", persist_state="session"
    )
    certificate = None
    if certified:
        certificate = {
            "valid_months": number_field(
                "Beviset gælder i måneder", rules.valid_months if rules else 24, f"{key}_months"
            ),
            "window_days": number_field(
                "Det kan fornys så mange dage, før det udløber", rules.window_days if rules else 90, f"{key}_window"
            ),
            "by_reviews": st.checkbox(
                "Jævnlig genopfriskning fornyer det",
                rules.by_reviews if rules else True,
                key=f"{key}_reviews",
                persist_state="session",
            ),
        }
    return {
        "id": part.id,
        "title": name.strip(),
        "summary": summary.strip(),
        "audience": audience.strip(),
        "open_to_all": free,
        "final": final,
        "certificate": certificate,
    }


def module_fields(part: Heading, _content: Manuscript, key: str) -> Fields:
    """What a module says of itself."""
    name = st.text_input("Titel", part.title, key=f"{key}_title", max_chars=200, persist_state="session")
    summary = text_field("Kort om modulet", part.summary, f"{key}_summary")
    return {"id": part.id, "title": name.strip(), "summary": summary.strip()}


def _common(fields: Fields, content: Manuscript, key: str) -> Fields:
    name = st.text_input("Titel", fields.get("title", ""), key=f"{key}_title", max_chars=200, persist_state="session")
    minutes = number_field("Minutter, det tager", fields.get("minutes", 5), f"{key}_minutes")
    return {"kind": fields["kind"], "id": fields["id"], "title": name.strip(), "minutes": minutes}


def _requires(fields: Fields, content: Manuscript, key: str) -> list[str]:
    titles = {one.id: one.title for one in content.activities if one.id != fields["id"]}
    return st.multiselect(
        "Kræver, at dette er gjort først (kan være tom)",
        [*titles],
        default=[one for one in fields.get("requires", ()) if one in titles],
        format_func=titles.__getitem__,
        key=f"{key}_requires",
        placeholder="Vælg",
        persist_state="session",
    )


def lesson_fields(fields: Fields, content: Manuscript, key: str) -> Fields:
    """A lesson; its sources are written beside it."""
    common = _common(fields, content, key)
    text = text_field(
        "Tekst",
        fields.get("text", ""),
        f"{key}_text",
        tall=480,
        most=400_000,
        help=f"Skriv i Markdown. En ny side i lektionen begynder med ## og en overskrift. {CALLOUTS}",
    )
    return {**common, "text": text.strip(), "requires": _requires(fields, content, key)}


def practice_fields(fields: Fields, content: Manuscript, key: str) -> Fields:
    """A prompt exercise."""
    common = _common(fields, content, key)
    prompts = {one.id: title(one) for one in content.questions.values() if isinstance(one, PromptPractice)}
    if not prompts:
        st.info("Kurset har ingen promptøvelser endnu. Lav et nyt spørgsmål af slagsen Promptøvelse først.")
    chosen = st.selectbox(
        "Promptøvelse",
        [*prompts],
        index=[*prompts].index(fields["question"]) if fields.get("question") in prompts else None,
        format_func=prompts.__getitem__,
        key=f"{key}_question",
        placeholder="Vælg",
        persist_state="session",
    )
    return {**common, "question": chosen or "", "requires": _requires(fields, content, key)}


def quiz_fields(fields: Fields, content: Manuscript, key: str) -> Fields:
    """A quiz: its places and its rules."""
    common = _common(fields, content, key)
    about = text_field("Om prøven (kan være tom)", fields.get("about", ""), f"{key}_about")
    st.markdown("**Spørgsmål i prøven**")
    held = list(fields.get("slots", ())) or [{}]
    found = rows(f"{key}_slots", held, "Plads", lambda row, name: _slot(row, content, name), ordered=True)
    slots = [{"question": row["question"], "pool": row["pool"]} for row in found]
    return {
        **common,
        "about": about.strip(),
        "slots": slots,
        "policy": _policy(fields.get("policy", {}), key),
        "requires": _requires(fields, content, key),
        "optional": st.checkbox(
            "Prøven er frivillig og kræves ikke for at gennemføre kurset",
            fields.get("optional", False),
            key=f"{key}_optional",
            persist_state="session",
        ),
    }


_SLOTS = {"question": "Et bestemt spørgsmål", "pool": "Tilfældige spørgsmål"}


def _slot(row: Row, content: Manuscript, key: str) -> Row:
    kind = st.radio(
        "Hvad skal stå her?",
        list(_SLOTS),
        index=1 if row.get("pool") else 0,
        format_func=_SLOTS.__getitem__,
        horizontal=True,
        key=f"{key}_kind",
        persist_state="session",
    )
    if kind == "question":
        asked = {one.id: title(one) for one in content.questions.values() if not isinstance(one, PromptPractice)}
        chosen = st.selectbox(
            "Spørgsmål",
            [*asked],
            index=[*asked].index(row["question"]) if row.get("question") in asked else None,
            format_func=asked.__getitem__,
            key=f"{key}_question",
            placeholder="Vælg",
            persist_state="session",
        )
        return {"question": chosen, "pool": None}
    pool = row.get("pool") or {}
    count = number_field("Antal spørgsmål", pool.get("count", 5), f"{key}_count")
    modules = {one.id: one.title for one in content.modules}
    among = st.multiselect(
        "Fra disse moduler (tom er alle)",
        [*modules],
        default=[one for one in pool.get("modules", ()) if one in modules],
        format_func=modules.__getitem__,
        key=f"{key}_modules",
        placeholder="Vælg",
        persist_state="session",
    )
    tags = sorted({tag for one in content.questions.values() for tag in one.tags})
    about = st.multiselect(
        "Med alle disse emner (tom er alle)",
        tags,
        default=[one for one in pool.get("tags", ()) if one in tags],
        key=f"{key}_tags",
        placeholder="Vælg",
        persist_state="session",
    )
    return {"question": None, "pool": {"count": count, "modules": among, "tags": about}}


def _policy(policy: Fields, key: str) -> Fields:
    with st.expander("Regler: hvornår man består, forsøg og tid", icon=":material/tune:"):
        pass_at = share_field("Man består med", policy.get("pass_at", 0.8), f"{key}_pass")
        attempts = number_field("Antal forsøg (0 er så mange, man vil)", policy.get("attempts", 0), f"{key}_attempts")
        wait = number_field("Timer mellem to forsøg", policy.get("wait_hours", 0), f"{key}_wait")
        minutes = number_field("Tidsgrænse i minutter (0 er ingen)", policy.get("minutes") or 0, f"{key}_limit")
        scoring = _choice("Hvilket forsøg tæller?", SCORING, policy.get("scoring", Scoring.BEST), f"{key}_scoring")
        show = _choice("Hvornår vises facit?", SHOW, policy.get("show", Show.AFTER_SUBMIT), f"{key}_show")
        mixed = st.checkbox(
            "Spørgsmålene kommer i tilfældig rækkefølge",
            policy.get("shuffle_questions", False),
            key=f"{key}_mixed",
            persist_state="session",
        )
        options = st.checkbox(
            "Svarmulighederne kommer i tilfældig rækkefølge",
            policy.get("shuffle_options", True),
            key=f"{key}_options",
            persist_state="session",
        )
    return {
        **policy,
        "pass_at": pass_at,
        "attempts": attempts,
        "wait_hours": wait,
        "minutes": minutes or None,
        "scoring": scoring,
        "show": show,
        "shuffle_questions": mixed,
        "shuffle_options": options,
    }


def _choice(label: str, names: dict[Any, str], chosen: Any, key: str) -> Any:
    options = [*names]
    return st.selectbox(
        label, options, index=options.index(chosen), format_func=names.__getitem__, key=key, persist_state="session"
    )


ACTIVITY_FIELDS: dict[str, Callable[[Fields, Manuscript, str], Fields]] = {
    "lesson": lesson_fields,
    "quiz": quiz_fields,
    "practice": practice_fields,
}
