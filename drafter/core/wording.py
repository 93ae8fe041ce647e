"""The wording of a clause: the words that a ballot binds, cut into tokens, and their hash.

The wording is the clause's Markdown without marker, container prefix and heading marks, with
white space outside code folded. Each token remembers the source it came from, so that words
can be changed without touching the lines around them. What changed is another module's matter.
"""

from __future__ import annotations

import functools
import hashlib
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import regex
from markdown_it.token import Token as Block

from drafter.core.inline import spans
from drafter.core.markdown import TRIMMED, block_tokens, siblings

# Scripts written without spaces: a grapheme is the smallest unit that a person would strike out.
_SPACELESS = r"\p{Han}\p{Hiragana}\p{Katakana}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}\p{Tibetan}\p{Yi}"
_LETTER = rf"[[\p{{L}}\p{{M}}\p{{N}}\p{{Pc}}]--[{_SPACELESS}]]"
_WORD = (
    rf"(?P<word>{_LETTER}+(?:(?:['’‑-](?={_LETTER})|(?<=\p{{N}})[.,:/](?=\p{{N}})){_LETTER}+)*"
    rf"|(?=[[{_SPACELESS}]--\p{{P}}])\X|\[\^[^\]\s]+\]|(?=[\p{{So}}\p{{Emoji_Presentation}}])\X)"
)


class Token(NamedTuple):
    """A word, a punctuation mark or a formatting mark of a wording.

    `text` is its part of the wording, after `space` ("" or one space); `raw` is the source from
    the end of the token before to its own end; `kind` is `word`, `punctuation`, `mark` (only
    formats), `bar` (edge of a table cell), `break` (line feed between blocks, rows, or a hard
    line break) or `code` (a piece of a code block, white space included); `format` names what
    the words stand in (`strong`, `em`, `link …`); `shown` is what a reader sees.
    """

    text: str
    space: str
    raw: str
    kind: str
    format: tuple[str, ...] = ()
    shown: str = ""

    @property
    def key(self) -> tuple[str, tuple[str, ...], str]:
        """What makes two tokens the same: text, formatting, kind."""
        return self.text, self.format, self.kind


class Tokens(NamedTuple):
    """The tokens of one source, and the source left after the last of them."""

    tokens: tuple[Token, ...]
    tail: str


PART = Token("\n", "", "", "break", ("part",), "\n")
"""Stands between two parts of a clause: nested items stand there in the source."""


def wording_hash(kind: str, wording: str) -> str:
    """Give the SHA-256 (hex) of a wording with its kind: `heading 2`, `item`, `numbered item`…"""
    return hashlib.sha256(f"{kind}\n{wording}".encode("utf-8", "surrogateescape")).hexdigest()


def wording_of(clause_type: str, parts: Sequence[str]) -> str:
    """Give the wording of a clause from its parts (its own Markdown, line endings as LF)."""
    return "\n".join(_wording(clause_type, part) for part in parts)


def tokens_of(clause_type: str, parts: Sequence[str]) -> tuple[Token, ...]:
    """Cut a clause into tokens; joined with their spaces they are its wording, exactly."""
    found: list[Token] = []
    for position, part in enumerate(parts):
        if position:
            found.append(PART)
        found.extend(tokenise(clause_type, part).tokens)
    return tuple(found)


def as_prose(tokens: Sequence[Token]) -> tuple[Token, ...]:
    """Give the tokens of text as it was typed so that its words equal those of prose.

    White space stands before what follows it, as between the words of a paragraph.
    """
    found: list[Token] = []
    space = ""
    for token in tokens:
        if token.kind == "code" and token.text.isspace():
            space += token.text
            continue
        kind = "punctuation" if token.kind == "code" else token.kind
        found.append(token._replace(space=space + token.space, kind=kind, format=()))
        space = ""
    if space:
        found.append(Token(space, "", space, "punctuation", (), space))
    return tuple(found)


def join(tokens: Sequence[Token]) -> str:
    """Put tokens together to the wording that they spell."""
    return "".join([token.space + token.text for token in tokens])


def _wording(clause_type: str, source: str) -> str:
    simple = clause_type == "paragraph" or (clause_type == "item" and "\n" not in source)
    if simple and not any(mark in source for mark in ("`", "\\", "\n", "[", "<", "&")):
        return _fold(source)
    return join(tokenise(clause_type, source).tokens)


def _fold(text: str) -> str:
    text = text.strip(TRIMMED).replace("\t", " ").replace("\n", " ")
    return " ".join([word for word in text.split(" ") if word])


