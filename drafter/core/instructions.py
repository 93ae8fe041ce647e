"""What an amendment asks for, operation by operation, and what a ballot on it is bound to.

An instruction names clauses, places and hashes, never words: the words are on the amendment's
branch and, once accepted, in the report. Does not know how the hashes of wordings are made.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Literal, NewType

from drafter.core.blocks import split_front_matter
from drafter.core.decisions import check_digest
from drafter.core.errors import BadInput
from drafter.core.ids import ClauseId, is_clause_id
from drafter.core.saying import say

Number = NewType("Number", int)
"""An amendment's number: 1, 2, 3 in the order of admission, never used again."""

Verb = Literal["insert", "substitute", "repeal", "move", "adopt", "reconsider"]

TYPES = ("heading", "paragraph", "item", "quote", "code", "table", "note")
"""The types of clause that can be amended: all that can hold an id."""

_NEEDED: Mapping[Verb, tuple[frozenset[str], frozenset[str]]] = MappingProxyType(
    {
        "insert": (
            frozenset({"clause", "type", "after", "parent"}),
            frozenset({"preceding", "origins_after"}),
        ),
        "substitute": (
            frozenset({"clause", "type", "before", "after"}),
            frozenset({"origins_before", "origins_after"}),
        ),
        "repeal": (frozenset({"clause", "type", "before"}), frozenset()),
        "move": (
            frozenset({"clause", "type", "before", "after", "parent"}),
            frozenset({"preceding", "origins_before", "origins_after"}),
        ),
        "adopt": (frozenset({"chapter", "before"}), frozenset()),
        "reconsider": (frozenset({"amendment"}), frozenset()),
    }
)
"""For each verb the fields that it must have, and those that it may have besides."""

_PATH = re.compile(r"drafts(?!.*/[./])/[^\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\\]+\.md")


@dataclass(frozen=True, slots=True)
class Instruction:
    """One operation of an amendment, on one clause, one chapter or one earlier amendment.

    A clause that is both moved and reworded has one instruction, `move`. A change in origins alone
    is a `substitute` whose two wording hashes are equal and whose two origins hashes differ.
    """

    verb: Verb
    clause: ClauseId | None = None
    chapter: str | None = None
    """The chapter that `adopt` adopts, by its path."""
    amendment: Number | None = None
    """The amendment that `reconsider` reopens."""
    type: str | None = None
    """The clause's type: afterwards, or for a repeal before."""
    ordered: bool = False
    """Whether it is an item of a numbered list."""
    level: int | None = None
    """The level of a heading, 1 to 6."""
    before: str | None = None
    """The wording hash that the draft must have; for `adopt`, `chapter_hash` of the text."""
    after: str | None = None
    """The wording hash that the draft will have."""
    parent: str | None = None
    """Where an insertion or a move goes: the item it is nested in, else the chapter's path."""
    preceding: ClauseId | None = None
    """The sibling before that place; None where it comes first."""
    origins_before: str | None = None
    """Only where origins change: `origins_hash` of what the draft must have."""
    origins_after: str | None = None
    """Only where origins change: `origins_hash` of what the draft will have."""

    def __post_init__(self) -> None:
        needed, allowed = _NEEDED[self.verb]
        given = {key for key in _OPTIONAL if getattr(self, key) is not None}
        if missing := sorted(needed - given):
            raise BadInput(
                say(
                    "An instruction to {verb} needs '{missing}'.",
                    verb=self.verb,
                    missing=missing[0],
                )
            )
        if foreign := sorted(given - needed - allowed - {"level"}):
            raise BadInput(
                say(
                    "An instruction to {verb} cannot have '{foreign}'.",
                    verb=self.verb,
                    foreign=foreign[0],
                )
            )
        _check_form(self)
        _check_type(self)
        if self.verb == "substitute" and not self.changes_wording and not self.changes_origins:
            raise BadInput(
                say("The instruction on {clause} changes nothing; remove it.", clause=self.clause)
            )

    @property
    def changes_wording(self) -> bool:
        """Whether the wording is another afterwards."""
        return self.verb in ("insert", "repeal") or self.before != self.after

    @property
    def changes_origins(self) -> bool:
        """Whether the origins are others afterwards."""
        return self.origins_before != self.origins_after

    @property
    def subject(self) -> str:
        """What it is about: a clause id, a chapter's path, or the number of an amendment."""
        return self.clause or self.chapter or f"amendment {self.amendment}"

    @property
    def line(self) -> str:
        r"""The instruction as `ballot_hash` reads it: ten fields with a tab between them."""
        kind = "numbered item" if self.ordered else self.type
        place = (self.parent, self.preceding)
        origins = (self.origins_before, self.origins_after)
        parts = (self.subject, self.verb, kind, self.level, self.before, self.after)
        return "\t".join("-" if part is None else str(part) for part in (*parts, *place, *origins))


