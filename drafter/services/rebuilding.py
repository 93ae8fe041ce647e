"""The database's view of amendments, taken from git where a crash or a restore left it behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.errors import NotFound, Refused
from drafter.people.amendments import Amendment, amendments, link_comments, save_amendment
from drafter.services.proposals import record_at
from drafter.services.touching import note_names
from drafter.store import names

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def adopt_branches(instance: Instance) -> tuple[int, ...]:
    """Enter every amendment that has a branch and no row; return their numbers.

    An amendment whose row was written and whose branch has not moved there yet, because an opening
    or a redraft was cut off, gets its branch: so either both have it or neither.
    """
    if not _unknown(instance) and not _behind(instance):
        return ()
    with instance.repository.writing() as writer:
        for number, old, tip in _behind(instance):
            writer.move_ref(names.amendment_branch(number), old, tip)
        with instance.database.writing() as session:
            found = _unknown(instance)
            for number, tip in found:
                _adopt(instance, session, number, tip)
    return tuple(number for number, _ in found)


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


def _both(instance: Instance) -> tuple[dict[int, str | None], dict[int, str]]:
    with instance.database.reading() as session:
        rows = {amendment.number: amendment.branch_tip for amendment in amendments(session)}
    tips = ((names.amendment_number(name), tip) for name, tip in instance.repository.branches())
    return rows, {number: tip for number, tip in tips if number}


def _leads(instance: Instance, old: str | None, new: str) -> bool:
    """Tell whether `new` is written and goes on from `old`."""
    try:
        instance.repository.commit(new)
        return old is None or instance.repository.contains(new, old)
    except NotFound:
        return False


def _adopt(instance: Instance, session: Session, number: int, tip: str) -> None:
    repository = instance.repository
    decided = repository.find(instance.tip, names.amendment_path(number)) is not None
    record = record_at(repository, instance.tip if decided else tip, number)
    save_amendment(session, view_of(record, tip), instance.clock())
    note_names(session, record, tip)
    for comment in record.comments:
        try:
            link_comments(session, number, (comment,), instance.clock())
        except (NotFound, Refused):
            continue  # the comment is gone or withdrawn: the record still names it
