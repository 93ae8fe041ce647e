"""The journal: one file that has new objects on the disk by a single wait.

Git's own files of these objects are written after it, without waiting. What a power cut then takes
from them stands in the journal; it is emptied only when the disk has every file that it names. One
frame holds the objects of one commit, as git's files hold them. A frame that is not whole was not
acknowledged. Its form is in docs/architecture.md.
"""

from __future__ import annotations

import os
import struct
import zlib
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from drafter.store.loose import (
    NewObject,
    pack,
    packed_at,
    place_objects,
    write_all,
    write_objects,
)

NAME: Final = "drafter-journal"
"""The journal's file inside the repository's folder; emptied, and never removed."""
FULL: Final = 500_000
"""Bytes in the journal from which on the next writer empties it first."""
LARGEST: Final = 250_000
"""Bytes of new objects above which each is waited for in its own file, and none is journalled."""

_BEGIN: Final = struct.Struct(">4sI")
"""A frame's beginning: the mark, and how many bytes follow before its end."""
_END: Final = struct.Struct(">II")
"""A frame's end: the CRC-32 of those bytes, and their number again, to be found from behind."""
_OBJECT: Final = struct.Struct(">20sI")
"""One object's beginning: its id, and how many bytes its file has."""
_MARK: Final = b"DJ1\n"


class Journal:
    """A repository's journal. All but `is_whole` is for the holder of the writer lock."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / NAME
        self._objects = folder / "objects"

    @property
    def size(self) -> int:
        """Bytes in it; 0 where nothing waits for its own file to be safe."""
        try:
            return self.path.stat().st_size
        except FileNotFoundError:
            return 0

    def write(self, new: Sequence[NewObject], disk: Executor) -> None:
        """Wait until nothing takes the objects any more, and give each its file. Raises OSError."""
        if sum(len(each.content) for each in new) > LARGEST:
            write_objects(self._objects, new, disk)
            return
        packed, missing = {}, {}
        for each in new:
            found = packed_at(str(self._objects), each)
            packed[each] = pack(each) if found is None else found
            if found is None:
                missing[each] = packed[each]
        # Also those that are there: whoever wrote them may not have waited for the disk.
        self._append(_frame(packed))
        place_objects(self._objects, missing)

    def settle(self, disk: Executor) -> None:
        """Have the disk take the files of all that is in the journal, then empty it.

        A file that is missing or torn is written anew. Raises OSError.
        """
        if not self.size:
            return
        write_objects(self._objects, tuple(self.objects()), disk)
        with self._opened() as handle:
            os.ftruncate(handle, 0)
            os.fsync(handle)

    def is_whole(self) -> bool:
        """Tell whether every object in the journal stands whole in its file."""
        return all(packed_at(str(self._objects), each) is not None for each in self.objects())

    def objects(self) -> Iterator[NewObject]:
        """Read the objects of all whole frames, up to the first that is not."""
        try:
            content = self.path.read_bytes()
        except FileNotFoundError:
            return
        for payload, _ in _frames(content):
            yield from _unpacked(payload)

    def _append(self, frame: bytes) -> None:
        with self._opened() as handle:
            end = _sound_end(handle)
            os.ftruncate(handle, end)
            try:
                write_all(handle, frame, end)
                os.fsync(handle)
            except BaseException:
                # Behind a frame that is not whole the next one would not be found.
                os.ftruncate(handle, end)
                raise

    @contextmanager
    def _opened(self) -> Iterator[int]:
        try:
            handle = os.open(self.path, os.O_RDWR | os.O_CLOEXEC)
        except FileNotFoundError:
            handle = make_journal(self.path.parent)
        try:
            yield handle
        finally:
            os.close(handle)


def make_journal(folder: Path) -> int:
    """Make an empty journal, durably; return the handle that it is open by."""
    handle = os.open(folder / NAME, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    above = os.open(folder, os.O_RDONLY | os.O_CLOEXEC)
    try:
        os.fsync(above)
    finally:
        os.close(above)
    return handle


def _frame(packed: dict[NewObject, bytes]) -> bytes:
    payload = b"".join(
        _OBJECT.pack(bytes.fromhex(each.id), len(file)) + file for each, file in packed.items()
    )
    end = _END.pack(zlib.crc32(payload), len(payload))
    return _BEGIN.pack(_MARK, len(payload)) + payload + end


def _frames(content: bytes) -> Iterator[tuple[bytes, int]]:
    """Yield each whole frame's payload, and where the frame ends."""
    at = 0
    while (payload := _payload(content[at:])) is not None:
        at += _BEGIN.size + len(payload) + _END.size
        yield payload, at


def _payload(content: bytes) -> bytes | None:
    """Return the payload of the frame that `content` begins with; None where it is not whole."""
    if len(content) < _BEGIN.size + _END.size:
        return None
    mark, length = _BEGIN.unpack_from(content)
    payload = content[_BEGIN.size : _BEGIN.size + length]
    end = content[_BEGIN.size + length : _BEGIN.size + length + _END.size]
    whole = mark == _MARK and end == _END.pack(zlib.crc32(payload), length)
    return payload if whole else None


def _sound_end(handle: int) -> int:
    """Return where the last whole frame ends. Only what a dead writer left is read from the front.

    Each frame was put behind a whole one, so that whoever finds the last one whole has them all.
    """
    size = os.fstat(handle).st_size
    if size >= _END.size:
        _, length = _END.unpack(os.pread(handle, _END.size, size - _END.size))
        begin = size - length - _BEGIN.size - _END.size
        if begin >= 0 and _payload(os.pread(handle, size - begin, begin)) is not None:
            return size
    return max((end for _, end in _frames(os.pread(handle, size, 0))), default=0)


def _unpacked(payload: bytes) -> Iterator[NewObject]:
    at = 0
    while at < len(payload):
        id, length = _OBJECT.unpack_from(payload, at)
        at += _OBJECT.size
        yield NewObject(id.hex(), zlib.decompress(payload[at : at + length]))
        at += length
