"""The walk past a version that is looked at before it is published."""

from __future__ import annotations

import threading

from .tour import Tour


def finish_work() -> None:
    """Wait until whatever was begun from a page is done."""
    for thread in threading.enumerate():
        if thread.name.startswith("work "):
            thread.join(120)


def look_first(here: Tour, work: int) -> None:
    """Have a dry run made, as the nth work of this app, and look at it."""
    here.send("clerk", f"clerk, dry run {work}", "/clerk/publication", do="look", title="Look")
    finish_work()
    here.get("clerk", f"clerk, dry run {work} made", f"/clerk/publication/{work}")
    here.get("clerk", f"clerk, publication with dry run {work}", "/clerk/publication")
    here.get("seat", f"dry run {work}", "/panel/preview/")
