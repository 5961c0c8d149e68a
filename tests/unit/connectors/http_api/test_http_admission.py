"""Which events come in."""

import json

import pytest

from connectors.callers.entrance import Caller
from connectors.http_api.admission import admit
from connectors.http_api.json_format import from_json_value
from connectors.http_api.problems import NotAccepted
from connectors.http_api.said import Said
from schemas.codec import encode
from schemas.events.referral_requested import ReferralRequested
from schemas.topics import MAX_EVENT_BYTES
from tests.support.http_door import EPPERTSHAUSEN, an_event

CALLER = Caller(EPPERTSHAUSEN)


def test_older_version_comes_in_as_the_newest() -> None:
    """What the pilot spoke is understood and passed on in today's words."""
    client = an_event()["data"]["client"]
    data = {
        "client": client,
        "service": "debt_counselling",
        "on_site": True,
        "received_at": "2024-03-05T09:00:00Z",
        "received_by": EPPERTSHAUSEN,
    }
    event = an_event(type="referral.requested.v0", data=data)

    [admitted] = admit([from_json_value(event)], CALLER, batch=False)

    assert isinstance(admitted.data, ReferralRequested)
    assert admitted.context.type == "referral.requested.v1"


def test_size_is_attributes_and_data_as_sent() -> None:
    """At the limit an event comes in, a byte above it does not; blanks weigh too."""
    offer = {
        "name": "Deutsch am Vormittag",
        "organisation": "VHS",
        "category": "language",
        "description": "Kurs",
        "service_area": ["06432"],
        "assured_date": "2024-03-01",
    }
    event = an_event(
        type="support-offer.published.v1",
        purpose="directory",
        legalbasis="sgb1-17",
        dataclassification="public",
        data=offer,
    )
    said = from_json_value(event)
    assert said.data is not None
    blanks = b" " * (MAX_EVENT_BYTES - said.size())
    full = Said(said.attributes, blanks + said.data)
    [admitted] = admit([full], CALLER, batch=False)
    assert encode(admitted).size() < MAX_EVENT_BYTES

    with pytest.raises(NotAccepted) as refused:
        admit([Said(said.attributes, b" " + blanks + said.data)], CALLER, batch=False)

    assert [found.code for found in refused.value.findings] == ["event-too-large"]


def test_gravest_problem_gives_the_status() -> None:
    """Unreadable before too large before not yours before not in the contract."""
    sayings = [
        from_json_value(an_event("e-1", purpose=None)),
        from_json_value(an_event("e-2", source="//kurze-wege/kfb/akte")),
        from_json_value(an_event("e-3", note="x" * MAX_EVENT_BYTES)),
    ]
    with pytest.raises(NotAccepted) as refused:
        admit(sayings, CALLER, batch=True)
    assert refused.value.status == 413
    assert [found.index for found in refused.value.findings] == [2, 1, 0]

    with pytest.raises(NotAccepted) as refused:
        admit([*sayings, from_json_value(5)], CALLER, batch=True)
    assert refused.value.status == 400


def test_number_of_named_problems_is_bounded() -> None:
    """A batch full of faults is answered briefly."""
    sayings = [from_json_value({}) for _ in range(100)]

    with pytest.raises(NotAccepted) as refused:
        admit(sayings, CALLER, batch=True)

    assert len(refused.value.findings) == 50


def test_padding_of_unknown_extensions_counts() -> None:
    """Extensions that are read over still weigh."""
    event = an_event(vendor="x" * MAX_EVENT_BYTES)

    with pytest.raises(NotAccepted) as refused:
        admit([from_json_value(json.loads(json.dumps(event)))], CALLER, batch=False)

    assert refused.value.status == 413
