"""What citizens do in the story. Each verb says what its table takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from drafter.core.ids import ClauseId
from drafter.demo.acts import Act, Facts, Stage, expect
from drafter.services import commenting, moderating, supporting
from drafter.services.authority import CLERK_ACTOR

CONFIRMS = timedelta(minutes=9)
"""How long after sending a comment its author opens the mail."""
NEXT_SUPPORT = timedelta(minutes=11)
CLERK_READS = timedelta(days=1, hours=9)
"""After midnight: at nine the next morning, in the order of the numbers."""


def comment(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """A comment by `number` on a `clause`, with `text`, maybe a `wording`, and the version `seen`.

    `then`: it is "shown" next morning, unless it stays "unconfirmed", is "held" (for a `reason`,
    with a `sentence`), or is "withdrawn" a day later.
    """
    number, then = facts["number"], facts.get("then", "shown")
    mailed: list[str] = []

    def send() -> None:
        receipt = commenting.comment(
            stage.instance,
            ClauseId(facts["clause"]),
            facts["text"],
            facts.get("wording"),
            facts.get("email", f"citizen-{number}@example.org"),
            version_seen=facts.get("seen"),
        )
        expect("comment", number, receipt.number)
        stage.receipts[number] = receipt.receipt_token
        mailed.append(str(receipt.confirm_token))

    def hold() -> None:
        sentence, reason = facts["sentence"], facts["reason"]
        moderating.hold(stage.instance, CLERK_ACTOR, number, sentence, reason=reason)

    def confirm() -> None:
        commenting.confirm(stage.instance, mailed[0])

    def show() -> None:
        moderating.show(stage.instance, CLERK_ACTOR, number)

    def take_back() -> None:
        commenting.withdraw_comment(stage.instance, stage.receipts[number])

    morning = at.replace(hour=0, minute=0, second=0) + CLERK_READS + timedelta(minutes=number)
    yield Act(at, f"comment {number}", send)
    if then != "unconfirmed":
        yield Act(at + CONFIRMS, f"comment {number} is confirmed", confirm)
    if then == "held":
        yield Act(morning, f"comment {number} is held back", hold)
    if then in ("shown", "withdrawn"):
        yield Act(morning, f"comment {number} is shown", show)
    if then == "withdrawn":
        yield Act(morning + timedelta(days=1), f"comment {number} is taken back", take_back)


def taken_down(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """What was spoken, or came on paper (`source`), at a `place`, is taken down by the clerk."""
    number = facts["number"]

    def run() -> None:
        entered = moderating.enter(
            stage.instance,
            CLERK_ACTOR,
            ClauseId(facts["clause"]),
            facts["text"],
            facts.get("wording"),
            source=facts["source"],
            place=facts["place"],
            taken_on=facts["taken_on"],
        )
        expect("comment", number, entered.number)
        moderating.show(stage.instance, CLERK_ACTOR, number)

    yield Act(at, f"comment {number} is taken down", run)


def support(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """So many people (`times`) support the suggestion in a `comment`, and confirm it."""
    number = facts["comment"]

    def once() -> None:
        email = f"reader-{stage.drawn_last()[:8]}@example.org"
        supporting.support(stage.instance, number, email)
        supporting.confirm_any(stage.instance, stage.drawn_last())

    for index in range(facts["times"]):
        yield Act(at + index * NEXT_SUPPORT, f"comment {number} is supported", once)


def follow(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """Somebody (`email`) follows `what` ("clause", "amendment", "report") and confirms it."""

    def run() -> None:
        supporting.follow(stage.instance, facts["what"], facts.get("about", ""), facts["email"])
        supporting.confirm_any(stage.instance, stage.drawn_last())

    yield Act(at, "somebody follows the report", run)
