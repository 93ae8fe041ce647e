"""Once through the whole chain in a real browser, with scripts off and by what is on the pages."""

from __future__ import annotations

import re
from collections.abc import Callable

from playwright.sync_api import Page, expect

from drafter.services.authority import CLERK_ACTOR, Actor

ADDED = "and nobody has to ask for it"
TITLE = "Let nobody have to ask"
REASON = "Those who need it most ask least."


def suggest(page: Page) -> str:
    """Suggest wording for a clause, confirm it from the mailbox; return the receipt's address."""
    page.goto("/")
    page.get_by_role("link", name="Read the draft and take part").click()
    page.get_by_text("Voting and elections", exact=True).click()
    page.get_by_role("link", name=re.compile("^5.2 ")).click()
    page.get_by_text("I want other wording").click()
    wording = page.get_by_label("The clause as you would have it")
    wording.fill(wording.input_value().rstrip(".") + f", {ADDED}.")
    page.get_by_label("Your comment").fill("It should come by itself.")
    page.get_by_role("button", name="Show me the change").click()
    expect(page.locator(".preview ins")).to_contain_text(ADDED)
    expect(page.get_by_label("Your comment")).to_have_value("It should come by itself.")
    page.get_by_label("Your e-mail address").fill("ada@example.org")
    page.get_by_label("What I write may tell").check()
    page.get_by_role("button", name="Send").click()
    expect(page.get_by_role("heading", name="Comment 1")).to_be_visible()
    receipt = page.url
    page.goto("/demo/mailbox")
    page.locator("a[href^='/take-part/confirm/']").click()
    page.get_by_role("button", name="Yes, it was me").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    return receipt


def admit_and_put(page: Page) -> None:
    page.get_by_role("link", name=re.compile("Clause 5.2")).click()
    page.get_by_role("button", name="Show it beside the clause").click()
    page.get_by_role("link", name="Look at it again").click()
    page.get_by_label("What would happen").fill(TITLE)
    page.get_by_label("I have read the wording").check()
    page.get_by_role("button", name="Make it an amendment").click()
    page.get_by_role("button", name="Put it to the vote").click()
    expect(page.get_by_text("is put to the vote")).to_be_visible()


def vote(page: Page, choice: str) -> None:
    page.get_by_role("link", name=TITLE).click()
    expect(page.locator("ins")).to_contain_text(ADDED)
    expect(page.locator("input:checked")).to_have_count(0)
    page.get_by_role("radio", name=choice, exact=True).check()
    page.get_by_role("button", name="Record my vote").click()
    expect(page.get_by_text("Your vote is recorded.")).to_be_visible()


def decide(page: Page) -> None:
    page.goto("/clerk/amendments/1")
    page.get_by_role("button", name="Close the vote").click()
    page.get_by_label("The panel’s reason").fill(REASON)
    page.get_by_role("button", name="Record the decision").click()
    expect(page.get_by_role("heading", name=re.compile("^Accepted on"))).to_be_visible()


def publish(page: Page, title: str, number: int) -> None:
    page.goto("/clerk/publication")
    page.get_by_label("A title for this version").fill(title)
    page.get_by_role("button", name=f"Publish version {number}").click()
    done = page.get_by_role("link", name=f"Read version {number}")
    expect(done).to_be_visible(timeout=90_000)
    done.click()


def test_a_suggestion_becomes_a_published_clause(
    visit: Callable[..., Page], sign_in: Callable[[Page, Actor], None]
) -> None:
    citizen, clerk = visit(), visit()
    receipt = suggest(citizen)
    sign_in(clerk, CLERK_ACTOR)
    publish(clerk, "As it was", 1)
    clerk.goto("/clerk/")
    admit_and_put(clerk)
    for number, choice in ((1, "For"), (2, "For"), (3, "Against")):
        member = visit(width=360)
        sign_in(member, Actor("seat", number))
        vote(member, choice)
    decide(clerk)
    publish(clerk, "After the first vote", 2)

    citizen.goto(receipt)
    expect(citizen.get_by_text("is part of version 2 of the report")).to_be_visible()
    expect(citizen.get_by_text(REASON)).to_be_visible()
    expect(citizen.get_by_text("2 for, 1 against")).to_be_visible()
    citizen.get_by_role("link", name="version 2").click()
    citizen.goto("/v2/04-voting-and-elections/")
    expect(citizen.get_by_role("main")).to_contain_text(ADDED)
    citizen.goto("/v1/04-voting-and-elections/")
    expect(citizen.get_by_role("main")).not_to_contain_text(ADDED)
    citizen.goto("/v2/changes/since-v1/")
    expect(citizen.locator("ins").first).to_contain_text(ADDED)
    expect(citizen.get_by_role("main")).to_contain_text("1")
