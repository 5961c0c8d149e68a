"""What every door promises, whatever the outside system speaks; a door's subject says how."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Final, Protocol

import pytest
from structlog.testing import capture_logs

from connectors.base import Publish
from connectors.errors import Later
from schemas.data import Data
from schemas.envelope import Event
from tests.support.builders import EPPERTSHAUSEN, a_referral, a_step
from tests.support.wire_forms import structured

PARTY: Final = EPPERTSHAUSEN
MARK: Final = "Zwiebelturm"
"""Stands in every personal field, and nowhere else."""
CASES: Final = 5
Said = dict[str, Any]
"""An event as a JSON object, as its sender means it."""


class Subject(Protocol):
    """A kind of door, and the outside system before it."""

    def hand_in(self, said: Sequence[Said]) -> None:
        """Let the outside system say these, in this order."""

    def carry(self, publish: Publish) -> None:
        """Run a new door until the outside system has an answer to everything.

        What `publish` raises besides Later ends the door, or is the answer "try again".
        """

    def refused(self) -> Mapping[int, set[str]]:
        """The problem codes of what was refused, by its place in what was handed in."""

    def told(self) -> str:
        """Everything that was said of refusals, as text."""


class Crash(Exception):
    """The process ends here."""


class Kafka:
    """Takes events as a broker does, or fails as one does: after a beginning."""

    def __init__(self, *fails: tuple[int, Exception]) -> None:
        """The next calls fail, each after so many of its events; afterwards all goes well."""
        self.events: list[Event[Data]] = []
        self._fails = list(fails)

    def __call__(self, events: Sequence[Event[Data]]) -> None:
        """Take them, or a beginning of them."""
        if self._fails:
            taken, error = self._fails.pop(0)
            self.events += events[:taken]
            raise error
        self.events += events

    @property
    def first_copies(self) -> list[Event[Data]]:
        """What a lane goes by: each source and id once."""
        seen: dict[tuple[str, str], Event[Data]] = {}
        for event in self.events:
            seen.setdefault((event.context.source, event.context.id), event)
        return list(seen.values())


def story(length: int) -> list[Event[Data]]:
    """So many events of a few cases, in turn."""
    return [
        a_referral(id=name(n), on=f"case-{n % CASES}")
        if n < CASES
        else a_step("on-hold", by=PARTY, reason="at_capacity", id=name(n), on=f"case-{n % CASES}")
        for n in range(length)
    ]


def name(number: int) -> str:
    """An id that every system can write: a UUID."""
    return f"00000000-0000-4000-8000-{number:012d}"


def wrong(number: int, **changes: object) -> Said:
    """A referral that is changed so; None takes a member out, `data` is merged."""
    said = structured(a_referral(id=name(number), on="case-0"))
    data = changes.pop("data", {})
    assert isinstance(data, dict)
    said |= changes
    said["data"] |= data
    said["data"] = {field: value for field, value in said["data"].items() if value is not None}
    return {member: value for member, value in said.items() if value is not None}


FAULTS: Final[tuple[tuple[Said, str], ...]] = (
    (wrong(1000, purpose=None), "purpose-missing"),
    (wrong(1001, legalbasis=None), "legal-basis-missing"),
    (wrong(1002, dataclassification="secret"), "classification-unknown"),
    (wrong(1003, source="//kurze-wege/06432004/fachverfahren"), "source-mismatch"),
    (wrong(1004, type="referral.forgotten.v1"), "event-type-unknown"),
    (wrong(1005, data={"service": None}), "field-missing"),
    (wrong(1006, data={"service": MARK}), "field-invalid"),
    (wrong(1007, data={"religion": MARK}), "field-unknown"),
    (wrong(1008, data={"service": "debt_counselling", "note": MARK}), "free-text-not-allowed"),
    (wrong(1009, subject=f"{MARK} {MARK}"), "attribute-invalid"),
    (wrong(1010, data={"note": MARK * 20_000}), "event-too-large"),
)


class DoorSuite:
    """Subclass it as `Test<Kind>` with a fixture `subject`."""

    def test_everything_arrives(self, subject: Subject) -> None:
        """Every event comes to Kafka once, unchanged, each case in its order."""
        events, kafka = story(40), Kafka()
        subject.hand_in([structured(event) for event in events])
        subject.carry(kafka)
        assert _by_case(kafka.events) == _by_case(events)
        assert not subject.refused()

    def test_the_broker_is_away(self, subject: Subject) -> None:
        """With Kafka away again and again all arrives, in order, a repeat under its old id."""
        events, later = story(40), Later(0.01, "away")
        kafka = Kafka((0, later), (3, later), (1, later), (0, later))
        subject.hand_in([structured(event) for event in events])
        subject.carry(kafka)
        assert _by_case(kafka.first_copies) == _by_case(events)

    def test_the_process_ends_in_the_middle(self, subject: Subject) -> None:
        """A process that ends after any event loses none, and its successor keeps the order."""
        events = story(40)
        kafka = Kafka((0, Crash()), (1, Crash()), (4, Crash()))
        subject.hand_in([structured(event) for event in events])
        for _ in range(4):
            try:
                subject.carry(kafka)
            except Crash:
                continue
        assert _by_case(kafka.first_copies) == _by_case(events)

    def test_what_was_answered_is_over(self, subject: Subject) -> None:
        """A door opened later hands in nothing of what was settled before."""
        subject.hand_in([structured(event) for event in story(9)])
        subject.carry(Kafka())
        again = Kafka()
        subject.carry(again)
        assert not again.events

    def test_the_refused_stop_nobody(self, subject: Subject) -> None:
        """Each fault is refused with its code; all around it arrives, also of the same case."""
        events, said = story(3 * len(FAULTS)), []
        for number, (fault, _) in enumerate(FAULTS):
            said += [structured(event) for event in events[3 * number : 3 * number + 3]]
            said.append(fault)
        kafka = Kafka()
        subject.hand_in(said)
        subject.carry(kafka)
        assert _by_case(kafka.events) == _by_case(events)
        refused = subject.refused()
        expected = {4 * number + 3: code for number, (_, code) in enumerate(FAULTS)}
        assert refused.keys() == expected.keys()
        assert {place: code in refused[place] for place, code in expected.items()} == dict.fromkeys(
            expected, True
        )

    @pytest.mark.parametrize("kind", ["receipt.seen.v1", "reminder.overdue.v1"])
    def test_only_the_hub_says_it(self, subject: Subject, kind: str) -> None:
        """What only the hub says is refused at the door, whoever signs it."""
        data = {
            "receipt.seen.v1": {"event_id": "e-1", "seen_by": PARTY, "seen_at": _AT},
            "reminder.overdue.v1": {"owner": PARTY, "due_at": _AT},
        }[kind]
        kafka = Kafka()
        subject.hand_in([wrong(1) | {"type": kind, "data": data}])
        subject.carry(kafka)
        assert not kafka.events
        assert subject.refused().keys() == {0}

    def test_nothing_personal_is_said(self, subject: Subject) -> None:
        """No log line and no refusal quotes a person, whether good, refused or tried again."""
        person = {
            "family_name": MARK,
            "given_names": MARK,
            "client_id": MARK,
            "email": f"{MARK}@x.de",
        }
        good = structured(a_referral(id=name(0), client=person, note=MARK))
        bad = [wrong(n, data=structured(a_referral(client=person))["data"]) for n in (1, 2)]
        bad[0]["data"]["client"]["birth_date"] = f"{MARK} 1980"
        bad[1]["data"]["client"][MARK] = MARK
        faults = [fault for fault, _ in FAULTS]
        kafka = Kafka((1, Later(0.01, "away")), (0, Crash()))
        with capture_logs() as logs:
            subject.hand_in([good, *bad, *faults])
            for _ in range(2):
                try:
                    subject.carry(kafka)
                except Crash:
                    continue
        assert [event.context.id for event in kafka.first_copies] == [name(0)]
        assert len(subject.refused()) == len(bad) + len(faults)
        assert MARK not in str(logs)
        assert MARK not in subject.told()


_AT: Final = "2026-03-02T09:00:00Z"


def _by_case(events: Sequence[Event[Data]]) -> dict[str, list[Event[Data]]]:
    found: dict[str, list[Event[Data]]] = defaultdict(list)
    for event in events:
        found[event.context.subject].append(event)
    return dict(found)
