"""Pages that were answered before, opened in a browser: no server, the same styles and scripts."""

from __future__ import annotations

import re

from flask import Flask
from playwright.sync_api import BrowserContext, Page, Route

from tests.web.walk import Shown

HOST = "http://localhost"
RENEWS = re.compile(r'<meta http-equiv="refresh"[^>]*>')


class Screen:
    """A browser's page on which the pages of a walk are put, one after the other."""

    def __init__(self, context: BrowserContext, app: Flask) -> None:
        self.page: Page = context.new_page()
        self._client, self._html = app.test_client(), ""
        self._files: dict[str, tuple[bytes, str]] = {}
        context.route("**/*", self._answer)

    def show(self, shown: Shown) -> Page:
        """Put a page on the screen, all that folds unfolded."""
        self._html = RENEWS.sub("", shown.html)
        self.page.goto(f"{HOST}/shown")
        self.page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
        return self.page

    def _answer(self, route: Route) -> None:
        if route.request.resource_type == "document":
            route.fulfill(body=self._html, content_type="text/html; charset=utf-8")
            return
        where = route.request.url.removeprefix(HOST)
        if where not in self._files:
            response = self._client.get(where, buffered=True)
            self._files[where] = (response.data, response.content_type)
        body, kind = self._files[where]
        route.fulfill(body=body, content_type=kind)
