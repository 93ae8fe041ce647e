"""Making an amendment of two texts: the one way, for suggestions, proposals and redrafts alike.

First the commit is written, then the database's rows, then the branch moves. A crash before the
rows leaves nothing; one behind them is mended by `rebuilding.adopt_branches`.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.clauses import Report
from drafter.core.decisions import one_line
from drafter.core.effects import instructions_between
from drafter.core.errors import BadInput, NotFound
from drafter.core.instructions import Instruction
from drafter.core.rules import next_round, next_state
from drafter.core.saying import say
from drafter.people.amendments import (
    Amendment,
    link_comments,
    move_amendment,
    new_amendment_number,
    save_amendment,
)
from drafter.people.comments import Comment, find_comment
from drafter.people.counters import count_from
from drafter.people.moderation_log import record_act
from drafter.people.supports import count_supports
from drafter.services.limits import LONGEST_TITLE, require_length
from drafter.services.proposals import chapter_changes, numbered, record_at
from drafter.services.rebuilding import view_of
from drafter.services.touching import note_names
from drafter.store import names
from drafter.store.history import versions
from drafter.store.messages import write_message
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True)
class Opening:
    """What an amendment is to be, before it has a number."""

    title: str
    base: str
    """The commit on main that holds `before`."""
    before: Report
    after: Report
    submitter: str
    """A random id, a seat, or the clerk."""
    supporters: int
    """Suggestions of the same words, beside the first; those who support one are added."""
    comments: Sequence[int]
    by: str
    """The clerk who admits it."""
    combines: Sequence[int] = ()


@dataclass(frozen=True, slots=True)
class Opened:
    """An amendment whose rows are written and whose branch has yet to move from `old`."""

    number: int
    old: str | None
    tip: str


def open_amendment(
    instance: Instance, writer: Writer, session: Session, opening: Opening
) -> Opened:
    """Write the first commit of a new amendment and its rows. Raises BadInput, Refused."""
    count_from(session, "amendment", _last_number(instance))
    supported = sum(count_supports(session, opening.comments).values())
    record = records.Amendment(
        number=numbered(new_amendment_number(session)),
        title=opening.title,
        status="open",
        base_commit=opening.base,
        base_version=_last_version(instance),
        instructions=_instructions(opening),
        submitter=opening.submitter,
        supporters=opening.supporters + supported,
        comments=tuple(opening.comments),
        assemblies=_assemblies(opening),
        combines=tuple(numbered(number) for number in opening.combines),
    )
    tip = _write(instance, writer, record, opening, (opening.base,), "opened")
    save_amendment(session, view_of(record, tip), instance.clock())
    note_names(session, record, tip)
    _take_up(session, opening, record.number, record.comments, instance.clock())
    return Opened(record.number, None, tip)


def redraft_amendment(
    instance: Instance, writer: Writer, session: Session, row: Amendment, opening: Opening
) -> Opened:
    """Write the next words of an open amendment: a commit more, a round more.

    Its submitter stays, and so do the comments that it took up. Raises Refused where it is not
    open, BadInput, NotFound, Conflict.
    """
    next_state(row.state, "redraft")
    if row.branch_tip is None:
        raise NotFound(say("The words of amendment {number} have been removed.", number=row.number))
    record = record_at(instance.repository, row.branch_tip, row.number)
    new = sorted(set(opening.comments) - set(record.comments))
    supported = sum(count_supports(session, new).values())
    again = replace(
        record,
        title=opening.title,
        base_commit=opening.base,
        base_version=_last_version(instance),
        instructions=_instructions(opening),
        round=next_round(row.round, "redraft"),
        supporters=record.supporters + opening.supporters + supported,
        comments=(*record.comments, *opening.comments),
        assemblies=_assemblies(opening),
    )
    parents = [row.branch_tip]
    if not instance.repository.contains(row.branch_tip, opening.base):
        parents.append(opening.base)
    tip = _write(instance, writer, again, opening, parents, "drafted anew")
    now = instance.clock()
    after = replace(row, title=again.title, round=again.round, branch_tip=tip)
    move_amendment(session, row, after, now)
    note_names(session, again, tip)
    _take_up(session, opening, row.number, new, now)
    return Opened(row.number, row.branch_tip, tip)


def move_branch(instance: Instance, writer: Writer, opened: Opened) -> None:
    """Move the branch to where the rows have it already; the last step of each opening."""
    instance.fault("amendment recorded")
    writer.move_ref(names.amendment_branch(opened.number), opened.old, opened.tip)
    instance.fault("branch made")


def check_title(title: str) -> str:
    """Return a title on one line. Raises BadInput where it is empty or too long."""
    title = one_line(title)
    require_length(title, LONGEST_TITLE, "A title")
    if not title:
        raise BadInput("Give the amendment a title: one line that says what it would change.")
    return title


def usable_comment(session: Session, number: int) -> Comment | None:
    """Return a comment that an amendment may still take up: confirmed or shown."""
    comment = find_comment(session, number)
    return comment if comment and comment.state in ("confirmed", "shown") else None


def _take_up(
    session: Session, opening: Opening, number: int, comments: Collection[int], now: datetime
) -> None:
    """Link the comments that can still be taken up, and say so in the public log."""
    usable = [comment for comment in comments if usable_comment(session, comment)]
    link_comments(session, number, usable, now)
    for comment in usable:
        sentence = f"Amendment {number}"
        record_act(session, opening.by, "taken up", now, comment=comment, sentence=sentence)


def _instructions(opening: Opening) -> tuple[Instruction, ...]:
    found = instructions_between(opening.before, opening.after)
    if not found:
        raise BadInput("This changes nothing in the draft: there is nothing to vote on.")
    return found


def _assemblies(opening: Opening) -> tuple[str, ...]:
    """Name the origins of the clauses that change, before and after."""
    found: set[str] = set()
    for each in instructions_between(opening.before, opening.after):
        for report in (opening.before, opening.after):
            place = report.locate(str(each.clause))
            found |= set(place.clause.origin) if place else set()
    return tuple(found)


def _write(
    instance: Instance,
    writer: Writer,
    record: records.Amendment,
    opening: Opening,
    parents: Sequence[str],
    verb: str,
) -> str:
    changes = chapter_changes(opening.before, opening.after)
    changes[records.record_path(record.number)] = records.write_record(record).encode("utf-8")
    message = write_message(
        "amendment", f"Amendment {record.number} {verb}", {"Amendment": str(record.number)}
    )
    return writer.write_commit(changes, opening.base, parents, message, instance.clock())


def _last_version(instance: Instance) -> str | None:
    published = versions(instance.repository)
    return published[-1].name if published else None


def _last_number(instance: Instance) -> int:
    """Return the highest number that git knows, so that none is given out again."""
    branches = (names.amendment_number(name) for name, _ in instance.repository.branches())
    entries = instance.repository.list_tree(instance.tip, names.AMENDMENTS)
    recorded = (names.record_number(entry.path) for entry in entries)
    return max((number for number in (*branches, *recorded) if number), default=0)
