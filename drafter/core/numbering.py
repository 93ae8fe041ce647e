"""The numbers that readers see: computed from where a clause stands, never stored.

Styles: `clauses` counts every clause of a chapter (4.2) and letters its items (4.2(1)(a)),
`decimal` the same with points (4.2.1.1), `sections` numbers headings alone, `none` nothing.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Mapping
from typing import Literal, get_args

from drafter.core.clauses import Chapter, Report
from drafter.core.errors import BadInput
from drafter.core.saying import say

Style = Literal["clauses", "decimal", "sections", "none"]
Numbers = Mapping[tuple[str, int], str]
"""The number of each clause, by the path of its chapter and its index there."""

_ROMAN = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


_OWN = re.compile(
    r"""[*_]*(?:
        §+\s*\d
      | \d{1,3}(?:\.\d+)*(?:\\?[.)])?(?=[:\s*_]|$)      # 4, 4., 4.1, 4)
      | [(]\s*(?:\d{1,3}|[a-z]|[ivxlcdm]+)\s*[)]        # (a)
      | [IVXLCDM]+\\?[.):](?=\s|$)                      # IV.
      | [^\W\d_]+\.?\s+(?:\d{1,3}[a-z]?|[IVXLCDM]+)     # Article IV
        (?:\.\d+)*(?=[-.:,;)\s*_\u2013\u2014]|$)
    )""",
    re.VERBOSE,
)


def numbers_itself(report: Report) -> bool:
    """Tell whether a text has its own numbers: most of its headings, two at least, begin with one.

    Counted are `4`, `4.1`, `(a)`, `IV.`, `§ 3`, and one word with a number: `Article IV`,
    `Section 2`, `Erthygl 3`. A year is no such number.
    """
    headings = [each.clause for each in report.places() if each.clause.type == "heading"]
    own = sum(_OWN.match(clause.wording) is not None for clause in headings)
    return own >= 2 and 2 * own > len(headings)


def number_report(report: Report, style: str = "clauses") -> dict[tuple[str, int], str]:
    """Number all clauses of a report. Opaque blocks have no number; nor has a chapter's title.

    Raises BadInput for a style that does not exist.
    """
    if style not in get_args(Style):
        raise BadInput(
            say(
                "There is no numbering style {style!r}: use {get_args}.",
                style=style,
                get_args=", ".join(get_args(Style)),
            )
        )
    numbers: dict[tuple[str, int], str] = {}
    if style == "none":
        return numbers
    for position, chapter in enumerate(report.chapters, 1):
        numbers |= _number_chapter(chapter, position, style)
    return numbers


@functools.lru_cache(maxsize=4096)
def _number_chapter(chapter: Chapter, position: int, style: str) -> dict[tuple[str, int], str]:
    if style == "sections":
        found = _sections(chapter, position)
    else:
        found = _clauses(chapter, position, points=style == "decimal")
    return {(chapter.path, index): number for index, number in found.items()}


def _clauses(chapter: Chapter, position: int, *, points: bool) -> dict[int, str]:
    found: dict[int, str] = {}
    count, base = 0, str(position)
    items: dict[int | None, int] = {}
    for index, clause in enumerate(chapter.clauses):
        if clause.type == "opaque":
            continue
        if clause.type == "item":
            items[clause.parent] = items.get(clause.parent, 0) + 1
            above = base if clause.parent is None else found.get(clause.parent, base)
            depth = _depth(chapter, index)
            found[index] = above + _item(items[clause.parent], depth, points=points)
        elif clause.type == "heading" and clause.level == 1 and count == 0:
            found[index] = base
        else:
            count += 1
            base = f"{position}.{count}"
            items.pop(None, None)
            found[index] = base
    return found


def _depth(chapter: Chapter, index: int) -> int:
    depth = 0
    parent = chapter.clauses[index].parent
    while parent is not None:
        depth += chapter.clauses[parent].type == "item"
        parent = chapter.clauses[parent].parent
    return depth


def _item(count: int, depth: int, *, points: bool) -> str:
    if points:
        return f".{count}"
    mark = (str(count), _letter(count), _roman(count))[depth % 3]
    return f"({mark})"


def _letter(count: int) -> str:
    """Give a, b, … z, aa, ab, …

    >>> _letter(1), _letter(27)
    ('a', 'aa')
    """
    text = ""
    while count:
        count, rest = divmod(count - 1, 26)
        text = chr(ord("a") + rest) + text
    return text


def _roman(count: int) -> str:
    """Give a small Roman number.

    >>> _roman(4), _roman(19)
    ('iv', 'xix')
    """
    text = ""
    for value, digits in _ROMAN:
        times, count = divmod(count, value)
        text += digits * times
    return text


def _sections(chapter: Chapter, position: int) -> dict[int, str]:
    found: dict[int, str] = {}
    counts: list[int] = []
    top = _title_level(chapter)
    for index, clause in enumerate(chapter.clauses):
        if clause.type != "heading" or clause.level is None:
            continue
        depth = clause.level - top
        counts = [*counts[:depth], *[0] * (depth - len(counts)), *counts[depth : depth + 1]]
        if depth == 0:
            found[index] = str(position)
            counts = []
            continue
        counts = counts[:depth]
        counts[-1] += 1
        found[index] = ".".join(map(str, (position, *counts)))
    return found


def _title_level(chapter: Chapter) -> int:
    """Give the level of the chapter's title: where several headings are topmost, the one above."""
    levels = [clause.level or 1 for clause in chapter.clauses if clause.type == "heading"]
    top = min(levels, default=1)
    return top if levels[:1] == [top] and levels.count(top) == 1 else top - 1
