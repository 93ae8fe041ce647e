"""The receipt: a comment followed to the end, each step a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import url_for
from markupsafe import Markup

from drafter.core.wording import wording_of
from drafter.people.comments import Comment
from drafter.services import commenting
from drafter.services.commenting import Outcome, ReceiptView
from drafter.web import marks
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.draft import clause_url, draft
from drafter.web.phrases import first_capital

STANDING: Mapping[str, str] = MappingProxyType(
    {
        "received": "We have it. One step is left: please confirm it by the link in our mail.",
        "confirmed": "We have it. The clerk reads it next.",
        "shown": "It is shown beside its clause, for everyone to read.",
        "held": "It is held back for now.",
        "withdrawn": "You took it back. It is no longer shown.",
    }
)

NEXT: Mapping[str, str] = MappingProxyType(
    {
        "received": "Next: open the link in the mail that we sent you. Until then nobody sees it.",
        "confirmed": "Next: the clerk reads it. This page will tell you what follows.",
        "shown": "The panel answers every comment. This page will tell you when it has.",
    }
)

DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "accepted": "The panel accepted the amendment.",
        "rejected": "The panel did not accept the amendment.",
        "withdrawn": "The amendment was withdrawn.",
        "lapsed": "The amendment lapsed: what it asks is already so, or its clause is gone.",
    }
)


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happened to a comment."""

    sentence: str
    at: datetime | None = None
    reason: str | Markup = ""
    link: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptPage:
    """A comment and what has become of it."""

    number: int
    sentence: str
    steps: tuple[Step, ...]
    next: str
    text: str
    marked: Markup | None
    clause_name: str
    clause_url: str
    since: str
    changed: Markup | None
    may_withdraw: bool


def receipt_page(token: str) -> ReceiptPage:
    """Gather a receipt. Raises NotFound."""
    view = commenting.receipt(instance(), token, actor=current_actor())
    comment = view.comment
    return ReceiptPage(
        number=comment.number,
        sentence=_sentence(view),
        steps=tuple(_steps(view)),
        next="" if view.outcomes or comment.answer else NEXT.get(comment.state, ""),
        text=comment.text,
        marked=_suggested(view),
        clause_name=draft().name(comment.clause_id),
        clause_url=clause_url(comment.clause_id),
        since=_since(view),
        changed=_changed(view),
        may_withdraw=comment.state != "withdrawn",
    )


def _sentence(view: ReceiptView) -> str:
    state = view.comment.state
    if not view.outcomes or state == "withdrawn":
        return STANDING[state]
    last = view.outcomes[-1]
    if last.state == "accepted" and last.version:
        return f"The amendment that it led to is part of version {last.version[1:]} of the report."
    if last.state in DECIDED:
        return DECIDED[last.state]
    return "The panel is voting on it." if last.put else "It has become an amendment."


def _steps(view: ReceiptView) -> Iterator[Step]:
    comment = view.comment
    yield Step("We received it.", comment.created_at)
    if comment.confirmed_at and comment.confirmed_at != comment.created_at:
        yield Step("You confirmed it.", comment.confirmed_at)
    yield from _shown(comment)
    for outcome in view.outcomes:
        yield from _outcome(outcome)
    if comment.answer:
        yield Step("The panel answered.", comment.answered_at, comment.answer)
    if comment.state == "withdrawn":
        yield Step("You took it back.")


def _shown(comment: Comment) -> Iterator[Step]:
    if comment.state == "shown":
        url = f"{clause_url(comment.clause_id)}#comment-{comment.number}"
        yield Step("The clerk has read it, and it is shown", link="beside its clause.", url=url)
    elif comment.state == "held":
        yield Step("The clerk has read it and holds it back.", reason=comment.held_reason or "")


def _outcome(one: Outcome) -> Iterator[Step]:
    url = url_for("take_part.amendment", number=one.number)
    yield Step("It was taken up in", link=f"amendment {one.number}: {one.title}", url=url)
    if one.put and one.state in ("put", "accepted", "rejected"):
        yield Step("The amendment was put to the vote.")
    elif one.state == "stale":
        yield Step("The draft has changed, so the vote on the amendment starts again.")
    if one.state in DECIDED:
        tally = f" {one.tally}" if one.tally else ""
        yield Step(DECIDED[one.state] + tally, reason=marks.rendered(one.reason))
    if one.version:
        words = "The decision is part of" if one.state != "accepted" else "You can read it in"
        yield Step(words, link=f"version {one.version[1:]}.", url=f"/{one.version}/")


def _suggested(view: ReceiptView) -> Markup | None:
    other = view.comment.suggested_wording
    kind = view.clause.type if view.clause else "paragraph"
    return None if other is None else marks.suggested(kind, view.comment.words_seen, other)


def _changed(view: ReceiptView) -> Markup | None:
    if view.clause is None or not view.changed_since or _is_fulfilled(view):
        return None
    return marks.suggested(view.clause.type, view.comment.words_seen, view.clause.wording)


def _is_fulfilled(view: ReceiptView) -> bool:
    """Tell whether the clause reads by now as the suggestion had it."""
    other = view.comment.suggested_wording
    if view.clause is None or other is None:
        return False
    return view.clause.wording == wording_of(view.clause.type, (other,))


def _since(view: ReceiptView) -> str:
    if view.clause is None:
        return "The clause is no longer in the draft."
    if not view.changed_since:
        return "The clause still reads as it did when you wrote."
    if _is_fulfilled(view):
        return "The clause now reads as you suggested."
    return f"{first_capital(draft().name(view.comment.clause_id))} has changed since you wrote:"
