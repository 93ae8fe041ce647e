"""Amendments: what each would change, what else it would touch, and putting it to the vote."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.amendments import Removed
from drafter.core.clauses import Report
from drafter.core.consequences import Consequence
from drafter.core.decisions import one_line
from drafter.core.diff import Change, Diff, diff_reports
from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.instructions import Instruction, ballot_hash
from drafter.core.merge import Competing
from drafter.core.rules import Outcome, State, Tally, decide, is_final, quorum_needed
from drafter.core.saying import say
from drafter.people import amendments as rows
from drafter.people.amendments import Amendment, comments_of_amendment
from drafter.people.audit import note
from drafter.people.ballots import Ballot, ballots_of, tally_inputs
from drafter.people.lines import unused_motions
from drafter.people.motions import (
    Motion,
    NewMotion,
    find_motion,
    latest_motion,
    mark_stale,
    put_motion,
    reopen_amendment,
)
from drafter.people.seats import seats
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.counting import (
    read_amendment,
    require_amendment,
    require_motion,
    roll_call_of,
    rules_of,
)
from drafter.services.deciding import may_lapse
from drafter.services.foreseeing import foresee
from drafter.services.limits import LONGEST_QUESTION, require_length
from drafter.services.proposals import (
    Effect,
    effect_of,
    proposal_at,
    record_at,
)
from drafter.services.refreshing import refresh
from drafter.services.statements import NO_STATEMENTS, Statements, statements_on
from drafter.store import names

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class MotionView:
    """A motion, and how the vote on it stands."""

    motion: Motion
    """With `question`, `state`, `ballot_hash` (what a ballot must name), `closes_at`."""
    voted: int
    """Seats that have cast a ballot, recusals included."""
    seats: int
    """Filled seats; once the vote is closed, those that could vote."""
    voted_seats: tuple[int, ...]
    """Which seats these are: how they voted is not said before the closing."""
    ballots: tuple[Ballot, ...]
    """Every ballot once the vote is closed; before, only the actor's own."""
    absent: tuple[int, ...]
    """Once the vote is closed: the seats that could vote and did not."""
    quorum_needed: int
    quorum_met: bool
    result: Outcome | None
    """How the count comes out, once the vote is closed."""


@dataclass(frozen=True, slots=True)
class AmendmentView:
    """One amendment, all that a page shows of it."""

    amendment: Amendment
    """The database's view: `number`, `title`, `state`, `round`."""
    record: records.Amendment
    """The record as it stands now: on main once decided, on its branch before."""
    diff: Diff
    """What accepting it would change in the working draft, word by word; once decided, what it
    asked for against its base."""
    competing: tuple[Competing, ...]
    """Where the working draft has changed the same words since; empty once decided."""
    consequences: tuple[Consequence, ...]
    """What accepting it would do to each other open amendment; empty once decided."""
    motion: MotionView | None
    """The motion last put, or None."""
    comments: tuple[int, ...]
    before: Report
    """The draft that `diff` starts from, and `after`, to show a change in its place."""
    after: Report
    lapsable: bool = False
    """It asks for nothing any more: the clerk may close it as lapsed."""
    since: tuple[Change, ...] = ()
    """Where the words that were put last are no longer what it would do: the difference."""
    unused: bool = False
    """It is a carried motion to reconsider, and the amendment it allows is not opened yet."""
    statements: Statements = NO_STATEMENTS
    """Once the vote is closed: what the decision would bring into the record besides."""
    removed: Removed | None = None
    """Its wording was removed: then `diff` is empty."""

    @property
    def number(self) -> int:
        return self.amendment.number

    @property
    def title(self) -> str:
        return self.amendment.title

    @property
    def state(self) -> State:
        return self.amendment.state


