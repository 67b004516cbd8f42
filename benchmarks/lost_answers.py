"""Whether an answer is lost when something goes wrong: a thousand trials of the ways in which it can.

- the process is killed (-9) at any moment while it saves: 750 times, with the services in a forked process of its own
- two tabs answer the same attempt at once: 100 times
- begin, answer and hand in are clicked twice at once: 100 times
- the server is killed (-9) in the middle of answers from ten browsers and started again: 30 times
- the tab is closed at once after an answer was sent: 10 times
- the person is signed out while the page is open, answers, and is let in again: 10 times

An answer is acknowledged when the call returned, or when the page said that it is saved. It is lost when it is acknowledged
and not stored; in a closed tab already when it was sent.
"""

import asyncio
import multiprocessing
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from multiprocessing.synchronize import Barrier
from random import Random

from websockets.exceptions import WebSocketException

from benchmarks.corpus import progress
from benchmarks.course_house import COURSE, IDS, OPTIONS, PATIENCE, QUIZ, RIGHT, CourseHouse, Seat, serving
from benchmarks.isolation import alone
from benchmarks.load import NEXT, item_of, question, saved
from benchmarks.streamlit_client import Tab, opened
from benchmarks.table import Measurement, at_most
from courses.attempt_service import AttemptService
from courses.course_service import CourseService
from courses.errors import NotOpen
from storage.engine import make_engine
from ui.navigation import ATTEMPT
from ui.text import number as amount

KILLED, TWO_TABS, DOUBLE, SERVER_KILLED, CLOSED, EXPIRED = 750, 100, 100, 30, 10, 10
EARLIEST, LATEST = 0.005, 0.060  # seconds from the first call until the process is killed
BROWSERS = 10
SERVER_EARLIEST, SERVER_LATEST = 0.2, 1.2
CLOSED_PATIENCE = 2.0
CALLS = 15
BACK = "go_arrow_back_"
REFUSED = "Du er ikke logget ind"
READY = ("", "")
FORK = multiprocessing.get_context("fork")

Answer = tuple[str, str]


@dataclass
class Kind:
    """Trials of one kind: how many answers were acknowledged and lost in them, and what else went wrong."""

    name: str
    trials: int = 0
    acknowledged: int = 0
    lost: int = 0
    faults: list[str] = field(default_factory=list)


def measurements(house: CourseHouse) -> list[Measurement]:
    """Lost answers over all kinds, with the kinds in the note; and faults that lost nothing."""
    kinds = []
    with house.copy() as copy:
        kinds += alone(copy.environment, _service_trials, copy)
    with house.copy() as copy:
        kinds += alone({}, _server_trials, copy)
    trials, lost = sum(kind.trials for kind in kinds), sum(kind.lost for kind in kinds)
    note = "; ".join(
        f"{kind.name} {kind.lost} tabt i {kind.trials} ({amount(kind.acknowledged)} svar)" for kind in kinds
    )
    faults = [f"{kind.name}: {fault}" for kind in kinds for fault in kind.faults]
    shown = "; ".join(f"{number} × {fault}" for fault, number in Counter(faults).most_common(4))
    return [
        Measurement(f"Tabte svar i {amount(trials)} forsøg", lost, "", at_most(0), digits=0, note=note),
        Measurement("Andre fejl i de samme forsøg", len(faults), "", at_most(0), digits=0, note=shown),
    ]


# --- the services, in forked processes --------------------------------------------------------------------------------


def _service_trials(house: CourseHouse) -> list[Kind]:
    return [_killed(house), _two_tabs(house), _double_clicks(house)]


def _service(house: CourseHouse) -> AttemptService:
    """The service over an engine of the calling process; nobody else may have made one before it was forked."""
    engine = make_engine(f"sqlite:///{house.database}")
    return AttemptService(engine, CourseService(engine, lambda: ()), lambda _version: ())


