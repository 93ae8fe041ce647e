"""Numbers are computed from where a clause stands, and tell two headings apart."""

from __future__ import annotations

import pytest

from drafter.core.clauses import Report
from drafter.core.numbering import number_report
from drafter.core.reading import read_chapter


def numbered(text: str) -> list[str]:
    report = Report((read_chapter("drafts/a.md", "# First\n"), read_chapter("drafts/b.md", text)))
    numbers = number_report(report, "sections")
    return [number for (path, _), number in numbers.items() if path == "drafts/b.md"]


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("# Title\n\n## One\n\n### Deep\n\n## Two\n", ["2", "2.1", "2.1.1", "2.2"]),
        ("### Title\n\n#### One\n", ["2", "2.1"]),
        ("### One\n\n#### Deep\n\n### Two\n", ["2.1", "2.1.1", "2.2"]),
        ("#### Early\n\n### One\n", ["2.0.1", "2.1"]),
        ("Words alone.\n", []),
    ],
)
def test_a_heading_has_the_number_of_its_chapter_only_as_its_title(
    text: str, numbers: list[str]
) -> None:
    assert numbered(text) == numbers
