"""The web server: gunicorn with one process and several threads, which SQLite is safe with.

The instance is opened in the process that serves, never carried over a fork.
"""

from __future__ import annotations

import gc
import socket
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication  # type: ignore[import-untyped]
from gunicorn.config import Config  # type: ignore[import-untyped]

if TYPE_CHECKING:
    from flask import Flask

    from drafter.services.instance import Instance

THREADS = 8
SLOWEST_ANSWER = 120
"""Seconds."""
PATIENCE_AT_END = 5
"""Seconds that an answer under way is waited for when the server stops."""


def serve(path: Path, listener: socket.socket, base_url: str, *, demo: bool = False) -> None:
    """Serve the instance at `path` on a socket that listens, until it is told to stop.

    `base_url` is the address that mails and links name. The socket is gunicorn's from here on, and
    closed by it. Ends by SystemExit, as gunicorn does.
    """
    _Server(path, listener.detach(), base_url, demo=demo).run()


class _Server(BaseApplication):  # type: ignore[misc]
    def __init__(self, path: Path, listener: int, base_url: str, *, demo: bool) -> None:
        self.path = path
        self.listener = listener
        self.base_url = base_url
        self.demo = demo
        super().__init__()

    def load_config(self) -> None:
        config: Config = self.cfg
        config.set("bind", f"fd://{self.listener}")
        config.set("worker_class", "gthread")
        config.set("workers", 1)
        config.set("threads", THREADS)
        config.set("timeout", SLOWEST_ANSWER)
        config.set("graceful_timeout", PATIENCE_AT_END)
        config.set("loglevel", "warning")
        config.set("proc_name", "drafter")
        if "control_socket_disable" in config.settings:
            config.set("control_socket_disable", True)

    def load(self) -> Any:
        """Make the app, in the process that serves, and start the work behind the pages."""
        from drafter.services.instance import Instance
        from drafter.services.serving import work_until
        from drafter.web.app import create_app

        instance = Instance.open(self.path)
        instance.base_url = self.base_url
        threading.Thread(
            target=work_until, args=(instance, threading.Event()), daemon=True, name="work"
        ).start()
        app = create_app(instance, demo=self.demo)
        make_ready(app, instance)
        spare_the_collector()
        return app


def make_ready(app: Flask, instance: Instance) -> None:
    """Read the draft and compile the pages' templates, before a visitor waits for it."""
    _ = instance.report
    for name in app.jinja_env.list_templates():
        app.jinja_env.get_template(name)


def spare_the_collector() -> None:
    """Have Python look for cycles less often: what a server keeps is much, and seldom a cycle.

    With 10,000 amendments each whole search took a tenth of a second, at every fifth page.
    """
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)
