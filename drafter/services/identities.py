"""Every clause id that a report ever used, so that none is given out again."""

from __future__ import annotations

from drafter.core.reading import read_chapter
from drafter.store import names
from drafter.store.history import walk_changes
from drafter.store.objects import decode
from drafter.store.repository import Repository


def ids_ever(repository: Repository, tip: str) -> set[str]:
    """Return every id that stood in the text along main's line, and on any amendment's branch.

    Each version of a chapter is read once: the cost is that of the changes.
    """
    found: set[str] = set()
    for _, changes in walk_changes(repository, tip):
        for change in changes:
            if change.new is not None and names.is_chapter(change.path):
                found |= _ids_in(repository, change.path, change.new)
    for name, branch_tip in repository.branches():
        if name != names.MAIN:
            for entry in repository.list_tree(branch_tip, names.CHAPTERS):
                if names.is_chapter(entry.path):
                    found |= _ids_in(repository, entry.path, entry.blob_id)
    return found


def _ids_in(repository: Repository, path: str, blob: str) -> set[str]:
    chapter = repository.chapters.get(
        (path, blob), lambda: read_chapter(path, decode(repository.read_blob(blob)))
    )
    own = {clause.id for clause in chapter.clauses if clause.id}
    return own | {name for clause in chapter.clauses for name in clause.was}
