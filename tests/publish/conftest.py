"""The small report, told anew for each test."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.publish.stories import Story, tell


@pytest.fixture
def story(tmp_path: Path) -> Story:
    return tell(tmp_path / "report.git")
