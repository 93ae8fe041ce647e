"""Writing to a report's repository: commits without a ref, then refs by compare-and-swap.

A `Writer` exists only under the writer lock. It checks names, sizes and forms; whether a change is
permitted by the rules of the process is not its business.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Final

import pygit2
from pygit2.enums import ObjectType, ReferenceType

from drafter.core.errors import BadInput, Busy, NotFound, Refused
from drafter.core.saying import say
from drafter.store import names
from drafter.store.failures import moved, reading, saving
from drafter.store.loose import (
    NewObject,
    ObjectKind,
    commit_bytes,
    in_git_order,
    new_object,
    tag_bytes,
    tree_bytes,
    write_all,
)
from drafter.store.messages import read_kind, read_tag_message
from drafter.store.objects import TreeEntry

if TYPE_CHECKING:
    from drafter.store.repository import Repository

LARGEST_FILE: Final = 64_000_000
"""Bytes in one file: enough for the facts of several hundred thousand comments."""

Changes = Mapping[str, bytes | None]
"""What a commit changes: path -> the whole new file, or None to remove it."""
_Nested = dict[str, "bytes | _Nested | None"]


class Writer:
    """The one who may write, for as long as `Repository.writing` lasts."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._git = repository.git

    def write_commit(
        self,
        changes: Changes,
        base: str | None,
        parents: Sequence[str],
        message: str,
        time: datetime,
    ) -> str:
        """Write a commit, durably, and move no ref; return its id.

        Its tree is that of the commit `base` (an empty one where None) with `changes` made. The
        same arguments give the same id. Raises BadInput on a path, content, message or time that
        a report cannot have, NotFound on a file to remove, a base or a parent that is not there.
        """
        _check_changes(changes)
        if read_kind(message) is None or "\0" in message:
            raise BadInput("The message of a commit names its kind in a trailer.")
        _check_time(time)
        tree = None if base is None else self.repository.commit(base).tree
        for parent in parents:
            self.repository.commit(parent)
        made = _Made()
        top = self._make_folder(tree, _nest(changes), made) or made.folder(())
        commit = made.add("commit", commit_bytes(top, parents, message, time))
        with saving("The commit"):
            self.repository.journal.write(made.objects, self.repository.disk)
        self._remember(made)
        return commit

    def move_ref(self, branch: str, expected: str | None, new: str) -> None:
        """Move a branch from the commit `expected` forward to `new`; None makes the branch.

        Raises Conflict where the branch is elsewhere by now, Refused where `new` does not contain
        `expected`, NotFound where `new` is not there, Busy where a foreign git holds the ref.
        """
        ref = names.branch_ref(branch)
        target = self.repository.commit(new).id
        if expected is None:
            self._create_branch(ref, pygit2.Oid(hex=target))
            return
        if self._target(ref) != expected:
            raise moved(branch)
        if not self.repository.contains(new, expected):
            raise Refused(
                say(
                    "{branch} only moves forward; the new text lacks the old one's history.",
                    branch=branch,
                )
            )
        with saving(branch):
            self._replace(ref, expected, target)

    def bury(self, branch: str, expected: str, tombstone: str) -> None:
        """Put a tombstone in the place of an amendment's branch: the one move that goes back.

        Raises Conflict where the branch is elsewhere than at `expected` by now, Refused where
        `tombstone` is none of this amendment, BadInput for main, NotFound, Busy.
        """
        number, found = names.amendment_number(branch), self.repository.commit(tombstone)
        if number is None:
            raise BadInput(say("{name} is no branch of an amendment.", name=branch), name=branch)
        if found.kind != "tombstone" or found.trailer("Amendment") != str(number):
            raise Refused(
                say(
                    "{commit} is no tombstone of amendment {number}.",
                    commit=tombstone,
                    number=number,
                ),
                number=number,
            )
        ref = names.branch_ref(branch)
        reference = self._lookup(ref)
        if reference is None or str(reference.target) != expected:
            raise moved(branch)
        with saving(branch, lambda: self._target(ref) != expected):
            reference.set_target(pygit2.Oid(hex=found.id))

    def create_tag(
        self,
        version: int,
        commit: str,
        message: str,
        time: datetime,
        sign: Callable[[bytes], str] | None = None,
    ) -> str:
        """Make the annotated tag of a version, durably; return its name.

        `message` is `write_tag_message`'s, of the same version. `sign` gives the signature of the
        tag's bytes, which is put behind them as git does. Raises Conflict where the version
        exists, NotFound where the commit does not.
        """
        tag = names.version_tag(version)
        facts = read_tag_message(message)
        if facts is None or facts.number != version:
            raise BadInput(
                say(
                    "The message of {tag} must be that of version {version}.",
                    tag=tag,
                    version=version,
                )
            )
        target = pygit2.Oid(hex=self.repository.commit(commit).id)
        by = _sign(time)
        if sign is not None:
            message += sign(tag_bytes(tag, commit, message, time))
        with saving(tag):
            self._git.create_tag(tag, target, ObjectType.COMMIT, by, message)
            sync(self.repository.folder / "objects")
        return tag

    def _replace(self, ref: str, expected: str, new: str) -> None:
        """Write a ref as git does: into its lock file, synced, renamed, and the folder synced.

        libgit2 would look it up several times more, at twice the cost.
        """
        path = self.repository.folder / ref
        if not path.parent.is_dir():  # its refs were packed, and it was left empty
            path.parent.mkdir(parents=True)
            sync(path.parent.parent)
        lock = _lock(f"{path}.lock", ref)
        try:
            if self._target(ref) != expected:
                raise moved(ref.removeprefix("refs/heads/"))
            write_all(lock, f"{new}\n".encode("ascii"))
            os.fsync(lock)
            os.rename(f"{path}.lock", path)
        except BaseException:
            os.unlink(f"{path}.lock")
            raise
        finally:
            os.close(lock)
        sync(path.parent)

    def _create_branch(self, ref: str, target: pygit2.Oid) -> None:
        with saving(ref):
            self._git.references.create(ref, target, force=False)
            sync(self.repository.folder / "refs" / "heads")

    def _lookup(self, ref: str) -> pygit2.Reference | None:
        with reading(ref):
            try:
                reference = self._git.lookup_reference(ref)
            except KeyError:
                return None
        if reference.type != ReferenceType.DIRECT:
            raise Refused(say("{ref} is an alias of another branch; a report has none.", ref=ref))
        return reference

    def _target(self, ref: str) -> str | None:
        reference = self._lookup(ref)
        return None if reference is None else str(reference.target)

    def _make_folder(self, tree: str | None, changes: _Nested, made: _Made) -> str | None:
        """Return the id of the folder `tree` with `changes` made; None where nothing is left."""
        old = () if tree is None else self.repository.folder_entries(tree)
        entries = {entry.name: entry for entry in old}
        for name, change in changes.items():
            found = entries.pop(name, None)
            if found is not None and found.is_folder != isinstance(change, dict):
                raise BadInput(
                    say("{name!r} cannot be both a file and a folder.", name=name), name=name
                )
            if isinstance(change, bytes):
                entries[name] = TreeEntry(name, made.add("blob", change), names.FILE_MODE)
            elif isinstance(change, dict):
                inner = self._make_folder(None if found is None else found.id, change, made)
                if inner is not None:
                    entries[name] = TreeEntry(name, inner, names.FOLDER_MODE)
            elif found is None:
                raise NotFound(say("There is no {name!r} to remove.", name=name), name=name)
        if entries.keys() - {entry.name for entry in old}:
            _check_clash(entries)
        return made.folder(in_git_order(entries.values())) if entries else None

    def _remember(self, made: _Made) -> None:
        """Keep the new folders, so that nobody has to read them."""
        for tree, entries in made.folders.items():
            self.repository.trees.keep(tree, entries)


