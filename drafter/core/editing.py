"""Changing a text clause by clause: reword, remove, insert, move. All give a new report.

What a person typed must be exactly one clause of the kind it stands for; otherwise BadInput says
so, and nothing changes.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import replace

from drafter.core.clauses import Chapter, Clause, ClauseType, Place, Report
from drafter.core.composing import compose
from drafter.core.content import Content
from drafter.core.errors import BadInput, NotFound
from drafter.core.ids import ClauseId, derive_id
from drafter.core.markdown import normalise, split_marker
from drafter.core.marking import unmarked
from drafter.core.ordering import Leaf, Tree
from drafter.core.reading import read_chapter
from drafter.core.saying import say
from drafter.core.threeway import Conflict, ThreeWay
from drafter.core.wording import wording_hash, wording_of

Leaves = list[Leaf | Conflict]
Edit = Callable[[Leaf], list[Leaf]]
Edits = Mapping[ClauseId | None, Edit]


def typed_text(clause: Clause) -> str:
    """Give the Markdown of a clause as a person edits it: no marker, no heading marks.

    `substitute` with this text changes no word.
    """
    if clause.type == "heading":
        return clause.wording
    return "\n\n".join(part.strip("\n") for part in clause.parts)


def unmarked_text(chapter: Chapter) -> str:
    """Give a chapter's text as a person writes it: without the marks of its clauses."""
    parts = [
        unmarked(segment.raw, chapter.clauses[segment.clause]) + segment.gap
        if segment.part == 0
        else segment.raw + segment.gap
        for segment in chapter.segments
    ]
    return chapter.lead + "".join(parts)


def substitute(report: Report, clause_id: str, text: str) -> Report:
    """Give the clause other words; `text` as in `typed_text`. Nested items stay under it."""
    place = _find(report, clause_id)
    clause = place.clause
    reworded = _retyped(clause, text)
    if reworded.hash == clause.hash:
        return report

    def change(leaf: Leaf) -> list[Leaf]:
        leaf.content = Content(reworded, None)
        for under in leaf.under:
            if isinstance(under, Leaf):
                under.content = replace(under.content, clause=replace(under.content.clause, slot=1))
        return [leaf]

    return _rebuilt(report, [place.chapter], {clause.id: change}, {clause_id: reworded.hash})


def recast(
    report: Report,
    clause_id: str,
    text: str,
    *,
    type: ClauseType,
    level: int | None = None,
    ordered: bool = False,
) -> Report:
    """Make the clause one of another kind, with its id and its origins; `text` without marks.

    Raises BadInput where it has entries under it, or stands inside an entry, and would be none.
    """
    place = _find(report, clause_id)
    old = place.clause
    if type != "item" and (place.parent or place.chapter.children.get(place.index)):
        raise BadInput(
            "Only a list entry can stand inside another, or have others inside it. "
            "Move them apart first."
        )
    indent = old.indent if old.type == "item" == type else 0
    new = _blank(type, level, ordered, indent)
    new = replace(new, id=old.id, origin=old.origin, was=old.was, parent=old.parent)
    new = replace(_retyped(new, text), slot=1)

    def change(leaf: Leaf) -> list[Leaf]:
        leaf.content = Content(new, None)
        for under in leaf.under:
            if isinstance(under, Leaf):
                under.content = replace(under.content, clause=replace(under.content.clause, slot=1))
        return [leaf]

    return _rebuilt(report, [place.chapter], {old.id: change}, {clause_id: new.hash})


def repeal(report: Report, clause_id: str) -> Report:
    """Remove the clause and what is nested in it."""
    place = _find(report, clause_id)
    return _rebuilt(report, [place.chapter], {place.clause.id: lambda _: []}, {})


