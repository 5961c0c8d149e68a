"""A case is erased: nothing readable of it is left in any file, and all others go on."""

import json
import signal
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, NamedTuple

import pytest

from connectors.callers.tokens import digest
from hub import wiring
from hub.broker.cluster import Cluster
from hub.doors.carrying import publisher
from hub.settings import Settings
from hub.signing.keys import HUB, Keys
from hub.stores.vault.keys import SqlKeys
from schemas import signature
from schemas.codec import Record, decode
from schemas.data import Data
from schemas.encryption import is_encrypted
from schemas.envelope import Event
from schemas.events.receipt_refused import ReceiptRefused
from schemas.events.subject_erased import SubjectErased
from schemas.signature import SEAL_HEADER, sealed_digests, sealed_statement
from schemas.topics import ADDRESS_CHANGES, REFERRALS, dead_topic, delivery_topic
from tests.support import topics
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, a_move, a_referral
from tests.support.command import Said, hub, running_hub
from tests.support.http_door import KFB_TOKEN
from tests.support.kafka import cluster
from tests.support.running_hub import declare_topics
from tests.support.signing import Desk, a_desk
from tests.support.vault import a_master_key
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker, pytest.mark.timeout(900)]

STARTS_WITHIN_S: Final = 400
"""A broker and five processes, on a machine that has much else to do."""
GONE: Final = "case-gone-1"
STAYS: Final = "case-stays-1"


def _person(mark: str) -> dict[str, str]:
    """An invented person whose every entry holds the mark, an umlaut among them."""
    return {
        "client_id": f"{mark}-4711",
        "family_name": f"Zwölf{mark}",
        "given_names": f"Mia-{mark}",
        "birth_date": "1931-07-29" if mark == "Gone" else "1932-08-30",
    }


def _address(mark: str) -> dict[str, str]:
    return {
        "street": f"{mark}-Allee",
        "house_number": "7",
        "postal_code": "64807",
        "city": f"{mark}-Stadt",
    }


MARKS: Final = ("Gone-4711", "ZwölfGone", "Mia-Gone", "Gone-Allee", "Gone-Stadt", "1931-07-29")
"""All that stands of the one person; every one of them must be gone."""
OTHERS: Final = ("Stays-4711", "ZwölfStays")


class Site(NamedTuple):
    """A hub of the test's own, with a broker of its own, so that every file can be searched."""

    folder: Path
    env: dict[str, str]
    bootstrap: str

    def hub(self, *words: str) -> Said:
        """Run a command of it to its end."""
        waits = ("--wait", "300") if "--yes" in words else ()
        return hub(*words, *waits, folder=self.folder, env=self.env, within_s=STARTS_WITHIN_S)

    def publish(self, *events: Event[Data]) -> None:
        """Hand events in as a door does."""
        with publisher(
            self._settings(), "file_drop", [one.context.party for one in events]
        ) as publish:
            publish(events)

    def vault(self) -> SqlKeys:
        """Its keys."""
        kept = wiring.vault(self._settings())
        assert kept is not None
        return kept

    def _settings(self) -> Settings:
        vault = {
            "database": f"sqlite:///{self.folder}/vault/vault.sqlite",
            "master_key_file": self.folder / "vault_master_key",
        }
        kafka = {"bootstrap": self.bootstrap}
        keys = self.keys.options
        return Settings.model_validate({"vault": vault, "kafka": kafka, "signatures": keys})

    @property
    def keys(self) -> Desk:
        """Who signs and seals here."""
        return Desk(self.folder)

    def unsealed(self, *parties: str) -> list[str]:
        """What went to these parties and does not lie there as the hub sealed it."""
        keys = self.keys.keys()
        return [
            f"{party}: {dict(record.headers)['ce_id'].decode()}"
            for party in parties
            for record in self.records(delivery_topic(party).name)
            if not _is_sealed(record, keys)
        ]

    def records(self, topic: str) -> list[Record]:
        """All that lies on a topic."""
        return [record for _, _, record in topics.read(self.bootstrap, topic)]

    def told(self, party: str) -> list[str]:
        """The cases this party was told of that they were erased."""
        found = (record for record in self.records(delivery_topic(party).name))
        kind = ("ce_type", SubjectErased.wire_type().encode())
        return [decode(one).context.subject for one in found if kind in one.headers]

    def files_with(self, *words: str) -> list[str]:
        """The files of the whole site, the broker's among them, in which one of these stands."""
        sought = {form for word in words for form in (word, json.dumps(word)[1:-1])}
        return [
            f"{file.relative_to(self.folder)}: {word}"
            for file in sorted(self.folder.rglob("*"))
            if file.is_file()
            for word in sorted(sought)
            if word.encode() in file.read_bytes()
        ]

    def inbox(self) -> list[tuple[str, str]]:
        """Case and content of each row of Dieburg's inbox tables."""
        file = self.folder / ".kurze-wege" / "backoffice.sqlite"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            there = connection.execute("SELECT name FROM sqlite_master WHERE name = 'inbox'")
            if not there.fetchall():
                return []
            rows = connection.execute("SELECT subject, data FROM inbox ORDER BY topic_offset")
            return [(subject, json.dumps(json.loads(data))) for subject, data in rows.fetchall()]

    def mailbox(self) -> list[tuple[str, bytes | None]]:
        """Case and content of each item of the Kreisagentur's mailbox."""
        file = self.folder / ".kurze-wege" / "mailbox.sqlite"
        if not file.exists():
            return []
        with closing(sqlite3.connect(f"file:{file}?mode=ro", uri=True)) as connection:
            there = connection.execute("SELECT name FROM sqlite_master WHERE name LIKE '%_items'")
            if not there.fetchall():
                return []
            query = "SELECT subject, body FROM mailbox_items ORDER BY number"
            return connection.execute(query).fetchall()


