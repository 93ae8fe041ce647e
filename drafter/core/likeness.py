"""Which suggestions ask for nearly the same: likeness by the words put in and taken out.

Says what stands together on a page and nothing else: nothing is hidden, merged or counted by it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from typing import Final

WORD: Final = re.compile(r"\w+")
NEARLY: Final = 0.6
"""The least share of the words of both changes that they have in common."""


def changed_words(before: str, after: str) -> Counter[str]:
    """Count the words that a change takes out (`-`) and puts in (`+`), whatever their case.

    >>> sorted(changed_words("Ask five people.", "Ask two people now."))
    ['+now', '+two', '-five']
    """
    old, new = (Counter(WORD.findall(text.casefold())) for text in (before, after))
    put_in = Counter({f"+{word}": count for word, count in (new - old).items()})
    return put_in + Counter({f"-{word}": count for word, count in (old - new).items()})


def likeness(one: Counter[str], other: Counter[str]) -> float:
    """Give the share of the words of both changes that they have in common, from 0 to 1.

    >>> likeness(Counter({"+two": 1, "-five": 1}), Counter({"+three": 1, "-five": 1}))
    0.5
    """
    words = one.total() + other.total()
    return 2 * (one & other).total() / words if words else 0.0


def nearly_same(changes: Mapping[int, tuple[str, str]]) -> dict[int, int]:
    """Give for each change that is nearly an earlier one the first of those; by number.

    Each stands beside a first one that it is itself like, so that likeness does not wander.

    >>> old = "All may vote."
    >>> new = "All may vote at sixteen.", "Few may vote.", "All may vote at sixteen years."
    >>> nearly_same({at: (old, words) for at, words in enumerate(new, 1)})
    {3: 1}
    """
    firsts: dict[int, Counter[str]] = {}
    found = {}
    for number, (before, after) in sorted(changes.items()):
        words = changed_words(before, after)
        alike = {first: likeness(words, other) for first, other in firsts.items()}
        best = max(alike, key=lambda first: (alike[first], -first), default=None)
        if best is not None and alike[best] >= NEARLY:
            found[number] = best
        else:
            firsts[number] = words
    return found
