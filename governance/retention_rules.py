"""How long each table with personal data is kept, as one table of code beside what the tables themselves declare.

`declared` repeats the table's own `info["retention"]` word for word; a test compares them, so that nobody changes the promise
without coming by here, or the other way round.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from rag.calendar import day_begins


class Deed(StrEnum):
    """What happens to a row whose time is over."""

    DELETED = "deleted"
    ANONYMISED = "anonymised"
    KEPT = "kept"

    @property
    def danish(self) -> str:
        """The deed as shown to people."""
        return {"deleted": "slettes", "anonymised": "anonymiseres", "kept": "bevares"}[self.value]


@dataclass(frozen=True)
class Period:
    """A length of time by the calendar."""

    years: int = 0
    days: int = 0

    def before(self, day: date) -> date:
        """The day this long before `day`; 29 February becomes the 28th where the year has none."""
        try:
            earlier = day.replace(year=day.year - self.years)
        except ValueError:
            earlier = day.replace(year=day.year - self.years, day=28)
        return earlier - timedelta(days=self.days)


@dataclass(frozen=True)
class Rule:
    """What a table promises, what happens when its time is over, and how long that is.

    `period` is empty where a setting says how long, or where the row follows another: `follows` names which, in Danish.
    """

    declared: str
    deed: Deed
    period: Period | None = None
    follows: str = ""


_PROOF = Rule(
    "5 år efter forløbets afslutning, derefter anonymiseres rækken.", Deed.ANONYMISED, Period(years=5), "forløbet"
)
_WITH_PERSON = Rule("Slettes med personen.", Deed.DELETED, None, "personen")
_STAFF = Rule(
    "Så længe personen er ansat, og derefter 5 år af hensyn til dokumentation for oplæring.",
    Deed.DELETED,
    Period(years=5),
)

RULES: dict[str, Rule] = {
    # the assistant
    "conversation": Rule(
        "Slettes efter 90 dage (kan indstilles) uden nye spørgsmål, eller når personen selv sletter.",
        Deed.DELETED,
        None,
        "CONVERSATION_DAYS",
    ),
    "turn": Rule("Følger samtalen.", Deed.DELETED, None, "samtalen"),
    "question_log": Rule(
        "Slettes efter 90 dage (kan indstilles), eller når en administrator tømmer loggen.",
        Deed.DELETED,
        None,
        "QUESTION_LOG_DAYS",
    ),
    "feedback": Rule(
        "Slettes efter 90 dage (kan indstilles), eller når den, der gav den, trækker den tilbage.",
        Deed.DELETED,
        None,
        "QUESTION_LOG_DAYS",
    ),
    "turn_feedback": Rule(
        "Forsvinder med samtalen eller med tilbagemeldingen.", Deed.DELETED, None, "samtalen eller tilbagemeldingen"
    ),
    "inbox_item": Rule(
        "Afsender fjernes 90 dage efter svaret, uden svar efter 1 år; spørgsmål og svar bevares uden navn.",
        Deed.ANONYMISED,
        Period(days=90),
    ),
    # courses
    "assignment": _PROOF,
    "enrolment": _PROOF,
    "reading": _PROOF,
    "prompt_try": _PROOF,
    "extra_attempt": _PROOF,
    "attempt": _PROOF,
    "attempt_item": _PROOF,
    "response_event": _PROOF,
    "item_grade": _PROOF,
    "certification_period": _PROOF,
    "certificate": Rule(
        "Navn og person slettes efter 5 år; bevisets nummer, kursus og datoer bevares.",
        Deed.ANONYMISED,
        Period(years=5),
    ),
    "certificate_revocation": Rule(
        "Begrundelsen slettes med navnet på beviset efter 5 år; at beviset er tilbagekaldt, bevares.",
        Deed.ANONYMISED,
        None,
        "beviset",
    ),
    "review": _PROOF,
    "source_update": _PROOF,
    "exemption": _PROOF,
    "key_person": _PROOF,
    "course_standing": Rule(
        "Følger de rækker, den er regnet ud fra: 5 år efter forløbets afslutning, derefter anonymiseres rækken.",
        Deed.DELETED,
        None,
        "forløbet",
    ),
    "scored_attempt": _PROOF,
    "review_card": _WITH_PERSON,
    "extra_time": _WITH_PERSON,
    "manuscript_review": Rule("Så længe kursets versioner opbevares.", Deed.KEPT, None, "kursets versioner"),
    "xapi_statement": Rule(
        "Indholdet slettes, når det er leveret, ellers efter 1 år; kvitteringen slettes efter 5 år.",
        Deed.DELETED,
        Period(years=5),
    ),
    # people
    "person": Rule(
        "Så længe personen er aktiv; deaktiverede personer anonymiseres efter 5 år.", Deed.ANONYMISED, Period(years=5)
    ),
    "role_grant": Rule("Følger personen.", Deed.DELETED, None, "personen"),
    "employment": _STAFF,
    "external_key": _STAFF,
    "mail_choice": _WITH_PERSON,
    "reminder": Rule("1 år efter, at mailen er skrevet.", Deed.DELETED, Period(years=1)),
    "sign_in": Rule("30 dage efter, at den er slut.", Deed.DELETED, Period(days=30)),
    "look": Rule("2 år.", Deed.DELETED, Period(years=2)),
    "mail": Rule(
        "Adresse og tekst slettes, når mailen er sendt eller opgivet; rækken slettes efter 1 år.",
        Deed.DELETED,
        Period(years=1),
    ),
    "audit_event": Rule("5 år, derefter slettes hele rækker fra den ældste ende.", Deed.DELETED, Period(years=5)),
}


@dataclass(frozen=True)
class Cutoff:
    """The days and moments before which something is too old, on `today`."""

    today: date

    def day(self, table: str) -> date:
        """What a table holds of days before this one has been kept for its time."""
        period = RULES[table].period
        if period is None:
            raise ValueError(f"{table} has no period of its own")
        return period.before(self.today)

    def moment(self, table: str) -> datetime:
        """The same as a moment: when that day begins in Denmark."""
        return day_begins(self.day(table))
