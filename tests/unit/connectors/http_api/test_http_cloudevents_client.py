"""The CloudEvents project's own Python client speaks to the door."""

from datetime import UTC, datetime

import pytest
from cloudevents.core.bindings.http import to_binary, to_structured
from cloudevents.core.formats.json import JSONFormat
from cloudevents.core.v1.event import CloudEvent

from tests.support.http_door import AUTHORISED, Remembered, an_event, client_of


def foreign_event() -> CloudEvent:
    """The usual event as that package writes it."""
    attributes = an_event("e-ce:1")
    data = attributes.pop("data")
    attributes |= {
        "time": datetime(2024, 3, 5, 9, 30, tzinfo=UTC),
        "datacontenttype": "application/json",
        "vendorname": 'Größe % "1"',
    }
    return CloudEvent(attributes=attributes, data=data)


@pytest.mark.parametrize("write", [to_binary, to_structured])
async def test_what_it_writes_is_accepted(write: type) -> None:
    """Structured and binary requests of the package arrive as the same event."""
    publish = Remembered()
    message = write(foreign_event(), JSONFormat())

    async with client_of(publish) as client:
        answer = await client.post(
            "/events", content=message.body, headers=dict(message.headers) | AUTHORISED
        )

    assert answer.status_code == 202, answer.text
    [[event]] = publish.calls
    assert event.context.id == "e-ce:1"
    assert event.context.time == datetime(2024, 3, 5, 9, 30, tzinfo=UTC)
    assert event.data.model_dump(mode="json", exclude_none=True)["client"]["given_names"] == "Ute"
