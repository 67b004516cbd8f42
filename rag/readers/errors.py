"""Errors of the readers.

    UnreadableFile            every reason a file cannot become a Document
    ├── UnsupportedFile       a type we do not read, or a name that does not match the content
    ├── ProtectedFile         a password stands between us and the text
    ├── DamagedFile           broken, truncated, or built to do harm
    ├── TooLarge              more bytes, pages or entries than the limits allow
    ├── TookTooLong           the time limit ran out
    └── EmptyFile             nothing to read, or only pictures of text

``str(error)`` is Danish, says what is wrong and what to do next, and never holds text from the file.
"""


class UnreadableFile(ValueError):
    """A file cannot be read; the message is meant for the person who uploaded it."""


class UnsupportedFile(UnreadableFile):
    """The type is not one we read, or the content is another type than the name says."""


class ProtectedFile(UnreadableFile):
    """The file is encrypted with a password we do not have."""


class DamagedFile(UnreadableFile):
    """The file is broken, truncated, or contains something a document should not contain."""


class TooLarge(UnreadableFile):
    """The file breaks one of the size limits."""


class TookTooLong(UnreadableFile):
    """Reading was stopped because the time limit ran out."""


class EmptyFile(UnreadableFile):
    """The file has no text."""
