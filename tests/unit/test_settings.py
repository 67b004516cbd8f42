"""Settings: which environment name means what."""

from pathlib import Path

import pytest
import sqlalchemy
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from settings import Settings, explained, get_settings


def test_with_nothing_set_the_house_stands_on_a_sqlite_file() -> None:
    settings = Settings()
    assert settings.sqlalchemy_url.startswith("sqlite:///")
    assert settings.sqlalchemy_url.endswith("data/ai-univers.sqlite3")
    assert settings.embedding_model is None


def test_the_data_folder_holds_the_database(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", str(tmp_path))
    assert Settings().sqlalchemy_url == f"sqlite:///{tmp_path / 'ai-univers.sqlite3'}"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql"])
def test_a_database_address_of_a_platform_gets_our_driver(monkeypatch: pytest.MonkeyPatch, scheme: str) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{scheme}://u:p@host:5433/db?sslmode=require")
    assert Settings().sqlalchemy_url == "postgresql+psycopg://u:p@host:5433/db?sslmode=require"


def test_an_address_with_a_driver_is_left_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "sqlite:////srv/x.sqlite3")
    assert Settings().sqlalchemy_url == "sqlite:////srv/x.sqlite3"


@pytest.mark.parametrize(
    "names",
    [
        ("DB_HOST", "DB_PORT", "DB_USER", "DB_PASS", "DB_NAME"),
        ("POSTGRES_HOST", "POSTGRES_PORT", "POSTGRES_USER", "POSTGRES_PASSWORD", "POSTGRES_DB"),
        ("DB_HOST", "DB_PORT", "DB_USER", "POSTGRES_PASS", "DB_DATABASE"),
    ],
)
def test_the_municipalitys_names_make_an_address(monkeypatch: pytest.MonkeyPatch, names: tuple[str, ...]) -> None:
    for name, value in zip(names, ("db.randers.dk", "5433", "ai", "hem/me:lig@1%", "univers"), strict=True):
        monkeypatch.setenv(name, value)
    url = sqlalchemy.make_url(Settings().sqlalchemy_url)
    assert (url.host, url.port, url.username, url.password, url.database) == (
        "db.randers.dk",
        5433,
        "ai",
        "hem/me:lig@1%",
        "univers",
    )


@given(st.text(st.characters(min_codepoint=33, max_codepoint=400, exclude_categories=["Cs", "Cc", "Zs"]), min_size=1))
def test_any_password_survives(password: str) -> None:
    settings = Settings(DB_HOST="h", DB_USER="u", DB_PASS=password)
    assert sqlalchemy.make_url(settings.sqlalchemy_url).password == password


def test_blank_values_count_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    standard = Settings()
    for name in ("DATA_DIR", "DATABASE_URL", "DB_PORT", "EMBEDDING_MODEL", "MAX_QUESTION_CHARS", "LOG_LEVEL"):
        for blank in ("", "   "):
            monkeypatch.setenv(name, blank)
            assert Settings() == standard, name
        monkeypatch.delenv(name)


def test_white_space_around_values_is_removed(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("DATA_DIR", f" {tmp_path} ")
    monkeypatch.setenv("LOG_LEVEL", " DEBUG ")
    settings = Settings()
    assert (settings.data_dir, settings.log_level) == (tmp_path, "DEBUG")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("DB_SCHEMA", 'x"; DROP SCHEMA public; --'),
        ("DB_PORT", "mange"),
        ("AUTH_MODE", "none"),
        ("LOG_LEVEL", "LOUD"),
    ],
)
def test_wrong_values_stop_the_start(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError, match=f"(?i){name}"):
        Settings()


def test_the_settings_are_read_once(monkeypatch: pytest.MonkeyPatch) -> None:
    first = get_settings()
    monkeypatch.setenv("DB_HOST", "elsewhere")
    assert get_settings() is first