def _is_sealed(record: Record, keys: Keys) -> bool:
    """Whether the hub has sealed just these bytes with these headers."""
    seal = signature.taken_apart(dict(record.headers)[SEAL_HEADER].decode())
    assert seal.payload is not None
    key = keys.by_kid[seal.head.kid].key
    said = signature.digest(sealed_statement(record))
    return signature.is_by(seal, seal.payload, key) and said in sealed_digests(seal.payload)


@pytest.fixture(scope="module")
def broker(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Path, Cluster]]:
    """A broker whose files lie in the site's own folder."""
    folder = tmp_path_factory.mktemp("site")
    with cluster(folder / "kafka") as started:
        yield folder, started


@pytest.fixture(scope="module")
def site(broker: tuple[Path, Cluster]) -> Iterator[Site]:
    """A running hub with a vault, a mailbox, inbox tables, and two cases."""
    folder, started = broker
    declare_topics(started.bootstrap, "")
    parties = (KFB, EPPERTSHAUSEN, DIEBURG, HUB)
    keys = a_desk(folder, parties, _now() - timedelta(days=1))
    env = {
        "HUB_KAFKA__BOOTSTRAP": started.bootstrap,
        "HUB_VAULT__DATABASE": f"sqlite:///{folder}/vault/vault.sqlite",
        "HUB_VAULT__MASTER_KEY_FILE": str(a_master_key(folder)),
        "HUB_SIGNATURES__KEYS_FILE": str(keys.registry),
        "HUB_SIGNATURES__PRIVATE_KEYS": str(keys.private),
        "HUB_AUDIT__DATABASE": f"sqlite:///{folder}/audit.sqlite",
        "HUB_BACKOFFICE__PARTIES": DIEBURG,
        "HUB_MAILBOX__PARTIES": KFB,
        "HUB_MAILBOX__PORT": "0",
        "HUB_MAILBOX__TOKENS": json.dumps({digest(KFB_TOKEN): KFB}),
    }
    made = Site(folder, env, started.bootstrap)
    with running_hub("up", folder=folder, env=env) as process:
        for case, mark in ((GONE, "Gone"), (STAYS, "Stays")):
            client = _person(mark) | {"ags": EPPERTSHAUSEN, "address": _address(mark)}
            made.publish(
                a_referral(on=case, id=f"{case}-asked", at=_now(), client=client),
                a_referral(on=case, id=f"{case}-wrong", at=_now(), client=client, to="nobody"),
                a_move(on=case, id=f"{case}-moved", at=_now(), person=_person(mark)),
            )
        until(lambda: len(made.mailbox()) >= 4 and len(made.inbox()) >= 2, STARTS_WITHIN_S)
        yield made
        process.send_signal(signal.SIGTERM)
        process.wait(60)


def _now() -> datetime:
    return datetime.now(UTC)


