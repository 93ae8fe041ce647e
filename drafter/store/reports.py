"""Reading a report, its assemblies and its amendments' records out of one commit.

Knows where they lie and in which order chapters are read; what they say is the core's business.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import yaml

from drafter.core.clauses import Chapter, Report
from drafter.core.errors import Unreadable
from drafter.core.reading import read_chapter
from drafter.core.saying import say
from drafter.store import names
from drafter.store.objects import Entry, decode
from drafter.store.repository import Repository

MOST_NAV_ENTRIES = 10_000
DEEPEST_NAV = 20


def read_report(repository: Repository, commit: str) -> Report:
    """Return the report as it stands in `commit`, its chapters in reading order.

    Chapters that did not change are the same objects as in the last report read. Raises NotFound
    where there is no such commit, Unreadable where `mkdocs.yml` or a file cannot be read.
    """
    configuration = repository.find(commit, names.SITE_CONFIGURATION)
    nav = None if configuration is None else configuration.blob_id
    key = (repository.tree_id(commit, names.CHAPTERS), nav)
    return repository.reports.get(key, lambda: _read_report(repository, commit, nav))


def read_assemblies(repository: Repository, commit: str) -> tuple[tuple[str, str], ...]:
    """Return (path, text) of every assembly's record, sorted by path."""
    entries = repository.list_tree(commit, names.ASSEMBLIES)
    return tuple(
        (entry.path, repository.read_entry(entry))
        for entry in entries
        if entry.path.endswith(".md")
    )


def read_amendment_records(repository: Repository, commit: str) -> tuple[tuple[int, str], ...]:
    """Return (number, text) of every amendment's record in this commit, sorted by number."""
    entries = repository.list_tree(commit, names.AMENDMENTS)
    numbered = ((names.record_number(entry.path), entry) for entry in entries)
    records = sorted((number, entry.path, entry) for number, entry in numbered if number)
    return tuple((number, repository.read_entry(entry)) for number, _, entry in records)


def reading_order(configuration: str, paths: tuple[str, ...]) -> tuple[str, ...]:
    """Put the chapters' paths in reading order: those that `nav` names, then the rest by path.

    `configuration` is the text of `mkdocs.yml`; its `nav` may be nested and names files relative
    to `drafts/`. Entries that name no chapter (addresses, static pages) count for nothing. Raises
    Unreadable where it is no YAML, or holds tags.

    >>> reading_order("nav: [{Rights: [b.md]}]", ("drafts/a.md", "drafts/b.md"))
    ('drafts/b.md', 'drafts/a.md')
    """
    return _in_order(_read_nav(configuration), paths)


def _in_order(nav: Iterable[str], paths: tuple[str, ...]) -> tuple[str, ...]:
    named = dict.fromkeys(f"{names.CHAPTERS}/{entry}" for entry in nav)
    known = set(paths)
    first = tuple(path for path in named if path in known)
    return first + tuple(path for path in sorted(paths) if path not in named)


def _read_report(repository: Repository, commit: str, nav: str | None) -> Report:
    entries = {
        entry.path: entry
        for entry in repository.list_tree(commit, names.CHAPTERS)
        if names.is_chapter(entry.path)
    }
    order = _in_order(() if nav is None else _nav_of(repository, nav), tuple(entries))
    return Report(tuple(_read_chapter(repository, entries[path]) for path in order))


def _nav_of(repository: Repository, blob: str) -> tuple[str, ...]:
    return repository.navs.get(blob, lambda: tuple(_read_nav(decode(repository.read_blob(blob)))))


def _read_chapter(repository: Repository, entry: Entry) -> Chapter:
    def read() -> Chapter:
        return read_chapter(entry.path, repository.read_entry(entry))

    return repository.chapters.get((entry.path, entry.blob_id), read)


def _read_nav(configuration: str) -> list[str]:
    try:
        loaded = yaml.safe_load(configuration)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(
            say("mkdocs.yml could not be read: {why}", why=error), path="mkdocs.yml"
        ) from error
    entries: list[str] = []
    for entry in _flatten(loaded.get("nav") if isinstance(loaded, dict) else None, 0):
        entries.append(entry)
        if len(entries) > MOST_NAV_ENTRIES:
            raise _unbounded()
    return entries


def _flatten(nav: object, depth: int) -> Iterator[str]:
    if depth > DEEPEST_NAV:
        raise _unbounded()
    if isinstance(nav, str):
        yield nav
    elif isinstance(nav, list | dict):
        for entry in nav.values() if isinstance(nav, dict) else nav:
            yield from _flatten(entry, depth + 1)


def _unbounded() -> Unreadable:
    return Unreadable("The nav of mkdocs.yml is too long or too deep to be read.")
