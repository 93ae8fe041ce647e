"""What every response carries and what no request may do: headers, limits, cookies, origins.

Where a limit stands here, it is the only place that it stands in the web.
"""

from __future__ import annotations

from urllib.parse import urlsplit

from flask import Flask, Request, Response, current_app, request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

from drafter.core.errors import BadInput
from drafter.services.limits import SEAT_IDLE

MAX_BODY = 256 * 1024
"""Bytes of a request: a long comment, the wording of a long clause, and room."""
MAX_PARTS = 60
"""Fields of a form."""
SIGNED_IN = int(SEAT_IDLE.total_seconds())
"""Seconds that the cookie lasts without a visit; what it stands for may end earlier."""

HEADERS = {
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; object-src 'none'; base-uri 'none'; "
        "form-action 'self'; frame-ancestors 'none'"
    ),
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}

PROGRAMS = "/api/"
"""Where programs ask, by a token alone."""

_SAFE = frozenset({"GET", "HEAD", "OPTIONS"})


class Cookies(SecureCookieSessionInterface):
    """The session's cookie, for https alone wherever the page itself came by https.

    Where programs ask (`/api/`) it is neither read nor set.
    """

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """Read the cookie; nothing of it for a program."""
        if request.path.startswith(PROGRAMS):
            return self.session_class()
        return super().open_session(app, request)

    def get_cookie_secure(self, app: Flask) -> bool:
        """Tell whether the cookie may travel by https only."""
        return bool(app.config["SESSION_COOKIE_SECURE"]) or request.is_secure


def configure(app: Flask, *, secret: str | bytes, https: bool) -> None:
    """Set limits, cookies and headers. `https`: people reach the app by https."""
    app.config.update(
        SECRET_KEY=secret,
        SESSION_COOKIE_NAME="drafter",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=https,
        PERMANENT_SESSION_LIFETIME=SIGNED_IN,
        MAX_CONTENT_LENGTH=MAX_BODY,
        MAX_FORM_MEMORY_SIZE=MAX_BODY,
        MAX_FORM_PARTS=MAX_PARTS,
        # A form may lie open for days. It is bound to the session, which ends by itself.
        WTF_CSRF_TIME_LIMIT=None,
        # No page sends its address along (Referrer-Policy), so there is none to compare.
        WTF_CSRF_SSL_STRICT=False,
    )
    app.session_interface = Cookies()
    app.before_request(refuse_other_sites)
    app.after_request(finish)


def refuse_other_sites() -> None:
    """Refuse a form that the browser says was sent from another site, whatever token it holds."""
    if request.method in _SAFE:
        return
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        raise BadInput(
            "This form was sent from another site. Open the page here and send it again."
        )


def finish(response: Response) -> Response:
    """Add the headers that every response carries, and keep redirects inside the app."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if not response.headers.get("Cache-Control"):
        response.headers["Cache-Control"] = "no-store"
    if "Location" in response.headers:
        response.headers["Location"] = local(response.headers["Location"])
    return response


def local(address: str) -> str:
    """Give an address without scheme and host, so that no redirect leads to another site.

    >>> local("http://elsewhere.example/panel/?a=1"), local("//elsewhere.example")
    ('/panel/?a=1', '/')
    >>> local("/\\\\elsewhere.example")
    '/elsewhere.example'
    """
    parts = urlsplit(address)
    path = "/" + parts.path.replace("\\", "/").lstrip("/")
    return (
        path
        + (f"?{parts.query}" if parts.query else "")
        + (f"#{parts.fragment}" if parts.fragment else "")
    )


def is_loopback() -> bool:
    """Tell whether the request comes from this machine itself, by no proxy's word."""
    address = request.environ.get("REMOTE_ADDR") or ""
    return address in ("127.0.0.1", "::1") and "X-Forwarded-For" not in request.headers


def in_demo() -> bool:
    """Tell whether the app was started as the demo."""
    return bool(current_app.config["DRAFTER_DEMO"])
