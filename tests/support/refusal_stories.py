"""Each problem the hub can have with an event, told as a story: the right code and field."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from schemas.codec import CONTENT_TYPE, STRUCTURED, Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.problems import ProblemCode
from schemas.topics import MAX_EVENT_BYTES, REFERRALS, Topic
from tests.support.answers import CARITAS, VEREIN, WITH_NEIGHBOURS, Answer, Hub
from tests.support.builders import (
    CONSENT,
    DARMSTADT_AGS,
    DIEBURG,
    EPPERTSHAUSEN,
    JURISDICTION,
    KFB,
    NOW,
    WEITERSTADT,
    a_block,
    a_capacity,
    a_continuation,
    a_correction,
    a_lifted_block,
    a_move,
    a_referral,
    a_step,
    a_withdrawal,
    a_withdrawn_offer,
    an_offer,
)

NO_SUCH_AGS: Final = "06432050"
NOBODY: Final = "06432024"
"""A sender the registry does not have."""
HELD: Final = {"consent_id": "E-1", "given_at": "2026-02-01T10:00:00Z"}
EXPIRED: Final = HELD | {"expires_at": "2026-03-01T00:00:00Z"}


@dataclass(frozen=True)
class Refused:
    """What is said, after what, and how it is refused."""

    says: str
    said: Event[Data] | Record
    problems: Sequence[tuple[str, str | None]]
    before: tuple[Event[Data], ...] = ()
    topic: Topic | None = None
    sender: str | None = EPPERTSHAUSEN
    """Who hears of it."""

    def answer(self) -> Answer:
        """What the hub answers."""
        return Hub(WITH_NEIGHBOURS).after(*self.before).takes(self.said, topic=self.topic)


def _referral(
    says: str, code: str, field: str | None, *before: Event[Data], **changes: object
) -> Refused:
    sender = str(changes.get("by", EPPERTSHAUSEN))
    return Refused(says, a_referral(**changes), [(code, field)], before, sender=sender)


def _spoiled(says: str, code: str, field: str | None, spoil: Callable[[Any], object]) -> Refused:
    """A referral of which somebody changed the JSON by hand."""
    record = encode(a_referral())
    data = json.loads(record.value or b"")
    spoil(data)
    said = record._replace(value=json.dumps(data).encode())
    return Refused(says, said, [(code, field)], topic=REFERRALS)


def _headers(
    says: str, code: str, field: str | None, *changes: tuple[str, bytes | None]
) -> Refused:
    """A referral whose headers somebody changed: None takes one away."""
    record = encode(a_referral())
    headers = {**dict(record.headers), **dict(changes)}
    kept = [(name, value) for name, value in headers.items() if value is not None]
    hears = None if field == "source" else EPPERTSHAUSEN
    said = record._replace(headers=kept)
    return Refused(says, said, [(code, field)], topic=REFERRALS, sender=hears)


def _raw(says: str, value: bytes, code: str, field: str | None = None) -> Refused:
    said = encode(a_referral())._replace(value=value)
    return Refused(says, said, [(code, field)], topic=REFERRALS)


def _structured(says: str, value: bytes, code: str) -> Refused:
    said = Record(None, value, [(CONTENT_TYPE, STRUCTURED)])
    return Refused(says, said, [(code, None)], topic=REFERRALS, sender=None)


def _unread() -> list[Refused]:
    """Records that are not an event of the contract."""
    return [
        _raw("cut off", b'{"client": {', "value-unreadable"),
        _raw("not UTF-8", b'{"note": "\xe4"}', "value-unreadable"),
        _raw("no object", b'["client"]', "value-unreadable"),
        _raw("empty", b"", "value-unreadable"),
        _structured("structured, cut off", b'{"specversion": "1.0"', "value-unreadable"),
        _raw("too large", b" " * MAX_EVENT_BYTES + b"{}", "event-too-large"),
        _headers("no such type", "event-type-unknown", "type", ("ce_type", b"referral.asked.v1")),
        _headers(
            "no such version", "event-type-unknown", "type", ("ce_type", b"ledger.recorded.v9")
        ),
        _headers("no id", "attribute-missing", "id", ("ce_id", None)),
        _headers("empty id", "attribute-missing", "id", ("ce_id", b"")),
        _headers("a source of nobody", "attribute-invalid", "source", ("ce_source", b"//else/a/b")),
        _headers(
            "a time without zone", "attribute-invalid", "time", ("ce_time", b"2026-03-02T09:15:00")
        ),
        _headers("no legal basis", "legal-basis-missing", "legalbasis", ("ce_legalbasis", None)),
        _headers("no purpose", "purpose-missing", "purpose", ("ce_purpose", None)),
        _headers(
            "no classification",
            "classification-unknown",
            "dataclassification",
            ("ce_dataclassification", None),
        ),
        _headers(
            "no such classification",
            "classification-unknown",
            "dataclassification",
            ("ce_dataclassification", b"secret"),
        ),
        _spoiled("no service", "field-missing", "service", lambda data: data.pop("service")),
        _spoiled(
            "no such day",
            "field-invalid",
            "client.birth_date",
            lambda data: data["client"].update(birth_date="2026-02-30"),
        ),
        _spoiled("more than asked", "field-unknown", "religion", lambda d: d.update(religion="x")),
        _spoiled(
            "a remark on debts",
            "free-text-not-allowed",
            "note",
            lambda data: data.update(service="debt_counselling", note="Probe"),
        ),
        Refused(
            "another key",
            encode(a_referral())._replace(key=b"case-2"),
            [("key-mismatch", "subject")],
            topic=REFERRALS,
        ),
    ]


def _not_admitted() -> list[Refused]:
    """Events that their sender may not send, or not so."""
    late, early = NOW - timedelta(days=30, seconds=1), NOW + timedelta(minutes=5, seconds=1)
    return [
        _referral("unknown sender", "sender-unknown", "source", by=NOBODY),
        Refused("other topic", a_move(), [("wrong-topic", "type")], topic=REFERRALS),
        Refused(
            "the hub's own words",
            encode(Hub().takes(a_referral()).receipt)._replace(key=None),
            [("sender-unknown", "source")],
            topic=REFERRALS,
            sender="hub",
        ),
        Refused(
            "a block by the jobcenter",
            a_block(by=KFB),
            [("sender-not-permitted", "type")],
            sender=KFB,
        ),
        Refused(
            "a hand-over by a town",
            a_continuation(by=DIEBURG),
            [("sender-not-permitted", "type")],
            sender=DIEBURG,
        ),
        _referral(
            "a basis not declared", "legal-basis-not-permitted", "legalbasis", legalbasis="bmg-34"
        ),
        _referral("another purpose", "purpose-not-permitted", "purpose", purpose="residence"),
        _referral(
            "classified too low",
            "classification-too-low",
            "dataclassification",
            dataclassification="internal",
        ),
        _referral("consent not named", "field-missing", "consent", **CONSENT),
        _referral(
            "consent expired", "field-invalid", "consent.expires_at", consent=EXPIRED, **CONSENT
        ),
        _referral("too late", "too-late", "time", at=late),
        _referral("in the future", "time-in-future", "time", at=early),
        Refused(
            "much at once",
            a_referral(legalbasis="bmg-34", purpose="residence", at=late),
            [
                ("legal-basis-not-permitted", "legalbasis"),
                ("purpose-not-permitted", "purpose"),
                ("too-late", "time"),
            ],
        ),
    ]


def _not_routed() -> list[Refused]:
    """Events that can or may go to nobody."""
    opened = a_referral(to=CARITAS, **CONSENT, consent=HELD)
    return [
        _referral("unknown residence", "area-unknown", "client.ags", client={"ags": NO_SUCH_AGS}),
        _referral(
            "residence elsewhere", "area-unknown", "client.ags", client={"ags": DARMSTADT_AGS}
        ),
        Refused("moved nowhere", a_move(new_ags=NO_SUCH_AGS), [("area-unknown", "new_ags")]),
        Refused("moved from nowhere", a_move(old_ags=NO_SUCH_AGS), [("area-unknown", "old_ags")]),
        Refused(
            "serves nowhere",
            an_offer(service_area=[DIEBURG, NO_SUCH_AGS]),
            [("area-unknown", "service_area")],
        ),
        _referral("to a stranger", "recipient-unknown", "recipient", to=NOBODY),
        Refused(
            "forwarded to a stranger",
            a_step("forwarded", new_owner=NOBODY),
            [("recipient-unknown", "new_owner")],
            (a_referral(),),
            sender=KFB,
        ),
        Refused(
            "a case at a stranger",
            a_move(case_open_at=NOBODY),
            [("recipient-unknown", "case_open_at")],
        ),
        Refused(
            "a case at a town",
            a_move(case_open_at=DIEBURG),
            [("recipient-unknown", "case_open_at")],
        ),
        Refused(
            "a move with a recipient",
            a_move(to=KFB),
            [("recipient-not-permitted", "recipient")],
        ),
        Refused(
            "forwarded to who takes none",
            a_step("forwarded", new_owner="jc-darmstadt"),
            [("recipient-not-permitted", "new_owner")],
            (a_referral(),),
            sender=KFB,
        ),
        _referral("to who takes none", "recipient-not-permitted", "recipient", to="jc-darmstadt"),
        _referral("to oneself", "recipient-is-sender", "recipient", to=EPPERTSHAUSEN),
        _referral(
            "a service of one's own",
            "recipient-is-sender",
            "recipient",
            service="debt_counselling",
        ),
        _referral(
            "an offer of nobody",
            "recipient-required",
            "recipient",
            service="local_offer",
            offer_id="offer-1",
        ),
        _referral("to the uncommitted", "commitment-missing", "recipient", to=VEREIN),
        Refused(
            "forwarded to the uncommitted",
            a_step("forwarded", new_owner=VEREIN),
            [("commitment-missing", "new_owner")],
            (a_referral(),),
            sender=KFB,
        ),
        Refused(
            "a move nobody needs",
            a_move(case_open_at=None, new_ags=DARMSTADT_AGS),
            [("no-recipient", None)],
        ),
        Refused(
            "an offer for oneself",
            an_offer(by=KFB, service_area=["06411"]),
            [("no-recipient", None)],
            sender=KFB,
        ),
        Refused("an unheard step", a_step("accepted"), [("case-unknown", "subject")], sender=KFB),
        Refused("an unheard withdrawal", a_withdrawal(), [("case-unknown", "subject")]),
        Refused("an unheard offer", a_capacity(), [("case-unknown", "subject")]),
        Refused(
            "an unheard hand-over",
            a_continuation(by=KFB, **JURISDICTION),
            [("case-unknown", "subject")],
            sender=KFB,
        ),
        Refused(
            "a step of a third party",
            a_step("accepted", by=DIEBURG),
            [("not-a-participant", "subject")],
            (a_referral(),),
            sender=DIEBURG,
        ),
        Refused(
            "a step of the former owner",
            a_step("completed", by=KFB),
            [("not-a-participant", "subject")],
            (a_referral(), a_step("forwarded", new_owner=DIEBURG)),
            sender=KFB,
        ),
        Refused(
            "a step of another provider",
            a_step("accepted", by=VEREIN, **CONSENT),
            [("not-a-participant", "subject")],
            (opened,),
            sender=VEREIN,
        ),
    ]


def _not_theirs() -> list[Refused]:
    """Events on a case in which their sender has no part: ids are the senders' own."""
    outsider = [("not-a-participant", "subject")]
    moved, offered = (a_move(),), (an_offer(),)
    return [
        Refused(
            "another's referral again",
            a_referral(by=WEITERSTADT),
            outsider,
            (a_referral(),),
            sender=WEITERSTADT,
        ),
        Refused("a like-named move", a_move(by=WEITERSTADT), outsider, moved, sender=WEITERSTADT),
        Refused(
            "another's move corrected",
            a_correction(by=WEITERSTADT),
            outsider,
            moved,
            sender=WEITERSTADT,
        ),
        Refused(
            "another's move withdrawn",
            a_withdrawal(by=WEITERSTADT),
            outsider,
            moved,
            sender=WEITERSTADT,
        ),
        Refused(
            "another's block lifted",
            a_lifted_block(by=WEITERSTADT),
            outsider,
            (*moved, a_block()),
            sender=WEITERSTADT,
        ),
        Refused(
            "another's offer published",
            an_offer(by=DIEBURG),
            outsider,
            offered,
            sender=DIEBURG,
        ),
        Refused(
            "another's offer filled up", a_capacity(by=DIEBURG), outsider, offered, sender=DIEBURG
        ),
        Refused(
            "another's offer withdrawn",
            a_withdrawn_offer(by=KFB),
            outsider,
            offered,
            sender=KFB,
        ),
    ]


