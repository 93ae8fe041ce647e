"""What the clerk does with comments: read, show, hold by the policy, answer, take down at meetings.

Every act stands in the public log, in the same transaction as what it did.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Literal

from drafter.core.decisions import one_line, statement
from drafter.core.errors import BadInput, NotFound
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people import comments as rows
from drafter.people import moderation
from drafter.people.audit import note
from drafter.people.comments import Comment, NewComment
from drafter.people.moderation import Which
from drafter.people.moderation_log import Act, acts, count_acts, record_act
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.commenting import require_clause, try_wording
from drafter.services.holding import find_reason
from drafter.services.limits import (
    LONGEST_ANSWER,
    LONGEST_PLACE,
    LONGEST_REASON,
    LONGEST_REMARK,
    MOST_COMMENTS_TOGETHER,
    check_email,
    require_length,
)
from drafter.services.links import new_contributor, printed_code, secret_for
from drafter.services.mailing import tell_of_answer, write_outbox
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the clerk."""

    to_moderate: tuple[Comment, ...]
    """Confirmed, neither shown nor held."""
    to_admit: tuple[Comment, ...]
    """Suggestions, confirmed or shown, that no amendment takes up."""


@dataclass(frozen=True, slots=True)
class ForClerk:
    """One comment before the clerk."""

    comment: Comment
    copies: tuple[int, ...]
    """Others with the same words on the same clause; each counts, none is hidden."""
    before: int | None
    """The comment before it in the list at hand."""
    after: int | None
    acts: tuple[Act, ...]
    """What was done about it, newest first."""


@dataclass(frozen=True, slots=True)
class Entered:
    """A comment that the clerk has taken down, with what its author takes home."""

    number: int
    receipt_token: str
    code: str
    """Typed with the number on the receipts' page, it opens the receipt."""


def queue(instance: Instance, actor: Actor, *, limit: int = 100) -> Queue:
    """Return what waits for the clerk, oldest first."""
    authorize(actor, "read the queue")
    with instance.database.reading() as session:
        return Queue(
            to_moderate=moderation.comments_to_moderate(session, limit=limit),
            to_admit=moderation.suggestions_to_admit(session, limit=limit),
        )


def list_comments(
    instance: Instance, actor: Actor, which: Which = "waiting", *, after: int = 0, limit: int = 100
) -> tuple[Comment, ...]:
    """Return one of the clerk's lists past number `after`, oldest first."""
    authorize(actor, "read the queue")
    with instance.database.reading() as session:
        return moderation.comments_in(session, which, after=after, limit=limit)


def count_comments(instance: Instance, actor: Actor, which: Which) -> int:
    """Count one of the clerk's lists."""
    authorize(actor, "read the queue")
    with instance.database.reading() as session:
        return moderation.count_in(session, which)


def read_comment(
    instance: Instance, actor: Actor, number: int, which: Which = "waiting"
) -> ForClerk:
    """Return a comment in whatever state, with its copies and neighbours. Raises NotFound."""
    authorize(actor, "read the queue", number)
    with instance.database.reading() as session:
        found = rows.find_comment(session, number)
        if found is None:
            raise NotFound(say("There is no comment {number}.", number=number), number=number)
        before, after = moderation.neighbours(session, which, number)
        copies = moderation.copies_of(session, found)
        return ForClerk(found, copies, before, after, acts(session, comment=number))


def show(instance: Instance, actor: Actor, number: int) -> Comment:
    """Show a confirmed or held comment to everyone. Raises NotFound, Refused."""
    authorize(actor, "show", number)
    return _moderate(instance, actor, "shown", number, moderation.show_comment)


def hold(instance: Instance, actor: Actor, number: int, sentence: str, *, reason: str) -> Comment:
    """Hold a comment back, for a `reason` of the policy (its key) and with a sentence.

    Everybody reads both in the comment's place. Raises NotFound, Refused, BadInput.
    """
    authorize(actor, "hold", number)
    found = find_reason(reason)
    sentence = statement(sentence)
    require_length(sentence, LONGEST_REASON, "A reason")
    if not sentence:
        raise BadInput("Say in a sentence why it is held back.", field="sentence")

    def hold_it(session: Session, number: int) -> Comment:
        return moderation.hold_comment(session, number, sentence, found.key)

    return _moderate(instance, actor, "held", number, hold_it, reason=found.key, sentence=sentence)


def answer(instance: Instance, actor: Actor, number: int, text: str) -> Comment:
    """Give the panel's public answer to a comment. Raises NotFound, Refused, BadInput."""
    return answer_many(instance, actor, (number,), text)[0]


