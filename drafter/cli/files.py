"""Files as texts, every byte kept: line endings, broken UTF-8, a missing last line feed."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from drafter.core.errors import BadInput, NotFound, Unreadable


def decode(content: bytes) -> str:
    """Read bytes as UTF-8; bytes that are none come back from `encode` as they were."""
    return content.decode("utf-8", "surrogateescape")


def encode(text: str) -> bytes:
    """Give the bytes that `decode` read."""
    return text.encode("utf-8", "surrogateescape")


def read_text(path: str | Path) -> str:
    """Read a file. Raises NotFound, BadInput for a folder, Unreadable."""
    try:
        return decode(Path(path).read_bytes())
    except FileNotFoundError:
        raise NotFound(f"There is no file {path}. Check the path.", path=str(path)) from None
    except IsADirectoryError:
        raise BadInput(f"{path} is a folder; name a file in it.", path=str(path)) from None
    except OSError as error:
        raise Unreadable(f"{path} could not be read: {error.strerror}.", path=str(path)) from error


def write_text(path: str | Path, text: str) -> None:
    """Write a file whole or not at all; an existing one keeps its mode. Raises OSError."""
    target = Path(path).resolve()
    if target.exists() and not target.is_file():
        target.write_bytes(encode(text))  # a device or a pipe, /dev/stdout
        return
    import tempfile

    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(encode(text))
        os.chmod(name, _mode_of(target))
        os.replace(name, target)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            os.unlink(name)
        raise


def put(text: str, output: str | None) -> None:
    """Write to the file `output`, or to stdout without one."""
    if output is not None:
        write_text(output, text)
        return
    sys.stdout.buffer.write(encode(text))
    sys.stdout.buffer.flush()


def to_json(value: object) -> str:
    """Write JSON in one line; bytes that were no UTF-8 are escaped, so that it always is."""
    import json

    text = json.dumps(value, ensure_ascii=False)
    return text.encode("utf-8", "backslashreplace").decode("utf-8") + "\n"


def markdown_files(arguments: Sequence[str]) -> Iterator[Path]:
    """List the files named, and every Markdown file of the folders named, sorted within each.

    Raises NotFound, BadInput where a folder has none.
    """
    for argument in arguments:
        path = Path(argument)
        if not path.is_dir():
            yield path
            continue
        found = sorted(file for file in path.rglob("*.md") if _is_visible(file, path))
        if not found:
            raise BadInput(f"There is no Markdown file in {path}. Name files that end in .md.")
        yield from found


def _is_visible(file: Path, folder: Path) -> bool:
    return file.is_file() and not any(
        part.startswith(".") for part in file.relative_to(folder).parts
    )


def _mode_of(target: Path) -> int:
    try:
        return target.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
