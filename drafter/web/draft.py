"""The working draft as pages name it: numbers, chapter titles, the section around a clause."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flask import g, url_for

from drafter.core.clauses import Chapter, Clause, Place, Report
from drafter.core.errors import NotFound
from drafter.core.ids import ClauseId
from drafter.core.numbering import number_report
from drafter.core.wording import tokens_of
from drafter.services.history import origins_of
from drafter.web.current import instance
from drafter.web.phrases import first_words
from drafter.web.tongue import tell


@dataclass(frozen=True, slots=True)
class Link:
    """A name with its address."""

    label: str
    url: str


@dataclass(frozen=True)
class Draft:
    """The text on main now, with the number of each clause."""

    report: Report
    numbers: Mapping[tuple[str, int], str]

    def place(self, clause_id: str) -> Place:
        """Find a clause. Raises NotFound."""
        place = self.report.locate(clause_id)
        if place is None:
            raise NotFound(
                "This clause is not in the draft. Look it up in the published versions, "
                "which keep every clause that there ever was.",
                clause=clause_id,
            )
        return place

    def number(self, place: Place) -> str:
        """Give the number that readers see; empty where it has none."""
        return self.numbers.get((place.chapter.path, place.index), "")

    def number_in(self, report: Report, place: Place) -> str:
        """Give the number that a clause had in an earlier text."""
        numbers = number_report(report, instance().numbering)
        return numbers.get((place.chapter.path, place.index), "")

    def name(self, clause_id: str) -> str:
        """Name a clause in a sentence: `clause 4.2`, or what it is where it has no number."""
        place = self.report.locate(clause_id)
        if place is None:
            return tell("a clause that is no longer in the draft")
        number = self.number(place)
        return tell("clause {number}", number=number) if number else f"“{opening(place.clause)}”"

    def title(self, chapter: Chapter) -> str:
        """Give a chapter's title: its first heading, else the name of its file."""
        for clause in chapter.clauses:
            if clause.type == "heading":
                return plain(clause)
        return chapter.path.rsplit("/", 1)[-1].removesuffix(".md")

    def section(self, place: Place) -> str:
        """Give the heading that a clause stands under; empty under the chapter's title alone."""
        above = place.chapter.clauses[: place.index]
        heading = next((clause for clause in reversed(above) if clause.type == "heading"), None)
        name = plain(heading) if heading is not None else ""
        return "" if name == self.title(place.chapter) else name


def draft() -> Draft:
    """Give the working draft, numbered once a request."""
    if "draft" not in g:
        report = instance().report
        g.draft = Draft(report, number_report(report, instance().numbering))
    found: Draft = g.draft
    return found


def plain(clause: Clause) -> str:
    """Give a clause's words without their Markdown."""
    tokens = tokens_of(clause.type, clause.parts)
    return "".join(token.space + token.shown for token in tokens).strip()


def opening(clause: Clause) -> str:
    """Give the first words of a clause."""
    return first_words(plain(clause))


def clause_url(clause_id: ClauseId | str) -> str:
    """Give the address of a clause's page."""
    return url_for("take_part.clause", clause_id=clause_id)


def origin_links(names: tuple[str, ...]) -> tuple[Link, ...]:
    """Resolve origins as written to the assemblies' pages; unknown ones keep their name."""
    found = origins_of(instance().repository, instance().tip, names)
    return tuple(_origin_link(one.name, one.assembly) for one in found)


def _origin_link(name: str, assembly: object) -> Link:
    body, _, proposal = name.partition("/")
    title = getattr(assembly, "title", body)
    label = (
        tell("{title}, proposal {proposal}", title=title, proposal=proposal)
        if proposal
        else str(title)
    )
    return Link(label, f"/assemblies/{body}/")
