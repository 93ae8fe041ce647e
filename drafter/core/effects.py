"""What a change of the draft amounts to, as instructions: what ballots bind and records name."""

from __future__ import annotations

from typing import Any

from drafter.core.clauses import Clause, Report, place_at
from drafter.core.errors import BadInput
from drafter.core.index import Node
from drafter.core.instructions import Instruction, origins_hash
from drafter.core.moves import moved_clauses
from drafter.core.pairing import Pairing, pair_reports
from drafter.core.saying import say


def instructions_between(before: Report, after: Report) -> tuple[Instruction, ...]:
    """List what leads from one text to the other, in reading order, removals last.

    Raises BadInput where a change touches what no ballot can name: an opaque block, or a clause
    without an id.
    """
    before, after = _changed_chapters(before, after)
    pairing = pair_reports(before, after)
    moved = moved_clauses(pairing)
    found = [_instruction(pairing, node, node.number in moved) for node in pairing.new]
    gone = [node for node in pairing.old if node.number not in pairing.new_of]
    return (*(one for one in found if one is not None), *(_repeal(node) for node in gone))


def _changed_chapters(before: Report, after: Report) -> tuple[Report, Report]:
    """Leave out the chapters that are the same in both: nothing came from them or went there."""
    same = {
        chapter.path
        for chapter in before.chapters
        if (other := after.chapter(chapter.path)) and chapter.same_text(other)
    }
    one, two = (
        Report(tuple(chapter for chapter in report.chapters if chapter.path not in same))
        for report in (before, after)
    )
    return one, two


def _instruction(pairing: Pairing, node: Node, moved: bool) -> Instruction | None:
    old = pairing.old_of.get(node.number)
    before = None if old is None else pairing.old[old].clause
    if before is not None and not moved and not _differ(before, node.clause):
        return None
    clause = _nameable(node)
    origins: dict[str, Any] = {}
    had = () if before is None else before.origin
    if set(had) != set(clause.origin):
        origins["origins_after"] = origins_hash(clause.origin)
        if before is not None:
            origins["origins_before"] = origins_hash(had)
    where: dict[str, Any] = {}
    if before is None or moved:
        place = place_at(node.chapter, node.index)
        where = {"parent": place.parent or node.chapter.path, "preceding": place.after}
    return Instruction(
        verb="insert" if before is None else "move" if moved else "substitute",
        clause=clause.id,
        type=clause.type,
        ordered=clause.ordered,
        level=clause.level,
        before=before.hash if before else None,
        after=clause.hash,
        **where,
        **origins,
    )


def _differ(before: Clause, after: Clause) -> bool:
    return before.hash != after.hash or set(before.origin) != set(after.origin)


def _repeal(node: Node) -> Instruction:
    clause = _nameable(node)
    return Instruction(
        verb="repeal",
        clause=clause.id,
        type=clause.type,
        ordered=clause.ordered,
        level=clause.level,
        before=clause.hash,
    )


def _nameable(node: Node) -> Clause:
    clause = node.clause
    if clause.type == "opaque" or clause.id is None:
        raise BadInput(
            say(
                "The change touches line {line} of {path}, which has no clause "
                "id: no vote can name it. Change only clauses, or give the file its ids first.",
                line=clause.line,
                path=node.chapter.path,
            ),
            path=node.chapter.path,
            line=clause.line,
        )
    return clause
