"""A citizen's whole way on a phone of 360 px, with scripts and without."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from drafter.core.ids import ClauseId
from drafter.services import moderating
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance

CLAUSE = ClauseId("c-tdzamb")
SAID = "Tŷ ni: ‮nobody‬ asked us 👩‍⚖️"


def write(page: Page, *, scripts: bool) -> None:
    """Fill in the form, forget the consent first, and send it."""
    page.goto(f"/take-part/clause/{CLAUSE}")
    page.get_by_label("Your comment").fill(SAID)
    page.get_by_text("I want other wording").click()
    wording = page.get_by_label("The clause as you would have it")
    wording.fill(wording.input_value().rstrip(".") + ", and be heard.")
    if not scripts:
        page.get_by_role("button", name="Show me the change").click()
    expect(page.locator("#preview ins")).to_contain_text("and be heard")
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("alert")).to_contain_text("Tick that we may keep")
    expect(page.get_by_label("Your comment")).to_have_value(SAID)
    page.get_by_label("What I write may tell").check()
    page.get_by_role("button", name="Send").click()


@pytest.mark.parametrize("scripts", [True, False], ids=["with scripts", "without"])
def test_from_the_clause_to_the_erased_receipt(
    visit: Callable[..., Page], instance: Instance, scripts: bool
) -> None:
    page = visit(scripts=scripts, width=360)
    write(page, scripts=scripts)
    expect(page.get_by_role("heading", name="Comment 1")).to_be_visible()
    receipt = page.url
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_role("button", name="Send me the mail").click()
    expect(page.get_by_text("The mail is on its way")).to_be_visible()
    page.goto("/demo/mailbox")
    page.locator("a[href^='/take-part/confirm/']").click()
    page.get_by_role("button", name="Yes, it was me").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    moderating.show(instance, CLERK_ACTOR, 1)
    page.get_by_role("link", name="Back to the clause").click()
    expect(page.locator("#comment-1 .said")).to_have_text(SAID)
    page.get_by_role("link", name="I support this").click()
    page.get_by_label("Your e-mail address").fill("bo@example.org")
    page.get_by_role("button", name="I support it").click()
    page.goto("/demo/mailbox")
    page.locator("a[href^='/take-part/confirm/']").first.click()
    page.get_by_role("button", name="Yes, it was me").click()
    page.get_by_role("link", name="Back to the suggestion").click()
    expect(page.locator("#comment-1")).to_contain_text("One person supports this.")
    page.goto(receipt)
    page.get_by_text("Delete my data").click()
    page.get_by_label(re.compile("My words too")).check()
    page.get_by_role("button", name="Erase it").click()
    expect(page.get_by_text("Removed by its author.")).to_be_visible()
    page.goto(f"/take-part/clause/{CLAUSE}")
    expect(page.locator("#comment-1")).to_have_text("Comment 1 was removed by its author.")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_going_back_and_sending_again_leads_to_the_same_receipt(
    visit: Callable[..., Page], instance: Instance
) -> None:
    page = visit(scripts=True, width=360)
    page.goto(f"/take-part/clause/{CLAUSE}")
    page.get_by_label("Your comment").fill("Once.")
    page.get_by_label("What I write may tell").check()
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/**")
    receipt = page.url
    page.go_back()
    expect(page.get_by_label("Your comment")).to_have_value("Once.")
    page.get_by_role("button", name="Send").click()
    page.wait_for_url("**/receipt/**")
    assert page.url == receipt
    assert len(moderating.list_comments(instance, CLERK_ACTOR, "all")) == 1
