"""Pages outside the versions: the history of each clause, and the front of the public folder."""

from __future__ import annotations

import functools
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from markupsafe import Markup

from drafter.core.clauses import Place, Report
from drafter.core.diff import Change
from drafter.core.ids import ClauseId
from drafter.core.kinds import becomes
from drafter.core.numbering import number_report
from drafter.core.provenance import Event, events, lineage
from drafter.core.wording import tokens_of
from drafter.publish.bringers import Bringer, Bringers
from drafter.publish.changes import KINDS
from drafter.publish.changes_entries import is_drafting
from drafter.publish.cite import cite, cite_block
from drafter.publish.data_law import clause_law
from drafter.publish.edition import Edition, chapter_title, day, plain_words, section_title
from drafter.publish.feeds import DECISIONS, VERSIONS, clause_feed
from drafter.publish.links import Links, chapter_url
from drafter.publish.manifest import Manifest
from drafter.publish.marks import labelled_words, marked
from drafter.publish.templating import fill
from drafter.store.history import Version
from drafter.store.moments import Moment

_WORDLESS = ("moved", "origins")
_LONGEST_TITLE = 60


@dataclass(frozen=True, slots=True)
class Other:
    """A clause that words went to or came from: what to call it, and the page of its history."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Happened:
    """One thing that happened to a clause: who did it, and the change as marks."""

    by: Bringer
    kind: str
    colour: str
    passage: Markup
    """Empty where no words changed."""
    where: str
    """From where to where it moved."""
    verb: str
    """How other clauses took part: "Its words went on in"; empty where none did."""
    others: list[Other]
    without_vote: str


@dataclass(frozen=True, slots=True)
class InVersion:
    """What happened to a clause on the way to a version, the latest first."""

    version: Version
    url: str | None
    """Where it stands in that version; None where it does not, or its pages are not here."""
    number: str
    compared: str | None
    """The change among all since the version before."""
    before: Version | None
    happened: list[Happened]


@dataclass(frozen=True, slots=True)
class Last:
    """Where a clause stands in the last version that has it."""

    version: Version
    place: Place
    number: str
    url: str | None


def clause_pages(
    edition: Edition, moments: Sequence[Moment], line: Sequence[Version], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Write a page for every clause id that the text ever had: path and content.

    `moments`: all that led to the edition's version; `line`: all versions; `known`: the names of
    those whose pages are in the public folder.
    """
    lives = _Lives(edition, moments, [each for each in line if each.name in _shown(edition)], known)
    for clause in lives.events:
        yield f"c/{clause}/index.html", lives.page(clause)


def _shown(edition: Edition) -> set[str]:
    assert edition.version is not None
    return {edition.version.name, *(version.name for version, _ in edition.earlier)}


