"""The smaller components: what they draw, and what they refuse."""

from __future__ import annotations

import pytest
from django.core.paginator import Paginator
from django.test import RequestFactory
from hypothesis import given
from hypothesis import strategies as st

from nimo.foundation.ui.components.figures import Comparison, Figure
from nimo.foundation.ui.components.lists import Definition
from nimo.foundation.ui.components.navigation import Passage, Step, Tab, TimelineItem
from nimo.foundation.ui.components.passages import split_at_highlight
from nimo.foundation.ui.components.registry import component, html_attributes
from nimo.foundation.ui.tests.drawing import drawn, words


def test_a_button_submits_and_carries_its_value():
    (button,) = drawn('{% button "保存する" name="act" value="save" %}').xpath("//button")
    assert (button.get("type"), button.get("name"), button.get("value")) == ("submit", "act", "save")
    assert "button--primary" in button.get("class")


def test_a_button_escapes_its_label():
    assert drawn("{% button label %}", label="<b>保存</b>").xpath("//button/b") == []


def test_a_button_takes_htmx_and_aria_attributes():
    (button,) = drawn('{% button "更新" type="button" hx_get="/x/" hx_target="#rows" aria_controls="rows" %}').xpath(
        "//button"
    )
    assert (button.get("hx-get"), button.get("hx-target"), button.get("aria-controls")) == ("/x/", "#rows", "rows")


@pytest.mark.parametrize("name", ["style", "class", "onclick", "hx_on", "hx_on__click", "href"])
def test_a_button_refuses_looks_and_script(name):
    with pytest.raises(ValueError, match="may not be set"):
        html_attributes({name: "x"})


@pytest.mark.parametrize(
    "code",
    [
        '{% button "a" variant="huge" %}',
        '{% button "a" type="link" %}',
        '{% badge "a" tone="pink" %}',
        '{% banner tone="loud" %}a{% endbanner %}',
        "{% grid columns=7 %}a{% endgrid %}",
    ],
)
def test_refuses_a_look_that_does_not_exist(code):
    with pytest.raises(ValueError, match="is not one of"):
        drawn(code)


def test_a_component_cannot_be_declared_twice():
    with pytest.raises(ValueError, match="declared twice"):
        component("button")(lambda: {})


def test_a_badge_says_its_state_in_words():
    assert words(drawn('{% badge "確認待ち" tone="info" %}')) == "確認待ち"


@pytest.mark.parametrize(
    ("tone", "word"),
    [("info", "お知らせ"), ("success", "完了"), ("warning", "注意"), ("danger", "重要"), ("neutral", "補足")],
)
def test_a_banner_says_its_tone_in_words(tone, word):
    banner = drawn("{% banner tone=tone title='題' %}<p>文</p>{% endbanner %}", tone=tone)
    assert words(banner.xpath("//*[contains(@class, 'banner__word')]")[0]) == word
    assert banner.xpath("//h2")[0].text == "題"


def test_a_live_banner_is_announced_and_a_still_one_is_not():
    assert drawn("{% banner tone='danger' live=True %}x{% endbanner %}").xpath("//*[@role='alert']")
    assert drawn("{% banner tone='info' live=True %}x{% endbanner %}").xpath("//*[@role='status']")
    assert not drawn("{% banner tone='danger' %}x{% endbanner %}").xpath("//*[@role]")


def test_a_block_keeps_what_is_inside_and_escapes_its_variables():
    card = drawn("{% card title=title %}<p>{{ text }}</p>{% endcard %}", title="<i>題</i>", text="<b>x</b>")
    assert words(card.xpath("//p")[0]) == "<b>x</b>"
    assert not card.xpath("//i | //b")


def test_a_dialog_opens_without_script():
    dialog = drawn('{% dialog id="ask" trigger="やめる" title="やめますか" %}<p>文</p>{% enddialog %}')
    assert dialog.xpath("//button[@popovertarget='ask' and not(@popovertargetaction)]")[0].text == "やめる"
    (box,) = dialog.xpath("//dialog[@id='ask' and @popover]")
    assert dialog.xpath(f"//*[@id='{box.get('aria-labelledby')}']")[0].text == "やめますか"


def test_progress_writes_the_share_as_a_number_too():
    bar = drawn('{% progress label="読み取り" value=12 max=48 %}')
    assert "48のうち12（25%）" in words(bar)
    assert bar.xpath("//progress")[0].get("value") == "12"


def test_progress_without_a_whole_claims_no_share():
    bar = drawn('{% progress label="確認" %}')
    assert "進行中" in words(bar)
    assert bar.xpath("//progress")[0].get("value") is None


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_progress_never_exceeds_the_whole(value, whole):
    bar = drawn('{% progress label="x" value=value max=whole %}', value=value, whole=whole).xpath("//progress")[0]
    assert 0 <= int(bar.get("value")) <= int(bar.get("max"))


