"""What the interface takes: the shapes of what is sent. Limits of texts are the services' part."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from drafter.core.rules import State
from drafter.services.limits import MOST_COMMENTS_TOGETHER, MOST_SEATS
from drafter.web.api.operation import Shape

LARGEST = 2**31 - 1
MOST_LISTED = 100

Count = Annotated[int, Field(ge=1, le=LARGEST)]
Digest = Annotated[str, Field(pattern="^[0-9a-f]{64}$")]
Seat = Annotated[int, Field(ge=1, le=9999)]


class OfChapter(Shape):
    """Whose clauses are asked for."""

    chapter: str
    """The path of a chapter, as in the report."""


class Page(Shape):
    """Which page is asked for."""

    page: Count = 1


class Part(Shape):
    """Which part of a list is asked for."""

    state: State | None = None
    """Those in this state alone."""
    after: Annotated[int, Field(ge=0, le=LARGEST)] = 0
    """Those past this number."""
    limit: Annotated[int, Field(ge=1, le=MOST_LISTED)] = 50


class NewComment(Shape):
    """A comment on a clause; with `wording` it is a suggestion."""

    text: str = ""
    wording: str | None = None
    """The clause's words as they should be, in Markdown."""
    wording_hash: Digest
    """Of the words that its author read."""
    email: str | None = None
    """Without one it is kept as received and does not count."""
    consent: Literal[True]
    """Its author agrees that it is kept and shown, as the page about privacy says."""


class Admission(Shape):
    """Comments that become an amendment."""

    comments: Annotated[tuple[Count, ...], Field(min_length=1, max_length=MOST_COMMENTS_TOGETHER)]
    title: str
    names_no_person: Literal[True]
    """The clerk has read the wording, and it names no private person."""


class Question(Shape):
    """How an amendment is put to the vote."""

    closes_at: AwareDatetime | None = None
    question: str = ""
    """Empty for the usual one."""


class Ballot(Shape):
    """A seat's vote, bound to the words that it read."""

    choice: Literal["for", "against", "abstaining", "recused"]
    ballot_hash: Digest
    interest: str | None = None
    """What a recused seat declares; it stands in the record."""


class Spoken(Shape):
    """What a seat said when it was called."""

    seat: Seat
    choice: Literal["for", "against", "abstaining", "recused", "absent"]
    interest: str | None = None


class RollCall(Shape):
    """A vote taken in the room."""

    ballot_hash: Digest
    votes: Annotated[tuple[Spoken, ...], Field(min_length=1, max_length=MOST_SEATS)]
    replacing: Annotated[tuple[Seat, ...], Field(max_length=MOST_SEATS)] = ()
    """Seats whose own ballot it replaces."""


class Statement(Shape):
    """A dissent; an empty text takes it back."""

    text: str


class Ruling(Shape):
    """The reason that the panel gives."""

    reason: str
    statements_read: Digest | None = None
    """The digest of the seats' statements that were read, where there are any."""


class Reason(Shape):
    """Why."""

    reason: str
