"""A process that checks signatures for another: what it reads on stdin it answers on stdout.

Checking a signature takes half as long as deciding an event, and Python does one thing at a time;
a second process does it on another core. It ends when its stdin does.
"""

import signal
import struct
import sys
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import BinaryIO, Final

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

_HEAD: Final = struct.Struct(">I")
_KEY, _SIGNATURE = 32, 64
Question = tuple[bytes, bytes, bytes]
"""Whether this key, in its 32 bytes, has made this signature, in its 64, of this message."""


def packed(questions: Sequence[Question]) -> bytes:
    """Questions as they are sent."""
    parts = [_HEAD.pack(len(questions))]
    for key, signature, message in questions:
        parts += key, signature, _HEAD.pack(len(message)), message
    return b"".join(parts)


def answer(questions: Iterable[Question]) -> bytes:
    """A byte for each: 1 it has, 0 it has not."""
    return bytes(_holds(one) for one in questions)


def serve(asked: BinaryIO, answered: BinaryIO) -> None:
    """Answer until there are no more questions, or who asks has ended in the midst of one."""
    with suppress(EOFError, BrokenPipeError):
        while True:
            (count,) = _HEAD.unpack(_exactly(asked, _HEAD.size))
            answered.write(answer([_read(asked) for _ in range(count)]))
            answered.flush()


def _read(asked: BinaryIO) -> Question:
    key, signature = _exactly(asked, _KEY), _exactly(asked, _SIGNATURE)
    (size,) = _HEAD.unpack(_exactly(asked, _HEAD.size))
    return key, signature, _exactly(asked, size)


def _exactly(asked: BinaryIO, size: int) -> bytes:
    """So many bytes; raises EOFError if there are fewer."""
    found = asked.read(size)
    if len(found) < size:
        raise EOFError
    return found


def _holds(question: Question) -> bool:
    key, signature, message = question
    try:
        Ed25519PublicKey.from_public_bytes(key).verify(signature, message)
    except InvalidSignature:
        return False
    return True


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the worker, who ends this one
    serve(sys.stdin.buffer, sys.stdout.buffer)