@dataclass(slots=True)
class _Made:
    """The objects of a commit, made and not yet written, each once."""

    by_id: dict[str, NewObject] = field(default_factory=dict)
    folders: dict[str, tuple[TreeEntry, ...]] = field(default_factory=dict)

    @property
    def objects(self) -> tuple[NewObject, ...]:
        return tuple(self.by_id.values())

    def add(self, kind: ObjectKind, content: bytes) -> str:
        new = new_object(kind, content)
        self.by_id[new.id] = new
        return new.id

    def folder(self, entries: tuple[TreeEntry, ...]) -> str:
        tree = self.add("tree", tree_bytes(entries))
        self.folders[tree] = entries
        return tree


def _check_changes(changes: Changes) -> None:
    for path, content in changes.items():
        names.check_path(path)
        if content is not None and len(content) > LARGEST_FILE:
            raise BadInput(
                say("{path} is larger than {size} MB.", path=path, size=LARGEST_FILE // 1_000_000),
                path=path,
            )


def _check_clash(parts: Iterable[str]) -> None:
    clash = names.clashing(sorted(parts))
    if clash is not None:
        raise BadInput(
            say(
                "{clash!r} and {clash_2!r} are one name on some computers; rename one.",
                clash=clash[0],
                clash_2=clash[1],
            ),
            name=clash[1],
        )


def _nest(changes: Changes) -> _Nested:
    top: _Nested = {}
    for path, content in changes.items():
        *folders, name = path.split("/")
        inner = top
        for folder in folders:
            found = inner.setdefault(folder, {})
            if not isinstance(found, dict):
                raise BadInput(
                    say("{folder!r} cannot be both a file and a folder.", folder=folder), path=path
                )
            inner = found
        if name in inner:
            raise BadInput(
                say("{name!r} cannot be both a file and a folder.", name=name), path=path
            )
        inner[name] = content
    return top


def _check_time(time: datetime) -> None:
    if time.utcoffset() != timedelta(0) or time.timestamp() < 0:
        raise BadInput("The time of a commit is given in UTC.", time=str(time))


def _lock(path: str, ref: str) -> int:
    """Make a ref's lock file. Raises Busy where another program has made it."""
    try:
        return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o644)
    except FileExistsError:
        raise Busy(say("Another program holds {what}. Try again in a moment.", what=ref)) from None


def _sign(time: datetime) -> pygit2.Signature:
    """Sign with the one identity that a report knows; `time` is in UTC, to the second."""
    _check_time(time)
    return pygit2.Signature(
        names.IDENTITY_NAME, names.IDENTITY_ADDRESS, int(time.timestamp()), 0, "utf-8"
    )


def sync(path: Path) -> None:
    """Wait until the disk has `path`, a file or the names in a folder.

    libgit2 syncs a new object and the folder it lies in, but not the folder that holds that one.
    """
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
