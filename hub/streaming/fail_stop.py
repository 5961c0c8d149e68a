"""The only way out of doubt: the process ends at once and its supervisor starts it again.

Faust's own crash handling would commit half-done work on its way out; `os._exit` cannot.
"""

import os
import threading
from typing import Final, NoReturn

import structlog

EXIT_FAIL_STOP: Final = 70
"""The exit code of a worker that stopped itself (EX_SOFTWARE)."""
LAST_WORDS_S: Final = 2.0
"""A blocked log must not keep a process alive that is in doubt."""


def die(why: str, **facts: object) -> NoReturn:
    """End the process now, saying why in one log line if that can still be written."""
    last_resort = threading.Timer(LAST_WORDS_S, os._exit, (EXIT_FAIL_STOP,))
    last_resort.daemon = True
    last_resort.start()
    try:
        structlog.get_logger().critical("fail_stop", why=why, **facts)
    finally:
        os._exit(EXIT_FAIL_STOP)
