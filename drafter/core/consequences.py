"""What accepting one amendment would do to each other open one, were it accepted next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal, NamedTuple

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Report
from drafter.core.effects import instructions_between
from drafter.core.frontmatter import read_chapter_settings
from drafter.core.ids import ClauseId, is_clause_id
from drafter.core.instructions import chapter_hash
from drafter.core.merge import merge_reports

Effect = Literal["unchanged", "merges", "competes", "lapses"]


@dataclass(frozen=True)
class Proposal:
    """An amendment as two texts: the draft it was made on, and that draft with its change."""

    number: int
    base: Report
    proposed: Report
    adopts: str | None = None
    """The chapter whose drafting it ends, by its path; then it changes no words."""


@dataclass(frozen=True, slots=True)
class Consequence:
    """What happens to amendment `number`, and in which clauses.

    `unchanged`: it touches no clause that the accepted one touches. `merges`: the same clause,
    separate words; its outcome changes, so a running vote on it goes stale. `competes`: the same
    words. `lapses`: all it asks is already so, or all it touches is gone.
    """

    number: int
    effect: Effect
    clauses: tuple[ClauseId, ...]


def consequences(
    main: Report, accepted: Proposal, others: Sequence[Proposal]
) -> tuple[Consequence, ...]:
    """Tell, for each of `others`, what accepting `accepted` on `main` would do to it.

    What an amendment does is what a ballot on it binds: its instructions on the draft as it then
    is. One that competes with the draft already is said to compete.
    """
    after = merge_reports(accepted.base, main, accepted.proposed).report
    changed = touched_between(main, after)
    return tuple(
        _adoption(main, after, accepted, other)
        if other.adopts
        else _consequence(main, after, changed, other)
        for other in others
    )


def _adoption(main: Report, after: Report, accepted: Proposal, other: Proposal) -> Consequence:
    """Tell what happens to a motion that adopts a chapter: it binds the chapter's whole text."""
    assert other.adopts is not None
    was, now = main.chapter(other.adopts), after.chapter(other.adopts)
    if now is None or accepted.adopts == other.adopts:
        return Consequence(other.number, "lapses", ())
    same = was is not None and chapter_hash(was.text) == chapter_hash(now.text)
    return Consequence(other.number, "unchanged" if same else "merges", ())


def _consequence(
    main: Report, after: Report, changed: frozenset[str], other: Proposal
) -> Consequence:
    touched = touched_between(other.base, other.proposed)
    common = tuple(ClauseId(name) for name in sorted(touched & changed) if is_clause_id(name))
    if not touched & changed:
        return Consequence(other.number, "unchanged", ())
    paths = _chapters_of(other, main, after)
    base, before, now, proposed = (
        _only(report, paths) for report in (other.base, main, after, other.proposed)
    )
    merged = merge_reports(base, now, proposed)
    if merged.competing:
        gone = _all_gone(other, after, touched)
        return Consequence(other.number, "lapses" if gone else "competes", common)
    outcome = instructions_between(now, merged.report)
    if not outcome:
        return Consequence(other.number, "lapses", common)
    earlier = merge_reports(base, before, proposed)
    same = earlier.clean and set(outcome) == set(instructions_between(before, earlier.report))
    return Consequence(other.number, *(("unchanged", ()) if same else ("merges", common)))


def asks_nothing(main: Report, proposal: Proposal) -> bool:
    """Tell whether all that an amendment asks is so already, or all that it touches is gone.

    What `lapses` says of an amendment before a decision, said of it as the draft stands.
    """
    if proposal.adopts:
        chapter = main.chapter(proposal.adopts)
        front = split_front_matter(chapter.text)[0] if chapter else ""
        return read_chapter_settings(front, proposal.adopts).phase != "drafting"
    touched = touched_between(proposal.base, proposal.proposed)
    if not touched:
        return False
    merged = merge_reports(proposal.base, main, proposal.proposed)
    if merged.competing:
        return _all_gone(proposal, main, touched)
    return not instructions_between(main, merged.report)


def _all_gone(other: Proposal, after: Report, touched: Iterable[str]) -> bool:
    """Tell whether all clauses that an amendment changes were removed, and it adds none."""
    names = [name for name in touched if name in other.base.ids or name in other.proposed.ids]
    return all(other.base.locate(name) and not after.locate(name) for name in names)


def _only(report: Report, paths: frozenset[str]) -> Report:
    return Report(tuple(chapter for chapter in report.chapters if chapter.path in paths))


def _chapters_of(other: Proposal, main: Report, after: Report) -> frozenset[str]:
    """Name the chapters in which the amendment, or what it touches, stands in any of the texts."""
    paths = set(_changed_chapters(other.base, other.proposed))
    names = {
        clause.id
        for report in (other.base, other.proposed)
        for chapter in report.chapters
        if chapter.path in paths
        for clause in chapter.clauses
        if clause.id
    }
    for report in (main, after):
        for path in _changed_chapters(other.base, report):
            chapter = report.chapter(path)
            if chapter and any(clause.id in names for clause in chapter.clauses):
                paths.add(path)
    return frozenset(paths)


def _changed_chapters(one: Report, two: Report) -> frozenset[str]:
    """Name the chapters that are not the same in both."""
    if one is two:
        return frozenset()
    first = {chapter.path: chapter for chapter in one.chapters}
    second = {chapter.path: chapter for chapter in two.chapters}
    return frozenset(
        path
        for path in first.keys() | second.keys()
        if path not in first or path not in second or not first[path].same_text(second[path])
    )


class _Stand(NamedTuple):
    """How a clause stands in a text."""

    hash: str
    origins: frozenset[str]
    parent: str
    after: str


def touched_between(one: Report, two: Report) -> frozenset[str]:
    """Name what a change touches: clauses that differ, and the places of what came, went or moved.

    A place is named by the parent (or chapter) and by the clause before it. Rather too much than
    too little: what is named here is looked at closely.
    """
    paths = _changed_chapters(one, two)
    before, after = _stands(one, paths), _stands(two, paths)
    found: set[str] = set()
    for name in before.keys() | after.keys():
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        if was and now and was[2:] == now[2:]:
            found.add(name)
            continue
        found.add(name)
        for stand in (was, now):
            if stand:
                found |= {stand.parent, f"behind {stand.after}", stand.after}
    return frozenset(found)


def _stands(report: Report, paths: frozenset[str]) -> dict[str, _Stand]:
    found: dict[str, _Stand] = {}
    for path in paths:
        chapter = report.chapter(path)
        for index, clause in enumerate(chapter.clauses if chapter else ()):
            assert chapter is not None
            name = clause.id or f"{path} {clause.hash}"
            parent = chapter.id_at(clause.parent) or path
            after = chapter.id_at(chapter.before[index]) or f"top of {parent}"
            found[name] = _Stand(clause.hash, frozenset(clause.origin), parent, after)
    return found
