"""Recorded edits: a seat's change outside a vote, in a drafting chapter, or editorial."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.clauses import ClauseType, Report
from drafter.core.errors import Conflict, Refused
from drafter.core.ids import ClauseId
from drafter.core.steps import Add, Remove, Reword, Step, apply_steps
from drafter.people.audit import note
from drafter.services.authority import Actor, authorize
from drafter.services.commenting import require_clause
from drafter.services.drafting import check_step
from drafter.services.identities import ids_ever
from drafter.services.permitted import edit_faults
from drafter.services.proposals import chapter_changes
from drafter.services.standing import require_still
from drafter.store import names
from drafter.store.messages import write_message
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Edited:
    """An edit that main holds."""

    clause: ClauseId
    commit: str


def edit(
    instance: Instance,
    actor: Actor,
    clause_id: ClauseId,
    wording: str,
    *,
    seen: str | None = None,
) -> Edited:
    """Change one clause's words; `seen` is the wording hash that was on the page.

    Raises NotFound; BadInput where the text is not one clause of its type or changes nothing;
    Refused where the chapter is amending and the change not editorial; Conflict where the clause
    has changed since `seen`.
    """
    return record(instance, actor, [Reword(clause_id, wording)], seen=seen)


def insert(
    instance: Instance,
    actor: Actor,
    text: str,
    *,
    path: str,
    parent: ClauseId | None = None,
    after: ClauseId | None = None,
) -> Edited:
    """Add a clause to a drafting chapter, of the kind beside it. Raises as `record`."""
    place = instance.report.locate(after) if after else None
    beside = place.clause.type if place and place.clause.type == "item" else "paragraph"
    kind: ClauseType = "item" if parent else beside
    ordered = bool(place and place.clause.ordered)
    return record(instance, actor, [Add(path, parent, after, text, kind, ordered)])


def repeal(instance: Instance, actor: Actor, clause_id: ClauseId) -> Edited:
    """Take a clause out of a drafting chapter. Raises as `record`."""
    return record(instance, actor, [Remove(clause_id)])


def record(
    instance: Instance, actor: Actor, steps: Sequence[Step], *, seen: str | None = None
) -> Edited:
    """Make steps in the draft as one recorded edit; `seen`: the hash of the first one's words.

    Raises NotFound, BadInput where a step does not fit; Refused where a chapter is amending and
    the change not editorial; Conflict where the clause has changed since `seen`.
    """
    authorize(actor, "edit", tuple(steps))
    for step in steps:
        check_step(step)
    with instance.writing() as writer:
        before = instance.report
        clause = getattr(steps[0], "clause", None)
        found = require_clause(before, clause) if clause else None
        if seen is not None and found and found.hash != seen:
            raise Conflict("Somebody has changed this clause meanwhile. Read it again, then edit.")
        taken = ids_ever(instance.repository, instance.tip)
        after = apply_steps(before, steps, taken)
        new = sorted(after.ids - before.ids)
        about = clause or next(iter(new), "")
        return _write(instance, writer, actor, about, before, after)


def _write(
    instance: Instance,
    writer: Writer,
    actor: Actor,
    about: str,
    before: Report,
    after: Report,
) -> Edited:
    require_still(instance, actor)
    fault = next(edit_faults(before, after, instance.rules), None)
    if fault is not None:
        raise Refused(fault, clause=about)
    tip, now = instance.tip, instance.clock()
    message = write_message(
        "edit", f"Edit of {about} by {actor.name}", {"Seat": actor.name, "Clause": about}
    )
    commit = writer.write_commit(chapter_changes(before, after), tip, (tip,), message, now)
    writer.move_ref(names.MAIN, tip, commit)
    instance.fault("edit made")
    with instance.database.writing() as session:
        note(session, actor.name, "edit", f"clause {about}", now)
    return Edited(ClauseId(about), commit)
