"""What reminding came to, in counts: nobody is named, so that it may stand in a scheduler's log."""

from dataclasses import dataclass
from datetime import date

from courses.steering.reminder_occasion import Occasion
from rag.calendar import danish_date
from storage.mail_service import Delivered


@dataclass(frozen=True, slots=True)
class Written:
    """What was written: reminders and digests, people who have no address, and mails taken back since they no longer hold.
    `quiet` means that no mail goes that day."""

    reminders: int = 0
    digests: int = 0
    unreachable: int = 0
    withdrawn: int = 0
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class Reminded:
    """What came of a manager's reminder, in people: mails written, reminded in the last week already, without an address, and
    those who do not need the course. `on` is the first day on which the mails go."""

    written: int = 0
    lately: int = 0
    unreachable: int = 0
    not_needed: int = 0
    on: date | None = None


@dataclass(frozen=True, slots=True)
class Forecast:
    """What would be written on a day: how many mails, and how many of them tell of each occasion. Nobody is named."""

    day: date
    reminders: int
    digests: int
    unreachable: int
    occasions: dict[str, int]
    quiet: bool

    def in_words(self) -> str:
        """The forecast for a terminal."""
        if self.quiet:
            return f"{danish_date(self.day)} er en stille dag. Der sendes ingen mails."
        return "\n".join(
            [
                f"{danish_date(self.day)} ville der blive skrevet {_reminders(self.reminders)} og "
                f"{_digests(self.digests)}. Uden mailadresse: {self.unreachable}.",
                *(f"- {Occasion(name).danish}: {count}" for name, count in self.occasions.items()),
            ]
        )


def _reminders(count: int) -> str:
    return "1 påmindelse" if count == 1 else f"{count} påmindelser"


def _digests(count: int) -> str:
    return "1 oversigt til en leder" if count == 1 else f"{count} oversigter til ledere"


@dataclass(frozen=True, slots=True)
class Round:
    """What a run of the scheduler wrote and sent; `waiting` is what is left in the outbox."""

    day: date
    written: Written
    delivered: Delivered
    waiting: int

    def in_words(self) -> str:
        """What was done, for a terminal."""
        written, delivered = self.written, self.delivered
        lines = ["I dag er en stille dag. Der skrives og sendes ingen mails."] if written.quiet else []
        lines += [
            f"Skrevet: {_reminders(written.reminders)}, {_digests(written.digests)}. "
            f"Uden mailadresse: {written.unreachable}. Trukket tilbage: {written.withdrawn}.",
            f"Sendt: {delivered.sent}. Udsat: {delivered.postponed}. Opgivet: {delivered.given_up}. Venter: {self.waiting}.",
        ]
        if delivered.problem:
            lines.append(f"Problem: {delivered.problem}.")
        return "\n".join(lines)
