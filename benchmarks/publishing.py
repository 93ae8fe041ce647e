"""Publishing the generated report twenty times, beside `mike deploy` of the same forty pages.

Both as whole processes. Mike (https://pypi.org/project/mike/) is installed, with Material, into an
environment of its own in the temporary folder.
"""

from __future__ import annotations

import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from benchmarks.beside import environment
from benchmarks.commands import COMMAND
from benchmarks.text import CHAPTERS, SEED, generated
from benchmarks.timing import Line, median_ms, share, took
from drafter.core.diff import diff_reports
from drafter.services.instance import Instance
from drafter.store import names
from drafter.store.history import versions
from drafter.store.messages import write_message
from drafter.store.reports import read_report

MIKE = ("mike==2.2.0", "mkdocs>=1.6.1,<2", "mkdocs-material>=9.6,<10")
REWORDED = 30
"""Clauses that each version changes."""
VERSIONS = 20
COMPARED = 10
"""The version that is put beside mike's, with a page of changes for each of those before it."""

OURS = """\
site_name: A generated report
docs_dir: drafts
extra:
  drafter:
    numbering: decimal
"""
THEIRS = """\
site_name: A generated report
theme: {name: material, font: false}
plugins: [search, mike]
markdown_extensions: [attr_list, tables, footnotes]
extra: {version: {provider: mike}}
"""

_WITHOUT = """\
import sys
from pathlib import Path
from drafter.publish import site
from drafter.publish.build import build_version
from drafter.store.repository import Repository
site.comparisons = lambda *_: iter(())
build_version(Repository.open(Path(sys.argv[1])), sys.argv[2], Path(sys.argv[3]))
"""


def measure(folder: Path) -> Iterator[Line]:
    """Publish both in turn; where mike cannot be had, say so and go on."""
    try:
        mike = environment("mike", MIKE) / "bin" / "mike"
    except (OSError, subprocess.SubprocessError) as error:
        mike = None
        yield Line(f"mike is not measured: {error}", "")
    with closing(_instance(folder / "instance")) as instance:
        theirs = _repository(folder / "theirs", instance)
        spent: dict[int, float] = {}
        deployed: dict[int, float] = {}
        grown: dict[int, int] = {}
        for number in range(1, VERSIONS + 1):
            before = _size(instance.repository.folder)
            if number > 1:
                _revise(instance, number)
            spent[number] = _timed(COMMAND, "publish", str(instance.path), cwd=folder)
            grown[number] = _size(instance.repository.folder) - before
            if mike is not None and number <= COMPARED:
                _copy_chapters(instance, theirs)
                deployed[number] = _timed(
                    mike, "deploy", "--update-aliases", f"v{number}", "latest", cwd=theirs
                )
        yield from _compared(spent, deployed)
        yield from _pages_apart(instance, folder)
        yield from _pairs(instance)
        yield from _growth(instance, grown, theirs)


def _compared(spent: dict[int, float], deployed: dict[int, float]) -> Iterator[Line]:
    ours = _around(spent)
    yield took(f"`drafter publish`, version {COMPARED}, {COMPARED - 1} pages of changes", ours)
    if deployed:
        other = _around(deployed)
        yield took(f"`mike deploy` of the same {CHAPTERS} pages, version {COMPARED}", other)
        yield share("    as a share of mike's time", ours, other, most=1.0)
    last = statistics.median([spent[VERSIONS - 1], spent[VERSIONS]])
    yield took(f"`drafter publish`, version {VERSIONS}, {VERSIONS - 1} pages of changes", last)


def _around(spent: dict[int, float]) -> float:
    """The median of three publications, the one that is compared in the last place."""
    return statistics.median([spent[COMPARED - n] for n in range(3)])


def _pages_apart(instance: Instance, folder: Path) -> Iterator[Line]:
    """Build two versions again without their pages of changes, each in a process of its own."""
    spent = []
    for number in (COMPARED, VERSIONS):
        times = []
        for turn in range(3):
            built = str(folder / f"{number}-{turn}")
            script = (_WITHOUT, str(instance.repository.folder), f"v{number}", built)
            times.append(_timed(Path(sys.executable), "-c", *script, cwd=folder))
        spent.append(statistics.median(times))
        yield took(f"version {number} built, its pages of changes apart", spent[-1])
    yield share(f"    version {VERSIONS} as a share of {COMPARED}", spent[1], spent[0], most=1.2)


