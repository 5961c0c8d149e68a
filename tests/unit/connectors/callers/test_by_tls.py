"""The door as a real server by TLS: who comes in by a certificate, by a token, by both."""

import base64
import http.client
import json
import ssl
import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from cryptography import x509

from connectors.callers.access_tokens import AccessTokens
from connectors.callers.credential_file import add_credential, add_token, revoke
from connectors.callers.credentials import Credential
from connectors.callers.entrance import Entrance
from connectors.callers.scopes import ALL, Scope
from connectors.callers.watched_file import WatchedFile
from connectors.http_api.serve import serve
from hub.doctor.addresses import answers
from tests.support.authorization import AuthorizationServer, oauth_options
from tests.support.certificates import Issued, TestAuthority
from tests.support.http_door import EPPERTSHAUSEN, Remembered, an_event, door_options

KFB = "kfb"
MORE = timedelta(hours=1)


def now() -> datetime:
    """This moment."""
    return datetime.now(UTC)


class Site(NamedTuple):
    """A door, who signs for it, and who comes."""

    port: int
    file: Path
    authority: TestAuthority
    server: AuthorizationServer
    hall: Issued
    """Known by its hash, the town hall's."""
    named: Issued
    """Known by a name that it bears, the jobcenter's."""
    stranger: Issued
    """Signed as well, and nobody's here."""

    def ask(
        self, own: Issued | None = None, token: str = "", context: ssl.SSLContext | None = None
    ) -> tuple[int, str, str]:
        """Status, first code and challenge of an event posted by this caller."""
        client = context or self.authority.trusting(own)
        connection = http.client.HTTPSConnection("localhost", self.port, timeout=60, context=client)
        headers = {"Content-Type": "application/cloudevents+json"}
        if token:
            headers["Authorization"] = f"Bearer {token}"
        try:
            connection.request("POST", "/events", json.dumps(an_event()), headers)
            answer = connection.getresponse()
            said = json.loads(answer.read())
        finally:
            connection.close()
        code = said["problems"][0]["code"] if "problems" in said else ""
        return answer.status, code, answer.getheader("WWW-Authenticate") or ""


class _Keys(BaseHTTPRequestHandler):
    """Hands out a JWK set, by real HTTP."""

    server_of: AuthorizationServer

    def do_GET(self) -> None:
        body = json.dumps(self.server_of.jwks()).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[AuthorizationServer, str]]:
    """An authorization server that is asked by HTTP, and where."""
    made = AuthorizationServer()
    handler = type("Handler", (_Keys,), {"server_of": made})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as listening:
        thread = threading.Thread(target=listening.serve_forever)
        thread.start()
        yield made, f"http://127.0.0.1:{listening.server_address[1]}/jwks"
        listening.shutdown()
        thread.join(60)


@pytest.fixture(scope="module", params=["optional", "required"])
def site(
    request: pytest.FixtureRequest,
    tmp_path_factory: pytest.TempPathFactory,
    server: tuple[AuthorizationServer, str],
) -> Iterator[Site]:
    """A door that asks for certificates, and one that insists."""
    folder = tmp_path_factory.mktemp("site")
    authority = TestAuthority(folder)
    door = authority.issue("door", x509.DNSName("localhost"))
    hall = authority.issue("hall")
    uri = x509.UniformResourceIdentifier("urn:kurze-wege:kfb")
    named = authority.issue("named", x509.DNSName("hub.kfb.example"), uri)
    stranger = authority.issue("stranger", x509.DNSName("kfb.example"))
    file = folder / "tokens"
    add_credential(file, Credential(f"certificate:{hall.fingerprint}", EPPERTSHAUSEN))
    add_credential(file, Credential("uri:urn:kurze-wege:kfb", KFB))
    add_credential(file, Credential("client:sozialamt-eppertshausen", EPPERTSHAUSEN))
    options = door_options(
        tls_certificate=door.certificate,
        tls_key=door.key,
        tls_client_ca_file=authority.file,
        tls_clients=request.param,
    )
    tokens = AccessTokens.of(oauth_options(jwks_url=server[1]))
    entrance = Entrance(WatchedFile({}, file, now).current, now, tokens)
    stop, opened = threading.Event(), threading.Event()
    ports: list[int] = []

    def ready(port: int) -> None:
        ports.append(port)
        opened.set()

    parts = (options, Remembered(), entrance, time.monotonic, stop, ready)
    thread = threading.Thread(target=serve, args=parts)
    thread.start()
    try:
        assert opened.wait(60)
        yield Site(ports[0], file, authority, server[0], hall, named, stranger)
    finally:
        stop.set()
        thread.join(60)
        tokens.close()


def is_required(site: Site) -> bool:
    """Whether nobody comes in without a certificate."""
    try:
        return site.ask()[0] == 0
    except (ssl.SSLError, ConnectionError):
        return True


def test_a_certificate_names_its_party(site: Site) -> None:
    """By its hash, or by a name that it bears; the event of another party is not its to send."""
    assert site.ask(site.hall) == (202, "", "")
    assert site.ask(site.named)[:2] == (403, "source-mismatch")


