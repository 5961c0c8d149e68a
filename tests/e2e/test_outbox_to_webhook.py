"""From a row of a party's database to a call of another party's system, by real processes."""

import json
import signal
from base64 import b64encode
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.webhook.secrets import PREFIX
from connectors.webhook.signature import signed
from tests.contract.subject_outbox import PARTY as SENDER
from tests.contract.subject_outbox import Outbox, disposed
from tests.contract.subject_webhook import LOOPBACK, SECRET, Receiver
from tests.support.builders import KFB, a_referral
from tests.support.command import hub, running_hub
from tests.support.waiting import until
from tests.support.wire_forms import structured

pytestmark = [pytest.mark.e2e, pytest.mark.broker]


def test_a_row_becomes_a_call(kafka: str, topic_prefix: str, tmp_path: Path) -> None:
    """A referral written as a row is posted to its recipient, signed; its row is marked."""
    (tmp_path / "secrets").write_text(
        f"{KFB} {PREFIX}{b64encode(SECRET).decode()}\n", encoding="utf-8"
    )
    with ExitStack() as stack:
        outbox = stack.enter_context(disposed(Outbox.on_sqlite(tmp_path)))
        receiver = stack.enter_context(Receiver())
        env = {
            "HUB_KAFKA__BOOTSTRAP": kafka,
            "HUB_TOPIC_PREFIX": topic_prefix,
            "HUB_SQL_OUTBOX__DATABASE": outbox.engine.url.render_as_string(hide_password=False),
            "HUB_SQL_OUTBOX__PARTY": SENDER,
            "HUB_WEBHOOK__RECEIVERS": json.dumps({KFB: receiver.url}),
            "HUB_WEBHOOK__SECRETS_FILE": "secrets",
            "HUB_WEBHOOK__ALLOW_NETWORKS": json.dumps(LOOPBACK),
            "HUB_WEBHOOK__ALLOW_HTTP": "true",
        }
        assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
        running = {
            name: stack.enter_context(running_hub(*name.split(), folder=tmp_path, env=env))
            for name in ("worker", "connect sql_outbox", "connect webhook")
        }
        event = a_referral(at=datetime.now(UTC), on="case-1")
        outbox.say([structured(event)])
        until(lambda: bool(receiver.calls))
        until(lambda: outbox.waiting() == 0)
        for process in running.values():
            process.send_signal(signal.SIGTERM)
        ended = {name: process.wait(30) for name, process in running.items()}
        (call,) = receiver.calls
        (row,) = outbox.rows()

    said = json.loads(call.body)
    at = int(call.headers["webhook-timestamp"])
    expected = signed([SECRET], call.message_id, at, call.body)
    assert ended == dict.fromkeys(running, 0)
    assert (said["type"], said["subject"], said["recipient"]) == (
        "referral.requested.v1",
        "case-1",
        KFB,
    )
    assert call.headers["webhook-signature"] == expected["webhook-signature"]
    assert row["published_at"] is not None
    assert row["refused_at"] is None
    assert "Beispiel" not in (tmp_path / "err.log").read_text(encoding="utf-8")