def test_a_case_is_erased(site: Site) -> None:
    """Shown, refused while it is open, done: no marker is left in any file; the rest goes on."""
    assert site.files_with(*MARKS) != []
    assert [one for one in site.files_with(*MARKS, *OTHERS) if one.startswith("kafka")] == []
    before = {name: len(site.records(name)) for name in _topics()}

    shown = site.hub("erase", GONE, "-o", "json")
    refused = site.hub("erase", GONE, "--yes", "--reason", "request of 2 November")
    assert (shown.code, shown.data["status"]) == (0, "requested")
    assert set(shown.data["told_would_be"]) == {KFB, DIEBURG, EPPERTSHAUSEN}
    assert refused.code == 1
    assert "its referral is open" in refused.err
    assert GONE not in site.told(KFB)

    words = ("erase", GONE, "--yes", "--force", "--reason", "request of 2 November", "-o", "json")
    unable = site.hub(*words, "--set", "signatures.private_keys=nowhere")
    assert unable.code == 2, "who cannot tell anybody destroys nothing"
    with closing(site.vault()) as vault:
        held = vault.held(GONE)
    assert held is not None
    assert held.destroyed_at is None
    done = site.hub(*words)
    assert done.code == 0, done.err
    proof = done.data
    assert proof["erased"] is True
    assert proof["topics"][REFERRALS.name] == {"readable": 0, "erased": 2, "envelope": 0}
    assert proof["topics"][dead_topic(REFERRALS).name]["erased"] == 1
    assert proof["files"] == []
    assert site.files_with(*MARKS) == []

    assert {name: len(site.records(name)) for name in _topics()} == before
    for party in (KFB, DIEBURG, EPPERTSHAUSEN):
        assert site.told(party).count(GONE) == 1
    until(lambda: (GONE, None) in site.mailbox())
    assert all(body is not None for case, body in site.mailbox() if case == STAYS)
    assert any("Stays-4711" in data for case, data in site.inbox() if case == STAYS)
    assert site.unsealed(KFB, DIEBURG, EPPERTSHAUSEN) == []
    noted = site.hub("audit", "ls", "--about", GONE, "-o", "json").data
    assert ("subject-erased", "request of 2 November") in [
        (one["did"], one["reason"]) for one in noted
    ]
    assert site.hub("audit", "verify").code == 0


def test_nothing_more_is_taken(site: Site) -> None:
    """What is said of an erased case is refused to its sender, and its content goes nowhere."""
    site.publish(a_move(on="case-late", id="late-1", at=_now(), person=_person("Late")))
    erased = site.hub("erase", "case-late", "--yes", "--force", "--reason", "request")
    assert erased.code == 0, erased.err
    site.publish(a_move(on="case-late", id="late-2", at=_now(), person=_person("Late")))

    def refused() -> list[list[str]]:
        said = [decode(one).data for one in site.records(f"to.{EPPERTSHAUSEN}")]
        return [
            [problem.code for problem in one.problems]
            for one in said
            if isinstance(one, ReceiptRefused) and one.event_id == "late-2"
        ]

    until(lambda: bool(refused()))
    assert refused() == [["subject-erased"]]
    assert site.files_with("Late-4711", "ZwölfLate") == []


def test_interrupted(site: Site) -> None:
    """Ended behind any step it is called again and goes on: told once, and proved."""
    site.publish(a_move(on="case-cut", id="cut-1", at=_now(), person=_person("Cut")))
    until(lambda: any("Cut-4711" in data for _, data in site.inbox()))
    with closing(site.vault()) as vault:
        vault.destroy("case-cut", "somebody@ops", "request")  # and nobody was told

    words = ("erase", "case-cut", "--yes", "--reason", "request", "-o", "json")
    after_the_key = site.hub(*words)
    with closing(sqlite3.connect(site.folder / "vault" / "vault.sqlite")) as connection:
        connection.execute("UPDATE vault_keys SET told_at = NULL WHERE subject = 'case-cut'")
        connection.commit()  # told, and it was not noted any more
    after_the_notice = site.hub(*words)

    assert (after_the_key.code, after_the_notice.code) == (0, 0), after_the_key.err
    assert after_the_key.data["files"] is None
    assert site.told(DIEBURG).count("case-cut") == 1
    assert site.files_with("Cut-4711", "ZwölfCut") == []

    report = site.hub("subject", "report", "case-cut", "-o", "json").data
    assert (report["said"], report["erased_at"] is None) == ([], False)
    assert {one["recipient"] for one in report["disclosed"]} >= {KFB, DIEBURG}


def test_a_person_is_told(site: Site) -> None:
    """A request for access is answered from the topics, with content, purpose and recipients."""
    told = site.hub("subject", "report", STAYS)
    assert told.code == 0, told.err
    assert "client.family_name: ZwölfStays" in told.out
    assert "Rechtsgrundlage: " in told.out
    assert "Kreisagentur" in told.out


def test_deliveries_are_encrypted(site: Site) -> None:
    """On every topic what is said of a person is encrypted; receipts and lines are readable."""
    for name in (REFERRALS.name, ADDRESS_CHANGES.name):
        assert all(is_encrypted(one) for one in site.records(name))
    kinds = {
        dict(one.headers)["ce_type"]: is_encrypted(one)
        for party in (KFB, EPPERTSHAUSEN, DIEBURG)
        for one in site.records(delivery_topic(party).name)
    }
    assert kinds[b"referral.requested.v1"]
    assert kinds[b"address-change.reported.v1"]
    assert not kinds[b"receipt.delivered.v1"]


def _topics() -> tuple[str, ...]:
    return REFERRALS.name, ADDRESS_CHANGES.name, dead_topic(REFERRALS).name
