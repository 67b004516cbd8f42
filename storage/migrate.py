"""Bring the database to the newest migration; safe when several processes start at once."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, MetaData, text

FOLDER = Path(__file__).with_name("migrations")


def migrate(engine: Engine) -> None:
    """Create the schema where it is missing and run the migrations that have not run."""
    config = _config()
    head = ScriptDirectory.from_config(config).get_current_head()
    with engine.execution_options(writes=True).begin() as connection:
        if engine.dialect.name == "postgresql":
            schema = engine.get_execution_options()["schema"]
            connection.execute(text("SELECT pg_advisory_xact_lock(20240830)"))
            connection.execute(text(f'CREATE SCHEMA IF NOT EXISTS "{schema}"'))  # the settings check the name
        if _revision(connection) != head:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")


def draft(engine: Engine, message: str, metadata: MetaData) -> None:
    """Write a new migration file with the difference between the database and `metadata` (for developers)."""
    config = _config()
    with engine.connect() as connection:
        config.attributes.update(connection=connection, metadata=metadata)
        command.revision(config, message=message, autogenerate=True)


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    return config


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
