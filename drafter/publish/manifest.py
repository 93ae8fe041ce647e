"""What a built version's folder holds: each file's SHA-256, and what it was built from."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from importlib.metadata import version as installed
from pathlib import Path

from drafter.core.errors import Corrupt, NotFound, Unreadable
from drafter.store import names
from drafter.store.history import Version

NAME = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class Manifest:
    """The content of a version's `manifest.json`."""

    version: str
    """The tag: "v3"."""
    title: str
    date: str
    """The tag's, as 2020-02-14T09:00:00+00:00."""
    commit: str
    tree_sha256: str
    """What the tag's message holds: the hash of the list of the tree's files."""
    program: str
    """The version of Drafter that built it."""
    files: dict[str, str]
    """Path in the folder to SHA-256 in hex, sorted; the manifest itself is not in it."""

    @property
    def number(self) -> int:
        """The version's number."""
        return int(self.version[1:])


def write_manifest(folder: Path, version: Version) -> Manifest:
    """Write the manifest of a folder that has just been built."""
    manifest = Manifest(
        version=version.name,
        title=version.title,
        date=version.time.isoformat(),
        commit=version.commit,
        tree_sha256=version.tree_sha256,
        program=installed("drafter"),
        files=hash_files(folder),
    )
    content = json.dumps({"format": FORMAT, **asdict(manifest)}, indent=1, ensure_ascii=True)
    (folder / NAME).write_bytes(content.encode() + b"\n")
    return manifest


def hash_files(folder: Path) -> dict[str, str]:
    """Give the SHA-256 of every file of a folder but its manifest, sorted by path."""
    found = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }
    found.pop(NAME, None)
    return dict(sorted(found.items()))


def read_manifest(folder: Path) -> Manifest:
    """Read a version's manifest.

    Raises NotFound where the folder has none, Unreadable where it cannot be read, Corrupt where
    it says something else than a manifest does.
    """
    try:
        given = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError as error:
        raise NotFound(f"{folder} holds no built version: it has no {NAME}.") from error
    except (OSError, ValueError) as error:
        raise Unreadable(f"{folder / NAME} could not be read: {error}.") from error
    if isinstance(given, dict) and given.get("format") != FORMAT:
        raise Corrupt(f"{folder / NAME} has another format than this program's; update it.")
    try:
        fields = {key: given[key] for key in Manifest.__dataclass_fields__}
        manifest = Manifest(**fields)
    except (KeyError, TypeError) as error:
        raise Corrupt(f"{folder / NAME} is not a manifest: {error!r} is missing.") from error
    if names.version_number(manifest.version) is None or not isinstance(manifest.files, dict):
        raise Corrupt(f"{folder / NAME} names no version.")
    return manifest


def findings(folder: Path) -> tuple[str, ...]:
    """Compare a folder with its manifest: one sentence for each file that differs."""
    claimed, found = read_manifest(folder).files, hash_files(folder)
    sentences = [
        *(f"{path} is missing" for path in sorted(claimed.keys() - found.keys())),
        *(f"{path} is not in the manifest" for path in sorted(found.keys() - claimed.keys())),
        *(f"{path} has other content" for path in sorted(_differing(claimed, found))),
        *(f"{path} is a link or a device" for path in sorted(_foreign(folder))),
    ]
    return tuple(f"{folder.name}: {sentence}." for sentence in sentences)


def _foreign(folder: Path) -> set[str]:
    """Find what is neither a folder nor a file of its own."""
    return {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_symlink() or not (path.is_file() or path.is_dir())
    }


def _differing(claimed: dict[str, str], found: dict[str, str]) -> set[str]:
    return {path for path in claimed.keys() & found.keys() if claimed[path] != found[path]}
