"""Every table that holds something about a person. A test goes through all tables of the house and demands that each is among
`PLACES`, or exempt with a reason.

Left out of the fields are secrets, and whatever is about somebody else.
"""

from governance.data_rights_in_courses import IN_COURSES
from governance.data_rights_in_house import IN_ASSISTANT, IN_HOUSE
from governance.data_rights_place import Place

PLACES: tuple[Place, ...] = (*IN_ASSISTANT, *IN_COURSES, *IN_HOUSE)

EXEMPT: dict[str, str] = {
    "question_log": (
        "Loggen over spørgsmål har ingen navne, samtaler eller klokkeslæt. Ingen kan se, hvilke rækker der er dine."
    ),
    "turn_feedback": "Forbindelsen mellem et spørgsmål og din tilbagemelding står ikke for sig selv, for begge er med.",
    "xapi_statement": (
        "Udsagn til kommunens samling af læringsdata står under et pseudonym. Indholdet slettes, når det er sendt, ellers efter "
        "1 år, og kvitteringen for det efter 5 år. "
        "Administratoren kan finde dit pseudonym, hvis du beder om det."
    ),
}
"""Tables that are not in the export, and why, in words for the person."""

AUTHORS = frozenset(
    {
        "by",
        "actor",
        "created_by",
        "changed_by",
        "ended_by",
        "handled_by",
        "decided_by",
        "manager_id",
        "acting_manager_id",
    }
)
"""Columns that name whoever did something or answers for it. Rows about others are told of by these alone: table and moment."""
