"""What becomes of each clause of the base when two sides changed it: its words, type, marker.

Where it stands is decided in `ordering.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TypeVar

from drafter.core.clauses import Chapter, Clause
from drafter.core.ids import ClauseId
from drafter.core.index import Node
from drafter.core.threeway import Conflict, Key, Side, ThreeWay, Why, raw_source
from drafter.core.wording import Token, join, tokenise, tokens_of, wording_hash, wording_of
from drafter.core.wordmerge import merge_tokens

Value = TypeVar("Value")

CLAUSE_BREAK = Token("\n", "", "\n\n", "break", ("clause",), "\n")
"""Stands between the clauses of a group that one side split or joined."""


@dataclass(frozen=True, slots=True)
class Content:
    """A clause as the merge writes it.

    `clause` carries the merged id, origins and words. `source` is the file and index whose lines
    are taken as they are; None where the words are merged and the lines must be made.
    `conflict`: the place is competing and `clause` is the base's.
    """

    clause: Clause
    source: tuple[Chapter, int] | None
    conflict: Conflict | None = None


Contents = dict[Key, Content | None]
"""What each clause becomes; None: it is gone."""


def merge_contents(three: ThreeWay) -> Contents:
    """Decide what becomes of every clause of the base and of every insertion."""
    contents: Contents = {}
    for side in three.sides():
        for key in three.inserted(side):
            node = side.pairing.new[key[1]]
            contents[key] = Content(node.clause, (node.chapter, node.index))
    for node in three.base:
        contents["base", node.number] = _merge_one(three, node)
    for side in three.sides():
        _merge_splits(three, side, contents)
        _merge_joins(three, side, contents)
    return contents


def changed(before: Value, ours: Value, theirs: Value) -> tuple[Value, bool]:
    """Merge a single value; the second result tells whether both changed it differently."""
    if ours in (theirs, before):
        return theirs, False
    return (ours, False) if theirs == before else (before, True)


def _merge_one(three: ThreeWay, base: Node) -> Content | None:
    key = ("base", base.number)
    ours, theirs = three.ours.node(key), three.theirs.node(key)
    if ours is None and theirs is None:
        return None
    if ours is None or theirs is None:
        left = ours or theirs
        assert left is not None
        if left.clause.hash == base.clause.hash:
            return None
        return competing(base, ours, theirs, "delete-edit")
    return _merge_both(base, ours, theirs)


def _merge_both(base: Node, ours: Node, theirs: Node) -> Content:
    marker = _merge_marker(base.clause, ours.clause, theirs.clause)
    kept = _unmerged(base, ours, theirs)
    if kept:
        node = _best_marked(kept, marker)
        clause = _renumbered(node.clause, base.clause, ours.clause, theirs.clause)
        return _with_marker(Content(clause, (node.chapter, node.index)), marker)
    kind, differ = changed(base.clause.kind, ours.clause.kind, theirs.clause.kind)
    carrier = next(n for n in (base, ours, theirs) if n.clause.kind == kind).clause
    merged = None if differ else _merge_words(base.clause, ours.clause, theirs.clause, carrier)
    if merged is None:
        return competing(base, ours, theirs, "overlap")
    return _with_marker(Content(merged, None), marker)


def _unmerged(base: Node, ours: Node, theirs: Node) -> list[Node]:
    """Give the nodes to take as they stand, where at most one side changed words or type.

    Where both sides have the words of the base, the one whose lines were changed.
    """
    if ours.clause.hash == theirs.clause.hash:
        fresh = [node for node in (ours, theirs) if _words_and_mark(node) != _words_and_mark(base)]
        if len({_words_and_mark(node) for node in fresh}) == 2:
            return [min(fresh, key=_lines)]
        return fresh or [base, ours, theirs]
    if ours.clause.hash == base.clause.hash:
        return [theirs]
    return [ours] if theirs.clause.hash == base.clause.hash else []


def _renumbered(clause: Clause, base: Clause, ours: Clause, theirs: Clause) -> Clause:
    """Give the clause the list number that one side wrote, where it is as wide as the old one."""
    mark, _ = changed(base.mark, ours.mark, theirs.mark)
    fits = clause.ordered and len(mark) == len(clause.mark)
    return replace(clause, mark=mark) if fits and mark != clause.mark else clause


def _words_and_mark(node: Node) -> tuple[str, ...]:
    return (*node.clause.parts, node.clause.mark)


def _lines(node: Node) -> tuple[str, ...]:
    return (*node.clause.parts, node.clause.mark, raw_source(node.chapter, node.index))


def _best_marked(nodes: Sequence[Node], marker: _Marker) -> Node:
    """Of nodes with the same lines give the one whose marker can stay as it is written."""
    wanted = (marker.id, marker.origin, marker.was)
    fitting = [n for n in nodes if (n.clause.id, n.clause.origin, n.clause.was) == wanted]
    return min(fitting or nodes, key=lambda node: raw_source(node.chapter, node.index))


def _merge_words(base: Clause, ours: Clause, theirs: Clause, carrier: Clause) -> Clause | None:
    """Merge the words of one clause; None where they compete or cannot be written together."""
    tokens = [tokens_of(clause.type, clause.parts) for clause in (base, ours, theirs)]
    source = None if carrier is base else tokens_of(carrier.type, carrier.parts)
    merged = merge_tokens(tokens[0], tokens[1], tokens[2], source)
    return None if merged is None else reworded(carrier, merged)


def reworded(clause: Clause, tokens: Sequence[Token]) -> Clause | None:
    """Give `clause` with the words `tokens`, in their own lines; None where that cannot be written.

    Reading the result back must give the same words with the same formatting.
    """
    wanted = [token.key for token in tokens]
    hashes = f"{'#' * clause.level} " if clause.level else ""
    leads = [_lead(tokenise(clause.type, part).tokens) for part in clause.parts]
    for parts in (_from_source(tokens, leads), (hashes + join(tokens),)):
        again = tokens_of(clause.type, parts)
        if [token.key for token in again] == wanted and join(again) == join(tokens):
            wording = wording_of(clause.type, parts)
            new_hash = wording_hash(clause.kind, wording)
            return replace(clause, parts=parts, wording=wording, hash=new_hash)
    return None


def _from_source(tokens: Sequence[Token], leads: Sequence[str]) -> tuple[str, ...]:
    """Put the source of tokens together, each part led in as the clause's own part is."""
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        if token.format == ("part",) and token.kind == "break":
            pieces.append([])
        else:
            pieces[-1].append(token)
    parts = []
    for number, piece in enumerate(pieces):
        source = "".join(token.raw for token in piece).removeprefix(_lead(piece))
        parts.append((leads[number] if number < len(leads) else "") + source)
    return tuple(parts)


