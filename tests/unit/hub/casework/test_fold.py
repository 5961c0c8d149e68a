"""What one happening after the other makes of a case's file."""

from datetime import timedelta
from typing import Final

import pytest

from hub.casework import acting
from hub.casework.case_file import Kind, Sending
from hub.casework.delivering import Kept
from hub.casework.fold import concerns, fold, matters
from hub.casework.happenings import Confirmed, Delivered, Happening, Refused, Seen, Spoken, Unread
from hub.casework.progress import Here
from hub.casework.refusals import ChangedMeanwhile, ClaimedByAnother
from hub.casework.showing import steps
from hub.domain.referral import HUB
from schemas.data import Data
from schemas.events.handover_continued import HandoverContinued
from schemas.events.handover_opened import HandoverOpened
from schemas.events.handover_overdue import HandoverOverdue
from schemas.events.ledger_recorded import HandoverState
from schemas.events.reminder_due import ReminderDue
from schemas.events.reminder_overdue import ReminderOverdue
from schemas.vocabulary import AwaitedStep
from tests.support.builders import (
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    KFB,
    NOW,
    WEITERSTADT,
    a_block,
    a_correction,
    a_move,
    a_referral,
    a_withdrawal,
    an_offer,
)
from tests.support.desks_in_memory import PARTIES
from tests.support.referral_courses import APPOINTMENT, COURSES, STEPS, saying

KFBS: Final = Here(KFB, PARTIES)
TOWNS: Final = Here(EPPERTSHAUSEN, PARTIES)
DAY: Final = timedelta(days=1)
CONTINUED: Final = HandoverContinued.model_validate({"continued_since": "2026-04-01"})
OPENED: Final = HandoverOpened.model_validate(
    {
        "old_carrier": KFB,
        "old_ags": EPPERTSHAUSEN,
        "new_ags": DARMSTADT_AGS,
        "valid_from": "2026-03-01",
    }
)


def said_by(speaker: str, data: Data, days: int = 0) -> Delivered:
    """Somebody else said so."""
    return Delivered(NOW + days * DAY, speaker, data)


def spoken(data: Data, name: str = "e-1", to: str | None = None) -> Spoken:
    """It was said here."""
    return Spoken(NOW, name, data, to)


def confirmed(
    name: str = "e-1",
    kind: str = "referral.status-changed",
    to: tuple[str, ...] = (EPPERTSHAUSEN,),
    *,
    said: Spoken | None = None,
    repeated: bool = False,
) -> Confirmed:
    """The hub has delivered it."""
    return Confirmed(NOW + DAY, name, kind, to, said, repeated)


def refused(name: str | None = "e-1", kind: str | None = "referral.status-changed") -> Refused:
    """The hub has refused it."""
    return Refused(NOW + DAY, name, kind, "step-out-of-order")


def after(*happenings: Happening, here: Here = KFBS) -> Kept:
    """The case after all of these."""
    kept: Kept | None = None
    for happening in happenings:
        if kept is not None or concerns(happening):
            kept = fold(kept, "case-1", happening, here)
    assert kept is not None
    return kept


REQUESTED: Final = said_by(EPPERTSHAUSEN, a_referral().data)


def test_forwarded_to_this_party() -> None:
    """It is ours, as requested, though the request is not here; its sender is known once heard."""
    dieburgs = Here(DIEBURG, PARTIES)
    kept = after(said_by(KFB, saying("forwarded", new_owner=DIEBURG)), here=dieburgs)
    file = kept.file
    assert (file.kind, file.is_ours, file.status, file.other) == (
        Kind.REFERRAL,
        True,
        "requested",
        KFB,
    )
    assert file.service is None
    assert file.due_at is not None
    heard = fold(
        kept, "case-1", said_by(EPPERTSHAUSEN, saying("cancelled")), Here(DIEBURG, PARTIES)
    )
    assert (heard.file.other, heard.file.status, heard.file.is_over) == (
        EPPERTSHAUSEN,
        "cancelled",
        True,
    )


def test_forwarded_by_this_party() -> None:
    """It is over here at once, and comes back if the hub refuses."""
    said = spoken(saying("forwarded", new_owner=WEITERSTADT))
    gone = after(REQUESTED, said)
    assert (gone.file.is_over, gone.file.is_ours, gone.file.other) == (True, False, WEITERSTADT)
    assert steps(gone.course, KFBS) == ()
    back = fold(gone, "case-1", refused(), KFBS)
    assert (back.file.is_over, back.file.is_ours, back.file.other) == (False, True, EPPERTSHAUSEN)
    assert steps(back.course, KFBS)
    sure = fold(gone, "case-1", confirmed(), KFBS)
    assert sure.file.is_over
    assert sure.file.sending is Sending.CONFIRMED


