"""The page of changes: of a version since an earlier one, and of the working draft.

What it says of each change is in `changes_entries`; here it is put into words and addresses.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.diff import Change, Side
from drafter.core.kinds import becomes
from drafter.publish.body import Body, page_url
from drafter.publish.changes import KINDS, Comparison, changes_path, has_pages, summary
from drafter.publish.changes_chart import chart_of
from drafter.publish.changes_entries import (
    WITHOUT_VOTE,
    Entry,
    came_from,
    chapters_of,
    entries,
    has_left,
    went_to,
)
from drafter.publish.edition import day, short_name
from drafter.publish.links import Links, chapter_url, links_from
from drafter.publish.marks import marked, marked_parts
from drafter.publish.templating import fill
from drafter.store import names

TOLD = "the words, who asked for it, how the panel voted, and where it came from."
LONG = 200
"""From so many changes on, a browser lays out only those that are near what is seen."""

_COLOURS = {"added": "added", "removed": "removed", "moved": "moved", "moved+edited": "moved"}


@dataclass(frozen=True, slots=True)
class Part:
    """One of the clauses that a clause was split into, or joined from."""

    number: str
    url: str | None
    passage: Markup


@dataclass(frozen=True, slots=True)
class Asked:
    """An amendment behind a change; its reason stands once on the page."""

    amendment: Amendment
    first: bool
    """No change before this one is the amendment's."""
    reason: str
    """Its reason, where it stands here; each stands once on a page."""
    reason_at: str
    """The change that the same reason stands with; empty where there is none before."""
    reason_by: str
    """How that one is named: by its number, where it has one."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A change as its page shows it."""

    id: str
    number: str
    heading: str
    again: bool
    """The change before it stands under the same heading."""
    url: str | None
    kind: str
    colour: str
    came_from: str
    stub: str
    """The anchor of the place that it has left; empty where it has left none."""
    old_url: str | None
    passage: Markup
    old: Markup
    new: Markup
    parts: tuple[Part, ...]
    asked: tuple[Asked, ...]
    without_vote: str
    origins: list[tuple[str, str]]
    history: str | None
    sourceless: bool
    """Whether to say that no source is recorded: not of headings; of an import the page says it."""
    data: dict[str, str]
    """What the filters ask: kind, chapter, assemblies, amendments."""
    before: str | None
    after: str | None
    """The names of the changes beside it."""
    form: str
    """How it is drawn: both (words changed), new, old, same, split or joined."""


@dataclass(frozen=True, slots=True)
class Left:
    """That a clause stood here in the older version."""

    id: str
    """The change that took it away."""
    said: str
    to: str
    data: dict[str, str]
    form: str = "left"


@dataclass(frozen=True, slots=True)
class Section:
    """The changes of a chapter: `rows` are changes and places left, `folded` formatting alone."""

    title: str
    anchor: str
    rows: list[Shown | Left]
    folded: list[Shown]


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
    sections = _Page(comparison, links, listed).sections()
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


