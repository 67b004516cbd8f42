"""Pieces of the page about one's own data: what a manager sees, who has looked, what is kept, and what may be deleted."""

from itertools import groupby
from operator import attrgetter

import streamlit as st

from governance.data_rights_deletion import KEPT, Deletable
from governance.data_rights_manager import CourseLine
from governance.data_rights_places import EXEMPT
from governance.data_rights_service import Holding
from people.roles import Permission
from ui.action import perform
from ui.files import file_button
from ui.guard import Visit
from ui.paging import skipped
from ui.text import counted, danish_date, danish_moment, number, plain

PER_PAGE = 10
SAID = "mine_data_said"
_OWN = "mine_data_tick_"
_SURE = f"{_OWN}sure"
_CHOSEN = f"{_OWN}delete_{{}}"
_MAIL = f"{_OWN}mail_{{}}"
_OTHERS = """
- **Undervisere** kan søge enhver medarbejder frem på navn og enhed. De ser, hvilke kurser du har fået, med frister, hvilken
  udgave du er begyndt på, ekstra tid til prøver, fritagelser med begrundelse, beviser og begrundelsen, hvis et er tilbagekaldt,
  og hvem der er nøgleperson eller stedfortræder. De læser fritekstsvar uden navn og ser ingen andre svar og ingen point.
- **AI-taskforcen** ser det samme som undervisere og de spørgsmål, du selv sender dem, med dit navn og din enhed. De kan hente
  dokumentation for alle: navn, enhed, roller, kurser, datoer og beviser.
- **Administratorer** passer systemet og indlæser personaledata. De læser ikke samtaler og svar på nogen side.
- **Enhver, der har nummeret på et bevis,** kan tjekke det uden at logge ind: kursus, datoer, og om det gælder. Navnet vises
  ikke, men skriver man et navn, svarer siden, om det er det rigtige.
"""
_NOTED = (
    "Det skrives op, når du vises med navn: på lederens lister over kurser, der mangler, og beviser, der udløber, i "
    "dokumentation for oplæring, i lederens ugentlige mail, på undervisernes liste over deltagere og på listen over fritagelser. "
    "Det skrives ikke op, når nogen søger dig frem for at vælge dig, ser listerne over beviser og nøglepersoner, læser et "
    "spørgsmål, du har sendt til AI-taskforcen, eller indlæser personaledata."
)


# --- who sees what ------------------------------------------------------------------------------------------------


def draw_manager(visit: Visit) -> None:
    """What one's manager can see, and who that is today."""
    seen = visit.services.data_rights.seen_by_managers(visit.person)
    st.subheader("Hvad kan min leder se?")
    if seen.managers:
        names = ", ".join(f"**{plain(name)}**" for name in seen.managers)
        st.markdown(f"I dag kan {names} se, hvad der står her.")
    else:
        st.markdown(
            "I dag er der ingen leder, der kan se noget om dig. Det, der står her, er det, en leder ville kunne se."
        )
    st.markdown(f"Navn: {plain(visit.person.name)}.{_listed('Enhed', seen.units)}{_listed('Roller', seen.roles)}")
    for line in seen.lines:
        _draw_course(line)
    if not seen.lines:
        st.info("Du har ingen kurser, der er tildelt eller begyndt, og ingen beviser.")
    st.markdown(
        "I rollen som leder kan ingen se dine svar, dine point, dine øvelser eller dine samtaler. Resultater af prøver vises kun "
        "som gennemsnit for mindst fem personer. Har din leder flere roller, gælder også det, der står om dem herunder."
    )
    with st.expander("Hvem kan ellers se noget?", icon=":material/visibility:"):
        st.markdown(_OTHERS)


def _listed(what: str, names: tuple[str, ...]) -> str:
    return f" {what}: {plain(', '.join(names))}." if names else ""


def _draw_course(line: CourseLine) -> None:
    version = f", udgave {line.version}" if line.version else ""
    days = [
        f"Frist {danish_date(line.due_on)}" if line.due_on else "Ingen frist",
        f"Begyndt {danish_date(line.begun_on)}" if line.begun_on else "Ikke begyndt",
        f"Gennemført {danish_date(line.finished_on)}" if line.finished_on else "Ikke gennemført",
        f"Bevis til og med {danish_date(line.valid_until)}" if line.valid_until else "Intet bevis",
    ]
    number_of = [f"Bevisets nummer {line.certificate}"] if line.certificate else []
    with st.container(border=True):
        st.markdown(f"**{plain(line.title)}**{version}  \n{line.state.danish if line.state else 'Ikke tildelt'}")
        st.markdown(f"{'. '.join([*days, *number_of])}.")


