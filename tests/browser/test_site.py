"""The published site in a real browser, as files behind a plain web server: every kind of page."""

from __future__ import annotations

import gzip
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page

from drafter.services.instance import Instance
from tests.publish.pages import broken_links
from tests.serving import served

FULL = bool(os.environ.get("DRAFTER_FULL"))
CONTRAST: dict[str, object] = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}
RULES: dict[str, object] = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CHAPTER = "v3/04-voting-and-elections/"
PAGES = (
    "",
    "v3/",
    CHAPTER,
    "v1/04-voting-and-elections/",
    "v3/all/",
    "v3/changes/",
    "v3/changes/since-v1/",
    "v3/amendments/",
    "v3/amendments/0022/",
    "v3/assemblies/",
    "v3/assemblies/leeds-2018/",
    "v3/search/?q=assembly",
    "v3/404.html",
    "404.html",
)
"""One of every kind; the page of a clause is added."""
COLOURED = ("", CHAPTER, PAGES[3], "v3/changes/since-v1/", "v3/amendments/0022/", PAGES[11])
"""Those that have every colour between them."""
HEAVIEST = 220 * 1024
"""Bytes, packed, of all that a browser loads for a page of the report."""
NOTE_WHAT_IS_FORBIDDEN = """
window.forbidden = [];
addEventListener("securitypolicyviolation", (event) =>
  forbidden.push(event.violatedDirective + event.blockedURI));
"""


@pytest.fixture(scope="module")
def site(kept: Instance) -> Iterator[str]:
    """The public folder on a plain web server; gives its address."""
    with served(kept.public) as address:
        yield f"{address}/"


@pytest.fixture
def opened(browser: Browser, site: str) -> Iterator[Callable[..., Page]]:
    """Open a browser of one's own on the site."""
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = 1280, **options: object) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            **options,  # type: ignore[arg-type]
        )
        contexts.append(context)
        context.set_default_timeout(10_000)
        context.add_init_script(NOTE_WHAT_IS_FORBIDDEN)
        return context.new_page()

    yield open_one
    for context in contexts:
        context.close()


def clause_in(kept: Instance, version: str, words: str) -> str:
    """Find the id of the clause of the chapter on voting that begins with these words."""
    page = (kept.public / version / "04-voting-and-elections" / "index.html").read_text()
    return "c-" + page[: page.index(words)].rpartition('id="c-')[2].partition('"')[0]


@pytest.mark.parametrize(("width", "scheme"), [(320, "light"), (1280, "dark")])
def test_every_kind_of_page_is_readable_reachable_and_asks_nobody_else(
    opened: Callable[..., Page], kept: Instance, site: str, width: int, scheme: str
) -> None:
    # At reduced size: in the dark only colours are other ones.
    rules = CONTRAST if scheme == "dark" and not FULL else RULES
    page, asked = opened(width=width, color_scheme=scheme), set[str]()
    page.on("request", lambda request: asked.add(request.url))
    clause = sorted(each.name for each in (kept.public / "c").iterdir())[0]
    wrong: list[object] = []
    pages = COLOURED if rules is CONTRAST else (*PAGES, f"c/{clause}/")
    for address in pages:
        page.goto(address)
        page.evaluate("document.fonts.ready.then(() => true)")
        if "?q=" in address:
            page.locator(".results li").first.wait_for()
        wrong += [(address, fault) for fault in faults(page, rules)]
    assert wrong == []
    assert len(asked) > len(pages)
    assert [url for url in asked if not url.startswith((site, "data:"))] == []


def faults(page: Page, rules: dict[str, object]) -> list[object]:
    page.evaluate("document.querySelectorAll('main details').forEach(one => one.open = true)")
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    broken = Axe().run(page, options=rules).response["violations"]
    found: list[object] = [(one["id"], one["nodes"][0]["html"][:160]) for one in broken]
    found += page.evaluate("forbidden")
    return [*([f"{too_wide} px too wide"] if too_wide > 0 else []), *found]


def test_a_script_that_got_into_a_page_would_not_run(opened: Callable[..., Page]) -> None:
    page = opened()
    page.route(
        f"**/{CHAPTER}",
        lambda route: route.fulfill(
            body=route.fetch().text().replace("</h1>", "</h1><script>ran = true</script>"),
            content_type="text/html",
        ),
    )
    page.goto(CHAPTER)
    assert page.evaluate("typeof ran") == "undefined"
    assert page.evaluate("forbidden") == ["script-src-eleminline"]


