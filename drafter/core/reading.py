"""From the bytes of a chapter to its clauses: where each begins and ends, and which have ids.

The blocks are markdown-it's; what is a clause, what belongs to it and what stays opaque is
decided here (docs/format.md, "Clauses"). Nothing is ever dropped: what is no clause is opaque.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, NamedTuple

from markdown_it.token import Token

from drafter.core.blocks import Blocks, Unit, dedent, split_front_matter
from drafter.core.clauses import Chapter, Clause, ClauseType, Segment, kind_of
from drafter.core.markdown import TRIMMED, Marker, block_tokens, normalise, split_marker
from drafter.core.wording import wording_hash, wording_of

_LIST_MARK = re.compile(r"([-+*]|\d{1,9}[.)]|\[\^[^\]]+\]:)([ \t]*)")
_BARE_LIST_MARK = re.compile(r"[ \t]*(?:[-+*]|\d{1,9}[.)])\s*")
"""A line that words behind it would turn into a list item: no marker can go there."""
_CLAUSE_TYPES: dict[str, ClauseType] = {
    "heading_open": "heading",
    "paragraph_open": "paragraph",
    "blockquote_open": "quote",
    "fence": "code",
    "code_block": "code",
    "table_open": "table",
    "footnote_reference_open": "note",
}
_LISTS = ("bullet_list_open", "ordered_list_open")


def read_chapter(path: str, text: str) -> Chapter:
    """Read one chapter's file. Never fails: `write_chapter` of the result is `text` again."""
    front, body = split_front_matter(text)
    reading = _Reading(body, front.count("\n") or front.count("\r"))
    if front:
        reading.front(front)
    reading.walk()
    return reading.chapter(path)


@dataclass(slots=True)
class _Draft:
    """A clause while it is being read."""

    type: ClauseType
    line: int
    parent: int | None = None
    slot: int = 0
    parts: list[str] = field(default_factory=list)
    more: dict[str, Any] = field(default_factory=dict)


