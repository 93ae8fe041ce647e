"""Verifying that no clause id was ever given to a second clause, along the whole of main's line."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from drafter.core.ids import PATTERN
from drafter.core.reading import read_chapter
from drafter.services.findings import Finding, short
from drafter.store import names
from drafter.store.history import Change, changed_paths
from drafter.store.objects import Commit, decode
from drafter.store.repository import Repository

_IDS = re.compile(rf"(?<![0-9a-z-]){PATTERN}(?![0-9a-z-])".encode())

_Places = dict[str, set[tuple[str, str]]]


def id_findings(repository: Repository, line: Sequence[Commit]) -> Iterator[Finding]:
    """Name each id that came back for other words than it ever had; `line` is newest first.

    A clause restored from its history has its old id; words that are new have a new one. Chapters
    are searched for what looks like an id, and read only where one comes back.
    """
    stood: _Places = {}
    for commit in reversed(line):
        parent = commit.parents[0] if commit.parents else None
        changes = [
            change
            for change in changed_paths(repository, parent, commit.id)
            if names.is_chapter(change.path)
        ]
        old, new = (_places(repository, changes, new=side) for side in (False, True))
        for name in sorted((new.keys() - old.keys()) & stood.keys()):
            if _is_reused(repository, name, stood[name], new[name]):
                sentence = f"It gives the id {name}, which was another clause's, to new words."
                yield Finding(short(commit.id), sentence)
        for name, places in new.items():
            stood.setdefault(name, set()).update(places)


def _places(repository: Repository, changes: Sequence[Change], *, new: bool) -> _Places:
    found: _Places = {}
    for change in changes:
        blob = change.new if new else change.old
        if blob is None or (new and not change.regular):
            continue
        for match in _IDS.finditer(repository.read_blob(blob)):
            found.setdefault(match[0].decode(), set()).add((change.path, blob))
    return found


def _is_reused(
    repository: Repository,
    name: str,
    earlier: set[tuple[str, str]],
    now: set[tuple[str, str]],
) -> bool:
    before = {hashed for place in earlier for hashed in _hashes(repository, name, place)}
    after = {hashed for place in now for hashed in _hashes(repository, name, place)}
    return bool(after) and not after <= before


def _hashes(repository: Repository, name: str, place: tuple[str, str]) -> Iterator[str]:
    """Give the wording hash of the clause in one state of a chapter, and nothing if it is none."""
    path, blob = place
    chapter = repository.chapters.get(
        place, lambda: read_chapter(path, decode(repository.read_blob(blob)))
    )
    for clause in chapter.clauses:
        if clause.id == name:
            yield clause.hash
