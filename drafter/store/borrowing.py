"""A repository that reads another's objects and has names of its own.

What is written to it stays in it: the other is only read, and its writer lock is never taken.
"""

from __future__ import annotations

from pathlib import Path

from drafter.store.repository import Repository


def borrow(repository: Repository, folder: Path) -> Repository:
    """Make a bare repository at `folder` with the branches, tags and objects of another.

    Raises Refused where one stands there already.
    """
    made = Repository.create(folder)
    alternates = made.folder / "objects" / "info" / "alternates"
    alternates.parent.mkdir(exist_ok=True)
    alternates.write_text(f"{(repository.folder / 'objects').absolute()}\n", encoding="utf-8")
    lines = ["# pack-refs with: sorted", *_names(repository)]
    (made.folder / "packed-refs").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return Repository.open(folder)


def _names(repository: Repository) -> list[str]:
    """Give each name and the object that it stands for, as git packs them."""
    found = {ref: repository.git.references.get(ref) for ref in repository.refs()}
    return [f"{target.target} {ref}" for ref, target in sorted(found.items()) if target is not None]
