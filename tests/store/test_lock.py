from __future__ import annotations

import fcntl
import os
import signal
import threading
import time

import pytest

from drafter.core.errors import Busy
from drafter.store.lock import LOCK_NAME, WriterLock, clear_dead_locks

HOLD = """
import pathlib, sys, time
from drafter.store.repository import Repository
with Repository.open(pathlib.Path(sys.argv[1])).writing():
    for name in sys.argv[2:]:
        pathlib.Path(sys.argv[1], name).touch()
    print("held", flush=True)
    time.sleep(60)
"""

RACE = """
import pathlib, sys
from datetime import datetime, timezone
from drafter.store.messages import write_message
from drafter.store.repository import Repository
repository = Repository.open(pathlib.Path(sys.argv[1]))
name, rounds = sys.argv[2], int(sys.argv[3])
for n in range(rounds):
    with repository.writing() as writer:
        tip = repository.tip("main")
        made = writer.write_commit(
            {f"drafts/{name}-{n}.md": b"x"}, tip, (tip,), write_message("edit", "Edit"),
            datetime(2026, 1, 1, tzinfo=timezone.utc),
        )
        writer.move_ref("main", tip, made)
"""


@pytest.mark.parametrize(
    ("processes", "rounds"), [(8, 10), pytest.param(8, 50, marks=pytest.mark.full)]
)
def test_writers_in_many_processes_lose_nothing(
    repository, commit, script, processes: int, rounds: int
) -> None:
    commit({"drafts/a.md": b"a"})
    racing = [script(RACE, repository.folder, n, rounds) for n in range(processes)]
    for process in racing:
        assert process.communicate(timeout=120)[1] == ""
    tip = repository.tip("main")
    assert len(list(repository.commits(tip))) == 1 + processes * rounds
    assert len(repository.list_tree(tip)) == 1 + processes * rounds


def test_writers_in_many_threads_lose_nothing(repository, commit) -> None:
    commit({"drafts/a.md": b"a"})
    threads = [
        threading.Thread(target=lambda n=n: [commit({f"drafts/{n}-{r}.md": b""}) for r in range(5)])
        for n in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(list(repository.commits(repository.tip("main")))) == 21


def test_a_writer_that_waits_too_long_is_told_that_the_report_is_busy(repository, script) -> None:
    holder = script(HOLD, repository.folder)
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(Busy), repository.writing(timeout=0.1):
        pytest.fail("two writers at once")
    holder.kill()
    holder.communicate()
    with repository.writing(timeout=5):
        pass


def test_another_thread_waits_like_another_process(repository) -> None:
    refused = []

    def try_writing() -> None:
        try:
            with repository.writing(timeout=0.05):
                pass
        except Busy as busy:
            refused.append(busy)

    with repository.writing():
        thread = threading.Thread(target=try_writing)
        thread.start()
        thread.join()
    assert len(refused) == 1


def test_writing_inside_a_write_is_refused_at_once(repository) -> None:
    with repository.writing():
        started = time.monotonic()
        with pytest.raises(RuntimeError), repository.writing():
            pytest.fail("entered twice")
        assert time.monotonic() - started < 1
    with repository.writing(timeout=1):
        pass


def test_an_error_inside_a_write_releases_the_lock(repository) -> None:
    with pytest.raises(ZeroDivisionError), repository.writing():
        _ = 1 / 0
    with repository.writing(timeout=0.1):
        pass


def test_a_lock_on_a_file_that_was_removed_meanwhile_is_no_lock(repository, monkeypatch) -> None:
    path = repository.folder / LOCK_NAME
    waiting, other = WriterLock(repository.folder), WriterLock(repository.folder)
    real, removals = fcntl.flock, iter([path.unlink])

    def flock(handle: int, operation: int) -> None:
        for remove in removals:
            remove()
            path.touch()
        real(handle, operation)

    monkeypatch.setattr("drafter.store.lock.fcntl.flock", flock)
    with waiting.hold(timeout=1), pytest.raises(Busy), other.hold(timeout=0.05):
        pytest.fail("two writers at once")


LOCKS = ["refs/heads/main.lock", "packed-refs.lock", "HEAD.lock", "refs/heads/amendments/0001.lock"]


def test_the_ref_locks_of_a_killed_writer_are_cleared_by_the_next(
    repository, commit, script
) -> None:
    commit({"drafts/a.md": b"a"})
    commit({"drafts/a.md": b"a"}, "amendments/0001")
    kept = ["config.lock", "objects/x.lock", "refs/heads/main.lock.txt"]
    dead = script(HOLD, repository.folder, *LOCKS, *kept)
    assert dead.stdout.readline() == "held\n"
    os.kill(dead.pid, signal.SIGKILL)
    dead.communicate()
    repository.lock.dead_after = 0.2
    made = commit({"drafts/a.md": b"b"})
    assert repository.tip("main") == made
    assert commit({"drafts/a.md": b"c"}, "amendments/0001")
    assert [name for name in LOCKS if (repository.folder / name).exists()] == []
    assert all((repository.folder / name).exists() for name in kept)


def test_a_ref_lock_is_left_alone_while_the_writer_lock_is_not_ours(repository, script) -> None:
    holder = script(HOLD, repository.folder, "refs/heads/main.lock")
    assert holder.stdout.readline() == "held\n"
    repository.lock.dead_after = 0
    with pytest.raises(Busy), repository.writing(timeout=0.1):
        pytest.fail("two writers at once")
    assert (repository.folder / "refs/heads/main.lock").exists()
    holder.kill()
    holder.communicate()


def test_a_young_ref_lock_is_waited_for_and_an_old_one_is_not(repository) -> None:
    lock = repository.folder / "refs/heads/main.lock"
    lock.touch()
    threading.Timer(0.15, lock.unlink).start()
    started = time.monotonic()
    assert clear_dead_locks(repository.folder, dead_after=30) == ()
    assert 0.1 < time.monotonic() - started < 10
    lock.touch()
    os.utime(lock, (0, 0))
    started = time.monotonic()
    assert clear_dead_locks(repository.folder, dead_after=30) == (lock,)
    assert time.monotonic() - started < 10


def test_a_ref_that_a_living_git_locks_again_and_again_is_waited_for(repository) -> None:
    lock = repository.folder / "refs/heads/main.lock"
    fresh = repository.folder / "fresh"
    lock.touch()

    def work() -> None:
        for _ in range(14):
            time.sleep(0.1)
            fresh.touch()
            fresh.replace(lock)
        lock.unlink(missing_ok=True)

    living = threading.Thread(target=work)
    living.start()
    assert clear_dead_locks(repository.folder, dead_after=1.0) == ()
    living.join()


def test_a_ref_lock_from_the_future_does_not_stop_the_writer(repository) -> None:
    lock = repository.folder / "packed-refs.lock"
    lock.touch()
    os.utime(lock, (time.time() + 9999, time.time() + 9999))
    assert clear_dead_locks(repository.folder, dead_after=0.1) == (lock,)
