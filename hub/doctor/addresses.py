"""Whether somebody answers by HTTP where a connector or the monitor should."""

import ssl
from typing import Final

import httpx

ANSWER_WITHIN_S: Final = 3.0
EVERYWHERE: Final = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - not listened on
"""Who listens everywhere is asked on this machine."""


def answers(
    host: str, port: int, *, tls: bool = False, insists: bool = False, path: str = "/healthz"
) -> str:
    """Why nobody answers there; an empty text if somebody does, whatever the answer is.

    `insists`: on a certificate, which nobody has who only asks; to be turned away for that will do.
    """
    asked = EVERYWHERE.get(host, host)
    address = f"[{asked}]" if ":" in asked else asked
    scheme = "https" if tls else "http"
    try:
        with httpx.Client(verify=_whoever(), timeout=ANSWER_WITHIN_S, trust_env=False) as client:
            answer = client.get(f"{scheme}://{address}:{port}{path}")
    except httpx.HTTPError as error:
        if insists and not isinstance(error, httpx.ConnectError | httpx.TimeoutException):
            return ""  # by TLS 1.3 a certificate is asked for once there is a connection
        return f"{address}:{port} does not answer ({type(error).__name__})"
    if answer.is_server_error:
        return f"{address}:{port} answers {answer.status_code}"
    return ""


def _whoever() -> ssl.SSLContext:
    """Nothing is told to who answers, so it need not prove who it is."""
    context = ssl.create_default_context()
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context
