"""A copy of a repository's refs and their objects as plain files, for clones over plain HTTP.

The layout is git's own ("dumb HTTP"; gitprotocol-http, gitrepository-layout). Objects lie in packs
that never change: a renewal adds a pack of what is new and names it before any ref that needs it,
so whoever clones meanwhile finds all that they were promised. Packs that are no longer named stay
until the next renewal, for those who have read the old list; unless something was to go for good.
Knows refs and objects, not what they mean.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Final

import pygit2

from drafter.store.failures import reading
from drafter.store.repository import Repository
from drafter.store.writer import sync

MOST_PACKS: Final = 12
"""With more, the next renewal makes one of them: a clone asks for each."""

Refs = Mapping[str, str]
"""Full name of a ref -> the object it names (of an annotated tag, the tag)."""


def renew_clone(
    repository: Repository, folder: Path, choose: Callable[[], Refs], head: str
) -> bool:
    """Let the static copy in `folder` hold the refs that `choose` gives; tell if it did not.

    `head` is the main one. What the refs before led to and these do not, as after a removal for
    good, is gone from the copy when this returns. One renewal waits for another, and chooses after
    it. Raises Unreadable, OSError.
    """
    with _alone(folder):
        repository.forget_pruned()
        refs = dict(sorted(choose().items()))
        before, packs = _listed_refs(folder), _listed_packs(folder)
        unnamed = set(_files(folder, "pack-*.pack")) - set(packs)
        if before == refs and packs and not unnamed:
            return False
        _remove(folder, unnamed)  # before packing, which leaves out what lies here
        with reading(f"What {folder} is a copy of"):
            lost = _is_lost(repository, before, refs)
            old = [] if lost or len(packs) >= MOST_PACKS else packs
            kept = [*old, *_pack(repository, folder, refs, old)]
        _frame(folder, head)
        _put_packs(folder, kept)  # before the refs: cut off here, the next renewal sees the same
        _put_refs(repository, folder, refs)
        if lost:
            _remove(folder, set(packs) - set(kept))
        return True


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        yield
    finally:
        os.close(handle)


def _is_lost(repository: Repository, before: Refs, wanted: Refs) -> bool:
    """Tell whether a ref is gone, or leads where the one before did not lead."""
    for name, old in before.items():
        new = wanted.get(name)
        if new is None or repository.git.get(old) is None:
            return True
        if new != old and not repository.contains(
            *(_commit(repository, each) for each in (new, old))
        ):
            return True
    return False


def _commit(repository: Repository, name: str) -> str:
    return str(repository.git[name].peel(pygit2.Commit).id)


# Objects


def _pack(repository: Repository, folder: Path, refs: Refs, packs: list[str]) -> list[str]:
    """Pack what the refs lead to and the named packs do not hold; return the new pack's name."""
    held = pygit2.Odb()
    if packs:
        held.add_disk_alternate(str(folder / "objects"))
    missing = list(_reachable(repository, refs, held))
    if not missing:
        return []
    builder = pygit2.PackBuilder(repository.git)
    builder.set_threads(1)
    for name in missing:
        builder.add(name)
    place = folder / "objects" / "pack"
    place.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".making-", dir=folder) as aside:
        builder.write(aside)
        (pack,) = Path(aside).glob("*.pack")
        for suffix in (".pack", ".idx"):  # a pack is found by its index
            made = pack.with_suffix(suffix)
            made.chmod(0o644)
            sync(made)
            os.replace(made, place / made.name)
        return [pack.name]


def _reachable(repository: Repository, refs: Refs, held: pygit2.Odb) -> Iterator[pygit2.Oid]:
    """Walk over all objects that the refs lead to, short of those held with all below them."""
    seen: set[pygit2.Oid] = set()
    ahead = [pygit2.Oid(hex=name) for name in refs.values()]
    while ahead:
        name = ahead.pop()
        if name in seen or held.exists(name):
            continue
        seen.add(name)
        yield name
        found = repository.git[name]
        if isinstance(found, pygit2.Commit):
            ahead += [found.tree_id, *found.parent_ids]
        elif isinstance(found, pygit2.Tag):
            ahead.append(found.target)
        elif isinstance(found, pygit2.Tree):
            ahead += [entry.id for entry in found if entry.type_str == "tree"]
            files = {entry.id for entry in found if entry.type_str != "tree"} - seen
            seen |= files
            yield from (file for file in files if not held.exists(file))


# Files


def _frame(folder: Path, head: str) -> None:
    """Write what makes the folder a repository for git on this machine too."""
    (folder / "refs").mkdir(parents=True, exist_ok=True)
    _put(folder / "HEAD", f"ref: {head}\n")
    _put(folder / "config", "[core]\n\trepositoryformatversion = 0\n\tbare = true\n")


def _put_packs(folder: Path, packs: list[str]) -> None:
    lines = "".join(f"P {name}\n" for name in packs)
    _put(folder / "objects" / "info" / "packs", f"{lines}\n")


def _put_refs(repository: Repository, folder: Path, refs: Refs) -> None:
    packed, listed = ["# pack-refs with: peeled fully-peeled sorted \n"], []
    for name, target in refs.items():
        packed.append(f"{target} {name}\n")
        listed.append(f"{target}\t{name}\n")
        commit = _commit(repository, target)
        if commit != target:
            packed.append(f"^{commit}\n")
            listed.append(f"{commit}\t{name}^{{}}\n")
    _put(folder / "packed-refs", "".join(packed))
    _put(folder / "info" / "refs", "".join(listed))


def _listed_refs(folder: Path) -> dict[str, str]:
    lines = _lines(folder / "info" / "refs")
    pairs = (line.split("\t", 1) for line in lines if "\t" in line)
    return {name: target for target, name in pairs if not name.endswith("^{}")}


def _listed_packs(folder: Path) -> list[str]:
    """Name the packs that the copy lists and has whole."""
    named = [line[2:] for line in _lines(folder / "objects" / "info" / "packs") if line[:2] == "P "]
    there = set(_files(folder, "pack-*.pack")) & {
        f"{name[:-4]}.pack" for name in _files(folder, "pack-*.idx")
    }
    return named if set(named) <= there else []


def _files(folder: Path, pattern: str) -> list[str]:
    return sorted(path.name for path in (folder / "objects" / "pack").glob(pattern))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("utf-8").splitlines()
    except FileNotFoundError:
        return []


def _put(path: Path, content: str) -> None:
    """Write a file aside and rename it; leave it alone where it has this content."""
    if path.is_file() and path.read_text("utf-8") == content:
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.new")
    aside.write_text(content, "utf-8")
    os.replace(aside, path)


def _remove(folder: Path, packs: set[str]) -> None:
    """Remove packs, and what a renewal that was cut off has left."""
    for name in packs:
        for suffix in (".idx", ".pack"):
            (folder / "objects" / "pack" / name).with_suffix(suffix).unlink(missing_ok=True)
    for left in folder.glob(".making-*"):
        shutil.rmtree(left, ignore_errors=True)
