"""The lines of one clause: made from its words, or moved to another column."""

from __future__ import annotations

from dataclasses import replace

from drafter.core.blocks import dedent, split_lines
from drafter.core.clauses import Clause
from drafter.core.markdown import block_tokens

_ENDS_WITH_ITS_LINES = ("table", "quote", "code", "paragraph")


def made_parts(clause: Clause, indent: int, newline: str) -> list[str]:
    """Write each part of a clause, without marker, at column `indent`."""
    return [_made(clause, number, indent, newline) for number in range(len(clause.parts))]


def _made(clause: Clause, number: int, indent: int, newline: str) -> str:
    lines = clause.parts[number].split("\n")
    if clause.type not in ("item", "note"):
        return newline.join(lines)
    width = clause.content - clause.indent
    inside = " " * (indent + width)
    first = inside
    if number == 0:
        mark_width = width if clause.type == "item" else 0
        first = " " * indent + clause.mark.ljust(max(mark_width, len(clause.mark) + 1))
    rest = [f"{inside}{line}" if line.strip() else "" for line in lines[1:]]
    return newline.join([first + lines[0], *rest])


def unnamed(clause: Clause) -> Clause:
    """Give the clause as made lines stand: no marker yet, the line known that one belongs to."""
    return replace(clause, id=None, origin=(), was=(), head=_head(clause))


def _head(clause: Clause) -> int:
    lines = clause.parts[0].split("\n")
    if clause.type in _ENDS_WITH_ITS_LINES:
        return len(lines) - 1
    first = next((token for token in block_tokens(clause.parts[0]) if token.map), None)
    end = first.map[1] if first is not None and first.map else len(lines)
    setext = clause.type == "heading" and not clause.parts[0].lstrip(" ").startswith("#")
    return max(end - (2 if setext else 1), 0)


def shifted(raw: str, old: int, new: int) -> str:
    """Move lines from column `old` to column `new`."""
    return "".join(
        " " * new + dedent(line, old) if line.strip() else line for line in split_lines(raw)
    )


def bare_lines(raw: str) -> list[str]:
    """Cut text into lines without their endings."""
    return [line.rstrip("\r\n") for line in split_lines(raw)]
