"""What changed inside one clause, word by word, as a person would mark it with a pencil.

`align` finds the words that stayed (rapidfuzz, longest common subsequence); the rest groups what
changed into phrases. Merging uses the alignment alone: the grouping is for readers.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Sequence
from typing import Literal, NamedTuple

from rapidfuzz.distance import Indel, LCSseq

from drafter.core.wording import Token

Mark = Literal["=", "-", "+"]
Piece = tuple[Mark, str]
Match = tuple[int, int]

WHOLE = 0.6
"""Above this share of changed words, on both sides, the whole old and the whole new are shown."""

_SENTENCE_END = frozenset(".!?:;。！？।")
_BARRIERS = ("break", "bar")
_MOST_BLOCKS = 60


class Chunk(NamedTuple):
    """A run of tokens that stayed (`old` and `new` alike) or that was replaced."""

    same: bool
    old: tuple[Token, ...]
    new: tuple[Token, ...]

    def side(self, number: int) -> tuple[Token, ...]:
        """Give the old tokens (0) or the new (1)."""
        return self.new if number else self.old


def same_words(old: Sequence[Token], new: Sequence[Token]) -> bool:
    """Tell whether two wordings have the same words, whatever their formatting."""
    return _spoken(old) == _spoken(new)


def _spoken(tokens: Sequence[Token]) -> list[str]:
    kinds = ("word", "punctuation", "code", "bar")
    return [unicodedata.normalize("NFC", t.shown) for t in tokens if t.kind in kinds]


def changed_words(
    old: Sequence[Token], new: Sequence[Token], *, regrouped: bool = False
) -> tuple[Piece, ...]:
    """Give the difference of two wordings as pieces: without `+` the old, without `-` the new.

    Of neighbouring pieces the deletion comes first.
    """
    return tuple(_pieces(phrases(old, new, regrouped=regrouped)))


def phrases(old: Sequence[Token], new: Sequence[Token], *, regrouped: bool = False) -> list[Chunk]:
    """Group what changed between two wordings into phrases.

    `regrouped`: one side is several clauses that the other has as one (a split, a join), so that
    the blocks of the two cannot be paired.
    """
    if old is new:
        return [Chunk(True, tuple(old), tuple(new))] if old else []
    matches = _align_flat(old, new, 0, 0) if regrouped else align(old, new)
    sections: list[Chunk] = []
    for section in _sections(_chunks(old, new, matches)):
        sections.extend(_whole(_swallow(_slide(section))))
    return _joined(sections)


# Alignment.


def align(old: Sequence[Token], new: Sequence[Token]) -> list[Match]:
    """Pair the tokens that stayed: positions in `old` and `new`, both rising.

    In wordings of several blocks or table rows the blocks are paired first, so that a word never
    matches its like in another row; in rows with equally many cells, the cells.
    """
    old_blocks, new_blocks = _blocks(old, _is_block_edge), _blocks(new, _is_block_edge)
    if len(old_blocks) == len(new_blocks) == 1:
        return _align_flat(old, new, 0, 0)
    if max(len(old_blocks), len(new_blocks)) > _MOST_BLOCKS:
        return _align_flat(old, new, 0, 0)
    matches: list[Match] = []
    for (a, b), (c, d) in _pair_blocks(old, new, old_blocks, new_blocks):
        matches.extend(_align_block(old[a:b], new[c:d], a, c))
    return matches


def _is_block_edge(token: Token) -> bool:
    """Tell whether a block begins here: not at a hard line break, nor where a clause was split."""
    return token.kind == "break" and token.text == "\n" and token.format != ("clause",)


def _is_bar(token: Token) -> bool:
    return token.kind == "bar"


def _blocks(tokens: Sequence[Token], begins: Callable[[Token], bool]) -> list[tuple[int, int]]:
    """Cut tokens into ranges; each but the first begins where `begins` says so."""
    starts = [0, *(index for index, token in enumerate(tokens) if index and begins(token))]
    return list(zip(starts, [*starts[1:], len(tokens)], strict=True))


def _pair_blocks(
    old: Sequence[Token],
    new: Sequence[Token],
    old_blocks: Sequence[tuple[int, int]],
    new_blocks: Sequence[tuple[int, int]],
) -> Iterator[tuple[tuple[int, int], tuple[int, int]]]:
    """Pair blocks in order so that the likeness of the pairs adds up to the most."""
    names: dict[object, str] = {}
    first = [_spell(_content(old[a:b]), names) for a, b in old_blocks]
    second = [_spell(_content(new[c:d]), names) for c, d in new_blocks]
    rows, columns = len(first), len(second)
    best = [[0.0] * (columns + 1) for _ in range(rows + 1)]
    for i in range(rows - 1, -1, -1):
        for j in range(columns - 1, -1, -1):
            pair = best[i + 1][j + 1] + _likeness(first[i], second[j])
            best[i][j] = max(best[i + 1][j], best[i][j + 1], pair)
    i = j = 0
    while i < rows and j < columns:
        if best[i][j] == best[i + 1][j + 1] + _likeness(first[i], second[j]):
            yield old_blocks[i], new_blocks[j]
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1


def _content(tokens: Sequence[Token]) -> list[Token]:
    return [token for token in tokens if token.kind not in _BARRIERS]


def _likeness(one: str, two: str) -> float:
    if not one or not two:
        return 0.01
    return Indel.normalized_similarity(one, two) + 0.01


def _align_block(old: Sequence[Token], new: Sequence[Token], at: int, to: int) -> list[Match]:
    cells = _blocks(old, _is_bar), _blocks(new, _is_bar)
    if len(cells[0]) != len(cells[1]) or len(cells[0]) == 1:
        return _align_flat(old, new, at, to)
    matches: list[Match] = []
    for (a, b), (c, d) in zip(*cells, strict=True):
        matches.extend(_align_flat(old[a:b], new[c:d], at + a, to + c))
    return matches


def _align_flat(old: Sequence[Token], new: Sequence[Token], at: int, to: int) -> list[Match]:
    names: dict[object, str] = {}
    first, second = _spell(old, names), _spell(new, names)
    return [
        (at + block.a + step, to + block.b + step)
        for block in LCSseq.opcodes(first, second).as_matching_blocks()
        for step in range(block.size)
    ]


def _spell(tokens: Sequence[Token], names: dict[object, str]) -> str:
    """Write each token as one character, the same for equal tokens: rapidfuzz is fast on text."""
    return "".join([names.setdefault(token.key, _character(len(names))) for token in tokens])


def _character(number: int) -> str:
    return chr(number + 1 if number < 0xD7FF else number + 0x800 + 1)


# Grouping for readers.


def _chunks(old: Sequence[Token], new: Sequence[Token], matches: Sequence[Match]) -> list[Chunk]:
    found: list[Chunk] = []
    i = j = 0
    run: list[Match] = []

    def close() -> None:
        if run:
            kept = tuple(old[a] for a, _ in run), tuple(new[b] for _, b in run)
            found.append(Chunk(True, *kept))
            run.clear()

    for a, b in matches:
        if a > i or b > j:
            close()
            found.append(Chunk(False, tuple(old[i:a]), tuple(new[j:b])))
        run.append((a, b))
        i, j = a + 1, b + 1
    close()
    if i < len(old) or j < len(new):
        found.append(Chunk(False, tuple(old[i:]), tuple(new[j:])))
    return found


def _sections(chunks: Sequence[Chunk]) -> Iterator[list[Chunk]]:
    """Cut at the barriers (breaks, cell edges) that stayed: no phrase reaches across them."""
    section: list[Chunk] = []
    for chunk in chunks:
        if not chunk.same:
            section.append(chunk)
            continue
        start = 0
        for index, token in enumerate(chunk.old):
            if token.kind in _BARRIERS:
                section.append(
                    Chunk(True, chunk.old[start : index + 1], chunk.new[start : index + 1])
                )
                yield section
                section, start = [], index + 1
        if start < len(chunk.old):
            section.append(Chunk(True, chunk.old[start:], chunk.new[start:]))
    if section:
        yield section


def _slide(section: list[Chunk]) -> list[Chunk]:
    """Move the edges of pure insertions and deletions to where sentences and clauses begin."""
    chunks = list(section)
    for index in range(1, len(chunks) - 1):
        change = chunks[index]
        if change.same or (change.old and change.new):
            continue
        before, after = chunks[index - 1], chunks[index + 1]
        if before.same and after.same:
            chunks[index - 1 : index + 2] = _best_slide(before, change, after)
    return [chunk for chunk in chunks if chunk.old or chunk.new]


def _best_slide(before: Chunk, change: Chunk, after: Chunk) -> list[Chunk]:
    side = 0 if change.old else 1
    tokens = (*before.side(side), *change.side(side), *after.side(side))
    start, size = len(before.side(side)), len(change.side(side))
    low = high = start
    while low > 0 and tokens[low - 1].key == tokens[low + size - 1].key:
        low -= 1
    while high + size < len(tokens) and tokens[high].key == tokens[high + size].key:
        high += 1
    if low == high:
        return [before, change, after]
    place = max(range(low, high + 1), key=lambda at: (_edge(tokens, at, size), at == start, at))
    other = (*before.side(1 - side), *after.side(1 - side))
    moved = tokens[place : place + size]
    rest = (*tokens[:place], *tokens[place + size :])
    old, new = (rest, other) if side == 0 else (other, rest)
    return [
        Chunk(True, old[:place], new[:place]),
        Chunk(False, moved, ()) if side == 0 else Chunk(False, (), moved),
        Chunk(True, old[place:], new[place:]),
    ]


def _edge(tokens: Sequence[Token], at: int, size: int) -> int:
    """Rate a phrase's edges: best after the end of a sentence and ending with one."""
    before = _pause(tokens[at - 1]) if at else 3
    end = at + size
    closing = _pause(tokens[end - 1]) if before >= 2 else 0
    opens = tokens[end].kind == "punctuation" if before < 2 and end < len(tokens) else False
    return before * 4 + closing * 2 + opens


