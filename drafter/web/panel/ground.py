"""The text that the editor works in: the working draft, or a draft of one's own with its changes.

Names clauses and places for people; lays a chapter out as readers see it. Decides nothing.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from flask import url_for
from markupsafe import Markup

from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Chapter, Clause, Place, Report
from drafter.core.errors import NotFound
from drafter.core.ids import ClauseId
from drafter.core.numbering import number_report
from drafter.core.rendering import render
from drafter.core.saying import say
from drafter.people.proposals import Proposal
from drafter.publish.markdown_extension import lay_out, parse_html, serialize
from drafter.services import drafting
from drafter.services.permitted import phase_of
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.draft import Draft, opening
from drafter.web.tongue import tell

PAGE = 150
"""Clauses, with what is nested in them, on one page of a long chapter."""

PHASES: Mapping[str, str] = {
    "drafting": say(
        "This chapter is being written. What a member changes here is saved at once, and "
        "listed in the next version."
    ),
    "amending": say(
        "The panel has taken this chapter up. What changes here is voted on, word by word."
    ),
}


@dataclass(frozen=True)
class Ground:
    """A text with the names of its clauses, and the draft that it belongs to."""

    text: Draft
    proposal: Proposal | None

    @property
    def id(self) -> int | None:
        """The number of the draft; None where one looks at the working draft itself."""
        return self.proposal.id if self.proposal else None

    @property
    def report(self) -> Report:
        """The text."""
        return self.text.report

    def chapter(self, path: str) -> Chapter:
        """Find a chapter. Raises NotFound."""
        found = self.report.chapter(path)
        if found is None:
            raise NotFound("There is no such chapter in the draft. It may have been renamed.")
        return found

    def is_drafting(self, path: str) -> bool:
        """Tell whether a seat's change in this chapter is saved without a vote."""
        found = instance().report.chapter(path)
        return found is not None and phase_of(found) == "drafting"

    def name(self, place: Place) -> str:
        """Name a clause in a list: its number and its first words."""
        number = self.text.number(place)
        words = opening(place.clause)
        return f"{number} {words}" if number else words


def ground(draft_id: int | None, at: int | None = None) -> Ground:
    """Give the text before the next change of a draft, or before its change `at`.

    Raises NotFound, NotAllowed.
    """
    actor = current_actor()
    report = drafting.text_before(instance(), actor, draft_id, at)
    named = Draft(report, number_report(report, instance().numbering))
    found = drafting.read_proposal(instance(), actor, draft_id) if draft_id is not None else None
    return Ground(named, found)


@dataclass(frozen=True, slots=True)
class Spot:
    """A place in a list of places: what a form sends for it, and how it is called."""

    value: str
    label: str


def places(here: Ground, path: str, *, item: bool, without: ClauseId | None) -> Iterator[Spot]:
    """List the places of a chapter where a clause can go: behind each clause, or first.

    An entry of a list can go inside another; anything else stands by itself.
    """
    yield Spot("first", tell("At the beginning of the chapter"))
    chapter, gone = here.chapter(path), set[int]()
    for index, clause in enumerate(chapter.clauses):
        if clause.id == without or clause.parent in gone:
            gone.add(index)
        elif clause.id and (clause.parent is None or item):
            name = here.name(Place(chapter, index, None, None))
            indent = "\u2003" * _depth(chapter, clause)
            yield Spot(f"after {clause.id}", indent + tell("After {name}", name=name))
            if item and clause.type == "item":
                yield Spot(
                    f"inside {clause.id}",
                    f"{indent}\u2003" + tell("First inside {name}", name=name),
                )


def read_spot(here: Ground, path: str, value: str) -> tuple[ClauseId | None, ClauseId | None]:
    """Read a place back: parent, and the clause before it. Raises NotFound."""
    kind, _, name = value.partition(" ")
    if kind == "inside":
        return here.text.place(name).clause.id, None
    if kind == "after":
        place = here.text.place(name)
        return place.parent, place.clause.id
    if kind != "first":
        raise NotFound("Choose a place from the list.")
    return None, None