def view_amendment(instance: Instance, number: int, *, actor: Actor = PUBLIC) -> AmendmentView:
    """Return everything about an amendment. Raises NotFound."""
    authorize(actor, "read", number)
    refresh(instance)
    with instance.database.reading() as session:
        amendment = require_amendment(session, number)
        motion = latest_motion(session, number)
        earlier = motion
        if motion and motion.state == "open":
            earlier = find_motion(session, number, motion.round - 1)
        shown = _motion_view(session, motion, actor) if motion else None
        comments = comments_of_amendment(session, number)
        closed = motion is not None and motion.state == "closed"
        said = statements_on(session, number, motion.round) if motion and closed else NO_STATEMENTS
        unused = any(each.number == number for each in unused_motions(session))
    if amendment.branch_tip is None:
        return _view_removed(instance, amendment, shown, comments)
    if is_final(amendment.state):
        view = _view_decided(instance, amendment, amendment.branch_tip, shown, comments)
        return replace(view, unused=unused)
    tip, repository = instance.tip, instance.repository
    effect = effect_of(repository, tip, number, amendment.branch_tip)
    mine = proposal_at(repository, number, amendment.branch_tip)
    before, after = effect.before, effect.after
    if effect.competing:
        before, after = mine.base, mine.proposed
    return AmendmentView(
        amendment=amendment,
        record=record_at(repository, amendment.branch_tip, number),
        diff=diff_reports(before, after, style=instance.numbering),
        competing=effect.competing,
        consequences=foresee(instance, effect.before, effect.after, mine),
        motion=shown,
        comments=comments,
        before=before,
        after=after,
        lapsable=not effect.instructions
        and amendment.state in ("open", "stale")
        and may_lapse(instance, amendment, tip),
        since=_since(instance, earlier, amendment.branch_tip, effect) if earlier else (),
        statements=said,
    )


def _since(instance: Instance, motion: Motion, branch_tip: str, now: Effect) -> tuple[Change, ...]:
    """Compare what an earlier motion was to do with what it would do now, clause by clause.

    Nothing where the amendment itself has been drafted anew since: its words are then all new.
    """
    if now.competing:
        return ()
    then = effect_of(instance.repository, motion.base_commit, motion.amendment, branch_tip)
    if then.competing or set(then.instructions) == set(now.instructions):
        return ()
    if ballot_hash(then.instructions, motion.rules_id) != motion.ballot_hash:
        return ()
    touched = {each.clause for each in (*then.instructions, *now.instructions)}
    changes = diff_reports(then.after, now.after, style=instance.numbering).changes
    return tuple(change for change in changes if change.clause in touched)


def list_amendments(
    instance: Instance, states: Collection[State] | None = None, *, actor: Actor = PUBLIC
) -> tuple[Amendment, ...]:
    """Return the amendments (in one of `states`), by number."""
    authorize(actor, "read")
    with instance.database.reading() as session:
        return rows.amendments(session, states)


def put(
    instance: Instance,
    actor: Actor,
    number: int,
    closes_at: datetime | None = None,
    question: str = "",
) -> Motion:
    """Put an amendment to the vote, bound to its exact words and to the rules in force.

    One whose motion went stale is put in its next round. Without a question the usual one is put.
    Raises NotFound; Refused where it competes with the working draft, changes nothing any more, or
    is neither open nor stale; BadInput.
    """
    authorize(actor, "put", number)
    require_length(question, LONGEST_QUESTION, "A question")
    with instance.writing():
        new = new_motion(instance, number, actor.name, closes_at, question)
        with instance.acting(actor) as session:
            return put_one(session, new, instance.clock())


def new_motion(
    instance: Instance, number: int, by: str, closes_at: datetime | None, question: str = ""
) -> NewMotion:
    """Make the motion that puts an amendment as it would now change the draft.

    For the holder of the writer lock. Raises NotFound, Refused, BadInput.
    """
    amendment, tip, rules = read_amendment(instance, number), instance.tip, instance.rules
    if closes_at is not None and closes_at <= instance.clock():
        raise BadInput("This time is past. Choose a later one, or none.", field="closes_at")
    if amendment.branch_tip is None:
        raise NotFound(
            say("The words of amendment {number} have been removed.", number=number), number=number
        )
    effect = effect_of(instance.repository, tip, number, amendment.branch_tip)
    if effect.competing:
        raise Refused(
            say(
                "The draft has changed the same words as amendment {number} since it was made. "
                "It must be redrafted before it is put.",
                number=number,
            ),
            number=number,
        )
    if not effect.instructions:
        raise Refused(
            say("All that amendment {number} asks for stands in the draft already.", number=number)
        )
    usual = usual_question(amendment, effect.instructions)
    return NewMotion(
        amendment=number,
        round=amendment.round,
        question=one_line(question) or usual,
        ballot_hash=ballot_hash(effect.instructions, rules.identity),
        rules_id=rules.identity,
        rules_json=rules.canonical,
        base_commit=tip,
        closes_at=closes_at,
        opened_by=by,
    )


def put_one(session: Session, new: NewMotion, now: datetime) -> Motion:
    """Put a motion, opening the next round of one that went stale. Raises NotFound, Refused."""
    if require_amendment(session, new.amendment).state == "stale":
        new = replace(new, round=reopen_amendment(session, new.amendment, now))
    note(session, new.opened_by, "put", f"amendment {new.amendment}", now)
    return put_motion(session, new, now)


