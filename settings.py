"""Every environment name the application reads, in one place.

Values come from the environment or a `.env` file. Blank values count as unset, white space around values is removed.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import AliasChoices, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from settings_sign_in import SECURE_OR_HERE, SignInSettings

ROOT = Path(__file__).resolve().parent


AZURE_MODEL = ("AZURE_OPENAI_ENDPOINT", "AZURE_OPENAI_API_KEY", "AZURE_OPENAI_DEPLOYMENT")
OPENAI_MODEL = ("OPENAI_BASE_URL", "OPENAI_API_KEY", "OPENAI_MODEL")
RECORD_STORE = ("XAPI_ENDPOINT", "XAPI_KEY", "XAPI_SECRET")
MAIL_DOMAIN = "randers.dk"  # of a sender that is given without one, as the municipality's other apps do it


class Settings(SignInSettings):
    """Settings of one process; see the README for the table of names."""

    # An error names the setting and never shows its value: it may be a key or a password.
    model_config = SettingsConfigDict(
        env_file=".env", env_ignore_empty=True, extra="ignore", str_strip_whitespace=True, hide_input_in_errors=True
    )

    data_dir: Path = Field(ROOT / "data", description="folder for the SQLite file and the vector store")
    content_dir: Path = Field(ROOT / "content", description="shipped guidelines, glossary and example people")

    database_url: str | None = None
    db_host: str | None = Field(None, validation_alias=AliasChoices("DB_HOST", "POSTGRES_HOST"))
    db_port: int = Field(5432, validation_alias=AliasChoices("DB_PORT", "POSTGRES_PORT"))
    db_user: str | None = Field(None, validation_alias=AliasChoices("DB_USER", "POSTGRES_USER"))
    db_pass: str | None = Field(None, validation_alias=AliasChoices("DB_PASS", "POSTGRES_PASSWORD", "POSTGRES_PASS"))
    db_name: str | None = Field(None, validation_alias=AliasChoices("DB_NAME", "DB_DATABASE", "POSTGRES_DB"))
    db_schema: str = Field("ai_univers", pattern=r"^[a-z_][a-z0-9_]*$", description="schema used on PostgreSQL")

    embedding_model: str | None = Field(None, description="sentence-transformers name or path; unset = embedded e5")
    reranker_model: str | None = Field(None, description="cross-encoder name or path; unset = no reranking")

    azure_openai_endpoint: str | None = Field(None, pattern=r"^https?://")
    azure_openai_api_key: SecretStr | None = Field(
        None, validation_alias=AliasChoices("AZURE_OPENAI_API_KEY", "AZURE_OPENAI_KEY")
    )
    azure_openai_deployment: str | None = Field(
        None,
        validation_alias=AliasChoices(
            "AZURE_OPENAI_DEPLOYMENT", "AZURE_OPENAI_DEPLOYMENT_NAME", "AZURE_DEPLOYMENT_NAME"
        ),
    )
    azure_openai_api_version: str = Field(
        "2024-10-21",
        validation_alias=AliasChoices("AZURE_OPENAI_API_VERSION", "AZURE_API_VERSION_OPENAI", "AZURE_API_VERSION"),
    )
    openai_base_url: str | None = Field(None, pattern=r"^https?://")
    openai_api_key: SecretStr | None = None
    openai_model: str | None = None
    model_timeout: float = Field(20.0, gt=0, le=120, description="seconds a language model has for a whole answer")
    model_max_tokens: int = Field(1200, ge=100, le=8000, description="longest answer of a language model, in tokens")

    max_question_chars: int = Field(600, description="longest question accepted, in characters")
    conversation_days: int = Field(90, description="days a conversation is kept after its last question")
    question_log_days: int = Field(
        90, ge=1, le=3650, description="days the log of questions (without identity) and feedback are kept"
    )
    signing_key_file: Path | None = Field(None, description="PEM file that badges are signed with; unset = in data_dir")
    xapi_endpoint: str | None = Field(
        None,
        pattern=SECURE_OR_HERE,
        description="address of a learning record store, without /statements; unset = nothing is sent",
    )
    xapi_key: SecretStr | None = None
    xapi_secret: SecretStr | None = None
    xapi_file: Path | None = Field(
        None, description="file that statements are added to, one a line, instead of sending"
    )
    xapi_pseudonym_file: Path | None = Field(
        None, description="key of the pseudonyms in statements; unset = in data_dir"
    )
    smtp_host: str | None = Field(None, validation_alias=AliasChoices("SMTP_HOST", "FEEDBACK_SMTP_SERVER"))
    smtp_port: int = Field(25, ge=1, le=65535, validation_alias=AliasChoices("SMTP_PORT", "FEEDBACK_SMTP_PORT"))
    smtp_user: str | None = None
    smtp_password: SecretStr | None = Field(
        None, validation_alias=AliasChoices("SMTP_PASSWORD", "FEEDBACK_SMTP_SENDER_PASSWORD")
    )
    smtp_starttls: Literal["auto", "required", "implicit"] = Field(
        "auto",
        description="auto = encrypted where the server offers it; a password is never sent without. implicit = encrypted "
        "from the first byte, as on port 465 anyhow",
    )
    smtp_sender: str | None = Field(
        None,
        validation_alias=AliasChoices("SMTP_SENDER", "FEEDBACK_SMTP_SENDER_EMAIL"),
        pattern=r"^[A-Za-z0-9._+-]+(@([A-Za-z0-9-]+\.)*[A-Za-z0-9-]+)?$",
        description="address that mails come from; a bare name gets the municipality's domain",
    )
    smtp_sender_name: str = Field(
        "AI-Univers",
        validation_alias=AliasChoices("SMTP_SENDER_NAME", "FEEDBACK_SMTP_SENDER_NAME"),
        pattern=r"^[^\r\n]+$",
    )
    csp_frame_ancestors: str = "'self'"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: dict[str, Any]) -> dict[str, Any]:
        # `str_strip_whitespace` and `env_ignore_empty` reach neither paths, numbers and choices nor values of spaces.
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @field_validator("data_dir", "content_dir", "signing_key_file", "xapi_file", "xapi_pseudonym_file")
    @classmethod
    def _absolute(cls, value: Path | None) -> Path | None:
        return value.expanduser().resolve() if value else None

    @field_validator("public_url", "xapi_endpoint", "keycloak_url")
    @classmethod
    def _without_slash(cls, value: str | None) -> str | None:
        return value.rstrip("/") if value else value

    @model_validator(mode="after")
    def _whole_model(self) -> "Settings":
        """Half an access to a language model is a mistake that would otherwise only show as answers without it."""
        groups = [
            {name: getattr(self, name.lower()) is not None for name in names} for names in (AZURE_MODEL, OPENAI_MODEL)
        ]
        for group in groups:
            if any(group.values()) and not all(group.values()):
                found = ", ".join(name for name, there in group.items() if there)
                missing = ", ".join(name for name, there in group.items() if not there)
                raise ValueError(
                    f"Adgangen til sprogmodellen er ikke hel: {found} er sat, men {missing} mangler. "
                    "Sæt det, der mangler, eller fjern det hele for at få svar uden sprogmodel."
                )
        if all(all(group.values()) for group in groups):
            raise ValueError(
                "Der er sat to sprogmodeller, både AZURE_OPENAI_… og OPENAI_…. Fjern den ene, så det er klart, hvem der svarer."
            )
        return self

    @model_validator(mode="after")
    def _whole_record_store(self) -> "Settings":
        """Half an access to a learning record store would only show as statements that pile up."""
        found = [name for name in RECORD_STORE if getattr(self, name.lower()) is not None]
        missing = [name for name in RECORD_STORE if name not in found]
        if found and missing:
            raise ValueError(
                f"Adgangen til samlingen af læringsdata er ikke hel: {', '.join(found)} er sat, men {', '.join(missing)} "
                "mangler. Sæt det, der mangler, eller fjern det hele for ikke at sende noget."
            )
        if found and self.xapi_file:
            raise ValueError(
                "Læringsdata kan enten sendes (XAPI_ENDPOINT) eller skrives i en fil (XAPI_FILE). Fjern den ene indstilling."
            )
        return self

    @model_validator(mode="after")
    def _whole_mail_server(self) -> "Settings":
        """Half an access to a mail server would only show as reminders that never come."""
        there = {
            "SMTP_HOST": self.smtp_host is not None,
            "SMTP_SENDER": self.smtp_sender is not None,
            "SMTP_USER": self.smtp_user is not None,
            "SMTP_PASSWORD": self.smtp_password is not None,
        }
        needed = ["SMTP_HOST", "SMTP_SENDER", *(["SMTP_PASSWORD"] if self.smtp_user else [])]
        missing = [name for name in needed if not there[name]]
        if any(there.values()) and missing:
            found = ", ".join(name for name, is_set in there.items() if is_set)
            raise ValueError(
                f"Adgangen til mailserveren er ikke hel: {found} er sat, men {', '.join(missing)} mangler. "
                "Sæt det, der mangler, eller fjern det hele for ikke at sende mails."
            )
        return self

    @property
    def mail_sender(self) -> str | None:
        """The whole address that mails come from; a bare name is at `MAIL_DOMAIN`."""
        if self.smtp_sender is None or "@" in self.smtp_sender:
            return self.smtp_sender
        return f"{self.smtp_sender}@{MAIL_DOMAIN}"

    @property
    def xapi_pseudonym_path(self) -> Path:
        """File of the key that turns people into pseudonyms in xAPI: `XAPI_PSEUDONYM_FILE`, else one in `data_dir`."""
        return self.xapi_pseudonym_file or self.data_dir / "xapi-pseudonym.key"

    @property
    def signing_key_path(self) -> Path:
        """File of the private key that badges are signed with: `SIGNING_KEY_FILE`, else one in `data_dir`."""
        return self.signing_key_file or self.data_dir / "signing-key.pem"

    @property
    def sqlalchemy_url(self) -> str:
        """Address of the database: `DATABASE_URL`, else the `DB_*`/`POSTGRES_*` names, else a SQLite file in `data_dir`."""
        if self.database_url:
            scheme, separator, rest = self.database_url.partition("://")
            postgres = scheme in {"postgres", "postgresql"}
            return f"postgresql+psycopg://{rest}" if postgres and separator else self.database_url
        if self.db_host:
            user = quote(self.db_user or "", safe="")
            password = f":{quote(self.db_pass, safe='')}" if self.db_pass else ""
            return f"postgresql+psycopg://{user}{password}@{self.db_host}:{self.db_port}/{self.db_name or self.db_user}"
        return f"sqlite:///{self.data_dir / 'ai-univers.sqlite3'}"


def explained(error: ValidationError) -> str:
    """What is wrong with the settings, in Danish and without their values."""
    whole = [str(item["ctx"]["error"]) for item in error.errors() if not item["loc"]]
    if whole:
        return " ".join(whole)
    names = ", ".join(sorted({str(item["loc"][0]).upper() for item in error.errors()}))
    return f"Indstillingen {names} har en værdi, der ikke kan bruges. Ret den i miljøet eller i .env."


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]  # values come from the environment
