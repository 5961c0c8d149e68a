"""The dead letters' desk: why each died, what may be shown, and in which order it may go again."""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from hub.domain.decision import Limits
from hub.letters import expiring, journal, masking, replay
from hub.letters.journal import Act
from hub.letters.letter import Letter, letter
from hub.letters.replay import Fate, of_cause, plan
from hub.letters.sending import Outcome, Result, Sending
from hub.letters.shelf import Status, causes, shelf
from hub.party_file import load_parties
from schemas.codec import Record, encode
from schemas.topics import REFERRALS
from tests.support.answers import Hub
from tests.support.builders import NOW, a_referral, received
from tests.support.patience import PATIENT

LATE = timedelta(days=31)


def died(record: Record, offset: int = 0) -> Letter:
    """The letter of a record that the hub refuses."""
    lying = received(record, 4711, partition=3, topic=REFERRALS)
    (dead,) = Hub().takes_in(lying).dead
    stamp = round(NOW.timestamp() * 1000) + 1000 * offset
    return letter("referrals.dead", 3, offset, stamp, dead.record)


def late(case: str = "case-1", offset: int = 0, **changes: object) -> Letter:
    """A referral that came too late."""
    return died(encode(a_referral(at=NOW - LATE, on=case, **changes)), offset)


def test_what_nobody_decides_on_is_warned_about_before_it_is_gone() -> None:
    """From two weeks before Kafka deletes it an open letter is named, the next to go first."""
    letters = [late(f"case-{number}", number) for number in range(3)]
    one, other, aside = letters
    at = other.at + expiring.KEPT - expiring.WARNED
    said = [journal.entry(Act.DISCARDED, aside.id, NOW, "o.beispiel@here", "sent anew")]
    kept = shelf(letters, said)

    def going(now: datetime) -> list[str]:
        return [found.letter.id for found in expiring.expiring(kept, now)]

    assert going(one.at) == []
    assert going(at - timedelta(seconds=2)) == []
    assert going(at - timedelta(seconds=1)) == [one.id]
    assert going(at) == going(at + timedelta(days=9)) == [one.id, other.id]
    found = expiring.expiring(kept, at)
    assert expiring.says(found).startswith("2 undecided letters will be deleted, the first on 20")


def test_the_oldest_that_nobody_has_decided_on() -> None:
    """Of each topic the oldest open letter counts; one put aside does not."""
    first, second = late("case-1", 0), late("case-2", 60)
    elsewhere = second._replace(id="mailboxes.dead/0/1")
    said = [journal.entry(Act.DISCARDED, first.id, NOW, "o.beispiel@here", "sent anew")]

    assert expiring.oldest_open(shelf([first, second, elsewhere], [])) == {
        "referrals.dead": first.at,
        "mailboxes.dead": second.at,
    }
    assert expiring.oldest_open(shelf([first, second], said)) == {"referrals.dead": second.at}


def taken(_letter: Letter) -> tuple[str, ...]:
    """A check that lets everything through."""
    return ()


def test_a_letter_gives_back_the_record_untouched() -> None:
    """Key, value and headers are those that were sent; the causes are beside."""
    record = encode(a_referral(at=NOW - LATE))
    one = died(record)

    assert one.record == record
    assert (one.id, one.topic, one.partition, one.offset) == (
        "referrals.dead/3/0",
        "referrals",
        3,
        4711,
    )
    assert one.codes == ("too-late",)
    assert (one.case, one.sender) == (a_referral().context.subject, "06432005")


def test_what_is_not_well_formed_is_not_shown() -> None:
    """A name where an id should stand is not told by the desk, not even as the case."""
    headers = [
        ("ce_id", b"Erika Muster"),
        ("ce_subject", "Müller, Max".encode()),
        ("ce_type", b"x!"),
    ]
    one = died(Record("Müller, Max".encode(), b"{}", headers))

    assert one.attributes == {}
    assert one.case.startswith("key-")
    assert "ller" not in one.case
    assert died(Record(None, b"\xff", [])).case == "referrals.dead/3/0"


