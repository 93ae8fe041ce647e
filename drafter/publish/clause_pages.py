"""Pages outside the versions: the history of each clause, and the front of the public folder."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from drafter.core.amendments import Amendment
from drafter.core.provenance import ClauseHistory, Wording
from drafter.core.wording import tokens_of
from drafter.publish.changes import KINDS
from drafter.publish.edition import Edition, chapter_title, day, section_title
from drafter.publish.links import Links, chapter_url
from drafter.publish.manifest import Manifest
from drafter.publish.marks import marked, marked_words
from drafter.publish.templating import fill
from drafter.store.history import Version


@dataclass(frozen=True, slots=True)
class WordingShown:
    """One wording of a clause: the version it came with, what changed, and who decided it."""

    version: Version
    url: str | None
    """Where it stands in that version; None where the version's pages are not here."""
    number: str
    kind: str
    passage: Markup
    """The change as marks; the whole wording where the clause was in the first version of all."""
    amendments: list[Amendment]


def clause_pages(
    edition: Edition, line: Sequence[Version], known: Collection[str]
) -> Iterator[tuple[str, str]]:
    """Write a page for every clause id that any version had: path and content.

    `line`: all versions; `known`: the names of those whose pages are in the public folder.
    """
    assert edition.version is not None
    by_name = {version.name: version for version in line}
    latest = edition.version
    for clause, history in edition.history.items():
        links = _links(edition, "../../", latest)
        shown = [_wording(edition, history, each, by_name, known) for each in history.wordings]
        place = edition.report.locate(clause)
        heading = section_title(place.chapter, place.index) if place else ""
        html = fill(
            "clause.html",
            **_frame(edition, links, f"History of clause {clause}"),
            clause=clause,
            number=edition.numbers.get(clause, ""),
            heading=heading,
            place_url=links.place(place) if place else None,
            chapter=chapter_title(place.chapter) if place else "",
            wordings=list(reversed(shown)),
            gone=by_name.get(history.gone or ""),
            latest=latest,
            became=history.became,
            came_from=history.came_from,
            there=edition.history,
        )
        yield f"c/{clause}/index.html", html


def _wording(
    edition: Edition,
    history: ClauseHistory,
    wording: Wording,
    by_name: dict[str, Version],
    known: Collection[str],
) -> WordingShown:
    version = by_name[wording.version]
    place = edition.report_of(version.name).locate(history.id)
    path = place.chapter.path if place else history.path
    url = f"../../{version.name}/{chapter_url(path)}#{history.id}"
    accepted = edition.accepted_on(history.id)
    return WordingShown(
        version=version,
        url=url if version.name in known else None,
        number=wording.number,
        kind=KINDS[wording.change.kind] if wording.change else "in the first version",
        passage=Markup(marked(wording.change) if wording.change else _first(edition, history.id)),
        amendments=[
            each
            for each in accepted
            if wording.change is not None and edition.closed_in.get(each.number) == version.number
        ],
    )


def _first(edition: Edition, clause: str) -> str:
    """Draw a clause as it stood in the first version of all."""
    first = edition.earlier[0][0].name if edition.earlier else ""
    place = edition.report_of(first).locate(clause)
    if place is None:
        return ""
    tokens = tokens_of(place.clause.type, place.clause.parts)
    return marked_words(tokens, tokens, place.clause.type)


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


def _frame(edition: Edition, links: Links, title: str) -> dict[str, object]:
    """Give what the templates show around the page, as the versions' own pages do."""
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
        "doors": doors,
        "title": title,
    }
