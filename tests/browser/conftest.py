"""A browser for all tests of this folder, and a back office with real accounts and a real desk."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from hub.access.roles import Role
from hub.auditing import opened
from hub.place_file import load_places
from hub.stores.audit.upgrade import upgrade
from hub.web.figures import Room
from tests.support.accounts import PASSWORD
from tests.support.browser import chromium, served, visit
from tests.support.district import KFB
from tests.support.front_door import FrontDoor, front_door
from tests.support.office import NOW, PARTIES, fill
from tests.support.sql_stage import SqlStage, prepare


@dataclass
class BackOffice:
    """The jobcenter's back office as a browser reaches it."""

    base: str
    door: FrontDoor
    desk: SqlStage

    def sign_in(self, page: Page, name: str = "m.beispiel") -> None:
        """Sign in as a person does."""
        page.goto("/login")
        page.fill("#name", name)
        page.fill("#password", PASSWORD)
        page.keyboard.press("Enter")
        page.wait_for_url("**/inbox/unassigned")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Chromium; for no longer than a module, since its event loop is in the way of other tests'."""
    with chromium() as started:
        yield started


@pytest.fixture
def back_office(tmp_path: Path) -> Iterator[BackOffice]:
    """A morning at the jobcenter, with accounts of a clerk, a lead and an auditor."""
    url = f"sqlite:///{tmp_path / 'desk.sqlite'}"
    prepare(url, KFB, PARTIES, NOW)
    upgrade(f"sqlite:///{tmp_path / 'audit.sqlite'}")
    with (
        closing(opened(f"sqlite:///{tmp_path / 'audit.sqlite'}")) as audit,
        closing(SqlStage(url, KFB, PARTIES)) as desk,
        closing(desk.overview()) as overview,
        front_door(
            tmp_path, desk=desk, figures_from=Room(overview, load_places()), audit=audit
        ) as door,
    ):
        fill(desk)
        door.account("l.leitung", Role.LEAD)
        door.account("r.revision", Role.AUDITOR)
        with served(door.app) as base:
            yield BackOffice(base, door, desk)


@pytest.fixture
def window(browser: Browser, back_office: BackOffice) -> Iterator[Page]:
    """A window in which a clerk has signed in."""
    with visit(browser, back_office.base) as page:
        back_office.sign_in(page)
        yield page
