"""A real bare repository for each test, and short ways to write to it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

import drafter
from drafter.store.messages import write_message
from drafter.store.repository import Repository

START = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)

Commit = Callable[..., str]
Script = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    return Repository.create(tmp_path / "report.git")


@pytest.fixture
def commit(repository: Repository) -> Commit:
    """Commit changes on a branch (main without one), each a minute after the last."""
    clock = iter(START + timedelta(minutes=n) for n in range(10_000))

    def write(changes: dict[str, bytes | None], branch: str = "main") -> str:
        with repository.writing() as writer:
            tip = repository.tip(branch)
            new = writer.write_commit(
                changes,
                tip,
                () if tip is None else (tip,),
                write_message("first" if tip is None else "edit", "Edit"),
                next(clock),
            )
            writer.move_ref(branch, tip, new)
        return new

    return write


@pytest.fixture
def script() -> Script:
    """Start a Python process on a script, its arguments as strings."""

    def start(source: str, *arguments: object) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", source, *map(str, arguments)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": str(Path(drafter.__file__).parents[1])},
        )

    return start
