"""The provider is asked as the standards say, and what it answers is not believed blindly."""

import base64
import hmac
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import httpx
import pytest
from joserfc import jwt

from connectors.provider.errors import Flaw, ProviderAway, TokenRefused
from connectors.provider.keys import FRESH_FOR, NOT_BEFORE
from hub.access.options import OidcOptions
from hub.oidc.errors import CodeRefused
from hub.oidc.id_token import Expected
from hub.oidc.provider import Provider
from tests.support.accounts import NOW
from tests.support.invented_provider import CLIENT, ISSUER, InventedProvider, a_key

BACK = "https://desk.example/login/return"
EXPECTED = Expected(ISSUER, CLIENT, "the-nonce")
SECOND = timedelta(seconds=1)


@dataclass
class Both:
    """The provider, and what asks it."""

    theirs: InventedProvider
    ours: Provider

    def flaw(self, id_token: str, later: timedelta = timedelta()) -> Flaw:
        """What is wrong with this token."""
        with pytest.raises(TokenRefused) as refused:
            self.ours.claims(id_token, EXPECTED, NOW + later)
        return refused.value.flaw

    def believes(self, id_token: str, later: timedelta = timedelta()) -> bool:
        """Whether this token is believed."""
        subject: str = self.ours.claims(id_token, EXPECTED, NOW + later)["sub"]
        return subject == "9f1c"


def options(**changes: object) -> OidcOptions:
    """Settings for the invented provider."""
    usual = {"issuer": ISSUER, "client_id": CLIENT, "roles": {"kw-clerk": "clerk"}}
    return OidcOptions.model_validate({**usual, **changes})


@pytest.fixture
def both() -> Iterator[Both]:
    """Both sides."""
    theirs = InventedProvider()
    ours = Provider(options(), BACK, theirs.client())
    yield Both(theirs, ours)
    ours.close()


def test_asking(both: Both) -> None:
    """The browser is sent there with PKCE, state and nonce, and comes back to one address."""
    address = both.ours.authorization_url("the-state", "the-nonce", "v" * 64, NOW, again=False)
    parts = urlsplit(address)
    challenge = base64.urlsafe_b64encode(sha256(b"v" * 64).digest()).rstrip(b"=").decode()
    assert f"{parts.scheme}://{parts.netloc}{parts.path}" == f"{ISSUER}/auth"
    assert dict(parse_qsl(parts.query)) == {
        "response_type": "code",
        "client_id": CLIENT,
        "redirect_uri": BACK,
        "scope": "openid profile",
        "state": "the-state",
        "nonce": "the-nonce",
        "code_challenge": challenge,
        "code_challenge_method": "S256",
    }
    again = both.ours.authorization_url("the-state", "the-nonce", "v" * 64, NOW, again=True)
    assert parse_qs(urlsplit(again).query)["prompt"] == ["login"]
    assert parse_qs(urlsplit(again).query)["max_age"] == ["0"]


