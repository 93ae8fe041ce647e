"""What an auditor saw of a report last, kept in a file of theirs: history that is replaced shows.

A record that was rewritten from its beginning is consistent in itself. Only somebody who remembers
where it stood can tell.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from drafter.core.errors import BadInput, Unreadable
from drafter.services.findings import Finding, short
from drafter.store import names
from drafter.store.history import tag_object
from drafter.store.repository import Repository

FORMAT = 1


@dataclass(frozen=True, slots=True)
class Seen:
    """Where a report stood."""

    main: str
    """Main's tip."""
    tags: Mapping[str, str]
    """Each version's tag, by its own id."""


def see(repository: Repository, tip: str) -> Seen:
    """Look where a report stands. Raises NotFound, Unreadable."""
    return Seen(tip, {name: tag_object(repository, name) for name in repository.tags()})


def seen_findings(repository: Repository, tip: str, seen: Seen) -> Iterator[Finding]:
    """Name what was seen and is no longer there: main's commit, a version, its tag."""
    if not any(commit.id == seen.main for commit in repository.commits(tip)):
        sentence = f"Its history does not contain {short(seen.main)}, where it stood before."
        yield Finding("main", f"{sentence} It was replaced, or this is another report.")
    now = repository.tags()
    for name, tag in seen.tags.items():
        if name not in now:
            yield Finding(name, "It was published when this was verified last, and is gone.")
        elif tag_object(repository, name) != tag:
            yield Finding(name, "Its tag is another than when this was verified last.")


def read_seen(path: Path) -> Seen | None:
    """Read what was seen last; None where the file is not there. Raises BadInput, Unreadable."""
    try:
        given = json.loads(path.read_text(encoding="utf-8"))
        main, tags = given["main"], given["tags"]
        known = given["format"] == FORMAT and names.is_commit_id(main)
        if known and all(
            names.version_number(n) and names.is_commit_id(t) for n, t in tags.items()
        ):
            return Seen(main, dict(tags))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise Unreadable(f"{path} could not be read: {error.strerror}.", path=str(path)) from error
    except (ValueError, KeyError, TypeError, AttributeError):
        pass
    raise BadInput(
        f"{path} does not say what was seen last. Name the file that --seen wrote before, or a "
        "new one.",
        path=str(path),
    )


def write_seen(path: Path, seen: Seen) -> None:
    """Keep what was seen, whole or not at all. Raises OSError."""
    given = {"format": FORMAT, "main": seen.main, "tags": dict(seen.tags)}
    beside = path.with_name(f".{path.name}.{os.getpid()}.new")
    with beside.open("w", encoding="utf-8") as file:
        file.write(json.dumps(given, indent=2) + "\n")
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)
