"""Draws an answer: sentences by level with numbered citations, or a refusal that leads somewhere."""

from itertools import groupby

import streamlit as st

from rag import privacy
from rag.answer import Answer, AnswerSentence, Citation, Outcome
from rag.source import Status
from ui.badges import level_badge, status_badge
from ui.reader import link_to
from ui.text import danish_date, plain


def draw_answer(answer: Answer, key: str) -> None:
    """The answer to one question; `key` tells the widgets of several answers on a page apart."""
    if answer.status is Outcome.BLOCKED:
        _draw_blocked(answer)
    elif answer.status is Outcome.REFUSED:
        _draw_refused(answer)
    else:
        _draw_sentences(answer, key)


def _draw_sentences(answer: Answer, key: str) -> None:
    number = 0
    for level, group in groupby(answer.sentences, key=lambda sentence: sentence.citations[0].level):
        sentences = list(group)
        drafts = all(sentence.citations[0].status is Status.DRAFT for sentence in sentences)
        with st.container(horizontal=True, gap="small"):
            level_badge(level)
            if drafts:
                status_badge(Status.DRAFT)
        for sentence in sentences:
            number += 1
            st.markdown(f"{plain(sentence.text)}{_marks(sentence)}")
            _draw_citation(sentence.citations[0], number, f"{key}_{number}")
    if any(sentence.citations[0].status is Status.DRAFT for sentence in answer.sentences):
        st.caption(
            "Svaret er ordrette citater. Kilder mærket udkast er ikke godkendt af kommunen. Du vurderer selv, "
            "om svaret passer på din situation."
        )
    else:
        st.caption("Svaret er ordrette citater. Du vurderer selv, om svaret passer på din situation.")


def _marks(sentence: AnswerSentence) -> str:
    return " *(kontrolleres af jura)*" if sentence.citations[0].unchecked else ""


def _draw_citation(citation: Citation, number: int, key: str) -> None:
    place = f"{citation.title}: {citation.section}" if citation.section else citation.title
    with st.popover(f"{number}. {place}", icon=":material/format_quote:", type="tertiary", key=f"quote_{key}"):
        st.markdown(f"“{plain(citation.quote)}”")
        with st.container(horizontal=True, gap="small"):
            level_badge(citation.level)
            status_badge(citation.status)
        page = f", side {citation.page}" if citation.page else ""
        st.markdown(
            f"**{plain(citation.title)}**, version {plain(citation.version)}{page}  \n"
            f"{plain(citation.publisher)}. Gælder fra {danish_date(citation.valid_from)}."
        )
        if citation.note:
            st.caption(plain(citation.note.strip("()")))
        draw_link("Læs i sammenhæng", citation)


def draw_link(label: str, citation: Citation) -> None:
    """A link to the cited passage, with the quote highlighted."""
    link_to(
        label, citation.source, citation.version_id, citation.anchor, citation.passage, citation.quote, icon="menu_book"
    )


def _draw_refused(answer: Answer) -> None:
    st.markdown("**Det svarer kilderne ikke på.** Jeg gætter ikke. Du kan sende spørgsmålet til AI-taskforcen.")
    if answer.passages:
        st.markdown("Det nærmeste, jeg fandt, er disse afsnit. De besvarer ikke nødvendigvis dit spørgsmål:")
        for passage in answer.passages:
            mark = " (udkast)" if passage.status is Status.DRAFT else ""
            place = f"{passage.title}: {passage.section}" if passage.section else passage.title
            draw_link(place + mark, passage)


def _draw_blocked(answer: Answer) -> None:
    kinds = ", ".join(privacy.NAMES[kind] for kind in answer.findings)
    st.warning(
        f"Dit spørgsmål indeholder noget, der ligner personoplysninger ({kinds}). Det er ikke søgt på, gemt eller sendt.",
        icon=":material/shield:",
    )
    st.markdown(
        "Spørg i stedet om reglen i almindelighed, uden oplysninger om en bestemt person. Her er dit spørgsmål renset:"
    )
    st.code(answer.cleaned, language=None, wrap_lines=True)
