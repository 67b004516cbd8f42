"""Public addresses that a badge points at, for programs that check it: keys, status lists, issuer, achievements.

Everybody may read and keep what they answer; none of it is personal.
"""

import logging
from collections.abc import Callable
from functools import cache
from typing import TYPE_CHECKING, Any

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from settings import get_settings

if TYPE_CHECKING:
    from courses.badge_documents import BadgeDocuments

log = logging.getLogger(__name__)
CREDENTIAL = "application/vc+jwt"
HOUR = 3600
STATUS_SECONDS = 300  # how long a copy may hide a revocation
Read = Callable[["BadgeDocuments", str], Any]


@cache
def _documents() -> "BadgeDocuments":
    # Imported late: the first page does not wait for what only checkers of badges need.
    from courses.badge_documents import BadgeDocuments
    from courses.course_service import CourseService
    from courses.issuing import Issuer
    from storage.engine import make_engine

    settings = get_settings()
    engine = make_engine(settings.sqlalchemy_url, settings.db_schema)
    return BadgeDocuments(engine, CourseService(engine, tuple), Issuer(settings.signing_key_path, settings.public_url))


def _found(read: Read, name: str) -> tuple[Any, int]:
    """What `read` finds by a name, and the status to answer with."""
    from courses.errors import InvalidCredential
    from storage.errors import DatabaseUnavailable

    try:
        found = read(_documents(), name)
    except (DatabaseUnavailable, InvalidCredential):
        log.warning("a public document of a badge cannot be given now", exc_info=True)
        return None, 503
    return found, 404 if found is None else 200


def _route(path: str, seconds: int, read: Read) -> Route:
    """A route that answers with what `read` finds by the last part of the address, to be kept for some seconds: an object as
    JSON, a text as a signed credential."""

    async def answer(request: Request) -> Response:
        found, status = await run_in_threadpool(_found, read, request.path_params.get("name", ""))
        if status != 200:
            error = {404: "not found", 503: "unavailable"}[status]
            return JSONResponse({"status": error}, status, headers={"cache-control": "no-store"})
        # Checkers that run in a browser come from other addresses.
        headers = {"cache-control": f"public, max-age={seconds}", "access-control-allow-origin": "*"}
        if isinstance(found, str):
            return Response(found, headers=headers, media_type=CREDENTIAL)
        return JSONResponse(found, headers=headers)

    return Route(path, answer)


async def _check_page(request: Request) -> Response:
    """Who opens the address that names a badge gets to the page where its certificate is checked."""
    from courses.certification import certificate_number, check_url

    number = certificate_number(request.path_params["name"])
    if number is None:
        return JSONResponse({"status": "not found"}, 404, headers={"cache-control": "no-store"})
    return RedirectResponse(check_url(get_settings().public_url, number), 303)


ROUTES = (
    _route("/badges/jwks.json", HOUR, lambda documents, _: documents.key_set()),
    _route("/badges/keys/{name}", 24 * HOUR, lambda documents, kid: documents.key(kid)),
    _route("/badges/status/{name}", STATUS_SECONDS, lambda documents, number: documents.status(number)),
    _route("/badges/issuer", HOUR, lambda documents, _: documents.issuer()),
    _route("/badges/achievements/{name}", HOUR, lambda documents, course: documents.achievement(course)),
    Route("/badges/credentials/{name}", _check_page),
    # A mistyped address must not be answered with the start page.
    _route("/badges/{name:path}", 0, lambda _, __: None),
)
