"""The receipt: a comment followed to its end, by whoever holds the link."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.clauses import Clause
from drafter.core.errors import NotFound
from drafter.core.rules import State, decide
from drafter.core.standing import Standing
from drafter.core.worddiff import Piece, changed_words
from drafter.core.wording import tokens_of
from drafter.people import comments as rows
from drafter.people.amendments import Amendment, amendments_of_comment, comments_of_amendment
from drafter.people.comments import Comment
from drafter.people.contributors import address_of, is_erased
from drafter.people.decisions import find_decision
from drafter.people.motions import latest_motion
from drafter.people.supports import count_supports
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.links import is_printed_code, secret_for
from drafter.services.lives import lives_at
from drafter.services.proposals import record_at
from drafter.store.history import versions
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one amendment that took a comment up."""

    number: int
    title: str
    state: State
    put: bool
    """A motion on it was put to the panel."""
    decided_on: str | None
    """The day of the decision, as 2026-11-02; None before."""
    reason: str
    """The panel's reason, Markdown; empty before the decision."""
    tally: str
    """The count in a sentence; empty where there was none."""
    version: str | None
    """The first published version that contains the decision, as v3; None before."""
    own: bool = False
    """The comment's author submitted it and nobody else asked for it: they may withdraw it."""


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A comment, followed to the end."""

    comment: Comment
    """With `state`, `held_reason`, `answer`, and the words that its author saw."""
    clause: Clause | None
    """The clause in the working draft now; None where it is gone."""
    changed_since: tuple[Piece, ...]
    """What changed in the clause since the comment, word by word; empty where nothing did."""
    outcomes: tuple[Outcome, ...]
    """Every amendment that took the comment up, by number."""
    standing: Standing
    """What became of the clause since."""
    has_address: bool
    """A mail can reach the author."""
    erased: bool
    """Whoever wrote it had their data erased."""
    supports: int
    """How many people support the suggestion."""


def receipt(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> ReceiptView:
    """Follow a comment by its receipt. Raises NotFound."""
    authorize(actor, "follow")
    with instance.database.reading() as session:
        found = rows.find_by_receipt(session, token)
        if found is None:
            raise NotFound("This receipt belongs to no comment. Check the address.")
        taken_up = amendments_of_comment(session, found.number)
        outcomes = tuple(_outcome(instance, session, found, each) for each in taken_up)
        reachable = address_of(session, found.contributor) is not None
        erased = is_erased(session, found.contributor)
        supports = count_supports(session, (found.number,)).get(found.number, 0)
    tip = instance.tip
    place = read_report(instance.repository, tip).locate(found.clause_id)
    clause = place.clause if place else None
    stands = lives_at(instance.repository, tip).standing(found)
    pieces = _since(found, clause) if clause and stands.changed else ()
    return ReceiptView(found, clause, pieces, outcomes, stands, reachable, erased, supports)


def receipt_by_code(instance: Instance, number: int, code: str, *, actor: Actor = PUBLIC) -> str:
    """Return the receipt's token by the number and the code on a printed receipt.

    Raises NotFound for a wrong code and for an unknown number alike.
    """
    authorize(actor, "follow")
    with instance.database.reading() as session:
        found = rows.find_comment(session, number)
    if found is None or not is_printed_code(instance, found.contributor, code):
        raise NotFound("This number and this code do not belong together. Check both.")
    return secret_for(instance, "receipt", found.contributor)


def _since(found: Comment, clause: Clause) -> tuple[Piece, ...]:
    """Compare the words that the comment's author saw with those of today."""
    seen = tokens_of(clause.type, (found.words_seen,))
    return changed_words(seen, tokens_of(clause.type, clause.parts))


def _outcome(instance: Instance, session: Session, found: Comment, amendment: Amendment) -> Outcome:
    motion = latest_motion(session, amendment.number)
    decided = find_decision(session, amendment.number, amendment.round)
    day = reason = tally = version = None
    if decided is not None and decided.applied_at is not None:
        record = record_at(instance.repository, decided.new_commit, amendment.number)
        if record.decision is not None:
            day, reason = record.decision.date.isoformat(), record.decision.reason
            count = record.decision.count
            tally = decide(count.roll_call.tally, count.rules).sentence if count else ""
        version = _first_version(instance, decided.new_commit)
    return Outcome(
        number=amendment.number,
        title=amendment.title,
        state=amendment.state,
        put=motion is not None,
        decided_on=day,
        reason=reason or "",
        tally=tally or "",
        version=version,
        own=amendment.submitter == found.contributor
        and comments_of_amendment(session, amendment.number) == (found.number,),
    )


def _first_version(instance: Instance, commit: str) -> str | None:
    repository = instance.repository
    found = (v.name for v in versions(repository) if repository.contains(v.commit, commit))
    return next(found, None)
