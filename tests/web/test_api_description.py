"""The description of the interface: valid, whole, and true of what comes out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from flask import Flask
from openapi_schema_validator import OAS31Validator
from openapi_spec_validator import validate
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from drafter.core.ids import ClauseId
from drafter.services import admitting, commenting
from drafter.services.authority import CLERK_ACTOR
from drafter.services.instance import Instance
from drafter.web.api import views
from drafter.web.api.operation import operation_of

from .programs import Program
from .visitor import CLAUSE, send_comment


@pytest.fixture
def described(program: Program) -> dict[str, Any]:
    answer = program.get("/openapi.json")
    assert answer.json is not None
    return dict(answer.json)


def test_it_is_valid_openapi(described: dict[str, Any]) -> None:
    validate(described)


def test_it_holds_every_operation_and_says_which_need_a_token(
    app: Flask, described: dict[str, Any]
) -> None:
    rules = [rule for rule in app.url_map.iter_rules() if rule.endpoint.startswith("api.")]
    assert len(rules) == len(views()) + 1
    found = [one for methods in described["paths"].values() for one in methods.values()]
    assert {one["operationId"] for one in found} == {view.__name__ for view in views()}
    public = {one["operationId"] for one in found if {} in one["security"]}
    assert public == {
        *("report", "chapter_clauses", "clause", "comments", "amendments", "amendment"),
        *("receipt", "me", "comment"),
    }


def test_every_field_and_operation_has_its_words(described: dict[str, Any]) -> None:
    for view in views():
        assert view.__doc__, view
    for name, schema in described["components"]["schemas"].items():
        assert schema.get("description"), name
        if name != "Problem":
            assert schema["additionalProperties"] is False, name


def test_answers_are_as_it_says(
    app: Flask,
    instance: Instance,
    described: dict[str, Any],
    closed: int,
    clerk_program: Program,
) -> None:
    send_comment(instance, CLAUSE, "A remark.")
    admitting.show(instance, CLERK_ACTOR, 2)
    token = commenting.comment(instance, ClauseId(CLAUSE), "x").receipt_token
    asked = {
        "report": "/report",
        "chapter_clauses": "/clauses?chapter=drafts/01-voting.md",
        "clause": f"/clauses/{CLAUSE}",
        "comments": f"/clauses/{CLAUSE}/comments",
        "amendments": "/amendments",
        "amendment": f"/amendments/{closed}",
        "receipt": f"/receipts/{token}",
        "me": "/me",
    }
    by_name: dict[str, Callable[..., Any]] = {view.__name__: view for view in views()}
    resource = Resource(contents=described, specification=DRAFT202012)
    registry: Registry[Any] = Registry().with_resource("urn:described", resource)
    for name, where in asked.items():
        shape = operation_of(by_name[name]).gives.__name__
        schema = {"$ref": f"urn:described#/components/schemas/{shape}"}
        answer = clerk_program.get(where)
        assert answer.status_code == 200, answer.text
        OAS31Validator(schema, registry=registry).validate(answer.json)
