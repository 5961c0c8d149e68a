"""How soon a click at one desk is seen at another's: `python -m tests.bench.click`.

Broker, worker and two back offices run as processes on this machine. A clerk of the Kreisagentur
makes and moves appointments; the time counts until Eppertshausen's desk shows them. It judges
nothing.
"""

import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from typing import Final

from connectors.errors import Broken, Later
from hub.casework.desk import Terms
from hub.casework.progress import Here
from hub.casework.refusals import Refused
from hub.stores.casework.sql_desk import SqlDesk
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import EPPERTSHAUSEN, KFB, a_referral
from tests.support.command import hub, running_hub
from tests.support.desks_in_memory import PARTIES
from tests.support.kafka import cluster
from tests.support.referral_courses import saying
from tests.support.waiting import until

ROUNDS: Final = 30
LOOK_S: Final = 0.005
TERMS: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)


def main() -> None:
    """Start everything, click, and print how long it took."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        kafka = stack.enter_context(cluster(folder / "kafka"))
        env = {"HUB_KAFKA__BOOTSTRAP": kafka.bootstrap, "HUB_WEB__PORT": "0"}
        hub("topics", "apply", folder=folder, env=env)
        stack.enter_context(running_hub("worker", folder=folder, env=env))
        for party in (KFB, EPPERTSHAUSEN):
            own = env | {"HUB_WEB__DATABASE": _url(folder, party)}
            stack.enter_context(running_hub("web", "--party", party, folder=folder, env=own))
        town = stack.enter_context(_desk(folder, EPPERTSHAUSEN))
        kfb = stack.enter_context(_desk(folder, KFB))
        case = _accepted(town, kfb)
        taken = [_clicked(town, kfb, case, number) * 1000 for number in range(ROUNDS)]
    sys.stdout.write(
        f"from a click to the other desk, {ROUNDS} times: median {median(taken):.0f} ms,"
        f" least {min(taken):.0f} ms, longest {max(taken):.0f} ms\n"
    )


def _url(folder: Path, party: str) -> str:
    return f"sqlite:///{folder / f'{party}.sqlite'}"


@contextmanager
def _desk(folder: Path, party: str) -> Iterator[SqlDesk]:
    until((folder / f"{party}.sqlite").exists)
    with closing(SqlDesk(_url(folder, party), Here(party, PARTIES))) as desk:
        yield desk


def _accepted(town: SqlDesk, kfb: SqlDesk) -> str:
    """A referral on which everything has settled."""
    started: list[str] = []

    def is_started() -> bool:
        with suppress(Broken, Later):
            now = datetime.now(UTC)
            started.append(town.start(a_referral().data, TERMS, "bert", "form-1", now))
        return bool(started)

    until(is_started)
    case = started[0]

    def is_accepted() -> bool:
        with suppress(Refused, Broken, Later):
            file = kfb.open(case, "anna", datetime.now(UTC)).file
            now = datetime.now(UTC)
            return bool(kfb.say(case, "anna", file.version, saying("accepted"), "form-2", now))
        return False

    until(is_accepted)
    until(lambda: town.peek(case).status == "accepted")
    return case


def _clicked(town: SqlDesk, kfb: SqlDesk, case: str, number: int) -> float:
    """Seconds from the click until the other desk shows it."""
    at = datetime.now(UTC).replace(microsecond=0) + timedelta(days=1 + number)
    status = "appointment-moved" if number else "appointment-made"
    said = saying(status, appointment={"place": "town_hall", "at": at})
    version = kfb.peek(case).version
    began = time.perf_counter()
    kfb.say(case, "anna", version, said, f"form-{status}-{number}", datetime.now(UTC))
    while town.peek(case).appointment_at != at:
        time.sleep(LOOK_S)
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
