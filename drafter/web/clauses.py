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
from drafter.services import commenting, supporting
from drafter.services.holding import REASONS
from drafter.services.phases import commenting_phase
from drafter.web import marks, reading, standings
from drafter.web.actors import current_actor
from drafter.web.current import instance, now, zone
from drafter.web.draft import Link, clause_url, draft, origin_links
from drafter.web.forms import new_key
from drafter.web.phrases import date, first_capital, moment
from drafter.web.standings import Since
from drafter.web.tongue import in_words, tell

_DEFINITION = re.compile(r"\[[^\]^][^\]]*\]:")

CONSENT = "2026-11"
"""The form of consent that the page asks for; kept with the comment."""


@dataclass(frozen=True, slots=True)
class Taken:
    """An amendment that takes a comment up."""

    number: int
    title: str
    url: str
    decided: bool


@dataclass(frozen=True, slots=True)
class Said:
    """A comment as the clause's page shows it; held back or taken back, without its words."""

    number: int
    at: datetime
    instead: str
    """What stands in place of its words; empty for one that is shown."""
    text: str
    marked: Markup | None
    """What it suggests, against the words that its author saw."""
    since: Since
    """What became of the clause since."""
    answer: str | None
    amendments: tuple[Taken, ...]
    source: str
    """Where it was said; empty for one sent here."""
    supports: int
    may_support: bool


@dataclass(frozen=True, slots=True)
class Pages:
    """The pages of a clause's comments."""

    number: int
    last: int
    total: int
    before: str
    """Address of the page before; empty on the first."""
    after: str


NO_PAGES = Pages(1, 1, 0, "", "")


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
    pages: Pages
    gone: str
    """What took it out of the text, in a sentence; empty while it stands there."""
    became: tuple[Link, ...]
    """The clauses that it went into."""
    open: bool
    """Comments are taken now."""
    until: str
    """Until when, or since when not, in a sentence; empty where no time is set."""


@dataclass(frozen=True, slots=True)
class ClauseForm:
    """What somebody typed, and what is wrong with it."""

    text: str = ""
    wording: str = ""
    email: str = ""
    seen: str = ""
    key: str = ""
    consent: bool = False
    suggestion: str | None = None
    """The other wording; None while the words are those of the clause."""
    changed_since: bool = False
    """The clause has changed since the page was opened."""
    sent_before: Link | None = None
    """The comment that this form has made already, with other words."""
    errors: Mapping[str, str] = field(default_factory=dict)

    @property
    def suggests(self) -> bool:
        """Whether the field for other wording stands open."""
        return self.suggestion is not None or "wording" in self.errors

    @property
    def ready(self) -> bool:
        """Whether it can be sent."""
        return not self.errors and not self.changed_since

    def again(self, key: str, before: Link) -> ClauseForm:
        """Give the form under a new key, where the old one has made a comment already."""
        return replace(self, key=key, sent_before=before)

    def wrong(self, name: str, sentence: str) -> ClauseForm:
        """Give the form with a mistake noted at a field."""
        return replace(self, errors={**self.errors, name: sentence})


def clause_page(clause_id: ClauseId, page: int = 1, *, with_comments: bool = True) -> ClausePage:
    """Gather a clause's page; one that is gone says what became of it. Raises NotFound.

    Where it is not to be shown, its comments can be left out.
    """
    here = draft()
    if here.report.locate(clause_id) is None:
        return _gone_page(clause_id, page)
    place = here.place(clause_id)
    clause = place.clause
    comments, pages = said_on(clause_id, clause, page) if with_comments else ((), NO_PAGES)
    is_open, until = _phase()
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
        amendments=_considered(comments),
        history_url=_history(clause_id),
        comments=comments,
        pages=pages,
        gone="",
        became=(),
        open=is_open,
        until=until,
    )


def _gone_page(clause_id: ClauseId, page: int) -> ClausePage:
    """Gather the page of a clause that is gone: its last words, what became of it, the comments."""
    here = draft()
    last = standings.lives().last_seen(clause_id)
    if last is None:
        here.place(clause_id)
        raise AssertionError("a clause that stands, or never was")
    place, clause = last.place, last.place.clause
    comments, pages = said_on(clause_id, None, page)
    number = here.number_in(last.report, place)
    into = last.turn.others if last.turn.happening == "joined" else ()
    return ClausePage(
        id=clause_id,
        type=clause.type,
        name=tell("What was clause {number}", number=number)
        if number
        else tell("A clause that is gone"),
        chapter=here.title(place.chapter),
        section=here.section(place),
        words=marks.rendered(standalone(place.chapter, clause)),
        wording_hash=clause.hash,
        typed="",
        origins=origin_links(clause.origin) if clause.origin else (),
        amendments=_considered(comments),
        history_url=_history(clause_id),
        comments=comments,
        pages=pages,
        gone=tell(
            "This clause is no longer in the draft. {ending}", ending=standings.ending(last.turn)
        ),
        became=tuple(Link(here.name(one), clause_url(one)) for one in into),
        open=False,
        until="",
    )


def said_on(
    clause_id: ClauseId, clause: Clause | None, page: int
) -> tuple[tuple[Said, ...], Pages]:
    """Gather one page of a clause's comments, with what stands around each."""
    actor = current_actor()
    found = commenting.page_of_comments(instance(), clause_id, page, actor=actor)
    numbers = [one.number for one in found.comments]
    supports = supporting.supports_of(instance(), numbers, actor=actor)
    taken_up = reading.taken_up_in_each(numbers)
    said = tuple(
        _said(one, clause, supports.get(one.number, 0), taken_up.get(one.number, ()))
        for one in found.comments
    )
    number, last = found.number, found.pages
    before = _page_url(clause_id, number - 1) if number > 1 else ""
    after = _page_url(clause_id, number + 1) if number < last else ""
    return said, Pages(number, last, found.total, before, after)


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


