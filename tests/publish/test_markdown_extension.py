"""The extension hands the renderer's HTML through, and lays clauses out in rows."""

from __future__ import annotations

from pathlib import Path
from xml.etree.ElementTree import Element

import markdown
import pytest

from drafter.core.rendering import render
from drafter.publish.markdown_extension import DrafterExtension, lay_out, parse_html, serialize

CHAPTER = """# Votes {: #c-aaaaaa }

## Who *may* & may not {: #c-bbbbbb }

Every citizen.[^1]
{: #c-cccccc }

1. One. {: #c-dddddd }
   - Inner. {: #c-eeeeee }

   Later words.
2. Two.

[^1]: A note. {: #c-ffffff }
"""


def convert(text: str, **options: object) -> tuple[str, markdown.Markdown]:
    page = markdown.Markdown(
        extensions=["toc", "tables", "fenced_code", DrafterExtension(**options)]
    )
    return page.convert(text), page


@pytest.mark.parametrize(
    "text",
    [
        CHAPTER,
        'a\u00a0b &copy; &amp;copy; &amp;lt; `x < y & "z"`',
        '[l](http://x/?a=1&b=%22 "ti<t>&quot;le") ![a"<b>](x.png)',
        "one\\\ntwo\x0c\x01 </p>\n\n---\n\n    code &lt;\n\n```js\n<script>\n```",
        "| a | b |\n|--|:-:|\n| 1 | 2 |\n",
        "<b>raw</b> <script>alert(1)</script> [x](javascript:alert(1))",
    ],
)
def test_reading_the_html_and_writing_it_gives_the_same_bytes(text: str) -> None:
    markup = render(text)
    assert serialize(parse_html(markup)) == f"<div>{markup}</div>"


def test_no_other_stage_of_python_markdown_touches_the_page() -> None:
    page, _ = convert("2^8^ ~~no~~ &amp;lt; {: .x }\n\n<b>raw</b>\n\n\tcode")
    assert "&amp;lt; {: .x }" in page
    assert "&lt;b&gt;raw&lt;/b&gt;" in page
    assert "<pre" in page


def test_the_contents_name_headings_by_their_permanent_ids() -> None:
    _, page = convert(CHAPTER)
    (title,) = page.toc_tokens
    assert (title["level"], title["id"], title["name"]) == (1, "c-aaaaaa", "Votes")
    assert [(h["id"], h["name"]) for h in title["children"]] == [
        ("c-bbbbbb", "Who may &amp; may not")
    ]


def test_a_heading_without_an_id_gets_one_that_nothing_else_has() -> None:
    _, page = convert("# A\n\n## Same\n\n## Same\n")
    assert [h["id"] for h in page.toc_tokens[0]["children"]] == ["same", "same_1"]


def test_a_number_stands_in_the_margin_and_is_the_permanent_link() -> None:
    page, _ = convert(CHAPTER, numbers={"c-cccccc": "4.2"})
    (link,) = [a for a in parse_html(page).iter("a") if a.get("href") == "#c-cccccc"]
    assert (link.text, link.get("aria-label")) == ("4.2", "Clause 4.2, permanent link")


def test_a_nested_item_is_a_row_beside_its_parents_words_and_not_inside_them() -> None:
    root = parse_html(render(CHAPTER))
    lay_out(root, {})
    item = _with_id(root, "c-dddddd")
    assert [child.get("class") for child in item] == ["n", "words", "clauses", "words"]
    assert _with_id(root, "c-eeeeee") in list(item[2])


def test_notes_stand_beside_every_clause_and_search_leaves_them_out() -> None:
    root = parse_html(render(CHAPTER))
    lay_out(root, {}, lambda clause: f"<p>{clause}</p>")
    notes = [e for e in root.iter() if e.get("class") == "notes"]
    assert ["".join(n.itertext()) for n in notes] == [
        "c-aaaaaa", "c-bbbbbb", "c-cccccc", "c-dddddd", "c-eeeeee", "c-ffffff"
    ]  # fmt: skip
    assert all(n.get("data-search-exclude") == "" for n in notes)


def test_a_code_clause_is_known_by_the_id_inside_its_pre() -> None:
    page, _ = convert("```text\nx\n```\n\n{: #c-gggggg }\n", numbers={"c-gggggg": "1.1"})
    assert ">1.1</a>" in page


def test_laying_out_changes_no_word_of_the_text() -> None:
    plain = parse_html(render(CHAPTER))
    rows = parse_html(render(CHAPTER))
    lay_out(rows, {})
    shown = "".join("".join(w.itertext()) for w in rows.iter() if w.get("class") == "words")
    assert "".join(shown.split()) == "".join("".join(plain.itertext()).split())


def _with_id(root: Element, name: str) -> Element:
    return next(e for e in root.iter() if e.get("id") == name)


def test_the_face_lists_only_what_a_browser_reads() -> None:
    from drafter import face

    names = {name for name, _ in face.files()}
    assert {"tokens.css", "fonts.css", "face.css", "site.css", "theme.js"} <= names
    assert all(Path(path).is_file() for _, path in face.files())
    assert not any(name.endswith((".py", ".html")) for name in names)


def test_every_typeface_that_the_styles_name_is_there() -> None:
    import re

    from drafter import face

    for name in re.findall(r'url\("([^"]+)"\)', (face.folder() / "fonts.css").read_text("utf-8")):
        assert (face.folder() / name).is_file()
