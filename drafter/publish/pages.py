"""The generated pages of one version: front, assemblies, amendments."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.assemblies import Assembly, Proposal
from drafter.core.clauses import Place, Report
from drafter.core.diff import Change, diff_reports
from drafter.core.instructions import Instruction
from drafter.core.rules import decide
from drafter.publish import words
from drafter.publish.body import Body, page_url
from drafter.publish.changes import KINDS, Comparison, changes_path, summary
from drafter.publish.edition import Edition, chapter_title, section_title, short_name
from drafter.publish.links import Links, links_from
from drafter.publish.marks import marked
from drafter.publish.templating import fill

MODELS = {
    "civil-society": "civil-society convention",
    "community": "community meeting",
    "random-selection": "citizens drawn by lot",
    "elected": "elected forum",
}
_VERBS = {
    "substitute": ("rewords", "clause"),
    "insert": ("adds", "clause"),
    "repeal": ("removes", "clause"),
    "move": ("moves", "clause"),
}
_STATES = {
    "open": "open",
    "put": "being voted on",
    "stale": "to be voted on again",
}


def front_page(edition: Edition, last: Comparison | None, notes: str = "") -> Body:
    """Write what the front page says between its first sentence and its doors.

    `notes`: how the release notes begin, as HTML.
    """
    links = _links(edition, "index.md")
    html = fill(
        "front.html",
        edition=edition,
        last=last,
        notes=notes,
        last_url=links.page(page_url(changes_path(last.since))) if last else None,
        summary=summary(last) if last else "",
        links=links,
    )
    return Body("index.md", edition.settings.name, "read", html, "home.html")


def assemblies_page(edition: Edition) -> Body:
    """Write the list of assemblies."""
    links = _links(edition, "assemblies/index.md")
    ordered = sorted(edition.assemblies.values(), key=lambda each: (each.start, each.id))
    rows = [(each, links.assembly(each.id), _taken_up(edition, each)) for each in ordered]
    html = fill("assemblies.html", rows=rows, models=MODELS)
    return Body("assemblies/index.md", "Assemblies", "assemblies", html)


def _taken_up(edition: Edition, assembly: Assembly) -> int:
    origins = (f"{assembly.id}/{proposal.number}" for proposal in assembly.proposals)
    return sum(1 for origin in origins if edition.taken_up.get(origin))


@dataclass(frozen=True, slots=True)
class ProposalShown:
    """A proposal and where it ended up: (label, address) of each clause."""

    proposal: Proposal
    places: list[tuple[str, str]]


def assembly_facts(edition: Edition, assembly: Assembly) -> tuple[str, str]:
    """Give what stands on an assembly's page under its title, and after its own text.

    Proposals that are clauses say themselves, in their notes, what became of them.
    """
    links = _links(edition, f"assemblies/{assembly.id}.md")
    shown = [
        ProposalShown(proposal, [_reference(edition, place, links) for place in places])
        for proposal in assembly.proposals
        if proposal.clause is None
        for places in [edition.taken_up.get(f"{assembly.id}/{proposal.number}", [])]
    ]
    head = fill("assembly_head.html", assembly=assembly, models=MODELS)
    foot = fill("assembly_foot.html", proposals=shown) if shown else ""
    return head, foot


def _reference(edition: Edition, place: Place, links: Links) -> tuple[str, str]:
    number = edition.numbers.get(place.clause.id or "", "")
    title = section_title(place.chapter, place.index)
    return " ".join(filter(None, (number, title))), links.place(place)


# Amendments


def amendments_page(edition: Edition) -> Body:
    """Write the list of amendments, the latest first, and the comments in figures."""
    links = _links(edition, "amendments/index.md")
    rows = [
        (amendment, links.amendment(number))
        for number, amendment in sorted(edition.amendments.items(), reverse=True)
    ]
    answered = sum(comment.answered for comment in edition.comments)
    html = fill(
        "amendments.html", rows=rows, links=links, answered=answered, comments=edition.comments
    )
    return Body("amendments/index.md", "Amendments", "amendments", html)


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
    for _, amendment in sorted(edition.amendments.items()):
        yield amendment_page(edition, amendment)


def amendment_page(edition: Edition, amendment: Amendment) -> Body:
    """Write an amendment's page: outcome, roll call, reason, before and after."""
    path = f"amendments/{amendment.number:04}.md"
    links = _links(edition, path)
    count = amendment.decision.count if amendment.decision else None
    html = fill(
        "amendment.html",
        amendment=amendment,
        state=_STATES.get(amendment.status, amendment.status),
        effect=effect(edition, amendment),
        outcome=decide(count.roll_call.tally, count.rules) if count else None,
        changes=list(_changes(edition, amendment, links)),
        places=[_target(edition, each, links) for each in amendment.instructions],
        bodies=list(_bodies(edition, amendment, links)),
        links=links,
    )
    return Body(path, f"Amendment {amendment.number}: {amendment.title}", "amendments", html)


def effect(edition: Edition, amendment: Amendment) -> str:
    """Say in one sentence what an amendment does.

    Only clauses that the present text still has are named by their number.
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
        if found and all(numbers):
            parts.append(f"{does} {words.listed(numbers)}")
        elif found:
            parts.append(f"{does} {words.number(len(found))} {noun}{'s' * (len(found) > 1)}")
    return words.sentence(words.listed(parts))


def _target(edition: Edition, each: Instruction, links: Links) -> tuple[str, str | None]:
    place = edition.report.locate(each.clause) if each.clause else None
    does = _VERBS.get(each.verb, (f"{each.verb}s", ""))[0].capitalize()
    if place is not None:
        label, url = _reference(edition, place, links)
        return f"{does} {label}", url
    if each.amendment:
        return f"{does} amendment {each.amendment}", links.amendment(each.amendment)
    if each.clause:
        return f"{does} a clause that this version does not have", links.history(each.clause)
    return f"{does} {each.subject}", None


def _bodies(edition: Edition, amendment: Amendment, links: Links) -> Iterator[tuple[str, str]]:
    for name in dict.fromkeys(origin.split("/")[0] for origin in amendment.assemblies):
        assembly = edition.assemblies.get(name)
        if assembly is not None:
            yield short_name(assembly), links.assembly(name)


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


def _links(edition: Edition, path: str) -> Links:
    published = edition.version is not None
    return links_from(page_url(path), edition.settings.app_url, published=published)
