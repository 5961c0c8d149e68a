"""What a desk kept of a person is gone once their case has been over for long; figures stay."""

from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from hub.casework.desk import Terms
from hub.casework.views import View
from hub.stores.casework.erasing import Eraser
from hub.stores.casework.overview import SqlOverview
from schemas.codec import Record
from schemas.vocabulary import LegalBasis, Purpose
from tests.support.builders import EPPERTSHAUSEN, KFB, NOW, a_referral, a_step
from tests.support.desk_tables import DeskOf, DeskTables, asked
from tests.support.referral_courses import saying

KEPT: Final = timedelta(days=90)
LATER: Final = NOW + KEPT + timedelta(days=1)
ASKING: Final = Terms(Purpose.INTEGRATION, LegalBasis.SGB10_69)
NAME: Final = "Beispiel"


def _erase(desk: DeskTables, now: datetime = LATER) -> int:
    with closing(Eraser(desk.url, desk.here, KEPT)) as eraser:
        return eraser.step(now)


def _named(desk: DeskTables) -> int:
    """How many rows name the person."""
    inbox = desk.count("SELECT count(*) FROM inbox WHERE CAST(data AS TEXT) LIKE '%Beispiel%'")
    return inbox + desk.count(
        "SELECT count(*) FROM outbox WHERE CAST(payload AS TEXT) LIKE '%Beispiel%'"
    )


def _reject(desk: DeskTables, form: str = "form-1") -> None:
    version = desk.desk.peek("case-1").version
    no = saying("rejected", reason="at_capacity")
    desk.desk.say("case-1", "anna", version, no, form, NOW)
    desk.send()
    desk.deliver()


def test_what_is_over_for_long_is_erased(desk_of: DeskOf) -> None:
    """Content and remark are gone from the rows; history, case and figures are as they were."""
    kfb = asked(desk_of, note="Kommt mit ihrer Schwester.")
    _reject(kfb)
    assert _named(kfb) == 1
    history = kfb.desk.history("case-1")
    before = _figures(kfb)

    assert _erase(kfb, NOW + KEPT) == 0
    assert _erase(kfb) == 1
    assert _erase(kfb) == 0

    assert _named(kfb) == 0
    assert kfb.count("SELECT count(*) FROM inbox WHERE CAST(data AS TEXT) LIKE '%Schwester%'") == 0
    opened = kfb.desk.open("case-1", "anna", LATER)
    assert (opened.content, list(opened.papers)) == (None, [])
    assert kfb.listed(View.DONE) == ["case-1"]
    assert kfb.desk.history("case-1")[: len(history)] == history
    assert _figures(kfb) == before


def test_what_was_sent_by_hand_is_erased_too(desk_of: DeskOf) -> None:
    """The outbox keeps no person either, once the case is over at the other side."""
    town, kfb = desk_of(EPPERTSHAUSEN), desk_of(KFB)
    case = town.desk.start(a_referral().data, ASKING, "bert", "form-1", NOW)
    town.send()
    kfb.hub.take(a_step("rejected", by=KFB, on=case, reason="at_capacity"), NOW)
    town.deliver()
    assert _named(town) == 1
    assert _erase(town) == 1
    assert _named(town) == 0


def test_what_is_open_or_waits_stays(desk_of: DeskOf) -> None:
    """Nobody's open case is erased, however old, nor what the hub has not heard of yet."""
    kfb, town = asked(desk_of), desk_of(EPPERTSHAUSEN)
    town.desk.start(a_referral().data, ASKING, "bert", "form-1", NOW)
    assert (_erase(kfb), _erase(town)) == (0, 0)
    assert (_named(kfb), _named(town)) == (1, 1)


def test_what_comes_again_is_erased_again(desk_of: DeskOf) -> None:
    """A case that is asked anew after it was erased keeps its new content until it is over."""
    kfb = asked(desk_of)
    _reject(kfb)
    assert _erase(kfb) == 1
    kfb.hub.take(a_referral(on="case-1", id="again"), NOW)
    kfb.deliver()
    assert _erase(kfb) == 0
    opened = kfb.desk.open("case-1", "anna", LATER)
    assert [paper.data for paper in opened.papers] == [a_referral().data]
    _reject(kfb, "form-2")
    assert _erase(kfb) == 1
    assert _named(kfb) == 0


def test_what_could_not_be_read_is_erased(desk_of: DeskOf) -> None:
    """Of a record that nobody could read the bytes go, once somebody has taken note of it."""
    kfb = desk_of(KFB)
    kfb.put(Record(b"case-5", f'{{"client": "{NAME}"'.encode(), []))
    kfb.deliver()
    (case,) = kfb.listed(View.FAULTY)
    assert _erase(kfb) == 0
    kfb.desk.done(case, "anna", kfb.desk.peek(case).version, NOW)
    assert _erase(kfb) == 1
    assert kfb.count("SELECT count(*) FROM faulty") == 0


def test_records_of_clerks_are_kept_as_long_as_the_ledger(desk_of: DeskOf) -> None:
    """Who opened what stays for 400 days, whatever became of the case."""
    kfb = asked(desk_of)
    kfb.desk.open("case-1", "anna", NOW)
    _erase(kfb, NOW + timedelta(days=399))
    assert kfb.count("SELECT count(*) FROM acts") == 1
    _erase(kfb, NOW + timedelta(days=401))
    assert kfb.count("SELECT count(*) FROM acts") == 0


def test_the_file_itself_is_clean(desk_of: DeskOf) -> None:
    """SQLite's own files hold no byte of the name any more, its log neither."""
    kfb = asked(desk_of)
    if not kfb.url.startswith("sqlite"):
        return
    file = Path(kfb.url.removeprefix("sqlite:///"))
    _reject(kfb)
    assert NAME.encode() in _bytes(file)
    assert _erase(kfb) == 1
    assert NAME.encode() not in _bytes(file)


def _bytes(file: Path) -> bytes:
    return b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))


def _figures(desk: DeskTables) -> object:
    with closing(SqlOverview(desk.url, desk.here)) as overview:
        return overview.figures(NOW.date(), NOW.date(), NOW)
