"""Attacks on everything that reads bytes from outside; each says what must hold and checks it."""

import io
import json
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from importlib import resources
from typing import Any, Final

import httpx
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import strategies as st

from connectors.callers.scopes import Scope
from connectors.file_drop.formats import open_format
from connectors.file_drop.reading import FileRefused, Place
from connectors.provider.errors import ProviderAway, TokenRefused
from connectors.sql_outbox.mapping import Row, as_text, event_of
from connectors.sql_outbox.options import ATTRIBUTES, Options
from connectors.webhook.answer import Answer, Meaning
from hub.access.options import OidcOptions
from hub.domain.decision import Kept, Limits, Received
from hub.letters.letter import letter
from hub.oidc.errors import CodeRefused
from hub.oidc.id_token import Expected
from hub.oidc.provider import Provider
from hub.processors import ALL
from hub.trail import signature, statement
from schemas.codec import CONTENT_TYPE, STRUCTURED, Record, decode
from schemas.envelope import Context
from schemas.errors import Unreadable
from schemas.topics import DEAD_SUFFIX, DELIVERY_PREFIX, INPUTS, LEDGER
from tests.attacks.hostile import (
    MARKER,
    changed,
    header_values,
    in_json,
    raw,
    spoiled,
    texts,
    values,
)
from tests.support.accounts import NOW
from tests.support.answers import DISTRICT
from tests.support.authorization import AT as ISSUED_AT
from tests.support.authorization import AuthorizationServer
from tests.support.builders import a_referral
from tests.support.invented_provider import CLIENT, ISSUER, InventedProvider
from tests.support.wire_forms import structured

GOOD: Final = structured(a_referral())
PARTY: Final = "06432005"
EXAMPLES: Final = resources.files("connectors.file_drop") / "examples"
OUTBOX: Final = Options.model_validate({"database": "sqlite://", "party": PARTY})
HEADERS: Final = st.lists(
    st.tuples(
        st.sampled_from([CONTENT_TYPE, *(f"ce_{name}" for name in Context.model_fields)])
        | texts.map(lambda name: name.encode("utf-8", "replace").decode()),
        header_values | raw | st.none(),
    ),
    max_size=8,
)
LARGEST: Final = 4 * 1024 * 1024 - 64 * 1024
"""What a topic takes in one batch, with some room."""


def silent(*said: object) -> None:
    """None of it repeats the mark."""
    for one in said:
        assert MARKER not in f"{one} {one!r}"


def _coded(refused: Unreadable) -> None:
    assert refused.problems
    silent(refused, *refused.problems)


@st.composite
def records(draw: st.DrawFn) -> Record:
    """A good event, spoiled, in binary or structured mode; or nothing of the sort."""
    how = draw(st.sampled_from(("binary", "structured", "none")))
    key = draw(st.none() | raw)
    if how == "none":
        return Record(key, draw(st.none() | raw), draw(HEADERS))  # type: ignore[arg-type]
    event = draw(changed(GOOD))
    if how == "structured":
        value = draw(spoiled(in_json(event)) | st.just(in_json(event)))
        return Record(key, value, [(CONTENT_TYPE, STRUCTURED + b"+json")])
    data = in_json(event.get("data"))
    headers: list[tuple[str, Any]] = [
        (f"ce_{name}", str(said).encode("utf-8", "replace"))
        for name, said in event.items()
        if name != "data"
    ]
    more = draw(HEADERS)
    return Record(key, draw(spoiled(data) | st.just(data)), headers + more)


def codec(data: st.DataObject) -> None:
    """A record is an event or refused with problems that repeat nothing of it."""
    try:
        decode(data.draw(records()))
    except Unreadable as refused:
        _coded(refused)


