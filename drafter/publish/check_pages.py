"""The pages of a built site as a checker sees them: their addresses, places and words.

Files come by a function, so that the same checks serve a folder and a web host. An address that
ends with a slash is its `index.html`.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote, urlsplit

from selectolax.lexbor import LexborHTMLParser, LexborNode

from drafter.publish.manifest import NAME, read_manifest

Fetch = Callable[[str], bytes | None]
"""Given a path below the site's top, the file's bytes, or None where there is none."""

APP = ("/take-part/", "/panel/", "/clerk/", "/sign-in", "/api/")
"""Where addresses begin that lead into the app, which may live at the top of the same host."""

_ADDRESSED = "[href],[src],[srcset],[poster],[data],meta[http-equiv=refresh]"
_LOADED = {"script", "img", "iframe", "source", "video", "audio", "embed", "object", "use", "image"}
_LOADING_LINKS = {"stylesheet", "icon", "preload", "modulepreload", "prefetch", "manifest"}
_REFRESH = re.compile(r"url=(.*)", re.IGNORECASE)
_STYLED = re.compile(rb"url\(\s*['\"]?([^'\")]+)['\"]?\s*\)|@import\s+['\"]([^'\"]+)['\"]")


@dataclass(frozen=True, slots=True)
class Fault:
    """Something wrong with a built site."""

    path: str
    """The file, from the site's top."""
    sentence: str

    def __str__(self) -> str:
        return f"{self.path}: {self.sentence}"


@dataclass(frozen=True, slots=True)
class Address:
    """An address as a page has it, and whether a browser loads it unasked."""

    text: str
    loaded: bool


@dataclass(frozen=True, slots=True)
class Page:
    """What a page holds."""

    path: str
    places: frozenset[str]
    """The anchors that lead to somewhere on it."""
    addresses: tuple[Address, ...]
    tree: LexborHTMLParser


class Files:
    """The files of a site, each page parsed once and only while it is among the last."""

    def __init__(self, paths: frozenset[str], fetch: Fetch, *, alone: bool = False) -> None:
        """`paths`: every file, from the top. `alone`: there is one version and nothing around."""
        self.paths = paths
        self.alone = alone
        self._fetch = fetch
        self._places: dict[str, frozenset[str]] = {}

    def read(self, path: str) -> bytes | None:
        """Give a file's bytes; None where there is none."""
        return self._fetch(path)

    def page(self, path: str) -> Page:
        """Parse a page; an empty one where it is not there."""
        tree = LexborHTMLParser(self.read(path) or b"")
        places = frozenset(
            value
            for node in tree.css("[id], a[name]")
            for value in (node.attributes.get("id"), node.attributes.get("name"))
            if value
        )
        self._places[path] = places
        return Page(path, places, tuple(_addresses(tree)), tree)

    def places(self, path: str) -> frozenset[str]:
        """Give the anchors of a page."""
        if path not in self._places:
            self.page(path)
        return self._places[path]

    def versions(self) -> list[str]:
        """Name the versions in the site, in the order of their numbers."""
        found = {path.split("/")[0] for path in self.paths if _VERSION.match(path)}
        return sorted(found, key=lambda name: int(name[1:]))

    def pages(self, below: str = "") -> Iterator[str]:
        """Name the pages below a folder, sorted. MkDocs' page for what is not found is none."""
        for path in sorted(self.paths):
            is_page = path.endswith(".html") and posixpath.basename(path) != "404.html"
            if is_page and path.startswith(below):
                yield path


_VERSION = re.compile(r"v[1-9][0-9]*/")


def folder_files(folder: Path) -> Files:
    """Give the files of a folder: of the public folder, or of one version's."""
    alone = (folder / NAME).is_file()
    top = f"{read_manifest(folder).version}/" if alone else ""
    paths = frozenset(top + path.relative_to(folder).as_posix() for path in _walk(folder))

    def fetch(path: str) -> bytes | None:
        return (folder / path.removeprefix(top)).read_bytes() if path in paths else None

    return Files(paths, fetch, alone=alone)


