"""Pages for visitors, kept as they were rendered for as long as nothing has changed.

A kept page holds nothing of one visitor: what differs from one request to the next (the token and
the key of a form) is put in where its place is marked. It is valid for one state of the draft, the
database and the published pages, and for a few seconds only, because pages depend on the time.
"""

from __future__ import annotations

import functools
import secrets
import threading
from collections.abc import Callable
from typing import Any

from flask import current_app, g, request, session
from flask_wtf.csrf import generate_csrf  # type: ignore[import-untyped]

from drafter.services.authority import PUBLIC
from drafter.store.cache import BoundedCache
from drafter.web import forms
from drafter.web.actors import current_actor
from drafter.web.current import instance
from drafter.web.tongue import language

LARGEST = 16_000_000
"""Characters of all pages that are kept."""
LASTS = 5
"""Seconds after which a page is rendered again, though nothing has changed."""
TOKEN = "csrf_token"
_KEPT = "drafter.kept"

View = Callable[..., str]
Parts = tuple[str, ...]
"""A page cut where its marks stood: text, name of a mark, text, …"""


class Pages:
    """The pages that one process keeps, and the marks that stand in them."""

    def __init__(self) -> None:
        self.marks = {name: f"{secrets.token_hex(16)}-{name}" for name in FILLED}
        self.parts: BoundedCache[tuple[object, ...], Parts] = BoundedCache(
            LARGEST, weigh=lambda parts: sum(map(len, parts))
        )
        self.rendering = threading.Lock()
        """One thread renders what is lacking; the others wait for it and find it there."""


FILLED: dict[str, Callable[[], str]] = {TOKEN: generate_csrf, forms.KEY: forms.new_key}
"""What stands in a page for one visitor, by the name of its field, and how it is made."""


def kept(view: View) -> View:
    """Keep what a view gives to visitors. It must depend on its address and the record alone."""

    @functools.wraps(view)
    def look(**given: Any) -> str:
        if not _is_common():
            return view(**given)
        pages = _pages()
        key = (request.path, language().code, *_state())
        parts = pages.parts.find(key)
        if parts is None:
            with pages.rendering:
                parts = pages.parts.get(key, lambda: _render(view, given, pages.marks))
        return "".join(FILLED[part]() if index % 2 else part for index, part in enumerate(parts))

    return look


def _is_common() -> bool:
    """Tell whether anybody else would be given the same page."""
    return (
        request.method == "GET"
        and not request.query_string
        and current_actor() == PUBLIC
        and "_flashes" not in session
    )


def _pages() -> Pages:
    found: Pages = current_app.extensions.setdefault(_KEPT, Pages())
    return found


def _state() -> tuple[object, ...]:
    here = instance()
    return (
        here.tip,
        here.database.state(),
        here.repository.tags(),
        *(_written(name) for name in ("index.html", "versions.json")),
        int(here.clock().timestamp() / LASTS),
    )


def _written(name: str) -> int:
    try:
        return (instance().public / name).stat().st_mtime_ns
    except FileNotFoundError:
        return 0


def _render(view: View, given: dict[str, Any], marks: dict[str, str]) -> Parts:
    """Render a page with marks in the places of what is each visitor's own, and cut it there."""
    setattr(g, TOKEN, marks[TOKEN])
    setattr(g, forms.KEY, marks[forms.KEY])
    try:
        page = view(**given)
    finally:
        g.pop(TOKEN)
        g.pop(forms.KEY)
    parts = [page]
    for name, mark in marks.items():
        parts = [
            piece
            for index, part in enumerate(parts)
            for piece in ([part] if index % 2 else _cut(part, name, mark))
        ]
    return tuple(parts)


def _cut(text: str, name: str, mark: str) -> list[str]:
    first, *others = text.split(mark)
    return [first, *(piece for other in others for piece in (name, other))]