def _out_of_life() -> list[Refused]:
    """What may not be said of a referral as it stands."""
    asked, late = (a_referral(),), "2026-03-02T08:00:00+01:00"
    return [
        Refused(
            "completed before accepted",
            a_step("completed", outcome="service_received"),
            [("step-out-of-order", "status")],
            asked,
            sender=KFB,
        ),
        Refused(
            "accepted by who asked",
            a_step("accepted", by=EPPERTSHAUSEN),
            [("step-not-yours", "status")],
            asked,
        ),
        Refused(
            "expired by a party",
            a_step("expired", reason="no_answer"),
            [("step-not-yours", "status")],
            asked,
            sender=KFB,
        ),
        Refused(
            "cancelled by who asked, once accepted",
            a_step("cancelled", by=EPPERTSHAUSEN, reason="no_longer_needed"),
            [("step-not-yours", "status")],
            (*asked, a_step("accepted")),
        ),
        Refused(
            "forwarded back",
            a_step("forwarded", new_owner=EPPERTSHAUSEN),
            [("recipient-is-sender", "new_owner")],
            asked,
            sender=KFB,
        ),
        _referral("asked twice", "referral-already-open", "subject", *asked),
        _referral(
            "asked anew with a later filing date",
            "filing-date-later",
            "first_received_at",
            *asked,
            a_step("rejected", reason="at_capacity"),
            first_received_at=late,
        ),
    ]


