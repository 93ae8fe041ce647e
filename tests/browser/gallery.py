"""Pictures of every page in every state, narrow and wide, light and dark, to be looked at.

    python -m tests.browser.gallery FOLDER [WORD ...]

With words, only the states whose names hold one of them.
"""

from __future__ import annotations

import re
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import sync_playwright

from tests.web.everywhere import walk

from .conftest import CHROMIUM
from .screens import Screen
from .test_everywhere import different


def main(folder: Path, words: list[str]) -> None:
    """Take the pictures."""
    here, instance = walk(Path(tempfile.mkdtemp()) / "instance")
    wanted = [one for one in different(tuple(here.shown)) if _is_wanted(one.name, words)]
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(
            executable_path=str(CHROMIUM), args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        for width in (360, 1280):
            for scheme in ("light", "dark"):
                context = chromium.new_context(
                    viewport={"width": width, "height": 900},
                    color_scheme=scheme,  # type: ignore[arg-type]
                )
                screen, into = Screen(context, here.app), folder / f"{width}-{scheme}"
                into.mkdir(parents=True, exist_ok=True)
                for number, one in enumerate(wanted):
                    name = re.sub(r"\W+", "-", f"{one.template[:-5]}-{one.name}-{number}")
                    screen.show(one).screenshot(path=into / f"{name}.png", full_page=True)
                context.close()
        chromium.close()
    instance.close()


def _is_wanted(name: str, words: list[str]) -> bool:
    return not words or any(word in name for word in words)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
