"""The history of each clause: every wording over the versions, every event on the way."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

from drafter.core.clauses import Chapter, Report
from drafter.core.diff import Change, Diff, diff_reports
from drafter.core.ids import ClauseId


@dataclass(frozen=True)
class Snapshot:
    """The report at one moment; `name` is the version's (`v2`), or says it is the draft."""

    name: str
    report: Report


@dataclass(frozen=True, slots=True)
class Wording:
    """One wording of a clause: since which version, its number there, and what changed."""

    version: str
    number: str
    text: str
    change: Change | None
    """What led here from the wording before; None for the first version of all."""


@dataclass(slots=True)
class ClauseHistory:
    """Every wording a clause had, oldest first. `gone`: the first version without it.

    `came_from`, `became`: ids of ancestors and heirs, by splits, joins and `was`.
    """

    id: ClauseId
    path: str
    wordings: list[Wording] = field(default_factory=list)
    gone: str | None = None
    came_from: tuple[ClauseId, ...] = ()
    became: tuple[ClauseId, ...] = ()


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a clause: it came, changed, moved or went.

    `position`: of the text after it. `change`: what happened; None where the clause stands in the
    first text of all. Numbers in it are not those that readers saw.
    """

    position: int
    change: Change | None

    def ends(self, clause: ClauseId) -> bool:
        """Tell whether the clause is gone from then on."""
        return self.change is not None and all(
            side.id != clause for side in self.change.sides("new")
        )


def events(line: Iterable[Report]) -> dict[ClauseId, tuple[Event, ...]]:
    """Give everything that happened to each clause from text to text, oldest first.

    The cost follows the size of the changes.
    """
    found: dict[ClauseId, tuple[Event, ...]] = {}
    before: Report | None = None
    for position, report in enumerate(line):
        if before is None:
            found = {
                place.clause.id: (Event(0, None),) for place in report.places() if place.clause.id
            }
        else:
            for change in diff_reports(*where_they_differ(before, report)).changes:
                sides = (*change.sides("old"), *change.sides("new"))
                for clause in dict.fromkeys(side.id for side in sides):
                    if clause:
                        found[clause] = (*found.get(clause, ()), Event(position, change))
        before = report
    return found


def lineage(line: Iterable[Report]) -> dict[ClauseId, dict[ClauseId, None]]:
    """Give for each clause the ancestors that it named in any of the texts, in their order."""
    found: dict[ClauseId, dict[ClauseId, None]] = {}
    seen: set[Chapter] = set()
    for report in line:
        for chapter in report.chapters:
            if chapter not in seen:
                seen.add(chapter)
                for clause in chapter.clauses:
                    if clause.id and clause.was:
                        found.setdefault(clause.id, {}).update(dict.fromkeys(clause.was))
    return found


def where_they_differ(old: Report, new: Report) -> tuple[Report, Report]:
    """Leave the chapters out that two texts have in common and no word can have come from.

    What is left is paired as within the whole, so that a step costs what it changed.
    """
    alike = {
        one.path
        for one in old.chapters
        if (two := new.chapter(one.path)) is not None and one.same_text(two)
    }
    first, second = _without(old, alike), _without(new, alike)
    named = {was for chapter in second.chapters for each in chapter.clauses for was in each.was}
    places = (old.locate(was) for was in named)
    alike -= {place.chapter.path for place in places if place is not None}
    common = len(first.ids & second.ids)
    if 2 * common < min(len(first.ids), len(second.ids)):  # as if all ids had been given anew
        return old, new
    return _without(old, alike), _without(new, alike)


def _without(report: Report, paths: Collection[str]) -> Report:
    return Report(tuple(chapter for chapter in report.chapters if chapter.path not in paths))


def histories(
    snapshots: Sequence[Snapshot], *, style: str = "clauses"
) -> dict[ClauseId, ClauseHistory]:
    """Give the history of every clause id that stands in any of the versions, oldest first."""
    found: dict[ClauseId, ClauseHistory] = {}
    before = Report(())
    for position, snapshot in enumerate(snapshots):
        diff = diff_reports(before, snapshot.report, style=style)
        _note_changes(found, diff, snapshot.name, first=position == 0)
        _note_lineage(found, snapshot.report)
        ids = snapshot.report.ids
        for name, history in found.items():
            if name not in ids and history.gone is None:
                history.gone = snapshot.name
        before = snapshot.report
    return found


def _note_changes(
    found: dict[ClauseId, ClauseHistory], diff: Diff, version: str, *, first: bool
) -> None:
    for change in diff.changes:
        for side in change.sides("new"):
            if side.id is None:
                continue
            history = found.setdefault(side.id, ClauseHistory(side.id, side.path))
            history.path, history.gone = side.path, None
            wording = Wording(version, side.number, side.text, None if first else change)
            history.wordings.append(wording)


def _note_lineage(found: dict[ClauseId, ClauseHistory], report: Report) -> None:
    for chapter in report.chapters:
        for clause in chapter.clauses:
            for ancestor in clause.was if clause.id else ():
                _link(found, ancestor, clause.id)


def _link(found: dict[ClauseId, ClauseHistory], ancestor: ClauseId, heir: ClauseId | None) -> None:
    if heir is None or heir not in found:
        return
    mine = found[heir]
    if ancestor not in mine.came_from:
        mine.came_from = (*mine.came_from, ancestor)
    old = found.get(ancestor)
    if old is not None and heir not in old.became:
        old.became = (*old.became, heir)
