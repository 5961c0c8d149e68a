"""From one party's back office to another's and back: broker, worker and desks as processes."""

import signal
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from datetime import UTC, datetime
from pathlib import Path

import pytest

from connectors.backoffice.upgrade import upgrade as upgrade_inbox
from connectors.errors import Broken, Later
from hub.casework.case_file import CaseFile, Sending
from hub.casework.desk import Terms, Wanted
from hub.casework.progress import Here
from hub.casework.refusals import CaseNotHere
from hub.casework.views import View
from hub.stores.casework.beginning import begin
from hub.stores.casework.sql_desk import SqlDesk
from hub.stores.casework.upgrade import upgrade
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import EPPERTSHAUSEN, KFB, a_referral
from tests.support.command import hub, running_hub
from tests.support.desks_in_memory import PARTIES
from tests.support.referral_courses import saying
from tests.support.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.broker]
ASKING = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)


@pytest.fixture(name="env")
def _env(kafka: str, topic_prefix: str) -> dict[str, str]:
    """Settings of a hub of this test's own on the shared broker."""
    return {"HUB_KAFKA__BOOTSTRAP": kafka, "HUB_TOPIC_PREFIX": topic_prefix, "HUB_WEB__PORT": "0"}


def _url(folder: Path, party: str) -> str:
    return f"sqlite:///{folder / f'{party}.sqlite'}"


@contextmanager
def _desk(folder: Path, party: str) -> Iterator[SqlDesk]:
    """The desk that the pages of this party's process would work on."""
    with closing(SqlDesk(_url(folder, party), Here(party, PARTIES))) as desk:
        yield desk


def _peek(desk: SqlDesk, case: str) -> CaseFile | None:
    with suppress(CaseNotHere):
        return desk.peek(case)
    return None


def test_asked_accepted_and_told(env: dict[str, str], tmp_path: Path) -> None:
    """A referral sent at one desk is accepted at the other; each sees it confirmed."""
    assert hub("topics", "apply", folder=tmp_path, env=env).code == 0
    with ExitStack() as stack:
        running = [stack.enter_context(running_hub("worker", folder=tmp_path, env=env))]
        for party in (KFB, EPPERTSHAUSEN):
            own = env | {"HUB_WEB__DATABASE": _url(tmp_path, party)}
            words = ("web", "--party", party)
            running.append(stack.enter_context(running_hub(*words, folder=tmp_path, env=own)))
        until(
            lambda: all((tmp_path / f"{party}.sqlite").exists() for party in (KFB, EPPERTSHAUSEN))
        )
        until(lambda: "connector_starting" in (tmp_path / "err.log").read_text("utf-8"))
        town = stack.enter_context(_desk(tmp_path, EPPERTSHAUSEN))
        kfb = stack.enter_context(_desk(tmp_path, KFB))
        until(lambda: _is_begun(town) and _is_begun(kfb))

        case = town.start(a_referral().data, ASKING, "bert", "form-1", datetime.now(UTC))
        until(lambda: town.peek(case).sending is Sending.CONFIRMED)
        until(lambda: _peek(kfb, case) is not None)
        opened = kfb.open(case, "anna", datetime.now(UTC))
        said = saying("accepted")
        kfb.say(case, "anna", opened.file.version, said, "form-2", datetime.now(UTC))
        until(lambda: kfb.peek(case).sending is Sending.CONFIRMED)
        until(lambda: town.peek(case).status == "accepted")
        for process in running:
            process.send_signal(signal.SIGTERM)
        assert [process.wait(30) for process in running] == [0, 0, 0]
        history = [moment.what for moment in town.history(case)]

    assert history == [
        "referral.requested",
        "receipt.delivered",
        "receipt.seen",
        "referral.status-changed",
    ]
    assert "Beispiel" not in (tmp_path / "err.log").read_text("utf-8")


def _is_begun(desk: SqlDesk) -> bool:
    """Whether its tables are there and it is known whose desk it is."""
    with suppress(Broken, Later):
        return desk.cases(Wanted(View.ALL, "nobody"), datetime.now(UTC)).total == 0
    return False


def test_anothers_desk(env: dict[str, str], tmp_path: Path) -> None:
    """A desk on another's database is refused, and a sink that would keep it from its own."""
    url = _url(tmp_path, "desk")
    upgrade_inbox(url)
    upgrade(url)
    begin(url, Here(KFB, PARTIES), datetime.now(UTC))
    own = env | {"HUB_WEB__DATABASE": url}
    said = hub("web", "--party", EPPERTSHAUSEN, "--log-level", "ERROR", folder=tmp_path, env=own)
    unknown = hub("web", "--party", "nobody", "--log-level", "ERROR", folder=tmp_path, env=own)
    nobodys = hub("web", "--log-level", "ERROR", folder=tmp_path, env=own)
    tables = env | {"HUB_BACKOFFICE__DATABASE": url, "HUB_BACKOFFICE__PARTIES": KFB}
    beside = hub("connect", "backoffice", "--log-level", "ERROR", folder=tmp_path, env=tables)

    assert [one.code for one in (said, unknown, nobodys, beside)] == [2, 2, 2, 2]
    assert "backoffice.database: hub web keeps in it what is delivered to kfb." in beside.err
    assert "web.database: It is the desk of kfb." in said.err
    assert "Give each party a database of its own." in said.err
    assert "Not in the registry of parties: nobody." in unknown.err
    assert "hub web --party kfb" in nobodys.err