def insert(
    report: Report,
    *,
    path: str,
    parent: ClauseId | None,
    after: ClauseId | None,
    text: str,
    type: ClauseType = "paragraph",
    level: int | None = None,
    ordered: bool = False,
    taken: Collection[str] = (),
    salt: str = "",
    origin: Sequence[str] = (),
    was: Sequence[ClauseId] = (),
    name: ClauseId | None = None,
) -> Report:
    """Put in a new clause behind `after`, or first under `parent` or in the chapter.

    `taken` holds every id that ever was; the new clause's id stays clear of them. `name` is the
    id of a clause that has one already, in a draft or in another amendment.
    """
    chapter = _chapter(report, path)
    indent = _find(report, parent).clause.content if parent else 0
    blank = _blank(type, level, ordered, indent)
    new = _retyped(replace(blank, origin=tuple(origin), was=tuple(was)), text)
    count = sum(clause.hash == new.hash for clause in chapter.clauses)
    own = name or derive_id(path, new.hash, count, salt, {*taken, *report.ids})
    new = replace(new, id=own)
    leaf = Leaf(("ours", -1), Content(new, None))
    return _placed(report, [chapter], leaf, path, parent, after, {str(new.id): new.hash})


def move(
    report: Report, clause_id: str, *, path: str, parent: ClauseId | None, after: ClauseId | None
) -> Report:
    """Move the clause, with what is nested in it, behind `after` or first under `parent`."""
    place, target = _find(report, clause_id), _chapter(report, path)
    inside = _nested(place)
    if parent in inside or after in inside:
        raise BadInput("A clause cannot be moved into itself: choose a place outside it.")
    chapters = [place.chapter] if target is place.chapter else [place.chapter, target]
    taken_out: list[Leaf] = []

    def take(leaf: Leaf) -> list[Leaf]:
        taken_out.append(leaf)
        return []

    tree = _tree(chapters)
    _change(tree, {place.clause.id: take})
    return _placed(report, chapters, taken_out[0], path, parent, after, {}, tree)


# The tree of the chapters at hand.


def _find(report: Report, clause_id: str) -> Place:
    place = report.locate(clause_id)
    if place is None:
        raise NotFound(
            say(
                "There is no clause {clause_id} in the draft; it may have been removed.",
                clause_id=clause_id,
            )
        )
    return place


def _chapter(report: Report, path: str) -> Chapter:
    chapter = report.chapter(path)
    if chapter is None:
        raise NotFound(say("There is no chapter {path} in the draft.", path=path))
    return chapter


def _nested(place: Place) -> set[ClauseId | None]:
    found = {place.index}
    for index, clause in enumerate(place.chapter.clauses):
        if clause.parent in found:
            found.add(index)
    return {place.chapter.clauses[index].id for index in found}


def _blank(type: ClauseType, level: int | None, ordered: bool, indent: int) -> Clause:
    """Give a clause of a kind, without words."""
    mark = ("1." if ordered else "-") if type == "item" else ""
    return Clause(
        id=None,
        type=type,
        parts=("",),
        wording="",
        hash="",
        line=0,
        ordered=ordered,
        level=level if type == "heading" else None,
        mark=mark,
        indent=indent,
        content=indent + len(mark) + 1 if mark else indent,
        own_line=type in ("paragraph", "table", "quote", "code"),
    )


def _retyped(clause: Clause, text: str) -> Clause:
    """Give the clause with other words. Raises BadInput where they are not one clause."""
    typed = normalise(text).strip("\n").rstrip()
    if not typed.strip():
        raise BadInput("The wording is empty. To remove the clause, propose its removal.")
    if split_marker(typed)[1]:
        raise BadInput("Leave out the mark in braces at the end: it is kept for you.")
    part = f"{'#' * (clause.level or 1)} {typed.strip()}" if clause.type == "heading" else typed
    wording = wording_of(clause.type, (part,))
    new = replace(clause, parts=(part,), wording=wording, hash=wording_hash(clause.kind, wording))
    _check_one(new, part)
    return new


def _check_one(clause: Clause, part: str) -> None:
    lead = f"{clause.mark} " if clause.type == "item" else ""
    lead = f"[^{clause.label}]: " if clause.type == "note" else lead
    lines = part.split("\n")
    rest = [
        f"{' ' * (len(lead) if clause.type == 'item' else 4 if lead else 0)}{line}"
        for line in lines[1:]
    ]
    found = read_chapter("", "\n".join([lead + lines[0], *rest])).clauses
    if len(found) != 1 or found[0].kind != clause.kind or found[0].wording != clause.wording:
        raise BadInput(
            say(
                "This would not be one {spoken} any more. Keep it to one, without "
                "blank lines or list marks; a further clause is a suggestion of its own.",
                spoken=_SPOKEN[clause.type],
            )
        )


