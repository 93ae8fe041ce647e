"""Deciding an amendment: the heart. Steps 0 to 5, so that no crash leaves git and database apart.

0 finish what is unapplied; 1 read, check, compare with what the ballots bind; 2 write the commit;
3 record the decision; 4 move main; 5 mark it applied. Only then is anybody told. Whatever step a
crash comes behind, step 0 of the next start or the next write brings both to the same end.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.decisions import Count, Decision, Dissent
from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.instructions import ballot_hash
from drafter.core.rules import next_state
from drafter.people import decisions as rows
from drafter.people.amendments import Amendment
from drafter.people.audit import note
from drafter.people.decisions import EVENTS, Outcome
from drafter.people.motions import mark_stale
from drafter.services.authority import Actor, authorize
from drafter.services.counting import Vote, count_vote, read_amendment
from drafter.services.limits import LONGEST_DISSENT, LONGEST_REASON, require_length
from drafter.services.mailing import tell_of_decision, write_outbox
from drafter.services.proposals import Effect, chapter_changes, effect_of, record_at
from drafter.services.standing import require_still
from drafter.store import names
from drafter.store.messages import write_message
from drafter.store.writer import Changes, Writer

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Decided:
    """The decision holds: main has moved, and its record is in git."""

    number: int
    outcome: Outcome
    commit: str
    """Main's new tip."""
    sentence: str
    """The count in plain words."""
    told: int = 0
    """How many of those whose comments it took up are told by mail."""


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
    dissents: Sequence[Dissent] = (),
) -> Decided | Stale:
    """Decide an amendment by its closed vote, with the panel's reason.

    Raises NotFound; Refused when the vote is not closed or has no quorum; BadInput without a
    reason.
    """
    authorize(actor, "decide", number)
    _require_reason(reason, dissents)
    with instance.repository.writing() as writer:
        instance.fault("decide 0")
        finished = finish_unapplied(instance, writer)
        instance.fault("decide 1")
        require_still(instance, actor)
        plan = _weigh(instance, number, reason, tuple(dissents), actor.name)
        result = plan if isinstance(plan, Stale) else _carry_out(instance, writer, plan)
    if finished or (isinstance(result, Decided) and result.told):
        write_outbox(instance)
    return result


def _weigh(
    instance: Instance, number: int, reason: str, dissents: tuple[Dissent, ...], by: str
) -> _Plan | Stale:
    """Step 1: everything is checked against main's tip as it is now."""
    tip = instance.tip
    vote = count_vote(instance, number)
    effect = effect_of(instance.repository, tip, number, vote.branch_tip)
    bound = ballot_hash(effect.instructions, vote.rules.identity)
    if effect.competing or not effect.instructions or bound != vote.motion.ballot_hash:
        return _set_aside(instance, vote)
    decision = Decision(
        date=instance.clock().date(),
        outcome="accepted" if vote.result.carried else "rejected",
        closed_by=vote.motion.closed_by or by,
        reason=reason,
        count=Count(vote.motion.question, vote.roll_call, vote.rules, bound),
        dissents=dissents,
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
    with instance.database.writing() as session:
        # The row is prepared while the disk takes the commit, and committed when it has it.
        commit = writer.write_commit(
            changes, plan.tip, parents, message, now, lambda new: _record(session, plan, new, now)
        )
        instance.fault("decide 3")

    instance.fault("decide 4")
    writer.move_ref(names.MAIN, plan.tip, commit)

    instance.fault("decide 5")
    told = _mark_applied(instance, number, plan.amendment.round)
    instance.fault("decided")
    return Decided(number, outcome, commit, plan.sentence, told)


def _record(session: Session, plan: _Plan, commit: str, now: datetime) -> None:
    """Step 3, but for its commit."""
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
    with instance.database.reading() as session:
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
    """Close an amendment as withdrawn, recorded on main. Raises NotFound, Refused, BadInput."""
    authorize(actor, "withdraw amendment", number)
    _require_reason(reason, ())
    with instance.writing() as writer:
        require_still(instance, actor)
        plan = _close_unvoted(instance, number, "withdrawn", reason, actor.name)
        result = _carry_out(instance, writer, plan)
    write_outbox(instance)
    return result


def _close_unvoted(
    instance: Instance, number: int, outcome: Outcome, reason: str, by: str
) -> _Plan:
    amendment = read_amendment(instance, number)
    next_state(amendment.state, EVENTS[outcome])
    decision = Decision(instance.clock().date(), outcome, by, reason)
    sentence = f"Amendment {number} is {outcome}."
    return _plan(instance, instance.tip, amendment, decision, by, None, sentence)


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
        raise NotFound(f"Amendment {amendment.number} has no words any more.")
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
    return Stale(
        number,
        f"The draft has changed since amendment {number} was put. Open its next round, and put it "
        "to the panel again.",
    )


def _mark_applied(instance: Instance, number: int, round: int) -> int:
    with instance.database.writing() as session:
        decision = rows.mark_applied(session, number, round, instance.clock())
        return tell_of_decision(session, instance, decision)


def _is_written(instance: Instance, commit: str) -> bool:
    try:
        instance.repository.commit(commit)
    except NotFound:
        return False
    return True


def _take_again(instance: Instance, writer: Writer, decision: rows.Decision) -> None:
    """Main moved elsewhere before this decision reached it: nobody was told, so it starts again."""
    dissents: tuple[Dissent, ...] = ()
    if _is_written(instance, decision.new_commit):
        written = record_at(instance.repository, decision.new_commit, decision.amendment).decision
        dissents = written.dissents if written else ()
    with instance.database.writing() as session:
        rows.delete_decision(session, decision.amendment, decision.round)
    number, by = decision.amendment, decision.decided_by
    plan: _Plan | Stale
    if decision.outcome in rows.VOTED:
        plan = _weigh(instance, number, decision.reason, dissents, by)
    else:
        plan = _close_unvoted(instance, number, decision.outcome, decision.reason, by)
    if isinstance(plan, _Plan):
        _carry_out(instance, writer, plan)


def _require_reason(reason: str, dissents: Sequence[Dissent]) -> None:
    if not reason.strip():
        raise BadInput("Give the panel's reason: everyone who asked will read it.")
    require_length(reason, LONGEST_REASON, "A reason")
    for dissent in dissents:
        require_length(dissent.text, LONGEST_DISSENT, "A dissenting statement")


def _written(record: records.Amendment) -> bytes:
    faults = record.findings()
    if faults:
        raise Refused(faults[0])
    return records.write_record(record).encode("utf-8")
