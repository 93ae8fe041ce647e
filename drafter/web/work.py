"""Long work begun from a page: it runs beside the pages, and a page tells how far it is.

Known to this process only. What a restart interrupts is finished from the record: a version that
has no pages yet is built at the next start.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial

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
        self._made: dict[int, Future[str]] = {}
        """What comes of each: its result, or the error that it ended by."""

    def running(self) -> int | None:
        """Give the number of the work that runs, or None."""
        with self._lock:
            return self._running()

    def find(self, number: int) -> Work | None:
        """Give a piece of work, or None."""
        with self._lock:
            found = self._all.get(number)
            return found and _ended(found, self._made[number])

    def begin(self, sentence: str, task: Task) -> int:
        """Run `task` beside the pages and return its number; work that runs already goes first."""
        with self._lock:
            already = self._running()
            if already is not None:
                return already
            number = len(self._all) + 1
            self._all[number] = Work(sentence, 0)
            thread = ThreadPoolExecutor(1, thread_name_prefix=f"work {number}")
            self._made[number] = thread.submit(task, partial(self._report, number))
        thread.shutdown(wait=False)
        self._made[number].add_done_callback(_log)
        return number

    def _running(self) -> int | None:
        return next((number for number, made in self._made.items() if not made.done()), None)

    def _report(self, number: int, done: int, total: int, sentence: str) -> None:
        with self._lock:
            self._all[number] = Work(sentence, 100 * done // max(total, 1))


def _ended(work: Work, made: Future[str]) -> Work:
    if not made.done():
        return work
    error = made.exception()
    if error is None:
        return replace(work, sentence=say("Done."), running=False, result=made.result())
    sentence = error.sentence if isinstance(error, DrafterError) else FAILED
    return replace(work, sentence=sentence, running=False)


def _log(made: Future[str]) -> None:
    error = made.exception()
    if error is not None and not isinstance(error, DrafterError):
        logging.getLogger(__name__).error("%s", FAILED, exc_info=error)
