"""Changes as text for a terminal: removed words [-so-], added words {+so+}, in colour as well."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

import click

from drafter.cli.changewords import details_of, kind_of, number_of, path_of, summary_of, visible
from drafter.core.diff import Change, Diff
from drafter.core.worddiff import Piece

_INDENT = "    "
_WIDEST = 96
_MARKS = {"-": ("[-", "-]"), "+": ("{+", "+}"), "=": ("", "")}


@dataclass(frozen=True, slots=True)
class Paper:
    """What the text is written on: columns to wrap at (None: not at all), and colour or not."""

    width: int | None
    colour: bool


def paper() -> Paper:
    """Tell what stdout is: a terminal (or git's pager) has a width and colours, a file neither."""
    terminal = sys.stdout.isatty() or os.environ.get("GIT_PAGER_IN_USE") == "true"
    if not terminal:
        return Paper(None, colour=False)
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    return Paper(max(width, 40), colour="NO_COLOR" not in os.environ)


def write_diff(diff: Diff, on: Paper) -> str:
    """Write all changes, by chapter, with a summary at the end."""
    lines: list[str] = []
    for path, changes in groupby(diff.changes, path_of):
        if path:
            lines += [styled(visible(path), on, bold=True, underline=True), ""]
        for change in changes:
            lines += [*_write_change(change, on), ""]
    return "\n".join([*lines, summary_of(diff), ""])


def wrap(text: str, on: Paper, indent: str = _INDENT) -> list[str]:
    """Break plain text into indented lines."""
    return list(_lines([("=", visible(text))], on, indent))


def pieces(words: Sequence[Piece], on: Paper, indent: str = _INDENT) -> list[str]:
    """Break marked words into indented lines."""
    return list(_lines([(mark, visible(text)) for mark, text in words], on, indent))


def _write_change(change: Change, on: Paper) -> Iterator[str]:
    name = styled(change.clause or "", on, dim=True)
    yield "  ".join(filter(None, (styled(number_of(change), on, bold=True), kind_of(change), name)))
    for detail in details_of(change):
        yield f"{_INDENT}{visible(detail)}"
    if change.kind in ("moved", "origins"):
        yield from wrap(_beginning(change.words), on)
    else:
        yield from pieces(change.words, on)


def _beginning(words: Sequence[Piece]) -> str:
    text = " ".join("".join(words for _, words in words).split())
    return text if len(text) <= 100 else f"{text[:100].rsplit(' ', 1)[0]} …"


def _lines(words: Sequence[Piece], on: Paper, indent: str) -> Iterator[str]:
    """Break marked words into lines; a colour never runs into the indent."""
    signs = [
        (sign, mark) for mark, text in words for sign in f"{_MARKS[mark][0]}{text}{_MARKS[mark][1]}"
    ]
    for start, end in _breaks("".join(sign for sign, _ in signs), on, len(indent)):
        runs = groupby(signs[start:end], key=lambda pair: pair[1])
        yield indent + "".join(
            _coloured("".join(sign for sign, _ in run), mark, on) for mark, run in runs
        )


def _breaks(text: str, on: Paper, indent: int) -> Iterator[tuple[int, int]]:
    """Give the ranges of the lines: broken at line feeds, and at spaces where the width ends."""
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        yield from _wrapped(text, start, end, None if on.width is None else on.width - indent)
        start = end + 1


def _wrapped(text: str, start: int, end: int, width: int | None) -> Iterator[tuple[int, int]]:
    while width is not None and end - start > width:
        space = text.rfind(" ", start + 1, start + width + 1)
        if space < 0:
            space = text.find(" ", start + width, end)
        if space < 0:
            break
        yield start, space
        start = space + 1
    yield start, end


def _coloured(text: str, mark: str, on: Paper) -> str:
    if mark == "-":
        return styled(text, on, fg="red", strikethrough=True)
    return styled(text, on, fg="green", underline=True) if mark == "+" else text


def styled(
    text: str,
    on: Paper,
    *,
    fg: str | None = None,
    bold: bool = False,
    dim: bool = False,
    underline: bool = False,
    strikethrough: bool = False,
) -> str:
    """Give `text` in a style where the paper has colour, else as it is."""
    if not on.colour or not text:
        return text
    return click.style(
        text,
        fg=fg,
        bold=bold or None,
        dim=dim or None,
        underline=underline or None,
        strikethrough=strikethrough or None,
    )