def test_a_certificate_that_nobody_entered_opens_nothing(site: Site) -> None:
    """Signed by the right authority is not enough."""
    assert site.ask(site.stranger) == (
        401,
        "certificate-unknown",
        'Bearer realm="kurze-wege"',
    )


def test_a_certificate_of_another_authority_is_no_certificate(site: Site, tmp_path: Path) -> None:
    """It does not get as far as a request, whatever it calls itself."""
    other = TestAuthority(tmp_path).issue("named", x509.DNSName("hub.kfb.example"))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        site.ask(context=_showing(site, other))


def test_a_certificate_that_is_over_is_no_certificate(site: Site) -> None:
    """OpenSSL turns it away."""
    over = site.authority.issue("over", good_for=-timedelta(hours=1))
    add_credential(site.file, Credential(f"certificate:{over.fingerprint}", EPPERTSHAUSEN))
    with pytest.raises((ssl.SSLError, ConnectionError)):
        site.ask(over)


def test_without_one_it_depends_on_the_door(site: Site) -> None:
    """Optional, a token does; required, nobody is even heard."""
    token = add_token(site.file, EPPERTSHAUSEN, ALL, now() + MORE)
    if is_required(site):
        with pytest.raises((ssl.SSLError, ConnectionError)):
            site.ask(token=token)
        assert site.ask(site.stranger, token) == (202, "", "")
    else:
        assert site.ask()[:2] == (401, "authorization-missing")
        assert site.ask(token=token) == (202, "", "")


def test_certificate_and_token_must_be_one_partys(site: Site) -> None:
    """A token that was stolen does not open the door beside another party's certificate."""
    token = add_token(site.file, EPPERTSHAUSEN, ALL, now() + MORE)

    assert site.ask(site.hall, token)[0] == 202
    assert site.ask(site.named, token)[:2] == (401, "authorization-mismatched")


def test_an_access_token_opens_the_door(site: Site) -> None:
    """Its keys are read by HTTP; client and scopes are looked up."""
    sent = site.ask(site.stranger, site.server.token(at=now()))
    poor = site.ask(site.stranger, site.server.token(at=now(), scope="trace"))
    other = site.ask(site.stranger, site.server.token(at=now(), client_id="nobody"))

    assert sent == (202, "", "")
    assert poor[:2] == (403, "scope-insufficient")
    assert other[:2] == (401, "authorization-unknown")


def test_why_an_access_token_is_refused_is_said(site: Site) -> None:
    """In a word, for who sets the client up."""
    wrong = site.ask(site.stranger, site.server.token(at=now(), aud="https://another.example"))
    over = site.ask(site.stranger, site.server.token(at=now() - MORE))

    said = 'Bearer realm="kurze-wege", error="invalid_token", error_description='
    assert wrong == (401, "authorization-unknown", f'{said}"audience"')
    assert over == (401, "authorization-expired", f'{said}"expired"')


def test_a_bound_token_needs_its_certificate(site: Site) -> None:
    """RFC 8705: shown with another certificate it is worth nothing."""
    own = base64.urlsafe_b64encode(bytes.fromhex(site.hall.fingerprint)).decode().rstrip("=")
    bound = site.server.token(at=now(), cnf={"x5t#S256": own})

    assert site.ask(site.hall, bound)[0] == 202
    assert site.ask(site.stranger, bound)[:2] == (401, "authorization-mismatched")
    if not is_required(site):
        assert site.ask(token=bound)[:2] == (401, "authorization-mismatched")


def test_a_certificate_can_be_taken_back(site: Site) -> None:
    """Without a list of revoked ones: its line is made a comment."""
    leaves = site.authority.issue("leaves")
    known = Credential(f"certificate:{leaves.fingerprint}", EPPERTSHAUSEN, frozenset({Scope.SEND}))
    add_credential(site.file, known)
    assert site.ask(leaves)[0] == 202
    revoke(site.file, known.name)
    assert site.ask(leaves)[:2] == (401, "certificate-unknown")


def test_the_doctor_sees_that_somebody_is_there(site: Site) -> None:
    """It has no certificate: to be turned away for that is an answer."""
    assert answers("localhost", site.port, tls=True, insists=is_required(site)) == ""


def test_old_tls_is_not_spoken(site: Site) -> None:
    """TLS 1.1 and older are refused, whatever the machine allows."""
    context = site.authority.trusting(site.hall)
    context.set_ciphers("ALL:@SECLEVEL=0")
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.minimum_version = ssl.TLSVersion.TLSv1_1
    with pytest.warns(DeprecationWarning, match="TLSv1_1"):
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with pytest.raises((ssl.SSLError, ConnectionError)):
        site.ask(context=context)


def _showing(site: Site, own: Issued) -> ssl.SSLContext:
    context = site.authority.trusting()
    context.load_cert_chain(own.certificate, own.key)
    return context