def draw_looks(visit: Visit) -> None:
    """Who has looked at what is stored about the person."""
    rights = visit.services.data_rights
    st.subheader("Hvem har set oplysninger om mig?")
    total = rights.count_looks(visit.person)
    if not total:
        st.markdown("Der er ikke skrevet nogen op.")
        st.caption(_NOTED)
        return
    found = rights.looks(visit.person, PER_PAGE, skipped(total, "mine_data_looks", PER_PAGE))
    st.table(
        [{"Hvem": plain(one.who), "Hvad": one.what, "Hvornår": plain(danish_moment(one.at))} for one in found],
        hide_index=True,
    )
    st.caption(f"{_NOTED} Den samme persons blik på det samme skrives én gang om dagen og gemmes i 2 år.")


# --- what is kept -------------------------------------------------------------------------------------------------


def draw_holdings(visit: Visit) -> None:
    """What is stored, why and how long, by group."""
    st.subheader("Hvad er gemt om mig?")
    for group, found in groupby(visit.services.data_rights.holdings(visit.person), attrgetter("group")):
        holdings = list(found)
        rows = sum(one.count for one in holdings)
        with st.expander(f"{group.value}: {counted(rows, 'række', 'rækker')}"):
            for one in holdings:
                if one.count:
                    st.markdown(_holding_text(one))
            if empty := [one.title for one in holdings if not one.count]:
                st.caption(f"Intet gemt under: {', '.join(empty)}.")
    with st.expander("Det, der ikke er med her"):
        for reason in EXEMPT.values():
            st.markdown(f"- {reason}")


def _holding_text(one: Holding) -> str:
    since = f", siden {danish_date(one.since)}" if one.since else ""
    return (
        f"**{one.title}**: {counted(one.count, 'række', 'rækker')}{since}  \n"
        f"Hvorfor: {one.purpose}  \nHvor længe: {one.retention}"
    )


def draw_download(visit: Visit) -> None:
    """Everything as a file; it is made when it is asked for."""
    st.subheader("Hent det hele")
    st.markdown(
        "Filen er i formatet JSON, som mennesker og programmer kan læse. Facit til prøver er ikke med, og andres navne er kun "
        "med, hvor de har set oplysninger om dig. Pas på filen: den er fuld af oplysninger om dig."
    )
    file_button(
        visit,
        Permission.LEARN,
        "Hent mine data",
        lambda then: then.services.data_rights.export(then.person),
        "mine-data.json",
        mime="application/json",
        key="mine_data_export",
    )


# --- choices ------------------------------------------------------------------------------------------------------


def draw_mails(visit: Visit) -> None:
    """Which mails one wants; each choice is kept at once."""
    st.subheader("Hvilke mails vil jeg have?")
    if visit.services.mail is None:
        st.caption("Der sendes ingen mails fra AI-Univers lige nu. Dit valg gemmes, til det sker.")
    choices = visit.services.reminders.choices(visit.person)
    for choice in choices:
        if choice.optional:
            key = _MAIL.format(choice.kind.value)
            st.checkbox(
                choice.title,
                value=choice.wanted,
                key=key,
                on_change=perform,
                args=(Permission.LEARN, _choose_mail, choice.kind.value, key),
            )
    for why in dict.fromkeys(choice.why for choice in choices if not choice.optional):
        st.markdown(why)
        st.markdown("\n".join(f"- {choice.title}" for choice in choices if choice.why == why and not choice.optional))


def _choose_mail(now: Visit, kind: str, key: str) -> None:
    now.services.reminders.choose(now.person, kind, bool(st.session_state[key]))


def draw_deletion(visit: Visit) -> None:
    """What can be deleted, with what that does, behind a tick that one is sure; and what stays, and why."""
    st.subheader("Slet noget af det")
    choices = [one for one in visit.services.data_rights.deletable(visit.person) if one.count]
    if choices:
        with st.form("mine_data_deletion"):
            for one in choices:
                st.checkbox(f"{one.what.danish} ({number(one.count)})", key=_CHOSEN.format(one.what.value))
                st.caption(one.what.effect)
            st.checkbox("Jeg er sikker. Det kan ikke fortrydes.", key=_SURE)
            st.form_submit_button(
                "Slet det valgte",
                icon=":material/delete:",
                on_click=perform,
                args=(Permission.LEARN, _delete),
            )
    else:
        st.markdown("Der er ikke gemt noget, som du selv kan slette.")
    with st.expander("Hvad kan ikke slettes, og hvorfor?", icon=":material/lock:"):
        for title, why in KEPT:
            st.markdown(f"**{title}.** {why}")


def _delete(now: Visit) -> None:
    chosen = {what for what in Deletable if st.session_state.get(_CHOSEN.format(what.value))}
    done = now.services.data_rights.delete(now.person, chosen, sure=bool(st.session_state.get(_SURE)))
    for key in [key for key in st.session_state if str(key).startswith(_OWN)]:
        del st.session_state[key]  # ticks of what is gone, and of mails that were chosen away
    st.session_state[SAID] = f"Slettet: {', '.join(what.danish.lower() for what in done)}."
