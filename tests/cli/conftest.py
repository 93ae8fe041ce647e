"""The command as people meet it: arguments in; exit code, stdout and stderr out."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

import drafter
from drafter.cli import main

PROGRAM = (sys.executable, "-c", "import sys; from drafter.cli import main; sys.exit(main())")
TEXT = "# Rights\n\nEvery citizen has a vote.\n\n- One right.\n- Another right.\n"


@dataclass(frozen=True, slots=True)
class Ended:
    """How a run of the command ended."""

    code: int
    out: str
    err: str


Run = Callable[..., Ended]
Start = Callable[..., "subprocess.CompletedProcess[bytes]"]


@pytest.fixture
def run(capsysbinary: pytest.CaptureFixture[bytes]) -> Run:
    """Run the command in this process, through its outer frame."""

    def run(*arguments: object) -> Ended:
        capsysbinary.readouterr()
        code = main([str(argument) for argument in arguments])
        said = capsysbinary.readouterr()
        return Ended(code, *(part.decode("utf-8", "surrogateescape") for part in said))

    return run


@pytest.fixture
def start(tmp_path: Path) -> Start:
    """Run the command as a process of its own, with `tmp_path` as its folder."""

    def start(*arguments: object, **environment: str) -> subprocess.CompletedProcess[bytes]:
        return subprocess.run(
            [*PROGRAM, *map(str, arguments)],
            cwd=tmp_path,
            capture_output=True,
            env={**os.environ, **PYTHON_PATH, **environment},
            timeout=60,
        )

    return start


PYTHON_PATH = {"PYTHONPATH": str(Path(drafter.__file__).parents[1])}


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Write a file under `tmp_path`."""

    def write(name: str, text: str | bytes = TEXT) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text.encode() if isinstance(text, str) else text)
        return path

    return write
