"""The pictures of one document: made ready, counted, kept once each, and those left out that say nothing."""

import hashlib
import io
import re
from collections import Counter
from collections.abc import Sequence

from PIL import Image

from courses.authoring.document_losses import Loss, Losses
from courses.authoring.document_pieces import Chunk, Piece
from courses.errors import InvalidContent
from courses.picture import MOST_BYTES, READ, Crop, Picture, prepared
from rag.readers.cleaning import clean_text, one_line

MOST_PICTURES = 200
MOST_KEPT_BYTES = 60_000_000
SMALLEST = 32  # pixels on the shorter side; below that it is a bullet or an icon
MOST_WORDS = 480  # characters
LOGO_FROM = 3  # places; a picture that stands in so many is a logo

_FILE_NAME = re.compile(r"[^\s/]{0,80}\.(?:png|jpe?g|gif|bmp|tiff?|webp|emf|wmf|svg)", re.IGNORECASE)
_BY_OFFICE = re.compile(
    r"\s*(?:Automatisk genereret beskrivelse|Beskrivelse er genereret automatisk|Description automatically generated"
    r"|AI-genereret indhold kan være (?:ukorrekt|forkert)\.?|AI-generated content may be incorrect\.?)\s*",
    re.IGNORECASE,
)


class Pictures:
    """Takes pictures as they are met. `kept` are those that were made ready, by name."""

    def __init__(self, losses: Losses) -> None:
        self.losses = losses
        self.kept: dict[str, Picture] = {}
        self.over = 0
        self._seen: dict[tuple[bytes, Crop | None], Picture | None] = {}
        self._bytes = 0

    def piece(
        self,
        data: bytes,
        words: str,
        place: int | str,
        stand_in: str,
        page: int | None = None,
        crop: Crop | None = None,
    ) -> Piece | None:
        """The picture as a piece of a document, or None when it is left out.

        `words` are the document's own description, `stand_in` what is written where it has none.
        """
        key = hashlib.sha256(data).digest(), crop
        if key not in self._seen:
            self._seen[key] = self._prepared(data, place, crop)
        picture = self._seen[key]
        if picture is None:
            return None
        told = _described(words)
        shown = told or stand_in
        needs_words = not told or _BY_OFFICE.search(words) is not None
        return Piece(
            "picture", shown, picture.markdown(shown), page=page, picture=picture.sha256, needs_words=needs_words
        )

    def _prepared(self, data: bytes, place: int | str, crop: Crop | None) -> Picture | None:
        if _is_vector(data):
            self.losses.note(Loss.VECTOR, place)
            return None
        try:
            if len(data) > MOST_BYTES:
                raise InvalidContent("Et billede er for stort.")
            if min(_size(data)) >= SMALLEST:
                return self._counted(prepared(data, crop))
        except Exception:  # noqa: BLE001 - a decoder of foreign formats fails in every way there is
            self.losses.note(Loss.UNREADABLE, place)
        return None

    def _counted(self, picture: Picture) -> Picture | None:
        if picture.sha256 not in self.kept:
            if len(self.kept) >= MOST_PICTURES or self._bytes + len(picture.data) > MOST_KEPT_BYTES:
                self.over += 1
                return None
            self.kept[picture.sha256] = picture
            self._bytes += len(picture.data)
        return picture

    def warnings(self, chunks: Sequence[Chunk]) -> list[str]:
        """What to tell about the pictures that stand in the chunks."""
        found = []
        if self.over:
            found.append(
                f"Filen har flere billeder, end der kan tages med på én gang (højst {MOST_PICTURES} billeder og "
                f"{MOST_KEPT_BYTES // 1_000_000} MB). {self.over} mangler. Del filen i mindre, eller indsæt resten selv."
            )
        unnamed = sum(piece.needs_words for chunk in chunks for piece in chunk.pieces)
        if unnamed:
            found.append(
                ("1 billede mangler" if unnamed == 1 else f"{unnamed} billeder mangler")
                + " en beskrivelse for dem, der ikke kan se, eller har en, som Office selv har skrevet. "
                "Skriv i stedet, hvad billedet viser."
            )
        return found


def without_logos(chunks: Sequence[Chunk], warnings: list[str]) -> list[Chunk]:
    """The chunks with each picture that stands in many places only where it stands first."""
    places = Counter(piece.picture for chunk in chunks for piece in chunk.pieces if piece.picture)
    logos = {name for name, count in places.items() if count >= LOGO_FROM}
    if not logos:
        return list(chunks)
    warnings.append(
        "Et billede, der gentages mange steder i filen (fx et logo), er kun taget med det første sted."
        if len(logos) == 1
        else f"{len(logos)} billeder, der gentages mange steder i filen (fx logoer), er kun taget med det første sted."
    )
    seen: set[str] = set()
    kept = []
    for chunk in chunks:
        pieces = []
        for piece in chunk.pieces:
            if piece.picture not in logos or piece.picture not in seen:
                pieces.append(piece)
            seen.add(piece.picture)
        kept.append(Chunk(chunk.title, pieces))
    return kept


def _described(words: str) -> str:
    words = _BY_OFFICE.sub(" ", one_line(clean_text(words))).strip()
    if _FILE_NAME.fullmatch(words) or not any(map(str.isalpha, words)):
        return ""
    return words if len(words) <= MOST_WORDS else f"{words[:MOST_WORDS].rsplit(' ', 1)[0]}…"


def _is_vector(data: bytes) -> bool:
    if data.startswith((b"\xd7\xcd\xc6\x9a", b"\x01\x00\x09\x00", b"\x02\x00\x09\x00", b"\x1f\x8b")):
        return True  # WMF, and EMF or WMF packed with gzip
    return data[40:44] == b" EMF" or b"<svg" in data[:1024].lower()


def _size(data: bytes) -> tuple[int, int]:
    with Image.open(io.BytesIO(data), formats=READ) as image:
        return image.size
