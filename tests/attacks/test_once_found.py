"""Each hole that was found once, by the input that showed it."""

import io
import json
import math
import re
import time
import zlib
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

import httpx
import pytest

from connectors.http_api.mapping import Mode
from connectors.provider import fetching
from connectors.provider.errors import Flaw, ProviderAway, TokenRefused
from connectors.webhook.address import NotAllowed, chosen
from hub import log
from hub.access.tokens import same
from hub.commands import printing
from hub.domain import dead_letters
from hub.domain.decision import Received
from hub.oidc import metadata
from hub.oidc.id_token import Expected, check
from hub.trail import report_forms, statement
from hub.trail.figures import Tally
from schemas.codec import Record, decode
from schemas.errors import Unreadable
from schemas.problems import ProblemCode, problem
from schemas.topics import REFERRALS
from tests.attacks import doors
from tests.support.accounts import NOW
from tests.support.front_door import HERE as DESK
from tests.support.http_door import AUTHORISED

STEERING = "\x1b]0;owned\x07\x1b[2J\u009b31m\u202etxt.exe\ud800\r"
DISCOVERY = {
    "issuer": "https://id.example",
    "authorization_endpoint": "https://id.example/auth",
    "token_endpoint": "https://id.example/token",
    "jwks_uri": "https://id.example/jwks",
}


@pytest.fixture(scope="module", autouse=True)
def _closed() -> Iterator[None]:
    yield
    doors.close()


def status(
    app: str,
    target: str,
    method: str = "GET",
    body: bytes = b"",
    said: Mapping[str, str] = MappingProxyType({}),
) -> int:
    """How this application answers."""
    here = doors.site()
    usual = {"cookie": here.cookies} if app == "desk" else {}
    headers = [(name.encode(), value.encode()) for name, value in {**usual, **said}.items()]
    return doors.ask(getattr(here, app), method, target, headers, body).status_code


def test_quotes_without_an_end() -> None:
    """A header full of escaped quotes costs no more than its length: it took minutes."""
    value = '"' + '\\"' * 7_000
    headers = {**AUTHORISED, "content-type": Mode.BINARY, "ce-specversion": "1.0", "ce-id": value}
    before = time.process_time()
    assert status("door", "/events", "POST", b"{}", headers) == 422
    assert time.process_time() - before < 5


def test_nul_in_an_address() -> None:
    """A NUL that no database takes is refused before any is asked: it was a fault of ours."""
    assert status("directory", "/services?search=%00") == 400
    assert status("desk", "/inbox/all?search=%00") == 400
    assert status("desk", "/cases/%00") == 400
    assert status("mailbox", "/mailbox/kfb/%00") == 400


def test_nul_in_a_form() -> None:
    """Nor is one taken in a form."""
    form = b"csrf_token=" + doors.site().token.encode() + b"&note=%00"
    kind = "application/x-www-form-urlencoded"
    said = {"origin": DESK, "sec-fetch-site": "same-origin", "content-type": kind}
    assert status("desk", "/refer", "POST", form, said) == 400


def test_page_that_only_begins_as_one() -> None:
    """A page number is looked at to its end."""
    for page in ("0000001" + "9" * 30, "1" + "0" * 5000):
        assert status("desk", f"/inbox/all?page={page}") == 400


@pytest.mark.parametrize("said", [{"host": "["}, {"host": "[::1"}, {"host": "a:b:c"}])
def test_host_that_is_none(said: dict[str, str]) -> None:
    """A host that cannot be read is a strange host."""
    assert status("desk", "/", said=said) == 421


@pytest.mark.parametrize(("app", "target"), [("desk", "/inbox/events/"), ("board", "/states/")])
def test_slash_too_much(app: str, target: str) -> None:
    """An address with a slash too much is not there: nobody is sent to the host that was named."""
    assert status(app, target, said={"host": "testserver"} if app == "board" else {}) == 404


def test_referer_that_is_none() -> None:
    """A page to go back to that cannot be read is the first page."""
    kind = "application/x-www-form-urlencoded"
    said = {"origin": DESK, "sec-fetch-site": "same-origin", "content-type": kind}
    said["referer"] = "http://["
    assert status("desk", "/refer", "POST", b"csrf_token=old", said) == 403


@pytest.mark.parametrize(
    "lie",
    [
        {"token_endpoint_auth_methods_supported": 5},
        {"code_challenge_methods_supported": None},
        {"jwks_uri": "https://["},
    ],
    ids=str,
)
def test_discovery_of_other_types(lie: dict[str, Any]) -> None:
    """A discovery document with values of other types is no document."""
    with pytest.raises(ProviderAway):
        metadata.read(DISCOVERY | lie, DISCOVERY["issuer"])


def provider_that_says(content: bytes, **headers: str) -> httpx.Client:
    """A client of a provider that answers this to everything."""
    answer = httpx.MockTransport(lambda _: httpx.Response(200, content=content, headers=headers))
    return httpx.Client(transport=answer)


def test_provider_sends_a_bomb() -> None:
    """A provider's answer is not unpacked: one packet could be a thousand times its size."""
    packer = zlib.compressobj(wbits=31)
    bomb = packer.compress(bytes(64 * 1024 * 1024)) + packer.flush()
    stream = httpx.ByteStream(bomb)
    answer = httpx.Response(200, headers={"content-encoding": "gzip"}, stream=stream)
    client = httpx.Client(transport=httpx.MockTransport(lambda _: answer))
    answer.read = lambda: b""  # type: ignore[method-assign]  # the transport would unpack it itself
    with client, pytest.raises(ProviderAway, match="compressed"):
        fetching.document(client, "keys", "https://id.example/jwks")


