"""Questions proposed from a source: make some, read each, take it into a manuscript or drop it."""

from people.roles import Permission
from ui.guard import guard
from ui.proposals import draw_proposals

visit = guard(Permission.MANAGE_COURSES)
draw_proposals(visit)
