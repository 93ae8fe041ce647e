"""How each change is shown: its words, where it stood and stands, who asked for it, and the reason,
each reason once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.diff import Change, Side
from drafter.core.kinds import becomes
from drafter.publish.changes import KINDS, Comparison, has_pages
from drafter.publish.changes_entries import (
    WITHOUT_VOTE,
    Entry,
    came_from,
    chapters_of,
    has_left,
    went_to,
)
from drafter.publish.edition import short_name
from drafter.publish.links import Links, chapter_url
from drafter.publish.marks import marked, marked_parts
from drafter.store import names

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


class Showing:
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
        row = Left(entry.id, said, to, _data(entry) | {"chapter": chapter_key(side.path)})
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
            and previous.data["chapter"] == chapter_key(entry.chapter)
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
        "chapter": chapter_key(entry.chapter),
        "assemblies": " ".join(entry.assemblies),
        "amendments": " ".join(str(each.number) for each in entry.amendments),
    }


def chapter_key(path: str) -> str:
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
