"""How a comment stands to the text of today, in a reader's words."""

from __future__ import annotations

from dataclasses import dataclass

from flask import g
from markupsafe import Markup

from drafter.core.clauses import Clause, ClauseType
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.core.standing import Standing, Turn
from drafter.core.wording import wording_of
from drafter.people.comments import Comment
from drafter.services.lives import LivesAt, lives_at
from drafter.web import marks
from drafter.web.current import instance
from drafter.web.draft import Link, clause_url, draft
from drafter.web.tongue import tell


@dataclass(frozen=True, slots=True)
class Since:
    """What became of a clause since a comment was made on it."""

    sentence: str
    """Empty where nothing has changed."""
    links: tuple[Link, ...]
    """The clauses that it went into."""
    changed: Markup | None
    """The words then and now; None where they are the same, or the clause is gone."""
    gone: bool


def lives() -> LivesAt:
    """Give the lives of this report's clauses, looked up once a request."""
    if "lives" not in g:
        g.lives = lives_at(instance().repository, instance().tip)
    found: LivesAt = g.lives
    return found


def since(comment: Comment, clause: Clause | None) -> Since:
    """Tell what became of the clause since a comment; `clause` as it stands today."""
    if is_fulfilled(comment, clause):
        return Since(tell("The clause reads now as suggested here."), (), None, False)
    return of_standing(lives().standing(comment), comment.words_seen, clause)


def is_fulfilled(comment: Comment, clause: Clause | None) -> bool:
    """Tell whether the clause reads by now as the suggestion had it."""
    other = comment.suggested_wording
    if clause is None or not other:
        return False
    return clause.wording == wording_of(clause.type, (other,))


def of_standing(standing: Standing, seen: str, clause: Clause | None) -> Since:
    """Say a standing in words."""
    changed = None
    if clause is not None and standing.changed:
        changed = marks.suggested(clause.type, seen, clause.wording)
    links = tuple(map(_link, _went_into(standing)))
    return Since(_sentence(standing, clause), links, changed, standing.end is not None)


def cause(turn: Turn) -> str:
    """Say what did something to a clause, and since which version it is so."""
    done = (
        tell("by amendment {amendment}", amendment=turn.amendment)
        if turn.amendment
        else _KINDS.get(turn.kind, "")
    )
    since = (
        tell("in version {version}", version=turn.version[1:])
        if turn.version
        else tell("not yet in a published version")
    )
    return ", ".join(part for part in (done, since) if part)


def ending(turn: Turn) -> str:
    """Say how a clause went out of the text, in a sentence."""
    if turn.happening == "joined" and turn.others:
        return tell("It was joined into another clause {cause}.", cause=cause(turn))
    return tell("It was removed {cause}.", cause=cause(turn))


def kind_of(clause: Clause | None) -> ClauseType:
    """Give the kind by which words are marked where their clause may be gone."""
    return clause.type if clause is not None else "paragraph"


_KINDS = {
    "edit": say("by an edit of the panel"),
    "import": say("when the text was taken over anew"),
    "operator": say("when the report was set up anew"),
}


def _went_into(standing: Standing) -> tuple[ClauseId, ...]:
    end = standing.end.others if standing.end is not None else ()
    return tuple(dict.fromkeys((*standing.parts, *end)))


def _sentence(standing: Standing, clause: Clause | None) -> str:
    said = []
    if standing.parts:
        said.append(tell("The clause was split since: a part of it stands elsewhere."))
    if standing.end is not None:
        said.append(ending(standing.end))
    if standing.taken_in:
        said.append(tell("Another clause was joined into it since."))
    if standing.moved and clause is not None and clause.id:
        said.append(tell("It was moved since: it is {name} now.", name=draft().name(clause.id)))
    if standing.changed:
        said.append(tell("The clause has changed since."))
    return " ".join(said)


def _link(clause_id: ClauseId) -> Link:
    here = draft()
    place = here.report.locate(clause_id)
    name = here.name(clause_id) if place else tell("what it became")
    return Link(name, clause_url(clause_id))
