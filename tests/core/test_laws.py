"""Laws of diff, merge, consequences and carried ids, on texts and edits made by chance."""

from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from drafter.core.carrying import carry_ids
from drafter.core.clauses import Clause, Report
from drafter.core.consequences import Proposal, consequences
from drafter.core.diff import Change, diff_reports
from drafter.core.effects import instructions_between
from drafter.core.merge import Merge, merge_reports
from drafter.core.provenance import Snapshot, histories
from drafter.core.reading import read_chapter
from tests.core.texts import PATH, WORDS, document, edited, report, sentence

seeds = st.integers(0, 2**32)


def three(seed: int) -> tuple[Report, Report, Report]:
    chance, taken = random.Random(seed), set[str]()
    base = report(chance, taken)
    return base, edited(chance, base, "x", taken), edited(chance, base, "y", taken)


def shape(text: Report) -> list[tuple[object, ...]]:
    return [(c.id, c.kind, c.wording, c.parent) for ch in text.chapters for c in ch.clauses]


def by_id(text: Report) -> dict[str, Clause]:
    return {c.id: c for ch in text.chapters for c in ch.clauses if c.id}


def settled(merge: Merge) -> list[tuple[str, ...]]:
    return sorted(
        (c.clause or "", c.why, *sorted((c.ours or "", c.theirs or ""))) for c in merge.competing
    )


@given(seeds)
def test_merging_gives_the_same_whichever_side_comes_first(seed: int) -> None:
    base, ours, theirs = three(seed)
    one, two = merge_reports(base, ours, theirs), merge_reports(base, theirs, ours)
    assert one.text == two.text
    assert settled(one) == settled(two)


@given(seeds)
def test_merging_with_an_untouched_side_gives_the_other_side(seed: int) -> None:
    base, ours, _ = three(seed)
    for merge in (merge_reports(base, ours, base), merge_reports(base, ours, ours)):
        assert merge.clean
        assert shape(merge.report) == shape(ours)


@given(seeds)
def test_nothing_that_one_side_changed_is_lost_and_nothing_removed_comes_back(seed: int) -> None:
    base, ours, theirs = three(seed)
    merge = merge_reports(base, ours, theirs)
    result, was = by_id(merge.report), by_id(base)
    rivals = " ".join(f"{c.ours} {c.theirs}" for c in merge.competing if c.base is None)
    heirs = {name for clause in result.values() for name in clause.was}
    open_places = {c.clause for c in merge.competing}
    for mine, other in ((by_id(ours), by_id(theirs)), (by_id(theirs), by_id(ours))):
        for name, clause in mine.items():
            if name not in was:
                assert name in result or name in heirs or clause.wording in rivals
            elif name in other and other[name].hash == was[name].hash != clause.hash:
                assert result[name].hash == clause.hash
        for name in was.keys() - mine.keys():
            left_alone = name in other and other[name].hash == was[name].hash
            if left_alone and name not in open_places and name in result:
                inside = [c for c in result.values() if _parent(merge.report, c) == name]
                assert inside, f"{name} came back"


def _parent(text: Report, clause: Clause) -> str | None:
    place = text.locate(str(clause.id))
    return place.parent if place else None


@given(seeds)
def test_ids_stay_unique_in_a_merge(seed: int) -> None:
    names = [name for name, *_ in shape(merge_reports(*three(seed)).report) if name]
    assert len(names) == len(set(names))


@given(seeds)
def test_applying_a_diff_to_the_old_text_gives_the_new(seed: int) -> None:
    base, ours, _ = three(seed)
    diff = diff_reports(base, ours)
    assert applied(base, diff.changes) == standing(ours)
    for change in diff.changes:
        old = "".join(text for mark, text in change.words if mark != "+")
        new = "".join(text for mark, text in change.words if mark != "-")
        assert old == "\n".join(side.text for side in change.sides("old"))
        assert new == "\n".join(side.text for side in change.sides("new"))


Standing = dict[str | None, list[tuple[str, str]]]


def standing(text: Report) -> Standing:
    """Give for each parent its clauses in order, as (id, wording)."""
    found: Standing = {}
    for place in text.places():
        found.setdefault(place.parent, []).append((str(place.clause.id), place.clause.wording))
    return found


