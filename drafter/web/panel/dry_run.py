"""A version before it is published: the panel and the clerk look at it, and nobody else does."""

from __future__ import annotations

import re
from dataclasses import dataclass

from flask import Blueprint, Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from markupsafe import escape

from drafter.core.errors import NotFound
from drafter.core.saying import say
from drafter.services.previewing import (
    Preview,
    find_preview,
    is_of_now,
    made_at,
    preview_folder,
)
from drafter.store import names
from drafter.web.actors import current_actor
from drafter.web.current import instance, zone
from drafter.web.phrases import day
from drafter.web.policy import policy
from drafter.web.public.site import file_below, send_below
from drafter.web.tongue import tell

GONE = say("There is nothing to look at here: no version is being prepared, or it is published.")
_BODY = re.compile(rb"<body\b[^>]*>")


@dataclass(frozen=True, slots=True)
class DryRun:
    """A dry run as a page shows it."""

    title: str
    sentence: str
    url: str
    hindrances: tuple[str, ...]
    faults: tuple[str, ...]
    remarks: tuple[str, ...]


def add_to(blueprint: Blueprint) -> None:
    """Add the routes of dry runs."""
    blueprint.add_url_rule("/preview/", view_func=preview)
    blueprint.add_url_rule("/preview/<path:name>", view_func=preview_page)


@policy("preview")
def preview() -> str:
    """Say what can be looked at before it is published, and what the checks found."""
    return render_template("panel/dry_run.html", page=dry_run())


@policy("preview")
def preview_page(name: str) -> ResponseReturnValue:
    """Send a page of the version that is prepared, under a line that says so. Raises NotFound."""
    found = find_preview(instance(), current_actor())
    if found is None:
        raise NotFound(GONE)
    folder = preview_folder(instance())
    if name.endswith("/"):
        name = f"{name}index.html"
    elif file_below(folder, f"{name}/index.html") is not None:
        return redirect(url_for("panel.preview_page", name=f"{name}/"), 308)
    response = send_below(folder, name)
    if name.endswith(".html") and names.version_number(name.split("/")[0]) in (None, found.number):
        return _labelled(response, found)
    return response


def _labelled(response: Response, found: Preview) -> Response:
    """Put the line into a page; the file stays as it would be published."""
    if request.method == "HEAD" or response.status_code != 200:
        return response
    response.direct_passthrough = False
    said = tell("Not published: a look at what would be version {number}.", number=found.number)
    more = tell("What the checks found")
    line = (
        f'<p class="not-published" role="note"><strong>{escape(said)}</strong> '
        f'<a href="{url_for("panel.preview")}">{escape(more)}</a></p>'
    ).encode()
    content = response.get_data()
    body = _BODY.search(content)
    at = body.end() if body else 0
    response.set_data(content[:at] + line + content[at:])
    response.headers.pop("ETag", None)
    return response


def dry_run() -> DryRun | None:
    """Give what is prepared; None where nothing is."""
    found = find_preview(instance(), current_actor())
    if found is None:
        return None
    when = day(made_at(found), zone())
    if is_of_now(instance(), found):
        sentence = tell("Made on {day} from the draft as it is now.", day=when)
    else:
        sentence = tell("Made on {day}. The draft has changed since.", day=when)
    return DryRun(
        title=tell("What would be version {number}", number=found.number),
        sentence=sentence,
        url=url_for("panel.preview_page", name=f"{found.version}/"),
        hindrances=found.hindrances,
        faults=found.faults,
        remarks=found.remarks,
    )
