"""The amendment page: what would change, what follows, how the vote stands, what was decided."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from flask import url_for
from markupsafe import Markup

from drafter.core.consequences import Consequence
from drafter.core.decisions import Decision
from drafter.core.rules import decide
from drafter.core.saying import say
from drafter.people.ballots import Ballot
from drafter.services import amending
from drafter.services.amending import AmendmentView, MotionView
from drafter.services.authority import Actor
from drafter.services.signing_in import list_seats
from drafter.services.statements import Statements, dissents
from drafter.web import marks
from drafter.web.changed import Changed, changed, first_clause, summary
from drafter.web.current import instance, zone
from drafter.web.draft import Link, draft, origin_links
from drafter.web.lines import turnout
from drafter.web.phrases import (
    CAST,
    EFFECTS,
    MINE,
    STANDS,
    date,
    first_capital,
    joined,
    moment,
    voting_until,
)
from drafter.web.tongue import in_words, tell

TITLES: Mapping[str, str] = MappingProxyType(
    {
        "accepted": say("Accepted"),
        "rejected": say("Not accepted"),
        "withdrawn": say("Withdrawn"),
        "lapsed": say("Lapsed"),
    }
)


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
    note: str
    """The interest that a recused seat declared, or that it voted in the room."""


@dataclass(frozen=True, slots=True)
class Statement:
    """What a seat put on record."""

    seat: str
    words: Markup


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, with the count, the reason and the roll call."""

    title: str
    tally: str
    rule: str
    reason: Markup
    roll: tuple[Vote, ...]
    dissents: tuple[Statement, ...]


@dataclass(frozen=True, slots=True)
class AmendmentPage:
    """Everything that a page says about an amendment."""

    number: int
    title: str
    state: str
    verb: str
    """`adopt` or `reconsider` for a motion that changes no wording; empty for any other."""
    standing: str
    summary: str
    changes: tuple[Changed, ...]
    removed: Markup | None
    """Why its wording was removed; None where it was not."""
    competes: bool
    """The draft has changed the same words since: it cannot be put."""
    lapsable: bool
    """It asks for nothing any more."""
    since: tuple[Changed, ...]
    """What it would do now, against what was put last; empty where that is the same."""
    clause_url: str
    """The page of the first clause that it touches; empty where it is not in the draft."""
    comments: tuple[Asked, ...]
    assemblies: tuple[Link, ...]
    history: str
    """What it goes back to, where a carried motion opened an earlier amendment again."""
    effects: tuple[Effect, ...]
    unchanged: int
    """Other open amendments that it leaves alone."""
    question: str
    """As it was put; empty before."""
    round: int
    rule: str
    decision: Decided | None
    ballot_hash: str
    """What a ballot must name; empty where none is taken."""
    my_vote: str
    """How the seat that looks has voted, as `you voted for`; empty where it has not."""
    my_interest: str
    """The interest that it has declared; it is recused, and does not vote."""
    my_dissent: str | None
    """What it has filed for the record; None where it cannot file anything."""
    turnout: str
    have_voted: str
    """Which seats, and never how."""
    vote_open: bool
    vote_closed: bool
    quorum_met: bool
    overdue: bool
    """The time for voting is over, and nobody has closed it."""
    outcome: str
    """What the closed vote comes to; empty before."""
    roll: tuple[Vote, ...]
    """How each seat voted, once the vote is closed and before it is decided."""
    statements: tuple[Statement, ...]
    """What the decision would bring into the record in the seats' own words."""
    statements_seen: str
    """What names them for whoever has read them; empty where there are none."""
    batch: int | None
    """What it is put together with others in."""
    withdrawable: bool
    """The seat that looks asked for it, and may withdraw it."""
    opens: bool
    """A carried motion to reconsider, whose one amendment the clerk has not opened yet."""
    reconsiderable: bool
    """A motion may ask to open its decision again."""
    redactable: bool
    """Its wording can be removed for good."""
    competing_url: str
    """Where it stands beside those that touch the same words; empty where nothing does."""
    may_redraft: bool
    """The seat or clerk that looks may give it other words."""


