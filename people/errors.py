"""Errors of the people package.

PeopleError
├── NotAllowed          the person lacks a permission
├── SignInRefused       a sign-in that does not let anybody in, each kind with the reason that the audit log keeps
│   ├── NoSignIn        the session is not known here
│   ├── SignedOut       the session has been ended
│   ├── SignInTooOld    the session is older than allowed
│   ├── UnusableClaims  what the provider says is not for this application, or says too little
│   ├── NoRole          the provider gives no role, and one is needed
│   ├── Removed         the person is no longer active
│   ├── EmailTaken      the address is another account's
│   └── UntrustedProxy  headers that do not come from a proxy that is trusted
├── RealPeople          an example cannot be laid among real people
├── UnusableStaffFile   a file of staff data cannot be read, or may not be stored
└── UnknownPerson       no such person, or no longer active
"""


class PeopleError(Exception):
    """Base; `str(error)` is a Danish sentence for the user."""


class NotAllowed(PeopleError):
    """The person lacks the permission that a use case needs."""

    def __init__(self) -> None:
        super().__init__("Du har ikke adgang til denne handling. Kontakt IT & Digitalisering, hvis du mangler adgang.")


class UnknownPerson(PeopleError):
    """No active person has that id."""

    def __init__(self) -> None:
        super().__init__("Din bruger findes ikke eller er ikke længere aktiv. Log ind igen.")


class RealPeople(PeopleError):
    """People or units that are not invented are in the database."""

    def __init__(self) -> None:
        super().__init__(
            "Der er rigtige personer eller enheder i databasen. Indlæs eksempelorganisationen i en tom database i stedet."
        )


class UnusableStaffFile(PeopleError):
    """A file of staff data that cannot be used; the message says why and what to do, and repeats nothing of the file's people."""


class SignInRefused(PeopleError):
    """A sign-in that lets nobody in; `reason` is what the audit log keeps.

    `renewable` says that signing in anew mends it. How that is done only the way of signing in knows, so no message tells it.
    """

    reason = ""
    danish = ""
    renewable = False

    def __init__(self) -> None:
        super().__init__(self.danish)


class NoSignIn(SignInRefused):
    """No session with that key has begun here."""

    reason = "unknown"
    danish = "Du er ikke logget ind."
    renewable = True


class SignedOut(SignInRefused):
    """The session was ended, by the person or by an administrator."""

    reason = "signed_out"
    danish = "Du er logget ud."
    renewable = True


class SignInTooOld(SignInRefused):
    """The session is older than `SESSION_HOURS`."""

    reason = "age"
    danish = "Du har været logget ind længe, og din session er slut. Det, du har gemt, er der stadig."
    renewable = True


class UnusableClaims(SignInRefused):
    """A token from somebody else, for somebody else, or without what identifies a sign-in."""

    reason = "claims"
    danish = "Dit login kunne ikke bruges her. Prøv at logge ind igen. Sker det igen, så kontakt IT & Digitalisering."


class NoRole(SignInRefused):
    """The provider gives no role that is known here, `DEFAULT_ROLE` is none, and nobody here has given one."""

    reason = "no_role"
    danish = "Du har endnu ikke adgang til AI-univers. Bed din leder eller IT & Digitalisering om adgang."


class Removed(SignInRefused):
    """The person has been deactivated."""

    reason = "removed"
    danish = "Din bruger er lukket i AI-univers. Er det en fejl, så kontakt IT & Digitalisering."


class EmailTaken(SignInRefused):
    """The address belongs to an account that this sign-in may not take over."""

    reason = "email_taken"
    danish = (
        "Din e-mailadresse hører til en bruger, som dit login ikke kan kobles til af sig selv. "
        "Bed IT & Digitalisering koble dem sammen."
    )


class UntrustedProxy(SignInRefused):
    """Headers of a sign-in that do not come, alone and once, from a proxy in `TRUSTED_PROXIES`."""

    reason = "untrusted_proxy"
    danish = "AI-univers kan kun åbnes gennem kommunens login. Åbn den adresse, du plejer, eller kontakt IT & Digitalisering."
