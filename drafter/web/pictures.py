"""Pictures that are drawn for one page: a code to be read by a phone."""

from __future__ import annotations

import io

import segno
from markupsafe import Markup


def qr_code(text: str) -> Markup:
    """Draw a text as a QR code, as SVG that stands in the page itself."""
    drawn = io.BytesIO()
    segno.make(text, error="m").save(
        drawn, kind="svg", xmldecl=False, svgns=True, omitsize=True, svgclass="code", lineclass=None
    )
    return Markup(drawn.getvalue().decode("utf-8"))
