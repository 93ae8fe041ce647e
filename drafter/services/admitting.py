"""The clerk's queue: showing and holding comments, answering them, admitting amendments."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from drafter.core import amendments as records
from drafter.core.clauses import Report
from drafter.core.decisions import one_line
from drafter.core.editing import substitute
from drafter.core.effects import instructions_between
from drafter.core.errors import BadInput, NotFound
from drafter.people import moderation
from drafter.people.amendments import link_comments, new_amendment_number, save_amendment
from drafter.people.audit import note
from drafter.people.comments import Comment, find_comment
from drafter.people.counters import count_from
from drafter.services.authority import Actor, authorize
from drafter.services.commenting import try_wording
from drafter.services.limits import LONGEST_TITLE, MOST_COMMENTS_TOGETHER, require_length
from drafter.services.proposals import chapter_changes, numbered
from drafter.services.rebuilding import adopt_branches, view_of
from drafter.store import names
from drafter.store.history import versions
from drafter.store.messages import write_message
from drafter.store.reports import read_report
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


@dataclass(frozen=True, slots=True)
class Queue:
    """What waits for the clerk."""

    to_moderate: tuple[Comment, ...]
    """Confirmed, neither shown nor held."""
    to_admit: tuple[Comment, ...]
    """Suggestions, confirmed or shown, that no amendment takes up."""


def queue(instance: Instance, actor: Actor, *, limit: int = 100) -> Queue:
    """Return what waits for the clerk, oldest first."""
    authorize(actor, "read the queue")
    with instance.database.reading() as session:
        return Queue(
            to_moderate=moderation.comments_to_moderate(session, limit=limit),
            to_admit=moderation.suggestions_to_admit(session, limit=limit),
        )


def show(instance: Instance, actor: Actor, number: int) -> Comment:
    """Show a confirmed or held comment to everyone. Raises NotFound, Refused."""
    authorize(actor, "show", number)
    return _moderate(instance, actor, "show", number, moderation.show_comment)


def hold(instance: Instance, actor: Actor, number: int, reason: str) -> Comment:
    """Hold a comment back, with a reason. Raises NotFound, Refused, BadInput."""
    authorize(actor, "hold", number)

    def hold_it(session: Session, number: int) -> Comment:
        return moderation.hold_comment(session, number, reason)

    return _moderate(instance, actor, "hold", number, hold_it)


def answer(instance: Instance, actor: Actor, number: int, text: str) -> Comment:
    """Give the panel's public answer to a comment. Raises NotFound, Refused, BadInput."""
    authorize(actor, "answer", number)

    def answer_it(session: Session, number: int) -> Comment:
        return moderation.answer_comment(session, number, text, actor.name, instance.clock())

    return _moderate(instance, actor, "answer", number, answer_it)


def admit(instance: Instance, actor: Actor, comment_numbers: Sequence[int], title: str) -> int:
    """Make an amendment of suggestions, and return its number.

    The suggestions become the amendment's branch; of two for one clause the words must be equal.
    Remarks among the comments are linked to it. By admitting, the clerk confirms that the wording
    names no private person. Raises NotFound, Refused, BadInput.
    """
    authorize(actor, "admit", tuple(comment_numbers))
    title = _check_title(title)
    adopt_branches(instance)
    with instance.writing() as writer, instance.acting(actor) as session:
        taken_up = _read_comments(session, comment_numbers)
        base = instance.tip
        before = read_report(instance.repository, base)
        after = _with_suggestions(before, taken_up)
        count_from(session, "amendment", _last_number(instance))
        record = _record(
            instance, new_amendment_number(session), title, base, before, after, taken_up
        )
        tip = _write_commit(writer, instance, record, before, after)
        save_amendment(session, view_of(record, tip), instance.clock())
        link_comments(session, record.number, record.comments, instance.clock())
        note(session, actor.name, "admit", f"amendment {record.number}", instance.clock())
        # Last, when nothing can be refused any more; a crash behind it is mended at the next start.
        writer.move_ref(names.amendment_branch(record.number), None, tip)
        instance.fault("branch made")
    return record.number


def _moderate(
    instance: Instance,
    actor: Actor,
    action: str,
    number: int,
    change: Callable[[Session, int], Comment],
) -> Comment:
    with instance.acting(actor) as session:
        changed = change(session, number)
        note(session, actor.name, action, f"comment {number}", instance.clock())
    return changed


def _check_title(title: str) -> str:
    title = one_line(title)
    require_length(title, LONGEST_TITLE, "A title")
    if not title:
        raise BadInput("Give the amendment a title: one line that says what it would change.")
    return title


def _read_comments(session: Session, numbers: Collection[int]) -> tuple[Comment, ...]:
    wanted = sorted(set(numbers))
    if not wanted or len(wanted) > MOST_COMMENTS_TOGETHER:
        raise BadInput(f"Choose from one to {MOST_COMMENTS_TOGETHER} comments to admit.")
    found = []
    for number in wanted:
        comment = find_comment(session, number)
        if comment is None:
            raise NotFound(f"There is no comment {number}.", number=number)
        found.append(comment)
    return tuple(found)


def _with_suggestions(report: Report, comments: Sequence[Comment]) -> Report:
    """Put the suggested wordings into the text. Raises NotFound, BadInput."""
    wordings: dict[str, str] = {}
    after = report
    for comment in comments:
        if comment.suggested_wording is None:
            continue
        clause = try_wording(report, comment.clause_id, comment.suggested_wording)
        known = wordings.setdefault(comment.clause_id, clause.hash)
        if known != clause.hash:
            raise BadInput(
                f"Comment {comment.number} suggests other words for the same clause than an "
                "earlier one. Admit them as two amendments, and let the panel choose.",
                comment=comment.number,
            )
        after = substitute(after, comment.clause_id, comment.suggested_wording)
    if not wordings:
        raise BadInput("None of these comments suggests other wording; admit one that does.")
    return after


def _record(
    instance: Instance,
    number: int,
    title: str,
    base: str,
    before: Report,
    after: Report,
    comments: Sequence[Comment],
) -> records.Amendment:
    suggestions = [comment for comment in comments if comment.suggested_wording is not None]
    touched = (before.locate(comment.clause_id) for comment in suggestions)
    published = versions(instance.repository)
    return records.Amendment(
        number=numbered(number),
        title=title,
        status="open",
        base_commit=base,
        base_version=published[-1].name if published else None,
        instructions=instructions_between(before, after),
        submitter=suggestions[0].contributor,
        supporters=len(suggestions) - 1,
        comments=tuple(comment.number for comment in comments),
        assemblies=tuple(name for place in touched if place for name in place.clause.origin),
    )


def _write_commit(
    writer: Writer, instance: Instance, record: records.Amendment, before: Report, after: Report
) -> str:
    changes = chapter_changes(before, after)
    changes[records.record_path(record.number)] = records.write_record(record).encode("utf-8")
    message = write_message(
        "amendment", f"Amendment {record.number} opened", {"Amendment": str(record.number)}
    )
    base = record.base_commit
    return writer.write_commit(changes, base, (base,), message, instance.clock())


def _last_number(instance: Instance) -> int:
    """Return the highest number that git knows, so that none is given out again."""
    branches = (names.amendment_number(name) for name, _ in instance.repository.branches())
    entries = instance.repository.list_tree(instance.tip, names.AMENDMENTS)
    recorded = (names.record_number(entry.path) for entry in entries)
    return max((number for number in (*branches, *recorded) if number), default=0)
