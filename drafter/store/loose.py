"""Git's objects as bytes, and the writing of many at once: whole at their place, or not there.

Files are written aside and renamed, since git never rewrites an object whose name is there. Either
they are synced side by side before that, or the journal has them already (`store/journal.py`).
The forms are git's own: https://git-scm.com/book/en/v2/Git-Internals-Git-Objects
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, wait
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha1
from pathlib import Path
from typing import Final, Literal

from drafter.store import names
from drafter.store.objects import TreeEntry, encode

ASIDE: Final = "drafter-new"
"""The folder in git's `objects` where files wait until the disk has them."""
AT_ONCE: Final = 64
"""Files open at the same time."""
SYNCING: Final = 6
"""Threads that wait for the disk: the objects of one decision."""

ObjectKind = Literal["blob", "tree", "commit"]

_FASTEST: Final = 1
"""zlib's level; git's own choice for a loose object."""


@dataclass(frozen=True, slots=True)
class NewObject:
    """An object that git shall hold."""

    id: str
    content: bytes
    """What the id is the hash of: kind, length and the bytes."""


def new_object(kind: ObjectKind, content: bytes) -> NewObject:
    r"""Make an object of its bytes.

    >>> new_object("blob", b"what is up, doc?").id
    'bd9dbf5aae1a3862dd1526723246b20206e5fc37'
    """
    whole = b"%s %d\0%s" % (kind.encode(), len(content), content)
    return NewObject(sha1(whole, usedforsecurity=False).hexdigest(), whole)


def pack(new: NewObject) -> bytes:
    """Give the bytes of an object's own file."""
    return zlib.compress(new.content, _FASTEST)


def in_git_order(entries: Iterable[TreeEntry]) -> tuple[TreeEntry, ...]:
    """Sort a folder as git does: by bytes, a folder's name as if it ended in `/`."""
    return tuple(sorted(entries, key=lambda e: encode(e.name + "/" if e.is_folder else e.name)))


def tree_bytes(entries: Iterable[TreeEntry]) -> bytes:
    """Write a folder, its entries in git's order."""
    return b"".join(
        b"%o %s\0%s" % (entry.mode, encode(entry.name), bytes.fromhex(entry.id))
        for entry in entries
    )


def commit_bytes(tree: str, parents: Sequence[str], message: str, time: datetime) -> bytes:
    """Write a commit by the one identity that a report knows; `time` is in UTC."""
    signed = f"{names.IDENTITY_NAME} <{names.IDENTITY_ADDRESS}> {int(time.timestamp())} +0000"
    lines = [f"tree {tree}", *(f"parent {parent}" for parent in parents)]
    lines += [f"author {signed}", f"committer {signed}", "", message]
    return encode("\n".join(lines))


def tag_bytes(name: str, commit: str, message: str, time: datetime) -> bytes:
    """Write a version's tag by the one identity that a report knows: what a signature is over."""
    signed = f"{names.IDENTITY_NAME} <{names.IDENTITY_ADDRESS}> {int(time.timestamp())} +0000"
    lines = [f"object {commit}", "type commit", f"tag {name}", f"tagger {signed}", "", message]
    return encode("\n".join(lines))


def write_objects(folder: Path, new: Sequence[NewObject], disk: Executor) -> None:
    """Write objects into git's `objects` folder and wait for the disk. Raises OSError.

    For the holder of the writer lock. When it returns, the files and the names that lead to them
    are safe; when it does not, each object is whole at its place, or not there.
    """
    top, aside = _places(folder)
    folders: set[str] = set()
    for start in range(0, len(new), AT_ONCE):
        some = {each: packed_at(top, each) for each in new[start : start + AT_ONCE]}
        missing = [each for each, packed in some.items() if packed is None]
        there = [_place(top, each.id) for each, packed in some.items() if packed is not None]
        # One that is there may be a dead writer's, who had not waited for its folder.
        folders |= {top, *(os.path.dirname(path) for path in there)}
        with _written(aside, missing) as written, _opened(there) as found:
            sync_files([*written, *found], disk)
        for each in missing:
            folders |= _put_in_place(top, aside, each.id)
    with _opened(folders) as handles:
        sync_folders(handles, disk)


