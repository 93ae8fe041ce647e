"""A built site checked whole: whatever it names is there, and says the same in each form."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from drafter.publish.check_facts import (
    address_faults,
    change_faults,
    clause_faults,
    is_chapter_page,
    mention_faults,
    provenance_faults,
    sum_faults,
)
from drafter.publish.check_pages import (
    Fault,
    Files,
    folder_files,
    link_faults,
    search_faults,
    style_faults,
)
from drafter.publish.edition import Edition

Progress = Callable[[int, int, str], None]
"""Called with pages done, pages in all, and a sentence."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What was looked at, and what is wrong."""

    pages: int
    links: int
    faults: tuple[Fault, ...]


def check_folder(
    folder: Path, editions: Sequence[Edition] = (), progress: Progress | None = None
) -> Checked:
    """Check a built site: the public folder, or that of one version.

    `editions`: what git says that some of its versions hold.
    """
    return check_files(folder_files(folder), editions, progress)


def check_files(
    files: Files,
    editions: Sequence[Edition] = (),
    progress: Progress | None = None,
    only: str = "",
) -> Checked:
    """Check files, wherever they come from; with `only`, the pages of that version alone."""
    below = f"{only}/" if only else ""
    pages = list(files.pages(below))
    faults: list[Fault] = []
    links = 0
    for done, path in enumerate(pages):
        page = files.page(path)
        links += len(page.addresses)
        faults.extend(link_faults(files, page))
        faults.extend(mention_faults(files, page))
        if path.startswith("v") and is_chapter_page(path):
            faults.extend(clause_faults(files, page))
        if progress is not None:
            progress(done + 1, len(pages), path)
    faults.extend(_other_files(files, below))
    for version in files.versions():
        if version in (only or version):
            faults.extend(sum_faults(files, version))
    for edition in editions:
        faults.extend(address_faults(files, edition))
        faults.extend(provenance_faults(edition))
    return Checked(len(pages), links, tuple(faults))


def _other_files(files: Files, below: str) -> Iterator[Fault]:
    for path in sorted(files.paths):
        if not path.startswith(below):
            continue
        if path.endswith(".css"):
            yield from style_faults(files, path)
        elif path.endswith("search/search_index.json"):
            yield from search_faults(files, path)


def check_changes(files: Files) -> tuple[Fault, ...]:
    """Check that each list of changes is the same as a page, as JSON and as CSV."""
    found = (fault for version in files.versions() for fault in change_faults(files, version))
    return tuple(found)