def _forked(body: Callable[..., None], *arguments: object) -> tuple[BaseProcess, Connection]:
    """A forked process that runs `body`, and the end of the pipe that it reports into."""
    receiver, sender = FORK.Pipe(duplex=False)
    process = FORK.Process(target=body, args=(*arguments, sender))
    process.start()
    sender.close()
    return process, receiver


def _received(pipe: Connection) -> list[tuple[bool, Answer]]:
    """Everything a process reported before it ended: an answer is reported before the call (False) and after it (True)."""
    found = []
    while True:
        try:
            found.append(pipe.recv())
        except (EOFError, OSError):
            return found


def _killed(house: CourseHouse) -> Kind:
    kind = Kind("kill -9 midt i et kald")
    chance = Random(20_261)
    for number in range(KILLED):
        if number % 150 == 0:
            progress(f"  {number} af {KILLED} processer slået ned")
        before = house.last_event()
        process, pipe = _forked(_answer_on, house, house.seats[0], number)
        pipe.recv()  # it is ready
        time.sleep(chance.uniform(EARLIEST, LATEST))
        process.kill()
        reports = _received(pipe)
        process.join()
        begun = [answer for returned, answer in reports if not returned]
        acknowledged = [answer for returned, answer in reports if returned]
        stored = house.answers(before)
        kind.trials += 1
        kind.acknowledged += len(acknowledged)
        kind.lost += (Counter(acknowledged) - Counter(stored)).total()
        if stored not in (acknowledged, begun):
            kind.faults.append("andet er gemt end det, der er svaret")
    if house.rows("PRAGMA integrity_check") != [("ok",)]:
        kind.faults.append("databasen er beskadiget")
    return kind


def _answer_on(house: CourseHouse, seat: Seat, seed: int, pipe: Connection) -> None:
    """Answer random items for ever, with a report before and after each call."""
    attempts, chance = _service(house), Random(seed)
    attempts.extra_percent(seat.person)  # the connection is open
    pipe.send((True, READY))
    while True:
        answer = (chance.choice(seat.items), chance.choice(list(OPTIONS)))
        pipe.send((False, answer))
        attempts.answer(seat.person, *answer)
        pipe.send((True, answer))


def _two_tabs(house: CourseHouse) -> Kind:
    kind = Kind("to faner")
    for number in range(TWO_TABS):
        seat = house.seats[1 + number]
        before = house.last_event()
        barrier = FORK.Barrier(2)
        tabs = [_forked(_answer_some, house, seat, 2 * number + tab, barrier) for tab in range(2)]
        acknowledged = [[answer for _, answer in _received(pipe)] for _, pipe in tabs]
        for process, _ in tabs:
            process.join()
        stored = house.answers(before)
        everything = [answer for tab in acknowledged for answer in tab]
        kind.trials += 1
        kind.acknowledged += len(everything)
        kind.lost += (Counter(everything) - Counter(stored)).total()
        if len(stored) != 2 * CALLS or not all(_in_order(tab, stored) for tab in acknowledged):
            kind.faults.append(f"{len(stored)} hændelser af {2 * CALLS} kald")
    return kind


def _answer_some(house: CourseHouse, seat: Seat, seed: int, barrier: Barrier, pipe: Connection) -> None:
    attempts, chance = _service(house), Random(seed)
    barrier.wait(PATIENCE)
    for _ in range(CALLS):
        answer = (chance.choice(seat.items), chance.choice(list(OPTIONS)))
        attempts.answer(seat.person, *answer)
        pipe.send((True, answer))


def _in_order(some: Sequence[Answer], stored: Sequence[Answer]) -> bool:
    """Whether some answers stand among the stored ones in their own order."""
    rest = iter(stored)
    return all(answer in rest for answer in some)


