"""One sitting: citizens' suggestions brought to decisions by six members on phones and a clerk.

Every act is one that a person does on a page; only the seats are made before. At full size thirty
suggestions, at reduced size one of each kind less.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from drafter.services import signing_in
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.verifying import verify

FULL = bool(os.environ.get("DRAFTER_FULL"))
PHONE = {"width": 360, "height": 780}

SIXTEEN, RESIDENTS, REGISTER, LOOK_UP, SOLD = (
    "c-tdzamb",
    "c-rxtb8y",
    "c-mk1sh6",
    "c-85ky9v",
    "c-4btec2",
)
SHARED, PLACES, ORDER = "c-0ga4dg", "c-ewnpq4", "c-h9fg9z"

COPIES = (
    ", and nobody has to ask for it.",
    ", and no one has to ask for it.",
    ", and nobody needs to ask for it.",
    ", and nobody has to apply for it.",
    " and nobody has to ask for it.",
    ", without having to ask for it.",
    ", and nobody must ask for it.",
    ", and nobody has to ask.",
    ", and no person has to ask for it.",
    ", and nobody ever has to ask for it.",
)
PAIRS = {RESIDENTS: ("five", "two", "three"), SHARED: ("each nation", "every nation", "the nation"),
         ORDER: ("publishes", "explains", "tells everyone")}  # fmt: skip
OTHERS = 10 if FULL else 2
SOME = (1, 2, 3, 4) if FULL else (1, 3, 4)
"""Seats that vote for what carries, the quorum at least; all vote on what is put together."""


@dataclass
class Room:
    """Everybody in the sitting, and what they hold."""

    clerk: Page
    members: list[Page]
    citizens: list[Page]
    wrong: list[str] = field(default_factory=list)
    receipts: dict[str, str] = field(default_factory=dict)
    """The address of each suggestion's receipt, by its name."""
    sent: int = 0


@pytest.fixture
def room(browser: Browser, server: str, instance: Instance) -> Iterator[Room]:
    signing_in.add_seats(instance, OPERATOR, 1)
    opened, wrong = [], []

    def listen(message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            wrong.append(message.text)

    def enter(who: Actor | None, phone: bool) -> Page:
        context = browser.new_context(
            base_url=server,
            viewport=PHONE if phone else {"width": 1280, "height": 900},  # type: ignore[arg-type]
            is_mobile=phone,
            has_touch=phone,
        )
        context.set_default_timeout(20_000)
        opened.append(context)
        page = context.new_page()
        page.on("console", listen)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        if who is not None:
            page.goto(signing_in.mint_link(instance, OPERATOR, who))
            page.get_by_role("button", name="Sign in", exact=True).click()
        return page

    yield Room(
        clerk=enter(CLERK_ACTOR, False),
        members=[enter(Actor("seat", number), True) for number in range(1, 7)],
        citizens=[enter(None, True) for _ in range(3)],
        wrong=wrong,
    )
    for context in opened:
        context.close()


def suggest(room: Room, name: str, clause: str, change: Callable[[str], str]) -> None:
    """A citizen suggests other words on a phone, and opens the link in the mail."""
    room.sent += 1
    page = room.citizens[room.sent % len(room.citizens)]
    page.goto(f"/take-part/clause/{clause}")
    page.get_by_text("I want other wording").tap()
    wording = page.get_by_label("The clause as you would have it")
    words = wording.input_value()
    assert change(words) != words, name
    wording.fill(change(words))
    page.get_by_label("Your comment").fill(f"{name}: it matters to us.")
    address = f"citizen-{room.sent}@example.org"
    page.get_by_label("Your e-mail address").fill(address)
    page.get_by_label("What I write may tell").check()
    page.get_by_role("button", name="Send").tap()
    expect(page.get_by_role("heading", name=f"Comment {room.sent}")).to_be_visible()
    room.receipts[name] = page.url.partition("#")[0]
    page.goto("/demo/mailbox")
    letter = page.locator("article").filter(has_text=f"To {address}")
    letter.locator("a[href^='/take-part/confirm/']").tap()
    page.get_by_role("button", name="Yes, it was me").tap()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()


def ending(words: str) -> Callable[[str], str]:
    """Put words at the end of the clause's last sentence."""
    return lambda old: old.rstrip().rstrip(".;") + words


def exchanging(old: str, new: str) -> Callable[[str], str]:
    return lambda words: words.replace(old, new, 1)


def read_all(room: Room) -> None:
    """The clerk reads each comment and shows it; each leads to the next."""
    room.clerk.goto("/clerk/comments")
    room.clerk.locator("main ul.plain a").first.click()
    for left in range(room.sent, 0, -1):
        room.clerk.get_by_role("button", name="Show it beside the clause").click()
        expect(room.clerk.get_by_role("status").first).to_contain_text("is shown beside its clause")
        if left == 1:
            expect(room.clerk.get_by_text("Every comment of this kind is done")).to_be_visible()


def admit(room: Room, name: str, number: int) -> None:
    """The clerk makes an amendment of one suggestion, out of the desk."""
    clerk = room.clerk
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name=re.compile(re.escape(f"{name}: it matters"))).click()
    clerk.get_by_label("What would happen").fill(name)
    take_up(room, number)


