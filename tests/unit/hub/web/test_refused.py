"""What a clerk reads when something does not work."""

from pathlib import Path

import pytest

from connectors.errors import Later
from hub.casework.refusals import AlreadySent
from tests.support.office import Stage
from tests.support.page import Visitor


async def test_a_database_that_is_away(
    petra: Visitor, desk: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It says that nothing is lost and to try again; not what is away."""

    def away(*_: object) -> None:
        raise Later(5, "sqlite:///secret-place is locked")

    monkeypatch.setattr(desk, "counts", away)
    answer = await petra.get("/inbox/mine")

    assert answer.status == 503
    assert answer.page.headings == ["Die Datenbank antwortet gerade nicht"]
    assert "Es ist nichts verloren." in answer.page.text
    assert "secret-place" not in answer.response.text
    assert answer.response.headers["Retry-After"] == "5"


async def test_a_fault_of_ours_quotes_nothing(
    petra: Visitor,
    desk: Stage,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
) -> None:
    """The page says sorry, the log says where; neither says what it was about."""

    def broken(*_: object) -> None:
        raise ValueError("Ute Beispiel, Röderweg 12")

    monkeypatch.setattr(desk, "open", broken)
    answer = await petra.get("/cases/R-1001")

    told = capsys.readouterr()
    logged = told.out + told.err + caplog.text  # a test before may have set up the hub's own log
    assert answer.status == 500
    assert answer.page.headings == ["Bei uns ist etwas schiefgegangen"]
    assert "Beispiel, Röderweg" not in answer.response.text + logged
    assert "web_fault" in logged


async def test_a_form_sent_with_other_entries(
    petra: Visitor, desk: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Back, changed and sent again: the first sending counts, and its case is linked."""

    def already(*_: object) -> None:
        raise AlreadySent("R-1001")

    monkeypatch.setattr(desk, "say", already)
    address = "/cases/R-1001/steps/accepted"
    answer = await petra.send((await petra.page(address)).form(address))

    assert answer.status == 409
    assert answer.page.headings == ["Dieses Formular wurde schon gesendet"]
    assert answer.page.links["Vorgang ansehen"] == "/cases/R-1001"


@pytest.mark.parametrize("address", ["/nowhere", "/cases", "/claims", "/static/x.css"])
async def test_an_address_there_is_not(petra: Visitor, address: str) -> None:
    """A page in the clerk's language with a way back, and the status that fits."""
    answer = await petra.get(address)

    assert answer.status in (404, 405)
    assert answer.page.headings == ["Unter dieser Adresse gibt es nichts"]
    assert answer.page.links["Zum Eingang"] == "/"


async def test_the_pages_are_up(petra: Visitor) -> None:
    """A supervisor asks without knowing anything."""
    assert (await petra.get("/healthz")).response.text == "up\n"


def test_nobody_reads_a_template_that_is_not_used() -> None:
    """Every template is shown by a page, or is part of one."""
    sources = "".join(path.read_text() for path in Path("hub/web").rglob("*.py"))
    folder = Path("hub/web/templates")
    texts = {path.name: path.read_text() for path in folder.iterdir()}

    for name in texts:
        others = sources + "".join(text for other, text in texts.items() if other != name)
        assert f'"{name}"' in others, name