def _pause(token: Token) -> int:
    if token.kind in _BARRIERS or token.shown in _SENTENCE_END:
        return 3
    return 2 if token.shown == "," else 0


def _swallow(section: list[Chunk]) -> list[Chunk]:
    """Let small words that stayed between two changes go with them."""
    chunks: list[Chunk] = []
    for index, chunk in enumerate(section):
        inside = 0 < index < len(section) - 1
        if chunk.same and inside and _is_small(section[index - 1], chunk, section[index + 1]):
            chunk = chunk._replace(same=False)
        if chunks and not chunk.same and not chunks[-1].same:
            last = chunks.pop()
            chunk = Chunk(False, last.old + chunk.old, last.new + chunk.new)
        chunks.append(chunk)
    return chunks


def _is_small(before: Chunk, chunk: Chunk, after: Chunk) -> bool:
    if any(token.kind in _BARRIERS or token.shown in _SENTENCE_END for token in chunk.old):
        return False
    words = [token for token in chunk.old if token.kind == "word"]
    around = min(_words(before.old + before.new), _words(after.old + after.new))
    return around > 0 and len(words) <= 2 and sum(len(word.shown) for word in words) <= 5


def _words(tokens: Sequence[Token]) -> int:
    return sum(1 for token in tokens if token.kind == "word")


