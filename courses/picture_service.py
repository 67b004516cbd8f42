"""Use cases about pictures: keep those that a text shows, and find one by its name."""

from collections.abc import Iterable
from functools import lru_cache

from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from courses.authoring.tables import PictureRow
from courses.picture import Picture
from storage.base import now
from storage.session import reading


class PictureService:
    """Pictures in the database behind `engine`."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        # A picture never changes, as its name is its content.
        self._found = lru_cache(maxsize=256)(self._read)

    def find(self, sha256: str) -> Picture | None:
        """The picture with this name, None where there is none."""
        try:
            return self._found(sha256)
        except KeyError:
            return None

    def _read(self, sha256: str) -> Picture:
        with reading(self._engine) as session:
            row = session.get(PictureRow, sha256)
            if row is None:
                raise KeyError(sha256)  # not remembered: it may come
            return Picture(row.sha256, row.media_type, row.data)


def keep(session: Session, pictures: Iterable[Picture], by: str) -> None:
    """Store the pictures that are not there yet, in the caller's transaction."""
    wanted = {picture.sha256: picture for picture in pictures}
    known = set(session.scalars(select(PictureRow.sha256).where(PictureRow.sha256.in_(wanted))))
    session.add_all(
        PictureRow(sha256=key, media_type=one.media_type, data=one.data, at=now(), by=by)
        for key, one in wanted.items()
        if key not in known
    )
    session.flush()
