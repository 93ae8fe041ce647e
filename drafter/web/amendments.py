"""The amendment page: what would change, what follows, how the vote stands, what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import url_for
from markupsafe import Markup

from drafter.core.consequences import Consequence
from drafter.core.decisions import Decision
from drafter.core.diff import Change, Side
from drafter.core.instructions import ballot_hash
from drafter.core.rules import decide
from drafter.people.amendments import Amendment
from drafter.services import amending
from drafter.services.amending import AmendmentView, MotionView
from drafter.services.authority import Actor
from drafter.services.proposals import effect_of
from drafter.services.signing_in import list_seats
from drafter.web import marks
from drafter.web.current import instance, zone
from drafter.web.draft import Link, clause_url, draft, origin_links
from drafter.web.phrases import CAST, EFFECTS, STATES, first_capital, first_words, joined, moment

KINDS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "edited": ("", ""),
        "formatting": ("Only its marks change", ""),
        "moved": ("Moved", "moved"),
        "moved+edited": ("Moved and changed", "moved"),
        "added": ("New", "added"),
        "removed": ("Removed", "removed"),
        "split": ("Split", ""),
        "joined": ("Joined", ""),
        "origins": ("Only its sources change", ""),
    }
)
"""What is said of a kind of change, and the colour it is said in."""

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "edited": "changes",
        "formatting": "changes the marks in",
        "moved": "moves",
        "moved+edited": "moves and changes",
        "added": "adds",
        "removed": "removes",
        "split": "splits",
        "joined": "joins",
        "origins": "changes the sources of",
    }
)

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "Accepted",
        "rejected": "Not accepted",
        "withdrawn": "Withdrawn",
        "lapsed": "Lapsed",
    }
)


@dataclass(frozen=True, slots=True)
class Changed:
    """One change as a page shows it."""

    place: str
    kind: str
    tone: str
    marked: Markup


@dataclass(frozen=True, slots=True)
class Effect:
    """What happens to another amendment if this one is accepted."""

    name: str
    number: int
    url: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Asked:
    """A comment that an amendment takes up."""

    number: int
    url: str


@dataclass(frozen=True, slots=True)
class Vote:
    """A line of the roll call."""

    seat: str
    vote: str


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, with the count, the reason and the roll call."""

    title: str
    tally: str
    reason: Markup
    roll: tuple[Vote, ...]


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """Everything that a page says about an amendment."""

    number: int
    title: str
    state: str
    standing: str
    summary: str
    changes: tuple[Changed, ...]
    competes: bool
    """The draft has changed the same words since: it cannot be put."""
    clause_url: str
    """The page of the first clause that it touches; empty where it is not in the draft."""
    comments: tuple[Asked, ...]
    assemblies: tuple[Link, ...]
    effects: tuple[Effect, ...]
    unchanged: int
    """Other open amendments that it leaves alone."""
    rule: str
    decision: Decided | None
    ballot_hash: str
    """What a ballot must name; empty where none is taken."""
    words_moved: bool
    """The draft has changed since this was put: the vote is not on what it would do now."""
    my_vote: str
    """How the seat that looks has voted, as `voted for`; empty where it has not."""
    turnout: str
    vote_open: bool
    vote_closed: bool
    quorum_met: bool
    overdue: bool
    """The time for voting is over, and nobody has closed it."""
    outcome: str
    """What the closed vote comes to; empty before."""
    competing_url: str
    """Where it stands beside those that touch the same words; empty where nothing does."""
    may_redraft: bool
    may_withdraw: bool


@dataclass(frozen=True, slots=True)
class Line:
    """An amendment in a list."""

    number: int
    title: str
    state: str
    closes_at: datetime | None
    when: str
    count: str
    voted: bool
    """The seat that looks has voted."""
    open: bool


def line(number: int, actor: Actor) -> Line:
    """Give an amendment as a line of a list. Raises NotFound."""
    view = amending.view_amendment(instance(), number, actor=actor)
    motion = view.motion
    return Line(
        number=view.number,
        title=view.title,
        state=view.state,
        closes_at=motion.motion.closes_at if motion else None,
        when=_when(view),
        count=_turnout(motion) if motion and view.state == "put" else "",
        voted=bool(motion and _mine(motion, actor)),
        open=bool(motion and _takes_ballots(view)),
    )


def plain_line(one: Amendment) -> Line:
    """Give an amendment that is not being voted on as a line of a list."""
    when = STATES[one.state].lower()
    return Line(one.number, one.title, one.state, None, when, "", voted=False, open=False)


def amendment_page(number: int, actor: Actor) -> AmendmentPage:
    """Gather an amendment's page, as the actor may see it. Raises NotFound."""
    view = amending.view_amendment(instance(), number, actor=actor)
    motion, takes = view.motion, _takes_ballots(view)
    asking = view.comments
    decision = view.record.decision
    return AmendmentPage(
        number=view.number,
        title=view.title,
        state=view.state,
        standing=_standing(view),
        summary=summary(view.diff.changes),
        changes=tuple(changed(change) for change in view.diff.changes),
        competes=bool(view.competing),
        clause_url=_first_clause(view.diff.changes),
        comments=tuple(Asked(n, url_for("take_part.comment", number=n)) for n in asking),
        assemblies=origin_links(view.record.assemblies) if view.record.assemblies else (),
        effects=tuple(effect(one) for one in view.consequences if one.effect != "unchanged"),
        unchanged=sum(one.effect == "unchanged" for one in view.consequences),
        rule=_rule(motion),
        decision=_decided(decision) if decision else None,
        ballot_hash=motion.motion.ballot_hash if motion and takes else "",
        words_moved=bool(motion and takes and _has_moved(view, motion)),
        my_vote=_mine(motion, actor) if motion and takes else "",
        turnout=_turnout(motion) if motion else "",
        vote_open=bool(motion and view.state == "put" and motion.motion.state == "open"),
        vote_closed=bool(motion and view.state == "put" and motion.motion.state == "closed"),
        quorum_met=bool(motion and motion.quorum_met),
        overdue=bool(motion and motion.motion.state == "open" and not takes),
        outcome=motion.result.sentence if motion and motion.result else "",
        competing_url=_competing(view),
        may_redraft=view.state == "open" and _own(view, actor),
        may_withdraw=view.state in ("open", "put") and _own(view, actor),
    )