def test_a_page_of_the_report_stays_light(opened: Callable[..., Page], kept: Instance) -> None:
    """The longest chapter, and the one with Welsh words, with all that the browser loads."""
    version = kept.public / "v3"
    chapters = list(version.glob("0*/index.html"))
    longest = max(chapters, key=lambda each: each.stat().st_size)
    welsh = next(each for each in chapters if "ŷ" in each.read_text())
    for chapter in (longest, welsh):
        page, asked = opened(), set[str]()
        page.on("request", lambda request, asked=asked: asked.add(urlsplit(request.url).path))
        page.goto(f"v3/{chapter.parent.name}/", wait_until="networkidle")
        files = [kept.public / unquote(path).removeprefix("/") for path in asked]
        files = [each / "index.html" if each.is_dir() else each for each in files]
        assert any(each.suffix == ".woff2" for each in files)
        assert not any("search" in str(each.relative_to(kept.public)) for each in files)
        assert sum(len(gzip.compress(each.read_bytes())) for each in files) < HEAVIEST


def test_a_word_is_found_by_keyboard_and_leads_to_its_clause(opened: Callable[..., Page]) -> None:
    page = opened(width=360)
    page.goto(CHAPTER)
    page.get_by_role("link", name="Search", exact=True).press("Enter")
    page.wait_for_url("**/v3/search/")
    page.wait_for_function("document.activeElement.id === 'q'")
    page.keyboard.type("voting age of sixteen")
    results = page.get_by_role("list", name="Results")
    clause = results.get_by_role("link", name="Clause 5.3 Voting and elections › Who may vote")
    clause.wait_for()
    assert results.locator("mark", has_text="sixteen").count() > 0
    assert "q=voting+age" in page.url
    clause.press("Enter")
    page.wait_for_url("**/04-voting-and-elections/#c-*")
    assert page.locator(":target").is_visible()
    page.go_back()
    clause.wait_for()


@pytest.mark.parametrize(
    ("query", "first"),
    [
        ("5.13", "Clause 5.13 Voting and elections"),
        ("amendment 22", "Amendment 22 Votes at sixteen in every election"),
        ("leeds 2018 proposal", "Proposal"),
        ("TY", "Clause 3.15 Values › Languages"),
        ("referendums quorom", "Clause"),
    ],
)
def test_numbers_kinds_accents_and_slips_of_the_pen_are_found(
    opened: Callable[..., Page], query: str, first: str
) -> None:
    page = opened()
    page.goto(f"v3/search/?q={query.replace(' ', '+')}")
    found = page.locator(".results a").first
    found.wait_for()
    assert " ".join(found.inner_text().split()).startswith(first)


def test_found_words_are_shown_as_text_whatever_they_are(opened: Callable[..., Page]) -> None:
    page = opened()
    evil = (
        '{"kinds":["clause"],"entries":[[0,"1","<img src=x>","a/#b","evil <img src=x onerror=1>"]]}'
    )
    page.route("**/search/index.json", lambda route: route.fulfill(body=evil))
    page.goto("v3/search/?q=evil")
    page.locator(".results li").wait_for()
    assert page.locator(".results img").count() == 0
    assert "<img src=x onerror=1>" in page.locator(".results").inner_text()


def test_without_scripts_the_search_says_what_to_do_and_old_versions_say_nothing_wrong(
    opened: Callable[..., Page],
) -> None:
    page = opened(java_script_enabled=False)
    page.goto("v1/search/")
    assert page.get_by_text("Searching needs JavaScript").is_visible()
    assert not page.locator("form.find").is_visible()
    page.get_by_role("link", name="the whole report on one page").first.click()
    assert page.get_by_role("heading", name="Voting and elections").is_visible()
    page.goto("v2/04-voting-and-elections/")
    assert not page.get_by_text("This is version 2").is_visible()
    page.locator(".versions summary").click()
    page.get_by_role("link", name="Version 1, ").click()
    assert page.url.endswith("/v1/04-voting-and-elections/")
    page.get_by_role("link", name="Latest version").click()
    page.wait_for_url("**/v3/04-voting-and-elections/")


