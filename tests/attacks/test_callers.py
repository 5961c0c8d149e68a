"""Ways to come in at a door as somebody else, or to keep others out."""

import base64
import hmac
import json
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from hashlib import sha256, sha384, sha512
from typing import Any, Final

import httpx
import pytest
from joserfc import jwt
from starlette.requests import HTTPConnection

from connectors.callers.access_tokens import AccessTokens
from connectors.callers.credentials import Credential, Credentials
from connectors.callers.entrance import Entrance, Rate
from connectors.callers.limits import Limits
from connectors.callers.refusal import NotAdmitted
from connectors.callers.scopes import Scope
from connectors.callers.tokens import LONGEST, digest
from connectors.provider.errors import ProviderAway
from connectors.provider.fetching import document
from tests.support.authorization import AT, CLIENT, ISSUER, AuthorizationServer, oauth_options
from tests.support.invented_provider import a_key

SERVER: Final = AuthorizationServer(a_key(kind="RSA"))
KNOWN: Final = Credentials(
    [
        Credential(f"client:{CLIENT}", "06432005"),
        Credential(digest("a-good-token"), "06432005"),
        Credential(digest("another-good-token"), "kfb"),
    ]
)


def entrance(server: AuthorizationServer = SERVER, rate: Rate | None = None) -> Entrance:
    """A door that believes this server's tokens."""
    return Entrance(lambda: KNOWN, lambda: AT, server.reader(), rate)


async def attempt(token: str, door: Entrance | None = None) -> str:
    """What becomes of whoever shows this: the party, or the code."""
    headers = [(b"authorization", f"Bearer {token}".encode())]
    request = HTTPConnection({"type": "http", "headers": headers})
    try:
        return (await (door or entrance()).caller(request, Scope.SEND)).party
    except NotAdmitted as refused:
        return str(refused.code)


def written(part: dict[str, Any]) -> str:
    """A part of a token."""
    return base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")


def signed(header: dict[str, Any] | None = None, **claims: Any) -> str:  # noqa: ANN401
    """A token of the server's, good but for these."""
    return SERVER.token(header={"alg": "RS256"} | (header or {}), **claims)


def parts(token: str) -> list[str]:
    """Head, claims and signature."""
    return token.split(".")


async def test_token_that_nobody_signed() -> None:
    """`alg: none` in any spelling, with and without a signature beside it."""
    assert await attempt(signed()) == "06432005"
    _, claims, signature = parts(signed())
    for alg in ("none", "None", "NONE", "nOnE", "", None, ["RS256"]):
        for last in ("", signature):
            head = written({"alg": alg, "typ": "at+jwt", "kid": "one"})
            assert await attempt(f"{head}.{claims}.{last}") == "authorization-unknown"
    assert await attempt(f"{written({})}.{claims}.{signature}") == "authorization-unknown"


async def test_token_signed_with_the_public_key() -> None:
    """The key that everybody may read is no secret to sign with."""
    claims = parts(signed())[1]
    modulus = SERVER.jwks()["keys"][0]["n"]
    secrets = [SERVER.keys[0].as_pem(private=False), modulus.encode(), b""]
    for secret in (*secrets, json.dumps(SERVER.jwks()).encode()):
        for alg, hashed in (("HS256", sha256), ("HS384", sha384), ("HS512", sha512)):
            begun = f"{written({'alg': alg, 'typ': 'at+jwt', 'kid': 'one'})}.{claims}"
            made = hmac.new(secret, begun.encode(), hashed).digest()
            forged = f"{begun}.{base64.urlsafe_b64encode(made).decode().rstrip('=')}"
            assert await attempt(forged) == "authorization-unknown"


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": "https://another.example"},
        {"aud": []},
        {"aud": [["https://hub.landkreis.example"]]},
        {"aud": "https://hub.landkreis.example/"},
        {"iss": "https://login.landkreis.example/realms/other"},
        {"iss": [ISSUER]},
    ],
)
async def test_token_for_another_door(claims: dict[str, Any]) -> None:
    """A token that its holder was given for something else."""
    assert await attempt(signed(**claims)) == "authorization-unknown"


@pytest.mark.parametrize(
    "kid",
    [
        "../../../../dev/null",
        "/etc/passwd",
        "file:///etc/passwd",
        "http://169.254.169.254/latest/meta-data",
        "one' OR '1'='1",
        "one\x00",
        "",
        " one",
        "ONE",
        "a" * 3000,
    ],
)
async def test_names_of_keys_that_lead_elsewhere(kid: str) -> None:
    """The name is compared with the names of known keys and used for nothing else."""
    assert await attempt(signed({"kid": kid})) == "authorization-unknown"


