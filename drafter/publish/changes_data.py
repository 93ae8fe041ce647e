"""A list of changes as data: JSON (docs/changes.schema.json) and CSV (RFC 4180), one row a change.

Both hold what the page holds, in its order, each change under the name that the page gives it.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Literal

from drafter.core.amendments import Amendment
from drafter.publish.changes import Comparison, changes_path, summary
from drafter.publish.changes_entries import Entry, entries
from drafter.publish.edition import plain_words
from drafter.publish.spreadsheets import safe
from drafter.store.history import Version

FORMAT = 1

COLUMNS = (
    "id",
    "kind",
    "clause_before",
    "clause_after",
    "number_before",
    "number_after",
    "chapter",
    "before",
    "after",
    "how",
    "amendments",
    "for",
    "against",
    "abstaining",
    "date",
    "assemblies",
    "origins",
    "comments",
    "page",
)
"""Where a cell holds several values they are joined by "; "; votes in the order of amendments."""

_MARK = "\ufeff"
"""Tells a spreadsheet that the file is UTF-8."""


def data_files(comparison: Comparison) -> Iterator[tuple[str, str]]:
    """Give the two files of a comparison of versions: path in the version's site, and content."""
    stem = changes_path(comparison.since).removesuffix(".md")
    listed = entries(comparison)
    yield f"{stem}.json", changes_json(comparison, listed)
    yield f"{stem}.csv", changes_csv(comparison, listed)


def changes_json(comparison: Comparison, listed: Sequence[Entry]) -> str:
    """Write the list as JSON; amendments stand once, and changes name them by number."""
    edition, version = comparison.edition, comparison.edition.version
    assert version is not None
    amendments = {each.number: each for entry in listed for each in entry.amendments}
    told = {
        "format": FORMAT,
        "report": edition.settings.name,
        "since": _version(comparison.since),
        "version": _version(version),
        "sentence": summary(comparison),
        "summary": comparison.diff.summary,
        "changes": [_change(comparison, entry) for entry in listed],
        "amendments": [_amendment(version, amendments[number]) for number in sorted(amendments)],
    }
    return json.dumps(told, ensure_ascii=True) + "\n"


def _version(version: Version) -> dict[str, Any]:
    return {
        "version": version.name,
        "number": version.number,
        "title": version.title,
        "date": version.time.date().isoformat(),
        "imported": version.imported,
        "milestone": version.milestone,
    }


def _change(comparison: Comparison, entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        **entry.change.to_dict(),
        "chapter": {"path": entry.chapter, "title": comparison.chapter(entry.chapter)},
        "how": entry.how,
        "amendments": [each.number for each in entry.amendments],
        "date": entry.date or None,
        "comments": list(entry.comments),
        "assemblies": list(entry.assemblies),
        "origins": list(entry.lead.origins),
        "page": _page(comparison, entry),
    }


def _amendment(version: Version, amendment: Amendment) -> dict[str, Any]:
    decision = amendment.decision
    count = decision.count if decision else None
    tally = count.roll_call.tally if count else None
    return {
        "number": amendment.number,
        "title": amendment.title,
        "date": decision.date.isoformat() if decision else None,
        "votes": None
        if tally is None
        else {
            "for": tally.in_favour,
            "against": tally.against,
            "abstaining": tally.abstaining,
            "absent": tally.absent,
            "recused": tally.recused,
        },
        "reason": decision.reason if decision else "",
        "dissents": len(decision.dissents) if decision else 0,
        "comments": list(amendment.comments),
        "assemblies": list(amendment.assemblies),
        "page": f"{version.name}/amendments/{amendment.number:04}/",
    }


def _page(comparison: Comparison, entry: Entry) -> str:
    """Give where a change stands, from the top of the public site."""
    version = comparison.edition.version
    assert version is not None
    return f"{version.name}/changes/since-{comparison.since.name}/#{entry.id}"


# CSV


def changes_csv(comparison: Comparison, listed: Sequence[Entry]) -> str:
    """Write the list as CSV: a row of names, then a row for each change."""
    written = io.StringIO()
    writer = csv.writer(written)  # RFC 4180: commas, CRLF, quotes doubled
    writer.writerow(COLUMNS)
    for entry in listed:
        writer.writerow([safe(cell) for cell in _row(comparison, entry)])
    return _MARK + written.getvalue()


def _row(comparison: Comparison, entry: Entry) -> Iterator[str]:
    change = entry.change
    old, new = change.sides("old"), change.sides("new")
    yield from (entry.id, change.kind)
    yield from (_joined(side.id or "" for side in sides) for sides in (old, new))
    yield from (_joined(side.number for side in sides) for sides in (old, new))
    yield comparison.chapter(entry.chapter)
    yield from (
        "\n".join(plain_words(side.type, side.parts) for side in sides) for sides in (old, new)
    )
    yield entry.how
    yield _joined(str(each.number) for each in entry.amendments)
    yield _votes(entry, "in_favour")
    yield _votes(entry, "against")
    yield _votes(entry, "abstaining")
    yield entry.date
    yield _joined(entry.assemblies)
    yield _joined(entry.lead.origins)
    yield _joined(str(number) for number in entry.comments)
    yield _page(comparison, entry)


def _votes(entry: Entry, which: Literal["in_favour", "against", "abstaining"]) -> str:
    counts = [each.decision.count if each.decision else None for each in entry.amendments]
    tallies = [each.roll_call.tally if each else None for each in counts]
    return _joined("" if each is None else str(getattr(each, which)) for each in tallies)


def _joined(values: Iterable[str]) -> str:
    return "; ".join(values)
