"""What protects every page: tokens, headers, cookies, limits, redirects, errors."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from drafter.core import errors
from drafter.core.errors import DrafterError
from drafter.services import commenting
from drafter.services.authority import OPERATOR
from drafter.services.instance import Instance
from drafter.web.app import create_app
from drafter.web.problems import STATUS, status_of
from drafter.web.security import MAX_BODY, local

from .visitor import CLAUSE, Visitor

ROUTES = ("/", "/take-part/", f"/take-part/clause/{CLAUSE}", "/panel/", "/nowhere", "/healthz")


def test_a_form_without_its_token_is_refused_and_keeps_what_was_typed(visitor: Visitor) -> None:
    where = f"/take-part/clause/{CLAUSE}"
    visitor.get(where)
    response = visitor.client.post(where, data={"comment": "Nine sentences, long worked on."})
    assert response.status_code == 400
    assert "Nine sentences, long worked on." in response.text


BY_MAIL_PROGRAMS = {"take_part.end_follow", "take_part.take_support_back"}
"""What a mail program ends by itself, at a secret address that no other site knows."""


def test_every_form_needs_its_token(app: Flask, visitor: Visitor) -> None:
    posts = [rule for rule in app.url_map.iter_rules() if "POST" in (rule.methods or set())]
    public = [rule for rule in posts if rule.endpoint.startswith(("take_part", "sign_in"))]
    assert len(public) >= 5
    for rule in public:
        if rule.endpoint in BY_MAIL_PROGRAMS:
            continue
        where = re.sub(r"<int:[^>]+>", "1", rule.rule)
        where = re.sub(r"<[^>]+>", CLAUSE, where)
        assert visitor.client.post(where).status_code == 400, where


def test_a_form_from_another_site_is_refused_even_with_a_token(visitor: Visitor) -> None:
    where = f"/take-part/clause/{CLAUSE}"
    visitor.get(where)
    data = {"csrf_token": visitor.field("csrf_token"), "comment": "x"}
    for site in ("cross-site", "same-site"):
        response = visitor.client.post(where, data=data, headers={"Sec-Fetch-Site": site})
        assert response.status_code == 400
        assert "another site" in response.text


@pytest.mark.parametrize("where", ROUTES)
def test_every_answer_carries_the_headers(visitor: Visitor, where: str) -> None:
    headers = visitor.get(where).headers
    policy = headers["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("where", ROUTES[:4])
def test_no_page_has_a_script_or_a_style_in_itself(visitor: Visitor, where: str) -> None:
    page = visitor.get(where).text
    assert not re.search(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=", page)


def test_the_session_cookie_is_out_of_reach_of_scripts_and_other_sites(visitor: Visitor) -> None:
    cookie = visitor.get(f"/take-part/clause/{CLAUSE}").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Secure" not in cookie


def test_over_https_the_cookie_is_for_https_alone(visitor: Visitor) -> None:
    where = f"/take-part/clause/{CLAUSE}"
    cookie = visitor.get(where, base_url="https://localhost").headers["Set-Cookie"]
    assert "Secure" in cookie


def test_a_forwarded_header_is_not_believed(visitor: Visitor) -> None:
    where = f"/take-part/clause/{CLAUSE}"
    cookie = visitor.get(where, headers={"X-Forwarded-Proto": "https"}).headers["Set-Cookie"]
    assert "Secure" not in cookie


def test_a_form_that_is_too_long_is_refused_with_a_sentence(visitor: Visitor) -> None:
    where = f"/take-part/clause/{CLAUSE}"
    visitor.get(where)
    response = visitor.send(where, comment="x" * (MAX_BODY + 1))
    assert response.status_code == 413
    assert "too long" in response.text


@pytest.mark.parametrize(
    "where",
    ["//elsewhere.example/", "/%5C%5Celsewhere.example/", "///elsewhere.example", "/take-part"],
)
def test_no_redirect_leaves_the_app(visitor: Visitor, where: str) -> None:
    response = visitor.client.get(where, headers={"Host": "elsewhere.example"})
    target = response.headers.get("Location", "/")
    assert target.startswith("/")
    assert not target.startswith(("//", "/\\"))


@pytest.mark.parametrize(
    "address",
    ["http://e.example/a?b=c#d", "//e.example/a?b=c#d", "\\\\e.example\\a", "javascript:alert(1)"],
)
def test_an_address_is_made_local(address: str) -> None:
    made = local(address)
    assert re.match(r"/(?![/\\])", made)
    assert ":" not in made


def subclasses(kind: type[DrafterError]) -> Iterator[type[DrafterError]]:
    for each in kind.__subclasses__():
        yield each
        yield from subclasses(each)


def test_every_error_has_a_status_of_its_own_choice() -> None:
    ours = {each for each in subclasses(DrafterError) if each.__module__ == errors.__name__}
    assert ours <= set(STATUS)


def test_a_new_kind_of_error_has_the_status_of_its_parent() -> None:
    class Hidden(errors.NotFound):
        pass

    assert status_of(Hidden("It is hidden.")) == 404


def test_an_error_shows_its_own_sentence_and_status(app: Flask) -> None:
    for kind, status in STATUS.items():
        with app.test_request_context("/"):
            response = app.make_response(app.handle_user_exception(kind("Do this instead.")))
        assert response.status_code == status
        assert "Do this instead." in response.get_data(as_text=True)


def test_a_mistake_of_the_program_shows_a_page_and_no_trace(
    app: Flask, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail() -> str:
        raise RuntimeError("the secret inside")

    monkeypatch.setitem(app.view_functions, "take_part.open_clauses", fail)
    response = visitor.get("/take-part/")
    assert response.status_code == 500
    assert "Something went wrong on our side" in response.text
    assert "secret" not in response.text


def test_an_unreadable_report_still_gets_an_error_page(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(self: Instance) -> object:
        raise errors.Unreadable("The report cannot be read. Tell the operator.")

    monkeypatch.setattr(Instance, "config", property(fail))
    monkeypatch.setattr(Instance, "report", property(fail))
    response = visitor.get("/take-part/")
    assert response.status_code == 500
    assert "Tell the operator." in response.text


def test_head_and_options_work_on_pages(visitor: Visitor) -> None:
    assert visitor.client.head("/take-part/").status_code == 200
    assert visitor.client.options("/take-part/").status_code == 200
    assert visitor.client.delete("/take-part/").status_code == 405


def test_the_monitor_hears_ok(visitor: Visitor) -> None:
    assert visitor.get("/healthz").text == "ok\n"


def test_the_mailbox_of_the_demo_answers_this_machine_alone(instance: Instance) -> None:
    client = create_app(instance, demo=True).test_client()
    assert client.get("/demo/mailbox").status_code == 200
    other = {"REMOTE_ADDR": "192.0.2.7"}
    assert client.get("/demo/mailbox", environ_overrides=other).status_code == 404
    forwarded = {"X-Forwarded-For": "127.0.0.1"}
    assert client.get("/demo/mailbox", headers=forwarded).status_code == 404


class TestPublishedFiles:
    @pytest.fixture(autouse=True)
    def site(self, instance: Instance) -> None:
        folder = instance.public / "v1" / "voting"
        folder.mkdir(parents=True)
        (folder / "index.html").write_text("<p>voting</p>")
        (instance.public / "index.html").write_text("<p>front</p>")
        (instance.public / ".secret").write_text("hidden")

    def test_a_folder_is_its_index(self, visitor: Visitor) -> None:
        assert visitor.get("/").text == "<p>front</p>"
        assert visitor.get("/v1/voting/").text == "<p>voting</p>"

    def test_a_folder_without_its_slash_leads_there(self, visitor: Visitor) -> None:
        assert visitor.get("/v1/voting?q=a").headers["Location"] == "/v1/voting/?q=a"

    @pytest.mark.parametrize(
        "where",
        [
            "/v2/",
            "/v1/",
            "/.secret",
            "/../settings.toml",
            "/v1/../../settings.toml",
            "/%2e%2e/secret-key",
            "/v1/%2e%2e/%2e%2e/secret-key",
            "/..%2fsecret-key",
            "/a%00b",
            f"/latest/{'a' * 300}",
        ],
    )
    def test_what_is_not_there_or_outside_is_not_found(
        self, visitor: Visitor, instance: Instance, where: str
    ) -> None:
        assert (instance.path / "secret-key").exists()
        assert visitor.get(where).status_code == 404


def test_before_the_first_version_the_front_page_says_so(visitor: Visitor) -> None:
    page = visitor.get("/").text
    assert "No version of this report has been published yet" in page
    assert 'href="/take-part/"' in page


def test_the_app_asks_nobody_else_for_anything(app: Flask, tmp_path: Path) -> None:
    assert app.root_path
    for path in Path(app.root_path).rglob("*.html"):
        assert not re.search(r"https?://", path.read_text(encoding="utf-8")), path
    assert OPERATOR.role == "operator"


def test_a_disk_that_refuses_is_told_and_what_was_typed_is_kept(
    visitor: Visitor, instance: Instance, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(commenting, "comment", refuse)
    visitor.get(f"/take-part/clause/{CLAUSE}")
    form = {name: visitor.field(name) for name in ("seen", "form")}
    form |= {"do": "send", "comment": "Kept.", "consent": "yes"}
    sent = visitor.send(f"/take-part/clause/{CLAUSE}", **form)
    assert sent.status_code == 500
    assert "could not write this down" in sent.text
    assert "Kept." in sent.text
