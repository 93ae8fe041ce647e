"""Each page says what a browser lets it do: what lies beside it, and its templates' own."""

from __future__ import annotations

from pathlib import Path

import pytest

from drafter.publish.build import build_version
from drafter.publish.policy import policy_in, policy_of, with_policy
from drafter.services.instance import Instance
from tests.publish.pages import parsed
from tests.publish.stories import FILES, tell


def test_what_a_template_wrote_is_allowed_by_its_hash() -> None:
    page = "<script>one()</script><script src=a.js></script><style>p {}</style><p style='top: 0'>"
    policy = policy_of(page, page)
    assert policy.count("sha256-") == 3
    assert "script-src 'self' 'sha256-" in policy
    assert "style-src-attr 'unsafe-hashes' 'sha256-" in policy
    assert "unsafe-inline" not in policy
    assert "sha256-" not in policy_of("<p>the template</p>")


def test_data_in_a_page_needs_no_leave() -> None:
    assert policy_of('<script type="application/ld+json">{}</script>') == policy_of()


def test_a_policy_is_read_back_as_it_was_written() -> None:
    page = with_policy("<html><head><meta charset=utf-8></head>", "<script>a && b</script>")
    assert policy_in(page) == policy_of("<script>a && b</script>")
    assert page.index("<meta charset") < page.index("<meta http-equiv")
    assert with_policy("[42]") == "[42]"
    assert policy_in("<p>None</p>") is None


def test_every_page_names_a_policy_that_allows_what_it_holds_and_no_script(kept: Instance) -> None:
    pages = sorted(kept.public.rglob("*.html"))
    assert len(pages) > 400
    for page in pages:
        policy = policy_in(page.read_text("utf-8")) or ""
        assert policy.startswith("default-src 'none'; script-src 'self';"), page
        for tag, attributes in parsed(page).found:
            assert not any(name.startswith("on") for name in attributes), (page, attributes)
            if tag == "script":
                assert "src" in attributes or attributes["type"] == "application/ld+json", page
            if "style" in attributes:
                named = policy_of(styles=f'<i style="{attributes["style"]}">').rpartition(" ")[2]
                assert named in policy, (page, attributes)


@pytest.fixture
def overridden(tmp_path: Path) -> Path:
    """A version whose own templates write a script into each page."""
    main = (
        "{% extends 'base.html' %}{% block extrahead %}<script>ours()</script>{% endblock %}"
        "{% block container %}{{ page.content }}{% endblock %}"
    )
    files = {**FILES, "site/overrides/main.html": main}
    return build_version(tell(tmp_path / "report.git", files).repository, "v1", tmp_path / "v1")


def test_a_script_of_a_reports_own_templates_is_allowed_as_it_stands(overridden: Path) -> None:
    policy = policy_in((overridden / "01-values" / "index.html").read_text())
    assert policy == policy_of("<script>ours()</script>")
