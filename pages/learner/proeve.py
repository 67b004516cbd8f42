"""An attempt at a quiz: taking it, or reading it afterwards."""

import streamlit as st

from courses.errors import CourseError
from people.roles import Permission
from ui.attempt import draw_clock, draw_open, draw_submitted
from ui.courses import course_link
from ui.guard import guard
from ui.navigation import CERTIFICATES, COURSES
from ui.text import plain

visit = guard(Permission.LEARN)
person, house = visit.person, visit.services

try:
    attempt = house.attempts.get(person, st.query_params.get("forsoeg", ""))
except CourseError as error:
    st.title("Prøve")
    st.warning(str(error))
    st.page_link(COURSES.path, label="Mine kurser", icon=":material/arrow_back:")
    st.stop()

course = house.courses.version(attempt.version_id).course
quiz = course.activity(attempt.quiz)
title = quiz.title if quiz else attempt.quiz
if attempt.submitted:
    house.certification.settle(person)
    passed, done = house.attempts.standing(person, attempt)
    draw_submitted(visit, attempt, title, done=done)
    if passed and attempt.quiz == course.final and course.certificate:
        st.page_link(CERTIFICATES.path, label="Hent dit bevis", icon=":material/workspace_premium:")
else:
    st.title(plain(title))
    course_link(course.title, course.id, attempt.quiz, icon="arrow_back")
    if attempt.deadline_at is not None:
        draw_clock(attempt.id)
    draw_open(attempt.id)
