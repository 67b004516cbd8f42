"""A presentation or a document becomes lessons in a manuscript and, if chosen, a source for the assistant."""

from people.roles import Permission
from ui.file_lessons import draw_file_lessons
from ui.guard import guard
from ui.workshop import named_manuscript

visit = guard(Permission.MANAGE_COURSES)
draw_file_lessons(visit, named_manuscript(visit))
