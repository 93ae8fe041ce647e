"""Work beside the pages: how far it is, what came of it, and how it fails."""

from __future__ import annotations

import threading

import pytest

from drafter.core.errors import Refused
from drafter.web.work import FAILED, Progress, Work, Works


def finished(works: Works, number: int) -> Work:
    for thread in threading.enumerate():
        if thread.name.startswith(f"work {number}"):
            thread.join(10)
    found = works.find(number)
    assert found is not None
    return found


def test_one_piece_of_work_runs_at_a_time_and_says_how_far_it_is() -> None:
    works, go, begun = Works(), threading.Event(), threading.Event()

    def task(progress: Progress) -> str:
        progress(1, 4, "Reading")
        begun.set()
        go.wait(10)
        return "v1"

    number = works.begin("It begins.", task)
    assert works.begin("Another", task) == number == works.running()
    assert begun.wait(10)
    assert works.find(number) == Work("Reading", 25)
    go.set()
    assert finished(works, number) == Work("Done.", 25, running=False, result="v1")
    assert works.running() is None
    assert works.begin("Another", lambda _: "v2") == number + 1
    assert works.find(number + 2) is None


@pytest.mark.parametrize("error", [Refused("The vote is open."), RuntimeError("secret"), OSError()])
def test_what_fails_says_so_in_a_sentence_and_lets_the_next_begin(
    error: Exception, caplog: pytest.LogCaptureFixture
) -> None:
    works = Works()

    def task(_: Progress) -> str:
        raise error

    done = finished(works, works.begin("It begins.", task))
    refused = isinstance(error, Refused)
    assert done == Work("The vote is open." if refused else FAILED, 0, running=False)
    assert bool(caplog.records) is not refused
    assert works.running() is None
