"""Erases a subject: its key is destroyed, who was sent anything is told, and it is proved.

Each step can be done again: called once more after it was interrupted, an erasure goes on where
it stopped, and nobody is told twice.
"""

import getpass
import platform
import threading
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime, timedelta
from typing import Final

from hub import wiring
from hub.domain import emission
from hub.domain.decision import Decision
from hub.domain.emission import HUB, Cause
from hub.domain.noting import record
from hub.errors import HubError, UsageError
from hub.operations import subject_stores
from hub.operations.proving import Proof, prove
from hub.operations.subject_look import Found, open_vault
from hub.settings import Settings
from hub.signing.sealing import Sealer, sealed
from hub.streaming.telling import tell
from hub.vault.keyring import KEPT_S
from schemas.events.subject_erased import SubjectErased
from schemas.topics import REFERRALS
from schemas.vocabulary import LegalBasis, Purpose, Verdict

SPEAKER: Final = f"{HUB}erasure"
RULE: Final = "erased"
GROUND: Final = (Purpose.ACCOUNTABILITY, LegalBasis.GDPR_5_2)
MOST_IDS: Final = 500
LOOK_S: Final = 0.5
"""How often it is looked whether the sinks have erased what they keep."""


class NotYet(HubError):
    """The case may not be erased yet."""


def erase(
    settings: Settings,
    found: Found,
    reason: str,
    within_s: float,
    said: Callable[[str], None],
    stop: threading.Event,
) -> Proof:
    """Destroy the key, tell who was sent anything, wait for the sinks, and prove it.

    `said` hears of each step. Raises BrokerUnavailable, Later when a database is away, and
    HubError where what is sent must be sealed and there is no key to do it.
    """
    subject = found.subject
    sealer = wiring.sealer(settings)  # who cannot tell anybody destroys nothing
    with closing(open_vault(settings)) as vault:
        vault.destroy(subject, f"{getpass.getuser()}@{platform.node()}", reason)
        held = vault.held(subject)
        destroyed_at = held.destroyed_at if held is not None else None
        if destroyed_at is None:
            raise HubError(f"The key of {subject} is still there.")
        said("The key is destroyed.")
        left_s = KEPT_S - (datetime.now(UTC) - destroyed_at).total_seconds()
        stop.wait(max(0.0, left_s))  # until no process has it at hand any more
        if held is not None and held.told_at is None:
            _tell(settings, found, destroyed_at, sealer)
            vault.told(subject)
        said(f"{len(found.past.recipients)} parties are told.")
    _await_sinks(settings, subject, within_s, stop)
    subject_stores.scrub_all(settings)
    said("Looking at what is left.")
    return prove(settings, found, destroyed_at)


def check_reason(reason: str) -> None:
    """Raise UsageError without a reason."""
    if not reason.strip():
        remedy = "Say who asked, and why: --reason 'request of 2026-11-02, Art. 17'; no names."
        raise UsageError("Who erases gives a reason.", where="--reason", remedy=remedy)


def _tell(settings: Settings, found: Found, at: datetime, sealer: Sealer | None) -> None:
    """Say it to every recipient, in one transaction with its line in the ledger; nobody twice."""
    cause = Cause(SPEAKER, f"erased-{found.subject}", at, found.subject)
    decision = Decision(Verdict.ROUTED)
    for party, ids in found.past.recipients.items():
        data = SubjectErased(erased_at=at, delivery_ids=tuple(ids[-MOST_IDS:]))
        decision.outputs.append(emission.notice(cause, data, party, RULE, GROUND))
    names = {dict(one.record.headers)["ce_id"].decode() for one in decision.outputs}
    if names & {one.event.context.id for one in found.seen if one.event is not None}:
        return  # told before it was interrupted
    record(decision, cause, list(decision.outputs), REFERRALS.name)
    sealed(decision, int(time.time()), sealer)
    kafka, prefix = settings.kafka.aiokafka(), settings.topic_prefix
    name, within_s = f"{wiring.group(settings)}.erasure", settings.worker.transaction_timeout_s
    tell(kafka, name, prefix, decision.outputs, within_s)


def _await_sinks(settings: Settings, subject: str, within_s: float, stop: threading.Event) -> None:
    until = datetime.now(UTC) + timedelta(seconds=within_s)
    while any(one.readable for one in subject_stores.held(settings, subject)):
        if datetime.now(UTC) > until or stop.wait(LOOK_S):
            return
