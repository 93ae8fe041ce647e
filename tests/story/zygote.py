"""Run as a program: a process that has everything loaded and forks a fresh one for each order.

An order is a line of JSON: the instance's `path`, a `verb` with what it is `given`, and `how` it is
to fare `at` the nth boundary that it crosses: die there; linger some seconds and be killed where it
is then; or go on with a disk that answers every write and sync with the error `refuse`. A
boundary is the begin, the end or the way out of a transaction, each commit, ref, tag, mail and
folder that is written, and every step that the services name. Whatever the verb acknowledges is
told at once, a line each; the last line is the status that the process ended with.
"""

from __future__ import annotations

import ctypes
import json
import os
import platform
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from drafter.core.errors import DrafterError
from drafter.core.ids import ClauseId
from drafter.people.database import Database
from drafter.publish import build, public
from drafter.publish.plugin import DrafterPlugin
from drafter.services import (
    admitting,
    amending,
    commenting,
    editing,
    publishing,
    sending,
    voting,
)
from drafter.services.authority import CLERK_ACTOR, Actor
from drafter.services.deciding import decide
from drafter.services.instance import Instance
from drafter.store.writer import Writer

Given = dict[str, Any]
SEAT = Actor("seat", 1)


def tell(**facts: object) -> None:
    """Acknowledge, in one write."""
    os.write(1, json.dumps(facts).encode() + b"\n")


def comment(instance: Instance, given: Given) -> None:
    sent = commenting.comment(instance, ClauseId(given["clause"]), given["text"])
    tell(comment=sent.number, receipt=sent.receipt_token)


def cast(instance: Instance, given: Given) -> None:
    seat = Actor("seat", given["seat"])
    voting.cast(instance, seat, given["number"], given["choice"], given["ballot_hash"])
    tell(cast=given["choice"])


def edit(instance: Instance, given: Given) -> None:
    made = editing.edit(instance, SEAT, ClauseId(given["clause"]), given["wording"])
    tell(edit=made.commit)


def admit(instance: Instance, given: Given) -> None:
    tell(admit=admitting.admit(instance, CLERK_ACTOR, given["comments"], "A change"))


def put(instance: Instance, given: Given) -> None:
    tell(put=amending.put(instance, CLERK_ACTOR, given["number"]).ballot_hash)


def close(instance: Instance, given: Given) -> None:
    voting.close(instance, CLERK_ACTOR, given["number"])
    tell(close=given["number"])


def take_decision(instance: Instance, given: Given) -> None:
    decide(instance, CLERK_ACTOR, given["number"], "Because it is right.")
    tell(decide=given["number"])


def publish(instance: Instance, given: Given) -> None:
    tell(publish=publishing.publish(instance, CLERK_ACTOR, given["title"]).name)


def load(instance: Instance, given: Given) -> None:
    """Comment, vote, edit and decide for as long as it lives."""
    todo: list[int] = given["decide"]
    for turn in range(10_000):
        name = f"{given['name']}-{turn}"
        comment(instance, {"clause": given["clause"], "text": name})
        choice = ("for", "against")[turn % 2]
        tell(casting=choice)
        cast(instance, {**given["motion"], "choice": choice})
        if turn < len(todo):
            take_decision(instance, {"number": todo[turn]})
        wording = f"Something will have to be done, says {name}."
        tell(editing=wording)
        edit(instance, {"clause": given["edited"], "wording": wording})


VERBS: dict[str, Callable[[Instance, Given], None]] = {
    "comment": comment,
    "cast": cast,
    "edit": edit,
    "admit": admit,
    "put": put,
    "close": close,
    "decide": take_decision,
    "publish": publish,
    "load": load,
}


