"""The event of a step as its sender would write it: a CloudEvent as one JSON object. Pure."""

from datetime import datetime
from typing import Any, Final

from hub.kit.case import Stimulus

SYSTEM: Final = "kit"


def written(
    stimulus: Stimulus, party: str, name: str, subject: str, now: datetime
) -> dict[str, Any]:
    """The event, said by this party under this id, on this case, at this time."""
    attributes = {
        "specversion": "1.0",
        "type": stimulus.type,
        "source": f"//kurze-wege/{party}/{SYSTEM}",
        "id": name,
        "subject": subject,
        "time": now.isoformat(),
        "datacontenttype": "application/json",
        "purpose": stimulus.purpose,
        "legalbasis": stimulus.legalbasis,
        "dataclassification": stimulus.dataclassification,
        "data": stimulus.data,
    }
    return {key: value for key, value in attributes.items() if value is not None}
