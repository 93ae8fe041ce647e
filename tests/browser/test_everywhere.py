"""Every template of the app, in every state: looked at by axe, narrow and wide, light and dark, and
read for words that nobody should read. A template, or a state of one, that the walk does not come
to fails here.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import Flask
from playwright.sync_api import Browser, Page

from tests.web.everywhere import walk
from tests.web.test_words import WORDS, seen
from tests.web.walk import Outputs, Shown, whole_templates

from .screens import Screen

FULL = bool(os.environ.get("DRAFTER_FULL"))
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CONTRAST = {"runOnly": {"type": "rule", "values": ["color-contrast"]}}

UNSEEN = {
    "admin/page.html": 3,
    "clerk/batch.html": 3,
    "clerk/comment.html": 1,
    "clerk/comments.html": 1,
    "clerk/desk.html": 3,
    "clerk/enter.html": 1,
    "clerk/from_comments.html": 2,
    "macros.html": 7,
    "panel/batch.html": 3,
    "panel/chapter.html": 7,
    "panel/chapters.html": 1,
    "panel/desk.html": 1,
    "panel/draft.html": 22,
    "panel/step.html": 3,
    "parts/comment.html": 4,
    "parts/findings.html": 4,
    "public/clause.html": 1,
    "public/competing.html": 1,
    "public/log.html": 1,
    "public/receipt.html": 1,
    "public/second.html": 1,
    "public/take_part.html": 12,
    "you/page.html": 4,
}
"""Of each template, how many of its outputs the walk leaves out: long lists cut short, an empty
report, and what passes between two requests. The rest of every template must have been shown.
"""


@dataclass(frozen=True)
class Went:
    app: Flask
    shown: tuple[Shown, ...]
    missing: dict[str, list[str]]
    report: str
    """The words of the report itself."""


@pytest.fixture(scope="module")
def went(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Went]:
    """The walk, once for all tests here."""
    outputs = Outputs()
    with outputs.watched():
        here, instance = walk(tmp_path_factory.mktemp("walk") / "instance")
    report = " ".join(place.clause.wording for place in instance.report.places())
    yield Went(here.app, tuple(here.shown), outputs.missing(here.app.jinja_env), report)
    instance.close()


def different(shown: tuple[Shown, ...]) -> list[Shown]:
    """Leave out pages that are built like one before, whatever their words."""
    found: dict[object, Shown] = {}
    for one in shown:
        found.setdefault((one.template, tuple(dict.fromkeys(elements(one)))), one)
    return list(found.values())


def fewest(shown: Sequence[Shown], held: Callable[[Shown], set[object]]) -> list[Shown]:
    """Choose pages that together hold all that these do, the fullest first."""
    sets = [(one, held(one)) for one in shown]
    left: set[object] = set().union(*(each for _, each in sets))
    found = []
    while left:
        one, most = max(sets, key=lambda pair: len(pair[1] & left))
        found.append(one)
        left -= most
    return found


def in_template(one: Shown) -> set[object]:
    """What its own template makes of each kind of element."""
    return {(one.template, element) for element in elements(one)}


def in_any(one: Shown) -> set[object]:
    """Each kind of element, and its template."""
    return {one.template, *elements(one)}


def elements(one: Shown) -> list[str]:
    """List the kinds of element of a page: their names and classes."""
    main = one.html[one.html.index("<main") :]
    return re.findall(r'<[a-z0-9]+(?: class="[^"]*")?', main)


def test_the_walk_comes_to_every_template(went: Went) -> None:
    assert whole_templates() - {one.template for one in went.shown} == set()


def test_the_walk_comes_to_every_state_of_every_template(went: Went) -> None:
    more = {name: lines for name, lines in went.missing.items() if len(lines) > UNSEEN.get(name, 0)}
    assert more == {}


def test_no_page_fails_but_those_that_are_made_to(went: Went) -> None:
    failed = [one.name for one in went.shown if one.status >= 500]
    assert failed == ["problem, 503", "problem, 500, disk", "problem, 500"]


def test_no_page_in_any_state_holds_a_word_that_nobody_should_read(went: Went) -> None:
    assert len(went.shown) > 300
    wrong = [
        (one.name, text[found.start() - 30 : found.end() + 30])
        for one in went.shown
        for text in [" ".join(seen(one.html).split())]
        for found in WORDS.finditer(text)
        # The example report may say that something comes by post.
        if text[found.start() - 4 : found.end() + 4] not in went.report
    ]
    assert wrong == []


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_no_page_in_any_state_is_too_wide_or_hard_to_read_or_to_reach(
    browser: Browser, went: Went, width: int, dark: bool
) -> None:
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if dark else "light"
    )
    screen, wrong = Screen(context, went.app), []
    # At reduced size: is a page too wide, for each kind of element in each template; axe, for each
    # template and each kind of element in any; in the dark only colours are other ones.
    rules = CONTRAST if dark and not FULL else RULES
    pages = different(went.shown) if FULL else fewest(went.shown, in_any if dark else in_template)
    by_axe = set(pages if FULL else fewest(pages, in_any))
    for one in pages:
        page = screen.show(one)
        wrong += [(one.name, one.address, fault) for fault in too_wide(page)]
        if one in by_axe:
            wrong += [(one.name, one.address, fault) for fault in faults(page, rules)]
    context.close()
    assert wrong == []


def too_wide(page: Page) -> list[object]:
    """Tell by how much the page is wider than the screen."""
    more = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    return [f"{more} px too wide"] if more > 0 else []


def faults(page: Page, rules: dict[str, object]) -> list[object]:
    """Find what axe finds wrong with the page on the screen."""
    broken = Axe().run(page, options=rules).response["violations"]
    return [(one["id"], one["nodes"][0]["html"][:160]) for one in broken]