def place_objects(folder: Path, packed: Mapping[NewObject, bytes]) -> None:
    """Give objects that the journal holds their own files, and wait for nothing. Raises OSError.

    For the holder of the writer lock. `packed` has the bytes of each file, as `pack` makes them;
    none of the objects is there yet.
    """
    top, aside = _places(folder)
    for each, content in packed.items():
        handle = _new_file(f"{aside}/{each.id}")
        try:
            write_all(handle, content)
        finally:
            os.close(handle)
        _put_in_place(top, aside, each.id)


def make_folders(folder: Path) -> None:
    """Make the folders that objects lie in, so that no write waits for one of them to be made."""
    for number in range(256):
        (folder / f"{number:02x}").mkdir(exist_ok=True)


def clear_aside(folder: Path) -> int:
    """Remove what a dead writer left unfinished; return how many files. For the lock's holder."""
    try:
        with os.scandir(folder / ASIDE) as entries:
            left = [entry.path for entry in entries]
    except FileNotFoundError:
        return 0
    for path in left:
        os.unlink(path)
    return len(left)


def write_all(handle: int, content: bytes, at: int = 0) -> None:
    """Write bytes into a file, from the place `at` on. Raises OSError."""
    done = 0
    while done < len(content):
        done += os.pwrite(handle, content[done:] if done else content, at + done)


def sync_files(handles: Sequence[int], disk: Executor) -> None:
    """Wait until the disk has each file. Raises OSError."""
    _sync_side_by_side(handles, disk)


def sync_folders(handles: Sequence[int], disk: Executor) -> None:
    """Wait until the disk has the names in each folder. Raises OSError."""
    _sync_side_by_side(handles, disk)


def _sync_side_by_side(handles: Sequence[int], disk: Executor) -> None:
    """Sync all at once: the file system answers those that wait together with one write."""
    waiting = [disk.submit(os.fsync, handle) for handle in handles]
    wait(waiting)
    for done in waiting:
        done.result()


@contextmanager
def _written(aside: str, new: Sequence[NewObject]) -> Iterator[list[int]]:
    handles: list[int] = []
    try:
        for each in new:
            handles.append(_new_file(f"{aside}/{each.id}"))
            write_all(handles[-1], pack(each))
        yield handles
    except BaseException:
        for each in new:
            with suppress(OSError):
                os.unlink(f"{aside}/{each.id}")
        raise
    finally:
        for handle in handles:
            os.close(handle)


def _new_file(path: str) -> int:
    return os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC, 0o444)


def _places(folder: Path) -> tuple[str, str]:
    aside = f"{folder}/{ASIDE}"
    os.makedirs(aside, exist_ok=True)
    return str(folder), aside


def _place(top: str, id: str) -> str:
    return f"{top}/{id[:2]}/{id[2:]}"


def packed_at(top: str, wanted: NewObject) -> bytes | None:
    """Read the file of an object that stands whole at its place: the words of a branch often do."""
    try:
        with open(_place(top, wanted.id), "rb", buffering=0) as file:
            packed = file.read()
        return packed if zlib.decompress(packed) == wanted.content else None
    except (FileNotFoundError, zlib.error):
        return None


def _put_in_place(top: str, aside: str, id: str) -> set[str]:
    """Rename an object to its place; return the folders whose names have changed by that."""
    place = _place(top, id)
    folder = os.path.dirname(place)
    try:
        os.rename(f"{aside}/{id}", place)
        return {folder}
    except FileNotFoundError:
        os.mkdir(folder)
        os.rename(f"{aside}/{id}", place)
        return {folder, top}


@contextmanager
def _opened(paths: Iterable[str]) -> Iterator[list[int]]:
    handles: list[int] = []
    try:
        for path in paths:
            handles.append(os.open(path, os.O_RDONLY | os.O_CLOEXEC))
        yield handles
    finally:
        for handle in handles:
            os.close(handle)
