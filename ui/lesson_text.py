"""Draws the text of a lesson: parts by heading, callouts, and pictures with their words for those who cannot see them."""

import re
from dataclasses import dataclass
from typing import Literal

import streamlit as st

from ui.pictures import draw_picture, pieces, shows_picture

_PART = re.compile(r"^(?=## )", re.MULTILINE)
_CALLOUT = re.compile(r"\[!(husk|advarsel|eksempel|prøv)\][ \t]*(.*)")
_HEADS = {"husk": "Husk", "advarsel": "Pas på", "eksempel": "Eksempel", "prøv": "Prøv selv"}


@dataclass(frozen=True)
class Block:
    """A piece of a part: `text` is Markdown, the body of a callout, or a picture as it is written."""

    kind: Literal["text", "husk", "advarsel", "eksempel", "prøv", "picture"]
    text: str


def parts(text: str) -> list[str]:
    """The parts of a lesson, one a heading; what stands before the first heading goes with it."""
    found = [part.strip() for part in _PART.split(text) if part.strip()]
    if len(found) > 1 and not found[0].startswith("## "):
        found[:2] = ["\n\n".join(found[:2])]
    return found or [""]


def blocks(part: str) -> list[Block]:
    """A part cut into text, callouts and pictures, in order."""
    found: list[Block] = []
    for paragraph in re.split(r"\n{2,}", part):
        lines = paragraph.split("\n")
        quoted = all(line.startswith(">") for line in lines)
        body = [line.removeprefix(">").strip() for line in lines] if quoted else lines
        callout = _CALLOUT.fullmatch(body[0]) if quoted else None
        if callout:
            found.append(Block(callout[1], "\n".join([callout[2], *body[1:]]).strip()))  # type: ignore[arg-type]
        else:
            found += [Block("picture" if shows_picture(piece) else "text", piece) for piece in pieces(paragraph)]
    return found


def draw_part(part: str) -> None:
    """One part of a lesson."""
    for block in blocks(part):
        if block.kind == "text":
            st.markdown(block.text)
        elif block.kind == "picture":
            draw_picture(block.text)
        else:
            _draw_callout(block)


def _draw_callout(block: Block) -> None:
    body = f"**{_HEADS[block.kind]}**  \n{block.text}"
    if block.kind == "advarsel":
        st.warning(body, icon=":material/warning:")
    elif block.kind == "husk":
        st.info(body, icon=":material/push_pin:")
    else:
        with st.container(border=True):
            icon = "edit_note" if block.kind == "prøv" else "home_work"
            st.markdown(f":material/{icon}: {body}")
