"""The clause page: the words, what others said about them, and the form as it was filled in."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from flask import request, url_for
from markupsafe import Markup

from drafter.core.clauses import Chapter, Clause, ClauseType
from drafter.core.editing import typed_text
from drafter.core.ids import ClauseId
from drafter.core.rules import is_final
from drafter.people.amendments import Amendment
from drafter.people.comments import Comment
from drafter.services import commenting
from drafter.web import marks, reading
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.draft import Draft, Link, draft, opening, origin_links
from drafter.web.phrases import first_capital

_DEFINITION = re.compile(r"\[[^\]^][^\]]*\]:")


@dataclass(frozen=True, slots=True)
class Taken:
    """An amendment that takes a comment up."""

    number: int
    title: str
    url: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as the clause's page shows it."""

    number: int
    at: datetime
    text: str
    marked: Markup | None
    """What it suggests, against the words that its author saw."""
    since: Markup | None
    """What changed in the clause since; None where it reads the same."""
    answer: str | None
    amendments: tuple[Taken, ...]


@dataclass(frozen=True, slots=True)
class ClausePage:
    """A clause and everything that stands around it."""

    id: ClauseId
    type: ClauseType
    name: str
    chapter: str
    section: str
    words: Markup
    wording_hash: str
    typed: str
    """Its words as somebody edits them."""
    origins: tuple[Link, ...]
    amendments: tuple[Taken, ...]
    history_url: str
    comments: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class ClauseForm:
    """What somebody typed, and what is wrong with it."""

    text: str = ""
    wording: str = ""
    email: str = ""
    seen: str = ""
    suggestion: str | None = None
    """The other wording; None while the words are those of the clause."""
    changed_since: bool = False
    """The clause has changed since the page was opened."""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def suggests(self) -> bool:
        """Whether the field for other wording stands open."""
        return self.suggestion is not None or "wording" in self.errors

    @property
    def ready(self) -> bool:
        """Whether it can be sent."""
        return not self.errors and not self.changed_since

    def wrong(self, name: str, sentence: str) -> ClauseForm:
        """Give the form with a mistake noted at a field."""
        return replace(self, errors={**self.errors, name: sentence})


@dataclass(frozen=True, slots=True)
class Line:
    """A clause in a list of contents."""

    id: ClauseId
    number: str
    opening: str
    comments: int


@dataclass(frozen=True, slots=True)
class Part:
    """A chapter in a list of contents."""

    title: str
    clauses: tuple[Line, ...]


def contents() -> tuple[Part, ...]:
    """List the chapters and their clauses, in reading order, with the comments on each."""
    here, counts = draft(), reading.counts()
    comments = {clause: count.remarks + count.suggestions for clause, count in counts.items()}
    return tuple(_part(here, chapter, comments) for chapter in here.report.chapters)


def _part(here: Draft, chapter: Chapter, comments: Mapping[ClauseId, int]) -> Part:
    lines = [
        Line(
            clause.id,
            here.numbers.get((chapter.path, index), ""),
            opening(clause),
            comments.get(clause.id, 0),
        )
        for index, clause in enumerate(chapter.clauses)
        if clause.id
    ]
    return Part(here.title(chapter), tuple(lines))


def clause_page(clause_id: ClauseId, *, comments: bool = True) -> ClausePage:
    """Gather a clause's page, without its comments where a form is only read. Raises NotFound."""
    here = draft()
    place = here.place(clause_id)
    clause = place.clause
    said = commenting.comments_on(instance(), clause_id, actor=current_actor()) if comments else ()
    taken_up = reading.taken_up([one.number for one in said]) if said else {}
    shown = tuple(_said(one, clause, taken_up.get(one.number, ())) for one in said)
    return ClausePage(
        id=clause_id,
        type=clause.type,
        name=first_capital(here.name(clause_id)),
        chapter=here.title(place.chapter),
        section=here.section(place),
        words=marks.rendered(standalone(place.chapter, clause)),
        wording_hash=clause.hash,
        typed=typed_text(clause).rstrip(),
        origins=origin_links(clause.origin) if clause.origin else (),
        amendments=_considered(shown),
        history_url=_history(clause_id),
        comments=shown,
    )


def standalone(chapter: Chapter, clause: Clause) -> str:
    """Give a clause's Markdown as a text of its own, with the link definitions of its chapter."""
    definitions = [
        part
        for other in chapter.clauses
        if other.type == "opaque"
        for part in other.parts
        if _DEFINITION.match(part)
    ]
    return "\n\n".join([*clause.parts, *definitions])


def _considered(comments: tuple[Said, ...]) -> tuple[Taken, ...]:
    """List the undecided amendments that came out of comments, each once."""
    found = {e.number: e for one in comments for e in one.amendments if not e.decided}
    return tuple(found.values())


def taken(number: int) -> tuple[Taken, ...]:
    """List the amendments that take a comment up."""
    return tuple(_taken(one) for one in reading.taken_up_in(number))


def _taken(one: Amendment) -> Taken:
    url = url_for("take_part.amendment", number=one.number)
    return Taken(one.number, one.title, url, is_final(one.state))


def _said(comment: Comment, clause: Clause, taken_up: tuple[Amendment, ...]) -> Said:
    other = comment.suggested_wording
    changed = comment.wording_hash != clause.hash
    seen = comment.words_seen
    return Said(
        number=comment.number,
        at=comment.created_at,
        text=comment.text,
        marked=marks.suggested(clause.type, seen, other) if other is not None else None,
        since=marks.suggested(clause.type, seen, clause.wording) if changed else None,
        answer=comment.answer,
        amendments=tuple(_taken(one) for one in taken_up),
    )


def _history(clause_id: ClauseId) -> str:
    page = instance().public / "c" / clause_id / "index.html"
    return f"/c/{clause_id}/" if page.is_file() else ""


def read_form(page: ClausePage) -> ClauseForm:
    """Read what was sent; line ends become line feeds."""
    wording = _typed("wording") if "wording" in request.form else page.typed
    other = wording.strip() != page.typed.strip()
    seen = request.form.get("seen", "")
    return ClauseForm(
        text=_typed("comment"),
        wording=wording,
        email=_typed("email").strip(),
        seen=page.wording_hash,
        suggestion=wording if other else None,
        changed_since=seen != page.wording_hash,
    )


def checked(form: ClauseForm) -> ClauseForm:
    """Note what has to be mended before the form can be sent."""
    if not form.text.strip() and form.suggestion is None:
        form = form.wrong("comment", "Write what you want to say, or change the wording.")
    elif form.suggestion is not None and not form.suggestion.strip():
        form = form.wrong(
            "wording",
            "The wording is empty. If the clause should go, say so in a comment and leave its "
            "words as they are.",
        )
    return form


def preview(page: ClausePage, form: ClauseForm) -> tuple[ClauseForm, Markup | None]:
    """Mark what the wording in the form would change, or note at the form why it cannot be."""
    if form.suggestion is None:
        return form.wrong("wording", "These are the words of the clause. Change them first."), None
    form = checked(form)
    if form.errors:
        return form, None
    shown = commenting.preview_suggestion(
        instance(), page.id, form.suggestion or "", actor=current_actor()
    )
    if shown.problems:
        return form.wrong("wording", " ".join(shown.problems)), None
    return form, marks.suggested(page.type, shown.clause.wording, shown.wording)


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")
