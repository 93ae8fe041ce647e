"""Atom feeds (RFC 4287): the versions, the decisions, and each clause by itself.

Their ids are made from the report's first commit, so that they stay where the site moves. Their
dates are those of tags and decisions. Addresses are absolute where `site_url` is known; otherwise
they are relative to the feed's own, as the standard allows.
"""

from __future__ import annotations

import datetime
import re
import uuid
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from drafter.core.amendments import Amendment
from drafter.core.provenance import ClauseHistory
from drafter.publish import words
from drafter.publish.changes import KINDS
from drafter.publish.edition import Edition, edition_line
from drafter.publish.templating import rendered
from drafter.store.history import Version

VERSIONS, DECISIONS = "feeds/versions.xml", "feeds/decisions.xml"
MOST_ENTRIES = 100
"""A feed of decisions has the last so many."""

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that happened. `key` names it among all entries of the report, for good."""

    key: str
    title: str
    updated: datetime.datetime
    path: str
    """Its page, from the top of the public folder."""
    content: str
    is_html: bool = False


def clause_feed(clause: str) -> str:
    """Name the feed of a clause, from the top of the public folder."""
    return f"c/{clause}/feed.xml"


def feeds(
    edition: Edition, line: Sequence[Version], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Write every feed: path in the public folder, and content.

    `line`: all versions; `known`: the names of those whose pages are in the public folder.
    """
    by_name = {version.name: version for version in line}
    name = edition.settings.name
    yield (
        VERSIONS,
        _feed(edition, VERSIONS, f"{name}: versions", [*_versions(edition, line, known)], ""),
    )
    decided = sorted(_decisions(edition, known), key=lambda entry: (entry.updated, entry.key))
    yield (
        DECISIONS,
        _feed(edition, DECISIONS, f"{name}: decisions", decided[-MOST_ENTRIES:], "amendments/"),
    )
    for clause, history in edition.history.items():
        path = clause_feed(clause)
        entries = [*_wordings(history, by_name)]
        title = f"{name}: clause {clause}"
        yield path, _feed(edition, path, title, entries, f"c/{clause}/")


def _versions(edition: Edition, line: Sequence[Version], known: Collection[str]) -> Iterator[Entry]:
    counts: dict[str, Counter[str]] = {}
    for history in edition.history.values():
        for wording in history.wordings:
            kind = wording.change.kind if wording.change else "first"
            counts.setdefault(wording.version, Counter())[kind] += 1
        counts.setdefault(history.gone or "", Counter())["removed"] += 1
    for version in line:
        if version.name in known:
            said = _said(counts.get(version.name, Counter()))
            title = f"{edition_line(version)}: {version.title}"
            yield Entry(version.name, title, version.time, f"{version.name}/", said)


def _said(counts: Counter[str]) -> str:
    """Say what a version changed, in figures."""
    if counts["first"]:
        return f"The first version, of {words.counted(counts['first'], 'clause')}."
    parts = [f"{words.number(counts[kind])} {KINDS[kind]}" for kind in KINDS if counts[kind]]
    return f"Clauses: {words.listed(parts)}." if parts else "No clause changed."


def _decisions(edition: Edition, known: Collection[str]) -> Iterator[Entry]:
    for number, amendment in sorted(edition.amendments.items()):
        decision = amendment.decision
        closed = f"v{edition.closed_in.get(number)}"
        if decision is not None and edition.version is not None:
            version = closed if closed in known else edition.version.name
            yield Entry(
                key=f"amendment/{number:06}",
                title=f"Amendment {number} {_outcome(amendment)}: {amendment.title}",
                updated=datetime.datetime.combine(decision.date, datetime.time(), datetime.UTC),
                path=f"{version}/amendments/{number:04}/",
                content=str(rendered(decision.reason)) or "<p>No reason is recorded.</p>",
                is_html=True,
            )


def _outcome(amendment: Amendment) -> str:
    decision = amendment.decision
    assert decision is not None
    if decision.count is None:
        return decision.outcome
    tally = decision.count.roll_call.tally
    return f"{decision.outcome} {tally.in_favour} to {tally.against}"


def _wordings(history: ClauseHistory, by_name: dict[str, Version]) -> Iterator[Entry]:
    for wording in history.wordings:
        version = by_name[wording.version]
        kind = KINDS[wording.change.kind] if wording.change else "in the first version"
        title = f"{wording.number or 'Clause'} {kind}, {edition_line(version)}"
        yield _of_clause(history, version, title, wording.text)
    if history.gone is not None:
        version = by_name[history.gone]
        yield _of_clause(history, version, f"Removed, {edition_line(version)}", "")


def _of_clause(history: ClauseHistory, version: Version, title: str, text: str) -> Entry:
    key = f"clause/{history.id}/{version.name}"
    return Entry(key, title, version.time, f"c/{history.id}/#{version.name}", text or title)


# Writing


def _feed(edition: Edition, path: str, title: str, entries: list[Entry], page: str) -> str:
    assert edition.version is not None
    newest = max((entry.updated for entry in entries), default=edition.version.time)
    feed = Element("feed", {"xmlns": "http://www.w3.org/2005/Atom"})
    _text(feed, "id", _id(edition, path))
    _text(feed, "title", title)
    _text(feed, "updated", _moment(newest))
    _text(SubElement(feed, "author"), "name", edition.settings.name)
    address = _Addresses(edition.settings.site_url, path)
    SubElement(feed, "link", {"rel": "self", "href": address.of(path)})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": address.of(page)})
    for each in reversed(entries):
        entry = SubElement(feed, "entry")
        _text(entry, "id", _id(edition, each.key))
        _text(entry, "title", each.title)
        _text(entry, "updated", _moment(each.updated))
        link = {"rel": "alternate", "type": "text/html", "href": address.of(each.path)}
        SubElement(entry, "link", link)
        content = _text(entry, "content", each.content)
        content.set("type", "html" if each.is_html else "text")
    indent(feed, " ")
    written = tostring(feed, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{written}\n'


@dataclass(frozen=True, slots=True)
class _Addresses:
    """Addresses as a feed at `path` writes them."""

    site: str
    path: str

    def of(self, target: str) -> str:
        return (self.site or "../" * self.path.count("/")) + target


def _id(edition: Edition, key: str) -> str:
    root = uuid.uuid5(uuid.NAMESPACE_OID, f"drafter report {edition.first_commit}")
    return uuid.uuid5(root, key).urn


def _text(parent: Element, tag: str, text: str) -> Element:
    element = SubElement(parent, tag)
    element.text = _NO_XML.sub("\N{REPLACEMENT CHARACTER}", text)
    return element


def _moment(when: datetime.datetime) -> str:
    return f"{when:%Y-%m-%dT%H:%M:%SZ}"
