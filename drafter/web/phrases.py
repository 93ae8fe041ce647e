"""How pages say things: times, lists, seats, states and consequences, as words for people."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date as Date
from datetime import datetime
from types import MappingProxyType
from typing import Any
from zoneinfo import ZoneInfo

from flask import url_for
from markupsafe import Markup

from drafter.core.errors import BadInput
from drafter.core.saying import say
from drafter.web import tongue
from drafter.web.tongue import in_words, tell

OPENING = 70
"""How many characters of a text name it in a list."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "open": say("Waiting to be put to the vote"),
        "put": say("Being voted on"),
        "stale": say("To be put to the vote again, because the draft has changed"),
        "accepted": say("Accepted"),
        "rejected": say("Rejected"),
        "withdrawn": say("Withdrawn"),
        "lapsed": say("Lapsed"),
    }
)

VOTES: Mapping[str, str] = MappingProxyType(
    {
        "for": say("For"),
        "against": say("Against"),
        "abstaining": say("Abstain"),
        "recused": say("I have an interest"),
    }
)
TOGETHER: Mapping[str, str] = MappingProxyType(
    {name: label for name, label in VOTES.items() if name != "recused"}
)
"""What one ballot on several amendments can say: an interest is declared on one of them."""
SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "for": say("For"),
        "against": say("Against"),
        "abstaining": say("Abstains"),
        "absent": say("Absent"),
        "recused": say("Has an interest"),
    }
)
"""What the clerk enters for a seat in a roll call."""

CAST: Mapping[str, str] = MappingProxyType(
    {
        "for": say("voted for"),
        "against": say("voted against"),
        "abstaining": say("abstained"),
        "recused": say("declared an interest"),
        "absent": say("did not vote"),
    }
)

MINE: Mapping[str, str] = MappingProxyType(
    {
        "for": say("you voted for"),
        "against": say("you voted against"),
        "abstaining": say("you abstained"),
        "recused": say("you declared an interest"),
    }
)
"""How the seat that looks has voted."""

STANDS: Mapping[str, str] = MappingProxyType(
    {
        "open": say("waiting to be put to the vote"),
        "put": say("being voted on"),
        "stale": say("to be put to the vote again, because the draft has changed"),
        "accepted": say("accepted"),
        "rejected": say("rejected"),
        "withdrawn": say("withdrawn"),
        "lapsed": say("lapsed"),
    }
)
"""The same as `STATES`, inside a line."""

EFFECTS: Mapping[str, str] = MappingProxyType(
    {
        "unchanged": say("Unchanged"),
        "merges": say("Combines"),
        "competes": say("Competes"),
        "lapses": say("Lapses"),
    }
)

_NUMBERS = (
    say("no"),
    say("one"),
    say("two"),
    say("three"),
    say("four"),
    say("five"),
    say("six"),
    say("seven"),
    say("eight"),
    say("nine"),
    say("ten"),
)
"""Where a language does not count in words, its catalogue holds digits here."""


def _counted(one: str, many: str) -> tuple[str, str]:
    return one, many


THINGS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "amendment": _counted("one amendment", "{n} amendments"),
        "amendment on the same words": _counted(
            "one amendment on the same words", "{n} amendments on the same words"
        ),
        "amendment put together": _counted(
            "one amendment put together", "{n} amendments put together"
        ),
        "amendment put to the vote": _counted(
            "one amendment is put to the vote together.",
            "{n} amendments are put to the vote together.",
        ),
        "amendment nobody contests": _counted(
            "the first: one amendment that nobody contests.",
            "the first: {n} amendments that nobody contests.",
        ),
        "clause": _counted("one clause", "{n} clauses"),
        "clause found": _counted("one clause found", "{n} clauses found"),
        "close the vote on amendment": _counted(
            "close the vote on one amendment", "close the vote on {n} amendments"
        ),
        "code left": _counted(
            "one code left, for the day when phone and device are lost.",
            "{n} codes left, for the day when phone and device are lost.",
        ),
        "comment": _counted("one comment", "{n} comments"),
        "entry": _counted("one entry", "{n} entries"),
        "other more": _counted("And one other.", "And {n} others."),
        "other open amendment": _counted("one other open amendment", "{n} other open amendments"),
        "person supports it": _counted("one person supports it.", "{n} people support it."),
        "person supports this": _counted("one person supports this.", "{n} people support this."),
        "record decision": _counted("record one decision", "record {n} decisions"),
        "same words more time": _counted(
            "the same words came one more time:", "the same words came {n} more times:"
        ),
        "signed in on device": _counted("signed in on one device", "signed in on {n} devices"),
        "thing waits for you": _counted("one thing waits for you", "{n} things wait for you"),
        "time the same words": _counted(
            "one time the same words; each counts.", "{n} times the same words; each counts."
        ),
        "vote counts": _counted(
            "your vote counts for one amendment. You can change it.",
            "your vote counts for {n} amendments. You can change it.",
        ),
        "vote entered": _counted(
            "one vote entered. Close the vote when all is in.",
            "{n} votes entered. Close the vote when all is in.",
        ),
        "vote waits for you": _counted("one vote waits for you", "{n} votes wait for you"),
    }
)
"""What pages count, each in whole phrases: languages have up to six forms of them."""