def mark_boundaries(crossed: Callable[[str], None], *, fine: bool = False) -> None:
    """Have `crossed` called wherever something is about to be, or has been, made lasting.

    `fine`: and at each page of a site.
    """
    begin = Database.writing

    @contextmanager
    def writing(self: Database) -> Iterator[Any]:
        crossed("begin")
        with begin(self) as session:
            yield session
            crossed("commit")
        crossed("committed")

    Database.writing = writing  # type: ignore[method-assign]
    places: list[tuple[Any, str]] = [
        (Writer, "write_commit"),
        (Writer, "move_ref"),
        (Writer, "create_tag"),
        (sending, "_write"),
        (publishing, "build_version"),
        (publishing, "install"),
        (publishing, "renew"),
    ]
    if fine:
        places += [(DrafterPlugin, "on_page_context"), (DrafterPlugin, "on_page_content")]
        places += [(public, "_put"), (build, "write_manifest")]
    for place, name in places:
        setattr(place, name, between(crossed, name, getattr(place, name)))


def between(
    crossed: Callable[[str], None], name: str, act: Callable[..., object]
) -> Callable[..., object]:
    def wrapped(*arguments: Any, **named: Any) -> object:
        crossed(f"before {name}")
        found = act(*arguments, **named)
        crossed(f"after {name}")
        return found

    return wrapped


def refuse_writing(error: int) -> None:
    """Have the kernel answer every sync, and every write but to the standard streams, with `error`.

    A seccomp filter, as in tests/store/test_durability.py: Linux on x86-64 or arm64.
    """
    write, pwrite, fsync, fdatasync = {
        "x86_64": (1, 18, 74, 75),
        "aarch64": (64, 68, 82, 83),
    }[platform.machine()]
    load, equal, greater, answer = 0x20, 0x15, 0x25, 0x06
    steps = [
        (load, 0, 0, 0),
        (equal, 6, 0, pwrite),
        (equal, 5, 0, fsync),
        (equal, 4, 0, fdatasync),
        (equal, 0, 2, write),
        (load, 0, 0, 16),  # the first argument: which file
        (greater, 1, 0, 2),
        (answer, 0, 0, 0x7FFF0000),
        (answer, 0, 0, 0x00050000 | error),
    ]
    program = b"".join(struct.pack("HBBI", *step) for step in steps)
    held = ctypes.create_string_buffer(program, len(program))

    class Filter(ctypes.Structure):
        _fields_ = (("length", ctypes.c_ushort), ("steps", ctypes.c_void_p))

    wanted = Filter(len(steps), ctypes.addressof(held))
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.prctl(38, 1, 0, 0, 0) == 0
    assert libc.prctl(22, 2, ctypes.byref(wanted), 0, 0) == 0, "this kernel refuses seccomp"


def obey(order: Given, doomed: int) -> None:
    """What the forked process does; never returns. A byte in `doomed` asks to be killed soon."""
    status = 0
    count = 0

    def crossed(step: str) -> None:
        nonlocal count
        count += 1
        if count != order.get("at"):
            return
        os.write(2, f"{order['how']} at {step}\n".encode())
        if order["how"] == "die":
            os.kill(os.getpid(), signal.SIGKILL)
        elif order["how"] == "linger":
            os.write(doomed, b"x")
        else:
            refuse_writing(order["refuse"])

    try:
        instance = Instance.open(Path(order["path"]), fault=crossed)
        mark_boundaries(crossed, fine=order.get("fine", False))
        VERBS[order["verb"]](instance, order["given"])
        if order.get("fine"):
            tell(boundaries=count)
    except (DrafterError, OSError) as error:
        tell(error=type(error).__name__, sentence=str(getattr(error, "sentence", error)))
        status = 1
    except BaseException as error:  # noqa: BLE001 - told, and the process ends
        tell(error=type(error).__name__, sentence=repr(error))
        status = 2
    os._exit(status)


def serve() -> None:
    for line in sys.stdin:
        order = json.loads(line)
        watched, doomed = os.pipe()
        child = os.fork()
        if child == 0:
            obey(order, doomed)
        os.close(doomed)
        if os.read(watched, 1):
            time.sleep(order["linger"])
            os.kill(child, signal.SIGKILL)
        os.close(watched)
        _, status = os.waitpid(child, 0)
        tell(status=os.waitstatus_to_exitcode(status))


if __name__ == "__main__":
    serve()
