"""The parties' side of the HTTP door: posts CloudEvents, waits when told to, notes refusals."""

import http.client
import json
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

from hub.demo.errors import Interrupted
from hub.demo.sample import POSTS, Place, Post

PATH: Final = "/events"
ANSWER_WITHIN_S: Final = 30.0
RETRY_S: Final = 0.2
_MEDIA: Final = {
    "structured": "application/cloudevents+json",
    "batch": "application/cloudevents-batch+json",
    "binary": "application/json",
}
_LATER: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(slots=True)
class Poster:
    """Posts for every party over one connection each, one request after the other."""

    port: int
    tokens: Mapping[str, str]
    """Each party's token."""
    stop: threading.Event
    """Ends the coming again."""
    _lines: dict[str, http.client.HTTPConnection] = field(default_factory=dict)

    def post(self, post: Post) -> dict[Place, set[str]]:
        """Hand the request in; the codes it was refused for, none if it was accepted.

        Comes again for as long as the door says so or does not answer; raises Interrupted.
        """
        headers, body = _request(post)
        headers["Authorization"] = f"Bearer {self.tokens[post.party]}"
        while True:
            answer = self._send(post.party, headers, body)
            if answer is None or answer.status in _LATER:
                self._wait(float((answer and answer.retry_after) or RETRY_S))
            elif answer.status == HTTPStatus.ACCEPTED:
                return {}
            else:
                return {Place(POSTS, post.line): answer.codes()}

    def _wait(self, seconds: float) -> None:
        if self.stop.wait(seconds):
            raise Interrupted

    def close(self) -> None:
        """Hang up."""
        for line in self._lines.values():
            line.close()

    def _send(self, party: str, headers: Mapping[str, str], body: bytes) -> "_Answer | None":
        line = self._lines.get(party)
        if line is None:
            line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=ANSWER_WITHIN_S)
            self._lines[party] = line
        try:
            line.request("POST", PATH, body, dict(headers))
            response = line.getresponse()
            return _Answer(response.status, response.getheader("Retry-After"), response.read())
        except (OSError, http.client.HTTPException):
            line.close()
            return None


@dataclass(frozen=True, slots=True)
class _Answer:
    status: int
    retry_after: str | None
    body: bytes

    def codes(self) -> set[str]:
        try:
            problems = json.loads(self.body)["problems"]
            return {str(problem["code"]) for problem in problems}
        except (ValueError, KeyError, TypeError):
            return {f"http-{self.status}"}


def _request(post: Post) -> tuple[dict[str, str], bytes]:
    headers = {"Content-Type": _MEDIA[post.mode]}
    if post.mode == "batch":
        return headers, _json(post.events)
    event = dict(post.events[0])
    if post.mode == "structured":
        return headers, _json(event)
    data = event.pop("data")
    event.pop("datacontenttype", None)
    headers |= {f"ce-{name}": quote(value, safe=" /:+,") for name, value in event.items()}
    return headers, _json(data)


def _json(value: Any) -> bytes:  # noqa: ANN401 - JSON may be anything
    return json.dumps(value, ensure_ascii=False).encode()
