"""An offer as an HSDS 3.1 `service`: whole, as a line of a list, or just that it is there."""

from datetime import UTC, datetime, time
from typing import Any, Final

from hub.domain.freshness import USUAL, Fading, Freshness
from hub.domain.offers import Offer
from hub.domain.places import Places
from hub.hsds import ids, parts
from hub.hsds.directory import Listed

Json = dict[str, Any]
STATUS: Final = {
    Freshness.FRESH: "active",
    Freshness.FADING: "active",
    Freshness.FADED: "inactive",
}
WITHDRAWN: Final = "defunct"


class Services:
    """Writes offers as services, as of one moment."""

    def __init__(self, places: Places, now: datetime, fading: Fading = USUAL) -> None:
        """Name areas after `places`; an offer is as old as it is at `now`."""
        self._places = places
        self._now = now.astimezone(UTC)
        self._fading = fading

    def whole(self, listed: Listed) -> Json:
        """With everything it consists of."""
        return self.line(listed) | parts.of(listed, self._places)

    def line(self, listed: Listed) -> Json:
        """Without what there can be several of."""
        said = listed.said
        line = {
            "id": listed.id,
            "name": said.name,
            "description": said.description,
            "status": self._status(listed.offer),
            "eligibility_description": said.eligibility,
            "fees_description": said.costs,
            "assured_date": said.assured_date.isoformat(),
            "alert": self._alert(listed.offer),
            "last_modified": moment(self._changed_at(listed)),
            "organization": {
                "id": ids.organization_id(listed.offer.publisher, said.organisation),
                "name": said.organisation,
                "description": f"{said.organisation}, as named by who published the offer.",
            },
        }
        return {name: value for name, value in line.items() if value is not None}

    def trace(self, listed: Listed) -> Json:
        """Just its id and when it was changed: what one needs to keep a copy in step."""
        return {"id": listed.id, "modified_date": moment(self._changed_at(listed))}

    def _status(self, offer: Offer) -> str:
        if offer.withdrawn:
            return WITHDRAWN
        return STATUS[offer.freshness(self._now.date(), self._fading)]

    def _alert(self, offer: Offer) -> str | None:
        freshness = offer.freshness(self._now.date(), self._fading)
        if offer.withdrawn:
            return "Withdrawn by who published it."
        if freshness is Freshness.FADED:
            return f"Nobody has assured this since {offer.assured_on}."
        if freshness is Freshness.FADING:
            return f"Last assured on {offer.assured_on}: ask before you go."
        return None

    def _changed_at(self, listed: Listed) -> datetime:
        """When it was last changed, by an event or by having grown old."""
        if listed.offer.withdrawn:
            return listed.changed_at
        grown_old = (
            datetime.combine(day, time(), UTC)
            for day in listed.offer.ageing_days(self._fading)
            if day <= self._now.date()
        )
        return max([listed.changed_at, *grown_old])


def moment(at: datetime) -> str:
    """As HSDS writes a point in time: UTC, to the millisecond."""
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
