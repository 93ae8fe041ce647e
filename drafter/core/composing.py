"""Writing a merged tree as text: each clause's lines as they stood, moved where it now stands.

Lines are taken from the text that changed them; the space between two clauses from a text where
they are neighbours, else it is made. What was written is read back and compared.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from drafter.core.blocks import split_lines
from drafter.core.clauses import Chapter, Clause, Report
from drafter.core.content import changed
from drafter.core.lines import bare_lines, made_parts, shifted, unnamed
from drafter.core.marking import mark
from drafter.core.ordering import Leaf, Tree
from drafter.core.reading import read_chapter
from drafter.core.threeway import Conflict, Key

Spot = tuple[Key, int]
"""A part of a clause: its key, which part."""

_LABELS = ("<<<<<<< ours", "||||||| base", "=======", ">>>>>>> theirs")


@dataclass(frozen=True, slots=True)
class _Line:
    """A stretch of text to write: a part of a clause, or the marks of a conflict."""

    spot: Spot | None
    raw: str
    is_item: bool
    apart: bool = False


@dataclass(frozen=True, slots=True)
class _Neighbours:
    """For each part of one text: the part behind it (None: the end) and the space between."""

    behind: dict[Spot, tuple[Spot | None, str]]
    lead: str | None
    newline: str


def compose(tree: Tree) -> Report:
    """Write the merged report. Competing places have the base's wording, rivals nothing."""
    chapters = []
    for path, top in tree.chapters.items():
        writer = _Writer(tree, path)
        lines = list(writer.lines(top, 0))
        chapter = read_chapter(path, writer.text(lines))
        if not _as_meant(chapter, top):
            chapter = read_chapter(path, writer.text(lines, apart=True))
        chapters.append(chapter)
    return Report(tuple(chapters))


def compose_with_markers(tree: Tree) -> str:
    """Write the first chapter with diff3 marks where clauses compete."""
    for path, top in tree.chapters.items():
        writer = _Writer(tree, path, marks=True)
        return writer.text(list(writer.lines(top, 0)))
    return ""


def _as_meant(chapter: Chapter, top: Sequence[Leaf | Conflict]) -> bool:
    """Tell whether the text reads as the clauses that were written."""
    wanted = [
        (leaf.content.clause.kind, leaf.content.clause.wording, leaf.content.clause.id, depth)
        for leaf, depth in _flat(top, 0)
    ]
    found = [(c.kind, c.wording, c.id, _depth(chapter, c)) for c in chapter.clauses]
    return wanted == found


def _flat(leaves: Sequence[Leaf | Conflict], depth: int) -> Iterator[tuple[Leaf, int]]:
    for leaf in leaves:
        if isinstance(leaf, Leaf):
            yield leaf, depth
            yield from _flat(leaf.under, depth + 1)


def _depth(chapter: Chapter, clause: Clause) -> int:
    depth = 0
    while clause.parent is not None:
        clause, depth = chapter.clauses[clause.parent], depth + 1
    return depth