class _Lives:
    """The lives of all clauses, and the pages that tell them."""

    def __init__(
        self,
        edition: Edition,
        moments: Sequence[Moment],
        line: Sequence[Version],
        known: Collection[str],
    ) -> None:
        assert edition.version is not None
        self.edition = edition
        self.moments = moments
        self.line = line
        self.known = known
        self.latest = edition.version
        self.links = _links(edition, "../../", edition.version)
        self.bringers = Bringers(edition, moments)
        self.events = events(moment.report for moment in moments)
        self._between = events(edition.report_of(version.name) for version in line)
        self._ancestors = lineage(moment.report for moment in moments)
        self._heirs: dict[ClauseId, list[ClauseId]] = {}
        for heir, ancestors in self._ancestors.items():
            for ancestor in ancestors:
                self._heirs.setdefault(ancestor, []).append(heir)
        self._numbers = functools.lru_cache(len(line))(self._number)

    def _number(self, version: str) -> dict[str, str]:
        report = self.edition.report_of(version)
        numbers = number_report(report, self.edition.settings.numbering)
        places = ((place, (place.chapter.path, place.index)) for place in report.places())
        return {place.clause.id: numbers.get(at, "") for place, at in places if place.clause.id}

    def page(self, clause: ClauseId) -> str:
        """Write the page of one clause."""
        last = self._last(clause)
        happened = list(self._happened(clause))
        end = happened[-1] if self._is_gone(clause) else None
        place = last.place if last else self._place_at(clause, self.events[clause])
        words = plain_words(place.clause.type, place.clause.parts)
        heading = section_title(place.chapter, place.index)
        number = last.number if last else ""
        title = " ".join(filter(None, (number, _shortened(words))))
        return fill(
            "clause.html",
            **_frame(
                self.edition, self.links, f"{title} – history of the clause", clause_feed(clause)
            ),
            clause=clause,
            number=number,
            heading=heading if heading != words else "",
            chapter=chapter_title(place.chapter),
            last=last,
            end=end,
            ended=_ended(end) if end else "",
            changed=happened[-1].by.version,
            other=self._other,
            words=self.bringers.words(clause, place.clause.type, self.links),
            lineage=list(self._lineage(clause, happened)),
            versions=list(reversed(list(self._by_version(clause, happened)))),
            cite=self._cite(clause, last),
            law=self._law(clause),
        )

    def _cite(self, clause: ClauseId, last: Last | None) -> Markup:
        """Cite a clause as it stands, or as it stood last in a version."""
        if last is None:
            return Markup()
        address = f"{chapter_url(last.place.chapter.path)}#{clause}"
        what = f"clause {last.number or clause}"
        return Markup(cite_block(cite(self.edition, what, address, last.version), self.links))

    def _law(self, clause: ClauseId) -> Markup:
        history = self.edition.history.get(str(clause))
        return Markup(clause_law(self.edition, history, self.links) if history else "")

    def _is_gone(self, clause: ClauseId) -> bool:
        return self.edition.report.locate(clause) is None

    def _last(self, clause: ClauseId) -> Last | None:
        for version in reversed(self.line):
            place = self.edition.report_of(version.name).locate(clause)
            if place is not None:
                number = self._numbers(version.name).get(clause, "")
                return Last(version, place, number, self._url(version, place))
        return None

    def _place_at(self, clause: ClauseId, happened: Sequence[Event]) -> Place:
        """Find where a clause stood that no version had."""
        found = (self.moments[each.position].report.locate(clause) for each in reversed(happened))
        return next(place for place in found if place is not None)

    def _url(self, version: Version, place: Place) -> str | None:
        if version.name not in self.known:
            return None
        return f"../../{version.name}/{chapter_url(place.chapter.path)}#{place.clause.id}"

    # What happened.

    def _happened(self, clause: ClauseId) -> Iterator[Happened]:
        """Tell what happened to a clause, oldest first; up to the first version as one."""
        numbered = [(self.bringers.line[each.position], each) for each in self.events[clause]]
        for by, group in groupby(numbered, key=lambda pair: pair[0]):
            found = [event for _, event in group]
            place = self.moments[found[-1].position].report.locate(clause)
            if by.kind == "first" and place is not None:
                yield self._began(by, place)
            else:
                yield from (self._one(clause, by, event) for event in found)

    def _began(self, by: Bringer, place: Place) -> Happened:
        tokens = tokens_of(place.clause.type, place.clause.parts)
        words = labelled_words([("", tokens)], place.clause.type, lambda _, markup: markup)
        return Happened(by, "in the first version", "", Markup(words), "", "", [], "")

    def _one(self, clause: ClauseId, by: Bringer, event: Event) -> Happened:
        change = event.change
        if change is None:
            return self._began(by, self._place_at(clause, [event]))
        kind = KINDS[change.kind] if not becomes(change) else becomes(change)
        verb, others = self._others(clause, change)
        return Happened(
            by=by,
            kind=kind,
            colour=_colour(clause, change),
            passage=Markup("" if change.kind in _WORDLESS else marked(change)),
            where=_where(change, by.before, by.moment.report),
            verb=verb,
            others=others,
            without_vote=_without_vote(change, by),
        )

    def _others(self, clause: ClauseId, change: Change) -> tuple[str, list[Other]]:
        """Name the clauses that took part in a change: where the words came from, or went."""
        old, new = ([side.id for side in change.sides(which)] for which in ("old", "new"))  # type: ignore[arg-type]
        came = [each for each in old if each and each != clause]
        went = [each for each in new if each and each != clause]
        if clause not in new:
            verb, ids = "Its words went on in", went
        elif clause not in old:
            verb, ids = "Its words came from", came
        elif went:
            verb, ids = "Part of its words went on in", went
        else:
            verb, ids = "It took in the words of", came
        return (verb, [self._other(each) for each in ids]) if ids else ("", [])

    def _other(self, clause: ClauseId) -> Other:
        last = self._last(clause)
        number = last.number if last else ""
        if last is not None and last.version == self.latest:
            return Other(number or f"clause {clause}", f"../{clause}/")
        gone = f"what was {number}" if number else f"clause {clause}, which is gone"
        return Other(gone, f"../{clause}/")

    def _lineage(
        self, clause: ClauseId, happened: Sequence[Happened]
    ) -> Iterator[tuple[str, list[Other], Bringer | None]]:
        """Name the clauses that words passed to and from: by which step; last, as `was` alone says.

        What ended the clause is told elsewhere.
        """
        for each in happened:
            if each.others and not (self._is_gone(clause) and each is happened[-1]):
                yield each.verb, each.others, each.by
        told = {other.url for each in happened for other in each.others}
        for verb, line in (
            ("Its words came from", self._ancestors),
            ("Its words went on in", self._heirs),
        ):
            others = [self._other(each) for each in line.get(clause, ()) if each in self.events]
            others = [other for other in others if other.url not in told]
            if others:
                yield verb, others, None

    def _by_version(self, clause: ClauseId, happened: Sequence[Happened]) -> Iterator[InVersion]:
        for version, group in groupby(happened, key=lambda each: each.by.version):
            place = self.edition.report_of(version.name).locate(clause)
            at = self.line.index(version)
            yield InVersion(
                version=version,
                url=self._url(version, place) if place else None,
                number=self._numbers(version.name).get(clause, ""),
                compared=self._compared(clause, at),
                before=self.line[at - 1] if at else None,
                happened=list(reversed(list(group))),
            )

    def _compared(self, clause: ClauseId, at: int) -> str | None:
        """Link to the clause's change on the page of changes since the version before."""
        found = [each.change for each in self._between.get(clause, ()) if each.position == at]
        lead = found[0].clause if found and found[0] else None
        names = [version.name for version in self.line[max(at - 1, 0) : at + 1]]
        if lead is None or len(names) < 2 or not all(name in self.known for name in names):
            return None
        return f"../../{names[1]}/changes/since-{names[0]}/#{lead}"


