"""Who brought these words, in a real browser: pointed at, focused, tapped, and without a script."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect

from drafter.services.instance import Instance
from tests.browser.test_pages import RULES
from tests.serving import served

AMENDED, SPLIT, GONE, TABLE = "c-ax9mry", "c-8xczz7", "c-n71rmm", "c-7c16vc"

Visit = Callable[..., Page]


@pytest.fixture
def public(kept: Instance) -> Iterator[str]:
    with served(kept.public) as address:
        yield address


@pytest.fixture
def visit_clause(browser: Browser, public: str) -> Iterator[Visit]:
    opened: list[BrowserContext] = []

    def open_one(
        clause: str,
        *,
        scripts: bool = True,
        width: int = 1280,
        dark: bool = False,
        touch: bool = False,
    ) -> Page:
        context = browser.new_context(
            java_script_enabled=scripts,
            viewport={"width": width, "height": 900},
            color_scheme="dark" if dark else "light",
            has_touch=touch,
            is_mobile=touch,
        )
        opened.append(context)
        context.set_default_timeout(10_000)
        page = context.new_page()
        page.goto(f"{public}/c/{clause}/")
        return page

    yield open_one
    for context in opened:
        context.close()


@pytest.mark.parametrize("clause", [AMENDED, SPLIT, GONE, TABLE])
@pytest.mark.parametrize(("width", "dark"), [(320, True), (1280, False)])
def test_a_clauses_page_fits_and_is_readable(
    visit_clause: Visit, clause: str, width: int, dark: bool
) -> None:
    page = visit_clause(clause, width=width, dark=dark)
    page.locator("a.brought").first.focus()
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    broken = Axe().run(page, options=RULES).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"][:120]) for one in broken] == []


def test_a_phrase_pointed_at_shows_who_brought_it_until_it_is_left(visit_clause: Visit) -> None:
    page = visit_clause(AMENDED)
    card = page.locator(".brought-card")
    expect(card).to_be_hidden()
    page.get_by_role("link", name="eight", exact=True).hover()
    expect(card).to_contain_text("Amendment 10, accepted 13 to 4 with 1 abstaining")
    expect(card).to_contain_text("From comment 16. Going back to Birmingham 2019, proposal 3")
    expect(page.locator("#by-2")).to_have_class("by-1 same")
    card.get_by_text("Amendment 10").hover()
    expect(card).to_be_visible()
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    page.get_by_role("link", name="eight", exact=True).hover()
    page.locator("h1").hover()
    expect(card).to_be_hidden()


def test_every_phrase_is_reached_by_keyboard_and_described(visit_clause: Visit) -> None:
    page = visit_clause(AMENDED)
    phrases = page.locator("a.brought")
    page.get_by_role("link", name="Comment or suggest wording").focus()
    for number in range(phrases.count()):
        page.keyboard.press("Tab")
        expect(phrases.nth(number)).to_be_focused()
        described = phrases.nth(number).get_attribute("aria-describedby")
        who = page.locator(f"#{described} .brought-by").inner_text()
        expect(page.locator(".brought-card .brought-by")).to_have_text(who)
    page.keyboard.press("Enter")
    assert page.url.endswith("#by-3")


def test_a_tap_shows_who_brought_a_phrase_and_another_hides_it(visit_clause: Visit) -> None:
    page = visit_clause(AMENDED, width=360, touch=True)
    page.get_by_role("link", name="eight", exact=True).tap()
    expect(page.locator(".brought-card")).to_contain_text("Amendment 10")
    assert "#by-" not in page.url
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    page.get_by_role("link", name="eight", exact=True).tap()
    expect(page.locator(".brought-card")).to_be_hidden()


def test_without_a_script_a_phrase_leads_to_its_entry(visit_clause: Visit) -> None:
    page = visit_clause(AMENDED, scripts=False)
    page.get_by_role("link", name="eight", exact=True).click()
    assert page.url.endswith("#by-2")
    expect(page.locator("#by-2")).to_contain_text("Amendment 10, accepted 13 to 4")
    assert page.locator("#by-2").bounding_box() is not None


def test_on_paper_the_numbers_and_the_list_say_who_brought_what(visit_clause: Visit) -> None:
    page = visit_clause(AMENDED)
    page.get_by_role("link", name="eight", exact=True).hover()
    page.emulate_media(media="print")
    expect(page.locator(".brought-card")).to_be_hidden()
    expect(page.locator("a.brought sup").first).to_be_visible()
    expect(page.locator("#who-2")).to_be_visible()
    expect(page.get_by_role("link", name="Comment or suggest wording")).to_be_hidden()
