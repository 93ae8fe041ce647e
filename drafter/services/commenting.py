"""What citizens do: comment on a clause, suggest other wording, confirm, change, withdraw.

What they follow by their receipt is in `receipts`, erasing in `erasing`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core.clauses import Clause, Report
from drafter.core.decisions import statement
from drafter.core.editing import substitute
from drafter.core.errors import BadInput, Conflict, NotFound, Refused
from drafter.core.ids import ClauseId
from drafter.core.rendering import render
from drafter.core.saying import say
from drafter.core.worddiff import Piece, changed_words
from drafter.core.wording import tokens_of
from drafter.people import comments as rows
from drafter.people.comments import PAGE, Comment, NewComment, is_listed
from drafter.people.contributors import add_address, address_of
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.limits import (
    EDIT_LASTS,
    LONGEST_REMARK,
    LONGEST_WORDING,
    check_email,
    check_nesting,
    require_length,
)
from drafter.services.links import new_contributor, secret_for
from drafter.services.mailing import ask_to_confirm, new_confirmation, write_outbox
from drafter.services.phases import require_open
from drafter.services.receipts import Outcome as Outcome
from drafter.services.receipts import ReceiptView as ReceiptView
from drafter.services.receipts import receipt as receipt
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
    """What the confirmation mail holds; None where no address was given, or nothing is new."""
    sent_before: bool = False
    """The same form had made this comment already."""


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
class CommentsPage:
    """One page of what stands in a clause's row of comments."""

    comments: tuple[Comment, ...]
    """Oldest first; those held back and taken back keep their place, and are without words."""
    number: int
    """Of the page, from 1."""
    pages: int
    total: int


def comment(
    instance: Instance,
    clause_id: ClauseId,
    text: str,
    suggested_wording: str | None = None,
    email: str | None = None,
    *,
    version_seen: str | None = None,
    actor: Actor = PUBLIC,
    received_at: datetime | None = None,
    form_key: str | None = None,
    suspected: bool = False,
    consent: str | None = None,
) -> Receipt:
    """Record a comment on a clause; with `suggested_wording` it is a suggestion.

    It counts once the link in the mail to `email` was opened and its button pressed; without an
    address it is kept as received, and one can be added on its receipt. `version_seen` is the
    version on the page (`v3`), None for the working draft. `received_at` is when the request came
    in: deadlines are judged by it. `form_key` names the form: the same one sent twice makes one
    comment. `suspected` is noted for the clerk. `consent` names the form of consent that was
    ticked. Raises NotFound, BadInput, Refused outside the time for comments, Conflict where the
    form was sent before with other words.
    """
    authorize(actor, "comment", clause_id)
    now = received_at or instance.clock()
    text, wording = _checked(instance, clause_id, text, suggested_wording)
    email = (check_email(email) or "").lower() or None
    clause, commit = _clause_seen(instance, clause_id, version_seen)
    contributor = new_contributor(instance)
    new = NewComment(
        clause_id=clause_id,
        wording_hash=clause.hash,
        words_seen=clause.wording,
        version_seen=version_seen,
        kind="remark" if wording is None else "suggestion",
        text=text,
        suggested_wording=wording,
        contributor=contributor,
        email=email,
        receipt_token=secret_for(instance, "receipt", contributor),
        confirm_token=instance.tokens(),
        commit_seen=commit,
        form_key=form_key,
        suspected=suspected,
        consent=consent,
    )
    try:
        receipt = _record(instance, new, now)
    except Conflict:
        # The same form came twice at the same moment; the other one has made the comment.
        receipt = _record(instance, new, now)
    if email is not None:
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
        raise NotFound(
            say("There is no clause {clause_id} in this text.", clause_id=clause_id),
            clause=clause_id,
        )
    return place.clause


def words_between(old: Clause, new: Clause) -> tuple[Piece, ...]:
    """Compare two forms of a clause word by word."""
    return changed_words(tokens_of(old.type, old.parts), tokens_of(new.type, new.parts))


def confirm(instance: Instance, token: str, *, actor: Actor = PUBLIC) -> Comment:
    """Confirm a comment by its mail's token; again changes nothing. Raises NotFound, Refused."""
    authorize(actor, "confirm")
    with instance.database.writing() as session:
        return rows.confirm(session, token, instance.clock())


def send_again(
    instance: Instance, token: str, email: str | None = None, *, actor: Actor = PUBLIC
) -> bool:
    """Send the confirmation mail again, by the receipt; with `email` add the address first.

    False where the address had its share of mails for this day. Raises NotFound, BadInput,
    Refused where nothing is left to confirm, or an address was given already.
    """
    authorize(actor, "follow")
    address = (check_email(email) or "").lower()
    with instance.database.writing() as session:
        found = _found(session, token)
        if found.state != "received":
            raise Refused("There is nothing left to confirm.", number=found.number)
        if address:
            add_address(session, found.contributor, address)
        to = address_of(session, found.contributor)
        if to is None:
            raise BadInput("Give the address that the mail shall go to.", field="email")
        sent = _ask_again(session, instance, found, to)
    write_outbox(instance)
    return sent


