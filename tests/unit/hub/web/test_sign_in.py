"""Signing in and out, as a browser sees it."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.front_door import FrontDoor, front_door


@pytest.fixture
def door(tmp_path: Path) -> Iterator[FrontDoor]:
    """An office of the jobcenter."""
    with front_door(tmp_path) as made:
        yield made


async def test_the_way_in(door: FrontDoor) -> None:
    """Whoever opens the inbox signs in first, and then stands where they wanted to be."""
    browser = door.browser()
    led = await browser.open("/inbox/unassigned?sort=case")
    assert led.status_code == 303
    await browser.open(led.headers["location"])
    arrived = await browser.send("/login", name="m.beispiel", password="sieben Zwerge im Odenwald")
    assert arrived.headers["location"] == "/inbox/unassigned?sort=case"
    page = await browser.open(arrived.headers["location"])
    assert page.status_code == 200
    assert "Mara Beispiel" in page.text
