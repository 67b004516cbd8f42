"""The Danish frame: Streamlit's own words, language mark and shortcuts, which no setting of Streamlit's reaches."""

import json
from functools import cache
from pathlib import Path

import streamlit as st

STATIC = Path(__file__).resolve().parent / "static"
FAVICON = STATIC / "favicon.png"
KEY = "danish_frame"


@cache
def danish_script() -> str:
    """A `<script>` element that makes the frame Danish once per browser page; see `ui/static/danish.js`."""
    function = (STATIC / "danish.js").read_text(encoding="utf-8")
    dictionary = json.loads((STATIC / "danish.json").read_text(encoding="utf-8"))
    # An escaped "<" can neither end the element nor alarm Streamlit's sanitiser.
    data = json.dumps(dictionary, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f"<script>{function}\ndanishFrame({data});</script>"


@cache
def frame_style() -> str:
    """A `<style>` element with the few rules that accessibility asks for and the theme cannot give."""
    return f"<style>{(STATIC / 'frame.css').read_text(encoding='utf-8')}</style>"


def danish_frame() -> None:
    """Put the script and the rules on the page; call it on every run, after `st.set_page_config`.

    Needed for plain `streamlit run app.py`; `server.py` puts the same script into the page's head, and the second one does
    nothing. The element that carries it takes no space.
    """
    with st.container(key=KEY):
        st.html(frame_style() + danish_script(), unsafe_allow_javascript=True)
