"""Confirming that it is you: what somebody was about to change is kept until they have, and the
way back to it. It is kept in the cookie, and goes on with the same person alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from flask import redirect, request, session, url_for
from flask.typing import ResponseReturnValue

from drafter.services.signing_in import SignedIn, Unproven

KEY: Final = "going on"
PLACES: Mapping[str, str] = MappingProxyType({"you.app": "you.app", "you.confirm_app": "you.app"})
"""From where one comes back to another page than one's own."""
FIELDS: Final = ("email", "label", "purpose", "days")
LONGEST: Final = 254
"""Characters kept of a field: whatever fits into one of these is shorter, and a cookie is small."""


def lead(_: Unproven) -> ResponseReturnValue:
    """Keep what was typed, and lead to where one confirms that it is oneself."""
    given = {name: request.form.get(name, "")[:LONGEST] for name in FIELDS}
    typed = {name: value for name, value in given.items() if value.strip()}
    session[KEY] = [PLACES.get(request.endpoint or "", "you.page"), typed]
    return redirect(url_for("you.confirm"), 303)


def kept() -> Mapping[str, str]:
    """Give what was typed before."""
    return _read()[1]


def forget() -> None:
    """Let go of it: what was typed is being sent, or seen to be gone."""
    session.pop(KEY, None)


def is_under_way() -> bool:
    """Tell whether somebody was about to change something."""
    return KEY in session


def back() -> str:
    """Give the address of where they were."""
    return url_for(_read()[0])


def carried(before: SignedIn | None, after: SignedIn) -> object | None:
    """Give what goes on into the next session: of the same person, and of nobody else."""
    same = before is not None and before.person == after.person
    return session.get(KEY) if same else None


def _read() -> tuple[str, Mapping[str, str]]:
    found = session.get(KEY)
    if isinstance(found, list) and len(found) == 2:
        return str(found[0]), dict(found[1])
    return "you.page", {}
