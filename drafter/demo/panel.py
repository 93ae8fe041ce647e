"""What the seats and the clerk do in the story. Each verb says what its table takes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial

from drafter.demo.acts import Act, Facts, Stage, expect, seat, steps_in
from drafter.services import (
    admitting,
    amending,
    batching,
    competing,
    configuring,
    deciding,
    editing,
    moderating,
    moving,
    phases,
    proposing,
    publishing,
    receiving,
    seating,
    statements,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.store import names

NEXT_BALLOT = timedelta(minutes=37)
HANDS_ON = timedelta(minutes=25)
"""How long a draft lies with the clerk, or with its author once it was given back."""


def begin(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """A conference has elected so many `seats`."""
    yield Act(
        at, "the panel begins", lambda: seating.add_seats(stage.instance, OPERATOR, facts["seats"])
    )


def phase(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """Comments are open from now, until `closes` where the clerk has set an end."""
    closes = facts.get("closes")
    end = closes.replace(tzinfo=at.tzinfo) if closes else None
    yield Act(
        at,
        "comments are opened",
        lambda: phases.set_phase(stage.instance, CLERK_ACTOR, at, end),
    )


def publish(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """The working draft becomes the next `version`, with a `title`; its pages are built later."""

    def run() -> None:
        made = publishing.publish(stage.instance, CLERK_ACTOR, facts["title"], pages=False)
        expect("version", facts["version"], made.name)

    yield Act(at, f"{facts['version']} is published", run)


def answer(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """The panel's answer (`text`) to `comments`."""
    yield Act(
        at,
        "an answer",
        lambda: moderating.answer_many(
            stage.instance, CLERK_ACTOR, facts["comments"], facts["text"]
        ),
    )


