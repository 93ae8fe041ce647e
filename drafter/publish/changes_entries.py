"""Each change with what stands behind it: its name, its chapter, how it came about, its sources.

Page, JSON and CSV are made of this list and hold it in its order. Does not know HTML.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from drafter.core.amendments import Amendment
from drafter.core.blocks import split_front_matter
from drafter.core.diff import Change, Side
from drafter.core.errors import BadInput
from drafter.core.frontmatter import read_chapter_settings
from drafter.publish import words
from drafter.publish.changes import Comparison

How = Literal["decision", "editorial", "drafting", "edit", "import"]

WITHOUT_VOTE: dict[How, str] = {
    "decision": "",
    "editorial": "Editorial change, recorded without a vote.",
    "drafting": "Drafting edit: this chapter was not yet adopted.",
    "edit": "Recorded edit, outside a vote.",
    "import": "",
}
"""How a change came about that no amendment asked for; of an import the page says it once."""


@dataclass(frozen=True, slots=True)
class Entry:
    """One change of a list of changes."""

    id: str
    """Its name in the list, the same on the page, in JSON and in CSV: its clause's id, else `x-…`
    made from what changed."""
    change: Change
    lead: Side
    """The side that names its place: the new one, else the old."""
    chapter: str
    """The path of the chapter that it is listed under."""
    amendments: tuple[Amendment, ...]
    """The accepted ones that asked for it, ascending."""
    how: How
    assemblies: tuple[str, ...]
    """The ids of the assemblies behind the clause or its amendments, sorted."""

    @property
    def comments(self) -> tuple[int, ...]:
        """The comments that its amendments answer, ascending."""
        return tuple(sorted({number for each in self.amendments for number in each.comments}))

    @property
    def date(self) -> str:
        """The day of the last decision on it; empty where it came without one."""
        days = [each.decision.date for each in self.amendments if each.decision]
        return max(days).isoformat() if days else ""


def entries(comparison: Comparison) -> tuple[Entry, ...]:
    """Give the changes by chapter, in reading order; in each chapter, formatting alone last."""
    order = {path: at for at, path in enumerate(chapters_of(comparison))}
    found = [(lead_of(change), change) for change in comparison.diff.changes]
    found.sort(key=lambda pair: (order[pair[0].path], pair[1].kind == "formatting"))
    taken: Counter[str] = Counter()
    return tuple(_entry(comparison, side, change, taken) for side, change in found)


def chapters_of(comparison: Comparison) -> list[str]:
    """List the paths of all chapters, each that is gone after the one that it followed."""
    found = [chapter.path for chapter in comparison.edition.report.chapters]
    at, known = 0, set(found)
    for chapter in comparison.before.chapters:
        if chapter.path in known:
            at = found.index(chapter.path) + 1
        else:
            found.insert(at, chapter.path)
            at += 1
    return found


def _entry(comparison: Comparison, side: Side, change: Change, taken: Counter[str]) -> Entry:
    behind = tuple(comparison.behind(change))
    name = _name(side, change)
    taken[name] += 1
    named = (*side.origins, *(each for amendment in behind for each in amendment.assemblies))
    return Entry(
        id=name if taken[name] == 1 else f"{name}-{taken[name]}",
        change=change,
        lead=side,
        chapter=side.path,
        amendments=behind,
        how="decision" if behind else _how(comparison, change, side),
        assemblies=tuple(sorted({origin.split("/")[0] for origin in named})),
    )


def lead_of(change: Change) -> Side:
    """Give the side that names a change's place."""
    sides = change.sides("new") or change.sides("old")
    return next((side for side in sides if side.id == change.clause), sides[0])


def _name(side: Side, change: Change) -> str:
    if side.id:
        return str(side.id)
    told = [change.kind, *(f"{each.path} {each.hash}" for each in _all_sides(change))]
    return f"x-{hashlib.sha256(chr(10).join(told).encode('utf-8', 'replace')).hexdigest()[:12]}"


def _all_sides(change: Change) -> Sequence[Side]:
    return (*change.sides("old"), *change.sides("new"))


def _how(comparison: Comparison, change: Change, side: Side) -> How:
    version = comparison.edition.version
    if version is not None and version.imported:
        return "import"
    if change.kind in ("formatting", "origins"):
        return "editorial"
    chapter = comparison.before.chapter(side.path)
    return "drafting" if chapter is None or is_drafting(chapter.path, chapter.text) else "edit"


def is_drafting(path: str, text: str) -> bool:
    """Tell whether a chapter says that it is still being drafted."""
    try:
        return read_chapter_settings(split_front_matter(text)[0], path).phase == "drafting"
    except BadInput:
        return False


# Names of places


def came_from(comparison: Comparison, change: Change) -> str:
    """Say where a clause stood before, where it moved: by number, else by its heading."""
    if not has_left(change) and change.kind != "joined":
        return ""
    old = change.sides("old")
    if change.kind != "joined":
        return f"from {comparison.then.where(old[0])}"
    numbers = [side.number for side in old]
    return f"from {words.listed(numbers) if all(numbers) else words.number(len(old)) + ' clauses'}"


def went_to(comparison: Comparison, entry: Entry) -> str:
    """Say where a clause stands now that has moved: "to 4.1, Voting"."""
    return f"to {comparison.now.where(entry.lead)}"


def has_left(change: Change) -> bool:
    """Tell whether a clause stood elsewhere before: it moved, or was split in another chapter."""
    if change.kind == "split":
        return change.sides("old")[0].path != change.sides("new")[0].path
    return change.kind in ("moved", "moved+edited")
