"""Addresses within the public site, and from it to the app: relative, so that any host will do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote

from drafter.core.clauses import Place
from drafter.core.errors import BadInput
from drafter.store import names

_FOLDERS = ("amendments", "assemblies", "assets", "changes", "notes", "search")
_FILES = ("index.html", "404.html", "manifest.json", "sitemap.xml", "sitemap.xml.gz")
RESERVED = frozenset((*_FOLDERS, *_FILES))
"""What stands at the top of a version's site, so that no chapter can have its address there."""


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses as one page writes them.

    `here`: from the page to the top of its version, ending with a slash or empty. `top`: from the
    page to the top of the public folder, None where there is none (the site of a checkout).
    `app`: where the app lives.
    """

    here: str
    top: str | None
    app: str

    def page(self, path: str) -> str:
        """Link to a page of the same version: "changes/since-v1/"."""
        return (self.here + quote(path)) or "./"

    def chapter(self, path: str) -> str:
        """Link to a chapter by the path of its file."""
        return self.page(chapter_url(path))

    def place(self, place: Place) -> str:
        """Link to a clause where it stands."""
        anchor = f"#{place.clause.id}" if place.clause.id else ""
        return self.chapter(place.chapter.path) + anchor

    def amendment(self, number: int) -> str:
        """Link to an amendment's page."""
        return self.page(f"amendments/{number:04}/")

    def assembly(self, assembly: str) -> str:
        """Link to an assembly's page."""
        return self.page(f"assemblies/{assembly}/")

    def history(self, clause: str) -> str | None:
        """Link to the history of a clause; None where the site has none."""
        return None if self.top is None else f"{self.top}c/{clause}/"

    def clause_in_app(self, clause: str) -> str:
        """Link to the page of the app where a clause is commented on."""
        return f"{self.app}take-part/clause/{clause}"

    def comment_in_app(self, number: int) -> str:
        """Link to a comment by its number."""
        return f"{self.app}take-part/comments/{number}"

    def amendment_in_app(self, number: int) -> str:
        """Link to an amendment's page in the app, which shows the words of those not adopted."""
        return f"{self.app}take-part/amendments/{number}"

    @property
    def take_part(self) -> str:
        """Link to where the app begins."""
        return f"{self.app}take-part/"


def chapter_url(path: str) -> str:
    """Give the address of a chapter within its version, as MkDocs makes it.

    >>> chapter_url("drafts/04-voting.md"), chapter_url("drafts/rights/index.md")
    ('04-voting/', 'rights/')
    """
    stem = path.removeprefix(f"{names.CHAPTERS}/").removesuffix(".md")
    folder, name = posixpath.split(stem)
    if name in ("index", "README"):
        return f"{folder}/" if folder else ""
    return f"{stem}/"


def is_reserved(path: str) -> bool:
    """Tell whether a chapter would stand where a version's site has other pages.

    >>> is_reserved("drafts/amendments.md"), is_reserved("drafts/rights/amendments.md")
    (True, False)
    """
    return chapter_url(path).split("/")[0].casefold() in RESERVED


def require_addresses(paths: Iterable[str]) -> None:
    """Refuse chapters that cannot each have a page of their own. Raises BadInput."""
    seen: dict[str, str] = {}
    for path in paths:
        if is_reserved(path):
            raise BadInput(f"{path} lies where the site has other pages; move it.", path=path)
        other = seen.setdefault(chapter_url(path).casefold(), path)
        if other != path:
            sentence = f"{other} and {path} would have one page; give one another name."
            raise BadInput(sentence, path=path)


def links_from(url: str, app: str, *, published: bool) -> Links:
    """Give the links for the page at `url` ("changes/since-v1/") of a version.

    >>> links_from("changes/since-v1/", "/", published=True).amendment(17)
    '../../amendments/0017/'
    """
    here = "../" * url.count("/")
    return Links(here, f"{here}../" if published else None, app)
