"""A worker is not ended for records nobody can read."""

import time
from pathlib import Path

import pytest
from kafka import KafkaProducer

from tests.support.running_hub import running_worker

pytestmark = [pytest.mark.broker, pytest.mark.timeout(180)]


def test_an_aborted_tail_is_no_stall(
    kafka: str, topic_prefix: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After an aborted transaction and silence beyond the watchdog's limit the worker lives."""
    limit_s = 5
    monkeypatch.setenv("HUB_WORKER__WATCHDOG_S", str(limit_s))
    with running_worker(kafka, topic_prefix, tmp_path) as changes:
        producer = KafkaProducer(
            bootstrap_servers=kafka, transactional_id=f"{topic_prefix}changed-its-mind"
        )
        producer.init_transactions()
        producer.begin_transaction()
        producer.send(f"{topic_prefix}referrals", key=b"case-x", value=b"x").get(timeout=10)
        producer.abort_transaction()
        producer.close()

        log = tmp_path / "worker.log"
        until = time.monotonic() + 60
        while "lanes_opened" not in log.read_text() and time.monotonic() < until:
            time.sleep(0.1)
        time.sleep(4 * limit_s)  # the silence is what is tested

        assert "lanes_opened" in log.read_text()
        assert [change for change in changes if change.status is not None] == []
