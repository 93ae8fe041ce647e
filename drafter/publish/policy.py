"""What a browser lets a published page do: a Content-Security-Policy in the page itself.

It stands in the page so that it holds on any web host. Everything is forbidden but what lies beside
the page. A script or style that a template wrote into the page is allowed by its hash, if whoever
makes the page says so; what came in with the words of a report never is.
"""

from __future__ import annotations

import base64
import hashlib
import re
from html import escape, unescape

_ALLOWED = {
    "default-src": ["'none'"],
    "script-src": ["'self'"],
    "style-src": ["'self'"],
    "img-src": ["'self'", "data:"],
    "font-src": ["'self'"],
    "connect-src": ["'self'"],
    "manifest-src": ["'self'"],
    "base-uri": ["'none'"],
    "form-action": ["'self'"],
}
_SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script\s*>", re.DOTALL | re.IGNORECASE)
_STYLE = re.compile(r"<style\b[^>]*>(.*?)</style\s*>", re.DOTALL | re.IGNORECASE)
_ATTRIBUTE = re.compile(r"<[a-z][^<>]*\sstyle=(\"[^\"]*\"|'[^']*')", re.IGNORECASE)
_TYPE = re.compile(r"\btype=[\"']?([\w/+.-]+)", re.IGNORECASE)
_CODE = frozenset({"module", "text/javascript", "application/javascript", "importmap"})
_CHARSET = re.compile(r"<meta charset=[^>]*>", re.IGNORECASE)
_HEAD = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
_OURS = re.compile(r'<meta http-equiv="Content-Security-Policy" content="([^"\r\n]*)">')


def policy_of(scripts: str = "", styles: str = "") -> str:
    """Give a policy that allows the scripts and the styles which stand in these pieces of HTML.

    >>> policy_of()[:53]
    "default-src 'none'; script-src 'self'; style-src 'sel"
    >>> "sha256" in policy_of(styles="<style>p {}</style>"), "sha256" in policy_of("<i>", "<b>")
    (True, False)
    """
    allowed = {name: list(sources) for name, sources in _ALLOWED.items()}
    allowed["script-src"] += _hashes(_code(scripts))
    allowed["style-src"] += _hashes(_STYLE.findall(styles))
    attributes = [unescape(value[1:-1]) for value in _ATTRIBUTE.findall(styles)]
    if attributes:
        allowed["style-src-attr"] = ["'unsafe-hashes'", *_hashes(attributes)]
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in allowed.items())


def with_policy(page: str, scripts: str = "", styles: str = "") -> str:
    """Write a page's policy into its head; a text without a head is no page, and stays as it is."""
    policy = escape(policy_of(scripts, styles), quote=False)
    tag = f'<meta http-equiv="Content-Security-Policy" content="{policy}">'
    after = _CHARSET if _CHARSET.search(page) else _HEAD
    return after.sub(lambda found: f"{found[0]}\n  {tag}", page, count=1)


def policy_in(page: str) -> str | None:
    """Read the policy that a published page names; None where it names none."""
    found = _OURS.search(page)
    return unescape(found[1]) if found else None


def _code(page: str) -> list[str]:
    """List the scripts that stand in a page; blocks of data are never run, and need no leave."""
    found = []
    for attributes, inside in _SCRIPT.findall(page):
        kind = _TYPE.search(attributes)
        if inside and (kind is None or kind[1].lower() in _CODE):
            found.append(inside)
    return found


def _hashes(pieces: list[str]) -> list[str]:
    return [f"'sha256-{_sha256(piece)}'" for piece in dict.fromkeys(pieces)]


def _sha256(piece: str) -> str:
    return base64.b64encode(hashlib.sha256(piece.encode()).digest()).decode()
