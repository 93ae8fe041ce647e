"""The example report, made once for all tests; whoever changes it works on a copy.

A pytest plugin, so that every folder of tests has its fixtures.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from drafter.demo.making import Tour, make_demo
from drafter.services.instance import Instance

BASE_URL = "http://127.0.0.1:8000"


def clock() -> Callable[[], datetime]:
    """A clock that is a minute later each time it is asked."""
    start = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)
    minutes = iter(range(1_000_000))
    return lambda: start + timedelta(minutes=next(minutes))


def tokens() -> Callable[[], str]:
    numbers = iter(range(1_000_000))
    return lambda: f"token-{next(numbers):032d}"


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Tour]:
    path = tmp_path_factory.mktemp("demo") / "report"
    return path, make_demo(path, BASE_URL, clock=clock(), tokens=tokens())


@pytest.fixture(scope="session")
def kept(made: tuple[Path, Tour]) -> Iterator[Instance]:
    """The example as it was made: to be looked at, and left as it is."""
    instance = Instance.open(made[0])
    yield instance
    instance.close()


@pytest.fixture
def lived(made: tuple[Path, Tour], tmp_path: Path) -> Iterator[Instance]:
    """A copy of it, to go on with."""
    shutil.copytree(made[0], tmp_path / "copy")
    instance = Instance.open(tmp_path / "copy")
    yield instance
    instance.close()