def _competing(view: AmendmentView) -> str:
    if any(one.effect != "unchanged" for one in view.consequences):
        return url_for("competing.page", number=view.number)
    return ""


def _own(view: AmendmentView, actor: Actor) -> bool:
    return actor.role == "clerk" or (
        actor.role == "seat" and view.amendment.submitter == actor.name
    )


def summary(changes: tuple[Change, ...]) -> str:
    """Say in one sentence what changes would do.

    An amendment that changes one clause: "Changes clause 4.5, How votes become seats."
    """
    if not changes:
        return "Its words stand in the draft already: it would change nothing any more."
    said: dict[str, list[str]] = {}
    for change in changes:
        said.setdefault(VERBS[change.kind], []).append(_place(change))
    return first_capital(joined([f"{verb} {joined(at)}" for verb, at in said.items()])) + "."


def _first_clause(changes: tuple[Change, ...]) -> str:
    here = draft().report
    touched = (change.clause for change in changes if change.clause and here.locate(change.clause))
    return next((clause_url(clause) for clause in touched), "")


def changed(change: Change) -> Changed:
    """Give one change as a page shows it."""
    kind, tone = KINDS[change.kind]
    place = first_capital(_place(change))
    return Changed(place, kind, tone, marks.changed(change))


def _place(change: Change) -> str:
    side = (change.sides("new") or change.sides("old"))[0]
    name = _side_name(side)
    here = draft().report.locate(side.id) if side.id else None
    section = draft().section(here) if here is not None and side.type != "heading" else ""
    return f"{name}, “{section}”" if section else name


def _side_name(side: Side) -> str:
    if side.id and draft().report.locate(side.id):
        return draft().name(side.id)
    kind = "heading" if side.type == "heading" else "clause"
    return f"{kind} {side.number}" if side.number else f"the {kind} “{first_words(side.text)}”"


def effect(one: Consequence) -> Effect:
    """Say what happens to another amendment."""
    names = joined([draft().name(clause) for clause in one.clauses]) or "another clause"
    sentences = {
        "competes": "changes the same words. It would have to be drafted again.",
        "merges": f"also changes {names}, elsewhere. "
        "A vote on it would start again, on the joint wording.",
        "lapses": "would have nothing left to change.",
    }
    url = url_for("take_part.amendment", number=one.number)
    return Effect(EFFECTS[one.effect], one.number, url, sentences[one.effect])


def _takes_ballots(view: AmendmentView) -> bool:
    if view.motion is None or view.state != "put" or view.motion.motion.state != "open":
        return False
    closes = view.motion.motion.closes_at
    return closes is None or instance().clock() < closes


def _has_moved(view: AmendmentView, motion: MotionView) -> bool:
    """Tell whether accepting it would do something else by now than what ballots are bound to."""
    branch = view.amendment.branch_tip
    if branch is None or view.competing:
        return True
    effect = effect_of(instance().repository, instance().tip, view.number, branch)
    return ballot_hash(effect.instructions, motion.motion.rules_id) != motion.motion.ballot_hash


def _turnout(motion: MotionView) -> str:
    return f"{motion.voted} of {motion.seats} seats have voted"


def _when(view: AmendmentView) -> str:
    decision = view.record.decision
    if decision is not None:
        return f"{TITLES[decision.outcome].lower()} on {decision.date.day} {decision.date:%B %Y}"
    motion = view.motion.motion if view.motion else None
    if motion is None or view.state != "put":
        return STATES[view.state].lower()
    if motion.state == "closed":
        return "voting is over"
    if motion.closes_at is None:
        return "voting is open"
    over = instance().clock() >= motion.closes_at
    return f"voting {'closed' if over else 'closes'} on {moment(motion.closes_at, zone())}"


def _standing(view: AmendmentView) -> str:
    parts = [_when(view)]
    if view.motion and view.state == "put":
        parts.append(_turnout(view.motion))
    return " · ".join(parts)


def _rule(motion: MotionView | None) -> str:
    if motion is not None and motion.result is not None:
        return motion.result.rule
    filled = motion.seats if motion else _seats()
    return instance().rules.sentence(filled)


def _seats() -> int:
    return sum(seat.filled for seat in list_seats(instance()))


def _mine(motion: MotionView, actor: Actor) -> str:
    own = (ballot.choice for ballot in motion.ballots if ballot.seat == actor.seat)
    return next((CAST[choice] for choice in own), "")


def _decided(decision: Decision) -> Decided:
    counted = decision.count
    tally = decide(counted.roll_call.tally, counted.rules).sentence if counted else ""
    return Decided(
        title=f"{TITLES[decision.outcome]} on {decision.date.day} {decision.date:%B %Y}",
        tally=tally,
        reason=marks.rendered(decision.reason),
        roll=tuple(_roll(decision)),
    )


def _roll(decision: Decision) -> Iterator[Vote]:
    if decision.count is not None:
        for seat, vote in decision.count.roll_call.votes:
            yield Vote(f"Seat {int(seat.removeprefix('seat-'))}", CAST[vote])
