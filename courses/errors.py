"""Errors of the courses package; `str(error)` is a Danish sentence for the user.

CourseError
├── InvalidContent      a course file does not hold; the message names file and place
├── InvalidResponse     an answer has a form that its question cannot take
├── UnknownCourse       no such course, lesson, quiz or attempt for this person
├── NotOpen             the attempt, the quiz or the lesson is not open now
├── InvalidAssignment   an assignment, an exemption or a mark cannot be given as it stands
├── InvalidDecision     a question that is held back cannot be confirmed or withdrawn like this
└── InvalidCredential   a badge or a certificate does not hold
"""


class CourseError(Exception):
    """Base of the errors a page may show."""


class InvalidContent(CourseError):
    """A course file does not hold."""


class InvalidResponse(CourseError):
    """An answer has a form that its question cannot take."""


class UnknownCourse(CourseError):
    """No such course, lesson, quiz or attempt, or it is somebody else's; the two look alike on purpose."""

    def __init__(self) -> None:
        super().__init__("Siden findes ikke, eller den er ikke din. Gå til Mine kurser, og prøv derfra.")


class NotOpen(CourseError):
    """The attempt, the quiz or the lesson is not open now; the message says why and when."""


class InvalidAssignment(CourseError):
    """An assignment, an exemption or a mark cannot be given as it stands."""


class InvalidDecision(CourseError):
    """A question that is held back cannot be confirmed or withdrawn like this; the message says why."""


class InvalidCredential(CourseError):
    """A badge or a certificate does not hold."""


class Conflict(CourseError):
    """Somebody else changed it meanwhile; nothing was overwritten."""


class UnknownManuscript(CourseError):
    """No such manuscript."""

    def __init__(self) -> None:
        super().__init__("Kladden findes ikke. Gå til Kursusværksted, og vælg en derfra.")
