"""The tests notice when a guard is gone: a few here, every one at full size."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
A_FEW = 103
"""One guard of so many."""


def take_out(every: int) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "tests.mutations", str(every)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )


def test_a_few_guards_are_missed_when_they_are_gone() -> None:
    ended = take_out(A_FEW)
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
    assert "100.0 % noticed" in ended.stdout


@pytest.mark.full
@pytest.mark.timeout(3600)
def test_at_least_ninety_five_of_a_hundred_guards_are_missed() -> None:
    ended = take_out(1)
    assert ended.returncode == 0, ended.stdout + ended.stderr[-2000:]
