"""Use cases of signing in: who it is, what she may, and whether the session still holds. Asked on every run, so it is quick."""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import NoReturn

from sqlalchemy import Engine, delete, func, select, update
from sqlalchemy.orm import Session

from people.claims import Identity, Told
from people.errors import (
    EmailTaken,
    NoRole,
    NoSignIn,
    Removed,
    SignedOut,
    SignInRefused,
    SignInTooOld,
    UnknownPerson,
)
from people.organisation.tables import ExternalKeyRow, SignInRow
from people.person import Person
from people.roles import Permission, Role
from people.service import person_of
from people.tables import PersonRow, RoleGrantRow
from storage import audit
from storage.audit import AuditEvent
from storage.base import new_id, now
from storage.calendar import danish_day
from storage.session import one_at_a_time, reading, transaction

log = logging.getLogger(__name__)

PROVIDER = "provider"  # source of the grants that a sign-in gives, and takes away again
SYSTEMS = ("oidc", "proxy")
SEEN_EVERY = timedelta(minutes=1)
NOTED_EVERY = timedelta(
    minutes=1
)  # the same refusal is kept once in that time: a reload, or somebody trying, fills no log


class SignInService:
    """Sessions of people who sign in at a provider or through a proxy. `hours` is the longest that one lives.

    `default` is the role of somebody whom the provider gives none; without it she is not let in.
    """

    def __init__(
        self,
        engine: Engine,
        hours: int,
        default: Role | None = Role.EMPLOYEE,
        clock: Callable[[], datetime] = now,
    ) -> None:
        self._engine = engine
        self._longest = timedelta(hours=hours)
        self._default = default
        self._clock = clock

    def person(self, told: Told) -> Person:
        """Who is signed in, in a session that goes on or begins with this call. Raises a `SignInRefused`."""
        try:
            return self.current(told.key)
        except NoSignIn:
            self._begin(told)
            return self.current(told.key)

    def current(self, key: str) -> Person:
        """Who is signed in in a session that has begun: read from the database, so that what is changed there holds at once.

        Raises `NoSignIn`, `SignedOut`, `SignInTooOld`, `Removed` or `NoRole`; the last three end the session.
        """
        moment = self._clock()
        with reading(self._engine) as session:
            row = session.get(SignInRow, key)
            held_by = session.get(PersonRow, row.person_id) if row else None
            if row is None or held_by is None:
                raise NoSignIn
            person = person_of(session, held_by, danish_day(moment))
        if row.ended_at:
            raise {kind.reason: kind for kind in (SignInTooOld, Removed, NoRole)}.get(row.reason, SignedOut)
        if moment - row.started_at > self._longest:
            self._end(key, SignInTooOld)
        if not held_by.active:
            self._end(key, Removed)
        if not held_by.grants:
            self._end(key, NoRole)
        if moment - row.seen_at > SEEN_EVERY:
            with transaction(self._engine) as session:
                session.execute(update(SignInRow).where(SignInRow.id == key).values(seen_at=moment))
        return person

    def leave(self, key: str) -> None:
        """End a session because its person signs out. Nothing happens when it has ended, or never began."""
        with transaction(self._engine) as session:
            self._close(session, key, SignedOut.reason)

    def leave_everywhere(self, key: str) -> None:
        """End a session, and all others that its person has begun the same way, because she signs out: behind a proxy each tab
        has one of its own."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = session.get(SignInRow, key)
            if row is None:
                return
            hers = SignInRow.person_id == row.person_id, SignInRow.method == row.method, SignInRow.ended_at.is_(None)
            for one in session.scalars(select(SignInRow.id).where(*hers)).all():
                self._close(session, one, SignedOut.reason)

    def end_all(self, by: Person, email: str, *, deactivate: bool = False) -> int:
        """End all sessions of the person with this address at once; gives their number. Raises `UnknownPerson`.

        She may sign in again, unless she is deactivated too.
        """
        by.require(Permission.OPERATE)
        with transaction(self._engine) as session:
            one_at_a_time(session)
            row = self._with_email(session, email)
            open_ones = select(SignInRow.id).where(SignInRow.person_id == row.id, SignInRow.ended_at.is_(None))
            keys = list(session.scalars(open_ones))
            for key in keys:
                self._close(session, key, (Removed if deactivate else SignedOut).reason, by.id)
            if deactivate and row.active:
                row.active, row.deactivated_at = False, self._clock()
                self._record(session, by.id, "person.deactivated", row.id)
        return len(keys)

    def release(self, email: str) -> int:
        """Forget which accounts sign in as the person with this address, and end her sessions: the account was made anew, or was
        the wrong one. The next account with the verified address becomes hers. Gives the number of accounts; raises
        `UnknownPerson`."""
        with transaction(self._engine) as session:
            one_at_a_time(session)
            person_id = self._with_email(session, email).id
            for key in session.scalars(select(SignInRow.id).where(SignInRow.person_id == person_id)):
                self._close(session, key, SignedOut.reason, "system")
            of_hers = ExternalKeyRow.person_id == person_id, ExternalKeyRow.system.in_(SYSTEMS)
            released = session.execute(delete(ExternalKeyRow).where(*of_hers).returning(ExternalKeyRow.id)).all()
            self._record(session, "system", "sign_in.released", person_id)
        return len(released)

    def end_old(self) -> int:
        """End sessions that nobody has come back to in their time, so that their retention runs; gives their number."""
        with transaction(self._engine) as session:
            overdue = SignInRow.ended_at.is_(None), SignInRow.started_at < self._clock() - self._longest
            ended = session.execute(
                update(SignInRow)
                .where(*overdue)
                .values(ended_at=self._clock(), reason=SignInTooOld.reason)
                .returning(SignInRow.id)
            )
            return len(ended.all())

    def note_refused(self, refusal: type[SignInRefused]) -> None:
        """Keep in the audit log that somebody unknown was refused, once a minute for each reason."""
        log.warning("sign-in refused: %s", refusal.reason)
        with transaction(self._engine) as session:
            self._note(session, refusal)

    @staticmethod
    def _with_email(session: Session, email: str) -> PersonRow:
        row = session.scalar(select(PersonRow).where(PersonRow.email == email.strip().lower()))
        if row is None:
            raise UnknownPerson
        return row

    def _begin(self, told: Told) -> None:
        """Open a session for whoever the provider has sent, with the roles that it gives her. Raises a `SignInRefused`."""
        moment = self._clock()
        with transaction(self._engine) as session:
            one_at_a_time(session)
            if session.get(SignInRow, told.key):  # another tab was quicker
                return
            known = self._known(session, told.identity)
            actor = known.person_id if known else "system"
            refusal: type[SignInRefused] | None = None
            if moment - told.since > self._longest:  # looked at first: an old word changes nothing
                refusal = SignInTooOld
            else:
                row = self._person(session, told.identity, known)
                if isinstance(row, PersonRow):
                    actor, refusal = row.id, self._open(session, row, told, moment)
                else:
                    refusal = row
            if refusal:
                self._note(session, refusal, actor)
        if refusal:  # raised when what was found out is kept
            log.warning("sign-in refused: %s", refusal.reason)
            raise refusal

    def _open(self, session: Session, row: PersonRow, told: Told, moment: datetime) -> type[SignInRefused] | None:
        """Keep the sign-in, and what it says of the person where no newer one has spoken. Without a role it has ended at once;
        that it was is kept, so that an older one cannot give back what this one took."""
        newest = session.scalar(select(func.max(SignInRow.started_at)).where(SignInRow.person_id == row.id))
        if newest is None or told.since >= newest:
            self._refresh(session, row, told.identity)
            self._give(session, row, told.identity.roles)
        sign_in = SignInRow(
            id=told.key, person_id=row.id, method=told.identity.system, started_at=told.since, seen_at=moment
        )
        session.add(sign_in)
        if not row.grants:
            sign_in.ended_at, sign_in.reason = moment, NoRole.reason
            return NoRole
        self._record(session, row.id, "sign_in.started", told.key)
        return None

    @staticmethod
    def _known(session: Session, identity: Identity) -> ExternalKeyRow | None:
        """The account as it has been here before."""
        account = ExternalKeyRow.system == identity.system, ExternalKeyRow.key == identity.key
        return session.scalar(select(ExternalKeyRow).where(*account))

    def _person(
        self, session: Session, identity: Identity, known: ExternalKeyRow | None
    ) -> PersonRow | type[SignInRefused]:
        """The row of whoever this is, new if need be, or why it cannot be had."""
        row = session.get_one(PersonRow, known.person_id) if known else None
        if row is None and identity.email:
            row = session.scalar(select(PersonRow).where(PersonRow.email == identity.email))
            if row and not (identity.verified and self._unclaimed(session, row, identity.system)):
                return EmailTaken
        if row and not row.active:
            return Removed
        if row is None:
            row = PersonRow(id=new_id(), name=identity.name, unit="", created_at=self._clock(), grants=[])
            session.add(row)
            session.flush()
        if known is None:
            session.add(ExternalKeyRow(person_id=row.id, system=identity.system, key=identity.key))
        return row

    def _unclaimed(self, session: Session, row: PersonRow, system: str) -> bool:
        """Whether nobody signs in as this person by such a way yet."""
        keys = select(ExternalKeyRow.id).where(ExternalKeyRow.person_id == row.id, ExternalKeyRow.system == system)
        return session.scalar(keys.limit(1)) is None

    def _refresh(self, session: Session, row: PersonRow, identity: Identity) -> None:
        """Name and address as the provider has them, unless staff data owns the person: the two would change them to and fro."""
        others = select(ExternalKeyRow.id).where(
            ExternalKeyRow.person_id == row.id, ExternalKeyRow.system.not_in(SYSTEMS)
        )
        if session.scalar(others.limit(1)) is not None:
            return
        row.name = identity.name
        if identity.email and identity.verified and identity.email != row.email:
            taken = session.scalar(select(PersonRow.id).where(PersonRow.email == identity.email))
            row.email = row.email if taken else identity.email

    def _give(self, session: Session, row: PersonRow, roles: frozenset[Role]) -> None:
        """Make the provider's grants what the provider says today; grants given by hand or by an import stay."""
        wanted = {role.value for role in roles | ({self._default} if self._default else set())}
        had = {grant.role: grant for grant in row.grants if grant.source == PROVIDER}
        for role in sorted(wanted - set(had)):
            row.grants.append(RoleGrantRow(id=new_id(), role=role, source=PROVIDER))
        for role in sorted(set(had) - wanted):
            row.grants.remove(had[role])
        for action, changed in (("role.given", wanted - set(had)), ("role.taken", set(had) - wanted)):
            for role in sorted(changed):
                self._record(session, "system", action, f"{row.id} {role}")
        session.flush()

    def _end(self, key: str, refusal: type[SignInRefused]) -> NoReturn:
        with transaction(self._engine) as session:
            self._close(session, key, refusal.reason)
        raise refusal

    def _close(self, session: Session, key: str, reason: str, by: str | None = None) -> None:
        one_at_a_time(session)
        row = session.get(SignInRow, key)
        if row is None or row.ended_at:
            return
        row.ended_at, row.reason = self._clock(), reason
        self._record(session, by or row.person_id, "sign_in.ended", key)

    def _note(self, session: Session, refusal: type[SignInRefused], actor: str = "system") -> None:
        one_at_a_time(session)
        lately = select(AuditEvent.id).where(
            AuditEvent.action == "sign_in.refused",
            AuditEvent.at > now() - NOTED_EVERY,
            AuditEvent.actor == actor,
            AuditEvent.object_id == refusal.reason,
        )
        if session.scalar(lately.limit(1)) is None:
            self._record(session, actor, "sign_in.refused", refusal.reason)

    @staticmethod
    def _record(session: Session, actor: str, action: str, object_id: str) -> None:
        kind = "sign_in" if action.startswith("sign_in.") else "person"
        audit.record(session, actor=actor, action=action, object_type=kind, object_id=object_id)