def answer_many(
    instance: Instance, actor: Actor, numbers: Collection[int], text: str
) -> tuple[Comment, ...]:
    """Give one answer to several comments, all or none. Raises NotFound, Refused, BadInput."""
    authorize(actor, "answer", tuple(numbers))
    text = statement(text)
    require_length(text, LONGEST_ANSWER, "An answer")
    if not text:
        raise BadInput("Write the answer first.", field="answer")
    wanted = sorted(set(numbers))
    if not wanted or len(wanted) > MOST_COMMENTS_TOGETHER:
        raise BadInput(
            say(
                "Choose from one to {most_comments_together} comments to answer.",
                most_comments_together=MOST_COMMENTS_TOGETHER,
            ),
            field="numbers",
        )
    now = instance.clock()
    answered = []
    with instance.acting(actor) as session:
        for number in wanted:
            changed = moderation.answer_comment(session, number, text, actor.name, now)
            note(session, actor.name, "answer", f"comment {number}", now)
            record_act(session, actor.name, "answered", now, comment=number)
            tell_of_answer(session, instance, changed)
            answered.append(changed)
    write_outbox(instance)
    return tuple(answered)


def enter(
    instance: Instance,
    actor: Actor,
    clause_id: ClauseId,
    text: str,
    suggested_wording: str | None = None,
    *,
    source: Literal["paper", "spoken"],
    place: str,
    taken_on: date,
    email: str | None = None,
) -> Entered:
    """Take down a comment that came on paper or was spoken at a meeting.

    It counts at once: its author was there. Raises NotFound, BadInput.
    """
    authorize(actor, "enter", clause_id)
    new = _entered(instance, clause_id, text, suggested_wording, email)
    place, now = one_line(place), instance.clock()
    require_length(place, LONGEST_PLACE, "A place")
    if not place:
        raise BadInput("Write where it was said or handed in.", field="place")
    if taken_on > now.date():
        raise BadInput("That day is still to come. Check the date.", field="taken_on")
    with instance.acting(actor) as session:
        dated = replace(new, source=source, place=place, taken_on=taken_on)
        added = rows.add_comment(session, dated, now)
        rows.confirm_entered(session, added.number, now)
        note(session, actor.name, "enter", f"comment {added.number}", now)
        said = f"{'On paper' if source == 'paper' else 'Spoken'}, {place}, {taken_on.isoformat()}"
        record_act(session, actor.name, "entered", now, comment=added.number, sentence=said)
    return Entered(added.number, new.receipt_token, printed_code(instance, new.contributor))


def printed(instance: Instance, actor: Actor, number: int) -> tuple[Comment, Entered]:
    """Return a comment taken down by the clerk, with what stands on its printed receipt.

    Raises NotFound, also for a comment that its author sent: the clerk has no receipt of theirs.
    """
    authorize(actor, "enter", number)
    with instance.database.reading() as session:
        found = rows.find_comment(session, number)
    if found is None or found.source == "online":
        raise NotFound(
            say("No receipt can be printed for comment {number}.", number=number), number=number
        )
    token = secret_for(instance, "receipt", found.contributor)
    return found, Entered(number, token, printed_code(instance, found.contributor))


def log(
    instance: Instance, *, before: int | None = None, limit: int = 100, actor: Actor = PUBLIC
) -> tuple[tuple[Act, ...], int]:
    """Return the public log, newest first, and how many acts it holds."""
    authorize(actor, "read")
    with instance.database.reading() as session:
        return acts(session, before=before, limit=limit), count_acts(session)


def _entered(
    instance: Instance,
    clause_id: ClauseId,
    text: str,
    suggested_wording: str | None,
    email: str | None,
) -> NewComment:
    tip = instance.tip
    report = read_report(instance.repository, tip)
    clause, text = require_clause(report, clause_id), statement(text)
    require_length(text, LONGEST_REMARK, "A comment")
    wording = None if suggested_wording is None else statement(suggested_wording)
    if wording is not None:
        try_wording(report, clause_id, wording)
    contributor = new_contributor(instance)
    return NewComment(
        clause_id=clause_id,
        wording_hash=clause.hash,
        words_seen=clause.wording,
        version_seen=None,
        kind="remark" if wording is None else "suggestion",
        text=text,
        suggested_wording=wording,
        contributor=contributor,
        email=(check_email(email) or "").lower() or None,
        receipt_token=secret_for(instance, "receipt", contributor),
        confirm_token=instance.tokens(),
        commit_seen=tip,
    )


def _moderate(
    instance: Instance,
    actor: Actor,
    action: str,
    number: int,
    change: Callable[[Session, int], Comment],
    *,
    reason: str = "",
    sentence: str = "",
) -> Comment:
    """Change a comment, and say so in the log unless nothing has changed."""
    now = instance.clock()
    with instance.acting(actor) as session:
        before = rows.find_comment(session, number)
        changed = change(session, number)
        if changed != before:
            note(session, actor.name, action, f"comment {number}", now)
            record_act(
                session, actor.name, action, now, comment=number, reason=reason, sentence=sentence
            )
    return changed
