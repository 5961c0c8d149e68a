"""Keeps the memory of large buffers from staying with the process once they are gone.

glibc raises the size from which a buffer gets memory of its own each time such a buffer ends;
fetches and record batches then lie between small things, and their memory is never given back.
"""

import ctypes
from contextlib import suppress
from typing import Final

OWN_MEMORY_BYTES: Final = 256 * 1024
"""From this size on a buffer has memory of its own, which ends with it."""
_M_MMAP_THRESHOLD: Final = -3
"""malloc.h; setting it also ends its being raised."""


def give_back() -> None:
    """Have it so in this process; where the C library is another, nothing happens."""
    with suppress(AttributeError, OSError, TypeError):
        ctypes.CDLL(None).mallopt(_M_MMAP_THRESHOLD, OWN_MEMORY_BYTES)
