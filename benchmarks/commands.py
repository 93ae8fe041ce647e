"""`drafter diff` and `drafter merge` on two small files, as whole processes from start to end."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from benchmarks.timing import Line, median_ms, took

RUNS = 9
COMMAND = Path(sys.executable).with_name("drafter")

_BASE = """# Voting

Every citizen aged eighteen or over may vote in every election. {: #c-4d8x2n }

- The register is public. {: #c-9w2t5v }
- The count is public. {: #c-7k3m9q }
"""


def measure(folder: Path) -> Iterator[Line]:
    """Time both commands; their expected exit codes are checked."""
    texts = {
        "base.md": _BASE,
        "ours.md": _BASE.replace("eighteen", "sixteen"),
        "theirs.md": _BASE.replace("The count", "Every count"),
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    base, ours, theirs = (str(folder / name) for name in texts)
    yield took("drafter diff", _time("diff", base, ours, expected=1), below=250)
    yield took("drafter merge", _time("merge", base, ours, theirs, expected=0), below=250)
    bare = median_ms(lambda: subprocess.run([sys.executable, "-c", ""], check=True), RUNS)
    yield took("    of which Python alone", bare)


def _time(*arguments: str, expected: int) -> float:
    def run() -> None:
        done = subprocess.run([COMMAND, *arguments], capture_output=True, check=False)
        if done.returncode != expected:
            raise RuntimeError(f"drafter {arguments[0]}: {done.stderr.decode()}")

    return median_ms(run, RUNS)