class _Reading:
    """One walk over the blocks of a body; collects segments and clauses."""

    def __init__(self, body: str, front_lines: int) -> None:
        self.blocks = Blocks(body)
        self.front_lines = front_lines
        self.segments: list[tuple[int, int, int, int]] = []
        self.drafts: list[_Draft] = []
        self.front_text = ""

    def front(self, front: str) -> None:
        """Take the front matter in as an opaque block."""
        self.front_text = front
        self.drafts.append(_Draft("opaque", 1, parts=[normalise(front).rstrip("\n")]))

    # The blocks of the chapter.

    def walk(self) -> None:
        """Walk over the top blocks."""
        units = self.blocks.top()
        index = 0
        while index < len(units):
            unit = units[index]
            after = units[index + 1] if index + 1 < len(units) else None
            index += 1 + self.top_block(unit, after)

    def top_block(self, unit: Unit, after: Unit | None) -> int:
        """Take in one top block; gives 1 where the block after it is its marker, else 0."""
        kind = self.blocks.kind(unit)
        clause_type = _CLAUSE_TYPES.get(kind)
        if not self.blocks.agrees(unit):
            self.opaque(unit)
        elif kind in _LISTS:
            self.items(unit, parent=None, slot=0, indent=0)
        elif clause_type is None:
            self.opaque(unit)
        elif clause_type == "note":
            self.container(unit, "note", None, 0, 0)
        elif clause_type in ("heading", "paragraph"):
            self.text_block(unit, clause_type)
        else:
            return self.marked_after(unit, after, clause_type)
        return 0

    def opaque(self, unit: Unit, parent: int | None = None, slot: int = 0) -> None:
        """Take lines in as they are."""
        self.drafts.append(
            _Draft("opaque", self.number(unit.start), parent, slot, [self.source(unit)])
        )
        self.segments.append((unit.start, unit.end, len(self.drafts) - 1, 0))

    def number(self, line: int) -> int:
        """Give the number in the file, from 1, of a line of the body."""
        return self.front_lines + line + 1

    def source(self, unit: Unit, columns: int = 0) -> str:
        """Give a unit's lines, line endings as LF, moved left by `columns`."""
        return "\n".join(
            dedent(line, columns) for line in self.blocks.normal[unit.start : unit.end]
        )

    def text_block(self, unit: Unit, clause_type: ClauseType) -> None:
        """Take in a heading or a paragraph; its marker stands at the end of its content."""
        token, inline = self.blocks.token(unit), self.blocks.content(unit)
        content, marker = split_marker(inline)
        hashes = token.markup.startswith("#")
        closed = hashes and self._is_closed(unit, inline)
        setext = clause_type == "heading" and not hashes
        last = unit.end - (2 if setext else 1)
        if closed or (content == "" and not hashes) or self._strays(marker, last, setext=setext):
            self.opaque(unit)
            return
        draft = _Draft(clause_type, self.number(unit.start))
        part, more = self._without_marker(unit, last, marker)
        draft.parts.append(part)
        draft.more = more
        if clause_type == "heading":
            draft.more |= {"level": int(token.tag[1]), "own_line": False}
        elif marker is None:
            draft.more["own_line"] = True
        self.add(draft, unit)

    def _strays(self, marker: Marker | None, last: int, *, setext: bool = True) -> bool:
        """Tell whether a marker stands before the last line, or may not be put on it."""
        line = self.blocks.normal[last]
        if marker is not None:
            return "{:" not in line
        return setext and _BARE_LIST_MARK.fullmatch(line) is not None

    def _is_closed(self, unit: Unit, content: str) -> bool:
        """Tell whether a heading has closing hashes: text behind them would be content."""
        line = self.blocks.normal[unit.start].strip(" \t")
        return line.lstrip("#").strip(" \t") != content

    def _without_marker(
        self, unit: Unit, last: int, marker: Marker | None, columns: int = 0, first: str = ""
    ) -> tuple[str, dict[str, Any]]:
        """Give a unit's source without the marker that ends line `last`, and what was found.

        `first` stands in for the first line, where that begins behind a list mark.
        """
        lines = [dedent(line, columns) for line in self.blocks.normal[unit.start : unit.end]]
        if first:
            lines[0] = first
        more: dict[str, Any] = {"head": last - unit.start, "own_line": False}
        if marker is not None:
            more |= {"id": marker.id, "origin": marker.origin, "was": marker.was}
            text = lines[last - unit.start]
            text = text[: text.rindex("{:")]
            lines[last - unit.start] = text
            if not text.strip(TRIMMED) and last > unit.start:
                del lines[last - unit.start]
                more |= {"head": last - unit.start - 1, "own_line": True}
        return "\n".join(lines), more

    def marked_after(self, unit: Unit, after: Unit | None, clause_type: ClauseType) -> int:
        """Take in a table, quote or code block; its marker is the paragraph behind it."""
        token = self.blocks.token(unit)
        if token.type == "fence" and self._is_unclosed(unit, token):
            self.opaque(unit)
            return 0
        marker = None
        if after and self.blocks.kind(after) == "paragraph_open" and self.blocks.agrees(after):
            content, found = split_marker(self.blocks.content(after))
            marker = found if content == "" else None
        draft = _Draft(clause_type, self.number(unit.start), parts=[self.source(unit)])
        draft.more = {"head": unit.end - unit.start - 1, "own_line": True}
        if marker and after:
            draft.more |= {"id": marker.id, "origin": marker.origin, "was": marker.was}
            self.add(draft, Unit(unit.start, after.end, None))
            return 1
        self.add(draft, unit)
        return 0

    def _is_unclosed(self, unit: Unit, token: Token) -> bool:
        last = self.blocks.normal[unit.end - 1].rstrip(" \t")
        closes = last.lstrip(" ").startswith(token.markup) and not last.strip(" " + token.markup[0])
        return unit.end - unit.start < 2 or not closes or last.startswith("    ")

    def add(self, draft: _Draft, unit: Unit) -> None:
        """Take in a clause of one segment."""
        self.drafts.append(draft)
        self.segments.append((unit.start, unit.end, len(self.drafts) - 1, 0))

    # Lists and footnotes: containers that are clauses.

    def items(self, unit: Unit, parent: int | None, slot: int, indent: int) -> None:
        """Take in the items of a list, each a clause of its own."""
        ordered = self.blocks.kind(unit) == "ordered_list_open"
        for item in self.blocks.inside(unit):
            if item.tokens is None or not self.blocks.agrees(item):
                self.opaque(item, parent, slot)
            else:
                self.container(item, "item", parent, slot, indent, ordered=ordered)

    def container(
        self,
        unit: Unit,
        clause_type: ClauseType,
        parent: int | None,
        slot: int,
        indent: int,
        *,
        ordered: bool = False,
    ) -> None:
        """Take in an item or a footnote: its own parts, and the items nested in it."""
        inner = self.blocks.inside(unit)
        opening = self._opening(unit, clause_type, indent)
        if opening is None or not self._begins_with_paragraph(unit, inner, opening):
            self.opaque(unit, parent, slot)
            return
        draft = _Draft(clause_type, self.number(unit.start), parent, slot)
        draft.more = {
            "ordered": ordered,
            "mark": opening.mark,
            "indent": indent,
            "content": opening.content,
        }
        if clause_type == "note":
            draft.more["label"] = self.blocks.token(unit).meta["label"]
        self.drafts.append(draft)
        self._inside(draft, len(self.drafts) - 1, unit, inner, opening)

    def _inside(
        self, draft: _Draft, index: int, unit: Unit, inner: Sequence[Unit], opening: _Opening
    ) -> None:
        """Cut the inside of a container into its parts and its nested lists."""
        for is_list, run in _runs(inner, lambda block: self.blocks.kind(block) in _LISTS):
            if is_list:
                for nested in run:
                    self.items(nested, index, len(draft.parts), opening.content)
                continue
            part = Unit(run[0].start, run[-1].end, None)
            if draft.parts:
                draft.parts.append(self.source(part, opening.content))
            else:
                draft.parts.append(self._first_part(draft, part, inner[0], opening))
            self.segments.append((part.start, part.end, index, len(draft.parts) - 1))

    def _first_part(self, draft: _Draft, part: Unit, paragraph: Unit, opening: _Opening) -> str:
        _, marker = split_marker(self.blocks.content(paragraph))
        source, more = self._without_marker(
            part, paragraph.end - 1, marker, opening.content, opening.rest
        )
        draft.more |= more
        return source

    def _begins_with_paragraph(self, unit: Unit, inner: Sequence[Unit], opening: _Opening) -> bool:
        """Tell whether a container can take a marker: it begins with a plain paragraph."""
        first = inner[0] if inner else unit
        if self.blocks.kind(first) != "paragraph_open" or first.start != unit.start:
            return False
        content, marker = split_marker(self.blocks.content(first))
        if content == "" or self._strays(marker, first.end - 1):
            return False
        touches_html = any(
            one.end == two.start and self.blocks.kind(two) == "html_block"
            for one, two in pairwise(inner)
        )
        return self.blocks.agrees(first) and not touches_html and self._stands_alone(first, opening)

    def _stands_alone(self, paragraph: Unit, opening: _Opening) -> bool:
        """Tell whether a paragraph stays one outside its container.

        A line that continues it lazily could become a heading or a table there.
        """
        if paragraph.end - paragraph.start == 1:
            return True
        source, _ = self._without_marker(paragraph, 0, None, opening.content, opening.rest)
        tokens = block_tokens(source)
        lines = [0, paragraph.end - paragraph.start]
        return tokens[0].type == "paragraph_open" and tokens[0].map == lines

    def _opening(self, unit: Unit, clause_type: ClauseType, indent: int) -> _Opening | None:
        """Read the list mark, or the footnote's label, on the first line."""
        line = dedent(self.blocks.normal[unit.start], indent)
        lead = len(line) - len(line.lstrip(" \t"))
        found = _LIST_MARK.match(line, lead)
        if found is None:
            return None
        width = _columns(found[2], indent + lead + len(found[1]))
        step = width if 0 < width < 5 else 1
        if clause_type == "note":
            return _Opening(found[1], indent + 4, line[found.end() :])
        return _Opening(found[1], indent + lead + len(found[1]) + step, line[found.end() :])

    # The result.

    def chapter(self, path: str) -> Chapter:
        """Put segments and clauses together."""
        ends = [*(start for start, *_ in self.segments[1:]), len(self.blocks.lines)][
            : len(self.segments)
        ]
        opening = self.segments[0][0] if self.segments else len(self.blocks.lines)
        lead = "".join(self.blocks.lines[:opening])
        segments = [
            self._segment(start, end, stop, clause, part)
            for (start, end, clause, part), stop in zip(self.segments, ends, strict=True)
        ]
        if self.front_text:
            raw, gap = _split_ending(self.front_text)
            segments.insert(0, Segment(raw, gap + lead, 0, 0))
            lead = ""
        clauses = tuple(_finish(draft) for draft in self.drafts)
        return Chapter(path, lead, tuple(segments), clauses)

    def _segment(self, start: int, end: int, stop: int, clause: int, part: int) -> Segment:
        raw, ending = _split_ending("".join(self.blocks.lines[start:end]))
        return Segment(raw, ending + "".join(self.blocks.lines[end:stop]), clause, part)