def lane(data: st.DataObject) -> None:
    """What a lane is given is delivered, or a letter that its topic takes and a desk reads.

    Receipts and ledger lines repeat nothing.
    """
    topic = data.draw(st.sampled_from(INPUTS))
    stamp = data.draw(st.sampled_from((0, -1, 2**63 - 1, 1_793_620_800_000)))
    received = Received(topic.name, 0, 7, stamp, data.draw(records()))
    (processor,) = [one for one in ALL if topic == one.SOURCE]
    decision = processor.handle(received, Kept(), DISTRICT, Limits())
    dead = [one for one in decision.outputs if one.topic.endswith(DEAD_SUFFIX)]
    for one in dead:
        assert one.record.size() < LARGEST
        assert letter(one.topic, 0, 1, 0, one.record).codes != ("",)
    for one in decision.outputs:
        kind = dict(one.record.headers).get("ce_type") or b""  # a letter's may have no value
        if one.topic == LEDGER.name or kind.startswith(b"receipt."):
            silent(one.record)
    assert dead or any(one.topic.startswith(DELIVERY_PREFIX) for one in decision.outputs)


def dropped_file(name: str, data: st.DataObject) -> None:
    """A dropped file is refused as a whole, or each line is an event or has problems."""
    good = (EXAMPLES / name).read_bytes()
    stream = io.BytesIO(data.draw(spoiled(good)))
    with suppress(FileRefused):
        try:
            opened = open_format(stream, name, PARTY, "d" * 64, tuple)
            list(opened.check())
            for line in opened.read(Place()):
                if line is not None and line.event is None:
                    assert line.findings
                    silent(*line.findings)
        except FileRefused as refused:
            silent(refused, refused.problem)
            raise


def outbox_row(data: st.DataObject) -> None:
    """A row of a party's own table is an event or refused with problems."""
    columns = {name: str(said) for name, said in GOOD.items() if name != "data"}
    columns |= {"aggregateid": str(GOOD["subject"]), "payload": json.dumps(GOOD["data"])}
    names = st.sampled_from(["id", "type", "aggregateid", "payload", *ATTRIBUTES])
    # what is not UTF-8 reaches us as half characters of this range
    odd = texts.map(lambda said: said.encode("utf-8", "replace").decode()) | st.just("\udcff")
    changes: st.SearchStrategy[dict[str, Any]] = st.dictionaries(names, st.none() | odd, min_size=1)
    said: dict[str, str | None] = {**columns, **data.draw(changes)}
    try:
        event_of(Row(1, said), OUTBOX)
    except Unreadable as refused:
        silent(as_text(refused.problems))
        _coded(refused)


def webhook_answer(data: st.DataObject) -> None:
    """Whatever a receiver answers has a meaning, and a wait within what we believe at most."""
    dates = st.sampled_from(
        ("Wed, 21 Oct 9999 07:28:00 -2399", "Mon, 01 Jan 0001 00:00:00 +2359", "1 Jan 1 0:0 +9999")
    )
    answer = Answer(
        data.draw(st.integers(0, 999)), retry_after=data.draw(st.none() | texts | dates)
    )
    assert answer.meaning in Meaning
    assert 0.0 <= answer.wait_s(NOW.timestamp(), 3600.0) <= 3600.0
    silent(answer.meaning)


class Liar(InventedProvider):
    """A provider of which any document is what the attack makes of it."""

    def __init__(self, change: Callable[[str, bytes], httpx.Response]) -> None:
        """`change` is given the path and the honest bytes."""
        super().__init__()
        self._change = change
        self.discovery |= {
            "token_endpoint_auth_methods_supported": ["client_secret_basic"],
            "code_challenge_methods_supported": ["S256"],
        }

    def _answer(self, request: httpx.Request) -> httpx.Response:
        honest = super()._answer(request)
        return self._change(request.url.path, honest.content)


LIAR: Final = Liar(lambda _path, honest: httpx.Response(200, content=honest))


def openid_provider(data: st.DataObject) -> None:
    """Whatever an OpenID provider says: nobody comes in, or why is a code of ours."""
    path = data.draw(st.sampled_from(("/.well-known/openid-configuration", "/jwks", "/token")))
    status = data.draw(st.sampled_from((200, 200, 200, 400, 503)))

    def lie(asked: str, honest: bytes) -> httpx.Response:
        if asked != path:
            return httpx.Response(200, content=honest)
        said = data.draw(changed(json.loads(honest)).map(in_json) | spoiled(honest))
        return httpx.Response(status, content=said)

    LIAR._change = lie
    _asks(LIAR)


