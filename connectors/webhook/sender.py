"""Brings to one receiver what waits for it, each case in its order, until it has it."""

import threading
from collections.abc import Mapping, Sequence
from functools import partial
from hashlib import sha256
from math import inf
from typing import Final, Protocol

import structlog

from connectors.runner.patience import Stopped, patiently
from connectors.webhook.answer import Answer, Meaning
from connectors.webhook.breaker import Breaker, Pauses
from connectors.webhook.clock import Clock
from connectors.webhook.options import Options
from connectors.webhook.queue import First, Queue
from connectors.webhook.signature import signed
from connectors.webhook.store import Store

log = structlog.get_logger()
IDLE_S: Final = 0.2
"""How soon a new event, or a stop, is noticed."""
GONE_S: Final = 60.0
"""How often it is looked whether a receiver that is gone may be called again."""
TIDY_S: Final = 3600.0
"""How often it is forgotten what was delivered long ago."""
DAY_S: Final = 24 * 60 * 60


class Post(Protocol):
    """Calls a receiver."""

    def post(self, headers: Mapping[str, str], body: bytes) -> Answer:
        """How the call ended; never raises for what a receiver does."""

    def close(self) -> None:
        """Let go of the connection."""


class Sender:
    """Delivery guarantee: each event at least once, under the same `webhook-id` each time.

    The first copies of a case come in its order: as long as an event has not been answered by
    2xx, no later event of its case is sent; other cases go on.
    """

    def __init__(
        self,
        party: str,
        keys: Sequence[bytes],
        store: Store,
        client: Post,
        options: Options,
        clock: Clock,
    ) -> None:
        """Send through `client` what lies in `store`; both are closed by `close`."""
        self._party = party
        self._keys = keys
        self._store = store
        self._client = client
        self._options = options
        self._clock = clock
        address = sha256(options.receivers[party].encode()).hexdigest()
        self._queue = Queue(store, party, address)
        self._retries = Pauses(options.first_retry_s, options.longest_retry_s)
        pauses = Pauses(options.pause_s, options.longest_pause_s)
        self._breaker = Breaker(options.failures, pauses)
        self._longest_s = max(options.longest_retry_s, options.longest_asked_s)
        self._tidy_at = -inf

    def run(self, stop: threading.Event) -> None:
        """Send until `stop` is set; then close."""
        try:
            while not stop.is_set():
                wait_s = patiently(self.step, stop, "look what is to be sent")
                stop.wait(min(wait_s, IDLE_S))
        except Stopped:
            pass
        finally:
            self.close()

    def step(self) -> float:
        """Send one event if one is due; seconds until there may be something to do.

        Raises Later when the store does not answer.
        """
        self._tidy()
        if self._queue.is_gone():
            return GONE_S
        wait_s = self._breaker.wait_s(self._clock.seconds())
        first = None if wait_s else self._queue.first()
        if first is None:
            return wait_s or IDLE_S
        wait_s = first.due_at - self._now()
        if 0 < wait_s <= self._longest_s:  # longer than that: the clock was set back
            return wait_s
        self._send(first)
        return 0.0

    def close(self) -> None:
        """Let go of store and connection."""
        self._client.close()
        self._store.close()

    def _send(self, first: First) -> None:
        headers = signed(self._keys, first.message_id, int(self._now()), first.body)
        answer = self._client.post(headers, first.body)
        match answer.meaning:
            case Meaning.DELIVERED:
                self._delivered(first)
            case Meaning.GONE:
                self._queue.gone(self._now())
                log.error("webhook_receiver_gone", party=self._party, event_id=first.event_id)
            case Meaning.REFUSED:
                self._back()
                self._again(first, answer)
            case Meaning.AWAY:
                self._again(first, answer)
                self._away(first, answer)

    def _again(self, first: First, answer: Answer) -> None:
        asked_s = answer.wait_s(self._now(), self._options.longest_asked_s)
        retry_s = self._retries.after(first.attempts + 1, self._clock.chance())
        self._queue.again(first, self._now() + max(retry_s, asked_s))
        if answer.asks_all_to_wait:
            self._breaker.hold(self._clock.seconds() + asked_s)
        self._note_attempt(first, answer)

    def _delivered(self, first: First) -> None:
        self._queue.delivered(first, self._now())
        log.info(
            "webhook_delivered",
            party=self._party,
            event_id=first.event_id,
            message_id=first.message_id,
            attempts=first.attempts + 1,
            waited_s=round(self._now() - first.stored_at, 1),
        )
        self._back()

    def _away(self, first: First, answer: Answer) -> None:
        name = first.message_id if answer.reached else f"{first.message_id}/{first.attempts}"
        if self._breaker.failed(name, self._clock.seconds(), self._clock.chance()):
            log.warning("webhook_receiver_away", party=self._party, why=str(answer))

    def _back(self) -> None:
        away_s = self._breaker.worked(self._clock.seconds())
        if away_s is not None:
            self._queue.all_due(self._now())
            log.info("webhook_receiver_back", party=self._party, away_s=round(away_s, 1))

    def _note_attempt(self, first: First, answer: Answer) -> None:
        """One line when an event is refused first, one when it has been for long."""
        attempts = first.attempts + 1
        say = partial(
            log.warning if attempts == 1 else log.error,
            party=self._party,
            event_id=first.event_id,
            message_id=first.message_id,
            why=str(answer),
            attempts=attempts,
        )
        if attempts == 1 and answer.meaning is Meaning.REFUSED:
            say("webhook_event_refused")
        elif attempts == self._options.alarm_attempts:
            say("webhook_event_stuck")

    def _tidy(self) -> None:
        if self._clock.seconds() >= self._tidy_at:
            self._tidy_at = self._clock.seconds() + TIDY_S
            self._queue.forget(self._now() - self._options.keep_days * DAY_S)

    def _now(self) -> float:
        return self._clock.now().timestamp()
