"""Names of refs and paths: generated from numbers, or checked against an allow-list.

What it stops: options smuggled in by a leading `-`, path traversal, `.git` in any disguise that
Windows or macOS would take for it, symlinks and executables, and names that cannot be checked
out everywhere. Words that people type never become a ref, a path, an author or a first line.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from drafter.core.errors import BadInput
from drafter.core.saying import say

MAIN: Final = "main"
SITE_CONFIGURATION: Final = "mkdocs.yml"
CHAPTERS: Final = "drafts"
ASSEMBLIES: Final = "drafts/assemblies"
AMENDMENTS: Final = "amendments"

IDENTITY_NAME: Final = "Drafter"
IDENTITY_ADDRESS: Final = "drafter@localhost"

FILE_MODE: Final = 0o100644
FOLDER_MODE: Final = 0o040000

LONGEST_PATH: Final = 1000
"""Bytes of UTF-8 in a whole path."""
LONGEST_PART: Final = 200
"""Bytes of UTF-8 in one part of a path; file systems stop at 255."""
DEEPEST_PATH: Final = 12
"""Parts in a path."""

_NUMBER = r"(?:(?!0000)[0-9]{4}|[1-9][0-9]{4,8})"
_BRANCH = re.compile(rf"amendments/({_NUMBER})")
_TAG = re.compile(r"v([1-9][0-9]{0,8})")
_COMMIT = re.compile(r"[0-9a-f]{40}")
_ASSEMBLY_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,79}")
_RECORDS = re.compile(
    rf"amendments/(?:{_NUMBER}\.md|comments/v[1-9][0-9]{{0,8}}\.json|answers/v[1-9][0-9]{{0,8}}\.json"
    r"|notes/v[1-9][0-9]{0,8}\.md)"
)
_NOT_PORTABLE = frozenset('\\:*?"<>|')
_DEVICES = frozenset(
    ["con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))]
)
_HIDDEN_CATEGORIES = frozenset(("Cc", "Cf", "Cs", "Co", "Zl", "Zp"))


def amendment_branch(number: int) -> str:
    """Name the branch of amendment `number`.

    >>> amendment_branch(7), amendment_branch(12345)
    ('amendments/0007', 'amendments/12345')
    """
    return f"amendments/{_digits(number)}"


def amendment_path(number: int) -> str:
    """Name the file of amendment `number`'s record: `amendments/0007.md`."""
    return f"amendments/{_digits(number)}.md"


def amendment_number(branch: str) -> int | None:
    """Return the number in an amendment's branch name, or None where it is no such name."""
    match = _BRANCH.fullmatch(branch)
    return int(match[1]) if match else None


def record_number(path: str) -> int | None:
    """Return the number in the path of an amendment's record, or None where it is no such path."""
    return amendment_number(path.removesuffix(".md")) if path.endswith(".md") else None


def version_tag(number: int) -> str:
    """Name the tag of version `number`: `v3`. Raises BadInput below 1 or above nine digits."""
    if not 1 <= number <= 999_999_999:
        raise BadInput(
            say("There can be no version {number}: versions are numbered from 1.", number=number)
        )
    return f"v{number}"


def version_number(tag: str) -> int | None:
    """Return the number in a version's tag, or None where it is no such name."""
    match = _TAG.fullmatch(tag)
    return int(match[1]) if match else None


def comments_path(version: int) -> str:
    """Name the file of the comments' facts at publication `version`."""
    return f"amendments/comments/{version_tag(version)}.json"


def answers_path(version: int) -> str:
    """Name the file of the panel's answers at publication `version`."""
    return f"amendments/answers/{version_tag(version)}.json"


def notes_path(version: int) -> str:
    """Name the file of the release notes of version `version`."""
    return f"amendments/notes/{version_tag(version)}.md"


def assembly_path(assembly_id: str) -> str:
    """Name the file of an assembly's record. Raises BadInput on an id of another form."""
    if not _ASSEMBLY_ID.fullmatch(assembly_id):
        raise BadInput(
            say(
                "{assembly_id!r} cannot name an assembly: use small letters, digits and hyphens.",
                assembly_id=assembly_id,
            )
        )
    return f"{ASSEMBLIES}/{assembly_id}.md"


def branch_ref(branch: str) -> str:
    """Return the full name of a branch that may exist: `main` or an amendment's.

    Raises BadInput on every other name.
    """
    if branch != MAIN and amendment_number(branch) is None:
        raise BadInput(say("{branch!r} is no branch of a report.", branch=branch), name=branch)
    return f"refs/heads/{branch}"


