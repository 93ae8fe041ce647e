"""Sentences that can be said in another language: they remember their template and its data.

A `Sentence` is its English text, so that records, logs and the command use it as it is. Whoever
shows it to a reader has it told again by a catalogue. Knows no catalogue and no language.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol


class Catalogue(Protocol):
    """What a language offers: each template's translation, or the template itself."""

    def gettext(self, message: str) -> str:
        """Translate a template."""

    def ngettext(self, message1: str, message2: str, n: int) -> str:
        """Translate the template that goes with a number."""


class Sentence(str):
    """A sentence in English, with the template it was made from and what was put into it."""

    __slots__ = ("data", "many", "number", "template")

    template: str
    data: Mapping[str, object]
    many: str | None
    """The template for other numbers than one; None where none is counted."""
    number: int

    def told(self, catalogue: Catalogue) -> str:
        """Say it in a catalogue's language, with the sentences in it told too."""
        if not self.template:
            return ""  # under the empty message a catalogue keeps its own description
        if self.many is None:
            found = catalogue.gettext(self.template)
        else:
            found = catalogue.ngettext(self.template, self.many, self.number)
        if not self.data:
            return found
        return found.format(**{name: told(value, catalogue) for name, value in self.data.items()})

    def __reduce__(self) -> tuple[object, ...]:
        """Copy and pickle as what it is made of."""
        return _make, (str(self), self.template, self.many, self.number, dict(self.data))


def say(template: str, /, **data: object) -> Sentence:
    """Say a sentence. Its template must stand here as a literal, or no catalogue will hold it.

    >>> say("Amendment {number} is closed.", number=17)
    'Amendment 17 is closed.'
    >>> say("Not a {template} without data.")
    'Not a {template} without data.'
    """
    return _make(template.format(**data) if data else template, template, None, 0, data)


def say_many(one: str, many: str, number: int, /, **data: object) -> Sentence:
    """Say a sentence that counts; languages have up to six forms of it. `{n}` is the number.

    >>> say_many("{n} seat is vacant.", "{n} seats are vacant.", 3)
    '3 seats are vacant.'
    """
    data.setdefault("n", number)
    english = (one if number == 1 else many).format(**data)
    return _make(english, one, many, number, data)


def told(value: object, catalogue: Catalogue) -> object:
    """Tell a sentence in a catalogue's language; anything else is given back as it is."""
    return value.told(catalogue) if isinstance(value, Sentence) else value


def _make(
    english: str, template: str, many: str | None, number: int, data: Mapping[str, object]
) -> Sentence:
    made = Sentence(english)
    made.template, made.many, made.number, made.data = template, many, number, data
    return made
