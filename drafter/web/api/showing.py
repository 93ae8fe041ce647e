"""From what the services return to the shapes of the interface: amendments, votes, decisions."""

from __future__ import annotations

from collections.abc import Iterator

from drafter.core import decisions
from drafter.core.instructions import Instruction
from drafter.core.rules import decide
from drafter.people.ballots import Ballot
from drafter.people.lines import Line
from drafter.services.amending import AmendmentView, MotionView
from drafter.services.authority import Actor
from drafter.services.signing_in import list_seats
from drafter.web.api import shapes
from drafter.web.current import instance


def line(row: Line) -> shapes.AmendmentLine:
    """Show an amendment in a list."""
    put = row.state == "put"
    return shapes.AmendmentLine(
        number=row.number,
        title=row.title,
        state=row.state,
        round=row.round,
        motion=row.motion,
        closes_at=row.closes_at,
        voted=row.ballots if put else None,
        updated_at=row.updated_at,
    )


def amendment(view: AmendmentView, actor: Actor) -> shapes.Amendment:
    """Show an amendment, as the actor may see it."""
    record, decided = view.record, view.record.decision
    motion = view.motion if view.state == "put" else None
    others = [one for one in view.consequences if one.effect != "unchanged"]
    return shapes.Amendment(
        number=view.number,
        title=view.title,
        state=view.state,
        round=view.amendment.round,
        comments=view.comments,
        origins=record.assemblies,
        combines=record.combines,
        reconsiders=record.reconsiders,
        instructions=tuple(map(_instruction, record.instructions)),
        changes=tuple(change.to_dict() for change in view.diff.changes),
        competes=bool(view.competing),
        asks_nothing=view.lapsable,
        consequences=tuple(
            shapes.Consequence(
                number=one.number,
                effect=one.effect,
                clauses=one.clauses,
            )
            for one in others
            if one.effect != "unchanged"
        ),
        unchanged=len(view.consequences) - len(others),
        motion=_motion(motion) if motion else None,
        panel=_panel(view, motion, actor) if motion else None,
        decision=_decision(decided) if decided else None,
    )


def takes_ballots(motion: MotionView) -> bool:
    """Tell whether a vote is open and its time not over."""
    closes = motion.motion.closes_at
    return motion.motion.state == "open" and (closes is None or instance().clock() < closes)


def _instruction(one: Instruction) -> shapes.Instruction:
    return shapes.Instruction(
        verb=one.verb,
        clause=one.clause,
        chapter=one.chapter,
        amendment=one.amendment,
        type=one.type,
        ordered=one.ordered,
        level=one.level,
        before=one.before,
        after=one.after,
        parent=one.parent,
        preceding=one.preceding,
    )


def _motion(motion: MotionView) -> shapes.Motion:
    filled = sum(seat.filled for seat in list_seats(instance()))
    closed = motion.motion.state == "closed"
    return shapes.Motion(
        state=motion.motion.state,
        rule=motion.result.rule if motion.result else instance().rules.sentence(filled),
        closes_at=motion.motion.closes_at,
        voted=motion.voted,
        seats=motion.seats,
        voted_seats=motion.voted_seats,
        outcome=motion.result.sentence if motion.result else None,
        roll_call=tuple(_closed_roll(motion)) if closed else (),
    )


def _closed_roll(motion: MotionView) -> Iterator[shapes.RollCallLine]:
    said: dict[int, Ballot | None] = dict.fromkeys(motion.absent)
    said |= {ballot.seat: ballot for ballot in motion.ballots}
    for seat, ballot in sorted(said.items()):
        yield shapes.RollCallLine(
            seat=seat,
            vote=ballot.choice if ballot else "absent",
            interest=ballot.interest if ballot else None,
            in_the_room=bool(ballot and ballot.entered_by),
        )


def _panel(view: AmendmentView, motion: MotionView, actor: Actor) -> shapes.Panel | None:
    if actor.role not in ("seat", "clerk"):
        return None
    own = next((each for each in motion.ballots if each.seat == actor.seat), None)
    reads = actor.role == "clerk" and bool(view.statements)
    return shapes.Panel(
        question=motion.motion.question,
        ballot_hash=motion.motion.ballot_hash if takes_ballots(motion) else None,
        batch=motion.motion.batch,
        own=shapes.OwnBallot(choice=own.choice, interest=own.interest) if own else None,
        statements=_statements(view) if reads else None,
    )


def _statements(view: AmendmentView) -> shapes.Statements:
    said = view.statements
    return shapes.Statements(
        digest=said.digest,
        interests=tuple(
            shapes.Interest(seat=_seat(seat), text=text) for seat, text in said.interests
        ),
        dissents=_dissents(said.dissents),
    )


def _decision(one: decisions.Decision) -> shapes.Decision:
    count = one.count
    result = decide(count.roll_call.tally, count.rules) if count else None
    return shapes.Decision(
        outcome=one.outcome,
        date=one.date,
        question=count.question if count else None,
        tally=_tally(count) if count else None,
        sentence=result.sentence if result else None,
        rule=result.rule if result else None,
        reason=one.reason,
        roll_call=tuple(_roll(count)) if count else (),
        dissents=_dissents(one.dissents),
    )


def _tally(count: decisions.Count) -> shapes.Tally:
    found = count.roll_call.tally
    return shapes.Tally(
        in_favour=found.in_favour,
        against=found.against,
        abstaining=found.abstaining,
        absent=found.absent,
        recused=found.recused,
    )


def _roll(count: decisions.Count) -> Iterator[shapes.RollCallLine]:
    interests = dict(count.interests)
    for seat, vote in count.roll_call.votes:
        yield shapes.RollCallLine(
            seat=_seat(seat),
            vote=vote,
            interest=interests.get(seat),
            in_the_room=seat in count.in_the_room,
        )


def _dissents(filed: tuple[decisions.Dissent, ...]) -> tuple[shapes.Dissent, ...]:
    return tuple(shapes.Dissent(seat=_seat(each.seat), text=each.text) for each in filed)


def _seat(name: str) -> int:
    return int(name.removeprefix("seat-"))
