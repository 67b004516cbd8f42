"""Draws pictures in Markdown texts, with their words for those who cannot see them."""

import base64
import re
from collections.abc import Iterable

import streamlit as st

from courses.picture import Picture
from ui.resources import services
from ui.text import plain

# One that a course file brought along, or one that was laid up in the workshop.
_SHOWN = re.compile(
    r"!\[(?P<words>[^\]\n]*)\]\((?:data:(?P<type>[\w/+.-]+);base64,(?P<data>[A-Za-z0-9+/=]+)|picture:(?P<name>[0-9a-f]{64}))\)"
)
AT_HAND = "pictures_at_hand"  # of a file that is being looked at and not kept yet, by name


def at_hand(pictures: Iterable[Picture]) -> None:
    """Let previews show pictures that are not kept yet."""
    st.session_state[AT_HAND] = {picture.sha256: picture for picture in pictures}


def pieces(text: str) -> list[str]:
    """The text cut into pictures, each as it is written, and what stands between them."""
    found, end = [], 0
    for match in _SHOWN.finditer(text):
        found += [text[end : match.start()].strip(), match[0]]
        end = match.end()
    return [piece for piece in (*found, text[end:].strip()) if piece]


def shows_picture(piece: str) -> bool:
    """Whether a piece is a picture."""
    return _SHOWN.fullmatch(piece) is not None


def draw_markdown(text: str) -> None:
    """A text with its pictures."""
    for piece in pieces(text):
        if shows_picture(piece):
            draw_picture(piece)
        else:
            st.markdown(piece)


def draw_picture(piece: str) -> None:
    """A picture as it is written; one that is gone leaves its words."""
    match = _SHOWN.fullmatch(piece)
    if match is None:
        return
    if match["name"]:
        picture = services().pictures.find(match["name"]) or st.session_state.get(AT_HAND, {}).get(match["name"])
        if picture is None:
            st.caption(f":material/image_not_supported: Billedet mangler: {plain(match['words'])}")
            return
        st.image(picture.data, alt=match["words"])
        return
    try:
        data = base64.b64decode(match["data"])
        st.image(
            data.decode("utf-8") if match["type"] == "image/svg+xml" else data, alt=match["words"], width="stretch"
        )
    except (ValueError, OSError):  # no base64, no text, no picture
        st.caption(f":material/image_not_supported: Billedet kan ikke vises: {plain(match['words'])}")
