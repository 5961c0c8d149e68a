"""Hypothesis strategies for what anybody could put on an input topic, sense or nonsense.

Few cases, few ids and few parties, so that events meet; the same marker in every personal field.
"""

from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, Final

from hypothesis import strategies as st

from hub.domain.decision import Received
from schemas.codec import CONTENT_TYPE, STRUCTURED, Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import INPUTS, TOPIC_OF
from schemas.vocabulary import Classification, LegalBasis, Purpose
from tests.support import builders as say
from tests.support.answers import CARITAS, DARMSTADT, VEREIN

MARKED: Final[dict[str, Any]] = {
    "client_id": "MARKER-CLIENT",
    "family_name": "MarkerFamily",
    "given_names": "MarkerGiven",
    "birth_date": "1901-02-03",
    "street": "MarkerStreet",
    "house_number": "8765q",
    "additional": "MarkerBeside",
    "postal_code": "97531",
    "city": "MarkerCity",
    "phone": "+49 6151 8642097",
    "email": "marker@example.org",
    "languages": ["qzx"],
    "note": "MarkerNote",
}
"""A value for each personal field of the contract."""
MARKERS: Final = tuple(each[0] if isinstance(each, list) else each for each in MARKED.values())

_ADDRESS: Final = {
    name: MARKED[name] for name in ("street", "house_number", "additional", "postal_code", "city")
}
_PERSON: Final = {
    name: MARKED[name] for name in ("client_id", "family_name", "given_names", "birth_date")
}
_CLIENT: Final = {**_PERSON, **{name: MARKED[name] for name in ("phone", "email", "languages")}}
_NOTE: Final = MARKED["note"]
_BLOCK: Final = {"client_id": MARKED["client_id"]}
_TOWNS: Final = (say.EPPERTSHAUSEN, say.DIEBURG, say.WEITERSTADT)
_PARTIES: Final = (*_TOWNS, say.KFB, CARITAS, VEREIN, DARMSTADT)
_AREAS: Final = (*_TOWNS, "06432050", say.DARMSTADT_AGS)
_STEPS: Final[tuple[dict[str, Any], ...]] = (
    {"status": "accepted"},
    {"status": "rejected", "reason": "at_capacity"},
    {"status": "completed", "outcome": "enrolled"},
    {"status": "cancellation-requested", "reason": "no_longer_needed"},
    {"status": "appointment-made", "appointment": {"place": "phone", "at": say.NOW}},
    {"status": "expired", "reason": "no_answer"},
    *({"status": "forwarded", "new_owner": owner} for owner in (*_PARTIES, "nobody")),
)


def _pick(*choices: object) -> st.SearchStrategy[Any]:
    return st.sampled_from(choices)


