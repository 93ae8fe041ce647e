"""The receipt: a comment followed to the end, each step a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from flask import url_for
from markupsafe import Markup

from drafter.core.editing import typed_text
from drafter.core.saying import say
from drafter.people.comments import Comment
from drafter.services import commenting, receipts
from drafter.services.limits import EDIT_LASTS
from drafter.services.receipts import Outcome, ReceiptView
from drafter.web import marks, standings
from drafter.web.actors import current_actor
from drafter.web.clauses import held_sentence, source_of
from drafter.web.current import instance
from drafter.web.draft import Link, clause_url, draft
from drafter.web.phrases import count, first_capital
from drafter.web.tongue import tell

STANDING: Mapping[str, str] = MappingProxyType(
    {
        "received": say("We have it. One step is left: please confirm it by the link in our mail."),
        "confirmed": say("We have it. The clerk reads it next."),
        "shown": say("It is shown beside its clause, for everyone to read."),
        "held": say("It is held back for now."),
        "withdrawn": say("You took it back. It is no longer shown."),
    }
)
UNREACHABLE = say("We have it, but it does not count yet: add your e-mail address and confirm it.")

NEXT: Mapping[str, str] = MappingProxyType(
    {
        "received": say(
            "Next: open the link in the mail that we sent you. Until then nobody sees it."
        ),
        "confirmed": say("Next: the clerk reads it. This page will tell you what follows."),
        "shown": say("The panel answers every comment. This page will tell you when it has."),
    }
)

DECIDED: Mapping[str, str] = MappingProxyType(
    {
        "accepted": say("The panel accepted the amendment."),
        "rejected": say("The panel did not accept the amendment."),
        "withdrawn": say("The amendment was withdrawn."),
        "lapsed": say("The amendment lapsed: what it asks is already so, or its clause is gone."),
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
    wording: str
    """The suggested wording as somebody edits it; the clause's own for a remark."""
    marked: Markup | None
    clause_name: str
    clause_url: str
    since: str
    became: tuple[Link, ...]
    changed: Markup | None
    to_confirm: bool
    needs_address: bool
    may_change_until: datetime | None
    """Until when its author may change it; None where it cannot be changed."""
    may_withdraw: bool
    may_erase: bool
    """Somebody can still be erased."""
    erased_words: bool
    in_record: tuple[int, ...]
    """The amendments whose wording stays in the public record."""
    own: tuple[int, ...]
    """The amendments that the comment's author may withdraw."""


def receipt_page(token: str) -> ReceiptPage:
    """Gather a receipt. Raises NotFound."""
    view = receipts.receipt(instance(), token, actor=current_actor())
    comment = view.comment
    to_confirm = comment.state == "received"
    may_change = commenting.may_rewrite(instance(), comment)
    became = standings.of_standing(view.standing, comment.words_seen, view.clause).links
    return ReceiptPage(
        number=comment.number,
        sentence=_sentence(view),
        steps=tuple(_steps(view)),
        next="" if view.outcomes or comment.answer else _next(view),
        text=comment.text,
        wording=_wording(view),
        marked=_suggested(view),
        clause_name=draft().name(comment.clause_id),
        clause_url=clause_url(comment.clause_id),
        since=_since(view),
        became=became,
        changed=_changed(view),
        to_confirm=to_confirm and view.has_address,
        needs_address=to_confirm and not view.has_address and not view.erased,
        may_change_until=comment.created_at + EDIT_LASTS if may_change else None,
        may_withdraw=comment.state != "withdrawn",
        may_erase=not view.erased or comment.erased_at is None,
        erased_words=comment.erased_at is not None,
        in_record=tuple(one.number for one in view.outcomes),
        own=tuple(
            one.number
            for one in view.outcomes
            if one.own and one.state in ("open", "put", "stale") and comment.state != "withdrawn"
        ),
    )


def _next(view: ReceiptView) -> str:
    if view.comment.state == "received" and not view.has_address:
        return ""
    return NEXT.get(view.comment.state, "")


def _wording(view: ReceiptView) -> str:
    if view.comment.suggested_wording is not None:
        return view.comment.suggested_wording
    return typed_text(view.clause).rstrip() if view.clause is not None else ""


