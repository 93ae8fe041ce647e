"""What the documents tell people to type exists, and what exists is in the documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from pathlib import Path

import pytest

from drafter.cli.verbs import VERBS
from drafter.core.rules import Rules
from drafter.services.settings import Settings, SignIn, Smtp

from .documents import DOCUMENTS, ROOT, shell_lines, without_code

_COMMAND = re.compile(r"(?:^|&& |[\w./-]*/)drafter ([a-z]+)\b")
_MAKE = re.compile(r"(?:^|&& )make (\.?[a-z][a-z-]*)\b")
_TARGET = re.compile(r"^(\.?[a-z][a-z-]*):.*?(## .*)?$", re.MULTILINE)
_OPTION = re.compile(r"(?<=\s)(--[a-z][a-z-]*)")
_LINK = re.compile(r"\]\(([^)\s]+)\)")

BALLOT_LINE = "drafter ballot 1"
"""The first line of what a ballot binds; the one thing in the documents that looks like a verb."""


def typed() -> Iterator[tuple[str, str]]:
    for path in DOCUMENTS:
        for line in shell_lines(path.read_text(encoding="utf-8")):
            if line != BALLOT_LINE:
                yield path.name, line


def targets() -> dict[str, bool]:
    """Give the targets of the Makefile, and whether each is meant to be typed."""
    found = _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))
    return {name: bool(told) for name, told in found}


def test_every_command_in_the_documents_exists():
    named = {(name, verb) for name, line in typed() for verb in _COMMAND.findall(line)}
    assert named
    assert [found for found in sorted(named) if found[1] not in VERBS] == []


def test_every_command_is_in_the_documents():
    named = {verb for _, line in typed() for verb in _COMMAND.findall(line)}
    assert sorted(set(VERBS) - named) == []


def test_every_option_in_the_documents_belongs_to_its_command():
    foreign = []
    for name, line in typed():
        verbs = _COMMAND.findall(line)
        if len(verbs) != 1 or verbs[0] not in VERBS:
            continue
        known = options_of(verbs[0])
        told = _OPTION.findall(line.split(f"drafter {verbs[0]}", 1)[1])
        foreign += [(name, line, option) for option in told if option not in known]
    assert foreign == []


def options_of(verb: str) -> set[str]:
    import click

    from drafter.cli.verbs import drafter

    command = drafter.get_command(click.Context(drafter), verb)
    assert command is not None
    given = {option for parameter in command.params for option in parameter.opts}
    return given | {"--help"}


def test_every_make_target_in_the_documents_exists():
    named = {(name, target) for name, line in typed() for target in _MAKE.findall(line)}
    assert named
    assert [found for found in sorted(named) if found[1] not in targets()] == []


def test_every_make_target_with_a_description_is_in_the_documents():
    named = {target for _, line in typed() for target in _MAKE.findall(line)}
    told = {name for name, is_told in targets().items() if is_told}
    assert sorted(told - named) == []


@pytest.mark.parametrize("kind", [Settings, SignIn, Smtp])
def test_every_setting_is_in_the_operators_document(kind: type):
    text = (ROOT / "docs" / "operating.md").read_text(encoding="utf-8")
    names = [field.name for field in fields(kind)]
    assert [name for name in names if f"{name} = " not in text and f"[{name}]" not in text] == []


def test_every_rule_is_in_the_format():
    text = (ROOT / "docs" / "format.md").read_text(encoding="utf-8")
    assert [name for name in Rules().to_dict() if f"| `{name}` |" not in text] == []


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_every_link_to_a_file_leads_to_one(path: Path):
    links = _LINK.findall(without_code(path.read_text(encoding="utf-8")))
    files = [link.split("#")[0] for link in links if not link.startswith(("http", "#"))]
    assert [link for link in files if not (path.parent / link).exists()] == []


def test_every_file_that_the_architecture_names_exists():
    text = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = re.findall(r"`((?:core|store|people|publish|services|web|cli)/\w+\.py)`", text)
    assert len(named) > 20
    assert [name for name in named if not (ROOT / "drafter" / name).exists()] == []
