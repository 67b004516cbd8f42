"""Draws an answer: sentences by level with numbered citations, or a refusal that leads somewhere."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import streamlit as st

from rag import privacy
from rag.answer import Answer, AnswerSentence, Citation, Outcome
from rag.source import Status
from ui.badges import level_badge, status_badge
from ui.reader import link_to
from ui.text import danish_date, plain

SIDE_BY_SIDE = 290  # pixels: two levels stand beside each other on a desk, below each other on a phone


def draw_answer(answer: Answer, key: str, current: Mapping[str, Status]) -> None:
    """The answer to one question. `key` tells the widgets of several answers on a page apart.

    `current` maps the versions in force to their status: a quote from any other version is marked as no longer valid.
    """
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
    numbered = list(enumerate(answer.sentences, 1))
    levels = [list(group) for _, group in groupby(numbered, key=lambda pair: pair[1].citations[0].level)]
    with st.container(horizontal=len(levels) > 1):
        for group in levels:
            with st.container(width=SIDE_BY_SIDE if len(levels) > 1 else "stretch"):
                _draw_level(group, key, current)
    drafts = any(sentence.citations[0].status is Status.DRAFT for sentence in answer.sentences)
    unapproved = " Kilder mærket udkast er ikke godkendt af kommunen." if drafts else ""
    st.caption(f"Svaret er ordrette citater.{unapproved} Du vurderer selv, om svaret passer på din situation.")


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
    kinds = ", ".join(privacy.NAMES[kind] for kind in answer.findings)
    st.warning(
        f"Dit spørgsmål indeholder noget, der ligner personoplysninger ({kinds}). Det er ikke søgt på, gemt eller sendt.",
        icon=":material/shield:",
    )
    st.markdown(
        "Spørg i stedet om reglen i almindelighed, uden oplysninger om en bestemt person. Her er dit spørgsmål renset:"
    )
    st.code(answer.cleaned, language=None, wrap_lines=True)
