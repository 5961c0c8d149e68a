"""The door for HTTP, and the trail of what came in by it."""

import threading
import time

from hub.doors.asked import no_address
from hub.doors.carrying import publisher
from hub.doors.entering import entrance
from hub.doors.trace import trace_at_the_door
from hub.settings import Settings


def http_api(settings: Settings, stop: threading.Event) -> None:
    """Take in what parties post; raises HubError where it cannot be opened."""
    from connectors.http_api.serve import serve

    options = settings.http_api
    with (
        entrance(settings, options, "http_api") as callers,
        publisher(settings, "http_api", (), options.publish_timeout_s) as publish,
    ):
        beside = trace_at_the_door(settings, callers)
        try:
            serve(options, publish, callers, time.monotonic, stop, beside=beside)
        except OSError as error:
            raise no_address(error, "http_api", options.host, options.port) from error
