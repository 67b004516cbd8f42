"""Small scripts for the browser, in an element that takes no space."""

import streamlit as st


def run_script(key: str, javascript: str) -> None:
    """Run `javascript` once when it first appears or changes. Values in it must be written with `json.dumps`."""
    with st.container(key=key):
        st.html(
            f"<style>.st-key-{key} {{ display: none; }}</style><script>{javascript}</script>",
            unsafe_allow_javascript=True,
        )