_OPTIONAL = (
    "clause",
    "chapter",
    "amendment",
    "type",
    "level",
    "before",
    "after",
    "parent",
    "preceding",
    "origins_before",
    "origins_after",
)


def _check_form(instruction: Instruction) -> None:
    for clause in (instruction.clause, instruction.preceding):
        if clause is not None and not is_clause_id(clause):
            raise BadInput(
                say("'{clause}' is no clause id; it is written as c-7k3m9q.", clause=clause)
            )
    for path in (instruction.chapter, instruction.parent):
        if path is not None and not _PATH.fullmatch(path) and not is_clause_id(path):
            raise BadInput(
                say("'{path}' is no chapter; a chapter is written as drafts/values.md.", path=path)
            )
    if instruction.chapter is not None and is_clause_id(instruction.chapter):
        raise BadInput(
            say(
                "'{chapter}' is a clause; name the chapter by its path.",
                chapter=instruction.chapter,
            )
        )
    if instruction.amendment is not None and instruction.amendment < 1:
        raise BadInput("Amendments are numbered from 1.")
    for key in ("before", "after", "origins_before", "origins_after"):
        digest = getattr(instruction, key)
        if digest is not None:
            check_digest(digest, f"the hash '{key}'")


def _check_type(instruction: Instruction) -> None:
    if instruction.type is not None and instruction.type not in TYPES:
        raise BadInput(
            say("'{type}' is no type of clause that can be amended.", type=instruction.type)
        )
    if (instruction.level is not None) != (instruction.type == "heading"):
        raise BadInput("A heading has a level from 1 to 6, and nothing else has one.")
    if instruction.level is not None and not 1 <= instruction.level <= 6:
        raise BadInput("A heading has a level from 1 to 6.")
    if instruction.ordered and instruction.type != "item":
        raise BadInput("Only an item of a list can be numbered.")


def ballot_hash(instructions: Iterable[Instruction], rules_identity: str) -> str:
    r"""Give what a ballot is bound to, as 64 hex digits; the order of the instructions is nothing.

    It is the SHA-256 of these bytes, in UTF-8, every line closed by one line feed: the line
    `drafter ballot 1`; the line `rules`, a space and the identity of the rules; then one line for
    each instruction, sorted by their bytes. Such a line is ten fields with a tab between them, and
    `-` where there is none: subject (clause id, chapter path, or `amendment N`), verb, type (an
    item of a numbered list is `numbered item`), level, wording hash before, wording hash after,
    parent, preceding sibling, origins hash before, origins hash after.

    >>> reconsider = Instruction("reconsider", amendment=Number(17))
    >>> text = "drafter ballot 1\nrules 0f\namendment 17\treconsider\t-\t-\t-\t-\t-\t-\t-\t-\n"
    >>> ballot_hash([reconsider], "0f") == hashlib.sha256(text.encode()).hexdigest()
    True
    """
    lines = sorted(instruction.line.encode("utf-8") for instruction in instructions)
    head = f"drafter ballot 1\nrules {rules_identity}".encode()
    return hashlib.sha256(b"".join(line + b"\n" for line in (head, *lines))).hexdigest()


def origins_hash(origins: Iterable[str]) -> str:
    """Give the SHA-256 of a clause's origins as a set: sorted, each once, joined by one space.

    >>> origins_hash(["leeds-2018/4", "bristol-2017/2"]) == origins_hash(
    ...     ["bristol-2017/2", "leeds-2018/4", "leeds-2018/4"])
    True
    """
    return hashlib.sha256(" ".join(sorted(set(origins))).encode("utf-8")).hexdigest()


def chapter_hash(text: str) -> str:
    r"""Give the SHA-256 of a chapter's text without its front matter: what `adopt` is bound to.

    >>> chapter_hash("---\nphase: drafting\n---\nText.\n") == chapter_hash("Text.\n")
    True
    """
    body = split_front_matter(text)[1]
    return hashlib.sha256(body.encode("utf-8", "surrogateescape")).hexdigest()
