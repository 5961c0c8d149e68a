"""Ten thousand open cases in a real browser: the inbox stays as short as it was."""

from pathlib import Path
from typing import Final

import pytest
from playwright.sync_api import Browser, expect
from sqlalchemy import insert, select

from connectors.sql.database import open_database
from hub.stores.casework.tables import case_files
from tests.browser.conftest import BackOffice
from tests.support.browser import keep_picture, violations, visit

pytestmark = pytest.mark.browser
MANY: Final = 10_000
FEW: Final = 48
"""How many nobody works on without them."""
PER_PAGE: Final = 25


def multiply(url: str) -> None:
    """Put so many more referrals beside those of the morning, each like one of them."""
    engine = open_database(url)
    morning = select(case_files).where(case_files.c.case_id.startswith("R-20"))
    with engine.begin() as connection:
        found = connection.execute(morning).mappings().all()
        many = [{**found[n % len(found)], "case_id": f"M-{n:05d}"} for n in range(MANY)]
        connection.execute(insert(case_files), many)
    engine.dispose()


def test_ten_thousand_open_cases(browser: Browser, back_office: BackOffice, tmp_path: Path) -> None:
    """They are counted, come in pages, are found by number and taken over; nothing is too long."""
    multiply(f"sqlite:///{tmp_path / 'desk.sqlite'}")
    with visit(browser, back_office.base) as page:
        back_office.sign_in(page)
        rows = page.locator("table.cases tbody tr")
        expect(page.locator("table.cases caption")).to_contain_text("10.048 Vorgänge")
        expect(rows).to_have_count(PER_PAGE)
        last = -(-(MANY + FEW) // PER_PAGE)
        page.get_by_role("link", name=f"Seite {last}").click()
        page.wait_for_url(f"**page={last}")
        expect(rows).to_have_count((MANY + FEW) % PER_PAGE)
        keep_picture(page, "inbox-many")
        assert violations(page) == []

        page.get_by_label("Vorgangsnummer").fill("M-0999")
        page.get_by_role("button", name="Filtern").click()
        page.wait_for_url("**search=M-0999**")
        expect(rows).to_have_count(10)
        page.get_by_role("link", name="Alle auf dieser Seite auswählen").click()
        page.get_by_role("button", name="Ausgewählte übernehmen").click()
        expect(page.locator("h1")).to_contain_text("10 von 10 Vorgängen")
