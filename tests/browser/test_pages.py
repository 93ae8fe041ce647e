"""Every page of the app in a real browser: narrow and wide, light and dark, for hand and ear."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import ConsoleMessage, Page

from drafter.core.ids import ClauseId
from drafter.services import admitting, amending, batching, commenting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}

RECEIPT: list[str] = []
"""The receipt of the last comment on the clause."""

SMALL_TARGETS = """
() => [...document.querySelectorAll('main button, main .button, main .ballot label, main summary')]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
  .map(one => one.outerHTML.slice(0, 80))
"""


@pytest.fixture
def clause(instance: Instance) -> ClauseId:
    """A clause with a comment, a suggestion that is being voted on, and one that waits."""
    found = next(place.clause for place in instance.report.places() if place.clause.origin)
    assert found.id is not None
    for words in ("and nobody is left out", "everywhere and always"):
        wording = f"{found.wording.rstrip('.')}, {words}."
        sent = commenting.comment(instance, found.id, "Too narrow.", wording, "ada@e.org")
        assert sent.confirm_token is not None
        commenting.confirm(instance, sent.confirm_token)
        RECEIPT[:] = [sent.receipt_token]
        admitting.show(instance, CLERK_ACTOR, sent.number)
    number = admitting.admit(instance, CLERK_ACTOR, (1,), "Leave nobody out")
    admitting.admit(instance, CLERK_ACTOR, (2,), "Say it of everywhere")
    amending.put(instance, CLERK_ACTOR, number)
    _put_two_together(instance, found.id)
    return found.id


def _put_two_together(instance: Instance, but: ClauseId) -> None:
    paragraphs = [
        place.clause
        for place in instance.report.places()
        if place.clause.type == "paragraph" and place.clause.id not in (None, but)
    ]
    numbers = []
    for clause in paragraphs[:2]:
        assert clause.id is not None
        wording = f"{clause.wording.rstrip('.')}, and nobody is left out."
        sent = commenting.comment(instance, clause.id, "Too narrow.", wording, "ada@e.org")
        assert sent.confirm_token is not None
        commenting.confirm(instance, sent.confirm_token)
        numbers.append(admitting.admit(instance, CLERK_ACTOR, (sent.number,), "Leave nobody out"))
    batching.put_together(instance, CLERK_ACTOR, numbers)


@pytest.mark.parametrize(("width", "dark"), [(320, False), (1280, True)])
def test_pages_fit_are_reachable_and_readable(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, Actor], None],
    clause: ClauseId,
    width: int,
    dark: bool,
) -> None:
    pages = {
        None: (
            "/",
            "/take-part/",
            f"/take-part/clause/{clause}",
            "/take-part/amendments/1",
            f"/take-part/receipt/{RECEIPT[0]}",
            "/take-part/privacy",
            "/take-part/policy",
            "/take-part/log",
            "/take-part/comments/1/support",
            "/take-part/follow",
            "/take-part/send-again",
            "/take-part/receipt",
        ),
        Actor("seat", 1): (
            "/panel/",
            "/panel/amendments/1",
            "/panel/amendments/1?view=side",
            "/panel/together/1",
            "/panel/motions",
        ),
        CLERK_ACTOR: (
            "/clerk/",
            "/clerk/comments/1",
            "/clerk/comments?list=shown",
            "/clerk/comments/new",
            "/clerk/comments/until",
            "/clerk/amendments/1",
            "/clerk/amendments/1/roll-call",
            "/clerk/amendments/2",
            "/clerk/together",
            "/clerk/together/1",
            "/clerk/motions",
            "/clerk/publication",
        ),
    }
    wrong: list[object] = []
    for who, addresses in pages.items():
        page = visit(scripts=True, width=width, dark=dark)
        page.on("console", partial(_listen, wrong))
        if who is not None:
            sign_in(page, who)
        for address in addresses:
            page.goto(address)
            wrong += [(address, fault) for fault in _faults(page)]
    assert wrong == []


def _listen(wrong: list[object], message: ConsoleMessage) -> None:
    if message.type in ("error", "warning"):
        wrong.append(message.text)


def _faults(page: Page) -> list[object]:
    for fold in page.locator("main summary").all():
        fold.click()
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    small = page.evaluate(SMALL_TARGETS)
    broken = Axe().run(page, options=RULES).response["violations"]
    found = [(one["id"], one["nodes"][0]["html"][:120]) for one in broken]
    return [*([f"{too_wide} px too wide"] if too_wide > 0 else []), *small, *found]


def test_a_citizen_gets_from_the_clause_to_the_receipt_by_keyboard_alone(
    visit: Callable[..., Page], clause: ClauseId
) -> None:
    page = visit(width=320)
    page.goto(f"/take-part/clause/{clause}")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    page.keyboard.press("Enter")
    for _ in range(30):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "comment":
            break
    page.keyboard.type("Typed, not clicked.")
    for _ in range(10):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "consent":
            page.keyboard.press("Space")
        if page.evaluate("document.activeElement.textContent.trim()") == "Send":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/take-part/receipt/**")
    assert "Typed, not clicked." in page.content()
