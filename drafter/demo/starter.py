"""Where the starter report lies: in the package that was installed, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

import drafter
from drafter.core.errors import NotFound


def starter() -> Path:
    """Give the folder that holds the starter report: `mkdocs.yml`, `drafts/`, `site/`.

    A wheel carries it in `drafter/demo/report`; a checkout is one itself. Raises NotFound.
    """
    package = Path(drafter.__file__).parent
    for folder in (package / "demo" / "report", package.parent):
        if (folder / "mkdocs.yml").is_file() and (folder / "drafts").is_dir():
            return folder
    raise NotFound("The starter report did not come with this installation. Install it again.")