def id_token(data: st.DataObject) -> None:
    """Whatever stands in an id token, signed or not: its claims are believed or refused."""
    claims = data.draw(changed({"iss": ISSUER, "nonce": "the-nonce", "exp": 1, "auth_time": 1}))
    head = data.draw(st.sampled_from(("", "e30", "bnVsbA", "W10", "eyJhbGciOltdfQ", "[" * 9)))

    def honest(_path: str, said: bytes) -> httpx.Response:
        return httpx.Response(200, content=said)

    LIAR._change = honest
    LIAR.claims = {}
    token = LIAR.id_token()
    with suppress(UnicodeEncodeError, ValueError):  # our own writer will not sign everything
        token = LIAR.id_token(**{name: said for name, said in claims.items() if name != "key"})
    part = data.draw(st.sampled_from((0, 1, 2, 3)))
    parts = token.split(".")
    if part < len(parts) and head:
        parts[part] = head
    provider = _provider(LIAR)
    with suppress(TokenRefused, ProviderAway):
        provider.claims(".".join(parts), EXPECTED, NOW)


def access_token(data: st.DataObject) -> None:
    """Whatever stands in an access token: it names a client and scopes of ours, or is refused."""
    usual = {"exp": 1, "nbf": 1, "scope": "send", "client_id": "a", "cnf": {"x5t#S256": "a"}}
    claims = data.draw(changed(usual))
    token = ISSUING.token()
    with suppress(UnicodeEncodeError, ValueError):  # our own writer will not sign everything
        own = {name: said for name, said in claims.items() if name not in ("key", "header", "at")}
        token = ISSUING.token(**own)
    shown = data.draw(st.just(token) | spoiled(token.encode()).map(lambda one: one.decode("latin")))
    try:
        granted = ACCESS.granted(shown, ISSUED_AT)
    except (TokenRefused, ProviderAway) as refused:
        silent(refused)
    else:
        assert granted.key.startswith("client:")
        assert granted.scopes is not None
        assert granted.scopes <= set(Scope)


ISSUING: Final = AuthorizationServer()
ACCESS: Final = ISSUING.reader()
EXPECTED: Final = Expected(ISSUER, CLIENT, "the-nonce", NOW)


def _provider(liar: InventedProvider) -> Provider:
    said = {"issuer": ISSUER, "client_id": CLIENT, "roles": {"kw-clerk": "clerk"}}
    return Provider(OidcOptions.model_validate(said), "https://desk.example/back", liar.client())


def _asks(liar: InventedProvider) -> None:
    provider = _provider(liar)
    try:
        provider.authorization_url("state", "nonce", "verifier", NOW, again=False)
        provider.claims(provider.redeem("code", "verifier", NOW), EXPECTED, NOW)
        provider.sign_out_url(None, "https://desk.example/", NOW)
    except (CodeRefused, ProviderAway, TokenRefused) as refused:
        silent(refused)
    finally:
        provider.close()


def statement_file(data: st.DataObject) -> None:
    """A statement from another house is read, or said to be none; so is its signature."""
    good = {
        "version": 1,
        "party": PARTY,
        "day": "2026-03-02",
        "count": 1,
        "sha256": "0",
        "sources": [],
    }
    text = data.draw(changed({**good, "read_until": None}).map(in_json) | raw | values.map(in_json))
    with suppress(ValueError):
        statement.load(text)
    with suppress(signature.NotSigned):
        key = Ed25519PrivateKey.generate().public_key()
        signature.verify(f"{data.draw(texts)}.{data.draw(texts)}.{data.draw(texts)}", key)


def table_file(data: st.DataObject) -> None:
    """Tables as they are dropped."""
    dropped_file(
        data.draw(st.sampled_from(("umzuege.csv", "ueberweisungen.csv", "angebote.csv"))), data
    )


Attack = Callable[[st.DataObject], None]
ATTACKS: Final[dict[str, Attack]] = {
    "codec": codec,
    "lane": lane,
    "lines": partial(dropped_file, "events.jsonl"),
    "tables": table_file,
    "xml": partial(dropped_file, "umzuege.xml"),
    "outbox rows": outbox_row,
    "webhook answers": webhook_answer,
    "openid provider": openid_provider,
    "id tokens": id_token,
    "access tokens": access_token,
    "statements": statement_file,
}