def send_again_to(instance: Instance, email: str, *, actor: Actor = PUBLIC) -> None:
    """Send the confirmation mail of every comment that waits for it at an address.

    Nothing that comes back tells whether the address is known. Raises BadInput.
    """
    authorize(actor, "follow")
    address = (check_email(email) or "").lower()
    if not address:
        raise BadInput("Write the address that you gave.", field="email")
    with instance.database.writing() as session:
        for found in rows.unconfirmed_of(session, address):
            _ask_again(session, instance, found, address)
    write_outbox(instance)


def rewrite(
    instance: Instance,
    token: str,
    text: str,
    suggested_wording: str | None = None,
    *,
    actor: Actor = PUBLIC,
) -> Comment:
    """Change a comment's words by its receipt: within the hour of sending, until it is read.

    Raises NotFound, BadInput, Refused.
    """
    authorize(actor, "withdraw comment")
    with instance.database.reading() as session:
        found = _found(session, token)
    if not may_rewrite(instance, found):
        raise Refused("It can no longer be changed. Write a new comment instead.")
    text, wording = _checked(instance, found.clause_id, text, suggested_wording)
    with instance.database.writing() as session:
        return rows.rewrite(session, token, text, wording, instance.clock())


def may_rewrite(instance: Instance, found: Comment) -> bool:
    """Tell whether a comment may still be changed by its author."""
    young = instance.clock() < found.created_at + EDIT_LASTS
    present = instance.report.locate(found.clause_id) is not None
    return young and present and found.state in ("received", "confirmed")


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


def page_of_comments(
    instance: Instance, clause_id: ClauseId, page: int = 1, *, actor: Actor = PUBLIC
) -> CommentsPage:
    """Return one page of a clause's comments; those held or taken back keep their place."""
    authorize(actor, "read", clause_id)
    with instance.database.reading() as session:
        total = rows.count_listed(session, clause_id)
        pages = max(1, -(-total // PAGE))
        page = min(max(1, page), pages)
        return CommentsPage(rows.page_of_comments(session, clause_id, page), page, pages, total)


def place_of_comment(
    instance: Instance, number: int, *, actor: Actor = PUBLIC
) -> tuple[ClauseId, int]:
    """Return the clause, and the page of its comments, on which a comment stands.

    Raises NotFound for one that stands nowhere.
    """
    authorize(actor, "read", number)
    with instance.database.reading() as session:
        found = rows.find_comment(session, number)
        if found is None or not is_listed(found):
            raise NotFound(say("Comment {number} is not shown.", number=number), comment=number)
        before = rows.count_listed(session, found.clause_id, number)
    return found.clause_id, max(1, -(-before // PAGE))


def _checked(
    instance: Instance, clause_id: ClauseId, text: str, suggested_wording: str | None
) -> tuple[str, str | None]:
    text = statement(text)
    require_length(text, LONGEST_REMARK, "A comment")
    if suggested_wording is None:
        return text, None
    wording = statement(suggested_wording)
    problems = preview_suggestion(instance, clause_id, wording).problems
    if problems:
        raise BadInput(problems[0], clause=clause_id)
    return text, wording


def _clause_seen(
    instance: Instance, clause_id: ClauseId, version: str | None
) -> tuple[Clause, str]:
    """Find the clause as it was on the page, and in which change; only where it still stands."""
    tip = instance.tip
    now = require_clause(read_report(instance.repository, tip), clause_id)
    if version is None:
        return now, tip
    commit = next((v.commit for v in versions(instance.repository) if v.name == version), None)
    if commit is None:
        raise NotFound(
            say("There is no version {version} of this report.", version=version), version=version
        )
    return require_clause(read_report(instance.repository, commit), clause_id), commit


def _record(instance: Instance, new: NewComment, now: datetime) -> Receipt:
    with instance.database.writing() as session:
        before = rows.find_by_form(session, new.form_key) if new.form_key else None
        if before is not None:
            return _sent_before(instance, before, new)
        require_open(session, now)
        added = rows.add_comment(session, new, now)
        if new.email is None:
            return Receipt(added.number, new.receipt_token, None)
        ask_to_confirm(session, instance, added, new.email, new.confirm_token)
    return Receipt(added.number, new.receipt_token, new.confirm_token)


def _sent_before(instance: Instance, before: Comment, new: NewComment) -> Receipt:
    token = secret_for(instance, "receipt", before.contributor)
    if (before.text, before.suggested_wording) != (new.text, new.suggested_wording):
        raise Refused(
            say("This form was sent before, as comment {number}.", number=before.number),
            number=before.number,
            receipt=token,
        )
    return Receipt(before.number, token, None, sent_before=True)


def _found(session: Session, token: str) -> Comment:
    found = rows.find_by_receipt(session, token)
    if found is None:
        raise NotFound("This receipt belongs to no comment. Check the address.")
    return found


def _ask_again(session: Session, instance: Instance, found: Comment, to: str) -> bool:
    token = new_confirmation(session, instance, found.contributor)
    return ask_to_confirm(session, instance, found, to, token)
