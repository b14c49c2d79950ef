"""Normalising, row marks, cut lines, markup: what text goes through before anything is read from it."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nimo.core.tests.strategies import document_text
from nimo.core.text import is_not_filled, join_wrapped, normalise, split_row_mark, strip_markup

MARKS = "".join(map(chr, [*range(0x2460, 0x249C), 0x24EA, *range(0x3251, 0x3260), *range(0x32B1, 0x32C0)]))


class TestNormalise:
    @pytest.mark.parametrize(
        ("written", "plain"),
        [
            ("１３", "13"),
            ("①１３ １３", "①13 13"),
            ("ｱｳﾄﾘｰﾁ・ｾﾝﾀｰ", "アウトリーチ・センター"),
            ("⼊院・⾏政・⾒学・⽬標・⾃立⽀援・⼗分", "入院・行政・見学・目標・自立支援・十分"),
            ("⻑期⼊院", "長期入院"),
            ("⽔⼾市の⿊板", "水戸市の黒板"),
            ("⺠⽣委員", "民生委員"),
            ("（H25～）", "(H25~)"),
            ("㍻31年", "平成31年"),
            ("㋿元年", "令和元年"),
            ("㈱", "(株)"),
            ("地域\r\n包括\rケア\vシステム\u2028", "地域\n包括\nケア\nシステム\n"),
            ("精神\u200b保健\ufeff", "精神保健"),
            ("10²人", "10²人"),
            ("１½か所", "1½か所"),
        ],
    )
    def test_makes_one_form_of_what_documents_mix(self, written: str, plain: str) -> None:
        assert normalise(written) == plain

    def test_keeps_every_circled_and_bracketed_number(self) -> None:
        assert normalise(MARKS) == MARKS
        assert normalise("❶➓⓫㋐㋾㊀㈠Ⓐⓩ") == "❶➓⓫㋐㋾㊀㈠Ⓐⓩ"

    @given(st.sampled_from(MARKS), st.integers(0, 10**6))
    def test_never_lets_a_mark_join_a_number(self, mark: str, number: int) -> None:
        wide = str(number).translate({ord("0") + digit: chr(ord("０") + digit) for digit in range(10)})
        assert normalise(mark + wide) == f"{mark}{number}"

    @given(document_text)
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        assert normalise(normalise(text)) == normalise(text)

    @given(document_text)
    def test_keeps_the_number_of_lines(self, text: str) -> None:
        lines = text.replace("\r\n", "\n").translate(dict.fromkeys(map(ord, "\r\v\x85\u2028\u2029"), "\n")).count("\n")
        assert normalise(text).count("\n") == lines

    @given(st.text(alphabet=st.characters(min_codepoint=0x2F00, max_codepoint=0x2FD5), min_size=1))
    def test_leaves_no_kangxi_radical(self, text: str) -> None:
        assert all(unicodedata.name(one).startswith("CJK UNIFIED IDEOGRAPH") for one in normalise(text))


class TestSplitRowMark:
    @pytest.mark.parametrize(
        ("line", "split"),
        [
            ("①１３", ("①", "13")),
            ("①保健所ごとの協議の場の設置 １３ １３", ("①", "保健所ごとの協議の場の設置 13 13")),
            ("②", ("②", "")),
            (" ③精神障害対象とした", ("③", "精神障害対象とした")),
            ("- ①市内に入院設備を備えた", ("①", "市内に入院設備を備えた")),
            ("- 1) 精神障害者も", ("1)", "精神障害者も")),
            ("１）精神障害者も", ("1)", "精神障害者も")),
            ("（２）地域移行", ("(2)", "地域移行")),
            ("1. 研修", ("1.", "研修")),
            ("㋐訪問", ("㋐", "訪問")),
            ("㊿ 五十番目", ("㊿", "五十番目")),
            ("❸評価", ("❸", "評価")),
            ("⑴３か所", ("⑴", "3か所")),
            ("⒈２回", ("⒈", "2回")),
        ],
    )
    def test_takes_the_mark_off_the_line_start(self, line: str, split: tuple[str, str]) -> None:
        assert split_row_mark(line) == split

    @pytest.mark.parametrize(
        ("line", "plain"),
        [
            ("１３", "13"),
            ("（１３）", "(13)"),
            ("1.5倍", "1.5倍"),
            ("・研修の実施", "・研修の実施"),
            ("関係機関①と②", "関係機関①と②"),
            ("- 「戦略会議」を開く", "- 「戦略会議」を開く"),
            ("2 精神障害にも対応した", "2 精神障害にも対応した"),
            ("", ""),
        ],
    )
    def test_leaves_a_line_without_mark_whole(self, line: str, plain: str) -> None:
        assert split_row_mark(line) == (None, plain)

    @given(document_text)
    def test_loses_no_character_but_spaces_and_a_list_bullet(self, text: str) -> None:
        mark, rest = split_row_mark(text)
        whole = "".join(normalise(text).split())
        assert whole.endswith("".join(((mark or "") + rest).split()))
        assert whole.removesuffix("".join(((mark or "") + rest).split())) in ("", "-", "*", "・")


class TestJoinWrapped:
    def test_joins_japanese_cut_mid_word_without_a_separator(self) -> None:
        cut = ["協議会への", "参画を、関係機関と", "", "連", "携して進める。"]
        assert join_wrapped(cut) == "協議会への参画を、関係機関と連携して進める。"

    def test_puts_one_space_between_latin_words_and_numbers(self) -> None:
        assert join_wrapped(["Key", "Word", "等"]) == "Key Word等"
        assert join_wrapped(["13", "13"]) == "13 13"
        assert join_wrapped(["令和３年度", "末"]) == "令和３年度末"
        assert join_wrapped(["PSW,", "PHN"]) == "PSW, PHN"

    def test_begins_a_new_line_at_each_bullet_and_row_mark(self) -> None:
        lines = ["〇研修会の", "開催", "・広報", "※新規", "→次年度へ", "①訪問", "②相", "談", "- 啓発", "■経緯"]
        assert join_wrapped(lines).split("\n") == (
            ["〇研修会の開催", "・広報", "※新規", "→次年度へ", "①訪問", "②相談", "- 啓発", "■経緯"]
        )

    def test_keeps_the_value_its_coverage_and_the_note_apart(self) -> None:
        assert (
            join_wrapped(["３か所", "（政令市を除く）", "※コロナ禍によ", "る影響"])
            == "３か所（政令市を除く）\n※コロナ禍による影響"
        )

    @pytest.mark.parametrize("lines", [["二", "〇二四年"], ["当市の", "〇〇市は"], ["差は", "-5人"]])
    def test_does_not_take_a_zero_a_placeholder_or_a_minus_for_a_bullet(self, lines: list[str]) -> None:
        assert "\n" not in join_wrapped(lines)

    def test_gives_nothing_for_nothing(self) -> None:
        assert join_wrapped([]) == ""
        assert join_wrapped(["", "  ", "　"]) == ""

    @given(st.lists(document_text, max_size=6))
    def test_loses_and_invents_no_character_but_white_space(self, lines: list[str]) -> None:
        assert "".join(join_wrapped(lines).split()) == "".join("".join(lines).split())

    @given(st.lists(document_text, max_size=6))
    def test_changes_nothing_the_second_time(self, lines: list[str]) -> None:
        joined = join_wrapped(lines)
        assert join_wrapped(joined.split("\n")) == joined


class TestIsNotFilled:
    @pytest.mark.parametrize("text", ["－", "‐", "−", "–", "ー", "-", "―", "—", "--", " － ", "－\n－", "／", "…"])
    def test_knows_a_cell_that_was_left_out(self, text: str) -> None:
        assert is_not_filled(text)

    @pytest.mark.parametrize("text", ["", "  ", "0", "０", "-3", "なし", "－（政令市を除く）", "○", "行政 －", "一"])
    def test_takes_nothing_else_for_it(self, text: str) -> None:
        assert not is_not_filled(text)


class TestStripMarkup:
    @pytest.mark.parametrize(
        ("written", "plain"),
        [
            (
                '<ul style="list-style-type: none"> 専門的な知識の不足 担当部署が不明確',
                "専門的な知識の不足 担当部署が不明確",
            ),
            ("<p>医療： 訪問看護</p> <p>福祉： 相談支援部会</p>", "医療： 訪問看護\n福祉： 相談支援部会"),
            ("第1回<br>第2回<br/>第3回", "第1回\n第2回\n第3回"),
            ("<ol><li>研修</li><li>広報</li></ol>", "研修\n広報"),
            (
                "<通年> ＜昨年度までの成果・効果＞ <基本情報入力シート>",
                "<通年> ＜昨年度までの成果・効果＞ <基本情報入力シート>",
            ),
            ("65歳<75歳", "65歳<75歳"),
            ('支援を行う。<ul style="list-style', "支援を行う。"),
            ("", ""),
        ],
    )
    def test_drops_the_tags_and_keeps_the_words(self, written: str, plain: str) -> None:
        assert strip_markup(written) == plain

    @given(st.lists(st.sampled_from(["研修", "広報", "<通年>", "3回", "A<B"]), max_size=6), st.data())
    def test_keeps_every_word_whatever_stands_between(self, words: list[str], data: st.DataObject) -> None:
        tags = st.sampled_from(["<p>", "</p>", "<br>", '<ul style="list-style-type: none"> ', "</ul>", "<li>", " "])
        marked = "".join(data.draw(tags) + word + data.draw(tags) for word in words)
        assert "".join(strip_markup(marked).split()) == "".join(words)

    @given(document_text)
    def test_changes_nothing_the_second_time(self, text: str) -> None:
        assert strip_markup(strip_markup(text)) == strip_markup(text)