def amendment_page(number: int, actor: Actor) -> AmendmentPage:
    """Gather an amendment's page, as the actor may see it. Raises NotFound."""
    view = amending.view_amendment(instance(), number, actor=actor)
    motion, takes = view.motion, _takes_ballots(view)
    own = _own(motion, actor)
    decision = view.record.decision
    closed = motion is not None and view.state == "put" and motion.motion.state == "closed"
    return AmendmentPage(
        number=view.number,
        title=view.title,
        state=view.state,
        verb=_verb(view),
        standing=_standing(view),
        summary=_summary(view),
        changes=tuple(changed(change, view.before, view.after) for change in view.diff.changes),
        removed=marks.rendered(view.removed.reason) if view.removed else None,
        competes=bool(view.competing),
        lapsable=view.lapsable,
        since=tuple(changed(change) for change in view.since),
        clause_url=first_clause(view.diff.changes),
        comments=tuple(Asked(n, url_for("take_part.comment", number=n)) for n in view.comments),
        assemblies=origin_links(view.record.assemblies) if view.record.assemblies else (),
        history=_history(view),
        effects=tuple(effect(one, actor) for one in view.consequences if one.effect != "unchanged"),
        unchanged=sum(one.effect == "unchanged" for one in view.consequences),
        question=motion.motion.question if motion and view.state == "put" else "",
        round=view.amendment.round,
        rule=_rule(motion),
        decision=_decided(decision) if decision else None,
        ballot_hash=motion.motion.ballot_hash if motion and takes else "",
        my_vote=MINE[own.choice] if own and takes else "",
        my_interest=(own.interest or "") if own and takes and own.choice == "recused" else "",
        my_dissent=_my_dissent(view, own, actor) if closed else None,
        turnout=turnout(motion.voted, motion.seats) if motion else "",
        have_voted=_have_voted(motion),
        vote_open=bool(motion and view.state == "put" and motion.motion.state == "open"),
        vote_closed=closed,
        quorum_met=bool(motion and motion.quorum_met),
        overdue=bool(motion and motion.motion.state == "open" and not takes),
        outcome=motion.result.sentence if motion and motion.result else "",
        roll=tuple(_open_roll(motion)) if motion and closed else (),
        statements=tuple(_statements(view.statements)),
        statements_seen=view.statements.digest,
        batch=motion.motion.batch if motion and view.state == "put" else None,
        withdrawable=actor.role == "seat"
        and view.amendment.submitter == actor.name
        and view.state in ("open", "put", "stale")
        and not closed,
        opens=view.unused,
        reconsiderable=view.state in ("accepted", "rejected")
        and not _verb(view)
        and view.removed is None,
        redactable=view.state not in ("put", "accepted")
        and not _verb(view)
        and view.removed is None,
        competing_url=_competing(view),
        may_redraft=view.state == "open" and not _verb(view) and _may_redraft(view, actor),
    )


def _competing(view: AmendmentView) -> str:
    if any(one.effect != "unchanged" for one in view.consequences):
        return url_for("competing.page", number=view.number)
    return ""


def _may_redraft(view: AmendmentView, actor: Actor) -> bool:
    own = actor.role == "seat" and view.amendment.submitter == actor.name
    return own or actor.role == "clerk"


def _verb(view: AmendmentView) -> str:
    verb = view.record.instructions[0].verb
    return verb if verb in ("adopt", "reconsider") else ""


def _summary(view: AmendmentView) -> str:
    first = view.record.instructions[0]
    if first.verb == "adopt" and first.chapter:
        chapter = draft().report.chapter(first.chapter)
        name = f"“{draft().title(chapter)}”" if chapter else tell("a chapter that is gone")
        return tell(
            "Ends the drafting of {name}. From then on only votes change its words.", name=name
        )
    if first.verb == "reconsider":
        return tell(
            "Changes no words. If it is carried, amendment {amendment} may be asked for "
            "once more, and voted on again.",
            amendment=first.amendment,
        )
    if view.removed is not None:
        day = view.removed.date
        return f"The wording was removed on {day.day} {day:%B %Y}."
    return summary(view.diff.changes)


def _history(view: AmendmentView) -> str:
    if view.record.reconsiders is None:
        return ""
    return tell(
        "Reconsiders amendment {reconsiders}, as motion {by_motion} allowed.",
        reconsiders=view.record.reconsiders,
        by_motion=view.record.by_motion,
    )


def effect(one: Consequence, actor: Actor) -> Effect:
    names = joined([draft().name(clause) for clause in one.clauses]) or tell("another clause")
    sentences = {
        "competes": tell("changes the same words. It would have to be drafted again."),
        "merges": tell(
            "also changes {names}, elsewhere. "
            "A vote on it would start again, on the joint wording.",
            names=names,
        ),
        "lapses": tell("would have nothing left to change."),
    }
    where = {"seat": "panel.amendment", "clerk": "clerk.amendment"}
    url = url_for(where.get(actor.role, "take_part.amendment"), number=one.number)
    return Effect(EFFECTS[one.effect], one.number, url, sentences[one.effect])


