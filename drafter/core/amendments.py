"""Amendments: a proposed change of the report with what became of it, and its record's text form.

Knows what a record says and how it is written, byte for byte. Does not know git, nor people but as
seats and random ids.
"""

from __future__ import annotations

import functools
import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date
from itertools import zip_longest
from typing import cast, get_args

from drafter.core.blocks import split_front_matter
from drafter.core.decisions import (
    Closed,
    Count,
    Decision,
    Dissent,
    RollCall,
    check_name,
    one_line,
    statement,
)
from drafter.core.errors import BadInput
from drafter.core.frontmatter import Fields, read_front_matter
from drafter.core.ids import ClauseId
from drafter.core.instructions import Instruction, Number, Verb, ballot_hash
from drafter.core.rules import State, Vote, rules_from
from drafter.core.saying import say

__all__ = [
    "Amendment",
    "Count",
    "Decision",
    "Dissent",
    "Instruction",
    "Number",
    "Removed",
    "RollCall",
    "ballot_hash",
    "read_record",
    "record_path",
    "write_record",
]

SCHEMA = 1

NO_TITLE = "Wording removed"
"""The title of an amendment whose wording was removed before its own was recorded."""

_REASON = "## Reason"
_DISSENT = "## Dissent of "
_REMOVED = "## Wording removed"


