"""How an amendment stands once something was done to it."""

from __future__ import annotations

from drafter.services.desk import view_line
from drafter.web.actors import current_actor
from drafter.web.api import shapes
from drafter.web.current import instance


def standing(number: int, sentence: str) -> shapes.Standing:
    """Give state and round of an amendment, and what was done, in a sentence."""
    found, _ = view_line(instance(), number, current_actor())
    return shapes.Standing(number=number, state=found.state, round=found.round, sentence=sentence)
