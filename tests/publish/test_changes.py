"""What is said of changes, in words that hold for every change of its kind; which are compared."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any, cast

from drafter.core.clauses import Report
from drafter.core.diff import diff_reports
from drafter.core.reading import read_chapter
from drafter.publish.changes import Comparison, compared, summary
from drafter.publish.changes_chart import chart_of
from drafter.publish.changes_entries import came_from, entries, went_to
from drafter.publish.marks import marked, marked_parts
from drafter.store.history import Version

TWO = "The register is kept by an office.\n\nThe office is led by a keeper of the register.\n"
ONE = "The register is kept by an office. The office is led by a keeper of the register.\n"


def versions(count: int, *milestones: int) -> list[Version]:
    time = datetime(2020, 1, 1, tzinfo=UTC)
    return [
        Version(
            f"v{n}", n, "T", "", imported=False, commit="", time=time, milestone=n in milestones
        )
        for n in range(1, count + 1)
    ]


def beside(old: str, new: str, style: str = "clauses", path: str = "drafts/a.md") -> Comparison:
    before = Report((read_chapter("drafts/a.md", old),))
    after = Report((read_chapter(path, new),))
    edition = cast(Any, SimpleNamespace(report=after, amendments={}, closed_in={}, version=None))
    return Comparison(edition, cast(Any, None), before, diff_reports(before, after, style=style))


def test_a_joined_clause_names_the_clauses_that_it_came_from() -> None:
    comparison = beside(TWO, ONE)
    (change,) = comparison.diff.changes
    assert came_from(comparison, change) == "from 1.1 and 1.2"


def test_clauses_without_numbers_are_counted_where_they_were_joined() -> None:
    comparison = beside(TWO, ONE, "sections")
    (change,) = comparison.diff.changes
    assert [side.number for side in change.sides("old")] == ["", ""]
    assert came_from(comparison, change) == "from two clauses"


def test_a_clause_without_a_number_is_said_to_come_from_its_heading() -> None:
    old = "# Law\n\n## Courts\n\nOne judge sits.\n\nTwo sit.\n\n## Costs\n\nNobody pays at all.\n"
    new = "# Law\n\n## Courts\n\nNobody pays at all.\n\nOne judge sits.\n\nTwo sit.\n\n## Costs\n"
    comparison = beside(old, new, "sections")
    (change,) = comparison.diff.changes
    assert came_from(comparison, change) == "from Costs, Law"


def test_a_clause_that_was_split_in_another_chapter_says_where_it_stood() -> None:
    comparison = beside(f"# Law\n\n{ONE}", f"# Law\n\n{TWO}")
    (change,) = comparison.diff.changes
    assert came_from(comparison, change) == ""
    comparison = beside(f"# Law\n\n{ONE}", f"# Law\n\n{TWO}", path="drafts/b.md")
    (change,) = comparison.diff.changes
    assert (change.kind, came_from(comparison, change)) == ("split", "from 1.1, Law")


def test_what_moved_with_new_formatting_is_not_said_to_be_reworded() -> None:
    old = "One thing is said here.\n\nA second thing is said.\n\nThe third matter stands last.\n"
    new = "The *third* matter stands last.\n\nOne thing is said here.\n\nA second thing is said.\n"
    assert summary(beside(old, new)) == "One clause was moved and changed."


def test_small_figures_are_words_in_every_sentence() -> None:
    old, new = "One thing is *said* here.\n", "One thing is said here.\n"
    assert (
        summary(beside(old, new)) == "No word changed. In one clause the formatting alone changed."
    )


def test_up_to_twenty_earlier_versions_are_compared_with_and_of_more_only_a_few() -> None:
    line = versions(20)
    assert compared(line) == line[::-1]
    assert [each.number for each in compared(versions(21))] == [21, 1]
    assert [each.number for each in compared(versions(40, 7, 30, 40))] == [40, 30, 7, 1]


def test_changes_stand_by_chapter_and_those_of_formatting_alone_come_last_in_each() -> None:
    old = "# Law\n\nOne *thing* is said here.\n\nA second thing is said.\n\nThis one goes.\n"
    new = (
        "# Law\n\nOne thing is said here.\n\nA third thing is said.\n\nNew words stand last here.\n"
    )
    found = entries(beside(old, new))
    assert [entry.change.kind for entry in found][-1] == "formatting"
    assert len({entry.id for entry in found}) == len(found) == 4
    again = entries(beside(old, new))
    assert [entry.id for entry in again] == [entry.id for entry in found]
    assert all(entry.id.startswith("x-") for entry in found)


def test_two_changes_alike_have_two_names() -> None:
    new = "# Law\n\nThe same words.\n\nThe same words.\n"
    first, second = entries(beside("# Law\n", new))
    assert second.id == f"{first.id}-2"


def test_a_clause_that_has_moved_says_where_it_stands_now() -> None:
    old = "# Law\n\nOne judge sits.\n\nTwo sit.\n\nThree sit in a court of their own.\n"
    new = "# Law\n\nThree sit in a court of their own.\n\nOne judge sits.\n\nTwo sit.\n"
    comparison = beside(old, new)
    (entry,) = entries(comparison)
    assert (came_from(comparison, entry.change), went_to(comparison, entry)) == (
        "from 1.3, Law",
        "to 1.1, Law",
    )


def test_the_parts_of_a_split_are_drawn_each_by_itself_with_its_own_marks() -> None:
    one = "The *register* is kept by an office. It is led by a keeper of the whole register.\n"
    two = one.replace("office. ", "office.\n\n").replace("a keeper", "a good keeper")
    (change,) = beside(one, two).diff.changes
    first, second = marked_parts(change)
    assert first == '<p class="passage">The <em>register</em> is kept by an office.</p>'
    assert '<ins><span class="sr">added: </span> good</ins>' in second
    assert "<br>" not in first + second
    assert "office. It is led" in marked(change, "old")
    (change,) = beside(two, one).diff.changes
    assert "> good</del>" in marked_parts(change)[1]


def test_a_bar_is_as_long_as_its_share_of_the_longest_and_says_its_numbers() -> None:
    chart = chart_of([("One", "a", ["added"] * 3 + ["edited"]), ("Two", "b", ["moved", "split"])])
    one, two = chart.bars
    assert [(each.group, each.x, each.width) for each in one.segments] == [
        ("edited", "0%", "25%"),
        ("added", "25%", "75%"),
    ]
    assert (one.said, two.said) == ("1 reworded and 3 new", "1 moved and 1 split or joined")
    assert (chart.totals, chart.total) == ((1, 3, 1, 1), 6)
    assert [group for group, _ in chart.groups] == ["edited", "added", "moved", "regrouped"]
