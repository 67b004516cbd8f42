"""Settings of signing in: OpenID Connect, a proxy in front, or the demo. Part of `settings.Settings`."""

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Literal, Self
from urllib.parse import urlsplit

from pydantic import AliasChoices, Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

HERE = r"(localhost|127\.0\.0\.1|\[::1\])"
SECURE_OR_HERE = rf"^(https://[^\s/?#@]+|http://{HERE}(:\d+)?)(/[^\s?#]*)?$"
LOCAL_NAMES = ("localhost", "127.0.0.1", "::1")
ROLES = ("employee", "key_person", "trainer", "manager", "taskforce", "admin")
SHORTEST_SECRET = 32  # characters of COOKIE_SECRET


class SignInSettings(BaseSettings):
    """Who may sign in and how; half a way is an error."""

    auth_mode: Literal["demo", "oidc", "proxy"] = Field(
        "demo", description="how people sign in; demo works on this machine only"
    )
    oidc_issuer: str | None = Field(None, pattern=SECURE_OR_HERE, description="issuer of an OpenID provider")
    keycloak_url: str | None = Field(
        None, pattern=SECURE_OR_HERE, description="Keycloak, with or without /auth and /realms/<realm>"
    )
    keycloak_realm: str | None = Field(None, pattern=r"^[^\s/?#]+$")
    keycloak_client_id: str | None = Field(None, validation_alias=AliasChoices("KEYCLOAK_CLIENT_ID", "CLIENT_ID"))
    keycloak_client_secret: SecretStr | None = Field(
        None, validation_alias=AliasChoices("KEYCLOAK_CLIENT_SECRET", "CLIENT_SECRET")
    )
    cookie_secret: SecretStr | None = Field(None, description="signs the cookie of a sign-in; the same in all replicas")
    session_hours: int = Field(8, ge=1, le=24, description="hours until a person must sign in again")
    role_map: str = Field("", description="name=role pairs, separated by semicolons, beside our own names of roles")
    default_role: Literal["employee", "none"] = Field(
        "employee", description="what somebody is whom the provider gives no role; none = she is not let in"
    )
    email_trusted: bool = Field(
        False, description="the provider's e-mail addresses are the municipality's, even where it does not say verified"
    )
    trusted_proxies: str = Field(
        "", description="addresses or CIDR of the proxies whose headers are believed, by comma"
    )
    proxy_header_prefix: str = Field(
        "X-Auth-Request", pattern=r"^[A-Za-z][A-Za-z0-9-]*$", description="prefix of -User, -Email, -Groups"
    )
    proxy_logout_url: str = Field(
        "/oauth2/sign_out", pattern=r"^(/[^/\s]\S*|https://\S+)$", description="where the proxy's own session ends"
    )

    public_url: str = Field(
        "http://localhost:8501",
        pattern=r"^https?://[^\s/?#]+(/[^\s?#]*)?$",
        description="address people reach the application at; it is written into certificates and badges",
    )

    @model_validator(mode="after")
    def _whole_sign_in(self) -> Self:
        """A sign-in that is half set up must not start: nobody would get in, or the wrong ones would."""
        here = urlsplit(self.public_url).hostname in LOCAL_NAMES
        if (
            self.auth_mode == "demo" and not here
        ):  # a proxy in front can make everybody look as if they came from this machine
            raise ValueError(
                "AUTH_MODE er demo, hvor enhver kan vælge, hvem hun er, men PUBLIC_URL er ikke på denne maskine. "
                "Sæt AUTH_MODE til oidc eller proxy, eller fjern PUBLIC_URL."
            )
        if self.auth_mode == "oidc":
            needed = {
                "OIDC_ISSUER eller KEYCLOAK_URL": self.oidc_issuer or self.keycloak_url,
                "KEYCLOAK_REALM": self.keycloak_realm
                or self.oidc_issuer
                or "/realms/" in (self.keycloak_url or "/realms/"),
                "KEYCLOAK_CLIENT_ID": self.keycloak_client_id,
                "KEYCLOAK_CLIENT_SECRET": self.keycloak_client_secret,
                "COOKIE_SECRET": self.cookie_secret,
            }
            if missing := ", ".join(name for name, there in needed.items() if not there):
                raise ValueError(
                    f"AUTH_MODE er oidc, men {missing} mangler. Sæt det, der mangler, eller sæt AUTH_MODE til demo."
                )
            if self.cookie_secret and len(self.cookie_secret.get_secret_value()) < SHORTEST_SECRET:
                raise ValueError(f"COOKIE_SECRET er for kort. Lav en tilfældig på mindst {SHORTEST_SECRET} tegn.")
            if not self.public_url.startswith("https://") and not here:
                raise ValueError(
                    "AUTH_MODE er oidc, men PUBLIC_URL begynder ikke med https. Sæt den adresse, folk bruger."
                )
        if self.auth_mode == "proxy" and not self.trusted_proxy_networks:
            raise ValueError(
                "AUTH_MODE er proxy, men TRUSTED_PROXIES mangler. Sæt adressen på den proxy, der logger ind."
            )
        return self

    @field_validator("trusted_proxies")
    @classmethod
    def _addresses(cls, value: str) -> str:
        if any(network.prefixlen == 0 for network in _networks(value)):
            raise ValueError("everybody is no proxy")
        return value

    @field_validator("role_map")
    @classmethod
    def _pairs(cls, value: str) -> str:
        _role_pairs(value)
        return value

    @property
    def trusted_proxy_networks(self) -> tuple[IPv4Network | IPv6Network, ...]:
        """Networks of `TRUSTED_PROXIES`; an address alone is a network of one."""
        return _networks(self.trusted_proxies)

    @property
    def roles_by_name(self) -> dict[str, str]:
        """`ROLE_MAP`: what the provider calls a role or a group, and which of ours it is."""
        return _role_pairs(self.role_map)

    @property
    def issuers(self) -> tuple[str, ...]:
        """Issuers to try, the likeliest first: Keycloak's path has had /auth and lost it, so both may be right."""
        if self.oidc_issuer:
            return (self.oidc_issuer,)
        if not self.keycloak_url:
            return ()
        if "/realms/" in self.keycloak_url:
            return (self.keycloak_url,)
        bare = self.keycloak_url.removesuffix("/auth")
        found = [f"{base}/realms/{self.keycloak_realm}" for base in (bare, f"{bare}/auth")]
        return tuple(reversed(found) if bare != self.keycloak_url else found)


def _networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(part.strip(), strict=False) for part in text.split(",") if part.strip())


def _role_pairs(text: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for part in text.replace("\n", ";").split(";"):
        if not part.strip():
            continue
        name, separator, role = part.rpartition("=")  # a group may be a distinguished name with = in it
        if not separator or not name.strip() or role.strip() not in ROLES:
            raise ValueError("not name=role")
        pairs[name.strip()] = role.strip()
    return pairs
