"""Accepting one amendment, durable and recorded, beside a merge commit by GitPython in a worktree.

Ours is the whole decision: the lock, the ballots' hashes checked, the merge by clause, text and
record in one commit on the disk, the row in the database, main moved by compare-and-swap. Theirs
is `git merge --no-ff` alone. As git comes, it waits for no disk: a power cut may take the merge and
leave a report that cannot be read. The target is against that, since it names nothing else; beside
it stands the same merge with `core.fsync` set to `all`, which waits for its files, though never for
the folders that name them.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import git

from benchmarks.comparing import write
from benchmarks.consequences import amended
from benchmarks.text import SEED, generated
from benchmarks.timing import Line, median_ms, medians_ms, times, took
from drafter.core.clauses import Report
from drafter.core.ids import ClauseId
from drafter.services.admitting import admit
from drafter.services.amending import put
from drafter.services.authority import CLERK_ACTOR, OPERATOR, Actor
from drafter.services.commenting import comment, confirm
from drafter.services.deciding import Decided, decide
from drafter.services.instance import Instance
from drafter.services.signing_in import add_seats
from drafter.services.voting import cast, close

RUNS = 24
IN_A_ROW = 4
SEATS = 5


def measure(folder: Path) -> Iterator[Line]:
    """Accept two dozen amendments, each to a chapter of its own, all three ways."""
    report = generated()
    texts = amendments_of(report)
    mine = _by_decision(report, texts, folder)
    plain = _by_gitpython(report, texts, folder / "worktree")
    safe = _by_gitpython(report, texts, folder / "durable")
    for name, value in (("core.fsync", "all"), ("core.fsyncMethod", "fsync")):
        safe.repository.git.config(name, value)
    ours, theirs, durable = medians_ms((mine, plain, safe), RUNS, in_a_row=IN_A_ROW)
    settled = median_ms(mine.instance.repository.settle, 1) / RUNS
    yield took("GitPython: git merge --no-ff in a worktree, as git comes", theirs)
    yield took("    the same, made to wait for its files (core.fsync)", durable)
    yield took("a decision: merged by clause, recorded, durable", ours)
    yield took("    put off: its objects' own files synced, each", settled)
    yield times("    as many times as fast as the merge as git comes", ours, theirs, least=3)
    yield times("    as the one that waits for its files", ours, durable)


def amendments_of(report: Report) -> list[tuple[ClauseId, Report]]:
    """Make one amendment to the first paragraph of each of the first chapters."""
    chance = random.Random(SEED)
    names = [ClauseId(str(chapter.clauses[1].id)) for chapter in report.chapters[:RUNS]]
    return [(name, amended(report, name, chance)) for name in names]


@dataclass(slots=True)
class _Decisions:
    """Amendments put, voted on and closed; every call decides the next."""

    instance: Instance
    next: int = 0

    def __call__(self) -> None:
        self.next += 1
        found = decide(self.instance, CLERK_ACTOR, self.next, "Because it is clearer.")
        if not isinstance(found, Decided) or found.outcome != "accepted":
            raise RuntimeError(f"amendment {self.next} was not accepted: {found.sentence}")


def _by_decision(report: Report, texts: list[tuple[ClauseId, Report]], folder: Path) -> _Decisions:
    source = folder / "source"
    write(report, source)
    (source / "mkdocs.yml").write_text("site_name: A generated report\n", encoding="utf-8")
    instance = Instance.create(folder / "instance", source)
    add_seats(instance, OPERATOR, SEATS)
    for name, text in texts:
        place = text.locate(name)
        assert place is not None
        suggested = place.clause.wording
        sent = comment(instance, name, "It would be clearer.", suggested, "ada@example.org")
        assert sent.confirm_token is not None
        confirm(instance, sent.confirm_token)
        number = admit(instance, CLERK_ACTOR, [sent.number], "Three words")
        motion = put(instance, CLERK_ACTOR, number)
        for seat in range(1, SEATS + 1):
            cast(instance, Actor("seat", seat), number, "for", motion.ballot_hash)
        close(instance, CLERK_ACTOR, number)
    return _Decisions(instance)


@dataclass(slots=True)
class _Merges:
    """A worktree with branches waiting; every call merges the next."""

    repository: git.Repo
    next: int = 0

    def __call__(self) -> None:
        self.next += 1
        self.repository.git.merge("--no-ff", f"amendment-{self.next}", "-m", "accepted")


def _by_gitpython(report: Report, texts: list[tuple[ClauseId, Report]], folder: Path) -> _Merges:
    folder.mkdir()
    repository = git.Repo.init(folder, initial_branch="main")
    with repository.config_writer() as config:
        config.set_value("user", "name", "Drafter").set_value("user", "email", "d@localhost")
    _commit(repository, report, folder, "first")
    for number, (_, text) in enumerate(texts, 1):
        repository.git.checkout("-q", "-b", f"amendment-{number}", "main")
        _commit(repository, text, folder, f"amendment {number}")
    repository.git.checkout("-q", "main")
    return _Merges(repository)


def _commit(repository: git.Repo, report: Report, folder: Path, message: str) -> None:
    write(report, folder)
    repository.git.add("--all")
    repository.git.commit("-q", "-m", message)
