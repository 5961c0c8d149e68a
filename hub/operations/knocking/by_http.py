"""Hands probes in at the HTTP door, under the token of `hub`."""

import json
import ssl
from typing import Final

import httpx

from connectors.webhook.mapping import structured
from hub.errors import ConfigError
from hub.settings import Settings
from schemas.data import Data
from schemas.envelope import Event

ANSWER_WITHIN_S: Final = 10.0
ACCEPTED: Final = 202
PATH: Final = "/events"


class HttpKnock:
    """Posts under the token of `hub`; a door that does not answer is asked once a round."""

    def __init__(self, settings: Settings) -> None:
        """Connect with the first probe; raises ConfigError where its certificates are of no use."""
        self._token = settings.monitor.probe.token
        self._url = address(settings) + PATH
        self._client = httpx.Client(timeout=ANSWER_WITHIN_S, verify=_trusted(settings))
        self._away = ""

    def hand_in(self, event: Event[Data]) -> str:
        """202 says that Kafka has it."""
        if self._away or self._token is None:
            return self._away
        headers = {
            "Authorization": f"Bearer {self._token.get_secret_value()}",
            "Content-Type": "application/cloudevents+json",
        }
        try:
            answer = self._client.post(self._url, content=structured(event), headers=headers)
        except httpx.HTTPError as error:
            self._away = f"no answer, {type(error).__name__}"
            return self._away
        return "" if answer.status_code == ACCEPTED else f"HTTP {answer.status_code}{_code(answer)}"

    def objection(self, event: Event[Data]) -> str:
        """It said all when it was asked."""
        del event
        return ""

    def tidy(self, event: Event[Data]) -> None:
        """Nothing is left behind."""

    def close(self) -> None:
        """Hang up."""
        self._client.close()


def address(settings: Settings) -> str:
    """Where the HTTP door is asked."""
    given, door = settings.monitor.probe.http_url, settings.http_api
    host = f"[{door.host}]" if ":" in door.host else door.host
    scheme = "https" if door.tls_certificate else "http"
    return (given or f"{scheme}://{host}:{door.port}").rstrip("/")


def _trusted(settings: Settings) -> ssl.SSLContext:
    try:
        return ssl.create_default_context(cafile=settings.monitor.probe.ca_file)
    except OSError as error:
        remedy = "Name a file of certificates (PEM) this user may read."
        where = "monitor.probe.ca_file"
        raise ConfigError("Cannot be used.", where=where, remedy=remedy) from error


def _code(answer: httpx.Response) -> str:
    """The code of the problem that the door answered with (RFC 9457), if it did."""
    try:
        return " " + str(json.loads(answer.content)["type"]).rpartition(":")[2]
    except (ValueError, KeyError, TypeError):
        return ""
