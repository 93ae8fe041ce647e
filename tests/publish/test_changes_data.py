"""The page of changes, its JSON and its CSV: the same changes, in the same order, by one name."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from drafter.core.editing import substitute
from drafter.core.ids import ClauseId
from drafter.publish.build import build_version
from drafter.publish.changes_data import COLUMNS
from drafter.publish.spreadsheets import safe
from drafter.services.instance import Instance
from tests.publish.pages import parsed
from tests.publish.stories import Story

SCHEMA = json.loads(
    (Path(__file__).parents[2] / "docs/changes.schema.json").read_text(encoding="utf-8")
)
PAIRS = [("v2", "v1"), ("v3", "v1"), ("v3", "v2")]


def on_page(folder: Path) -> list[dict[str, str]]:
    found = parsed(folder / "index.html").found
    return [attributes for _, attributes in found if "data-change" in attributes]


def in_json(folder: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(folder.with_suffix(".json").read_text("utf-8"))
    return loaded


def in_csv(folder: Path) -> list[dict[str, str]]:
    text = folder.with_suffix(".csv").read_bytes().decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.DictReader(io.StringIO(text[1:], newline=""), strict=True))


@pytest.mark.parametrize(("newer", "older"), PAIRS)
def test_page_json_and_csv_hold_the_same_changes_in_the_same_order(
    kept: Instance, newer: str, older: str
) -> None:
    folder = kept.public / newer / "changes" / f"since-{older}"
    page, told, rows = on_page(folder), in_json(folder)["changes"], in_csv(folder)
    assert len(page) > 10
    assert [each["id"] for each in page] == [each["data-change"] for each in page]
    names = [each["data-change"] for each in page]
    assert names == [each["id"] for each in told] == [row["id"] for row in rows]
    assert len(set(names)) == len(names)
    kinds = [each["data-kind"] for each in page]
    assert kinds == [each["kind"] for each in told] == [row["kind"] for row in rows]
    amendments = [each.get("data-amendments", "") for each in page]
    assert amendments == [" ".join(map(str, each["amendments"])) for each in told]
    assert amendments == [row["amendments"].replace(";", "") for row in rows]
    assert [each["page"] for each in told] == [row["page"] for row in rows]
    for each in told:
        path, _, anchor = each["page"].partition("#")
        assert (kept.public / path / "index.html") == folder / "index.html"
        assert anchor == each["id"]


@pytest.mark.parametrize(("newer", "older"), PAIRS)
def test_the_json_has_the_form_that_its_schema_describes(
    kept: Instance, newer: str, older: str
) -> None:
    told = in_json(kept.public / newer / "changes" / f"since-{older}")
    Draft202012Validator.check_schema(SCHEMA)
    faults = [error.message for error in Draft202012Validator(SCHEMA).iter_errors(told)]
    assert faults == []
    named = {number for each in told["changes"] for number in each["amendments"]}
    assert named == {each["number"] for each in told["amendments"]}
    assert sum(told["summary"].values()) == len(told["changes"])
    del told["changes"][0]["how"]
    assert not Draft202012Validator(SCHEMA).is_valid(told)


def test_a_row_says_who_asked_how_it_was_voted_and_what_the_words_were(kept: Instance) -> None:
    rows = in_csv(kept.public / "v3" / "changes" / "since-v1")
    (row,) = (row for row in rows if row["amendments"] == "22")
    assert list(row) == list(COLUMNS)
    assert (row["for"], row["against"], row["abstaining"]) == ("13", "6", "1")
    assert "eighteen may vote" in row["before"]
    assert "sixteen may vote" in row["after"]
    assert (row["number_before"], row["how"]) == ("5.3", "decision")
    assert row["assemblies"] == "bristol-2017; leeds-2018"
    assert row["origins"] == "leeds-2018/4; bristol-2017/2"
    assert row["comments"].startswith("1; ")
    assert row["date"] == "2020-01-25"
    (split,) = (row for row in rows if row["kind"] == "split")
    assert split["number_after"] == "3.4; 3.5"
    assert split["after"].count("\n") == 1
    assert split["clause_after"].startswith(f"{split['clause_before']}; c-")


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "\t", "\r", "\uff1d", " =", "\n="])
def test_no_cell_is_read_as_a_formula(begins: str) -> None:
    assert safe(f"{begins}HYPERLINK(1)").startswith("'")
    assert safe(f"1{begins}2") == f"1{begins}2"


def test_words_that_would_be_a_formula_reach_the_file_with_an_apostrophe(
    story: Story, tmp_path: Path
) -> None:
    words = '=HYPERLINK("https://e.org","a, \nb")'
    text = substitute(story.report, ClauseId("c-000003"), words)
    files = {each.path: each.text.encode() for each in text.chapters}
    story.commit("edit", files)
    story.publish(3, "Third")
    site = build_version(story.repository, "v3", tmp_path / "v3")
    raw = (site / "changes" / "since-v2.csv").read_bytes()
    assert b"\r\n" in raw
    rows = in_csv(site / "changes" / "since-v2")
    (row,) = (row for row in rows if row["clause_after"] == "c-000003")
    assert row["after"].startswith('\'=HYPERLINK("https://e.org"')