@pytest.mark.parametrize(
    ("changes", "methods", "basic", "in_form"),
    [
        ({}, None, None, {"client_id": CLIENT}),
        ({"client_secret": "s:/ü"}, None, "kurze-wege:s%3A%2F%C3%BC", {}),
        (
            {"client_secret": "s"},
            ["client_secret_post"],
            None,
            {"client_id": CLIENT, "client_secret": "s"},
        ),
    ],
)
def test_redeeming(
    changes: Mapping[str, object],
    methods: list[str] | None,
    basic: str | None,
    in_form: Mapping[str, str],
) -> None:
    """The code is redeemed with the verifier, and with the secret where the provider wants it."""
    theirs = InventedProvider()
    if methods:
        theirs.discovery["token_endpoint_auth_methods_supported"] = methods
    ours = Provider(options(**changes), BACK, theirs.client())
    assert ours.redeem("the-code", "the-verifier", NOW).count(".") == 2
    ours.close()

    sent = theirs.asked[-1]
    assert dict(parse_qsl(sent.content.decode())) == {
        "grant_type": "authorization_code",
        "code": "the-code",
        "redirect_uri": BACK,
        "code_verifier": "the-verifier",
        **in_form,
    }
    given = sent.headers.get("authorization", "Basic ").removeprefix("Basic ")
    assert base64.b64decode(given).decode() == (basic or "")


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (httpx.Response(400, json={"error": "invalid_grant"}), CodeRefused),
        (httpx.Response(401, json={"error": "invalid_client"}), CodeRefused),
        (httpx.Response(500, json={}), ProviderAway),
        (httpx.Response(200, json={"access_token": "x"}), ProviderAway),
        (httpx.Response(200, json={"id_token": ["x"]}), ProviderAway),
        (httpx.Response(200, json=[]), ProviderAway),
        (httpx.Response(200, text="<html>"), ProviderAway),
        (httpx.Response(302, headers={"location": "https://evil.example"}), ProviderAway),
        (httpx.Response(200, content=b'"' + b"x" * 600_000 + b'"'), ProviderAway),
    ],
)
def test_no_token(both: Both, answer: httpx.Response, error: type[Exception]) -> None:
    """What is no answer with an id token is told from a code that is not taken; none is quoted."""
    both.theirs.token = lambda _: answer
    with pytest.raises(error) as refused:
        both.ours.redeem("the-code", "the-verifier", NOW)
    assert "the-code" not in str(refused.value)
    assert ("invalid_" in str(refused.value)) is (error is CodeRefused)
    assert both.theirs.asked[-1].url.host == "id.example"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"issuer": "https://evil.example"}, "another issuer"),
        ({"issuer": ISSUER + "/"}, "another issuer"),
        ({"jwks_uri": None}, "no jwks_uri"),
        ({"token_endpoint": "http://id.example/token"}, "not https"),
        ({"authorization_endpoint": "javascript:alert(1)"}, "not https"),
        ({"code_challenge_methods_supported": ["plain"]}, "no PKCE"),
    ],
)
def test_discovery_is_checked(both: Both, changes: Mapping[str, Any], why: str) -> None:
    """A discovery document of somebody else, incomplete or without TLS is not used."""
    both.theirs.discovery |= changes
    with pytest.raises(ProviderAway, match=why):
        both.ours.authorization_url("s", "n", "v", NOW, again=False)


def test_who_answers(both: Both) -> None:
    """An answer that names another issuer, or none where it should, belongs to a mix-up."""
    assert both.ours.is_from(ISSUER, NOW)
    assert not both.ours.is_from("https://evil.example", NOW)
    assert not both.ours.is_from(None, NOW)


def test_who_answers_where_it_is_not_said() -> None:
    """A provider that does not name itself is taken at its redirect address alone."""
    theirs = InventedProvider()
    del theirs.discovery["authorization_response_iss_parameter_supported"]
    ours = Provider(options(), BACK, theirs.client())
    assert ours.is_from(None, NOW)
    assert not ours.is_from("https://evil.example", NOW)
    ours.close()


@pytest.mark.parametrize(
    ("kind", "alg"),
    [("EC", "ES256"), ("RSA", "RS256"), ("RSA", "PS256"), ("OKP", "Ed25519")],
)
def test_signatures(kind: str, alg: str) -> None:
    """Every usual signature of a private key is checked."""
    theirs = InventedProvider(a_key("one", kind))
    found = Both(theirs, Provider(options(), BACK, theirs.client()))
    assert found.believes(theirs.id_token(alg=alg))
    header, claims, _ = theirs.id_token(alg=alg).split(".")
    _, _, signature = theirs.id_token(alg=alg, sub="other").split(".")
    assert found.flaw(f"{header}.{claims}.{signature}") is Flaw.SIGNATURE
    found.ours.close()


