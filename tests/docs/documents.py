"""The documents of the project, and what stands in their code: for the tests beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parents[2]
DOCUMENTS = (
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "docs" / "api.md",
    ROOT / "docs" / "architecture.md",
    ROOT / "docs" / "data.md",
    ROOT / "docs" / "format.md",
    ROOT / "docs" / "operating.md",
    ROOT / "docs" / "translating.md",
)

_FENCE = re.compile(r"^(`{3,})([a-z]*)\n(.*?)^\1$", re.MULTILINE | re.DOTALL)
_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def fences(text: str) -> Iterator[tuple[str, str]]:
    """Give the language and the content of every fenced block."""
    for match in _FENCE.finditer(text):
        yield match[2], match[3]


def shell_lines(text: str) -> Iterator[str]:
    """Give what a reader is told to type: lines of shell blocks, and code within sentences."""
    for language, content in fences(text):
        if language in ("sh", "bash", "console"):
            yield from (line.strip().removeprefix("$ ") for line in content.split("\n"))
    yield from _SPAN.findall(_FENCE.sub("", text))


def without_code(text: str) -> str:
    """Give the text without fenced blocks and code in sentences."""
    return _SPAN.sub("", _FENCE.sub("", text))
