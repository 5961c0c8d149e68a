"""The words of a history: what came, what was said, and what was done at this desk."""

from typing import Final

from hub.pages.marking import N_

HAPPENED: Final = {
    "referral.requested": N_("Referral sent"),
    "referral.opened": N_("Opened for the first time"),
    "referral.offer-suggested": N_("An offer that may suit was published"),
    "referral.status-changed": N_("The referral's status changed"),
    "address-change.reported": N_("Address change reported"),
    "address-change.corrected": N_("Address change corrected"),
    "address-change.withdrawn": N_("Address change withdrawn"),
    "disclosure-block.set": N_("Auskunftssperre set"),
    "disclosure-block.lifted": N_("Auskunftssperre lifted"),
    "support-offer.published": N_("Offer published"),
    "support-offer.capacity-changed": N_("Free places changed"),
    "support-offer.capacity-lowered": N_("Somebody was turned away: no free places"),
    "support-offer.withdrawn": N_("Offer withdrawn"),
    "handover.opened": N_("Hand-over opened"),
    "handover.continued": N_("The new carrier continues"),
    "handover.overdue": N_("The hand-over is overdue"),
    "receipt.delivered": N_("Delivered"),
    "receipt.seen": N_("Opened by the other party"),
    "receipt.refused": N_("Refused by the hub"),
    "reminder.due": N_("Reminder: an answer is due soon"),
    "reminder.overdue": N_("Reminder: an answer is overdue"),
    "delivery.uncollected": N_("Not collected from the mailbox yet"),
    "subject.erased": N_("Erased by the hub; erase what you keep of it (GDPR Art. 19)"),
    "ledger.recorded": N_("Recorded"),
    "probe.sent": N_("A probe of the way"),
    "opened": N_("Opened"),
    "claimed": N_("Taken over"),
    "released": N_("Released"),
    "done": N_("Entered or noted"),
}
"""By event type without its version, and by what clerks do here."""
