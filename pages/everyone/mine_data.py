"""My data: what is stored about me, who sees it, all of it as a file, and what I can delete."""

import streamlit as st

from people.roles import Permission
from ui.guard import guard
from ui.mine_data import SAID, draw_deletion, draw_download, draw_holdings, draw_looks, draw_mails, draw_manager

visit = guard(Permission.LEARN)

st.title("Mine data")
if said := st.session_state.pop(SAID, None):
    st.success(said)
st.markdown(
    "Her ser du, hvad AI-Univers har gemt om dig, hvorfor, hvor længe, og hvem der kan se det. Du kan hente det hele og slette "
    "noget af det."
)
draw_manager(visit)
draw_looks(visit)
draw_holdings(visit)
draw_download(visit)
draw_mails(visit)
draw_deletion(visit)
