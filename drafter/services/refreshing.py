"""Motions whose words have moved: found after every write to main, and set aside as stale.

A vote is on exact words. Where the draft has changed so that accepting an amendment would do
something else than what was put, its motion ends at once, and nobody votes on it any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.clauses import Report
from drafter.core.errors import NotFound
from drafter.core.instructions import ballot_hash
from drafter.people.amendments import Amendment, find_amendment
from drafter.people.audit import note
from drafter.people.motions import Motion, running_motions, set_aside
from drafter.people.settings import read_setting, write_setting
from drafter.services.proposals import effect_of, record_at
from drafter.store import names
from drafter.store.history import changed_paths
from drafter.store.reports import read_report
from drafter.store.repository import Repository

if TYPE_CHECKING:
    from drafter.services.instance import Instance

CHECKED = "motions checked at"
"""The setting that names the commit on main up to which every running motion was compared."""


def refresh(instance: Instance) -> tuple[int, ...]:
    """Set aside every running motion whose words have moved; return the amendments' numbers.

    Costs one query while main stands where it stood. Whoever moves main calls this; a crash in
    between is made good by the next write, and by the next ballot.
    """
    tip = instance.tip
    with instance.database.reading() as session:
        checked = read_setting(session, CHECKED)
        if checked == tip:
            return ()
        running = running_motions(session)
        views = {each.amendment: find_amendment(session, each.amendment) for each in running}
    change = _since(instance, checked, tip) if running else None
    moved = []
    for motion in running:
        view = views[motion.amendment]
        if change is None or view is None or change.concerns(instance.repository, view):
            moved += [motion] if has_moved(instance, motion, view, tip) else []
    with instance.database.writing() as session:
        now = instance.clock()
        stale = [m for m in moved if set_aside(session, m.amendment, m.round, now)]
        for motion in stale:
            note(session, "drafter", "go stale", f"amendment {motion.amendment}", now)
        write_setting(session, CHECKED, tip)
    return tuple(motion.amendment for motion in stale)


def has_moved(instance: Instance, motion: Motion, view: Amendment | None, tip: str) -> bool:
    """Tell whether accepting it at `tip` would do something else than what its ballots bind."""
    if view is None or view.branch_tip is None:
        return True
    effect = effect_of(instance.repository, tip, motion.amendment, view.branch_tip)
    bound = ballot_hash(effect.instructions, motion.rules_id)
    return bool(effect.competing) or not effect.instructions or bound != motion.ballot_hash


@dataclass(frozen=True)
class _Change:
    """What happened on main since the motions were last compared."""

    paths: frozenset[str]
    """The chapters that are not the same."""
    before: Report
    after: Report

    def concerns(self, repository: Repository, view: Amendment) -> bool:
        """Tell whether a chapter changed that the amendment is about: never a wrong no."""
        if view.branch_tip is None:
            return True
        record = record_at(repository, view.branch_tip, view.number)
        own = {c.path for c in changed_paths(repository, record.base_commit, view.branch_tip)}
        named = {
            name
            for each in record.instructions
            for name in (each.clause, each.parent, each.preceding)
            if name is not None
        }
        chapters = {each.chapter for each in record.instructions if each.chapter}
        places = [report.locate(name) for report in (self.before, self.after) for name in named]
        stand = {place.chapter.path for place in places if place is not None}
        return bool(self.paths & (own | chapters | stand))


def _since(instance: Instance, checked: str | None, tip: str) -> _Change | None:
    """Compare main with what it was; None where that is not known, as after a restore."""
    repository = instance.repository
    if checked is None or not _is_there(repository, checked):
        return None
    paths = (change.path for change in changed_paths(repository, checked, tip))
    return _Change(
        frozenset(path for path in paths if names.is_chapter(path)),
        read_report(repository, checked),
        read_report(repository, tip),
    )


def _is_there(repository: Repository, commit: str) -> bool:
    try:
        repository.commit(commit)
    except NotFound:
        return False
    return True
