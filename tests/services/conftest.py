"""A real instance for every test: a small report, a panel of five, and a clock that ticks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from drafter.services.instance import Instance
from tests.services.reports import Ticking, make_instance, write_source


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return write_source(tmp_path / "source")


@pytest.fixture
def instance(tmp_path: Path, source: Path) -> Iterator[Instance]:
    instance = make_instance(tmp_path / "instance", source, clock=Ticking())
    yield instance
    instance.close()
