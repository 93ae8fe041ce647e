"""Several at once: processes that decide, and threads that cast."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from drafter.core.ids import ClauseId
from drafter.people.ballots import ballots_of, remove_ballot
from drafter.services import amending, voting
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.services.reports import SIXTEEN, Ticking, admit, closed, make_instance, write_source
from tests.story.conftest import Start

DECIDE = """
import sys
from pathlib import Path
from drafter.core.errors import Busy
from drafter.services.authority import CLERK_ACTOR
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance

instance = Instance.open(Path(sys.argv[1]))
waiting = list(range(int(sys.argv[2]), int(sys.argv[3])))
while waiting:
    try:
        found = decide(instance, CLERK_ACTOR, waiting[0], "Because.")
    except Busy:  # somebody else writes: it says to try again
        continue
    assert isinstance(found, Decided)
    del waiting[0]
"""


def with_many_clauses(folder: Path, count: int) -> Path:
    write_source(folder)
    lines = ["# Many {: #c-many00 }"]
    lines += [f"Sentence number {n} says little.\n{{: #c-{n:06d} }}" for n in range(1, count + 1)]
    (folder / "drafts" / "many.md").write_text("\n\n".join(lines) + "\n", encoding="utf-8")
    return folder


def decide_at_once(
    tmp_path: Path, database: str | None, start: Start, processes: int, each: int
) -> None:
    count = processes * each
    source = with_many_clauses(tmp_path / "source", count)
    path = tmp_path / "instance"
    instance = make_instance(path, source, seats=3, clock=Ticking(), database=database)
    for n in range(1, count + 1):
        closed(instance, admit(instance, ClauseId(f"c-{n:06d}"), f"Number {n} says more."), "fff")
    running = [
        start(DECIDE, instance.path, 1 + n * each, 1 + (n + 1) * each) for n in range(processes)
    ]
    for process in running:
        _, said = process.communicate(timeout=250)
        assert process.returncode == 0, said
    kinds = [commit.kind for commit in instance.repository.commits(instance.tip)]
    assert kinds.count("decision") == count
    for n in range(1, count + 1):
        place = instance.report.locate(f"c-{n:06d}")
        assert place is not None
        assert place.clause.wording == f"Number {n} says more."
    assert verify(instance.repository, instance.database).findings == ()
    instance.close()


def test_two_processes_that_decide_at_once_lose_nothing(
    tmp_path: Path, database_url: str | None, start: Start
) -> None:
    decide_at_once(tmp_path, database_url, start, processes=2, each=25)


@pytest.mark.full
def test_eight_processes_that_decide_at_once_lose_nothing(
    tmp_path: Path, database_url: str | None, start: Start
) -> None:
    decide_at_once(tmp_path, database_url, start, processes=8, each=50)


def fifty_casts(instance: Instance, number: int, ballot_hash: str) -> None:
    gate = Barrier(50)

    def cast(turn: int) -> None:
        gate.wait()
        choice: voting.Choice = "for" if turn % 2 else "against"
        voting.cast(instance, Actor("seat", 1), number, choice, ballot_hash)

    with ThreadPoolExecutor(50) as pool:
        list(pool.map(cast, range(50)))
    with instance.database.reading() as session:
        assert [ballot.seat for ballot in ballots_of(session, number, 1)] == [1]


@pytest.mark.full
@pytest.mark.timeout(1800)
def test_two_hundred_times_fifty_casts_of_one_seat_are_one_ballot_each(
    instance: Instance,
) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    motion = amending.put(instance, CLERK_ACTOR, number)
    for _ in range(200):
        fifty_casts(instance, number, motion.ballot_hash)
        with instance.database.writing() as session:
            remove_ballot(session, number, 1, 1, instance.clock())


def test_fifty_casts_of_one_seat_at_once_are_one_ballot(instance: Instance) -> None:
    number = admit(instance, SIXTEEN, "Everyone may vote.")
    motion = amending.put(instance, CLERK_ACTOR, number)
    fifty_casts(instance, number, motion.ballot_hash)
    view = amending.view_amendment(instance, number)
    assert view.motion is not None
    assert view.motion.voted == 1