AZURE = {
    "AZURE_OPENAI_ENDPOINT": "https://ai.example.dk",
    "AZURE_OPENAI_API_KEY": "hemmelig-azure",
    "AZURE_OPENAI_DEPLOYMENT": "gpt",
}
OPENAI = {"OPENAI_BASE_URL": "http://localhost:9/v1", "OPENAI_API_KEY": "hemmelig-openai", "OPENAI_MODEL": "m"}


@pytest.mark.parametrize("names", [AZURE, OPENAI])
def test_a_whole_access_to_a_model_is_accepted_and_its_key_stays_secret(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str]
) -> None:
    for name, value in names.items():
        monkeypatch.setenv(name, value)
    assert "hemmelig" not in repr(Settings())


@pytest.mark.parametrize("names", [AZURE, OPENAI])
def test_half_an_access_to_a_model_is_refused_in_danish_without_showing_a_key(
    monkeypatch: pytest.MonkeyPatch, names: dict[str, str]
) -> None:
    for left_out in names:
        for name, value in names.items():
            monkeypatch.setenv(name, value)
        monkeypatch.delenv(left_out)
        with pytest.raises(ValidationError) as caught:
            Settings()
        assert f"men {left_out} mangler" in explained(caught.value)
        assert "hemmelig" not in str(caught.value) + explained(caught.value)


def test_two_models_at_once_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**AZURE, **OPENAI}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "to sprogmodeller" in explained(caught.value)


