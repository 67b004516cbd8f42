"""Where a person stands in the tables of courses, quizzes and certificates."""

from typing import Any

from sqlalchemy import or_, select

from courses.steering.area.tables import CourseStandingRow, ScoredAttemptRow
from courses.steering.tables import ExemptionRow, KeyPersonRow
from courses.tables import (
    AssignmentRow,
    AttemptItemRow,
    AttemptRow,
    CertificateRevocationRow,
    CertificateRow,
    CertificationPeriodRow,
    EnrolmentRow,
    ExtraAttemptRow,
    ExtraTimeRow,
    ItemGradeRow,
    PromptTryRow,
    ReadingRow,
    ResponseEventRow,
    ReviewCardRow,
    ReviewRow,
    SourceUpdateRow,
)
from governance.data_rights_place import BY, COURSE, Group, Place, own


def _attempts(person_id: str) -> Any:
    return select(AttemptRow.id).where(AttemptRow.person_id == person_id)


def _items(person_id: str) -> Any:
    return select(AttemptItemRow.id).where(AttemptItemRow.attempt_id.in_(_attempts(person_id)))


IN_COURSES: tuple[Place, ...] = (
    Place(
        AssignmentRow,
        "Tildelte kurser",
        Group.COURSES,
        own(AssignmentRow),
        {
            **COURSE,
            "due_on": "frist",
            **BY,
            "ended_at": "afsluttet",
            "ended_by": "afsluttet af",
            "ended_reason": "begrundelse",
        },
    ),
    Place(
        ExemptionRow,
        "Fritagelser",
        Group.COURSES,
        own(ExemptionRow),
        {
            **COURSE,
            "until": "til og med",
            "reason": "begrundelse",
            **BY,
            "ended_at": "afsluttet",
            "ended_by": "afsluttet af",
        },
    ),
    Place(
        EnrolmentRow,
        "Begyndte kurser",
        Group.COURSES,
        own(EnrolmentRow),
        {**COURSE, "cycle": "omgang", "number": "nummer", **BY},
    ),
    Place(
        ReadingRow,
        "Læste lektioner",
        Group.COURSES,
        own(ReadingRow),
        {
            **COURSE,
            "cycle": "omgang",
            "activity": "lektion",
            "place": "nået til del",
            "opened_at": "åbnet",
            "read_at": "læst",
        },
        "opened_at",
    ),
    Place(
        PromptTryRow,
        "Forsøg i promptøvelser",
        Group.COURSES,
        own(PromptTryRow),
        {
            **COURSE,
            "cycle": "omgang",
            "activity": "øvelse",
            "prompt": "prompt",
            "fraction": "andel af point",
            "hints": "brugte tips",
            "at": "tidspunkt",
        },
    ),
    Place(
        AttemptRow,
        "Prøveforsøg",
        Group.COURSES,
        own(AttemptRow),
        {
            "id": "forsøg",
            **COURSE,
            "cycle": "omgang",
            "quiz": "prøve",
            "number": "nummer",
            "started_at": "begyndt",
            "deadline_at": "tiden var ude",
            "submitted_at": "afleveret",
            "submitted_by_time": "afleveret, fordi tiden var ude",
        },
        "started_at",
    ),
    Place(
        AttemptItemRow,
        "Spørgsmål i prøver",
        Group.COURSES,
        lambda person_id: AttemptItemRow.attempt_id.in_(_attempts(person_id)),
        {
            "id": "id",
            "attempt_id": "forsøg",
            "ordinal": "nummer",
            "question": "spørgsmål",
            "max_mark": "point i alt",
        },
        None,
    ),
    Place(
        ResponseEventRow,
        "Svar i prøver",
        Group.COURSES,
        lambda person_id: ResponseEventRow.item_id.in_(_items(person_id)),
        {"item_id": "spørgsmål i prøve", "kind": "hændelse", "response": "svar", "at": "tidspunkt"},
    ),
    Place(
        ItemGradeRow,
        "Vurderinger af svar",
        Group.COURSES,
        lambda person_id: ItemGradeRow.item_id.in_(_items(person_id)),
        {
            "item_id": "spørgsmål i prøve",
            "fraction": "andel af point",
            "state": "udfald",
            "reason": "begrundelse",
            **BY,
        },
    ),
    Place(
        ScoredAttemptRow,
        "Forsøg, der er talt med i tal om grupper",
        Group.COURSES,
        lambda person_id: ScoredAttemptRow.attempt_id.in_(_attempts(person_id)),
        {"attempt_id": "forsøg"},
        None,
    ),
    Place(
        ExtraAttemptRow,
        "Ekstra forsøg",
        Group.COURSES,
        own(ExtraAttemptRow),
        {**COURSE, "cycle": "omgang", "quiz": "prøve", **BY},
    ),
    Place(
        ExtraTimeRow,
        "Ekstra tid til prøver",
        Group.COURSES,
        own(ExtraTimeRow),
        {"percent": "procent", **BY},
    ),
    Place(
        CertificationPeriodRow,
        "Perioder med bevis",
        Group.COURSES,
        own(CertificationPeriodRow),
        {
            **COURSE,
            "cycle": "omgang",
            "certified_at": "bestået",
            "valid_from": "gælder fra",
            "valid_until": "gælder til og med",
            "window_opens_on": "kan fornyes fra",
            "evidence": "forsøg, eller genopfriskning (reviews)",
        },
        "certified_at",
    ),
    Place(
        CertificateRow,
        "Beviser",
        Group.COURSES,
        own(CertificateRow),
        {"id": "nummer", "holder": "navn på beviset", "issued_at": "udstedt", "token": "badge"},
        "issued_at",
    ),
    Place(
        CertificateRevocationRow,
        "Tilbagekaldte beviser",
        Group.COURSES,
        lambda person_id: CertificateRevocationRow.certificate_id.in_(
            select(CertificateRow.id).where(CertificateRow.person_id == person_id)
        ),
        {"certificate_id": "bevis", **BY, "reason": "begrundelse"},
    ),
    Place(
        ReviewRow,
        "Genopfriskning",
        Group.COURSES,
        own(ReviewRow),
        {
            "week": "uge",
            "question_version_id": "spørgsmål",
            "response": "svar",
            "fraction": "andel af point",
            "at": "besvaret",
        },
    ),
    Place(
        ReviewCardRow,
        "Huskekort til genopfriskning",
        Group.COURSES,
        own(ReviewCardRow),
        {"question_id": "spørgsmål", "card": "hvor godt det huskes", "due_at": "stilles igen"},
        None,
    ),
    Place(
        SourceUpdateRow,
        "Ændrede regler, du har fået besked om",
        Group.COURSES,
        own(SourceUpdateRow),
        {
            "source_id": "kilde",
            "anchor": "afsnit",
            "before": "før",
            "after": "nu",
            "at": "tidspunkt",
            "read_at": "læst",
        },
    ),
    Place(
        CourseStandingRow,
        "Hvor langt du er, som din leder ser det",
        Group.COURSES,
        own(CourseStandingRow),
        {
            **COURSE,
            "assigned_on": "tildelt",
            "assigned_to": "tildelt til",
            "due_on": "frist",
            "exempt_from": "fritaget fra",
            "exempt_to": "fritaget til og med",
            "cycle": "omgang",
            "begun_on": "begyndt",
            "first_on": "bestået første gang",
            "finished_on": "gennemført",
            "valid_until": "bevis gælder til og med",
        },
        "assigned_on",
    ),
    Place(
        KeyPersonRow,
        "Nøgleperson eller stedfortræder",
        Group.COURSES,
        lambda person_id: or_(KeyPersonRow.person_id == person_id, KeyPersonRow.deputy_id == person_id),
        {"unit_id": "enhed", **COURSE, "person_id": "hverv", "valid_from": "fra", "valid_to": "til og med", **BY},
    ),
)
