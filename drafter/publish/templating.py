"""The templates of generated pages: Jinja with escaping on, so that no value becomes markup."""

from __future__ import annotations

import functools
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from drafter import face
from drafter.core.rendering import render
from drafter.publish import words
from drafter.publish.edition import day
from drafter.publish.markdown_extension import parse_html, serialize


def fill(template: str, **values: object) -> str:
    """Fill a template of this package."""
    return _environment().get_template(template).render(values)


@functools.cache
def _environment() -> Environment:
    folders = [Path(__file__).parent / "templates", face.templates()]
    environment = Environment(
        loader=FileSystemLoader([str(folder) for folder in folders]),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        day=day,
        counted=words.counted,
        listed=words.listed,
        first_sentence=words.first_sentence,
        rendered=rendered,
    )
    return environment


def rendered(text: str) -> Markup:
    """Render a statement's Markdown with the project's renderer, to stand inside another page.

    Anchors and links to elsewhere in the report are left out: they would mean another page.
    """
    tree = parse_html(render(text))
    for element in tree.iter():
        element.attrib.pop("id", None)
        if not element.get("href", "").startswith(("http://", "https://", "mailto:")):
            element.attrib.pop("href", None)
    return Markup(serialize(tree)[len("<div>") : -len("</div>")])
