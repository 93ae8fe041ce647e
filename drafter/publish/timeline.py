"""What happened to an amendment and when, and which others are about the same, from git alone.

What only the database knows (when a comment came, when a vote was opened) is not said here; an
amendment that was not accepted has left nothing on main but its record.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.core.amendments import Amendment
from drafter.publish import words
from drafter.publish.edition import Edition, day
from drafter.publish.links import Links


@dataclass(frozen=True, slots=True)
class Moment:
    """One thing that happened. `when`: its day as pages write it; empty where it is not known."""

    when: str
    words: str
    comments: tuple[int, ...] = ()
    url: str | None = None
    """The version whose publication it was."""


def timeline(edition: Edition, amendment: Amendment, links: Links) -> list[Moment]:
    """Say what happened to an amendment, in order."""
    return list(_moments(edition, amendment, links))


def _moments(edition: Edition, amendment: Amendment, links: Links) -> Iterator[Moment]:
    step, decision = edition.steps.get(amendment.number), amendment.decision
    if amendment.comments:
        many = words.counted(len(amendment.comments), "comment")
        yield Moment("", f"{many} {_on(edition, amendment)}", amendment.comments)
    who = seat_words(amendment.submitter)
    against = _against(amendment)
    drafted = step.drafted if step else ()
    if drafted:
        yield Moment(day(drafted[0]), f"Admitted as amendment {amendment.number}{who}{against}.")
    else:
        yield Moment("", f"Admitted as amendment {amendment.number}{who}{against}.")
    for again in drafted[1:]:
        yield Moment(day(again), "Drafted anew.")
    if amendment.round > 1:
        yield Moment("", _rounds(amendment.round))
    if decision is None:
        return
    yield Moment(day(decision.date), _decided(amendment))
    version = edition.closed_in.get(amendment.number)
    found = next((each for each in _line(edition) if each[0] == version), None)
    if found is not None:
        number, when, name = found
        words_ = "In force with" if amendment.status == "accepted" else "On record with"
        url = f"{links.top}{name}/" if links.top is not None else None
        yield Moment(day(when), f"{words_} version {number}.", url=url)


def _line(edition: Edition) -> Iterator[tuple[int, datetime.datetime, str]]:
    versions = [version for version, _ in edition.earlier]
    for version in [*versions, *([edition.version] if edition.version else [])]:
        yield version.number, version.time, version.name


def _on(edition: Edition, amendment: Amendment) -> str:
    """Say which texts the commenters had read."""
    known = {comment.number: comment.version for comment in edition.comments}
    read = [known[number] for number in amendment.comments if number in known]
    numbers = sorted({int(name.removeprefix("v")) for name in read if name})
    parts = [f"version {number}" for number in numbers]
    if any(name is None for name in read):
        parts.append("the working draft")
    return f"on {words.listed(parts)}." if parts else "asked for it."


def _against(amendment: Amendment) -> str:
    if not amendment.base_version:
        return ""
    return f", to change version {amendment.base_version.removeprefix('v')}"


def seat_words(submitter: str) -> str:
    """Say who handed it in: a seat by its number; of anybody else the record keeps no name.

    >>> seat_words("seat-06"), seat_words("p-5f30a4b5")
    (', handed in by seat 6', ', from the public')
    """
    number = submitter.removeprefix("seat-")
    if number != submitter and number.isdigit():
        return f", handed in by seat {int(number)}"
    return ", drafted by the clerk" if submitter.startswith("clerk") else ", from the public"


def _rounds(rounds: int) -> str:
    return (
        f"Decided in round {rounds}: before, its words were drafted anew, or what they were to "
        "change had changed meanwhile, and it was put to the vote again."
    )


def _decided(amendment: Amendment) -> str:
    decision = amendment.decision
    assert decision is not None
    if decision.count is None:
        return {
            "withdrawn": "Withdrawn by who handed it in.",
            "lapsed": "Lapsed: there was nothing left to decide.",
        }.get(decision.outcome, words.sentence(decision.outcome))
    tally = decision.count.roll_call.tally
    again = f" in round {amendment.round}" if amendment.round > 1 else ""
    return f"{decision.outcome.capitalize()}{again} by {tally.in_favour} votes to {tally.against}."


# Related amendments


@dataclass(frozen=True, slots=True)
class Related:
    """Another amendment and what it has to do with this one."""

    how: str
    amendment: Amendment


def related(edition: Edition, amendment: Amendment) -> list[Related]:
    """List the amendments that this one combines, reconsiders, or shares a clause with."""
    found: dict[int, str] = {}
    known = edition.amendments

    def note(number: int | None, how: str) -> None:
        if number is not None and number != amendment.number:
            found.setdefault(int(number), how)

    for part in amendment.combines:
        note(part, "Brings together")
    note(amendment.reconsiders, "Takes up again")
    note(amendment.by_motion, "As allowed by")
    for each in amendment.instructions:
        note(each.amendment, "Asks to take up again")
    for number, other in sorted(known.items()):
        if amendment.number in other.combines:
            note(number, "Brought together with others in")
        if other.reconsiders == amendment.number:
            note(number, "Taken up again in")
        if any(each.amendment == amendment.number for each in other.instructions):
            note(number, "To be taken up again, as asked by")
    mine = {each.clause for each in amendment.instructions if each.clause}
    for number, other in sorted(known.items()):
        if mine & {each.clause for each in other.instructions if each.clause}:
            note(number, "About the same clause")
    return [Related(how, known[number]) for number, how in found.items() if number in known]