def _id_reused() -> list[Refused]:
    first = a_referral(id="R-1", service="housing_costs")
    return [
        _referral("other data", "id-reused", "id", first, id="R-1"),
        _referral(
            "other case", "id-reused", "id", first, id="R-1", service="housing_costs", on="case-2"
        ),
        _referral(
            "other recipient", "id-reused", "id", first, id="R-1", service="housing_costs", to=KFB
        ),
        _referral(
            "other basis",
            "id-reused",
            "id",
            first,
            id="R-1",
            service="housing_costs",
            legalbasis="sgb1-16-2",
        ),
        Refused(
            "other type",
            a_step("cancelled", by=EPPERTSHAUSEN, id="R-1", reason="duplicate"),
            [("id-reused", "id")],
            (first,),
        ),
    ]


REFUSED: Final = [
    *_unread(),
    *_not_admitted(),
    *_not_routed(),
    *_not_theirs(),
    *_out_of_life(),
    *_id_reused(),
]
BEFORE_THE_RULES: Final = {
    ProblemCode.SOURCE_MISMATCH,
    ProblemCode.SIGNATURE_MISSING,
    ProblemCode.SIGNATURE_INVALID,
    ProblemCode.SIGNATURE_EXPIRED,
    ProblemCode.SIGNING_KEY_UNKNOWN,
    ProblemCode.SIGNING_KEY_REVOKED,
    ProblemCode.SUBJECT_ERASED,
    ProblemCode.CONTENT_ENCRYPTED,
}
"""Who its sender really is, and whether it opens: doors, notary and vault find it."""
