"""Long work begun from a page: it runs beside the pages, and a page tells how far it is.

Known to this process only. What a restart interrupts is finished from the record: a version that
has no pages yet is built at the next start.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace

from drafter.core.errors import DrafterError
from drafter.core.saying import say

Progress = Callable[[int, int, str], None]
Task = Callable[[Progress], str]

FAILED = say(
    "It could not be finished. Nothing that was recorded before is lost; please try again."
)


@dataclass(frozen=True, slots=True)
class Work:
    """How far a piece of work is."""

    sentence: str
    progress: int
    """Percent."""
    running: bool = True
    result: str = ""
    """What the task returned; empty while it runs, and where it failed."""


class Works:
    """The work of one app, by number; safe to share between threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._all: dict[int, Work] = {}

    def running(self) -> int | None:
        """Give the number of the work that runs, or None."""
        with self._lock:
            return next((number for number, work in self._all.items() if work.running), None)

    def find(self, number: int) -> Work | None:
        """Give a piece of work, or None."""
        with self._lock:
            return self._all.get(number)

    def begin(self, sentence: str, task: Task) -> int:
        """Run `task` beside the pages and return its number; work that runs already goes first."""
        with self._lock:
            already = next((number for number, work in self._all.items() if work.running), None)
            if already is not None:
                return already
            number = len(self._all) + 1
            self._all[number] = Work(sentence, 0)
        threading.Thread(target=self._run, args=(number, task), name=f"work {number}").start()
        return number

    def _run(self, number: int, task: Task) -> None:
        def progress(done: int, total: int, sentence: str) -> None:
            with self._lock:
                self._all[number] = Work(sentence, 100 * done // max(total, 1))

        try:
            result = task(progress)
        except DrafterError as error:
            self._end(number, error.sentence, "")
        except Exception:
            logging.getLogger(__name__).exception("work %d", number)
            self._end(number, FAILED, "")
        else:
            self._end(number, say("Done."), result)

    def _end(self, number: int, sentence: str, result: str) -> None:
        with self._lock:
            done = replace(self._all[number], sentence=sentence, running=False, result=result)
            self._all[number] = done