def _whole(section: list[Chunk]) -> list[Chunk]:
    """Show the whole old and new where most words changed."""
    body, tail = section, []
    if section and section[-1].same and section[-1].old[-1].kind in _BARRIERS:
        last = section[-1]
        tail = [Chunk(True, last.old[-1:], last.new[-1:])]
        body = [*section[:-1], Chunk(True, last.old[:-1], last.new[:-1])]
        body = [chunk for chunk in body if chunk.old or chunk.new]
    changed = [chunk for chunk in body if not chunk.same]
    old, new = ([t for c in body for t in c.side(side)] for side in (0, 1))
    gone = _words([t for c in changed for t in c.old])
    come = _words([t for c in changed for t in c.new])
    all_gone = gone == _words(old) > 0 and come == _words(new) > 0
    most_gone = gone > WHOLE * _words(old) and come > WHOLE * _words(new)
    if changed and (all_gone or (len(changed) > 1 and most_gone)):
        return [Chunk(False, tuple(old), tuple(new)), *tail]
    return section


def _joined(chunks: Sequence[Chunk]) -> list[Chunk]:
    found: list[Chunk] = []
    for chunk in chunks:
        if found and found[-1].same == chunk.same:
            last = found.pop()
            chunk = Chunk(chunk.same, last.old + chunk.old, last.new + chunk.new)
        found.append(chunk)
    return found


# Pieces.


def _pieces(chunks: Sequence[Chunk]) -> Iterator[Piece]:
    held: dict[Mark, str] = {"=": "", "-": "", "+": ""}

    def release() -> Iterator[Piece]:
        for mark in ("=", "-", "+"):
            if held[mark]:
                yield mark, held[mark]
                held[mark] = ""

    for chunk in chunks:
        for mark, text in _chunk_pieces(chunk):
            if mark == "=" and (held["-"] or held["+"]):
                yield from release()
            held[mark] += text
    yield from release()


def _chunk_pieces(chunk: Chunk) -> Iterator[Piece]:
    if chunk.same:
        for old, new in zip(chunk.old, chunk.new, strict=True):
            yield from _space(old.space, new.space)
            yield "=", old.text
        return
    old_text, new_text = (_text(tokens) for tokens in (chunk.old, chunk.new))
    old_space = chunk.old[0].space if chunk.old else ""
    new_space = chunk.new[0].space if chunk.new else ""
    if chunk.old and chunk.new:
        yield from _space(old_space, new_space)
    else:
        old_text, new_text = old_space + old_text, new_space + new_text
    if old_text:
        yield "-", old_text
    if new_text:
        yield "+", new_text


def _space(old: str, new: str) -> Iterator[Piece]:
    if old == new:
        if old:
            yield "=", old
        return
    if old:
        yield "-", old
    if new:
        yield "+", new


def _text(tokens: Sequence[Token]) -> str:
    return "".join(
        [
            token.text if index == 0 else token.space + token.text
            for index, token in enumerate(tokens)
        ]
    )
