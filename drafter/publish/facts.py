"""The facts on comments that a publication puts into git: by number, never their words.

The file is `amendments/comments/vN.json`:

    {"format": 1, "comments": [
      {"number": 421, "clause": "c-7k3m9q", "version": "v2", "suggestion": true,
       "answered": true, "amendment": 17}, …]}

ordered by number. `version` is the one that its author read, `amendment` the one that it led to;
both may be null.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import asdict, dataclass

from drafter.core.errors import BadInput

FORMAT = 1


@dataclass(frozen=True, slots=True)
class CommentFact:
    """What is public for good about one comment."""

    number: int
    clause: str
    version: str | None = None
    suggestion: bool = False
    """Whether it suggests other wording."""
    answered: bool = False
    """Whether the panel has answered it, or decided the amendment that it led to."""
    amendment: int | None = None


def write_facts(comments: Iterable[CommentFact]) -> str:
    """Write the file: equal facts give equal bytes."""
    ordered = sorted(comments, key=lambda comment: comment.number)
    lines = ",\n".join(json.dumps(asdict(comment), ensure_ascii=True) for comment in ordered)
    return f'{{"format": {FORMAT}, "comments": [\n{lines}\n]}}\n'


def read_facts(text: str, name: str) -> tuple[CommentFact, ...]:
    """Read the file. Raises BadInput where it has another form.

    >>> fact = CommentFact(421, "c-7k3m9q", "v2", amendment=17)
    >>> read_facts(write_facts([fact]), "v3.json") == (fact,)
    True
    """
    try:
        loaded = json.loads(text)
        if loaded["format"] != FORMAT:
            raise BadInput(f"{name} has a format newer than this program; update it.", path=name)
        return tuple(_fact(each) for each in loaded["comments"])
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadInput(f"{name} is not a list of comments' facts: {error!r}.", path=name) from error


def _fact(given: dict[str, object]) -> CommentFact:
    if foreign := sorted(given.keys() - CommentFact.__dataclass_fields__.keys()):
        raise ValueError(f"{foreign[0]!r} is no fact of a comment")
    fact = CommentFact(
        number=_integer(given["number"]),
        clause=str(given["clause"]),
        version=None if given.get("version") is None else str(given["version"]),
        suggestion=given.get("suggestion") is True,
        answered=given.get("answered") is True,
        amendment=None if given.get("amendment") is None else _integer(given["amendment"]),
    )
    return fact


def _integer(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{value!r} is no number of a comment or an amendment")
    return value
