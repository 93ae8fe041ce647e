"""The front page of a version, and the page that says how to check it."""

from __future__ import annotations

from drafter.publish.amendment_pages import summary as amendments_summary
from drafter.publish.assembly_pages import Ends
from drafter.publish.body import Body, page_links, page_url
from drafter.publish.changes import Comparison, changes_path, summary
from drafter.publish.comment_figures import in_all, share
from drafter.publish.edition import Edition
from drafter.publish.templating import fill
from drafter.publish.votes_page import CSV_PATH


def front_page(
    edition: Edition,
    last: Comparison | None,
    since_first: Comparison | None,
    ends: Ends,
    notes: str = "",
) -> Body:
    """Write what the front page says between its first sentence and its doors.

    `notes`: how the release notes begin, as HTML.
    """
    links = page_links("index.md", edition)
    proposals = [end for found in ends.values() for end in found]
    html = fill(
        "front.html",
        edition=edition,
        last=last,
        notes=notes,
        last_url=links.page(page_url(changes_path(last.since))) if last else None,
        summary=summary(last) if last else "",
        comments=in_all(edition),
        share=share(since_first) if since_first else None,
        decided=len(edition.amendments),
        accepted=sum(each.status == "accepted" for each in edition.amendments.values()),
        proposals=len(proposals),
        taken_up=sum(end.fate == "taken-up" for end in proposals),
        assemblies=len(edition.assemblies),
        links=links,
    )
    return Body("index.md", edition.settings.name, "read", html, "home.html")


def check_page(edition: Edition) -> Body:
    """Write the page that says how a sceptic checks this version."""
    links = page_links("check.md", edition)
    html = fill(
        "check.html",
        edition=edition,
        amendments=amendments_summary(edition),
        comments=in_all(edition),
        links=links,
        votes=links.page("amendments/votes/"),
        csv=links.page(CSV_PATH),
    )
    return Body("check.md", "Check it yourself", "read", html)