def _seldom(odd: st.SearchStrategy[Any], usual: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """The usual, and one time in ten or so the odd."""
    return st.sampled_from([usual] * 9 + [odd]).flatmap(lambda chosen: chosen)


_STRANGERS: Final = ("nobody", "hub", CARITAS, VEREIN, DARMSTADT, say.KFB)
_ATTRIBUTES: Final[dict[str, st.SearchStrategy[Any]]] = {
    "by": _pick(say.EPPERTSHAUSEN, say.EPPERTSHAUSEN, say.DIEBURG, say.KFB),
    "on": _pick("case-1", "case-1", "case-1", "case-2"),
    "id": _pick(*(f"e-{n}" for n in range(9))),
}
_ODD: Final[dict[str, st.SearchStrategy[Any]]] = {
    "by": _pick(*_STRANGERS),
    "to": _pick(*_PARTIES, "nobody"),
    "legalbasis": st.sampled_from(LegalBasis),
    "purpose": st.sampled_from(Purpose),
    "dataclassification": st.sampled_from(Classification),
    "at": _pick(*(say.NOW + timedelta(days=days) for days in (-40, -1, 1))),
    "correlationid": _pick("c-1"),
    "sender": _pick("//kurze-wege/hub/forged"),
    "rule": _pick("forged"),
}
_MOVE: Final[dict[str, st.SearchStrategy[Any]]] = {
    "person": st.just(_PERSON),
    "old_ags": _pick(*_TOWNS, *_AREAS),
    "old_address": _pick(_ADDRESS, None),
    "new_ags": _pick(*_TOWNS, *_AREAS),
    "new_address": _pick(_ADDRESS, None),
    "case_open_at": _pick(*[say.KFB, DARMSTADT, None] * 3, *_PARTIES),
    "disclosure_blocked": st.booleans(),
}
_REFERRED: Final = st.fixed_dictionaries(
    {
        "ags": _pick(*_TOWNS, *_TOWNS, *_AREAS),
        "address": _pick(_ADDRESS, None),
        "disclosure_blocked": st.booleans(),
    }
).map(lambda said: {**_CLIENT, **said})
_OFFERED: Final = st.lists(_pick(*_TOWNS, *_AREAS, "06432"), min_size=1, max_size=2)

_CLIENT_AT_HOME: Final = st.just({**_CLIENT, "address": _ADDRESS})
_OFFERED_HERE: Final = st.lists(_pick(*_TOWNS, "06432"), min_size=1, max_size=2)


def _said(
    builder: Callable[..., Event[Data]], **fields: st.SearchStrategy[Any]
) -> st.SearchStrategy[Event[Data]]:
    changes = st.fixed_dictionaries(_ATTRIBUTES | fields)
    odd = st.sampled_from([*_ODD]).flatmap(lambda name: st.fixed_dictionaries({name: _ODD[name]}))
    return st.builds(
        lambda said, more: builder(**(said | more)), changes, _seldom(odd, st.just({}))
    )


EVENTS: Final[st.SearchStrategy[Event[Data]]] = st.one_of(
    _said(
        say.a_referral, client=_REFERRED, service=_pick("housing_costs"), note=_pick("MarkerNote")
    ),
    _said(say.a_referral, client=_REFERRED, service=_pick("debt_counselling"), to=_pick(*_PARTIES)),
    _said(say.an_old_fashioned_referral, client=_REFERRED),
    st.sampled_from(_STEPS).flatmap(
        lambda step: _said(say.a_step, **{name: st.just(value) for name, value in step.items()})
    ),
    _said(say.a_move, **_MOVE),
    _said(say.a_move, **_MOVE),
    _said(say.a_correction, **_MOVE),
    _said(say.a_withdrawal),
    _said(say.a_block, **{name: st.just(value) for name, value in _BLOCK.items()}),
    _said(say.a_lifted_block, **{name: st.just(value) for name, value in _BLOCK.items()}),
    _said(say.a_continuation, by=_pick(say.KFB, DARMSTADT)),
    _said(say.an_offer, service_area=_OFFERED),
    _said(say.a_capacity),
    _said(say.a_withdrawn_offer),
    _said(say.a_report, source=_pick("//kurze-wege/hub/mailbox", "//kurze-wege/kfb/mailbox")),
)
"""Events anybody could say, many of which must be refused."""

OPENINGS: Final[st.SearchStrategy[Event[Data]]] = st.one_of(
    *(
        st.builds(builder, on=_pick("case-1", "case-2"), id=_ATTRIBUTES["id"], **fields)
        for builder, fields in (
            (say.a_referral, {"client": _CLIENT_AT_HOME}),
            (say.a_move, {"person": st.just(_PERSON), "disclosure_blocked": st.booleans()}),
            (say.an_offer, {"service_area": _OFFERED_HERE}),
        )
    )
)
"""Events that open a case."""

_PERSONAL_JSON: Final = (
    b'{"client": {"family_name": "MarkerFamily", "birth_date": "MarkerGiven"}, "note": 97531}',
    b'{"MarkerCity 5": "MarkerStreet"}',
    b'"MarkerNote"',
    b'{"client": "marker@example.org", "MarkerBeside"',
)
_HEADERS: Final = (
    *((f"ce_{name}", b"") for name in ("id", "source", "subject", "time", "legalbasis")),
    *((f"ce_{name}", b"\xff\xfe") for name in ("id", "source", "type")),
    ("ce_id", b"MarkerNote 1"),
    ("ce_subject", b"MarkerFamily, MarkerGiven"),
    ("ce_source", b"//kurze-wege/MarkerCity/x"),
    ("ce_type", b"MarkerNote"),
    ("ce_purpose", b"MarkerNote"),
    ("ce_recipient", b"MarkerFamily"),
    (CONTENT_TYPE, STRUCTURED),
)


def _spoiled(event: Event[Data], spoil: tuple[str, bytes] | bytes | None) -> Record:
    record = encode(event)
    match spoil:
        case None:
            return record
        case bytes():
            return record._replace(value=spoil)
        case name, value:
            others = [(other, text) for other, text in record.headers if other != name]
            return record._replace(headers=[*others, (name, value)])


RECORDS: Final = st.builds(
    _spoiled,
    EVENTS,
    _seldom(
        st.one_of(st.sampled_from(_HEADERS), st.sampled_from(_PERSONAL_JSON), st.binary()),
        st.none(),
    ),
)
"""The same, some of them spoiled on the way."""


@st.composite
def lying(draw: st.DrawFn, offset: int = 0) -> Received:
    """Such a record where it belongs, or elsewhere, stamped as a client pleases."""
    record = draw(RECORDS)
    kind = dict(record.headers).get("ce_type", b"").decode(errors="replace").rpartition(".v")[0]
    home = TOPIC_OF.get(kind, INPUTS[0])
    topic = draw(_seldom(st.sampled_from(INPUTS), st.just(home)))
    now = st.just(round(say.NOW.timestamp() * 1000))
    stamp = draw(_seldom(st.integers(-(2**63), 2**63 - 1), now))
    key = draw(_seldom(_pick(None, b"\xff", b"case-3"), st.just(record.key)))
    return Received(topic.name, 2, offset, stamp, record._replace(key=key))


def stories(most: int = 15) -> st.SearchStrategy[Sequence[Received]]:
    """What lies on the topics one after the other: some cases are opened, then anything."""
    opened = st.lists(OPENINGS.map(say.received), max_size=4)
    told = st.builds(
        lambda first, then: [*first, *then], opened, st.lists(lying(), min_size=1, max_size=most)
    )
    return told.map(lambda all_: [each._replace(offset=n) for n, each in enumerate(all_)])