def _part(value: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()


@pytest.mark.parametrize("alg", ["none", "None", "nOnE", "", None, "HS256"])
def test_no_signature(both: Both, alg: str | None) -> None:
    """A token without a signature, whatever it calls that, is refused."""
    _, claims, signature = both.theirs.id_token().split(".")
    for sealed in ("", signature):
        assert both.flaw(f"{_part({'alg': alg, 'kid': 'one'})}.{claims}.{sealed}") in (
            Flaw.ALGORITHM,
            Flaw.UNREADABLE,
        )


def test_signed_with_what_everybody_knows(both: Both) -> None:
    """A token signed with the public key as a secret is refused."""
    public = both.theirs.keys[0].as_pem(private=False)
    _, claims, _ = both.theirs.id_token().split(".")
    signed = f"{_part({'alg': 'HS256', 'kid': 'one'})}.{claims}"
    mac = hmac.digest(public, signed.encode(), "sha256")
    forged = f"{signed}.{base64.urlsafe_b64encode(mac).rstrip(b'=').decode()}"
    assert both.flaw(forged) is Flaw.ALGORITHM


def test_signed_by_a_key_it_brings_along(both: Both) -> None:
    """A key in the token's own header is not a key of the provider."""
    own = a_key("one")
    header = {"alg": "ES256", "kid": "one", "jwk": own.as_dict(private=False)}
    claims = dict(both.ours.claims(both.theirs.id_token(), EXPECTED, NOW))
    assert both.flaw(jwt.encode(header, claims, own)) in (Flaw.SIGNATURE, Flaw.UNREADABLE)


@pytest.mark.parametrize("nonsense", ["", "a", "a.b", "a.b.c", "a.b.c.d", "....", "ü.ü.ü"])
def test_no_token_at_all(both: Both, nonsense: str) -> None:
    """What is no token is refused like one that is wrong."""
    assert both.flaw(nonsense) is Flaw.UNREADABLE


def test_an_encrypted_one(both: Both) -> None:
    """Nor one in five parts, which nobody asked for."""
    assert both.flaw(f"{_part({'alg': 'RSA-OAEP', 'enc': 'A256GCM'})}.a.b.c.d") in (
        Flaw.ALGORITHM,
        Flaw.UNREADABLE,
    )


def test_a_new_key(both: Both) -> None:
    """After the provider has changed its key its new tokens are believed, the old key's no more."""
    old = both.theirs.id_token()
    assert both.believes(old)
    both.theirs.keys = [a_key("two")]
    assert both.believes(both.theirs.id_token(), NOT_BEFORE)
    assert both.flaw(old, NOT_BEFORE) is Flaw.KEY


def test_unknown_keys_do_not_make_us_ask_all_the_time(both: Both) -> None:
    """Whoever sends tokens with invented keys makes us ask every half minute at most."""
    assert both.believes(both.theirs.id_token())
    stranger = a_key("stranger")
    for _ in range(5):
        assert both.flaw(both.theirs.id_token(key=stranger)) is Flaw.KEY
    assert both.theirs.asked_for("/jwks") == 1
    assert both.flaw(both.theirs.id_token(key=stranger), NOT_BEFORE) is Flaw.KEY
    assert both.flaw(both.theirs.id_token(key=stranger), NOT_BEFORE + SECOND) is Flaw.KEY
    assert both.theirs.asked_for("/jwks") == 2


def test_a_withdrawn_key(both: Both) -> None:
    """A key that the provider has taken back counts for an hour at most."""
    both.theirs.keys.append(a_key("two"))
    first, second = both.theirs.keys
    assert both.believes(both.theirs.id_token(key=second))
    both.theirs.keys = [first]
    later = NOW + FRESH_FOR
    both.theirs.now = lambda: later
    assert both.flaw(both.theirs.id_token(key=second), FRESH_FOR) is Flaw.KEY
    assert both.theirs.asked_for("/.well-known/openid-configuration") == 2


def test_keys_of_other_kinds(both: Both) -> None:
    """Keys that encrypt, secrets and keys we do not understand are left aside."""
    good = both.theirs.id_token()

    def keys() -> dict[str, Any]:
        public = both.theirs.keys[0].as_dict(private=False)
        strange = [{"kty": "AKP", "kid": "pq"}, {"kty": "EC", "crv": "P-1"}, "no key", 1]
        return {"keys": [*strange, {"kty": "oct", "k": "c2VjcmV0", "kid": "s"}, public]}

    def answer(request: httpx.Request) -> httpx.Response:
        is_keys = request.url.path == "/jwks"
        return httpx.Response(200, json=keys() if is_keys else both.theirs.discovery)

    ours = Provider(options(), BACK, httpx.Client(transport=httpx.MockTransport(answer)))
    assert ours.claims(good, EXPECTED, NOW)["sub"] == "9f1c"
    ours.close()


def test_signing_out(both: Both) -> None:
    """The browser is led to the provider's sign-out with the token, and comes back."""
    address = both.ours.sign_out_url("the-token", "https://desk.example/signed-out", NOW)
    assert address
    assert dict(parse_qsl(urlsplit(address).query)) == {
        "client_id": CLIENT,
        "id_token_hint": "the-token",
        "post_logout_redirect_uri": "https://desk.example/signed-out",
    }
    del both.theirs.discovery["end_session_endpoint"]
    ours = Provider(options(), BACK, both.theirs.client())
    assert ours.sign_out_url("the-token", "https://desk.example/", NOW) is None
    ours.close()


def test_nobody_there() -> None:
    """A provider that cannot be reached is said to be away."""
    nowhere = options(issuer="http://127.0.0.1:9")
    ours = Provider.of(nowhere, BACK)
    with pytest.raises(ProviderAway, match="discovery"):
        ours.authorization_url("s", "n", "v", NOW, again=False)
    ours.close()
