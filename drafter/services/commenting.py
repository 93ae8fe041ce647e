"""What citizens do: comment on a clause, suggest other wording, confirm, follow, withdraw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.clauses import Clause, Report
from drafter.core.decisions import statement
from drafter.core.editing import substitute
from drafter.core.errors import BadInput, NotFound
from drafter.core.ids import ClauseId
from drafter.core.rendering import render
from drafter.core.rules import State, decide
from drafter.core.worddiff import Piece, changed_words
from drafter.core.wording import tokens_of
from drafter.people import comments as rows
from drafter.people.amendments import Amendment, amendments_of_comment
from drafter.people.comments import Comment, NewComment
from drafter.people.decisions import find_decision
from drafter.people.motions import latest_motion
from drafter.people.tokens import token_hash
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.limits import (
    LONGEST_REMARK,
    LONGEST_WORDING,
    check_email,
    check_nesting,
    require_length,
)
from drafter.services.mailing import ask_to_confirm, write_outbox
from drafter.services.proposals import record_at
from drafter.store.history import versions
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a citizen holds after sending a comment."""

    number: int
    """The comment's number, visible to all once it is shown."""
    receipt_token: str
    """Opens the page on which the comment is followed."""
    confirm_token: str | None
    """What the confirmation mail holds; None where no address was given, and none is needed."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a suggestion would change, before it is sent."""

    clause: Clause
    """The clause as it stands in the working draft."""
    wording: str
    """The clause's wording as it would be; empty where there are problems."""
    pieces: tuple[Piece, ...]
    """The change word by word: `=`, `-`, `+` and the text."""
    html: str
    """The clause rendered as it would be published; empty where there are problems."""
    problems: tuple[str, ...]
    """What is wrong, each a sentence that says what to do; nothing can be sent until it is gone."""


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


def comment(
    instance: Instance,
    clause_id: ClauseId,
    text: str,
    suggested_wording: str | None = None,
    email: str | None = None,
    *,
    version_seen: str | None = None,
    actor: Actor = PUBLIC,
) -> Receipt:
    """Record a comment on a clause; with `suggested_wording` it is a suggestion.

    `version_seen` is the version on the page (`v3`), None for the working draft. A mail with the
    confirmation link is queued where `email` is given; without an address the comment counts as
    confirmed, and waits for the clerk like every other. Raises NotFound, BadInput.
    """
    authorize(actor, "comment", clause_id)
    text = statement(text)
    require_length(text, LONGEST_REMARK, "A comment")
    email = check_email(email)
    clause = _clause_seen(instance, clause_id, version_seen)
    wording = suggested_wording
    if wording is not None:
        wording = statement(wording)
        problems = preview_suggestion(instance, clause_id, wording).problems
        if problems:
            raise BadInput(problems[0], clause=clause_id)
    new = NewComment(
        clause_id=clause_id,
        wording_hash=clause.hash,
        words_seen=clause.wording,
        version_seen=version_seen,
        kind="remark" if wording is None else "suggestion",
        text=text,
        suggested_wording=wording,
        contributor=f"p-{token_hash(instance.tokens())[:20]}",
        email=email,
        receipt_token=instance.tokens(),
        confirm_token=instance.tokens(),
    )
    receipt = _record(instance, new)
    write_outbox(instance)
    return receipt


def preview_suggestion(
    instance: Instance, clause_id: ClauseId, wording: str, *, actor: Actor = PUBLIC
) -> Preview:
    """Show what a suggestion would change in the working draft. Raises NotFound."""
    authorize(actor, "comment", clause_id)
    report = instance.report
    clause = require_clause(report, clause_id)
    try:
        proposed = try_wording(report, clause_id, wording)
    except BadInput as error:
        return Preview(clause, "", (), "", (error.sentence,))
    pieces = words_between(clause, proposed)
    return Preview(clause, proposed.wording, pieces, render("\n\n".join(proposed.parts)), ())


