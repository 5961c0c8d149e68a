"""Plays the parts of a case: says what a party says, collects what lies in its mailbox."""

import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final

import httpx

from hub.kit.board import Board
from hub.kit.case import YOU, Role
from hub.kit.course import Course
from hub.kit.stimulus import written

STRUCTURED: Final = "application/cloudevents+json"
WITHIN_S: Final = 30.0
LATER: Final = (HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE)


@dataclass(slots=True)
class Player:
    """Takes the steps of the parties it plays, each once, by the doors everybody uses."""

    door: str
    """The address of the HTTP door."""
    mailbox: str
    """The address of the mailboxes."""
    tokens: Mapping[str, str]
    """Each party's token."""
    plays: Sequence[Role]
    now: Callable[[], datetime]
    _said: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What was said last in each case."""
    _taken: set[tuple[str, int]] = field(default_factory=set)
    _client: httpx.Client = field(default_factory=lambda: httpx.Client(timeout=WITHIN_S))

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def play(self, board: Board) -> None:
        """Take every step that is due now."""
        for course in board.waiting_for(self.plays):
            step = (course.case.id, course.at)
            if step not in self._taken and self._take(course):
                self._taken.add(step)

    def _take(self, course: Course) -> bool:
        """Whether the step was taken; else it is tried again."""
        try:
            return self._collect(course) if course.step.collects else self._say(course)
        except httpx.TransportError:
            return False

    def _say(self, course: Course) -> bool:
        step, party = course.step, course.roles.id(course.step.by)
        if step.event is not None:
            subject = course.subject or f"kit-{course.case.id}"
            name = f"kit-{uuid.uuid4()}"
            self._said[course.case.id] = written(step.event, party, name, subject, self.now())
        answer = self._client.post(
            f"{self.door}/events",
            json=self._said[course.case.id],
            headers={"Authorization": f"Bearer {self.tokens[party]}", "Content-Type": STRUCTURED},
        )
        if answer.status_code in LATER:
            return False
        if answer.status_code != HTTPStatus.ACCEPTED and step.refused_at_door is None:
            course.fail([f"The door did not take the kit's own event: {_codes(answer)}."])
        return True

    def _collect(self, course: Course) -> bool:
        party = course.roles.id(YOU)
        here = f"{self.mailbox}/mailbox/{party}"
        headers = {"Authorization": f"Bearer {self.tokens[party]}"}
        answer = self._client.get(here, headers=headers)
        if answer.status_code != HTTPStatus.OK:
            return False
        kind = f"{course.step.collects}."
        found = False
        for item in answer.json()["items"]:
            if item["subject"] == course.subject and item["type"].startswith(kind):
                one = f"{here}/{item['id']}"
                fetched = self._client.get(one, headers=headers)
                kept = self._client.post(f"{one}/acknowledge", headers=headers)
                found = fetched.is_success and kept.is_success
        return found


def _codes(answer: httpx.Response) -> str:
    try:
        return ", ".join(str(one["code"]) for one in answer.json()["problems"])
    except (ValueError, KeyError, TypeError):
        return f"HTTP {answer.status_code}"