def test_the_municipalitys_names_of_a_model_work(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AZURE_OPENAI_ENDPOINT", "https://ai.example.dk")
    monkeypatch.setenv("AZURE_OPENAI_KEY", "hemmelig")
    monkeypatch.setenv("AZURE_OPENAI_DEPLOYMENT_NAME", "gpt")
    monkeypatch.setenv("AZURE_API_VERSION_OPENAI", "2025-01-01-preview")
    settings = Settings()
    assert (settings.azure_openai_deployment, settings.azure_openai_api_version) == ("gpt", "2025-01-01-preview")
    assert settings.azure_openai_api_key is not None
    assert settings.azure_openai_api_key.get_secret_value() == "hemmelig"


def test_a_wrong_value_is_named_and_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DB_PORT", "kodeord-i-forkert-felt")
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "DB_PORT" in explained(caught.value)
    assert "kodeord" not in str(caught.value) + explained(caught.value)


def test_the_public_address_has_no_slash_at_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    assert Settings().public_url == "http://localhost:8501"
    monkeypatch.setenv("AUTH_MODE", "proxy")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.7")
    monkeypatch.setenv("PUBLIC_URL", "https://ai.randers.dk/univers/")
    assert Settings().public_url == "https://ai.randers.dk/univers"


@pytest.mark.parametrize(
    "address", ["ai.randers.dk", "ftp://ai.randers.dk", "https://", "https://a b", "https://a/?x=1"]
)
def test_what_is_no_public_address_stops_the_start(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    monkeypatch.setenv("PUBLIC_URL", address)
    with pytest.raises(ValidationError, match=r"(?i)public_url"):
        Settings()


def test_the_signing_key_lies_in_the_data_folder_unless_it_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    assert Settings(data_dir=tmp_path).signing_key_path == tmp_path / "signing-key.pem"
    monkeypatch.setenv("SIGNING_KEY_FILE", str(tmp_path / "secrets" / "key.pem"))
    assert Settings(data_dir=tmp_path).signing_key_path == tmp_path / "secrets" / "key.pem"


STORE = {"XAPI_ENDPOINT": "https://lrs.example.dk/xapi/", "XAPI_KEY": "hemmelig-1", "XAPI_SECRET": "hemmelig-2"}


def test_a_whole_access_to_a_record_store_is_accepted_and_stays_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in STORE.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.xapi_endpoint == "https://lrs.example.dk/xapi"
    assert "hemmelig" not in repr(settings)


@pytest.mark.parametrize("left_out", STORE)
def test_half_an_access_to_a_record_store_is_refused_in_danish(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    for name, value in STORE.items():
        if name != left_out:
            monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert f"men {left_out} mangler" in explained(caught.value)
    assert "hemmelig" not in str(caught.value) + explained(caught.value)


def test_a_record_store_and_a_file_at_once_are_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name, value in {**STORE, "XAPI_FILE": str(tmp_path / "ud.jsonl")}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as caught:
        Settings()
    assert "XAPI_FILE" in explained(caught.value)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("http://localhost:8080/xapi", True),
        ("http://127.0.0.1/", True),
        ("http://[::1]:9", True),
        ("http://lrs.example.dk/xapi", False),
        ("http://localhost.example.dk", False),
        ("http://localhost@example.dk", False),
        ("https://bruger:kode@lrs.example.dk", False),
        ("https://lrs.example.dk/?x=1", False),
        ("ftp://lrs.example.dk", False),
    ],
)
def test_statements_go_encrypted_or_nowhere(monkeypatch: pytest.MonkeyPatch, address: str, good: bool) -> None:
    for name, value in {**STORE, "XAPI_ENDPOINT": address}.items():
        monkeypatch.setenv(name, value)
    if good:
        assert Settings().xapi_endpoint == address.rstrip("/")
        return
    with pytest.raises(ValidationError, match=r"(?i)xapi_endpoint"):
        Settings()


OIDC = {
    "AUTH_MODE": "oidc",
    "KEYCLOAK_URL": "https://login.randers.dk",
    "KEYCLOAK_REALM": "randers-kommune",
    "KEYCLOAK_CLIENT_ID": "hemmelig-klient",
    "KEYCLOAK_CLIENT_SECRET": "hemmelig-kode",
    "COOKIE_SECRET": "hemmelig og lang nok til at skrive under med",
    "PUBLIC_URL": "https://ai-univers.randers.dk",
}


def with_settings(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> Settings:
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    return Settings()


def refused(monkeypatch: pytest.MonkeyPatch, values: dict[str, str]) -> str:
    """What a person is told; no value of a secret is in it."""
    with pytest.raises(ValidationError) as caught:
        with_settings(monkeypatch, values)
    assert "hemmelig" not in str(caught.value) + explained(caught.value)
    return explained(caught.value)


@pytest.mark.parametrize(
    ("more", "issuers"),
    [
        ({}, ["https://login.randers.dk/realms/r", "https://login.randers.dk/auth/realms/r"]),
        ({"KEYCLOAK_URL": "https://k.dk/auth/"}, ["https://k.dk/auth/realms/r", "https://k.dk/realms/r"]),
        ({"KEYCLOAK_URL": "https://k.dk/auth/realms/x/", "KEYCLOAK_REALM": ""}, ["https://k.dk/auth/realms/x"]),
        ({"OIDC_ISSUER": "https://login.microsoftonline.com/t/v2.0", "KEYCLOAK_REALM": ""}, None),
    ],
)
def test_keycloak_is_found_with_and_without_auth_and_realm(
    monkeypatch: pytest.MonkeyPatch, more: dict[str, str], issuers: list[str] | None
) -> None:
    settings = with_settings(monkeypatch, {**OIDC, "KEYCLOAK_REALM": "r", **more})
    assert list(settings.issuers) == (issuers or ["https://login.microsoftonline.com/t/v2.0"])
    assert "hemmelig-kode" not in repr(settings)


def test_the_short_names_of_the_client_work_too(monkeypatch: pytest.MonkeyPatch) -> None:
    values = {name.replace("KEYCLOAK_CLIENT", "CLIENT"): value for name, value in OIDC.items()}
    assert with_settings(monkeypatch, values).keycloak_client_id == "hemmelig-klient"


@pytest.mark.parametrize(
    "left_out", ["KEYCLOAK_URL", "KEYCLOAK_REALM", "KEYCLOAK_CLIENT_ID", "KEYCLOAK_CLIENT_SECRET", "COOKIE_SECRET"]
)
def test_half_a_sign_in_is_refused_in_danish(monkeypatch: pytest.MonkeyPatch, left_out: str) -> None:
    said = refused(monkeypatch, {name: value for name, value in OIDC.items() if name != left_out})
    assert left_out in said
    assert "mangler" in said
    assert [name for name in OIDC if name not in {left_out, "AUTH_MODE", "KEYCLOAK_URL"} and name in said] == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"COOKIE_SECRET": "hemmelig"}, "COOKIE_SECRET er for kort"),
        ({"PUBLIC_URL": "http://ai-univers.randers.dk"}, "https"),
        ({"KEYCLOAK_URL": "http://login.randers.dk"}, "KEYCLOAK_URL"),
        ({"KEYCLOAK_URL": "https://bruger:hemmelig@login.randers.dk"}, "KEYCLOAK_URL"),
        ({"OIDC_ISSUER": "https://login.randers.dk/?hemmelig=1"}, "OIDC_ISSUER"),
        ({"SESSION_HOURS": "0"}, "SESSION_HOURS"),
        ({"SESSION_HOURS": "48"}, "SESSION_HOURS"),
        ({"ROLE_MAP": "redaktion=redaktør"}, "ROLE_MAP"),
        ({"ROLE_MAP": "trainer"}, "ROLE_MAP"),
        ({"DEFAULT_ROLE": "admin"}, "DEFAULT_ROLE"),
        ({"AUTH_MODE": "none"}, "AUTH_MODE"),
    ],
)
def test_a_sign_in_that_would_not_be_safe_is_refused(
    monkeypatch: pytest.MonkeyPatch, wrong: dict[str, str], said: str
) -> None:
    assert said in refused(monkeypatch, {**OIDC, **wrong})


