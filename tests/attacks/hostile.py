"""What somebody hostile would send, as strategies, and the mark that must not come back."""

import json
from typing import Any, Final

from hypothesis import strategies as st

MARKER: Final = "Mq7Zx Vw9Kp"
"""A person's name, wherever a value can stand; its blank makes it no id."""
TEXTS: Final = (
    MARKER,
    f"{MARKER}\r\nSet-Cookie: a=b",
    f"\x1b]0;{MARKER}\x07\x1b[2J",
    f"=cmd|' /C {MARKER}'!A0",
    f"../../{MARKER}",
    f"<script>{MARKER}</script>",
    f"';DROP TABLE {MARKER};--",
    f"%00{MARKER}%0d%0a%ff",
    f"\x00{MARKER}",
    f"\u202e{MARKER}\u2066",
    "\ud800",
    "\uffff\U0010ffff",
    "9" * 400,
    "-1",
    "1e999",
    "NaN",
    "https://[",
    "0001-01-01T00:00:00+23:59",
    "9999-12-31T23:59:60Z",
    "a" * 5000,
    '"' + '\\"' * 3000,
    "",
)
texts: Final = st.sampled_from(TEXTS) | st.text(max_size=30)
values: Final[st.SearchStrategy[Any]] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | texts | st.just(10**400),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=6,
)
PIECES: Final = (
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\xed\xa0\x80",
    b"[" * 20_000,
    b'{"a":' * 20_000,
    b"]" * 300,
    b"9" * 5000,
    b"NaN",
    b'"\\ud800"',
    b"\\u0000",
    b"\r\n\r\n",
    b'"',
    b";",
    b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]>",
    b"&b;&#0;&#xD800;",
    b"<a>" * 500,
    b"<![CDATA[",
    b"\x1f\x8b\x08\x00",
    b"PK\x03\x04",
    MARKER.encode(),
)
raw: Final = st.binary(max_size=200) | st.sampled_from(PIECES)


@st.composite
def spoiled(draw: st.DrawFn, good: bytes) -> bytes:
    """Good bytes with hostile pieces put in, or over what was there."""
    made = good
    for _ in range(draw(st.integers(1, 3))):
        at = draw(st.integers(0, len(made)))
        over = draw(st.sampled_from((0, 0, 1, 9)))
        made = made[:at] + draw(raw) + made[at + over :]
    return made


@st.composite
def changed(draw: st.DrawFn, good: dict[str, Any]) -> dict[str, Any]:
    """A good JSON object with hostile values in one to three of its places, at any depth."""
    made: dict[str, Any] = json.loads(json.dumps(good))
    for _ in range(draw(st.integers(1, 3))):
        place = made
        name = draw(st.sampled_from([*place, MARKER]))
        while isinstance(inner := place.get(name), dict) and inner and draw(st.booleans()):
            place = inner
            name = draw(st.sampled_from([*place, MARKER]))
        place[name] = draw(values)
    return made


def in_json(value: object) -> bytes:
    """As a careless program writes it: lone surrogates escaped, NaN as it is."""
    return json.dumps(value).encode()


_BARE: Final = bytes.maketrans(b"", b"")


def header(text: str) -> bytes:
    """What of a text a client can put into a header at all."""
    return text.encode("utf-8", "surrogatepass").translate(_BARE, b"\r\n\x00")


header_values: Final = texts.map(header) | st.binary(max_size=60).map(
    lambda said: said.translate(_BARE, b"\r\n\x00")
)
