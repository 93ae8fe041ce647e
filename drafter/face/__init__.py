"""The face of site and app: one set of variables, styles, typefaces and page furniture.

Law: only files that a browser or a template engine reads, and where they lie. The site copies
`files()` to `assets/face/`; the app serves `folder()`; both load templates from `templates()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

_SERVED = frozenset({".css", ".js", ".svg", ".txt", ".woff2"})


def folder() -> Path:
    """Give the folder that holds the stylesheets, scripts and `fonts/`."""
    return Path(__file__).parent


def templates() -> Path:
    """Give the folder of the Jinja templates that site and app share, named `face/…`."""
    return folder() / "templates"


def site_templates() -> Path:
    """Give the folder of the public site's own templates, which stand on Material's.

    They are here and not in a report, so that every report has the face; a file of the same name
    in a report's `site/overrides/` comes before them.
    """
    return folder() / "site"


def files() -> Iterator[tuple[str, Path]]:
    """List what a page may ask for: the name under the face's own address, and the file."""
    for path in sorted(folder().rglob("*")):
        if path.suffix in _SERVED:
            yield path.relative_to(folder()).as_posix(), path
