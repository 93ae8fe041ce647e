"""Which lines of a text belong to which block, as markdown-it sees it. Knows no clauses."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from markdown_it.token import Token

from drafter.core.markdown import block_tokens, normalise, plain_reader, siblings

_HTML_LINE = re.compile(r"^[ \t>]*<[A-Za-z/!?]", re.MULTILINE)
"""Raw HTML can end a paragraph before it, even where it is no block of its own."""

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n)|[^\r\n]+")

NEWLINES = r"(?:\r\n?|\n)"
FRONT = re.compile(
    rf"\A---[ \t]*{NEWLINES}(?P<inside>(?:.*?{NEWLINES})??)---[ \t]*(?:{NEWLINES}|\Z)", re.DOTALL
)


def split_front_matter(text: str) -> tuple[str, str]:
    r"""Cut `text` into its front matter, fences included, and its body; the two add up to `text`.

    Front matter opens with a first line `---` and closes with the next line `---` (spaces and tabs
    may trail; a line ends with LF, CRLF or CR). Where it is not closed there is none.

    >>> split_front_matter("---\ntitle: Votes\n---\n\n# Votes\n")
    ('---\ntitle: Votes\n---\n', '\n# Votes\n')
    >>> split_front_matter("---\n\nA line drawn, and no more.\n")
    ('', '---\n\nA line drawn, and no more.\n')
    """
    found = FRONT.match(text)
    end = found.end() if found else 0
    return text[:end], text[end:]


def split_lines(text: str) -> list[str]:
    r"""Cut text into lines with their endings: LF, CRLF or CR, and no other.

    >>> split_lines("a\r\nb\x0bc\nd")
    ['a\r\n', 'b\x0bc\n', 'd']
    """
    return _LINE.findall(text)


def dedent(line: str, columns: int) -> str:
    r"""Take up to `columns` columns of leading white space off a line; tabs stop at every fourth.

    >>> dedent("   - a", 2), dedent("\ta", 2), dedent("lazy", 4)
    (' - a', '  a', 'lazy')
    """
    at = 0
    for index, char in enumerate(line):
        if at >= columns or char not in " \t":
            return line[index:]
        wide = 1 if char == " " else 4 - at % 4
        at += wide
        if at > columns:
            return " " * (at - columns) + line[index + 1 :]
    return ""


class Unit(NamedTuple):
    """A block and its lines `[start, end)`; `tokens` is None for lines that no block claims."""

    start: int
    end: int
    tokens: tuple[int, int] | None


class Blocks:
    """The blocks of a body, and its lines: `lines` as they are, `normal` as the parser has them."""

    def __init__(self, body: str) -> None:
        self.lines = split_lines(body)
        self.normal = normalise(body).split("\n")
        self.tokens = block_tokens("\n".join(self.normal))
        self._blank = [not line.strip(" \t") for line in self.normal]
        self._agreed = self._agreed_blocks()

    def _agreed_blocks(self) -> set[tuple[str, int, int, int]] | None:
        """Where there is raw HTML: the blocks that rendering, with HTML off, sees just so."""
        text = "\n".join(self.normal)
        if not any(t.type == "html_block" for t in self.tokens) and not _HTML_LINE.search(text):
            return None
        plain = block_tokens(text, plain_reader())
        return {(t.type, t.map[0], t.map[1], t.level) for t in plain if t.map}

    def agrees(self, unit: Unit) -> bool:
        """Tell whether rendering sees this block at the same place."""
        if self._agreed is None or unit.tokens is None:
            return True
        token = self.token(unit)
        return (token.type, *(token.map or (0, 0)), token.level) in self._agreed

    def top(self) -> list[Unit]:
        """List the top blocks; what touches raw HTML without a blank line is one with it."""
        return list(self._with_html(self.units(0, len(self.tokens), 0, len(self.lines))))

    def token(self, unit: Unit) -> Token:
        """Give the opening token of a block."""
        assert unit.tokens is not None
        return self.tokens[unit.tokens[0]]

    def content(self, unit: Unit) -> str:
        """Give the content of a paragraph or heading."""
        assert unit.tokens is not None
        return self.tokens[unit.tokens[0] + 1].content

    def inside(self, unit: Unit) -> list[Unit]:
        """List the blocks in a container."""
        assert unit.tokens is not None
        return self.units(unit.tokens[0] + 1, unit.tokens[1] - 1, unit.start, unit.end)

    def units(self, start: int, end: int, first: int, last: int) -> list[Unit]:
        """List the blocks among tokens `[start, end)`, and the lines between that none claims."""
        found: list[Unit] = []
        line = first
        for i, j in siblings(self.tokens, start, end):
            begin, stop = self.tokens[i].map or (line, line)
            stop = self._trim(begin, min(stop, last))
            found.extend(self._unclaimed(line, begin))
            if stop > begin:
                found.append(Unit(begin, stop, (i, j)))
                line = stop
        found.extend(self._unclaimed(line, last))
        return found

    def _trim(self, start: int, end: int) -> int:
        """Give the end of `[start, end)` without the blank lines at its end."""
        while end > start and self._blank[end - 1]:
            end -= 1
        return end

    def _unclaimed(self, start: int, end: int) -> Iterator[Unit]:
        """Cut lines that no block claims (reference definitions) into units at blank lines."""
        line = start
        while line < end:
            if self._blank[line]:
                line += 1
                continue
            stop = line
            while stop < end and not self._blank[stop]:
                stop += 1
            yield Unit(line, stop, None)
            line = stop

    def kind(self, unit: Unit) -> str:
        """Name the type of a block's opening token; `unclaimed` for lines without a block."""
        return self.tokens[unit.tokens[0]].type if unit.tokens else "unclaimed"

    def _with_html(self, units: Sequence[Unit]) -> Iterator[Unit]:
        """Join blocks that touch raw HTML without a blank line: opaque together."""
        held: Unit | None = None
        raw = False
        for unit in units:
            html = self.kind(unit) == "html_block"
            if held and held.end == unit.start and (raw or html):
                held, raw = Unit(held.start, unit.end, None), True
                continue
            if held:
                yield held
            held, raw = unit, html
        if held:
            yield held
