"""Upkeep by git itself, through GitPython: only what libgit2 lacks, with fixed arguments.

Nothing here writes a commit, moves a ref or takes a word from outside.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from drafter.core.errors import Unreadable
from drafter.store.repository import Repository

if TYPE_CHECKING:
    import git


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
        command = _git(repository)
        command.repack("-A", "-d", "-q")
        command.pack_refs("--all")
        command.update_server_info()


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
