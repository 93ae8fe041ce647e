"""Who brought these words: behind each phrase of a clause, the step that brought it.

Carried from step to step along the pairing of clauses and the difference of their words, through
edits, moves, splits and joins. Does not know what a step is: whoever asks names each.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Generic, NamedTuple, TypeVar

from drafter.core.clauses import Clause, Report
from drafter.core.ids import ClauseId
from drafter.core.pairing import Pairing, pair_reports
from drafter.core.provenance import where_they_differ
from drafter.core.worddiff import WHOLE, Chunk, Match, align, phrases
from drafter.core.wording import Token, tokens_of

Step = TypeVar("Step")

_BETWEEN = Token("\n", "", "", "break", (), "\n")
"""Stands between two clauses that are compared as one text."""


@dataclass(frozen=True, slots=True)
class Span(Generic[Step]):
    """A phrase of a clause, and what brought it.

    `step`: as the caller names it. `clause`: the clause with which the words came into the text;
    another than the one they stand in where that was split or joined since.
    """

    tokens: tuple[Token, ...]
    step: Step
    clause: ClauseId


class _Origin(NamedTuple):
    """Of one token: the number of the step that brought it, and the clause it came with."""

    step: int
    clause: ClauseId


@dataclass(frozen=True, slots=True)
class _Held:
    """A clause as it stood last, with the origin of each of its tokens."""

    clause: Clause
    origins: tuple[_Origin, ...]


def word_origins(
    line: Iterable[tuple[Step, Report]],
) -> dict[ClauseId, tuple[Span[Step], ...]]:
    """Give for every clause id of any of the texts the phrases of its last wording.

    `line`: each step with the text after it, oldest first; what stands in the first text came with
    the first step. The phrases are the clause's tokens, each once and in their order. A word that
    stays keeps its step, unless the phrase that it stands in was written anew (`kept_words`); it
    stays also where its formatting alone changes, or its capitals. Marks, edges of cells and line
    breaks go with the word after them, a lone full stop or comma with the later word before it.
    The cost follows the size of the changes.
    """
    steps: list[Step] = []
    held: dict[ClauseId, _Held] = {}
    before = Report(())
    for number, (step, report) in enumerate(line):
        steps.append(step)
        held |= dict(_carry(held, number, *where_they_differ(before, report)))
        before = report
    return {clause: tuple(_spans(each, steps)) for clause, each in held.items()}


def _spans(held: _Held, steps: Sequence[Step]) -> Iterator[Span[Step]]:
    tokens = _tokens(held.clause)
    origins = _with_later_words(tokens, _with_their_words(tokens, held.origins))
    paired = zip(origins, tokens, strict=True)
    named = [((steps[origin.step], origin.clause), token) for origin, token in paired]
    for (step, clause), group in groupby(named, key=lambda pair: pair[0]):
        yield Span(tuple(token for _, token in group), step, clause)


def _with_their_words(tokens: Sequence[Token], origins: Sequence[_Origin]) -> list[_Origin]:
    """Let what is no word go with the word after it; at the end, with the one before."""
    found = list(origins)
    said = [index for index, token in enumerate(tokens) if _is_said(token)]
    for index in range(len(tokens) - 1, -1, -1):
        if not _is_said(tokens[index]) and said:
            after = index + 1 < len(tokens) and index < said[-1]
            found[index] = found[index + 1] if after else found[said[-1]]
    return found


def _with_later_words(tokens: Sequence[Token], origins: Sequence[_Origin]) -> list[_Origin]:
    """Let a lone sign that stayed go with what was put before it; one that was put in stays."""
    found: list[_Origin] = []
    paired = zip(origins, tokens, strict=True)
    for origin, group in groupby(paired, key=lambda pair: pair[0]):
        run = [token for _, token in group]
        lone = not any(token.kind in ("word", "code") for token in run)
        goes = lone and found and found[-1].step > origin.step
        found += [found[-1] if goes else origin] * len(run)
    return found


def _is_said(token: Token) -> bool:
    return token.kind not in ("mark", "bar", "break") and bool(token.shown.strip())


# From one text to the next.


def _carry(
    held: Mapping[ClauseId, _Held], step: int, old: Report, new: Report
) -> Iterator[tuple[ClauseId, _Held]]:
    pairing = pair_reports(old, new)
    for olds, news in _groups(pairing):
        before = [pairing.old[number].clause for number in olds]
        after = [pairing.new[number].clause for number in news]
        stayed = [clause for clause in after if _is_as_it_was(clause, before)]
        for clause in stayed:
            if clause.id and clause.id in held:
                yield clause.id, _Held(clause, held[clause.id].origins)
        # A clause that names an ancestor which stays as it is has copied its words.
        changed = [clause for clause in after if clause not in stayed]
        yield from _carry_group(held, step, before, changed)


def _is_as_it_was(clause: Clause, before: Sequence[Clause]) -> bool:
    return any(
        (clause.id, clause.type, clause.parts) == (old.id, old.type, old.parts) for old in before
    )


def _groups(pairing: Pairing) -> Iterator[tuple[list[int], list[int]]]:
    """Put together the old and the new clauses between which words can have passed."""
    group_of_new: dict[int, tuple[set[int], set[int]]] = {}
    group_of_old: dict[int, tuple[set[int], set[int]]] = {}
    links = [
        *(({old}, {new}) for new, old in pairing.old_of.items()),
        *(({old}, set(news)) for old, news in pairing.split.items()),
        *((set(olds), {new}) for new, olds in pairing.joined.items()),
    ]
    for olds, news in links:
        met = [group_of_old[number] for number in olds if number in group_of_old]
        met += [group_of_new[number] for number in news if number in group_of_new]
        olds = olds.union(*(group[0] for group in met))
        news = news.union(*(group[1] for group in met))
        group_of_old |= dict.fromkeys(olds, (olds, news))
        group_of_new |= dict.fromkeys(news, (olds, news))
    done: set[int] = set()
    for node in pairing.new:
        if node.number not in done:
            olds, news = group_of_new.get(node.number, (set(), {node.number}))
            done |= news
            yield sorted(olds), sorted(news)


def _carry_group(
    held: Mapping[ClauseId, _Held], step: int, before: Sequence[Clause], after: Sequence[Clause]
) -> Iterator[tuple[ClauseId, _Held]]:
    known = [origin for clause in before for origin in (None, *_origins(held, clause))][1:]
    kept = kept_words(tuple(map(_key, before)), tuple(map(_key, after))) if before else ()
    at = 0
    for clause in after:
        size = len(_tokens(clause))
        if clause.id:
            mine = [known[old] if old is not None else None for old in kept[at : at + size]]
            mine = mine or [None] * size
            new = _Origin(step, clause.id)
            yield clause.id, _Held(clause, tuple(origin or new for origin in mine))
        at += size + 1


def _origins(held: Mapping[ClauseId, _Held], clause: Clause) -> tuple[_Origin | None, ...]:
    found = held.get(clause.id) if clause.id else None
    size = len(_tokens(clause))
    return found.origins if found and len(found.origins) == size else (None,) * size


_Key = tuple[str, tuple[str, ...]]


def _key(clause: Clause) -> _Key:
    return clause.type, clause.parts


def _tokens(clause: Clause) -> tuple[Token, ...]:
    return tokens_of(clause.type, clause.parts)


@functools.lru_cache(maxsize=20_000)
def kept_words(before: tuple[_Key, ...], after: tuple[_Key, ...]) -> tuple[int | None, ...]:
    """Give for each token of the new clauses which token of the old ones it is; None for a new one.

    Clauses are given by type and parts, and counted through with one token between each two. Words
    stay as the difference shows it. Where a phrase changed, the words inside it that were there
    before stay too, unless it was written anew: more than `WHOLE` of its words changed on both
    sides, or a small word is all that two phrases which became others have between them.

    >>> kept_words((("item", ("up to three days",)),), (("item", ("up to five days",)),))
    (0, 1, None, 3)
    """
    old, new = _as_one(before), _as_one(after)
    regrouped = len(before) > 1 or len(after) > 1
    kept: list[Match] = []
    i = j = 0
    for chunk in phrases(old, new, regrouped=regrouped):
        kept += [(i + a, j + b) for a, b in _stayed(chunk)]
        i, j = i + len(chunk.old), j + len(chunk.new)
    old_of = {b: a for a, b in _without_slivers(old, new, kept)}
    return tuple(old_of.get(number) for number in range(len(new)))


def _as_one(clauses: Sequence[_Key]) -> list[Token]:
    """Put clauses one behind the other, without the capitals and the formatting of their words."""
    found: list[Token] = []
    for clause in clauses:
        found += [_BETWEEN] if found else []
        found += [
            token._replace(text=token.text.casefold(), format=())
            if token.kind in ("word", "punctuation")
            else token
            for token in tokens_of(*clause)
        ]
    return found


def _stayed(chunk: Chunk) -> Iterator[Match]:
    """Pair the tokens of a phrase that stayed."""
    if chunk.same:
        yield from ((n, n) for n in range(len(chunk.new)))
        return
    kept = align(chunk.old, chunk.new)
    words = _words(chunk.old[old] for old, _ in kept)
    if not all(size - words > WHOLE * size for size in (_words(chunk.old), _words(chunk.new))):
        yield from kept


def _without_slivers(
    old: Sequence[Token], new: Sequence[Token], kept: Sequence[Match]
) -> Iterator[Match]:
    """Leave out the small words of which nobody would say that they stayed.

    On both sides of them two words came and in all three went, or four came: at least so many.
    """
    runs = list(_runs(kept))
    ends = [(0, 0), *(end for _, end in runs)]
    starts = [*(start for start, _ in runs), (len(old), len(new))]
    gaps = [
        (_words(old[a:c]), _words(new[b:d])) for (a, b), (c, d) in zip(ends, starts, strict=True)
    ]
    for run, (gone, come), (gone_after, come_after) in zip(runs, gaps, gaps[1:], strict=False):
        (a, b), (end, _) = run
        beside = min(come, come_after)
        rewritten = beside >= 4 or (beside >= 2 and gone + gone_after >= 3)
        if not (rewritten and _is_small(old[a:end])):
            yield from ((a + step, b + step) for step in range(end - a))


def _is_small(tokens: Sequence[Token]) -> bool:
    words = [token.shown for token in tokens if token.kind == "word"]
    barred = any(token.kind in ("bar", "break") for token in tokens)
    return not barred and len(words) <= 2 and sum(map(len, words)) <= 5


def _runs(kept: Sequence[Match]) -> Iterator[tuple[Match, Match]]:
    """Give the runs of neighbours that stayed: where each begins, and where it has ended."""
    apart = ((match[0] - number, match[1] - number, match) for number, match in enumerate(kept))
    for _, group in groupby(apart, key=lambda one: one[:2]):
        run = [match for _, _, match in group]
        yield run[0], (run[-1][0] + 1, run[-1][1] + 1)


def _words(tokens: Iterable[Token]) -> int:
    return sum(token.kind == "word" for token in tokens)
