"""Kinds of clause in words, for whoever is shown that one becomes another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drafter.core.diff import Change, Side

SPOKEN: Final[Mapping[str, str]] = {
    "paragraph": "a paragraph",
    "quote": "a quotation",
    "code": "text as typed",
    "table": "a table",
    "note": "a footnote",
    "opaque": "a block",
}


def spoken(side: Side) -> str:
    """Name the kind of a clause: "a heading of level 2", "a list entry"."""
    if side.type == "heading":
        return f"a heading of level {side.level}"
    if side.type == "item":
        return "an entry of a numbered list" if side.ordered else "a list entry"
    return SPOKEN[side.type]


def becomes(change: Change) -> str:
    """Say that a clause becomes another kind: "becomes a quotation, was a paragraph"; else ""."""
    old, new = change.old, change.new
    if not isinstance(old, Side) or not isinstance(new, Side) or spoken(old) == spoken(new):
        return ""
    return f"becomes {spoken(new)}, was {spoken(old)}"
