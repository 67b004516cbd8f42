"""My certificates: fetch them, see how long they hold, and renew them."""

import streamlit as st

from courses.certificate_register import OwnCertificate
from courses.certification import Renewal, Standing
from people.roles import Permission
from ui.action import perform
from ui.certificates import check_link, period_text, standing_badge
from ui.courses import course_link
from ui.files import file_button
from ui.guard import Visit, guard
from ui.navigation import COURSES, REVIEWS
from ui.text import danish_date, plain

visit = guard(Permission.LEARN)
person, certification = visit.person, visit.services.certification
SAID = "certificates_said"


def renew(now: Visit, course_id: str) -> None:
    """Begin a new round of a course."""
    now.services.certification.renew(now.person, course_id)
    st.session_state[SAID] = "Fornyelsen er begyndt. Gå til kurset, og bestå den afsluttende prøve igen."


def renew_by_reviews(now: Visit, course_id: str) -> None:
    """Get a new certificate for having kept up."""
    now.services.certification.renew_by_reviews(now.person, course_id)
    st.session_state[SAID] = "Dit bevis er fornyet. Det nye står øverst."


def draw_certificate(own: OwnCertificate) -> None:
    """One certificate: what it says, how it stands, and what can be done with it."""
    facts = own.facts
    with st.container(border=True):
        st.subheader(plain(facts.title))
        with st.container(horizontal=True, gap="small"):
            standing_badge(facts.status)
        st.markdown(period_text(facts.status, facts.valid_from, facts.valid_until))
        how = "fornyet med genopfriskning" if own.by_reviews else "bestået prøve"
        st.caption(
            f"Kursets version {facts.version}. Udstedt {danish_date(facts.issued_on)}, {how}.  \nNummer {facts.number}"
        )
        if facts.revoked_on:
            st.warning(f"Beviset blev tilbagekaldt {danish_date(facts.revoked_on)}. Begrundelse: {plain(own.reason)}")
        with st.container(horizontal=True, gap="small", vertical_alignment="center"):
            if facts.status is not Standing.REVOKED:
                draw_files(own)
            check_link(facts.number)
        if own.renewal:
            draw_renewal(own, own.renewal)


def draw_files(own: OwnCertificate) -> None:
    """The certificate to print, and the badge for programs; each is made when it is asked for."""
    number = own.facts.number
    file_button(
        visit,
        Permission.LEARN,
        "Hent PDF",
        lambda then: then.services.certification.pdf(then.person, number),
        f"bevis-{own.course_id}.pdf",
        mime="application/pdf",
        icon="picture_as_pdf",
        key=f"pdf_{number}",
    )
    file_button(
        visit,
        Permission.LEARN,
        "Hent badge",
        lambda then: then.services.certification.badge(then.person, number).encode(),
        f"badge-{own.course_id}.jwt",
        mime="application/vc+jwt",
        icon="workspace_premium",
        key=f"badge_{number}",
        help="En fil, som digitale CV'er kan læse og kontrollere (Open Badges 3.0). Dit navn står ikke læsbart i den.",
    )


def draw_renewal(own: OwnCertificate, renewal: Renewal) -> None:
    """The ways to a new certificate, or why there is none today."""
    if renewal.begun:
        st.info("Du er i gang med at forny beviset. Du får det nye, når du har bestået den afsluttende prøve.")
        course_link("Gå til kurset", own.course_id)
    elif renewal.test:
        st.caption(renewal.test)
        return
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        if not renewal.begun:
            st.button(
                "Tag prøven igen" if own.facts.revoked_on else "Forny med en ny prøve",
                icon=":material/quiz:",
                on_click=perform,
                args=(Permission.LEARN, renew, own.course_id),
                key=f"renew_{own.course_id}",
            )
        if renewal.reviews == "":
            st.button(
                "Forny uden prøve",
                icon=":material/refresh:",
                type="primary",
                on_click=perform,
                args=(Permission.LEARN, renew_by_reviews, own.course_id),
                key=f"renew_by_reviews_{own.course_id}",
            )
    if renewal.reviews == "":
        st.caption("Du kan forny uden prøve, fordi du jævnligt har svaret på ugens spørgsmål.")
    elif renewal.reviews:
        st.caption(f"Forny uden prøve: {renewal.reviews}")
        st.page_link(REVIEWS.path, label="Ugens spørgsmål", icon=":material/refresh:")


st.title("Mine beviser")
settled = certification.settle(person)
if said := st.session_state.pop(SAID, None):
    st.success(said)
if settled.waiting:
    st.warning(
        "Du har bestået, men dit bevis kan ikke udstedes lige nu. Du behøver ikke gøre noget; vi prøver igen af os selv."
    )
found = certification.mine(person)
if not found:
    st.info(
        "Du har ingen beviser endnu. Du får et, når du har bestået den afsluttende prøve i et kursus, der giver bevis."
    )
    st.page_link(COURSES.path, label="Mine kurser", icon=":material/school:")
else:
    st.caption("Alle, der har bevisets nummer, kan se, om det gælder. De kan ikke se dit navn.")
for own in found:
    draw_certificate(own)
