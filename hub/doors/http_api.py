"""The door for HTTP, and the trail of what came in by it."""

import threading
import time

from hub.doors.asked import known, no_address
from hub.doors.carrying import publisher
from hub.doors.trace import trace_at_the_door
from hub.errors import ConfigError
from hub.settings import Settings


def http_api(settings: Settings, stop: threading.Event) -> None:
    """Take in what parties post; raises HubError where it cannot be opened."""
    from connectors.http_api.serve import serve
    from connectors.http_api.tokens import TokensUnreadable, all_tokens

    options = settings.http_api
    known(settings, tuple(options.tokens.values()), "http_api.tokens")
    with publisher(settings, options.publish_timeout_s) as publish:
        try:
            tokens = all_tokens(options.tokens, options.tokens_file)
            beside = trace_at_the_door(settings, tokens)
            serve(options, publish, time.monotonic, stop, beside=beside)
        except TokensUnreadable as error:
            remedy = "Write one line for each token: its SHA-256, a blank, the party."
            raise ConfigError(str(error), where="http_api.tokens_file", remedy=remedy) from error
        except OSError as error:
            raise no_address(error, "http_api", options.host, options.port) from error
