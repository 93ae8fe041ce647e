"""What git's failures mean to everybody else: the one place where pygit2's errors are translated.

Nothing of pygit2 leaves this package; and "could not read" never turns into "not there".
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

import pygit2

from drafter.core.errors import Busy, Conflict, Unreadable
from drafter.core.saying import say

GIT_ERRORS: Final = (pygit2.GitError, KeyError, ValueError, OverflowError, OSError)
"""What pygit2 raises when it fails, depending on the depth at which it does."""


@contextmanager
def reading(what: str) -> Iterator[None]:
    """Turn whatever git says while reading something that must be there into Unreadable."""
    try:
        yield
    except GIT_ERRORS as error:
        raise Unreadable(
            say(
                "{what} could not be read: {why}. Check the disk, or restore a backup.",
                what=what,
                why=error,
            ),
            what=what,
        ) from error


@contextmanager
def saving(what: str, is_moved: Callable[[], bool] = lambda: False) -> Iterator[None]:
    """Turn git's failures while writing `what` into ours.

    Raises Conflict where it exists already or, as `is_moved` tells, changed meanwhile; Busy where
    another git holds its lock file; OSError where the disk refuses.
    """
    try:
        yield
    except pygit2.AlreadyExistsError as error:
        raise Conflict(
            say("{what} is there already; look at it, then start again.", what=what)
        ) from error
    except GIT_ERRORS as error:
        if "failed to lock file" in str(error):
            raise Busy(
                say("Another program holds {what}. Try again in a moment.", what=what)
            ) from error
        if is_moved():
            raise moved(what) from error
        raise OSError(f"{what} could not be saved: {error}") from error


def moved(what: str) -> Conflict:
    """Say that a branch is no longer where the writer saw it."""
    return Conflict(
        say("{what} has changed since it was read; read it, then start again.", what=what),
        name=what,
    )
