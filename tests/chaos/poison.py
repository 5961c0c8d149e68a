"""Records that are no events, of every sort that a sender can put on a topic."""

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

Headers = Sequence[tuple[str, bytes | None]]
STRUCTURED: Final = ("content-type", b"application/cloudevents+json; charset=UTF-8")
BATCHED: Final = ("content-type", b"application/cloudevents-batch+json")
CODECS: Final = (None, "gzip", "snappy", "lz4", "zstd")
MB: Final = 1024 * 1024
YEAR_MS: Final = 31_556_952_000


class NotText(str):
    """A header's name that is not UTF-8: Kafka's protocol carries any bytes."""

    __slots__ = ()

    def encode(self, *_: str) -> bytes:
        """The bytes on the wire."""
        return b"ce_\xff\xfe\xc3"


@dataclass(frozen=True, slots=True)
class Poison:
    """Records that go out as one batch."""

    values: Sequence[bytes | None] = (b"{}",)
    key: bytes | None = None
    headers: Headers = ()
    timestamp_ms: int | None = None
    codec: str | None = None


def every_sort(chance: random.Random) -> list[Poison]:
    """One of each, about two dozen."""
    return [*_values(chance), *_headers(), *_structured(), *_compressed(chance), *_times()]


def _values(chance: random.Random) -> Iterator[Poison]:
    typed = [("ce_type", b"referral.requested.v1")]
    yield Poison([None])
    yield Poison([None], key=b"case-x", headers=typed)
    yield Poison([b""], headers=typed)
    yield Poison([b""], key=b"")
    yield Poison([chance.randbytes(300)], key=chance.randbytes(9))
    yield Poison([b"x" * 200_000], key=b"k" * 60_000)
    yield Poison([b'{"a": NaN}'], headers=[("ce_type", b"no.such-type.v9")])
    yield Poison([b"9" * 20_000], headers=typed)


def _headers() -> Iterator[Poison]:
    yield Poison(headers=[("ce_id", b"\xff\xfe"), ("ce_source", b"//kurze-wege/x")])
    yield Poison(headers=[(NotText("name"), b"value")])
    yield Poison(headers=[("", b""), ("ce_", b"x"), ("ce_id\x00", b"\x00")])
    yield Poison(headers=[("ce_id", None), ("ce_type", None), ("content-type", None)])
    yield Poison(headers=[("ce_id", b"a"), ("ce_id", b"b")] * 2)
    yield Poison(headers=[(f"h{n}", b"") for n in range(20_000)])
    yield Poison(headers=[("x" * 100_000, b"y" * 100_000)])


def _structured() -> Iterator[Poison]:
    deep, numbers = b"[" * 50_000, b'{"data": ' + b"9" * 5_000 + b"}"
    twice = b'{"id": "a", "id": "b", "specversion": 1.0, "data_base64": "%%%"}'
    lonely = b'{"id": "\\ud800", "source": "\\udfff", "type": "\\u0000"}'
    for value in (None, b"", b"null", b"[]", b"\xef\xbb\xbf{}", deep, numbers, twice, lonely):
        yield Poison([value], headers=[STRUCTURED])
    yield Poison([b"[{}, {}]"], headers=[BATCHED])


def _compressed(chance: random.Random) -> Iterator[Poison]:
    for codec in CODECS:
        yield Poison([b"[1, 2]" * 99, b"{}", None], key=chance.randbytes(5), codec=codec)
    yield Poison([bytes(40 * MB)], codec="gzip")
    yield Poison([bytes(2 * MB)] * 15, codec="zstd")
    yield Poison([bytes(MB // 4)] * 14, codec="gzip")


def _times() -> Iterator[Poison]:
    for year in (1, 1969, 1970, 9999, 10_000):
        yield Poison(timestamp_ms=(year - 1970) * YEAR_MS)
