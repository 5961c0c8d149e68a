"""The collector of spans: does it take any, if it should?"""

import ssl

import httpx

from hub.doctor.addresses import ANSWER_WITHIN_S
from hub.doctor.check import Check, Health
from hub.settings import Settings
from hub.tracing.opening import check_installed

PART = "tracing"
OTLP = "application/x-protobuf"


def collector(settings: Settings) -> Check:
    """Whether it takes a message without spans; raises MissingPart without the extra."""
    options = settings.tracing
    if not options.endpoint:
        return Check(PART, Health.OK, "no spans are asked for: tracing.endpoint is not set")
    check_installed(options)
    headers = {"Content-Type": OTLP}
    if options.token is not None:
        headers["Authorization"] = f"Bearer {options.token.get_secret_value()}"
    remedy = "Start the collector, or correct tracing.endpoint."
    try:
        trusted = ssl.create_default_context(cafile=options.ca_file)
        with httpx.Client(verify=trusted, timeout=ANSWER_WITHIN_S, trust_env=False) as client:
            answer = client.post(options.endpoint, content=b"", headers=headers)
    except (httpx.HTTPError, OSError) as error:
        return _lost(f"{options.endpoint} does not answer ({type(error).__name__})", remedy)
    if not answer.is_success:
        return _lost(f"{options.endpoint} answers {answer.status_code}", remedy)
    return Check(PART, Health.OK, f"{options.endpoint} takes spans")


def _lost(found: str, remedy: str) -> Check:
    return Check(PART, Health.WARN, f"{found}; spans are lost, events are not", remedy)
