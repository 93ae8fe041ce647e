"""The example's public folder checked whole: as a folder, below a path of a web host, out of a ZIP;
and each check seen to find what it is there for.
"""

from __future__ import annotations

import functools
import json
import os
import shutil
import threading
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from drafter.publish.check import Checked, check_changes, check_files, check_folder
from drafter.publish.check_pages import Files, folder_files
from drafter.publish.edition import read_edition
from drafter.services.instance import Instance
from drafter.store.history import versions


def sentences(checked: Checked) -> list[str]:
    return [str(fault) for fault in checked.faults]


def test_the_whole_site_holds_what_it_names_and_what_git_has(kept: Instance) -> None:
    editions = [read_edition(kept.repository, each) for each in versions(kept.repository)]
    found = check_folder(kept.public, editions)
    assert sentences(found) == []
    assert found.pages > 500
    assert found.links > 10_000


# As files on any host


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def host(tmp_path: Path) -> Iterator[tuple[Path, str]]:
    """A folder, and the address of a web server that serves it."""
    folder = tmp_path / "host"
    folder.mkdir()
    handler = functools.partial(Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield folder, f"http://127.0.0.1:{server.server_port}/"
    server.shutdown()
    thread.join()
    server.server_close()


def fetched(address: str, path: str) -> bytes | None:
    try:
        with urllib.request.urlopen(address + path) as answer:
            content: bytes = answer.read()
            return content
    except urllib.error.HTTPError:
        return None


def test_it_works_below_a_path_of_any_web_host(kept: Instance, host: tuple[Path, str]) -> None:
    folder, address = host
    place = folder / "reports" / "2020"
    shutil.copytree(kept.public, place)
    top = f"{address}reports/2020/"
    known = folder_files(place).paths
    for page in ("", "v3/", "v3/02-values/", "c/c-tdzamb/", "latest/02-values/"):
        assert fetched(top, page) == (place / page / "index.html").read_bytes()
    found = check_files(Files(known, lambda path: fetched(top, path)), only="v3")
    assert sentences(found) == []
    assert found.pages > 50


def test_it_works_out_of_a_zip_unpacked_elsewhere(kept: Instance, tmp_path: Path) -> None:
    packed = shutil.make_archive(str(tmp_path / "site"), "zip", kept.public)
    with zipfile.ZipFile(packed) as archive:
        archive.extractall(tmp_path / "elsewhere" / "deep" / "down")
    assert sentences(check_folder(tmp_path / "elsewhere" / "deep" / "down")) == []


def test_a_version_alone_is_checked_as_far_as_it_goes(kept: Instance, tmp_path: Path) -> None:
    shutil.copytree(kept.public / "v2", tmp_path / "alone")
    found = check_folder(tmp_path / "alone")
    assert sentences(found) == []
    assert found.pages > 40
    (tmp_path / "alone" / "02-values" / "index.html").unlink()
    assert any("02-values" in fault for fault in sentences(check_folder(tmp_path / "alone")))


# Every check can fail


@pytest.fixture
def small(kept: Instance, tmp_path: Path) -> Path:
    """The site by hard links; whoever changes a file puts another in its place (`put`)."""
    shutil.copytree(kept.public, tmp_path / "small", copy_function=os.link)
    return tmp_path / "small"


def found_in_v3(folder: Path) -> list[str]:
    return sentences(check_files(folder_files(folder), only="v3"))


def put(path: Path, text: str) -> None:
    path.unlink(missing_ok=True)
    path.write_text(text, encoding="utf-8")


PAGE = "v3/04-voting-and-elections/index.html"


def rewrite(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    put(path, text.replace(old, new, 1))


BREAKS: dict[str, tuple[Callable[[Path], None], str]] = {
    "a page that is gone": (
        lambda top: (top / "v3/amendments/0022/index.html").unlink(),
        "../amendments/0022/ leads nowhere",
    ),
    "a place that is gone": (
        lambda top: rewrite(top / "v3/assemblies/leeds-2018/index.html", 'id="c-ge4bn3"', ""),
        "names a place that is not on that page",
    ),
    "an address from the top of a host": (
        lambda top: rewrite(top / PAGE, 'href="../assemblies/', 'href="/v3/assemblies/'),
        "works at the top of a host alone",
    ),
    "a request to another host": (
        lambda top: rewrite(top / PAGE, "</head>", '<script src="https://cdn.example/x.js">'),
        "it asks another host for https://cdn.example/x.js",
    ),
    "a stylesheet's file that is gone": (
        lambda top: put(top / "v3/assets/face/fonts.css", "a{src:url(gone.woff2)}"),
        "gone.woff2 leads nowhere",
    ),
    "a clause without a source": (
        lambda top: rewrite(top / PAGE, "<p>No source recorded</p>", ""),
        "has no origin, and does not say so",
    ),
    "a clause without its history": (
        lambda top: shutil.rmtree(top / "c" / "c-tdzamb"),
        "c-tdzamb has no page of its history",
    ),
    "an amendment that is not there": (
        lambda top: rewrite(top / PAGE, "amendment 22</a>", "amendment 99</a>"),
        "amendment 99 is named, and has no page",
    ),
    "a file that was changed": (
        lambda top: rewrite(top / PAGE, "sixteen", "eighteen"),
        "it is not what the manifest's sum says",
    ),
    "a file too many": (
        lambda top: put(top / "v3" / "more.txt", "More."),
        "the manifest does not name it",
    ),
    "a place that the search knows": (
        lambda top: put(
            top / "v3/search/search_index.json",
            json.dumps({"docs": [{"location": "gone/#c-000000"}]}),
        ),
        "gone/#c-000000 leads nowhere",
    ),
}


@pytest.mark.parametrize("name", BREAKS)
def test_each_fault_is_found(small: Path, name: str) -> None:
    spoil, sentence = BREAKS[name]
    assert found_in_v3(small) == []
    spoil(small)
    found = found_in_v3(small)
    assert any(sentence in fault for fault in found), found


def test_a_clause_that_git_has_and_the_page_has_not_is_found(kept: Instance, small: Path) -> None:
    edition = read_edition(kept.repository, versions(kept.repository)[-1])
    rewrite(small / PAGE, 'id="c-tdzamb"', 'id="c-tdzamx"')
    found = sentences(check_files(folder_files(small), [edition], only="v3"))
    assert f"{PAGE}: clause c-tdzamb is not on the page" in found


def test_the_changes_are_the_same_as_page_json_and_csv(kept: Instance) -> None:
    found = check_changes(folder_files(kept.public))
    assert [str(fault) for fault in found] == []
