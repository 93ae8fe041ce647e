"""Real instances, and real processes that work on them."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

import drafter
from tests.services.conftest import instance, source
from tests.story.orders import Orders

__all__ = ["instance", "source", "start"]

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Start Python processes on a script, its arguments as strings; none is left behind."""
    top = Path(drafter.__file__).parents[1]
    started = []

    def run(script: str, *arguments: object) -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "-W", "error", "-c", script, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(top)},
        )
        started.append(process)
        return process

    yield run
    for process in started:
        process.kill()
        process.communicate()


@pytest.fixture(scope="session")
def orders() -> Iterator[Orders]:
    started = Orders()
    yield started
    started.stop()
