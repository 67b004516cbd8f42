"""Where a person stands in the other tables: the assistant's, her employment and sign-ins, her mails, and what she has done."""

from sqlalchemy import ColumnElement, or_, select

from courses.authoring.tables import ManuscriptReviewRow
from courses.steering.tables import ReminderRow
from governance.data_rights_place import COURSE, Group, Place, own
from governance.tables import InboxItemRow
from people.organisation.tables import EmploymentRow, ExternalKeyRow, LookRow, MailChoiceRow, SignInRow
from people.tables import PersonRow, RoleGrantRow
from rag.tables import ConversationRow, FeedbackRow, TurnFeedbackRow, TurnRow
from storage.audit import AuditEvent
from storage.outbox import MailRow


def _turns(person_id: str) -> ColumnElement[bool]:
    talks = select(ConversationRow.id).where(ConversationRow.person_id == person_id)
    return TurnRow.conversation_id.in_(talks)


def _feedback(person_id: str) -> ColumnElement[bool]:
    turns = select(TurnRow.id).where(_turns(person_id))
    return FeedbackRow.id.in_(select(TurnFeedbackRow.feedback_id).where(TurnFeedbackRow.turn_id.in_(turns)))


def _acted(person_id: str) -> ColumnElement[bool]:
    about = (AuditEvent.object_type == "person") & (AuditEvent.object_id == person_id)
    return or_(AuditEvent.actor == person_id, about)


IN_ASSISTANT: tuple[Place, ...] = (
    Place(
        ConversationRow,
        "Samtaler",
        Group.ASSISTANT,
        own(ConversationRow),
        {"id": "id", "title": "titel", "created_at": "begyndt", "updated_at": "senest brugt"},
        "created_at",
    ),
    Place(
        TurnRow,
        "Spørgsmål og svar i samtaler",
        Group.ASSISTANT,
        _turns,
        {
            "conversation_id": "samtale",
            "number": "nummer",
            "question": "spørgsmål",
            "answer": "svar",
            "asked_at": "spurgt",
            "sent_on_at": "sendt til taskforcen",
        },
        "asked_at",
    ),
    Place(
        FeedbackRow,
        "Tilbagemeldinger på svar",
        Group.ASSISTANT,
        _feedback,
        {
            "day": "dag",
            "helpful": "svaret hjalp",
            "reason": "grund",
            "note": "bemærkning",
            "question": "spørgsmål sendt med",
            "handled_on": "behandlet",
        },
        "day",
    ),
    Place(
        InboxItemRow,
        "Spørgsmål sendt til AI-taskforcen",
        Group.ASSISTANT,
        own(InboxItemRow),
        {
            "question": "spørgsmål",
            "remark": "bemærkning",
            "status": "status",
            "reply": "svar",
            "created_at": "sendt",
            "handled_at": "besvaret",
        },
        "created_at",
    ),
)

IN_HOUSE: tuple[Place, ...] = (
    Place(
        PersonRow,
        "Navn, enhed og e-mail",
        Group.PERSON,
        lambda person_id: PersonRow.id == person_id,
        {"id": "id", "name": "navn", "unit": "enhed", "email": "e-mail", "active": "aktiv", "created_at": "oprettet"},
        "created_at",
    ),
    Place(
        RoleGrantRow,
        "Roller",
        Group.PERSON,
        own(RoleGrantRow),
        {"role": "rolle", "unit_id": "enhed", "source": "kommer fra"},
        None,
    ),
    Place(
        EmploymentRow,
        "Ansættelser",
        Group.PERSON,
        own(EmploymentRow),
        {
            "key": "nøgle i personaledata",
            "unit_id": "enhed",
            "title": "stilling",
            "primary": "hovedansættelse",
            "valid_from": "fra",
            "valid_to": "til og med",
        },
        "valid_from",
    ),
    Place(
        ExternalKeyRow,
        "Brugernavne i andre systemer",
        Group.PERSON,
        own(ExternalKeyRow),
        {"system": "system", "key": "brugernavn"},
        None,
    ),
    Place(
        SignInRow,
        "Login",
        Group.PERSON,
        own(SignInRow),
        {
            "method": "måde",
            "started_at": "begyndt",
            "seen_at": "senest aktiv",
            "ended_at": "slut",
            "reason": "hvorfor slut",
        },
        "started_at",
    ),
    Place(
        LookRow,
        "Hvem har set oplysninger om dig",
        Group.PERSON,
        own(LookRow),
        {"by": "hvem", "what": "hvad", "at": "tidspunkt"},
    ),
    Place(
        ReminderRow,
        "Påmindelser",
        Group.MAIL,
        own(ReminderRow),
        {**COURSE, "occasion": "anledning", "about": "om dagen", "at": "tidspunkt"},
    ),
    Place(
        MailRow,
        "Mails",
        Group.MAIL,
        own(MailRow),
        {
            "kind": "slags",
            "subject": "emne",
            "address": "adresse",
            "made_at": "skrevet",
            "sent_at": "sendt",
            "given_up_at": "opgivet",
        },
        "made_at",
    ),
    Place(
        MailChoiceRow,
        "Fravalgte mails",
        Group.MAIL,
        own(MailChoiceRow),
        {"kind": "slags", "at": "fravalgt"},
    ),
    Place(
        AuditEvent,
        "Revisionslog: det, du har gjort, og det, der er gjort ved din bruger",
        Group.OFFICE,
        _acted,
        {"at": "tidspunkt", "actor": "af", "action": "handling", "object_type": "om"},
    ),
    Place(
        ManuscriptReviewRow,
        "Skrevne, gennemsete og udgivne kurser",
        Group.OFFICE,
        lambda person_id: ManuscriptReviewRow.by == person_id,
        {"step": "trin", "note": "bemærkning", "at": "tidspunkt"},
    ),
)
