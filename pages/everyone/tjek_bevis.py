"""Public page, open without signing in: whether a certificate holds, and whether it was issued to a name that is shown."""

import streamlit as st

from courses.certificate_register import NAME_CHARS, Facts
from courses.certification import CHECK_QUERY, LONGEST_TYPED, Standing, certificate_number
from ui.certificates import period_text, standing_badge
from ui.resources import services
from ui.text import danish_date, plain

certification = services().certification
NUMBER = "check_number"


def draw_facts(facts: Facts) -> None:
    """What everybody may know."""
    with st.container(border=True):
        st.subheader(plain(facts.title))
        with st.container(horizontal=True, gap="small"):
            standing_badge(facts.status)
        st.markdown(_meaning(facts))
        st.caption(
            f"{period_text(facts.status, facts.valid_from, facts.valid_until)} Kursets version {facts.version}. "
            f"Udstedt {danish_date(facts.issued_on)} af Randers Kommune.  \nNummer {facts.number}"
        )


def _meaning(facts: Facts) -> str:
    if facts.revoked_on:
        return f"Beviset blev tilbagekaldt {danish_date(facts.revoked_on)} og gælder ikke."
    return {
        Standing.COMING: f"Beviset er ægte og gælder fra {danish_date(facts.valid_from)}.",
        Standing.VALID: "Beviset er ægte og gælder.",
        Standing.EXPIRED: f"Beviset er ægte, men udløb {danish_date(facts.valid_until)}.",
    }[facts.status]


def draw_name(number: str) -> None:
    """Whether the certificate belongs to a name; the name is neither shown, stored nor written into the address."""
    with st.form(f"check_name_{number}", border=False):
        name = st.text_input("Navn på beviset", key=f"check_name_of_{number}", max_chars=NAME_CHARS)
        asked = st.form_submit_button("Passer navnet?", icon=":material/badge:")
    if not asked:
        return
    if not name.strip():
        st.warning("Skriv navnet, som det står på beviset.")
    elif certification.is_holder(number, name):
        st.success("Navnet passer.")
    else:
        st.error("Navnet passer ikke. Skriv det, som det står på beviset, med alle for- og efternavne.")


def look_up() -> None:
    """Put the number into the address, so that it can be shared; whatever else was typed does not belong there."""
    number = certificate_number(st.session_state.get(NUMBER, ""))
    if number:
        st.query_params[CHECK_QUERY] = number
    else:
        st.query_params.pop(CHECK_QUERY, None)


st.title("Tjek et bevis")
st.markdown("Se, om et bevis fra Randers Kommunes AI-univers gælder. Nummeret står på beviset.")
asked = st.query_params.get(CHECK_QUERY, "")[:LONGEST_TYPED]
with st.form("check", border=False):
    typed = st.text_input("Bevisets nummer", asked, max_chars=LONGEST_TYPED, key=NUMBER)
    if st.form_submit_button("Tjek beviset", icon=":material/verified:", type="primary", on_click=look_up):
        asked = typed.strip()
if asked:
    number = certificate_number(asked)
    facts = certification.check(number) if number else None
    if number is None:
        st.warning(
            "Det er ikke et bevisnummer. Nummeret er på 36 tegn, tal og bogstaver med bindestreger imellem, "
            "og står på beviset. Du kan også indsætte hele adressen fra beviset."
        )
    elif facts is None:
        st.error("Vi har ikke udstedt et bevis med det nummer. Kontrollér, at alle tegn er med.")
    else:
        draw_facts(facts)
        draw_name(facts.number)
