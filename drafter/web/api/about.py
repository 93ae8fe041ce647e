"""The description of the interface (OpenAPI 3.1), made of what the operations declare."""

from __future__ import annotations

import inspect
import json
import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

from flask import Blueprint, Response, request
from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from drafter.core.errors import DrafterError
from drafter.services.authority import TABLE
from drafter.web.api.operation import Nothing, Operation, Shape, View, operation_of
from drafter.web.api.problem import MEDIA_TYPE, TITLES, name_of
from drafter.web.policy import policy

ADDRESS = "/openapi.json"
AT = "#/components/schemas/{model}"

PROBLEM: Mapping[str, Any] = {
    "type": "object",
    "description": "A refusal (RFC 9457).",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string", "description": "The kind: see `x-problems`."},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "A sentence that says what to do."},
        "field": {"type": ["string", "null"], "description": "What in the request is wrong."},
        "errors": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {"field": {"type": "string"}, "problem": {"type": "string"}},
            },
        },
    },
}

PATTERN = re.compile(r"<(?:(int):)?(\w+)>")


def add_to(blueprint: Blueprint, views: Iterable[View]) -> None:
    """Add the description of some operations; it is worked out when it is first asked for."""
    views = tuple(views)
    kept: list[str] = []

    @policy(public=True)
    def openapi() -> Response:
        """Give the description."""
        if not kept:
            kept.append(json.dumps(describe(views), indent=1, ensure_ascii=False) + "\n")
        response = Response(kept[0], mimetype="application/json")
        response.headers["Cache-Control"] = "no-cache"
        response.add_etag()
        response.make_conditional(request)
        return response

    blueprint.add_url_rule(ADDRESS, view_func=openapi)


def describe(views: Iterable[View]) -> dict[str, Any]:
    """Describe operations as OpenAPI 3.1 does."""
    found = [(view, operation_of(view)) for view in views]
    paths: dict[str, dict[str, Any]] = {}
    for view, one in found:
        where = PATTERN.sub(r"{\2}", one.path)
        paths.setdefault(where, {})[one.method.lower()] = _operation(view, one)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Drafter",
            "version": version("drafter"),
            "description": "What the pages of the app show and do, for programs.",
        },
        "servers": [{"url": "/api/v1"}],
        "paths": paths,
        "components": {
            "schemas": {**_schemas(one for _, one in found), "Problem": PROBLEM},
            "responses": {
                "problem": {
                    "description": "It was refused; nothing was recorded.",
                    "content": {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}},
                }
            },
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "x-problems": {
                name_of(kind): {"title": title, "description": _said(kind)}
                for kind, title in TITLES.items()
            },
        },
    }


def _operation(view: View, one: Operation) -> dict[str, Any]:
    summary, _, more = inspect.cleandoc(view.__doc__ or "").partition("\n")
    described: dict[str, Any] = {
        "operationId": view.__name__,
        "summary": summary,
        "parameters": [*_in_path(one), *_in_query(one), *_in_header(one)],
        "responses": {
            str(one.status): {
                "description": "Done.",
                "content": {"application/json": {"schema": _at(one.gives)}},
            },
            "default": {"$ref": "#/components/responses/problem"},
        },
        "security": _security(one),
    }
    if more.strip():
        described["description"] = " ".join(more.split())
    if one.takes is not None and one.takes is not Nothing:
        schema = {"schema": _at(one.takes)}
        described["requestBody"] = {"required": True, "content": {"application/json": schema}}
    return described


def _security(one: Operation) -> list[dict[str, list[str]]]:
    """A token is needed, unless the public may do it."""
    return [{}, {"token": []}] if "public" in TABLE[one.action] else [{"token": []}]


def _in_path(one: Operation) -> list[dict[str, Any]]:
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": {"type": "integer", "minimum": 0} if kind else {"type": "string"},
        }
        for kind, name in PATTERN.findall(one.path)
    ]


def _in_query(one: Operation) -> list[dict[str, Any]]:
    schema = one.asks.model_json_schema(ref_template=AT)
    needed = schema.get("required", [])
    return [
        {"name": name, "in": "query", "required": name in needed, "schema": each}
        for name, each in schema.get("properties", {}).items()
    ]


def _in_header(one: Operation) -> list[dict[str, Any]]:
    return [
        {"name": name, "in": "header", "description": said, "schema": {"type": "string"}}
        for name, said in one.headers
    ]


def _at(shape: type[Shape]) -> dict[str, str]:
    return {"$ref": AT.format(model=shape.__name__)}


def _schemas(operations: Iterable[Operation]) -> dict[str, Any]:
    wanted: dict[tuple[type[BaseModel], JsonSchemaMode], None] = {}
    for one in operations:
        wanted[one.gives, "serialization"] = None
        if one.takes is not None and one.takes is not Nothing:
            wanted[one.takes, "validation"] = None
    _, schemas = models_json_schema(list(wanted), ref_template=AT)
    found: dict[str, Any] = schemas["$defs"]
    return found


def _said(kind: type[DrafterError]) -> str:
    return " ".join((kind.__doc__ or "").split())
