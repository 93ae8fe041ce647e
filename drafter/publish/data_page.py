"""The page from which everything is taken away: each file, its size and its hash."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.publish.body import Body
from drafter.publish.clone import FOLDER as CLONE
from drafter.publish.edition import Edition
from drafter.publish.feeds import DECISIONS, VERSIONS
from drafter.publish.links import links_from
from drafter.publish.templating import fill

PATH = "data/index.md"

_SAID = (
    (r"report\.json", "The whole version: every clause with its id, number, words and sources, the "
     "assemblies with their proposals, the amendments with the vote of each seat."),
    (r"report\.schema\.json", "What each field of report.json means, as a JSON Schema."),
    (r"comments\.json", "The facts on every comment: its clause, the version its author read, what "
     "it led to. Never its words or its author."),
    (r"answers\.json", "The panel’s public answers to comments."),
    (r"provenance\.jsonld", "Where every wording came from, as a graph: W3C PROV in JSON-LD."),
    (r"changes/since-v(\d+)\.json", "What changed since version {0}, clause by clause."),
    (r"changes/since-v(\d+)\.csv", "What changed since version {0}, as a table for spreadsheets."),
    (r"cite\.bib", "The citation of this version for BibTeX."),
    (r"cite\.ris", "The citation of this version in RIS, which most reference managers read."),
    (r"cite\.json", "The citation of this version as CSL-JSON."),
    (r"report\.pdf", "The report to print."),
    (r"report\.docx", "The report as a Word document."),
    (r"report\.akn\.xml", "The report in Akoma Ntoso, the XML of parliaments."),
)  # fmt: skip
"""In the order of the page: which file, and what it is. A file that is not there is not named."""


@dataclass(frozen=True, slots=True)
class Download:
    """One file that can be taken away."""

    path: str
    url: str
    words: str
    size: str
    sha256: str


def data_page(edition: Edition, files: Sequence[tuple[str, bytes]]) -> Body:
    """Write the page of a version; `files`: path in the version's folder, and content."""
    links = links_from("data/", edition.settings.app_url, published=True)
    site = edition.settings.site_url
    version = edition.version
    assert version is not None
    html = fill(
        "data.html",
        version=version,
        downloads=[
            Download(path, links.page(path), said, _size(content), _sha256(content))
            for path, content, said in _described(files)
        ],
        manifest=links.page("manifest.json"),
        clone=f"{site}{CLONE}" if site else "",
        clone_path=CLONE,
        clone_url=f"{links.top}{CLONE}/",
        feeds=[
            (f"{links.top}{VERSIONS}", "Versions"),
            (f"{links.top}{DECISIONS}", "Decisions"),
        ],
    )
    return Body(PATH, "Take the data", "data", html)


def _described(files: Sequence[tuple[str, bytes]]) -> Iterator[tuple[str, bytes, str]]:
    for form, said in _SAID:
        for path, content in files:
            found = re.fullmatch(form, path)
            if found:
                yield path, content, said.format(*found.groups())


def _size(content: bytes) -> str:
    """Write a size as people read it.

    >>> _size(b"x" * 900), _size(b"x" * 12_345), _size(b"x" * 3_456_789)
    ('900 bytes', '12 kB', '3.5 MB')
    """
    if len(content) < 1000:
        return f"{len(content)} bytes"
    if len(content) < 1_000_000:
        return f"{len(content) / 1000:.0f} kB"
    return f"{len(content) / 1_000_000:.1f} MB"


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
