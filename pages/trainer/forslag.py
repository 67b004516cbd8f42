"""Questions proposed from a source: make some, read each, take it into a manuscript or drop it."""

from ui.proposals import draw_proposals

from people.roles import Permission
from ui.guard import guard

visit = guard(Permission.MANAGE_COURSES)
draw_proposals(visit)
