"""Orders to a process that forks a fresh one for each (`tests.story.zygote`)."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any


class Orders:
    """Gives orders to a zygote, and reads what came of them."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-W", "error", "-m", "tests.story.zygote"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=Path(__file__).parents[2],
        )

    def give(self, path: Path, verb: str, given: dict[str, Any], **how: object) -> list[Any]:
        """Have a verb done in a fresh process; return what it told, the status last."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        order = {"path": str(path), "verb": verb, "given": given, **how}
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        told: list[Any] = []
        while not told or "status" not in told[-1]:
            told.append(json.loads(self.process.stdout.readline()))
        return told

    def stop(self) -> None:
        self.process.communicate(timeout=60)
