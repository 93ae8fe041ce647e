"""Comparing two versions with 150 edited and 20 moved clauses, with and without ids."""

from __future__ import annotations

import statistics
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.text import EDITED, MOVED, Revision, revised
from benchmarks.timing import Line, count, forget, median_ms, medians_ms, share, took
from drafter.core.clauses import Report
from drafter.core.diff import Diff, Side, diff_reports
from drafter.core.reading import read_chapter
from drafter.publish.changes import Comparison, compare
from drafter.publish.changes_data import data_files
from drafter.publish.changes_page import changes_page
from drafter.publish.edition import Edition, Settings
from drafter.store.history import Version

RUNS = 15


def measure(folder: Path) -> Iterator[Line]:
    """Compare with ids, warm, and by `git diff --word-diff`; then without ids."""
    named, bare = revised(), revised(ids=False)
    old, new = folder / "old", folder / "new"
    write(named.old, old)
    write(named.new, new)
    diff_reports(named.old, named.new)
    by_git, warm = medians_ms(
        (lambda: word_diff(old, new), lambda: diff_reports(named.old, named.new)), RUNS
    )
    yield took("`git diff --word-diff` of the same files", by_git)
    yield took("with ids, the first time", _median_first(named))
    yield took("with ids, warm", warm, below=100)
    yield share("with ids, as a share of git's time", warm, by_git, most=0.5)
    yield from _right(named)
    yield took("without ids, the first time", _median_first(bare), below=150)
    yield took("without ids, warm", median_ms(lambda: diff_reports(bare.old, bare.new), RUNS))
    yield from _right(bare)
    yield from _published(named)


def _published(revision: Revision) -> Iterator[Line]:
    """Make what a version's site holds of the pair, as after the first page of changes."""
    made = _compared(revision)
    yield took("the page of changes, warm", median_ms(lambda: changes_page(made), RUNS))
    yield took("JSON and CSV, warm", median_ms(lambda: list(data_files(made)), RUNS))
    whole = median_ms(lambda: changes_page(_compared(revision)), RUNS)
    yield took("comparing and the page, warm", whole, below=100)


def _compared(revision: Revision) -> Comparison:
    old, new = (
        Version(
            f"v{n}", n, "T", "", imported=False, commit="", time=datetime(2020, n, 1, tzinfo=UTC)
        )
        for n in (1, 2)
    )
    edition = Edition(
        settings=Settings(), report=revision.new, version=new, earlier=((old, revision.old),)
    )
    return compare(edition, old, revision.old)


def _median_first(revision: Revision) -> float:
    return statistics.median([_first_time(revision) for _ in range(5)])


def _first_time(revision: Revision) -> float:
    """Compare two versions that were read just now, nothing remembered; in milliseconds."""
    forget()
    old, new = (
        Report(tuple(read_chapter(chapter.path, chapter.text) for chapter in report.chapters))
        for report in (revision.old, revision.new)
    )
    forget()
    return median_ms(lambda: diff_reports(old, new), 1)


def write(report: Report, folder: Path) -> None:
    """Write the chapters as files."""
    for chapter in report.chapters:
        path = folder / chapter.path
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(chapter.text, encoding="utf-8")


def word_diff(old: Path, new: Path) -> None:
    """Compare two folders by git, as a process."""
    command = ["git", "diff", "--no-index", "--word-diff", str(old), str(new)]
    status = subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode
    if status != 1:
        raise RuntimeError(f"git diff ended with {status} where there are differences")


def _right(revision: Revision) -> Iterator[Line]:
    """Count what was found of what is known to have changed."""
    diff = diff_reports(revision.old, revision.new)
    pairs, moves = edited(diff), moved(diff)
    spare = len(diff.changes) - len(pairs & revision.edited) - len(moves & revision.moved)
    yield count("    edited clauses paired rightly", len(pairs & revision.edited), EDITED)
    yield count("    moved clauses found", len(moves & revision.moved), MOVED)
    yield Line("    changes that nobody made", str(spare), "0", spare == 0)


def edited(diff: Diff) -> frozenset[tuple[str, str]]:
    """Give the wordings, old and new, of what the diff calls edited."""
    return frozenset(
        (change.old.text, change.new.text)
        for change in diff.changes
        if change.kind == "edited" and isinstance(change.old, Side) and isinstance(change.new, Side)
    )


def moved(diff: Diff) -> frozenset[str]:
    """Give the wordings of what the diff calls moved."""
    return frozenset(
        side.text
        for change in diff.changes
        if change.kind == "moved"
        for side in change.sides("new")
    )
