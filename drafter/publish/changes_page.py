"""The page of changes: of a version since an earlier one, and of the working draft.

How each change is shown is in `changes_shown`; here the page is put together around them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from drafter.publish.body import Body, page_url
from drafter.publish.changes import KINDS, Comparison, changes_path, has_pages, summary
from drafter.publish.changes_chart import chart_of
from drafter.publish.changes_entries import Entry, entries
from drafter.publish.changes_shown import Showing, chapter_key
from drafter.publish.edition import day, short_name
from drafter.publish.links import Links, links_from
from drafter.publish.templating import fill

TOLD = "the words, who asked for it, how the panel voted, and where it came from."
LONG = 200
"""From so many changes on, a browser lays out only those that are near what is seen."""


def changes_page(comparison: Comparison) -> Body:
    """Write the page of changes since an earlier version."""
    edition, since = comparison.edition, comparison.since
    version = edition.version
    assert version is not None
    path = changes_path(since)
    links = links_from(page_url(path), edition.settings.app_url, published=True)
    title = f"What changed from version {since.number} to version {version.number}"
    between = (
        f"Every change between version {since.number} ({day(since.time)}) and version "
        f"{version.number} ({day(version.time)})"
    )
    purpose = f"{between}, clause by clause." if version.imported else f"{between}: {TOLD}"
    stem = f"changes/since-{since.name}"
    html = changes_html(
        comparison,
        links,
        title=title,
        purpose=purpose,
        newer=f"Version {version.number}",
        data=[("JSON", links.page(f"{stem}.json")), ("CSV", links.page(f"{stem}.csv"))],
    )
    return Body(path, title, "changes", html, "changes.html")


def changes_html(
    comparison: Comparison,
    links: Links,
    *,
    title: str,
    purpose: str,
    newer: str,
    data: Sequence[tuple[str, str]] = (),
) -> str:
    """Write what stands on a page of changes; `newer` names the text that is the newer one."""
    listed = entries(comparison)
    sections = Showing(comparison, links, listed).sections()
    chart = chart_of(
        [
            (each.title, each.anchor, [entry.change.kind for entry in _of(listed, path)])
            for path, each in sections.items()
            if each.folded or any(row.form != "left" for row in each.rows)
        ]
    )
    version, since = comparison.edition.version, comparison.since
    top = f"{links.top}{since.name}/" if has_pages(comparison.edition, since) else None
    return fill(
        "changes.html",
        title=title,
        purpose=purpose,
        summary=summary(comparison),
        imported=version is not None and version.imported,
        figures=_figures(comparison),
        chart=chart,
        sections=list(sections.values()),
        choices=_choices(comparison, listed),
        total=len(listed),
        long=len(listed) >= LONG,
        links=links,
        since=since,
        older=f"Version {since.number}",
        newer=newer,
        since_url=top,
        index_url=links.page("changes/"),
        data=data,
    )


def _of(listed: Sequence[Entry], path: str) -> list[Entry]:
    return [entry for entry in listed if entry.chapter == path]


Choice = tuple[str, str, int]
"""A value of a filter, its words, how many changes have it."""


def _choices(
    comparison: Comparison, listed: Sequence[Entry]
) -> list[tuple[str, str, str, list[Choice]]]:
    """Give the filters: name, label, the words for no choice, and the choices."""
    edition = comparison.edition
    kinds: Counter[str] = Counter(entry.change.kind for entry in listed)
    chapters = Counter(entry.chapter for entry in listed)
    bodies = Counter(name for entry in listed for name in entry.assemblies)
    named = sorted(
        (short_name(edition.assemblies[name]), name)
        for name in bodies
        if name in edition.assemblies
    )
    asked = Counter(each.number for entry in listed for each in entry.amendments)
    titles = {each.number: each.title for entry in listed for each in entry.amendments}
    found: list[tuple[str, str, str, list[Choice]]] = [
        (
            "kind",
            "Kind",
            "Every kind",
            [(k, said, kinds[k]) for k, said in KINDS.items() if kinds[k]],
        ),
        (
            "chapter",
            "Chapter",
            "Every chapter",
            [
                (chapter_key(path), comparison.chapter(path), many)
                for path, many in chapters.items()
            ],
        ),
        (
            "assembly",
            "Assembly",
            "Every assembly",
            [(name, said, bodies[name]) for said, name in named],
        ),
        (
            "amendment",
            "Amendment",
            "Every amendment",
            [(str(n), f"{n}: {titles[n]}", asked[n]) for n in sorted(asked)],
        ),
    ]
    # A filter that has one choice, which every change has, asks nothing.
    return [each for each in found if each[3] and each[3][0][2] < len(listed)]


def _figures(comparison: Comparison) -> list[tuple[str, str]]:
    changed = {
        side.id or (side.path, side.line)
        for change in comparison.diff.changes
        if change.kind != "formatting"
        for side in change.sides("new")
    }
    total = sum(place.clause.type != "opaque" for place in comparison.edition.report.places())
    accepted = [each for each in comparison.decided if each.status == "accepted"]
    comments = {number for each in accepted for number in each.comments}
    bodies = {name.split("/")[0] for each in accepted for name in each.assemblies}
    gone = sum(change.kind == "removed" for change in comparison.diff.changes)
    figures = [(f"{len(changed):,}", f"new or changed of {total:,} clauses")]
    if gone:
        figures.append(_figure(gone, "clause removed", "clauses removed"))
    if accepted:
        figures.append(_figure(len(accepted), "amendment accepted", "amendments accepted"))
        figures.append(_figure(len(comments), "comment asked for them", "comments asked for them"))
        figures.append(_figure(len(bodies), "assembly behind them", "assemblies behind them"))
    return [each for each in figures if each[0] != "0"]


def _figure(count: int, one: str, many: str) -> tuple[str, str]:
    return f"{count:,}", one if count == 1 else many
