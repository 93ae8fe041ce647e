"""The errors of Drafter: a small tree, each with its data and a sentence that says what to do.

Expected outcomes (a conflict in a merge, a stale motion, a lint finding) are values, not errors.
The web maps each class to one HTTP status, the command to one exit code.
"""

from __future__ import annotations

from drafter.core.saying import Sentence, say


class DrafterError(Exception):
    """Base of all errors that Drafter raises on purpose.

    `sentence` is shown to people, in English as it stands or told by a catalogue; one that holds
    data is made by `say`. `data` holds what a program may want to know.
    """

    def __init__(self, sentence: str, **data: object) -> None:
        super().__init__(sentence)
        self.sentence = sentence if isinstance(sentence, Sentence) else say(sentence)
        self.data = data


class BadInput(DrafterError):
    """What was handed in cannot be used as it is: a form, a file, an argument."""


class NotFound(DrafterError):
    """The clause, amendment, version or page asked for does not exist, and never did."""


class NotAllowed(DrafterError):
    """The actor may not do this to this object."""


class NotSignedIn(NotAllowed):
    """Nobody is known who asks: a program without a token, or with one that has ended."""


class Refused(DrafterError):
    """The rules of the process forbid it in the present state (a closed motion, no quorum)."""


class Conflict(DrafterError):
    """Somebody else was faster: the thing changed between reading and writing it."""


class Busy(DrafterError):
    """Another writer holds the lock for longer than we wait. Trying again later may help."""


class Unreadable(DrafterError):
    """It is there but could not be read: never to be taken for "not there"."""


class Corrupt(DrafterError):
    """The record contradicts itself: database and git, a manifest and its files."""


class TooMany(DrafterError):
    """More in a short time than people send; `retry_after` in the data says how many seconds."""
