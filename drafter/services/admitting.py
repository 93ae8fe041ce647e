"""Admitting amendments. What the clerk does with comments is in `moderating`."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from drafter.core.clauses import Report
from drafter.core.editing import substitute
from drafter.core.errors import BadInput, NotFound, Refused
from drafter.core.saying import say
from drafter.people.audit import note
from drafter.people.comments import Comment, find_comment
from drafter.services.authority import Actor, authorize
from drafter.services.commenting import try_wording
from drafter.services.limits import MOST_COMMENTS_TOGETHER
from drafter.services.moderating import Queue as Queue
from drafter.services.moderating import answer as answer
from drafter.services.moderating import hold as hold
from drafter.services.moderating import queue as queue
from drafter.services.moderating import show as show
from drafter.services.opening import Opening, check_title, move_branch, open_amendment
from drafter.services.rebuilding import adopt_branches
from drafter.store.reports import read_report

if TYPE_CHECKING:
    from drafter.people.database import Session
    from drafter.services.instance import Instance


def admit(instance: Instance, actor: Actor, comment_numbers: Sequence[int], title: str) -> int:
    """Make an amendment of suggestions, and return its number.

    The suggestions become the amendment's branch; of two for one clause the words must be equal.
    Remarks among the comments are linked to it. By admitting, the clerk confirms that the wording
    names no private person. Raises NotFound, Refused, BadInput.
    """
    authorize(actor, "admit", tuple(comment_numbers))
    title = check_title(title)
    adopt_branches(instance)
    with instance.writing() as writer:
        base = instance.tip
        before = read_report(instance.repository, base)
        with instance.acting(actor) as session:
            taken_up = _read_comments(session, comment_numbers)
            opening = _opening(title, base, before, taken_up, actor.name)
            opened = open_amendment(instance, writer, session, opening)
            note(session, actor.name, "admit", f"amendment {opened.number}", instance.clock())
        move_branch(instance, writer, opened)
    return opened.number


def _read_comments(session: Session, numbers: Collection[int]) -> tuple[Comment, ...]:
    wanted = sorted(set(numbers))
    if not wanted or len(wanted) > MOST_COMMENTS_TOGETHER:
        raise BadInput(
            say(
                "Choose from one to {most_comments_together} comments to admit.",
                most_comments_together=MOST_COMMENTS_TOGETHER,
            )
        )
    found = []
    for number in wanted:
        comment = find_comment(session, number)
        if comment is None:
            raise NotFound(say("There is no comment {number}.", number=number), number=number)
        if comment.state not in ("confirmed", "shown"):
            raise Refused(
                say("Comment {number} is {state}.", number=number, state=comment.state),
                number=number,
            )
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
                say(
                    "Comment {number} suggests other words for the same clause than an "
                    "earlier one. Admit them as two amendments, and let the panel choose.",
                    number=comment.number,
                ),
                comment=comment.number,
            )
        after = substitute(after, comment.clause_id, comment.suggested_wording)
    if not wordings:
        raise BadInput("None of these comments suggests other wording; admit one that does.")
    return after


def _opening(
    title: str, base: str, before: Report, comments: Sequence[Comment], by: str
) -> Opening:
    after = _with_suggestions(before, comments)
    suggestions = [comment for comment in comments if comment.suggested_wording is not None]
    return Opening(
        title=title,
        base=base,
        before=before,
        after=after,
        submitter=suggestions[0].contributor,
        supporters=len(suggestions) - 1,
        comments=[comment.number for comment in comments],
        by=by,
    )
