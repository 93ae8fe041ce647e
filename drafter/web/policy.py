"""Who may come through a route: each one declares it, and one check asks the services.

A route without a declaration stops the app from starting, so that none is open by oversight.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask, current_app, request

from drafter.core.errors import NotAllowed
from drafter.services.authority import authorize
from drafter.web.actors import current_actor

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
    app.extensions[EXTENSION] = found


def policies(app: Flask) -> Mapping[str, Policy]:
    """Give the policy of each endpoint of a finished app."""
    found: Mapping[str, Policy] = app.extensions[EXTENSION]
    return found


def _views(app: Flask) -> Iterable[tuple[str, Callable[..., Any]]]:
    return app.view_functions.items()


def check() -> None:
    """Before each request: refuse what the route's policy does not allow. Raises NotAllowed."""
    if request.endpoint is None:
        return
    demanded = policies(current_app).get(request.endpoint)
    if demanded is None:
        raise NotAllowed("This page is not open to anyone.")
    if demanded.action is not None:
        authorize(current_actor(), demanded.action)