def _shortened(words: str) -> str:
    if len(words) <= _LONGEST_TITLE:
        return words
    return words[:_LONGEST_TITLE].rpartition(" ")[0].rstrip(" ,;:") + " …"


def _ended(end: Happened) -> str:
    """Say what ended a clause, before the names of those that its words went on in."""
    if not end.others:
        return "removed"
    return "split into" if len(end.others) > 1 else "joined into"


def _colour(clause: ClauseId, change: Change) -> str:
    """Give the colour of a change's kind, from where this clause stands."""
    if all(side.id != clause for side in change.sides("new")):
        return "removed"
    return {"added": "added", "moved": "moved", "moved+edited": "moved"}.get(change.kind, "")


def _where(change: Change, before: Report, after: Report) -> str:
    """Say between which chapters a clause moved."""
    if change.kind not in ("moved", "moved+edited"):
        return ""
    old, new = change.sides("old")[0].path, change.sides("new")[0].path
    one, two = before.chapter(old), after.chapter(new)
    if old == new or one is None or two is None:
        return "Moved within its chapter."
    return f"Moved from “{chapter_title(one)}” to “{chapter_title(two)}”."


def _without_vote(change: Change, by: Bringer) -> str:
    """Say how a change came about that no amendment asked for."""
    if by.kind != "edit":
        return ""
    if change.kind in ("formatting", "origins"):
        return "Editorial change, recorded without a vote."
    sides = change.sides("old") or change.sides("new")
    chapter = by.before.chapter(sides[0].path)
    if chapter is None or is_drafting(chapter.path, chapter.text):
        return "Drafting edit: this chapter was not yet adopted."
    return "Recorded edit, outside a vote."


def root_page(edition: Edition, there: Sequence[Manifest]) -> str:
    """Write the front of the public folder: what this is, the latest version, all versions."""
    assert edition.version is not None
    links = _links(edition, "", edition.version)
    rows = [
        (manifest, f"{manifest.version}/", day(datetime.fromisoformat(manifest.date)))
        for manifest in reversed(there)
    ]
    changed = f"changes/since-v{there[-2].number}/" if len(there) > 1 else None
    return fill(
        "root.html",
        **_frame(edition, links, edition.settings.name),
        rows=rows,
        changed=links.page(changed) if changed else None,
        first=links.chapter(edition.report.chapters[0].path) if edition.report.chapters else ".",
    )


def missing_page(edition: Edition) -> str:
    """Write what a web host shows for an address that leads nowhere, however deep it lies."""
    assert edition.version is not None
    links = _links(edition, edition.settings.top, edition.version)
    return fill("missing.html", **_frame(edition, links, "There is no page here"))


def _links(edition: Edition, top: str, latest: Version) -> Links:
    return Links(f"{top}{latest.name}/", top, edition.settings.app_url)


def _frame(edition: Edition, links: Links, title: str, feed: str = "") -> dict[str, object]:
    """Give what the templates show around the page, as the versions' own pages do.

    `feed`: that of the page itself, where it has one.
    """
    doors = [
        {"label": "Read", "url": links.page(""), "section": "read"},
        {"label": "What changed", "url": links.page("changes/"), "section": "changes"},
        {"label": "Amendments", "url": links.page("amendments/"), "section": "amendments"},
        {"label": "Assemblies", "url": links.page("assemblies/"), "section": "assemblies"},
        {"label": "Take part", "url": links.take_part, "section": "take-part"},
    ]
    return {
        "settings": edition.settings,
        "edition": edition.edition_line,
        "links": links,
        "latest": edition.version,
        "feeds": [
            *([(feed, title)] if feed else []),
            (VERSIONS, "Versions"),
            (DECISIONS, "Decisions"),
        ],
        "doors": doors,
        "title": title,
    }
