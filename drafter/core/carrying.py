"""Carrying clause ids from one version to the next, for texts that were edited without them."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection

from drafter.core.clauses import Report
from drafter.core.ids import ClauseId, derive_id
from drafter.core.markdown import Marker
from drafter.core.marking import set_markers, takes_id
from drafter.core.pairing import Pairing, pair_reports


def carry_ids(old: Report, new: Report, taken: Collection[str] = (), salt: str = "") -> Report:
    """Give each clause of `new` the id it has in `old`, or a new one.

    A clause that has an id keeps it. The part of a split that is least like the old clause gets
    a new id with `was=`; a joined clause keeps the earliest id, with `was=` the others. Origins
    and ancestors are carried along. `taken` holds every id that ever was: none is used again.
    """
    pairing = pair_reports(old, new)
    used = {*taken, *old.ids, *new.ids}
    lineage = _lineage(pairing)
    seen: Counter[tuple[str, str]] = Counter()
    markers: dict[str, dict[int, Marker]] = {}
    held: set[str] = set(new.ids)
    for node in pairing.new:
        clause, path = node.clause, node.chapter.path
        if not takes_id(clause):
            continue
        seen[path, clause.hash] += 1
        marker = _carried(pairing, node.number, lineage, held)
        if marker is None and clause.id is None:
            fresh = derive_id(path, clause.hash, seen[path, clause.hash] - 1, salt, used)
            marker = Marker(fresh, clause.origin, lineage.get(node.number, ()))
        if marker is not None:
            used.add(marker.id)
            held.add(marker.id)
            if marker != clause.marker:
                markers.setdefault(path, {})[node.index] = marker
    return Report(tuple(set_markers(c, markers.get(c.path, {})) for c in new.chapters))


def _carried(
    pairing: Pairing, number: int, lineage: dict[int, tuple[ClauseId, ...]], held: set[str]
) -> Marker | None:
    """Give the marker that a new clause takes over from its old self; None where it has none."""
    clause = pairing.new[number].clause
    old = pairing.old_of.get(number)
    if clause.id is not None or old is None:
        return None
    before = pairing.old[old].clause
    if before.id is None or before.id in held:
        return None
    was = (*before.was, *(name for name in lineage.get(number, ()) if name not in before.was))
    return Marker(before.id, clause.origin or before.origin, was)


def _lineage(pairing: Pairing) -> dict[int, tuple[ClauseId, ...]]:
    """Give for each clause that a split or join made the ids it descends from, its own left out."""
    found: dict[int, tuple[ClauseId, ...]] = {}
    for old, news in pairing.split.items():
        ancestor = pairing.old[old].clause.id
        for new in news:
            if ancestor and pairing.old_of.get(new) != old:
                found[new] = (ancestor,)
    for new, olds in pairing.joined.items():
        keeps = pairing.old_of.get(new)
        names = [pairing.old[old].clause.id for old in olds if old != keeps]
        found[new] = tuple(name for name in names if name)
    return found