class _Page:
    """Puts the list of changes into sections."""

    def __init__(self, comparison: Comparison, links: Links, listed: Sequence[Entry]) -> None:
        self.comparison, self.links, self.listed = comparison, links, listed
        self.change_of = {entry.id: entry for entry in listed}
        self.first_of: dict[int, Entry] = {}
        self.reason_in: dict[str, tuple[Entry, int]] = {}
        for entry in listed:
            for each in entry.amendments:
                self.first_of.setdefault(each.number, entry)
                self.reason_in.setdefault(_reason(each), (entry, each.number))

    def sections(self) -> dict[str, Section]:
        """Give the sections by the paths of their chapters, in reading order."""
        left = [entry for entry in self.listed if has_left(entry.change)]
        known = {entry.chapter for entry in self.listed}
        known |= {entry.change.sides("old")[0].path for entry in left}
        order = [path for path in chapters_of(self.comparison) if path in known]
        found = {
            path: Section(self.comparison.chapter(path), f"chapter-{at}", [], [])
            for at, path in enumerate(order, 1)
        }
        before: Shown | None = None
        beside = [None, *(entry.id for entry in self.listed), None]
        for at, entry in enumerate(self.listed):
            section = found[entry.chapter]
            shown = self.show(entry, before, beside[at], beside[at + 2])
            (section.folded if entry.change.kind == "formatting" else section.rows).append(shown)
            before = shown
        for entry in left:
            self.place_left(found, entry)
        return found

    def place_left(self, found: dict[str, Section], entry: Entry) -> None:
        """Say at its old place where a clause has moved to."""
        side = entry.change.sides("old")[0]
        rows = found[side.path].rows
        later = (
            at
            for at, row in enumerate(rows)
            if _old_line(self.change_of[row.id].change, side.path) > side.line
        )
        said = self.comparison.then.name(side)
        to = went_to(self.comparison, entry)
        row = Left(entry.id, said, to, _data(entry) | {"chapter": _name(side.path)})
        rows.insert(next(later, len(rows)), row)

    def show(
        self, entry: Entry, previous: Shown | None, before: str | None, after: str | None
    ) -> Shown:
        change, side, links = entry.change, entry.lead, self.links
        places = self.comparison.now if change.sides("new") else self.comparison.then
        heading, origins = places.heading(side), self.origins(side)
        left = has_left(change)
        drawn = _drawn_as(change)
        both = drawn == "both"
        return Shown(
            id=entry.id,
            number=side.number,
            heading=heading,
            again=previous is not None
            and previous.heading == heading
            and previous.data["chapter"] == _name(entry.chapter)
            and bool(side.number),
            url=self.url(side) if change.sides("new") else self.old_url(change),
            kind=_kind(change),
            colour=_COLOURS.get(change.kind, ""),
            came_from=came_from(self.comparison, change),
            stub=f"from-{entry.id}" if left else "",
            old_url=self.old_url(change),
            passage=Markup(marked(change)),
            old=Markup(marked(change, "old")) if both or drawn == "split" else Markup(),
            new=Markup(marked(change, "new")) if both or drawn == "joined" else Markup(),
            parts=tuple(self.parts(change)),
            asked=tuple(self.asked(entry, each) for each in entry.amendments),
            without_vote=WITHOUT_VOTE[entry.how],
            origins=origins,
            history=links.history(side.id) if side.id else None,
            sourceless=side.type != "heading" and entry.how != "import" and not origins,
            data=_data(entry),
            before=before,
            after=after,
            form=drawn,
        )

    def asked(self, entry: Entry, amendment: Amendment) -> Asked:
        reason = _reason(amendment)
        at, by = self.reason_in[reason]
        here = at is entry and by == amendment.number
        return Asked(
            amendment,
            first=self.first_of[amendment.number] is entry,
            reason=reason if here else "",
            reason_at="" if here or not reason else at.id,
            reason_by=at.lead.number or "an earlier change",
        )

    def parts(self, change: Change) -> list[Part]:
        if not isinstance(change.old, tuple) and not isinstance(change.new, tuple):
            return []
        new = isinstance(change.new, tuple)
        sides = change.sides("new" if new else "old")
        urls = [self.url(side) if new else self.old_side_url(side) for side in sides]
        return [
            Part(side.number, url, Markup(passage))
            for side, url, passage in zip(sides, urls, marked_parts(change), strict=True)
        ]

    def url(self, side: Side) -> str:
        """Give the address of a clause of the newer text."""
        return self.links.clause(side.path, side.id)

    def old_url(self, change: Change) -> str | None:
        old = change.sides("old")
        return self.old_side_url(old[0]) if old else None

    def old_side_url(self, side: Side) -> str | None:
        since = self.comparison.since
        if not side.id or self.links.top is None or not has_pages(self.comparison.edition, since):
            return None
        return f"{self.links.top}{since.name}/{chapter_url(side.path)}#{side.id}"

    def origins(self, side: Side) -> list[tuple[str, str]]:
        """Name the proposals behind a clause, each with where its own words stand."""
        found = []
        for assembly, proposal in self.comparison.edition.origins(side.origins):
            anchor = f"#{proposal.clause}" if proposal.clause else ""
            said = f"{short_name(assembly)}, proposal {proposal.number}"
            found.append((said, self.links.assembly(assembly.id) + anchor))
        return found


def _reason(amendment: Amendment) -> str:
    return amendment.decision.reason if amendment.decision else ""


def _data(entry: Entry) -> dict[str, str]:
    return {
        "kind": entry.change.kind,
        "chapter": _name(entry.chapter),
        "assemblies": " ".join(entry.assemblies),
        "amendments": " ".join(str(each.number) for each in entry.amendments),
    }


def _name(path: str) -> str:
    """Name a chapter as addresses do: "04-voting"."""
    return path.removeprefix(f"{names.CHAPTERS}/").removesuffix(".md")


def _old_line(change: Change, path: str) -> int:
    """Give where a change stood in a chapter of the older text; nowhere: before all else."""
    old = change.sides("old")
    return old[0].line if old and old[0].path == path else -1


def _drawn_as(change: Change) -> str:
    if change.kind in ("split", "joined"):
        return change.kind
    if change.kind in ("added", "removed"):
        return "new" if change.kind == "added" else "old"
    if change.kind in ("moved", "origins"):
        return "same"
    return "both"


def _kind(change: Change) -> str:
    """Say what happened to a clause, and that it became another kind."""
    form = becomes(change)
    if not form:
        return KINDS[change.kind]
    return form if change.kind == "formatting" else f"{KINDS[change.kind]}, {form}"


Choice = tuple[str, str, int]
"""A value of a filter, its words, how many changes have it."""


def _choices(
    comparison: Comparison, listed: Sequence[Entry]
) -> list[tuple[str, str, str, list[Choice]]]:
    """Give the filters: name, label, the words for no choice, and the choices."""
    edition = comparison.edition
    kinds = Counter(entry.change.kind for entry in listed)
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
            [(_name(path), comparison.chapter(path), many) for path, many in chapters.items()],
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
