"""An operation of the interface: declared once, and read, checked, answered and described by it."""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Blueprint, Response, request
from pydantic import BaseModel, ConfigDict, ValidationError
from werkzeug.exceptions import UnsupportedMediaType

from drafter.core.errors import BadInput
from drafter.core.saying import say
from drafter.web.actors import bearer
from drafter.web.policy import Policy

View = Callable[..., Any]
Declared = TypeVar("Declared", bound=View)

MOST_FAULTS = 20
"""Faults of one request that are named at once."""


class Shape(BaseModel):
    """What goes in or out: each field has its type and a line, and there are no others."""

    model_config = ConfigDict(
        extra="forbid", strict=True, frozen=True, use_attribute_docstrings=True
    )


class Nothing(Shape):
    """Nothing is asked for."""


@dataclass(frozen=True, slots=True)
class Operation:
    """What one address does by one method."""

    method: str
    path: str
    """Under `/api/v1`, as Flask writes it."""
    action: str
    """What `authorize` is asked about."""
    gives: type[Shape]
    takes: type[Shape] | None
    """What the body must hold; None for a method without one."""
    asks: type[Shape]
    """What may stand behind the question mark."""
    status: int
    kept: bool
    """The answer to who shows no token may be kept, and asked for again if it has changed."""
    headers: tuple[tuple[str, str], ...]
    """Headers that it reads, and what each does."""


def operation(
    method: str,
    path: str,
    action: str,
    *,
    gives: type[Shape],
    takes: type[Shape] | None = None,
    asks: type[Shape] = Nothing,
    status: int = 200,
    kept: bool | None = None,
    headers: tuple[tuple[str, str], ...] = (),
) -> Callable[[Declared], Declared]:
    """Declare a view as an operation, with its policy. Its docstring describes it.

    The view gets what the path holds, `sent` where it takes a body, `asked` where it asks.
    """
    kept = method == "GET" if kept is None else kept
    declared = Operation(method, path, action, gives, takes, asks, status, kept, headers)

    def declare(view: Declared) -> Declared:
        view.operation = declared  # type: ignore[attr-defined]
        view.policy = Policy(action)  # type: ignore[attr-defined]
        return view

    return declare


def operation_of(view: View) -> Operation:
    """Give what a view was declared as."""
    found: Operation = view.operation  # type: ignore[attr-defined]
    return found


def add(blueprint: Blueprint, view: View) -> None:
    """Add an operation to the blueprint."""
    one = operation_of(view)

    @functools.wraps(view)
    def answering(**values: Any) -> Response:
        given = dict(values)
        asked = _read_query(one.asks)
        if one.asks is not Nothing:
            given["asked"] = asked
        if one.takes is not None:
            sent = _read_body(one.takes)
            if one.takes is not Nothing:
                given["sent"] = sent
        return _answer(one, view(**given))

    blueprint.add_url_rule(one.path, view_func=answering, methods=[one.method])


def _read_body(shape: type[Shape]) -> Shape:
    body = request.get_data(cache=False)
    if not body and shape is Nothing:
        return Nothing()
    if request.mimetype != "application/json":
        raise UnsupportedMediaType
    try:
        return shape.model_validate_json(body)
    except ValidationError as error:
        raise _bad_input(error) from None


def _read_query(shape: type[Shape]) -> Shape:
    given = request.args.to_dict(flat=False)
    twice = next((name for name, values in given.items() if len(values) > 1), None)
    if twice is not None:
        raise BadInput(
            say("'{name}' stands in the address twice. Write it once.", name=twice[:40]),
            field=twice,
        )
    try:
        return shape.model_validate_strings({name: values[0] for name, values in given.items()})
    except ValidationError as error:
        raise _bad_input(error) from None


def _bad_input(error: ValidationError) -> BadInput:
    faults = [
        {"field": ".".join(map(str, each["loc"]))[:80], "problem": each["msg"]}
        for each in error.errors(include_url=False, include_context=False, include_input=False)
    ][:MOST_FAULTS]
    first = faults[0]
    where = f" at '{first['field']}'" if first["field"] else ""
    sentence = f"What was sent is not as described{where}: {first['problem']}."
    return BadInput(sentence, field=first["field"] or None, errors=faults)


def _answer(one: Operation, given: Shape) -> Response:
    body = given.model_dump_json(by_alias=True) + "\n"
    response = Response(body, one.status, mimetype="application/json")
    response.headers["Vary"] = "Authorization"
    if one.kept and bearer() is None:
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
    return response
