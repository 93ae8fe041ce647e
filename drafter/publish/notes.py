"""The quiet note beside each clause: where it comes from, when it last changed, what to do."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from html import escape
from urllib.parse import quote

from drafter.core.amendments import Amendment
from drafter.core.assemblies import FOLDER as ASSEMBLIES_FOLDER
from drafter.core.clauses import Place
from drafter.publish import words
from drafter.publish.edition import Edition, short_name
from drafter.publish.ends import End
from drafter.publish.links import Links, chapter_url, links_from
from drafter.publish.markdown_extension import AS_IS

_CHANGED = {
    "edited": "Changed",
    "formatting": "Formatting changed",
    "moved": "Moved",
    "moved+edited": "Moved and changed",
    "added": "New",
    "split": "Split",
    "joined": "Joined",
    "origins": "Sources changed",
}


def clause_notes(edition: Edition) -> dict[str, str]:
    """Give for each clause id the HTML that stands beside it; a chapter's title has none.

    Links to pages name their files, as MkDocs resolves and checks them; others begin with `AS_IS`.
    """
    published = edition.version is not None
    found: dict[str, str] = {}
    for place in edition.report.places():
        if place.clause.id and place.clause.level != 1:
            url = chapter_url(place.chapter.path)
            links = links_from(url, edition.settings.app_url, published=published)
            found.setdefault(place.clause.id, "".join(_facts(edition, place, links)))
    return found


def proposal_notes(edition: Edition, ends: Mapping[str, Sequence[End]]) -> dict[str, str]:
    """Give for each proposal's clause id what became of it in the report."""
    return {
        str(end.proposal.clause): f"<p>{_became(edition, end)}</p>"
        for found in ends.values()
        for end in found
        if end.proposal.clause
    }


def _facts(edition: Edition, place: Place, links: Links) -> Iterator[str]:
    clause = place.clause
    assert clause.id is not None
    if clause.type == "heading":
        yield _paragraph(_do(edition, clause.id, links, "Comment"))
        return
    here = place.chapter.path
    yield _paragraph(_origins(edition, clause.origin, here))
    changed = _changed(edition, clause.id, links, here)
    if changed:
        yield _paragraph(changed)
    do = _do(edition, clause.id, links, "Comment or suggest wording")
    comments = edition.comments_by_clause.get(clause.id, [])
    if comments:
        address = AS_IS + links.clause_in_app(clause.id)
        do = f'<a href="{escape(address)}">{_comments(len(comments))}</a> · {do}'
    yield _paragraph(do)


def _paragraph(inside: str) -> str:
    return f"<p>{inside}</p>"


def _comments(count: int) -> str:
    return words.counted(count, "comment")


def _do(edition: Edition, clause: str, links: Links, label: str) -> str:
    number = edition.numbers.get(clause, "")
    about = f'<span class="sr"> on {escape(number)}</span>' if number else ""
    address = AS_IS + links.clause_in_app(clause)
    return f'<a class="do" href="{escape(address)}">{label}{about}</a>'


def _origins(edition: Edition, origins: tuple[str, ...], here: str) -> str:
    found: dict[str, str] = {}
    for assembly, proposal in edition.origins(origins):
        anchor = f"#{proposal.clause}" if proposal.clause else ""
        address = _file(f"assemblies/{assembly.id}.md", here)
        link = f'<a href="{address}{anchor}">{escape(short_name(assembly))}</a>'
        found.setdefault(assembly.id, link)
    return f"From {words.listed(list(found.values()))}" if found else "No source recorded"


def _changed(edition: Edition, clause: str, links: Links, here: str) -> str:
    """Say in which version the clause last changed, and by which amendment."""
    history = edition.history.get(clause)
    if history is None or not history.wordings or edition.version is None:
        return _by(edition.accepted_on(clause)[-1:], "Changed", here)
    last = history.wordings[-1]
    number = last.version.removeprefix("v")
    since = int(number) if number.isdecimal() else 0
    if last.change is None:
        text = "" if since == edition.version.number else f"Unchanged since version {number}"
    else:
        by = [
            amendment
            for amendment in edition.accepted_on(clause)
            if edition.closed_in.get(amendment.number) == since
        ]
        what = f"{_CHANGED[last.change.kind]} in version {number}"
        text = _by(by, what, here) if by else what
    address = links.history(clause)
    if not text or address is None:
        return text
    return f'{text} · <a href="{AS_IS}{address}">History</a>'


def _by(amendments: Sequence[Amendment], what: str, here: str) -> str:
    if not amendments:
        return ""
    word, before = ("amendment ", "") if len(amendments) == 1 else ("", "amendments ")
    links = [
        f'<a href="{_file(f"amendments/{each.number:04}.md", here)}">{word}{each.number}</a>'
        for each in amendments
    ]
    return f"{what} by {before}{words.listed(links)}"


def _file(path: str, here: str) -> str:
    """Link to a page by its file, from the file of another."""
    folder = posixpath.dirname(here.removeprefix("drafts/"))
    return escape(quote(posixpath.relpath(path, folder or ".")))


def _became(edition: Edition, end: End) -> str:
    if end.places:
        return "In the report: " + words.listed([_place(edition, place) for place in end.places])
    if not end.left:
        text = "Not taken up in the report"
        if end.reason:
            return f"{text}: “{escape(end.reason)}”"
        asked = _amendments(end.rejected)
        return f"{text}; {asked} asked for it and was rejected" if asked else text
    by = _amendments(amendment for left in end.left for amendment in left.by)
    text = f"It stood in version {end.left[0].version.number}, and does no longer"
    return f"{text}, since {by}" if by else text


def _amendments(found: Iterable[Amendment]) -> str:
    """Name amendments, each once, on the page of an assembly."""
    links = [
        f'<a href="{_file(f"amendments/{number:04}.md", ASSEMBLIES_FOLDER)}">amendment {number}</a>'
        for number in dict.fromkeys(amendment.number for amendment in found)
    ]
    return words.listed(links)


def _place(edition: Edition, place: Place) -> str:
    address = _file(place.chapter.path.removeprefix("drafts/"), ASSEMBLIES_FOLDER)
    label = edition.numbers.get(place.clause.id or "", "") or "this clause"
    anchor = f"#{place.clause.id}" if place.clause.id else ""
    return f'<a href="{address}{anchor}">{escape(label)}</a>'