def _double_clicks(house: CourseHouse) -> Kind:
    kind = Kind("dobbeltklik")
    for number in range(DOUBLE):
        seat = house.seats[101 + number]
        house.rows(
            "UPDATE attempt SET submitted_at = started_at WHERE id = ?", seat.attempt
        )  # the prepared one is over
        before = house.last_event()
        barrier = FORK.Barrier(2)
        clicks = [_forked(_click_twice, house, seat, barrier, second, number % 2 == 1) for second in (False, True)]
        acknowledged = [answer for _, pipe in clicks for _, answer in _received(pipe)]
        for process, _ in clicks:
            process.join()
        kind.trials += 1
        kind.acknowledged += len(acknowledged)
        stored = house.answers(before)
        kind.lost += (Counter(acknowledged) - Counter(stored)).total()
        kind.faults += _double_faults(house, seat, stored, acknowledged)
    return kind


def _click_twice(house: CourseHouse, seat: Seat, barrier: Barrier, second: bool, late: bool, pipe: Connection) -> None:
    """One of two clicks on everything: begin, answer, hand in, answer what is handed in. The two meet before each.

    With `late` the second one is answering while the first one hands in, and hands in afterwards.
    """
    attempts = _service(house)
    barrier.wait(PATIENCE)
    attempt = attempts.start(seat.person, COURSE, QUIZ)
    items = [item.id for item in attempts.get(seat.person, attempt).items]

    def answer(item: str, option: str) -> None:
        try:
            attempts.answer(seat.person, item, option)
        except NotOpen:
            return
        pipe.send((True, (item, option)))

    barrier.wait(PATIENCE)
    answer(items[0], RIGHT)
    barrier.wait(PATIENCE)
    if late and second:
        answer(items[1], RIGHT)
    attempts.submit(seat.person, attempt)
    barrier.wait(PATIENCE)
    answer(items[2], RIGHT)


def _double_faults(
    house: CourseHouse, seat: Seat, stored: Sequence[Answer], acknowledged: Sequence[Answer]
) -> Iterator[str]:
    """What two clicks must not have done: two attempts, an answer after the end, two grades, or a grade of another answer."""
    new = house.rows("SELECT id FROM attempt WHERE person_id = ? AND id != ?", seat.person_id, seat.attempt)
    if len(new) != 1:
        yield f"{len(new)} prøver begyndt"
    grades = house.rows(
        "SELECT item.id, item.ordinal, grade.fraction FROM attempt_item item LEFT JOIN item_grade grade"
        " ON grade.item_id = item.id WHERE item.attempt_id = ? ORDER BY item.ordinal",
        str(new[0][0]),
    )
    if len(grades) != len(seat.items):
        yield f"{len(grades)} bedømmelser af {len(seat.items)} svar"
    if len(stored) != len(acknowledged):
        yield "et afvist svar er gemt"
    last = dict(stored)
    if any(fraction != float(last.get(str(item)) == RIGHT) for item, _, fraction in grades):
        yield "bedømmelsen passer ikke til svaret"
    if any(ordinal == 3 and item in last for item, ordinal, _ in grades):
        yield "svar gemt efter aflevering"


# --- a real server ----------------------------------------------------------------------------------------------------


def _server_trials(house: CourseHouse) -> list[Kind]:
    killed = asyncio.run(_killed_servers(house))
    with serving(house) as server:
        closed = asyncio.run(_closed_tabs(house, server.address))
        expired = asyncio.run(_expired_sessions(house, server.address))
    return [killed, closed, expired]


@dataclass
class _Browser:
    """One of the people whose server is killed: what she was told is saved, and what was on its way then."""

    seat: Seat
    acknowledged: list[Answer] = field(default_factory=list)
    under_way: list[Answer] = field(default_factory=list)


