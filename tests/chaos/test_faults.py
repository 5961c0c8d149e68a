"""The short form of the faults: each once, on one real Kafka, seeded by the printed seed."""

from collections.abc import Iterator

import pytest

from hub.broker.cluster import Cluster
from tests.chaos.faults import BROKERS, FAULTS
from tests.chaos.run import Outcome, play
from tests.support.kafka import cluster

SHORT = ("kill", "freeze", "poison")
"""What CI plays; `make chaos` plays all."""

pytestmark = [pytest.mark.chaos, pytest.mark.broker, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def own_cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    """A Kafka whose nodes may be killed."""
    with cluster(tmp_path_factory.mktemp("chaos")) as started:
        yield started


@pytest.mark.parametrize("fault", SHORT)
def test_a_fault_loses_repeats_and_reorders_nothing(
    fault: str, own_cluster: Cluster, request: pytest.FixtureRequest
) -> None:
    """Whatever happens to a worker, each recipient reads each event once and in order."""
    seed = int(request.config.getoption("randomly_seed"))

    outcome = play(fault, seed, own_cluster, rate=100)

    assert outcome.sent > 0
    assert outcome == Outcome(
        fault=fault,
        seed=seed,
        sent=outcome.sent,
        lost=0,
        repeated=0,
        out_of_order=0,
        unexpected=0,
        recovered_s=outcome.recovered_s,
        lag=0,
        open_transactions=0,
        restarts=outcome.restarts,
    )


def test_every_fault_is_known_by_a_sentence() -> None:
    """Who reads the list of faults learns what each one does."""
    assert all(fault.__doc__ for fault in FAULTS.values())
    assert set(BROKERS) <= set(FAULTS)
