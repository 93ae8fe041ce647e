"""The note of a write to main in the log, where a crash came between the write and its note.

An edit's commit names who made it and which clause, at the very second of the note. Other kinds
name nobody: what is to be noted is kept before, with what will have been made, and noted once that
is there. Only main's newest commit can lack its note: whoever writes next asks first.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core.errors import NotFound
from drafter.people.audit import note, times_noted
from drafter.people.settings import read_setting, write_setting
from drafter.store import names
from drafter.store.history import read_version
from drafter.store.objects import Commit

if TYPE_CHECKING:
    from drafter.services.instance import Instance


PENDING = "note begun"
"""Under which name the database keeps what is to be noted; empty where nothing is."""
KINDS = ("operator", "assembly", "publication", "import")
"""The kinds of commit whose note is kept before."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the log will say once `made`, a commit on main or the tag of a version, is there."""

    actor: str
    action: str
    object: str
    at: str
    made: str
    otherwise: str = ""
    """What was done already, and is to be noted where this was not."""


@contextmanager
def noted(
    instance: Instance, actor: str, action: str, about: str, made: str, *, otherwise: str = ""
) -> Iterator[None]:
    """Make something under the writer lock and have it noted, whenever it is cut off.

    With `otherwise` more of it follows: it is noted by the last one, or at the next start or write.
    """
    begun = Begun(actor, action, about, instance.clock().isoformat(), made, otherwise)
    _keep(instance, begun)
    yield
    instance.fault(f"{action} made")


def end_note(instance: Instance) -> None:
    """Write the note that was begun, where it came about. For the holder of the writer lock."""
    begun = _begun(instance)
    if begun is None:
        return
    about = begun.object if _is_there(instance, begun.made) else begun.otherwise
    with instance.database.writing() as session:
        if about:
            note(session, begun.actor, begun.action, about, datetime.fromisoformat(begun.at))
        write_setting(session, PENDING, "")


def _keep(instance: Instance, begun: Begun) -> None:
    with instance.database.writing() as session:
        write_setting(session, PENDING, json.dumps(asdict(begun)))


def _begun(instance: Instance) -> Begun | None:
    with instance.database.reading() as session:
        kept = read_setting(session, PENDING)
    return Begun(**json.loads(kept)) if kept else None


def _is_there(instance: Instance, made: str) -> bool:
    try:
        if names.version_number(made):
            return bool(read_version(instance.repository, made).number)
        return instance.repository.contains(instance.tip, made)
    except NotFound:
        return False


def finish_notes(instance: Instance) -> None:
    """Write the note that a write to main was cut off from writing, at a start."""
    lacks = instance.repository.commit(instance.tip).kind in KINDS and _begun(instance)
    if lacks or _lacking(instance) is not None:
        with instance.repository.writing():
            finish_note(instance)


def finish_note(instance: Instance) -> None:
    """Write it, for the holder of the writer lock."""
    if instance.repository.commit(instance.tip).kind in KINDS:
        end_note(instance)
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
