"""A real browser, Debian's Chromium, and the pages served to it."""

import shutil
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Final

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from starlette.types import ASGIApp

from connectors.serving import Address, serve
from tests.support.office import NOW
from tests.support.parts import missing

PATIENCE_MS: Final = 60_000
"""How long a page may take on a machine that is busy with other things."""
ARTEFACTS: Final = Path(tempfile.gettempdir()) / "kurze-wege-artefacts"
"""Where pictures of the pages are kept, for people to look at."""
RULES: Final = ("wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice")
_AXE: Final = Axe()
_OPTIONS: Final = {
    "runOnly": {"type": "tag", "values": list(RULES)},
    "resultTypes": ["violations"],
}


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; missing, it says what to install."""
    program = shutil.which("chromium")
    if program is None:
        missing("Chromium", "apt-get install chromium")
    with sync_playwright() as playwright:
        arguments = ["--no-sandbox", "--lang=de", "--disable-dev-shm-usage"]
        browser = playwright.chromium.launch(executable_path=program, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """Where the application is reached; port 0 takes a free one."""
    stop, opened = threading.Event(), threading.Event()
    ports: list[int] = []

    def note(port: int) -> None:
        ports.append(port)
        opened.set()

    address = Address("127.0.0.1", port, stop_timeout_s=5)
    serving = threading.Thread(target=serve, args=(app, address, stop, note))
    serving.start()
    try:
        assert opened.wait(PATIENCE_MS / 1000)
        yield f"http://127.0.0.1:{ports[0]}"
    finally:
        stop.set()
        serving.join()


@contextmanager
def visit(browser: Browser, base: str, **options: Any) -> Iterator[Page]:  # noqa: ANN401 - Playwright's
    """A fresh window at these pages; whatever their scripts complain of is a failure.

    The browser's clock begins at the test's now, or `at` another time; None: the machine's own.
    """
    at: datetime | None = options.pop("at", NOW)
    usual: dict[str, Any] = {
        "base_url": base,
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 1360, "height": 900},
    }
    context: BrowserContext = browser.new_context(**(usual | options))
    context.set_default_timeout(PATIENCE_MS)
    try:
        page = context.new_page()
        if at is not None:
            page.clock.install(time=at)
        complaints: list[str] = []
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda said: complaints.append(said.text) if _complains(said) else None)
        yield page
        assert complaints == []
    finally:
        context.close()


def _complains(said: Any) -> bool:  # noqa: ANN401 - Playwright's
    """Whether a page broke its own policy or its script failed; a refused request is no fault."""
    return said.type in ("error", "warning") and "Failed to load resource" not in said.text


def violations(page: Page) -> list[str]:
    """What axe finds wrong with the page, with where it is."""
    found = _AXE.run(page, options=_OPTIONS)
    return [
        f"{each['id']}: {each['help']}: {node['target']}"
        for each in found.response["violations"]
        for node in each["nodes"]
    ]


def keep_picture(page: Page, name: str) -> None:
    """Keep how the page looks, whole."""
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=ARTEFACTS / f"{name}.png", full_page=True)