def _depth(chapter: Chapter, clause: Clause) -> int:
    depth = 0
    while clause.parent is not None:
        clause, depth = chapter.clauses[clause.parent], depth + 1
    return depth


@dataclass(frozen=True, slots=True)
class Leaf:
    """One page of a chapter as readers see it, with what can be done beside each clause."""

    words: Markup
    number: int
    of: int


def leaf(here: Ground, chapter: Chapter, number: int) -> Leaf:
    """Lay a page of a chapter out."""
    tops = _tops(chapter)
    pages = _pages(chapter, tops)
    number = min(max(number, 1), len(pages))
    wanted = pages[number - 1]
    text = "".join(
        segment.raw + segment.gap for segment in chapter.segments if tops[segment.clause] in wanted
    )
    text = split_front_matter(text)[1]
    others = [
        part
        for index, clause in enumerate(chapter.clauses)
        if clause.type == "opaque" and index not in wanted
        for part in clause.parts
        if part.startswith("[") and "]:" in part
    ]
    root = parse_html(render("\n\n".join([text, *others])))
    numbers = {
        clause.id: here.text.numbers.get((chapter.path, index), "")
        for index, clause in enumerate(chapter.clauses)
        if clause.id
    }
    lay_out(root, {name: n for name, n in numbers.items() if n}, _notes(here, chapter))
    for link in root.iter("a"):
        if link.get("class") == "n":
            link.set("aria-label", _permanent(link.get("href", "")[1:], numbers))
    for heading in root.iter("h1"):
        heading.tag = "h2"  # the page has a title of its own
    rows = "".join(serialize(row) for row in root)
    return Leaf(Markup(rows), number, len(pages))


def _permanent(clause: str, numbers: Mapping[ClauseId, str]) -> str:
    if number := numbers.get(clause):
        return tell("Clause {number}, permanent link", number=number)
    return tell("Permanent link")


def _tops(chapter: Chapter) -> list[int]:
    """Give for each clause the one at the top that it is nested in."""
    found: list[int] = []
    for index, clause in enumerate(chapter.clauses):
        found.append(index if clause.parent is None else found[clause.parent])
    return found


def _pages(chapter: Chapter, tops: list[int]) -> list[set[int]]:
    pages: list[set[int]] = [set()]
    size, weights = 0, Counter(tops)
    for top, weight in weights.items():
        if size and size + weight > PAGE:
            pages.append(set())
            size = 0
        pages[-1].add(top)
        size += weight
    return pages


def _notes(here: Ground, chapter: Chapter) -> Callable[[str], str]:
    by_id = {clause.id: (index, clause) for index, clause in enumerate(chapter.clauses)}
    new = {name for name in by_id if here.proposal and name not in instance().report.ids}

    def notes(clause_id: str) -> str:
        if ClauseId(clause_id) not in by_id:
            return ""
        index, clause = by_id[ClauseId(clause_id)]
        number = here.text.numbers.get((chapter.path, index), "")
        name = number or opening(clause)
        said = Markup('<p><span class="kind added">{}</span></p>').format(tell("New in your draft"))
        mark = said if clause_id in new else ""
        title = clause.level == 1
        does = ((tell("Change the words"), "reword"), (tell("Add after"), "add"))
        if not title:
            does += ((tell("Remove"), "remove"), (tell("Move"), "move"))
        links = " ".join(_link(here, label, what, clause_id, name) for label, what in does)
        return f"{mark}<p>{links}</p>"

    return notes


def _link(here: Ground, label: str, what: str, clause: str, name: str) -> str:
    url = url_for("text.form", what=what, clause=clause, draft=here.id)
    spoken = Markup('<span class="sr">: {}</span>').format(name)
    return Markup('<a class="do" href="{}">{}{}</a>').format(url, label, spoken)
