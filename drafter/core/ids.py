"""Clause ids: their form, and how a new one is derived. Knows nothing of Markdown or git."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection
from typing import NewType

ClauseId = NewType("ClauseId", str)
"""The permanent name of a clause: `c-` and at least six characters of Crockford base32."""

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base32 in lower case: the digits and letters without i, l, o, u."""

PATTERN = r"c-[0-9a-hjkmnp-tv-z]{6,26}"
SHORTEST = 6

_FORM = re.compile(PATTERN)


def is_clause_id(text: str) -> bool:
    """Tell whether `text` has the form of a clause id.

    >>> is_clause_id("c-7k3m9q"), is_clause_id("c-7k3m9"), is_clause_id("c-7k3m9u")
    (True, False, False)
    """
    return _FORM.fullmatch(text) is not None


def derive_id(chapter: str, text: str, ordinal: int, salt: str, taken: Collection[str]) -> ClauseId:
    """Derive the id of a new clause; the same arguments always give the same id.

    `ordinal` tells equal texts of one chapter apart, `salt` one report from another.
    `taken` holds every id that ever was; where six characters are taken, the id grows by
    characters of the same digest, and past the digest a new digest is drawn.

    >>> derive_id("drafts/values.md", "All are equal.", 0, "", ())
    'c-8rpesc'
    """
    attempt = 0
    while True:
        digits = _digits("\0".join((chapter, text, str(ordinal), salt, str(attempt))))
        for length in range(SHORTEST, len(digits) + 1):
            candidate = f"c-{digits[:length]}"
            if candidate not in taken:
                return ClauseId(candidate)
        attempt += 1


def _digits(seed: str) -> str:
    number = int.from_bytes(hashlib.sha256(seed.encode("utf-8", "surrogateescape")).digest()[:16])
    return "".join(ALPHABET[(number >> 5 * place) & 31] for place in range(25))
