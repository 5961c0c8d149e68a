"""A process uses the newest key it has, and a new one without being started again."""

from datetime import timedelta
from pathlib import Path

import pytest

from hub import wiring
from hub.domain.decision import Kept, Received
from hub.errors import ConfigError
from hub.settings import Settings
from hub.signing.ahead import Ahead
from hub.signing.claims import claim_of
from hub.signing.keyring import NoKey, open_keyring, open_registry
from hub.signing.keys import Use
from hub.signing.keys_file import load_keys
from hub.signing.options import Options
from hub.signing.watched import Watched
from schemas.codec import encode
from schemas.signature import SIGNATURE_HEADER
from schemas.topics import REFERRALS
from schemas.vocabulary import Verdict
from tests.support.builders import DIEBURG, EPPERTSHAUSEN, KFB, NOW, a_referral
from tests.support.signing import Desk, a_desk
from tests.support.waiting import until

AT_S = int(NOW.timestamp())


def test_without_a_registry_nothing_is_signed() -> None:
    """Signing is off unless a registry is named."""
    assert open_keyring(Options()) is None
    assert open_registry(Options()) is None


def test_a_registry_without_private_keys_is_a_mistake(tmp_path: Path) -> None:
    """A process that should sign and has nothing to sign with does not start."""
    desk = a_desk(tmp_path)
    with pytest.raises(ConfigError):
        open_keyring(Options(keys_file=desk.registry))


def test_who_only_looks_needs_no_private_key(tmp_path: Path) -> None:
    """An operator who rebuilds a state checks signatures and seals nothing."""
    desk = a_desk(tmp_path)
    rules = wiring.rules(Settings(signatures=Options(keys_file=desk.registry)))
    received = Received(REFERRALS.name, 0, 0, AT_S * 1000, desk.signed(a_referral()))
    assert rules.decide(received, Kept()).verdict is Verdict.ROUTED
    unsigned = received._replace(record=encode(a_referral()))
    assert rules.decide(unsigned, Kept()).verdict is Verdict.REFUSED


def test_a_party_without_a_key_is_named(tmp_path: Path) -> None:
    """What cannot be signed is not sent, and who lacks a key is said."""
    ring = a_desk(tmp_path, [KFB]).keyring()
    with pytest.raises(NoKey, match=DIEBURG):
        ring.check([KFB, DIEBURG], Use.SIGN, AT_S)
    with pytest.raises(NoKey, match=EPPERTSHAUSEN):
        ring.signed(encode(a_referral()), AT_S)


def test_what_was_signed_at_home_is_not_signed_again(tmp_path: Path) -> None:
    """The sender's own signature stays."""
    desk = a_desk(tmp_path)
    record = desk.signed(a_referral())
    assert desk.keyring().signed(record, AT_S + 60) is record
    assert dict(record.headers)[SIGNATURE_HEADER]


def test_a_changed_file_is_read_again(tmp_path: Path) -> None:
    """A key that is issued counts at the next look; a broken file leaves what was known."""
    desk, clock = a_desk(tmp_path, [KFB]), [0.0]
    watched = Watched(lambda: [desk.registry], lambda: load_keys(desk.registry), lambda: clock[0])
    assert len(list(watched())) == 2
    desk.issue(DIEBURG)
    assert len(list(watched())) == 2
    clock[0] += 1
    assert len(list(watched())) == 3
    desk.registry.write_text("nonsense")
    clock[0] += 1
    assert len(list(watched())) == 3


def test_the_newest_valid_key_signs(tmp_path: Path) -> None:
    """Of several that are valid the one that is valid for the shortest time."""
    desk = Desk(tmp_path)
    first = desk.issue(KFB, at=NOW - timedelta(days=9))
    second = desk.issue(KFB, at=NOW - timedelta(days=3), valid=timedelta(days=2))
    third = desk.issue(KFB, at=NOW + timedelta(days=1))
    ring, day_s = desk.keyring(), 24 * 3600
    found = [ring.signer(KFB, Use.SIGN, AT_S + days * day_s) for days in (-10, -2, 0, 2)]
    assert [signer and signer.kid for signer in found] == [
        None,
        second.kid,
        first.kid,
        third.kid,
    ]


def test_a_second_process_checks_ahead(tmp_path: Path) -> None:
    """What it says is what one finds oneself; without it everybody looks for himself."""
    desk = a_desk(tmp_path)
    good = [claim_of(desk.signed(a_referral()), desk.keys()) for _ in range(3)]
    record = desk.signed(a_referral())
    bad = claim_of(record._replace(value=b"{}"), desk.keys())
    ahead = Ahead()
    try:
        ahead.look_at([*good, bad])
        until(lambda: bad.holds is not None)
        assert [claim.holds for claim in (*good, bad)] == [True, True, True, False]
    finally:
        ahead.close()
    ahead.look_at(good)
    assert claim_of(record, desk.keys()).is_true()
