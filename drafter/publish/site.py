"""All that one version's site is made of, by the file that MkDocs takes each page for."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from drafter.core.assemblies import FOLDER as ASSEMBLIES_FOLDER
from drafter.core.blocks import split_front_matter
from drafter.publish import words
from drafter.publish.body import Body
from drafter.publish.changes import (
    Comparison,
    changes_page,
    changes_path,
    comparisons,
    index_page,
)
from drafter.publish.edition import Edition, chapter_title
from drafter.publish.links import chapter_url, require_addresses
from drafter.publish.notes import clause_notes, proposal_notes
from drafter.publish.pages import (
    amendment_pages,
    amendments_page,
    assemblies_page,
    assembly_facts,
    front_page,
)
from drafter.publish.release_notes import notes_begin, notes_page
from drafter.store import names


@dataclass(frozen=True, slots=True)
class PageSource:
    """What a page is made from: its title as plain text, facts for the templates, Markdown."""

    title: str
    facts: dict[str, str]
    body: str


@dataclass
class Site:
    """The site of one edition."""

    edition: Edition
    bodies: dict[str, Body] = field(init=False)

    def __post_init__(self) -> None:
        self._chapters = {
            _src(chapter.path): (position, chapter)
            for position, chapter in enumerate(self.edition.report.chapters, 1)
        }
        require_addresses(chapter.path for chapter in self.edition.report.chapters)
        made = (body for body in self._bodies() if body.path not in self._chapters)
        self.bodies = {body.path: body for body in made}

    def _bodies(self) -> Iterator[Body]:
        edition = self.edition
        last = self.comparisons[0] if self.comparisons else None
        yield front_page(edition, last, notes_begin(edition))
        yield assemblies_page(edition)
        yield amendments_page(edition)
        yield from amendment_pages(edition)
        if edition.version is not None:
            yield index_page(edition, self.comparisons)
            if edition.notes:
                yield notes_page(edition)
            yield from map(changes_page, self.comparisons)

    @functools.cached_property
    def comparisons(self) -> list[Comparison]:
        """This version beside the earlier ones, the last first."""
        return list(comparisons(self.edition))

    def extension_options(self) -> dict[str, Any]:
        """Give the options of the Markdown extension."""
        notes = {**proposal_notes(self.edition), **clause_notes(self.edition)}
        return {"numbers": self.edition.numbers, "notes": notes.get}

    def furniture(self) -> dict[str, Any]:
        """Give what the templates show around each page (`config.extra.drafter`)."""
        edition = self.edition
        first = chapter_url(edition.report.chapters[0].path) if edition.report.chapters else "."
        app = f"{edition.settings.app_url}take-part/"
        doors = [
            _door("Read", first or ".", "read"),
            _door("What changed", "changes/", "changes"),
            _door("Amendments", "amendments/", "amendments"),
            _door("Assemblies", "assemblies/", "assemblies"),
            _door("Take part", app, "take-part"),
        ]
        if edition.version is None:
            del doors[1]
        clauses = sum(place.clause.type != "opaque" for place in edition.report.places())
        chapters = words.counted(len(edition.report.chapters), "chapter")
        length = f"{chapters}, {words.counted(clauses, 'clause')}"
        return {
            "edition": edition.edition_line,
            "doors": doors,
            "links": [],
            "front": [
                {"label": "Read the report", "url": first or ".", "words": f"{length}."},
                {"label": "Take part", "url": app, "words": _TAKE_PART},
                {"label": "Follow a decision", "url": "amendments/", "words": _FOLLOW},
            ],
        }

    def nav(self, given: Any) -> list[Any]:
        """Let the chapters that the site's `nav` does not name follow in reading order."""
        named = set(_leaves(given))
        rest = [path for path in self._chapters if path not in named]
        return [*(given or []), *rest]

    def data(self) -> Iterator[tuple[str, str]]:
        """Give the files of data: path in the site and content."""
        for comparison in self.comparisons:
            path = changes_path(comparison.since).removesuffix(".md") + ".json"
            yield path, json.dumps(comparison.diff.to_dict(), ensure_ascii=True) + "\n"

    def source(self, src: str) -> PageSource | None:
        """Give what a page is made from; None for a file that is no part of the report."""
        body = self.bodies.get(src)
        if body is not None:
            return PageSource(body.title, {"section": body.section, "template": body.template}, "")
        if src in self._chapters:
            return self._chapter(src)
        return self._assembly(src)

    def _chapter(self, src: str) -> PageSource:
        position, chapter = self._chapters[src]
        facts = {"section": "read"}
        if self.edition.settings.numbering != "none":
            facts["number"] = str(position)
        text = split_front_matter(chapter.text)[1]
        return PageSource(chapter_title(chapter), facts, words.readable(text))

    def _assembly(self, src: str) -> PageSource | None:
        record = self._records.get(src)
        if record is None:
            return None
        facts = {"section": "assemblies", "template": "column.html"}
        return PageSource(self.edition.assemblies[record].title, facts, self.edition.texts[record])

    @functools.cached_property
    def _records(self) -> dict[str, str]:
        return {_src(f"{ASSEMBLIES_FOLDER}{name}.md"): name for name in self.edition.assemblies}

    def content(self, src: str, html: str) -> str:
        """Give the HTML of a page, where MkDocs has `html` for it."""
        body = self.bodies.get(src)
        if body is not None:
            return body.html
        if src not in self._records:
            return html
        head, foot = assembly_facts(self.edition, self.edition.assemblies[self._records[src]])
        title, end, rest = html.partition("</h1>\n")
        return f"{title}{end}{head}{rest}{foot}" if end else f"{head}{html}{foot}"


_TAKE_PART = "Comment on any clause, or suggest other wording. You need no account."
_FOLLOW = "Each amendment with its vote, seat by seat, and the panel’s reason."


def _door(label: str, url: str, section: str) -> dict[str, str]:
    return {"label": label, "url": url, "section": section}


def _src(path: str) -> str:
    return path.removeprefix(f"{names.CHAPTERS}/")


def _leaves(nav: Any) -> Iterator[str]:
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, dict):
        for inner in nav.values():
            yield from _leaves(inner)
    elif isinstance(nav, list):
        for inner in nav:
            yield from _leaves(inner)
