"""Deciding an amendment: the heart. Steps 0 to 5, so that no crash leaves git and database apart.

0 finish what is unapplied; 1 read, check, compare with what the ballots bind; 2 write the commit;
3 record the decision; 4 move main; 5 mark it applied. Whatever step a crash comes behind, step 0 of
the next start or the next write brings both to the same end. Telling comes after all that, from the
row that is marked: see `mailing.deliver`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.consequences import asks_nothing
from drafter.core.decisions import Count, Decision
from drafter.core.errors import BadInput, NotAllowed, NotFound, Refused
from drafter.core.instructions import ballot_hash
from drafter.core.rules import next_state
from drafter.core.saying import say
from drafter.people import decisions as rows
from drafter.people.amendments import Amendment
from drafter.people.audit import note
from drafter.people.decisions import EVENTS, Outcome
from drafter.people.motions import latest_motion, mark_stale, reopen_amendment
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.counting import Vote, count, read_amendment, require_vote
from drafter.services.limits import LONGEST_REASON, require_length
from drafter.services.mailing import write_outbox
from drafter.services.noting import finish_note
from drafter.services.proposals import (
    Effect,
    chapter_changes,
    effect_of,
    proposal_at,
    record_at,
)
from drafter.services.refreshing import refresh
from drafter.services.standing import require_still
from drafter.services.statements import require_read, statements_on, statements_with
from drafter.store import names
from drafter.store.messages import write_message
from drafter.store.reports import read_report
from drafter.store.writer import Changes, Writer

if TYPE_CHECKING:
    from drafter.people.rows import Plain
    from drafter.services.instance import Instance


WITHDRAWN_BY_SUBMITTER = "Withdrawn by whoever asked for it."
"""The reason in the record: what citizens type does not come into git unread."""


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision holds: main has moved, and its record is in git."""

    number: int
    outcome: Outcome
    commit: str
    """Main's new tip."""
    sentence: str
    """The count in plain words."""


@dataclass(frozen=True, slots=True)
class Stale:
    """The words have changed since the motion was put; it is put again in the next round."""

    number: int
    sentence: str


@dataclass(frozen=True, slots=True)
class _Plan:
    """A decision about to be carried out from `tip`."""

    tip: str
    amendment: Amendment
    record: records.Amendment
    """As main will hold it."""
    text: Changes
    """The chapters that change; none but for an acceptance."""
    by: str
    sentence: str


def decide(
    instance: Instance,
    actor: Actor,
    number: int,
    reason: str,
    *,
    seen: str = "",
) -> Decided | Stale:
    """Decide an amendment by its closed vote, with the panel's reason.

    `seen` names the dissents and interests that were read (`Statements.digest`); empty where there
    are none. The mails about it are whoever delivers mail next's to write: the worker, or
    `write_outbox`. Raises NotFound; Refused when the vote is not closed or has no quorum; BadInput
    without a reason; Conflict where there are statements that were not read.
    """
    authorize(actor, "decide", number)
    _require_reason(reason)
    with instance.repository.writing() as writer:
        instance.fault("decide 0")
        finish_unapplied(instance, writer)
        instance.fault("decide 1")
        require_still(instance, actor)
        plan = _weigh(instance, number, reason, seen, actor.name)
        result = plan if isinstance(plan, Stale) else _carry_out(instance, writer, plan)
        refresh(instance)
    return result


def _weigh(instance: Instance, number: int, reason: str, seen: str, by: str) -> _Plan | Stale:
    """Step 1: everything is checked against main's tip as it is now."""
    tip = instance.tip
    with instance.database.looking() as session:
        found = require_vote(session, number)
        if found.amendment.state == "stale":
            return Stale(number, _moved(number))
        vote = count(found)
        statements = statements_with(session, vote)
    require_read(statements, seen)
    effect = effect_of(instance.repository, tip, number, vote.branch_tip)
    bound = ballot_hash(effect.instructions, vote.rules.identity)
    if effect.competing or not effect.instructions or bound != vote.motion.ballot_hash:
        return _set_aside(instance, vote)
    decision = Decision(
        date=instance.clock().date(),
        outcome="accepted" if vote.result.carried else "rejected",
        closed_by=vote.motion.closed_by or by,
        reason=reason,
        count=Count(
            vote.motion.question,
            vote.roll_call,
            vote.rules,
            bound,
            statements.interests,
            vote.in_the_room,
        ),
        dissents=statements.dissents,
    )
    return _plan(instance, tip, vote.amendment, decision, by, effect, vote.result.sentence)


