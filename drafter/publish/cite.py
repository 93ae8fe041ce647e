"""Naming a version, a page or a clause as a newspaper or a thesis does, and as programs read it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from drafter.publish.edition import Edition, day
from drafter.publish.links import Links
from drafter.publish.templating import fill
from drafter.store.history import Version

FILES = ("cite.bib", "cite.ris", "cite.json")
"""A version's citation for BibTeX, in RIS, and as CSL-JSON."""

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_TEX = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
}


@dataclass(frozen=True, slots=True)
class Citation:
    """What is cited, as its sentence says it."""

    begin: str
    """The report and its version: "A report, version 3 (14 February 2020)"."""
    what: str
    """The page, or "clause 4.2"; empty for the version itself."""
    address: str
    """Absolute; empty where the site's address is not known."""
    path: str = ""
    """The same, from the top of the public folder."""

    @property
    def sentence(self) -> str:
        """The whole citation: "A report, version 3 (14 February 2020), clause 4.2. https://…"."""
        said = ", ".join(filter(None, (self.begin, self.what)))
        return f"{said}. {self.address}".rstrip()


def cite(edition: Edition, what: str, path: str, version: Version | None = None) -> Citation:
    """Cite what stands at `path` within a version: this edition's, or the one given."""
    of = version or edition.version
    assert of is not None
    begin = f"{edition.settings.name}, version {of.number} ({day(of.time)})"
    site, place = edition.settings.site_url, f"{of.name}/{path}"
    return Citation(begin, what, f"{site}{place}" if site else "", place)


def cite_block(citation: Citation, links: Links) -> str:
    """Write what a page shows where somebody wants to cite it."""
    named = zip(("BibTeX", "RIS", "CSL-JSON"), FILES, strict=True)
    files = [(label, links.page(name)) for label, name in named]
    address = citation.address or f"{links.top}{citation.path}"
    return fill("cite.html", citation=citation, files=files, address=address)


def cite_files(edition: Edition) -> Iterator[tuple[str, str]]:
    """Write the citation of a version for programs: file name and content."""
    version = edition.version
    assert version is not None
    name, address = edition.settings.name, cite(edition, "", "").address
    for file, write in zip(FILES, (_bibtex, _ris, _csl), strict=True):
        yield file, write(name, version, address)


def _note(version: Version) -> str:
    return f"{version.title}. Commit {version.commit} of its public record"


def _bibtex(name: str, version: Version, address: str) -> str:
    fields = {
        "title": f"{{{_tex(name)}}}",
        "version": str(version.number),
        "year": f"{version.time:%Y}",
        "note": _tex(f"Version {version.number}: {_note(version)}"),
        "url": address,
    }
    month = _MONTHS[version.time.month - 1]
    lines = [f"  {key} = {{{value}}},\n" for key, value in fields.items() if value]
    key = f"report-{version.name}-{version.time:%Y}"
    return f"@misc{{{key},\n{''.join(lines)}  month = {month}\n}}\n"


def _tex(text: str) -> str:
    return "".join(_TEX.get(letter, letter) for letter in " ".join(text.split()))


def _ris(name: str, version: Version, address: str) -> str:
    fields = (
        ("TY", "RPRT"),
        ("TI", name),
        ("ET", f"Version {version.number}"),
        ("PY", f"{version.time:%Y}"),
        ("DA", f"{version.time:%Y/%m/%d}/"),
        ("N1", _note(version)),
        ("UR", address),
    )
    lines = [f"{tag}  - {' '.join(value.split())}\r\n" for tag, value in fields if value]
    return f"{''.join(lines)}ER  - \r\n"


def _csl(name: str, version: Version, address: str) -> str:
    when = version.time
    item = {
        "id": f"report-{version.name}",
        "type": "report",
        "title": name,
        "version": str(version.number),
        "edition": f"Version {version.number}",
        "issued": {"date-parts": [[when.year, when.month, when.day]]},
        "note": _note(version),
        **({"URL": address} if address else {}),
    }
    return json.dumps([item], indent=1, ensure_ascii=False) + "\n"
