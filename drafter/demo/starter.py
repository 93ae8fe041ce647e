"""Where the sources of the example's site lie: in the package, or at the top of a checkout."""

from __future__ import annotations

from pathlib import Path

import drafter
from drafter.core.errors import NotFound


def starter() -> Path:
    """Give the folder that holds what the story does not: `mkdocs.yml` and `site/`.

    A wheel carries them in `drafter/demo/report`; a checkout has them at its top. Raises NotFound.
    """
    package = Path(drafter.__file__).parent
    for folder in (package / "demo" / "report", package.parent):
        if (folder / "mkdocs.yml").is_file() and (folder / "site").is_dir():
            return folder
    raise NotFound("The example report did not come with this installation. Install it again.")
