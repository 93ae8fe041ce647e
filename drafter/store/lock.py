"""The writer lock: one writer at a time, across processes and threads of one machine.

It knows files, not git's contents. It also clears the ref locks that a killed writer left: libgit2
never waits for a ref's lock file, so one that stays behind would block that ref for ever.
"""

from __future__ import annotations

import fcntl
import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from drafter.core.errors import Busy

LOCK_NAME: Final = "drafter-writer"
"""The lock's file inside the repository's folder; empty, and never removed."""
PATIENCE: Final = 30.0
"""Seconds that a writer waits for another before it is told that the report is busy."""
DEAD_AFTER: Final = 2.0
"""Seconds after which a ref's lock file is a dead process's; a living one holds it milliseconds."""

_LOCKED_FOLDERS: Final = ("refs/heads", "refs/heads/amendments", "refs/tags")


class WriterLock:
    """One report's writer lock: a `flock`, which the system releases when its holder dies."""

    def __init__(self, folder: Path, *, dead_after: float = DEAD_AFTER) -> None:
        self.folder = folder
        self.dead_after = dead_after
        self._holder: int | None = None

    @contextmanager
    def hold(self, timeout: float = PATIENCE) -> Iterator[None]:
        """Hold the lock, with every dead writer's ref lock cleared.

        Raises Busy after `timeout` seconds, and RuntimeError where this thread holds it already:
        whoever writes inside a write must be handed the writer.
        """
        if self._holder == threading.get_ident():
            raise RuntimeError("this thread holds the writer lock already")
        handle = self._acquire(time.monotonic() + timeout)
        try:
            self._holder = threading.get_ident()
            clear_dead_locks(self.folder, self.dead_after)
            yield
        finally:
            self._holder = None
            os.close(handle)

    def _acquire(self, deadline: float) -> int:
        pause = 0.001
        while (handle := self._try()) is None:
            if time.monotonic() >= deadline:
                raise Busy("Somebody else is writing to the report. Try again in a moment.")
            time.sleep(pause)
            pause = min(pause * 1.5, 0.005)
        return handle

    def _try(self) -> int | None:
        path = self.folder / LOCK_NAME
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # Somebody may have removed the file in between: then ours is no longer the lock.
            if os.path.samestat(os.fstat(handle), path.stat()):
                return handle
        except (BlockingIOError, FileNotFoundError):
            pass
        except BaseException:
            os.close(handle)
            raise
        os.close(handle)
        return None


def clear_dead_locks(folder: Path, dead_after: float) -> tuple[Path, ...]:
    """Remove the lock files of refs, `packed-refs` and `HEAD` that a dead process left behind.

    For the holder of the writer lock only. No other Drafter can be writing then; a `git` started
    by hand might, so a lock younger than `dead_after` seconds is waited for and not broken.
    """
    return tuple(lock for lock in _find_locks(folder) if _is_cleared(lock, dead_after))


def _find_locks(folder: Path) -> list[Path]:
    found = [f"{folder}/{name}" for name in ("HEAD.lock", "packed-refs.lock")]
    found = [path for path in found if os.path.lexists(path)]
    for name in _LOCKED_FOLDERS:
        try:
            names = os.listdir(f"{folder}/{name}")
        except FileNotFoundError:
            continue
        found += [f"{folder}/{name}/{each}" for each in names if each.endswith(".lock")]
    return [Path(path) for path in found]


def _is_cleared(lock: Path, dead_after: float) -> bool:
    first: tuple[int, int] | None = None
    seen = time.monotonic()
    while True:
        try:
            facts = lock.lstat()
        except FileNotFoundError:
            return False
        if (facts.st_ino, facts.st_mtime_ns) != first:
            first, seen = (facts.st_ino, facts.st_mtime_ns), time.monotonic()
        if time.time() - facts.st_mtime >= dead_after or time.monotonic() - seen >= dead_after:
            lock.unlink(missing_ok=True)
            return True
        time.sleep(0.02)
