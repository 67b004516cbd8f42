"""All pages in one table: file, title, address, icon and the permission each demands."""

from collections.abc import Callable
from dataclasses import dataclass

import streamlit as st
from streamlit.navigation.page import StreamlitPage

from people.person import Person
from people.roles import Permission


@dataclass(frozen=True)
class Page:
    """One page; `path` is relative to `app.py`, `address` is the end of its web address (the front page has none)."""

    path: str
    title: str
    address: str
    icon: str
    permission: Permission
    about: str
    in_menu: bool = True


FRONT = Page("pages/everyone/forside.py", "AI-univers", "", "home", Permission.ASK, "Spørg, find genveje og se nyt")
ASK = Page(
    "pages/everyone/spoerg.py", "Spørg", "spoerg", "forum", Permission.ASK, "Få svar med præcise citater fra kilderne"
)
LIBRARY = Page(
    "pages/everyone/retningslinjer.py",
    "Retningslinjer",
    "retningslinjer",
    "menu_book",
    Permission.READ_SOURCES,
    "Læs og søg i alle kilder",
)
GLOSSARY = Page(
    "pages/everyone/ordbog.py",
    "Ordbog",
    "ordbog",
    "dictionary",
    Permission.READ_SOURCES,
    "Slå AI-ord op på klart dansk",
)
MATERIAL = Page(
    "pages/trainer/materiale.py",
    "Materiale",
    "materiale",
    "upload_file",
    Permission.MANAGE_SOURCES,
    "Læg filer op, og udgiv dem som kilder",
)
INBOX = Page(
    "pages/taskforce/indbakke.py",
    "Indbakke",
    "indbakke",
    "inbox",
    Permission.HANDLE_INBOX,
    "Besvar spørgsmål, som kilderne ikke dækker",
)
OPERATION = Page(
    "pages/admin/indeks.py",
    "Indeks og kvalitet",
    "indeks",
    "monitoring",
    Permission.SEE_QUALITY,
    "Se, hvordan søgningen og svarene har det",
)
COURSES = Page(
    "pages/learner/mine_kurser.py",
    "Mine kurser",
    "kurser",
    "school",
    Permission.LEARN,
    "Tag et kursus, og fortsæt, hvor du slap",
)
COURSE = Page("pages/learner/kursus.py", "Kursus", "kursus", "school", Permission.LEARN, "Et kursus", in_menu=False)
ATTEMPT = Page("pages/learner/proeve.py", "Prøve", "proeve", "quiz", Permission.LEARN, "En prøve", in_menu=False)
REVIEWS = Page(
    "pages/learner/genopfriskning.py",
    "Genopfriskning",
    "genopfriskning",
    "refresh",
    Permission.LEARN,
    "Tre spørgsmål om ugen",
    in_menu=False,
)
UPDATES = Page(
    "pages/learner/opdatering.py",
    "Ændringer",
    "aendringer",
    "update",
    Permission.LEARN,
    "Retningslinjer, der er ændret, siden du lærte om dem",
    in_menu=False,
)
CERTIFICATES = Page(
    "pages/learner/beviser.py",
    "Mine beviser",
    "beviser",
    "workspace_premium",
    Permission.LEARN,
    "Hent dine beviser, og forny dem",
    in_menu=False,
)
CHECK = Page(
    "pages/everyone/tjek_bevis.py",
    "Tjek et bevis",
    "tjek-bevis",
    "verified",
    Permission.LEARN,
    "Se, om et bevis gælder",
    in_menu=False,
)
MINE = Page(
    "pages/everyone/mine_data.py",
    "Mine data",
    "mine-data",
    "shield_person",
    Permission.LEARN,
    "Se, hvad der er gemt om dig, hent det, eller slet noget af det",
    in_menu=False,
)
TEACHING = Page(
    "pages/trainer/deltagere.py",
    "Deltagere",
    "deltagere",
    "groups",
    Permission.MANAGE_COURSES,
    "Tildel kurser, vurdér svar, og giv ekstra tid",
)
STEERING = Page(
    "pages/trainer/styring.py",
    "Styring",
    "styring",
    "account_tree",
    Permission.MANAGE_STEERING,
    "Lav regler for kurser, fritag, og udpeg nøglepersoner",
)
QUESTIONS = Page(
    "pages/trainer/spoergsmaal.py",
    "Spørgsmål",
    "spoergsmaal",
    "rule",
    Permission.MANAGE_COURSES,
    "Se efter spørgsmål, hvis retningslinje er ændret",
)
ANALYSIS = Page(
    "pages/trainer/analyse.py",
    "Analyse",
    "analyse",
    "query_stats",
    Permission.MANAGE_COURSES,
    "Se, hvilke spørgsmål der virker, og hvilke der skal rettes",
)
WORKSHOP = Page(
    "pages/trainer/vaerksted.py",
    "Kursusværksted",
    "vaerksted",
    "construction",
    Permission.MANAGE_COURSES,
    "Skriv kurser og spørgsmål, og udgiv nye versioner",
)
MANUSCRIPT = Page(
    "pages/trainer/kladde.py",
    "Kladde",
    "kladde",
    "edit_document",
    Permission.MANAGE_COURSES,
    "Et kursus, mens det skrives",
    in_menu=False,
)
EDITING = Page(
    "pages/trainer/rediger.py",
    "Rediger",
    "rediger",
    "edit",
    Permission.MANAGE_COURSES,
    "Ret en del af en kladde",
    in_menu=False,
)
EXCHANGE = Page(
    "pages/trainer/udveksling.py",
    "Import og eksport",
    "udveksling",
    "sync_alt",
    Permission.MANAGE_COURSES,
    "Hent spørgsmål fra Moodle og andre, og tag dine med",
    in_menu=False,
)
FILE_LESSONS = Page(
    "pages/trainer/lektioner_fra_fil.py",
    "Lektioner fra en fil",
    "lektioner-fra-fil",
    "upload_file",
    Permission.MANAGE_COURSES,
    "Gør en præsentation eller et dokument til lektioner",
    in_menu=False,
)
PROPOSALS = Page(
    "pages/trainer/forslag.py",
    "Forslag til spørgsmål",
    "forslag",
    "tips_and_updates",
    Permission.MANAGE_COURSES,
    "Spørgsmål, der er lavet ud fra en kilde",
    in_menu=False,
)
AREA = Page(
    "pages/manager/mit_omraade.py",
    "Mit område",
    "mit-omraade",
    "diversity_3",
    Permission.SEE_AREA,
    "Se, hvem i dine enheder der mangler et kursus",
)
EVIDENCE = Page(
    "pages/manager/evidens.py",
    "Evidens for AI-færdigheder",
    "evidens",
    "fact_check",
    Permission.SEE_AREA,
    "Lav dokumentation for gennemført oplæring",
    in_menu=False,
)
ORGANISATION = Page(
    "pages/admin/organisation.py",
    "Organisation",
    "organisation",
    "account_tree",
    Permission.IMPORT_STAFF,
    "Se enhederne, og indlæs enheder og personer fra en fil",
)
PAGES = (
    FRONT,
    ASK,
    COURSES,
    AREA,
    LIBRARY,
    GLOSSARY,
    MATERIAL,
    WORKSHOP,
    TEACHING,
    STEERING,
    QUESTIONS,
    ANALYSIS,
    INBOX,
    OPERATION,
    ORGANISATION,
    COURSE,
    ATTEMPT,
    REVIEWS,
    UPDATES,
    CERTIFICATES,
    CHECK,
    MINE,
    MANUSCRIPT,
    EDITING,
    EXCHANGE,
    FILE_LESSONS,
    PROPOSALS,
    EVIDENCE,
)


def pages_for(person: Person) -> list[Page]:
    """The pages a person may open, in the order of the menu."""
    return [page for page in PAGES if person.may(page.permission)]


def streamlit_page(page: Page) -> StreamlitPage:
    """The page as streamlit wants it."""
    return st.Page(
        page.path,
        title=page.title,
        icon=f":material/{page.icon}:",
        url_path=page.address,
        default=page is FRONT,
        visibility="visible" if page.in_menu else "hidden",
        help=page.about,
    )


def pages_signed_out(draw: Callable[[], None]) -> list[StreamlitPage]:
    """What the addresses show while nobody is signed in: `draw`, the sign-in page; the check of a certificate is open to all.

    All addresses are known, so that one in a mail is no error, and who signs in there lands there.
    """
    doors = [
        st.Page(draw, title="Log ind", url_path=page.address, default=page is FRONT, visibility="hidden")
        for page in PAGES
        if page is not CHECK
    ]
    return [*doors, streamlit_page(CHECK)]
