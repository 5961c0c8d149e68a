"""Debian's Chromium, driven by Playwright, and pages served where it can reach them."""

import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import Queue

from playwright.sync_api import Browser, sync_playwright
from starlette.types import ASGIApp

from connectors.serving import Address, serve
from tests.support.parts import missing

WITHIN_S = 60


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser; the test is skipped where it is not installed."""
    found = shutil.which("chromium")
    if found is None:
        missing("Chromium", "apt-get install chromium")
    arguments = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=arguments)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def served(app: ASGIApp, port: int = 0) -> Iterator[str]:
    """The application at an address of this machine, as long as the context lasts."""
    stop, ports = threading.Event(), Queue[int]()
    address = Address("127.0.0.1", port, stop_timeout_s=5)
    server = threading.Thread(target=serve, args=(app, address, stop, ports.put))
    server.start()
    try:
        yield f"http://127.0.0.1:{ports.get(timeout=WITHIN_S)}"
    finally:
        stop.set()
        server.join(WITHIN_S)