def _pairs(instance: Instance) -> Iterator[Line]:
    """Compare the versions that lie furthest apart, and the last two."""
    line = versions(instance.repository)
    worst = 0.0
    for old in (line[0], line[-2]):
        texts = [read_report(instance.repository, each.commit) for each in (old, line[-1])]
        worst = max(worst, median_ms(lambda texts=texts: diff_reports(*texts), 7))
    yield took(f"any pair of the {VERSIONS} versions compared, warm, at worst", worst, below=100)


def _growth(instance: Instance, grown: dict[int, int], theirs: Path) -> Iterator[Line]:
    """What one more publication adds to the repository, beside the site that it publishes."""
    per = statistics.median([size for number, size in grown.items() if number > 1])
    site = _size(instance.public / f"v{VERSIONS}")
    yield Line("the report's repository grows by, a publication", f"{per / 1024:.0f} KB")
    yield Line("    a version's pages weigh", f"{site / 1024:.0f} KB")
    changed = per / site
    yield Line("    as a share of them", f"{changed:.3f}", "at most 0.05", changed <= 0.05)
    subprocess.run(["git", "-C", str(theirs), "gc", "-q"], check=True)
    whole = _size(theirs / ".git") / COMPARED
    yield Line("mike's repository, packed, a publication", f"{whole / 1024:.0f} KB")


# The two reports


def _instance(path: Path) -> Instance:
    source = path.with_name("source")
    report = generated()
    for chapter in report.chapters:
        file = source / chapter.path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"---\nphase: drafting\n---\n{chapter.text}", encoding="utf-8")
    (source / names.SITE_CONFIGURATION).write_text(OURS, encoding="utf-8")
    return Instance.create(path, source)


def _revise(instance: Instance, number: int) -> None:
    """Reword some clauses, all over the report, as one recorded edit."""
    chance = random.Random(SEED + number)
    texts = {chapter.path: chapter.text.split("\n") for chapter in instance.report.chapters}
    lines = [
        (path, at)
        for path, found in sorted(texts.items())
        for at, line in enumerate(found)
        if len(line) > 200
    ]
    for path, at in chance.sample(lines, REWORDED):
        said = texts[path][at].split(" ")
        where = chance.randrange(2, len(said) - 12)
        said[where : where + 3] = [f"section{chance.randint(2, 99)}", "or", "rule"]
        texts[path][at] = " ".join(said)
    files: dict[str, bytes | None] = {p: "\n".join(text).encode() for p, text in texts.items()}
    with instance.writing() as writer:
        tip = instance.tip
        message = write_message("edit", "Edit of several clauses by seat-01", {"By": "seat-01"})
        commit = writer.write_commit(files, tip, (tip,), message, instance.clock())
        writer.move_ref(names.MAIN, tip, commit)


def _repository(path: Path, instance: Instance) -> Path:
    """Make the repository that mike deploys from."""
    path.mkdir()
    (path / "mkdocs.yml").write_text(THEIRS, encoding="utf-8")
    _copy_chapters(instance, path)
    return path


def _copy_chapters(instance: Instance, path: Path) -> None:
    """Give mike's repository the chapters of today, and commit them."""
    for chapter in read_report(instance.repository, instance.tip).chapters:
        file = path / "docs" / Path(chapter.path).name
        file.parent.mkdir(exist_ok=True)
        file.write_text(chapter.text, encoding="utf-8")
    git = ["git", "-C", str(path), "-c", "user.name=M", "-c", "user.email=m@localhost"]
    if not (path / ".git").exists():
        subprocess.run([*git, "init", "-q", "-b", "main"], check=True)
        for key in ("name", "email"):
            subprocess.run([*git, "config", f"user.{key}", "m@localhost"], check=True)
    subprocess.run([*git, "add", "-A"], check=True)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", "Chapters"], check=True)


def _timed(command: Path, *arguments: str, cwd: Path) -> float:
    """Run a process to its end; milliseconds."""
    start = time.perf_counter()
    found = {**os.environ, "PATH": f"{command.parent}:{os.environ['PATH']}"}
    done = subprocess.run(
        [command, *arguments], cwd=cwd, env=found, capture_output=True, check=False
    )
    if done.returncode:
        raise RuntimeError(f"{command.name} {arguments[0]}: {done.stderr.decode()}")
    return (time.perf_counter() - start) * 1000


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
