"""What an operations page shows at a glance: plain values, worked out of one snapshot."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from hub.domain.parties import Parties, Party
from hub.monitor.incidents import Incident
from hub.monitor.probed import Probed
from hub.monitor.snapshot import Letters, Row, Snapshot
from hub.monitor.standing import Standing, oldest, standings, worst
from hub.monitor.states import Severity, State
from schemas.topics import LANE_TOPICS, delivery_topic


class Office(NamedTuple):
    """One party: what waits for it, and how long it has sent nothing."""

    party: str
    name: str
    state: State
    """The worst of whoever reads for it; IDLE where nobody does."""
    readers: tuple[Standing, ...]
    """Every group that reads its topic; none: nobody does, or has ever done."""
    waiting: int
    """Records on its topic that the slowest of its readers has before it."""
    oldest_at: datetime | None
    waited: timedelta
    """How long the oldest has waited, in the working time of its office."""
    kept: int
    """Offsets on its topic that are kept, transaction markers among them."""
    last_at: datetime | None
    """When it last sent; None: its rhythm is not known."""
    silent: timedelta | None
    """Working time since then."""
    usual: timedelta | None
    is_strange: bool
    """Whether its silence is longer than its rhythm allows."""


class Lane(NamedTuple):
    """One partition number of the input topics."""

    number: int
    state: State
    waiting: int
    oldest_at: datetime | None
    topics: tuple[Standing, ...]
    """The same for each input topic."""


class Overview(NamedTuple):
    """All of it."""

    at: datetime
    """When the broker was last seen."""
    is_current: bool
    worst: Severity
    offices: tuple[Office, ...]
    lanes: tuple[Lane, ...]
    groups: tuple[Standing, ...]
    """Every group there is, over all it reads."""
    dead: tuple[tuple[str, Letters], ...]
    """By input topic, without the prefix."""
    incidents: tuple[Incident, ...]
    probed: tuple[Probed, ...]
    """The newest probe of each way."""


def overview(
    snapshot: Snapshot, parties: Parties, workers: str, prefix: str, now: datetime
) -> Overview:
    """The values of the page; `workers`: their group."""
    severities = {one.state.severity for one in snapshot.incidents}
    asked = next((s for s in (Severity.ALARM, Severity.WARNING) if s in severities), Severity.FINE)
    dead = {topic.removeprefix(prefix): letters for topic, letters in snapshot.dead.items()}
    return Overview(
        at=snapshot.at,
        is_current=snapshot.blind_since is None,
        worst=asked,
        offices=tuple(_office(snapshot, party, prefix, now) for party in parties.party),
        lanes=tuple(_lanes(snapshot.rows, workers, prefix)),
        groups=standings(snapshot.rows, lambda row: row.group),
        dead=tuple(sorted(dead.items())),
        incidents=snapshot.incidents,
        probed=snapshot.probed,
    )


def _office(snapshot: Snapshot, party: Party, prefix: str, now: datetime) -> Office:
    topic = prefix + delivery_topic(party.id).name
    rows = [row for row in snapshot.rows if row.place.topic == topic]
    silence = next((one for one in snapshot.silences if one.party == party.id), None)
    oldest_at = oldest(rows)
    waited = timedelta(0)
    if oldest_at is not None:
        waited = party.working_time.working_hours_between(oldest_at, max(now, oldest_at))
    return Office(
        party=party.id,
        name=party.name,
        state=worst(rows),
        readers=standings(rows, lambda row: row.group),
        waiting=max((row.lag for row in rows), default=0),
        oldest_at=oldest_at,
        waited=waited,
        kept=sum(end.high - end.start for at, end in snapshot.topics.items() if at.topic == topic),
        last_at=silence.last_at if silence else None,
        silent=silence.silent if silence else None,
        usual=silence.usual if silence else None,
        is_strange=bool(silence and silence.is_strange),
    )


def _lanes(rows: Sequence[Row], workers: str, prefix: str) -> Iterable[Lane]:
    inputs = {prefix + topic.name for topic in LANE_TOPICS}
    mine = [row for row in rows if row.group == workers and row.place.topic in inputs]
    for number in sorted({row.place.partition for row in mine}):
        its = [row for row in mine if row.place.partition == number]
        topics = standings(its, lambda row: row.place.topic.removeprefix(prefix))
        yield Lane(number, worst(its), sum(row.lag for row in its), oldest(its), topics)
