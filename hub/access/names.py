"""The name with which somebody signs in."""

import re
import unicodedata
from typing import Final

SAYS: Final = "2 to 64 small letters, digits and . _ - @, the first a letter or digit"
_NAME: Final = re.compile(r"[a-z0-9][a-z0-9._@-]{1,63}")


def normal_name(typed: str) -> str:
    """The name as it is kept: whoever types it in capitals or with blanks around means the same."""
    return unicodedata.normalize("NFKC", typed).strip().casefold()


def is_name(name: str) -> bool:
    """Whether an account can have this name."""
    return _NAME.fullmatch(name) is not None
