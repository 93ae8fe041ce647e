"""The policy of moderation: the reasons for which a comment may be held back, and no others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from drafter.core.errors import BadInput
from drafter.core.saying import say


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason of the policy."""

    key: str
    number: int
    title: str
    sentence: str


REASONS: Final = (
    Reason(
        "person",
        1,
        say("It exposes a private person"),
        say(
            "It names somebody who holds no public office, or tells where they live or what they "
            "did."
        ),
    ),
    Reason(
        "threat",
        2,
        say("It threatens or insults somebody"),
        say("It threatens a person, or insults one. Hard words about an idea are no insult."),
    ),
    Reason(
        "hatred",
        3,
        say("It incites hatred"),
        say("It calls for hatred or violence against people for what they are or believe."),
    ),
    Reason(
        "law",
        4,
        say("The law forbids showing it"),
        say("Showing it would break a law, or a right that somebody else has in the text."),
    ),
    Reason(
        "advertising",
        5,
        say("It advertises"),
        say("It sells something, or was sent by a machine to fill the page."),
    ),
    Reason(
        "elsewhere",
        6,
        say("It is about something else"),
        say(
            "It has nothing to do with this report. A comment under the wrong clause is no such "
            "case."
        ),
    ),
    Reason(
        "other",
        7,
        say("Another reason"),
        say("None of these fits. The clerk then writes down in full what the reason is."),
    ),
)
"""In the order of their numbers. An opinion is never a reason, nor is having it in common."""


def find_reason(key: str) -> Reason:
    """Find a reason of the policy. Raises BadInput."""
    for reason in REASONS:
        if reason.key == key:
            return reason
    raise BadInput("Choose one of the policy's reasons.", field="reason")
