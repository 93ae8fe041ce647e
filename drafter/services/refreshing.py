"""Motions whose words have moved: found after every write to main, and set aside as stale.

A vote is on exact words. Where the draft has changed so that accepting an amendment would do
something else than what was put, its motion ends at once, and nobody votes on it any more.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from drafter.core.consequences import touched_between
from drafter.core.instructions import ballot_hash
from drafter.people.audit import note
from drafter.people.motions import RunningMotion, running_motions, set_aside
from drafter.services.proposals import effect_of, record_at
from drafter.store.cache import BoundedCache
from drafter.store.history import changed_paths
from drafter.store.names import is_chapter
from drafter.store.reports import read_report
from drafter.store.repository import Repository

if TYPE_CHECKING:
    from drafter.services.instance import Instance


class Last(NamedTuple):
    """What the last comparing found; one value, so that no thread sees half of it."""

    tip: str
    """Main's tip then."""
    unmoved: frozenset[tuple[int, int]]
    """Amendment and round of each motion that would have done there what its ballots bind."""


class Compared:
    """What one process remembers of comparing running motions with main."""

    def __init__(self) -> None:
        self.last = Last("", frozenset())
        self.names: BoundedCache[str, frozenset[str]] = BoundedCache(20_000)
        """What each amendment is about, by its branch's tip."""
        self.changes: BoundedCache[tuple[str, str], frozenset[str]] = BoundedCache(100)
        """What differs between two commits on main."""


def refresh(instance: Instance) -> tuple[int, ...]:
    """Set aside every running motion whose words have moved; return the amendments' numbers.

    Costs nothing while main stands where this process compared last. Whoever moves main calls
    this; what another process or a crash leaves is found at the next ballot, closing or page.
    """
    instance.repository.forget_pruned()
    tip, last = instance.tip, instance.compared.last
    if last.tip == tip:
        return ()
    with instance.database.looking() as session:
        running = running_motions(session)
    moved = [each for each in running if _is_concerned(instance, each, last, tip)]
    stale = []
    if moved:
        with instance.database.writing() as session:
            now = instance.clock()
            stale = [m.amendment for m in moved if set_aside(session, m.amendment, m.round, now)]
            for number in stale:
                note(session, "drafter", "go stale", f"amendment {number}", now)
    unmoved = frozenset(map(_key, running)) - frozenset(map(_key, moved))
    instance.compared.last = Last(tip, unmoved)
    return tuple(stale)


def _is_concerned(instance: Instance, motion: RunningMotion, last: Last, tip: str) -> bool:
    """Tell whether a motion's words have moved; looked at closely only where they may have."""
    branch_tip = motion.branch_tip
    since = last.tip if _key(motion) in last.unmoved else motion.base_commit
    if since == tip:
        return False
    if branch_tip is not None:
        changed = changed_between(instance, since, tip)
        if not changed & names_of(instance, motion.amendment, branch_tip):
            return False
    return has_moved(instance, motion, tip)


def _key(motion: RunningMotion) -> tuple[int, int]:
    return (motion.amendment, motion.round)


def names_of(instance: Instance, number: int, branch_tip: str) -> frozenset[str]:
    """Name the clauses, places and chapters that an amendment is about; read once a process.

    What shares no name with a change is left by it as it is.
    """
    names = instance.compared.names
    return names.get(branch_tip, lambda: _named(instance.repository, number, branch_tip))


def _named(repository: Repository, number: int, branch_tip: str) -> frozenset[str]:
    record = record_at(repository, branch_tip, number)
    found = (
        name
        for each in record.instructions
        for name in (each.clause, each.parent, each.preceding, each.chapter)
    )
    return frozenset(name for name in found if name is not None)


def changed_between(instance: Instance, before: str, after: str) -> frozenset[str]:
    """Name what differs between two commits; the spans asked for last are remembered."""
    span = (before, after)
    return instance.compared.changes.get(span, lambda: _changed(instance.repository, *span))


def _changed(repository: Repository, before: str, after: str) -> frozenset[str]:
    """Name what differs between two commits: clauses, places, and chapters as such."""
    paths = {change.path for change in changed_paths(repository, before, after)}
    chapters = frozenset(path for path in paths if is_chapter(path))
    if not chapters:
        return frozenset()
    return chapters | touched_between(
        read_report(repository, before), read_report(repository, after)
    )


def has_moved(instance: Instance, motion: RunningMotion, tip: str) -> bool:
    """Tell whether accepting it at `tip` would do something else than what its ballots bind."""
    if motion.branch_tip is None:
        return True
    effect = effect_of(instance.repository, tip, motion.amendment, motion.branch_tip)
    bound = ballot_hash(effect.instructions, motion.rules_id)
    return bool(effect.competing) or not effect.instructions or bound != motion.ballot_hash
