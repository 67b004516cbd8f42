"""Errors of the governance package; `str(error)` is a Danish sentence for the user.

GovernanceError
├── InvalidChoice   what a person asks for about her own data is not whole
└── InvalidItem     an inbox item cannot be sent or answered as it stands
"""


class GovernanceError(Exception):
    """Base of the errors a page may show."""


class InvalidItem(GovernanceError):
    """An inbox item cannot be sent or answered as it stands."""


class InvalidChoice(GovernanceError):
    """What a person asks for about her own data is not whole."""