class _Opening(NamedTuple):
    """The mark that opens an item or footnote, its content's column, the rest of the line."""

    mark: str
    content: int
    rest: str


def _columns(space: str, at: int) -> int:
    start = at
    for char in space:
        at += 1 if char == " " else 4 - at % 4
    return at - start


def _runs(units: Sequence[Unit], is_list: Any) -> Iterator[tuple[bool, list[Unit]]]:
    """Group neighbours: lists, and what stands between them."""
    run: list[Unit] = []
    for unit in units:
        if run and is_list(unit) != is_list(run[0]):
            yield is_list(run[0]), run
            run = []
        run.append(unit)
    if run:
        yield is_list(run[0]), run


def _split_ending(text: str) -> tuple[str, str]:
    raw = text[:-1] if text.endswith(("\n", "\r")) else text
    raw = raw[:-1] if text.endswith("\r\n") else raw
    return raw, text[len(raw) :]


def _finish(draft: _Draft) -> Clause:
    parts = tuple(draft.parts)
    wording = wording_of(draft.type, parts)
    kind = kind_of(
        draft.type,
        ordered=draft.more.get("ordered", False),
        level=draft.more.get("level"),
        label=draft.more.get("label", ""),
    )
    return Clause(
        id=draft.more.pop("id", None),
        type=draft.type,
        parts=parts,
        wording=wording,
        hash=wording_hash(kind, wording),
        line=draft.line,
        parent=draft.parent,
        slot=draft.slot,
        **draft.more,
    )
