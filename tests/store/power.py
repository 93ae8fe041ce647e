"""A power cut, simulated: what a disk may have kept of files that were written and not synced.

Watches this process's `os.fsync`, `os.rename` and `os.ftruncate`. A file keeps the content of its
last sync, and none where it never had one; a name is what its folder held at the last sync of that,
or, as some file systems do it, what it holds now. Both are tried.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

Before = Callable[[str, str], None]


class Power:
    """A folder on a disk whose power can be cut. All that it holds now is taken as synced."""

    def __init__(self, folder: Path, patch: pytest.MonkeyPatch, before: Before | None = None):
        self.folder = folder
        self.before = before
        """Called before each sync, renaming or cutting off, with what is to be done, and where."""
        self.calls: list[tuple[str, str]] = []
        self._content: dict[int, bytes] = {}
        self._names: dict[str, dict[str, int]] = {}
        for path in (folder, *folder.rglob("*")):
            self._take(path)
        real = {name: getattr(os, name) for name in ("fsync", "rename", "ftruncate")}

        def fsync(handle: int) -> None:
            path = Path(os.readlink(f"/proc/self/fd/{handle}"))
            self._cross("sync", path)
            real["fsync"](handle)
            self._take(path)

        def rename(old: str, new: str) -> None:
            self._cross("rename", Path(new))
            real["rename"](old, new)

        def ftruncate(handle: int, size: int) -> None:
            if os.fstat(handle).st_size != size:
                self._cross("cut", Path(os.readlink(f"/proc/self/fd/{handle}")))
            real["ftruncate"](handle, size)

        for name, watched in (("fsync", fsync), ("rename", rename), ("ftruncate", ftruncate)):
            patch.setattr(os, name, watched)

    def cut(self, into: Path, *, names_survive: bool) -> Path:
        """Write what the disk would hold into a new folder."""
        self._write(self.folder, into, names_survive)
        return into

    def _cross(self, what: str, path: Path) -> None:
        if path.is_relative_to(self.folder):
            place = path.relative_to(self.folder).as_posix()
            self.calls.append((what, place))
            if self.before is not None:
                self.before(what, place)

    def _take(self, path: Path) -> None:
        facts = path.lstat()
        if stat.S_ISDIR(facts.st_mode):
            self._names[str(path)] = _listed(path)
        else:
            self._content[facts.st_ino] = path.read_bytes()

    def _write(self, folder: Path, into: Path, names_survive: bool) -> None:
        into.mkdir()
        names = _listed(folder) if names_survive else self._names.get(str(folder), {})
        for name, inode in names.items():
            if str(folder / name) in self._names:
                self._write(folder / name, into / name, names_survive)
            else:
                (into / name).write_bytes(self._content.get(inode, b""))


def _listed(folder: Path) -> dict[str, int]:
    return {entry.name: entry.inode() for entry in os.scandir(folder)}