def ref_of(name: str) -> str:
    """Return the full name of a branch or a version's tag. Raises BadInput on every other name."""
    return f"refs/tags/{name}" if version_number(name) is not None else branch_ref(name)


def is_commit_id(text: str) -> bool:
    """Tell whether `text` has the form of a full commit id (40 hexadecimal digits)."""
    return _COMMIT.fullmatch(text) is not None


def is_chapter(path: str) -> bool:
    """Tell whether `path` is read as a chapter: Markdown under `drafts/`, no assembly's record.

    >>> is_chapter("drafts/rights/tŷ.md"), is_chapter("drafts/assemblies/leeds-2018.md")
    (True, False)
    """
    return (
        path.startswith(f"{CHAPTERS}/")
        and path.endswith(".md")
        and not path.startswith(f"{ASSEMBLIES}/")
    )


def check_path(path: str) -> str:
    """Return `path` where a report repository may hold it; raise BadInput with the reason.

    Allowed: `mkdocs.yml`; Markdown under `drafts/`; `drafts/assemblies/<id>.md`;
    `amendments/<NNNN>.md`, `amendments/comments/vN.json`, `amendments/answers/vN.json`,
    `amendments/notes/vN.md`; `site/**`.
    """
    fault = _fault_of_length(path) or next(filter(None, map(_fault_of_part, path.split("/"))), None)
    if fault is None and not _is_in_layout(path):
        fault = "it stands outside the report's layout"
    if fault is not None:
        raise BadInput(
            say(
                "{path!r} cannot be a path in a report: {fault}.",
                path=path[:LONGEST_PART],
                fault=fault,
            ),
            path=path,
        )
    return path


def clashing(parts: Iterable[str]) -> tuple[str, str] | None:
    """Return two names of one folder that some computers take for one, or None.

    >>> clashing(["rights.md", "Rights.md", "values.md"])
    ('rights.md', 'Rights.md')
    """
    seen: dict[str, str] = {}
    for part in parts:
        other = seen.setdefault(_plain(part), part)
        if other != part:
            return other, part
    return None


def _plain(part: str) -> str:
    if part.isascii():
        return part.lower()
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", part).casefold())


def _digits(number: int) -> str:
    if not 1 <= number <= 999_999_999:
        raise BadInput(
            say(
                "There can be no amendment {number}: amendments are numbered from 1.", number=number
            )
        )
    return f"{number:04d}"


def _is_in_layout(path: str) -> bool:
    if path.startswith(f"{ASSEMBLIES}/"):
        name = path.removeprefix(f"{ASSEMBLIES}/")
        return name.endswith(".md") and _ASSEMBLY_ID.fullmatch(name[:-3]) is not None
    if path.startswith(f"{AMENDMENTS}/"):
        return _RECORDS.fullmatch(path) is not None
    return path == SITE_CONFIGURATION or path.startswith("site/") or is_chapter(path)


def _fault_of_length(path: str) -> str | None:
    if len(path.encode("utf-8", "surrogatepass")) > LONGEST_PATH:
        return f"it is longer than {LONGEST_PATH} bytes"
    if path.count("/") >= DEEPEST_PATH:
        return f"it is nested deeper than {DEEPEST_PATH} folders"
    return None


def _fault_of_part(part: str) -> str | None:
    if not part:
        return "a part of it is empty"
    if len(part.encode("utf-8", "surrogatepass")) > LONGEST_PART:
        return f"a part of it is longer than {LONGEST_PART} bytes"
    if any(unicodedata.category(sign) in _HIDDEN_CATEGORIES for sign in part):
        return "it holds control signs, invisible signs or broken characters"
    if any(sign in _NOT_PORTABLE for sign in part):
        return "it holds a sign that some computers cannot have in a file name"
    return _fault_of_disguise(part)


def _fault_of_disguise(part: str) -> str | None:
    if unicodedata.normalize("NFC", part) != part:
        return "its letters are not in Unicode's composed form (NFC)"
    plain = unicodedata.normalize("NFKC", part).casefold()
    if plain.startswith((".", "-", " ")) or plain.startswith("git~"):
        return "a part of it begins with a dot, a hyphen, a space or git~"
    if plain.endswith((".", " ")) or "/" in plain or "\\" in plain:
        return "a part of it ends with a dot or a space, or hides a slash"
    if plain.split(".")[0].strip() in _DEVICES:
        return "a part of it is a device's name on Windows"
    return None
