"""The headers that prove who calls, what was said and when (Standard Webhooks 1.0.0). Pure."""

import hmac
from base64 import b64encode
from collections.abc import Sequence


def signed(keys: Sequence[bytes], message_id: str, at: int, body: bytes) -> dict[str, str]:
    """The three headers of an attempt at `at` (seconds since 1970), one signature for each key."""
    content = b"%s.%d.%s" % (message_id.encode(), at, body)
    digests = (hmac.digest(key, content, "sha256") for key in keys)
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(at),
        "webhook-signature": " ".join(f"v1,{b64encode(one).decode()}" for one in digests),
    }
