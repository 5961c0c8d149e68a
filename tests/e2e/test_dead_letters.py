"""A way out: a thousand dead letters sent again through real workers, with a bad one among them."""

import json
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest

from hub import auditing
from hub.audit.chain import verify
from hub.letters.journal import Act
from hub.letters.shelf import Status
from hub.operations import dead_letters
from schemas.data import Data
from schemas.envelope import Event
from tests.support.builders import a_step
from tests.support.dying_hub import EPPERTSHAUSEN, Site, a_case
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

CASES: Final = 499
BAD: Final = "case-0007"
REASON: Final = ("--reason", "the party was entered again")


@pytest.fixture
def site(kafka: str, topic_prefix: str, tmp_path: Path) -> Site:
    """Topics, and nothing on them."""
    return Site(kafka, topic_prefix, tmp_path)


def a_bad_one() -> Event[Data]:
    """A step that is the owner's, from the sender: refused whenever it comes."""
    return a_step(
        "completed",
        by=EPPERTSHAUSEN,
        at=datetime.now(UTC),
        id=f"{BAD}-2",
        on=BAD,
        outcome="service_received",
    )


def test_a_thousand_letters_are_sent_again(site: Site) -> None:
    """Order per case kept, the bad one parked again and what follows it held, nothing repeated."""
    events = [event for number in range(CASES) for event in a_case(number)]
    at = next(n for n, event in enumerate(events) if event.context.id == f"{BAD}-3")
    events.insert(at, a_bad_one())
    with site.worker(HUB_PARTIES=str(site.poorer)):
        site.publish(events)
        until(lambda: site.dead() == len(events))
    dry = site.desk("replay", "--code", "sender-unknown", "-o", "json")
    assert site.delivered() == []

    with site.worker():
        first = site.replay(stop_after=300)
        second = site.replay()
        third = site.replay()
        listed = site.desk("ls", "-o", "json").data["causes"]
        left = [one for one in dead_letters.letters(site.settings) if one.status is Status.OPEN]
        copies = site.delivered()

    sent = [one for one in first + second if one.outcome]
    assert {one["what"] for one in dry.data["letters"]} == {"send"}
    assert len(dry.data["letters"]) == len(events)
    assert len(
        {one.letter.id for one in sent if one.outcome and one.outcome.act is Act.REPLAYED}
    ) == (len(events) - 2)
    refused = [one for one in sent if one.outcome and one.outcome.act is Act.REFUSED]
    assert {one.letter.attributes["id"] for one in refused} == {f"{BAD}-2"}
    assert {one.letter.attributes["id"] for one in left} == {f"{BAD}-2", f"{BAD}-3"}
    assert [one.outcome.act if one.outcome else None for one in third] == [Act.REFUSED, None]
    assert [(one["open"], one["replayed"]) for one in listed if one["sender"] == EPPERTSHAUSEN]
    assert len(copies) == len(set(copies)) == len(events) - 2
    for number in range(CASES):
        case = f"case-{number:04}"
        mine = [event for subject, event in copies if subject == case]
        assert mine == ([f"{case}-1"] if case == BAD else [f"{case}-1", f"{case}-3"])
    assert site.dead() == len(events)


def test_the_desk_by_command(site: Site) -> None:
    """List, look under cover, uncover with a reason, put aside, send again: each written down."""
    with site.worker(HUB_PARTIES=str(site.poorer)):
        site.publish([event for number in range(2) for event in a_case(number)])
        until(lambda: site.dead() == 4)
    listed = site.desk("ls", "--each", "-o", "json").data
    letters = {one["case"] + one["type"][:15]: one["id"] for one in listed["letters"]}
    asked, over = (letters[f"case-0000referral.{word}"] for word in ("reques", "status"))

    covered = site.desk("show", asked)
    secretly = site.desk("show", asked, "--reveal")
    uncovered = site.desk("show", asked, "--reveal", "--reason", "the sender asks why")
    waiting = site.desk("replay", over, "-o", "json")
    nobody = site.desk("replay")
    unsaid = site.desk("replay", "--all", "--apply")
    aside = site.desk("discard", letters["case-0001referral.reques"], "--apply", *REASON)
    with site.worker():
        done = site.desk("replay", "--all", "--apply", *REASON, "-o", "json")
    after = site.desk("ls", "--each", "-o", "json").data["letters"]

    assert {(one["codes"], one["open"]) for one in listed["causes"]} == {("sender-unknown", 2)}
    name = json.loads(uncovered.out)["content"]["client"]["family_name"]
    assert (covered.code, uncovered.code) == (0, 0)
    assert name not in covered.out
    assert "•••" in covered.out
    assert secretly.code == 2
    assert name not in secretly.out + secretly.err
    assert waiting.data["letters"][0] | {"case": ""} == {
        "letter": over, "case": "", "what": "waits", "because": asked,
    }  # fmt: skip
    assert waiting.code == 3
    assert (nobody.code, unsaid.code) == (2, 2)
    assert aside.code == 0
    assert done.code == 3
    assert {one["letter"]: one["what"] for one in done.data["letters"]} == {
        asked: "replayed", over: "replayed", letters["case-0001referral.status"]: "refused",
    }  # fmt: skip
    assert sorted(one["status"] for one in after) == ["discarded", "open", "replayed", "replayed"]
    acts = site.journal()
    assert [one["act"] for one in acts[:2]] == ["revealed", "discarded"]
    assert sorted(one["act"] for one in acts[2:]) == ["refused", "replayed", "replayed"]
    assert acts[0]["reason"] == "the sender asks why"
    assert all("@" in one["by"] and one["at"] for one in acts)
    assert name not in json.dumps(acts)
    audited = _audit(site)
    assert [did for did, _ in audited if did == "topics-applied"]
    done_to = [act for act in audited if act[0].startswith("letter-")]
    assert done_to[:2] == [
        ("letter-revealed", asked),
        ("letter-discarded", letters["case-0001referral.reques"]),
    ]
    again = (asked, over, letters["case-0001referral.status"])
    assert sorted(done_to[2:]) == sorted(("letter-replayed", one) for one in again)


def _audit(site: Site) -> list[tuple[str, str]]:
    """What stands in the audit, and about what; the chain holds."""
    with closing(auditing.opened(site.audit)) as audit, audit.all() as rows:
        kept = list(rows)
    assert verify(kept).broken is None
    return [(row.did, row.about) for row in kept]
