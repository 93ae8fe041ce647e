"""Browsers as a benchmark needs them: over a socket that stays open, eight at a time, and gunicorn
with the same settings for whatever is compared: one thread, as otterwiki fails with more.
"""

from __future__ import annotations

import os
import re
import socket
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from html import unescape
from pathlib import Path
from urllib.parse import quote, urlencode

CLIENTS = 8
WORKERS, THREADS = 1, 1
START_WITHIN = 60.0
"""Seconds."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A response: status, headers by name in small letters, body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


@dataclass(slots=True)
class Browser:
    """One client with its cookies, over one connection that is opened again when it was closed."""

    port: int
    network: str = ""
    """The address that a proxy would tell of; the app counts how much comes from each."""
    cookies: dict[str, str] = field(default_factory=dict)
    _file: socket.SocketIO | None = None
    _socket: socket.socket | None = None

    def get(self, path: str) -> Answer:
        """Get a page."""
        return self._send("GET", path, b"")

    def post(self, path: str, fields: Mapping[str, str]) -> Answer:
        """Send a form."""
        return self._send("POST", path, urlencode(fields).encode())

    def form(self, path: str) -> dict[str, str]:
        """Get a page and read the hidden fields of its forms."""
        page = self.get(path).body.decode()
        inputs = re.findall(r"<input[^>]*type=\"?hidden[^>]*>", page)
        pairs = ((_attribute(one, "name"), _attribute(one, "value")) for one in inputs)
        return {name: value for name, value in pairs if name}

    def _send(self, method: str, path: str, body: bytes) -> Answer:
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        head = [f"{method} {quote(path, safe='/?=&%#')} HTTP/1.1", "Host: 127.0.0.1"]
        head += [f"Cookie: {cookies}"] if cookies else []
        head += [f"X-Forwarded-For: {self.network}"] if self.network else []
        if method == "POST":
            head += [
                "Content-Type: application/x-www-form-urlencoded",
                f"Content-Length: {len(body)}",
            ]
        sent = "\r\n".join([*head, "", ""]).encode() + body
        for attempt in (1, 2):
            try:
                return self._exchange(sent)
            except (ConnectionError, EOFError):
                self._socket = None
                if attempt == 2 or method == "POST":
                    raise
        raise AssertionError

    def _exchange(self, sent: bytes) -> Answer:
        if self._socket is None:
            self._socket = socket.create_connection(("127.0.0.1", self.port), timeout=60)
            self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.sendall(sent)
        received = b""
        while b"\r\n\r\n" not in received:
            received += self._more()
        head, _, body = received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers: dict[str, str] = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
            if name.lower() == "set-cookie":
                pair, _, _ = value.strip().partition(";")
                key, _, kept = pair.partition("=")
                self.cookies[key] = kept
        length = int(headers.get("content-length", "0"))
        while len(body) < length:
            body += self._more()
        if headers.get("connection", "").lower() == "close":
            self._socket.close()
            self._socket = None
        return Answer(int(first.split()[1]), headers, body)

    def _more(self) -> bytes:
        assert self._socket is not None
        received = self._socket.recv(65536)
        if not received:
            raise EOFError
        return received


def _attribute(element: str, name: str) -> str:
    found = re.search(rf"\b{name}=(\"[^\"]*\"|[^\s>]*)", element)
    return unescape(found[1].strip('"')) if found else ""


@contextmanager
def gunicorn(
    application: str, *, python: str = sys.executable, folder: Path, **environment: str
) -> Iterator[int]:
    """Serve an application by `WORKERS` processes of `THREADS`; gives the port."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    command = [python, "-m", "gunicorn", "-w", str(WORKERS), "-k", "gthread"]
    command += ["--threads", str(THREADS), "--keep-alive", "30", "--log-level", "error"]
    command += ["--bind", f"127.0.0.1:{port}", application]
    log = folder / "gunicorn.log"
    with log.open("wb") as told:
        server = subprocess.Popen(
            command, env={**os.environ, **environment}, stdout=told, stderr=told
        )
    try:
        _wait(port, server, log)
        yield port
    finally:
        server.terminate()
        try:
            server.wait(30)
        except subprocess.TimeoutExpired:
            server.kill()
            server.wait()


def _wait(port: int, server: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START_WITHIN
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            if server.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError(f"the server did not start: {log.read_text()}") from None
            time.sleep(0.1)
        else:
            return


def rate(seconds: float, acts: list[Callable[[], bool]]) -> float:
    """Have each client act again and again for a time; give how often a second it succeeded.

    Raises RuntimeError where one is refused or gets no answer.
    """
    failed: list[str] = []
    counts = [0] * len(acts)
    begun = time.monotonic()

    def work(index: int) -> None:
        while time.monotonic() - begun < seconds and not failed:
            try:
                if not acts[index]():
                    failed.append("a request was refused")
            except (OSError, EOFError) as error:
                failed.append(f"no answer: {error!r}")
            counts[index] += 1

    threads = [threading.Thread(target=work, args=(index,)) for index in range(len(acts))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failed:
        raise RuntimeError(failed[0])
    return sum(counts) / (time.monotonic() - begun)


def percentile(times: list[float], share: float) -> float:
    """Give the time below which `share` of `times` lie."""
    ordered = sorted(times)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def timed(act: Callable[[int], object], runs: int) -> tuple[float, float]:
    """Act `runs` times; give median and 99th percentile, in milliseconds."""
    spent = []
    for turn in range(runs):
        start = time.perf_counter()
        act(turn)
        spent.append((time.perf_counter() - start) * 1000)
    return statistics.median(spent), percentile(spent, 0.99)
