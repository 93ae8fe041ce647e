"""The published site, in the embedded default: files as they were built, and a page before that."""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, Response, redirect, render_template, request, send_from_directory
from flask.typing import ResponseReturnValue
from werkzeug.security import safe_join

from drafter.core.errors import NotFound
from drafter.core.saying import say
from drafter.publish.policy import policy_in
from drafter.web.current import instance
from drafter.web.policy import policy

blueprint = Blueprint("site", __name__)

_HEAD = 16 * 1024
"""Characters within which a page's policy stands."""

MISSING = say(
    "The address may be incomplete, or the page is not part of this version. "
    "Start from the front page."
)


@blueprint.get("/")
@policy(public=True)
def front() -> ResponseReturnValue:
    """Show the site's front page, or say that nothing is published yet."""
    if _file("index.html") is None:
        return render_template("public/front.html")
    return _send("index.html")


@blueprint.get("/<path:name>")
@policy(public=True)
def published(name: str) -> ResponseReturnValue:
    """Send a file of the site; a folder by its `index.html`. Raises NotFound."""
    if name.endswith("/"):
        return _send(f"{name}index.html")
    if _file(f"{name}/index.html") is not None:
        query = f"?{request.query_string.decode('latin-1')}" if request.query_string else ""
        return redirect(f"/{name}/{query}", 308)
    return _send(name)


def _file(name: str) -> Path | None:
    return file_below(instance().public, name)


def _send(name: str) -> Response:
    return send_below(instance().public, name)


def file_below(folder: Path, name: str) -> Path | None:
    """Give the file of this name inside a folder; nothing hidden, and nothing outside it."""
    if any(part.startswith(".") for part in name.split("/")) or "\0" in name:
        return None
    path = safe_join(str(folder), name)
    try:
        return Path(path) if path is not None and Path(path).is_file() else None
    except OSError:  # no file has so long a name
        return None


def send_below(folder: Path, name: str) -> Response:
    """Send the file of this name inside a folder. Raises NotFound."""
    path = file_below(folder, name)
    if path is None:
        raise NotFound(MISSING)
    response = send_from_directory(folder, name, max_age=0)
    response.headers["Cache-Control"] = "no-cache"
    if path.suffix == ".html":
        _say_what_the_page_says(response, path)
    return response


def _say_what_the_page_says(response: Response, path: Path) -> None:
    """Send a page's own policy as a header: two policies that differ would forbid what one allows.

    A page without one, of a version built long ago, gets the policy that the app's pages have.
    """
    with path.open(encoding="utf-8", errors="replace") as page:
        policy = policy_in(page.read(_HEAD))
    if policy is not None:
        response.headers["Content-Security-Policy"] = f"{policy}; frame-ancestors 'none'"
