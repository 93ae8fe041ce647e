"""`mkdocs build --strict` works in a checkout, and at this project's own top level."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.publish.pages import broken_links
from tests.publish.stories import FILES

ROOT = Path(__file__).parents[2]


def mkdocs(folder: Path, destination: Path) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "mkdocs", "build", "--strict", "-q", "-d", str(destination)],
        cwd=folder,
        env={**os.environ, "NO_MKDOCS_2_WARNING": "1"},
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr


def test_a_checkout_builds_strictly_without_git(tmp_path: Path) -> None:
    for name, text in FILES.items():
        path = tmp_path / "report" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    site = tmp_path / "site"
    mkdocs(tmp_path / "report", site)
    assert "Working draft" in (site / "index.html").read_text()
    assert not (site / "changes").exists()
    assert list(broken_links(site, site)) == []


def test_the_projects_own_top_level_builds_strictly(tmp_path: Path) -> None:
    site = tmp_path / "site"
    mkdocs(ROOT, site)
    assert (site / "assemblies" / "leeds-2018" / "index.html").is_file()
    assert list(broken_links(site, site)) == []
