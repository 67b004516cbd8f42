"""Entry of the app: `streamlit run app.py`. Frame, sign-in and navigation by role."""

import streamlit as st

from ui.frame import FAVICON, danish_frame
from ui.guard import signed_in
from ui.last_run import let_the_last_run_finish
from ui.log import catch_errors
from ui.navigation import MINE, pages_for, pages_signed_out, streamlit_page
from ui.resources import services
from ui.sign_in import make_sign_in
from ui.text import plain

st.set_page_config(page_title="AI-Univers", page_icon=str(FAVICON), layout="centered")
danish_frame()
let_the_last_run_finish()

with catch_errors():
    house = services()
    sign_in = make_sign_in()
    sign_in.remember()
    person = signed_in(house)
    if person is None:
        entrance = st.navigation(pages_signed_out(lambda: sign_in.draw(house)), position="hidden")
        entrance.run()
    else:
        page = st.navigation([streamlit_page(entry) for entry in pages_for(person)], position="top")
        page.run()
        with st.container(horizontal=True, horizontal_alignment="right", vertical_alignment="center"):
            roles = ", ".join(role.danish for role in sorted(person.roles))
            mark = f"{sign_in.mark}: " if sign_in.mark else ""
            st.caption(f"{mark}Du er logget ind som {plain(person.name)} ({roles}).")
            st.page_link(MINE.path, label=MINE.title, icon=f":material/{MINE.icon}:")
            st.button("Log ud", key="sign_out", type="tertiary", on_click=sign_in.sign_out, args=(house,))
