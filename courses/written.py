"""What people write in courses beside their answers to choices: it passes the privacy gate before it is kept."""

from courses.errors import CourseError
from rag import privacy

LONGEST_REASON = 500


def require_impersonal(text: str, error: type[CourseError], what: str) -> None:
    """Raise `error` where a text seems to hold personal data; the message names the kinds, never the text. `what` begins it."""
    if found := privacy.count(text):
        kinds = ", ".join(privacy.NAMES[kind] for kind in found)
        raise error(f"{what} ser ud til at indeholde personoplysninger ({kinds}) og er ikke gemt. Skriv det uden.")


def reason(text: str, error: type[CourseError], missing: str) -> str:
    """A reason as it is kept. Raises `error`: with the message `missing` where there is none, and when it is too long or holds
    personal data."""
    text = text.strip()
    if not text:
        raise error(missing)
    if len(text) > LONGEST_REASON:
        raise error(f"Begrundelsen er for lang. Skriv højst {LONGEST_REASON} tegn.")
    require_impersonal(text, error, "Begrundelsen")
    return text
