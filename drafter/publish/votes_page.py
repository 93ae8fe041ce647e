"""How each seat voted in every decision: one table, figures for each seat, a CSV file."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass

from drafter.core.amendments import Amendment
from drafter.core.decisions import Count
from drafter.publish.body import Body, page_links
from drafter.publish.edition import Edition
from drafter.publish.spreadsheets import safe
from drafter.publish.templating import fill

VOTES = ("for", "against", "abstaining", "absent", "recused")
LETTERS = {"for": "F", "against": "A", "abstaining": "–", "absent": "·", "recused": "R"}
CSV_PATH = "amendments/votes.csv"


@dataclass(frozen=True, slots=True)
class Voted:
    """One decision with the vote of each seat that was ever filled."""

    amendment: Amendment
    count: Count
    votes: list[tuple[str, str]]
    """(seat, vote); an empty vote where the seat was not filled."""


@dataclass(frozen=True, slots=True)
class Seat:
    """One seat over all decisions."""

    name: str
    figures: list[int]
    """In the order of `VOTES`."""

    @property
    def label(self) -> str:
        """Name it as pages do: "Seat 7"."""
        return seat_label(self.name)

    @property
    def number(self) -> str:
        """Its number alone."""
        return self.label.removeprefix("Seat ")


def seat_label(seat: str) -> str:
    """Name a seat as pages do.

    >>> seat_label("seat-07"), seat_label("seat-12")
    ('Seat 7', 'Seat 12')
    """
    return f"Seat {int(seat.removeprefix('seat-'))}"


def voted(edition: Edition) -> tuple[list[Voted], list[Seat]]:
    """Give all decisions that were voted on, the latest first, and the seats."""
    decided = [
        (amendment, amendment.decision.count)
        for _, amendment in sorted(edition.amendments.items(), reverse=True)
        if amendment.decision and amendment.decision.count
    ]
    seats = sorted({seat for _, count in decided for seat, _ in count.roll_call.votes}, key=_order)
    rows = [
        Voted(amendment, count, [(seat, calls.get(seat, "")) for seat in seats])
        for amendment, count in decided
        for calls in [dict(count.roll_call.votes)]
    ]
    counters = {
        seat: Counter(vote for row in rows for s, vote in row.votes if s == seat) for seat in seats
    }
    return rows, [Seat(seat, [counters[seat][vote] for vote in VOTES]) for seat in seats]


def _order(seat: str) -> tuple[int, str]:
    return len(seat), seat


def votes_page(edition: Edition) -> Body:
    """Write the page of all votes."""
    path = "amendments/votes.md"
    links = page_links(path, edition)
    rows, seats = voted(edition)
    html = fill(
        "votes.html",
        rows=rows,
        seats=seats,
        letters=LETTERS,
        kinds=VOTES,
        zipped=lambda kinds, figures: [(k, f, k) for k, f in zip(kinds, figures, strict=True)],
        links=links,
        data=links.page(CSV_PATH),
    )
    return Body(path, "How each seat voted", "amendments", html, "wide.html")


def votes_csv(edition: Edition) -> str:
    """Write all votes as a file of comma-separated values, a line for each decision.

    A cell that a table program would take for a formula has an apostrophe before it.
    """
    rows, seats = voted(edition)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(
        ["amendment", "title", "date", "outcome", *VOTES, *(seat.name for seat in seats)]
    )
    for row in rows:
        decision, tally = row.amendment.decision, row.count.roll_call.tally
        assert decision is not None
        figures = (tally.in_favour, tally.against, tally.abstaining, tally.absent, tally.recused)
        writer.writerow(
            safe(str(cell))
            for cell in (
                row.amendment.number, row.amendment.title, decision.date.isoformat(),
                decision.outcome, *figures, *(vote for _, vote in row.votes),
            )
        )  # fmt: skip
    return out.getvalue()
