"""Years later a file and the registry of keys show who signed and sealed what, and when."""

import json
from collections.abc import Mapping
from datetime import timedelta

import pytest
from pydantic_core import to_json

from connectors.backoffice.mapping import rows_of as table_rows
from connectors.base import Delivered
from connectors.mailbox.mapping import rows_of as mailbox_rows
from connectors.webhook.mapping import structured
from hub.domain.decision import Kept, Limits, Received
from hub.processors import ALL
from hub.signing.issuing import revoke
from hub.signing.keys import Keys
from hub.signing.verifying import Finding, Found, Unfit, items, verify
from hub.signing.wording import LANGUAGES, sentence
from hub.streaming.rules import Rules
from schemas.codec import Record, decode, taken_apart
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import DELIVERY_PREFIX, REFERRALS, TOPIC_OF
from tests.support.answers import WITH_NEIGHBOURS as PARTIES
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, a_move, a_referral
from tests.support.signing import Desk, a_desk

AT_MS = int(NOW.timestamp() * 1000)


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    """Keys for the parties of these tests."""
    return a_desk(tmp_path_factory.mktemp("keys"))


def sent(desk: Desk, event: Event[Data]) -> dict[str, Record]:
    """What the hub sends because of a signed event: to each party its first record."""
    rules = Rules(ALL, PARTIES, Limits(), "", desk.notary(PARTIES))
    topic = TOPIC_OF[event.data.TYPE].name
    decision = rules.decide(Received(topic, 0, 0, AT_MS, desk.signed(event)), Kept())
    return {
        out.topic.removeprefix(DELIVERY_PREFIX): out.record
        for out in decision.outputs
        if out.topic.startswith(DELIVERY_PREFIX)
    }


def delivered(party: str, record: Record) -> Delivered:
    """A record as a sink is given it."""
    return Delivered(party, DELIVERY_PREFIX + party, 0, 0, AT_MS, record)


def found(content: bytes, keys: Keys) -> dict[str, Finding]:
    """What is proven of the only event in a file."""
    (item,) = items(content)
    return {one.what: one for one in verify(item, keys)}


def files(desk: Desk) -> Mapping[str, bytes]:
    """One delivery, as each way of taking it hands it over."""
    event = a_referral(time="2026-03-02T10:15:00.120+01:00", correlationid="folge-1")
    record = sent(desk, event)[KFB]
    row = table_rows([delivered(KFB, record)], NOW).inbox[0]
    body = structured(decode(record))
    return {
        "call": body,
        "mailbox": mailbox_rows([delivered(KFB, record)], NOW).items[0]["body"],
        "row": json.dumps({"proof": row["proof"], "data": row["data"]}).encode(),
        "indented": json.dumps(json.loads(body), indent=2, ensure_ascii=False).encode(),
        "sorted": json.dumps(json.loads(body), sort_keys=True).encode(),
    }


@pytest.mark.parametrize("way", ["call", "mailbox", "row", "indented", "sorted"])
def test_a_delivery_is_proven_however_it_was_taken(desk: Desk, way: str) -> None:
    """Sender and hub are shown from what a recipient keeps, also if it was written anew."""
    proven = found(files(desk)[way], desk.keys())
    assert {what: one.found for what, one in proven.items()} == {
        "signature": Found.HOLDS,
        "seal": Found.HOLDS,
    }
    assert proven["signature"].party == EPPERTSHAUSEN
    assert proven["signature"].at == proven["seal"].at == NOW
    assert proven["signature"].said["time"] == "2026-03-02T10:15:00.120000+01:00"


def test_a_receipt_proves_what_the_hub_took(desk: Desk) -> None:
    """The sender's receipt carries its own signature, and the hub's seal on both."""
    event = a_referral()
    proven = found(structured(decode(sent(desk, event)[EPPERTSHAUSEN])), desk.keys())
    assert all(one.found is Found.HOLDS for one in proven.values())
    assert proven["signature"].said["id"] == event.context.id


@pytest.mark.parametrize(
    ("member", "text"),
    [
        ("purpose", "benefits"),
        ("recipient", DIEBURG),
        ("rule", "another"),
        ("time", "2026-03-02T10:15:01+01:00"),
        ("recordedtime", "2026-03-02T09:15:01Z"),
        ("id", "another"),
    ],
)
def test_a_changed_attribute_breaks_the_seal(desk: Desk, member: str, text: str) -> None:
    """Whatever is changed in what was delivered: the seal is of something else."""
    body = {**json.loads(files(desk)["call"]), member: text}
    assert found(to_json(body), desk.keys())["seal"].found is Found.FORGED


