"""Import and export: questions from Moodle and others into a manuscript, and questions to take away."""

import streamlit as st

from people.roles import Permission
from ui.exchange import draw_export, draw_import
from ui.guard import guard
from ui.navigation import WORKSHOP
from ui.text import plain
from ui.workshop import manuscript_link, named_manuscript, show_done

visit = guard(Permission.MANAGE_COURSES)
course_id = st.query_params.get("kursus", "")

if course_id:
    st.page_link(WORKSHOP.path, label="Kursusværksted", icon=":material/arrow_back:")
    st.title("Tag spørgsmålene med")
    version = visit.services.courses.newest(course_id)
    if version is None:
        st.warning("Kurset findes ikke.")
        st.stop()
    st.markdown(f"Spørgsmålene i **{plain(version.course.title)}**, version {version.number}.")
    draw_export(visit, version.course.modules, course_id)
else:
    view = named_manuscript(visit)
    module_id = st.query_params.get("modul", "")
    manuscript_link(view.line.title, view.line.id, module=module_id, icon="arrow_back")
    st.title("Import og eksport")
    show_done()
    CHOICES = {"Import": "import", "Eksport": "eksport"}
    chosen = st.segmented_control("Vis", list(CHOICES), default="Import", key="vis", bind="query-params", required=True)
    if chosen == "Import":
        draw_import(visit, view, module_id)
    else:
        draw_export(visit, view.content.modules, view.line.course_id)
