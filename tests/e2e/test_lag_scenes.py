"""The hub says the truth in every scene of the comparison, played on a real Kafka."""

import pytest

from tests.bench_lag.run import run
from tests.bench_lag.scenes import ALL

pytestmark = [pytest.mark.e2e, pytest.mark.broker]


@pytest.mark.timeout(900)  # the scenes last: a transaction blocks after a minute
def test_the_hub_is_right_in_every_scene() -> None:
    """Lag and state are true in all of them; nothing is said where nothing is wrong."""
    found = run(ALL, with_peers=False)["scenes"]

    assert {
        name: one["hub"]["word"] for name, one in found.items() if not one["hub"]["right"]
    } == {}
    assert found.keys() == {scene.name for scene in ALL}