def test_steps_say_where_one_is():
    steps = drawn("{% steps items 2 %}", items=["選ぶ", "確かめる", "確定する"])
    assert [words(item) for item in steps.xpath("//li")] == ["1 選ぶ 済み", "2 確かめる 今ここ", "3 確定する これから"]
    assert len(steps.xpath("//*[@aria-current='step']")) == 1


def test_steps_may_name_the_current_one_or_bring_their_states():
    assert "今ここ" in words(drawn("{% steps items '確かめる' %}", items=["選ぶ", "確かめる"]).xpath("//li")[1])
    brought = drawn("{% steps items %}", items=[Step("選ぶ", "done"), Step("確かめる", "current")])
    assert "済み" in words(brought.xpath("//li")[0])


def test_tabs_mark_the_current_one():
    tabs = drawn("{% tabs items %}", items=[Tab("数字", "/a/", True), Tab("課題", "/b/", count=5)])
    assert [link.get("href") for link in tabs.xpath("//a[@aria-current='page']")] == ["/a/"]
    assert words(tabs.xpath("//a")[1]) == "課題5件"


def test_pagination_keeps_the_other_conditions():
    request = RequestFactory().get("/list/?q=太田&page=2")
    pages = drawn("{% pagination rows %}", request, rows=Paginator(range(120), 50).page(2))
    assert "全120件のうち51から100件目" in words(pages)
    assert all("q=%E5%A4%AA%E7%94%B0" in link.get("href") for link in pages.xpath("//a"))
    assert pages.xpath("//a[@rel='next']")[0].get("href").endswith("page=3")


def test_pagination_of_one_page_shows_the_count_only():
    pages = drawn("{% pagination rows %}", RequestFactory().get("/"), rows=Paginator(range(3), 50).page(1))
    assert not pages.xpath("//a")


def test_a_definition_without_text_is_said_to_be_missing():
    listed = drawn("{% definition_list items %}", items=[("部会", None), ("事務局", "保健所"), Definition("数", "0")])
    assert [words(item) for item in listed.xpath("//dd")] == ["記載なし", "保健所", "0"]


def test_a_timeline_keeps_the_order_it_is_given():
    listed = drawn("{% timeline items %}", items=[TimelineItem("R6", "一"), TimelineItem("R5", "二", href="/x/")])
    assert [words(item) for item in listed.xpath("//li")] == ["R6 一", "R5 二"]


@pytest.mark.parametrize(
    ("highlight", "parts"),
    [
        ("223,014人", ("人口　", "223,014人", "（R6）")),
        ((0, 2), ("", "人口", "　223,014人（R6）")),
        (None, ("人口　223,014人（R6）", "", "")),
        ("ない文", ("人口　223,014人（R6）", "", "")),
        ((5, 99), ("人口　223,014人（R6）", "", "")),
    ],
)
def test_a_passage_marks_what_was_read_and_never_something_else(highlight, parts):
    assert split_at_highlight(Passage("人口　223,014人（R6）", "1枚目", highlight)) == parts


@given(st.text(max_size=40), st.text(max_size=5))
def test_a_passage_loses_no_character(text, highlight):
    assert "".join(split_at_highlight(Passage(text, "", highlight))) == text


def test_a_figure_stands_with_unit_date_basis_source_and_way_back():
    figure = Figure(
        "長期入院",
        "412",
        "人",
        as_of="R6.6.30",
        basis="所在地",
        source="資料",
        href="/r/",
        comparisons=(Comparison("昨年度", None),),
    )
    text = words(drawn("{% figure number %}", number=figure))
    for part in ("412人", "R6.6.30", "所在地", "資料", "元の記録を見る", "昨年度 値なし"):
        assert part in text


@pytest.mark.parametrize(
    ("state", "word"), [("absent", "記載なし"), ("suppressed", "公表しない値"), ("not_filled", "未入力")]
)
def test_a_figure_without_value_says_so_and_shows_no_digit(state, word):
    text = words(drawn("{% figure number %}", number=Figure("x", None, "人", state=state, reason="理由")))
    assert word in text
    assert not any(letter.isdigit() for letter in text)


@pytest.mark.parametrize(("value", "state"), [(None, "value"), ("0", "absent"), ("3", "suppressed"), ("1", "unknown")])
def test_a_figure_refuses_a_value_that_does_not_go_with_its_state(value, state):
    with pytest.raises(ValueError, match=r"state|one of"):
        Figure("x", value, state=state)
