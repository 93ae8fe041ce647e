"""A generated page: its address, its title and the HTML of its body."""

from __future__ import annotations

from dataclasses import dataclass

from drafter.publish.edition import Edition
from drafter.publish.links import Links, links_from


@dataclass(frozen=True, slots=True)
class Body:
    """One page that no chapter stands behind."""

    path: str
    """The Markdown file that MkDocs takes it for: "amendments/0017.md"."""
    title: str
    section: str
    """The door to mark: read, changes, amendments, assemblies or take-part; another marks none."""
    html: str
    template: str = "column.html"

    @property
    def url(self) -> str:
        """The page's address within its version."""
        return page_url(self.path)


def page_url(path: str) -> str:
    """Give the address of a generated page.

    >>> page_url("changes/index.md"), page_url("amendments/0017.md"), page_url("index.md")
    ('changes/', 'amendments/0017/', '')
    """
    stem = path.removesuffix(".md")
    return stem[: -len("index")] if stem.endswith("index") else f"{stem}/"


def page_links(path: str, edition: Edition) -> Links:
    """Give the links as the page writes them that MkDocs takes the file `path` for."""
    published = edition.version is not None
    return links_from(page_url(path), edition.settings.app_url, published=published)
