"""The page from which any two versions are compared: in sentences, and as a table of pairs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from drafter.core.clauses import Report
from drafter.publish.body import Body, page_url
from drafter.publish.changes import (
    MOST_PAIRS,
    Comparison,
    changes_path,
    compare,
    compared,
    has_pages,
    summary,
)
from drafter.publish.edition import Edition
from drafter.publish.links import Links, links_from
from drafter.publish.templating import fill
from drafter.store.history import Version


@dataclass(frozen=True, slots=True)
class Pair:
    """Two versions, the address of their changes, and what they are in a sentence."""

    newer: Version
    older: Version
    url: str
    summary: str


@dataclass(frozen=True, slots=True)
class Row:
    """A version and its changes since each older one: an address, or None where there is none."""

    version: Version
    cells: tuple[str | None, ...]


def index_page(edition: Edition, found: Sequence[Comparison]) -> Body:
    """Write the page that lists what there is to compare; `found` is of this version."""
    assert edition.version is not None
    links = links_from("changes/", edition.settings.app_url, published=True)
    line = [version for version, _ in edition.earlier]
    rows = list(_rows(edition, links, [*line, edition.version]))
    used = [any(any(row.cells[at : at + 1]) for row in rows) for at in range(len(line))]
    html = fill(
        "changes_index.html",
        version=edition.version,
        own=[_pair(edition.version, each, links) for each in found],
        steps=list(_steps(edition, links)),
        older=[version for version, shown in zip(line, used, strict=True) if shown],
        rows=[_only(row, used) for row in rows if any(row.cells)],
        few=len(line) > MOST_PAIRS,
        draft=links.draft,
    )
    return Body("changes/index.md", "What changed", "changes", html)


def _pair(newer: Version, comparison: Comparison, links: Links) -> Pair:
    older = comparison.since
    return Pair(newer, older, _url(newer, older, links), summary(comparison))


def _url(newer: Version, older: Version, links: Links) -> str:
    return f"{links.top}{newer.name}/{page_url(changes_path(older))}"


def _steps(edition: Edition, links: Links) -> Iterator[Pair]:
    """Give each earlier version beside the one before it, the last first; not above twenty."""
    line = edition.earlier
    for at in range(len(line) - 1, max(0, len(line) - MOST_PAIRS), -1):
        (older, before), (newer, after) = line[at - 1], line[at]
        if has_pages(edition, newer):
            then = _at(edition, newer, after)
            yield _pair(newer, compare(then, older, before), links)


def _at(edition: Edition, version: Version, report: Report) -> Edition:
    """Give what an edition knows of an earlier version."""
    closed = {
        number: amendment
        for number, amendment in edition.amendments.items()
        if edition.closed_in.get(number, 0) <= version.number
    }
    return replace(edition, report=report, version=version, amendments=closed)


def _rows(edition: Edition, links: Links, line: Sequence[Version]) -> Iterator[Row]:
    """Give the table's rows, the newest version first."""
    for at in range(len(line) - 1, 0, -1):
        newer = line[at]
        pairs = set(compared(line[:at])) if has_pages(edition, newer) else set()
        yield Row(
            newer,
            tuple(_url(newer, older, links) if older in pairs else None for older in line[:at]),
        )


def _only(row: Row, used: Sequence[bool]) -> Row:
    """Leave out the columns that no row uses."""
    return Row(
        row.version, tuple(cell for cell, shown in zip(row.cells, used, strict=False) if shown)
    )
