"""What each party may send in a minute: events, and bytes of bodies."""

from connectors.callers.limits import Limits
from connectors.http_api.options import Options


class Shares:
    """The shares of all parties at this door; nobody's is another's."""

    def __init__(self, options: Options) -> None:
        """Everybody starts with what may come at once."""
        own = options.party_limits.items()
        events = {party: one.events_per_minute for party, one in own if one.events_per_minute}
        weights = {party: one.bytes_per_minute for party, one in own if one.bytes_per_minute}
        self._events = Limits(options.events_per_minute, options.burst_s, events)
        self._bytes = Limits(options.bytes_per_minute, options.burst_s, weights)

    def wait_s(self, party: str, weight: int, now: float) -> float:
        """Seconds until the party may send an event, and a body of so many bytes; 0.0: now."""
        return max(self._events.wait_s(party, 1, now), self._bytes.wait_s(party, weight, now))

    def take_events(self, party: str, events: int, now: float) -> float:
        """Count the events and return 0.0; or count nothing and return the seconds to wait."""
        return self._events.take(party, events, now)

    def charge_bytes(self, party: str, weight: int, now: float) -> None:
        """Count a body that was read; one that is too much is paid for by the next one's wait."""
        self._bytes.charge(party, weight, now)
