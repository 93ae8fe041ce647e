"""How large, how many, how long: the limits of what comes in, in one place."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from drafter.core.errors import BadInput
from drafter.core.saying import say

LONGEST_REMARK: Final = 5_000
"""Characters in a comment's text."""
LONGEST_WORDING: Final = 10_000
"""Characters in the wording that a suggestion or an edit gives for one clause."""
LONGEST_CHAPTER: Final = 100_000
"""Characters of a new chapter that a proposal adds."""
MOST_STEPS: Final = 200
"""Steps of one proposal."""
MOST_COMBINED: Final = 20
"""Amendments that are combined, or compared, at once."""
LONGEST_TITLE: Final = 200
LONGEST_QUESTION: Final = 500
LONGEST_REASON: Final = 20_000
LONGEST_DISSENT: Final = 10_000
LONGEST_INTEREST: Final = 200
MOST_PUT_TOGETHER: Final = 50
"""Amendments in one batch: more than a panel reads before one vote."""
LONGEST_EMAIL: Final = 254
"""RFC 5321, section 4.5.3.1.3, less the angle brackets."""
DEEPEST_NESTING: Final = 40
"""Opening brackets, quotes or emphasis marks in a row: more than any sentence needs."""
MOST_COMMENTS_TOGETHER: Final = 500
"""Comments that one amendment takes up when it is admitted."""
MOST_SEATS: Final = 200
LARGEST_CHAPTER: Final = 2_000_000
"""Bytes in one imported file."""
MOST_MAILS_A_DAY: Final = 10
"""Mails that strangers may have sent to one address on one day, by sending comments under it."""
MAIL_KEPT: Final = timedelta(days=30)
"""How long a mail is kept that has left."""
LONGEST_ANSWER: Final = 5_000
LONGEST_PLACE: Final = 200
EDIT_LASTS: Final = timedelta(hours=1)
"""How long after sending it a citizen may change a comment, until the clerk has read it."""
SOONEST: Final = timedelta(seconds=3)
"""A form filled in faster than this was hardly filled in by a person."""
SIGN_IN_LASTS: Final = timedelta(days=7)
"""How long a sign-in link from the console, or an invitation, waits to be used."""
MAILED_LINK_LASTS: Final = timedelta(hours=1)
"""How long a link waits that somebody asked for."""
SEAT_IDLE: Final = timedelta(days=14)
OFFICE_IDLE: Final = timedelta(hours=12)
"""How long a session lasts without a visit: of a seat, of a clerk or an administrator."""
SEAT_LONGEST: Final = timedelta(days=90)
OFFICE_LONGEST: Final = timedelta(days=7)
"""How long a session lasts at most, however often it is used."""
NEW_ADDRESS_LASTS: Final = timedelta(days=1)
"""How long the link waits that is mailed to somebody's new address."""
FRESH: Final = timedelta(minutes=15)
"""How long ago somebody signed in, or gave the second factor, who changes where mail goes."""
MOST_PASSKEYS: Final = 20
MOST_TOKENS: Final = 10
"""Tokens that one person has at once."""
TOKEN_LONGEST: Final = 90
"""Days after which a token ends at the latest."""
LONGEST_LABEL: Final = 60
"""Characters of what somebody calls a passkey or a token."""


_EMAIL = re.compile(
    r"[^\s@<>()\[\],;:\"\\\x00-\x20\x7f]{1,64}@[^\s@<>()\[\],;:\"\\]{1,190}\.[^\s@.]{2,63}"
)
_OPENING = re.compile(r"[\[({*_~`!<>\s]+")


def check_email(email: str | None) -> str | None:
    """Return an address without the space around it; None for none. Raises BadInput.

    Only a mail can tell whether an address is right; this refuses what no server would take, and
    everything that could become another line of the mail's head.
    """
    email = (email or "").strip()
    if not email:
        return None
    coded = "=?" in email  # RFC 2047: the mail's head would read other addresses out of it
    if (
        coded
        or len(email) > LONGEST_EMAIL
        or not _EMAIL.fullmatch(email)
        or not email.isprintable()
    ):
        raise BadInput("This is no e-mail address; write it as name@example.org.")
    return email


def check_nesting(text: str) -> None:
    """Refuse rows of opening marks that no sentence needs: they cost a parser much time.

    Raises BadInput.
    """
    longest = max((len(run[0].replace(" ", "")) for run in _OPENING.finditer(text)), default=0)
    if longest > DEEPEST_NESTING:
        raise BadInput("There are too many brackets or marks in a row; write it more plainly.")


def require_length(text: str, most: int, what: str) -> None:
    """Refuse a text of more than `most` characters. Raises BadInput with both figures."""
    if len(text) > most:
        raise BadInput(
            say(
                "{what} may have {most} characters; this has {text}. Shorten it.",
                what=say(what),
                most=most,
                text=len(text),
            ),
            most=most,
            length=len(text),
        )
