"""The one Markdown dialect: CommonMark with tables and footnotes, by markdown-it-py.

Two settings of one parser. *Reading* recognises raw HTML, so that it is kept as an opaque
block; *rendering* has HTML off (see `rendering.py`). This module knows the clause marker; it
does not know what a clause is.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markdown_it import MarkdownIt
from markdown_it.common.utils import MD_TRIM_CHARS
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from drafter.core.ids import PATTERN, ClauseId

TRIMMED = MD_TRIM_CHARS
"""The white space that the parser takes off the ends of a paragraph; Python's is another set."""

NEWLINE = re.compile(r"\r\n?|\n")
"""What CommonMark calls a line ending. `str.splitlines` splits in more places."""

MARKER = re.compile(
    rf"(?:^|(?<=[ \t\n]))\{{:[ \t]+#(?P<id>{PATTERN})"
    r"(?P<sets>(?:[ \t]+(?:origin|was)=\"[^\"\n]*\")*)[ \t]*\}\Z"
)
"""A marker at the end of a paragraph's or heading's content."""

_SET = re.compile(r"(origin|was)=\"([^\"\n]*)\"")
_MAX_NESTING = 40


@dataclass(frozen=True, slots=True)
class Marker:
    """The attribute list that names a clause: its id, its origins, its ancestors."""

    id: ClauseId
    origin: tuple[str, ...] = ()
    was: tuple[ClauseId, ...] = ()

    def __str__(self) -> str:
        """Give the canonical text.

        >>> str(Marker(ClauseId("c-7k3m9q"), ("leeds-2018/4", "bristol-2017/2")))
        '{: #c-7k3m9q origin="leeds-2018/4 bristol-2017/2" }'
        """
        sets = (("origin", self.origin), ("was", self.was))
        written = "".join(f' {name}="{" ".join(values)}"' for name, values in sets if values)
        return f"{{: #{self.id}{written} }}"


def split_marker(content: str) -> tuple[str, Marker | None]:
    """Cut the marker off the end of `content`; as at its end, no white space stays before it.

    >>> split_marker("All are equal.  {: #c-7k3m9q }")
    ('All are equal.', Marker(id='c-7k3m9q', origin=(), was=()))
    >>> split_marker("All are equal.")
    ('All are equal.', None)
    """
    trimmed = content.rstrip(TRIMMED)
    if not trimmed.endswith("}"):
        return content, None
    found = MARKER.search(trimmed)
    if found is None:
        return content, None
    sets = {name: tuple(values.split()) for name, values in _SET.findall(found["sets"])}
    marker = Marker(
        ClauseId(found["id"]),
        tuple(dict.fromkeys(sets.get("origin", ()))),
        tuple(ClauseId(value) for value in dict.fromkeys(sets.get("was", ()))),
    )
    return content[: found.start()].rstrip(TRIMMED), marker


def normalise(text: str) -> str:
    """Give the text as the parser sees it: one kind of line ending, no NUL. Lines stay lines."""
    return NEWLINE.sub("\n", text).replace("\0", "\ufffd")


def dialect(*, html: bool) -> MarkdownIt:
    """Give a fresh parser; footnote definitions stay where they stand, whether cited or not."""
    parser = MarkdownIt("commonmark", {"html": html, "maxNesting": _MAX_NESTING})
    parser.enable("table")
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    return parser


@functools.cache
def reader() -> MarkdownIt:
    """Give the parser that reading uses: raw HTML is a block of its own."""
    return dialect(html=True)


@functools.cache
def plain_reader() -> MarkdownIt:
    """Give the reading parser with HTML off: the blocks that rendering will see."""
    return dialect(html=False)


def block_tokens(text: str, parser: MarkdownIt | None = None) -> list[Token]:
    """Parse the blocks of normalised `text`, without looking inside paragraphs."""
    parser = parser or reader()
    tokens: list[Token] = []
    parser.block.parse(text, parser, {}, tokens)
    return tokens


def siblings(tokens: Sequence[Token], start: int, end: int) -> Iterator[tuple[int, int]]:
    """Walk over the blocks in `tokens[start:end]`, each as the range of its own tokens."""
    index = start
    while index < end:
        close = index
        depth = 0
        while True:
            depth += tokens[close].nesting
            if depth == 0:
                break
            close += 1
        yield index, close + 1
        index = close + 1
