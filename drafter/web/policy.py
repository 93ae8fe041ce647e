"""Who may come through a route, and how often: each one declares it, and one check asks the
services.

A route without a declaration stops the app from starting, so that none is open by oversight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, TypeVar

from flask import Flask, current_app, g, redirect, request, url_for
from flask.typing import ResponseReturnValue

from drafter.core.errors import NotAllowed, NotSignedIn
from drafter.core.saying import say
from drafter.services import abuse
from drafter.services.abuse import Verdict
from drafter.services.authority import authorize, may
from drafter.web.actors import bearer, current_actor, is_program, network, signed_in
from drafter.web.current import instance

View = TypeVar("View", bound=Callable[..., Any])

EXTENSION = "drafter.policies"


class UndeclaredRoute(RuntimeError):
    """A route declares no policy. A mistake in the program, found when it starts."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route demands."""

    action: str | None
    """The action that `authorize` is asked about; None for a route that is open to everyone."""


def policy(action: str | None = None, *, public: bool = False) -> Callable[[View], View]:
    """Declare a view's policy: an action for `authorize`, or `public=True`.

    Raises ValueError unless exactly one of the two is given.
    """
    if (action is None) != public:
        raise ValueError("declare an action, or public=True")

    def declare(view: View) -> View:
        view.policy = Policy(action)  # type: ignore[attr-defined]
        return view

    return declare


def require_policies(app: Flask, given: Mapping[str, Policy]) -> None:
    """Keep the policy of each endpoint for `check`: the view's own, else the one in `given`.

    Raises UndeclaredRoute, naming every endpoint without.
    """
    found = {name: getattr(view, "policy", given.get(name)) for name, view in _views(app)}
    bare = sorted(name for name, declared in found.items() if declared is None)
    if bare:
        raise UndeclaredRoute(f"These routes declare no policy: {', '.join(bare)}.")
    gone = sorted(set(COUNTED) - set(found)) if "take_part" in app.blueprints else []
    if gone:
        raise UndeclaredRoute(f"These routes are counted, and are not there: {', '.join(gone)}.")
    app.extensions[EXTENSION] = found


def policies(app: Flask) -> Mapping[str, Policy]:
    """Give the policy of each endpoint of a finished app."""
    found: Mapping[str, Policy] = app.extensions[EXTENSION]
    return found


def _views(app: Flask) -> Iterable[tuple[str, Callable[..., Any]]]:
    return app.view_functions.items()


def check() -> ResponseReturnValue | None:
    """Before each request: refuse what the route's policy does not allow. Raises NotAllowed.

    Whoever lacks the second factor alone is led to it. Raises NotSignedIn for a program without a
    token, TooMany for a flood.
    """
    if request.endpoint is None:
        return None
    demanded = policies(current_app).get(request.endpoint)
    if demanded is None:
        raise NotAllowed("This page is not open to anyone.")
    if demanded.action is not None:
        try:
            authorize(current_actor(), demanded.action)
        except NotAllowed:
            if is_program() and bearer() is None:
                raise NotSignedIn(
                    say(
                        "Show the token of somebody who may do this ({action}): "
                        "Authorization: Bearer drafter_…",
                        action=demanded.action,
                    )
                ) from None
            if not _lacks_second(demanded.action):
                raise
            if request.method == "GET":
                return redirect(url_for("sign_in.second"), 303)
            raise NotAllowed("Give your second factor first, then send this once more.") from None
    _count()
    return None


COUNTED: Mapping[str, str] = MappingProxyType(
    {
        "take_part.send": "comment",
        "take_part.confirm": "confirm",
        "sign_in.redeem": "sign-in",
        "sign_in.passkey": "sign-in",
        "take_part.preview": "preview",
        "take_part.send_again": "confirm",
        "take_part.send_again_to": "confirm",
        "take_part.open_receipt": "confirm",
        "take_part.support": "comment",
        "take_part.follow": "comment",
        "api.comment": "comment",
    }
)
"""Forms that anybody may send, and as what each counts against abuse (`services.abuse`)."""


def verdict() -> Verdict:
    """Tell what the limits say of this request: `hold` lets a comment in past the clerk only."""
    found: Verdict = g.get("verdict", Verdict(True))
    return found


def _count() -> None:
    kind = COUNTED.get(request.endpoint or "")
    if kind is None or request.method != "POST":
        return
    if kind == "comment" and request.form.get("do") == "preview":
        kind = "preview"
    g.verdict = abuse.require_few(instance(), kind, network())


def _lacks_second(action: str) -> bool:
    signed = signed_in()
    return signed is not None and signed.second_due and may(signed.claimed, action)
