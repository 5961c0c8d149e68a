"""What stands on a party's credential sheet."""

import re
from html import unescape
from typing import Final

from hub.members.members import Done

_SECRET: Final = re.compile(r'<code id="([a-z-]+)">([^<]+)</code>')


def read(done: Done) -> dict[str, str]:
    """The secrets on the sheet that was written, by what they are."""
    assert done.sheet is not None
    return {name: unescape(value) for name, value in _SECRET.findall(done.sheet.read_text("utf-8"))}
