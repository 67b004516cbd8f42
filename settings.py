"""Every environment name the application reads, in one place.

Values come from the environment or a `.env` file. Blank values count as unset, white space around values is removed.
"""

from functools import lru_cache
from pathlib import Path
from typing import Any, Literal
from urllib.parse import quote

from pydantic import AliasChoices, Field, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent


class Settings(BaseSettings):
    """Settings of one process; see the README for the table of names."""

    model_config = SettingsConfigDict(env_file=".env", env_ignore_empty=True, extra="ignore", str_strip_whitespace=True)

    data_dir: Path = Field(ROOT / "data", description="folder for the SQLite file and the vector store")
    content_dir: Path = Field(ROOT / "content", description="shipped guidelines, glossary and example people")

    database_url: str | None = None
    db_host: str | None = Field(None, validation_alias=AliasChoices("DB_HOST", "POSTGRES_HOST"))
    db_port: int = Field(5432, validation_alias=AliasChoices("DB_PORT", "POSTGRES_PORT"))
    db_user: str | None = Field(None, validation_alias=AliasChoices("DB_USER", "POSTGRES_USER"))
    db_pass: str | None = Field(None, validation_alias=AliasChoices("DB_PASS", "POSTGRES_PASSWORD", "POSTGRES_PASS"))
    db_name: str | None = Field(None, validation_alias=AliasChoices("DB_NAME", "DB_DATABASE", "POSTGRES_DB"))
    db_schema: str = Field("ai_univers", pattern=r"^[a-z_][a-z0-9_]*$", description="schema used on PostgreSQL")

    auth_mode: Literal["demo"] = Field("demo", description="how people sign in; demo works on localhost only")

    embedding_model: str | None = Field(None, description="sentence-transformers name or path; unset = embedded e5")
    reranker_model: str | None = Field(None, description="cross-encoder name or path; unset = no reranking")

    max_question_chars: int = Field(600, description="longest question accepted, in characters")
    conversation_days: int = Field(90, description="days a conversation is kept after its last question")
    question_log_days: int = Field(
        90, ge=1, le=3650, description="days the log of questions (without identity) and feedback are kept"
    )
    csp_frame_ancestors: str = "'self'"
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO"

    @model_validator(mode="before")
    @classmethod
    def _without_blanks(cls, values: dict[str, Any]) -> dict[str, Any]:
        # `str_strip_whitespace` and `env_ignore_empty` reach neither paths, numbers and choices nor values of spaces.
        stripped = {name: value.strip() if isinstance(value, str) else value for name, value in values.items()}
        return {name: value for name, value in stripped.items() if value != ""}

    @field_validator("data_dir", "content_dir")
    @classmethod
    def _absolute(cls, value: Path) -> Path:
        return value.expanduser().resolve()

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


@lru_cache(maxsize=1)
def get_settings() -> Settings:
    """The settings of this process, read once."""
    return Settings()  # type: ignore[call-arg]  # values come from the environment