def _walk(folder: Path) -> Iterator[Path]:
    """Walk a folder, links to folders too, and nothing that is hidden."""
    for path in sorted(folder.iterdir()):
        if path.name.startswith("."):
            continue
        if path.is_dir():
            yield from _walk(path)
        elif path.is_file():
            yield path


def _addresses(tree: LexborHTMLParser) -> Iterator[Address]:
    for node in tree.css(_ADDRESSED):
        given = node.attributes
        if node.tag == "base":
            continue
        if node.tag == "meta":
            found = _REFRESH.search(given.get("content") or "")
            if found:
                yield Address(found[1].strip(), loaded=False)
            continue
        loaded = node.tag in _LOADED or _is_loading_link(node)
        for name in ("href", "src", "poster", "data"):
            if name in given:
                yield Address((given[name] or "").strip(), loaded)
        for part in (given.get("srcset") or "").split(","):
            if part.strip():
                yield Address(part.split()[0], loaded=True)


def _is_loading_link(node: LexborNode) -> bool:
    kinds = (node.attributes.get("rel") or "").lower().split()
    return node.tag == "link" and not _LOADING_LINKS.isdisjoint(kinds)


def link_faults(files: Files, page: Page) -> Iterator[Fault]:
    """Name the addresses of a page that lead nowhere, or that only work at the top of a host."""
    for address in dict.fromkeys(page.addresses):
        sentence = _fault(files, page.path, address)
        if sentence is not None:
            yield Fault(page.path, sentence)


def _fault(files: Files, here: str, address: Address) -> str | None:
    text = address.text
    parts = urlsplit(text)
    if parts.scheme in ("data", "mailto"):
        return None
    if parts.scheme or parts.netloc:
        return f"it asks another host for {text}" if address.loaded else None
    if text.startswith("/"):
        if text.startswith(APP) and not address.loaded:
            return None
        return f"{text} works at the top of a host alone"
    target = resolve(files, here, unquote(parts.path))
    if target is None:
        own = here.split("/")[0] + "/"
        outside = files.alone and not joined(here, unquote(parts.path)).startswith(own)
        return None if outside else f"{text} leads nowhere"
    if parts.fragment and target.endswith(".html"):
        place = unquote(parts.fragment)
        if place not in files.places(target):
            return f"{text} names a place that is not on that page"
    return None


def resolve(files: Files, here: str, path: str) -> str | None:
    """Find the file that a relative path leads to from a page; None where there is none."""
    if not path:
        return here
    target = joined(here, path)
    if target in files.paths:
        return target
    index = f"{target}/index.html" if target else "index.html"
    return index if index in files.paths else None


def joined(here: str, path: str) -> str:
    """Give the path from the site's top that a relative one means on a page.

    >>> joined("v2/values/index.html", "../rights/"), joined("index.html", "./")
    ('v2/rights', '')
    """
    found = posixpath.normpath(posixpath.join(posixpath.dirname(here), path))
    return "" if found == "." else found


def style_faults(files: Files, path: str) -> Iterator[Fault]:
    """Name what a stylesheet loads that is not there, or that another host would have to give."""
    for found in _STYLED.finditer(files.read(path) or b""):
        text = (found[1] or found[2]).decode("utf-8", "replace").strip()
        if text.startswith(("data:", "#")):
            continue
        sentence = _fault(files, path, Address(text, loaded=True))
        if sentence is not None:
            yield Fault(path, sentence)


def search_faults(files: Files, path: str) -> Iterator[Fault]:
    """Name what a version's search would find and that is not there."""
    top = f"{path.split('/')[0]}/"
    for entry in json.loads(files.read(path) or b"{}").get("docs", []):
        sentence = _fault(files, f"{top}index.html", Address(entry["location"], loaded=False))
        if sentence is not None:
            yield Fault(path, sentence)