@pytest.mark.parametrize("said", [b"[" * 100_000, b'{"a":' * 100_000, b'{"exp": NaN}'])
def test_provider_sends_no_json(said: bytes) -> None:
    """Nesting without end and numbers that are none are no JSON of a provider's."""
    with provider_that_says(said) as client, pytest.raises(ProviderAway, match="no JSON"):
        fetching.document(client, "keys", "https://id.example/jwks")


@pytest.mark.parametrize(
    "claims",
    [{"exp": math.nan}, {"exp": math.inf}, {"exp": 10**400}, {"iat": math.nan}],
    ids=["no number", "never", "too large", "issued never"],
)
def test_token_that_never_ends(claims: dict[str, Any]) -> None:
    """A time that cannot be compared is no time: not-a-number never was before now."""
    at = NOW.timestamp()
    usual = {"iss": "i", "aud": "c", "sub": "s", "nonce": "n", "iat": at, "exp": at + 60}
    with pytest.raises(TokenRefused) as refused:
        check(usual | claims, Expected("i", "c", "n"), NOW)
    assert refused.value.flaw is Flaw.EXPIRED


def test_half_a_character_in_a_secret() -> None:
    """Half a character is another text, not a fault."""
    assert not same("\ud800", "n")
    assert same("\ud800", "\ud800")


@pytest.mark.parametrize("text", [b"[" * 100_000, b'{"version": 1e999}'])
def test_statement_without_end(text: bytes) -> None:
    """A statement of endless depth or size is none."""
    with pytest.raises(ValueError, match=r"statement|version"):
        statement.load(text)


@pytest.mark.parametrize(
    "address",
    [
        *("127.0.0.1", "127.8.9.1", "0.0.0.1", "10.1.2.3", "172.16.0.1", "192.168.1.1"),
        *("169.254.169.254", "100.100.100.200", "192.0.0.192", "198.18.0.1", "224.0.0.1"),
        *("255.255.255.255", "::", "::1", "::127.0.0.1", "::ffff:127.0.0.1"),
        "::ffff:0:127.0.0.1",
        *("fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "5f00::1"),
        *("64:ff9b::7f00:1", "2002:7f00:1::", "2001:0:7f00:1::", "100::1"),
    ],
)
def test_inner_address_is_never_called(address: str) -> None:
    """No way of writing an inner address gets a webhook called, alone or beside a public one."""
    for found in ([address], ["93.184.216.34", address]):
        with pytest.raises(NotAllowed):
            chosen(found, ())


def test_many_empty_headers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Headers weigh something though they are empty, or a letter of them would fit no topic."""
    monkeypatch.setattr(dead_letters, "MAX_BYTES", 64 * 1024)
    record = Record(None, b"{}", [("", b"")] * 40_000)
    with pytest.raises(Unreadable) as refused:
        decode(record)
    assert [one.code for one in refused.value.problems] == [ProblemCode.EVENT_TOO_LARGE]
    received = Received("referrals", 0, 1, 0, record)
    why = [problem(ProblemCode.EVENT_TOO_LARGE)]
    letter = dead_letters.dead_letter(received, why, REFERRALS).record
    assert letter.size() < 64 * 1024
    assert dead_letters.LEFT_OUT_HEADER in dict(letter.headers)


def test_terminal_is_not_steered(capfd: pytest.CaptureFixture[str]) -> None:
    """What a sender wrote is shown on a terminal, never obeyed, and breaks no printing."""
    printing.print_table(("type",), [(f"{STEERING}a",)])
    printing.print_text(f"{STEERING}b")
    printing.print_json({"type": f"{STEERING}c"})
    printing.note(f"{STEERING}d")
    out, err = capfd.readouterr()
    assert json.loads(out[out.index("{") :])["type"] == f"{STEERING}c"
    for said in (out, err):
        assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\ud800-\udfff]", said)


@pytest.mark.parametrize("style", ["console", "json"])
def test_log_is_not_steered(style: Any) -> None:  # noqa: ANN401 - one of two words
    """A value in a log line makes no second line and steers no terminal."""
    import logging  # noqa: PLC0415

    import structlog  # noqa: PLC0415

    lines = io.StringIO()
    log.set_up(style=style, stream=lines)
    try:
        forged = f"{STEERING}\n2026-01-01 [info] forged\u2028forged"
        structlog.get_logger("hub").info("event_moved", id=forged, inside=[forged])
        logging.getLogger("kafka").error("cannot read %s", forged)
    finally:
        log.set_up()
    written = lines.getvalue()
    assert written.count("\n") == 2
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\ud800-\udfff]", written)


def test_spreadsheet_computes_nothing() -> None:
    """No cell of the exported report begins as a formula does, whatever a party is called."""
    names = {"06432005": "=cmd|' /C calc'!A0", "06432003": "@SUM(A1)", "06432004": "\t-2+3"}
    figures = [Tally().figures(one, "2026-03") for one in names]
    text = report_forms.as_csv(figures, names)
    cells = [cell.strip('"') for line in text.splitlines()[1:] for cell in line.split(",")]
    assert not [cell for cell in cells if cell[:1] in ("=", "+", "-", "@", "\t", "\r")]
