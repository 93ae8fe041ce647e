"""The whole public record for whoever clones it: which branches and versions, and where it lies.

It holds main as the last version has it, every version's tag, and the branches of amendments that
began no later. What the panel has done since is in it with the next version.
"""

from __future__ import annotations

from pathlib import Path

from drafter.core.amendments import read_record
from drafter.core.errors import BadInput, NotFound
from drafter.store import names
from drafter.store.clone import renew_clone
from drafter.store.history import tag_object, versions
from drafter.store.repository import Repository

FOLDER = "report.git"
"""Where in the public folder it lies."""


def renew_record(public: Path, repository: Repository) -> bool:
    """Bring the public copy of the record up to the last version; tell if anything was to do.

    Words that were removed from the record are gone from the copy when this returns.
    """
    if not repository.tags():
        return False
    head = names.branch_ref(names.MAIN)
    return renew_clone(repository, public / FOLDER, lambda: _refs(repository), head)


def _refs(repository: Repository) -> dict[str, str]:
    line = versions(repository)
    refs = {names.ref_of(version.name): tag_object(repository, version.name) for version in line}
    last = line[-1].commit
    refs[names.branch_ref(names.MAIN)] = last
    for name, tip in repository.branches():
        number = names.amendment_number(name)
        if number is not None and _is_sound(repository, number, tip, last):
            refs[names.branch_ref(name)] = tip
    return refs


def _is_sound(repository: Repository, number: int, tip: str, last: str) -> bool:
    """Tell whether a branch follows from main as the last version has it.

    It is decided there, or begins there. Where its words were removed, main must tell so.
    """
    path = names.amendment_path(number)
    if repository.find(last, path) is not None:
        return True
    if repository.commit(tip).kind == "tombstone":
        return False
    try:
        record = read_record(repository.read_text(tip, path), path)
        return repository.contains(last, record.base_commit)
    except (BadInput, NotFound):
        return False  # `verify` names it