def test_the_sender_hears_who_has_it_now() -> None:
    """Of a referral that was forwarded the sender waits for its new owner."""
    asked = spoken(a_referral().data, to=KFB)
    kept = after(
        asked,
        confirmed(kind="referral.requested", to=(KFB,)),
        said_by(KFB, saying("forwarded", new_owner=DIEBURG)),
        here=TOWNS,
    )
    assert (kept.file.other, kept.file.status, kept.file.is_ours) == (DIEBURG, "requested", False)


def test_a_refused_request() -> None:
    """It was never a referral; the case waits until somebody has noted why."""
    asked = spoken(a_referral().data, to=KFB)
    kept = after(asked, refused(kind="referral.requested"), here=TOWNS)
    assert (kept.file.status, kept.file.problem) == (None, "step-out-of-order")
    assert not kept.file.is_over
    assert steps(kept.course, TOWNS) == ()
    noted = acting.done(kept, "anna", kept.file.version, TOWNS)
    assert (noted.file.is_over, noted.file.problem) == (True, None)


def test_refused_and_then_delivered_after_all() -> None:
    """Operations sent it again: the step counts from then on, and the refusal is forgotten."""
    said = spoken(saying("accepted"))
    kept = after(REQUESTED, said, refused())
    assert (kept.file.status, kept.file.sending) == ("requested", Sending.REFUSED)
    again = fold(kept, "case-1", confirmed(said=said), KFBS)
    assert (again.file.status, again.file.sending, again.file.problem) == (
        "accepted",
        Sending.CONFIRMED,
        None,
    )


def test_a_repeated_receipt() -> None:
    """What was confirmed is not taken a second time."""
    said = spoken(saying("accepted"))
    kept = after(REQUESTED, said, confirmed())
    ended = fold(kept, "case-1", said_by(EPPERTSHAUSEN, saying("entered-in-error")), KFBS)
    again = fold(ended, "case-1", confirmed(said=said, repeated=True), KFBS)
    assert again.file.status == "entered-in-error"


def test_another_system_of_this_party_asked() -> None:
    """A referral sent past the desk is seen waiting for whom it went to."""
    kept = after(confirmed("e-9", "referral.requested", to=(KFB,)), here=TOWNS)
    assert (kept.file.other, kept.file.status, kept.file.is_ours) == (KFB, "requested", False)
    assert kept.file.sending is Sending.NOTHING
    assert "cancelled" in steps(kept.course, TOWNS)


@pytest.mark.parametrize(
    "happening",
    [
        confirmed("e-9", "address-change.reported"),
        confirmed("e-9", "referral.requested", repeated=True),
        Seen(NOW, KFB),
        said_by(EPPERTSHAUSEN, an_offer().data),
        said_by(HUB, ReminderDue(owner=KFB, due_at=NOW)),
    ],
    ids=["receipt", "repeated", "seen", "offer", "reminder"],
)
def test_what_makes_no_case(happening: Happening) -> None:
    """What is no work for a clerk opens no file."""
    assert not concerns(happening)


@pytest.mark.parametrize("status", STEPS)
@pytest.mark.parametrize("us", [KFB, EPPERTSHAUSEN])
def test_a_desk_opened_late(us: str, status: str) -> None:
    """A step on a case that was never heard of is taken as the hub tells it."""
    other = EPPERTSHAUSEN if us == KFB else KFB
    speaker = HUB if status == "expired" else other
    changes = {"new_owner": DIEBURG} if status == "forwarded" else {}
    kept = after(said_by(speaker, saying(status, **changes)), here=Here(us, PARTIES))
    stays = "requested" if status == "forwarded" else "accepted"
    assert kept.file.status == (status if status in COURSES else stays)
    assert (kept.file.kind, kept.file.problem) == (Kind.REFERRAL, None)
    others = {"forwarded": DIEBURG, "expired": None}
    assert kept.file.other == others.get(status, other)


