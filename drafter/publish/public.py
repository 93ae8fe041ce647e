"""The public folder: versions that never change, and around them what is renewed each time.

Every write is made aside and renamed, so a reader finds the old file or the new one. A version's
folder comes whole, before anything names it. `/latest/…` are pages that lead to the latest
version by relative addresses: they work on any host, from a ZIP and without a script, cost no
second copy, and leave the reader at an address that will always show the same words. Leading to
a version that is complete, they are never a mixture, whichever of them is renewed first.
"""

from __future__ import annotations

import json
import os
import shutil
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from html import escape
from pathlib import Path
from urllib.parse import quote

from drafter import face
from drafter.core.errors import Refused, Unreadable
from drafter.publish import words
from drafter.publish.clause_pages import clause_pages, missing_page, root_page
from drafter.publish.clone import renew_record
from drafter.publish.edition import Edition, day, read_edition
from drafter.publish.feeds import feeds
from drafter.publish.manifest import Manifest, read_manifest
from drafter.publish.policy import with_policy
from drafter.store import names
from drafter.store.history import read_version, versions
from drafter.store.moments import read_moments
from drafter.store.repository import Repository

BUILDING = ".building"
"""The folder of the public folder in which versions are built; hidden, and served by nobody."""

_SHARED = ("amendments/", "assemblies/")
"""What also has an address without a version, which leads to the latest."""


def building_folder(public: Path, version: str) -> Path:
    """Name a new folder to build a version in, on the same disk as where it will stand."""
    folder = public / BUILDING
    folder.mkdir(parents=True, exist_ok=True)
    return folder / f"{version}-{uuid.uuid4().hex}"


def clear_building(public: Path) -> None:
    """Remove what a build that was cut off has left; only while nothing else builds."""
    shutil.rmtree(public / BUILDING, ignore_errors=True)


def install(public: Path, built: Path) -> Path:
    """Put a built version in its place by one rename; return the place.

    Where the version stands already with the same content, the new one is removed. Raises Refused
    where it stands with other content, NotFound or Corrupt where `built` is no built version.
    """
    manifest = read_manifest(built)
    place = public / manifest.version
    if place.exists():
        if read_manifest(place).files != manifest.files:
            sentence = f"{manifest.version} is published with other content, and stays as it is."
            raise Refused(sentence, version=manifest.version)
        shutil.rmtree(built)
        return place
    public.mkdir(parents=True, exist_ok=True)
    try:
        built.rename(place)
    except OSError as error:
        raise Unreadable(f"{built} could not be moved to {place}: {error}.") from error
    return place


def installed(public: Path) -> tuple[Manifest, ...]:
    """Give the manifests of the versions that stand in the public folder, by number.

    Raises Unreadable or Corrupt where a version's manifest cannot be used: it is never taken for
    a version that is not there.
    """
    found = []
    for folder in public.glob("v*"):
        if names.version_number(folder.name) is not None and folder.is_dir():
            found.append(read_manifest(folder))
    return tuple(sorted(found, key=lambda manifest: manifest.number))


def renew(public: Path, repository: Repository, edition: Edition | None = None) -> None:
    """Renew what stands around the versions: the list of them, `/latest/`, `/c/…`, the front.

    Does nothing while no version stands there. What names a version is written last. `edition` is
    a version that was read already, and is used where it is the latest.
    """
    there = installed(public)
    if not there:
        return
    for name, path in face.files():
        _put(public / "assets" / "face" / name, path.read_bytes())
    latest = there[-1]
    version = read_version(repository, latest.version)
    if edition is None or edition.version != version:
        edition = read_edition(repository, version)
    moments = read_moments(repository, version.commit)
    known = {manifest.version for manifest in there}
    for name, html in clause_pages(edition, moments, versions(repository), known):
        _put_page(public / name, html)
    for name, feed in feeds(edition, versions(repository), known):
        _put(public / name, words.readable(feed).encode())
    for name, html in redirects(there):
        _put_page(public / name, html)
    renew_record(public, repository)
    _put_page(public / "404.html", missing_page(edition))
    _put_page(public / "index.html", root_page(edition, there))
    _put(public / "versions.json", versions_json(there).encode())


def versions_json(there: Sequence[Manifest]) -> str:
    """Write the list of versions, the latest first, as the choice of versions reads it."""
    listed = [
        {
            "version": manifest.version,
            "title": f"Version {manifest.number}, {day(datetime.fromisoformat(manifest.date))}",
            "aliases": ["latest"] if manifest is there[-1] else [],
        }
        for manifest in reversed(there)
    ]
    return json.dumps(listed, indent=1) + "\n"


@dataclass(frozen=True, slots=True)
class _Page:
    url: str
    version: str


def redirects(there: Sequence[Manifest]) -> Iterator[tuple[str, str]]:
    """Give the pages that lead to the latest version: path and content.

    A page that the latest version no longer has leads to the last one that had it.
    """
    newest: dict[str, str] = {}
    for manifest in there:
        for path in manifest.files:
            if path == "index.html" or path.endswith("/index.html"):
                newest[path] = manifest.version
    for path, version in sorted(newest.items()):
        yield f"latest/{path}", _leading(f"latest/{path}", version, path)
        if path.startswith(_SHARED):
            yield path, _leading(path, version, path)


def _leading(path: str, version: str, target: str) -> str:
    """Write a page that leads on at once, and holds a link for who is not led."""
    address = "../" * path.count("/") + f"{version}/{quote(target.removesuffix('index.html'))}"
    shown = escape(address)
    return (
        '<!doctype html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<title>Latest version</title><link rel="canonical" href="{shown}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<meta name="color-scheme" content="light dark"><link rel="icon" href="data:,">'
        f'<meta http-equiv="refresh" content="0; url={shown}"></head>'
        f'<body><h1>Latest version</h1><p><a href="{shown}">Go to the latest version</a></p>'
        "</body></html>\n"
    )


def _put_page(path: Path, html: str) -> None:
    """Write a page with what a browser lets it do: no script and no style of its own."""
    _put(path, with_policy(words.readable(html)).encode())


def _put(path: Path, content: bytes) -> None:
    """Write a file aside and rename it; leave it alone where it has this content."""
    try:
        if path.read_bytes() == content:
            return
    except FileNotFoundError:
        path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{uuid.uuid4().hex}")
    try:
        aside.write_bytes(content)
        os.replace(aside, path)
    finally:
        aside.unlink(missing_ok=True)
