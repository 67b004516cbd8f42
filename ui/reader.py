"""Draws the text of a source as plain, escaped HTML with anchors, and scrolls to the passage a citation points at."""

import html
import json
from collections.abc import Sequence
from typing import Literal

import streamlit as st

from rag.quotes import folded
from rag.source import PassageView, SectionView
from ui.navigation import LIBRARY
from ui.script import run_script
from ui.text import plain


def link_to(
    label: str,
    source: str,
    version_id: str,
    anchor: str = "",
    passage: str = "",
    quote: str = "",
    *,
    icon: str = "article",
) -> None:
    """A link to a source, or to one passage of it; the version is named so that an old link shows the old text."""
    query = {"kilde": source, "udgave": version_id, "afsnit": anchor, "stykke": passage, "citat": quote}
    st.page_link(
        LIBRARY.path,
        label=plain(label),
        icon=f":material/{icon}:",
        query_params={name: value for name, value in query.items() if value},
    )


def draw_section(section: SectionView, marked: str = "", quote: str = "") -> None:
    """One section; the passage with id `marked` is highlighted, and `quote` inside it twice so."""
    level = min(max(section.level, 2), 4)
    heading = f'<h{level} id="{html.escape(section.anchor)}">{html.escape(section.heading)}</h{level}>'
    body = "".join(_passage(passage, passage.id == marked, quote) for passage in section.passages)
    st.html(f"<section>{heading if section.heading else ''}{body}</section>")


def scroll_to(element_id: str, edge: Literal["start", "center"] = "center") -> None:
    """Bring an element into view once it has been drawn."""
    wanted = json.dumps(element_id).replace("<", "\\u003c")
    run_script(
        "reader_scroll",
        f"(() => {{ let left = 40; const go = () => {{ const found = document.getElementById({wanted});"
        f" if (found) found.scrollIntoView({{block: '{edge}'}}); else if (left--) setTimeout(go, 100); }};"
        " setTimeout(go, 150); setTimeout(go, 900); })();",  # twice: a chat page scrolls to its end by itself
    )


def passage_id(passage: str) -> str:
    """The element id of a passage."""
    return f"stykke-{passage}"


def _passage(passage: PassageView, marked: bool, quote: str) -> str:
    lines = [passage.text] if passage.kinds == ("table",) else passage.text.split("\n")
    parts: list[str] = []
    items: list[str] = []
    for kind, line in zip(passage.kinds, lines, strict=True):
        text = _highlighted(line, quote) if marked else html.escape(line)
        if kind == "list_item":
            items.append(f"<li>{text}</li>")
            continue
        parts += _list(items)
        items = []
        parts.append(_table(line) if kind == "table" else f"<p>{text}</p>")
    parts += _list(items)
    style = ' style="border-left: 4px solid currentColor; padding-left: 0.75rem;"' if marked else ""
    page = f"<small>Side {passage.page}</small>" if passage.page else ""
    return f'<div id="{passage_id(passage.id)}"{style}>{"".join(parts)}{page}</div>'


def _list(items: Sequence[str]) -> list[str]:
    return [f"<ul>{''.join(items)}</ul>"] if items else []


def _table(text: str) -> str:
    rows = [[html.escape(cell.strip()) for cell in row.split(" | ")] for row in text.split("\n")]
    head = "".join(f'<th scope="col">{cell}</th>' for cell in rows[0])
    body = "".join(f"<tr>{''.join(f'<td>{cell}</td>' for cell in row)}</tr>" for row in rows[1:])
    return f"<table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"


def _highlighted(line: str, quote: str) -> str:
    before, found, after = folded(line).partition(folded(quote)) if quote else (line, "", "")
    if not found:
        return html.escape(line)
    return f"{html.escape(before)}<mark>{html.escape(found)}</mark>{html.escape(after)}"
