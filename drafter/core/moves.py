"""Which clauses moved between two texts: as few as explain the new order."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise

from drafter.core.pairing import Pairing


def moved_clauses(pairing: Pairing) -> frozenset[int]:
    """Give the numbers (new side) of the clauses that moved: as few as explain the new order.

    A clause with another parent moved, unless the parent is the same clause. Among the children
    of one parent the longest run that kept its order stayed; of runs equally long the one with
    more words.
    """
    old_parents, new_parents = pairing.old_index.parents, pairing.new_index.parents
    chapters = chapter_pairs(pairing)
    moved: set[int] = set()
    families: dict[int | str, list[int]] = {}
    for new, old in sorted(pairing.old_of.items()):
        family, was = new_parents[new], old_parents[old]
        if isinstance(family, int):
            same = pairing.old_of.get(family) == was
        else:
            same = not isinstance(was, int) and chapters.get(family) == was
        if same:
            families.setdefault(family, []).append(new)
        else:
            moved.add(new)
    for children in families.values():
        moved |= _out_of_order(pairing, children)
    return frozenset(moved)


def chapter_pairs(pairing: Pairing) -> dict[str, str]:
    """Map the path of each new chapter to that of the old chapter it carries on.

    A chapter keeps its path; under a new path it carries on the one that most clauses come from.
    """
    old_paths, new_paths = pairing.old_index.paths, pairing.new_index.paths
    pairs = {path: path for path in old_paths & new_paths}
    if pairs.keys() == new_paths:
        return pairs
    votes: Counter[tuple[str, str]] = Counter()
    for new, old in pairing.old_of.items():
        one, two = pairing.new[new].chapter.path, pairing.old[old].chapter.path
        if one not in pairs and two not in new_paths:
            votes[one, two] += 1
    for (one, two), _ in votes.most_common():
        if one not in pairs and two not in pairs.values():
            pairs[one] = two
    return pairs


def _out_of_order(pairing: Pairing, children: Sequence[int]) -> set[int]:
    """Give those of `children` (in new order) that left the longest run in old order."""
    olds = [pairing.old_of[new] for new in children]
    if all(a < b for a, b in pairwise(olds)):
        return set()
    start, end = _disorder(olds)
    weights = [len(pairing.new[new].clause.wording) for new in children[start:end]]
    stays = _heaviest_longest_run(olds[start:end], weights)
    return {children[start + i] for i in range(end - start) if i not in stays}


def _disorder(values: Sequence[int]) -> tuple[int, int]:
    """Give the range outside which everything stands where it would if sorted."""
    order = sorted(values)
    start = next(i for i, (a, b) in enumerate(zip(values, order, strict=True)) if a != b)
    end = next(
        len(values) - i
        for i, (a, b) in enumerate(zip(reversed(values), reversed(order), strict=True))
        if a != b
    )
    return start, end


def _heaviest_longest_run(values: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Give the positions of a longest rising run; of those, one of the greatest weight.

    A Fenwick tree over the ranks keeps the best run that ends at or below each: n log n.

    >>> sorted(_heaviest_longest_run([3, 0, 1, 2], [9, 1, 1, 1]))
    [1, 2, 3]
    >>> sorted(_heaviest_longest_run([1, 0], [9, 1]))
    [0]
    """
    order = sorted(values)
    size = len(values)
    tree: list[tuple[int, int, int]] = [(0, 0, -1)] * (size + 1)
    before: list[int] = []
    best = (0, 0, -1)
    for position, value in enumerate(values):
        rank = bisect_left(order, value)
        top, at = (0, 0, -1), rank
        while at > 0:
            top = max(top, tree[at], key=lambda run: run[:2])
            at -= at & -at
        before.append(top[2])
        run = (top[0] + 1, top[1] + weights[position], position)
        best = max(best, run, key=lambda found: found[:2])
        at = rank + 1
        while at <= size:
            tree[at] = max(tree[at], run, key=lambda found: found[:2])
            at += at & -at
    stays, position = set(), best[2]
    while position >= 0:
        stays.add(position)
        position = before[position]
    return stays
