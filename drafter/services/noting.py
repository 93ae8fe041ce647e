"""The note of an edit in the log, where a crash came between the edit and its note.

An edit's commit names who made it and which clause, at the very second of the note. Only main's
newest commit can lack its note: whoever writes next asks first.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

from drafter.people.audit import note, times_noted
from drafter.store.objects import Commit

if TYPE_CHECKING:
    from drafter.services.instance import Instance


def finish_notes(instance: Instance) -> None:
    """Write the note that an edit was cut off from writing, at a start."""
    if _lacking(instance) is not None:
        with instance.repository.writing():
            finish_note(instance)


def finish_note(instance: Instance) -> None:
    """Write it, for the holder of the writer lock."""
    commit = _lacking(instance)
    if commit is not None:
        with instance.database.writing() as session:
            note(session, *_said(commit), commit.time)


def _lacking(instance: Instance) -> Commit | None:
    commit = instance.repository.commit(instance.tip)
    if commit.kind != "edit" or not commit.trailer("Seat"):
        return None
    same_second = itertools.takewhile(
        lambda each: each.time == commit.time, instance.repository.commits(commit.id)
    )
    made = sum(each.kind == "edit" and _said(each) == _said(commit) for each in same_second)
    with instance.database.reading() as session:
        noted = times_noted(session, *_said(commit), commit.time)
    return commit if noted < made else None


def _said(commit: Commit) -> tuple[str, str, str]:
    return commit.trailer("Seat") or "", "edit", f"clause {commit.trailer('Clause')}"