def edit(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """A recorded edit by a `seat`, in `steps`: in a chapter that is drafting, or editorial."""
    who = seat(facts["seat"])
    yield Act(
        at,
        f"an edit by {who.name}",
        lambda: editing.record(stage.instance, who, steps_in(facts)),
    )


def reasons(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """Why proposals were not taken up, into the records of their assemblies (`of`, by assembly)."""

    def run() -> None:
        files = {
            f"{name}.md": _with_reasons(stage, name, entries)
            for name, entries in facts["of"].items()
        }
        configuring.record_assemblies(stage.instance, CLERK_ACTOR, files)

    yield Act(at, "reasons are recorded", run)


def _with_reasons(stage: Stage, name: str, entries: list[dict[str, object]]) -> bytes:
    instance = stage.instance
    text = instance.repository.read_text(instance.tip, names.assembly_path(name))
    front, end, rest = text.removeprefix("---\n").partition("\n---\n")
    lines = []
    for entry in entries:
        why = json.dumps(entry["reason"], ensure_ascii=False)
        lines += [f"  - proposal: {entry['proposal']}", f"    reason: {why}"]
    assert end, name
    return "\n".join(["---", front, "not_taken_up:", *lines, "---", rest]).encode()


# Amendments come to be.


def admit(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """Suggestions (`comments`), as they were sent, become an `amendment` with a `title`."""

    def run() -> None:
        made = admitting.admit(stage.instance, CLERK_ACTOR, facts["comments"], facts["title"])
        expect("amendment", facts["amendment"], made)

    yield Act(at, f"amendment {facts['amendment']} is admitted", run)


def propose(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """A `seat` hands in a draft of `steps` with a `title`; the clerk makes it an `amendment`.

    It may take up `comments`, bring together others (`combines`) or give the open amendment of that
    number other words (`redraft`), and have a `note`. Without a number of an amendment it waits.
    `given_back` is why the clerk returns it once before.
    """
    who, number, back = seat(facts["seat"]), facts.get("amendment"), facts.get("given_back")
    found: list[int] = []

    def draft() -> None:
        found.append(_drafted(stage, who, facts))
        hand_in()

    def hand_in() -> None:
        proposing.submit(stage.instance, who, found[0])

    def give_back() -> None:
        receiving.give_back(stage.instance, CLERK_ACTOR, found[0], str(back))

    def take_up() -> None:
        expect("amendment", number, receiving.admit_proposal(stage.instance, CLERK_ACTOR, found[0]))

    yield Act(at, f"{who.name} hands in a draft", draft)
    if back is not None:
        yield Act(at + HANDS_ON, "a draft is given back", give_back)
        yield Act(at + 2 * HANDS_ON, f"{who.name} hands it in again", hand_in)
    if number is not None:
        admitted = at + (3 if back is not None else 1) * HANDS_ON
        yield Act(admitted, f"amendment {number} is admitted", take_up)


def _drafted(stage: Stage, who: Actor, facts: Facts) -> int:
    title, comments = facts["title"], facts.get("comments", ())
    if "combines" in facts:
        made = competing.start_combined(stage.instance, who, facts["combines"], title=title)
    elif facts.get("redraft"):
        made = proposing.start_redraft(stage.instance, who, facts["amendment"])
        proposing.set_steps(stage.instance, who, made.id, steps_in(facts))
        proposing.describe(stage.instance, who, made.id, title=title, comments=comments)
    else:
        made = proposing.start(
            stage.instance, who, title=title, steps=steps_in(facts), comments=comments
        )
    if "note" in facts:
        proposing.describe(stage.instance, who, made.id, title=title, note=facts["note"])
    return made.id


def move(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """A `seat` moves to adopt a `chapter`, or to reconsider an amendment (`again`)."""
    who = seat(facts["seat"])

    def run() -> None:
        if "chapter" in facts:
            made = moving.move_adoption(stage.instance, who, facts["chapter"])
        else:
            made = moving.move_reconsideration(stage.instance, who, facts["again"])
        expect("amendment", facts["amendment"], made)

    yield Act(at, f"{who.name} moves motion {facts['amendment']}", run)


def open_again(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """The clerk opens the one `amendment` that a carried `motion` allows."""

    def run() -> None:
        made = moving.open_again(stage.instance, CLERK_ACTOR, facts["motion"])
        expect("amendment", facts["amendment"], made)

    yield Act(at, f"amendment {facts['amendment']} is opened again", run)


# The votes.


def put(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """`amendments` are put to the vote, each by itself, or `together` as that batch.

    A `question` takes the place of the usual one.
    """
    numbers, question = facts["amendments"], facts.get("question", "")

    def run() -> None:
        if "together" in facts:
            made = batching.put_together(stage.instance, CLERK_ACTOR, numbers, question=question)
            expect("batch", facts["together"], made.number)
            members = batching.view_batch(stage.instance, made.number).members
            motions = [member.motion for member in members]
        else:
            motions = [
                amending.put(stage.instance, CLERK_ACTOR, number, question=question)
                for number in numbers
            ]
        stage.hashes |= {motion.amendment: motion.ballot_hash for motion in motions}

    yield Act(at, f"put to the vote: {', '.join(map(str, numbers))}", run)


def ballots(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """Seats vote on an `amendment`, or on a batch (`together`), at their own times or in the room.

    `for`, `against` and `abstaining` list seats; `recused` gives seats with the interest that each
    declares. Whoever is in none of them is absent. `in_the_room`: the clerk enters the roll call.
    """
    interests = {int(number): said for number, said in facts.get("recused", {}).items()}
    votes: dict[int, voting.Choice] = dict.fromkeys(interests, "recused")
    votes |= dict.fromkeys(facts.get("for", ()), "for")
    votes |= dict.fromkeys(facts.get("against", ()), "against")
    votes |= dict.fromkeys(facts.get("abstaining", ()), "abstaining")
    if facts.get("in_the_room"):
        number = facts["amendment"]
        yield Act(
            at,
            f"the panel votes on {number}",
            lambda: voting.enter_roll_call(
                stage.instance, CLERK_ACTOR, number, votes, stage.hashes[number]
            ),
        )
        return
    for index, number in enumerate(sorted(votes, key=lambda number: number * 7 % 20)):
        # Not in the order of the seats: nobody votes by number.
        cast = _cast_together if "together" in facts else _cast
        run = partial(cast, stage, facts, number, votes[number], interests.get(number))
        yield Act(at + index * NEXT_BALLOT, f"seat {number} votes", run)


def _cast(
    stage: Stage, facts: Facts, number: int, choice: voting.Choice, interest: str | None
) -> None:
    amendment = facts["amendment"]
    if interest is not None:
        stage.statements.add(amendment)
    voting.cast(
        stage.instance,
        seat(number),
        amendment,
        choice,
        stage.hashes[amendment],
        interest=interest,
    )


def _cast_together(
    stage: Stage, facts: Facts, number: int, choice: voting.Choice, _: str | None
) -> None:
    view = batching.view_batch(stage.instance, facts["together"], seat(number))
    batching.cast_together(stage.instance, seat(number), facts["together"], choice, view.digest)


def recuse(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """A `seat` declares its `interest` in one `amendment`, as before the vote on a batch."""
    run = partial(_cast, stage, facts, facts["seat"], "recused", facts["interest"])
    yield Act(at, f"seat {facts['seat']} declares an interest", run)


# The decisions.


def decide(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """The vote on an `amendment` is closed, `dissents` are filed, the decision is recorded.

    With the panel's `reason`; `outcome` must be what the count gives. Dissents are given by seat.
    """
    number = facts["amendment"]

    def run() -> None:
        voting.close(stage.instance, CLERK_ACTOR, number)
        for who, text in facts.get("dissents", {}).items():
            statements.file_dissent(stage.instance, seat(int(who)), number, text)
            stage.statements.add(number)
        done = deciding.decide(
            stage.instance, CLERK_ACTOR, number, facts["reason"], seen=_read(stage, number)
        )
        expect("outcome", facts["outcome"], getattr(done, "outcome", "stale"))

    yield Act(at, f"amendment {number} is decided", run)


def decide_together(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """The same for a batch (`together`), with one `reason`; these `amendments` are accepted."""
    batch = facts["together"]

    def run() -> None:
        batching.close_together(stage.instance, CLERK_ACTOR, batch)
        seen = {number: _read(stage, number) for number in facts["amendments"]}
        done = batching.decide_together(stage.instance, CLERK_ACTOR, batch, facts["reason"], seen)
        accepted = [each.number for each in done if getattr(each, "outcome", "") == "accepted"]
        expect("accepted", facts["amendments"], accepted)

    yield Act(at, "several amendments are decided", run)


def _read(stage: Stage, number: int) -> str:
    """Have the clerk read the statements on an amendment, where there are any."""
    if number not in stage.statements:
        return ""
    return amending.view_amendment(stage.instance, number, actor=CLERK_ACTOR).statements.digest


def withdraw(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """An `amendment` is withdrawn: by its `seat` with a `reason`, or by a receipt (`comment`)."""
    number, reason = facts["amendment"], facts.get("reason", deciding.WITHDRAWN_BY_SUBMITTER)

    def run() -> None:
        if "seat" in facts:
            deciding.withdraw_amendment(stage.instance, seat(facts["seat"]), number, reason)
        else:
            token = stage.receipts[facts["comment"]]
            proposing.withdraw_by_receipt(stage.instance, token, number, reason)

    yield Act(at, f"amendment {number} is withdrawn", run)


def lapse(stage: Stage, at: datetime, facts: Facts) -> Iterator[Act]:
    """An `amendment` that asks for nothing any more is closed, with a `reason`."""
    number, reason = facts["amendment"], facts["reason"]
    yield Act(
        at,
        f"amendment {number} lapses",
        lambda: deciding.lapse_amendment(stage.instance, CLERK_ACTOR, number, reason),
    )
