"""Recorded edits: a seat's change outside a vote, in a drafting chapter, or editorial."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core import editing
from drafter.core.clauses import Report
from drafter.core.errors import BadInput, Conflict, Refused
from drafter.core.ids import ClauseId
from drafter.people.audit import note
from drafter.services.authority import Actor, authorize
from drafter.services.commenting import require_clause, try_wording
from drafter.services.identities import ids_ever
from drafter.services.limits import LONGEST_WORDING, check_nesting, require_length
from drafter.services.permitted import edit_faults
from drafter.services.proposals import chapter_changes
from drafter.services.standing import require_still
from drafter.store import names
from drafter.store.messages import write_message
from drafter.store.reports import read_report
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
    authorize(actor, "edit", clause_id)
    with instance.writing() as writer:
        before = read_report(instance.repository, instance.tip)
        if seen is not None and require_clause(before, clause_id).hash != seen:
            raise Conflict("Somebody has changed this clause meanwhile. Read it again, then edit.")
        try_wording(before, clause_id, wording)
        after = editing.substitute(before, clause_id, wording)
        return _write(instance, writer, actor, clause_id, before, after)


def insert(
    instance: Instance,
    actor: Actor,
    text: str,
    *,
    path: str,
    parent: ClauseId | None = None,
    after: ClauseId | None = None,
) -> Edited:
    """Add a clause to a drafting chapter. Raises NotFound, BadInput, Refused."""
    authorize(actor, "edit", path)
    require_length(text, LONGEST_WORDING, "The wording of a clause")
    check_nesting(text)
    with instance.writing() as writer:
        tip = instance.tip
        before = read_report(instance.repository, tip)
        taken = ids_ever(instance.repository, tip)
        place = before.locate(after) if after else None
        kind = place.clause.type if place and place.clause.type == "item" else "paragraph"
        changed = editing.insert(
            before,
            path=path,
            parent=parent,
            after=after,
            text=text,
            type="item" if parent else kind,
            ordered=bool(place and place.clause.ordered),
            taken=taken,
        )
        new = next(iter(changed.ids - before.ids), None)
        if new is None:
            raise BadInput("Write the words of the new clause.")
        return _write(instance, writer, actor, ClauseId(new), before, changed)


def repeal(instance: Instance, actor: Actor, clause_id: ClauseId) -> Edited:
    """Take a clause out of a drafting chapter. Raises NotFound, Refused."""
    authorize(actor, "edit", clause_id)
    with instance.writing() as writer:
        before = read_report(instance.repository, instance.tip)
        require_clause(before, clause_id)
        after = editing.repeal(before, clause_id)
        return _write(instance, writer, actor, clause_id, before, after)


def _write(
    instance: Instance,
    writer: Writer,
    actor: Actor,
    clause_id: ClauseId,
    before: Report,
    after: Report,
) -> Edited:
    require_still(instance, actor)
    fault = next(edit_faults(before, after, instance.rules), None)
    if fault is not None:
        raise Refused(fault, clause=clause_id)
    tip, now = instance.tip, instance.clock()
    message = write_message(
        "edit", f"Edit of {clause_id} by {actor.name}", {"Seat": actor.name, "Clause": clause_id}
    )
    commit = writer.write_commit(chapter_changes(before, after), tip, (tip,), message, now)
    writer.move_ref(names.MAIN, tip, commit)
    with instance.database.writing() as session:
        note(session, actor.name, "edit", f"clause {clause_id}", now)
    return Edited(clause_id, commit)
