"""Changes as markup that templates may put in: what was suggested, what an amendment would do."""

from __future__ import annotations

import functools

from markupsafe import Markup

from drafter.core.clauses import ClauseType
from drafter.core.diff import Change
from drafter.core.rendering import render
from drafter.core.wording import tokens_of
from drafter.publish import marks
from drafter.web.tongue import tell


def suggested(clause_type: ClauseType, before: str, after: str) -> Markup:
    """Mark what a suggestion changes in a clause of this type, from one wording to the other."""
    return _spoken(_suggested(clause_type, before, after))


@functools.lru_cache(maxsize=4096)
def _suggested(clause_type: ClauseType, before: str, after: str) -> Markup:
    old, new = tokens_of(clause_type, (before,)), tokens_of(clause_type, (after,))
    return Markup(marks.marked_words(old, new, clause_type))


def changed(change: Change, view: marks.View = "both") -> Markup:
    """Mark what a change does to its clause; `old` and `new` leave out the other side."""
    return _spoken(Markup(marks.marked(change, view)))


@functools.lru_cache(maxsize=4096)
def rendered(wording: str) -> Markup:
    """Render a wording as it is published; the renderer cleans what it gives."""
    return Markup(render(wording))


def _spoken(markup: Markup) -> Markup:
    """Say in the page's language what is heard before a marked word; words are escaped, so the
    span is none of theirs.
    """
    said = str(markup)
    for ours, theirs in (("removed:", tell("removed:")), ("added:", tell("added:"))):
        if ours != theirs:
            spoken = Markup('<span class="sr">{} </span>')
            said = said.replace(spoken.format(ours), spoken.format(theirs))
    return Markup(said)
