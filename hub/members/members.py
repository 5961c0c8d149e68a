"""Takes parties in and out: the register says what should be, broker and doors are made like it.

Whatever is left half done is made whole when the same is asked again: every step follows from the
register, which is written before anything else is changed.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from hub import wiring
from hub.errors import UsageError
from hub.members import at_the_broker, at_the_doors, at_the_keys, elsewhere, handing_over
from hub.membership import register, sheet
from hub.membership.issuing import Issued, issue
from hub.membership.membership import Membership, State
from hub.settings import Settings


class Done(NamedTuple):
    """What has become of a party."""

    membership: Membership
    did: tuple[str, ...]
    """What was done, sentence by sentence."""
    to_do: tuple[str, ...] = ()
    """What is left to a person."""
    sheet: Path | None = None
    """Where its new secrets stand, this once."""


class Members:
    """The parties of one hub at one time.

    Every method raises UsageError for what makes no sense, ConfigError for files that cannot be
    used, BrokerUnavailable and BrokerRefused, and HubError for keys that cannot be kept.
    """

    def __init__(self, settings: Settings, now: datetime) -> None:
        """Nothing is asked yet."""
        self._settings = settings
        self._now = now.replace(microsecond=0)
        self._folder = settings.membership.folder

    def add(self, party: str, until: datetime | None) -> Done:
        """Let a party take part.

        One that takes part keeps what it has; one that was suspended is let in again.
        """
        self._insist_on(party)
        found = register.read(self._folder).get(party)
        if found and found.state is State.SUSPENDED:
            return self.resume(party)
        if found and found.state is State.ACTIVE and any(found.current(self._now)):
            again = (f"New credentials: hub party rotate {party}",)
            return Done(found, (*self._made_so(found, {}), "It takes part already."), again)
        before = found or Membership(party=party, state=State.ACTIVE, credentials=())
        issued = issue(before.next_number, self._now, until or self._usual_end)
        return self._given(before.added(issued.credentials), issued, None)

    def rotate(
        self,
        party: str,
        former_until: datetime | None,
        until: datetime | None,
        *,
        at_once: bool = False,
    ) -> Done:
        """Give a party new credentials; the former count until then, for the usual overlap, or not.

        `at_once`: they end now.
        """
        self._insist_on(party)
        before = register.of(self._folder, party)
        overlap = timedelta(hours=self._settings.membership.overlap_hours)
        former = self._now if at_once else former_until or self._now + overlap
        issued = issue(before.next_number, self._now, until or self._usual_end)
        after = before.rotated(issued.credentials, former)
        still = [one for one in after.current(self._now) if one != issued.credentials]
        return self._given(after, issued, max((one.until for one in still), default=None))

    def suspend(self, party: str) -> Done:
        """Let a party do nothing from now on; everything is kept."""
        found = register.of(self._folder, party).suspended()
        found = at_the_doors.holding(self._settings, found)
        return Done(found, self._kept(found), elsewhere.ways(self._settings, party))

    def resume(self, party: str) -> Done:
        """Let a party that was suspended do what it might before."""
        found = register.of(self._folder, party).resumed()
        did = self._kept(found)
        register.write(self._folder, found.model_copy(update={"held": {}}))
        return Done(found, did)

    def remove(self, party: str) -> Done:
        """Take away everything a party was given; registry, topics and deliveries stay."""
        found = register.of(self._folder, party).removed(self._now)
        did = (*self._kept(found), *at_the_keys.revoked(self._settings, party, self._now))
        return Done(found, did, elsewhere.ways(self._settings, party))

    def apply(self) -> list[Done]:
        """Make broker and doors as the register says, and end what is over."""
        return [
            self.suspend(one.party)
            if one.state is State.SUSPENDED
            else Done(one, self._made_so(one, {}))
            for one in self.all().values()
        ]

    def all(self) -> dict[str, Membership]:
        """Every membership there ever was, by party."""
        return register.read(self._folder)

    @property
    def _usual_end(self) -> datetime:
        return self._now + timedelta(days=self._settings.membership.valid_days)

    def _insist_on(self, party: str) -> None:
        if wiring.parties(self._settings).get(party) is None:
            remedy = "Declare it in the parties file first, and restart the workers with it."
            raise UsageError("The registry has no such party.", where=party, remedy=remedy)

    def _given(self, after: Membership, issued: Issued, former: datetime | None) -> Done:
        """Hand new credentials out; nothing is begun where the broker would not have them."""
        at_the_broker.is_reached(self._settings, after, self._now)
        new = issued.credentials
        to = handing_over.addressed(self._settings, after.party, new)
        file = sheet.keep(self._folder, after.party, new.number, sheet.page(to, issued, former))
        given = f"Credentials {new.number} were made, good until {handing_over.said(new.until)}."
        keys = at_the_keys.given(self._settings, after.party, new, self._now, former)
        did = (given, *self._kept(after, {to.user: issued.password}), *keys)
        return Done(
            after, did, tuple(handing_over.to_do(self._settings, after.party, former)), file
        )

    def _kept(
        self, changed: Membership, passwords: Mapping[str, str] | None = None
    ) -> tuple[str, ...]:
        register.write(self._folder, changed)
        return self._made_so(changed, passwords or {})

    def _made_so(self, member: Membership, passwords: Mapping[str, str]) -> tuple[str, ...]:
        return (
            *at_the_doors.made_so(self._settings, member, self._now),
            *at_the_broker.made_so(self._settings, member, self._now, passwords),
        )
