"""Clauses and the comments on them, in the shapes of the interface."""

from __future__ import annotations

from collections.abc import Collection
from typing import Literal

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Clause, Place, place_at
from drafter.core.errors import NotFound
from drafter.core.frontmatter import read_chapter_settings
from drafter.core.ids import ClauseId
from drafter.core.saying import say
from drafter.people.comments import ClauseCount, Comment
from drafter.services import commenting, supporting
from drafter.services.lives import LastSeen
from drafter.web import reading, standings
from drafter.web.actors import current_actor
from drafter.web.api import shapes
from drafter.web.clauses import held_sentence, source_of
from drafter.web.current import instance
from drafter.web.draft import draft

UNDECIDED = ("open", "put", "stale")


def chapter(found: Chapter) -> shapes.Chapter:
    """Show a chapter in the list of them."""
    front, _ = split_front_matter(found.text)
    return shapes.Chapter(
        path=found.path,
        title=draft().title(found),
        phase=read_chapter_settings(front, found.path).phase,
        clauses=sum(clause.id is not None for clause in found.clauses),
    )


def clauses_of(path: str) -> shapes.Clauses:
    """Show the clauses of a chapter. Raises NotFound."""
    found = draft().report.chapter(path)
    if found is None:
        raise NotFound(say("There is no chapter {path} in the draft.", path=path[:200]))
    places = [place_at(found, index) for index, one in enumerate(found.clauses) if one.id]
    return shapes.Clauses(clauses=tuple(_words(each, draft().number(each)) for each in places))


def clause(clause_id: ClauseId) -> shapes.Clause:
    """Show a clause; one that is gone as it stood last. Raises NotFound."""
    here = draft()
    last = None
    if here.report.locate(clause_id) is None:
        last = standings.lives().last_seen(clause_id)
    if last is not None:
        words = _words(last.place, here.number_in(last.report, last.place))
    else:
        place = here.place(clause_id)
        words = _words(place, here.number(place))
    count = reading.counts().get(clause_id, ClauseCount(0, 0))
    first = commenting.page_of_comments(instance(), clause_id, actor=current_actor())
    taken_up = reading.taken_up_in_each([each.number for each in first.comments])
    numbers = {one.number for ones in taken_up.values() for one in ones if one.state in UNDECIDED}
    return shapes.Clause(
        **words.model_dump(),
        gone=_gone(last) if last is not None else None,
        remarks=count.remarks,
        suggestions=count.suggestions,
        amendments=tuple(sorted(numbers)),
    )


def comments(clause_id: ClauseId, page: int) -> shapes.Comments:
    """Show one page of a clause's comments. Raises NotFound for no clause that ever was."""
    place = draft().report.locate(clause_id)
    if place is None and standings.lives().last_seen(clause_id) is None:
        draft().place(clause_id)
    found = commenting.page_of_comments(instance(), clause_id, page, actor=current_actor())
    return shapes.Comments(
        comments=_shown(found.comments, place.clause if place else None),
        page=found.number,
        pages=found.pages,
        total=found.total,
    )


def _words(place: Place, number: str) -> shapes.ClauseWords:
    found = place.clause
    return shapes.ClauseWords(
        id=str(found.id),
        number=number,
        chapter=place.chapter.path,
        parent=place.parent,
        type=found.type,
        level=found.level,
        wording=found.wording,
        wording_hash=found.hash,
        origins=found.origin,
    )


def _gone(last: LastSeen) -> shapes.Gone:
    turn = last.turn
    return shapes.Gone(
        sentence=standings.ending(turn),
        amendment=turn.amendment,
        version=turn.version,
        became=turn.others if turn.happening == "joined" else (),
    )


def _shown(found: Collection[Comment], now: Clause | None) -> tuple[shapes.Comment, ...]:
    numbers = [one.number for one in found]
    supports = supporting.supports_of(instance(), numbers, actor=current_actor())
    taken_up = reading.taken_up_in_each(numbers)
    return tuple(
        _comment(
            one,
            now,
            supports.get(one.number, 0),
            tuple(each.number for each in taken_up.get(one.number, ())),
        )
        for one in found
    )


def _comment(
    one: Comment, now: Clause | None, supports: int, taken_up: tuple[int, ...]
) -> shapes.Comment:
    shown = one.state == "shown"
    return shapes.Comment(
        number=one.number,
        clause=one.clause_id,
        at=one.created_at,
        state=_state(one),
        text=one.text if shown else None,
        suggested_wording=one.suggested_wording if shown else None,
        words_seen=one.words_seen if shown else None,
        held_because=held_sentence(one) if one.state == "held" else None,
        said=source_of(one) if shown else "",
        clause_now=standings.lives().standing(one).relation,
        reads_so_now=shown and standings.is_fulfilled(one, now),
        answer=one.answer,
        supports=supports,
        amendments=taken_up,
    )


def _state(one: Comment) -> Literal["shown", "held", "withdrawn", "erased"]:
    if one.state == "shown" or one.state == "held":
        return one.state
    return "erased" if one.erased_at is not None else "withdrawn"