def _carry_out(instance: Instance, writer: Writer, plan: _Plan) -> Decided:
    """Steps 2 to 5."""
    number, record, now = plan.amendment.number, plan.record, instance.clock()
    assert record.decision is not None
    outcome = record.decision.outcome

    instance.fault("decide 2")
    message = write_message(
        "decision", f"Amendment {number} {outcome}", {"Amendment": str(number), "Outcome": outcome}
    )
    changes = {**plan.text, records.record_path(record.number): _written(record)}
    merged = (plan.amendment.branch_tip,) if outcome == "accepted" else ()
    parents = (plan.tip, *(tip for tip in merged if tip))
    commit = writer.write_commit(changes, plan.tip, parents, message, now)

    instance.fault("decide 3")
    with instance.database.noting() as session:
        _record(session, plan, commit, now)

    instance.fault("decide 4")
    writer.move_ref(names.MAIN, plan.tip, commit)

    instance.fault("decide 5")
    _mark_applied(instance, number, plan.amendment.round)
    instance.fault("decided")
    return Decided(number, outcome, commit, plan.sentence)


def _record(session: Plain, plan: _Plan, commit: str, now: datetime) -> None:
    assert plan.record.decision is not None
    new = rows.NewDecision(
        amendment=plan.amendment.number,
        round=plan.amendment.round,
        outcome=plan.record.decision.outcome,
        expected_tip=plan.tip,
        new_commit=commit,
        reason=plan.record.decision.reason,
        decided_by=plan.by,
    )
    rows.record_decision(session, new, now)
    note(session, plan.by, "decide", f"amendment {plan.amendment.number}", now)


def finish_decisions(instance: Instance) -> int:
    """Finish what an earlier decision left unapplied; return how many there were."""
    with instance.database.reading() as session:
        if not rows.unapplied_decisions(session):
            return 0
    with instance.repository.writing() as writer:
        return finish_unapplied(instance, writer)


def finish_unapplied(instance: Instance, writer: Writer) -> int:
    """Step 0, for the holder of the writer lock."""
    finish_note(instance)
    with instance.database.looking() as session:
        left = rows.unapplied_decisions(session)
    for decision in left:
        tip = instance.tip
        if not _is_written(instance, decision.new_commit):
            _take_again(instance, writer, decision)
        elif tip == decision.expected_tip:
            writer.move_ref(names.MAIN, tip, decision.new_commit)
            _mark_applied(instance, decision.amendment, decision.round)
        elif instance.repository.contains(tip, decision.new_commit):
            _mark_applied(instance, decision.amendment, decision.round)
        else:
            _take_again(instance, writer, decision)
    return len(left)


def withdraw_amendment(instance: Instance, actor: Actor, number: int, reason: str) -> Decided:
    """Close an amendment as withdrawn, recorded on main: by the clerk, or the seat that asked.

    Raises NotFound, BadInput; NotAllowed for another seat, Refused once its vote is closed.
    """
    authorize(actor, "withdraw amendment", number)
    if actor.role == "seat" and read_amendment(instance, number).submitter != actor.name:
        raise NotAllowed("Only the seat that asked for an amendment can withdraw it.")
    return _close(instance, actor, actor.name, number, "withdrawn", reason)


def withdraw_for(
    instance: Instance, contributor: str, number: int, reason: str = WITHDRAWN_BY_SUBMITTER
) -> Decided:
    """Close an amendment as withdrawn by the one who asked for it, who holds its receipt.

    `contributor` is the random id that the receipt leads to. Raises NotFound, NotAllowed, Refused.
    """
    if read_amendment(instance, number).submitter != contributor:
        raise NotAllowed("Only whoever asked for an amendment can withdraw it.")
    return _close(instance, PUBLIC, contributor, number, "withdrawn", reason)


def lapse_amendment(instance: Instance, actor: Actor, number: int, reason: str) -> Decided:
    """Close an amendment that asks for nothing any more as lapsed, with a reason.

    Raises NotFound, BadInput; Refused where it still asks for something, or its vote is closed.
    """
    authorize(actor, "lapse", number)
    return _close(instance, actor, actor.name, number, "lapsed", reason)


def _close(
    instance: Instance, actor: Actor, by: str, number: int, outcome: Outcome, reason: str
) -> Decided:
    _require_reason(reason)
    with instance.writing() as writer:
        require_still(instance, actor)
        result = close_unvoted(instance, writer, by, number, outcome, reason)
    write_outbox(instance)
    return result