class _Writer:
    """Writes one chapter."""

    def __init__(self, tree: Tree, path: str, *, marks: bool = False) -> None:
        self.marks = marks
        base_path = tree.origins[path]
        three = tree.three
        self.texts = [_neighbours(_base_keys(tree, base_path))]
        twins = {theirs: ours for ours, theirs in tree.twins.items()}
        for side in three.sides():
            keys = []
            for node in side.pairing.new:
                if side.chapters.get(node.chapter.path, node.chapter.path) == base_path:
                    key = side.key(node.number)
                    keys.append((twins.get(key, key), node.chapter, node.index))
            self.texts.append(_neighbours(keys))
        newlines = [text.newline for text in self.texts if text]
        self.newline = newlines[0] if newlines else "\n"

    # The lines of each clause.

    def lines(self, leaves: Sequence[Leaf | Conflict], indent: int) -> Iterator[_Line]:
        """Give the stretches to write for `leaves`, which stand at column `indent`."""
        for leaf in leaves:
            if isinstance(leaf, Conflict):
                if self.marks:
                    yield _Line(None, self.marked(leaf), False, True)
            elif leaf.content.conflict and self.marks:
                yield _Line((leaf.key, 0), self.marked(leaf.content.conflict), False, True)
                yield from self.lines(leaf.under, indent)
            else:
                yield from self.clause(leaf, indent)

    def marked(self, conflict: Conflict) -> str:
        """Give a competing place as git's diff3 marks show it."""
        base, ours, theirs = conflict.sources
        rows = [_LABELS[0], ours, _LABELS[1], base, _LABELS[2], theirs, _LABELS[3]]
        return self.newline.join(row for row in rows if row)

    def clause(self, leaf: Leaf, indent: int) -> Iterator[_Line]:
        """Give the parts of a clause, and between them what is nested in it."""
        clause = leaf.content.clause
        parts = self.parts(leaf, indent)
        waiting = list(leaf.under)
        inside = indent + clause.content - clause.indent
        for number, raw in enumerate(parts):
            yield _Line((leaf.key, number), raw, clause.type == "item")
            last = number == len(parts) - 1
            while waiting and (last or _slot(waiting[0]) <= number + 1):
                yield from self.lines([waiting.pop(0)], inside)

    def parts(self, leaf: Leaf, indent: int) -> list[str]:
        """Give the lines of each part of a clause, moved to column `indent`."""
        clause = leaf.content.clause
        if leaf.content.source:
            chapter, index = leaf.content.source
            raws = [segment.raw for segment in chapter.raw_of(index)]
            written = chapter.clauses[index]
            if written.mark != clause.mark:
                raws[0] = raws[0].replace(written.mark, clause.mark, 1)
            shift = indent - clause.indent
            raws = [shifted(raw, clause.indent, indent) if shift else raw for raw in raws]
        else:
            raws = made_parts(clause, indent, self.newline)
            written = unnamed(clause)
        if clause.marker and (written.id, written.origin, written.was) != (
            clause.id,
            clause.origin,
            clause.was,
        ):
            raws[0] = mark(raws[0], written, clause.marker, self.newline)
        return [self.newline.join(bare_lines(raw)) for raw in raws]

    # The space between them.

    def text(self, lines: Sequence[_Line], *, apart: bool = False) -> str:
        """Put the stretches together; with `apart` a blank line stands between all of them."""
        if not lines:
            return ""
        found = [self.lead(lines[0])]
        for line, after in zip(lines, [*lines[1:], None], strict=True):
            found.append(line.raw)
            found.append(self.gap(line, after, apart=apart))
        return "".join(found)

    def lead(self, first: _Line) -> str:
        """Give the blank lines that the chapter begins with."""
        leads = [text.lead if text and text.lead is not None else "" for text in self.texts]
        return changed(leads[0], leads[1], leads[2])[0]

    def gap(self, line: _Line, after: _Line | None, *, apart: bool) -> str:
        """Give what stands between two stretches, or behind the last."""
        if after is None:
            return self.ending(line)
        default = self.newline * (2 if apart or not (line.is_item and after.is_item) else 1)
        if apart or line.apart or after.apart:
            return default
        known = [self._between(text, line.spot, after.spot) for text in self.texts]
        if known[0] is not None:
            ours, theirs = (gap if gap is not None else known[0] for gap in known[1:])
            gap, _ = changed(known[0], ours, theirs)
        else:
            sides = sorted(gap for gap in known[1:] if gap is not None)
            gap = sides[0] if sides else self._like_before(after, default)
        return gap

    def _between(
        self, text: _Neighbours | None, spot: Spot | None, after: Spot | None
    ) -> str | None:
        if text is None or spot is None:
            return None
        behind, gap = text.behind.get(spot, (None, None))
        return gap if behind == after and after is not None else None

    def _like_before(self, after: _Line, default: str) -> str:
        """Where an item has new neighbours: keep the list as loose as it was."""
        if not after.is_item or default != self.newline:
            return default
        for text in self.texts:
            for behind, gap in text.behind.values() if text else ():
                if behind == after.spot and len(split_lines(gap)) > 1:
                    return default * 2
        return default

    def ending(self, last: _Line) -> str:
        """Give what stands behind the last stretch: what the base has there, or one line feed."""
        ends = [_end(text) for text in self.texts]
        known = [end for end in ends if end is not None]
        if ends[0] is None:
            return known[0] if known else self.newline
        ours, theirs = (end if end is not None else ends[0] for end in ends[1:])
        return changed(ends[0], ours, theirs)[0]


def _end(text: _Neighbours | None) -> str | None:
    if text is None:
        return None
    return next((gap for behind, gap in text.behind.values() if behind is None), None)


def _slot(leaf: Leaf | Conflict) -> int:
    return leaf.content.clause.slot if isinstance(leaf, Leaf) else 0


def _base_keys(tree: Tree, path: str) -> list[tuple[Key, Chapter, int]]:
    return [
        (("base", node.number), node.chapter, node.index)
        for node in tree.three.base
        if node.chapter.path == path
    ]


def _neighbours(keys: Sequence[tuple[Key, Chapter, int]]) -> _Neighbours | None:
    if not keys:
        return None
    chapter = keys[0][1]
    key_of = {index: key for key, _, index in keys}
    spots = [(key_of[segment.clause], segment.part) for segment in chapter.segments]
    behind = {
        spot: (after, segment.gap)
        for spot, after, segment in zip(spots, [*spots[1:], None], chapter.segments, strict=True)
    }
    return _Neighbours(behind, chapter.lead, chapter.newline)
