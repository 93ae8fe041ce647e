"""Runs the drafting cases in tests/cases, and those in the folder that DRAFTER_CASES names."""

import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from drafter.core.diff import diff_text
from drafter.core.merge import merge_text
from drafter.core.reading import read_chapter

from .cases import (
    Case,
    CaseError,
    Expectation,
    faults,
    one_line,
    plain,
    read_cases,
    read_folder,
    squeezed,
)

OWN = Path(__file__).resolve().parent.parent / "cases"
MARKS = {"=": "{}", "-": "{{--{}--}}", "+": "{{++{}++}}"}


def all_cases() -> list[Case]:
    extra = os.environ.get("DRAFTER_CASES")
    folders = [OWN, Path(extra)] if extra else [OWN]
    return [case for folder in folders for case in read_folder(folder)]


CASES = all_cases()
MERGES = [case for case in CASES if case.is_merge]
COMPARISONS = [case for case in CASES if not case.is_merge]

each_case = pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
each_merge = pytest.mark.parametrize("case", MERGES, ids=lambda case: case.name)
each_comparison = pytest.mark.parametrize("case", COMPARISONS, ids=lambda case: case.name)
both_ways = pytest.mark.parametrize("sides", [("a", "b"), ("b", "a")], ids="-".join)


def shape(text: str) -> list[tuple[object, ...]]:
    """Give type, level and wording of each clause, so that glued or torn clauses show."""
    clauses = read_chapter("case.md", text).clauses
    return [(clause.type, clause.ordered, clause.level, clause.wording) for clause in clauses]


def unmet(expected: list[Expectation], actual: list[tuple[str, tuple[str, ...]]]) -> list[str]:
    """Match expectations with what came, (kind, the beginnings it may be named by), one to one.

    Longer quotations choose first, so that a short one does not take what only they fit.
    """
    left = list(actual)
    missing = []
    for one in sorted(expected, key=lambda one: -len(plain(one.words))):
        quoted = plain(one.words)
        fits = [
            came
            for came in left
            if came[0] == one.kind and any(name.startswith(quoted) for name in came[1])
        ]
        if fits:
            left.remove(fits[0])
        else:
            missing.append(f"expected {one.kind}: {one.words}")
    return missing + [f"not expected {kind}: {names[0]}" for kind, names in left]


def merged(case: Case, sides: tuple[str, str]) -> Any:
    return merge_text(case.texts["base"], case.texts[sides[0]], case.texts[sides[1]])


def rows_in_dispute(competing: Any) -> list[tuple[str, ...]]:
    base, ours, theirs = (
        (wording or "").split("\n")
        for wording in (competing.base, competing.ours, competing.theirs)
    )
    disputed = tuple(plain(row) for row in base if row not in ours and row not in theirs)
    if disputed:
        return [disputed]
    return [tuple(plain(row) for row in side if row not in base) for side in (ours, theirs)]


def names(competing: Any) -> list[tuple[str, ...]]:
    """Give the ways to name what competes: by base's words, or both rivals by their own."""
    if not competing.base:
        return [(plain(side),) for side in (competing.ours, competing.theirs) if side]
    in_table = competing.base.startswith("|") and "\n" in competing.base
    if in_table and competing.ours and competing.theirs:
        return rows_in_dispute(competing)
    return [(plain(competing.base),)]


def beginnings(change: Any) -> tuple[str, ...]:
    side = change.new if change.new else change.old
    first = side[0] if isinstance(side, tuple) else side
    assert first is not None
    return (plain(first.text),)


def marked_up(change: Any) -> str:
    return "".join(MARKS[operation].format(text) for operation, text in change.words)


@each_case
def test_every_case_agrees_with_itself(case: Case) -> None:
    assert faults(case) == []


def test_no_two_cases_share_a_title() -> None:
    titles = Counter(case.title for case in read_folder(OWN))
    assert [title for title, times in titles.items() if times > 1] == []


@each_merge
@both_ways
def test_a_merge_gives_what_the_case_expects(case: Case, sides: tuple[str, str]) -> None:
    result = merged(case, sides)
    came = [("conflict on", name) for one in result.competing for name in names(one)]
    assert unmet(case.named("conflict on"), came) == []
    assert result.clean == (not result.competing)
    if case.merged is not None:
        assert one_line(result.text) == one_line(case.merged)
        assert shape(result.text) == shape(case.merged)
    for one in case.named("applied"):
        assert plain(one.words) in plain(result.text)


@each_merge
def test_swapping_the_sides_changes_nothing_but_their_names(case: Case) -> None:
    one, other = merged(case, ("a", "b")), merged(case, ("b", "a"))
    assert one.text == other.text
    assert Counter((c.clause, c.base, c.ours, c.theirs, c.why) for c in one.competing) == Counter(
        (c.clause, c.base, c.theirs, c.ours, c.why) for c in other.competing
    )


@each_case
def test_what_only_one_side_changed_is_taken_whole(case: Case) -> None:
    base, *sides = case.texts.values()
    for side in sides:
        result = merge_text(base, side, base)
        assert result.clean
        assert shape(result.text) == shape(side)


