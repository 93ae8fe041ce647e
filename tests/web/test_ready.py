"""What a server has done before a visitor comes."""

from __future__ import annotations

import pytest
from flask import Flask

from drafter.cli.server import make_ready
from drafter.services.instance import Instance
from drafter.store import reports

from .visitor import Visitor


def test_the_first_page_after_a_start_compiles_no_template_and_reads_no_chapter_of_the_draft(
    app: Flask, instance: Instance, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_ready(app, instance)

    def refuse(*_: object) -> None:
        raise AssertionError("a visitor waits for this")

    monkeypatch.setattr(app.jinja_env, "compile", refuse)
    monkeypatch.setattr(reports, "read_chapter", refuse)
    assert visitor.get("/take-part/").status_code == 200
