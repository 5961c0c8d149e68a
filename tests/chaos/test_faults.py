"""The short form of the faults: each once, on one real Kafka, seeded by the printed seed."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.faults import FAULTS
from tests.chaos.run import play
from tests.chaos.site import Ground, Site, site

SHORT = ("kill", "freeze", "poison", "clock-jump")
"""What CI plays; `make chaos` plays all."""

pytestmark = [pytest.mark.chaos, pytest.mark.broker, pytest.mark.timeout(240)]


@pytest.fixture(scope="module")
def own_site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """A Kafka whose node may be killed."""
    with site(Ground(), tmp_path_factory.mktemp("chaos")) as there:
        yield there


@pytest.mark.parametrize(
    ("fault", "trusted"),
    [*((fault, False) for fault in SHORT), ("kill", True)],
    ids=[*SHORT, "kill-trusted"],
)
def test_a_fault_loses_repeats_and_reorders_nothing(
    fault: str, own_site: Site, request: pytest.FixtureRequest, *, trusted: bool
) -> None:
    """Whatever happens to a worker, each recipient reads each event once, in order, and proven.

    How soon is not judged here: other tests share the machine. `make chaos` judges it.
    """
    seed = int(request.config.getoption("randomly_seed"))

    outcome = play(fault, seed, own_site, rate=100, trusted=trusted)

    assert outcome.is_exact, outcome


def test_every_fault_is_known_by_a_sentence() -> None:
    """Who reads the list of faults learns what each one does, there and in the README."""
    readme = Path(__file__).with_name("README.md").read_text("utf-8")
    for name, fault in FAULTS.items():
        sentence = (fault.play.__doc__ or "").strip()
        assert sentence.endswith("."), name
        assert f"| `{name}` | {sentence}" in readme
