"""Removing an amendment's wording for good, because it should never have been published.

In the place of its branch stands a tombstone: number, ids and hashes, the day and the reason. What
main records of it stays. The old objects are pruned, also where a crash comes in between.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from drafter.core.amendments import NO_TITLE, Amendment, Removed, record_path, write_record
from drafter.core.errors import BadInput, Refused
from drafter.core.ids import ClauseId
from drafter.core.rules import is_final
from drafter.core.saying import say
from drafter.people.amendments import Amendment as Row
from drafter.people.amendments import amendments
from drafter.publish.clone import renew_record
from drafter.services.authority import Actor, authorize
from drafter.services.counting import read_amendment
from drafter.services.deciding import close_unvoted
from drafter.services.identities import ids_of_branch
from drafter.services.limits import LONGEST_REASON, require_length
from drafter.services.mailing import write_outbox
from drafter.services.proposals import changes_words, record_at
from drafter.services.rebuilding import adopt_branches, forget_words, is_tombstone, move_behind
from drafter.services.standing import require_still
from drafter.store import names
from drafter.store.maintenance import begin_pruning, is_pruning, prune, require_git
from drafter.store.messages import write_message
from drafter.store.reports import read_report
from drafter.store.repository import Repository
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Redacted:
    """The wording is gone."""

    number: int
    closed: bool
    """It was open, and is now withdrawn."""
    comments: tuple[int, ...]
    """The comments that it took up: their own words are still there."""
    same: tuple[int, ...]
    """Other amendments that give a clause the very same wording, and still have it."""


def redact(instance: Instance, actor: Actor, number: int, reason: str) -> Redacted:
    """Replace an amendment's branch by a tombstone, with a reason that everybody may read.

    The clerk may, who vouched for its words on admission, and the operator, whom a court would ask.
    One that is still open is withdrawn by it, and its title is not recorded. Raises NotFound;
    BadInput without a reason; Refused where it is accepted (its words are the draft's), being
    voted on, without words, or redacted already; Unreadable where git is missing or fails.
    """
    authorize(actor, "redact", number)
    if not reason.strip():
        raise BadInput("Give the reason; it is published, so name nobody in it.", field="reason")
    require_length(reason, LONGEST_REASON, "A reason")
    require_git()
    adopt_branches(instance)  # also a removal that was cut off before the database knew of it
    with instance.writing() as writer:
        require_still(instance, actor)
        move_behind(instance, writer)
        if is_pruning(instance.repository):
            prune(instance.repository)  # of one that was cut off later, or failed
        row = _require_redactable(instance, number)
        closed = not is_final(row.state)
        if closed:
            close_unvoted(instance, writer, actor.name, number, "withdrawn", reason, title=NO_TITLE)
        gone, tombstone = _bury(instance, writer, actor, row, reason)
        with instance.database.writing() as session:
            forget_words(instance, session, number, tombstone)
        instance.database.scrub()
        instance.fault("redact noted")
        renew_record(instance.public, instance.repository)
        instance.fault("redact copied")
        prune(instance.repository)
        instance.fault("redact pruned")
    write_outbox(instance)
    return Redacted(number, closed, gone.comments, tuple(_same_words(instance, gone)))


def _require_redactable(instance: Instance, number: int) -> Row:
    row = read_amendment(instance, number)
    if row.branch_tip is None:
        raise Refused(
            say("The wording of amendment {number} has been removed already.", number=number)
        )
    if row.state == "accepted":
        raise Refused(
            say(
                "Amendment {number} is accepted: its words are the draft's now, and only the panel "
                "changes them.",
                number=number,
            )
        )
    if row.state == "put":
        raise Refused(
            say(
                "Amendment {number} is being voted on. Withdraw it or record its decision, then "
                "remove its wording.",
                number=number,
            )
        )
    if not changes_words(record_at(instance.repository, row.branch_tip, number)):
        raise Refused(
            say("Amendment {number} changes no words, so there are none to remove.", number=number)
        )
    return row


def _bury(
    instance: Instance, writer: Writer, actor: Actor, row: Row, reason: str
) -> tuple[Amendment, str]:
    """Put the tombstone in the branch's place; return the record that it had, and the tombstone."""
    repository, old, now = instance.repository, row.branch_tip, instance.clock()
    assert old is not None
    record = record_at(repository, old, row.number)
    new_ids = ids_of_branch(repository, old) - read_report(repository, record.base_commit).ids
    ids = tuple(ClauseId(each) for each in sorted(new_ids))
    tombstone = replace(record, title=NO_TITLE, removed=Removed(now.date(), reason, ids))
    message = write_message(
        "tombstone",
        f"Wording of amendment {row.number} removed",
        {"Amendment": str(row.number), "By": actor.name},
    )
    begin_pruning(repository, old)
    instance.fault("redact begun")
    commit = writer.write_commit(
        {record_path(record.number): write_record(tombstone).encode("utf-8")},
        record.base_commit,
        (record.base_commit,),
        message,
        now,
    )
    instance.fault("redact written")
    writer.bury(names.amendment_branch(row.number), old, commit)
    instance.fault("redact buried")
    return record, commit


def removed_wording(repository: Repository, number: int) -> Removed | None:
    """Return when and why an amendment's wording was removed; None where it was not."""
    tip = repository.tip(names.amendment_branch(number))
    if tip is None or not is_tombstone(repository, tip):
        return None
    return record_at(repository, tip, number).removed


def _same_words(instance: Instance, gone: Amendment) -> Iterator[int]:
    """Name the other amendments that give a clause a wording which this one gave."""
    wordings = {each.after for each in gone.instructions if each.after}
    with instance.database.reading() as session:
        others = [row for row in amendments(session) if row.branch_tip]
    for row in others:
        record = record_at(instance.repository, str(row.branch_tip), row.number)
        if wordings & {each.after for each in record.instructions}:
            yield row.number