def test_changed_data_break_the_seal(desk: Desk) -> None:
    """A single letter is enough; the sender's words are then known to be others."""
    body = files(desk)["call"].replace(b"Beispiel", b"Beispiele")
    proven = found(body, desk.keys())
    assert proven["seal"].found is Found.FORGED
    assert proven["signature"].found is Found.COPY


def test_a_copy_with_less_is_told_from_the_whole(desk: Desk) -> None:
    """Where the hub left something out, sender and copy are proven, each for itself."""
    copies = {
        party: decode(record)
        for party, record in sent(desk, a_move(disclosure_blocked=True)).items()
    }
    proven = {party: found(structured(copy), desk.keys()) for party, copy in copies.items()}
    assert all(one["seal"].found is Found.HOLDS for one in proven.values())
    assert {one["signature"].found for one in proven.values()} == {Found.HOLDS, Found.COPY}


def test_another_signature_on_a_copy_is_noticed(desk: Desk) -> None:
    """A sound signature of another event does not make this one its sender's."""
    other = decode(sent(desk, a_referral())[KFB]).context.signature
    body = {**json.loads(files(desk)["call"]), "signature": other}
    proven = found(to_json(body), desk.keys())
    assert proven["signature"].found is Found.FORGED
    assert proven["seal"].found is Found.FORGED


def test_what_was_taken_away_is_missed(desk: Desk) -> None:
    """Without signature or seal nothing is proven, and it is said what is missing."""
    body = json.loads(files(desk)["call"])
    del body["signature"], body["seal"]
    proven = found(to_json(body), desk.keys())
    assert [one.found for one in proven.values()] == [Found.MISSING, Found.MISSING]


def test_keys_that_have_ended_since_still_prove(desk: Desk) -> None:
    """What counts is whether the key was valid and not revoked then."""
    content, keys = files(desk)["call"], desk.keys()
    later = Keys(key.model_copy(update={"revoked_at": NOW + timedelta(days=900)}) for key in keys)
    assert all(one.found is Found.HOLDS for one in found(content, later).values())
    revoked = Keys(key.model_copy(update={"revoked_at": NOW}) for key in keys)
    assert all(one.found is Found.KEY_REVOKED for one in found(content, revoked).values())
    past = NOW - timedelta(hours=1)
    ended = Keys(key.model_copy(update={"valid_until": past}) for key in keys)
    assert all(one.found is Found.KEY_NOT_VALID for one in found(content, ended).values())
    assert all(one.found is Found.KEY_UNKNOWN for one in found(content, Keys()).values())


def test_an_event_is_proven_before_it_is_sent(desk: Desk) -> None:
    """A sender can look at its own signed event, and a changed one is not its own."""
    record = desk.signed(a_referral())
    attributes, value = taken_apart(record)
    content = to_json({**attributes, "data": json.loads(value)})
    assert found(content, desk.keys())["signature"].found is Found.HOLDS
    forged = to_json({**attributes, "purpose": "benefits", "data": json.loads(value)})
    assert found(forged, desk.keys())["signature"].found is Found.FORGED


def test_erased_data_leave_the_rest_proven(desk: Desk) -> None:
    """Without its content a row still shows who signed what when; that is said."""
    row = json.loads(files(desk)["row"])
    proven = found(to_json({**row, "data": None}), desk.keys())
    assert proven["seal"].found is Found.ERASED
    assert proven["signature"].found is Found.COPY


def test_several_events_in_a_file_are_each_looked_at(desk: Desk) -> None:
    """A list, or one a line."""
    body = files(desk)["call"]
    assert len(items(b"[" + body + b"," + body + b"]")) == 2
    assert len(items(body + b"\n\n" + body + b"\n")) == 2


@pytest.mark.parametrize("content", [b"", b"\xff", b"[]", b"{}", b"3", b'{"type":3}', b"{}\n{"])
def test_what_is_no_event_is_said_to_be_none(content: bytes) -> None:
    """A wrong file is told from a forged one."""
    with pytest.raises(Unfit):
        items(content)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("what", ["signature", "seal"])
def test_everything_found_can_be_said(language: str, what: str) -> None:
    """Each finding has its sentence in both languages."""
    for one in Found:
        if (what == "signature" and one is Found.ERASED) or (what == "seal" and one is Found.COPY):
            continue
        party = EPPERTSHAUSEN if what == "signature" else "hub"
        said = sentence(Finding(one, what, party, "k", NOW), language, {EPPERTSHAUSEN: "Epp"})
        assert said.endswith(".")
        assert "{" not in said


def test_a_revoked_key_is_revoked_in_the_file_as_well(desk: Desk) -> None:
    """The command's registry is the one that is written by `hub signing revoke`."""
    key = desk.issue(DIEBURG)
    revoke(desk.registry, key.kid, NOW)
    assert desk.keys().by_kid[key.kid].is_revoked(NOW.timestamp())
    assert REFERRALS.name == "referrals"
