"""A real OpenID provider on this machine: the certified `oidc-provider` from npm, which can be told to misbehave."""

import json
import shutil
import subprocess
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import free_port, log_end

VERSION = "9.13.3"
CLIENT = "ai-univers"
SECRET = "en hemmelighed til test"
SCRIPT = Path(__file__).with_name("provider") / "provider.mjs"


@dataclass(frozen=True)
class OpenIdProvider:
    """The running provider."""

    issuer: str

    def misbehave(self, how: str) -> None:
        """Sign tokens that are wrong in one way from now on; `none` ends it."""
        self._ask(f"/test/misbehave?how={how}")

    def say(self, account: str, claims: Mapping[str, Any]) -> None:
        """Change what is said of an account from now on."""
        self._ask(f"/test/account?id={account}&claims={urllib.parse.quote(json.dumps(claims))}")

    def signed_in(self, page: Page) -> str:
        """Whom the browser is signed in as here, without the application."""
        page.goto(f"{self.issuer}/test/session")
        return page.inner_text("body")

    def log_in(self, page: Page, account: str) -> None:
        """Fill in the provider's own page, and agree to what it asks."""
        page.get_by_placeholder("Enter any login").fill(account)
        page.get_by_placeholder("and password").fill("hemmeligt")
        page.get_by_role("button", name="Sign-in").click()
        page.get_by_role("button", name="Continue").click()
        expect(page).not_to_have_url(f"{self.issuer}/**")

    def _ask(self, path: str) -> None:
        with urllib.request.urlopen(self.issuer + path, timeout=10) as answer:  # noqa: S310  (http on localhost)
            assert answer.status == 200


def installed(folder: Path) -> Path:
    """The folder with the provider's packages; the test is skipped, with the reason, where they cannot be had."""
    npm = shutil.which("npm")
    if npm is None or shutil.which("node") is None:
        pytest.skip("node and npm are not installed, so there is no OpenID provider to sign in at")
    command = [npm, "install", "--no-audit", "--no-fund", "--ignore-scripts", f"oidc-provider@{VERSION}"]
    try:
        subprocess.run(command, cwd=folder, check=True, capture_output=True, timeout=300)
    except (subprocess.SubprocessError, OSError) as error:
        pytest.skip(f"oidc-provider cannot be installed from npm here: {type(error).__name__}")
    shutil.copy(SCRIPT, folder)
    return folder


@contextmanager
def running(folder: Path, callback: str, accounts: Mapping[str, Mapping[str, Any]]) -> Iterator[OpenIdProvider]:
    """The provider with one client, ours, and `accounts`: what it says of each."""
    port, log = free_port(), folder / "provider.log"
    config = {
        "port": port,
        "client_id": CLIENT,
        "client_secret": SECRET,
        "redirect_uri": callback,
        "accounts": accounts,
    }
    node = shutil.which("node") or "node"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [node, SCRIPT.name],
            cwd=folder,
            env={"CONFIG": json.dumps(config), "PATH": str(Path(node).parent)},
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        issuer = f"http://localhost:{port}"
        _await(issuer, process, log)
        yield OpenIdProvider(issuer)
    finally:
        process.terminate()
        process.wait(timeout=10)


def _await(issuer: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and process.poll() is None:
        try:
            with urllib.request.urlopen(f"{issuer}/.well-known/openid-configuration", timeout=2):  # noqa: S310
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.2)
    raise RuntimeError(f"the OpenID provider did not start:\n{log_end(log)}")
