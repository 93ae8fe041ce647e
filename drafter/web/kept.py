"""Pages for visitors, kept as they were rendered for as long as nothing has changed.

A kept page holds nothing of one visitor: what differs from one request to the next (the token of
a form) is put in where its place is marked. It is valid for one state of the draft, the database
and the published pages, and for a few seconds only, because pages speak of times.
"""

from __future__ import annotations

import functools
import secrets
import time
from collections.abc import Callable
from typing import Any

from flask import current_app, g, request, session
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]

from drafter.services.authority import PUBLIC
from drafter.store.cache import BoundedCache
from drafter.web.actors import current_actor
from drafter.web.current import instance

LARGEST = 32_000_000
"""Characters of all pages that are kept."""
LASTS = 5
"""Seconds after which a page is rendered again, though nothing has changed."""
TOKEN = "csrf_token"
_KEPT = "drafter.kept"

View = Callable[..., str]
Pages = BoundedCache[tuple[object, ...], str]


def kept(view: View) -> View:
    """Keep what a view gives to visitors. It must depend on its address and the record alone."""

    @functools.wraps(view)
    def look(**given: Any) -> str:
        if not _is_common():
            return view(**given)
        mark, pages = _memory()
        page = pages.get((request.path, *_state()), lambda: _render(view, given, mark))
        return page.replace(mark, generate_csrf()) if mark in page else page

    return look


def _is_common() -> bool:
    """Tell whether anybody else would be given the same page."""
    return (
        request.method == "GET"
        and not request.query_string
        and current_actor() == PUBLIC
        and "_flashes" not in session
    )


def _memory() -> tuple[str, Pages]:
    if _KEPT not in current_app.extensions:
        mark = secrets.token_hex(20)
        current_app.extensions[_KEPT] = (mark, Pages(LARGEST, weigh=len))
    found: tuple[str, Pages] = current_app.extensions[_KEPT]
    return found


def _state() -> tuple[object, ...]:
    here = instance()
    return (
        here.tip,
        here.database.changes(),
        here.repository.tags(),
        *(_written(name) for name in ("index.html", "versions.json")),
        int(time.monotonic() / LASTS),
    )


def _written(name: str) -> int:
    try:
        return (instance().public / name).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _render(view: View, given: dict[str, Any], mark: str) -> str:
    """Render a page with its place for a token marked."""
    setattr(g, TOKEN, mark)
    try:
        return view(**given)
    finally:
        g.pop(TOKEN)
