"""The project's own top level: what the story ends in, written into a checkout.

    python -m drafter.demo.toplevel

writes `drafts/` and `amendments/`. `mkdocs.yml` and `site/` are sources of the story, not its
outcome; whoever changes them, or an event, runs this again: commits name all that they hold, so
the records name other ones then.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from drafter.demo.replay import replay
from drafter.services.instance import Instance

FOLDERS = ("drafts", "amendments")
"""What the story writes, in a report as at the top level."""


def files_of(instance: Instance) -> dict[str, bytes]:
    """Read what a report holds in these folders at the tip of its main line: path -> content."""
    repository = instance.repository
    return {
        entry.path: repository.read_blob(entry.blob_id)
        for folder in FOLDERS
        for entry in repository.list_tree(instance.tip, folder)
    }


def files_in(folder: Path) -> dict[str, bytes]:
    """Read the same folders of a checkout."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for top in FOLDERS
        for path in sorted((folder / top).rglob("*"))
        if path.is_file()
    }


def write(folder: Path, files: Mapping[str, bytes]) -> None:
    """Put these files in the place of what the folders hold."""
    for top in FOLDERS:
        shutil.rmtree(folder / top, ignore_errors=True)
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def main() -> None:
    """Replay the story, and write what it ends in to the top level of this checkout."""
    checkout = Path(__file__).parents[2]
    if not (checkout / "pyproject.toml").is_file():
        sys.exit("This is no checkout: there is no top level to write to.")
    with tempfile.TemporaryDirectory(prefix="drafter-") as folder:
        instance = replay(Path(folder) / "report")
        try:
            files, tip = files_of(instance), instance.tip
        finally:
            instance.close()
    write(checkout, files)
    print(f"{len(files)} files written, as in change {tip}.")


if __name__ == "__main__":
    main()
