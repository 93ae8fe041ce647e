"""A generated report: as long as a real one, its words as unevenly common, always the same.

40 chapters, each a title and clauses of about 60 words, 1,500 clauses in all, one in four an item
of a list. `revised` gives its next version, and says what was done to it.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from drafter.core.clauses import Chapter, Report
from drafter.core.marking import add_ids_to_report, unmarked
from drafter.core.reading import read_chapter

SEED = 1832
CHAPTERS = 40
CLAUSES = 1500
EDITED = 150
MOVED = 20

_COMMON = (
    "the of and to in a is that for it be by shall on with as may not are an or any from at its no"
)
_SYLLABLES = (
    "ba be bo ca ce co da de di fa fe fi ga ge ha he hi la le li lo ma me mi mo na ne ni no pa pe "
    "po ra re ri ro sa se si so ta te ti to tu va ve vi vo wa we"
)
_ENDINGS = ("", "n", "r", "s", "t", "l", "d", "tion", "ment", "ty", "ing", "ed")

NEWLINE = "\n"
Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Block:
    """A clause before it is written: which it is, its words, and whether it is a list item."""

    key: int
    words: Lines
    item: bool

    @property
    def text(self) -> str:
        """Its Markdown, on one line, as one sentence or two."""
        half = len(self.words) // 2
        first, second = self.words[:half], self.words[half:]
        return " ".join(f"{' '.join(part).capitalize()}." for part in (first, second) if part)


Text = tuple[tuple[Block, ...], ...]
"""The blocks of each chapter."""


@dataclass(frozen=True, slots=True)
class Revision:
    """Two versions, and the truth about what lies between them.

    `edited` pairs the old wording with the new; `moved` lists wordings that stand elsewhere.
    """

    old: Report
    new: Report
    edited: frozenset[tuple[str, str]]
    moved: frozenset[str]


def generated(seed: int = SEED) -> Report:
    """Give the first version, every clause with its id."""
    return add_ids_to_report(_written(_invent(random.Random(seed))))


def revised(seed: int = SEED, *, ids: bool = True) -> Revision:
    """Give both versions: 150 clauses edited, 20 others moved; without `ids` as bare Markdown."""
    chance = random.Random(seed)
    text = _invent(chance)
    old = add_ids_to_report(_written(text))
    changed, edited, moved = _revise(text, chance)
    new = _written(changed, _markers(old, text))
    if not ids:
        old, new = bare(old), bare(new)
    return Revision(old, new, edited, moved)


def bare(report: Report) -> Report:
    """Give the report without its markers."""
    return Report(tuple(_bare(chapter) for chapter in report.chapters))


def _bare(chapter: Chapter) -> Chapter:
    stretches = [
        unmarked(segment.raw, chapter.clauses[segment.clause]) + segment.gap
        for segment in chapter.segments
    ]
    return read_chapter(chapter.path, chapter.lead + "".join(stretches))


def _invent(chance: random.Random) -> Text:
    words = _vocabulary(chance)
    weights = [1 / (rank + 3) for rank in range(len(words))]
    chapters: list[list[Block]] = [[] for _ in range(CHAPTERS)]
    for key in range(CLAUSES):
        chapter = chapters[key * CHAPTERS // CLAUSES]
        sentence = tuple(chance.choices(words, weights, k=chance.randint(40, 80)))
        chapter.append(Block(key, sentence, len(chapter) % 8 in (5, 6)))
    return tuple(map(tuple, chapters))


def _vocabulary(chance: random.Random) -> list[str]:
    syllables = _SYLLABLES.split()
    rare = {
        "".join(chance.choices(syllables, k=chance.randint(2, 4))) + chance.choice(_ENDINGS)
        for _ in range(6000)
    }
    return [*_COMMON.split(), *sorted(rare, key=lambda word: (len(word), word))]


def _revise(
    text: Text, chance: random.Random
) -> tuple[Text, frozenset[tuple[str, str]], frozenset[str]]:
    blocks = {block.key: block for chapter in text for block in chapter}
    chosen = chance.sample(sorted(blocks), EDITED + MOVED)
    new = {
        key: replace(blocks[key], words=_reworded(blocks[key].words, chance))
        for key in chosen[:EDITED]
    }
    moving = [blocks[key] for key in chosen[EDITED:]]
    chapters = [
        [new.get(block.key, block) for block in chapter if block not in moving] for chapter in text
    ]
    for block in moving:
        elsewhere = [number for number in range(CHAPTERS) if block not in text[number]]
        target = chapters[chance.choice(elsewhere)]
        target.insert(chance.randint(0, len(target)), block)
    edited = frozenset((blocks[key].text, block.text) for key, block in new.items())
    return tuple(map(tuple, chapters)), edited, frozenset(block.text for block in moving)


def _reworded(words: Lines, chance: random.Random) -> Lines:
    """Change a clause as people do: a few words replaced, some added, some struck out."""
    new = list(words)
    for _ in range(chance.randint(1, 3)):
        at = chance.randrange(len(new) - 6)
        kind = chance.choice(("replace", "insert", "remove"))
        fresh = [f"{word}{chance.randint(2, 99)}" for word in ("section", "part", "rule")]
        new[at : at + (0 if kind == "insert" else 4)] = [] if kind == "remove" else fresh
    return tuple(new)


def _written(text: Text, markers: Mapping[int, str] = MappingProxyType({})) -> Report:
    """Write the chapters; `markers` by key, a chapter's title under -1, -2, …"""
    chapters = []
    for number, blocks in enumerate(text, 1):
        title = f"# Chapter {number}"
        found = [f"{title} {markers[-number]}" if markers else title]
        for before, block in zip((None, *blocks), blocks, strict=False):
            line = f"- {block.text}" if block.item else block.text
            if markers:
                line += f"{' ' if block.item else NEWLINE}{markers[block.key]}"
            follows = before is not None and before.item and block.item
            found.append(f"{NEWLINE if follows else NEWLINE * 2}{line}")
        path = f"drafts/{number:02d}-chapter.md"
        chapters.append(read_chapter(path, "".join(found) + NEWLINE))
    return Report(tuple(chapters))


def _markers(report: Report, text: Text) -> dict[int, str]:
    """Give the markers of a report by the keys of the blocks it was written from."""
    found: dict[int, str] = {}
    for number, (chapter, blocks) in enumerate(zip(report.chapters, text, strict=True), 1):
        keys = (-number, *(block.key for block in blocks))
        found |= {
            key: str(clause.marker) for key, clause in zip(keys, chapter.clauses, strict=True)
        }
    return found
