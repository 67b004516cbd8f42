"""Pictures of lessons and questions: checked, made small, without what a camera writes into them, and named by their content.

A text shows one by `![what it shows](picture:<sha256>)`.
"""

import hashlib
import io
import re
from collections.abc import Callable
from dataclasses import dataclass

from PIL import Image, ImageOps

from courses.errors import InvalidContent

PICTURE = re.compile(r"!\[([^\]\n]*)\]\(picture:([0-9a-f]{64})\)")
_UNFIT = re.compile(r"[\[\]\s]+")
MOST_BYTES = 10_000_000
MOST_PIXELS = 40_000_000
WIDEST = 1_600  # pixels
_LARGE = 400_000  # bytes; a larger PNG is written as JPEG, or as WebP where something shows through
_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg", "WEBP": "image/webp"}
_HARMLESS = frozenset(
    ["aspect", "background", "chromaticity", "dpi", "duration", "gamma", "icc_profile", "interlace", "jfif", "jfif_density",
     "jfif_unit", "jfif_version", "loop", "progression", "progressive", "srgb", "timestamp", "transparency"]
)  # fmt: skip
READ = (*_TYPES, "GIF", "BMP", "TIFF")  # no format that needs another program


@dataclass(frozen=True)
class Picture:
    """A picture as it is kept: PNG, JPEG or WebP, at most `WIDEST` pixels wide."""

    sha256: str
    media_type: str
    data: bytes

    def markdown(self, words: str) -> str:
        """How a text shows it; `words` are for those who cannot see it."""
        return f"![{_UNFIT.sub(' ', words).strip()}](picture:{self.sha256})"


Find = Callable[[str], Picture | None]
Crop = tuple[float, float, float, float]  # what is cut away left, top, right and bottom, as fractions


def prepared(data: bytes, crop: Crop | None = None) -> Picture:
    """The picture as it is kept, or the part of it that `crop` leaves; what was prepared once stays byte for byte.

    Raises `InvalidContent` for what is no picture, or too large.
    """
    if len(data) > MOST_BYTES:
        raise InvalidContent("Et billede fylder mere end 10 MB. Gør det mindre, og prøv igen.")
    try:
        with Image.open(io.BytesIO(data), formats=READ) as image:
            if image.width * image.height > MOST_PIXELS:
                raise InvalidContent("Et billede har flere end 40 millioner punkter. Gør det mindre, og prøv igen.")
            kind = image.format or ""
            image.load()
            small = len(data) <= _LARGE or kind in ("JPEG", "WEBP")
            if not crop and kind in _TYPES and small and image.width <= WIDEST and _bare(image):
                return _named(_TYPES[kind], data)
            return _written(image, crop)
    except InvalidContent:
        raise
    except Exception as error:  # a decoder of foreign formats fails in every way there is
        raise InvalidContent("Et billede kan ikke læses. Brug PNG eller JPEG, og prøv igen.") from error


def named_in(text: str) -> list[str]:
    """Names of the pictures in a text, in order."""
    return [match[2] for match in PICTURE.finditer(text)]


def _bare(image: Image.Image) -> bool:
    """Whether nothing is written in it beside the picture: place, camera, author."""
    told = set(image.info) - _HARMLESS
    return not told and not image.getexif() and getattr(image, "n_frames", 1) == 1


def _written(image: Image.Image, crop: Crop | None) -> Picture:
    is_photograph = image.format == "JPEG"  # to try it as PNG takes a hundred times as long
    upright = ImageOps.exif_transpose(image)
    if crop:
        upright = upright.crop(_box(upright.size, crop))
    clear = "A" in upright.getbands() or "transparency" in upright.info
    mode = "RGBA" if clear else "RGB"
    flat = upright if upright.mode == mode else upright.convert(mode)
    if flat.width > WIDEST:
        flat = flat.resize((WIDEST, max(round(flat.height * WIDEST / flat.width), 1)), Image.Resampling.LANCZOS)
    flat.info.clear()
    if not is_photograph and len(as_png := _saved(flat, "PNG", compress_level=3)) <= _LARGE:
        return _named("image/png", as_png)
    if clear:
        return _named("image/webp", _saved(flat, "WEBP", quality=85))
    return _named("image/jpeg", _saved(flat, "JPEG", quality=85))


def _box(size: tuple[int, int], crop: Crop) -> tuple[int, int, int, int]:
    width, height = size
    left, top, right, bottom = crop
    x, y = min(round(width * left), width - 1), min(round(height * top), height - 1)
    return x, y, max(round(width * (1 - right)), x + 1), max(round(height * (1 - bottom)), y + 1)


def _saved(image: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def _named(media_type: str, data: bytes) -> Picture:
    return Picture(hashlib.sha256(data).hexdigest(), media_type, data)
