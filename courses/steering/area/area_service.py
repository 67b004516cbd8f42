"""Use cases of the manager's view: whether somebody has an area, and one look at it, from which all figures are read."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy import Engine

from courses.course_service import CourseService
from courses.steering.area.area_look import look_at
from courses.steering.area.area_scope import area_of
from courses.steering.area.area_view import AreaView
from courses.steering.area.board import Board
from courses.steering.area.scores import KnownBlocks, close_months
from courses.steering.area.standing_service import StandingService
from people.errors import NotAllowed
from people.person import Person
from people.roles import Permission, Scope
from storage.base import now
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction


class AreaService:
    """Areas in the database behind `engine`; `clock` gives the moment, in UTC."""

    def __init__(
        self,
        engine: Engine,
        courses: CourseService,
        standings: StandingService,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._courses = courses
        self._standings = standings
        self._clock = clock
        self._board = Board()
        self._blocks = KnownBlocks()

    def close_months(self) -> int:
        """Make the figures about scores of every month that is over; how many months were new. For the daily round."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            return close_months(session, self._courses, danish_day(self._clock()))

    def leads(self, person: Person) -> bool:
        """Whether the person has staff or units of her own to look at."""
        person.require(Permission.SEE_AREA)
        with reading(self._engine) as session:
            area = area_of(session, person.id, danish_day(self._clock()), whole=False)
        return bool(area.units)

    def open(self, person: Person, *, whole: bool = False) -> AreaView:
        """One look at the person's own area, or at the `whole` municipality without names, as it is now.

        A manager sees names of her own staff and never a score; whoever sees the whole municipality sees counts and no names.
        Raises `NotAllowed` for whoever may not.
        """
        person.require(Permission.SEE_AREA)
        if whole and person.scope(Permission.SEE_AREA) is not Scope.ALL:
            raise NotAllowed
        self._standings.refresh()
        moment = self._clock()
        with reading(self._engine) as session:
            area = area_of(session, person.id, danish_day(moment), whole=whole)
            look = look_at(area, self._board.current(session))
        return AreaView(self._engine, self._courses, self._blocks, look, person, moment)
