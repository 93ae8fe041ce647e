"""Proposals: what a member or the clerk drafts before it is an amendment.

Knows what is kept of them, and that nobody overwrites what another window saved. Which change of
state is allowed, and what the steps do to the text, is decided elsewhere.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, cast

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from drafter.core.errors import Conflict, NotFound
from drafter.core.saying import say
from drafter.core.steps import Step, from_json, to_json
from drafter.people.rows import require_storable
from drafter.people.tables import ProposalRow

ProposalKind = Literal["new", "redraft", "combined"]
ProposalState = Literal["drafting", "submitted", "admitted", "discarded", "returned"]


@dataclass(frozen=True, slots=True)
class Proposal:
    """A proposal as it was saved last."""

    id: int
    kind: ProposalKind
    author: str  # a seat, or the clerk
    title: str
    note: str  # from the author to the clerk
    steps: tuple[Step, ...]
    comments: tuple[int, ...]  # those that it takes up, ascending
    sources: tuple[int, ...]  # the amendment drafted anew, or those combined
    base_commit: str  # the commit on main that its steps are made in
    state: ProposalState
    reason: str  # why the clerk gave it back; empty otherwise
    amendment: int | None  # what it has become
    revision: int  # how often it was saved, from 1
    created_at: datetime
    updated_at: datetime
    submitted_at: datetime | None


@dataclass(frozen=True, slots=True)
class NewProposal:
    """What a proposal begins with."""

    kind: ProposalKind
    author: str
    base_commit: str
    title: str = ""
    steps: tuple[Step, ...] = ()
    comments: tuple[int, ...] = ()
    sources: tuple[int, ...] = ()


def add_proposal(session: Session, new: NewProposal, now: datetime) -> Proposal:
    """Begin a proposal. Raises BadInput on characters that cannot be kept."""
    steps = to_json(new.steps)
    require_storable(new.title, steps)
    row = ProposalRow(
        kind=new.kind,
        author=new.author,
        title=new.title,
        note="",
        steps=steps,
        comments=_written(new.comments),
        sources=_written(new.sources),
        base_commit=new.base_commit,
        state="drafting",
        reason="",
        amendment=None,
        revision=1,
        created_at=now,
        updated_at=now,
        submitted_at=None,
    )
    session.add(row)
    session.flush()
    return _read(row)


def find_proposal(session: Session, id: int) -> Proposal | None:
    """Return a proposal, or None."""
    row = session.get(ProposalRow, id)
    return _read(row) if row else None


def save_proposal(session: Session, after: Proposal, now: datetime) -> Proposal:
    """Save a proposal that was read at `after.revision`; it then has the next one.

    Raises NotFound, BadInput, and Conflict where somebody saved it since.
    """
    row = session.get(ProposalRow, after.id, with_for_update=True, populate_existing=True)
    if row is None:
        raise NotFound(say("There is no proposal {id}.", id=after.id), proposal=after.id)
    if row.revision != after.revision:
        raise changed_elsewhere(after.id)
    steps = to_json(after.steps)
    require_storable(after.title, after.note, after.reason, steps)
    row.title, row.note, row.reason = after.title, after.note, after.reason
    row.steps, row.comments = steps, _written(after.comments)
    row.base_commit, row.state, row.amendment = after.base_commit, after.state, after.amendment
    row.submitted_at, row.updated_at = after.submitted_at, now
    row.revision += 1
    session.flush()
    return _read(row)


def changed_elsewhere(id: int) -> Conflict:
    """Give the error of somebody who saves what another window has changed meanwhile."""
    return Conflict(
        "This draft was changed in another window meanwhile. Nothing was overwritten: "
        "look at it as it stands now, and make your change again.",
        proposal=id,
    )


def proposals(
    session: Session,
    states: Collection[ProposalState],
    *,
    author: str | None = None,
    limit: int = 200,
) -> tuple[Proposal, ...]:
    """Return the proposals in `states` (of one author), oldest first."""
    query = select(ProposalRow).where(ProposalRow.state.in_(states)).order_by(ProposalRow.id)
    if author is not None:
        query = query.where(ProposalRow.author == author)
    return tuple(_read(row) for row in session.scalars(query.limit(limit)))


def forget_proposals(session: Session, amendment: int, title: str, now: datetime) -> None:
    """Forget the words of what an amendment was made of, and of what was drafted out of it.

    Those that were not admitted end, since nothing is left to draft; what has become another
    amendment keeps the words that this one has. `title` takes the place of theirs.
    """
    rows = session.scalars(
        select(ProposalRow)
        .where(or_(ProposalRow.amendment == amendment, ProposalRow.sources != ""))
        .with_for_update()
    )
    for row in rows:
        others = row.amendment is not None and row.amendment != amendment
        if others or (row.amendment is None and amendment not in _numbers(row.sources)):
            continue
        row.title, row.note, row.reason, row.steps = title, "", "", to_json(())
        if row.amendment is None:
            row.state = "discarded"
        row.updated_at = now
        row.revision += 1
    session.flush()


def _read(row: ProposalRow) -> Proposal:
    return Proposal(
        id=row.id,
        kind=cast(ProposalKind, row.kind),
        author=row.author,
        title=row.title,
        note=row.note,
        steps=from_json(row.steps),
        comments=_numbers(row.comments),
        sources=_numbers(row.sources),
        base_commit=row.base_commit,
        state=cast(ProposalState, row.state),
        reason=row.reason,
        amendment=row.amendment,
        revision=row.revision,
        created_at=row.created_at,
        updated_at=row.updated_at,
        submitted_at=row.submitted_at,
    )


def _written(numbers: Iterable[int]) -> str:
    return ",".join(str(number) for number in sorted(set(numbers)))


def _numbers(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in text.split(",") if number)
