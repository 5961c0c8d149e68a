"""Whose signed tokens are believed, and for how long without asking."""

import json
import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from connectors.callers.access_tokens import AGAIN_AFTER, AccessTokens, Granted
from connectors.callers.scopes import Scope
from connectors.provider.errors import Flaw, ProviderAway, TokenRefused
from connectors.provider.keys import NOT_BEFORE
from tests.support.authorization import (
    AT,
    AUDIENCE,
    CLIENT,
    ISSUER,
    AuthorizationServer,
    oauth_options,
)
from tests.support.invented_provider import a_key

SECOND = timedelta(seconds=1)
FRESH = timedelta(seconds=600)
KEPT = timedelta(seconds=86_400)


@pytest.fixture(scope="module")
def server() -> AuthorizationServer:
    """One whose keys nobody changes."""
    return AuthorizationServer()


def flaw(reader: AccessTokens, token: str) -> Flaw:
    """What is wrong with it."""
    with pytest.raises(TokenRefused) as refused:
        reader.granted(token, AT)
    return refused.value.flaw


def test_a_token_names_client_and_scopes(server: AuthorizationServer) -> None:
    """Its client is looked for by its id; scopes of others' are read over."""
    granted = server.reader().granted(server.token(), AT)

    assert granted == Granted(f"client:{CLIENT}", frozenset({Scope.SEND, Scope.TRACE}), None)


@pytest.mark.parametrize("alg", ["RS256", "PS256", "Ed25519"])
def test_every_usual_signature_is_understood(alg: str) -> None:
    """RSA of both paddings and Edwards curves."""
    other = AuthorizationServer(a_key(kind="OKP" if alg == "Ed25519" else "RSA"))
    granted = other.reader().granted(other.token(header={"alg": alg}), AT)

    assert granted.key == f"client:{CLIENT}"


@pytest.mark.parametrize(
    ("claims", "expected"),
    [
        ({"iss": f"{ISSUER}/"}, Flaw.ISSUER),
        ({"iss": None}, Flaw.ISSUER),
        ({"aud": "https://another.example"}, Flaw.AUDIENCE),
        ({"aud": None}, Flaw.AUDIENCE),
        ({"aud": [AUDIENCE.upper()]}, Flaw.AUDIENCE),
        ({"aud": {AUDIENCE: 1}}, Flaw.AUDIENCE),
        ({"exp": None}, Flaw.EXPIRED),
        ({"exp": "never"}, Flaw.EXPIRED),
        ({"exp": True}, Flaw.EXPIRED),
        ({"exp": AT.timestamp() - 60}, Flaw.EXPIRED),
        ({"exp": float("nan")}, Flaw.EXPIRED),
        ({"nbf": AT.timestamp() + 61}, Flaw.NOT_YET),
        ({"nbf": "now"}, Flaw.NOT_YET),
        ({"client_id": None}, Flaw.SUBJECT),
        ({"client_id": ["a"]}, Flaw.SUBJECT),
        ({"cnf": {"jkt": "a key of the client's own"}}, Flaw.SUBJECT),
        ({"cnf": {"x5t#S256": "a", "jkt": "b"}}, Flaw.SUBJECT),
    ],
)
def test_what_a_token_says_must_be_for_us(
    server: AuthorizationServer, claims: dict[str, Any], expected: Flaw
) -> None:
    """Issuer, audience, times and client: each is looked at."""
    assert flaw(server.reader(), server.token(**claims)) is expected


@pytest.mark.parametrize(
    "claims",
    [
        {"aud": ["https://another.example", AUDIENCE]},
        {"exp": AT.timestamp() - 59},
        {"nbf": AT.timestamp() + 60},
        {"iat": None},
    ],
)
def test_clocks_may_differ_by_a_minute(server: AuthorizationServer, claims: dict[str, Any]) -> None:
    """And a token may be for others besides us."""
    assert server.reader().granted(server.token(**claims), AT).key


@pytest.mark.parametrize("header", [{"typ": "logout+jwt"}, {"typ": "dpop+jwt"}])
def test_tokens_of_other_kinds_are_none(
    server: AuthorizationServer, header: dict[str, Any]
) -> None:
    """What the same server signs for another end does not open a door (RFC 8725, 3.11)."""
    assert flaw(server.reader(), server.token(header=header)) is Flaw.TYPE


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("send:referrals", {Scope.SEND_REFERRALS}),
        (["collect", 5, "write"], {Scope.COLLECT}),
        ("", set()),
        (None, set()),
        ({"send": True}, set()),
        ("SEND", set()),
    ],
)
def test_only_scopes_that_are_named_are_granted(
    server: AuthorizationServer, said: object, expected: set[Scope]
) -> None:
    """By a text or by a list; a token that names none may do nothing."""
    assert server.reader().granted(server.token(scope=said), AT).scopes == frozenset(expected)


def test_scopes_may_be_left_to_the_file(server: AuthorizationServer) -> None:
    """Where the server knows nothing of ours, the file of tokens says them."""
    assert server.reader(scope_claim="").granted(server.token(), AT).scopes is None