def test_a_meeting_that_was_agreed_elsewhere() -> None:
    """A step that does not fit what is known here is believed: the appointment is the new one."""
    kept = after(REQUESTED, said_by(EPPERTSHAUSEN, saying("cancellation-requested")))
    assert (kept.file.status, kept.file.cancellation_requested) == ("accepted", True)
    town = after(
        confirmed("e-9", "referral.requested", to=(KFB,)),
        said_by(KFB, saying("appointment-moved", appointment=APPOINTMENT)),
        here=TOWNS,
    )
    assert (town.file.status, town.file.appointment_place) == ("accepted", "town_hall")


def test_on_hold_nobody_is_waited_for() -> None:
    """While it rests nothing is due; when it goes on, the time that was left is left."""
    held = after(REQUESTED, spoken(saying("accepted"), "e-1"), spoken(saying("on-hold"), "e-2"))
    assert held.file.status == "on-hold"
    assert held.file.due_at is None
    on = fold(held, "case-1", spoken(saying("in-progress"), "e-3"), KFBS)
    assert on.file.due_at is not None


def test_moves_and_blocks() -> None:
    """Each is to be entered; a correction of what was entered is to be entered again."""
    kept = after(said_by(EPPERTSHAUSEN, a_move().data))
    assert (kept.file.kind, kept.file.to_enter, kept.file.is_ours) == (
        Kind.ADDRESS_CHANGE,
        True,
        True,
    )
    for data in (a_correction().data, a_block().data, a_withdrawal().data):
        done = acting.done(kept, "anna", kept.file.version, KFBS)
        assert (done.file.is_over, done.file.assigned_to) == (True, "anna")
        happening = said_by(EPPERTSHAUSEN, data)
        kept = fold(done, "case-1", happening, KFBS)
        assert (kept.file.to_enter, kept.file.is_over, kept.file.assigned_to) == (True, False, None)
        assert matters(done, kept, happening)
        assert matters(kept, kept, happening), "who acts must have seen the newest content"


def test_a_hand_over() -> None:
    """Open for the old carrier until it is continued, and due when the time agreed is over."""
    moved = said_by(EPPERTSHAUSEN, a_move(new_ags=DARMSTADT_AGS).data)
    kept = after(moved, said_by(EPPERTSHAUSEN, OPENED))
    assert (kept.file.kind, kept.file.handover, kept.file.to_enter) == (
        Kind.HANDOVER,
        HandoverState.OPEN,
        True,
    )
    assert kept.file.due_at is not None
    assert kept.file.due_at.isoformat() == "2026-03-30T14:00:00+00:00"
    for ending in (
        said_by(DIEBURG, CONTINUED),
        said_by(EPPERTSHAUSEN, a_withdrawal().data),
        said_by(EPPERTSHAUSEN, a_correction(new_ags=DIEBURG).data),
    ):
        ended = fold(kept, "case-1", ending, KFBS)
        assert ended.file.handover is HandoverState.ENDED
        assert ended.file.due_at is None
    still = fold(
        kept, "case-1", said_by(EPPERTSHAUSEN, a_correction(new_ags=DARMSTADT_AGS).data), KFBS
    )
    assert still.file.handover is HandoverState.OPEN


def test_a_hand_over_continued_from_here() -> None:
    """It has ended here at once; it is open again if the hub refuses."""
    kept = after(said_by(EPPERTSHAUSEN, OPENED), spoken(CONTINUED))
    assert (kept.file.handover, kept.file.is_over) == (HandoverState.ENDED, True)
    back = fold(kept, "case-1", refused(kind="handover.continued"), KFBS)
    assert back.file.handover is HandoverState.OPEN
    sure = fold(kept, "case-1", confirmed(kind="handover.continued"), KFBS)
    assert sure.file.is_over


def test_a_hand_over_heard_of_late() -> None:
    """One that is overdue is open, though its beginning was never heard here."""
    late = HandoverOverdue(old_carrier=KFB, opened_at=NOW, due_at=NOW + 30 * DAY)
    kept = after(said_by(HUB, late, 40))
    assert kept.file.handover is HandoverState.OPEN
    assert kept.file.due_at is not None
    assert kept.file.due_at < NOW + 40 * DAY