def applied(base: Report, changes: tuple[Change, ...]) -> Standing:
    """Apply a list of changes by what it says alone: words, parent, and the clause before."""
    found = standing(base)
    gone = {s.id for c in changes for s in c.sides("old") if c.kind != "edited"}
    words = {s.id: s.text for c in changes for s in c.sides("new")}
    stays = {
        s.id for c in changes if c.kind in ("formatting", "split", "joined") for s in c.sides("new")
    }
    for parent, family in found.items():
        found[parent] = [
            (name, words.get(name, text)) for name, text in family if name not in gone - stays
        ]
    placed = [s for c in changes if c.kind != "edited" for s in c.sides("new") if s.id not in stays]
    placed += [
        s
        for c in changes
        if c.kind in ("split", "joined")
        for s in c.sides("new")
        if all(s.id != name for family in found.values() for name, _ in family)
    ]
    waiting = list(placed)
    while waiting:
        for side in list(waiting):
            family = found.setdefault(side.parent, [])
            names = [name for name, _ in family]
            if side.after is None or side.after in names:
                at = 0 if side.after is None else names.index(str(side.after)) + 1
                family.insert(at, (str(side.id), side.text))
                waiting.remove(side)
    return {parent: family for parent, family in found.items() if family}


@given(seeds)
def test_predicted_consequences_are_what_happens(seed: int) -> None:
    chance, taken = random.Random(seed), set[str]()
    main = report(chance, taken)
    texts = [edited(chance, main, salt, taken) for salt in "xyz"]
    accepted, *others = (Proposal(n, main, text) for n, text in enumerate(texts, 1))
    after = merge_reports(main, main, accepted.proposed).report
    for predicted, other in zip(consequences(main, accepted, others), others, strict=True):
        before = merge_reports(main, main, other.proposed)
        now = merge_reports(main, after, other.proposed)
        asked = set(instructions_between(main, before.report))
        left = set(instructions_between(after, now.report))
        if not now.clean:
            assert predicted.effect in ("competes", "lapses")
        elif not left:
            assert predicted.effect == ("lapses" if asked else "unchanged")
        else:
            assert predicted.effect == ("unchanged" if asked == left else "merges")


@given(seeds)
def test_ids_are_carried_through_any_row_of_edits(seed: int) -> None:
    """Insert, move, split, join, retitle, remove and add again: on bare texts, as imports are."""
    chance = random.Random(seed)
    blocks = document(chance, blocks=(5, 9)).rstrip("\n").split("\n\n")
    text, taken = Report(()), set[str]()
    snapshots, removed = [], list[str]()
    for step in range(4):
        before = text
        text = carry_ids(before, _bare(blocks), taken)
        names = [c.id for c in text.chapters[0].clauses if c.type != "opaque"]
        assert None not in names
        assert len(set(names)) == len(names)
        assert not (text.ids - before.ids) & taken, "an id was used again"
        old = {c.hash: c.id for ch in before.chapters for c in ch.clauses}
        unique = _single([c.hash for ch in (*before.chapters, *text.chapters) for c in ch.clauses])
        for clause in text.chapters[0].clauses:
            if clause.hash in old and clause.hash in unique:
                assert clause.id == old[clause.hash], "an unchanged clause lost its id"
        taken |= text.ids
        snapshots.append(Snapshot(f"v{step + 1}", text))
        blocks = _edited_blocks(chance, blocks, removed)
    known = histories(snapshots)
    assert set(known) == taken, "an id does not resolve"


def _bare(blocks: list[str]) -> Report:
    return Report((read_chapter(PATH, "\n\n".join(blocks) + "\n"),))


def _single(hashes: list[str]) -> set[str]:
    """Give the hashes that stand at most once in each of the two texts."""
    return {name for name in hashes if hashes.count(name) <= 2}


def _edited_blocks(chance: random.Random, blocks: list[str], removed: list[str]) -> list[str]:
    blocks = list(blocks)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(blocks))
        kind = chance.choice(("insert", "move", "split", "join", "word", "remove", "again"))
        if kind == "insert":
            blocks.insert(at, sentence(chance))
        elif kind == "move":
            blocks.insert(chance.randrange(len(blocks)), blocks.pop(at))
        elif kind == "split" and ". " in blocks[at] and blocks[at][0].isalpha():
            blocks[at : at + 1] = [part.rstrip(".") + "." for part in blocks[at].split(". ", 1)]
        elif kind == "join" and at + 1 < len(blocks):
            if blocks[at][0].isalpha() and blocks[at + 1][0].isalpha():
                blocks[at : at + 2] = [f"{blocks[at]} {blocks[at + 1]}"]
        elif kind == "word":
            words = blocks[at].split(" ")
            words[-1] = chance.choice(WORDS) + "."
            blocks[at] = " ".join(words)
        elif kind == "remove" and len(blocks) > 3:
            removed.append(blocks.pop(at))
        elif kind == "again" and removed:
            blocks.insert(at, removed.pop())
    return blocks
