"""The record is cloned from the app itself, where no other web server stands before it."""

from __future__ import annotations

import subprocess
import threading
from pathlib import Path

from werkzeug.serving import make_server

from drafter.services.instance import Instance
from drafter.services.verifying import verify
from drafter.store.repository import Repository
from drafter.web.app import create_app


def test_the_app_serves_the_record_and_nothing_that_is_being_made(
    lived: Instance, tmp_path: Path
) -> None:
    app = create_app(lived)
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        address = f"http://127.0.0.1:{server.server_port}/report.git"
        command = ["git", "clone", "--quiet", "--mirror", address, str(tmp_path / "clone")]
        subprocess.run(command, check=True)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert verify(Repository.open(tmp_path / "clone")).sound
    (lived.public / "report.git" / ".making-x").mkdir()
    (lived.public / "report.git" / ".making-x" / "half.pack").write_bytes(b"x")
    assert app.test_client().get("/report.git/.making-x/half.pack").status_code == 404