def _lead(tokens: Sequence[Token]) -> str:
    """Give what stands before the first word of a source: heading marks, quote marks, spaces."""
    return tokens[0].raw.removesuffix(tokens[0].text) if tokens else ""


# Markers.


@dataclass(frozen=True, slots=True)
class _Marker:
    id: ClauseId | None
    origin: tuple[str, ...]
    was: tuple[ClauseId, ...]


def _merge_marker(base: Clause, ours: Clause, theirs: Clause) -> _Marker:
    """Merge ids and sets. A side that lost the id by pasting the text back changed nothing."""
    given = [clause.id for clause in (ours, theirs) if clause.id]
    clause_id = base.id or (min(given) if given else None)
    sides = [c if c.id or not base.id else base for c in (ours, theirs)]
    origin = merge_sets(base.origin, *(side.origin for side in sides))
    was = merge_sets(base.was, *(side.was for side in sides))
    others = [other for other in given if not base.id and other != clause_id]
    return _Marker(clause_id, origin, (*was, *(other for other in others if other not in was)))


def merge_sets(
    base: Sequence[Value], ours: Sequence[Value], theirs: Sequence[Value]
) -> tuple[Value, ...]:
    """Merge three sets, kept in the order of the base, then of what was added, sorted.

    >>> merge_sets(("a/1", "b/2"), ("a/1",), ("a/1", "b/2", "c/3"))
    ('a/1', 'c/3')
    """
    kept = [value for value in base if value in ours and value in theirs]
    one = [value for value in ours if value not in base]
    two = [value for value in theirs if value not in base]
    if not two or one == two:
        return (*kept, *one)
    if not one:
        return (*kept, *two)
    return (*kept, *sorted({*one, *two}, key=str))


def _with_marker(content: Content, marker: _Marker) -> Content:
    clause = content.clause
    if (clause.id, clause.origin, clause.was) == (marker.id, marker.origin, marker.was):
        return content
    named = replace(clause, id=marker.id, origin=marker.origin, was=marker.was)
    return replace(content, clause=named)


# What competes.


