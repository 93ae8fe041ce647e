"""A clause's words by themselves, as readers will see them."""

from __future__ import annotations

from markupsafe import Markup

from drafter.core.clauses import Chapter, Clause
from drafter.web import marks
from drafter.web.clauses import standalone


def shown(chapter: Chapter | None, clause: Clause | None) -> Markup | None:
    """Render a clause as readers will see it."""
    if clause is None:
        return None
    if chapter is None:
        return marks.rendered("\n\n".join(clause.parts))
    return marks.rendered(standalone(chapter, clause))