def take_up(room: Room, number: int) -> None:
    room.clerk.get_by_label("I have read the wording").check()
    room.clerk.get_by_role("button", name="Make it an amendment").click()
    expect(room.clerk.get_by_text(f"amendment {number}").first).to_be_visible()


def admit_together(room: Room, copies: int, title: str, number: int) -> None:
    """The clerk drafts one amendment out of the near-copies, which all are credited."""
    clerk = room.clerk
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name=re.compile("Copy 1: it matters")).click()
    clerk.get_by_role("link", name="Draft an amendment out of this and other").click()
    alike = clerk.get_by_text("Nearly the same change as in comment 1")
    expect(alike).to_have_count(copies - 1)
    choose(clerk, copies)
    clerk.get_by_role("button", name="Begin a draft with these").click()
    clerk.get_by_label("What would happen").fill(title)
    clerk.get_by_role("button", name="Hand it to the clerk").click()
    expect(clerk.get_by_role("button", name="Take it back")).to_be_visible()
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name=title).click()
    take_up(room, number)


def choose(page: Page, count: int) -> None:
    """Tick all that can be ticked."""
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(count)
    for box in boxes.all():
        box.check()


def put(room: Room, number: int) -> None:
    room.clerk.goto(f"/clerk/amendments/{number}")
    room.clerk.get_by_role("button", name="Put it to the vote").click()
    expect(room.clerk.get_by_text("is put to the vote")).to_be_visible()


def vote(room: Room, title: str, choices: Mapping[int, str], interest: str = "") -> None:
    """Each member finds it on the desk and votes; the seats are those of `choices`."""
    for seat, choice in choices.items():
        page = room.members[seat - 1]
        page.goto("/panel/")
        page.get_by_role("link", name=title, exact=True).first.tap()
        page.get_by_role("radio", name=choice, exact=True).check()
        if choice == "I have an interest":
            page.get_by_label("Your interest").fill(interest)
        page.get_by_role("button", name="Record my vote").tap()
        said = (
            "Your interest is recorded"
            if interest and choice == "I have an interest"
            else "recorded"
        )
        expect(page.get_by_role("status").first).to_contain_text(said)


def decide(room: Room, number: int, outcome: str) -> None:
    clerk = room.clerk
    clerk.goto(f"/clerk/amendments/{number}")
    clerk.get_by_role("button", name="Close the vote").click()
    clerk.get_by_label("The panel’s reason").fill(f"The reason of {number}.")
    read = clerk.get_by_label("I have read what the seats put on record")
    if read.count():
        read.check()
    clerk.get_by_role("button", name="Record the decision").click()
    expect(clerk.get_by_role("heading", name=re.compile(f"^{outcome} on"))).to_be_visible()


def all_of(choice: str, *seats: int) -> dict[int, str]:
    return dict.fromkeys(seats or (1, 2, 3, 4, 5, 6), choice)


def told(room: Room, name: str, *sentences: str) -> None:
    """The citizen's receipt tells the end."""
    page = room.citizens[0]
    page.goto(room.receipts[name])
    for sentence in sentences:
        expect(page.get_by_role("main")).to_contain_text(sentence)


