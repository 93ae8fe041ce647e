"""Where each clause of a merge stands: moves and insertions of both sides put into one order.

Clauses that neither side moved are the skeleton of their family, in the order of the base; what
moved or is new goes into the gaps. Two insertions in one gap are rivals. A clause inserted into
a section travels with it when the other side moves the section.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from rapidfuzz.distance import LCSseq

from drafter.core.content import Content, Contents, competing
from drafter.core.threeway import Conflict, Family, Key, Side, ThreeWay, raw_source


@dataclass(slots=True)
class Leaf:
    """A clause at its place, with what stands under it. `slot` as in `Clause`."""

    key: Key
    content: Content
    under: list[Leaf | Conflict] = field(default_factory=list)


@dataclass(slots=True)
class Tree:
    """The merged text as a tree: for each chapter (path in the result) its top clauses.

    `origins`: the path of each chapter in the base. `twins`: insertions of ours that theirs made
    too, with their key there.
    """

    three: ThreeWay
    chapters: dict[str, list[Leaf | Conflict]]
    origins: dict[str, str]
    twins: dict[Key, Key] = field(default_factory=dict)

    def leaves(self) -> Iterator[Leaf | Conflict]:
        """Walk over all clauses and rival places in reading order."""
        for top in self.chapters.values():
            yield from _walk(top)

    def conflicts(self) -> list[Conflict]:
        """List what competes, in reading order."""
        found = []
        for leaf in self.leaves():
            conflict = leaf if isinstance(leaf, Conflict) else leaf.content.conflict
            if conflict:
                found.append(conflict)
        return found


def _walk(leaves: Sequence[Leaf | Conflict]) -> Iterator[Leaf | Conflict]:
    for leaf in leaves:
        yield leaf
        if isinstance(leaf, Leaf):
            yield from _walk(leaf.under)


def arrange(three: ThreeWay, contents: Contents) -> Tree:
    """Put the clauses into order. `contents` gains the clauses that must stay for what is in them.

    A clause that both sides moved to different places keeps its place in the base and competes.
    """
    forced: set[int] = set()
    while True:
        _keep_parents(three, contents, forced)
        arranger = _Arranger(three, dict(contents), forced)
        tree = arranger.tree()
        lost = {
            key[1]
            for key, content in contents.items()
            if key[0] == "base" and content is not None and key not in arranger.placed
        }
        if not lost:
            return tree
        assert not lost <= forced, "a clause of the base has no place in the merge"
        forced |= lost | arranger.forced


def _keep_parents(three: ThreeWay, contents: Contents, forced: set[int]) -> None:
    """Keep a removed item as long as something must stand under it; then it competes itself."""
    again = True
    while again:
        again = False
        for key, content in list(contents.items()):
            family = _goes_under(three, key, forced) if content else None
            if content and family and family[0] == "base" and contents[family] is None:  # type: ignore[index]
                base = three.base[int(family[1])]
                ours, theirs = three.ours.node(family), three.theirs.node(family)  # type: ignore[arg-type]
                kept = competing(base, ours, theirs, "delete-edit")
                settled = content.conflict is not None
                contents["base", base.number] = replace(kept, conflict=None) if settled else kept
                again = True


def _goes_under(three: ThreeWay, key: Key, forced: set[int]) -> Family:
    """Tell what a clause stands under in the result, before contradictions are found."""
    if key[0] != "base":
        side = three.ours if key[0] == "ours" else three.theirs
        return side.family(key[1])
    for side in three.sides():
        number = side.pairing.new_of.get(key[1])
        if key[1] in side.moved and number is not None and key[1] not in forced:
            return side.family(number)
    return three.base_family(key[1])


class _Arranger:
    """One attempt to build the tree; `forced` clauses stay where the base has them."""

    def __init__(self, three: ThreeWay, contents: Contents, forced: set[int]) -> None:
        self.three = three
        self.contents = contents
        self.base_families = three.base_families()
        self.placed: set[Key] = set()
        self.twins: dict[Key, Key] = {}
        self.forced = set(forced)
        self.moved = {side.name: set(side.moved) - self.forced for side in three.sides()}
        self._contradictions(forced)
        self.skeletons = {
            family: [key for key in keys if not self._is_moved(key)]
            for family, keys in self.base_families.items()
        }

    def _is_moved(self, key: Key) -> bool:
        return key[1] in self.moved["ours"] or key[1] in self.moved["theirs"]

    # Contradictory moves.

    def _contradictions(self, forced: set[int]) -> None:
        for number in self.moved["ours"] & self.moved["theirs"]:
            if self._destination(self.three.ours, number) != self._destination(
                self.three.theirs, number
            ):
                self.forced.add(number)
        for number in self.forced:
            content = self.contents.get(("base", number))
            if content and content.conflict is None:
                self.contents["base", number] = self._out_of_order(number, content)
            for moved in self.moved.values():
                moved.discard(number)

    def _out_of_order(self, number: int, content: Content) -> Content:
        key = ("base", number)
        base = self.three.base[number]
        found = competing(base, self.three.ours.node(key), self.three.theirs.node(key), "order")
        return replace(content, conflict=found.conflict)

    def _destination(self, side: Side, number: int) -> tuple[Family, Key | None]:
        """Tell where a side moved a clause: under what, and behind which clause that stayed."""
        new = side.pairing.new_of[number]
        family = side.family(new)
        last: Key | None = None
        for key in side.families[family]:
            if key == ("base", number):
                break
            if key[0] == "base" and not self._is_moved(key):
                last = key
        return family, last

    # Building the tree.

    def tree(self) -> Tree:
        chapters: dict[str, list[Leaf | Conflict]] = {}
        origins: dict[str, str] = {}
        for path, name in self._chapters():
            top = self.family(("chapter", path))
            if top or self._is_kept(path):
                chapters[name], origins[name] = top, path
        return Tree(self.three, chapters, origins, self.twins)

    def _chapters(self) -> Iterator[tuple[str, str]]:
        """Give each chapter's path in the base (else its own) and its path in the result."""
        known = [chapter.path for chapter in self.three.base_report.chapters]
        names: dict[str, list[str]] = {path: [] for path in known}
        for side in self.three.sides():
            for chapter in self.three.reports[side.name].chapters:
                path = side.chapters.get(chapter.path, chapter.path)
                names.setdefault(path, []).append(chapter.path)
        fresh = sorted(path for path in names if path not in known)
        for path in [*known, *fresh]:
            renamed = sorted(name for name in names[path] if name != path)
            yield path, renamed[0] if renamed else path

    def _is_kept(self, path: str) -> bool:
        """Tell whether an empty chapter stays a file: no side took it away."""
        has = [
            any(
                side.chapters.get(c.path, c.path) == path
                for c in self.three.reports[side.name].chapters
            )
            for side in self.three.sides()
        ]
        return all(has) or (any(has) and self.three.base_report.chapter(path) is None)

    def family(self, family: Family) -> list[Leaf | Conflict]:
        """Arrange what stands under `family`."""
        skeleton = self.skeletons.get(family, [])
        arrivals = {
            side.name: self._arrivals(side, family, skeleton) for side in self.three.sides()
        }
        found: list[Leaf | Conflict] = []
        for gap in range(-1, len(skeleton)):
            if gap >= 0:
                found.extend(self.leaf(skeleton[gap]))
            found.extend(
                self._mixed(arrivals["ours"].get(gap, []), arrivals["theirs"].get(gap, []))
            )
        return found

    def leaf(self, key: Key) -> Iterator[Leaf | Conflict]:
        """Give a clause with what is under it, and behind it what travels with it."""
        content = self.contents.get(key)
        if content is None or key in self.placed:
            return
        self.placed.add(key)
        leaf = Leaf(key, content)
        leaf.under = self._under(key)
        yield leaf
        follow = [self._followers(side, key) for side in self.three.sides()]
        if any(follow):
            yield from self._mixed(*follow)

    def _under(self, key: Key) -> list[Leaf | Conflict]:
        twin = self.twins.get(key)
        if twin is None:
            return self.family(key)
        ours, theirs = (
            side.families.get(family, [])
            for side, family in zip(self.three.sides(), (key, twin), strict=True)
        )
        return list(self._mixed(ours, theirs))

    def _arrivals(
        self, side: Side, family: Family, skeleton: Sequence[Key]
    ) -> dict[int, list[Key]]:
        """Give for each gap of the skeleton what this side put there, in its order."""
        position = {key: index for index, key in enumerate(skeleton)}
        found: dict[int, list[Key]] = {}
        gap = -1
        behind: Key | None = None
        for key in side.families.get(family, []):
            if key in position:
                gap, behind = position[key], None
            elif key[0] == "base" and key[1] not in self.moved[side.name]:
                behind = key
            elif key[0] == "base":
                behind = None
                found.setdefault(gap, []).append(key)
            elif behind is None or not self._travels(side, key, behind):
                found.setdefault(gap, []).append(key)
        return found

    # What travels with a section that the other side moved.

    def _followers(self, side: Side, key: Key) -> list[Key]:
        """List what this side inserted right behind `key`, where the other side moved `key`."""
        number = side.number(key)
        other = self.three.other(side)
        if key[0] != "base" or number is None or key[1] not in self.moved[other.name]:
            return []
        if key[1] in self.moved[side.name]:
            return []
        siblings = side.families[side.family(number)]
        found: list[Key] = []
        for near in siblings[siblings.index(key) + 1 :]:
            if near[0] == "base":
                break
            found.append(near)
        return [near for near in found if self._travels(side, near, key)]

    def _travels(self, side: Side, key: Key, behind: Key) -> bool:
        """Tell whether an insertion behind a clause that the other side moved goes with it.

        It does when the clause after it was moved along, or the heading above it.
        """
        other = self.three.other(side)
        siblings = [k for k in side.families[side.family(key[1])] if k[0] == "base" or k == key]
        at = siblings.index(key)
        after = next((k for k in siblings[at + 1 :] if k[0] == "base"), None)
        moved = self.moved[other.name]
        if after and after[1] in moved and self._next_in(other, behind) == after:
            return True
        for near in reversed(siblings[:at]):
            node = side.node(near)
            if node and node.clause.type == "heading":
                return near[0] == "base" and near[1] in moved
        return False

    def _next_in(self, side: Side, key: Key) -> Key | None:
        number = side.number(key)
        if number is None:
            return None
        siblings = [k for k in side.families[side.family(number)] if k[0] == "base"]
        at = siblings.index(key) + 1
        return siblings[at] if at < len(siblings) else None

    # Two lists of arrivals at one place.

    def _mixed(self, ours: Sequence[Key], theirs: Sequence[Key]) -> Iterator[Leaf | Conflict]:
        """Put what both sides have at one place into one row: equal ones once, rivals aside."""
        ours = [key for key in ours if self.contents.get(key) is not None]
        theirs = [key for key in theirs if self.contents.get(key) is not None]
        i = j = 0
        for a, b in [*self._equal(ours, theirs), (len(ours), len(theirs))]:
            yield from self._between(ours[i:a], theirs[j:b])
            if a < len(ours):
                yield from self._twin(ours[a], theirs[b])
            i, j = a + 1, b + 1

    def _equal(self, ours: Sequence[Key], theirs: Sequence[Key]) -> list[tuple[int, int]]:
        """Pair what both have, in order; the same pairs whichever side comes first."""
        spelled = [[self._name(key) for key in keys] for keys in (ours, theirs)]
        first, second = sorted(spelled)
        pairs = [
            (block.a + step, block.b + step)
            for block in LCSseq.opcodes(first, second).as_matching_blocks()
            for step in range(block.size)
        ]
        return pairs if first is spelled[0] else [(b, a) for a, b in pairs]

    def _name(self, key: Key) -> str:
        content = self.contents[key]
        assert content is not None
        return f"base {key[1]}" if key[0] == "base" else content.clause.hash

    def _twin(self, ours: Key, theirs: Key) -> Iterator[Leaf | Conflict]:
        """Put in one clause that both sides have here: moved by both, or inserted by both."""
        if ours != theirs:
            one, two = self.contents[ours], self.contents[theirs]
            assert one is not None
            assert two is not None
            self.contents[ours] = _one_of(one, two)
            self.twins[ours] = theirs
            self.placed.add(theirs)
        yield from self.leaf(ours)

    def _between(self, ours: Sequence[Key], theirs: Sequence[Key]) -> Iterator[Leaf | Conflict]:
        new = [[key for key in keys if key[0] != "base"] for keys in (ours, theirs)]
        if new[0] and new[1]:
            yield self._rivals(new[0], new[1])
            ours = [key for key in ours if key[0] == "base"]
            theirs = [key for key in theirs if key[0] == "base"]
        rows = sorted(
            (ours, theirs), key=lambda keys: (any(k[0] != "base" for k in keys), *keys[:1])
        )
        for keys in rows:
            for key in keys:
                yield from self.leaf(key)

    def _rivals(self, ours: Sequence[Key], theirs: Sequence[Key]) -> Conflict:
        """Make the place where both sides inserted something else; the text has neither."""
        texts, sources = [], []
        for side, keys in zip(self.three.sides(), (ours, theirs), strict=True):
            nodes = [node for key in keys for node in self._with_nested(side, key)]
            texts.append("\n\n".join(node.clause.wording for node in nodes))
            sources.append("\n\n".join(raw_source(node.chapter, node.index) for node in nodes))
        return Conflict(
            None, None, texts[0], texts[1], "rival-insertion", ("", sources[0], sources[1]), ()
        )

    def _with_nested(self, side: Side, key: Key) -> Iterator:  # type: ignore[type-arg]
        node = side.node(key)
        if node is not None:
            yield node
            for under in side.families.get(key, []):
                if under[0] != "base":
                    yield from self._with_nested(side, under)


def _one_of(one: Content, two: Content) -> Content:
    """Make one insertion of two equal ones: the lexically first id, with the other in `was`."""
    first, second = sorted(
        (one, two), key=lambda content: (content.clause.id or "~", _lines(content))
    )
    ids = (first.clause.id, second.clause.id)
    origin = tuple(sorted({*first.clause.origin, *second.clause.origin}))
    origin = first.clause.origin if first.clause.origin == second.clause.origin else origin
    was = list(first.clause.was)
    for name in (*second.clause.was, ids[1]):
        if name and name != ids[0] and name not in was:
            was.append(name)
    named = replace(first.clause, origin=origin, was=tuple(was))
    return replace(first, clause=named)


def _lines(content: Content) -> tuple[str, ...]:
    source = raw_source(*content.source) if content.source else ""
    return (*content.clause.parts, source)
