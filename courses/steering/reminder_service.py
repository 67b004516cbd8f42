"""Use cases of reminders: who is to be told what today, writing it once, a manager's own reminder, and what people want.

A mail is written in the transaction that notes what it tells of. Its key is the person and the day, so that nobody gets more
than one reminder a day, however many processes plan at once; what did not come with is told the next day.
"""

import logging
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from datetime import date, datetime, timedelta
from random import SystemRandom

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.course_service import CourseService
from courses.errors import NotOpen, UnknownCourse
from courses.steering.area.standing import UNFINISHED
from courses.steering.area.standing_service import StandingService
from courses.steering.area.tables import CourseStandingRow
from courses.steering.digest import Digest
from courses.steering.digest_rows import planned_digests
from courses.steering.reminder_choice import Choice, choices_of, choose
from courses.steering.reminder_days import is_first_of_week, is_quiet, may_go
from courses.steering.reminder_occasion import Occasion, Told
from courses.steering.reminder_plan import Offer, Planned, planned, standing_of
from courses.steering.reminder_report import Forecast, Reminded, Round, Written
from courses.steering.reminder_waiting import bring_up_to_date, forget_in_vain, is_waiting, outdated
from courses.steering.reminder_writing import (
    digest_key,
    reminder_key,
    with_mail,
    write_by_manager,
    write_digests,
    write_reminders,
)
from courses.steering.tables import ReminderRow
from people.errors import NotAllowed
from people.organisation.scope import led_people
from people.person import Person
from people.refusals import note_others
from people.roles import Permission, Scope
from people.tables import PersonRow
from storage.base import now
from storage.calendar import danish_day
from storage.mail_service import Delivered, MailService
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)
SECONDS = 60.0  # between two rounds
TOGETHER = 500
AGAIN_AFTER = timedelta(days=7)
NO_SERVER = "Der er ikke sat en mailserver op, så der kan ikke sendes mails. Bed IT & Digitalisering om det."


