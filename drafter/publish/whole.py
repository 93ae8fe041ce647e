"""The whole report on one page: each chapter as its own page has it, without the notes.

Works on the HTML that MkDocs has made of the chapters, so that nothing is rendered twice.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator, Mapping
from html import escape, unescape
from urllib.parse import urlsplit

PATH = "all/index.md"
URL = "all/"

_NOTES = re.compile(r'<div class="notes"[^>]*>.*?</div>', re.DOTALL)
_NUMBER = re.compile(r'<a class="n" href="#')
_FOOTNOTE = re.compile(r'(id="|href="#)(fn(?:ref)?-)')
_ADDRESS = re.compile(r'\b(href|src)="([^"]*)"')


def whole_report(chapters: Mapping[str, str]) -> str:
    """Join chapters, given in reading order by address within the version, to one page's text."""
    return "".join(_chapters(chapters))


def _chapters(chapters: Mapping[str, str]) -> Iterator[str]:
    for position, (url, html) in enumerate(chapters.items(), 1):
        text = _NOTES.sub("", html)
        # A number leads to the clause in its chapter: there are its notes, and that address lasts.
        there = escape(posixpath.relpath(url or ".", URL) + "/")
        text = _NUMBER.sub(f'<a class="n" href="{there}#', text)
        text = _FOOTNOTE.sub(rf"\g<1>c{position}-\g<2>", text)
        text = _ADDRESS.sub(lambda found, url=url: _moved(found, url, chapters), text)
        yield f'<section class="chapter" id="chapter-{position}">\n{text}\n</section>\n'


def _moved(found: re.Match[str], url: str, chapters: Mapping[str, str]) -> str:
    """Rewrite an address that was meant from a chapter's page; a clause here is linked to here."""
    name, address = found[1], unescape(found[2])
    parts = urlsplit(address)
    if parts.scheme or not parts.path or address.startswith("/"):
        return found[0]
    if found.string[found.start() - len('<a class="n" ') : found.start()] == '<a class="n" ':
        return found[0]
    target = posixpath.normpath(posixpath.join(url or ".", parts.path))
    if parts.fragment and f"{target}/" in chapters:
        return f'{name}="#{escape(parts.fragment)}"'
    end = "/" if parts.path.endswith("/") else ""
    rest = f"#{parts.fragment}" if parts.fragment else ""
    return f'{name}="{escape(posixpath.relpath(target, URL) + end + rest)}"'
