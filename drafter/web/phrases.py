"""How pages say things: times, lists, seats, states and consequences, as words for people."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from types import MappingProxyType
from zoneinfo import ZoneInfo

from drafter.core.errors import BadInput

OPENING = 70
"""How many characters of a text name it in a list."""

STATES: Mapping[str, str] = MappingProxyType(
    {
        "open": "Waiting to be put to the vote",
        "put": "Being voted on",
        "stale": "To be put to the vote again, because the draft has changed",
        "accepted": "Accepted",
        "rejected": "Rejected",
        "withdrawn": "Withdrawn",
        "lapsed": "Lapsed",
    }
)

VOTES: Mapping[str, str] = MappingProxyType(
    {"for": "For", "against": "Against", "abstaining": "Abstain", "recused": "I have an interest"}
)
TOGETHER: Mapping[str, str] = MappingProxyType(
    {name: label for name, label in VOTES.items() if name != "recused"}
)
"""What one ballot on several amendments can say: an interest is declared on one of them."""
SPOKEN: Mapping[str, str] = MappingProxyType(
    {
        "for": "For",
        "against": "Against",
        "abstaining": "Abstains",
        "absent": "Absent",
        "recused": "Has an interest",
    }
)
"""What the clerk enters for a seat in a roll call."""

CAST: Mapping[str, str] = MappingProxyType(
    {
        "for": "voted for",
        "against": "voted against",
        "abstaining": "abstained",
        "recused": "declared an interest",
        "absent": "did not vote",
    }
)

EFFECTS: Mapping[str, str] = MappingProxyType(
    {"unchanged": "Unchanged", "merges": "Combines", "competes": "Competes", "lapses": "Lapses"}
)

_NUMBERS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def moment(when: datetime, zone: ZoneInfo) -> str:
    """Say when something is, with weekday and time, in the report's own time.

    >>> from datetime import UTC
    >>> moment(datetime(2026, 11, 26, 18, 0, tzinfo=UTC), ZoneInfo("Europe/London"))
    'Thursday 26 November 2026 at 18:00'
    """
    here = when.astimezone(zone)
    return f"{here:%A} {here.day} {here:%B %Y} at {here:%H:%M}"


def day(when: datetime, zone: ZoneInfo) -> str:
    """Say on which day something was.

    >>> from datetime import UTC
    >>> day(datetime(2026, 2, 14, tzinfo=UTC), ZoneInfo("Europe/London"))
    '14 February 2026'
    """
    here = when.astimezone(zone)
    return f"{here.day} {here:%B %Y}"


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
    if len(words) < 2:
        return "".join(words)
    return f"{', '.join(words[:-1])} and {words[-1]}"


def count(number: int, one: str, many: str | None = None) -> str:
    """Count things in words up to ten.

    >>> count(0, "comment"), count(1, "comment"), count(12, "reply", "replies")
    ('no comments', 'one comment', '12 replies')
    """
    said = _NUMBERS[number] if number < len(_NUMBERS) else f"{number:,}"
    return f"{said} {one if number == 1 else many or one + 's'}"


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
    return words[:1].upper() + words[1:]


def submitter_name(submitter: str) -> str:
    """Name who submitted an amendment: a member, the clerk, or somebody who takes part."""
    if submitter.startswith("seat-"):
        return f"Seat {int(submitter.removeprefix('seat-'))}"
    return "The clerk" if submitter.startswith("clerk") else "A citizen"
