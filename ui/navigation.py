"""All pages in one table: file, title, address, icon and the permission each demands."""

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
PAGES = (FRONT, ASK, LIBRARY, GLOSSARY, MATERIAL, INBOX, OPERATION)


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
        help=page.about,
    )
