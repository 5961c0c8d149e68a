"""A day through the doors' own code and the hub's rules in one process, without a broker."""

import io
import json
import time
from collections import Counter
from collections.abc import Iterable

from connectors.callers.entrance import Caller
from connectors.file_drop.formats import open_format
from connectors.file_drop.reading import Place as Begin
from connectors.http_api.admission import admit
from connectors.http_api.mapping import Mode, read
from connectors.http_api.problems import NotAccepted
from hub.demo.arrivals import Seen
from hub.demo.reckoning import Found, handed
from hub.demo.sample import POSTS, HandIn, Place, Post, Sample
from hub.domain.decision import Kept, Limits, Received
from hub.party_file import load_parties
from hub.processors import ALL
from schemas.codec import Record, encode
from schemas.data import Data
from schemas.envelope import Event
from schemas.topics import LANE_OFFERS, TOPIC_OF


class HubInMemory:
    """Takes a day in; what came of it stands in `found`."""

    def __init__(self) -> None:
        """Start with an empty memory."""
        self.found = Found(Seen(), Counter(), {}, {})
        self._refused: dict[Place, set[str]] = {}
        self._handed_in: dict[str, float] = {}
        self._parties = load_parties()
        self._state = Kept()
        self._processors = {processor.SOURCE.name: processor for processor in ALL}
        self._offset = 0

    def take(self, sample: Sample) -> Found:
        """Every file and post, round by round; the tables get what the topics get."""
        for number in range(sample.expected.rounds):
            for file in sample.files:
                if file.round == number:
                    self._file(file)
            for post in sample.posts:
                if post.round == number:
                    self._post(post)
        seen = self.found.seen
        return Found(seen, Counter(seen.copies), self._refused, self._handed_in)

    def _file(self, file: HandIn) -> None:
        self._handed_in[file.name] = time.monotonic()
        stream = io.BytesIO(file.text.encode())
        name = file.name.rpartition("/")[2]
        form = open_format(stream, name, file.party, "0" * 64, lambda: ())
        list(form.check())
        for line in form.read(Begin()):
            if line is None:
                continue
            if line.event is None:
                codes = {str(finding.problem.code) for finding in line.findings}
                self._refused[Place(file.name, line.number)] = codes
            else:
                self._event(line.event)

    def _post(self, post: Post) -> None:
        place = Place(POSTS, post.line)
        self._handed_in[handed(place)] = time.monotonic()
        content: object = post.events if post.mode == "batch" else post.events[0]
        mode = Mode.BATCH if post.mode == "batch" else Mode.STRUCTURED
        sayings = read(mode, [], json.dumps(content).encode(), 100)
        try:
            self._events(admit(sayings, Caller(post.party), batch=post.mode == "batch"))
        except NotAccepted as refused:
            self._refused[place] = {str(found.code) for found in refused.findings}

    def _events(self, events: Iterable[Event[Data]]) -> None:
        for event in events:
            self._event(event)

    def _event(self, event: Event[Data]) -> None:
        self._record(TOPIC_OF[event.data.TYPE].name, encode(event))

    def _record(self, topic: str, record: Record) -> None:
        """What becomes of a record, and of what the only lane tells itself because of it."""
        self._offset += 1
        received = Received(topic, 0, self._offset, int(time.time() * 1000), record)
        state = self._state
        decision = self._processors[topic].handle(received, state, self._parties, Limits())
        state.remember(decision.state)
        self.found.seen.note(topic, record, time.monotonic())
        for output in decision.outputs:
            if output.topic == LANE_OFFERS.name:
                self._record(output.topic, output.record)
            else:
                self.found.seen.note(output.topic, output.record, time.monotonic())
