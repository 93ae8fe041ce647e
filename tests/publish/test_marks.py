"""A change is drawn as well-formed HTML, with words for those who do not see the marks."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from drafter.core.diff import diff_text
from drafter.publish.marks import View, marked

ID = "\n{: #c-aaaaaa }\n"


def drawn(old: str, new: str, view: View = "both") -> str:
    (change,) = diff_text(old, new).changes
    return marked(change, view)


def words(markup: str) -> str:
    tree = ElementTree.fromstring(markup.replace("<br>", "<br/>"))
    return "".join(tree.itertext())


def test_the_removed_words_come_first_and_both_are_announced() -> None:
    html = drawn(f"Citizens of eighteen vote.{ID}", f"Citizens of sixteen vote.{ID}")
    assert html == (
        '<p class="passage">Citizens of <del><span class="sr">removed: </span>eighteen</del> '
        '<ins><span class="sr">added: </span>sixteen</ins> vote.</p>'
    )


def test_formatting_is_opened_again_inside_each_piece() -> None:
    html = drawn(f"All **old citizens** vote.{ID}", f"All **young citizens** vote.{ID}")
    assert '<del><span class="sr">removed: </span><strong>old</strong></del>' in html
    assert "<strong>citizens</strong> vote." in html


def test_words_removed_at_the_beginning_do_not_touch_what_follows() -> None:
    html = drawn(f"**Part 1.** All may vote.{ID}", f"All may vote.{ID}")
    assert words(html) == "removed: Part 1. All may vote."


def test_the_two_views_hold_each_side_alone() -> None:
    old, new = f"One *two* three, four.{ID}", f"One *zwei* three, and five.{ID}"
    assert words(drawn(old, new, "old")).replace("removed: ", "") == "One two three, four."
    assert words(drawn(old, new, "new")).replace("added: ", "") == "One zwei three, and five."


def test_a_table_of_equal_columns_is_drawn_as_a_table() -> None:
    old = "| a | b |\n|---|---|\n| 1 | 2 |\n| x | y |\n\n{: #c-aaaaaa }\n"
    new = "| a | b |\n|---|---|\n| 1 | 3 |\n| v | w |\n| x | y |\n\n{: #c-aaaaaa }\n"
    html = drawn(old, new)
    assert html.count("<tr>") == 4
    assert html.count("<th ") == 2
    assert '<td><ins><span class="sr">added: </span>v</ins></td>' in html


def test_a_table_whose_rows_differ_in_cells_is_drawn_as_lines() -> None:
    old = "| a | b |\n|---|---|\n| 1 | 2 |\n\n{: #c-aaaaaa }\n"
    new = "| a | b | c |\n|---|---|---|\n| 1 | 2 |\n\n{: #c-aaaaaa }\n"
    html = drawn(old, new)
    assert html.startswith('<p class="passage">')
    assert "<br>" in html


def test_code_keeps_its_white_space_and_its_line_breaks() -> None:
    html = drawn(
        "```\na  b\n\tc\n```\n\n{: #c-aaaaaa }\n", "```\na  x\n\tc\n```\n\n{: #c-aaaaaa }\n"
    )
    assert html.startswith('<pre class="passage"><code>')
    assert "\n\tc\n" in html


def test_a_hard_break_is_a_break() -> None:
    assert "<br>" in drawn(f"One\\\ntwo.{ID}", f"One\\\nthree.{ID}")


@pytest.mark.parametrize(
    "payload",
    [
        "<script>alert(1)</script>",
        '"><img src=x onerror=alert(1)>',
        "[x](javascript:alert(1))",
        '[x](http://e.org/"onmouseover="alert(1))',
        '![a"onload="x](http://e.org/i.png"onerror="alert(1))',
        "`</code><script>`",
        "**<b>** & *&lt;*",
        "<http://e.org/?a=1&b=2>",
    ],
)
def test_what_people_wrote_never_becomes_markup(payload: str) -> None:
    html = drawn(f"Before.{ID}", f"Before. {payload}{ID}")
    tree = ElementTree.fromstring(html)
    assert {e.tag for e in tree.iter()} <= {"p", "ins", "del", "span", "a", "code", "em", "strong"}
    assert not any(name.startswith("on") for e in tree.iter() for name in e.attrib)
    assert not any("javascript" in e.get("href", "") for e in tree.iter())


def test_a_link_of_the_report_itself_is_no_link_on_another_page() -> None:
    html = drawn(f"See this.{ID}", f"See [this](02-values.md).{ID}")
    assert "<a " not in html
    assert 'title="02-values.md"' in html
