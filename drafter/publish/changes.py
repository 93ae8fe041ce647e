"""What changed from one version to another: the page, and the list as data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.blocks import split_front_matter
from drafter.core.clauses import Report
from drafter.core.diff import Change, Diff, Side, diff_reports
from drafter.core.errors import BadInput
from drafter.core.frontmatter import read_chapter_settings
from drafter.core.kinds import becomes
from drafter.publish import words
from drafter.publish.body import Body, page_url
from drafter.publish.edition import Edition, chapter_title, section_title
from drafter.publish.links import Links, chapter_url, links_from
from drafter.publish.marks import marked
from drafter.publish.templating import fill
from drafter.store.history import Version

KINDS = {
    "edited": "reworded",
    "formatting": "formatting",
    "moved": "moved",
    "moved+edited": "moved and changed",
    "added": "new",
    "removed": "removed",
    "split": "split",
    "joined": "joined",
    "origins": "sources",
}
"""The kind of a change in plain words. What moved and changed may have new formatting alone."""

_SUMMED = (
    ("edited", "{n} {was} reworded"),
    ("added", "{n} {was} added"),
    ("removed", "{n} {was} removed"),
    ("moved", "{n} moved"),
    ("moved+edited", "{n} {was} moved and changed"),
    ("split", "{n} {was} split"),
    ("joined", "{n} {was} joined from several"),
    ("origins", "the sources of {n} changed"),
)
_COLOURS = {"added": "added", "removed": "removed", "moved": "moved", "moved+edited": "moved"}
MOST_PAIRS = 20
"""Up to so many earlier versions each has its page of changes; beyond, the last and the first."""


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two versions and what changed between them."""

    edition: Edition
    since: Version
    before: Report
    diff: Diff

    @property
    def decided(self) -> list[Amendment]:
        """The amendments closed after the older version, up to the newer."""
        return [
            amendment
            for number, amendment in sorted(self.edition.amendments.items())
            if self.edition.closed_in.get(number, 0) > self.since.number
        ]

    def behind(self, change: Change) -> list[Amendment]:
        """The accepted amendments that asked for a change."""
        ids = {side.id for which in ("old", "new") for side in change.sides(which)}
        return [
            amendment
            for amendment in self.decided
            if amendment.status == "accepted"
            and any(each.clause in ids for each in amendment.instructions if each.clause)
        ]


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as its page shows it."""

    anchor: str
    number: str
    heading: str
    url: str | None
    kind: str
    colour: str
    came_from: str
    came_from_url: str | None
    passage: Markup
    amendments: list[Amendment]
    without_vote: str
    origins: list[tuple[str, str]]
    history: str | None
    is_clause: bool
    """Whether to say that no source is recorded: not of headings."""


def comparisons(edition: Edition) -> Iterator[Comparison]:
    """Compare a version with the earlier ones, the last first."""
    line = list(reversed(edition.earlier))
    chosen = line if len(line) <= MOST_PAIRS else [line[0], line[-1]]
    for version, report in chosen:
        diff = diff_reports(report, edition.report, style=edition.settings.numbering)
        yield Comparison(edition, version, report, diff)


def changes_path(since: Version) -> str:
    """Name the page of changes since an earlier version."""
    return f"changes/since-{since.name}.md"


def changes_page(comparison: Comparison) -> Body:
    """Write the page of changes since an earlier version."""
    edition, since = comparison.edition, comparison.since
    version = edition.version
    assert version is not None
    path = changes_path(since)
    links = links_from(page_url(path), edition.settings.app_url, published=True)
    changes = comparison.diff.changes
    shown = [change for change in changes if change.kind != "formatting"]
    folded = [change for change in changes if change.kind == "formatting"]
    title = f"What changed from version {since.number} to version {version.number}"
    html = fill(
        "changes.html",
        title=title,
        summary=summary(comparison),
        figures=_figures(comparison),
        chapters=_by_chapter(comparison, shown, links),
        folded=[_show(comparison, change, links) for change in folded],
        links=links,
        since=since,
        version=version,
        data=links.page(f"changes/since-{since.name}.json"),
    )
    return Body(path, title, "changes", html)


def index_page(edition: Edition, found: Sequence[Comparison]) -> Body:
    """Write the page that lists what there is to compare."""
    links = links_from("changes/", edition.settings.app_url, published=True)
    rows = [
        (links.page(page_url(changes_path(each.since))), each.since, summary(each))
        for each in found
    ]
    html = fill("changes_index.html", rows=rows, version=edition.version)
    return Body("changes/index.md", "What changed", "changes", html)


def summary(comparison: Comparison) -> str:
    """Say in two or three sentences what changed, and what the panel decided.

    Changes of formatting alone are named last.
    """
    counts: Counter[str] = Counter(change.kind for change in comparison.diff.changes)
    parts = [_part(form, counts[kind]) for kind, form in _SUMMED if counts[kind]]
    found = []
    if parts:
        first = "clause" if parts[0].startswith("one ") else "clauses"
        count, _, rest = parts[0].partition(" ")
        if not parts[0].startswith("the "):
            parts[0] = f"{count} {first} {rest}"
        found.append(words.sentence(words.listed(parts)))
    else:
        found.append("No word changed.")
    found.extend(_decisions(comparison.decided))
    if counts["formatting"]:
        many = "clause" if counts["formatting"] == 1 else "clauses"
        number = words.number(counts["formatting"])
        found.append(f"In {number} {many} the formatting alone changed.")
    return " ".join(found)


def _part(form: str, count: int) -> str:
    return form.format(n=words.number(count), was="was" if count == 1 else "were")


def _decisions(decided: Sequence[Amendment]) -> Iterator[str]:
    counts: Counter[str] = Counter(amendment.status for amendment in decided)
    parts = []
    for status in ("accepted", "rejected", "withdrawn", "lapsed"):
        if counts[status]:
            verb = "lapsed" if status == "lapsed" else "{was} " + status
            parts.append(_part("{n} " + verb, counts[status]))
    if parts:
        count, _, rest = parts[0].partition(" ")
        noun = "amendment" if count == "one" else "amendments"
        yield words.sentence(words.listed([f"{count} {noun} {rest}", *parts[1:]]))


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
    return figures


def _figure(count: int, one: str, many: str) -> tuple[str, str]:
    return f"{count:,}", one if count == 1 else many


def _by_chapter(
    comparison: Comparison, changes: Sequence[Change], links: Links
) -> list[tuple[str, str, list[Shown]]]:
    """Group changes by chapter, in the order of the text: title, anchor, changes."""
    groups: dict[str, list[Shown]] = {}
    for change in changes:
        groups.setdefault(_lead(change).path, []).append(_show(comparison, change, links))
    found = []
    for position, (path, shown) in enumerate(groups.items(), 1):
        chapter = comparison.edition.report.chapter(path) or comparison.before.chapter(path)
        title = chapter_title(chapter) if chapter else path
        found.append((title, f"chapter-{position}", shown))
    return found


def _lead(change: Change) -> Side:
    sides = change.sides("new") or change.sides("old")
    return next((side for side in sides if side.id == change.clause), sides[0])


def _show(comparison: Comparison, change: Change, links: Links) -> Shown:
    edition, side = comparison.edition, _lead(change)
    report = edition.report if change.sides("new") else comparison.before
    anchor = side.id or f"line-{side.line}-{abs(hash_of(side)) % 10**8}"
    behind = comparison.behind(change)
    return Shown(
        anchor=anchor,
        history=links.history(side.id) if side.id else None,
        number=side.number,
        heading=_heading(report, side),
        url=_url(change, side, links) or _old_url(comparison, change, links),
        kind=_kind(change),
        colour=_COLOURS.get(change.kind, ""),
        came_from=came_from(comparison, change),
        came_from_url=_old_url(comparison, change, links),
        passage=Markup(marked(change)),
        amendments=behind,
        without_vote="" if behind else _without_vote(comparison, change),
        origins=[
            (each.short_name, links.assembly(each.id)) for each in edition.bodies(side.origins)
        ],
        is_clause=side.type != "heading",
    )


def _kind(change: Change) -> str:
    """Say what happened to a clause, and that it became another kind."""
    form = becomes(change)
    if not form:
        return KINDS[change.kind]
    return form if change.kind == "formatting" else f"{KINDS[change.kind]}, {form}"


def hash_of(side: Side) -> int:
    """Give a number that the same clause always gets, for the anchor of one without an id."""
    return int(side.hash[:12], 16)


def _heading(report: Report, side: Side) -> str:
    chapter = report.chapter(side.path)
    if chapter is None:
        return ""
    index = next((i for i, clause in enumerate(chapter.clauses) if clause.line == side.line), 0)
    return section_title(chapter, index)


def _url(change: Change, side: Side, links: Links) -> str | None:
    if not change.sides("new"):
        return None
    anchor = f"#{side.id}" if side.id else ""
    return links.page(chapter_url(side.path)) + anchor


def _old_url(comparison: Comparison, change: Change, links: Links) -> str | None:
    old = change.sides("old")
    if not old or not old[0].id or links.top is None:
        return None
    return f"{links.top}{comparison.since.name}/{chapter_url(old[0].path)}#{old[0].id}"


def came_from(comparison: Comparison, change: Change) -> str:
    """Say where a clause stood before, where it moved: by number, else by its heading."""
    old, new = change.sides("old"), change.sides("new")
    apart = change.kind == "split" and old[0].path != new[0].path
    if not apart and change.kind not in ("moved", "moved+edited", "joined"):
        return ""
    chapter = comparison.before.chapter(old[0].path)
    if change.kind != "joined":
        title = chapter_title(chapter) if chapter else ""
        where = dict.fromkeys((old[0].number or _heading(comparison.before, old[0]), title))
        return f"from {', '.join(filter(None, where))}"
    numbers = [side.number for side in old]
    return f"from {words.listed(numbers) if all(numbers) else words.number(len(old)) + ' clauses'}"


def _without_vote(comparison: Comparison, change: Change) -> str:
    """Say how a change came about that no amendment asked for; of an import the page says it."""
    version = comparison.edition.version
    if version is not None and version.imported:
        return ""
    if change.kind in ("formatting", "origins"):
        return "Editorial change, recorded without a vote."
    chapter = comparison.before.chapter(_lead(change).path)
    if chapter is None or is_drafting(chapter.path, chapter.text):
        return "Drafting edit: this chapter was not yet adopted."
    return "Recorded edit, outside a vote."


def is_drafting(path: str, text: str) -> bool:
    """Tell whether a chapter says that it is still being drafted."""
    try:
        return read_chapter_settings(split_front_matter(text)[0], path).phase == "drafting"
    except BadInput:
        return False
