"""Figures and lists as a sentence has them."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBERS = (
    *("no", "one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)

_SENTENCE = re.compile(r".*?[.!?][”’\")\]]*(?=\s+[“‘\"(\[]*[^\W\d_a-z])", re.DOTALL)


def number(count: int) -> str:
    """Write a count as a word up to twelve, in figures above.

    >>> number(2), number(1300)
    ('two', '1,300')
    """
    return _NUMBERS[count] if count < len(_NUMBERS) else f"{count:,}"


def counted(count: int, one: str, many: str | None = None) -> str:
    """Write a count with what is counted.

    >>> counted(1, "comment"), counted(3, "assembly", "assemblies")
    ('1 comment', '3 assemblies')
    """
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def listed(parts: Sequence[str]) -> str:
    """Join parts as a sentence does.

    >>> listed(["one", "two", "three"])
    'one, two and three'
    """
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} and {parts[-1]}"


def sentence(text: str) -> str:
    """Begin with a capital and end with a full stop.

    >>> sentence("two were added")
    'Two were added.'
    """
    return f"{text[:1].upper()}{text[1:]}."


def readable(text: str) -> str:
    r"""Put the replacement character for bytes that are no UTF-8: a page cannot hold them.

    >>> readable("caf\udce9")
    'caf\ufffd'
    """
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")


def first_sentence(text: str) -> str:
    """Cut a statement's Markdown after its first sentence.

    >>> first_sentence("It is clearer, i.e. shorter. Nobody objected.")
    'It is clearer, i.e. shorter.'
    """
    paragraph = text.strip().partition("\n\n")[0]
    found = _SENTENCE.match(paragraph)
    return found[0] if found else paragraph
