"""The webhook's pure parts: signature, addresses, meanings, pauses, settings, secrets."""

import hmac
import random
from base64 import b64decode, b64encode
from hashlib import sha256
from ipaddress import ip_network
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from connectors.webhook.address import NotAllowed, chosen
from connectors.webhook.answer import Answer, Meaning
from connectors.webhook.breaker import Breaker, Pauses
from connectors.webhook.options import Options
from connectors.webhook.secrets import SecretsUnreadable, read_secrets
from connectors.webhook.signature import signed

KEY = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
NOW = 1_793_620_800.0


def test_the_specification_s_own_example() -> None:
    """The signature of Standard Webhooks' published example comes out as published."""
    headers = signed(
        [b64decode(KEY.removeprefix("whsec_"))],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
    )
    assert headers == {
        "webhook-id": "msg_p5jXN8AQM9LWM0D4loKWxJek",
        "webhook-timestamp": "1614265330",
        "webhook-signature": "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    }


@given(st.lists(st.binary(min_size=24, max_size=64), min_size=2, max_size=2), st.binary())
def test_each_secret_signs(keys: list[bytes], body: bytes) -> None:
    """While one secret replaces the other, a receiver that knows either can verify."""
    said = signed(keys, "msg_1", 17, body)["webhook-signature"].split(" ")
    content = b"msg_1.17." + body
    expected = [b64encode(hmac.new(key, content, sha256).digest()).decode() for key in keys]
    assert said == [f"v1,{one}" for one in expected]


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.8.9.1", "::1", "0.0.0.1", "::", "10.1.2.3", "172.16.0.1", "192.168.1.1",
        "169.254.169.254", "fe80::1%eth0", "fd00::1", "100.64.0.1", "224.0.0.1", "ff02::1",
        "255.255.255.255", "192.0.2.1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:0:1::1", "240.0.0.1", "198.18.0.1",
    ],
)  # fmt: skip
def test_inner_addresses_are_not_called(address: str) -> None:
    """No loopback, link-local, private, shared, reserved or disguised address is called."""
    with pytest.raises(NotAllowed):
        chosen([address], ())
    with pytest.raises(NotAllowed):
        chosen(["93.184.216.34", address], ())


