"""A real OpenID provider of the tests' own: the certified `oidc-provider`, run by Node.js.

Its packages are pinned in `tests/support/openid` and are installed into the user's cache: by
`pytest -m oidc`, and where every part is required.
"""

import hashlib
import html
import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from urllib.parse import urljoin

import httpx
import pytest
from joserfc.jwk import KeySet

from hub.broker.ports import free
from tests.support.invented_provider import PrivateKey, a_key
from tests.support.parts import REQUIRE, missing

SOURCE: Final = Path(__file__).with_name("openid")
CACHE: Final = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "kurze-wege"
INSTALL: Final = ("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")
WITHIN_S: Final = 300
CLIENT: Final = "kurze-wege"
SECRET: Final = "only-for-tests-only-for-tests-only-for-tests"
CLERKS: Final[Mapping[str, Mapping[str, Any]]] = {
    "mara": {"name": "Mara Beispiel", "roles": ["staff", "kw-lead"]},
    "jo": {"name": "Jo Muster", "roles": ["kw-clerk"]},
    "gast": {"name": "Gitta Gast", "roles": ["staff"]},
}
_FORM: Final = re.compile(r'<form[^>]*\baction="([^"]*)"[^>]*>(.*?)</form>', re.DOTALL)
_HIDDEN: Final = re.compile(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"[^>]*value="([^"]*)"')


def installed(config: pytest.Config) -> Path:
    """The folder with the provider's packages; skips or fails the test without them."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if node is None or npm is None:
        missing("Node.js", "apt-get install nodejs npm (Node 20 or newer)")
    lock = (SOURCE / "package-lock.json").read_bytes()
    folder = CACHE / f"openid-{hashlib.sha256(lock).hexdigest()[:12]}"
    ready = folder / "ready"
    if not ready.exists():
        wanted = "oidc" in str(config.getoption("markexpr")) or os.environ.get(REQUIRE) == "1"
        if not wanted:
            missing("The OpenID provider", "it is installed from npm by: pytest -m oidc")
        _install(folder)
        ready.touch()
    return folder


def _install(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for file in ("package.json", "package-lock.json"):
        shutil.copy(SOURCE / file, folder / file)
    done = subprocess.run(
        INSTALL, cwd=folder, capture_output=True, text=True, timeout=WITHIN_S, check=False
    )
    if done.returncode:
        pytest.fail(f"npm ci failed: {done.stderr}", pytrace=False)


@dataclass
class RealProvider:
    """One provider at one address; started again it may have other keys."""

    folder: Path
    origin: str
    """Of the pages that it leads back to."""
    port: int = field(default_factory=lambda: free(1)[0])
    keys: Sequence[PrivateKey] = field(default_factory=lambda: [a_key()])
    _process: subprocess.Popen[str] | None = None

    @property
    def issuer(self) -> str:
        """Its issuer."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def options(self) -> dict[str, Any]:
        """Settings for who asks it."""
        return {
            "issuer": self.issuer,
            "client_id": CLIENT,
            "client_secret": SECRET,
            "roles": {"kw-lead": "lead", "kw-clerk": "clerk"},
        }

    def start(self) -> None:
        """Start it, and return when it is open."""
        shutil.copy(SOURCE / "provider.mjs", self.folder / "provider.mjs")
        client = {
            "client_id": CLIENT,
            "client_secret": SECRET,
            "redirect_uris": [f"{self.origin}/login/return"],
            "post_logout_redirect_uris": [f"{self.origin}/signed-out"],
            "id_token_signed_response_alg": "ES256",
        }
        keys = KeySet(list(self.keys)).as_dict(private=True)["keys"]
        said = json.dumps({"port": self.port, "client": client, "clerks": CLERKS, "keys": keys})
        self._process = subprocess.Popen(
            ["node", "provider.mjs", said],
            cwd=self.folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
        )
        assert self._process.stdout
        assert self._process.stdout.readline().startswith("open at"), "the provider did not start"

    def stop(self) -> None:
        """End it."""
        if self._process is not None:
            self._process.kill()
            self._process.communicate()
            self._process = None

    def asks(self, browser: httpx.Client, address: str) -> bool:
        """Whether it asks who somebody is, or knows the browser."""
        return "/interaction/" in browser.get(address).headers["location"]

    def walk(self, browser: httpx.Client, address: str, clerk: str) -> str:
        """Sign in there as this clerk and agree to all; the address it leads back to."""
        answer = browser.get(address)
        for _ in range(20):
            if answer.is_redirect:
                address = urljoin(str(answer.url), answer.headers["location"])
                if address.startswith(self.origin):
                    return address
                answer = browser.get(address)
                continue
            found = _FORM.search(answer.text)
            assert found, answer.text
            fields = dict(_HIDDEN.findall(found[2]))
            if 'name="login"' in found[2]:
                fields |= {"login": clerk, "password": "whatever it is"}
            if 'name="logout"' in answer.text:
                fields |= {"logout": "yes"}
            action = urljoin(str(answer.url), html.unescape(found[1]))
            answer = browser.post(action, data=fields)
        raise AssertionError("the provider never leads back")


@contextmanager
def real_provider(config: pytest.Config, origin: str) -> Iterator[RealProvider]:
    """A running provider that leads back to these pages."""
    provider = RealProvider(installed(config), origin)
    provider.start()
    try:
        yield provider
    finally:
        provider.stop()
