"""Putting several amendments together, where nobody contests any: one ballot counts for each.

Every amendment of a batch has a motion of its own, bound to its own words, and is decided in its
own commit. So a crash in the middle leaves each of them decided or still put, and a seat can ask
for one to be voted on by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core.decisions import one_line
from drafter.core.errors import BadInput, Conflict, NotFound, Refused
from drafter.core.saying import say
from drafter.people.audit import note
from drafter.people.ballots import Ballot, Choice, cast_ballot, find_ballot
from drafter.people.batches import Batch, Member, find_batch, members_of, new_batch
from drafter.people.motions import Motion, NewMotion, mark_stale, put_motion, reopen_amendment
from drafter.services.amending import new_motion, put_one, usual_question
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.counting import read_amendment, require_amendment, require_motion
from drafter.services.deciding import Decided, Stale, decide
from drafter.services.foreseeing import foresee
from drafter.services.limits import LONGEST_QUESTION, MOST_PUT_TOGETHER, require_length
from drafter.services.proposals import effect_of, proposal_at
from drafter.services.refreshing import refresh
from drafter.services.touching import without_rival
from drafter.services.voting import check_choice, close_one

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class BatchView:
    """A batch as it now is."""

    batch: Batch
    members: tuple[Member, ...]
    """Those that were not taken out and did not go stale, by number."""
    ballots: tuple[Ballot, ...]
    """The actor's own, one for each member that it has voted on."""

    @property
    def digest(self) -> str:
        """What a ballot on all of them names: which they are, and the words of each."""
        words = [f"{each.motion.amendment} {each.motion.ballot_hash}\n" for each in self.members]
        return hashlib.sha256("".join(words).encode()).hexdigest()


def uncontested(instance: Instance, *, limit: int = MOST_PUT_TOGETHER) -> tuple[int, ...]:
    """Find open amendments that touch nothing that another open one touches, by number.

    Looked up by what their records name: where there is doubt, one is left out.
    """
    with instance.database.reading() as session:
        return without_rival(instance, session, limit)


def put_together(
    instance: Instance,
    actor: Actor,
    numbers: Sequence[int],
    closes_at: datetime | None = None,
    question: str = "",
) -> Batch:
    """Put several open amendments as one question.

    Raises NotFound, BadInput; Refused where one of them competes with any open amendment or has
    consequences for another of them, or cannot be put by itself.
    """
    authorize(actor, "put", tuple(numbers))
    chosen = sorted(set(numbers))
    require_length(question, LONGEST_QUESTION, "A question")
    if not 2 <= len(chosen) <= MOST_PUT_TOGETHER:
        raise BadInput(
            say(
                "Choose from two to {most_put_together} amendments to put together.",
                most_put_together=MOST_PUT_TOGETHER,
            )
        )
    with instance.writing():
        motions = [new_motion(instance, number, actor.name, closes_at) for number in chosen]
        _require_uncontested(instance, chosen)
        usual = f"Shall these {_in_words(len(chosen))} amendments be made?"
        with instance.acting(actor) as session:
            now = instance.clock()
            batch = new_batch(session, one_line(question) or usual, actor.name, now)
            for motion in motions:
                put_one(session, _within(motion, batch), now)
    return batch


def _in_words(count: int) -> str:
    """Write a small number as a sentence does, and a larger one in digits.

    >>> _in_words(2), _in_words(10), _in_words(11)
    ('two', 'ten', '11')
    """
    small = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
    return small[count - 2] if 2 <= count <= 10 else str(count)


def view_batch(instance: Instance, number: int, actor: Actor = PUBLIC) -> BatchView:
    """Return a batch as it now is. Raises NotFound."""
    authorize(actor, "read", number)
    refresh(instance)
    with instance.database.reading() as session:
        return _view(session, number, actor)


def cast_together(
    instance: Instance, actor: Actor, number: int, choice: Choice, digest: str
) -> int:
    """Cast one ballot that counts for each amendment of a batch; return for how many.

    `digest` names what was on the page. A seat with an interest declares it on the amendment that
    it concerns; from that one it stays recused. Raises NotFound; BadInput; Refused when the vote
    is over or the seat vacant; Conflict when the batch or its words are other ones by now.
    """
    authorize(actor, "cast", number)
    check_choice(choice, None)
    assert actor.seat is not None
    refresh(instance)
    with instance.acting(actor) as session:
        view = _view(session, number, actor)
        if view.digest != digest or not view.members:
            raise Conflict("What is put together has changed. Read it again, then vote.")
        recused = {ballot.amendment for ballot in view.ballots if ballot.choice == "recused"}
        motions = [m.motion for m in view.members if m.motion.amendment not in recused]
        for motion in motions:
            cast_ballot(
                session,
                amendment=motion.amendment,
                round=motion.round,
                seat=actor.seat,
                choice=choice,
                ballot_hash=motion.ballot_hash,
                now=instance.clock(),
            )
    return len(motions)