def test_where_the_search_does_not_arrive_the_page_says_so_too(opened: Callable[..., Page]) -> None:
    page = opened()
    page.route("**/vendor/minisearch.js", lambda route: route.abort())
    page.goto("v3/search/")
    page.get_by_text("Searching needs JavaScript").wait_for()
    assert not page.locator("form.find").is_visible()


def test_an_old_version_says_so_and_leads_to_the_same_clause_of_the_latest(
    opened: Callable[..., Page], kept: Instance
) -> None:
    page = opened()
    clause = clause_in(kept, "v1", "Seats in the House of Commons")
    page.goto(f"v1/04-voting-and-elections/#{clause}")
    said = page.get_by_role("status")
    said.wait_for()
    assert said.inner_text() == "This is version 1 of 19 October 2019. See the latest version."
    said.get_by_role("link").click()
    page.wait_for_url(f"**/v3/04-voting-and-elections/#{clause}")
    page.wait_for_function("document.querySelector('.latest').hidden")
    assert page.get_by_role("status").count() == 0


def test_turning_to_another_version_keeps_the_clause_that_one_was_reading(
    opened: Callable[..., Page], kept: Instance
) -> None:
    page = opened()
    clause = clause_in(kept, "v3", "Before a referendum on the constitution")
    page.goto(f"{CHAPTER}#{clause}", wait_until="networkidle")
    page.locator(".versions summary").press("Enter")
    page.get_by_role("link", name="Version 2, ").press("Enter")
    page.wait_for_url(f"**/v2/04-voting-and-elections/#{clause}")


def test_a_clause_that_the_other_version_lacks_leads_to_its_history(
    opened: Callable[..., Page], kept: Instance
) -> None:
    here, there = (
        (kept.public / version / "04-voting-and-elections" / "index.html").read_text()
        for version in ("v3", "v1")
    )
    ids = [each.partition('"')[0] for each in here.split('id="c-')[1:]]
    new = next(f"c-{each}" for each in ids if f'id="c-{each}"' not in there)
    page = opened()
    page.goto(f"{CHAPTER}#{new}", wait_until="networkidle")
    page.locator(".versions summary").click()
    page.get_by_role("link", name="Version 1, ").click()
    page.wait_for_url(f"**/c/{new}/")


def test_light_or_dark_is_chosen_before_the_page_is_drawn_and_stays(
    opened: Callable[..., Page],
) -> None:
    page = opened(color_scheme="light")
    page.add_init_script(
        "new MutationObserver(() => { if (document.body) window.atBody ??= document.documentElement"
        ".dataset.theme || 'device'; }).observe(document, { childList: true, subtree: true });"
    )
    page.goto(CHAPTER)
    assert page.evaluate("atBody") == "device"
    page.get_by_role("button", name="Dark").click()
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.goto("v3/changes/")
    assert page.evaluate("atBody") == "dark"
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == ground
    assert page.get_by_role("button", name="Dark").get_attribute("aria-pressed") == "true"
    page.get_by_role("button", name="As the device says").click()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != ground


def test_paper_has_the_words_their_numbers_and_the_address_and_nothing_else(
    opened: Callable[..., Page], site: str
) -> None:
    page = opened(color_scheme="dark")
    page.goto(CHAPTER, wait_until="networkidle")
    page.emulate_media(media="print")
    for gone in (".masthead", ".contents", ".notes", ".turn", ".foot"):
        assert not page.locator(gone).first.is_visible(), gone
    assert page.locator(".clause > .n", has_text="5.3").first.is_visible()
    assert f"{site}{CHAPTER}" in page.locator(".printed").inner_text()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"


def test_the_focus_is_seen_and_one_can_skip_to_the_text(opened: Callable[..., Page]) -> None:
    page = opened(width=360, reduced_motion="reduce", forced_colors="active")
    page.goto(CHAPTER)
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().top") >= 0
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.closest('#text') !== null")
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    assert page.evaluate("getComputedStyle(document.documentElement).scrollBehavior") == "auto"


def test_every_link_to_a_clause_in_the_whole_report_leads_to_one(kept: Instance) -> None:
    whole = Path(kept.public / "v3" / "all")
    assert list(broken_links(whole, kept.public)) == []
    text = (whole / "index.html").read_text()
    assert text.count('class="n"') == 328
    assert 'class="notes"' not in text
