"""All that the recipients read, as it is compared: what each thing is, and how often it came."""

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Final, NamedTuple

from schemas.data import Data
from schemas.envelope import Event
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.ledger_recorded import LedgerRecorded
from schemas.events.receipt_delivered import ReceiptDelivered
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.referral_offer_suggested import ReferralOfferSuggested
from schemas.events.referral_requested import ReferralRequested
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.events.support_offer_capacity_lowered import SupportOfferCapacityLowered
from schemas.vocabulary import Verdict
from tests.chaos.lane_news import KINDS, LaneNews
from tests.year.judge import kinds
from tests.year.oracle.expected import Lowered, Reminder, Told
from tests.year.oracle.waits import ANSWER, CONTINUATION

AGAIN: Final = " again"
"""Marks the answer to what was said before."""
Key = tuple[str, str, str, str]
"""(recipient, source of the cause, id of the cause, what it is)."""
ReminderKey = tuple[str, str, str, str, str]
"""(recipient, case, rule, what is awaited, of whom); of what has expired nobody is named."""


class SaidInTime(NamedTuple):
    """When something was said because a time was over, and which time it named."""

    at: datetime
    promised: datetime | None
    event_id: str


@dataclass(slots=True)
class Heard:
    """What was read up to now."""

    seen: Counter[Key] = field(default_factory=Counter)
    reminders: defaultdict[ReminderKey, list[SaidInTime]] = field(
        default_factory=lambda: defaultdict(list)
    )
    showing: set[Key] = field(default_factory=set)
    """The copies that tell where a person lives."""
    order: defaultdict[tuple[str, str], list[tuple[str, str]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    """The causes of each recipient's copies of a case, as they came."""
    ledger: Counter[tuple[str, int, int]] = field(default_factory=Counter)
    """The lines of each record."""
    timed: Counter[str] = field(default_factory=Counter)
    """The ids of all that the ledger says was said because a time was over."""
    lines: int = 0
    """All lines of the ledger."""
    left: Counter[str] = field(default_factory=Counter)
    """What is not compared, by type."""
    strange: Counter[str] = field(default_factory=Counter)
    """What nobody has decided how to judge, by type."""

    news: LaneNews = field(default_factory=LaneNews)
    """What the lanes told each other of offers."""

    def note(self, event: Event[Data]) -> None:
        """Read one event."""
        data, kind = event.data, event.data.TYPE
        if isinstance(data, LedgerRecorded):
            self._note_line(data)
        elif kind not in kinds.KNOWN:
            self.strange[kind] += 1
        elif kind in kinds.LEFT_TO_OTHERS:
            self.left[kind] += 1
        elif kind in kinds.REMINDERS or event.context.rule in kinds.OF_TIME:
            said = SaidInTime(event.context.time, _promised(data), event.context.id)
            self.reminders[_reminder_key(event)].append(said)
        else:
            self._note_copy(event)

    def _note_line(self, line: LedgerRecorded) -> None:
        self.lines += 1
        if line.verdict is Verdict.NOTED:
            self.news.note_line(line)
        elif line.offset >= 0:
            self.ledger[line.topic, line.partition, line.offset] += 1
        else:
            said = (n for n in line.notices if _plain(n.event_type) not in kinds.LEFT_TO_OTHERS)
            self.timed.update(notice.event_id for notice in said)

    def _note_copy(self, event: Event[Data]) -> None:
        context, data = event.context, event.data
        to = context.recipient or ""
        cause = (context.sender or "", context.causationid or "")
        what = data.TYPE
        if data.TYPE in KINDS:
            self.news.note_said(event)
        if isinstance(data, ReferralOfferSuggested):
            what = suggestion(context.subject)
        if isinstance(data, SupportOfferCapacityLowered):
            cause, what = ("", context.subject), lowering(data.since)
        if isinstance(data, ReceiptRefused):
            what = refusal(*(problem.code for problem in data.problems))
        if isinstance(data, ReceiptDelivered | ReceiptRefused) and data.repeated:
            what += AGAIN
        key = (to, *cause, what)
        self.seen[key] += 1
        if data.TYPE in kinds.COPIES:
            self.order[to, context.subject].append(cause)
            if _shows_address(data):
                self.showing.add(key)


def refusal(*codes: str) -> str:
    """What the answer to a refused event is called here."""
    return "refused: " + ", ".join(sorted(codes))


def suggestion(case: str) -> str:
    """What it is called here that an offer is suggested to a case."""
    return f"referral.offer-suggested to {case}"


def lowering(since: datetime) -> str:
    """What it is called here that an offer is full; of several who say so at once one is named."""
    return f"support-offer.capacity-lowered at {since.astimezone(UTC).isoformat()}"


def keys_of(told: Told) -> list[Key]:
    """All that must be read because of one saying."""
    context, again = told.saying.event.context, told.saying.again
    cause = (context.source, context.id)
    answer = "receipt.delivered" if told.refused is None else refusal(told.refused)
    keys = [(context.party, *cause, answer + AGAIN * again)]
    keys += [(copy.to, *cause, copy.kind) for copy in told.copies]
    keys += [(one.to, *cause, suggestion(one.case)) for one in told.follows.suggested]
    if told.follows.handover_to is not None:
        keys.append((told.follows.handover_to, *cause, "handover.opened"))
    return keys


def key_of_lowered(lowered: Lowered) -> Key:
    """What must be read where an offer is full."""
    return lowered.to, "", lowered.offer, lowering(lowered.at)


def key_of(reminder: Reminder) -> ReminderKey:
    """What it is that must be read."""
    of = "" if reminder.rule in kinds.OF_TIME else reminder.of
    return reminder.to, reminder.subject, reminder.rule, reminder.awaits, of


def _reminder_key(event: Event[Data]) -> ReminderKey:
    context, data = event.context, event.data
    awaits, of = ANSWER, ""
    if isinstance(data, ReminderDue | ReminderOverdue):
        awaits, of = data.awaits.value, data.owner
    elif isinstance(data, HandoverOverdue):
        awaits, of = CONTINUATION, data.old_carrier
    return context.recipient or "", context.subject, context.rule or "", awaits, of


def _promised(data: Data) -> datetime | None:
    if isinstance(data, ReminderDue | ReminderOverdue | HandoverOverdue):
        return data.due_at
    return None


def _shows_address(data: Data) -> bool:
    if isinstance(data, ReferralRequested):
        return data.client.address is not None
    if isinstance(data, AddressChangeReported):
        return data.old_address is not None or data.new_address is not None
    return False


def _plain(wire_type: str) -> str:
    return wire_type.rpartition(".v")[0]