@each_comparison
def test_a_comparison_names_the_changes_that_the_case_expects(case: Case) -> None:
    changes = diff_text(case.texts["old"], case.texts["new"]).changes
    came = [(change.kind, beginnings(change)) for change in changes]
    expected = [one for one in case.expected if one.kind != "no change"]
    assert unmet(expected, came) == []


@each_case
def test_a_text_does_not_differ_from_itself(case: Case) -> None:
    for text in case.texts.values():
        assert not diff_text(text, text).changes


@each_case
def test_the_pieces_of_a_change_give_the_old_and_the_new_words(case: Case) -> None:
    old, *others = case.texts.values()
    for new in others:
        for change in diff_text(old, new).changes:
            for side, left_out in ((change.old, "+"), (change.new, "-")):
                pieces = "".join(text for kind, text in change.words if kind != left_out)
                if isinstance(side, tuple):
                    assert squeezed(pieces) == squeezed("".join(part.text for part in side))
                else:
                    assert pieces == (side.text if side else "")


@pytest.mark.parametrize(
    "case", [case for case in COMPARISONS if case.markup], ids=lambda case: case.name
)
def test_the_markup_groups_words_as_the_case_expects(case: Case) -> None:
    assert case.markup is not None
    changes = diff_text(case.texts["old"], case.texts["new"]).changes
    shown = [marked_up(change) for change in changes]
    report = f"expected\n{case.markup}\ncame\n" + "\n".join(shown)
    expected = squeezed(case.markup)
    assert all(squeezed(one) in expected for one in shown), report
    marks = sum(one.count("{--") + one.count("{++") for one in shown)
    assert marks == expected.count("{--") + expected.count("{++"), report


def read(text: str) -> list[Case]:
    return read_cases(Path("some.md"), text)


COMPARISON = "# One\n## old\nRed.\n## new\n\nBlue.\n\n\n## expected\nedited: Blue\n"


def test_blank_lines_around_a_text_do_not_belong_to_it() -> None:
    (case,) = read(COMPARISON)
    assert case.texts == {"old": "Red.\n", "new": "Blue.\n"}
    assert case.expected == (Expectation("edited", "Blue"),)


def test_spaces_that_open_or_end_a_line_are_kept() -> None:
    (case,) = read(COMPARISON.replace("Red.", "    Red.  "))
    assert case.texts["old"] == "    Red.  \n"


def test_an_empty_text_is_an_empty_document() -> None:
    (case,) = read("# One\n## base\nRed.\n## a\n\n## b\nRed.\n## expected\nclean\n## merged\n\n")
    assert case.texts["a"] == ""
    assert case.merged == ""


def test_each_title_opens_a_case_and_keeps_its_line() -> None:
    cases = read(COMPARISON + "\n" + COMPARISON.replace("# One", "# Two"))
    assert [(case.title, case.line) for case in cases] == [("One", 1), ("Two", 12)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("Red.\n" + COMPARISON, "begin the document with a title"),
        ("# One\nRed.\n## old\n", "put every text under"),
        (COMPARISON.replace("## old", "## elder"), "'## elder' is none of"),
        (COMPARISON.replace("## new", "## old"), "'## old' stands twice"),
        (COMPARISON.replace("## old\nRed.\n", ""), "write '## old'"),
        (COMPARISON + "## merged\nBlue.\n", "does not belong"),
        (COMPARISON.replace("edited: Blue", "changed: Blue"), "cannot read the expectation"),
        (COMPARISON.replace("edited: Blue", "clean"), "cannot read the expectation"),
        (COMPARISON.replace("edited: Blue", ""), "under '## expected' write"),
        (COMPARISON.replace("edited: Blue", "no change\nedited: Blue"), "under '## expected'"),
        ("# One\n## base\nR\n## a\nR\n## b\nR\n## expected\nclean\n", "needs '## merged'"),
    ],
)
def test_a_document_out_of_form_is_refused_with_file_and_line(text: str, sentence: str) -> None:
    with pytest.raises(CaseError, match=sentence) as refusal:
        read(text)
    assert str(refusal.value).startswith("some.md:")


def test_a_case_that_contradicts_itself_is_found() -> None:
    (case,) = read(COMPARISON.replace("edited: Blue", "edited: Green"))
    assert faults(case) == ["the words 'Green' stand in none of the texts"]
    (case,) = read(COMPARISON + "## markup\n{--Rod--}{++Blue++}.\n")
    assert faults(case) == ["the markup does not give the old text"]


def test_expectations_are_matched_one_to_one() -> None:
    came = [("edited", ("Red flags",)), ("edited", ("Red",))]
    assert unmet([Expectation("edited", "Red"), Expectation("edited", "Red flags")], came) == []
    assert unmet([Expectation("edited", "Red")], came) == ["not expected edited: Red"]
    assert unmet([Expectation("moved", "Red")], came[:1]) == [
        "expected moved: Red",
        "not expected edited: Red flags",
    ]
