"""A member makes each kind of amendment in a real browser, and the clerk admits it."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from drafter.services import amending
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance

RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
CHAPTER = "Voting and elections"


def to_chapter(page: Page) -> None:
    page.get_by_role("link", name=CHAPTER).click()


def link(page: Page, name: str, clause: str) -> None:
    page.get_by_role("link", name=re.compile(rf"^{name} ?: {re.escape(clause)}$")).first.click()


def reword(page: Page) -> None:
    to_chapter(page)
    link(page, "Change the words", "5.2")
    words = page.get_by_label("The clause as you would have it")
    words.fill(words.input_value().rstrip(".") + ", always.")


def add(page: Page) -> None:
    to_chapter(page)
    link(page, "Add after", "5.2")
    page.get_by_label("What it is").select_option("A quotation")
    page.get_by_label("The words of the new clause").fill("Nobody is left out.")


def remove(page: Page) -> None:
    to_chapter(page)
    link(page, "Remove", "5.3")


def move(page: Page) -> None:
    to_chapter(page)
    link(page, "Move", "5.3")
    page.get_by_label("To which chapter").select_option("Values")
    page.get_by_role("button", name="Show its places").click()
    place = page.get_by_label("Where it should stand in “Values”")
    place.select_option("At the beginning of the chapter")


def chapter(page: Page) -> None:
    page.get_by_role("link", name="Add a new chapter").click()
    page.get_by_label("Its title").fill("Money in politics")
    page.get_by_label("Its text").fill("Parties publish their money.\n\n- Every month.")


def fit(page: Page, wrong: list[object]) -> None:
    page.wait_for_load_state("load")
    too_wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    broken = Axe().run(page, options=RULES).response["violations"]
    wrong += [(page.url, one["id"]) for one in broken] + ([page.url] if too_wide > 0 else [])


@pytest.mark.parametrize(("scripts", "width"), [(False, 1280), (True, 360)])
def test_a_member_drafts_each_kind_of_amendment_and_the_clerk_admits_it(
    visit: Callable[..., Page],
    sign_in: Callable[[Page, Actor], None],
    instance: Instance,
    scripts: bool,
    width: int,
) -> None:
    member, clerk = (visit(scripts=scripts, width=width, dark=scripts) for _ in range(2))
    sign_in(member, Actor("seat", 1))
    sign_in(clerk, CLERK_ACTOR)
    wrong: list[object] = []
    for number, way in enumerate((reword, add, remove, move, chapter), 1):
        member.goto("/panel/drafts/")
        member.get_by_role("link", name="Draft an amendment").click()
        way(member)
        if scripts:
            fit(member, wrong)
        member.get_by_role("button", name="Show me the change").click()
        expect(member.get_by_role("heading", name="What would change")).to_be_visible()
        member.get_by_role("button", name="Begin a draft with it").click()
        member.get_by_label("What would happen").fill(f"Change it, way {number}")
        if scripts:
            fit(member, wrong)
        member.get_by_role("button", name="Hand it to the clerk").click()
        expect(member.get_by_role("button", name="Take it back")).to_be_visible()
        clerk.goto("/clerk/")
        clerk.get_by_role("link", name=f"Change it, way {number}").click()
        if scripts:
            fit(clerk, wrong)
        clerk.get_by_label("I have read the wording").check()
        clerk.get_by_role("button", name="Make it an amendment").click()
        expect(clerk.get_by_text(f"It is amendment {number} now.")).to_be_visible()
    assert wrong == []
    verbs = [
        {each.verb for each in amending.view_amendment(instance, number).record.instructions}
        for number in range(1, 6)
    ]
    assert verbs == [{"substitute"}, {"insert"}, {"repeal"}, {"move"}, {"insert"}]


def test_rivals_are_combined_in_the_browser_and_the_change_is_drawn_while_one_types(
    visit: Callable[..., Page], sign_in: Callable[[Page, Actor], None], instance: Instance
) -> None:
    member, clerk = visit(scripts=True, width=360), visit(scripts=True)
    sign_in(member, Actor("seat", 1))
    sign_in(clerk, CLERK_ACTOR)
    for number, words in ((1, "always"), (2, "everywhere")):
        member.goto("/panel/text/")
        to_chapter(member)
        link(member, "Change the words", "5.2")
        field = member.get_by_label("The clause as you would have it")
        field.fill(field.input_value().rstrip(".") + f", {words}.")
        expect(member.locator("#preview ins")).to_contain_text(words, timeout=20_000)
        member.get_by_role("button", name="Begin a draft with it").click()
        member.get_by_label("What would happen").fill(f"Say {words}")
        member.get_by_role("button", name="Hand it to the clerk").click()
        clerk.goto("/clerk/")
        clerk.get_by_role("link", name=f"Say {words}").click()
        clerk.get_by_label("I have read the wording").check()
        clerk.get_by_role("button", name="Make it an amendment").click()
        expect(clerk.get_by_text(f"It is amendment {number} now.")).to_be_visible()
    wrong: list[object] = []
    member.goto("/take-part/amendments/1")
    member.get_by_role("link", name="Compare it side by side").click()
    fit(member, wrong)
    for box in member.get_by_role("checkbox").all():
        box.check()
    member.get_by_role("button", name="Combine these").click()
    fit(member, wrong)
    field = member.get_by_label("Its words in your amendment")
    field.fill(field.input_value().replace("always", "always and everywhere"))
    expect(member.locator(".preview ins")).to_contain_text("and everywhere", timeout=20_000)
    field.fill(field.input_value().replace("always and", "always, and"))
    expect(member.locator(".preview ins")).to_contain_text("always, and", timeout=20_000)
    field.fill(field.input_value().replace("always, and", "always and"))
    member.get_by_role("button", name="Show me the result").click()
    expect(member.locator(".preview ins")).to_contain_text("always and everywhere")
    member.get_by_role("button", name="Keep these words").click()
    member.get_by_role("button", name="Hand it to the clerk").click()
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name="Say always / Say everywhere").click()
    clerk.get_by_label("I have read the wording").check()
    clerk.get_by_role("button", name="Make it an amendment").click()
    expect(clerk.get_by_text("It is amendment 3 now.")).to_be_visible()
    assert amending.view_amendment(instance, 3).record.combines == (1, 2)
    assert wrong == []
