"""A real server on a free port, on a real instance of the example report, and a real browser."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from werkzeug.serving import make_server

from drafter.services import signing_in
from drafter.services.authority import OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.web.app import create_app

# Werkzeug's own server leaves a file open when a browser breaks off a download (it first reads on
# from the closed connection). The files that the app opens are watched in tests/web.
ABANDONED = "ignore::pytest.PytestUnraisableExceptionWarning"

CHROMIUM = Path("/usr/bin/chromium")
REPORT = Path(__file__).parents[2]


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.fail("These tests need a browser. Install it: apt-get install chromium")
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        yield opened
        opened.close()


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    """The example report with a panel of five."""
    path = tmp_path / "instance"
    Instance.create(path, REPORT).close()
    (path / "settings.toml").write_text("[sign_in]\nsecond_factor = false\n", encoding="utf-8")
    made = Instance.open(path)
    signing_in.add_seats(made, OPERATOR, 5)
    yield made
    made.close()


@pytest.fixture
def server(instance: Instance) -> Iterator[str]:
    """The app on a free port, stopped at the end; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    served = make_server("127.0.0.1", 0, create_app(instance, demo=True), threaded=True)
    instance.base_url = f"http://127.0.0.1:{served.server_port}"
    thread = threading.Thread(target=served.serve_forever, name="server")
    thread.start()
    yield instance.base_url
    served.shutdown()
    thread.join(10)
    served.server_close()


@pytest.fixture
def visit(browser: Browser, server: str) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own: no cookies of others, scripts off unless asked for."""
    opened: list[BrowserContext] = []

    def open_one(*, scripts: bool = False, width: int = 1280, dark: bool = False) -> Page:
        context = browser.new_context(
            base_url=server,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
        )
        opened.append(context)
        context.set_default_timeout(10_000)
        return context.new_page()

    yield open_one
    for context in opened:
        context.close()


@pytest.fixture
def sign_in(instance: Instance, server: str) -> Callable[[Page, Actor], None]:
    """Sign in on a page by a fresh one-time link."""

    def follow(page: Page, who: Actor) -> None:
        page.goto(signing_in.mint_link(instance, OPERATOR, who))
        page.get_by_role("button", name="Sign in", exact=True).click()

    return follow


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.filterwarnings(ABANDONED))