def usual_question(amendment: Amendment, instructions: tuple[Instruction, ...]) -> str:
    """Give the question that is put where the clerk words none."""
    for each in instructions:
        if each.verb == "adopt":
            return f"Shall the text of {each.chapter} be adopted, and its drafting end?"
        if each.verb == "reconsider":
            return f"Shall the decision on amendment {each.amendment} be opened again?"
    return f"Shall amendment {amendment.number}, {amendment.title}, be made?"


def reopen(instance: Instance, actor: Actor, number: int) -> int:
    """Open an amendment for its next round and return that round.

    For one whose motion went stale, or whose vote ended without a quorum. Raises NotFound, Refused.
    """
    authorize(actor, "reopen", number)
    with instance.acting(actor) as session:
        now = instance.clock()
        amendment = require_amendment(session, number)
        if amendment.state == "put" and has_failed(session, number, now):
            mark_stale(session, number, amendment.round, now)
        note(session, actor.name, "reopen", f"amendment {number}", now)
        return reopen_amendment(session, number, now)


def has_failed(session: Session, number: int, now: datetime) -> bool:
    """Tell whether no more ballots are taken and those that were cast are no quorum."""
    motion = require_motion(session, number)
    if motion.state == "open" and (motion.closes_at is None or now < motion.closes_at):
        return False
    return not _standing(session, motion)[1]


def _standing(session: Session, motion: Motion) -> tuple[int, bool]:
    """Return the quorum needed and whether it is there, with the ballots cast so far."""
    ballots = ballots_of(session, motion.amendment, motion.round)
    recused = sum(ballot.choice == "recused" for ballot in ballots)
    needed = quorum_needed(rules_of(motion), max(_entitled(session, motion), recused), recused)
    return needed, len(ballots) - recused >= needed


def _entitled(session: Session, motion: Motion) -> int:
    if motion.closed_at is not None:
        return len(tally_inputs(session, motion.amendment, motion.round).voters)
    filled = {seat.number for seat in seats(session) if seat.filled}
    cast = {ballot.seat for ballot in ballots_of(session, motion.amendment, motion.round)}
    return len(filled | cast)


def _motion_view(session: Session, motion: Motion, actor: Actor) -> MotionView:
    ballots = ballots_of(session, motion.amendment, motion.round)
    needed, met = _standing(session, motion)
    closed = motion.closed_at is not None
    result = None
    absent: tuple[int, ...] = ()
    if closed:
        inputs = tally_inputs(session, motion.amendment, motion.round)
        tally = roll_call_of(inputs).tally if inputs.voters else Tally()
        result = decide(tally, rules_of(motion))
        absent = tuple(sorted(set(inputs.voters) - {each.seat for each in ballots}))
    return MotionView(
        motion=motion,
        voted=len(ballots),
        voted_seats=tuple(ballot.seat for ballot in ballots),
        seats=_entitled(session, motion),
        ballots=ballots if closed else tuple(b for b in ballots if b.seat == actor.seat),
        absent=absent,
        quorum_needed=needed,
        quorum_met=met,
        result=result,
    )


def _view_decided(
    instance: Instance,
    amendment: Amendment,
    branch_tip: str,
    motion: MotionView | None,
    comments: tuple[int, ...],
) -> AmendmentView:
    asked = proposal_at(instance.repository, amendment.number, branch_tip)
    return AmendmentView(
        amendment=amendment,
        record=record_at(instance.repository, instance.tip, amendment.number),
        diff=diff_reports(asked.base, asked.proposed, style=instance.numbering),
        competing=(),
        consequences=(),
        motion=motion,
        comments=comments,
        before=asked.base,
        after=asked.proposed,
    )


def _view_removed(
    instance: Instance, amendment: Amendment, motion: MotionView | None, comments: tuple[int, ...]
) -> AmendmentView:
    """Show what is left of an amendment whose wording was removed. Raises NotFound."""
    number, now = amendment.number, instance.report
    tombstone = instance.repository.tip(names.amendment_branch(number))
    if tombstone is None or not is_final(amendment.state):
        raise NotFound(
            say("The words of amendment {number} have been removed.", number=number), number=number
        )
    return AmendmentView(
        amendment=amendment,
        record=record_at(instance.repository, instance.tip, number),
        diff=diff_reports(now, now, style=instance.numbering),
        competing=(),
        consequences=(),
        motion=motion,
        comments=comments,
        before=now,
        after=now,
        removed=record_at(instance.repository, tombstone, number).removed,
    )
