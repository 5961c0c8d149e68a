"""Whatever is said of a case, in whatever order: its history is legal and somebody owns it."""

from contextlib import suppress
from datetime import datetime

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from hub.domain.life_cycle import open_, step
from hub.domain.referral import HUB, Referral, allowed, awaits, is_final
from hub.domain.referral_memory import dump, key, load
from hub.domain.refusal import Refusal
from hub.domain.transitions import Side
from schemas.events.referral_status_changed import ReferralStatusChanged
from tests.support.builders import NOW, a_referral
from tests.support.referral_courses import (
    APPOINTMENT,
    FINAL,
    GRAVITY,
    NEXT,
    OUTSIDER,
    OWNER,
    SENDER,
    STEPS,
    later,
    saying,
)

PARTIES = (SENDER, OWNER, NEXT, OUTSIDER)
FILED = ("2026-02-01T08:00:00+01:00", "2026-03-01T10:00:00+01:00", "2026-03-02T09:00:00+01:00")


@st.composite
def sayings(draw: st.DrawFn) -> ReferralStatusChanged:
    """Any step, with or without what does not belong to it."""
    status = draw(st.sampled_from(STEPS))
    changes: dict[str, object] = {}
    if status == "forwarded":
        changes["new_owner"] = draw(st.sampled_from(PARTIES))
    if draw(st.booleans()):
        changes["appointment"] = APPOINTMENT
    if status == "on-hold" and draw(st.booleans()):
        changes["reason"] = "documents_missing"
    return saying(status, **changes)


class OneCase(RuleBasedStateMachine):
    """One case that everybody speaks about; it is remembered as a lane does."""

    def __init__(self) -> None:
        """Begin with a case nobody has asked."""
        super().__init__()
        self.state: dict[bytes, bytes] = {}
        self.steps = 0
        self.begun: Referral | None = None
        self.history: list[str] = []

    @property
    def referral(self) -> Referral | None:
        """As it is remembered."""
        return load(self.state, "case-1")

    @property
    def now(self) -> datetime:
        """An hour after the last."""
        self.steps += 1
        return later(self.steps)

    @rule(
        sender=st.sampled_from(PARTIES),
        owner=st.sampled_from(PARTIES),
        service=st.sampled_from(["benefit_advice", "housing_costs"]),
        filed=st.sampled_from(FILED),
    )
    def asks(self, sender: str, owner: str, service: str, filed: str) -> None:
        """Somebody asks somebody on this case."""
        said = a_referral(service=service, first_received_at=filed).data
        before = self.referral
        with suppress(Refusal):
            opened = open_(said, sender, owner, self.now, before)
            assert before is None or is_final(before)
            assert sender != owner
            self.state[key("case-1")] = dump(opened)
            self.begun, self.history = opened, ["requested"]

    @rule(speaker=st.sampled_from((*PARTIES, HUB)), said=sayings())
    def says(self, speaker: str, said: ReferralStatusChanged) -> None:
        """Anybody says anything."""
        self._say(speaker, said)

    @precondition(lambda self: self.referral is not None and not is_final(self.referral))
    @rule(data=st.data())
    def goes_on(self, data: st.DataObject) -> None:
        """A side takes a step it may take; so that cases get far."""
        referral = self.referral
        assert referral is not None
        speaker = data.draw(st.sampled_from((referral.owner, referral.sender)))
        status = data.draw(st.sampled_from(allowed(referral, speaker)))
        self._say(speaker, saying(status, **self._third(referral, status)))

    def _third(self, referral: Referral, status: str) -> dict[str, object]:
        if status != "forwarded":
            return {}
        others = [each for each in PARTIES if each not in (referral.sender, referral.owner)]
        return {"new_owner": others[self.steps % len(others)]}

    def _say(self, speaker: str, said: ReferralStatusChanged) -> None:
        before = self.referral
        may = () if before is None else allowed(before, speaker)
        in_vain = before is not None and said.new_owner in (before.sender, before.owner)
        if said.status not in may or in_vain:
            with pytest.raises(Refusal):
                step(before, said, speaker, self.now)
            return
        assert before is not None
        now = step(before, said, speaker, self.now)
        assert now.steps == before.steps + 1
        self.state[key("case-1")] = dump(now)
        assert self.referral == now
        if now.status != before.status or said.status == "forwarded":
            self.history.append(now.status)

    @invariant()
    def somebody_owns_it(self) -> None:
        """One party owns it, and it is not the one that asked."""
        referral = self.referral
        if referral is not None:
            assert referral.owner in PARTIES
            assert referral.owner != referral.sender

    @invariant()
    def history_is_legal(self) -> None:
        """Each change of status is one that may be."""
        for before, now in zip(self.history, self.history[1:], strict=False):
            edges = GRAVITY.get(before, "").split()
            if before not in FINAL:
                edges.append("requested")
            if before == "requested":
                edges.append("expired")
            if before != "entered-in-error":
                edges.append("entered-in-error")
            assert now in edges, self.history

    @invariant()
    def first_receipt_never_changes(self) -> None:
        """Neither when nor by whom (SGB I §16(2)); nor who asked, and for what."""
        referral = self.referral
        if referral is not None and self.begun is not None:
            for name in ("first_received_at", "first_received_by", "sender", "service", "ags"):
                assert getattr(referral, name) == getattr(self.begun, name)

    @invariant()
    def times_fit_the_status(self) -> None:
        """On hold has a beginning, an answer is not before the request, the end has no meeting."""
        referral = self.referral
        if referral is None:
            return
        assert (referral.hold_since is not None) is (referral.status == "on-hold")
        assert NOW <= referral.requested_at <= referral.since
        if referral.answered_at is not None:
            assert referral.answered_at >= referral.requested_at
        if referral.status in {"accepted", "in-progress", "on-hold", "completed", "failed"}:
            assert referral.answered_at is not None
        if is_final(referral) or referral.status == "requested":
            assert referral.appointment is None

    @invariant()
    def who_must_act_can(self) -> None:
        """Somebody awaited has a step to take; what is over awaits nobody."""
        referral = self.referral
        if referral is None:
            return
        side = awaits(referral)
        if is_final(referral):
            assert side is None
        elif side is not None:
            party = referral.owner if side is Side.OWNER else referral.sender
            assert allowed(referral, party)


TestOneCase = OneCase.TestCase
TestOneCase.settings = settings(max_examples=100, stateful_step_count=40, deadline=None)
