"""docs/api.md: each example is run, in its order, and every operation stands in its table."""

from __future__ import annotations

import json
import re
from pathlib import Path
from string import Template
from typing import Any

from flask import Flask

from drafter.core.errors import DrafterError
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.instance import Instance
from drafter.web.api import views
from drafter.web.api.about import PATTERN
from drafter.web.api.operation import operation_of
from drafter.web.api.problem import TITLES, name_of
from drafter.web.problems import STATUS
from tests.docs.documents import ROOT

from .programs import token_of

DOCUMENT = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")
EXAMPLE = re.compile(r"```http\n(.*?)```\n```json\n(.*?)```", re.S)


def test_every_example_gives_what_it_says(app: Flask, instance: Instance, suggested: int) -> None:
    client = app.test_client()
    known = {
        "SEAT_TOKEN": token_of(instance, Actor("seat", 1)),
        "CLERK_TOKEN": token_of(instance, CLERK_ACTOR),
    }
    found = EXAMPLE.findall(DOCUMENT)
    assert len(found) == DOCUMENT.count("```http\n") >= 15
    for request, expected in found:
        filled = Template(request).substitute(known)
        head, _, body = filled.partition("\n\n")
        (method, where), *headers = (line.split(" ", 1) for line in head.strip().split("\n"))
        answer = client.open(
            where,
            method=method,
            headers={name.rstrip(":"): value for name, value in headers},
            json=json.loads(body) if body.strip() else None,
        )
        assert answer.json is not None, answer.text
        assert differs(json.loads(expected), answer.json) == "", (request, answer.text)
        assert answer.status_code < 400 or "problems" in expected
        known |= {name.upper(): each for name, each in hashes(answer.json)}


def differs(said: Any, given: Any, where: str = "") -> str:
    """Say where an answer is not as the document says; `…` stands for anything, and an object
    may hold more.
    """
    if said == "…":
        return ""
    if isinstance(said, dict) and isinstance(given, dict):
        parts = (
            differs(each, given[name], f"{where}.{name}") if name in given else f"{where}.{name}"
            for name, each in said.items()
        )
        return next(filter(None, parts), "")
    if isinstance(said, list) and isinstance(given, list) and len(said) == len(given):
        return next(
            filter(None, (differs(a, b, f"{where}[]") for a, b in zip(said, given, strict=True))),
            "",
        )
    return "" if said == given else f"{where}: {given}"


def hashes(given: object) -> list[tuple[str, str]]:
    """Find what later examples name: hashes and the receipt."""
    if not isinstance(given, dict):
        return []
    own = [
        (name, each)
        for name, each in given.items()
        if name in ("wording_hash", "ballot_hash", "receipt") and isinstance(each, str)
    ]
    return own + [pair for each in given.values() for pair in hashes(each)]


def test_every_operation_stands_in_the_table_and_no_other() -> None:
    rows = re.findall(r"^\| (GET|POST|PUT|DELETE) (/[^ ?|]*)", DOCUMENT, re.M)
    declared = [operation_of(view) for view in views()]
    assert sorted(rows) == sorted((one.method, PATTERN.sub(r"{\2}", one.path)) for one in declared)


def test_every_kind_of_problem_stands_there_with_its_status() -> None:
    lines = [line for line in DOCUMENT.split("\n") if line.startswith("| ")]
    for kind in set(TITLES) - {DrafterError}:
        assert any(name_of(kind) in line and str(STATUS[kind]) in line for line in lines), name_of(
            kind
        )
    assert set(TITLES) == set(STATUS)


def test_the_documents_name_it() -> None:
    assert "api.md" in (Path(ROOT) / "docs" / "architecture.md").read_text(encoding="utf-8")
