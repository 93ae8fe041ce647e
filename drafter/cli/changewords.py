"""Changes and clauses said in words, for the terminal and for the page alike."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from typing import Final

from drafter.core.diff import Change, Diff, Side

TYPES: Final = {
    "heading": "heading",
    "paragraph": "paragraph",
    "item": "list item",
    "quote": "quotation",
    "code": "code block",
    "table": "table",
    "note": "footnote",
    "opaque": "block without id",
}
KINDS: Final = {
    "edited": "edited",
    "formatting": "formatting only",
    "moved": "moved",
    "moved+edited": "moved and edited",
    "added": "added",
    "removed": "removed",
    "split": "split",
    "joined": "joined",
    "origins": "origins changed",
}


def summary_of(diff: Diff) -> str:
    """Say how many changes there are, and of which kinds.

    >>> summary_of(Diff(()))
    'No clause changed.'
    """
    total = len(diff.changes)
    if not total:
        return "No clause changed."
    counts = ", ".join(f"{count} {KINDS[kind]}" for kind, count in diff.summary.items())
    return f"{total} {'change' if total == 1 else 'changes'}: {counts}."


def kind_of(change: Change) -> str:
    """Say what happened to which type of clause: "paragraph edited", "list item split into 2"."""
    said = KINDS[change.kind]
    if change.kind == "split":
        said = f"split into {len(change.sides('new'))}"
    elif change.kind == "joined":
        said = f"joined from {len(change.sides('old'))}"
    elif change.kind == "formatting" and type_changed(change):
        said = "form changed"
    return f"{TYPES[change.type]} {said}"


def number_of(change: Change) -> str:
    """Give the number that readers see: the new one, and the old one where it differs."""
    old, new = _numbers(change.sides("old")), _numbers(change.sides("new"))
    if old and new and old != new and change.kind != "edited":
        return f"{old} → {new}"
    return new or old


def path_of(change: Change) -> str:
    """Give the chapter's file: the new one, of a removed clause the old one."""
    return (change.sides("new") or change.sides("old"))[0].path


def details_of(change: Change) -> Iterator[str]:
    """Say what the words do not show: another place, another form, other origins."""
    if change.kind in ("split", "joined"):
        yield from _parts(change)
        return
    if not isinstance(change.old, Side) or not isinstance(change.new, Side):
        return
    old, new = change.old, change.new
    if change.kind.startswith("moved"):
        yield _move(old, new)
    if (old.type, old.level) != (new.type, new.level):
        yield f"Was a {_form(old)}, is a {_form(new)}."
    gone = [origin for origin in old.origins if origin not in new.origins]
    come = [origin for origin in new.origins if origin not in old.origins]
    if come:
        yield f"Origins added: {', '.join(come)}."
    if gone:
        yield f"Origins removed: {', '.join(gone)}."


def type_changed(change: Change) -> bool:
    """Tell whether the clause is of another type or level than it was."""
    old, new = change.old, change.new
    if not isinstance(old, Side) or not isinstance(new, Side):
        return False
    return (old.type, old.level) != (new.type, new.level)


def visible(text: str) -> str:
    """Replace signs that would command a terminal, or break a page, by signs that show them.

    >>> visible("a\\x1b[2Jb")
    'a␛[2Jb'
    """
    if text.isprintable():
        return text
    return "".join(_visible(sign) for sign in text)


def _visible(sign: str) -> str:
    if sign in "\n\t" or unicodedata.category(sign) not in ("Cc", "Cs"):
        return sign
    return chr(0x2400 + ord(sign)) if ord(sign) < 32 else "\ufffd"


def _numbers(sides: tuple[Side, ...]) -> str:
    return ", ".join(side.number for side in sides if side.number)


def _form(side: Side) -> str:
    return f"heading of level {side.level}" if side.type == "heading" else TYPES[side.type]


def _move(old: Side, new: Side) -> str:
    where = f"in {old.path} " if old.path != new.path else ""
    after = f"after {old.after}" if old.after else "at the beginning"
    inside = f" of {old.parent}" if old.parent else ""
    return f"Stood {where}{after}{inside}."


def _parts(change: Change) -> Iterator[str]:
    sides = change.sides("new" if change.kind == "split" else "old")
    names = ", ".join(side.id or "no id" for side in sides)
    yield f"{'Into' if change.kind == 'split' else 'From'}: {names}."
