"""Reading built pages in tests: their elements, and whether every link leads somewhere."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

Element = tuple[str, dict[str, str]]


class _Elements(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[Element] = []
        self.scripts = ""
        self.data: list[str] = []
        """The blocks of JSON-LD, which no browser runs."""
        self.inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, {name: value or "" for name, value in attrs}))
        self.inside = tag
        if tag == "script" and ("type", "application/ld+json") in attrs:
            self.inside = "data"
            self.data.append("")

    def handle_endtag(self, tag: str) -> None:
        self.inside = ""

    def handle_data(self, data: str) -> None:
        if self.inside == "script":
            self.scripts += data
        elif self.inside == "data":
            self.data[-1] += data


@cache
def parsed(path: Path) -> _Elements:
    page = _Elements()
    page.feed(path.read_text("utf-8"))
    page.close()
    return page


def html_files(folder: Path) -> list[Path]:
    return sorted(path for path in folder.rglob("*.html") if path.name != "404.html")


def broken_links(folder: Path, top: Path, app: str = "/take-part/") -> Iterator[str]:
    """Name the links of the pages in `folder` that lead nowhere; `top` is the server's top."""
    for page in html_files(folder):
        for tag, attributes in parsed(page).found:
            address = attributes.get("href", attributes.get("src"))
            if address is None or tag == "base" or _is_elsewhere(address, app):
                continue
            if fault := _fault(page, top, address):
                yield f"{page.relative_to(top)}: {address}: {fault}"


def _is_elsewhere(address: str, app: str) -> bool:
    return bool(urlsplit(address).scheme) or address.startswith(app)


def _fault(page: Path, top: Path, address: str) -> str | None:
    parts = urlsplit(address)
    target = page
    if parts.path:
        target = (page.parent / unquote(parts.path)).resolve()
        if target.is_dir():
            target = target / "index.html"
    if not target.is_file() or not target.is_relative_to(top.resolve()):
        return "no such file"
    if parts.fragment and target.suffix == ".html":
        ids = {attributes.get("id") for _, attributes in parsed(target).found}
        if unquote(parts.fragment) not in ids:
            return "no such place on that page"
    return None
