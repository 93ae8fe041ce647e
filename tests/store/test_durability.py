"""Durability, watched at the system call itself.

A child process installs a seccomp filter that answers every `fsync` and `fdatasync` with an I/O
error. A write that then succeeds has not waited for the disk; one that fails has, and has not
swallowed the answer. It needs no compiler and no tracer, only Linux on x86-64 or arm64.
"""

from __future__ import annotations

import platform
from datetime import UTC, datetime

import pytest

from drafter.store.messages import write_message, write_tag_message

START = datetime(2026, 1, 10, 9, 0, tzinfo=UTC)

REFUSE_SYNC = """
import ctypes, pathlib, struct, sys
from datetime import datetime

def refuse_sync():
    seccomp, *numbers = {"x86_64": (317, 74, 75), "aarch64": (277, 82, 83)}[sys.argv[2]]
    load, equal, answer = 0x20, 0x15, 0x06
    def step(code, yes, no, value):
        return struct.pack("HBBI", code, yes, no, value)
    program = step(load, 0, 0, 0)
    for number in numbers:
        program += step(equal, 0, 1, number) + step(answer, 0, 0, 0x00050000 | 5)
    program += step(answer, 0, 0, 0x7FFF0000)
    held = ctypes.create_string_buffer(program, len(program))
    class Filter(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("steps", ctypes.c_void_p)]
    wanted = Filter(len(program) // 8, ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    for_all_threads = 1
    told = libc.syscall(seccomp, 1, for_all_threads, ctypes.byref(wanted))
    assert told == 0, "this kernel refuses seccomp"

import os, stat, pygit2
import drafter.store.journal, drafter.store.repository
fsync = os.fsync
def some(handle):
    is_folder = stat.S_ISDIR(os.fstat(handle).st_mode)
    if not (sys.argv[4] == "folders aside" if is_folder else sys.argv[5] == "off"):
        fsync(handle)
os.fsync = some
repository = drafter.store.repository.Repository.open(pathlib.Path(sys.argv[1]))
if sys.argv[5] == "off":
    pygit2.settings.enable_fsync_gitdir(False)
if sys.argv[3] == "large object":
    drafter.store.journal.LARGEST = 0
start, message, tip = datetime.fromisoformat(sys.argv[6]), sys.argv[7], repository.tip("main")
with repository.writing() as writer:
    made = writer.write_commit({}, tip, (tip,), message, start)
    refuse_sync()
    try:
        match sys.argv[3]:
            case "object" | "large object":
                writer.write_commit({"drafts/b.md": b"b"}, tip, (tip,), message, start)
            case "ref": writer.move_ref("main", tip, made)
            case "new ref": writer.move_ref("amendments/0001", None, made)
            case "tag": writer.create_tag(1, tip, sys.argv[8], start)
    except OSError as error:
        print("refused", error)
    else:
        print("written")
"""


def write_without_sync(script, repository, what: str, folders: str = "", files: str = "on") -> str:
    process = script(
        REFUSE_SYNC, repository.folder, platform.machine(), what, folders, files, START.isoformat(),
        write_message("edit", "Edit"), write_tag_message(1, "T", "0" * 64),
    )  # fmt: skip
    told, complained = process.communicate(timeout=60)
    assert complained == ""
    return str(told).strip()


@pytest.mark.parametrize("what", ["object", "large object", "ref", "new ref", "tag"])
def test_no_write_succeeds_before_its_files_are_synced(
    script, repository, commit, what: str
) -> None:
    tip = commit({"drafts/a.md": b"a"})
    told = write_without_sync(script, repository, what, folders="folders aside")
    assert told.startswith("refused"), told
    assert repository.tip("main") == tip
    assert repository.tags() == ()
    assert repository.tip("amendments/0001") is None


def test_the_folders_are_synced_too(script, repository, commit) -> None:
    commit({"drafts/a.md": b"a"})
    for what in ("large object", "ref", "new ref"):
        told = write_without_sync(script, repository, what, files="off")
        assert told.startswith("refused"), told


def test_the_watch_would_see_a_store_that_does_not_sync(script, repository, commit) -> None:
    commit({"drafts/a.md": b"a"})
    for what in ("object", "large object", "ref"):
        told = write_without_sync(script, repository, what, folders="folders aside", files="off")
        assert told == "written"
