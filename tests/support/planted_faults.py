"""The faults of real files, about 3 %: each planted once, with the code it must be refused for."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum
from typing import Any

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.disclosure_block_set import DisclosureBlockSet
from schemas.events.referral_status_changed import ReferralStatusChanged
from schemas.problems import ProblemCode
from schemas.vocabulary import ReferralStatus
from tests.support.channels import Channel, channel_of
from tests.support.day_plan import Planned
from tests.support.desk import Desk
from tests.support.district import BY_AGS, KFB
from tests.support.move_stories import BLOCKING, move_within
from tests.support.referral_stories import OWN_TASK, to_jobcenter, to_town

NO_SUCH_AGS = "06432099"
Wire = dict[str, Any]
Spoil = Callable[[Wire], Wire | str]
"""What goes wrong between the system and its file: on the JSON object or the table's row."""


class Kept(StrEnum):
    """Where a fault is found."""

    DOOR = "door"
    HUB = "hub"


def _as_it_is(wire: Wire) -> Wire:
    return wire


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with an event, and who must say so."""

    kind: str
    at: Kept
    code: ProblemCode | None
    """None: an event sent twice is no fault of the event; its receipt is repeated."""
    party: str
    """In whose folder or with whose token it is handed in."""
    channel: Channel
    round: int
    event: Event[Data]
    spoil: Spoil = _as_it_is


def plant(desk: Desk, planned: Sequence[Planned]) -> Iterator[Fault]:
    """All faults of a day."""
    yield from at_the_doors(desk)
    yield from in_the_hub(desk)
    yield from sent_again(desk, planned)


def at_the_doors(desk: Desk) -> Iterator[Fault]:
    """What is not an event of the contract, or not of this party."""
    jsonl, csv, http = Channel.JSONL, Channel.CSV, Channel.HTTP
    code = ProblemCode
    for kind, found, ags, channel, spoil in (
        ("missing legal basis", code.LEGAL_BASIS_MISSING, "06432002", jsonl, _without_legal_basis),
        ("missing legal basis", code.LEGAL_BASIS_MISSING, "06432013", csv, _without_legal_basis),
        ("malformed line", code.VALUE_UNREADABLE, "06432019", jsonl, _cut_off),
        ("malformed date", code.FIELD_INVALID, "06432017", csv, _no_such_day),
        ("wrong party", code.SOURCE_MISMATCH, "06432011", jsonl, _other_party),
        ("wrong party", code.SOURCE_MISMATCH, "06432008", http, _other_party),
    ):
        event = _event(desk, ags)
        yield Fault(kind, Kept.DOOR, found, ags, channel, desk.chance.randrange(4), event, spoil)
    event = next(to_town(desk, "06432020", BY_AGS["06432010"]))
    found = code.FREE_TEXT_NOT_ALLOWED
    talking = _talking(desk.people.remark("Wirkte sehr bedrückt."))
    yield Fault("free text", Kept.DOOR, found, "06432020", jsonl, 1, event, talking)


def in_the_hub(desk: Desk) -> Iterator[Fault]:
    """What is an event, but may not or cannot go anywhere."""
    code = ProblemCode
    lost = _event(desk, "06432004")
    client = lost.data.client.model_copy(update={"ags": NO_SUCH_AGS})
    lost = replace(lost, data=lost.data.model_copy(update={"client": client}))
    yield _fault("unknown AGS", code.AREA_UNKNOWN, lost)
    astray = next(move_within(desk, BY_AGS["06432022"]))
    astray = replace(astray, data=astray.data.model_copy(update={"new_ags": NO_SUCH_AGS}))
    yield _fault("unknown AGS", code.AREA_UNKNOWN, astray, Channel.XML)
    old = _event(desk, "06432016")
    long_ago = old.context.model_copy(update={"time": old.context.time - timedelta(days=40)})
    yield _fault("too late", code.TOO_LATE, replace(old, context=long_ago))
    nobody = _event(desk, "06432014")
    named = nobody.context.model_copy(update={"recipient": "06432024"})
    yield _fault("unknown recipient", code.RECIPIENT_UNKNOWN, replace(nobody, context=named))
    block = DisclosureBlockSet(client_id=desk.people.person().client_id, valid_from=desk.now.date())
    forbidden = desk.say(KFB, desk.subject("U"), block, BLOCKING)
    yield _fault("wrong party", code.SENDER_NOT_PERMITTED, forbidden, Channel.HTTP)
    accepted = ReferralStatusChanged(status=ReferralStatus.ACCEPTED)
    unheard = desk.say("06432015", desk.subject("R"), accepted, OWN_TASK)
    yield _fault("unknown case", code.CASE_UNKNOWN, unheard)


def sent_again(desk: Desk, planned: Sequence[Planned]) -> Iterator[Fault]:
    """The same event once more, and another one under the same id."""
    requests = [
        one.event
        for one in planned
        if one.round == 0 and one.event.context.type == "referral.requested.v1"
    ]
    for channel, number in ((Channel.HTTP, 3), (Channel.CSV, 2)):
        again = next(event for event in requests if channel_of(event) is channel)
        yield Fault("sent twice", Kept.HUB, None, again.context.party, channel, number, again)
    first = next(event for event in requests if channel_of(event) is Channel.JSONL)
    other = _event(desk, first.context.party)
    same = {"id": first.context.id, "subject": first.context.subject}
    mixed_up = replace(other, context=other.context.model_copy(update=same))
    yield replace(_fault("id reused", ProblemCode.ID_REUSED, mixed_up), round=2)


def _event(desk: Desk, ags: str) -> Event[Any]:
    return next(to_jobcenter(desk, BY_AGS[ags]))


def _fault(
    kind: str,
    code: ProblemCode,
    event: Event[Data],
    channel: Channel = Channel.JSONL,
) -> Fault:
    return Fault(kind, Kept.HUB, code, event.context.party, channel, 1, event)


def _without_legal_basis(wire: Wire) -> Wire:
    return {
        name: "" if name == "Rechtsgrundlage" else value
        for name, value in wire.items()
        if name != "legalbasis"
    }


def _cut_off(wire: Wire) -> str:
    text = str(wire)
    return text[: len(text) * 2 // 3]


def _no_such_day(wire: Wire) -> Wire:
    return wire | {"Geburtsdatum": "31.02.1980"}


def _other_party(wire: Wire) -> Wire:
    return wire | {"source": "//kurze-wege/06432021/fachverfahren"}


def _talking(remark: str) -> Spoil:
    return lambda wire: wire | {"data": wire["data"] | {"note": remark}}
