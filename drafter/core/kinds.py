"""Kinds of clause in words, for whoever is shown that one becomes another."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from drafter.core.diff import Change, Side
from drafter.core.rules import Rules
from drafter.core.saying import say

SPOKEN: Final[Mapping[str, str]] = {
    "paragraph": say("a paragraph"),
    "quote": say("a quotation"),
    "code": say("text as typed"),
    "table": say("a table"),
    "note": say("a footnote"),
    "opaque": say("a block"),
}


def spoken(side: Side) -> str:
    """Name the kind of a clause: "a heading of level 2", "a list entry"."""
    if side.type == "heading":
        return say("a heading of level {level}", level=side.level)
    if side.type == "item":
        return say("an entry of a numbered list") if side.ordered else say("a list entry")
    return SPOKEN[side.type]


def is_editorial(change: Change, rules: Rules) -> bool:
    """Tell whether a change needs no vote under the rules. That a clause becomes another kind, or a
    heading of another level, is no matter of marks: a ballot binds it (`wording_hash`).
    """
    return change.kind in rules.editorial and not becomes(change)


def becomes(change: Change) -> str:
    """Say that a clause becomes another kind: "becomes a quotation, was a paragraph"; else ""."""
    old, new = change.old, change.new
    if not isinstance(old, Side) or not isinstance(new, Side) or spoken(old) == spoken(new):
        return ""
    return say("becomes {new}, was {old}", new=spoken(new), old=spoken(old))
