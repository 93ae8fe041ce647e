"""The database's view of amendments, taken from git where a crash or a restore left it behind."""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.errors import NotFound, Refused
from drafter.people.amendments import Amendment, amendments, link_comments, save_amendment
from drafter.services.proposals import record_at
from drafter.store import names

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def adopt_branches(instance: Instance) -> tuple[int, ...]:
    """Enter every amendment that has a branch and no row; return their numbers.

    An admission that was cut off after its branch was made is thereby finished.
    """
    if not _unknown(instance):
        return ()
    with instance.repository.writing(), instance.database.writing() as session:
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
    with instance.database.reading() as session:
        known = {amendment.number for amendment in amendments(session)}
    tips = ((names.amendment_number(name), tip) for name, tip in instance.repository.branches())
    return [(number, tip) for number, tip in tips if number and number not in known]


def _adopt(instance: Instance, session: Session, number: int, tip: str) -> None:
    repository = instance.repository
    decided = repository.find(instance.tip, names.amendment_path(number)) is not None
    record = record_at(repository, instance.tip if decided else tip, number)
    save_amendment(session, view_of(record, tip), instance.clock())
    for comment in record.comments:
        try:
            link_comments(session, number, (comment,), instance.clock())
        except (NotFound, Refused):
            continue  # the comment is gone or withdrawn: the record still names it
