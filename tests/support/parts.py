"""What to do when a part that a test needs is not installed here."""

import os
from typing import Final, NoReturn

import pytest

REQUIRE: Final = "KURZE_WEGE_REQUIRE"
"""Set to 1 where every part must be there, as in CI: then a missing part is a failure."""


def missing(part: str, remedy: str) -> NoReturn:
    """Skip the test naming what to install; fail it where every part is required."""
    words = f"{part} is missing: {remedy}"
    if os.environ.get(REQUIRE) == "1":
        pytest.fail(words, pytrace=False)
    pytest.skip(words)
