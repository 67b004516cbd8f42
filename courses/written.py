"""What people write in courses beside their answers to choices: it passes the privacy gate before it is kept."""

from courses.errors import CourseError
from rag import privacy

LONGEST_REASON = 500
ABOUT_WORK = "Skriv kun om arbejdet, fx “Har ikke opgaver med AI” eller “Er væk fra arbejdet i en periode”."


def require_impersonal(text: str, error: type[CourseError], what: str) -> None:
    """Raise `error` where a text seems to hold personal data; the message names the kinds, never the text. `what` begins it."""
    if found := privacy.count(text):
        kinds = ", ".join(privacy.NAMES[kind] for kind in found)
        raise error(f"{what} ser ud til at indeholde personoplysninger ({kinds}) og er ikke gemt. Skriv det uden.")


def require_about_work(text: str, error: type[CourseError]) -> None:
    """Raise `error` where a reason that is about one person tells of her health or her family."""
    if privacy.of_health_or_family(text):
        raise error(f"Begrundelsen ser ud til at handle om helbred eller familie og er ikke gemt. {ABOUT_WORK}")


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
