"""What a version's pages say of the version itself, and of the ones before it.

A version cannot know what comes after it: its pages name it, lead to `/latest/`, and to the same
page of earlier versions. The rest is told by `face/versions.js`, from `versions.json`.
"""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import quote

from drafter.core.clauses import Report
from drafter.publish.edition import Edition, day, edition_line
from drafter.publish.links import chapter_url
from drafter.store.history import Version

LISTED = 12
"""How many earlier versions a page names; the front page of the site names them all."""

_MARKS = re.compile(r"[^A-Za-z0-9 ]")
_ALWAYS = ("", "amendments/", "assemblies/", "changes/")
"""The pages that every version has."""


def turning(edition: Edition) -> dict[str, Any] | None:
    """Give what the choice of versions shows; None for a text that is no version.

    `earlier`: the versions before, the last first, each with the pages that it is known to have.
    """
    if edition.version is None:
        return None
    before = [(version, text) for version, text in edition.earlier if not version.imported]
    return {
        "name": edition.version.name,
        "number": edition.version.number,
        "day": day(edition.version.time),
        "label": edition_line(edition.version),
        "earlier": [_earlier(version, text) for version, text in reversed(before[-LISTED:])],
    }


def _earlier(version: Version, text: Report) -> dict[str, Any]:
    chapters = [quote(chapter_url(chapter.path)) for chapter in text.chapters]
    return {"name": version.name, "label": edition_line(version), "pages": [*_ALWAYS, *chapters]}


def edition_css(edition: Edition) -> str:
    """Write the style of printed pages: the report's name and the edition at each page's head."""
    name, line = _quoted(edition.settings.name), _quoted(edition.edition_line)
    return (
        f"@page {{ @top-left {{ content: {name}; }} @top-right {{ content: {line}; }} "
        "@bottom-right { content: counter(page); } }\n"
    )


def _quoted(text: str) -> str:
    r"""Write a text as CSS has it, every character but letters, figures and spaces by its number.

    >>> _quoted('A "b"')
    '"A \\22 b\\22 "'
    """
    return f'"{_MARKS.sub(lambda found: f"{chr(92)}{ord(found[0]):x} ", text)}"'
