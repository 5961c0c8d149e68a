"""A person is told what is held of them, from whom, for what, and who was sent it."""

from hub.domain.decision import Kept, Limits
from hub.law.access import Access, access, markdown, plain
from hub.law.retention import plan
from hub.party_file import load_parties
from hub.processors import route_referral
from hub.settings import Settings
from hub.vault.past import past_of
from schemas.codec import decode
from schemas.topics import LEDGER
from tests.support.builders import EPPERTSHAUSEN, KFB, NOW, a_referral, received

PARTIES = load_parties()
EVENT = a_referral(on="case-0001", note="Kommt | mit *dem* Bus")


def _told(*, is_erased: bool = False) -> Access:
    decision = route_referral.handle(received(EVENT), Kept(), PARTIES, Limits())
    written = [decode(one.record) for one in decision.outputs if one.topic.startswith("to.")]
    lines = [decode(one.record) for one in decision.outputs if one.topic == LEDGER.name]
    events = [] if is_erased else [EVENT, *written]
    erased_at = NOW if is_erased else None
    return access("case-0001", NOW, erased_at, past_of(lines), events, plan(Settings()))


def test_said_once() -> None:
    """An event and its copies are told once, with purpose, legal basis, sender and content."""
    (one,) = _told().said
    assert (one.sender, one.purpose, one.legal_basis) == (EPPERTSHAUSEN, "integration", "sgb10-69")
    assert one.content["client"]["family_name"] == "Beispiel"


def test_disclosed() -> None:
    """Each copy and receipt is told with its recipient, its time and its rule."""
    told = {(one.recipient, one.event_type) for one in _told().disclosed}
    assert told == {(KFB, "referral.requested"), (EPPERTSHAUSEN, "receipt.delivered")}


def test_as_a_letter() -> None:
    """In German, with names for parties and words for codes; contents cannot become markup."""
    text = markdown(_told(), PARTIES)
    assert "# Auskunft nach Art. 15 DSGVO" in text
    assert "Vorgang `case-0001`, Stand 02.03.2026" in text
    assert "    client.family_name: Beispiel" in text
    assert "    note: Kommt | mit *dem* Bus" in text
    assert "Name, Geburtsdatum" in text
    assert f"| 02.03.2026 | {PARTIES.by_id[KFB].name} |" in text


def test_erased() -> None:
    """Of a case that was erased it is told when, and still who was sent anything."""
    text = markdown(_told(is_erased=True), PARTIES)
    assert "wurde am 02.03.2026 gelöscht" in text
    assert "Beispiel" not in text
    assert "Es sind keine lesbaren Angaben vorhanden." in text
    assert PARTIES.by_id[KFB].name in text


def test_for_a_program() -> None:
    """The same as JSON: times with their zone, contents as they were said."""
    told = plain(_told())
    assert told["said"][0]["at"] == NOW.isoformat()
    assert told["erased_at"] is None
    assert {one["says"] for one in told["retention"]} == {"Inhalt"}
