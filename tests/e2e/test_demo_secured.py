"""`hub demo` on a Kafka as in production: every process comes in by TLS and with a user."""

import json
from pathlib import Path

import pytest

from tests.support.command import running_hub
from tests.support.kafka import cluster
from tests.support.working_day import make_day, write_day

pytestmark = [pytest.mark.e2e, pytest.mark.broker]

WITHIN_S = 200


def test_a_day_over_tls_with_a_user(tmp_path: Path) -> None:
    """Doors, lanes and sinks speak SASL_SSL with SCRAM, and nothing is lost or repeated."""
    write_day(tmp_path / "day", make_day(seed=7, n=120))
    with cluster(tmp_path / "kafka", secured=True) as kafka:
        assert kafka.security is not None
        env = {
            "HUB_KAFKA__SECURITY_PROTOCOL": "SASL_SSL",
            "HUB_KAFKA__USERNAME": "hub",
            "HUB_KAFKA__PASSWORD_FILE": str(kafka.security.password_file),
            "HUB_KAFKA__CA_FILE": str(kafka.security.ca_file),
        }
        words = ("--once", "-o", "json", "--day", str(tmp_path / "day"))
        there = ("--bootstrap", kafka.bootstrap)
        with running_hub("demo", *words, *there, folder=tmp_path, env=env) as demo:
            out, _ = demo.communicate(timeout=WITHIN_S)

    said = json.loads(out)
    assert demo.returncode == 0
    assert said["delivered"] > said["events_in"] > 0
    assert (said["lost"], said["repeated"], said["unexpected"], said["missed"]) == (0, 0, 0, 0)
