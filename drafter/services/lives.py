"""The lives of clauses along main, and how each comment stands to the text of today.

Read out of git and kept: a clause's life is worked out once and then only carried on by what main
has won since. Of a change, only the chapters that name the clause are read.
"""

from __future__ import annotations

import re
import threading
from collections import OrderedDict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final

from drafter.core.clauses import Chapter, Place, Report
from drafter.core.diff import diff_reports
from drafter.core.ids import ClauseId
from drafter.core.reading import read_chapter
from drafter.core.standing import Standing, Turn, standing, turns_in
from drafter.people.comments import Comment
from drafter.store import names
from drafter.store.cache import BoundedCache
from drafter.store.history import Change, changed_paths, versions
from drafter.store.objects import Commit, decode
from drafter.store.reports import read_report
from drafter.store.repository import Repository

_ID: Final = re.compile(rb"\bc-[0-9a-z]+")

MOST_KEPT: Final = 20_000
"""Clauses whose lives are kept in memory."""


@dataclass(frozen=True, slots=True)
class Line:
    """Main's changes from the first to one tip, with the version that first contains each."""

    commits: tuple[Commit, ...]
    """Oldest first; the position of a change is its index here."""
    positions: Mapping[str, int]
    tags: tuple[tuple[int, str], ...]
    """(position, name) of each version, oldest first."""

    def version_at(self, position: int) -> str | None:
        """Name the first version that contains what stands at a position; None without one."""
        return next((name for at, name in self.tags if at >= position), None)


@dataclass(frozen=True, slots=True)
class LastSeen:
    """A clause that is gone, as it stood last."""

    report: Report
    place: Place
    turn: Turn
    """What took it out of the text."""


@dataclass(frozen=True, slots=True)
class _Changes:
    """What one change on main did: the chapters, and the amendment that it records."""

    chapters: tuple[Change, ...]
    amendment: int | None


class Lives:
    """The lives of one report's clauses; safe to share between threads."""

    def __init__(self, repository: Repository) -> None:
        self.repository = repository
        self._guard = threading.Lock()
        self._known: OrderedDict[ClauseId, tuple[str, tuple[Turn, ...]]] = OrderedDict()
        self._line: tuple[tuple[str, tuple[str, ...]], Line] | None = None
        self._changes: BoundedCache[str, _Changes] = BoundedCache(50_000)
        self._ids: BoundedCache[str, frozenset[bytes]] = BoundedCache(500_000, weigh=len)
        self._turned: BoundedCache[tuple[str, ...], Mapping[ClauseId, tuple[Turn, ...]]] = (
            BoundedCache(100_000, weigh=len)
        )

    def at(self, tip: str) -> LivesAt:
        """Give the lives up to a tip. Ask once for a page: it looks up the versions."""
        key = (tip, self.repository.tags())
        with self._guard:
            if self._line is not None and self._line[0] == key:
                return LivesAt(self, tip, self._line[1])
        commits = tuple(reversed([*self.repository.commits(tip)]))
        positions = {commit.id: at for at, commit in enumerate(commits)}
        tagged = ((positions.get(one.commit), one.name) for one in versions(self.repository))
        line = Line(commits, positions, tuple((at, name) for at, name in tagged if at is not None))
        with self._guard:
            self._line = (key, line)
        return LivesAt(self, tip, line)

    def turns(self, clause_id: ClauseId, tip: str, line: Line) -> tuple[Turn, ...]:
        """Give everything that happened to a clause on a line, without the versions."""
        with self._guard:
            known = self._known.get(clause_id)
        if known is not None and known[0] == tip:
            return known[1]
        start = 0
        turns: tuple[Turn, ...] = ()
        if known is not None and known[0] in line.positions:
            start, turns = line.positions[known[0]] + 1, known[1]
        for position in range(start, len(line.commits)):
            turns += self._turns(line.commits[position], position, clause_id)
        with self._guard:
            self._known[clause_id] = (tip, turns)
            self._known.move_to_end(clause_id)
            while len(self._known) > MOST_KEPT:
                self._known.popitem(last=False)
        return turns

    def _turns(self, commit: Commit, position: int, clause_id: ClauseId) -> tuple[Turn, ...]:
        changes = self._changes.get(commit.id, lambda: self._read_changes(commit))
        touched = tuple(change for change in changes.chapters if self._names(change, clause_id))
        if not touched:
            return ()
        key = (commit.id, *(change.path for change in touched))
        found = self._turned.get(
            key,
            lambda: turns_in(
                diff_reports(self._side(touched, old=True), self._side(touched, old=False)),
                position=position,
                amendment=changes.amendment,
                version=None,
                kind=commit.kind or "",
            ),
        )
        return found.get(clause_id, ())

    def _read_changes(self, commit: Commit) -> _Changes:
        parent = commit.parents[0] if commit.parents else None
        changes = changed_paths(self.repository, parent, commit.id)
        numbers = (names.record_number(change.path) for change in changes)
        return _Changes(
            tuple(change for change in changes if names.is_chapter(change.path)),
            next((number for number in numbers if number), None),
        )

    def _names(self, change: Change, clause_id: ClauseId) -> bool:
        blobs = (blob for blob in (change.old, change.new) if blob is not None)
        return any(clause_id.encode() in self._named(blob) for blob in blobs)

    def _named(self, blob: str) -> frozenset[bytes]:
        read = self.repository.read_blob
        return self._ids.get(blob, lambda: frozenset(_ID.findall(read(blob))))

    def _side(self, changes: tuple[Change, ...], *, old: bool) -> Report:
        sides = ((change.path, change.old if old else change.new) for change in changes)
        return Report(tuple(self._chapter(path, blob) for path, blob in sides if blob is not None))

    def _chapter(self, path: str, blob: str) -> Chapter:
        return self.repository.chapters.get(
            (path, blob), lambda: read_chapter(path, decode(self.repository.read_blob(blob)))
        )


@dataclass(frozen=True, slots=True)
class LivesAt:
    """The lives of a report's clauses up to one tip."""

    lives: Lives
    tip: str
    line: Line

    def life(self, clause_id: ClauseId) -> tuple[Turn, ...]:
        """Give everything that happened to a clause, oldest first."""
        turns = self.lives.turns(clause_id, self.tip, self.line)
        return tuple(replace(turn, version=self.line.version_at(turn.position)) for turn in turns)

    def standing(self, comment: Comment) -> Standing:
        """Tell how a comment stands to the text at this tip."""
        return standing(self.life(comment.clause_id), self.seen_at(comment), comment.wording_hash)

    def seen_at(self, comment: Comment) -> int:
        """Give the position on main of the text that a comment's author saw."""
        at = self.line.positions.get(comment.commit_seen or "")
        if at is not None:
            return at
        commits = self.line.commits
        earlier = [i for i, one in enumerate(commits) if one.time <= comment.created_at]
        return earlier[-1] if earlier else 0

    def last_seen(self, clause_id: ClauseId) -> LastSeen | None:
        """Find a clause that is gone as it stood last; None for one that stands or never was."""
        turns = self.life(clause_id)
        if not turns or not turns[-1].ends:
            return None
        before = self.line.commits[turns[-1].position - 1]
        report = read_report(self.lives.repository, before.id)
        place = report.locate(clause_id)
        return LastSeen(report, place, turns[-1]) if place is not None else None


def lives_at(repository: Repository, tip: str) -> LivesAt:
    """Give the lives of a report's clauses up to a tip; what was read is kept with the report."""
    kept = repository.derived.get("lives", lambda: Lives(repository))
    assert isinstance(kept, Lives)
    return kept.at(tip)