def competing(base: Node, ours: Node | None, theirs: Node | None, why: Why) -> Content:
    """Keep the base's clause at a place that people must settle."""
    nodes = (base, ours, theirs)
    marker = _merge_marker(
        base.clause, *(node.clause if node else base.clause for node in (ours, theirs))
    )
    conflict = Conflict(
        clause=marker.id,
        base=base.clause.wording,
        ours=ours.clause.wording if ours else None,
        theirs=theirs.clause.wording if theirs else None,
        why=why,
        sources=_sources([[node] if node else [] for node in nodes]),
        place=(base.number,),
    )
    return _with_marker(Content(base.clause, (base.chapter, base.index), conflict), marker)


def _sources(groups: Iterable[Sequence[Node]]) -> tuple[str, str, str]:
    one, two, three = (
        "\n\n".join(raw_source(node.chapter, node.index) for node in group) for group in groups
    )
    return one, two, three


# Splits and joins: the words of the whole group merge with what the other side changed in it.


def _plain(clause: Clause) -> bool:
    return len(clause.parts) == 1


def _grouped(nodes: Sequence[Node]) -> list[Token]:
    found: list[Token] = []
    for node in nodes:
        if found:
            found.append(CLAUSE_BREAK)
        found.extend(tokens_of(node.clause.type, node.clause.parts))
    return found


def _merge_splits(three: ThreeWay, side: Side, contents: Contents) -> None:
    other = three.other(side)
    for old, news in side.pairing.split.items():
        base, theirs = three.base[old], other.node(("base", old))
        parts = [side.pairing.new[number] for number in news]
        if theirs is None or theirs.clause.hash == base.clause.hash or old in other.pairing.split:
            continue
        if not all(_plain(node.clause) for node in (base, theirs, *parts)):
            continue
        merged = merge_tokens(_grouped([base]), _grouped(parts), _grouped([theirs]))
        pieces = _cut(merged) if merged is not None else []
        clauses = [reworded(n.clause, p) for n, p in zip(parts, pieces, strict=False)]
        whole = len(clauses) == len(parts) and all(clauses)
        if not whole:
            contents["base", old] = _group_conflict(three, side, [base], parts, [theirs])
        for node, clause in zip(parts, clauses if whole else [None] * len(parts), strict=True):
            key = side.key(node.number)
            if whole and clause is not None:
                contents[key] = Content(clause, None)
            elif key != ("base", old):
                contents[key] = None


def _merge_joins(three: ThreeWay, side: Side, contents: Contents) -> None:
    other = three.other(side)
    for new, olds in side.pairing.joined.items():
        bases = [three.base[old] for old in olds]
        theirs = [other.node(("base", old)) for old in olds]
        kept = [node for node in theirs if node is not None]
        joined, lead = side.pairing.new[new], side.pairing.old_of.get(new)
        untouched = all(n.clause.hash == b.clause.hash for b, n in zip(bases, kept, strict=False))
        if lead is None or len(kept) < len(bases) or untouched:
            continue
        if not all(_plain(node.clause) for node in (joined, *bases, *kept)):
            continue
        merged = merge_tokens(_grouped(bases), _grouped([joined]), _grouped(kept))
        clause = reworded(joined.clause, merged) if merged and CLAUSE_BREAK not in merged else None
        for old in olds:
            node = three.base[old]
            kept_base = Content(node.clause, (node.chapter, node.index))
            contents["base", old] = kept_base if clause is None else None
        if clause is not None:
            contents["base", lead] = Content(clause, None)
        else:
            contents["base", lead] = _group_conflict(three, side, bases, [joined], kept, lead)


def _cut(tokens: Sequence[Token]) -> list[list[Token]]:
    pieces: list[list[Token]] = [[]]
    for token in tokens:
        if token.key == CLAUSE_BREAK.key:
            pieces.append([])
        else:
            pieces[-1].append(token)
    for piece in pieces[1:]:
        if piece:
            piece[0] = piece[0]._replace(space="", raw=piece[0].raw.lstrip(" \t\n"))
    return pieces


def _group_conflict(
    three: ThreeWay,
    side: Side,
    bases: Sequence[Node],
    mine: Sequence[Node],
    others: Sequence[Node],
    lead: int | None = None,
) -> Content:
    base = three.base[bases[0].number if lead is None else lead]
    groups = [mine, others] if side.name == "ours" else [others, mine]
    wordings = ["\n\n".join(node.clause.wording for node in group) for group in groups]
    conflict = Conflict(
        clause=base.clause.id,
        base="\n\n".join(node.clause.wording for node in bases),
        ours=wordings[0],
        theirs=wordings[1],
        why="overlap",
        sources=_sources([bases, *groups]),
        place=(base.number,),
    )
    return Content(base.clause, (base.chapter, base.index), conflict)
