"""The pages of the amendments: the index, and for each what it changed and how it was decided."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.clauses import Report
from drafter.core.diff import Change, diff_reports
from drafter.core.instructions import Instruction
from drafter.core.rules import State, Tally, decide
from drafter.publish import words
from drafter.publish.assembly_pages import reference
from drafter.publish.body import Body, page_links
from drafter.publish.changes import KINDS, Comparison
from drafter.publish.comment_figures import by_chapter, from_the_public, in_all, share
from drafter.publish.edition import Edition, chapter_title, section_title, short_name
from drafter.publish.links import Links
from drafter.publish.marks import marked
from drafter.publish.templating import fill
from drafter.publish.timeline import related, timeline
from drafter.publish.votes_page import CSV_PATH, seat_label

MOST_NUMBERS = 4
"""A sentence names no more clauses than these; it counts them where there are more."""
OUTCOMES: tuple[State, ...] = (
    "accepted",
    "rejected",
    "withdrawn",
    "lapsed",
    "open",
    "put",
    "stale",
)
_VERBS = {
    "substitute": ("rewords", "clause"),
    "insert": ("adds", "clause"),
    "repeal": ("removes", "clause"),
    "move": ("moves", "clause"),
}
STATES = {
    "open": "open",
    "put": "being voted on",
    "stale": "to be voted on again",
}


@dataclass(frozen=True, slots=True)
class Row:
    """An amendment in the list."""

    amendment: Amendment
    url: str
    state: str
    """Its outcome, or how it stands."""
    tally: Tally | None
    chapters: list[tuple[str, str]]
    """(path, title) of each chapter that it would change."""


def amendments_page(edition: Edition, since_first: Comparison | None) -> Body:
    """Write the index: the amendments, what the public changed, the comments in figures."""
    links = page_links("amendments/index.md", edition)
    homes = clause_homes(edition)
    rows = [
        _row(edition, amendment, homes, links)
        for _, amendment in sorted(edition.amendments.items(), reverse=True)
    ]
    html = fill(
        "amendments.html",
        rows=rows,
        summary=summary(edition),
        outcomes=[each for each in OUTCOMES if any(r.amendment.status == each for r in rows)],
        states=STATES,
        chapters=_chapters(edition, rows),
        links=links,
        csv=links.page(CSV_PATH),
        votes=links.page("amendments/votes/"),
        comments=in_all(edition),
        by_chapter=by_chapter(edition),
        chapter_links={each.path: links.chapter(each.path) for each in edition.report.chapters},
        public=[
            (each, effect(edition, each), edition.closed_in.get(each.number))
            for each in from_the_public(edition)
        ],
        share=share(since_first) if since_first else None,
    )
    return Body("amendments/index.md", "Amendments", "amendments", html, "wide.html")


def summary(edition: Edition) -> str:
    """Count the amendments by outcome, in a sentence."""
    counts = Counter(amendment.status for amendment in edition.amendments.values())
    if not counts:
        return "No amendment has been decided yet."
    parts = []
    for status in OUTCOMES:
        if counts[status]:
            was = "" if status == "lapsed" else "is " if status in STATES else "was "
            were = "" if status == "lapsed" else "are " if status in STATES else "were "
            verb = (was if counts[status] == 1 else were) + STATES.get(status, status)
            parts.append(f"{words.number(counts[status])} {verb}")
    total = words.counted(sum(counts.values()), "amendment")
    return f"{total}: {words.listed(parts)}."


def _row(edition: Edition, amendment: Amendment, homes: Mapping[str, str], links: Links) -> Row:
    count = amendment.decision.count if amendment.decision else None
    return Row(
        amendment,
        links.amendment(amendment.number),
        STATES.get(amendment.status, amendment.status),
        count.roll_call.tally if count else None,
        [(path, _title(edition, path)) for path in _paths(edition, amendment, homes)],
    )


def clause_homes(edition: Edition) -> dict[str, str]:
    """Give for each clause that any text at hand has, the path of the chapter it stood in last."""
    reports = [report for _, report in edition.earlier]
    for _, step in sorted(edition.steps.items()):
        reports += [step.before, step.after]
    return {
        str(place.clause.id): place.chapter.path
        for report in [*reports, edition.report]
        for place in report.places()
        if place.clause.id
    }


def _paths(edition: Edition, amendment: Amendment, homes: Mapping[str, str]) -> list[str]:
    """Give the chapters that an amendment, or the one that it would take up again, is about."""
    found: dict[str, None] = {}
    for each in amendment.instructions:
        if each.amendment in edition.amendments and each.amendment != amendment.number:
            found.update(dict.fromkeys(_paths(edition, edition.amendments[each.amendment], homes)))
        parent = each.parent if each.parent and each.parent.endswith(".md") else None
        inside = homes.get(each.parent or "")
        path = homes.get(str(each.clause)) or parent or inside or each.chapter
        if path:
            found[path] = None
    return list(found)


def _title(edition: Edition, path: str) -> str:
    for report in [edition.report, *(report for _, report in reversed(edition.earlier))]:
        chapter = report.chapter(path)
        if chapter is not None:
            return chapter_title(chapter)
    return path.rsplit("/", 1)[-1].removesuffix(".md")


def _chapters(edition: Edition, rows: Sequence[Row]) -> list[tuple[str, str]]:
    """List the chapters that any amendment touches, in reading order, those that are gone last."""
    there = dict(chapter for row in rows for chapter in row.chapters)
    order = [chapter.path for chapter in edition.report.chapters if chapter.path in there]
    return [(path, there[path]) for path in [*order, *sorted(set(there) - set(order))]]


# One amendment


@dataclass(frozen=True, slots=True)
class ChangeShown:
    """A change that an amendment makes: its place, its kind, before, after, and both in one."""

    heading: str
    url: str | None
    kind: str
    passage: Markup
    before: Markup
    after: Markup


def amendment_pages(edition: Edition) -> Iterator[Body]:
    """Write a page for each amendment."""
    numbers = sorted(edition.amendments)
    for at, number in enumerate(numbers):
        before = numbers[at - 1] if at else None
        after = numbers[at + 1] if at + 1 < len(numbers) else None
        yield amendment_page(edition, edition.amendments[number], before, after)


def amendment_page(
    edition: Edition, amendment: Amendment, before: int | None = None, after: int | None = None
) -> Body:
    """Write an amendment's page: effect, outcome, before and after, roll call, history.

    `before` and `after`: the numbers of the amendments whose pages are linked as its neighbours.
    """
    path = f"amendments/{amendment.number:04}.md"
    links = page_links(path, edition)
    count = amendment.decision.count if amendment.decision else None
    html = fill(
        "amendment.html",
        amendment=amendment,
        state=STATES.get(amendment.status, amendment.status),
        effect=effect(edition, amendment),
        outcome=decide(count.roll_call.tally, count.rules) if count else None,
        parts=tally_parts(count.roll_call.tally) if count else [],
        seat_label=seat_label,
        changes=list(_changes(edition, amendment, links)),
        places=[_target(edition, each, links) for each in amendment.instructions],
        bodies=list(_bodies(edition, amendment, links)),
        timeline=timeline(edition, amendment, links),
        related=related(edition, amendment),
        neighbours=[
            (label, other, edition.amendments[other].title)
            for label, other in (("Before it", before), ("After it", after))
            if other is not None
        ],
        votes=links.page("amendments/votes/"),
        links=links,
    )
    return Body(path, f"Amendment {amendment.number}: {amendment.title}", "amendments", html)


def tally_parts(tally: Tally) -> list[tuple[str, int, str]]:
    """Give a tally as the parts of a bar: class, figure, word; for and against always."""
    parts = [
        ("for", tally.in_favour, "for"),
        ("against", tally.against, "against"),
        ("abstaining", tally.abstaining, "abstaining"),
        ("absent", tally.absent, "absent"),
        ("recused", tally.recused, "recused"),
    ]
    return [part for part in parts if part[1] or part[0] in ("for", "against")]


def effect(edition: Edition, amendment: Amendment) -> str:
    """Say in one sentence what an amendment does.

    Only clauses that the present text still has are named by their number, and only a few.
    """
    first = amendment.instructions[0]
    if first.verb == "adopt":
        chapter = edition.report.chapter(first.chapter or "")
        name = chapter_title(chapter) if chapter else first.chapter
        return f"Adopts the chapter “{name}” and ends its drafting."
    if first.verb == "reconsider":
        return f"Asks to take up amendment {first.amendment} again."
    parts = []
    for verb, (does, noun) in _VERBS.items():
        found = [each for each in amendment.instructions if each.verb == verb]
        numbers = [edition.numbers.get(each.clause or "", "") for each in found]
        if found and all(numbers) and len(numbers) <= MOST_NUMBERS:
            parts.append(f"{does} {words.listed(numbers)}")
        elif found:
            parts.append(f"{does} {words.number(len(found))} {noun}{'s' * (len(found) > 1)}")
    return words.sentence(words.listed(parts))


def _target(edition: Edition, each: Instruction, links: Links) -> tuple[str, str | None]:
    place = edition.report.locate(each.clause) if each.clause else None
    does = _VERBS.get(each.verb, (f"{each.verb}s", ""))[0].capitalize()
    if place is not None:
        label, url = reference(edition, place, links)
        return f"{does} {label}", url
    if each.amendment:
        return f"{does} amendment {each.amendment}", links.amendment(each.amendment)
    if each.clause and each.verb == "insert":
        return "Adds a clause that this version does not have", None
    if each.clause:
        return f"{does} a clause that this version does not have", links.history(each.clause)
    return f"{does} {each.subject}", None


def _bodies(edition: Edition, amendment: Amendment, links: Links) -> Iterator[tuple[str, str]]:
    """Give the proposals that an amendment goes back to: "Leeds 2018, proposal 4" and its place."""
    for origin in amendment.assemblies:
        name, _, number = origin.partition("/")
        assembly = edition.assemblies.get(name)
        if assembly is None:
            continue
        found = [each for each in assembly.proposals if str(each.number) == number]
        anchor = f"#{found[0].clause}" if found and found[0].clause else ""
        label = short_name(assembly) + (f", proposal {number}" if found else "")
        yield label, links.assembly(name) + anchor


def _changes(edition: Edition, amendment: Amendment, links: Links) -> Iterator[ChangeShown]:
    step = edition.steps.get(amendment.number)
    if step is None:
        return
    touched = {each.clause for each in amendment.instructions}
    for change in diff_reports(step.before, step.after, style=edition.settings.numbering).changes:
        if touched & _ids(change):
            yield _change_shown(edition, change, step.after, step.before, links)


def _ids(change: Change) -> set[str | None]:
    return {side.id for side in (*change.sides("old"), *change.sides("new"))}


def _change_shown(
    edition: Edition, change: Change, after: Report, before: Report, links: Links
) -> ChangeShown:
    report = after if change.sides("new") else before
    place = report.locate(change.clause) if change.clause else None
    side = (change.sides("new") or change.sides("old"))[0]
    heading = section_title(place.chapter, place.index) if place else ""
    now = edition.report.locate(change.clause) if change.clause else None
    return ChangeShown(
        heading=" ".join(filter(None, (side.number, heading))),
        url=links.place(now) if now else None,
        kind=KINDS[change.kind],
        passage=Markup(marked(change)),
        before=Markup(marked(change, "old")) if change.sides("old") else Markup(),
        after=Markup(marked(change, "new")) if change.sides("new") else Markup(),
    )