def test_content_is_covered() -> None:
    """Of the data the fields' names and the texts' lengths are shown, of anything else its size."""
    record = encode(a_referral())
    shown = json.dumps(masking.masked(record), ensure_ascii=False)
    said = json.loads(record.value or b"")

    assert masking.masked(record).keys() == said.keys()
    assert not any(text in shown for text in _texts(said) if len(text) > 3)
    assert masking.masked(Record(None, b"\xff\xfe", [])) == "••• (2 bytes)"
    assert masking.masked(Record(None, b'{"Max M\xc3\xbcller": "x"}', [])) == {
        "••• (10)": "••• (1)"
    }
    assert masking.revealed(record) == said
    assert masking.revealed(Record(None, b"ab\xff", [])) == "ab\\xff"


def test_a_structured_event_shows_its_data_only() -> None:
    """The envelope's attributes are shown apart."""
    value = json.dumps({"id": "e-1", "data": {"note": "secret"}}).encode()
    record = Record(b"k", value, [("content-type", b"application/cloudevents+json")])

    assert masking.masked(record) == {"note": "••• (6)"}


def test_letters_are_grouped_by_what_they_died_of() -> None:
    """Cause, type and sender make a group; those with the most open letters come first."""
    letters = [late(f"case-{n}", n) for n in range(3)] + [died(Record(b"k", b"{}", []), 9)]
    done = journal.entry(Act.DISCARDED, letters[0].id, NOW, "me@here", "sent anew")
    first, second = causes(shelf(letters, [done]))

    assert (first.codes, first.sender, first.open, first.discarded) == (
        ("too-late",),
        "06432005",
        2,
        1,
    )
    assert (second.sender, second.open) == ("", 1)


def test_the_journal_tells_what_has_become_of_a_letter() -> None:
    """Replayed and discarded are over; refused again and revealed are not."""
    letters = [late("case-1", n) for n in range(4)]
    acts = [Act.REPLAYED, Act.DISCARDED, Act.REFUSED, Act.REVEALED]
    written = [
        journal.write(journal.entry(act, one.id, NOW, "me@here", "because"))
        for act, one in zip(acts, letters, strict=True)
    ]
    entries = [entry for record in written if (entry := journal.read(record))]
    kept = shelf(letters, entries)

    assert [one.status for one in kept] == [
        Status.REPLAYED, Status.DISCARDED, Status.OPEN, Status.OPEN,
    ]  # fmt: skip
    assert [one.tries for one in kept] == [0, 0, 1, 0]
    assert journal.read(Record(None, b"{}", [])) is None


@pytest.mark.parametrize("reason", ["", "  ", "x" * 301])
def test_a_reason_is_needed(reason: str) -> None:
    """Nothing is revealed or done without one."""
    assert not journal.is_reason(reason)
    if reason.strip() != reason or len(reason) != 2:
        with pytest.raises(ValidationError):
            journal.entry(Act.REVEALED, "a/0/0", NOW, "me@here", reason.strip())


def test_the_order_of_a_case_is_kept() -> None:
    """A later letter waits for one that is not chosen, and for one that is still refused."""
    letters = [
        late("case-1", 0),
        late("case-1", 1),
        late("case-2", 2),
        late("case-2", 3),
        late("case-3", 4),
    ]
    kept = shelf(letters, [])
    chosen = {letters[1].id, letters[2].id, letters[3].id, letters[4].id}
    refused = {letters[2].id: ("too-late",)}
    steps = plan(kept, chosen, lambda one: refused.get(one.id, ()))

    assert [(step.letter.id[-1], step.fate, step.because) for step in steps] == [
        ("1", Fate.WAITS, letters[0].id),
        ("2", Fate.REFUSED, "too-late"),
        ("3", Fate.WAITS, letters[2].id),
        ("4", Fate.SEND, ""),
    ]


