"""All that one version's site is made of, by the file that MkDocs takes each page for."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import escape
from typing import Any
from urllib.parse import quote

from drafter.core.assemblies import FOLDER as ASSEMBLIES_FOLDER
from drafter.core.blocks import split_front_matter
from drafter.publish import search, whole, words
from drafter.publish.amendment_pages import amendment_pages, amendments_page
from drafter.publish.assembly_pages import assemblies_page, assembly_facts
from drafter.publish.body import Body, page_url
from drafter.publish.cards import VERSION_CARD, Card, card_path, cards, draw_card
from drafter.publish.changes import Comparison, comparisons
from drafter.publish.changes_data import data_files
from drafter.publish.changes_index import index_page
from drafter.publish.changes_page import changes_page
from drafter.publish.cite import cite, cite_block, cite_files
from drafter.publish.data import REPORT, SCHEMA, report_json, schema
from drafter.publish.data_law import chapter_law, version_law
from drafter.publish.data_page import data_page
from drafter.publish.data_prov import PROVENANCE, provenance_json
from drafter.publish.edition import Edition, chapter_title
from drafter.publish.ends import End, ends
from drafter.publish.feeds import DECISIONS, VERSIONS
from drafter.publish.front_page import check_page, front_page
from drafter.publish.links import chapter_url, links_from, require_addresses
from drafter.publish.notes import clause_notes, proposal_notes
from drafter.publish.release_notes import notes_begin, notes_page
from drafter.publish.versions import edition_css, turning
from drafter.publish.votes_page import CSV_PATH, votes_csv, votes_page
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
    _htmls: dict[str, str] = field(init=False, default_factory=dict)
    """By chapter, what MkDocs has made of it."""

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
        first = self.comparisons[-1] if self.comparisons else None
        yield front_page(edition, last, first, self.ends, notes_begin(edition))
        yield check_page(edition)
        yield assemblies_page(edition, self.ends)
        yield amendments_page(edition, first)
        yield votes_page(edition)
        yield from amendment_pages(edition)
        yield Body("search/index.md", "Search", "search", "", "search.html")
        yield Body(whole.PATH, "The whole report on one page", "read", "", "all.html")
        if edition.version is not None:
            yield index_page(edition, self.comparisons)
            if edition.notes:
                yield notes_page(edition)
            yield from map(changes_page, self.comparisons)
            yield data_page(edition, self.files)

    @functools.cached_property
    def comparisons(self) -> list[Comparison]:
        """This version beside the earlier ones, the last first."""
        return list(comparisons(self.edition))

    @functools.cached_property
    def ends(self) -> dict[str, tuple[End, ...]]:
        """What became of each proposal, by assembly, in the order they met."""
        return ends(self.edition)

    def extension_options(self) -> dict[str, Any]:
        """Give the options of the Markdown extension."""
        notes = {**proposal_notes(self.edition, self.ends), **clause_notes(self.edition)}
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
            "versions": turning(edition),
            "doors": doors,
            "links": [] if edition.version is None else [{"label": "Data", "url": "data/"}],
            "feeds": [] if edition.version is None else _FEEDS,
            "front": [
                {"label": "Read the report", "url": first or ".", "words": f"{length}."},
                {"label": "Take part", "url": app, "words": _TAKE_PART},
                {"label": "Check it", "url": "check/", "words": _CHECK},
            ],
        }

    def nav(self, given: Any) -> list[Any]:
        """Let the chapters that the site's `nav` does not name follow in reading order."""
        named = set(_leaves(given))
        rest = [path for path in self._chapters if path not in named]
        return [*(given or []), *rest]

    @functools.cached_property
    def files(self) -> tuple[tuple[str, bytes], ...]:
        """What stands beside the pages: path in the site and content.

        Of a text without versions, only what its pages need.
        """
        needed = (
            (search.PATH, search.search_index(self.edition).encode()),
            ("assets/edition.css", edition_css(self.edition).encode()),
            (CSV_PATH, votes_csv(self.edition).encode()),
        )
        return needed if self.edition.version is None else (*needed, *self._data())

    def _data(self) -> Iterator[tuple[str, bytes]]:
        edition = self.edition
        for comparison in self.comparisons:
            for path, content in data_files(comparison):
                yield path, content.encode()
        yield REPORT, report_json(edition).encode()
        yield SCHEMA, schema()
        yield PROVENANCE, provenance_json(edition).encode()
        yield from sorted(edition.facts.items())
        for name, content in cite_files(edition):
            yield name, words.readable(content).encode()
        for path, card in self.cards.items():
            yield path, draw_card(card)

    @functools.cached_property
    def cards(self) -> dict[str, Card]:
        """The pictures for who shares a page; only where the site knows its own address.

        Of amendments, those that this version closed: the work must not grow with the record.
        """
        edition, version = self.edition, self.edition.version
        if version is None or not edition.settings.site_url:
            return {}
        return dict(cards(edition))

    def source(self, src: str) -> PageSource | None:
        """Give what a page is made from; None for a file that is no part of the report."""
        body = self.bodies.get(src)
        if body is not None:
            facts = {"section": body.section, "template": body.template, **self._card(src)}
            return PageSource(body.title, facts, "")
        if src in self._chapters:
            return self._chapter(src)
        return self._assembly(src)

    def _chapter(self, src: str) -> PageSource:
        position, chapter = self._chapters[src]
        facts = {"section": "read", **self._card(src)}
        if self.edition.settings.numbering != "none":
            facts["number"] = str(position)
        text = split_front_matter(chapter.text)[1]
        return PageSource(chapter_title(chapter), facts, words.readable(text))

    def _assembly(self, src: str) -> PageSource | None:
        record = self._records.get(src)
        if record is None:
            return None
        facts = {"section": "assemblies", "template": "column.html", **self._card(src)}
        return PageSource(self.edition.assemblies[record].title, facts, self.edition.texts[record])

    def _titled(self, src: str, html: str) -> str:
        """Begin a chapter that has no heading of the first level with its title."""
        if "<h1" in html:
            return html
        title = escape(words.readable(chapter_title(self._chapters[src][1])))
        return f'<h1 class="clause"><span class="words">{title}</span></h1>\n{html}'

    def whole(self) -> str:
        """Give the report on one page, once MkDocs has made all chapters."""
        made = ((quote(chapter_url(src)), self._htmls.get(src, "")) for src in self._chapters)
        return whole.whole_report(dict(made))

    @functools.cached_property
    def _records(self) -> dict[str, str]:
        return {_src(f"{ASSEMBLIES_FOLDER}{name}.md"): name for name in self.edition.assemblies}

    def _card(self, src: str) -> dict[str, str]:
        """Name the card of a page: its own, or the version's."""
        own = card_path(src)
        known = own if own in self.cards else VERSION_CARD
        return {"card": known} if known in self.cards else {}

    def content(self, src: str, html: str) -> str:
        """Give the HTML of a page, where MkDocs has `html` for it."""
        return self._content(src, html) + self._behind(src)

    def _content(self, src: str, html: str) -> str:
        body = self.bodies.get(src)
        if body is not None:
            return body.html
        if src in self._chapters:
            self._htmls[src] = html = self._titled(src, html)
        if src not in self._records:
            return html
        name = self._records[src]
        assembly, line = self.edition.assemblies[name], list(self.ends)
        head, foot = assembly_facts(self.edition, assembly, self.ends[name], line)
        title, end, rest = html.partition("</h1>\n")
        return f"{title}{end}{head}{rest}{foot}" if end else f"{head}{html}{foot}"

    def _behind(self, src: str) -> str:
        """Give what follows a page's own words: how to cite it, and what search engines read."""
        edition, source = self.edition, self.source(src)
        if edition.version is None or source is None:
            return ""
        path = page_url(src)
        links = links_from(path, edition.settings.app_url, published=True)
        block = cite_block(cite(edition, "" if path == "" else source.title, path), links)
        if src in self._chapters:
            return block + chapter_law(edition, self._chapters[src][1])
        return block + (version_law(edition) if path == "" else "")


_TAKE_PART = "Comment on any clause, or suggest other wording. You need no account."
_CHECK = "Each vote, seat by seat, and the record that everything here follows from."


_FEEDS = [{"title": "Versions", "path": VERSIONS}, {"title": "Decisions", "path": DECISIONS}]


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