def test_another_claim_may_name_the_client(server: AuthorizationServer) -> None:
    """As the server has it."""
    reader = server.reader(client_claim="azp")

    assert reader.granted(server.token(azp="other"), AT).key == "client:other"
    assert flaw(reader, server.token()) is Flaw.SUBJECT


def test_a_new_key_is_found_and_an_old_one_forgotten() -> None:
    """The server changes its key: what the new one signs counts within half a minute."""
    server = AuthorizationServer()
    reader, old = server.reader(), server.token()
    assert reader.granted(old, AT).key
    server.keys = [a_key("two")]
    with pytest.raises(TokenRefused):
        reader.granted(server.token(), AT + NOT_BEFORE - SECOND)
    assert reader.granted(server.token(), AT + NOT_BEFORE).key
    with pytest.raises(TokenRefused):
        reader.granted(old, AT + NOT_BEFORE)
    assert server.asked == 2


def test_while_it_is_away_known_keys_count_for_a_stated_time() -> None:
    """Asked again when they are no longer fresh, every few seconds; then tokens must wait."""
    server = AuthorizationServer()
    reader = server.reader()
    long_lived = server.token(exp=AT.timestamp() + 10 * KEPT.total_seconds())
    assert reader.granted(long_lived, AT).key
    server.is_away = True

    for late, asked in (
        (FRESH - SECOND, 1),
        (FRESH, 2),
        (FRESH + AGAIN_AFTER - SECOND, 2),
        (FRESH + AGAIN_AFTER, 3),
        (KEPT - SECOND, 4),
    ):
        assert reader.granted(long_lived, AT + late).key
        assert server.asked == asked
    for late in (KEPT, KEPT + SECOND):
        with pytest.raises(ProviderAway):
            reader.granted(long_lived, AT + late)
    assert server.asked == 4
    server.is_away = False
    assert reader.granted(long_lived, AT + KEPT + AGAIN_AFTER).key


def test_whoever_names_unknown_keys_holds_nobody_up() -> None:
    """While one waits for an answer, others with a known key go on, and unknown ones are told."""
    server = AuthorizationServer()
    reader, good = server.reader(), server.token(exp=AT.timestamp() + 10_000)
    assert reader.granted(good, AT).key
    strange = server.token(key=a_key("stranger"))
    asking, answer = threading.Event(), threading.Event()

    def waits() -> None:
        asking.set()
        assert answer.wait(60)

    server.before_answer = waits
    first = threading.Thread(target=lambda: flaw_at(reader, strange))
    first.start()
    assert asking.wait(60)
    assert reader.granted(good, AT + FRESH).key
    with pytest.raises(ProviderAway, match="being asked"):
        reader.granted(strange, AT + NOT_BEFORE)
    answer.set()
    first.join(60)
    assert server.asked == 2


def flaw_at(reader: AccessTokens, token: str) -> None:
    """Refused, half a minute later."""
    with pytest.raises(TokenRefused):
        reader.granted(token, AT + NOT_BEFORE)


def test_keys_may_lie_in_a_file(server: AuthorizationServer, tmp_path: Path) -> None:
    """A server that cannot be reached from here; the file is read again like an address."""
    file = tmp_path / "jwks.json"
    reader = AccessTokens.of(oauth_options(jwks_url="", jwks_file=str(file)))
    with pytest.raises(ProviderAway, match="FileNotFoundError"):
        reader.granted(server.token(), AT)
    for broken in ("[]", "{", "[" * 50_000):
        file.write_text(broken)
        with pytest.raises(ProviderAway):
            AccessTokens.of(oauth_options(jwks_url="", jwks_file=str(file))).granted(
                server.token(), AT
            )
    file.write_text(json.dumps(server.jwks()))

    assert reader.granted(server.token(), AT + AGAIN_AFTER).key
    reader.close()


def test_a_server_that_cannot_be_reached_is_away() -> None:
    """Nobody listens there."""
    reader = AccessTokens.of(oauth_options(jwks_url="http://127.0.0.1:9/jwks"))
    with pytest.raises(ProviderAway, match="ConnectError"):
        reader.granted(AuthorizationServer().token(), AT)
    reader.close()


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"audience": ""}, "audience and client_claim"),
        ({"jwks_url": ""}, "either jwks_url or jwks_file"),
        ({"jwks_file": "a"}, "either jwks_url or jwks_file"),
        ({"jwks_url": "http://id.example/jwks"}, "only on this machine"),
        ({"jwks_url": "http://169.254.169.254/latest"}, "only on this machine"),
        ({"jwks_url": "file:///etc/passwd"}, "like https"),
        ({"jwks_url": "https://user:password@id.example/"}, "like https"),
        ({"jwks_url": "https://"}, "like https"),
        ({"algorithms": ["none"]}, "algorithms"),
        ({"algorithms": ["HS256"]}, "algorithms"),
        ({"algorithms": []}, "algorithms"),
        ({"keys_kept_s": 60}, "keys_kept_s"),
    ],
)
def test_settings_that_are_not_safe_are_refused(changes: dict[str, object], says: str) -> None:
    """Half of an authorization server, or one that is asked in the open."""
    with pytest.raises(ValidationError, match=says):
        oauth_options(**changes)
