"""The pages of changes in a real browser: filters, keys, two ways of drawing, for hand and ear."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect
from werkzeug.serving import make_server

from drafter.services.instance import Instance
from drafter.web.app import create_app

from .test_pages import RULES

SINCE = "/v3/changes/since-v1/"
DRAFT = "/take-part/draft/"

Open = Callable[..., Page]


@pytest.fixture(scope="module")
def example(kept: Instance) -> Iterator[str]:
    """The example report as it was made, served; gives its address."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    served = make_server("127.0.0.1", 0, create_app(kept), threaded=True)
    thread = threading.Thread(target=served.serve_forever, name="example")
    thread.start()
    yield f"http://127.0.0.1:{served.server_port}"
    served.shutdown()
    thread.join(10)
    served.server_close()


@pytest.fixture
def look(browser: Browser, example: str) -> Iterator[Open]:
    opened: list[BrowserContext] = []

    def open_one(
        address: str, *, scripts: bool = True, width: int = 1280, dark: bool = False
    ) -> Page:
        context = browser.new_context(
            base_url=example,
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
        )
        opened.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(address)
        return page

    yield open_one
    for context in opened:
        context.close()


def names(page: Page) -> list[str]:
    """Name the changes that are seen."""
    found: list[str] = page.evaluate(
        "[...document.querySelectorAll('[data-change]')]"
        ".filter(one => one.checkVisibility()).map(one => one.id)"
    )
    return found


@pytest.mark.parametrize(
    ("address", "width", "dark"),
    [
        (SINCE, 1280, False),
        (f"{SINCE}?view=beside", 360, True),
        ("/v3/changes/", 360, True),
        (DRAFT, 360, False),
    ],
)
def test_a_page_of_changes_is_whole_for_hand_and_ear(
    look: Open, address: str, width: int, dark: bool
) -> None:
    page = look(address, width=width, dark=dark)
    page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    found = Axe().run(page, options=RULES)
    faults = [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]]
    assert faults == []
    assert page.evaluate("document.documentElement.scrollWidth") == width


def test_filters_are_kept_in_the_address_and_are_cleared(look: Open) -> None:
    page = look(SINCE)
    count = page.locator("#count")
    expect(count).to_have_text("38 changes")
    page.get_by_label("Amendment").select_option("24")
    expect(count).to_have_text("13 of 38 changes")
    page.get_by_label("Chapter", exact=True).select_option("04-voting-and-elections")
    expect(count).to_have_text("0 of 38 changes")
    page.get_by_label("Amendment").select_option("")
    page.get_by_label("Assembly").select_option("leeds-2018")
    shown = names(page)
    assert 0 < len(shown) < 6
    assert page.url.endswith("?chapter=04-voting-and-elections&assembly=leeds-2018")
    page.goto(page.url)
    assert names(page) == shown
    page.get_by_role("button", name="Clear").click()
    expect(count).to_have_text("38 changes")
    assert page.url.endswith(SINCE)


def test_what_an_address_names_is_shown_whatever_the_filters_ask(look: Open) -> None:
    page = look(SINCE)
    folded = page.locator("[data-kind=formatting]")
    name = folded.get_attribute("id")
    expect(folded).to_be_hidden()
    page = look(f"{SINCE}?kind=added#{name}")
    expect(page.locator(f"[id='{name}']")).to_be_visible()
    expect(page.locator("#count")).to_have_text("38 changes")


def test_keys_and_links_lead_to_the_next_change_that_is_shown(look: Open) -> None:
    page = look(f"{SINCE}?kind=edited")
    shown = names(page)
    focused = "document.activeElement.id"
    page.keyboard.press("n")
    assert page.evaluate(focused) == shown[0]
    page.keyboard.press("j")
    page.keyboard.press("n")
    assert page.evaluate(focused) == shown[2]
    page.keyboard.press("k")
    assert page.evaluate(focused) == shown[1]
    assert page.url.endswith(f"#{shown[1]}")
    page.locator(f"[id='{shown[1]}']").get_by_role("link", name="Next change").click()
    assert page.url.endswith(f"#{shown[2]}")
    page.locator("#keys input").uncheck()
    page.keyboard.press("p")
    assert page.url.endswith(f"#{shown[2]}")
    page.goto(SINCE)
    expect(page.locator("#keys input")).not_to_be_checked()


def test_the_way_of_drawing_needs_no_script_and_is_kept_in_the_address_by_one(look: Open) -> None:
    for scripts in (False, True):
        page = look(SINCE, scripts=scripts)
        change = page.locator("[data-amendments='22']")
        expect(change.locator("del").first).to_be_visible()
        expect(change.locator(".side-by-side")).to_be_hidden()
        page.get_by_label("Side by side").check()
        expect(change.locator(".side-by-side")).to_be_visible()
        expect(change.locator(".in-text")).to_be_hidden()
        expect(page.locator("#filters")).to_be_visible(visible=scripts)
    assert page.url.endswith("?view=beside")
    page.reload()
    expect(page.get_by_label("Side by side")).to_be_checked()


def test_moved_text_is_linked_both_ways(look: Open) -> None:
    page = look(SINCE, scripts=False)
    page.get_by_role("link", name="from 7.11, Nations").click()
    page.locator(".left:target").get_by_role("link", name="moved to 8.5").click()
    expect(page.locator(".change:target")).to_contain_text("land border in Ireland")


def test_on_paper_every_change_stands_in_the_text(look: Open) -> None:
    page = look(f"{SINCE}?view=beside&kind=added")
    page.emulate_media(media="print")
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert len(names(page)) == 38
    expect(page.locator(".side-by-side >> visible=true")).to_have_count(0)


def test_a_journalist_finds_who_asked_how_each_seat_voted_and_the_first_words(look: Open) -> None:
    page = look("/v3/changes/", scripts=False)
    page.get_by_role("link", name="From version 1 to version 3").click()
    change = page.locator(".change", has_text="reached the age of")
    expect(change).to_contain_text("accepted 13 to 6 with 1 abstaining, from comment 1")
    change.get_by_role("link", name="How each seat voted").click()
    expect(page.get_by_role("row", name="Seat 7")).to_be_visible()
    page.go_back()
    change.get_by_role("link", name="Leeds 2018, proposal 4").click()
    expect(page.locator(":target")).to_contain_text("sixteen")
    page.goto("/v3/changes/")
    page.get_by_role("link", name="in the working draft").click()
    expect(page.get_by_text("Not adopted.")).to_be_visible()
    expect(page.locator("[data-amendments='25']")).to_contain_text("Saturday morning")