def _takes_ballots(view: AmendmentView) -> bool:
    if view.motion is None or view.state != "put" or view.motion.motion.state != "open":
        return False
    closes = view.motion.motion.closes_at
    return closes is None or instance().clock() < closes


def _when(view: AmendmentView) -> str:
    decision = view.record.decision
    if decision is not None:
        return _ended(decision)
    motion = view.motion.motion if view.motion else None
    if motion is None or view.state != "put":
        return in_words(STANDS[view.state])
    if motion.state == "closed":
        return tell("voting is over")
    if motion.closes_at is None:
        return tell("voting is open")
    over = instance().clock() >= motion.closes_at
    return voting_until(moment(motion.closes_at, zone()), over=over)


def _ended(decision: Decision) -> str:
    day = date(decision.date)
    said = {
        "accepted": tell("accepted on {day}", day=day),
        "rejected": tell("not accepted on {day}", day=day),
        "withdrawn": tell("withdrawn on {day}", day=day),
        "lapsed": tell("lapsed on {day}", day=day),
    }
    return said[decision.outcome]


def _standing(view: AmendmentView) -> str:
    parts = [_when(view)]
    if view.motion and view.state == "put":
        parts.append(turnout(view.motion.voted, view.motion.seats))
    return " · ".join(parts)


def _rule(motion: MotionView | None) -> str:
    if motion is not None and motion.result is not None:
        return motion.result.rule
    filled = motion.seats if motion else _seats()
    return instance().rules.sentence(filled)


def _seats() -> int:
    return sum(seat.filled for seat in list_seats(instance()))


def _own(motion: MotionView | None, actor: Actor) -> Ballot | None:
    found = (each for each in (motion.ballots if motion else ()) if each.seat == actor.seat)
    return next(found, None)


def _have_voted(motion: MotionView | None) -> str:
    if motion is None or not motion.voted_seats:
        return ""
    numbers = [str(seat) for seat in motion.voted_seats]
    return (
        tell("seat {number}", number=numbers[0])
        if len(numbers) == 1
        else tell("seats {numbers}", numbers=joined(numbers))
    )


def _my_dissent(view: AmendmentView, own: Ballot | None, actor: Actor) -> str | None:
    result = view.motion.result if view.motion else None
    if own is None or result is None or not dissents(own, carried=result.carried):
        return None
    return next((each.text for each in view.statements.dissents if each.seat == actor.name), "")


def _open_roll(motion: MotionView) -> Iterator[Vote]:
    said = {b.seat: (CAST[b.choice], _note(b.interest, b.entered_by)) for b in motion.ballots}
    said |= dict.fromkeys(motion.absent, (CAST["absent"], ""))
    for seat, (vote, note) in sorted(said.items()):
        yield Vote(tell("Seat {seat}", seat=seat), vote, note)


def _statements(said: Statements) -> Iterator[Statement]:
    for seat, interest in said.interests:
        yield Statement(
            tell("{seat} declares an interest", seat=seat_name(seat)), marks.rendered(interest)
        )
    for dissent in said.dissents:
        yield Statement(
            tell("{seat} dissents", seat=seat_name(dissent.seat)), marks.rendered(dissent.text)
        )


def _note(interest: str | None, in_the_room: object) -> str:
    return interest or (tell("in the room") if in_the_room else "")


def _decided(decision: Decision) -> Decided:
    counted = decision.count
    outcome = decide(counted.roll_call.tally, counted.rules) if counted else None
    return Decided(
        title=first_capital(_ended(decision)),
        tally=outcome.sentence if outcome else "",
        rule=outcome.rule if outcome else "",
        reason=marks.rendered(decision.reason),
        roll=tuple(_roll(decision)),
        dissents=tuple(
            Statement(seat_name(each.seat), marks.rendered(each.text)) for each in decision.dissents
        ),
    )


def _roll(decision: Decision) -> Iterator[Vote]:
    if decision.count is not None:
        interests = dict(decision.count.interests)
        for seat, vote in decision.count.roll_call.votes:
            note = _note(interests.get(seat), seat in decision.count.in_the_room)
            yield Vote(seat_name(seat), CAST[vote], note)


def seat_name(seat: str) -> str:
    """Name a seat as people do: `Seat 7`."""
    return tell("Seat {seat}", seat=int(seat.removeprefix("seat-")))