async def _killed_servers(house: CourseHouse) -> Kind:
    kind = Kind("kill -9 af serveren")
    chance = Random(20_262)
    browsers = [_Browser(seat) for seat in house.seats[:BROWSERS]]
    for number in range(SERVER_KILLED + 1):
        if number % 5 == 0:
            progress(f"  serveren slået ned {number} af {SERVER_KILLED} gange")
        with serving(house) as server:
            async with AsyncExitStack() as stack:
                tabs = [
                    await stack.enter_async_context(
                        opened(server.address, one.seat.person_id, ATTEMPT.address, forsoeg=one.seat.attempt)
                    )
                    for one in browsers
                ]
                for tab, one in zip(tabs, browsers, strict=True):
                    kind.faults += await _seen_again(tab, one)
                if number == SERVER_KILLED:
                    break
                answering = [
                    asyncio.create_task(_answer_until_killed(tab, one)) for tab, one in zip(tabs, browsers, strict=True)
                ]
                await asyncio.sleep(chance.uniform(SERVER_EARLIEST, SERVER_LATEST))
                server.kill()
                await asyncio.gather(*answering)
        kind.trials += 1
    acknowledged = [answer for one in browsers for answer in one.acknowledged]
    stored = house.answers()
    kind.acknowledged = len(acknowledged)
    kind.lost = (Counter(acknowledged) - Counter(stored)).total()
    if (Counter(stored) - Counter([*acknowledged, *(each for one in browsers for each in one.under_way)])).total():
        kind.faults.append("et svar, som ingen har givet, er gemt")
    return kind


async def _seen_again(tab: Tab, one: _Browser) -> list[str]:
    """Go back to the question that was answered last before the server died; it must show that answer or a later one."""
    if not one.acknowledged:
        return []
    item, option = one.acknowledged[-1]
    later = {chosen for other, chosen in one.under_way if other == item}
    if item_of(question(tab)) != item:
        await tab.click(BACK)
    shown = question(tab)
    seen = IDS.get(shown.chosen or "")
    if item_of(shown) != item and later:
        return []  # the answer under way was to another question, and was saved
    if item_of(shown) != item or seen not in {option, *later}:
        return ["den nye server viser et andet svar"]
    await tab.click(NEXT)
    return []


async def _answer_until_killed(tab: Tab, one: _Browser) -> None:
    """Change the answer to the question that is shown until the server is gone."""
    while True:
        shown = question(tab)
        option = next(text for text in shown.options if text != shown.chosen)
        answer = (item_of(shown), IDS[option])
        try:
            await tab.choose(shown.key, option)
        except (OSError, WebSocketException):
            one.under_way.append(answer)
            return
        if saved(tab):
            one.acknowledged.append(answer)


async def _closed_tabs(house: CourseHouse, address: str) -> Kind:
    """The answer and the news that the tab is gone reach the server in the same moment."""
    kind = Kind("lukket fane")
    for seat in house.seats[BROWSERS : BROWSERS + CLOSED]:
        before = house.last_event()
        async with opened(address, seat.person_id, ATTEMPT.address, forsoeg=seat.attempt) as tab:
            shown = question(tab)
            await tab.send_choice(shown.key, OPTIONS[RIGHT])
            await tab.close()
        await asyncio.sleep(CLOSED_PATIENCE)
        kind.trials += 1
        kind.acknowledged += 1
        kind.lost += house.answers(before) != [(item_of(shown), RIGHT)]
    return kind


async def _expired_sessions(house: CourseHouse, address: str) -> Kind:
    """The answer of somebody who is signed out is refused, held in the session, and saved when she is let in again."""
    kind = Kind("udløbet session")
    for seat in house.seats[BROWSERS + CLOSED : BROWSERS + CLOSED + EXPIRED]:
        before = house.last_event()
        async with opened(address, seat.person_id, ATTEMPT.address, forsoeg=seat.attempt) as tab:
            shown = question(tab)
            house.rows("UPDATE person SET active = 0 WHERE id = ?", seat.person_id)
            await tab.choose(shown.key, OPTIONS[RIGHT])
            if saved(tab) or not any(REFUSED in fault for fault in tab.faults()):
                kind.faults.append("siden siger ikke, at man er logget ud")
            if house.answers(before):
                kind.faults.append("svaret er gemt uden login")
            house.rows("UPDATE person SET active = 1 WHERE id = ?", seat.person_id)
            await tab.rerun()
            if tab.faults():
                kind.faults.append("siden viser en fejl, når man er lukket ind igen")
        kind.trials += 1
        kind.acknowledged += 1
        kind.lost += house.answers(before) != [(item_of(shown), RIGHT)]
    return kind
