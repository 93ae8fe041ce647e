"""Texts that bring their own numbers: on import the style of numbers becomes `none`.

A second row of numbers beside the text's own would only confuse. The operator may choose another
style afterwards: it stands in `mkdocs.yml`, and `configure` sets it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

from drafter.core.clauses import Report
from drafter.core.errors import BadInput
from drafter.core.frontmatter import Value, load_yaml
from drafter.core.numbering import numbers_itself
from drafter.store import names
from drafter.store.messages import write_message
from drafter.store.writer import Writer

if TYPE_CHECKING:
    from drafter.services.instance import Instance

NONE = "none"

_NAMED = re.compile(r"(?<![\w-])numbering:[ \t]*[\"']?[a-z]+[\"']?")
_DRAFTER = re.compile(r"^([ \t]+)drafter:[ \t]*(?:#.*)?$", re.MULTILINE)
_EXTRA = re.compile(r"^extra:[ \t]*(?:#.*)?$", re.MULTILINE)


def leave_numbers_to(instance: Instance, writer: Writer, text: Report, now: datetime) -> bool:
    """Set the style `none` where `text`, about to be imported, numbers itself; tell whether it did.

    For the holder of the writer lock: `mkdocs.yml` changes in a commit of its own, before the
    import. One that is written so that it cannot be changed safely is left as it is.
    """
    if instance.numbering == NONE or not numbers_itself(text):
        return False
    tip = instance.tip
    changed = without_numbers(instance.repository.read_text(tip, names.SITE_CONFIGURATION))
    if changed is None:
        return False
    message = write_message("operator", "Numbers are left to the imported text")
    files = {names.SITE_CONFIGURATION: changed.encode("utf-8", "surrogateescape")}
    commit = writer.write_commit(files, tip, (tip,), message, now)
    writer.move_ref(names.MAIN, tip, commit)
    return True


def without_numbers(configuration: str) -> str | None:
    """Give `mkdocs.yml` with the style `none` and nothing else changed; None where that fails.

    >>> without_numbers("extra:\\n  drafter: {numbering: decimal, rules: {}}\\n")
    'extra:\\n  drafter: {numbering: none, rules: {}}\\n'
    >>> without_numbers("site_name: R\\n").split("\\n")
    ['site_name: R', 'extra:', '  drafter:', '    numbering: none', '']
    """
    wanted = _with_style(_read(configuration))
    return next((each for each in _attempts(configuration) if _read(each) == wanted), None)


def _attempts(text: str) -> Iterator[str]:
    for named in _NAMED.finditer(text):
        yield text[: named.start()] + "numbering: none" + text[named.end() :]
    if found := _DRAFTER.search(text):
        line = f"\n{found[1] * 2}numbering: none"
        yield text[: found.end()] + line + text[found.end() :]
    if found := _EXTRA.search(text):
        lines = "\n  drafter:\n    numbering: none"
        yield text[: found.end()] + lines + text[found.end() :]
    yield text.rstrip("\n") + "\nextra:\n  drafter:\n    numbering: none\n"


def _read(text: str) -> Value:
    try:
        return load_yaml(text, names.SITE_CONFIGURATION)
    except BadInput:
        return None


def _with_style(config: Value) -> Value:
    """Give the configuration that is wanted, as values."""
    top = dict(config) if isinstance(config, dict) else {}
    extra = top.get("extra")
    extra = dict(extra) if isinstance(extra, dict) else {}
    drafter = extra.get("drafter")
    drafter = dict(drafter) if isinstance(drafter, dict) else {}
    return top | {"extra": extra | {"drafter": drafter | {"numbering": NONE}}}
