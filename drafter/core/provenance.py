"""The history of each clause over the versions: every wording, and where it went."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from drafter.core.clauses import Report
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
        for name, history in found.items():
            if name not in snapshot.report.ids and history.gone is None:
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
