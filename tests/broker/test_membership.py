"""A worker that is no member of its group any more does not wait for ever."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from hub.keeper import Change
from hub.streaming.fail_stop import EXIT_FAIL_STOP
from hub.supervisor import Supervisor
from tests.support.running_hub import declare_topics, worker
from tests.support.waiting import until

pytestmark = [pytest.mark.broker, pytest.mark.timeout(120)]


def test_a_membership_that_ends_is_noticed(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """What the client only logs ends the worker, loudly, so that its supervisor starts it again."""
    declare_topics(kafka, topic_prefix)
    child = worker("worker", kafka, topic_prefix)
    at = child.argv.index("hub")
    argv = [*child.argv[:at], "tests.broker.without_a_group", *child.argv[at + 1 :]]
    changes: list[Change] = []
    with Supervisor([replace(child, argv=argv)], tmp_path, changes.append):
        until(lambda: EXIT_FAIL_STOP in [change.status for change in changes], 60)
    lines = (tmp_path / "worker.log").read_text("utf-8").splitlines()
    said = [json.loads(line) for line in lines if line.startswith("{")]
    assert "membership is over" in [line["why"] for line in said if line["event"] == "fail_stop"]