@functools.lru_cache(maxsize=20_000)
def tokenise(clause_type: str, source: str) -> Tokens:
    """Cut one part of a clause (type as in `ClauseType`) into tokens with their source."""
    pencil = _Pencil(source)
    if clause_type == "opaque":
        pencil.exact(0, source)
    elif clause_type in ("paragraph", "item") and "\n\n" not in source and "\n" not in source:
        pencil.inline(source.strip(TRIMMED), [0])
    else:
        _walk(pencil, clause_type)
    return pencil.finish()


class _Pencil:
    """Walks through a source from start to end and writes down tokens."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.lines = [0, *(i + 1 for i, char in enumerate(source) if char == "\n")]
        self.at = 0
        self.found: list[Token] = []
        self.space = ""

    def finish(self) -> Tokens:
        return Tokens(tuple(self.found), self.source[self.at :])

    def add(
        self, end: int, text: str, kind: str, form: tuple[str, ...] = (), shown: str | None = None
    ) -> None:
        end = max(end, self.at)
        space = "" if not self.found or self.found[-1].kind == "break" else self.space
        raw = self.source[self.at : end]
        self.found.append(Token(text, space, raw, kind, form, text if shown is None else shown))
        self.at, self.space = end, ""

    def line(self, number: int) -> tuple[int, str]:
        """Give the start of a source line and its text without the line feed."""
        start = self.lines[number] if number < len(self.lines) else len(self.source)
        end = self.source.find("\n", start)
        return start, self.source[start : end if end >= 0 else len(self.source)]

    def new_block(self) -> None:
        if self.found:
            self.add(self.at, "\n", "break")

    def mark(self, text: str) -> None:
        self.add(self.at, text, "mark")
        self.space = " "

    def inline(self, content: str, numbers: Sequence[int]) -> None:
        """Write down a paragraph's content, its lines found in the source lines `numbers`."""
        place = self._places(content, numbers)
        for span in spans(content):
            if span.role == "text":
                self._words(content, span.start, span.end, span.format, place)
                continue
            end = place(span.end)
            if span.role == "break":
                self.space = ""
                self.add(end, "\\\n", "break", (), "\n")
            else:
                kind = {"mark": "mark", "atom": "word", "escape": "punctuation"}[span.role]
                text = _plain_space(content[span.start : span.end])
                self.add(end, text, kind, span.format, span.shown)

    def _places(self, content: str, numbers: Sequence[int]) -> _Places:
        places = []
        offset = 0
        for index, line in enumerate(content.split("\n")):
            start, text = self.line(numbers[min(index, len(numbers) - 1)])
            stripped = line.lstrip(" \t")
            found = max(text.rfind(stripped), 0) - (len(line) - len(stripped))
            places.append((offset, start + found))
            offset += len(line) + 1
        return _Places(places)

    def _words(
        self, content: str, start: int, end: int, form: tuple[str, ...], place: _Places
    ) -> None:
        for match in _word_pattern().finditer(content, start, end):
            group = match.lastgroup
            if group == "gap":
                self.space = " "
            else:
                kind = "word" if group == "word" else "punctuation"
                self.add(place(match.end()), match[0], kind, form)

    def exact(self, start: int, text: str) -> None:
        """Write down text whose white space counts: code, and opaque blocks."""
        self.at = max(self.at, start)
        for match in _exact_pattern().finditer(text):
            kind = "break" if match[0] == "\n" else "word" if match.lastgroup == "word" else "code"
            self.add(start + match.end(), match[0], kind, ("code",))


class _Places:
    """Turns offsets in a paragraph's content into offsets in the source."""

    def __init__(self, places: list[tuple[int, int]]) -> None:
        self.places = places

    def __call__(self, offset: int) -> int:
        content, source = next(
            (place for place in reversed(self.places) if place[0] <= offset), self.places[0]
        )
        return max(source + offset - content, 0)


@functools.cache
def _word_pattern() -> regex.Pattern[str]:
    return regex.compile(rf"(?P<gap>[ \t\n]+)|{_WORD}|(?P<other>\X)", regex.V1)


@functools.cache
def _exact_pattern() -> regex.Pattern[str]:
    return regex.compile(rf"\n|[^\S\n]+|{_WORD}|(?P<other>\X)", regex.V1)


def _plain_space(text: str) -> str:
    return text.replace("\n", " ")


def _walk(pencil: _Pencil, clause_type: str) -> None:
    """Write down a source of blocks; the outermost quote or heading's own marks are left out."""
    blocks = block_tokens(pencil.source)
    start, end = 0, len(blocks)
    if clause_type == "quote" and blocks and blocks[0].type == "blockquote_open":
        start, end = 1, next(j for _, j in siblings(blocks, 0, end)) - 1
    own_heading = clause_type == "heading"
    for leaf, marks in _leaves(blocks, start, end, ()):
        pencil.new_block()
        for mark in () if own_heading else marks:
            pencil.mark(mark)
        _write_leaf(pencil, leaf, blocks, heading=own_heading)


