"""One tag, one result: whatever the clock, the time zone, the language, the order in which hashes
put things, the machine's folders; and what is published stays as it is.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

from drafter.publish.manifest import NAME, hash_files
from drafter.services import publishing
from drafter.services.authority import OPERATOR
from drafter.services.instance import Instance

SCRIPT = """
import os, sys, time
from pathlib import Path
late = float(sys.argv[4])
honest = time.time
time.time = lambda: honest() + late
time.localtime = lambda *_: time.gmtime(honest() + late)
from drafter.publish.build import build_version
from drafter.publish.public import renew
from drafter.store.repository import Repository
report, version, public = Repository.open(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3])
build_version(report, version, public / version)
renew(public, report)
"""

SURROUNDINGS = (
    {"TZ": "Pacific/Kiritimati", "LC_ALL": "C.UTF-8", "PYTHONHASHSEED": "1", "LANGUAGE": "de"},
    {"TZ": "America/St_Johns", "LC_ALL": "POSIX", "PYTHONHASHSEED": "2", "HOME": "/nowhere"},
)


def started(kept: Instance, public: Path, surroundings: dict[str, str], late: float) -> object:
    """Build the latest version beside the others, in a process of its own."""
    for earlier in ("v1", "v2"):
        shutil.copytree(kept.public / earlier, public / earlier, copy_function=os.link)
    days = {"SOURCE_DATE_EPOCH": str(int(late))}
    arguments = (str(kept.repository.folder), "v3", str(public), str(late))
    return subprocess.Popen(
        [sys.executable, "-c", SCRIPT, *arguments],
        env={**os.environ, **days, **surroundings},
        cwd=public,
    )


def test_two_processes_with_two_clocks_give_the_whole_folder_one_hash(
    kept: Instance, tmp_path: Path
) -> None:
    folders = [tmp_path / "one", tmp_path / "another" / "deep down"]
    running = []
    for folder, surroundings, late in zip(folders, SURROUNDINGS, (86_400.0, 9e8), strict=True):
        folder.mkdir(parents=True)
        running.append(started(kept, folder, surroundings, late))
    assert [process.wait() for process in running] == [0, 0]  # type: ignore[attr-defined]
    sums = [_but_packs(hash_files(folder)) for folder in (kept.public, *folders)]
    assert sums[1] == sums[0]
    assert sums[2] == sums[0]
    assert (folders[0] / "v3" / NAME).read_bytes() == (kept.public / "v3" / NAME).read_bytes()


def _but_packs(sums: dict[str, str]) -> dict[str, str]:
    """Leave out how git packed the clone: one pack was added with each version, or one in all."""
    return {
        path: found for path, found in sums.items() if not path.startswith("report.git/objects")
    }


def test_what_is_published_is_never_touched_by_what_comes_after(lived: Instance) -> None:
    def seen(version: str) -> dict[str, tuple[int, int, int]]:
        files = sorted((lived.public / version).rglob("*"))
        facts = [(str(path), path.stat()) for path in (lived.public / version, *files)]
        return {path: (stat.st_ino, stat.st_mtime_ns, stat.st_ctime_ns) for path, stat in facts}

    before = {version: seen(version) for version in ("v1", "v2", "v3")}
    made = publishing.publish(lived, OPERATOR, "The fourth")
    assert (lived.public / made.name / NAME).is_file()
    assert {version: seen(version) for version in before} == before
    assert publishing.build_missing(lived, OPERATOR, ("v1", "v2", "v3")) == ()
    assert {version: seen(version) for version in before} == before
