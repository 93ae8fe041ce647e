"""Amendments that want different things of the same clauses: side by side, and brought together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core.clauses import Chapter, Clause, Report
from drafter.core.effects import instructions_between
from drafter.core.errors import BadInput, DrafterError, NotFound, Refused
from drafter.core.instructions import Instruction
from drafter.core.merge import merge_reports
from drafter.core.retracing import steps_between
from drafter.core.rules import is_final
from drafter.core.saying import say
from drafter.core.steps import Step, try_steps
from drafter.people import amendments as rows
from drafter.people.amendments import Amendment
from drafter.people.proposals import Proposal
from drafter.services.authority import PUBLIC, Actor, authorize
from drafter.services.drafting import taken_ids
from drafter.services.limits import MOST_COMBINED
from drafter.services.proposals import effect_of, proposal_at, record_at
from drafter.services.proposing import begin_combined
from drafter.services.refreshing import names_of
from drafter.services.touching import names_in, nearest

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@dataclass(frozen=True)
class Alternative:
    """What one amendment wants of one clause or place."""

    amendment: Amendment
    verb: str
    """insert, substitute, repeal or move."""
    clause: Clause | None
    """The clause as it would be; None where it would be removed."""
    chapter: Chapter | None
    """The chapter that it would stand in."""


@dataclass(frozen=True)
class Contested:
    """One clause, or one place for new ones, and what is wanted of it."""

    clause: Clause | None
    """As it stands now; None for a place where new clauses are wanted."""
    chapter: Chapter
    parent: str | None
    """For a place inside a list entry, that entry."""
    after: str | None
    """For a place, the clause before it; None where it comes first."""
    alternatives: tuple[Alternative, ...]


@dataclass(frozen=True)
class Competition:
    """An amendment with those open ones that want other things of the same clauses."""

    amendments: tuple[Amendment, ...]
    """The one that was asked for first, then the others by number."""
    contested: tuple[Contested, ...]
    """In reading order; what only one of them touches is here too."""
    comments: dict[int, tuple[int, ...]]
    """For each amendment the comments that asked for it."""
    submitters: dict[int, str]
    combines: dict[int, tuple[int, ...]]


@dataclass(frozen=True)
class _Asked:
    amendment: Amendment
    before: Report
    after: Report
    instructions: tuple[Instruction, ...]


def rivals_of(instance: Instance, number: int, *, actor: Actor = PUBLIC) -> tuple[Amendment, ...]:
    """Return the open amendments that touch a clause or place which this one touches."""
    authorize(actor, "read", number)
    return tuple(one.amendment for one in _group(instance, number)[1:])


def view_competing(instance: Instance, number: int, *, actor: Actor = PUBLIC) -> Competition:
    """Set an amendment beside its rivals, clause by clause.

    Raises NotFound; Refused for an amendment that is decided.
    """
    authorize(actor, "read", number)
    group = _group(instance, number)
    with instance.database.reading() as session:
        comments = {
            one.amendment.number: rows.comments_of_amendment(session, one.amendment.number)
            for one in group
        }
    combines = {}
    for one in group:
        tip = one.amendment.branch_tip
        record = record_at(instance.repository, str(tip), one.amendment.number)
        combines[one.amendment.number] = tuple(int(each) for each in record.combines)
    return Competition(
        amendments=tuple(one.amendment for one in group),
        contested=_contested(instance.report, group),
        comments=comments,
        submitters={one.amendment.number: one.amendment.submitter for one in group},
        combines=combines,
    )


def compare(instance: Instance, actor: Actor, numbers: Sequence[int]) -> tuple[Contested, ...]:
    """Set these amendments beside one another, clause by clause, those decided left out."""
    authorize(actor, "read", tuple(numbers))
    with instance.database.reading() as session:
        found = [rows.find_amendment(session, number) for number in numbers]
    group = [
        _asked(instance, one) for one in found if one and one.branch_tip and not is_final(one.state)
    ]
    return _contested(instance.report, group)


def start_combined(
    instance: Instance, actor: Actor, numbers: Sequence[int], *, title: str = ""
) -> Proposal:
    """Begin a proposal that brings amendments together: a draft that is to be gone over.

    Where their words merge, it has all of them; where they compete, those of the first named. It
    credits its sources, and is voted on by itself. Raises NotFound, Refused, BadInput.
    """
    authorize(actor, "propose", tuple(numbers))
    wanted = list(dict.fromkeys(numbers))
    if not 2 <= len(wanted) <= MOST_COMBINED:
        raise BadInput(
            say(
                "Choose from two to {most_combined} amendments to combine.",
                most_combined=MOST_COMBINED,
            )
        )
    asked = [_asked(instance, _require_open(instance, number)) for number in wanted]
    steps = combined_steps(
        instance.report, [one.after for one in asked], taken_ids(instance, wanted)
    )
    if not title:
        title = " / ".join(one.amendment.title for one in asked)[:180]
    return begin_combined(instance, actor, wanted, title, steps)


def combined_steps(before: Report, wanted: Sequence[Report], taken: set[str]) -> tuple[Step, ...]:
    """Give steps that bring several changes of one text together; the first goes before."""
    together = before
    for after in wanted:
        merged = merge_reports(before, together, after)
        if not merged.competing:
            together = merged.report
            continue
        touched = {each.subject for each in instructions_between(before, together)}
        for step in steps_between(before, after):
            if getattr(step, "clause", None) not in touched:
                together = try_steps(together, [step], taken).report
    return steps_between(before, together)


def _group(instance: Instance, number: int) -> list[_Asked]:
    """Give an amendment and its rivals, each with what it asks of the draft as it stands now."""
    first = _asked(instance, _require_open(instance, number))
    mine = _spots(first)
    names = set(names_in(first.instructions))
    names |= names_of(instance, number, str(first.amendment.branch_tip))
    found = [first]
    with instance.database.reading() as session:
        near = [rows.find_amendment(session, each) for each, _ in nearest(instance, session, names)]
    for other in near:
        if other and other.number != number and len(found) < MOST_COMBINED:
            one = _asked(instance, other)
            if mine & _spots(one):
                found.append(one)
    return found


def _require_open(instance: Instance, number: int) -> Amendment:
    with instance.database.reading() as session:
        found = rows.find_amendment(session, number)
    if found is None:
        raise NotFound(say("There is no amendment {number}.", number=number), number=number)
    if is_final(found.state):
        raise Refused(
            say("Amendment {number} is decided, and competes with nothing any more.", number=number)
        )
    if found.branch_tip is None:
        raise NotFound(
            say("The words of amendment {number} have been removed.", number=number), number=number
        )
    return found


def _asked(instance: Instance, row: Amendment) -> _Asked:
    """Work out what an amendment asks: of the draft now, or of its own base where they compete."""
    repository, tip = instance.repository, str(row.branch_tip)
    effect = effect_of(repository, instance.tip, row.number, tip)
    if not effect.competing:
        return _Asked(row, effect.before, effect.after, effect.instructions)
    texts = proposal_at(repository, row.number, tip)
    before = instance.report
    steps = steps_between(texts.base, texts.proposed)
    after = try_steps(before, steps, texts.base.ids | before.ids).report
    return _Asked(row, before, after, _between(before, after))


def _between(before: Report, after: Report) -> tuple[Instruction, ...]:
    try:
        return instructions_between(before, after)
    except DrafterError:
        return ()


def _spots(one: _Asked) -> set[tuple[str, str | None]]:
    """Name what an amendment touches: clauses, and the places where it puts new ones."""
    found: set[tuple[str, str | None]] = set()
    for each in one.instructions:
        place = (str(each.parent), each.preceding)
        found.add(place if each.verb == "insert" else ("clause", each.clause))
    return found


def _contested(report: Report, group: Sequence[_Asked]) -> tuple[Contested, ...]:
    gathered: dict[tuple[str, str | None], list[Alternative]] = {}
    for one in group:
        for each in one.instructions:
            place = (str(each.parent), each.preceding)
            spot = place if each.verb == "insert" else ("clause", each.clause)
            where = one.after.locate(str(each.clause))
            gathered.setdefault(spot, []).append(
                Alternative(
                    one.amendment,
                    each.verb,
                    where.clause if where else None,
                    where.chapter if where else None,
                )
            )
    found = [_one_contested(report, spot, wants) for spot, wants in gathered.items()]
    order = {chapter.path: number for number, chapter in enumerate(report.chapters)}

    def reading(one: Contested) -> tuple[int, int]:
        line = one.clause.line if one.clause else 0
        before = report.locate(one.after) if one.after else None
        return order.get(one.chapter.path, len(order)), line or (
            before.clause.line if before else 0
        )

    return tuple(sorted(found, key=reading))


def _one_contested(
    report: Report, spot: tuple[str, str | None], wants: Sequence[Alternative]
) -> Contested:
    kind, name = spot
    place = report.locate(str(name)) if name else None
    if kind == "clause" and place:
        return Contested(place.clause, place.chapter, None, None, tuple(wants))
    parent = report.locate(kind)
    chapter = place.chapter if place else parent.chapter if parent else report.chapter(kind)
    chapter = chapter or next(one.chapter for one in wants if one.chapter)
    return Contested(None, chapter, kind if parent else None, name, tuple(wants))