@pytest.mark.parametrize("address", ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946"])
def test_public_addresses_are_called(address: str) -> None:
    """A public address is called, IPv4 or IPv6."""
    assert chosen([address, "9.9.9.9"], ()) == address


def test_allowed_by_name() -> None:
    """An inner network that is allowed is called, and no other."""
    allowed = [ip_network("10.20.0.0/16")]
    assert chosen(["10.20.3.4"], allowed) == "10.20.3.4"
    assert chosen(["::ffff:10.20.3.4"], allowed) == "10.20.3.4"
    for other in (["10.21.3.4"], ["10.20.3.4", "127.0.0.1"], []):
        with pytest.raises(NotAllowed):
            chosen(other, allowed)


@pytest.mark.parametrize(
    ("status", "meaning"),
    [
        (200, Meaning.DELIVERED), (202, Meaning.DELIVERED), (204, Meaning.DELIVERED),
        (299, Meaning.DELIVERED), (301, Meaning.AWAY), (308, Meaning.AWAY), (400, Meaning.REFUSED),
        (409, Meaning.REFUSED), (413, Meaning.REFUSED), (422, Meaning.REFUSED),
        (401, Meaning.AWAY), (403, Meaning.AWAY), (404, Meaning.AWAY), (408, Meaning.AWAY),
        (410, Meaning.GONE), (429, Meaning.AWAY), (500, Meaning.AWAY), (503, Meaning.AWAY),
        (599, Meaning.AWAY), (None, Meaning.AWAY), (999, Meaning.AWAY), (100, Meaning.AWAY),
    ],
)  # fmt: skip
def test_meaning(status: int | None, meaning: Meaning) -> None:
    """Only 2xx is success; what concerns the event is told from what concerns the receiver."""
    assert Answer(status).meaning is meaning


@pytest.mark.parametrize(
    ("said", "wait_s"),
    [
        ("120", 120), (" 7 ", 7), ("0", 0), ("999999999999999999", 3600), ("-5", 0), ("1.5", 0),
        ("", 0), (None, 0), ("soon", 0), ("nan", 0), ("٣", 0), ("Mon, 32 Foo 20000", 0),
        ("Mon, 02 Nov 2026 12:01:00 GMT", 60), ("Mon, 02 Nov 2026 11:00:00 GMT", 0),
        ("Mon, 02 Nov 2026 12:01:00", 60), ("Fri, 31 Dec 9999 23:59:59 GMT", 3600),
    ],
)  # fmt: skip
def test_retry_after(said: str | None, wait_s: float) -> None:
    """A number or a date is honoured up to a limit; nonsense is passed over."""
    assert Answer(503, retry_after=said).wait_s(NOW, 3600) == wait_s


@given(st.text())
def test_retry_after_whatever_it_says(said: str) -> None:
    """Whatever a receiver writes there, the wait is neither negative nor above the limit."""
    assert 0 <= Answer(503, retry_after=said).wait_s(NOW, 3600) <= 3600


def test_pauses_double_and_scatter(chance: random.Random) -> None:
    """Pauses double up to the longest; chance takes off a quarter at most."""
    pauses = Pauses(5, 900)
    assert [pauses.after(n, 0.0) for n in (1, 2, 3, 8, 9, 10_000)] == [5, 10, 20, 640, 900, 900]
    assert all(3.75 <= pauses.after(1, chance.random()) <= 5 for _ in range(100))


def test_left_alone() -> None:
    """After enough different events a receiver is left alone, longer each time, until it works."""
    breaker = Breaker(3, Pauses(30, 100))
    assert [breaker.failed(name, 0, 0) for name in "aabbb"] == [False] * 5
    assert breaker.wait_s(0) == 0
    assert breaker.failed("c", 10, 0)
    assert breaker.wait_s(10) == 30
    assert not breaker.failed("a", 40, 0)
    assert breaker.wait_s(40) == 60
    assert breaker.worked(100) == 90
    assert breaker.wait_s(100) == 0
    assert not breaker.failed("a", 101, 0)
    assert breaker.worked(102) is None


@pytest.mark.parametrize(
    "url",
    [
        "ftp://a.example/x", "a.example", "https://", "https:///x", "https://u:p@a.example/",
        "https://a.example/#x", "https://a.example:0/", "https://a.example:99999/",
        "https://a.example/a b", "https://a.example/\n", "https://[::1/", "https://ä.example/",
    ],
)  # fmt: skip
def test_address_that_cannot_be_meant(url: str) -> None:
    """Such an address is refused, and not quoted."""
    with pytest.raises(ValidationError) as said:
        Options.model_validate({"receivers": {"kfb": url}})
    assert "example" not in str(said.value)


def test_unencrypted_only_on_purpose() -> None:
    """An http:// address needs the word of whoever runs the hub."""
    plain = {"receivers": {"kfb": "http://a.example/"}}
    with pytest.raises(ValidationError, match="allow_http"):
        Options.model_validate(plain)
    assert Options.model_validate(plain | {"allow_http": True}).receivers


def test_secrets(tmp_path: Path) -> None:
    """One line for each secret, two for a party while one replaces the other; `#` comments."""
    other = b64encode(b"y" * 24).decode()
    file = tmp_path / "secrets.txt"
    file.write_text(f"# ours\nkfb {KEY}\n\n06432005\twhsec_{other}  # old\n06432005 {KEY}\n")
    found = read_secrets(file, ["kfb", "06432005"])
    assert [len(key) for key in found["06432005"]] == [24, 24]
    assert found["kfb"] == (b64decode(KEY.removeprefix("whsec_")),)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("kfb secret", "line 1"),
        ("kfb whsec_%%%", "line 1"),
        (f"kfb whsec_{b64encode(b'x' * 23).decode()}", "24 to 64 bytes"),
        (f"kfb whsec_{b64encode(b'x' * 65).decode()}", "24 to 64 bytes"),
        (f"{KEY}", "line 1"),
        (f"kfb {KEY}\nkfb {KEY}\nkfb {KEY}", "line 3"),
        ("", "no secret for kfb"),
    ],
)
def test_secrets_that_cannot_be_used(tmp_path: Path, text: str, said: str) -> None:
    """The error names the line and what to write, never the secret."""
    file = tmp_path / "secrets.txt"
    file.write_text(text)
    with pytest.raises(SecretsUnreadable, match=said) as error:
        read_secrets(file, ["kfb"])
    assert "MfKQ" not in str(error.value)


def test_secrets_that_are_not_there(tmp_path: Path) -> None:
    """A missing file, or one that is no text, is said to be so."""
    (tmp_path / "binary").write_bytes(b"\xff\xfe")
    for name in ("missing", "binary"):
        with pytest.raises(SecretsUnreadable, match="cannot be read"):
            read_secrets(tmp_path / name, [])
