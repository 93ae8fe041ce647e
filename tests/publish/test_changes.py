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


def compared(old: str, new: str, style: str = "clauses", path: str = "drafts/a.md") -> Comparison:
    before = Report((read_chapter("drafts/a.md", old),))
    after = Report((read_chapter(path, new),))
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


def test_a_clause_without_a_number_is_said_to_come_from_its_heading() -> None:
    old = "# Law\n\n## Courts\n\nOne judge sits.\n\nTwo sit.\n\n## Costs\n\nNobody pays at all.\n"
    new = "# Law\n\n## Courts\n\nNobody pays at all.\n\nOne judge sits.\n\nTwo sit.\n\n## Costs\n"
    comparison = compared(old, new, "sections")
    (change,) = comparison.diff.changes
    assert came_from(comparison, change) == "from Costs, Law"


def test_a_clause_that_was_split_in_another_chapter_says_where_it_stood() -> None:
    comparison = compared(f"# Law\n\n{ONE}", f"# Law\n\n{TWO}")
    (change,) = comparison.diff.changes
    assert came_from(comparison, change) == ""
    comparison = compared(f"# Law\n\n{ONE}", f"# Law\n\n{TWO}", path="drafts/b.md")
    (change,) = comparison.diff.changes
    assert (change.kind, came_from(comparison, change)) == ("split", "from 1.1, Law")


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
