"""Draws an answer: sentences by level with numbered citations, or a refusal that leads somewhere."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from rag import privacy
from rag.answer import EXTRACT, Answer, AnswerSentence, Citation, Outcome
from rag.source import Status
from ui.badges import level_badge, status_badge
from ui.reader import link_to
from ui.text import danish_date, plain

SIDE_BY_SIDE = 290  # pixels: two levels stand beside each other on a desk, below each other on a phone


def draw_answer(answer: Answer, key: str, current: Mapping[str, Status]) -> None:
    """The answer to one question. `key` tells the widgets of several answers on a page apart.

    `current` maps the versions in force to their status: a quote from any other version is marked as no longer valid.
    """
    if answer.understood:
        st.caption(f"Forstået som: {plain(answer.understood)}")
    if answer.status is Outcome.BLOCKED:
        _draw_blocked(answer)
    elif answer.status is Outcome.REFUSED:
        _draw_refused(answer)
    else:
        _draw_sentences(answer, key, current)


def _draw_sentences(answer: Answer, key: str, current: Mapping[str, Status]) -> None:
    if any(sentence.citations[0].version_id not in current for sentence in answer.sentences):
        st.warning(
            "En kilde er ændret eller trukket tilbage, siden du fik svaret. Stil spørgsmålet igen for at få det, der gælder nu.",
            icon=":material/update:",
        )
    if answer.made_by != EXTRACT:
        _draw_written(answer, key, current)
        return
    numbered = list(enumerate(answer.sentences, 1))
    _draw_level(numbered[:1], key, current)
    levels = [list(group) for _, group in groupby(numbered[1:], key=lambda pair: pair[1].citations[0].level)]
    with st.container(horizontal=len(levels) > 1):
        for group in levels:
            with st.container(width=SIDE_BY_SIDE if len(levels) > 1 else "stretch"):
                _draw_level(group, key, current)
    st.caption(f"Svaret er ordrette citater.{_unapproved(answer)} Du vurderer selv, om svaret passer på din situation.")


def _draw_written(answer: Answer, key: str, current: Mapping[str, Status]) -> None:
    """Sentences in a model's words, in its order: the answer, why, what to do. Below each stands its quote."""
    for number, sentence in enumerate(answer.sentences, 1):
        own = sentence.citations[-1]
        unchecked = " *(kontrolleres af jura)*" if own.unchecked else ""
        st.markdown(f"{plain(sentence.text)}{unchecked}")
        if not sentence.verbatim:
            quotes = " … ".join(plain(citation.quote) for citation in sentence.citations)
            st.caption(f"Kilden siger: “{quotes}”")
        status = current.get(own.version_id, Status.RETIRED)
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            level_badge(own.level)
            status_badge(status)
            _draw_citation(own, status, number, f"{key}_{number}")
    st.caption(
        f"Formuleret af en sprogmodel ud fra kilderne; hvert punkt er kontrolleret mod citatet.{_unapproved(answer)} "
        "Du vurderer selv, om svaret passer på din situation."
    )


def _unapproved(answer: Answer) -> str:
    drafts = any(sentence.citations[-1].status is Status.DRAFT for sentence in answer.sentences)
    return " Kilder mærket udkast er ikke godkendt af kommunen." if drafts else ""


def _draw_level(group: Sequence[tuple[int, AnswerSentence]], key: str, current: Mapping[str, Status]) -> None:
    statuses = [current.get(sentence.citations[0].version_id, Status.RETIRED) for _, sentence in group]
    with st.container(horizontal=True, gap="small"):
        level_badge(group[0][1].citations[0].level)
        status_badge(statuses[0])
    for place, ((number, sentence), status) in enumerate(zip(group, statuses, strict=True)):
        citation = sentence.citations[0]
        if place and status is not statuses[place - 1]:
            status_badge(status)
        unchecked = " *(kontrolleres af jura)*" if citation.unchecked else ""
        mended = " *(ord rettet efter genkendelse)*" if citation.mended else ""
        st.markdown(f"{plain(sentence.text)}{unchecked}{mended}")
        _draw_citation(citation, status, number, f"{key}_{number}")


def _draw_citation(citation: Citation, status: Status, number: int, key: str) -> None:
    with st.popover(
        f"{number}\\. {plain(_place(citation))}", icon=":material/format_quote:", type="tertiary", key=f"quote_{key}"
    ):
        st.markdown(f"“{plain(citation.quote)}”")
        with st.container(horizontal=True, gap="small"):
            level_badge(citation.level)
            status_badge(status)
        page = f", side {citation.page}" if citation.page else ""
        st.markdown(
            f"**{plain(citation.title)}**, version {plain(citation.version)}{page}  \n"
            f"{plain(citation.publisher)}. Gælder fra {danish_date(citation.valid_from)}."
        )
        if citation.mended:
            st.caption(
                "Ord i citatet er rettet, fordi de så ud til at være genkendt forkert. Under kilden kan du se det, der blev læst."
            )
        if citation.note:
            st.caption(plain(citation.note.strip("()")))
        link_to(
            "Læs i sammenhæng",
            citation.source,
            citation.version_id,
            citation.anchor,
            citation.passage,
            citation.quote,
            icon="menu_book",
        )


def _place(citation: Citation) -> str:
    return f"{citation.title}: {citation.section}" if citation.section else citation.title


def _draw_refused(answer: Answer) -> None:
    st.markdown("**Det svarer kilderne ikke på.** Jeg gætter ikke. Du kan sende spørgsmålet til AI-taskforcen.")
    if answer.passages:
        st.markdown("Det nærmeste, jeg fandt, er disse afsnit. De besvarer ikke nødvendigvis dit spørgsmål:")
        for passage in answer.passages:
            mark = " (udkast)" if passage.status is Status.DRAFT else ""
            link_to(
                _place(passage) + mark,
                passage.source,
                passage.version_id,
                passage.anchor,
                passage.passage,
                icon="menu_book",
            )


def _draw_blocked(answer: Answer) -> None:
    st.warning("**Dit spørgsmål er stoppet.** Det er ikke søgt på, gemt eller sendt.", icon=":material/shield:")
    for kind in answer.findings:
        st.markdown(f"{privacy.REASONS[kind]} {privacy.LESSONS[kind]}")
