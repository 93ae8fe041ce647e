"""The steps that lead from one text to another: those of an amendment, to draft it anew."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from drafter.core import editing
from drafter.core.clauses import Chapter, Report
from drafter.core.effects import instructions_between
from drafter.core.errors import BadInput
from drafter.core.instructions import Instruction
from drafter.core.steps import ADDABLE, RECASTABLE, Add, Move, NewChapter, Remove, Reword, Step


def steps_between(before: Report, after: Report) -> tuple[Step, ...]:
    """Give steps that lead from one text to the other.

    In reading order, removals last. Raises BadInput where a change has no step: of a table's,
    code's or footnote's type, or of a block without an id.
    """
    old_paths = {chapter.path for chapter in before.chapters}
    found: list[Step] = [
        NewChapter(chapter.path, chapter.text)
        for chapter in after.chapters
        if chapter.path not in old_paths
    ]
    gone: list[Instruction] = []
    for each in instructions_between(before, after):
        if each.verb == "repeal":
            gone.append(each)
        elif not (each.verb == "insert" and _chapter_of(after, each).path not in old_paths):
            found += _steps_of(before, after, each)
    return (*found, *_removals(before, gone))


def _chapter_of(report: Report, each: Instruction) -> Chapter:
    place = report.locate(str(each.clause))
    assert place is not None
    return place.chapter


def _steps_of(before: Report, after: Report, each: Instruction) -> list[Step]:
    place = after.locate(str(each.clause))
    assert place is not None
    assert each.clause is not None
    clause, typed = place.clause, editing.typed_text(place.clause)
    if each.verb == "insert":
        if clause.type not in ADDABLE:
            raise BadInput("A footnote was added, which this editor cannot draft anew.")
        return [
            Add(
                path=place.chapter.path,
                parent=place.parent,
                after=place.after,
                text=typed,
                type=clause.type,
                ordered=clause.ordered,
                level=clause.level,
                id=clause.id,
                origin=clause.origin,
                was=tuple(each for each in clause.was if before.locate(each)),
            )
        ]
    was = before.locate(each.clause)
    recast = was is not None and was.clause.kind != clause.kind
    if was is None or (recast and not {was.clause.type, clause.type} <= set(RECASTABLE)):
        raise BadInput("A clause changed its kind, which this editor cannot draft anew.")
    found: list[Step] = []
    if each.verb == "move":
        found.append(Move(each.clause, place.chapter.path, place.parent, place.after))
    if recast:
        found.append(Reword(each.clause, typed, clause.type, clause.ordered, clause.level))
    elif was.clause.hash != clause.hash:
        found.append(Reword(each.clause, typed))
    return found


def _removals(before: Report, gone: Sequence[Instruction]) -> Iterable[Step]:
    """Name what was removed, but for what goes along with the item that it is nested in."""
    names = {str(each.clause) for each in gone}
    for each in gone:
        place = before.locate(str(each.clause))
        if each.clause and place and str(place.parent) not in names:
            yield Remove(each.clause)
