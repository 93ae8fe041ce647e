"""Every clause id that a report ever used, so that none is given out again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from drafter.core.ids import PATTERN
from drafter.store import names
from drafter.store.history import Change, changed_paths, walk_changes
from drafter.store.objects import decode
from drafter.store.repository import Repository

_NAMED = re.compile(rf"(?<![\w-]){PATTERN}(?![\w-])")
"""An id wherever it stands: rather one too many than one given out twice."""


def ids_ever(repository: Repository, tip: str) -> set[str]:
    """Return every id that stood in the text along main's line, and in any round of an amendment.

    Each version of a chapter is read once: the cost is that of the changes.
    """
    found: set[str] = set()
    for _, changes in walk_changes(repository, tip):
        found |= _ids_in(repository, changes)
    for name, branch_tip in repository.branches():
        if name != names.MAIN:
            found |= ids_of_branch(repository, branch_tip)
    return found


def ids_of_branch(repository: Repository, branch_tip: str) -> frozenset[str]:
    """Return every id in the chapters that an amendment changed, in this round and earlier ones."""
    return repository.ids.get(branch_tip, lambda: _of_branch(repository, branch_tip))


def _of_branch(repository: Repository, branch_tip: str) -> frozenset[str]:
    found: set[str] = set()
    commit = repository.commit(branch_tip)
    if commit.kind == "tombstone":
        record = names.amendment_path(int(commit.trailer("Amendment") or 0))
        return frozenset(_NAMED.findall(repository.read_text(branch_tip, record)))
    while commit.kind == "amendment" and commit.parents:
        found |= _ids_in(repository, changed_paths(repository, commit.parents[0], commit.id))
        commit = repository.commit(commit.parents[0])
    return frozenset(found)


def _ids_in(repository: Repository, changes: Iterable[Change]) -> set[str]:
    found: set[str] = set()
    for change in changes:
        if change.new is not None and names.is_chapter(change.path):
            found |= repository.ids.get(change.new, _reader(repository, change.new))
    return found


def _reader(repository: Repository, blob: str) -> Callable[[], frozenset[str]]:
    return lambda: frozenset(_NAMED.findall(decode(repository.read_blob(blob))))
