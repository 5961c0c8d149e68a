"""Alerts as JSON over HTTP, for whatever the operators use."""

from collections.abc import Callable
from datetime import datetime
from typing import Final

import httpx

from hub.monitor import plain
from hub.monitor.memory import Notice
from hub.monitor.options import Webhook
from hub.monitor.teller import NotTold
from hub.monitor.wording import Names

ANSWER_WITHIN_S: Final = 15.0


class WebhookChannel:
    """Posts to one address."""

    name = "webhook"

    def __init__(self, options: Webhook, names: Names, now: Callable[[], datetime]) -> None:
        """Connect with each alert, not before."""
        self._options = options
        self._names = names
        self._now = now

    def tell(self, notice: Notice) -> None:
        """Return once the address has answered 2xx; raises NotTold."""
        status = "open" if notice.opened else "closed"
        said = {"status": status, **plain.incident(notice.incident, self._names, self._now())}
        headers = {"Idempotency-Key": f"{notice.incident.id}-{status}"}
        if self._options.token is not None:
            headers["Authorization"] = f"Bearer {self._options.token.get_secret_value()}"
        try:
            answer = httpx.post(
                self._options.url, json=said, headers=headers, timeout=ANSWER_WITHIN_S
            )
        except httpx.HTTPError as error:
            raise NotTold(type(error).__name__) from error
        if not answer.is_success:
            raise NotTold(f"HTTP {answer.status_code}")