@pytest.mark.parametrize(
    "address", ["https://ai-univers.randers.dk", "http://127.0.0.1.nip.io", "http://10.0.0.7:8501"]
)
def test_the_demo_does_not_start_where_others_can_reach_it(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    """A proxy on the same machine may make everybody look local; whoever has one has an address that people use."""
    assert "AUTH_MODE er demo" in refused(monkeypatch, {"PUBLIC_URL": address})
    monkeypatch.setenv("AUTH_MODE", "proxy")
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.7")
    assert Settings().public_url == address


@pytest.mark.parametrize("address", ["http://localhost:8501", "http://127.0.0.1", "http://[::1]:8501", ""])
def test_the_demo_starts_on_this_machine(monkeypatch: pytest.MonkeyPatch, address: str) -> None:
    assert with_settings(monkeypatch, {"PUBLIC_URL": address}).auth_mode == "demo"


def test_roles_are_mapped_by_name_and_a_name_may_hold_any_sign(monkeypatch: pytest.MonkeyPatch) -> None:
    settings = with_settings(monkeypatch, {"ROLE_MAP": "course_editor=trainer; CN=AI,OU=Grupper = taskforce;"})
    assert settings.roles_by_name == {"course_editor": "trainer", "CN=AI,OU=Grupper": "taskforce"}


@pytest.mark.parametrize(
    ("proxies", "good"),
    [
        ("10.0.0.7", True),
        ("10.0.0.0/24, fd00::5", True),
        ("", False),
        ("proxy.randers.dk", False),
        ("0.0.0.0/0", False),
        ("::/0", False),
        ("10.0.0.7,", True),
    ],
)
def test_a_proxy_is_trusted_by_its_address_only(monkeypatch: pytest.MonkeyPatch, proxies: str, good: bool) -> None:
    values = {"AUTH_MODE": "proxy", "TRUSTED_PROXIES": proxies}
    if good:
        assert with_settings(monkeypatch, values).trusted_proxy_networks
    else:
        assert "TRUSTED_PROXIES" in refused(monkeypatch, values)


@pytest.mark.parametrize(
    ("address", "good"),
    [
        ("/oauth2/sign_out", True),
        ("https://login.randers.dk/ud", True),
        ("//ond.example", False),
        ("javascript:x", False),
    ],
)
def test_signing_out_at_the_proxy_goes_nowhere_else(monkeypatch: pytest.MonkeyPatch, address: str, good: bool) -> None:
    values = {"PROXY_LOGOUT_URL": address}
    if good:
        assert with_settings(monkeypatch, values).proxy_logout_url == address
    else:
        assert "PROXY_LOGOUT_URL" in refused(monkeypatch, values)
