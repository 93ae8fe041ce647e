"""The site also builds under ProperDocs, a continuation of MkDocs, to the same bytes.

Needs the network: ProperDocs is installed beside Drafter into an environment of its own.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from drafter.publish.manifest import hash_files
from drafter.services.instance import Instance

ROOT = Path(__file__).parents[2]
PROPERDOCS = "properdocs==1.6.7"
VERSION = """
import sys
import properdocs.replacement
from pathlib import Path
from drafter.publish.build import build_version
from drafter.store.repository import Repository
import mkdocs
assert mkdocs.__name__ == "properdocs", mkdocs.__name__
build_version(Repository.open(Path(sys.argv[1])), "v3", Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def properdocs(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of programs of an environment with ProperDocs and Drafter."""
    folder = tmp_path_factory.mktemp("properdocs")
    uv = shutil.which("uv") or str(Path(sys.executable).with_name("uv"))
    python = folder / "bin" / "python"
    subprocess.run([uv, "venv", "-q", "--clear", "-p", sys.executable, folder], check=True)
    subprocess.run([uv, "pip", "install", "-q", "-p", python, PROPERDOCS, ROOT], check=True)
    return folder / "bin"


@pytest.mark.full
def test_a_checkout_is_built_to_the_same_bytes(properdocs: Path, tmp_path: Path) -> None:
    sites = []
    for program in ("mkdocs", "properdocs"):
        checkout = tmp_path / program
        for name in ("drafts", "amendments", "site"):
            shutil.copytree(ROOT / name, checkout / name)
        shutil.copy(ROOT / "mkdocs.yml", checkout)
        build = [properdocs / program, "build", "-q", "-f", "mkdocs.yml"]
        subprocess.run(build, cwd=checkout, check=True)
        sites.append(hash_files(checkout / "build" / "site"))
    for name in ("sitemap.xml", "sitemap.xml.gz"):  # a checkout's holds the day
        assert sites[0].pop(name)
        assert sites[1].pop(name)
    assert sites[0] == sites[1]
    assert len(sites[0]) > 50


@pytest.mark.full
def test_a_version_is_built_to_the_same_bytes(
    properdocs: Path, kept: Instance, tmp_path: Path
) -> None:
    arguments = [str(kept.repository.folder), str(tmp_path / "v3")]
    subprocess.run([properdocs / "python", "-c", VERSION, *arguments], check=True)
    assert hash_files(tmp_path / "v3") == hash_files(kept.public / "v3")