def taken(number: int) -> tuple[Taken, ...]:
    """List the amendments that take a comment up."""
    return tuple(map(_taken, reading.taken_up_in(number)))


def held_sentence(comment: Comment) -> str:
    """Say why a comment is held back: the policy's reason, and the clerk's sentence."""
    reason = next((in_words(one.title) for one in REASONS if one.key == comment.held_for), "")
    said = comment.held_reason or ""
    return f"{reason}. {said}" if reason and comment.held_for != "other" else said


def source_of(comment: Comment) -> str:
    """Say where a comment was made that was not sent here."""
    if comment.source == "online" or comment.taken_on is None:
        return ""
    place, day = comment.place, date(comment.taken_on)
    if comment.source == "spoken":
        return tell("Said at {place}, {day}", place=place, day=day)
    return tell("On paper, {place}, {day}", place=place, day=day)


def _taken(one: Amendment) -> Taken:
    where = url_for("take_part.amendment", number=one.number)
    return Taken(one.number, one.title, where, is_final(one.state))


def _considered(comments: tuple[Said, ...]) -> tuple[Taken, ...]:
    """List the undecided amendments that came out of comments, each once."""
    found = {e.number: e for one in comments for e in one.amendments if not e.decided}
    return tuple(found.values())


def _said(
    comment: Comment, clause: Clause | None, supports: int, taken_up: tuple[Amendment, ...]
) -> Said:
    shown = comment.state == "shown"
    other = comment.suggested_wording if shown else None
    kind, seen = standings.kind_of(clause), comment.words_seen
    return Said(
        number=comment.number,
        at=comment.created_at,
        instead="" if shown else _instead(comment),
        text=comment.text if shown else "",
        marked=marks.suggested(kind, seen, other) if other is not None else None,
        since=standings.since(comment, clause),
        answer=comment.answer,
        amendments=tuple(map(_taken, taken_up)),
        source=source_of(comment) if shown else "",
        supports=supports,
        may_support=other is not None
        and clause is not None
        and not any(is_final(one.state) for one in taken_up),
    )


def _instead(comment: Comment) -> str:
    if comment.state == "held":
        return tell(
            "Comment {number} is held back. {held_sentence}",
            number=comment.number,
            held_sentence=held_sentence(comment),
        )
    if comment.erased_at is not None:
        return tell("Comment {number} was removed by its author.", number=comment.number)
    return tell("Comment {number} was taken back by its author.", number=comment.number)


def _phase() -> tuple[bool, str]:
    phase, here = commenting_phase(instance()), now()
    is_open = phase.is_open(here)
    if phase.opens_at is not None and here < phase.opens_at:
        return False, tell("Comments open on {opens_at}.", opens_at=moment(phase.opens_at, zone()))
    if phase.closes_at is None:
        return is_open, ""
    if is_open:
        return True, tell(
            "Comments are open until {closes_at}.", closes_at=moment(phase.closes_at, zone())
        )
    return False, tell(
        "Comments were open until {closes_at}. They are closed.",
        closes_at=moment(phase.closes_at, zone()),
    )


def phase_sentence() -> str:
    """Say until when comments are taken; empty where no time is set."""
    return _phase()[1]


def _page_url(clause_id: ClauseId, page: int) -> str:
    where = url_for("take_part.clause", clause_id=clause_id, page=page if page > 1 else None)
    return f"{where}#comments"


def _history(clause_id: ClauseId) -> str:
    page = instance().public / "c" / clause_id / "index.html"
    return f"/c/{clause_id}/" if page.is_file() else ""


def blank_form(page: ClausePage) -> ClauseForm:
    """Give the form as it stands when the page is opened."""
    return ClauseForm(wording=page.typed, seen=page.wording_hash, key=new_key())


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
        key=request.form.get("form", ""),
        consent=request.form.get("consent") == "yes",
        suggestion=wording if other else None,
        changed_since=seen != page.wording_hash,
    )


def checked(form: ClauseForm) -> ClauseForm:
    """Note what has to be mended before the form can be sent."""
    if not form.text.strip() and form.suggestion is None:
        form = form.wrong("comment", tell("Write what you want to say, or change the wording."))
    elif form.suggestion is not None and not form.suggestion.strip():
        form = form.wrong(
            "wording",
            tell(
                "The wording is empty. If the clause should go, say so in a comment and leave its "
                "words as they are."
            ),
        )
    return form


def preview(page: ClausePage, form: ClauseForm) -> tuple[ClauseForm, Markup | None]:
    """Mark what the wording in the form would change, or note at the form why it cannot be."""
    if form.suggestion is None:
        return form.wrong(
            "wording", tell("These are the words of the clause. Change them first.")
        ), None
    form = checked(form)
    if form.errors:
        return form, None
    shown = commenting.preview_suggestion(
        instance(), page.id, form.suggestion or "", actor=current_actor()
    )
    if shown.problems:
        return form.wrong("wording", " ".join(map(in_words, shown.problems))), None
    return form, marks.suggested(page.type, shown.clause.wording, shown.wording)


def _typed(name: str) -> str:
    return request.form.get(name, "").replace("\r\n", "\n")
