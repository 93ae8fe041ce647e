"""The database's view of amendments, taken from git where a crash or a restore left it behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.errors import BadInput, NotFound, Refused, Unreadable
from drafter.people.amendments import (
    Amendment,
    amendments,
    find_amendment,
    link_comments,
    move_amendment,
    save_amendment,
)
from drafter.people.audit import note
from drafter.people.batches import reword_batches
from drafter.people.motions import reword_questions
from drafter.people.proposals import forget_proposals
from drafter.publish.clone import renew_record
from drafter.services.proposals import record_at
from drafter.services.touching import note_names
from drafter.store import names
from drafter.store.maintenance import is_pruning, prune
from drafter.store.repository import Repository
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def adopt_branches(instance: Instance) -> tuple[int, ...]:
    """Enter every amendment that has a branch and no row; return their numbers.

    An amendment whose row was written and whose branch has not moved there yet, because an opening
    or a redraft was cut off, gets its branch: so either both have it or neither. A branch without
    a readable record is left as it is, and `instance.set_aside` says so.
    """
    instance.set_aside.clear()
    if not _unknown(instance) and not _behind(instance) and not _buried(instance):
        return ()
    with instance.repository.writing() as writer:
        move_behind(instance, writer)
        with instance.database.writing() as session:
            for number, tip in _buried(instance):
                with _set_aside(instance, number):
                    forget_words(instance, session, number, tip)
            adopted = []
            for number, tip in _unknown(instance):
                with _set_aside(instance, number):
                    _adopt(instance, session, number, tip)
                    adopted.append(number)
    instance.database.scrub()
    return tuple(adopted)


@contextmanager
def _set_aside(instance: Instance, number: int) -> Iterator[None]:
    """Leave a branch as it is whose record cannot be read, and have its reason told.

    The record is read before anything is written of it.
    """
    try:
        yield
    except (BadInput, NotFound, Unreadable) as error:
        branch = names.amendment_branch(number)
        instance.set_aside[branch] = (
            f"The branch {branch} holds no record that can be read, so amendment {number} is left "
            f"out: {error.sentence} Nothing of it is lost. Fetch the branch from a mirror or a "
            "backup; or, if it was never an amendment of this report, delete it with git."
        )


def move_behind(instance: Instance, writer: Writer) -> None:
    """Move each branch that an opening or a redraft was cut off from moving."""
    for number, old, tip in _behind(instance):
        writer.move_ref(names.amendment_branch(number), old, tip)


def finish_removals(instance: Instance) -> None:
    """Remove for good what an amendment's removal was cut off from removing.

    What cannot be removed, because git fails or is missing, stops nobody: `verify` names it.
    """
    if is_pruning(instance.repository):
        with instance.repository.writing() as writer, suppress(Unreadable, OSError):
            move_behind(instance, writer)
            renew_record(instance.public, instance.repository)
            prune(instance.repository)


def forget_words(instance: Instance, session: Session, number: int, tombstone: str) -> None:
    """Note in the database that an amendment's branch is a tombstone, and who removed its words."""
    row, now = find_amendment(session, number), instance.clock()
    assert row is not None
    title = record_at(instance.repository, instance.tip, number).title
    move_amendment(session, row, replace(row, branch_tip=None, title=title), now)
    if title == records.NO_TITLE:  # the usual question names the title that went
        reword_batches(session, number, "Shall these amendments be made?")
        reword_questions(session, number, title)
    forget_proposals(session, number, title, now)
    by = instance.repository.commit(tombstone).trailer("By") or "drafter"
    note(session, by, "redact", f"amendment {number}", now)


def view_of(record: records.Amendment, branch_tip: str | None) -> Amendment:
    """Give the database's view of what a record says."""
    return Amendment(
        number=record.number,
        title=record.title,
        state=record.status,
        round=record.round,
        branch_tip=branch_tip,
        submitter=record.submitter,
        by_motion=record.by_motion,
        about=record.instructions[0].amendment,
    )


def last_number(instance: Instance) -> int:
    """Return the highest number of an amendment that git knows; none is given out again."""
    branches = (names.amendment_number(name) for name, _ in instance.repository.branches())
    entries = instance.repository.list_tree(instance.tip, names.AMENDMENTS)
    recorded = (names.record_number(entry.path) for entry in entries)
    return max((number for number in (*branches, *recorded) if number), default=0)


def _unknown(instance: Instance) -> list[tuple[int, str]]:
    """Name the branches without a row, and those ahead of theirs (an older database came back)."""
    rows, tips = _both(instance)
    found = []
    for number, tip in tips.items():
        known = rows.get(number)
        if number not in rows or (known and known != tip and _leads(instance, known, tip)):
            found.append((number, tip))
    return found


def _behind(instance: Instance) -> list[tuple[int, str | None, str]]:
    """Name the rows whose branch is missing or stands further back: number, branch, row."""
    rows, tips = _both(instance)
    return [
        (number, tips.get(number), tip)
        for number, tip in rows.items()
        if tip and tips.get(number) != tip and _leads(instance, tips.get(number), tip)
    ]


def _buried(instance: Instance) -> list[tuple[int, str]]:
    """Name the branches that are tombstones while their rows still hold words."""
    rows, tips = _both(instance)
    return [
        (number, tip)
        for number, tip in tips.items()
        if rows.get(number) not in (None, tip) and is_tombstone(instance.repository, tip)
    ]


def is_tombstone(repository: Repository, branch_tip: str) -> bool:
    """Tell whether an amendment's branch has a tombstone in the place of its words."""
    return repository.commit(branch_tip).kind == "tombstone"


def _both(instance: Instance) -> tuple[dict[int, str | None], dict[int, str]]:
    with instance.database.reading() as session:
        rows = {amendment.number: amendment.branch_tip for amendment in amendments(session)}
    tips = ((names.amendment_number(name), tip) for name, tip in instance.repository.branches())
    return rows, {number: tip for number, tip in tips if number}


def _leads(instance: Instance, old: str | None, new: str) -> bool:
    """Tell whether `new` is written and goes on from `old`."""
    try:
        for commit in (old, new):
            if commit is not None:
                instance.repository.commit(commit)
        return old is None or instance.repository.contains(new, old)
    except NotFound:
        return False


def _adopt(instance: Instance, session: Session, number: int, tip: str) -> None:
    repository = instance.repository
    decided = repository.find(instance.tip, names.amendment_path(number)) is not None
    record = record_at(repository, instance.tip if decided else tip, number)
    words = None if is_tombstone(repository, tip) else tip
    save_amendment(session, view_of(record, words), instance.clock())
    if words is not None:
        note_names(session, record, words)
    for comment in record.comments:
        try:
            link_comments(session, number, (comment,), instance.clock())
        except (NotFound, Refused):
            continue  # the comment is gone or withdrawn: the record still names it
