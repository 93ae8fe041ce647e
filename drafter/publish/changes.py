"""What changed from one version to another: the pairs that are compared, and their sentence.

Each change with what stands behind it: `changes_entries`. Does not know HTML.
"""

from __future__ import annotations

import functools
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.core.amendments import Amendment
from drafter.core.clauses import Report
from drafter.core.diff import Change, Diff, diff_reports
from drafter.publish import words
from drafter.publish.changes_places import Places
from drafter.publish.edition import Edition
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
MOST_PAIRS = 20
"""Up to so many earlier versions a version is compared with each; beyond, with few of them."""


@dataclass(frozen=True)
class Comparison:
    """Two texts and what changed between them: of an edition, and of a version before it."""

    edition: Edition
    since: Version
    before: Report
    diff: Diff

    @functools.cached_property
    def decided(self) -> list[Amendment]:
        """The amendments closed after the older version, up to the newer."""
        return [
            amendment
            for number, amendment in sorted(self.edition.amendments.items())
            if self.edition.closed_in.get(number, 0) > self.since.number
        ]

    @functools.cached_property
    def then(self) -> Places:
        """The places of the older text."""
        return Places(self.before)

    @functools.cached_property
    def now(self) -> Places:
        """The places of the newer text."""
        return Places(self.edition.report)

    def chapter(self, path: str) -> str:
        """Give the title of a chapter of either text."""
        return self.now.titles.get(path) or self.then.titles.get(path, path)

    def behind(self, change: Change) -> list[Amendment]:
        """The accepted amendments that asked for a change."""
        ids = {side.id for which in ("old", "new") for side in change.sides(which) if side.id}
        found = {each.number: each for name in ids for each in self._accepted_on.get(name, ())}
        return [found[number] for number in sorted(found)]

    @functools.cached_property
    def _accepted_on(self) -> dict[str, list[Amendment]]:
        found: dict[str, list[Amendment]] = {}
        for amendment in self.decided:
            if amendment.status == "accepted":
                for each in amendment.instructions:
                    if each.clause:
                        found.setdefault(each.clause, []).append(amendment)
        return found


def has_pages(edition: Edition, version: Version) -> bool:
    """Tell whether an edition links to an earlier version's pages.

    Those of a version that was published elsewhere are built only where somebody asks for them.
    """
    own = edition.version
    return not version.imported or (own is not None and own.imported)


def compared(line: Sequence[Version]) -> list[Version]:
    """Choose, of the versions before one, those that it is compared with, the last first.

    All of up to twenty; of more, the last, the first, and the milestones.
    """
    if len(line) <= MOST_PAIRS:
        return list(reversed(line))
    ends = {line[0].number, line[-1].number}
    return [each for each in reversed(line) if each.milestone or each.number in ends]


def comparisons(edition: Edition) -> Iterator[Comparison]:
    """Compare a version with the earlier ones that `compared` chooses, the last first."""
    for version in compared([other for other, _ in edition.earlier]):
        yield compare(edition, version, edition.report_of(version.name))


def compare(edition: Edition, since: Version, before: Report) -> Comparison:
    """Compare an edition with the text of an earlier version."""
    diff = diff_reports(before, edition.report, style=edition.settings.numbering)
    return Comparison(edition, since, before, diff)


def changes_path(since: Version) -> str:
    """Name the page of changes since an earlier version."""
    return f"changes/since-{since.name}.md"


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