def close_unvoted(
    instance: Instance,
    writer: Writer,
    by: str,
    number: int,
    outcome: Outcome,
    reason: str,
    *,
    title: str = "",
) -> Decided:
    """Close an amendment without a vote, for the holder of the writer lock.

    `title` comes into the record on main instead of its own. Raises NotFound, Refused.
    """
    amendment = read_amendment(instance, number)
    if amendment.state == "stale":
        _require_closable(instance, amendment, outcome)
        with instance.database.writing() as session:
            reopen_amendment(session, number, instance.clock())
    plan = _close_unvoted(instance, number, outcome, reason, by)
    if title:
        plan = replace(plan, record=replace(plan.record, title=title))
    return _carry_out(instance, writer, plan)


def _close_unvoted(
    instance: Instance, number: int, outcome: Outcome, reason: str, by: str
) -> _Plan:
    amendment = read_amendment(instance, number)
    next_state(amendment.state, EVENTS[outcome])
    _require_closable(instance, amendment, outcome)
    decision = Decision(instance.clock().date(), outcome, by, reason)
    sentence = {
        "accepted": say("Amendment {number} is accepted.", number=number),
        "rejected": say("Amendment {number} is rejected.", number=number),
        "withdrawn": say("Amendment {number} is withdrawn.", number=number),
        "lapsed": say("Amendment {number} is lapsed.", number=number),
    }[outcome]
    return _plan(instance, instance.tip, amendment, decision, by, None, sentence)


def _require_closable(instance: Instance, amendment: Amendment, outcome: Outcome) -> None:
    """Refuse to close without a vote what the panel has voted on, or what still asks."""
    number = amendment.number
    with instance.database.reading() as session:
        motion = latest_motion(session, number)
    if amendment.state == "put" and motion is not None and motion.state == "closed":
        raise Refused(
            say("The vote on amendment {number} is closed. Record its decision.", number=number)
        )
    if outcome == "lapsed" and not may_lapse(instance, amendment, instance.tip):
        raise Refused(
            say("Amendment {number} still asks for something. Put it to the vote.", number=number)
        )


def may_lapse(instance: Instance, amendment: Amendment, tip: str) -> bool:
    """Tell whether an amendment asks for nothing any more in the draft at `tip`."""
    if amendment.branch_tip is None:
        return False
    mine = proposal_at(instance.repository, amendment.number, amendment.branch_tip)
    return asks_nothing(read_report(instance.repository, tip), mine)


def _plan(
    instance: Instance,
    tip: str,
    amendment: Amendment,
    decision: Decision,
    by: str,
    effect: Effect | None,
    sentence: str,
) -> _Plan:
    if amendment.branch_tip is None:
        raise NotFound(say("Amendment {number} has no words any more.", number=amendment.number))
    record = record_at(instance.repository, amendment.branch_tip, amendment.number)
    final = replace(
        record,
        status=decision.outcome,
        round=amendment.round,
        instructions=effect.instructions if effect else record.instructions,
        decision=decision,
    )
    accepted = effect is not None and decision.outcome == "accepted"
    text = chapter_changes(effect.before, effect.after) if effect and accepted else {}
    return _Plan(tip, amendment, final, text, by, sentence)


def _set_aside(instance: Instance, vote: Vote) -> Stale:
    number = vote.amendment.number
    with instance.database.writing() as session:
        mark_stale(session, number, vote.amendment.round, instance.clock())
    return Stale(number, _moved(number))


def _moved(number: int) -> str:
    return say(
        "The draft has changed since amendment {number} was put. Put it to the vote again.",
        number=number,
    )


def _mark_applied(instance: Instance, number: int, round: int) -> None:
    with instance.database.noting(waits=False) as connection:
        rows.mark_applied(connection, number, round, instance.clock())


def _is_written(instance: Instance, commit: str) -> bool:
    try:
        instance.repository.commit(commit)
    except NotFound:
        return False
    return True


def _take_again(instance: Instance, writer: Writer, decision: rows.Decision) -> None:
    """Main moved elsewhere before this decision reached it: nobody was told, so it starts again."""
    with instance.database.writing() as session:
        statements = statements_on(session, decision.amendment, decision.round)
        rows.delete_decision(session, decision.amendment, decision.round)
    number, by = decision.amendment, decision.decided_by
    plan: _Plan | Stale
    if decision.outcome in rows.VOTED:
        plan = _weigh(instance, number, decision.reason, statements.digest, by)
    else:
        plan = _close_unvoted(instance, number, decision.outcome, decision.reason, by)
    if isinstance(plan, _Plan):
        _carry_out(instance, writer, plan)


def _require_reason(reason: str) -> None:
    if not reason.strip():
        raise BadInput("Give the panel's reason: everyone who asked will read it.", field="reason")
    require_length(reason, LONGEST_REASON, "A reason")


def _written(record: records.Amendment) -> bytes:
    faults = record.findings()
    if faults:
        raise Refused(faults[0])
    return records.write_record(record).encode("utf-8")
