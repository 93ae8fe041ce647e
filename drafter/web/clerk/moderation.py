"""One comment before the clerk: show it, hold it back by the policy, answer it, or make an
amendment of it; then the next, so that the queue gets empty.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import cast, get_args

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup

from drafter.core.errors import BadInput
from drafter.core.saying import say
from drafter.people.comments import Comment
from drafter.people.moderation import Which
from drafter.services import admitting, moderating
from drafter.services.holding import REASONS
from drafter.services.moderating import ForClerk
from drafter.web import marks, standings
from drafter.web.actors import current_actor
from drafter.web.clauses import Taken, held_sentence, source_of, taken
from drafter.web.current import instance
from drafter.web.draft import clause_url, draft
from drafter.web.policy import policy
from drafter.web.public.pledges import Entry, entry
from drafter.web.standings import Since
from drafter.web.tongue import tell

STANDING = {
    "received": say("not confirmed yet"),
    "confirmed": say("to be read"),
    "held": say("held back"),
    "shown": say("shown"),
    "withdrawn": say("taken back by its author"),
}


@dataclass(frozen=True, slots=True)
class CommentPage:
    """A comment as the clerk sees it."""

    number: int
    standing: str
    at: datetime
    source: str
    clause_name: str
    clause_url: str
    clause_id: str
    text: str
    marked: Markup | None
    since: Since
    held: str
    answer: str
    suspected: bool
    copies: tuple[int, ...]
    amendments: tuple[Taken, ...]
    may_admit: bool
    may_show: bool
    may_hold: bool
    may_answer: bool
    may_print: bool
    before: str
    after: str
    acts: tuple[Entry, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the routes about one comment."""
    at = "/comments/<int:number>"
    blueprint.add_url_rule(at, view_func=comment)
    for view in (show, hold, admit, answer):
        blueprint.add_url_rule(f"{at}/{view.__name__}", view_func=view, methods=["POST"])


@policy("read the queue")
def comment(number: int) -> str:
    """Show a comment with what can be done about it."""
    return _page(number, {})


@policy("show")
def show(number: int) -> ResponseReturnValue:
    """Show the comment beside its clause."""
    following = _next(number)
    moderating.show(instance(), current_actor(), number)
    _say_done(tell("Comment {number} is shown beside its clause.", number=number), number)
    return redirect(following, 303)


@policy("hold")
def hold(number: int) -> ResponseReturnValue:
    """Hold the comment back, for a reason of the policy and with a sentence."""
    reason, sentence = request.form.get("reason", ""), request.form.get("sentence", "").strip()
    errors = {}
    if reason not in {one.key for one in REASONS}:
        errors["reason"] = tell("Choose the reason of the policy for which it is held back.")
    if not sentence:
        errors["sentence"] = tell("Say why in a sentence; its author and everybody else read it.")
    if errors:
        return _page(number, errors), 400
    following = _next(number)
    try:
        moderating.hold(instance(), current_actor(), number, sentence, reason=reason)
    except BadInput as error:
        return _page(number, {"sentence": error.sentence}), 400
    _say_done(tell("Comment {number} is held back.", number=number), number)
    return redirect(following, 303)


@policy("answer")
def answer(number: int) -> ResponseReturnValue:
    """Give the panel's answer."""
    following = _next(number)
    try:
        moderating.answer(instance(), current_actor(), number, request.form.get("answer", ""))
    except BadInput as error:
        return _page(number, {"answer": error.sentence}), 400
    _say_done(tell("Comment {number} is answered.", number=number), number)
    return redirect(following, 303)


@policy("admit")
def admit(number: int) -> ResponseReturnValue:
    """Make an amendment of the suggestion, once its wording is known to name nobody."""
    title, errors = request.form.get("title", ""), {}
    if not title.strip():
        errors["title"] = tell("Give it a title that says what would happen.")
    if request.form.get("no_names") != "yes":
        errors["no_names"] = tell("Confirm that the wording names no private person.")
    if errors:
        return _page(number, errors), 400
    try:
        made = admitting.admit(instance(), current_actor(), (number,), title)
    except BadInput as error:
        return _page(number, {"title": error.sentence}), 400
    flash(tell("Comment {number} has become amendment {made}.", number=number, made=made), "good")
    return redirect(url_for("clerk.amendment", number=made), 303)


def which() -> Which:
    """Read which of the clerk's lists is at hand; what waits, where none is named."""
    named = request.values.get("list", "waiting")
    return cast(Which, named) if named in get_args(Which) else "waiting"


def comment_url(number: int) -> str:
    """Give the address of a comment's page in the list at hand."""
    chosen = which()
    return url_for("clerk.comment", number=number, list=None if chosen == "waiting" else chosen)


def _next(number: int) -> str:
    """Give where to go once a comment is done: the next of the list, else the list itself."""
    found = moderating.read_comment(instance(), current_actor(), number, which())
    other = found.after or found.before
    if other is not None:
        return comment_url(other)
    return url_for("clerk.comments", list=None if which() == "waiting" else which())


def _say_done(sentence: str, number: int) -> None:
    link = Markup('{} <a href="{}">Look at it again</a>').format(
        sentence, url_for("clerk.comment", number=number)
    )
    flash(link, "good")


def _page(number: int, errors: dict[str, str]) -> str:
    found = moderating.read_comment(instance(), current_actor(), number, which())
    return render_template(
        "clerk/comment.html",
        page=_gather(found),
        errors=errors,
        typed=request.form,
        reasons=REASONS,
        which=which(),
    )


def _gather(found: ForClerk) -> CommentPage:
    one: Comment = found.comment
    place = draft().report.locate(one.clause_id)
    clause = place.clause if place else None
    other, taken_up = one.suggested_wording, taken(one.number)
    shows = other is not None and one.erased_at is None
    read = one.state in ("confirmed", "held", "shown")
    return CommentPage(
        number=one.number,
        standing=STANDING[one.state],
        at=one.created_at,
        source=source_of(one),
        clause_name=draft().name(one.clause_id),
        clause_url=clause_url(one.clause_id),
        clause_id=one.clause_id,
        text=one.text,
        marked=marks.suggested(standings.kind_of(clause), one.words_seen, other or "")
        if shows
        else None,
        since=standings.since(one, clause),
        held=held_sentence(one) if one.state == "held" else "",
        answer=one.answer or "",
        suspected=one.suspected,
        copies=found.copies,
        amendments=taken_up,
        may_admit=shows and not taken_up and one.state in ("confirmed", "shown"),
        may_show=one.state in ("confirmed", "held"),
        may_hold=one.state in ("confirmed", "shown"),
        may_answer=read,
        may_print=one.source != "online",
        before=comment_url(found.before) if found.before else "",
        after=comment_url(found.after) if found.after else "",
        acts=tuple(map(entry, found.acts)),
    )
