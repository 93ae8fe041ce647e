"""Publishing killed wherever it is, while somebody reads: every page is there, whole, of one
version; and the next publication succeeds.
"""

from __future__ import annotations

import functools
import hashlib
import json
import re
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from drafter.publish.check import check_folder
from drafter.services import editing, publishing
from drafter.services.authority import OPERATOR, Actor
from drafter.services.instance import Instance
from drafter.services.verifying import verify
from tests.conftest import FULL
from tests.services.reports import DONE, Ticking, make_instance, write_source
from tests.story.orders import Orders

KILLED = -9
KILLS = 50 if FULL else 6
SEAT = Actor("seat", 1)
_NAMED = re.compile(rb'(?:href|url)="?(?:\.\./)*(v[1-9][0-9]*)/')


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class Reader:
    """Reads every page there is, again and again, and keeps what was wrong."""

    def __init__(self, address: str) -> None:
        self.address = address
        self.faults: list[str] = []
        self.looks = 0
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._go_on)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _go_on(self) -> None:
        while not self._ended.is_set():
            self.look()

    def look(self) -> None:
        """Fetch all that the list of versions leads to, and what stands around them."""
        named = [each["version"] for each in json.loads(self.fetch("versions.json") or b"[]")]
        pages: set[str] = {""}
        for version in named:
            manifest = json.loads(self.fetch(f"{version}/manifest.json") or b"{}")
            files: dict[str, str] = manifest.get("files", {})
            if not files:
                self.faults.append(f"{version} is named and has no manifest")
            for path, digest in files.items():
                content = self.fetch(f"{version}/{path}") or b""
                if hashlib.sha256(content).hexdigest() != digest:
                    self.faults.append(f"{version}/{path} is not what its manifest says")
                if path.endswith("/index.html"):
                    pages |= set(re.findall(r"c/c-[0-9a-z]+/", content.decode()))
                    pages.add(f"latest/{path.removesuffix('index.html')}")
        for page in sorted(pages):
            self._read(page)
        self.looks += 1

    def _read(self, page: str) -> None:
        content = self.fetch(page) or b""
        if not content.rstrip().endswith(b"</html>"):
            self.faults.append(f"{page} is not whole")
        for version in set(_NAMED.findall(content)):
            if self.fetch(f"{version.decode()}/manifest.json") is None:
                self.faults.append(f"{page} names {version.decode()}, which is not there")

    def fetch(self, path: str) -> bytes | None:
        try:
            with urllib.request.urlopen(self.address + path) as answer:
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as error:
            self.faults.append(f"{path}: {error.code}")
            return None


@pytest.fixture
def published(tmp_path: Path) -> Iterator[Instance]:
    """An instance with a version."""
    source = write_source(tmp_path / "source")
    instance = make_instance(tmp_path / "instance", source, seats=3, clock=Ticking())
    with closing(instance):
        publishing.publish(instance, OPERATOR, "The first")
        yield instance


@pytest.fixture
def reader(published: Instance) -> Iterator[Reader]:
    handler = functools.partial(Quiet, directory=str(published.public))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    serving = threading.Thread(target=server.serve_forever)
    serving.start()
    reading = Reader(f"http://127.0.0.1:{server.server_port}/")
    reading.start()
    yield reading
    reading.stop()
    server.shutdown()
    serving.join()
    server.server_close()


def change(instance: Instance, turn: int) -> None:
    editing.edit(instance, SEAT, DONE, f"Something will be done, for the {turn}th time.")


def boundaries(orders: Orders, instance: Instance) -> int:
    """Publish once, and count the boundaries that are crossed on the way."""
    change(instance, 0)
    told = orders.give(instance.path, "publish", {"title": "Counted"}, fine=True)
    assert told[-1]["status"] == 0, told
    found: int = next(one["boundaries"] for one in told if "boundaries" in one)
    return found


def test_killed_anywhere_no_reader_notices_and_the_next_publication_succeeds(
    published: Instance, reader: Reader, orders: Orders
) -> None:
    crossed = boundaries(orders, published)
    assert crossed > KILLS
    for kill in range(KILLS):
        at = 1 + kill * (crossed - 1) // (KILLS - 1)
        change(published, 1 + kill)
        told = orders.give(
            published.path, "publish", {"title": "Killed"}, how="die", at=at, fine=True
        )
        assert told[-1]["status"] == KILLED, (at, told)
        reader.look()
    change(published, 1 + KILLS)
    version = publishing.publish(published, OPERATOR, "The last")
    reader.look()
    assert reader.faults == []
    assert reader.looks > KILLS
    manifests = sorted(path.parent.name for path in published.public.glob("v*/manifest.json"))
    assert len(manifests) == version.number
    assert not list(published.public.glob(".building/*"))
    assert [str(fault) for fault in check_folder(published.public).faults] == []
    assert verify(published.repository, published.database).findings == ()
