"""The site's pictures and filters in a browser, with scripts and without."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

from drafter.services.instance import Instance
from tests.serving import served

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
OVER = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
PAGES = (
    "", "check/", "assemblies/", "assemblies/norwich-2019/", "amendments/", "amendments/votes/",
    "amendments/0018/", "amendments/0002/",
)  # fmt: skip


@pytest.fixture(scope="module")
def site(kept: Instance) -> Iterator[str]:
    """The public folder as any web host would serve it."""
    with served(kept.public) as address:
        yield f"{address}/v3/"


@pytest.mark.parametrize(
    ("width", "scheme"),
    [(1280, "light"), pytest.param(360, "dark", marks=pytest.mark.full)],
)
def test_pages_are_fit_for_all_and_no_wider_than_the_screen(
    browser: Browser, site: str, width: int, scheme: str
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)  # type: ignore[arg-type]
    page = context.new_page()
    for path in PAGES:
        page.goto(site + path)
        page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        found = Axe().run(page, options=RULES).response["violations"]
        assert [(each["id"], each["nodes"][0]["html"]) for each in found] == [], path
        assert page.evaluate(OVER) == 0, path
    context.close()


def test_no_page_is_wider_than_a_phone(browser: Browser, site: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 640})
    for path in PAGES:
        page.goto(site + path)
        assert page.evaluate(OVER) == 0, path
    page.close()


def test_a_filter_shows_what_fits_and_is_kept_in_the_address(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}amendments/")
    rows = page.locator("#amendments > tbody > tr:visible")
    assert rows.count() == 24
    page.locator("select[name=outcome]").select_option("rejected")
    assert rows.count() == 3
    assert page.get_by_role("status").inner_text() == "3 of 24 amendments"
    page.locator("select[name=chapter]").select_option("drafts/04-voting-and-elections.md")
    assert rows.count() == 2
    assert "outcome=rejected" in page.url
    page.reload()
    assert rows.count() == 2
    page.goto(f"{site}assemblies/?model=elected&level=nowhere")
    assert page.locator("#assemblies > tbody > tr:visible").count() == 3
    page.close()


def test_without_a_script_everything_is_there_and_no_filter(browser: Browser, site: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}assemblies/?model=elected")
    assert page.locator("#assemblies > tbody > tr:visible").count() == 14
    assert page.locator("form.filters:visible").count() == 0
    page.locator(".map a").first.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/assemblies/london-2018/")
    context.close()


def test_a_band_stands_out_when_its_end_is_pointed_at(browser: Browser, site: str) -> None:
    page = browser.new_page()
    page.goto(f"{site}assemblies/")
    opacity = "one => getComputedStyle(one).fillOpacity"
    band = page.locator(".flow .to-1").first
    other = page.locator(".flow .to-2").first
    page.locator(".flow .at-1 a").focus()
    assert float(band.evaluate(opacity)) > 0.5 > float(other.evaluate(opacity))
    page.locator(".flow .source a").first.focus()
    assert float(page.locator(".flow .source .band").first.evaluate(opacity)) > 0.5
    page.close()