def _sentence(view: ReceiptView) -> str:
    state = view.comment.state
    if view.comment.erased_at is not None:
        return tell("Its words were removed for good, as you wished.")
    if state == "received" and not view.has_address:
        return UNREACHABLE
    if not view.outcomes or state == "withdrawn":
        return STANDING[state]
    last = view.outcomes[-1]
    if last.state == "accepted" and last.version:
        return tell(
            "The amendment that it led to is part of version {version} of the report.",
            version=last.version[1:],
        )
    if last.state in DECIDED:
        return DECIDED[last.state]
    if last.state == "stale":
        return tell("The draft has changed, so the panel votes on the amendment again.")
    return tell("The panel is voting on it.") if last.put else tell("It has become an amendment.")


def _steps(view: ReceiptView) -> Iterator[Step]:
    comment = view.comment
    source = source_of(comment)
    yield Step(
        tell("We received it. {source}.", source=source) if source else tell("We received it."),
        comment.created_at,
    )
    if comment.edited_at:
        yield Step(tell("You changed it."), comment.edited_at)
    if comment.confirmed_at and comment.source == "online":
        yield Step(tell("You confirmed it."), comment.confirmed_at)
    yield from _shown(comment)
    if view.supports:
        yield Step(first_capital(count(view.supports, "person supports it")))
    for outcome in view.outcomes:
        yield from _outcome(outcome)
    if comment.answer:
        yield Step(tell("The panel answered."), comment.answered_at, comment.answer)
    if comment.erased_at:
        yield Step(tell("Its words were removed."), comment.erased_at)
    elif comment.state == "withdrawn":
        yield Step(tell("You took it back."))


def _shown(comment: Comment) -> Iterator[Step]:
    if comment.state == "shown":
        url = url_for("take_part.comment", number=comment.number)
        yield Step(
            tell("The clerk has read it, and it is shown"), link=tell("beside its clause."), url=url
        )
    elif comment.state == "held":
        yield Step(
            tell("The clerk has read it and holds it back."),
            reason=held_sentence(comment),
            link=tell("What may be held back, and why"),
            url=url_for("take_part.moderation_policy"),
        )


def _outcome(one: Outcome) -> Iterator[Step]:
    url = url_for("take_part.amendment", number=one.number)
    yield Step(
        tell("It was taken up in"),
        link=tell("amendment {number}: {title}", number=one.number, title=one.title),
        url=url,
    )
    if one.put and one.state in ("put", "accepted", "rejected"):
        yield Step(tell("The amendment was put to the vote."))
    elif one.state == "stale":
        yield Step(tell("The draft has changed, so the vote on the amendment starts again."))
    if one.state in DECIDED:
        tally = f" {one.tally}" if one.tally else ""
        yield Step(DECIDED[one.state] + tally, reason=marks.rendered(one.reason))
    if one.version:
        words = (
            tell("The decision is part of")
            if one.state != "accepted"
            else tell("You can read it in")
        )
        yield Step(
            words, link=tell("version {version}.", version=one.version[1:]), url=f"/{one.version}/"
        )


def _suggested(view: ReceiptView) -> Markup | None:
    other = view.comment.suggested_wording
    kind = standings.kind_of(view.clause)
    if other is None or view.comment.erased_at is not None:
        return None
    return marks.suggested(kind, view.comment.words_seen, other)


def _changed(view: ReceiptView) -> Markup | None:
    if view.clause is None or not view.changed_since or _is_fulfilled(view):
        return None
    return marks.suggested(view.clause.type, view.comment.words_seen, view.clause.wording)


def _is_fulfilled(view: ReceiptView) -> bool:
    return standings.is_fulfilled(view.comment, view.clause)


def _since(view: ReceiptView) -> str:
    if _is_fulfilled(view):
        return tell("The clause now reads as you suggested.")
    said = standings.of_standing(view.standing, view.comment.words_seen, view.clause).sentence
    if view.clause is None:
        return tell("The clause is no longer in the draft. {said}", said=said).strip()
    return said or tell("The clause still reads as it did when you wrote.")
