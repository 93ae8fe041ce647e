"""What search engines read in a page: schema.org's `Legislation`, as a block of JSON-LD.

A report proposes; nothing in it is in force. Chapters and clauses are parts of it, each with its
permanent id; a file, or a wording in one version, is a `LegislationObject`.
"""

from __future__ import annotations

import json

from drafter.core.clauses import Chapter
from drafter.core.provenance import ClauseHistory
from drafter.publish import words
from drafter.publish.data import REPORT
from drafter.publish.edition import Edition, chapter_title
from drafter.publish.links import Links, chapter_url

Facts = dict[str, object]


def version_law(edition: Edition) -> str:
    """Describe a version on its front page: its chapters, and its text as data."""
    version = edition.version
    assert version is not None
    facts: Facts = {
        **_whole(edition, "./"),
        "description": edition.settings.description,
        "datePublished": f"{version.time:%Y-%m-%d}",
        "legislationDateVersion": f"{version.time:%Y-%m-%d}",
        "hasPart": [
            {
                "@type": "Legislation",
                "@id": chapter_url(chapter.path) or "./",
                "name": chapter_title(chapter),
            }
            for chapter in edition.report.chapters
        ],
        "encoding": {
            "@type": "LegislationObject",
            "contentUrl": REPORT,
            "encodingFormat": "application/json",
        },
    }
    return _block(facts)


def chapter_law(edition: Edition, chapter: Chapter) -> str:
    """Describe a chapter on its page, with its clauses."""
    url = chapter_url(chapter.path)
    facts: Facts = {
        "@type": "Legislation",
        "@id": "./",
        "name": chapter_title(chapter),
        "isPartOf": _whole(edition, "../" * url.count("/") or "./"),
        "hasPart": [
            {
                "@type": "Legislation",
                "@id": f"#{clause.id}",
                "legislationIdentifier": clause.id,
                "name": edition.numbers.get(clause.id, clause.id),
            }
            for clause in chapter.clauses
            if clause.id and clause.level != 1
        ],
    }
    return _block(facts)


def clause_law(edition: Edition, history: ClauseHistory, links: Links) -> str:
    """Describe a clause on its own page, with every wording that it had."""
    line = {version.name: version for version, _ in edition.earlier}
    if edition.version is not None:
        line[edition.version.name] = edition.version
    facts: Facts = {
        "@type": "Legislation",
        "@id": "./",
        "legislationIdentifier": history.id,
        "name": edition.numbers.get(history.id, history.id),
        "isPartOf": _whole(edition, links.page("")),
        "encoding": [
            {
                "@type": "LegislationObject",
                "@id": f"#{wording.version}",
                "version": wording.version,
                "datePublished": f"{line[wording.version].time:%Y-%m-%d}",
            }
            for wording in history.wordings
        ],
    }
    return _block(facts)


def _whole(edition: Edition, address: str) -> Facts:
    assert edition.version is not None
    return {
        "@type": "Legislation",
        "@id": address,
        "name": edition.settings.name,
        "legislationIdentifier": edition.version.name,
        "legislationType": "Proposal",
        "legislationLegalForce": "https://schema.org/NotInForce",
    }


def _block(facts: Facts) -> str:
    """Write a block of data: no browser runs it, and nothing in it can end it."""
    text = json.dumps({"@context": "https://schema.org", **facts}, ensure_ascii=False)
    safe = words.readable(text).replace("<", "\\u003c").replace("\u2028", "\\u2028")
    return f'<script type="application/ld+json">{safe}</script>\n'
