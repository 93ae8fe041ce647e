"""What a page of changes says of one change, in words that hold for every change of its kind."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

from drafter.core.clauses import Report
from drafter.core.diff import diff_reports
from drafter.core.reading import read_chapter
from drafter.publish.changes import Comparison, came_from, summary

TWO = "The register is kept by an office.\n\nThe office is led by a keeper of the register.\n"
ONE = "The register is kept by an office. The office is led by a keeper of the register.\n"


def compared(old: str, new: str, style: str = "clauses") -> Comparison:
    before, after = (Report((read_chapter("drafts/a.md", text),)) for text in (old, new))
    edition = cast(Any, SimpleNamespace(report=after, amendments={}, closed_in={}))
    return Comparison(edition, cast(Any, None), before, diff_reports(before, after, style=style))


def test_a_joined_clause_names_the_clauses_that_it_came_from() -> None:
    comparison = compared(TWO, ONE)
    (change,) = comparison.diff.changes
    assert came_from(comparison, change) == "from 1.1 and 1.2"


def test_clauses_without_numbers_are_counted_where_they_were_joined() -> None:
    comparison = compared(TWO, ONE, "sections")
    (change,) = comparison.diff.changes
    assert [side.number for side in change.sides("old")] == ["", ""]
    assert came_from(comparison, change) == "from two clauses"


def test_what_moved_with_new_formatting_is_not_said_to_be_reworded() -> None:
    old = "One thing is said here.\n\nA second thing is said.\n\nThe third matter stands last.\n"
    new = "The *third* matter stands last.\n\nOne thing is said here.\n\nA second thing is said.\n"
    assert summary(compared(old, new)) == "One clause was moved and changed."


def test_small_figures_are_words_in_every_sentence() -> None:
    old, new = "One thing is *said* here.\n", "One thing is said here.\n"
    assert (
        summary(compared(old, new))
        == "No word changed. In one clause the formatting alone changed."
    )