class ReminderService:
    """Reminders about the courses in the database behind `engine`; `mail` sends them, and is None where no server is set.

    `public_url` is where links lead; `clock` gives the moment, in UTC.
    """

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        mail: MailService | None,
        public_url: str,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._mail = mail
        self._public_url = public_url
        self._clock = clock
        self._standings = StandingService(engine, courses, clock)

    @property
    def can_send(self) -> bool:
        """Whether a mail server is set; pages say so where it is not."""
        return self._mail is not None

    def today(self) -> date:
        """The Danish day."""
        return danish_day(self._clock())

    # --- planning -------------------------------------------------------------------------------------------------

    def plan(self, day: date) -> list[Planned]:
        """The reminders that are to go on `day`, one a person; none on a quiet day. Writes nothing of them."""
        self._standings.refresh()
        return self._planned(day)

    def digests(self, day: date) -> list[Digest]:
        """The digests to managers that are to go on `day`: on the first working day of a week, else none."""
        self._standings.refresh()
        return self._planned_digests(day)

    def _planned(self, day: date) -> list[Planned]:
        if is_quiet(day):
            return []
        with reading(self._engine) as session:
            return planned(session, self._offers(), day)

    def _planned_digests(self, day: date) -> list[Digest]:
        if not is_first_of_week(day):
            return []
        with reading(self._engine) as session:
            return planned_digests(session, self._offers(), day)

    def _offers(self) -> dict[str, Offer]:
        return {
            version.course.id: Offer(version.course.title, version.course.certificate is not None)
            for version in self._courses.courses()
        }

    def forecast(self, day: date) -> Forecast:
        """What `write_due` would write on `day`, in counts: nothing to those who have their mail."""
        self._standings.refresh()
        plan = {reminder_key(one.person_id, day): one for one in self._planned(day)}
        overviews = {digest_key(one.manager_id, day): one for one in self._planned_digests(day)}
        with reading(self._engine) as session:
            written = with_mail(session, [*plan, *overviews])
        reachable = [one for key, one in plan.items() if one.address and key not in written]
        occasions = Counter(told.occasion.value for one in reachable for told in one.told)
        return Forecast(
            day,
            len(reachable),
            sum(one.address is not None for key, one in overviews.items() if key not in written),
            sum(one.address is None for one in plan.values()),
            dict(sorted(occasions.items())),
            is_quiet(day),
        )

    # --- writing --------------------------------------------------------------------------------------------------

    def write_due(self, day: date) -> Written:
        """Write the mails of a day. Safe to repeat, and to do in several processes at once. Nothing where no server is set."""
        if self._mail is None:
            return Written()
        if is_quiet(day):
            return Written(quiet=True)
        self._standings.refresh()
        withdrawn = self._withdraw_outdated(day)
        plan, overviews = self._planned(day), self._planned_digests(day)
        reachable = [one for one in plan if one.address]
        reminders = 0
        for first in range(0, len(reachable), TOGETHER):
            with transaction(self._engine) as session:
                one_at_a_time(session)
                part = reachable[first : first + TOGETHER]
                reminders += write_reminders(session, part, day, self._public_url, self._clock())
        with transaction(self._engine) as session:
            sent = write_digests(session, overviews, day, self._public_url, self._clock())
        return Written(reminders, sent, len(plan) - len(reachable), withdrawn)

    def withdraw_outdated(self) -> int:
        """Take back mails that wait for a server and should not go any more: to people who have left, who have chosen them away
        or who have done what they say, and to managers who may not see the people named. Other digests, and addresses, are
        brought up to date. How many were taken back; what else they say is planned again.
        """
        with reading(self._engine) as session:
            if not is_waiting(session, self._clock()):
                return 0
        self._standings.refresh()
        return self._withdraw_outdated(self.today())

    def _withdraw_outdated(self, day: date) -> int:
        with reading(self._engine) as session:
            found = outdated(session, self._offers(), day, self._public_url, self._clock())
        with transaction(self._engine) as session:
            one_at_a_time(session)
            gone = bring_up_to_date(session, found, self._public_url, self._clock())
            forget_in_vain(session)
        return gone

    # --- a manager's own ------------------------------------------------------------------------------------------

    def remind_now(self, manager: Person, person_ids: Sequence[str], course_id: str) -> Reminded:
        """Remind one's own people of a course that they have not finished: today where mails still go, else the next working
        day, and on a day of her own for whoever gets another reminder then. Each person and course once in seven days.

        Raises `NotAllowed` when one of them is not the manager's (which is kept in the audit log), `NotOpen` where no mail server
        is set, and `UnknownCourse`.
        """
        manager.require(Permission.REMIND)
        if self._mail is None:
            raise NotOpen(NO_SERVER)
        offer = self._offers().get(course_id)
        if offer is None:
            raise UnknownCourse
        self._standings.refresh()
        moment = self._clock()
        today = danish_day(moment)
        wanted = list(dict.fromkeys(person_ids))
        with transaction(self._engine) as session:
            one_at_a_time(session)
            self._require_own(session, manager, wanted, today)
            counts = {"written": 0, "lately": 0, "unreachable": 0, "not_needed": 0}
            days = []
            for person_id in wanted:
                told = self._missing(session, person_id, course_id, offer, today)
                person = session.get(PersonRow, person_id)
                if told is None or person is None or not person.active:
                    counts["not_needed"] += 1
                elif self._was_reminded(session, person_id, course_id, moment):
                    counts["lately"] += 1
                elif not person.email:
                    counts["unreachable"] += 1
                else:
                    days.append(write_by_manager(session, manager, person, told, self._public_url, moment))
                    counts["written"] += 1
        return Reminded(**counts, on=min(days, default=None))

    def _require_own(self, session: Session, manager: Person, wanted: Iterable[str], day: date) -> None:
        if manager.scope(Permission.REMIND) is Scope.ALL:
            return
        others = sorted(set(wanted) - led_people(session, manager.id, day))
        for person_id in others:
            note_others(session, manager, "person", person_id, select(PersonRow.id).where(PersonRow.id == person_id))
        if others:
            raise NotAllowed

    def _missing(self, session: Session, person_id: str, course_id: str, offer: Offer, day: date) -> Told | None:
        row = session.get(CourseStandingRow, (person_id, course_id))
        if row is None or standing_of(row).state(day) not in UNFINISHED:
            return None
        return Told(course_id, offer.title, Occasion.MANAGER, day, standing_of(row).due)

    def _was_reminded(self, session: Session, person_id: str, course_id: str, moment: datetime) -> bool:
        query = select(ReminderRow.id).where(
            ReminderRow.person_id == person_id,
            ReminderRow.course_id == course_id,
            ReminderRow.occasion == Occasion.MANAGER.value,
            ReminderRow.at > moment - AGAIN_AFTER,
        )
        return session.scalars(query.limit(1)).first() is not None

    # --- what people want -----------------------------------------------------------------------------------------

    def choices(self, person: Person) -> list[Choice]:
        """Which kinds of mail there are for the person, and which she wants."""
        person.require(Permission.LEARN)
        with reading(self._engine) as session:
            return choices_of(session, person)

    def choose(self, person: Person, kind: str, wanted: bool) -> None:
        """Choose a kind of mail or choose it away. Raises `InvalidDecision` for what always comes."""
        person.require(Permission.LEARN)
        with transaction(self._engine) as session:
            choose(session, person, kind, wanted, self._clock())

    # --- sending --------------------------------------------------------------------------------------------------

    def deliver(self) -> Delivered:
        """Send what is due and still holds, outside quiet days and hours. Nothing where no server is set."""
        if self._mail is None or not may_go(self._clock()):
            return Delivered()
        if withdrawn := self.withdraw_outdated():
            log.info("mail: %d taken back", withdrawn)
        return self._mail.deliver()

    def round(self, day: date) -> Round:
        """Write the mails of a day and send what may go now."""
        written, delivered = self.write_due(day), self.deliver()
        return Round(day, written, delivered, self._mail.state().waiting if self._mail else 0)

    def work(self, stop: threading.Event) -> None:
        """Deliver about once a minute until `stop` is set. Whatever fails is tried again; nothing of a mail is logged."""
        while not stop.is_set():
            try:
                done = self.deliver()
                if done.sent or done.given_up:
                    log.info("mail: %d sent, %d postponed, %d given up", done.sent, done.postponed, done.given_up)
            except Exception as error:  # noqa: BLE001  a database's message may hold the mail
                log.error("the mail round failed: %s", type(error).__name__)
            stop.wait(SECONDS * SystemRandom().uniform(0.8, 1.2))
