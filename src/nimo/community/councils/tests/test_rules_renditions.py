"""One text, three renditions: what is hidden is nowhere."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nimo.community.councils.rules.renditions import Audience, faults, is_partly_hidden, passages, rendition

TEXT = """退院先の住まいについて意見交換をした。

［構成員限り］
A病院の空き病床は3床である。
［ここまで］

住宅部局との打合せを続ける。［事務局限り］会長は次回欠席の見込み。［ここまで］"""


def test_the_public_reads_what_everybody_may():
    assert rendition(TEXT, Audience.PUBLIC) == (
        "退院先の住まいについて意見交換をした。\n\n住宅部局との打合せを続ける。"
    )


def test_members_read_their_passages_and_not_those_of_the_secretariat():
    text = rendition(TEXT, Audience.MEMBERS)
    assert "空き病床" in text
    assert "欠席の見込み" not in text
    assert "［" not in text


def test_the_secretariat_reads_everything():
    assert "欠席の見込み" in rendition(TEXT, Audience.SECRETARIAT)


@pytest.mark.parametrize(
    "mark", ["[構成員限り]", "［委員限り］", "【事務局限り】", "［ 構成員限り ］", "〔会長限り〕", "［非公開］"]
)
def test_hides_after_a_mark_however_it_is_typed(mark):
    assert rendition(f"公開の文。{mark}秘密の文", Audience.PUBLIC) == "公開の文。"


def test_a_mark_nobody_knows_is_for_the_secretariat_and_is_told():
    text = "文。［会長限り］秘密［ここまで］"
    assert "秘密" not in rendition(text, Audience.MEMBERS)
    assert "決められた印ではありません" in faults(text)[0].message


def test_the_stricter_of_two_marks_holds_inside():
    text = "［事務局限り］い［構成員限り］ろ［ここまで］は［ここまで］に"
    assert rendition(text, Audience.MEMBERS) == "に"


def test_tells_the_line_of_a_mark_without_an_end():
    found = faults("一行目\n二行目［構成員限り］秘密\n三行目")
    assert [fault.line for fault in found] == [2]
    assert "ここまで" in found[0].message


def test_tells_an_end_without_a_beginning():
    assert "始まりの印がありません" in faults("文［ここまで］")[0].message


def test_brackets_that_are_no_mark_stay():
    text = "資料［別紙1］を見た。"
    assert rendition(text, Audience.PUBLIC) == text
    assert not faults(text)
    assert not is_partly_hidden(text, Audience.PUBLIC)


_WORDS = st.text(alphabet="あいう漢字。、 \n", min_size=0, max_size=8)
_PIECES = st.lists(st.tuples(_WORDS, st.sampled_from(list(Audience))), max_size=8)
_OPEN = {Audience.MEMBERS: "［構成員限り］", Audience.SECRETARIAT: "［事務局限り］"}


@given(_PIECES)
@settings(max_examples=50)
def test_no_rendition_holds_a_passage_of_a_stricter_audience(pieces):
    """Every passage carries a word of its own; a rendition holds exactly the words it may."""
    text = "".join(
        (f"《{number}》{words}" if audience is Audience.PUBLIC else f"{_OPEN[audience]}《{number}》{words}［ここまで］")
        for number, (words, audience) in enumerate(pieces)
    )
    for reader in Audience:
        shown = rendition(text, reader)
        for number, (_, audience) in enumerate(pieces):
            assert (f"《{number}》" in shown) == (audience <= reader)
        assert "限り" not in shown


@given(st.text(alphabet="あ［］[]構成員事務局限りここまで\n", max_size=60))
@settings(max_examples=50)
def test_any_text_can_be_read_and_loses_nothing_for_the_secretariat(text):
    parts = passages(text)
    assert all(part.text in text for part in parts)
    assert len(rendition(text, Audience.PUBLIC)) <= len(rendition(text, Audience.SECRETARIAT))
