"""Amendments put together, and chapters being drafted, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass

from drafter.services import moving
from drafter.services.authority import Actor
from drafter.services.batching import view_batch
from drafter.web.amendments import AmendmentPage, Statement, amendment_page
from drafter.web.changed import Changed
from drafter.web.current import instance, zone
from drafter.web.draft import draft
from drafter.web.phrases import STANDS, count, first_capital, moment, voting_until


@dataclass(frozen=True, slots=True)
class Member:
    """An amendment of a batch."""

    number: int
    title: str
    state: str
    mine: str
    changes: tuple[Changed, ...]
    outcome: str
    statements: tuple[Statement, ...]
    seen: str


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Everything that a page says about a batch."""

    number: int
    title: str
    question: str
    standing: str
    digest: str
    members: tuple[Member, ...]
    open: bool
    to_decide: int
    """How many are closed and not decided."""
    any_statement: bool


@dataclass(frozen=True, slots=True)
class Drafting:
    """A chapter that seats edit."""

    path: str
    title: str


def chapters_page() -> tuple[Drafting, ...]:
    """List the chapters whose drafting has not ended."""
    found = moving.drafting_chapters(instance())
    return tuple(Drafting(each.path, draft().title(each)) for each in found)


def batch_page(number: int, actor: Actor) -> BatchPage:
    """Gather a batch's page, as the actor may see it. Raises NotFound."""
    view = view_batch(instance(), number, actor)
    pages = [amendment_page(each.motion.amendment, actor) for each in view.members]
    members = tuple(_member(page) for page in pages)
    closes = view.members[0].motion.closes_at if view.members else None
    return BatchPage(
        number=number,
        title=first_capital(count(len(members), "amendment put together")),
        question=view.batch.question,
        standing=voting_until(moment(closes, zone()), over=False) if closes else "",
        digest=view.digest,
        members=members,
        open=any(page.vote_open for page in pages),
        to_decide=sum(page.vote_closed for page in pages),
        any_statement=any(member.seen for member in members),
    )


def _member(page: AmendmentPage) -> Member:
    return Member(
        number=page.number,
        title=page.title,
        state=STANDS[page.state],
        mine=page.my_vote,
        changes=page.changes,
        outcome=page.outcome,
        statements=page.statements,
        seen=page.statements_seen,
    )