def moment(when: datetime, zone: ZoneInfo) -> str:
    """Say when something is, with weekday and time, in the report's own time.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 26, 18, 0, tzinfo=UTC), ZoneInfo("Europe/London"))
    'Thursday 26 November 2026 at 18:00'
    """
    here = when.astimezone(zone)
    return tell("{day} at {time}", day=tongue.date(here, "full"), time=tongue.time(here))


def day(when: datetime, zone: ZoneInfo) -> str:
    """Say on which day something was.

    >>> from datetime import UTC
    >>> day(datetime(2026, 2, 14, tzinfo=UTC), ZoneInfo("Europe/London"))
    '14 February 2026'
    """
    return tongue.date(when.astimezone(zone), "long")


def date(when: Date) -> str:
    """Say a day.

    >>> date(Date(2026, 2, 14))
    '14 February 2026'
    """
    return tongue.date(when, "long")


def ended(state: str, when: str) -> str:
    """Say on which day an amendment came to its end, inside a line."""
    said = {
        "accepted": tell("accepted on {day}", day=when),
        "rejected": tell("rejected on {day}", day=when),
        "withdrawn": tell("withdrawn on {day}", day=when),
        "lapsed": tell("lapsed on {day}", day=when),
    }
    return said[state]


def voting_until(closes: str, *, over: bool) -> str:
    """Say until when votes are taken, or were, inside a line."""
    if over:
        return tell("voting closed on {moment}", moment=closes)
    return tell("voting closes on {moment}", moment=closes)


def read_moment(value: str, zone: ZoneInfo) -> datetime:
    """Read what a `datetime-local` field sends. Raises BadInput.

    >>> read_moment("2026-07-01T18:00", ZoneInfo("Europe/London")).isoformat()
    '2026-07-01T18:00:00+01:00'
    """
    try:
        given = datetime.fromisoformat(value.strip())
    except ValueError as error:
        raise BadInput("Write the time like this: 2026-11-26 18:00.", field="closes_at") from error
    return given if given.tzinfo else given.replace(tzinfo=zone)


def in_field(when: datetime, zone: ZoneInfo) -> str:
    """Write a moment as a `datetime-local` field holds it."""
    return f"{when.astimezone(zone):%Y-%m-%dT%H:%M}"


def joined(words: Sequence[str]) -> str:
    """Join words as a sentence does.

    >>> joined(["Leeds", "Bristol", "Cardiff"])
    'Leeds, Bristol and Cardiff'
    """
    return tongue.listed([str(in_words(word)) for word in words])


def linked(names: Iterable[Any]) -> Markup:
    """Join links as a sentence does: names with their addresses, or comments' numbers."""
    return _joined_links((_name(one), one.url) for one in names)


def _name(one: Any) -> str:
    named: str | None = getattr(one, "label", None) or getattr(one, "title", None)
    return named or tell("comment {number}", number=one.number)


def amendments(numbers: Iterable[int], endpoint: str) -> Markup:
    """Join the numbers of amendments as a sentence does, each with its page."""
    return _joined_links(
        (tell("amendment {number}", number=one), url_for(endpoint, number=one)) for one in numbers
    )


def _joined_links(links: Iterable[tuple[str, str]]) -> Markup:
    made = [str(Markup('<a href="{}">{}</a>').format(url, label)) for label, url in links]
    return Markup(tongue.listed(made))  # each is escaped, and what a language puts between is words


def count(number: int, thing: str) -> str:
    """Count things in words up to ten.

    >>> count(0, "comment"), count(1, "comment"), count(12, "entry")
    ('no comments', 'one comment', '12 entries')
    """
    said = _NUMBERS[number] if number < len(_NUMBERS) else tongue.numeral(number)
    return tongue.tell_many(*THINGS[thing], number, n=said)


def first_words(text: str, most: int = OPENING) -> str:
    """Give the beginning of a text on one line, cut between words.

    >>> first_words("Every citizen may vote, and nobody needs to apply.", 24)
    'Every citizen may vote …'
    """
    words = " ".join(text.split())
    if len(words) <= most:
        return words
    return words[:most].rsplit(" ", 1)[0].rstrip(",;:") + " …"


def first_capital(words: str) -> str:
    """Begin a sentence with a capital and leave the rest.

    >>> first_capital("no comments")
    'No comments'
    """
    told: str = in_words(words)
    return told[:1].upper() + told[1:]


def submitter_name(submitter: str) -> str:
    """Name who submitted an amendment: a member, the clerk, or somebody who takes part."""
    if submitter.startswith("seat-"):
        return tell("Seat {submitter}", submitter=int(submitter.removeprefix("seat-")))
    return tell("The clerk") if submitter.startswith("clerk") else tell("A citizen")


def from_submitter(submitter: str) -> str:
    """Say from whom a draft is, inside a line."""
    if submitter.startswith("seat-"):
        return tell("from seat {number}", number=int(submitter.removeprefix("seat-")))
    if submitter.startswith("clerk"):
        return tell("from the clerk")
    return tell("from a citizen")


def office(name: str) -> str:
    """Name an office inside a line, further ones with the number that the record gives them.

    >>> office("clerk"), office("clerk-2")
    ('clerk', 'clerk-2')
    """
    role, _, number = name.partition("-")
    said = {"clerk": tell("clerk"), "administrator": tell("administrator")}.get(role, role)
    return f"{said}-{number}" if number else said