def test_late_elsewhere() -> None:
    """The lead hears of another party's case that is late again, and notes it."""
    late = ReminderOverdue(owner=DIEBURG, due_at=NOW, level=2)
    kept = after(said_by(HUB, late, 10))
    file = kept.file
    assert (file.kind, file.other, file.due_at, file.to_enter) == (Kind.LATE, DIEBURG, NOW, True)
    assert acting.done(kept, "anna", file.version, KFBS).file.is_over
    ours = fold(after(REQUESTED), "case-1", said_by(HUB, late, 10), KFBS)
    assert (ours.file.kind, ours.file.to_enter) == (Kind.REFERRAL, False)


def test_an_offer_to_be_assured() -> None:
    """Its publisher is reminded until it is published again, from here or from elsewhere."""
    due = ReminderDue(owner=EPPERTSHAUSEN, due_at=NOW + DAY, awaits=AwaitedStep.ASSURANCE)
    kept = after(said_by(HUB, due), here=TOWNS)
    file = kept.file
    assert (file.kind, file.to_enter, file.due_at, file.other) == (
        Kind.OFFER,
        True,
        NOW + DAY,
        None,
    )
    for happening in (
        spoken(an_offer().data),
        confirmed("e-9", "support-offer.published"),
    ):
        again = fold(kept, "case-1", happening, TOWNS)
        assert (again.file.to_enter, again.file.due_at, again.file.is_over) == (False, None, True)
    late = ReminderOverdue(owner=EPPERTSHAUSEN, due_at=NOW, awaits=AwaitedStep.ASSURANCE)
    assert fold(kept, "case-1", said_by(HUB, late), TOWNS).file.due_at == NOW


def test_a_case_that_is_several_things() -> None:
    """A block on a referral's case is to be entered beside it, and the referral goes on."""
    kept = after(REQUESTED, said_by(EPPERTSHAUSEN, a_block().data))
    assert (kept.file.kind, kept.file.to_enter, kept.file.status) == (
        Kind.REFERRAL,
        True,
        "requested",
    )
    rejected = fold(kept, "case-1", spoken(saying("rejected")), KFBS)
    assert not rejected.file.is_over
    assert acting.done(rejected, "anna", rejected.file.version, KFBS).file.is_over


def test_asked_anew_after_its_end() -> None:
    """Nobody has it, and the time to answer runs anew."""
    ended = after(REQUESTED, spoken(saying("rejected")), confirmed())
    mine = Kept(acting.taken_on(ended, "anna").file, ended.course)
    again = fold(mine, "case-1", said_by(EPPERTSHAUSEN, a_referral().data, 7), KFBS)
    assert (again.file.status, again.file.assigned_to, again.file.is_over) == (
        "requested",
        None,
        False,
    )
    assert again.file.due_at is not None
    assert again.file.due_at > NOW + 7 * DAY


def test_unread() -> None:
    """What could not be read is a case of its own, until it is noted."""
    kept = after(Unread(NOW, "attribute-invalid"))
    assert (kept.file.kind, kept.file.problem, kept.file.is_over) == (
        Kind.UNREADABLE,
        "attribute-invalid",
        False,
    )
    assert after(refused(None, None)).file.kind is Kind.UNREADABLE


def test_seen_at_the_other_side() -> None:
    """The first time counts, and is no reason to look again."""
    asked = spoken(a_referral().data, to=KFB)
    kept = after(asked, confirmed(kind="referral.requested", to=(KFB,)), here=TOWNS)
    seen = fold(kept, "case-1", Seen(NOW + DAY, KFB), TOWNS)
    later = fold(seen, "case-1", Seen(NOW + 2 * DAY, KFB), TOWNS)
    assert later.file.seen_at == NOW + DAY
    assert not matters(kept, seen, Seen(NOW + DAY, KFB))


def test_a_receipt_does_not_matter() -> None:
    """Who acts need not have seen that the hub confirmed; but that it refused."""
    before = after(REQUESTED, spoken(saying("accepted")))
    assert not matters(before, fold(before, "case-1", confirmed(), KFBS), confirmed())
    assert matters(before, fold(before, "case-1", refused(), KFBS), refused())


def test_who_may_act() -> None:
    """Whoever else has it is named first; then whether it was seen as it is."""
    file = after(REQUESTED).file
    mine = acting.claim(file, "anna", file.version)
    assert acting.claim(mine, "anna", 99) == mine
    with pytest.raises(ClaimedByAnother) as said:
        acting.check(mine, "bert", 99)
    assert said.value.clerk == "anna"
    with pytest.raises(ChangedMeanwhile):
        acting.check(mine, "anna", 99)
