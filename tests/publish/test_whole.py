"""The whole report on one page: its addresses are right from there, and nothing is there twice."""

from __future__ import annotations

from drafter.publish.whole import whole_report

CHAPTERS = {
    "02-voting/": '<p id="c-000001"><a class="n" href="#c-000001">1.1</a> See '
    '<a href="../rights/speech/#c-000002">2.1</a>, <a href="../changes/#x">changes</a>, '
    '<a href="#fn-1">1</a>, <a href="https://e.org/a">elsewhere</a>, <img src="map.png">'
    '<a href="../01%20a/">another</a></p>'
    '<div class="notes" data-search-exclude=""><p><a href="../c/">History</a></p></div>',
    "rights/speech/": '<a class="n" href="#c-000002">2.1</a><a id="fn-1" href="#fnref-1">1</a>'
    '<a href="../../assemblies/leeds/">Leeds</a>',
    "01%20a/": "",
}


def test_links_lead_where_they_led_from_the_chapter() -> None:
    page = whole_report(CHAPTERS)
    assert '<a class="n" href="../02-voting/#c-000001">1.1</a>' in page
    assert '<a class="n" href="../rights/speech/#c-000002">2.1</a>' in page
    assert '<a href="../changes/#x">changes</a>' in page
    assert '<a href="https://e.org/a">elsewhere</a>' in page
    assert '<img src="../02-voting/map.png">' in page
    assert '<a href="../assemblies/leeds/">Leeds</a>' in page
    assert '<a href="../01%20a/">another</a>' in page


def test_a_clause_of_another_chapter_is_led_to_on_this_page() -> None:
    assert '<a href="#c-000002">2.1</a>' in whole_report(CHAPTERS)


def test_footnotes_of_two_chapters_stay_apart_and_notes_are_left_out() -> None:
    page = whole_report(CHAPTERS)
    assert '<a href="#c1-fn-1">1</a>' in page
    assert '<a id="c2-fn-1" href="#c2-fnref-1">1</a>' in page
    assert "History" not in page
