"""Says when it may be tried again."""

from datetime import timedelta
from math import ceil
from typing import Final

from hub.pages.wording import Wording

MINUTE_S: Final = 60


def again_in(say: Wording, pause: timedelta) -> str:
    """When it may be tried again, in words."""
    seconds = ceil(pause.total_seconds())
    if seconds <= 2 * MINUTE_S:
        return say.count(
            "It failed too often. You can try again in %(num)s second.",
            "It failed too often. You can try again in %(num)s seconds.",
            seconds,
        )
    return say.count(
        "It failed too often. You can try again in %(num)s minute.",
        "It failed too often. You can try again in %(num)s minutes.",
        ceil(seconds / MINUTE_S),
    )
