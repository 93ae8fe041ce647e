"""Opening an instance for one verb, and closing it again."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from drafter.cli.changewords import visible
from drafter.core.errors import NotFound

if TYPE_CHECKING:
    from drafter.services.instance import Instance


@contextmanager
def opened_instance(path: str | Path, *, finish: bool = True) -> Iterator[Instance]:
    """Open the instance at `path`; without `finish` only to look at. Raises NotFound."""
    from drafter.services.instance import Instance

    if not (Path(path) / "report.git").is_dir():
        raise NotFound(f"There is no instance at {path}. Make one: drafter init {path}")
    instance = Instance.open(Path(path), finish=finish)
    for sentence in instance.set_aside.values():
        click.echo(visible(sentence), err=True)
    try:
        yield instance
    finally:
        instance.close()
