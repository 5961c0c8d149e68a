"""Address changes that are entered, and hand-overs that are continued."""

from datetime import date

import pytest

from hub.casework.happenings import Delivered
from schemas.events.address_change_corrected import AddressChangeCorrected
from schemas.events.address_change_reported import AddressChangeReported
from schemas.events.handover_continued import HandoverContinued
from tests.support.office import NOW, PETRA, Stage
from tests.support.page import Visitor


@pytest.mark.every_database
async def test_a_move_shows_both_addresses_and_is_entered(petra: Visitor, desk: Stage) -> None:
    """Who moved from where to where; one button says that it is entered."""
    page = await petra.page("/cases/U-4001")
    assert {"Person", "Umzug"} <= set(page.headings)
    assert "Neue Gemeinde Griesheim" in page.text
    assert "Bisherige Gemeinde Dieburg" in page.text
    assert "Gemeldet durch das Melderegister" in page.text

    answer = await petra.send(page.form("/cases/U-4001/entered"))
    assert "Das ist vermerkt." in (await petra.page(answer.to)).text
    assert desk.peek("U-4001").is_over
    again = await petra.send(page.form("/cases/U-4001/entered"))
    assert again.status == 303


async def test_a_block_warns(petra: Visitor) -> None:
    """An Auskunftssperre cannot be overlooked."""
    page = await petra.page("/cases/U-4002")

    assert "Es besteht eine Auskunftssperre (§ 51 BMG)" in page.text


@pytest.mark.every_database
async def test_a_handover_ends_when_the_new_carrier_continues(petra: Visitor, desk: Stage) -> None:
    """The first day the new carrier pays for is said to the old one."""
    page = await petra.page("/cases/U-4003")
    assert "Zahlt noch Kreisagentur für Beschäftigung Darmstadt-Dieburg" in page.text
    assert "Neue Gemeinde 06411000" in page.text

    form = await petra.page(page.links["Neuer Träger leistet weiter"])
    answer = await petra.send(form.form("/cases/U-4003/continued"), since="2026-12-01")

    assert answer.to == "/cases/U-4003?done=said#done"
    assert desk.said[-1] == (
        "U-4003",
        HandoverContinued(continued_since=date(2026, 12, 1)),
    )


async def test_a_handover_needs_its_day(petra: Visitor, desk: Stage) -> None:
    """Without a day nothing is said."""
    before = len(desk.said)
    form = (await petra.page("/cases/U-4003/continued")).form("/cases/U-4003/continued")
    for day in ("", "bald"):
        answer = await petra.send(form, since=day)
        assert answer.status == 422
        assert "#since" in answer.page.targets
    assert len(desk.said) == before


async def test_what_is_no_handover_is_not_continued(petra: Visitor) -> None:
    """The form belongs to open hand-overs only."""
    assert (await petra.get("/cases/R-1001/continued")).status == 404


@pytest.mark.every_database
async def test_a_correction_stands_beside_what_it_corrects(petra: Visitor, desk: Stage) -> None:
    """The newest version counts and is seen first; what was said before can be looked at."""
    reported = desk.open("U-4001", PETRA.id, NOW).content
    assert isinstance(reported, AddressChangeReported)
    corrected = AddressChangeCorrected.model_validate(
        reported.model_dump() | {"corrects": "e-1", "valid_from": date(2026, 11, 18)}
    )
    desk.happens("U-4001", Delivered(NOW, "06432008", corrected))

    page = await petra.page("/cases/U-4001")

    assert page.headings.index("Umzug, berichtigt") < page.headings.index("Umzug")
    assert page.text.index("18. November 2026") < page.text.index("15. November 2026")
    assert "Früher: Di., 24. Nov. 2026, 10:12 Uhr, Griesheim" in page.text
