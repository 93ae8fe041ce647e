"""The licence is the whole text, word for word."""

from __future__ import annotations

import hashlib
import tomllib

from .documents import ROOT

AGPL_3 = "0d96a4ff68ad6d4b6f1f30f713b18d5184912ba8dd389f86aa7710db079abcb0"
"""SHA-256 of https://www.gnu.org/licenses/agpl-3.0.txt."""


def test_the_licence_is_the_unchanged_text_and_the_package_names_it():
    assert hashlib.sha256((ROOT / "LICENSE").read_bytes()).hexdigest() == AGPL_3
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["license"] == "AGPL-3.0-or-later"
