"""What the search of a version looks through: its clauses, assemblies, proposals and amendments.

One entry for each thing that has an address of its own, so that a result leads to the very clause.
Data alone: the words are looked up by `face/search.js`, which fetches this file when it is used.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import quote

from drafter.core.assemblies import Assembly
from drafter.core.clauses import Chapter
from drafter.publish import words
from drafter.publish.edition import Edition, chapter_title, plain_words, short_name
from drafter.publish.links import chapter_url

PATH = "search/index.json"

KINDS = ("clause", "assembly", "proposal", "amendment")
"""The kinds of entry; an entry names its kind by its place here."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found."""

    kind: str
    number: str
    """A clause's, a proposal's or an amendment's number, as the reader sees it."""
    title: str
    """Where it stands, or what it is called."""
    url: str
    """Its address within the version."""
    text: str


def entries(edition: Edition) -> Iterator[Entry]:
    """Give what can be found in a version, in the order of the report."""
    for chapter in edition.report.chapters:
        yield from _clauses(edition, chapter)
    for assembly in sorted(edition.assemblies.values(), key=lambda each: each.id):
        yield from _assembly(edition, assembly)
    for number, amendment in sorted(edition.amendments.items()):
        reason = amendment.decision.reason if amendment.decision else None
        url = f"amendments/{number:04}/"
        yield Entry("amendment", str(number), amendment.title, url, _line(reason or ""))


def search_index(edition: Edition) -> str:
    """Write the entries as JSON, each a list in the order of `Entry`'s fields, kind as a number."""
    rows = [
        [KINDS.index(each.kind), each.number, each.title, each.url, each.text]
        for each in entries(edition)
    ]
    found = {"kinds": KINDS, "entries": rows}
    return words.readable(json.dumps(found, ensure_ascii=False, separators=(",", ":"))) + "\n"


def _clauses(edition: Edition, chapter: Chapter) -> Iterator[Entry]:
    url, name, section = quote(chapter_url(chapter.path)), chapter_title(chapter), ""
    for clause in chapter.clauses:
        if clause.id is None or clause.type == "opaque":
            continue
        text = plain_words(clause.type, clause.parts)
        if clause.type == "heading":
            section = "" if clause.level == 1 else text
        title = f"{name} › {section}" if section not in ("", text) else name
        yield Entry("clause", edition.numbers.get(clause.id, ""), title, f"{url}#{clause.id}", text)


def _assembly(edition: Edition, assembly: Assembly) -> Iterator[Entry]:
    url = f"assemblies/{assembly.id}/"
    about = f"{assembly.place}, {assembly.end.year}. {assembly.selection}"
    yield Entry("assembly", "", assembly.title, url, _line(about))
    for proposal in assembly.proposals:
        anchor = f"#{proposal.clause}" if proposal.clause else ""
        text = _line(proposal.text)
        yield Entry("proposal", str(proposal.number), short_name(assembly), url + anchor, text)


def _line(text: str) -> str:
    return " ".join(text.split())
