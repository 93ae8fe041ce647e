"""A report laid out for comparing: its clauses in one row, by number, with what is asked often.

Reports are values that never change, so an index is made once for each (`index_of`).
"""

from __future__ import annotations

import functools
from collections import Counter
from dataclasses import dataclass
from typing import NamedTuple

from drafter.core.clauses import Chapter, Clause, Report


@dataclass(frozen=True, slots=True)
class Node:
    """A clause with its place: number overall in reading order, chapter, index there."""

    number: int
    chapter: Chapter
    index: int
    clause: Clause


class Index(NamedTuple):
    """What comparing needs to know of one report.

    `ids`: the number of each id; one that stands twice names neither. `heirs`: the numbers of the
    clauses that name ancestors. `parents`: for each clause the number of the item it is nested
    in, else the path of its chapter. `named`: how many clauses have an id.
    """

    nodes: list[Node]
    ids: dict[str, int]
    heirs: list[int]
    parents: list[int | str]
    named: int
    paths: frozenset[str]


@functools.lru_cache(maxsize=64)
def index_of(report: Report) -> Index:
    """Lay out a report; the same report gives the same index."""
    nodes: list[Node] = []
    parents: list[int | str] = []
    for chapter in report.chapters:
        first = len(nodes)
        for index, clause in enumerate(chapter.clauses):
            nodes.append(Node(first + index, chapter, index, clause))
            parents.append(chapter.path if clause.parent is None else first + clause.parent)
    counts = Counter([node.clause.id for node in nodes])
    ids: dict[str, int] = {
        n.clause.id: n.number for n in nodes if n.clause.id and counts[n.clause.id] == 1
    }
    return Index(
        nodes,
        ids,
        [node.number for node in nodes if node.clause.was],
        parents,
        len(nodes) - counts[None],
        frozenset(chapter.path for chapter in report.chapters),
    )
