"""Which clause of an old text is which clause of a new one.

First by id, then by equal words in order, by equal words elsewhere, by likeness (the best set
of pairs as a whole, not one after the other), and by place. Splits and joins are found from
lineage (`was`) and from the words. Knows nothing of what changed inside a pair.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

from rapidfuzz.distance import Indel, LCSseq

from drafter.core.assignment import best_pairs
from drafter.core.clauses import Clause, Report
from drafter.core.index import Index, Node, index_of
from drafter.core.wording import tokens_of

ALIKE = 0.5
"""From this likeness on (2 × common words in order / all words) two clauses may be one."""

ALIKE_IN_PLACE = 0.3
"""The same, where both stand alone between the same neighbours."""

ALIKE_AT_BEGINNING = 0.4
"""The same, between the same neighbours, where both begin with the same two words."""

CONTAINED = 0.8
"""A clause is a part of another where this share of its words stands in it, in order."""

REWRITTEN = 0.1
"""Where fewer than this share of the ids are common to both texts, ids tell nothing."""

_PROSE = ("paragraph", "item", "quote", "note")
_FEW_IDS = 4
_RARE_WORDS = 12
_MOST_CANDIDATES = 8


@dataclass(slots=True)
class Pairing:
    """Old and new clauses in reading order, and which belong together (by number).

    `old_of` maps new to old and `new_of` old to new, one to one. `split` maps an old clause to
    all the new ones it became, `joined` a new one to all the old ones it was made of, each in
    reading order; the one that carries on is in `old_of` too.
    """

    old_index: Index
    new_index: Index
    old_of: dict[int, int] = field(default_factory=dict)
    new_of: dict[int, int] = field(default_factory=dict)
    split: dict[int, tuple[int, ...]] = field(default_factory=dict)
    joined: dict[int, tuple[int, ...]] = field(default_factory=dict)
    rewritten: bool = False

    @property
    def old(self) -> list[Node]:
        """The old clauses in reading order."""
        return self.old_index.nodes

    @property
    def new(self) -> list[Node]:
        """The new clauses in reading order."""
        return self.new_index.nodes

    def may_pair(self, old: int, new: int) -> bool:
        """Tell whether two clauses can be one as far as ids go.

        Two ids are two clauses, however alike, unless the whole text was given other ids.
        """
        ids = self.old[old].clause.id, self.new[new].clause.id
        return self.rewritten or None in ids or ids[0] == ids[1]

    def pair(self, old: int, new: int) -> None:
        """Note that two clauses are one."""
        self.new_of[old], self.old_of[new] = new, old

    def free_old(self) -> list[int]:
        """Old clauses without a pair."""
        return [node.number for node in self.old if node.number not in self.new_of]

    def free_new(self) -> list[int]:
        """New clauses without a pair."""
        return [node.number for node in self.new if node.number not in self.old_of]


def pair_reports(old: Report, new: Report) -> Pairing:
    """Pair the clauses of two texts."""
    pairing = Pairing(index_of(old), index_of(new))
    _by_id(pairing)
    pairing.rewritten = _ids_were_rewritten(pairing)
    if pairing.free_old() and pairing.free_new():
        _by_lineage(pairing)
        words = _Words(pairing)
        _equal_in_order(pairing, _hash)
        _equal_in_order(pairing, _wording)
        _equal_elsewhere(pairing)
        _by_likeness(pairing, words)
        _by_place(pairing, words)
        _splits_and_joins(pairing, words)
    _lineage_splits_and_joins(pairing)
    return pairing


def _by_id(pairing: Pairing) -> None:
    old = pairing.old_index.ids
    for clause_id, number in pairing.new_index.ids.items():
        if clause_id in old:
            pairing.pair(old[clause_id], number)


def _ids_were_rewritten(pairing: Pairing) -> bool:
    """Tell whether a text came back with ids that are nearly all others."""
    fewest = min(pairing.old_index.named, pairing.new_index.named)
    return fewest >= _FEW_IDS and len(pairing.old_of) < REWRITTEN * fewest


def _by_lineage(pairing: Pairing) -> None:
    """Pair a new clause with the ancestor it names, where that is gone and has no other heir."""
    old, new = pairing.old_index.ids, pairing.new_index.ids
    for number in pairing.free_new():
        gone = [old[was] for was in pairing.new[number].clause.was if was in old and was not in new]
        if gone and gone[0] not in pairing.new_of:
            pairing.pair(gone[0], number)


class _Words:
    """The words of each clause, each word as one character, so that rapidfuzz is fast on them."""

    def __init__(self, pairing: Pairing) -> None:
        self.names: dict[str, str] = {}
        self.old: dict[int, str] = {}
        self.new: dict[int, str] = {}
        self.pairing = pairing

    def _spell(self, node: Node) -> str:
        tokens = tokens_of(node.clause.type, node.clause.parts)
        words = [token.shown.casefold() for token in tokens if token.kind == "word"]
        names = self.names
        return "".join([names.setdefault(word, chr(0x10000 + len(names))) for word in words])

    def of_old(self, number: int) -> str:
        if number not in self.old:
            self.old[number] = self._spell(self.pairing.old[number])
        return self.old[number]

    def of_new(self, number: int) -> str:
        if number not in self.new:
            self.new[number] = self._spell(self.pairing.new[number])
        return self.new[number]


def _hash(clause: Clause) -> str:
    return clause.hash


def _wording(clause: Clause) -> str:
    """Give what a clause that changed its kind or its heading level still has; opaque ones none."""
    return "" if clause.type == "opaque" else clause.wording


def _equal_in_order(pairing: Pairing, same: Callable[[Clause], str]) -> None:
    """Pair clauses that are the `same` along the longest run that both texts have in order.

    What stands where it stood is found before what may have come from elsewhere: a text in which
    every heading changed its level must not seem to have exchanged the headings that are alike.
    """
    names: dict[object, int] = {}

    def name(key: object) -> int:
        return names.setdefault(key, len(names))

    def spell(nodes: Sequence[Node], other: dict[int, int], old: bool) -> list[int]:
        keys: list[object] = []
        for node in nodes:
            pair = other.get(node.number)
            paired = node.number if old else pair
            keys.append(("pair", paired) if pair is not None else same(node.clause))
        return [name(key) for key in keys]

    first = spell(pairing.old, pairing.new_of, True)
    second = spell(pairing.new, pairing.old_of, False)
    nothing = names.get("")
    for block in LCSseq.opcodes(first, second).as_matching_blocks():
        for step in range(block.size):
            old, new = block.a + step, block.b + step
            free = first[old] != nothing and old not in pairing.new_of
            if free and pairing.may_pair(old, new):
                pairing.pair(old, new)


def _equal_elsewhere(pairing: Pairing) -> None:
    """Pair equal words that stand in another order: what moved, then what changed its kind.

    Of several that read alike, the one in the same chapter is taken.
    """
    for exact in (True, False):
        places: dict[str, list[int]] = defaultdict(list)
        for number in pairing.free_old():
            clause = pairing.old[number].clause
            if clause.type != "opaque" and clause.wording:
                places[clause.hash if exact else clause.wording].append(number)
        for number in pairing.free_new():
            clause, path = pairing.new[number].clause, pairing.new[number].chapter.path
            found = places.get(clause.hash if exact else clause.wording, [])
            fitting = [old for old in found if pairing.may_pair(old, number)]
            near = (old for old in fitting if pairing.old[old].chapter.path == path)
            old = next(near, fitting[0] if fitting else None)
            if old is not None and clause.type != "opaque":
                found.remove(old)
                pairing.pair(old, number)


def _by_likeness(pairing: Pairing, words: _Words) -> None:
    """Pair clauses that share enough words, so that all pairs together are the most alike."""
    candidates = _candidates(pairing, words)
    for old, new in best_pairs(candidates):
        pairing.pair(old, new)


def _candidates(pairing: Pairing, words: _Words) -> list[tuple[int, int, float]]:
    """List pairs worth weighing with their likeness, found by the rare words they share."""
    old_numbers = [number for number in pairing.free_old() if words.of_old(number)]
    found_in: dict[str, list[int]] = defaultdict(list)
    for number in old_numbers:
        for word in set(words.of_old(number)):
            found_in[word].append(number)
    found = []
    for new in pairing.free_new():
        for old in _sharing(words.of_new(new), found_in):
            likeness = _likeness(pairing, words, old, new)
            if likeness >= ALIKE:
                found.append((old, new, likeness))
    return found


def _sharing(spelled: str, found_in: dict[str, list[int]]) -> list[int]:
    known = sorted((w for w in set(spelled) if w in found_in), key=lambda w: len(found_in[w]))
    votes: Counter[int] = Counter()
    for word in known[:_RARE_WORDS]:
        for old in found_in[word][:200]:
            votes[old] += 1 / len(found_in[word])  # type: ignore[assignment]
    return [old for old, _ in votes.most_common(_MOST_CANDIDATES)]


def _may_be_one(old: Clause, new: Clause) -> bool:
    """Tell whether words can pass between clauses of these types when one is split or joined."""
    return old.type == new.type or (old.type in _PROSE and new.type in _PROSE)


def _likeness(pairing: Pairing, words: _Words, old: int, new: int) -> float:
    """Say how much two clauses have in common; below `ALIKE` they are two.

    A clause may become another kind of block as it is reworded, except tables and code. Among
    kinds of prose it only prefers its own; prose that became a heading must be more alike.
    """
    one, two = pairing.old[old].clause, pairing.new[new].clause
    prose = _may_be_one(one, two)
    if not (prose or _may_change_kind(one, two)) or not pairing.may_pair(old, new):
        return 0.0
    first, second = words.of_old(old), words.of_new(new)
    alike = Indel.normalized_similarity(first, second)
    shorter = min(len(first), len(second))
    if shorter >= 5 and prose:
        held = LCSseq.similarity(first, second) / shorter
        alike = max(alike, 0.9 * held if held >= CONTAINED else 0.0)
    if shorter < 3 and alike < 1:
        alike -= 0.25
    if one.type != two.type:
        alike = max(alike - 0.1, min(alike, ALIKE)) if prose else alike - 0.25
    return alike + (0.02 if _same_neighbour(pairing, old, new) else 0.0)


def _may_change_kind(old: Clause, new: Clause) -> bool:
    """Tell whether a clause of one type may be one of the other: a line that became a heading."""
    types = {old.type, new.type}
    return bool(types & set(_PROSE)) and bool(types & {"heading", "opaque"})


def _same_neighbour(pairing: Pairing, old: int, new: int) -> bool:
    return pairing.new_of.get(old - 1) == new - 1 or pairing.new_of.get(old + 1) == new + 1


def _by_place(pairing: Pairing, words: _Words) -> None:
    """Pair what stands between the same neighbours and is alike enough for that.

    Headings, tables and code one after the other; the rest where it stands alone, or begins alike.
    """
    for olds, news in _gaps(pairing):
        types = dict.fromkeys(pairing.new[new].clause.type for new in news)
        for clause_type in types:
            one = [n for n in olds if pairing.old[n].clause.type == clause_type]
            two = [n for n in news if pairing.new[n].clause.type == clause_type]
            if clause_type in ("heading", "opaque", "table", "code") and len(one) == len(two):
                for old, new in zip(one, two, strict=True):
                    if pairing.may_pair(old, new) and _fits(pairing, words, old, new):
                        pairing.pair(old, new)
            elif len(one) == len(two) == 1 and pairing.may_pair(one[0], two[0]):
                first, second = words.of_old(one[0]), words.of_new(two[0])
                if Indel.normalized_similarity(first, second) >= ALIKE_IN_PLACE:
                    pairing.pair(one[0], two[0])
            else:
                _by_beginning(pairing, words, one, two)


def _by_beginning(pairing: Pairing, words: _Words, olds: list[int], news: list[int]) -> None:
    """Pair, in order, what begins with the same words where more stand now, or fewer, than did."""
    left = list(olds)
    for new in news:
        second = words.of_new(new)
        for old in left:
            first = words.of_old(old)
            same = len(first) > 1 and first[:2] == second[:2] and pairing.may_pair(old, new)
            if same and Indel.normalized_similarity(first, second) >= ALIKE_AT_BEGINNING:
                pairing.pair(old, new)
                left = [number for number in left if number > old]
                break


def _fits(pairing: Pairing, words: _Words, old: int, new: int) -> bool:
    """Tell whether two headings (tables…) at one place are one: alike, or with the same text."""
    likeness = Indel.normalized_similarity(words.of_old(old), words.of_new(new))
    return likeness >= 0.25 or pairing.new_of.get(old + 1, -1) == new + 1


def _gaps(pairing: Pairing) -> Iterable[tuple[list[int], list[int]]]:
    """Give the runs of unpaired clauses that stand between the same neighbours in both texts."""
    new = 0
    while new < len(pairing.new):
        if new in pairing.old_of:
            new += 1
            continue
        end = new
        while end < len(pairing.new) and end not in pairing.old_of:
            end += 1
        before = pairing.old_of.get(new - 1, -1 if new == 0 else None)
        news = list(range(new, end))
        new = end
        after = pairing.old_of.get(end, len(pairing.old) if end == len(pairing.new) else None)
        olds = _free_run(pairing, before, after)
        if olds:
            yield olds, news


def _free_run(pairing: Pairing, before: int | None, after: int | None) -> list[int]:
    """List the unpaired old clauses right after `before`, or right before `after`."""
    run: list[int] = []
    if before is not None:
        number = before + 1
        while number < len(pairing.old) and number not in pairing.new_of:
            run.append(number)
            number += 1
    elif after is not None:
        number = after - 1
        while number >= 0 and number not in pairing.new_of:
            run.insert(0, number)
            number -= 1
    return run


def _splits_and_joins(pairing: Pairing, words: _Words) -> None:
    """Find, beside each reworded pair, the clauses that hold the rest of its words."""
    for old, new in sorted(pairing.new_of.items()):
        first, second = pairing.old[old].clause, pairing.new[new].clause
        if first.wording == second.wording or first.type == "opaque":
            continue
        group = _grow(words.of_old(old), pairing.new, new, pairing.old_of, words.of_new)
        if len(group) > 1:
            pairing.split[old] = group
            continue
        group = _grow(words.of_new(new), pairing.old, old, pairing.new_of, words.of_old)
        if len(group) > 1:
            pairing.joined[new] = group


def _grow(
    whole: str,
    nodes: Sequence[Node],
    start: int,
    paired: dict[int, int],
    spell: Callable[[int], str],
) -> tuple[int, ...]:
    """Grow a run of siblings from `start` while each adds words of `whole`."""
    group = [start]
    text = spell(start)
    for step in (1, -1):
        near = _sibling(nodes, start, step)
        while near is not None and near not in paired and spell(near):
            grown = text + spell(near) if step == 1 else spell(near) + text
            gain = LCSseq.similarity(whole, grown) - LCSseq.similarity(whole, text)
            if gain < _least_gain(nodes[near], spell(near)):
                break
            text = grown
            group.insert(len(group) if step == 1 else 0, near)
            near = None if nodes[near].clause.type == "heading" else _sibling(nodes, near, step)
    return tuple(group)


def _least_gain(node: Node, words: str) -> float:
    """Tell how many words a part must add: a heading, which only leads a text, all of its own."""
    return max(2, len(words) * (1 if node.clause.type == "heading" else 0.6))


def _sibling(nodes: Sequence[Node], number: int, step: int) -> int | None:
    """Give the clause next to `number` under the same parent, of a type that words can pass to."""
    node = nodes[number]
    near = number + step
    while 0 <= near < len(nodes) and nodes[near].chapter is node.chapter:
        clause = nodes[near].clause
        if clause.parent == node.clause.parent:
            leads = step == -1 and clause.type == "heading" and node.clause.type == "paragraph"
            same = _may_be_one(node.clause, clause) and clause.type != "opaque"
            return near if same or leads else None
        near += step
    return None


def _lineage_splits_and_joins(pairing: Pairing) -> None:
    """Add the splits and joins that the clauses themselves record in `was`."""
    old, new = pairing.old_index.ids, pairing.new_index.ids
    for number in pairing.new_index.heirs:
        node = pairing.new[number]
        known: set[str] = set()
        if number in pairing.old_of:
            known |= set(pairing.old[pairing.old_of[number]].clause.was)
        for was in node.clause.was:
            if was not in old or was in known:
                continue
            ancestor = old[was]
            if number not in pairing.old_of and was in new:
                group = {*pairing.split.get(ancestor, (new[was],)), number}
                pairing.split[ancestor] = tuple(sorted(group))
            elif number in pairing.old_of and ancestor not in pairing.new_of:
                group = {*pairing.joined.get(number, (pairing.old_of[number],)), ancestor}
                pairing.joined[number] = tuple(sorted(group))
