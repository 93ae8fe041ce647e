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
def instance(tmp_path: Path, source: Path, database_url: str | None) -> Iterator[Instance]:
    path = tmp_path / "instance"
    instance = make_instance(path, source, clock=Ticking(), database=database_url)
    yield instance
    instance.close()