@pytest.mark.timeout(900)
def test_what_citizens_suggest_is_brought_to_decisions_in_one_sitting(
    room: Room, instance: Instance
) -> None:
    copies = COPIES if FULL else COPIES[:2]
    pairs = list(PAIRS) if FULL else list(PAIRS)[:2]
    plain = _plain_clauses(instance)[:OTHERS]
    for at, words in enumerate(copies, 1):
        suggest(room, f"Copy {at}", SIXTEEN, ending(words))
    for clause in pairs:
        old, first, second = PAIRS[clause]
        suggest(room, f"First on {clause}", clause, exchanging(old, first))
        suggest(room, f"Second on {clause}", clause, exchanging(old, second))
    suggest(room, "Two offices", REGISTER, exchanging("An independent office", "Two offices"))
    suggest(room, "Nobody applies", REGISTER, exchanging("no one needs", "nobody needs"))
    suggest(room, "Sold", SOLD, ending(", nor given away."))
    suggest(room, "Withdrawn", PLACES, ending(", always."))
    for at, clause in enumerate(plain, 1):
        suggest(room, f"Other {at}", clause, ending(", in every year."))
    assert room.sent == (30 if FULL else 12)
    read_all(room)

    number = 1
    admit_together(room, len(copies), "Nobody has to ask", number)
    put(room, number)
    vote(room, "Nobody has to ask", {**all_of("For", *SOME), **all_of("Against", 5, 6)})
    decide(room, number, "Accepted")
    for at in range(1, len(copies) + 1):
        told(room, f"Copy {at}", "amendment 1: Nobody has to ask", "The reason of 1.")

    number = _one_of_a_pair(room, pairs[0], number)
    number = _combined(room, pairs[1], number)
    for clause in pairs[2:]:
        number = _drafted_anew(room, clause, number)
    number = _stale_and_put_again(room, number)
    number = _recused(room, number)
    number = _withdrawn(room, number)
    _put_together(room, plain, number)

    room.clerk.goto("/clerk/")
    expect(room.clerk.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
    for page in room.members:
        page.goto("/panel/")
        expect(page.get_by_role("heading", name="Nothing waits for you")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    verified = verify(instance.repository, instance.database)
    assert verified.findings == ()
    assert room.wrong == []


def _plain_clauses(instance: Instance) -> list[str]:
    """List paragraphs that end in a full stop, one of a chapter each in turn."""
    taken = {SIXTEEN, REGISTER, SOLD, PLACES, *PAIRS}
    return [
        str(place.clause.id)
        for place in instance.report.places()
        if place.clause.type == "paragraph"
        and place.clause.id not in taken
        and place.clause.wording.endswith(".")
        and "\n" not in place.clause.wording
        and "09-" not in place.chapter.path
    ]


def _one_of_a_pair(room: Room, clause: str, number: int) -> int:
    """Both are voted on: the first is rejected, the second accepted."""
    names = (f"First on {clause}", f"Second on {clause}")
    for at, name in enumerate(names, 1):
        admit(room, name, number + at)
    member = room.members[0]
    member.goto(f"/take-part/competing/{number + 1}")
    expect(member.get_by_role("heading", name="Two amendments on the same words")).to_be_visible()
    for at, (name, choice, outcome) in enumerate(
        zip(names, ("Against", "For"), ("Not accepted", "Accepted"), strict=True), 1
    ):
        put(room, number + at)
        vote(room, name, all_of(choice, 1, 2, 4))
        decide(room, number + at, outcome)
    told(room, names[0], "did not accept", f"The reason of {number + 1}.")
    told(room, names[1], "accepted", f"The reason of {number + 2}.")
    return number + 2


def _combined(room: Room, clause: str, number: int) -> int:
    """A member combines both; the panel rejects each by itself, and accepts what combines them."""
    names = (f"First on {clause}", f"Second on {clause}")
    for at, name in enumerate(names, 1):
        admit(room, name, number + at)
    member = room.members[1]
    member.goto(f"/take-part/competing/{number + 1}")
    choose(member, 2)
    member.get_by_role("button", name="Combine these").tap()
    words = member.get_by_label("Its words in your amendment")
    old, first, second = PAIRS[clause]
    words.fill(words.input_value().replace(old, first).rstrip(".") + f": {second}.")
    member.get_by_role("button", name="Keep these words").tap()
    member.get_by_label("What would happen").fill("Both of them")
    member.get_by_role("button", name="Hand it to the clerk").tap()
    expect(member.get_by_role("button", name="Take it back")).to_be_visible()
    room.clerk.goto("/clerk/")
    room.clerk.get_by_role("link", name="Both of them").click()
    take_up(room, number + 3)
    for at, name in enumerate(names, 1):
        put(room, number + at)
        vote(room, name, all_of("Against", 1, 3, 5))
        decide(room, number + at, "Not accepted")
    put(room, number + 3)
    vote(room, "Both of them", all_of("For", *SOME))
    decide(room, number + 3, "Accepted")
    for name in names:
        told(room, name, "amendment", "Both of them", f"The reason of {number + 3}.")
    return number + 3


def _drafted_anew(room: Room, clause: str, number: int) -> int:
    """Both are put at once. The first is accepted; the other competes with the report from then on,
    is drafted anew, and rejected.
    """
    names = (f"First on {clause}", f"Second on {clause}")
    for at, name in enumerate(names, 1):
        admit(room, name, number + at)
        put(room, number + at)
    for name, choice in zip(names, ("For", "Against"), strict=True):
        vote(room, name, all_of(choice, 2, 4, 6))
    decide(room, number + 1, "Accepted")
    told(room, names[0], "accepted")
    clerk, rival = room.clerk, number + 2
    clerk.goto(f"/clerk/amendments/{rival}")
    expect(clerk.get_by_role("button", name="Put it to the vote")).to_have_count(0)
    clerk.get_by_role("button", name="Begin the next round").click()
    clerk.get_by_text("Give it other words").click()
    clerk.get_by_role("button", name="Draft it anew").click()
    clerk.get_by_role("link", name=re.compile("^Change it")).first.click()
    words = clerk.get_by_label("The clause as you would have it")
    _, first, second = PAIRS[clause]
    words.fill(words.input_value().replace(first, second))
    clerk.get_by_role("button", name="Put it into my draft").click()
    clerk.get_by_role("button", name="Hand it to the clerk").click()
    expect(clerk.get_by_role("button", name="Take it back")).to_be_visible()
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name=names[1]).first.click()
    clerk.get_by_label("I have read the wording").check()
    clerk.get_by_role("button", name="Put the new words in place").click()
    expect(clerk.get_by_role("status").first).to_contain_text("amendment")
    put(room, rival)
    vote(room, names[1], all_of("Against", 1, 2, 3))
    decide(room, rival, "Not accepted")
    told(room, names[1], "did not accept", f"The reason of {rival}.")
    return rival


def _stale_and_put_again(room: Room, number: int) -> int:
    """Two on one clause, on words apart: the first decision changes what the second would do."""
    names = ("Two offices", "Nobody applies")
    for at, name in enumerate(names, 1):
        admit(room, name, number + at)
        put(room, number + at)
        vote(room, name, all_of("For", 1, 2, 3))
    decide(room, number + 1, "Accepted")
    told(room, names[1], "The draft has changed, so the vote on the amendment starts again.")
    member = room.members[0]
    member.goto("/panel/")
    expect(member.get_by_text("To be put again, because the draft has changed")).to_be_visible()
    put(room, number + 2)
    member.goto(f"/panel/amendments/{number + 2}")
    expect(member.get_by_role("heading", name="What is new since it was put")).to_be_visible()
    vote(room, names[1], {**all_of("For", 1, 2, 5), **all_of("Against", 6)})
    decide(room, number + 2, "Accepted")
    told(room, names[1], "accepted", "3 for, 1 against")
    return number + 2


def _recused(room: Room, number: int) -> int:
    """A member has an interest, says which, and is not counted."""
    admit(room, "Sold", number + 1)
    put(room, number + 1)
    vote(room, "Sold", {**all_of("For", 1, 2, 3), 6: "I have an interest"}, "I print registers.")
    decide(room, number + 1, "Accepted")
    told(room, "Sold", "accepted", "3 for")
    page = room.citizens[1]
    page.goto(f"/take-part/amendments/{number + 1}")
    expect(page.get_by_role("main")).to_contain_text("I print registers.")
    return number + 1


def _withdrawn(room: Room, number: int) -> int:
    """Whoever asked for it takes it back by the receipt, while it is voted on."""
    admit(room, "Withdrawn", number + 1)
    put(room, number + 1)
    page = room.citizens[2]
    page.goto(room.receipts["Withdrawn"])
    page.get_by_text(f"Withdraw amendment {number + 1}").tap()
    page.get_by_label("Why").fill("It is better as it stands.")
    page.get_by_role("button", name="Withdraw it").tap()
    expect(page.get_by_role("status").first).to_contain_text("is withdrawn")
    told(room, "Withdrawn", "withdrawn")
    return number + 1


def _put_together(room: Room, plain: list[str], number: int) -> None:
    """What nobody contests is put as one question; each is decided by itself."""
    names = [f"Other {at}" for at in range(1, len(plain) + 1)]
    for at, name in enumerate(names, 1):
        admit(room, name, number + at)
    clerk = room.clerk
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name="Put several together").click()
    choose(clerk, len(names))
    clerk.get_by_role("button", name="Put the chosen ones together").click()
    expect(clerk.get_by_role("status").first).to_contain_text("put to the vote together")
    for member in room.members:
        member.goto("/panel/")
        member.get_by_role("link", name="put together").tap()
        member.get_by_role("radio", name="For", exact=True).check()
        member.get_by_role("button", name=re.compile("^Record my vote")).tap()
        expect(member.get_by_role("status").first).to_contain_text("Your vote counts for")
    clerk.goto("/clerk/")
    clerk.get_by_role("link", name="put together").click()
    clerk.get_by_role("button", name=re.compile("^Close the vote")).click()
    clerk.get_by_label("The panel’s reason").fill("Nobody contests it.")
    clerk.get_by_role("button", name=re.compile("^Record .* decisions")).click()
    expect(clerk.get_by_role("status").first).to_contain_text("Carried")
    for name in names:
        told(room, name, "accepted", "Nobody contests it.", "6 for")
