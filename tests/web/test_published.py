"""The published site as the app serves it: the pages as they were built, under their own policy."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask.testing import FlaskClient

from drafter.publish.policy import policy_in
from drafter.services.instance import Instance
from drafter.web.app import create_app
from drafter.web.security import HEADERS


@pytest.fixture
def client(lived: Instance) -> FlaskClient:
    return create_app(lived).test_client()


def policy(client: FlaskClient, address: str) -> str:
    return client.get(address, buffered=True).headers["Content-Security-Policy"]


@pytest.mark.parametrize("address", ["/", "/v3/04-voting-and-elections/", "/latest/", "/v1/all/"])
def test_a_page_keeps_its_own_policy_and_is_put_in_no_frame(
    client: FlaskClient, lived: Instance, address: str
) -> None:
    page = (lived.public / address[1:] / "index.html").read_text()
    own = policy_in(page)
    assert own is not None
    assert policy(client, address) == f"{own}; frame-ancestors 'none'"


def test_a_page_that_names_none_and_a_page_of_the_app_have_the_apps(
    client: FlaskClient, lived: Instance
) -> None:
    Path(lived.public / "old.html").write_text("<html><head></head>A version built long ago.")
    usual = HEADERS["Content-Security-Policy"]
    assert policy(client, "/old.html") == usual
    assert policy(client, "/take-part/") == usual


def test_site_and_app_have_one_head_and_one_foot(client: FlaskClient, lived: Instance) -> None:
    site = client.get("/v3/", buffered=True).text
    app = client.get("/take-part/", buffered=True).text
    for both in (
        "theme.js",
        "tokens.css",
        "fonts.css",
        "face.css",
        'class="colours"',
        ">Search</a>",
    ):
        assert both in site, both
        assert both in app, both
    heads = [page.partition('<a class="name"')[2].partition(">")[2][:21] for page in (site, app)]
    assert heads == ["A Citizens’ Constitut"] * 2