def test_what_is_over_holds_nobody_up() -> None:
    """A letter replayed or discarded is not sent again, and later ones may go."""
    letters = [late("case-1", n) for n in range(3)]
    done = journal.entry(Act.DISCARDED, letters[0].id, NOW, "me@here", "sent anew")
    steps = plan(shelf(letters, [done]), {one.id for one in letters}, taken)

    assert [step.letter.id for step in steps] == [letters[1].id, letters[2].id]
    assert {step.fate for step in steps} == {Fate.SEND}


def test_today_s_contract_is_asked_first() -> None:
    """Too late stays too late; what was sent in time may go; what was left out never."""

    def judged(one: Letter) -> tuple[str, ...]:
        return replay.today(one, NOW, load_parties(), Limits())

    fresh = letter("referrals.dead", 0, 0, 0, encode(a_referral(at=NOW)))
    assert judged(late()) == ("too-late",)
    assert judged(fresh) == ()
    assert judged(fresh._replace(topic="nowhere")) == (replay.NOT_FROM_OUTSIDE,)
    assert judged(fresh._replace(left_out="4 MB")) == (replay.LEFT_OUT,)
    assert "value-unreadable" not in judged(died(Record(b"k", b"\xff", [])))


def test_letters_are_chosen_by_cause_type_and_sender() -> None:
    """Each that is given must fit."""
    kept = shelf([late("case-1", 0), died(Record(b"k", b"{}", []), 1)], [])

    assert of_cause(kept, ["too-late"], "", "") == {"referrals.dead/3/0"}
    assert of_cause(kept, [], "referral.requested", "06432005") == {"referrals.dead/3/0"}
    assert of_cause(kept, [], "", "kfb") == set()
    assert len(of_cause(kept, [], "", "")) == 2


@given(
    cases=st.lists(st.integers(0, 4), min_size=1, max_size=20),
    bad=st.integers(0, 19),
    order=st.randoms(use_true_random=False),
)
@PATIENT
def test_whatever_order_the_hub_judges_in_no_case_overtakes(
    cases: list[int],
    bad: int,
    order: Any,  # noqa: ANN401 - hypothesis' Random
) -> None:
    """Of a case one is on its way at a time; after a refusal none of it follows; all are told."""
    letters = [_letter(number, f"case-{case}") for number, case in enumerate(cases)]
    sending, flying, sent = Sending(letters), list[Letter](), list[Letter]()
    results: list[Result] = []
    while True:
        while (following := sending.next()) is not None:
            assert following.case not in {one.case for one in flying}
            flying.append(following)
            sent.append(following)
        if not flying:
            break
        judged = flying.pop(order.randrange(len(flying)))
        act = Act.REFUSED if judged.id == f"d/0/{bad}" else Act.REPLAYED
        results += sending.judged(judged, Outcome(act, "said"))

    for case in {one.case for one in letters}:
        mine = [one for one in letters if one.case == case]
        assert [one for one in sent if one.case == case] == mine[: _upto(mine, bad)]
    assert len(results) == len(letters)
    assert {one.letter.id for one in results if one.outcome is None} == {
        one.id for one in letters if one not in sent
    }
    assert sending.rest() == []


def _letter(number: int, case: str) -> Letter:
    blank = Record(None, b"", [])
    return Letter(f"d/0/{number}", NOW, "d", 0, number, (), blank, {"subject": case}, "")


def _upto(mine: Sequence[Letter], bad: int) -> int:
    """How many of a case are sent: up to and with the bad one."""
    return next((n + 1 for n, one in enumerate(mine) if one.id == f"d/0/{bad}"), len(mine))


def _texts(value: object) -> list[str]:
    if isinstance(value, dict):
        return [text for inner in value.values() for text in _texts(inner)]
    if isinstance(value, list):
        return [text for inner in value for text in _texts(inner)]
    return [value] if isinstance(value, str) else []
