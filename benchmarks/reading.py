"""Reading a whole version out of git: for the first time, after a small change, and again."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.text import generated
from benchmarks.timing import Line, forget, median_ms, took
from drafter.core.clauses import Report
from drafter.store.messages import write_message
from drafter.store.names import MAIN
from drafter.store.objects import encode
from drafter.store.reports import read_report
from drafter.store.repository import Repository

MOMENT = datetime(2026, 11, 1, tzinfo=UTC)


def files_of(report: Report) -> dict[str, bytes | None]:
    """Give the bytes of every chapter by its path."""
    return {chapter.path: encode(chapter.text) for chapter in report.chapters}


def repository_with(report: Report, folder: Path) -> Repository:
    """Make a bare repository whose main holds the report."""
    repository = Repository.create(folder)
    with repository.writing() as writer:
        message = write_message("first", "The first draft")
        commit = writer.write_commit(files_of(report), None, (), message, MOMENT)
        writer.move_ref(MAIN, None, commit)
    return repository


def measure(folder: Path) -> Iterator[Line]:
    """Read 40 chapters."""
    report = generated()
    repository = repository_with(report, folder / "reading.git")
    fresh = repository

    def begin_again() -> None:
        nonlocal fresh
        forget()
        fresh = Repository.open(folder / "reading.git")

    def read() -> None:
        read_report(fresh, fresh.resolve(MAIN))

    yield took("cold: every chapter parsed", median_ms(read, 5, before=begin_again))
    chapter = report.chapters[7]
    changed = encode(chapter.text.replace("# Chapter", "# The chapter", 1))
    with fresh.writing() as writer:
        tip = fresh.resolve(MAIN)
        message = write_message("edit", "Edit of a title")
        new = writer.write_commit({chapter.path: changed}, tip, (tip,), message, MOMENT)
        writer.move_ref(MAIN, tip, new)

    def read_old() -> None:
        begin_again()
        read_report(fresh, tip)

    yield took("one chapter changed since the last read", median_ms(read, 5, before=read_old))
    yield took("cached: nothing changed", median_ms(read, 50))
