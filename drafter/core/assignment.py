"""The best set of pairs: each old clause with at most one new one, likeness added up the most.

The Hungarian method (Kuhn 1955, in the shortest-path form of Jonker and Volgenant 1987), on
each connected group of candidates by itself: groups are small, so the cubic cost is too.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

Candidate = tuple[int, int, float]

_LARGEST = 150


def best_pairs(candidates: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Choose pairs (old, new) from `candidates` (old, new, likeness > 0).

    >>> best_pairs([(1, 1, 0.9), (1, 2, 0.8), (2, 1, 0.85)])
    [(1, 2), (2, 1)]
    """
    pairs: list[tuple[int, int]] = []
    for group in _groups(candidates):
        olds = sorted({old for old, _, _ in group})
        news = sorted({new for _, new, _ in group})
        if len(olds) == len(news) == 1:
            pairs.append((olds[0], news[0]))
        elif max(len(olds), len(news)) > _LARGEST:
            pairs.extend(_one_after_the_other(group))
        else:
            pairs.extend(_assign(group, olds, news))
    return sorted(pairs)


def _groups(candidates: Sequence[Candidate]) -> list[list[Candidate]]:
    """Cut candidates into groups that share no clause."""
    root: dict[tuple[str, int], tuple[str, int]] = {}

    def find(key: tuple[str, int]) -> tuple[str, int]:
        root.setdefault(key, key)
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for old, new, _ in candidates:
        root[find(("old", old))] = find(("new", new))
    groups: dict[tuple[str, int], list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        groups[find(("old", candidate[0]))].append(candidate)
    return list(groups.values())


def _one_after_the_other(group: Sequence[Candidate]) -> list[tuple[int, int]]:
    """Pair the most alike first: for groups too large to weigh as a whole."""
    used_old: set[int] = set()
    used_new: set[int] = set()
    pairs = []
    for old, new, _ in sorted(group, key=lambda candidate: (-candidate[2], candidate[:2])):
        if old not in used_old and new not in used_new:
            used_old.add(old)
            used_new.add(new)
            pairs.append((old, new))
    return pairs


def _assign(
    group: Sequence[Candidate], olds: Sequence[int], news: Sequence[int]
) -> list[tuple[int, int]]:
    weight = {(old, new): likeness for old, new, likeness in group}
    flipped = len(olds) > len(news)
    rows, columns = (news, olds) if flipped else (olds, news)
    cost = [
        [-weight.get((column, row) if flipped else (row, column), 0.0) for column in columns]
        for row in rows
    ]
    chosen = _least_cost(cost)
    pairs = [(rows[row], columns[column]) for row, column in enumerate(chosen)]
    if flipped:
        pairs = [(old, new) for new, old in pairs]
    return [pair for pair in pairs if weight.get(pair, 0.0) > 0]


def _least_cost(cost: Sequence[Sequence[float]]) -> list[int]:
    """Give for each row its column, each column once, at the least total cost; rows <= columns."""
    rows, columns = len(cost), len(cost[0])
    row_price = [0.0] * (rows + 1)
    column_price = [0.0] * (columns + 1)
    row_of = [0] * (columns + 1)
    for row in range(1, rows + 1):
        row_of[0] = row
        column = 0
        least = [float("inf")] * (columns + 1)
        came_from = [0] * (columns + 1)
        done = [False] * (columns + 1)
        while row_of[column]:
            done[column] = True
            here, step, following = row_of[column], float("inf"), 0
            for other in range(1, columns + 1):
                if done[other]:
                    continue
                price = cost[here - 1][other - 1] - row_price[here] - column_price[other]
                if price < least[other]:
                    least[other], came_from[other] = price, column
                if least[other] < step:
                    step, following = least[other], other
            for other in range(columns + 1):
                if done[other]:
                    row_price[row_of[other]] += step
                    column_price[other] -= step
                else:
                    least[other] -= step
            column = following
        while column:
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    chosen = [0] * rows
    for column in range(1, columns + 1):
        if row_of[column]:
            chosen[row_of[column] - 1] = column - 1
    return chosen
