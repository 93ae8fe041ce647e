"""Upkeep by git itself, through GitPython: only what libgit2 lacks, with fixed arguments.

Nothing here writes a commit, moves a ref or takes a word from outside.
"""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path
from typing import TYPE_CHECKING, Final

from drafter.core.errors import Unreadable
from drafter.core.saying import say
from drafter.store.repository import PRUNED, Repository
from drafter.store.writer import sync

if TYPE_CHECKING:
    import git

PRUNING: Final = "drafter-pruning"
"""The file that stands from before something loses its last ref until it is gone for good."""


def check_objects(repository: Repository) -> tuple[str, ...]:
    """Let `git fsck` read every object; return its findings, one sentence each, none if sound.

    Raises Unreadable where git is not installed.
    """
    status, said, complained = _git(repository).fsck(
        "--full", "--strict", "--no-dangling", "--no-progress", with_extended_output=True,
        with_exceptions=False,
    )  # fmt: skip
    told = f"{said}\n{complained}".split("\n")
    lines = tuple(line for line in told if line.strip() and not line.startswith("notice: "))
    return lines or (() if status == 0 else (f"git fsck ended with {status}",))


def tidy(repository: Repository) -> None:
    """Pack objects and refs and renew the lists for clones over plain HTTP, under the writer lock.

    Nothing is pruned: an object that no ref holds yet may belong to a decision under way.
    """
    with repository.writing():
        repository.journal.settle(repository.disk)
        command = _git(repository)
        command.repack("-A", "-d", "-q")
        command.pack_refs("--all")
        command.update_server_info()


def require_git() -> None:
    """Raise Unreadable where the git program, which pruning needs, is missing."""
    if shutil.which("git") is None:
        raise Unreadable("The git program is missing; install it, then do this again.")


def begin_pruning(repository: Repository, lost: str) -> None:
    """Note, durably, that the commit `lost` is about to lose its ref and must not stay behind.

    For the holder of the writer lock. Whatever happens then, `prune` is called in the end.
    """
    path = repository.folder / PRUNING
    with path.open("w", encoding="ascii") as file:
        file.write(f"{lost}\n")
        file.flush()
        os.fsync(file.fileno())
    sync(repository.folder)


def is_pruning(repository: Repository) -> bool:
    """Tell whether pruning was begun and not finished."""
    return (repository.folder / PRUNING).exists()


def prune(repository: Repository) -> None:
    """Remove for good whatever no ref leads to: loose, packed, half written, or named in a log.

    For the holder of the writer lock, when nothing that is still wanted lacks a ref. Raises
    Unreadable where git fails, or where the commit it was begun for is still there.
    """
    from git.exc import GitCommandError

    path = repository.folder / PRUNING
    lost = path.read_text(encoding="ascii").strip() if path.exists() else None
    command, objects = _git(repository), repository.folder / "objects"
    if lost and _is_there(command, lost) and command.for_each_ref("--contains", lost):
        _finish(repository, path)  # cut off before it lost its ref: it is wanted
        return
    repository.forget()
    # What is still to come out of the journal would come back.
    repository.journal.settle(repository.disk)
    try:
        command.reflog("expire", "--expire=now", "--expire-unreachable=now", "--all")
        command.repack("-a", "-d", "-q")
        command.prune("--expire=now")
        command.pack_refs("--all")
        command.update_server_info()
    except GitCommandError as error:
        raise Unreadable(
            say("git could not remove what was to go: {why}", why=error.stderr.strip())
        ) from error
    for folder in (objects / "pack", objects, repository.folder):
        sync(folder)
    repository.forget()
    if lost and _is_there(command, lost):
        raise Unreadable(
            say(
                "The commit {lost} is still there: something outside the report holds it, such as "
                "a '.keep' file beside a pack, or objects borrowed from another folder. Remove "
                "that, then do this again.",
                lost=lost,
            ),
            commit=lost,
        )
    (repository.folder / PRUNED).write_text(f"{time.time_ns()}\n", encoding="ascii")
    repository.forget_pruned()
    _finish(repository, path)


def _is_there(command: git.Git, commit: str) -> bool:
    status: int
    status, _, _ = command.cat_file("-e", commit, with_extended_output=True, with_exceptions=False)
    return status == 0


def _finish(repository: Repository, begun: Path) -> None:
    begun.unlink(missing_ok=True)
    sync(repository.folder)


def _git(repository: Repository) -> git.Git:
    try:
        import git
    except ImportError as error:  # GitPython's answer where there is no git program
        raise Unreadable("The git program is missing; install it for this check.") from error
    command = git.Git(str(repository.folder))
    command.update_environment(
        GIT_DIR=str(repository.folder),
        GIT_CONFIG_NOSYSTEM="1",
        GIT_CONFIG_GLOBAL="/dev/null",
        GIT_TERMINAL_PROMPT="0",
        LC_ALL="C",
    )
    return command