@dataclass(frozen=True, slots=True)
class Removed:
    """That an amendment's wording was removed: what stands on its branch instead, a tombstone."""

    date: date
    reason: str
    """Markdown; published."""
    ids: tuple[ClauseId, ...] = ()
    """Ids that its words had and the text it starts from has not, sorted: never given out again."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "reason", statement(self.reason))
        object.__setattr__(self, "ids", tuple(sorted(set(self.ids))))


@dataclass(frozen=True, slots=True)
class Amendment:
    """A proposed change of the report and what became of it: all that its record says."""

    number: Number
    title: str
    """One line."""
    status: State
    base_commit: str
    """The commit on main that it starts from, in hex."""
    instructions: tuple[Instruction, ...]
    """At least one; one for a clause at most."""
    submitter: str
    """A random id, or a seat."""
    round: int = 1
    base_version: str | None = None
    """The version that the submitter read, as v2; None before the first."""
    supporters: int = 0
    comments: tuple[int, ...] = ()
    """The numbers of the comments that it answers, ascending."""
    assemblies: tuple[str, ...] = ()
    """The assemblies or proposals it goes back to, as leeds-2018 or leeds-2018/4, sorted."""
    combines: tuple[Number, ...] = ()
    """The amendments whose words it brings together, ascending; each has a lower number."""
    decision: Decision | None = None
    """How it was closed; None while it is open, put or stale."""
    reconsiders: Number | None = None
    """The decided amendment that it opens again."""
    by_motion: Number | None = None
    """The carried motion that allowed it to."""
    removed: Removed | None = None
    """Its wording was removed. Stands on a tombstone only, never in the record on main."""

    def __post_init__(self) -> None:
        object.__setattr__(self, "title", one_line(self.title))
        object.__setattr__(self, "comments", tuple(sorted(set(self.comments))))
        object.__setattr__(self, "assemblies", tuple(sorted(set(self.assemblies))))
        object.__setattr__(self, "combines", tuple(sorted(set(self.combines))))
        _check_facts(self)
        _check_instructions(self.instructions)
        if self.removed and (self.decision or not self.removed.reason):
            raise BadInput(
                say(
                    "Amendment {number}: a tombstone has a reason and no decision.",
                    number=self.number,
                )
            )
        closed = self.status if self.status in get_args(Closed) else None
        if closed != (self.decision.outcome if self.decision else None):
            raise BadInput(
                say(
                    "Amendment {number}: status and decision say different things.",
                    number=self.number,
                )
            )

    def findings(self) -> tuple[str, ...]:
        """Name what the record says that does not follow from itself: the vote, the ballots."""
        if self.decision is None:
            return ()
        found = list(self.decision.findings())
        count = self.decision.count
        if count and count.ballot != ballot_hash(self.instructions, count.rules.identity):
            found.append("Its ballots were bound to other instructions or other rules.")
        return tuple(f"Amendment {self.number}: {sentence}" for sentence in found)


def _check_facts(amendment: Amendment) -> None:
    if amendment.number < 1 or amendment.round < 1 or amendment.supporters < 0:
        raise BadInput("An amendment's number and round start at 1, its supporters at 0.")
    if not amendment.title:
        raise BadInput(
            say("Amendment {number} has no title; give it one line.", number=amendment.number)
        )
    if not re.fullmatch(r"[0-9a-f]{40}|[0-9a-f]{64}", amendment.base_commit):
        raise BadInput(
            say(
                "Amendment {number}: the base commit is not a whole hex name.",
                number=amendment.number,
            )
        )
    if amendment.base_version and not re.fullmatch(r"v[1-9][0-9]*", amendment.base_version):
        raise BadInput(
            say("Amendment {number}: a version is written as v2.", number=amendment.number)
        )
    if any(comment < 1 for comment in amendment.comments):
        raise BadInput(
            say("Amendment {number}: comments are numbered from 1.", number=amendment.number)
        )
    if (amendment.reconsiders is None) != (amendment.by_motion is None):
        raise BadInput(
            say(
                "Amendment {number} is opened again by a motion, or not at all.",
                number=amendment.number,
            )
        )
    if any(not 0 < number < amendment.number for number in amendment.combines):
        raise BadInput(
            say("Amendment {number} can combine earlier amendments only.", number=amendment.number)
        )
    for name in amendment.assemblies:
        if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*(?:/[1-9][0-9]*)?", name):
            raise BadInput(
                say(
                    "'{name}' is no assembly; it is written as leeds-2018 or leeds-2018/4.",
                    name=name,
                )
            )
    check_name(amendment.submitter, "who submitted it")


def _check_instructions(instructions: tuple[Instruction, ...]) -> None:
    if not instructions:
        raise BadInput("An amendment needs at least one instruction.")
    subject, times = Counter(each.subject for each in instructions).most_common(1)[0]
    if times > 1:
        raise BadInput(say("Two instructions are about {subject}; make them one.", subject=subject))
    if len({each.clause is None for each in instructions}) > 1:
        raise BadInput("A motion to adopt or reconsider changes no clause; make it two amendments.")


def record_path(number: Number) -> str:
    """Give the path of an amendment's record in the report repository.

    >>> record_path(Number(17)), record_path(Number(12345))
    ('amendments/0017.md', 'amendments/12345.md')
    """
    return f"amendments/{number:04}.md"


def write_record(amendment: Amendment) -> str:
    """Write the record: front matter, then the reason and the dissents as block quotes.

    Each line of typed text stands behind `> ` (an empty one is `>`), so nothing in it can end its
    part. In the front matter, words from fixed lists, clause ids, seats, days and numbers stand as
    they are; all other text is in double quotes as in JSON. A field without a value is left out.
    Equal amendments have equal records.
    """
    facts: dict[str, object] = {
        "schema": SCHEMA,
        "number": amendment.number,
        "title": amendment.title,
        "status": _Word(amendment.status),
        "round": amendment.round,
        "base_version": amendment.base_version,
        "base_commit": amendment.base_commit,
        "submitter": amendment.submitter,
        "supporters": amendment.supporters,
        "comments": list(amendment.comments),
        "assemblies": list(amendment.assemblies),
        "reconsiders": amendment.reconsiders,
        "by_motion": amendment.by_motion,
        "combines": list(amendment.combines) or None,
        "instructions": [_instruction_facts(each) for each in amendment.instructions],
        "decision": _decision_facts(amendment.decision) if amendment.decision else None,
        "removed": _removed_facts(amendment.removed) if amendment.removed else None,
    }
    parts = [f"# Amendment {amendment.number}\n"]
    if amendment.removed:
        parts.append(f"{_REMOVED}\n\n{_quote(amendment.removed.reason)}")
    if amendment.decision:
        if amendment.decision.reason:
            parts.append(f"{_REASON}\n\n{_quote(amendment.decision.reason)}")
        for dissent in amendment.decision.dissents:
            parts.append(f"{_DISSENT}{dissent.seat}\n\n{_quote(dissent.text)}")
    front = "".join(line + "\n" for line in ("---", *_yaml_lines(facts, ""), "---", ""))
    return front + "\n".join(parts)


class _Word(str):
    """Text that stands in the front matter without quotes: never a number, a date or a flag."""


def _instruction_facts(instruction: Instruction) -> dict[str, object]:
    words = ("verb", "clause", "type", "preceding")
    facts: dict[str, object] = {}
    for field in fields(Instruction):
        value = getattr(instruction, field.name)
        if value is not None and value is not False:
            facts[field.name] = _Word(value) if field.name in words else value
    return facts


def _removed_facts(removed: Removed) -> dict[str, object]:
    return {"date": _Word(removed.date.isoformat()), "ids": list(removed.ids)}


def _decision_facts(decision: Decision) -> dict[str, object]:
    facts: dict[str, object] = {
        "date": _Word(decision.date.isoformat()),
        "outcome": _Word(decision.outcome),
        "closed_by": decision.closed_by,
    }
    if decision.count is None:
        return facts
    count, tally = decision.count, decision.count.roll_call.tally
    return facts | {
        "question": count.question,
        "for": tally.in_favour,
        "against": tally.against,
        "abstaining": tally.abstaining,
        "absent": tally.absent,
        "recused": tally.recused,
        "roll_call": {seat: _Word(vote) for seat, vote in count.roll_call.votes},
        "interests": dict(count.interests) or None,
        "in_the_room": list(count.in_the_room) or None,
        "ballot": count.ballot,
        "rules": {"identity": count.rules.identity, **count.rules.to_dict()},
    }


def _yaml_lines(facts: Mapping[str, object], indent: str) -> Iterator[str]:
    for key, value in facts.items():
        if isinstance(value, dict):
            yield f"{indent}{key}:"
            yield from _yaml_lines(value, indent + "  ")
        elif isinstance(value, list) and value and isinstance(value[0], dict):
            yield f"{indent}{key}:"
            for member in value:
                first, *others = _yaml_lines(member, "")
                yield f"{indent}  - {first}"
                yield from (f"{indent}    {line}" for line in others)
        elif value is not None:
            yield f"{indent}{key}: {_scalar(value)}"


def _scalar(value: object) -> str:
    return value if isinstance(value, _Word) else json.dumps(value, ensure_ascii=False)


def _quote(text: str) -> str:
    return "".join(f"> {line}\n" if line else ">\n" for line in text.split("\n"))


@functools.lru_cache(maxsize=4096)
def read_record(text: str, name: str = "The record") -> Amendment:
    """Read a record; `name` is its file's, for the sentences. A text read before is not read again.

    Raises BadInput where it is no record, and where it is not written exactly as `write_record`
    writes it: the sentence then names the first line that differs.
    """
    front, body = split_front_matter(text)
    given = Fields(name, read_front_matter(front, name))
    if given.integer("schema", 1) != SCHEMA:
        raise given.bad("schema", f"is newer than this program, which reads {SCHEMA}; update it")
    first_line = front.count("\n") + 1
    amendment = _amendment(given, _statements(body, name, first_line))
    written = write_record(amendment)
    if written != text:
        raise _departure(written, text, name)
    return amendment


def _departure(written: str, text: str, name: str) -> BadInput:
    pairs = zip_longest(written.split("\n"), text.split("\n"))
    line, wanted = next((n, ours) for n, (ours, theirs) in enumerate(pairs, 1) if ours != theirs)
    what = "nothing more" if wanted is None else f"'{wanted[:120]}'"
    sentence = f"{name}, line {line}: this is not how a record is written; expected {what}."
    return BadInput(sentence, path=name, line=line)


def _statements(body: str, name: str, first_line: int) -> dict[str, str]:
    """Collect the quoted text under each heading of the second level."""
    quotes: dict[str, list[str]] = {}
    heading = ""
    for number, line in enumerate(body.split("\n"), first_line):
        if line.startswith("## "):
            heading = line
        elif heading and (line == ">" or line.startswith("> ")):
            quotes.setdefault(heading, []).append(line[2:])
        elif line and not line.startswith("# Amendment "):
            sentence = f"{name}, line {number}: expected a heading or a line that begins with '>'."
            raise BadInput(sentence, path=name, line=number)
    return {heading: "\n".join(lines) for heading, lines in quotes.items()}


def _amendment(given: Fields, statements: Mapping[str, str]) -> Amendment:
    decided = "decision" in given
    return Amendment(
        number=Number(given.integer("number", 1)),
        title=given.text("title"),
        status=cast(State, given.choice("status", get_args(State))),
        round=given.integer("round", 1),
        base_version=given.text("base_version") if "base_version" in given else None,
        base_commit=given.text("base_commit"),
        submitter=given.text("submitter"),
        supporters=given.integer("supporters", 0),
        comments=given.integers("comments", 1),
        assemblies=given.texts("assemblies"),
        reconsiders=_number(given, "reconsiders"),
        by_motion=_number(given, "by_motion"),
        combines=tuple(Number(each) for each in given.integers("combines", 1))
        if "combines" in given
        else (),
        instructions=tuple(
            _instruction(Fields.of(f"{given.name}, instruction {place}", member))
            for place, member in enumerate(given.members("instructions"), 1)
        ),
        decision=_decision(given.within("decision"), statements) if decided else None,
        removed=_removed(given.within("removed"), statements) if "removed" in given else None,
    )


def _removed(given: Fields, statements: Mapping[str, str]) -> Removed:
    ids = tuple(ClauseId(each) for each in given.texts("ids"))
    return Removed(given.date("date"), statements.get(_REMOVED, ""), ids)


def _number(given: Fields, key: str) -> Number | None:
    return Number(given.integer(key, 1)) if key in given else None


def _instruction(given: Fields) -> Instruction:
    given.allow(*(field.name for field in fields(Instruction)))

    def text(key: str) -> str | None:
        return given.text(key) if key in given else None

    return Instruction(
        verb=cast(Verb, given.choice("verb", get_args(Verb))),
        clause=cast(ClauseId | None, text("clause")),
        chapter=text("chapter"),
        amendment=_number(given, "amendment"),
        type=text("type"),
        ordered="ordered" in given and given.flag("ordered"),
        level=given.integer("level", 1, 6) if "level" in given else None,
        before=text("before"),
        after=text("after"),
        parent=text("parent"),
        preceding=cast(ClauseId | None, text("preceding")),
        origins_before=text("origins_before"),
        origins_after=text("origins_after"),
    )


def _decision(given: Fields, statements: Mapping[str, str]) -> Decision:
    return Decision(
        date=given.date("date"),
        outcome=cast(Closed, given.choice("outcome", get_args(Closed))),
        closed_by=given.text("closed_by"),
        reason=statements.get(_REASON, ""),
        count=_count(given) if "roll_call" in given else None,
        dissents=tuple(
            Dissent(heading.removeprefix(_DISSENT), text)
            for heading, text in statements.items()
            if heading.startswith(_DISSENT)
        ),
    )


def _count(given: Fields) -> Count:
    votes = given.within("roll_call")
    rules = given.within("rules")
    named = {key: value for key, value in rules.values.items() if key != "identity"}
    return Count(
        question=given.text("question"),
        roll_call=RollCall.of(
            {seat: cast(Vote, votes.choice(seat, get_args(Vote))) for seat in votes.values}
        ),
        rules=rules_from(named, rules.name),
        ballot=given.text("ballot"),
        interests=_interests(given.within("interests")) if "interests" in given else (),
        in_the_room=given.texts("in_the_room") if "in_the_room" in given else (),
    )


def _interests(given: Fields) -> tuple[tuple[str, str], ...]:
    return tuple((seat, given.text(seat)) for seat in given.values)