def try_wording(report: Report, clause_id: ClauseId, wording: str) -> Clause:
    """Return the clause as it would be with other words.

    Raises NotFound; BadInput where they are too long, not one clause of its type, or the same.
    """
    clause = require_clause(report, clause_id)
    wording = statement(wording)
    require_length(wording, LONGEST_WORDING, "The wording of a clause")
    check_nesting(wording)
    if not wording:
        raise BadInput("Write the wording that you suggest for this clause.", clause=clause_id)
    proposed = require_clause(substitute(report, clause_id, wording), clause_id)
    if proposed.hash == clause.hash:
        raise BadInput("These are the words that the clause has now; change them, then send.")
    return proposed


def require_clause(report: Report, clause_id: ClauseId) -> Clause:
    """Find a clause in a text. Raises NotFound."""
    place = report.locate(clause_id)
    if place is None:
        raise NotFound(f"There is no clause {clause_id} in this text.", clause=clause_id)
    return place.clause


def words_between(old: Clause, new: Clause) -> tuple[Piece, ...]:
    """Compare two forms of a clause word by word."""
    return changed_words(tokens_of(old.type, old.parts), tokens_of(new.type, new.parts))


def confirm(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> Comment:
    """Confirm a comment by its mail's token; again changes nothing. Raises NotFound, Refused."""
    authorize(actor, "confirm")
    with instance.database.writing() as session:
        return rows.confirm(session, token, instance.clock())


def receipt(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> ReceiptView:
    """Follow a comment by its receipt. Raises NotFound."""
    authorize(actor, "follow")
    with instance.database.reading() as session:
        found = rows.find_by_receipt(session, token)
        if found is None:
            raise NotFound("This receipt belongs to no comment. Check the address.")
        taken_up = amendments_of_comment(session, found.number)
        outcomes = tuple(_outcome(instance, session, each) for each in taken_up)
    place = instance.report.locate(found.clause_id)
    clause = place.clause if place else None
    changed = clause is not None and clause.hash != found.wording_hash
    pieces = _since(found, clause) if clause and changed else ()
    return ReceiptView(found, clause, pieces, outcomes)


def withdraw_comment(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> Comment:
    """Withdraw a comment by its receipt. Raises NotFound."""
    authorize(actor, "withdraw comment")
    with instance.database.writing() as session:
        return rows.withdraw(session, token)


def comments_on(
    instance: Instance, clause_id: ClauseId, *, after: int = 0, actor: Actor = PUBLIC
) -> tuple[Comment, ...]:
    """Return the comments shown on a clause past number `after`, oldest first, at most 100."""
    authorize(actor, "read", clause_id)
    with instance.database.reading() as session:
        return rows.comments_on_clause(session, clause_id, after=after)


def _clause_seen(instance: Instance, clause_id: ClauseId, version: str | None) -> Clause:
    """Find the clause as it was on the page; a comment is only made where it still stands."""
    now = require_clause(instance.report, clause_id)
    if version is None:
        return now
    commit = next((v.commit for v in versions(instance.repository) if v.name == version), None)
    if commit is None:
        raise NotFound(f"There is no version {version} of this report.", version=version)
    return require_clause(read_report(instance.repository, commit), clause_id)


def _record(instance: Instance, new: NewComment) -> Receipt:
    with instance.database.writing() as session:
        added = rows.add_comment(session, new, instance.clock())
        if new.email is None:
            rows.confirm(session, new.confirm_token, instance.clock())
            return Receipt(added.number, new.receipt_token, None)
        ask_to_confirm(session, instance, added, new.email, new.receipt_token, new.confirm_token)
    return Receipt(added.number, new.receipt_token, new.confirm_token)


def _since(found: Comment, clause: Clause) -> tuple[Piece, ...]:
    """Compare the words that the comment's author saw with those of today."""
    seen = tokens_of(clause.type, (found.words_seen,))
    return changed_words(seen, tokens_of(clause.type, clause.parts))


def _outcome(instance: Instance, session: Session, amendment: Amendment) -> Outcome:
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
    )


def _first_version(instance: Instance, commit: str) -> str | None:
    repository = instance.repository
    found = (v.name for v in versions(repository) if repository.contains(v.commit, commit))
    return next(found, None)
