"""How long work tells how far it is. Knows neither pages nor terminals."""

from __future__ import annotations

from collections.abc import Callable

Progress = Callable[[int, int, str], None]
"""Called with the steps done, the steps in all, and a sentence."""


def silent(done: int, total: int, sentence: str) -> None:
    """Tell nobody."""