def take_out(instance: Instance, actor: Actor, number: int) -> Motion:
    """Take an amendment out of its batch, before the closing: it is put by itself at once.

    The ballots that counted for it with the others are kept with the old round; it is voted on
    anew. Raises NotFound; Refused where it is in no batch, or the vote is closed.
    """
    authorize(actor, "take out", number)
    refresh(instance)
    with instance.acting(actor) as session:
        amendment, old = require_amendment(session, number), require_motion(session, number)
        now = instance.clock()
        if old.batch is None or old.state != "open":
            raise Refused(
                say("Amendment {number} is not being voted on together with others.", number=number)
            )
        mark_stale(session, number, old.round, now)
        new = NewMotion(
            amendment=number,
            round=reopen_amendment(session, number, now),
            question=usual_question(amendment, ()),
            ballot_hash=old.ballot_hash,
            rules_id=old.rules_id,
            rules_json=old.rules_json,
            base_commit=old.base_commit,
            closes_at=old.closes_at,
            opened_by=old.opened_by,
        )
        note(session, actor.name, "take out", f"amendment {number}", now)
        return put_motion(session, new, now)


def close_together(instance: Instance, actor: Actor, number: int) -> tuple[Motion, ...]:
    """Close the vote on every amendment of a batch, or on none.

    Raises NotFound; Refused where one has no quorum yet, or they are closed.
    """
    authorize(actor, "close", number)
    refresh(instance)
    with instance.acting(actor) as session:
        members = _view(session, number, actor).members
        if not members:
            raise Refused("Nothing is left of what was put together.", number=number)
        now = instance.clock()
        return tuple(close_one(session, each.motion, actor.name, now) for each in members)


def decide_together(
    instance: Instance,
    actor: Actor,
    number: int,
    reason: str,
    seen: Mapping[int, str] | None = None,
) -> tuple[Decided | Stale, ...]:
    """Decide each amendment of a batch by its own count, with one reason for all.

    One after the other, each in a commit of its own; those that are decided are passed over, so
    that after a crash the same call goes on where it stopped. `seen` has for each amendment what
    `decide` wants. Raises NotFound, BadInput, Refused, Conflict.
    """
    authorize(actor, "decide", number)
    view = view_batch(instance, number, actor)
    found = []
    for member in view.members:
        if member.motion.state != "decided":
            number = member.motion.amendment
            read = (seen or {}).get(number, "")
            found.append(decide(instance, actor, number, reason, seen=read))
    if not found:
        raise Refused("All that was put together is decided.", number=number)
    return tuple(found)


def _within(motion: NewMotion, batch: Batch) -> NewMotion:
    return replace(motion, question=batch.question, batch=batch.number)


def _view(session: Session, number: int, actor: Actor) -> BatchView:
    batch = find_batch(session, number)
    if batch is None:
        raise NotFound(
            say("There is no motion {number} on several amendments.", number=number), number=number
        )
    members = members_of(session, number)
    own = (
        find_ballot(session, each.motion.amendment, each.motion.round, actor.seat)
        for each in members
        if actor.seat is not None
    )
    return BatchView(batch, members, tuple(ballot for ballot in own if ballot is not None))


def _require_uncontested(instance: Instance, numbers: Sequence[int]) -> None:
    """Refuse where one of them competes with an open amendment, or matters to another of them."""
    for number in numbers:
        tip = read_amendment(instance, number).branch_tip
        assert tip is not None  # `new_motion` has read its words
        mine = proposal_at(instance.repository, number, tip)
        effect = effect_of(instance.repository, instance.tip, number, tip)
        for one in foresee(instance, effect.before, effect.after, mine):
            together = one.number in numbers and one.effect != "unchanged"
            if together or one.effect == "competes":
                raise Refused(
                    say(
                        "Amendments {number} and {number_2} concern the same words. Put "
                        "{number} by itself.",
                        number=number,
                        number_2=one.number,
                    ),
                    number=number,
                    other=one.number,
                )