_SPOKEN: dict[str, str] = {
    "heading": "heading",
    "paragraph": "paragraph",
    "item": "list entry",
    "quote": "quotation",
    "code": "block of text as typed",
    "table": "table",
    "note": "footnote",
    "opaque": "block",
}


def _tree(chapters: Sequence[Chapter]) -> Tree:
    text = Report(tuple(chapters))
    three = ThreeWay.of(text, text, text)
    found: dict[str, Leaves] = {}
    number = 0
    for chapter in chapters:
        leaves: list[Leaf] = []
        top: Leaves = []
        for index, clause in enumerate(chapter.clauses):
            leaf = Leaf(("base", number + index), Content(clause, (chapter, index)))
            (top if clause.parent is None else leaves[clause.parent].under).append(leaf)
            leaves.append(leaf)
        found[chapter.path] = top
        number += len(chapter.clauses)
    return Tree(three, found, {chapter.path: chapter.path for chapter in chapters})


def _change(tree: Tree, changes: Edits) -> None:
    for path, top in tree.chapters.items():
        tree.chapters[path] = _changed(top, changes)


def _changed(leaves: Leaves, changes: Edits) -> Leaves:
    found: Leaves = []
    for leaf in leaves:
        assert isinstance(leaf, Leaf)
        leaf.under = _changed(leaf.under, changes)
        change = changes.get(leaf.content.clause.id) if leaf.content.clause.id else None
        found.extend(change(leaf) if change else [leaf])
    return found


def _rebuilt(
    report: Report,
    chapters: Sequence[Chapter],
    changes: Edits,
    expected: dict[str, str],
) -> Report:
    tree = _tree(chapters)
    _change(tree, changes)
    return _written(report, tree, expected)


def _placed(
    report: Report,
    chapters: Sequence[Chapter],
    leaf: Leaf,
    path: str,
    parent: ClauseId | None,
    after: ClauseId | None,
    expected: dict[str, str],
    tree: Tree | None = None,
) -> Report:
    tree = tree or _tree(chapters)
    family = tree.chapters[path]
    if parent is not None:
        family = next(one for one in _leaves(family) if one.content.clause.id == parent).under
    leaf.content = replace(leaf.content, clause=replace(leaf.content.clause, slot=1))
    family.insert(_position(family, after), leaf)
    return _written(report, tree, expected)


def _position(family: Leaves, after: ClauseId | None) -> int:
    """Find where in a family a clause goes: behind `after`; first, but behind front matter."""
    for index, leaf in enumerate(family):
        if isinstance(leaf, Leaf) and after is not None and leaf.content.clause.id == after:
            return index + 1
    if after is not None:
        raise BadInput(
            say(
                "The clause {after} does not stand there any more: choose the place again.",
                after=after,
            )
        )
    first = family[0] if family else None
    front = isinstance(first, Leaf) and first.content.clause.wording.startswith("---\n")
    return 1 if front else 0


def _leaves(leaves: Leaves) -> Iterator[Leaf]:
    for leaf in leaves:
        if isinstance(leaf, Leaf):
            yield leaf
            yield from _leaves(leaf.under)


def _written(report: Report, tree: Tree, expected: dict[str, str]) -> Report:
    """Write the tree; what was not meant to change must read as before."""
    wanted = {
        leaf.content.clause.id: leaf.content.clause.hash
        for top in tree.chapters.values()
        for leaf in _leaves(top)
    }
    new = {chapter.path: chapter for chapter in compose(tree).chapters}
    found = {clause.id: clause.hash for chapter in new.values() for clause in chapter.clauses}
    if found != wanted or any(found.get(ClauseId(k)) != v for k, v in expected.items()):
        raise BadInput(
            "This change cannot stand at that place without changing its neighbours too. "
            "Choose another place, or change the neighbouring clause as well."
        )
    kept = [new.get(chapter.path, chapter) for chapter in report.chapters]
    return Report(tuple(kept))
