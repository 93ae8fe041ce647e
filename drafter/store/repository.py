"""Reading a report's repository: refs, commits, trees and files, each by what names it.

A bare repository can also be written, by `Repository.writing`; a checkout is read only. Nothing
here knows what a chapter or an amendment says.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pygit2
from pygit2.enums import RepositoryInitFlag, RepositoryOpenFlag

from drafter.core.errors import BadInput, Busy, Corrupt, NotFound, Refused, Unreadable
from drafter.core.saying import say
from drafter.store import names
from drafter.store.cache import BoundedCache
from drafter.store.failures import GIT_ERRORS, reading
from drafter.store.journal import FULL, Journal, make_journal
from drafter.store.lock import PATIENCE, WriterLock
from drafter.store.loose import SYNCING, clear_aside, make_folders
from drafter.store.objects import Commit, Entry, TreeEntry, decode, describe_commit, encode
from drafter.store.writer import Writer, sync

if TYPE_CHECKING:
    from drafter.core.clauses import Chapter, Report

_SHORTEST_ABBREVIATION: Final = 7
PRUNED: Final = "drafter-pruned"
"""The file whose time tells when something was last removed for good."""
SETTLED: Final = 50_000_000
"""Nanoseconds after which the time of a file tells apart what was written before from after."""
_CONFIGURATION: Final = {
    "receive.denyNonFastForwards": "true",
    "receive.denyDeletes": "true",
    "http.receivepack": "false",
    "gc.auto": "0",
}
"""Nobody pushes into a report, and no `git` tidies it up unasked, without the writer lock."""


class Repository:
    """A report's git repository. Safe to share between threads: each has its own handle on git."""

    def __init__(self, folder: Path, *, writable: bool) -> None:
        """For `create` and `open`; `folder` is git's own (`report.git`, or a checkout's `.git`)."""
        self.folder = folder
        self.writable = writable
        self.lock = WriterLock(folder)
        self.journal = Journal(folder)
        self.trees: BoundedCache[str, tuple[TreeEntry, ...]] = BoundedCache(20_000)
        self.history: BoundedCache[str, Commit] = BoundedCache(20_000)
        self.files: BoundedCache[str, bytes] = BoundedCache(32_000_000, weigh=len)
        self.digests: BoundedCache[str, str] = BoundedCache(50_000)
        self.chapters: BoundedCache[tuple[str, str], Chapter] = BoundedCache(
            16_000_000, weigh=lambda chapter: len(chapter.text)
        )
        self.ids: BoundedCache[str, frozenset[str]] = BoundedCache(2_000_000, weigh=len)
        self.navs: BoundedCache[str, tuple[str, ...]] = BoundedCache(100)
        self.reports: BoundedCache[tuple[str | None, str | None], Report] = BoundedCache(32)
        self._tags: tuple[tuple[tuple[int, int, int], ...], tuple[str, ...]] | None = None
        self.derived: BoundedCache[str, object] = BoundedCache(100)
        """What others work out of objects that never change, by a name of theirs."""
        self.disk = ThreadPoolExecutor(SYNCING, thread_name_prefix="disk")
        """Threads that wait for the disk; none is started before the first write."""
        self._local = threading.local()
        self._pruned = when_pruned(folder)

    @classmethod
    def create(cls, path: Path) -> Repository:
        """Make an empty bare repository at `path`. Raises Refused where one stands already."""
        pygit2.settings.enable_fsync_gitdir(True)
        flags = RepositoryInitFlag.NO_REINIT | RepositoryInitFlag.MKPATH
        try:
            git = pygit2.init_repository(path, bare=True, initial_head=names.MAIN, flags=flags)
        except pygit2.AlreadyExistsError as error:
            raise Refused(
                say("A report stands at {path} already; choose another folder.", path=path)
            ) from error
        for key, value in _CONFIGURATION.items():
            git.config[key] = value
        make_folders(Path(git.path) / "objects")
        os.close(make_journal(Path(git.path)))
        for folder, _, files in os.walk(git.path):
            for name in (*files, "."):
                sync(Path(folder) / name)
        sync(Path(path).parent)
        return cls.open(path)

    @classmethod
    def open(cls, path: Path) -> Repository:
        """Open the repository at `path`: a bare one, or a checkout, which is then read only.

        Raises NotFound where there is none, Unreadable where there is one that git cannot open.
        """
        pygit2.settings.enable_fsync_gitdir(True)
        try:
            git = pygit2.Repository(str(path), RepositoryOpenFlag.NO_SEARCH)
        except GIT_ERRORS as error:
            if (Path(path) / ".git").exists() or (Path(path) / "objects").exists():
                raise Unreadable(
                    say("The repository at {path} cannot be opened: {why}.", path=path, why=error)
                ) from error
            raise NotFound(
                say("There is no report at {path}.", path=path), path=str(path)
            ) from error
        repository = cls(Path(git.path), writable=git.is_bare)
        if repository.writable:
            with reading(f"The journal of {path}"):
                if not repository.journal.is_whole():
                    repository.settle()
        return repository

    def forget(self) -> None:
        """Let go of all that was read of git, and of this thread's handle on it."""
        caches: tuple[BoundedCache[Any, Any], ...] = (
            self.trees,
            self.history,
            self.files,
            self.digests,
            self.chapters,
            self.ids,
            self.navs,
            self.reports,
            self.derived,
        )
        for kept in caches:
            kept.clear()
        self._local = threading.local()

    def forget_pruned(self) -> None:
        """Let go of what was read, where another process has pruned since this one looked last."""
        seen = when_pruned(self.folder)
        if seen != self._pruned:
            self.forget()
            self._pruned = seen

    @property
    def git(self) -> pygit2.Repository:
        """This thread's own handle on git, for the modules of this package."""
        handle: pygit2.Repository | None = getattr(self._local, "handle", None)
        if handle is None:
            with reading(f"The repository at {self.folder}"):
                handle = pygit2.Repository(str(self.folder), RepositoryOpenFlag.NO_SEARCH)
            self._local.handle = handle
        return handle

    @contextmanager
    def writing(self, timeout: float = PATIENCE) -> Iterator[Writer]:
        """Hold the writer lock, and hand out the only way to write.

        Raises Refused on a checkout, Busy after `timeout` seconds, and RuntimeError where this
        thread is writing already.
        """
        if not self.writable:
            raise Refused("A checkout is only read; write to the bare repository it came from.")
        with self.lock.hold(timeout):
            clear_aside(self.folder / "objects")
            if self.journal.size > FULL:
                self.journal.settle(self.disk)
            yield Writer(self)

    def settle(self, timeout: float = PATIENCE) -> bool:
        """Have the disk take each object that the journal holds in a file of its own.

        False where somebody else writes for longer than `timeout` seconds. Raises OSError.
        """
        if not self.writable or not self.journal.size:
            return True
        try:
            with self.lock.hold(timeout):
                self.journal.settle(self.disk)
        except Busy:
            return False
        return True

    # Refs

    def tip(self, name: str) -> str | None:
        """Return the commit that a branch or a version's tag names, or None where there is none.

        Raises BadInput on a name that no report has, Unreadable on a broken ref.
        """
        return self._commit_of(names.ref_of(name))

    def branches(self) -> tuple[tuple[str, str], ...]:
        """Return (name, commit) of each branch that a report may have, sorted by name."""
        found = (ref.removeprefix("refs/heads/") for ref in self.refs())
        known = sorted(name for name in found if name == names.MAIN or names.amendment_number(name))
        tips = ((name, self.tip(name)) for name in known)
        return tuple((name, tip) for name, tip in tips if tip is not None)

    def tags(self) -> tuple[str, ...]:
        """Return the names of the versions' tags, in the order of their numbers.

        A report has ten thousand branches and a dozen tags, and every page asks for these: they
        are read again only when a name was written since.
        """
        seen = self._tags_seen()
        if self._tags is not None and self._tags[0] == seen:
            return self._tags[1]
        tags = self._read_tags()
        newest = max((when for _, when, _ in seen if when), default=0)
        # A name written within the same tick of the file system's clock would not be noticed.
        settled = time.time_ns() - newest > SETTLED
        self._tags = (seen, tags) if settled else None
        return tags

    def _tags_seen(self) -> tuple[tuple[int, int, int], ...]:
        """Give what changes whenever a tag does: inode, time and size of where they are written."""
        found = []
        for name in ("refs/tags", "packed-refs"):
            try:
                facts = (self.folder / name).stat()
            except FileNotFoundError:
                found.append((0, 0, 0))
            else:
                found.append((facts.st_ino, facts.st_mtime_ns, facts.st_size))
        return tuple(found)

    def _read_tags(self) -> tuple[str, ...]:
        found = (ref.removeprefix("refs/tags/") for ref in self.refs())
        numbered = ((names.version_number(name), name) for name in found)
        return tuple(name for _, name in sorted((n, name) for n, name in numbered if n is not None))

    def refs(self) -> tuple[str, ...]:
        """Return the full name of every ref there is, also of those that no report should have.

        Raises Unreadable where one of them is broken: libgit2 would leave it out without a word.
        """
        loose = set(self._loose_refs())
        with reading("The list of branches and versions"):
            listed = set(map(decode, self.git.raw_listall_references()))
        for broken in sorted(loose - listed):
            raise Unreadable(
                say("The ref {broken} is there but broken; restore it.", broken=broken), ref=broken
            )
        return tuple(sorted(listed))

    def resolve(self, name: str) -> str:
        """Return the commit that `name` means: a branch, a version (`v3`), `HEAD`, a commit id.

        An id may be cut to seven digits. Raises NotFound, BadInput where the cut id is ambiguous.
        """
        if len(name) >= _SHORTEST_ABBREVIATION and set(name) <= set("0123456789abcdef"):
            return self._resolve_id(name)
        commit = self._commit_of("HEAD") if name == "HEAD" else self.tip(name)
        if commit is None:
            raise NotFound(say("There is no {name} in this report.", name=name), name=name)
        return commit

    def contains(self, tip: str, commit: str) -> bool:
        """Tell whether `commit` is `tip` or one of its ancestors; both must be there.

        Raises NotFound, Unreadable.
        """
        if tip == commit or commit in self.commit(tip).parents:
            return True
        with reading(f"The history between {commit} and {tip}"):
            return self.git.descendant_of(tip, commit)

    # Commits

    def commit(self, commit_id: str) -> Commit:
        """Return a commit by its full id. Raises NotFound, Unreadable."""
        return self.history.get(commit_id, lambda: self._read_commit(commit_id))

    def commits(self, tip: str, until: str | None = None) -> Iterator[Commit]:
        """Walk the first-parent line from `tip`, newest first, to the root or short of `until`."""
        current: str | None = tip
        while current is not None and current != until:
            commit = self.commit(current)
            yield commit
            current = commit.parents[0] if commit.parents else None

    # Trees and files

    def list_tree(self, commit: str, folder: str = "") -> tuple[Entry, ...]:
        """Return every file under `folder` (all without one), sorted by path; none if not there."""
        tree = self.tree_id(commit, folder)
        if tree is None:
            return ()
        return tuple(sorted(self._walk(tree, f"{folder}/" if folder else ""), key=_by_path))

    def tree_id(self, commit: str, folder: str = "") -> str | None:
        """Return the id of a folder's tree, or None where the commit has no such folder."""
        if not folder:
            return self.commit(commit).tree
        entry = self._find(commit, folder)
        return entry.id if entry is not None and entry.is_folder else None

    def find(self, commit: str, path: str) -> Entry | None:
        """Return the file at `path`, or None where the commit has no such file."""
        entry = self._find(commit, path)
        if entry is None or entry.is_folder:
            return None
        return Entry(path, entry.id, entry.mode)

    def read_blob(self, blob_id: str) -> bytes:
        """Return a file's bytes by its id. Raises Unreadable, also where the object is missing."""

        def read() -> bytes:
            with reading(f"The file {blob_id}"):
                return self.git[blob_id].read_raw()

        return self.files.get(blob_id, read)

    def read_text(self, commit: str, path: str) -> str:
        """Return the text of the file at `path`, every byte kept. Raises NotFound, Unreadable."""
        entry = self.find(commit, path)
        if entry is None:
            raise NotFound(
                say("There is no {path} in {commit}.", path=path, commit=commit),
                path=path,
                commit=commit,
            )
        return self.read_entry(entry)

    def read_entry(self, entry: Entry) -> str:
        """Return the text of a file listed. Raises Corrupt where it is a link or a submodule."""
        if not entry.is_file:
            raise Corrupt(
                say("{path!r} is a link or a submodule, no file.", path=entry.path), path=entry.path
            )
        return decode(self.read_blob(entry.blob_id))

    def folder_entries(self, tree_id: str) -> tuple[TreeEntry, ...]:
        """Return what stands in one folder, by its tree's id. Raises Unreadable."""
        return self.trees.get(tree_id, lambda: self._read_folder(tree_id))

    def _find(self, commit: str, path: str) -> TreeEntry | None:
        tree: str | None = self.commit(commit).tree
        entry: TreeEntry | None = None
        for name in path.split("/"):
            if tree is None:
                return None
            entry = next((found for found in self.folder_entries(tree) if found.name == name), None)
            tree = entry.id if entry is not None and entry.is_folder else None
        return entry

    def _walk(self, tree_id: str, prefix: str) -> Iterator[Entry]:
        if prefix.count("/") > 100:
            raise Corrupt(
                say(
                    "The folders of {prefix}… are nested deeper than any report's.",
                    prefix=prefix[:80],
                )
            )
        for entry in self.folder_entries(tree_id):
            if entry.is_folder:
                yield from self._walk(entry.id, f"{prefix}{entry.name}/")
            else:
                yield Entry(prefix + entry.name, entry.id, entry.mode)

    def _read_folder(self, tree_id: str) -> tuple[TreeEntry, ...]:
        with reading(f"The folder {tree_id}"):
            tree = self.git[tree_id].peel(pygit2.Tree)
            return tuple(
                TreeEntry(decode(entry.raw_name or b""), str(entry.id), int(entry.filemode))
                for entry in tree
            )

    def _read_commit(self, commit_id: str) -> Commit:
        with reading(f"The commit {commit_id}"):
            found = self.git.get(commit_id) if names.is_commit_id(commit_id) else None
            if isinstance(found, pygit2.Commit):
                return describe_commit(found)
        raise NotFound(
            say("There is no commit {commit_id} here.", commit_id=commit_id), commit=commit_id
        )

    def _loose_refs(self) -> Iterator[str]:
        with reading("The list of branches and versions"):
            for folder, _, files in os.walk(self.folder / "refs"):
                below = Path(folder).relative_to(self.folder).as_posix()
                yield from (f"{below}/{name}" for name in files if not name.endswith(".lock"))

    def _commit_of(self, ref: str) -> str | None:
        with reading(f"The name {ref}"):
            try:
                found = self.git.lookup_reference(ref).resolve()
            except KeyError:
                return None
            return str(found.peel(pygit2.Commit).id)

    def _resolve_id(self, name: str) -> str:
        try:
            found = self.git.get(name)
        except ValueError as error:
            raise BadInput(
                say("{name} begins several ids; write more digits of it.", name=name)
            ) from error
        except GIT_ERRORS as error:
            raise Unreadable(
                say("The commit {name} could not be read: {why}.", name=name, why=error)
            ) from error
        if not isinstance(found, pygit2.Commit):
            raise NotFound(say("There is no commit {name} here.", name=name), commit=name)
        return str(found.id)


def when_pruned(folder: Path) -> int:
    """Give what changes whenever a repository is pruned of something that was removed."""
    try:
        return (folder / PRUNED).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _by_path(entry: Entry) -> bytes:
    return encode(entry.path)