Leaf = tuple[int, int]


def _leaves(
    blocks: Sequence[Block], start: int, end: int, marks: tuple[str, ...]
) -> Iterator[tuple[Leaf, tuple[str, ...]]]:
    """Walk over the blocks that hold words, each with the container marks that it keeps."""
    for i, j in siblings(blocks, start, end):
        kind = blocks[i].type
        if kind == "blockquote_open":
            yield from _leaves(blocks, i + 1, j - 1, (*marks, ">"))
        elif kind in ("bullet_list_open", "ordered_list_open", "footnote_reference_open"):
            yield from _leaves(blocks, i + 1, j - 1, marks)
        elif kind == "list_item_open":
            mark = blocks[i].info + blocks[i].markup
            inner = list(_leaves(blocks, i + 1, j - 1, marks))
            for position, (leaf, own) in enumerate(inner or [((i, i + 1), marks)]):
                lead = (*own[: len(marks)], mark, *own[len(marks) :])
                yield leaf, lead if position == 0 else own
        else:
            yield (i, j), marks


def _write_leaf(
    pencil: _Pencil, leaf: Leaf, blocks: Sequence[Block], *, heading: bool = False
) -> None:
    block = blocks[leaf[0]]
    first, last = block.map or (0, 0)
    if block.type in ("paragraph_open", "heading_open"):
        if block.type == "heading_open" and not heading:
            pencil.mark("#" * int(block.tag[1]))
        pencil.inline(blocks[leaf[0] + 1].content, range(first, last))
    elif block.type == "table_open":
        _write_table(pencil, first, last)
    elif block.type == "fence":
        _write_fence(pencil, block, first, last)
    elif block.type == "code_block":
        _write_code(pencil, block.content.removesuffix("\n").split("\n"), first, indent="    ")
    elif block.type == "hr":
        pencil.mark("---")
    elif block.type == "html_block":
        _write_code(pencil, block.content.removesuffix("\n").split("\n"), first, indent="")


def _write_table(pencil: _Pencil, first: int, last: int) -> None:
    for number in range(first, last):
        if number > first:
            pencil.add(pencil.line(number)[0], "\n", "break", ("row",))
        _write_row(pencil, number, delimiter=number == first + 1)


def _write_row(pencil: _Pencil, number: int, *, delimiter: bool) -> None:
    start, line = pencil.line(number)
    row = line.rstrip(" \t")
    lead = len(row) - len(row.lstrip(" \t>"))
    if row[lead : lead + 1] == "|":
        lead += 1
    pencil.add(start + lead, "|", "bar")
    for cell in _CELL().finditer(row, lead):
        if cell.start() == len(row) and cell.start() > lead:
            break
        pencil.space = " "
        text = cell["cell"].strip(" \t")
        if delimiter:
            pencil.add(start + cell.end("cell"), _delimiter(text), "mark")
        elif text:
            pencil.at = max(pencil.at, 0)
            pencil.inline(text, [number])
        pencil.space = " "
        pencil.add(start + cell.end(), "|", "bar")


def _delimiter(text: str) -> str:
    """Fold the dashes under a table's head: their number means nothing, their colons do."""
    return f"{':' if text.startswith(':') else ''}---{':' if text.endswith(':') else ''}"


@functools.cache
def _CELL() -> regex.Pattern[str]:
    return regex.compile(r"(?P<cell>(?:\\.|[^|\\]|\\$)*)(?:\||$)")


def _write_fence(pencil: _Pencil, block: Block, first: int, last: int) -> None:
    start, line = pencil.line(first)
    pencil.add(start + len(line), f"{block.markup}{block.info.rstrip()}", "mark", ("code",))
    lines = block.content.removesuffix("\n").split("\n") if block.content else []
    if lines:
        pencil.add(pencil.at, "\n", "break", ("code",))
        _write_code(pencil, lines, first + 1, indent="")
    start, line = pencil.line(last - 1)
    pencil.add(pencil.at, "\n", "break", ("code",))
    pencil.add(start + len(line), block.markup, "mark", ("code",))


def _write_code(pencil: _Pencil, lines: Sequence[str], first: int, *, indent: str) -> None:
    for offset, line in enumerate(lines):
        if offset:
            pencil.add(pencil.at, "\n", "break", ("code",))
        start, source = pencil.line(first + offset)
        begin = start + (len(source) - len(line) if source.endswith(line) else 0)
        if indent and line:
            pencil.add(begin, indent, "code", ("code",))
        for match in _exact_pattern().finditer(line):
            kind = "word" if match.lastgroup == "word" else "code"
            pencil.add(begin + match.end(), match[0], kind, ("code",))