@pytest.mark.parametrize("name", ["jwk", "jku", "x5u", "x5c", "crit"])
async def test_token_that_brings_its_own_key(name: str) -> None:
    """A stranger's key in the token, or where it is to be had: nobody looks there."""
    own = a_key("one", kind="RSA")
    told: dict[str, Any] = {
        "jwk": own.as_dict(private=False),
        "jku": "https://attacker.example/jwks",
        "x5u": "https://attacker.example/cert",
        "x5c": [base64.b64encode(b"certificate").decode()],
        "crit": ["exp"],
    }
    head = {"alg": "RS256", "typ": "at+jwt", "kid": "one", name: told[name]}
    claims = json.loads(base64.urlsafe_b64decode(parts(signed())[1] + "=="))
    signature = parts(jwt.encode({"alg": "RS256"}, claims, own, algorithms=["RS256"]))[2]
    forged = f"{written(head)}.{written(claims)}.{signature}"

    assert await attempt(forged) == "authorization-unknown"


@pytest.mark.parametrize(
    ("claims", "code"),
    [
        ({"exp": AT.timestamp() - 61}, "authorization-expired"),
        ({"exp": None}, "authorization-expired"),
        ({"exp": -1}, "authorization-expired"),
        ({"exp": 10**400}, "authorization-expired"),
        ({"exp": float("inf")}, "authorization-expired"),
        ({"nbf": AT.timestamp() + 3600}, "authorization-unknown"),
        ({"nbf": float("nan")}, "authorization-unknown"),
    ],
)
async def test_token_out_of_its_time(claims: dict[str, Any], code: str) -> None:
    """Over, not yet, or for ever: numbers that are none do not count."""
    assert await attempt(signed(**claims)) == code


async def test_token_that_is_too_large() -> None:
    """Refused by its length, before anything of it is read."""
    for huge in (signed(filler="a" * LONGEST), "a" * (LONGEST + 1), f"{'a.' * 4000}a"):
        assert await attempt(huge) == "authorization-unknown"
    assert await attempt(f"{written({'alg': 'RS256'})}." + "." * 3) == "authorization-unknown"


async def test_hash_is_no_token() -> None:
    """Who has read the file of tokens cannot come in by what stands there."""
    assert await attempt("a-good-token") == "06432005"
    for shown in (digest("a-good-token"), "a-good-toke", f"client:{CLIENT}", CLIENT):
        assert await attempt(shown) == "authorization-unknown"


async def test_names_of_keys_make_nobody_ask() -> None:
    """A hundred tokens with invented keys make the door ask for keys once."""
    server = AuthorizationServer()
    door = entrance(server)
    assert await attempt(server.token(), door) == "06432005"
    for number in range(100):
        strange = server.token(header={"kid": f"key-{number}"})
        assert await attempt(strange, door) == "authorization-unknown"
    assert server.asked == 1


async def test_keys_are_not_followed_elsewhere() -> None:
    """The address of the keys leads somewhere else, packs them, or never ends."""
    inside = "http://169.254.169.254/latest"
    answers: list[Callable[[httpx.Request], httpx.Response]] = [
        lambda _: httpx.Response(302, headers={"Location": inside}),
        lambda _: httpx.Response(200, headers={"Content-Encoding": "gzip"}, content=b"\x1f\x8b"),
        lambda _: httpx.Response(200, content=b"[" * 600_000),
        lambda _: httpx.Response(500),
    ]
    asked: list[str] = []
    for answer in answers:

        def noted(request: httpx.Request, answer: Any = answer) -> httpx.Response:  # noqa: ANN401
            asked.append(str(request.url))
            answered: httpx.Response = answer(request)
            return answered

        with httpx.Client(transport=httpx.MockTransport(noted)) as http:
            fetch = partial(document, http, "keys", f"{ISSUER}/jwks")
            reader = AccessTokens(oauth_options(), fetch, http.close)
            with pytest.raises(ProviderAway):
                reader.granted(signed(), AT)
            door = Entrance(lambda: KNOWN, lambda: AT + timedelta(minutes=1), reader)
            assert await attempt(signed(), door) == "provider-away"
    assert set(asked) == {f"{ISSUER}/jwks"}


async def test_flood_of_one_party() -> None:
    """However much one party asks, another one's share is whole."""
    door = entrance(rate=Rate(Limits(60), lambda: 0.0))
    flood = [await attempt("a-good-token", door) for _ in range(1000)]
    others = [await attempt("another-good-token", door) for _ in range(60)]

    assert flood.count("06432005") == 60
    assert set(flood[60:]) == {"rate-exceeded"}
    assert set(others) == {"kfb"}
