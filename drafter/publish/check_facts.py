"""What a built site says about the report, checked against itself, and against git where it is.

Its sums, its clauses and where they came from, its decisions and comments, its changes.
"""

from __future__ import annotations

import csv
import hashlib
import io
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from drafter.core.assemblies import resolve_origin
from drafter.publish.check_pages import Fault, Files, Page
from drafter.publish.edition import Edition
from drafter.publish.links import chapter_url
from drafter.publish.manifest import NAME

_NOT_CHAPTERS = (
    *("all/", "amendments/", "assemblies/", "assets/", "cards/", "changes/", "check/", "data/"),
    *("notes/", "search/"),
)
_CLAUSE = re.compile(r"c-[0-9a-hjkmnp-tv-z]{6,26}")
_AMENDMENT = re.compile(r"\b[Aa]mendment (\d+)\b")
_COMMENT = re.compile(r"/take-part/comments/(\d+)")
NO_SOURCE = "No source recorded"


def sum_faults(files: Files, version: str) -> Iterator[Fault]:
    """Compare a version's files with the sums in its manifest."""
    top = f"{version}/"
    where = top + NAME
    claimed: Mapping[str, str] = json.loads(files.read(where) or b"{}").get("files", {})
    if not claimed:
        yield Fault(where, "it is missing, or names no files")
        return
    there = {path.removeprefix(top) for path in files.paths if path.startswith(top)} - {NAME}
    for path in sorted(there ^ claimed.keys()):
        missing = path in claimed
        yield Fault(top + path, "it is missing" if missing else "the manifest does not name it")
    for path in sorted(there & claimed.keys()):
        if hashlib.sha256(files.read(top + path) or b"").hexdigest() != claimed[path]:
            yield Fault(top + path, "it is not what the manifest's sum says")


def is_chapter_page(path: str) -> bool:
    """Tell whether a page is a chapter's, by its path from the site's top."""
    version, _, rest = path.partition("/")
    return rest not in ("", "index.html") and not rest.startswith(_NOT_CHAPTERS) and version != "c"


def clause_faults(files: Files, page: Page) -> Iterator[Fault]:
    """Each clause of a chapter says where it came from, and has a page of its history."""
    for row in page.tree.css("div.clause"):
        named = row.css_first(".words [id], .words[id]")
        notes = row.css_first(".notes")
        name = named.attributes.get("id") if named is not None else None
        if name is None or not _CLAUSE.fullmatch(name) or row.css_first("h1") is not None:
            continue
        if notes is None:
            yield Fault(page.path, f"{name} has nothing beside it")
            continue
        links = [link.attributes.get("href") or "" for link in notes.css("a")]
        if not any("assemblies/" in link for link in links) and NO_SOURCE not in notes.text():
            yield Fault(page.path, f"{name} has no origin, and does not say so")
    if files.alone:
        return
    for place in sorted(filter(_CLAUSE.fullmatch, page.places)):
        if f"c/{place}/index.html" not in files.paths:
            yield Fault(page.path, f"{place} has no page of its history (c/{place}/)")


def mention_faults(files: Files, page: Page) -> Iterator[Fault]:
    """Name amendments and comments that the notes of a page name, and that are not there."""
    version = page.path.split("/")[0]
    if version not in files.versions():
        return
    said = " ".join(node.text() for node in page.tree.css(".notes, .why"))
    for number in dict.fromkeys(_AMENDMENT.findall(said)):
        if f"{version}/amendments/{int(number):04}/index.html" not in files.paths:
            yield Fault(page.path, f"amendment {number} is named, and has no page")
    known = _comments(files, version)
    if known is None:
        return
    links = " ".join(address.text for address in page.addresses)
    for number in dict.fromkeys(_COMMENT.findall(links)):
        if int(number) not in known:
            yield Fault(page.path, f"comment {number} is named, and is not among the comments")


def _comments(files: Files, version: str) -> frozenset[int] | None:
    """The numbers of a version's comments; None where it does not list them.

    Those that an amendment's record names are among them: a comment that was taken back, or is
    held, is not public any more, and the record keeps its number.
    """
    content = files.read(f"{version}/comments.json")
    if content is None:
        return None
    told: Any = json.loads(content)
    rows = told.get("comments", []) if isinstance(told, dict) else told
    kept: Any = json.loads(files.read(f"{version}/report.json") or b"{}")
    named = (number for each in kept.get("amendments", []) for number in each["comments"])
    return frozenset([*(row["number"] for row in rows), *named])


def change_faults(files: Files, version: str) -> Iterator[Fault]:
    """Compare the changes that a page shows with those of its JSON and its CSV."""
    top = f"{version}/changes/"
    for path in files.pages(f"{top}since-"):
        stem = path.removesuffix("/index.html")
        told = {
            "the page": _ids_of_page(files, path),
            "the JSON": _ids_of_json(files.read(f"{stem}.json")),
            "the CSV": _ids_of_csv(files.read(f"{stem}.csv")),
        }
        every = set().union(*(set(ids or ()) for ids in told.values()))
        for form, ids in told.items():
            if ids is None:
                yield Fault(path, f"{form} is missing")
                continue
            if len(set(ids)) < len(ids):
                yield Fault(path, f"{form} names a change twice")
            if lacking := sorted(every - set(ids)):
                yield Fault(path, f"{form} lacks {len(lacking)} of {len(every)}: {lacking[0]}")


def _ids_of_page(files: Files, path: str) -> list[str]:
    found = files.page(path).tree.css("[data-change]")
    return [node.attributes.get("data-change") or "" for node in found]


def _ids_of_json(content: bytes | None) -> list[str] | None:
    if content is None:
        return None
    return [str(change.get("id", "")) for change in json.loads(content)["changes"]]


def _ids_of_csv(content: bytes | None) -> list[str] | None:
    if content is None:
        return None
    rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
    return [row.get("id") or "" for row in rows]


# Against git


def address_faults(files: Files, edition: Edition) -> Iterator[Fault]:
    """Each clause of a version stands where its address says, and has a page of its history."""
    assert edition.version is not None
    version = edition.version.name
    for place in edition.report.places():
        if place.clause.id is None:
            continue
        path = f"{version}/{chapter_url(place.chapter.path)}index.html"
        if path not in files.paths:
            yield Fault(path, "the chapter has no page")
        elif place.clause.id not in files.places(path):
            yield Fault(path, f"clause {place.clause.id} is not on the page")
        if not files.alone and f"c/{place.clause.id}/index.html" not in files.paths:
            yield Fault(path, f"{place.clause.id} has no page of its history")


def provenance_faults(edition: Edition) -> Iterator[Fault]:
    """Name what clauses and amendments refer to, and the version does not have."""
    for place in edition.report.places():
        for origin in place.clause.origin:
            if resolve_origin(origin, edition.assemblies) is None:
                name = place.clause.id or f"line {place.clause.line}"
                yield Fault(place.chapter.path, f"{name} comes from {origin}, which is not there")
    comments = {comment.number for comment in edition.comments}
    for number, amendment in sorted(edition.amendments.items()):
        path = f"amendments/{number:04}.md"
        for origin in amendment.assemblies:
            known = resolve_origin(origin, edition.assemblies) or origin in edition.assemblies
            if not known:
                yield Fault(path, f"it names {origin}, which is not there")
        for comment in amendment.comments:
            if comments and comment not in comments:
                yield Fault(path, f"it names comment {comment}, which is not there")
