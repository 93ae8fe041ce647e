"""Competing amendments on one page: the present words, and what each amendment wants of them."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, url_for
from markupsafe import Markup

from drafter.core.clauses import Clause
from drafter.core.saying import say
from drafter.people.amendments import Amendment
from drafter.services import competing
from drafter.services.authority import may
from drafter.services.competing import Alternative, Contested
from drafter.web import marks
from drafter.web.actors import current_actor
from drafter.web.amendments import Asked
from drafter.web.current import instance
from drafter.web.draft import draft
from drafter.web.phrases import STATES, count, first_capital, submitter_name
from drafter.web.policy import policy
from drafter.web.tongue import tell
from drafter.web.words import shown

blueprint = Blueprint("competing", __name__, url_prefix="/take-part/competing")

WANTS = {
    "insert": say("Adds this"),
    "substitute": say("Says this instead"),
    "repeal": say("Removes it"),
    "move": say("Moves it"),
}


@dataclass(frozen=True, slots=True)
class AlternativeShown:
    """What one amendment wants of a clause."""

    number: int
    title: str
    wants: str
    marked: Markup | None
    """Against the present words."""
    words: Markup | None
    """As readers would see it."""
    against: tuple[tuple[int, Markup], ...]
    """How it differs from each alternative before it: that one's number, and the marks."""


@dataclass(frozen=True, slots=True)
class ContestedShown:
    """One clause or place with the alternatives."""

    name: str
    present: Markup | None
    alternatives: tuple[AlternativeShown, ...]


@dataclass(frozen=True, slots=True)
class Rival:
    """One of the amendments."""

    number: int
    title: str
    state: str
    url: str
    vote_url: str
    by: str
    comments: tuple[Asked, ...]
    combines: tuple[int, ...]


@blueprint.get("/<int:number>")
@policy("read")
def page(number: int) -> str:
    """Set an amendment beside its rivals."""
    view = competing.view_competing(instance(), number, actor=current_actor())
    rivals = tuple(_rival(one, view) for one in view.amendments)
    shared = tuple(one for one in view.contested if len(one.alternatives) > 1)
    alone = tuple(one for one in view.contested if len(one.alternatives) == 1)
    return render_template(
        "public/competing.html",
        number=number,
        rivals=rivals,
        title=_title(len(rivals)),
        contested=[contested(one) for one in shared],
        alone=[contested(one) for one in alone],
        may_combine=may(current_actor(), "propose") and len(rivals) > 1,
    )


def contested(one: Contested) -> ContestedShown:
    """Give a clause or place with its alternatives as a page shows it."""
    return ContestedShown(
        first_capital(name_of(one)), shown(one.chapter, one.clause), alternatives(one)
    )


def name_of(one: Contested) -> str:
    """Name a clause, or the place where new ones are wanted."""
    here = draft()
    if one.clause is not None and one.clause.id:
        return here.name(one.clause.id)
    if one.after:
        return tell("after {name}", name=here.name(one.after))
    return tell("at the beginning of “{title}”", title=here.title(one.chapter))


def alternatives(one: Contested) -> tuple[AlternativeShown, ...]:
    """Draw what each amendment wants, and how it differs from those before it."""
    return tuple(_alternative(one, at) for at in range(len(one.alternatives)))


def _alternative(one: Contested, at: int) -> AlternativeShown:
    mine = one.alternatives[at]
    present = one.clause.wording if one.clause else ""
    kind = _kind(one, mine)
    wanted = mine.clause.wording if mine.clause else ""
    others = [other for other in one.alternatives[:at] if mine.clause and other.clause]
    return AlternativeShown(
        number=mine.amendment.number,
        title=mine.amendment.title,
        wants=WANTS[mine.verb],
        marked=marks.suggested(kind, present, wanted),
        words=shown(mine.chapter, mine.clause),
        against=tuple(
            (other.amendment.number, marks.suggested(kind, other.clause.wording, wanted))
            for other in others
            if other.clause and other.clause.type == kind
        ),
    )


def _kind(one: Contested, mine: Alternative) -> str:
    clause: Clause | None = mine.clause or one.clause
    return clause.type if clause else "paragraph"


def _rival(one: Amendment, view: competing.Competition) -> Rival:
    seat = current_actor().role == "seat"
    asking = view.comments[one.number]
    return Rival(
        number=one.number,
        title=one.title,
        state=STATES[one.state],
        url=url_for("take_part.amendment", number=one.number),
        vote_url=url_for("panel.amendment", number=one.number)
        if seat and one.state == "put"
        else "",
        by=submitter_name(one.submitter),
        comments=tuple(Asked(n, url_for("take_part.comment", number=n)) for n in asking),
        combines=view.combines[one.number],
    )


def _title(rivals: int) -> str:
    if rivals == 1:
        return tell("Nothing competes with this amendment")
    return first_capital(count(rivals, "amendment on the same words"))
