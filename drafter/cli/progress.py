"""A bar on stderr while long work goes on; nothing where stderr is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from drafter.services.progress import Progress

_CELLS = 24


@contextmanager
def progress() -> Iterator[Progress]:
    """Give the function that draws the bar; what it drew is wiped away at the end."""
    terminal = sys.stderr.isatty()

    def draw(done: int, total: int, sentence: str) -> None:
        if terminal:
            sys.stderr.write(f"\r\x1b[K{bar(done, total)} {sentence[:48]}")
            sys.stderr.flush()

    try:
        yield draw
    finally:
        if terminal:
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()


def bar(done: int, total: int) -> str:
    """Draw how far it is.

    >>> bar(1, 4)
    '[######..................] 1 of 4'
    >>> bar(3, 0)
    '[........................] 3'
    """
    full = min(_CELLS, _CELLS * done // total) if total else 0
    drawn = "#" * full + "." * (_CELLS - full)
    return f"[{drawn}] {done} of {total}" if total else f"[{drawn}] {done}"
