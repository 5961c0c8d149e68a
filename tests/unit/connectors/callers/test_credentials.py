"""What a line of the file of tokens may say."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.callers.credentials import (
    Credential,
    Credentials,
    Malformed,
    line_of,
    read_line,
)
from connectors.callers.scopes import ALL, Scope, may, to_send
from connectors.callers.tokens import digest
from schemas.topics import FROM_OUTSIDE, HANDED_IN

A, B = digest("a"), digest("b")
NOW = datetime(2026, 11, 27, 12, tzinfo=UTC)

hashes = st.text("0123456789abcdef", min_size=64, max_size=64)
names = st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E, exclude_characters="#"))
keys = st.one_of(
    hashes,
    hashes.map("certificate:{}".format),
    st.builds("{}:{}".format, st.sampled_from(["dns", "uri", "client"]), names.filter(bool)).filter(
        lambda key: len(key) < 200
    ),
)
credentials = st.builds(
    Credential,
    keys,
    st.from_regex(r"[a-z0-9][a-z0-9-]{1,31}", fullmatch=True),
    st.frozensets(st.sampled_from(Scope), min_size=1),
    st.none() | st.datetimes(timezones=st.just(UTC)).map(lambda one: one.replace(microsecond=0)),
    st.text(st.characters(categories=["L", "N", "P"], exclude_characters="\x85")).map(str.strip),
)


@given(credentials)
def test_what_is_written_is_read(credential: Credential) -> None:
    """Every credential comes back from its line as it was."""
    assert read_line(line_of(credential)) == credential


@given(st.text())
def test_any_line_is_understood_or_refused(line: str) -> None:
    """No line breaks the reading, and a refusal never repeats it."""
    found, why = None, ""
    try:
        found = read_line(line)
    except Malformed as error:
        why = str(error)
    assert found is None or found.key in line
    assert len(line) < 20 or line not in why


def test_old_lines_stay_good() -> None:
    """Hash and party alone: everything, without an end, as before there were scopes."""
    assert read_line(f"{A}  kfb  # the jobcenter") == Credential(A, "kfb", note="the jobcenter")
    assert read_line(f"{B} *06432005") == Credential(B, "06432005", ALL, None)


@pytest.mark.parametrize("line", ["", "   ", "# nothing", f"#{A[1:]} kfb"])
def test_comments_say_nothing(line: str) -> None:
    """A comment is read over, a line that was revoked too."""
    assert read_line(line) is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ("until=tomorrow", "until is a day"),
        ("until=2027-12-31T12:00:00", "until is a day"),
        ("until=9999-12-31", "until is a day"),
        ("scopes=send,everything", "scopes are some of send,send:referrals"),
        ("scopes=send scopes=trace", "once each"),
        ("rights=all", "write the token's SHA-256"),
        ("send", "write the token's SHA-256"),
    ],
)
def test_what_is_wrong_is_said(more: str, says: str) -> None:
    """A word that is not understood is refused rather than read over: it may be a limit."""
    with pytest.raises(Malformed, match=says):
        read_line(f"{A} kfb {more}")


def test_a_day_counts_to_its_end() -> None:
    """Until a day means through it; a moment is one, in any zone."""
    by_day = read_line(f"{A} kfb until=2026-11-27")
    east = timezone(timedelta(hours=1))
    by_moment = read_line(f"{A} kfb until=2026-11-27T13:00:00+01:00")

    assert by_day is not None
    assert by_moment is not None
    assert by_day.until == datetime(2026, 11, 28, tzinfo=UTC)
    assert by_moment.until == datetime(2026, 11, 27, 13, tzinfo=east)
    assert by_moment.is_over(NOW)
    assert not by_moment.is_over(NOW - timedelta(microseconds=1))
    assert not Credential(A, "kfb").is_over(NOW)


def test_a_key_names_its_credential() -> None:
    """First or last it is found; an unknown one is not, nor one that only begins alike."""
    known = Credentials([Credential(A, "kfb"), Credential(B, "06432005")])
    found = [known.find(key) for key in (A, B, digest("c"), A[:-1], "")]

    assert [one.party if one else None for one in found] == ["kfb", "06432005", None, None, None]


@pytest.mark.parametrize(
    ("key", "kind", "name"),
    [
        (A, "token", A[:8]),
        (f"certificate:{A}", "certificate", A[:8]),
        ("dns:hub.eppertshausen.example", "dns", "dns:hub.eppertshausen.example"),
        ("uri:https://a.example/b", "uri", "uri:https://a.example/b"),
    ],
)
def test_names_open_nothing(key: str, kind: str, name: str) -> None:
    """What people tell a credential by is not enough to show it."""
    assert (Credential(key, "kfb").kind, Credential(key, "kfb").name) == (kind, name)


def test_every_family_has_its_scope() -> None:
    """To send an event one needs the scope of its topic; `send` alone is all of them."""
    assert {to_send(kind) for kind in HANDED_IN} == {
        Scope(f"send:{topic.name}") for topic in FROM_OUTSIDE
    }
    assert all(may(frozenset({Scope.SEND}), to_send(kind)) for kind in HANDED_IN)
    assert not may(frozenset({Scope.SEND_REFERRALS}), Scope.SEND)
    assert not may(frozenset({Scope.SEND}), Scope.TRACE)
