"""Pages as they were answered, which templates made them, and which of a template's outputs never
came: so that a test can ask for every page in every state.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import pytest
from flask import Flask, template_rendered
from flask.testing import FlaskClient
from jinja2 import Environment, Template

TEMPLATES = Path(__file__).parents[2] / "drafter/web/templates"
PARTS = re.compile(
    r"parts/|macros\.html|base\.html|page\.html|you/(setup|tokens)\.html"
    r"|\w+/((step|combine)_)?previews?\.html"
)
"""Never a page by themselves, only within others."""


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as it came."""

    name: str
    """The state that it shows, in words; it names the picture of it."""
    address: str
    status: int
    html: str
    template: str


@dataclass
class Walk:
    """Somebody who goes from page to page, and keeps each; every role has a browser of its own."""

    app: Flask
    shown: list[Shown] = field(default_factory=list)
    clients: dict[str, FlaskClient] = field(default_factory=dict)
    html: str = ""
    """The page at hand."""

    def client(self, who: str) -> FlaskClient:
        return self.clients.setdefault(who, self.app.test_client())

    def get(self, who: str, name: str, address: str) -> str:
        return self._open(who, name, address, None)

    def send(self, who: str, name: str, address: str, **fields: object) -> str:
        """Send a form. Where it leads elsewhere, the page there is the one that is kept."""
        return self._open(who, name, address, fields)

    def ask(self, who: str, address: str, **fields: object) -> str:
        """Ask for a preview alone, as the script does while somebody types; no page is kept."""
        alone = {"X-Drafter-Preview": "1"}
        answer = self.client(who).post(address, data=fields, headers=alone, buffered=True)
        assert answer.status_code == 200, (address, answer.status_code)
        return answer.text

    def _open(self, who: str, name: str, address: str, fields: dict[str, object] | None) -> str:
        made: list[str] = []

        def note(_: object, template: Any, **__: object) -> None:
            made.append(template.name)

        client, method = self.client(who), "GET" if fields is None else "POST"
        with template_rendered.connected_to(note, self.app):
            response = client.open(address, method=method, data=fields, buffered=True)
            while response.status_code in (302, 303):
                address = response.headers["Location"]
                response = client.get(address, buffered=True)
        self.html = response.text
        if made and not PARTS.match(made[-1]):
            self.shown.append(Shown(name, address, response.status_code, self.html, made[-1]))
        return self.html


def whole_templates() -> set[str]:
    """Name every template that a page is made of."""
    names = {str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")}
    return {name for name in names if not PARTS.match(name)}


class Outputs:
    """Which lines of the compiled templates ran."""

    def __init__(self) -> None:
        self.ran: dict[str, set[int]] = {}

    @contextmanager
    def watched(self) -> Iterator[None]:
        """Watch this thread while it renders: all else takes twice as long when it is watched."""
        render = Template.render

        def rendered(template: Template, *given: Any, **named: Any) -> str:
            before = sys.gettrace()
            sys.settrace(self._called)
            try:
                return render(template, *given, **named)
            finally:
                sys.settrace(before)

        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(Template, "render", rendered)
            yield

    def _called(self, frame: FrameType, event: str, arg: object) -> Any:
        name = frame.f_code.co_filename
        if not name.startswith(str(TEMPLATES)):
            return None
        ran = self.ran.setdefault(name, set())

        def line(frame: FrameType, event: str, arg: object) -> Any:
            ran.add(frame.f_lineno)
            return line

        return line

    def missing(self, environment: Environment) -> dict[str, list[str]]:
        """Give, by template, what none of its pages held: its line, and what would stand there."""
        found = {}
        for path in sorted(TEMPLATES.rglob("*.html")):
            lines = self._missing_in(environment, path)
            if lines:
                found[str(path.relative_to(TEMPLATES))] = lines
        return found

    def _missing_in(self, environment: Environment, path: Path) -> list[str]:
        name, source = str(path.relative_to(TEMPLATES)), path.read_text(encoding="utf-8")
        code = environment.compile(source, name, str(path))
        written = environment.compile(source, name, str(path), raw=True).split("\n")
        template = environment.get_template(name)
        ran = self.ran.get(str(path), set())
        missing = []
        for line in sorted(_lines_of(code) - ran):
            said = written[line - 1].strip()
            if re.match(r"(yield|t_\d+\.append|t_\d+\.extend)\b", said) and _says(said):
                missing.append(f"{template.get_corresponding_lineno(line)}: {said[:160]}")
        return missing


def _says(line: str) -> bool:
    """Tell whether an output holds more than space."""
    return re.fullmatch(r"(yield |t_\d+\.append\()'(\s|\\n)*'\)?", line) is None


def _lines_of(code: CodeType) -> set[int]:
    own = {line for _, _, line in code.co_lines() if line}
    return own.union(*(_lines_of(one) for one in code.co_consts if isinstance(one, CodeType)))
